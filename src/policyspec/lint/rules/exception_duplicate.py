"""An exception is part of another one in the same list.

A list that excepts affiliates and subsidiaries excepts subsidiaries twice. It means the same without them, and whoever
changes one of the two forgets the other.

Leave out the narrower one, or say what is meant by it that the broader one has not.

Bad:

    never share personal to anyone unless affiliate, subsidiary

Bad:

    exception no_consent_needed "When we do not ask" {
      duty        is required_by_law "The law requires it"
      court_order is core.court_order "A court orders it"
    }
    collect, use personal without consent when no_consent_needed

Good:

    exception no_consent_needed "When we do not ask" {
      duty   is required_by_law   "The law requires it"
      crisis is emergency         "In an emergency"
    }
    collect, use personal without consent when no_consent_needed
    never share personal to anyone unless affiliate, processor
"""

from collections.abc import Iterator, Mapping, Sequence

from policyspec.diagnostic import Fix, Severity
from policyspec.lint.exceptions import Excepted, closed, excepted, kin
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.lists import without_item
from policyspec.lint.removal import without
from policyspec.scope import Definition
from policyspec.statements import Sentence

LEVEL = Severity.INFO
HELP = "leave out the narrower one, or say what is meant by it that the broader one has not"
FIX = "unsafe"


def check(policy: Facts) -> Iterator[Finding]:
    yield from _in_sentences(policy)
    for _, members in closed(policy):
        sorts: dict[Definition, list[Definition]] = {}
        for each in members:
            for sort in kin(policy, each):
                sorts.setdefault(sort, []).append(each)
        listed, known = policy.order.bits(members), policy.order.bits(sorts)
        for term in members:
            broader = _broader(policy, term, listed, sorts, known)
            if broader is None or term.is_library:
                continue
            fixes: tuple[Fix, ...] = ()
            if term not in policy.mentions:
                fixes = (Fix(f"leave out {shown(term)}", (without(policy.sources[term.file], term.span),)),)
            related = (policy.see_term(broader, "part of this"),) if not broader.is_library else ()
            message = f"{shown(term)} is part of {shown(broader)}, which is in the list too"
            yield policy.of_term(term, message, related=related, fixes=fixes)


def _in_sentences(policy: Facts) -> Iterator[Finding]:
    lists: dict[tuple[Sentence, str], dict[Definition, Excepted]] = {}
    for each in excepted(policy):
        if len(each.item) == 1:
            lists.setdefault((each.sentence, each.word), {}).setdefault(each.item[0][1], each)
    order = policy.order
    for found in lists.values():
        listed = order.bits(found)
        for term, one in found.items():
            upper = next(order.of(order.above(term) & listed & ~order.bit(term)), None)
            if upper is not None:
                edit = without_item(policy, one.sentence, one.word, one.place)
                fixes = (Fix(f"leave out {shown(term)}", (edit,)),) if edit is not None else ()
                related = (policy.see(one.sentence, "part of this", found[upper].place),)
                message = f"{shown(term)} is part of {shown(upper)}, which is excepted too"
                yield policy.of_sentence(one.sentence, message, one.place, related=related, fixes=fixes)


def _broader(
    policy: Facts,
    term: Definition,
    members: int,
    sorts: Mapping[Definition, Sequence[Definition]],
    kinds: int,
) -> Definition | None:
    """A member that covers another, or is of a broader sort; two of one sort may be two cases of it."""
    order = policy.order
    direct = next(order.of(order.above(term) & members & ~order.bit(term)), None)
    if direct is not None:
        return direct
    mine = kin(policy, term)
    known = kinds & ~order.bits(mine)
    for sort in mine:
        for upper in order.of(order.above(sort) & known):
            for each in sorts[upper][:1]:
                if each is not term and sort not in kin(policy, each):
                    return each
    return None
