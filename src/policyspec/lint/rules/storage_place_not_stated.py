"""Where the data are stored is not stated.

A policy says in which country or region personal information is stored, at home or abroad. A sentence that names a
place for anything that is done with data counts, and so does one that says where data do not go.

Bad:

    collect email for delivery under contract

Good:

    collect email for delivery under contract
    store personal in CN
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS

PACK = "cn.gbt35273"
LEVEL = Severity.WARNING
CITE = ("GB/T 35273-2020, 5.5", "TC260-PG-20202A, 1.5 d)")
HELP = "say it, as in `store personal in CN`"
STATUS = "in_force"
SINCE = datetime.date(2020, 10, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if any(each.kind == "place" for word in ("in", "to", "unless") for each in sets.terms(policy, word)):
        return
    if sets.writing(policy, "with", "safeguard", "on_device"):
        return
    handling = sets.promises(policy) & sets.doing(policy, "collect", "store")
    if handling & sets.writing(policy, OBJECTS, "data", "personal"):
        yield policy.of_policy("it is not stated in which country or region the data are stored")
