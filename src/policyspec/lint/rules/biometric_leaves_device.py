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
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

PACK = "cn.sdk"
LEVEL = Severity.INFO
CITE = ("Draft App Provisions (2026), art. 15",)
HELP = "say `with on_device`, or ask for separate consent"
STATUS = "draft"


def check(policy: Facts) -> Iterator[Finding]:
    leaving = sets.practices(policy) & sets.writing(policy, OBJECTS, "data", "biometric")
    if not leaving:
        return
    leaving &= sets.doing(policy, "collect", "store", "disclose")
    leaving &= ~sets.writing(policy, "with", "safeguard", "on_device")
    leaving &= ~sets.writing(policy, "under", "basis", "separate_consent", "required_by_law")
    for sentence in sets.sentences(policy, leaving):
        biometric = [each for each in sentence.says.objects if policy.is_a(each, "data", "biometric")]
        message = f"{shown(*biometric)} is not said to stay on the device"
        yield policy.of_sentence(sentence, message, policy.place(sentence, biometric[0], OBJECTS))
