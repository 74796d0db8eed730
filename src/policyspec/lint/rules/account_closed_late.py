"""Closing an account takes longer than 15 working days.

Where an account cannot be closed on the spot, because somebody has to look at the request, it is checked and done
within the time promised, which is no longer than 15 working days. Only times that are longer in every calendar are
found: 30 days may hold 15 working days and no more.

Bad:

    right close_account is account_closure "Closing the account" { channel: account_settings  within: 30 working days }

Bad:

    must grant account_closure within 2 months of request

Good:

    right close_account is account_closure "Closing the account" { channel: account_settings  within: 15 working days }
    must grant account_closure within 10 days of request
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.periods import is_longer
from policyspec.statements import OBJECTS

PACK = "cn.gbt35273"
LEVEL = Severity.WARNING
CITE = ("GB/T 35273-2020, 8.5", "App Method 2019, 6.3")
HELP = "promise to close it within 15 working days"
STATUS = "in_force"
SINCE = datetime.date(2020, 10, 1)

_LIMIT = (15, "working_day")
_MESSAGE = "closing an account may take longer than 15 working days"


def check(policy: Facts) -> Iterator[Finding]:
    for right in sets.own(policy, "right", "account_closure"):
        within = policy.fields(right).get("within")
        if within and is_longer(within[1], within[2], *_LIMIT):
            yield Finding(_MESSAGE, right.file, policy.field_span(right, "within"))
    closing = sets.having(policy, "within")
    closing &= sets.writing(policy, OBJECTS, "right", "account_closure") if closing else 0
    for sentence in sets.sentences(policy, closing & sets.duties(policy), closing & sets.practices(policy)):
        within = sentence.says.periods["within"]
        if any(each.form == "lasting" and is_longer(each.amount, each.unit, *_LIMIT) for each in within):
            yield policy.of_sentence(sentence, _MESSAGE, policy.clause(sentence, "within"))
