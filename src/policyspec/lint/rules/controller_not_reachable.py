"""Who is responsible, or how to reach them, is not stated.

A notice names the controller and how to reach it: an address, an email, a form. The provider of the policy is the
controller, unless it says that it is a processor. Contact details may stand with the provider or in the policy's
header.

Bad:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01 }
    import eu.gdpr
    party shop_owner is controller "Example Shop Ltd"

Good:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01 }
    import eu.gdpr
    party shop_owner is controller "Example Shop Ltd" { contact: "privacy@shop.example" }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 13(1)(a)", "GDPR art. 14(1)(a)")
HELP = "give the provider a `contact:` or an `address:`"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if not policy.provider:
        yield policy.of_policy("say who is responsible for the data: the policy has no `provider`")
    elif not policy.policy_fields.get("contact"):
        for each in policy.provider:
            fields = policy.fields(each)
            if not each.is_library and not (fields.get("contact") or fields.get("address")):
                yield policy.of_term(each, f"say how {shown(each)} can be reached")
