"""The provider's address is not stated.

A policy says who its provider is: its name, where it is registered or usually works, and how to reach those who look
after personal information. The law asks for name and contact alone, so this is a hint.

Bad:

    collect email for delivery under contract

Good:

    policy shop { provider: us  audience: user  effective: 2026-06-01 }
    import cn.gbt35273
    party us is controller "Us" { address: "1 Example Road, Shanghai"  contact: "privacy@shop.example" }
    subject user is end_user "User"
    collect email for delivery under contract
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import contact, packs
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.gbt35273"
LEVEL = Severity.INFO
CITE = ("GB/T 35273-2020, 5.5", "TC260-PG-20202A, 1.5 a)")
HELP = "give the provider an `address:`"
STATUS = "in_force"
SINCE = datetime.date(2020, 10, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    # That one cannot be reached at all is worse, and found there.
    if packs.have(policy, "cn.pipl.handler_not_reachable") and not contact.is_reachable(policy):
        return
    for each in contact.lacking(policy, "address"):
        yield policy.of_term(each, f"the address of {shown(each)} is not stated")
