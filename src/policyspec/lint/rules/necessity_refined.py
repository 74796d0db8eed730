"""Part of what is required is optional.

A whole is said to be required, and something that belongs to it to be optional. That may be just what is meant, but
who reads the first sentence alone believes that all of it is required.

Leave the optional part out of the whole, with `unless`, or name what is really required.

Bad:

    collect required device_info for service_provision under contract
    collect optional screen_resolution for service_provision under consent

Good:

    collect required hardware_model, operating_system for service_provision under contract
    collect optional screen_resolution for service_provision under consent

Good:

    collect required device_info for service_provision under contract unless screen_resolution
    collect optional screen_resolution for service_provision under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.necessity import pairs
from policyspec.statements import OBJECTS

LEVEL = Severity.INFO
HELP = "leave the optional part out of the whole with `unless`, or name what is really required"


def check(policy: Facts) -> Iterator[Finding]:
    for pair in pairs(policy):
        excepted = pair.required.says.terms("unless")
        if pair.whole is pair.part or any(policy.order.covers(each, pair.part) for each in excepted):
            continue
        message = f"{shown(pair.part)} is optional here, and {shown(pair.whole)}, which it is part of, is required"
        there = policy.see(pair.required, "required here", policy.place(pair.required, pair.whole, OBJECTS))
        span = policy.place(pair.optional, pair.part, OBJECTS)
        yield policy.of_sentence(pair.optional, message, span, related=(there,))
