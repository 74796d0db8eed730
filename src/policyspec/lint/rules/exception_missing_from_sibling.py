"""Two lists of exceptions differ.

A policy says when it collects without consent, and again when it shares without consent. One list has a case that the
other has not. Lists may differ for good reasons, so that alone is worth no more than a look. It is a fault where
another sentence relies on the missing case: it shares because of a legal duty, say, and the list of cases in which
data are shared without consent has no legal duties.

Add the case to the list, or leave it out of the sentence that relies on it.

Bad:

    exception no_consent_to_collect "When we collect without consent" {
      duty_to_collect   is legal_duty "A legal duty"
      crisis_to_collect is emergency  "An emergency"
    }
    exception no_consent_to_share "When we share without consent" {
      crisis_to_share is emergency "An emergency"
    }
    collect personal without consent when no_consent_to_collect
    share personal without consent when no_consent_to_share
    share email to regulator under legal_duty

Good:

    exception no_consent_to_collect "When we collect without consent" {
      duty_to_collect   is legal_duty "A legal duty"
      crisis_to_collect is emergency  "An emergency"
    }
    exception no_consent_to_share "When we share without consent" {
      duty_to_share   is legal_duty "A legal duty"
      crisis_to_share is emergency  "An emergency"
    }
    collect personal without consent when no_consent_to_collect
    share personal without consent when no_consent_to_share
    share email to regulator under legal_duty
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.exceptions import closed, kin, unlike
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "add the case to the list, or see that nothing relies on it"
# How many exemptions are compared with each other.
_MOST = 64
_RELYING = ("under", "when", "unless")


def check(policy: Facts) -> Iterator[Finding]:
    lists = dict(closed(policy))
    exemptions = [
        (each, case)
        for each in policy.practices
        if each.says.terms("without")
        for case in each.says.terms("when")
        if case in lists
    ][:_MOST]
    for one, mine in exemptions:
        for other, theirs in exemptions:
            if theirs is mine or not _is_same_basis(policy, one, other):
                continue
            lacking = unlike(policy, lists[theirs], lists[mine])
            if not lacking:
                continue
            relied = _relied(policy, one, lacking)
            terms = [each for each, _ in relied] or lacking
            message = f"{shown(mine)} lacks {shown(*terms)}, which {shown(theirs)} has"
            related = [policy.see_term(each, f"in {shown(theirs)}") for each in terms[:3] if not each.is_library]
            if relied:
                message = f"{message} and {doing(relied[0][1])} relies on"
                related += [policy.see(by, "relies on it") for _, by in relied[:3]]
            level = None if relied else Severity.INFO
            yield policy.of_term(mine, message, related=tuple(related), level=level)


def _is_same_basis(policy: Facts, one: Sentence, other: Sentence) -> bool:
    covers = policy.order.covers
    mine, theirs = one.says.terms("without"), other.says.terms("without")
    return any(covers(x, y) or covers(y, x) for x in mine for y in theirs)


def _relied(policy: Facts, exemption: Sentence, cases: list[Definition]) -> list[tuple[Definition, Sentence]]:
    """The cases that other sentences rely on, in doing what an exemption is about or in forbidding it."""
    order = policy.order
    relying: dict[Definition, Sentence] = {}
    for sentence in policy.sentences:
        says = sentence.says
        if says.terms("without") or not any(order.covers(x, y) for x in exemption.says.actions for y in says.actions):
            continue
        for each in (term for word in _RELYING for term in says.terms(word)):
            if each.kind in ("basis", "exception", "event"):
                relying.setdefault(each, sentence)
    known = order.bits(relying)
    found = []
    for case in cases:
        near = 0
        for each in (case, *kin(policy, case)):
            near |= (order.above(each) | order.below(each)) & known
        first = next(order.of(near), None)
        if first is not None:
            found.append((case, relying[first]))
    return found
