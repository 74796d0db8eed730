"""How long information is kept is not told.

People are told for how long their information is kept; where that is hard to say, how it is determined. `keep` with
a period, an event or a phrase counts, and so does a duty to delete at an event that ends the need, such as the
closing of the account. A duty to delete on request tells no period. Whether what is told is precise enough is not
judged here.

Bad:

    collect email for newsletter under consent
    must delete email within 10 days of deletion_request

Good:

    collect email for newsletter under consent
    store email keep until withdrawal

Good:

    collect username for registration under contract
    must delete personal within 15 days of account_closure
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import retention
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.grouping import as_one

PACK = "cn.pipl"
LEVEL = Severity.ERROR
CITE = ("PIPL art. 17(1)(2)", "Network data regulations (2024) art. 21(1)(3)")
HELP = "say it with `keep`: a period, the event that ends it, or how it is determined"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    found = [*retention.unstated(policy).items()]
    if found:
        yield as_one(policy, found, "nothing is said of how long {them} kept")
