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
from policyspec.lint.facts import Facts, Finding
from policyspec.scope import Definition
from policyspec.statements import Sentence

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("GB/T 43435-2023, 6.1 b) 3)", "TC260-PG-20205A, 4.2 o)")
HELP = "say it, as in `must delete or anonymise personal when sdk_removed`"
STATUS = "in_force"
SINCE = datetime.date(2024, 6, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if not any(
        _is_removal(policy, each) for sentence in (*policy.practices, *policy.duties) for each in _events(sentence)
    ):
        yield policy.of_policy("it is not stated what becomes of the data once the SDK is removed from an app")


def _events(sentence: Sentence) -> Iterator[Definition]:
    yield from sentence.says.terms("when")
    for periods in sentence.says.periods.values():
        yield from (each.event for each in periods if each.event is not None)


def _is_removal(policy: Facts, event: Definition) -> bool:
    return policy.is_a(event, "event", "sdk_removed", module=PACK) or policy.is_a(
        event, "event", "uninstall", "contract_end", "contract_running"
    )
