"""A processor does not say that it tells the controller of a breach.

A processor notifies the controller without undue delay after becoming aware of a breach, so that the controller can
keep its 72 hours.

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
    must notify client_company when breach within 24 hours of breach_awareness
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import roles, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

PACK = "eu.gdpr"
LEVEL = Severity.WARNING
CITE = ("GDPR art. 33(2)",)
HELP = "promise to notify the controller when there is a breach, without undue delay"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    told = sets.writing(policy, OBJECTS, "party", "controller") & sets.promises(policy)
    if told & sets.doing(policy, "notify") & sets.writing(policy, "when", "event", "security_incident"):
        return
    for each in roles.processors(policy):
        yield policy.of_policy(f"say that {shown(each)}, a processor, tells the controller of a breach")
