"""What becomes of the data once the SDK is removed from the app is not stated.

The operator of an SDK makes clear how long it keeps what it collects, and how it handles it when the SDK is no longer
embedded. The end of the contract with the app's operator, and the removal of the product by its user, are taken as
that.

Bad:

    store device_info keep 6 months

Good:

    store device_info keep 6 months
    must delete or anonymise personal within 30 days of sdk_removed
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("GB/T 43435-2023, 6.1 b) 3)", "TC260-PG-20205A, 4.2 o)")
HELP = "say it, as in `must delete or anonymise personal when sdk_removed`"
STATUS = "in_force"
SINCE = datetime.date(2024, 6, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    words = ("when", "keep", "within")
    found = sets.writing_any(policy, words, "event", "sdk_removed", module=PACK)
    found |= sets.writing_any(policy, words, "event", "uninstall", "contract_end", "contract_running")
    if not found & sets.promises(policy):
        yield policy.of_policy("it is not stated what becomes of the data once the SDK is removed from an app")
