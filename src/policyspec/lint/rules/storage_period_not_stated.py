"""How long data are kept is not stated.

A notice gives the period for which data are stored or, where that is not possible, what decides it. Both count here:
`keep 2 years after transaction`, and a duty to delete at an event that ends the need for the data, such as `must
delete account_information within 30 days of account_closure`. A promise to delete on request, or when the period
ends, gives no period.

Bad:

    collect email for newsletter under consent
    must delete email within 10 days of deletion_request

Good:

    collect email for newsletter under consent
    store email for newsletter under consent keep until withdrawal

Good:

    collect username for registration under contract
    must delete personal within 30 days of account_closure
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import retention
from policyspec.lint.facts import Facts, Finding

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 13(2)(a)", "GDPR art. 14(2)(a)")
HELP = "say it with `keep`: a period, or the event that ends it"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    return retention.findings(policy)
