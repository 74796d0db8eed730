"""A handler abroad names no representative in China.

Whoever offers products or services to people in China from abroad, or analyses what they do, sets up an office or
appoints a representative in China, and gives the authority its name and contact. Whether that is so does not follow
from a policy's sentences: its header says `holds: cn.pipl.foreign_handler`, or `holds_not:`. The provider's
`representative:` names it, and so does a party that is a `representative`.

Bad:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01  holds: cn.pipl.foreign_handler }
    import cn.pipl
    party shop_owner is controller "Example Shop Ltd" { contact: "hello@shop.example" }

Good:

    policy shop { provider: shop_owner  audience: customer  effective: 2026-06-01  holds: cn.pipl.foreign_handler }
    import cn.pipl
    party shop_owner is controller "Example Shop Ltd" { contact: "hello@shop.example"  representative: agency }
    party agency "Agency" { place: CN  contact: "pi@agency.example" }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import contact, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 3(2)", "PIPL art. 53")
HELP = "name the office or representative in China with the provider's `representative:`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
GIVEN = (("event", "foreign_handler", PACK),)


def check(policy: Facts) -> Iterator[Finding]:
    if sets.own(policy, "party", "representative"):
        return
    for each in contact.lacking(policy, "representative"):
        yield policy.of_term(each, f"no representative of {shown(each)} in China is named")
