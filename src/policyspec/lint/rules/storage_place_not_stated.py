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
from policyspec.lint.facts import Facts, Finding

PACK = "cn.gbt35273"
LEVEL = Severity.WARNING
CITE = ("GB/T 35273-2020, 5.5", "TC260-PG-20202A, 1.5 d)")
HELP = "say it, as in `store personal in CN`"
STATUS = "in_force"
SINCE = datetime.date(2020, 10, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    handles = False
    for sentence in policy.sentences:
        says = sentence.says
        if any(each.kind == "place" for word in ("in", "to", "unless") for each in says.terms(word)):
            return
        if any(policy.is_a(each, "safeguard", "on_device") for each in says.terms("with")):
            return
        handles = handles or (
            says.modality != "never"
            and any(policy.is_a(each, "action", "collect", "store") for each in says.actions)
            and any(policy.is_a(each, "data", "personal") for each in says.objects)
        )
    if handles:
        yield policy.of_policy("it is not stated in which country or region the data are stored")
