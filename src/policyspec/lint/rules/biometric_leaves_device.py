"""Biometric information is not said to stay on the device.

The draft of 2026 wants faces, fingerprints and voiceprints stored in the device that reads them, unless a law
provides otherwise or the person gives separate consent.

Bad:

    collect voiceprint for authentication under consent

Good:

    collect voiceprint for authentication under consent with on_device

Good:

    collect voiceprint for authentication under separate_consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

PACK = "cn.sdk"
LEVEL = Severity.INFO
CITE = ("Draft App Provisions (2026), art. 15",)
HELP = "say `with on_device`, or ask for separate consent"
STATUS = "draft"


def check(policy: Facts) -> Iterator[Finding]:
    for sentence in policy.practices:
        says = sentence.says
        biometric = [each for each in says.objects if policy.is_a(each, "data", "biometric")]
        if (
            biometric
            and any(policy.is_a(each, "action", "collect", "store", "disclose") for each in says.actions)
            and not any(policy.is_a(each, "safeguard", "on_device") for each in says.terms("with"))
            and not any(policy.is_a(x, "basis", "separate_consent", "required_by_law") for x in says.terms("under"))
        ):
            message = f"{shown(*biometric)} is not said to stay on the device"
            yield policy.of_sentence(sentence, message, policy.place(sentence, biometric[0], OBJECTS))
