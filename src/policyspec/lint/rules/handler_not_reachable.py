"""Who handles the information, or how to reach them, is not stated.

Before a handler processes personal information, it tells people its name and how to reach it. The provider of the
policy is the handler, or the one who acts for it. The contact may stand with the provider or in the policy's header.

Bad:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01 }
    import cn.pipl
    party shop_owner is controller "Example Shop Ltd"

Good:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01 }
    import cn.pipl
    party shop_owner is controller "Example Shop Ltd" { contact: "privacy@shop.example" }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import contact
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.pipl"
LEVEL = Severity.ERROR
CITE = ("PIPL art. 17(1)(1)", "Network data regulations (2024) art. 21(1)(1)")
HELP = "give the provider a `contact:` or an `address:`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if not policy.provider:
        yield policy.of_policy("nobody is named who handles the information: the policy has no `provider`")
    elif not contact.is_reachable(policy):
        for each in policy.provider:
            if not each.is_library:
                yield policy.of_term(each, f"nothing is said of how to reach {shown(each)}")
