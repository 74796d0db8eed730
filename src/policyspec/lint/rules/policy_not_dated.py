"""Neither the day of release nor the day from which the policy holds is stated.

People have to be able to tell one version from another, and which held when their data were collected.

Bad:

    policy shop { provider: us  audience: user }
    import cn.gbt35273
    party us is controller "Us"
    subject user is end_user "User"
    collect email for delivery under contract

Good:

    policy shop { provider: us  audience: user  released: 2026-05-01  effective: 2026-06-01 }
    import cn.gbt35273
    party us is controller "Us"
    subject user is end_user "User"
    collect email for delivery under contract
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding

PACK = "cn.gbt35273"
LEVEL = Severity.WARNING
CITE = ("GB/T 35273-2020, 5.5", "TC260-PG-20202A, 1.5 b)")
HELP = "give the header `released:` or `effective:`"
STATUS = "in_force"
SINCE = datetime.date(2020, 10, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if not policy.policy_fields.get("released") and not policy.policy_fields.get("effective"):
        yield policy.of_policy("neither the day of release nor the day from which the policy holds is stated")
