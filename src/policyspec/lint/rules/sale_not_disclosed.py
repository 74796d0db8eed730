"""Whether personal information is sold is not stated.

At collection and in its policy, a business says of the information whether it is sold or shared. A policy that sells
nothing says so too: `never sell personal`. “Sharing” is disclosure for cross-context behavioural advertising.

Bad:

    collect email for delivery

Good:

    collect email for delivery
    never sell personal
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding

PACK = "us.ccpa"
LEVEL = Severity.WARNING
CITE = ("Cal. Civ. Code 1798.100(a)(1)", "11 CCR 7011(e)")
HELP = "say `never sell personal`, or what is sold, to whom and for what"
STATUS = "in_force"
SINCE = datetime.date(2020, 1, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    sell = policy.term("action", "sell")
    for sentence in policy.sentences:
        for each in sentence.says.actions:
            if policy.is_a(each, "action", "sell"):
                return
            if sentence.says.modality == "never" and sell is not None and policy.order.covers(each, sell):
                return
    yield policy.of_policy("say whether personal information is sold")
