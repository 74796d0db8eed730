"""The data protection officer cannot be reached.

Where an officer must be designated, a notice says how to reach it. Whether one must be depends on what the controller
is and does: public authorities must have one, and those whose core activity is to monitor people regularly and
systematically, or to process special categories or data on offences, on a large scale; national law may ask for more.
That does not follow from a policy's sentences, so its header says `holds: eu.gdpr.officer_required`, or `holds_not:`.

Bad:

    policy clinic { provider: hospital  audience: patient  effective: 2026-06-01  holds: officer_required }
    import eu.gdpr
    party hospital is controller, health_care_provider "Example Hospital" { contact: "office@hospital.example" }

Good:

    policy clinic { provider: hospital  audience: patient  effective: 2026-06-01  holds: officer_required }
    import eu.gdpr
    party hospital is controller, health_care_provider "Example Hospital" {
      contact:                 "office@hospital.example"
      data_protection_officer: "dpo@hospital.example"
    }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import contact, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 13(1)(b)", "GDPR art. 37(1)")
HELP = "give the provider a `data_protection_officer:`"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    required = policy.term("event", "officer_required", PACK)
    if required is None or sets.own(policy, "party", "data_protection_officer"):
        return
    missing = contact.lacking(policy, "data_protection_officer")
    holds, holds_not = (policy.policy_fields.get(name, ()) for name in ("holds", "holds_not"))
    if not missing or any(policy.order.covers(each, required) for each in holds_not):
        return
    if any(policy.order.covers(required, each) for each in holds):
        for each in missing:
            yield policy.of_term(each, f"say how the data protection officer of {shown(each)} can be reached")
    elif not any(policy.is_a(each, "party", "government") for each in missing):
        name = required.qualified
        yield policy.of_policy(
            f"not assessed: whether {shown(*missing)} must have a data protection officer, who would be named here",
            help=f"say `holds: {name}` in the policy's header if it must, else `holds_not: {name}`",
            level=Severity.INFO,
        )
    else:
        for each in missing:
            yield policy.of_term(
                each, f"a public authority has a data protection officer: say how that of {shown(each)} can be reached"
            )
