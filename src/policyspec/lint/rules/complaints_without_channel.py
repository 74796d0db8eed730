"""The policy speaks of complaints and does not say where they go.

Who offers products or services to the public sets up ways to complain and to report problems of data security, and
makes them known. A complaint that is only mentioned reaches nobody. A contact in the policy's header, or with the
provider, is a way.

Bad:

    must respond user when complaint within 15 working days

Good:

    must respond user when complaint via hotline, email within 15 working days

Good:

    right complain is complaint "Complaint" { channel: email }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS

PACK = "cn.network_data"
LEVEL = Severity.WARNING
CITE = ("Network data regulations (2024) art. 20",)
HELP = "name the address, number or form after `via`, or in the `channel:` of the right"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if policy.policy_fields.get("contact") or any(policy.fields(each).get("contact") for each in policy.provider):
        return
    spoken = []
    received = sets.writing(policy, "when", "event", "complaint")
    about = received | sets.writing(policy, OBJECTS, "right", "complaint")
    for sentence in sets.sentences(policy, about & sets.duties(policy), about & sets.practices(policy)):
        says = sentence.says
        if any(policy.is_a(each, "event", "complaint") for each in says.terms("when")) or any(
            policy.is_a(each, "right", "complaint") and not policy.is_a(each, "right", "complaint_to_authority")
            for each in says.objects
        ):
            if says.says("via"):
                return
            spoken.append(policy.of_sentence(sentence, "it is not said where complaints go"))
    for right in sets.own(policy, "right", "complaint"):
        if not policy.is_a(right, "right", "complaint_to_authority"):
            fields = policy.fields(right)
            if fields.get("channel") or fields.get("fallback"):
                return
            spoken.append(policy.of_term(right, "it is not said where complaints go"))
    yield from spoken[:1]
