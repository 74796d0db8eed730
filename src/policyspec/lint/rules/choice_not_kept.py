"""What is optional in one place is collected in another without a choice.

One sentence lets people choose whether to give something. Another collects it for ends that are not the service itself,
such as security, statistics or improvement, and says neither that it is optional there nor on which basis it rests. Who
has chosen not to give it cannot tell whether it is collected all the same.

Say in the other sentence that it is optional, or on which basis it is collected from those who do not want to give it.

Bad:

    collect optional location for location_service under consent
    collect location, log_info for security

Good:

    collect optional email for newsletter under consent
    collect email, delivery_address for delivery

Good:

    collect optional location for location_service under consent
    collect log_info for security

Good:

    collect optional location for location_service under consent
    collect location, log_info for fraud_prevention under legal_duty
"""

from collections.abc import Iterator
from itertools import islice

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.grouping import by_object
from policyspec.lint.necessity import is_choice
from policyspec.lint.redundancy import product
from policyspec.statements import OBJECTS, Sentence

LEVEL = Severity.WARNING
HELP = "say that it is optional here too, or on which basis it is collected from those who do not want to give it"
# What the service itself needs is seldom said to be required.
_BESIDE_SERVICE = (
    "security", "service_improvement", "product_development", "analytics", "debugging", "service_monitoring",
    "rights_protection", "research", "marketing", "profiling", "personalisation", "commercial", "ai_training",
)  # fmt: skip
_LIMIT = 200


def check(policy: Facts) -> Iterator[Finding]:
    chosen = by_object(each for each in policy.practices if each.says.necessity == "optional")
    for sentence in policy.practices:
        says = sentence.says
        if says.necessity or not chosen or not any(policy.is_a(each, "action", "collect") for each in says.actions):
            continue
        # Exemptions, cases of their own and sentences with a basis say why there is no choice, or that there is one.
        if says.says("without") or says.says("under") or is_choice(policy, says.terms("when")):
            continue
        beside = [each for each in says.terms("for") if policy.is_a(each, "purpose", *_BESIDE_SERVICE)]
        for term in says.objects if beside else ():
            others = islice(chosen.get(term, ()), _LIMIT)
            other = next((each for each in others if each is not sentence and _is_same(policy, each, sentence)), None)
            if other is not None:
                there = policy.see(other, "optional here", policy.place(other, term, OBJECTS))
                message = (
                    f"{shown(term)} is optional elsewhere, and collected for {shown(*beside)} without a choice here"
                )
                yield policy.of_sentence(sentence, message, policy.place(sentence, term, OBJECTS), related=(there,))


def _is_same(policy: Facts, optional: Sentence, other: Sentence) -> bool:
    """Whether a sentence makes something optional for the same people and in the same case as another says."""
    a, b = optional.says, other.says
    return (
        any(policy.is_a(each, "action", "collect") for each in a.actions)
        and (a.terms("by") or optional.by) == (b.terms("by") or other.by)
        and (a.terms("from") or optional.from_) == (b.terms("from") or other.from_)
        and product(optional) == product(other)
        and {*a.terms("when")} >= {*b.terms("when")}
        # What is meant for the same purpose is optional there, whatever else is said.
        and (not a.terms("for") or not {*b.terms("for")} <= {*a.terms("for")})
    )
