"""Something is done with anonymous data that takes knowing whose they are.

Data are anonymous if nobody can be told from them, for good. Then they can neither be deleted on somebody's request,
nor shown to them, nor serve to recognise or to address them. A policy that promises or does such things with data that
it calls anonymous has data that are not.

Say that the data are personal, or pseudonymised, or leave out what cannot be done with anonymous data.

Bad:

    data visitor_profile is anonymous_data "Anonymous profiles of visitors"
    use visitor_profile for targeted_advertising

Bad:

    must delete statistics when deletion_request

Bad:

    data visitor_profile is anonymous_data "Anonymous profiles of visitors"
    reidentify visitor_profile for security

Good:

    data visitor_profile is pseudonymised_data "Profiles of visitors"
    use visitor_profile for targeted_advertising under consent
    use statistics for marketing
    must delete visitor_profile when deletion_request
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import OBJECTS, Sentence

LEVEL = Severity.WARNING
HELP = "say that the data are personal or pseudonymised, or leave out what cannot be done with anonymous data"
_PURPOSES = (
    "authentication", "identity_verification", "direct_marketing", "personalised_advertising", "ad_profiling",
    "personalisation", "credit_scoring", "account_management",
)  # fmt: skip
_EVENTS = ("request", "withdrawal", "objected", "guardian_complaint", "account_closure", "minor_data_found")


def check(policy: Facts) -> Iterator[Finding]:
    anonymous = sets.writing(policy, OBJECTS, "data", "anonymous_data")
    for sentence in sets.sentences(policy, anonymous & sets.promises(policy)):
        found = _telling(policy, sentence)
        if found is not None:
            data = [each for each in sentence.says.objects if policy.is_a(each, "data", "anonymous_data")]
            what, span = found
            message = f"{doing(sentence)} {what} takes knowing whose data they are, and {shown(*data)} is anonymous"
            related = (policy.see(sentence, "anonymous", policy.place(sentence, data[0], OBJECTS)),)
            yield policy.of_sentence(sentence, " ".join(message.split()), span, related=related)


def _telling(policy: Facts, sentence: Sentence) -> tuple[str, Span] | None:
    """What in a sentence takes knowing whose data they are, and where it stands."""
    says = sentence.says
    if any(policy.is_a(each, "action", "reidentify", "correct") for each in says.actions):
        return "", policy.start(sentence)
    terms: list[tuple[str, Definition]] = [
        ("for", each) for each in says.terms("for") if policy.is_a(each, "purpose", *_PURPOSES)
    ]
    if any(policy.is_a(each, "action", "delete", "return", "restrict") for each in says.actions):
        terms += [("when", each) for each in says.terms("when") if policy.is_a(each, "event", *_EVENTS)]
        terms += [
            ("within", each.event)
            for each in says.periods.get("within", ())
            if each.event is not None and policy.is_a(each.event, "event", *_EVENTS)
        ]
    for word, term in terms:
        return f"{word} {shown(term)}", policy.place(sentence, term, word) if word != "within" else policy.clause(
            sentence, word
        ) or policy.start(sentence)
    return None
