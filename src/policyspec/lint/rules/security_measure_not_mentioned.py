"""Of the measures that the law lists, some are not mentioned.

The law wants internal rules and procedures, a classification of information, technical measures such as encryption
and de-identification, limits on access, training of staff, and a plan for incidents. They have to be there; a policy
is not bound to list them, and most mention some. This tells which ones it does not, once it mentions any.

Bad:

    protect personal with encryption, access_control

Good:

    protect personal with security_policy, data_classification, encryption, access_control, staff_training
    must apply incident_response_plan when breach
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "cn.pipl"
LEVEL = Severity.INFO
CITE = ("PIPL art. 51",)
HELP = "check that these measures are taken, and mention them if people should know"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
_LISTED = {
    "internal rules": ("security_policy", "minors_rules", "deletion_policy"),
    "classification of information": ("data_classification",),
    "encryption or de-identification": ("encryption", "deidentified", "hashing", "masking"),
    "limits on access": ("access_control", "approval_procedure"),
    "training of staff": ("staff_training",),
    "a plan for incidents": ("incident_response_plan",),
}


def check(policy: Facts) -> Iterator[Finding]:
    missing = [what for what, names in _LISTED.items() if not sets.is_named(policy, "safeguard", *names)]
    if 0 < len(missing) < len(_LISTED):
        yield policy.of_policy(f"no measure of these kinds is mentioned: {', '.join(missing)}")
