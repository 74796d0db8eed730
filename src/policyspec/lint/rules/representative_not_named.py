"""A provider outside of the Union names no representative.

Who offers goods or services to people in the Union, or monitors them there, without being established in it, may have
to designate a representative there in writing, and the notice says who it is and how to reach it. Only occasional
processing without special categories on a large scale, and public authorities, go without. The provider's `place:`
says where it is established; where the policy does not say, nothing is found.

Bad:

    policy app { provider: maker  audience: user  effective: 2026-06-01 }
    import eu.gdpr
    party maker is controller "App Maker Inc." { contact: "privacy@app.example"  place: US }

Good:

    policy app { provider: maker  audience: user  effective: 2026-06-01 }
    import eu.gdpr
    party maker is controller "App Maker Inc." {
      contact:        "privacy@app.example"
      place:          US
      representative: agent
    }
    party agent is representative "Example Representation Ltd" { contact: "eu@agent.example"  place: IE }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "eu.gdpr"
LEVEL = Severity.WARNING
CITE = ("GDPR art. 13(1)(a)", "GDPR art. 27(1)")
HELP = "name it with `representative:`, or suppress this with the reason why none is needed"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if sets.own(policy, "party", "representative"):
        return
    for each in policy.provider:
        fields = policy.fields(each)
        places = fields.get("place", ())
        if each.is_library or not places or fields.get("representative") or policy.is_a(each, "party", "government"):
            continue
        if not any(policy.is_a(place, "place", "EEA") for place in places):
            message = f"{shown(each)} is in {shown(*places)} and may need a representative in the Union"
            yield Finding(message, each.file, policy.field_span(each, "place"))
