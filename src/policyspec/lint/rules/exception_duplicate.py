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

from collections.abc import Iterator

from policyspec.diagnostic import Fix, Severity
from policyspec.lint.exceptions import closed, excepted, kin
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.lists import without_item
from policyspec.lint.removal import without
from policyspec.scope import Definition

LEVEL = Severity.INFO
HELP = "leave out the narrower one, or say what is meant by it that the broader one has not"
FIX = "unsafe"


def check(policy: Facts) -> Iterator[Finding]:
    yield from _in_sentences(policy)
    for _, members in closed(policy):
        for term in members:
            broader = next((each for each in members if each is not term and _is_broader(policy, each, term)), None)
            if broader is None or term.is_library:
                continue
            fixes: tuple[Fix, ...] = ()
            if term not in policy.mentions:
                fixes = (Fix(f"leave out {shown(term)}", (without(policy.sources[term.file], term.span),)),)
            related = (policy.see_term(broader, "part of this"),) if not broader.is_library else ()
            message = f"{shown(term)} is part of {shown(broader)}, which is in the list too"
            yield policy.of_term(term, message, related=related, fixes=fixes)


def _in_sentences(policy: Facts) -> Iterator[Finding]:
    lists: dict[tuple[int, str], list[int]] = {}
    found = list(excepted(policy))
    for number, each in enumerate(found):
        lists.setdefault((id(each.sentence), each.word), []).append(number)
    for numbers in lists.values():
        for number in numbers:
            one = found[number]
            if len(one.item) != 1:
                continue
            term = one.item[0][1]
            for other in (found[each] for each in numbers if each != number):
                upper = other.item[0][1]
                if len(other.item) == 1 and upper is not term and policy.order.covers(upper, term):
                    edit = without_item(policy, one.sentence, one.word, one.place)
                    fixes = (Fix(f"leave out {shown(term)}", (edit,)),) if edit is not None else ()
                    related = (policy.see(one.sentence, "part of this", other.place),)
                    message = f"{shown(term)} is part of {shown(upper)}, which is excepted too"
                    yield policy.of_sentence(one.sentence, message, one.place, related=related, fixes=fixes)
                    break


def _is_broader(policy: Facts, one: Definition, other: Definition) -> bool:
    """Whether an exception covers another, or is of a broader sort; two of one sort may be two cases of it."""
    covers = policy.order.covers
    if covers(one, other):
        return True
    sorts = kin(policy, one)
    return any(x is not y and covers(x, y) for y in kin(policy, other) for x in sorts if y not in sorts)
