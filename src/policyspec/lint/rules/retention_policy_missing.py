"""Nothing is said of how long data are kept.

Google Play asks the privacy policy of an app for its rules of retention and deletion. Any will do here: a period, what
ends it, or a duty to delete.

Bad:

    collect email for delivery under contract

Good:

    collect email for delivery under contract
    store email keep until account_closure
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import retention, sets
from policyspec.lint.facts import Facts, Finding

PACK = "google_play"
LEVEL = Severity.WARNING
CITE = ("Google Play: User Data, privacy policy",)
HELP = "say it with `keep`: a period, or the event that ends it"
STATUS = "in_force"
SINCE = datetime.date(2022, 7, 20)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if sets.doing(policy, "collect") & sets.practices(policy) and not retention.stated(policy):
        yield policy.of_policy("nothing is said of how long data are kept, nor of what ends it")
