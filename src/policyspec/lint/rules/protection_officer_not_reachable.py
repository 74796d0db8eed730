"""The person in charge of protecting personal information cannot be reached.

A handler of as much personal information as the cyberspace authority has set designates somebody to be in charge of
its protection, and publishes how to reach them. Whether it handles that much does not follow from a policy's
sentences: its header says `holds: cn.pipl.large_handler`, or `holds_not:`.

Bad:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01  holds: cn.pipl.large_handler }
    import cn.pipl
    party shop_owner is controller "Example Shop Ltd" { contact: "hello@shop.example" }

Good:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01  holds: cn.pipl.large_handler }
    import cn.pipl
    party shop_owner is controller "Example Shop Ltd" {
      contact:                 "hello@shop.example"
      data_protection_officer: "privacy@shop.example"
    }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import contact, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.pipl"
LEVEL = Severity.ERROR
CITE = ("PIPL art. 52",)
HELP = "give the provider a `data_protection_officer:`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
GIVEN = (("event", "large_handler", PACK),)


def check(policy: Facts) -> Iterator[Finding]:
    if sets.own(policy, "party", "data_protection_officer"):
        return
    for each in contact.lacking(policy, "data_protection_officer"):
        yield policy.of_term(each, f"nobody is named who is in charge of protection at {shown(each)}")
