"""Corrections, deletions or complaints are handled later than within 15 working days.

Where correcting and deleting cannot be done on the spot, and for complaints and reports, the time promised is no
longer than 15 working days. Only times that are longer in every calendar are found: 30 days may hold 15 working days
and no more.

Bad:

    must grant deletion within 30 working days of request

Bad:

    must respond user when complaint within 60 days

Good:

    must grant deletion within 15 working days of request
    must respond user when complaint within 10 days
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.periods import is_no_longer
from policyspec.statements import OBJECTS

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("App Method 2019, 6.3, 6.5",)
HELP = "promise to do it within 15 working days"
STATUS = "in_force"
SINCE = datetime.date(2019, 11, 28)

_RIGHTS = ("correction", "deletion", "complaint")


def check(policy: Facts) -> Iterator[Finding]:
    for right in sets.own(policy, "right", *_RIGHTS):
        within = policy.fields(right).get("within")
        if within and _is_late(within[1], within[2]):
            message = f"{shown(right)} may take longer than 15 working days"
            yield Finding(message, right.file, policy.field_span(right, "within"))
    timed = sets.having(policy, "within")
    if not timed:
        return
    timed &= sets.writing(policy, OBJECTS, "right", *_RIGHTS) | sets.writing(policy, "when", "event", "complaint")
    for sentence in sets.sentences(policy, timed & sets.duties(policy), timed & sets.practices(policy)):
        says = sentence.says
        asked = [
            *(each for each in says.objects if policy.is_a(each, "right", *_RIGHTS)),
            *(each for each in says.terms("when") if policy.is_a(each, "event", "complaint")),
        ]
        if any(each.form == "lasting" and _is_late(each.amount, each.unit) for each in says.periods["within"]):
            message = f"{shown(*asked)} may take longer than 15 working days"
            yield policy.of_sentence(sentence, message, policy.clause(sentence, "within"))


def _is_late(amount: int, unit: str) -> bool:
    """Whether a time is longer than the limit, whatever the calendar."""
    return is_no_longer(15, "working_day", amount, unit) and not is_no_longer(amount, unit, 15, "working_day")
