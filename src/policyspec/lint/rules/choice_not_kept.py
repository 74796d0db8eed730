"""What is optional in one place is collected in another without a choice.

One sentence lets people choose whether to give something. Another collects it for more purposes, and says neither that
it is optional there nor that it takes consent, nor on which other basis it rests. Who has chosen not to give it cannot
tell whether it is collected all the same.

Say in the other sentence that it is optional, or on which basis it is collected from those who do not want to give it.

Bad:

    collect optional location for location_service under consent
    collect location, log_info for security

Good:

    collect optional location for location_service under consent
    collect log_info for security

Good:

    collect optional location for location_service under consent
    collect location, log_info for fraud_prevention under legal_duty
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.necessity import is_choice
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

LEVEL = Severity.WARNING
HELP = "say that it is optional here too, or on which basis it is collected from those who do not want to give it"


def check(policy: Facts) -> Iterator[Finding]:
    chosen = [each for each in policy.practices if each.says.necessity == "optional"]
    for sentence in policy.practices:
        says = sentence.says
        if says.necessity or not chosen or not any(policy.is_a(each, "action", "collect") for each in says.actions):
            continue
        # Exemptions, cases of their own and sentences with a basis say why there is no choice, or that there is one.
        if says.says("without") or says.says("under") or is_choice(policy, says.terms("when")):
            continue
        for term in says.objects:
            other = next(
                (each for each in chosen if each is not sentence and _is_same(policy, each, sentence, term)), None
            )
            if other is not None:
                there = policy.see(other, "optional here", policy.place(other, term, OBJECTS))
                message = f"{shown(term)} is optional in another sentence, and here collected without a choice"
                yield policy.of_sentence(sentence, message, policy.place(sentence, term, OBJECTS), related=(there,))


def _is_same(policy: Facts, optional: Sentence, other: Sentence, term: Definition) -> bool:
    """Whether a sentence makes a term optional, of the same people and in the same case as another says."""
    a, b = optional.says, other.says
    return (
        term in a.objects
        and any(policy.is_a(each, "action", "collect") for each in a.actions)
        and (a.terms("by") or optional.by) == (b.terms("by") or other.by)
        and (a.terms("from") or optional.from_) == (b.terms("from") or other.from_)
        and {*a.terms("when")} >= {*b.terms("when")}
        # What is meant for the same purpose is optional there, whatever else is said.
        and (not a.terms("for") or not {*b.terms("for")} <= {*a.terms("for")})
    )
