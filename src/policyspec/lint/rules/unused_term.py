"""A term is declared, and nothing is said with it.

Data that no sentence names are said to be processed in no way; a recipient that no sentence names receives nothing. It
was forgotten, in the sentences or in the list of terms. A term is used where a sentence, field or test names it, a term
below it, or one above it that is narrower than everything. Rights are used by being declared. What an imported file
declares may be meant for other policies, and packs have rules of their own for permissions.

Say what is done with it, or remove it.

Bad:

    data shoe_size "Shoe size"
    collect email for newsletter under consent

Good:

    data shoe_size "Shoe size"
    collect shoe_size for delivery under contract

Good:

    data body_measure "Measures of your body" { shoe_size "Shoe size"  waist "Waist" }
    collect body_measure for delivery under contract
"""

from collections.abc import Iterator

from policyspec.diagnostic import Fix, Severity
from policyspec.lint import packs, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.removal import without
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

LEVEL = Severity.WARNING
HELP = "say what is done with it, or remove it"
FIX = "unsafe"
ABSENCE = True
# Rules of packs that find permissions of which nothing is said.
_OF_PERMISSIONS = ("android.permission_without_data", "cn.sdk.permission_without_reason")


def check(policy: Facts) -> Iterator[Finding]:
    order = policy.order
    parents = _parents(policy)
    spoken_of: dict[Definition, bool] = {}
    written = order.bits(each for word in (sets.ACTIONS, OBJECTS, *sets.CLAUSES) for each in sets.terms(policy, word))
    unused: set[Definition] = set()
    others = ("right", "policy", "permission") if packs.have(policy, *_OF_PERMISSIONS) else ("right", "policy")
    for each in policy.own:
        if each.file != policy.path or each.kind in others:
            continue
        if order.bit(each) & written and not policy.fields(each).get("root"):
            continue
        near = order.of(order.above(each) | order.below(each))
        if any(other in policy.mentions and _is_spoken_of(policy, other, parents, spoken_of) for other in near):
            continue
        unused.add(each)
        if each.outer in unused:
            continue
        fix = Fix("remove it", (without(policy.sources[each.file], each.span),))
        level = None if each.kind == "data" else Severity.INFO
        yield policy.of_term(each, f"{shown(each)} is declared, and nothing is said of it", fixes=(fix,), level=level)


def _is_spoken_of(
    policy: Facts, term: Definition, parents: set[tuple[str, int]], known: dict[Definition, bool]
) -> bool:
    """Whether a term that is narrower than everything is named not only after `is`."""
    if term not in known:
        places = ((path, span.start) for path, span in policy.mentions[term])
        known[term] = not parents.issuperset(places) and not policy.fields(term).get("root")
    return known[term]


def _parents(policy: Facts) -> set[tuple[str, int]]:
    """The places of the names after `is`: that something is below a term says nothing of what is done with it."""
    return {
        (path, name.span.start + base) for node, path, base in policy.declarations.values() for name in node.parents
    }
