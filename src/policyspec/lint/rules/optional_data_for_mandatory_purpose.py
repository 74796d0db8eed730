"""Something optional serves a purpose that leaves no choice.

What the law demands cannot be left to the person: either the law does not demand it, or it is required. And data that
are to show who misuses a service do little if those who do may keep them to themselves; in practice they are collected
from all.

Make it required and say why, or leave this purpose out of the sentence.

Bad:

    collect optional government_id for legal_compliance under consent

Bad:

    collect optional device_id for fraud_prevention, personalised_recommendation under consent

Good:

    collect required government_id for legal_compliance under legal_duty
    collect optional device_id for personalised_recommendation under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

LEVEL = Severity.WARNING
HELP = "make it required and say why, or leave this purpose out of the sentence"
_LAW = ("legal_compliance", "anti_money_laundering")
_MISUSE = ("misuse_prevention", "network_security")


def check(policy: Facts) -> Iterator[Finding]:
    for sentence in policy.practices:
        says = sentence.says
        if says.necessity != "optional" or not any(policy.is_a(each, "action", "collect") for each in says.actions):
            continue
        data = [each for each in says.objects if policy.is_a(each, "data", "personal")]
        for purpose in says.terms("for") if data else ():
            is_law = policy.is_a(purpose, "purpose", *_LAW)
            if is_law or policy.is_a(purpose, "purpose", *_MISUSE):
                message = f"{shown(*data)} is optional, and serves {shown(purpose)}, which leaves no choice"
                span = policy.place(sentence, purpose, "for")
                related = (policy.see(sentence, "optional", policy.place(sentence, data[0], OBJECTS)),)
                level = None if is_law else Severity.INFO
                yield policy.of_sentence(sentence, message, span, related=related, level=level)
