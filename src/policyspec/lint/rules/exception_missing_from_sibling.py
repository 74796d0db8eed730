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
from policyspec.lint.exceptions import closed, is_akin, kin
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "add the case to the list, or see that nothing relies on it"
_RELYING = ("under", "when", "unless")


def check(policy: Facts) -> Iterator[Finding]:
    lists = dict(closed(policy))
    exemptions = [
        (each, case)
        for each in policy.practices
        if each.says.terms("without")
        for case in each.says.terms("when")
        if case in lists
    ]
    for one, mine in exemptions:
        for other, theirs in exemptions:
            if theirs is mine or not _is_same_basis(policy, one, other):
                continue
            lacking = [x for x in lists[theirs] if not any(is_akin(policy, x, y) for y in lists[mine])]
            if not lacking:
                continue
            relied = [(each, by) for each in lacking if (by := _relying(policy, one, each)) is not None]
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


def _relying(policy: Facts, exemption: Sentence, case: Definition) -> Sentence | None:
    """The first other sentence that does what an exemption is about, or forbids it, with regard to a case."""
    covers = policy.order.covers
    sorts = kin(policy, case)
    for sentence in policy.sentences:
        says = sentence.says
        if says.terms("without") or not any(covers(x, y) for x in exemption.says.actions for y in says.actions):
            continue
        grounds = [
            each for word in _RELYING for each in says.terms(word) if each.kind in ("basis", "exception", "event")
        ]
        if any(covers(x, each) or covers(each, x) for x in (case, *sorts) for each in grounds):
            return sentence
    return None
