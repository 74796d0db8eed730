"""An exception leaves nothing of the rule.

What a sentence excepts covers all that it is about, so that it forbids or says nothing. “We never share your data with
third parties, except with third parties” is seldom written like that; it comes about when terms are put below others,
or when a list of exceptions grows. A list of cases in which no consent is needed does the same, if all that the policy
does is among these cases: then consent is asked for nowhere.

Except less, or leave the sentence out.

Bad:

    never use email for email_marketing unless marketing

Bad:

    exception no_consent_needed "When we do not ask" {
      contract_case is contract_need "To perform a contract"
      duty          is legal_duty    "A legal duty"
    }
    collect, use personal without consent when no_consent_needed
    collect email for delivery under legal_duty

Good:

    exception no_consent_needed "When we do not ask" {
      contract_case is contract_need "To perform a contract"
      duty          is legal_duty    "A legal duty"
    }
    never use email for marketing unless email_marketing
    collect, use personal without consent when no_consent_needed
    collect email for delivery under legal_duty
    collect email for email_marketing under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.exceptions import excepted, kin, takes_all
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "except less, or leave the sentence out"


def check(policy: Facts) -> Iterator[Finding]:
    for each in excepted(policy):
        if takes_all(policy, each):
            term = each.item[0][1]
            verb = "forbids" if each.sentence.says.modality == "never" else "says"
            message = f"{shown(term)} covers all that {doing(each.sentence)} is about, so that it {verb} nothing"
            yield policy.of_sentence(each.sentence, message, each.place)
    exempt = sets.practices(policy) & sets.having(policy, "without")
    known: dict[object, bool] = {}
    for sentence in sets.sentences(policy, exempt & sets.having(policy, "when")):
        waived, cases = sentence.says.terms("without"), sentence.says.terms("when")
        if waived and cases and _is_everything(policy, sentence, waived, cases, known):
            message = (
                f"all that {doing(sentence)} is about is exempt by {shown(*cases)}: nothing asks for {shown(*waived)}"
            )
            yield policy.of_sentence(sentence, message, policy.place(sentence, cases[0], "when"), level=Severity.INFO)


def _is_everything(
    policy: Facts,
    exemption: Sentence,
    waived: tuple[Definition, ...],
    cases: tuple[Definition, ...],
    known: dict[object, bool],
) -> bool:
    """Whether every practice that an exemption is about states a basis, and one that is exempt.

    Exemptions of which the same follows are looked at once: `known` has what follows.
    """
    order = policy.order
    # What is promised to be asked for elsewhere may be needed after all.
    if (sets.covering(policy, "under") | sets.covering(policy, "unless")) & order.bits(waived):
        return False
    members = order.bits(x for case in cases for each in order.members(case) for x in (each, *kin(policy, each)))
    stated = policy.once("grounds of practices", lambda: _grounds(policy))
    key = (exemption.says.actions, exemption.says.objects, members & stated)
    if key not in known:
        known[key] = _are_all(policy, exemption, members)
    return known[key]


def _are_all(policy: Facts, exemption: Sentence, members: int) -> bool:
    """Whether there are practices that an exemption is about, and all of them state one of these grounds."""
    order, found = policy.order, False
    for sentence in sets.sentences(policy, sets.practices(policy) & ~sets.having(policy, "without")):
        says = sentence.says
        if not _is_about(policy, exemption, sentence):
            continue
        bases = [*says.clauses.get("under", ()), *says.clauses.get("when", ())]
        if not bases or not all(any(order.above(each) & members for each in item) for item in bases):
            return False
        found = True
    return found


def _grounds(policy: Facts) -> int:
    """All grounds of practices that are no exemptions, and what covers them."""
    found = 0
    for sentence in sets.sentences(policy, sets.practices(policy) & ~sets.having(policy, "without")):
        for each in (*sentence.says.terms("under"), *sentence.says.terms("when")):
            found |= policy.order.above(each)
    return found


def _is_about(policy: Facts, exemption: Sentence, sentence: Sentence) -> bool:
    covers = policy.order.covers
    return any(covers(x, y) for x in exemption.says.actions for y in sentence.says.actions) and any(
        covers(x, y) for x in exemption.says.objects for y in sentence.says.objects
    )
