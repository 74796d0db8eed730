"""A processor does not say that it deletes or returns the data in the end.

The contract with a processor lets the controller choose whether, when the service ends, the data are deleted or
returned. A policy of a processor that says nothing of it leaves the people, and its clients, to guess.

Bad:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    import eu.gdpr
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    collect email for authentication under entrustment

Good:

    policy service { provider: us  audience: user  effective: 2026-06-01 }
    import eu.gdpr
    party client_company is controller "Our client"
    party us is processor "Us" { on_behalf_of: client_company }
    collect email for authentication under entrustment
    must delete or return personal within 30 days of contract_end unless required_by_law
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import roles, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "eu.gdpr"
LEVEL = Severity.WARNING
CITE = ("GDPR art. 28(3)(g)",)
HELP = "promise to delete or return the data when the service ends, as the controller chooses"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if sets.doing(policy, "delete", "return", "anonymise") & sets.promises(policy):
        return
    for each in roles.processors(policy):
        yield policy.of_policy(f"say what {shown(each)}, a processor, does with the data when its service ends")
