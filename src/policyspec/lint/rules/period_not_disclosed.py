"""How long a category of personal information is kept is not stated.

At collection, a business says how long it intends to keep each category, or by what criteria that is decided, and
keeps none for longer than its purpose needs. That belongs into the notice at collection, which mostly points to the
policy. What is said of a category anywhere counts here, and so does a duty to delete it at an event.

Bad:

    collect browsing_history for analytics

Good:

    collect browsing_history for analytics keep 12 months
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import retention
from policyspec.lint.facts import Facts, Finding

PACK = "us.ccpa"
LEVEL = Severity.WARNING
CITE = ("Cal. Civ. Code 1798.100(a)(3)", "11 CCR 7012")
HELP = "say it with `keep`: a period, or the event that ends it"
STATUS = "in_force"
SINCE = datetime.date(2023, 1, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    return retention.findings(policy)
