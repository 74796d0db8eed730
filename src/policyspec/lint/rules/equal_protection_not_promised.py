"""Data go to others, and nothing is said of whether these protect them as well.

Apple asks the privacy policy of an app to confirm that any third party with whom it shares data, down to companies of
its own group, protects them as the policy does. The policy may bind recipients with `equivalent_protection`, or share
data with it.

Bad:

    party statistics_service is analytics_provider, processor "Statistics Ltd"
    share usage to statistics_service for analytics under consent

Good:

    party statistics_service is analytics_provider, processor "Statistics Ltd"
    share usage to statistics_service for analytics under consent
    must bind statistics_service with equivalent_protection

Good:

    share usage to analytics_provider for analytics under consent with equivalent_protection
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

PACK = "apple"
LEVEL = Severity.WARNING
CITE = ("App Review Guidelines 5.1.1(i)",)
HELP = "confirm it, as in `must bind recipient with equivalent_protection`"
STATUS = "in_force"
ABSENCE = True
_PROTECTION = ("equivalent_protection", "processing_agreement")


def check(policy: Facts) -> Iterator[Finding]:
    protected = sets.writing_any(policy, ("with", OBJECTS), "safeguard", *_PROTECTION)
    if protected & sets.promises(policy):
        return
    giving = sets.practices(policy) & sets.doing(policy, "disclose") & sets.having(policy, "to")
    for sentence in sets.sentences(policy, giving):
        recipient = _recipient(policy, sentence)
        if recipient is not None:
            message = "nothing is said of whether those who receive data protect them as this policy does"
            yield policy.of_sentence(sentence, message, policy.place(sentence, recipient, "to"))
            return


def _recipient(policy: Facts, sentence: Sentence) -> Definition | None:
    """The first party to whom data are disclosed that could promise something: not the public, nor an authority."""
    return next(
        (
            each
            for each in sentence.says.terms("to")
            if each.kind == "party" and not policy.is_a(each, "party", "public", "government", "other_user")
        ),
        None,
    )
