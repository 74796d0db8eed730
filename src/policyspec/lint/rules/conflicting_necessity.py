"""The same is required in one place and optional in another.

People read in one sentence that they have to give something, and in another that they need not, for the same purpose,
or for one that is not said. Which of the two holds, no one can tell. What is required for one thing and optional for
another is no conflict, if both sentences say what for.

Make it the same in both, or say for which purpose it is required and for which optional.

Bad:

    collect required phone_number for delivery under contract
    collect optional email, phone_number for delivery under consent

Bad:

    collect required phone_number under contract
    collect optional phone_number for delivery under consent

Good:

    collect required phone_number for delivery under contract
    collect optional phone_number for sms_marketing under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.necessity import pairs
from policyspec.statements import OBJECTS

LEVEL = Severity.ERROR
HELP = "make it the same in both, or say for which purpose it is required and for which optional"


def check(policy: Facts) -> Iterator[Finding]:
    for pair in pairs(policy):
        if pair.whole is not pair.part:
            continue
        aim = f" for {shown(pair.purpose)}" if pair.purpose is not None else ""
        message = f"{shown(pair.part)} is optional here{aim}, and required{aim} in another sentence"
        there = policy.see(pair.required, "required here", policy.place(pair.required, pair.whole, OBJECTS))
        span = policy.place(pair.optional, pair.part, OBJECTS)
        # Where one of the two leaves its purpose unsaid, or has a broader one, another reading is left.
        level = None if pair.is_certain else Severity.WARNING
        yield policy.of_sentence(pair.optional, message, span, related=(there,), level=level)
