"""Whether the provider is a controller or a processor is not stated.

Who decides why and how data are processed is a controller and owes people a notice; who acts for another, on its
instructions, is a processor. What the law asks of a policy depends on it, so the rules do too. The role follows from
what is done, not from the word; a policy says which role it takes its provider to have.

Bad:

    policy app { provider: maker  audience: user  effective: 2026-06-01 }
    import eu.gdpr
    party maker "App Maker Ltd" { contact: "privacy@app.example" }

Good:

    policy app { provider: maker  audience: user  effective: 2026-06-01 }
    import eu.gdpr
    party maker is controller "App Maker Ltd" { contact: "privacy@app.example" }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown

PACK = "eu.gdpr"
LEVEL = Severity.WARNING
CITE = ("GDPR art. 4(7)", "GDPR art. 4(8)")
HELP = "put it below `controller`, `joint_controller` or `processor` with `is`"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)


def check(policy: Facts) -> Iterator[Finding]:
    for each in policy.provider:
        if not each.is_library and not policy.is_a(each, "party", "controller", "processor"):
            yield policy.of_term(each, f"say whether {shown(each)} is a controller or a processor")
