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
from policyspec.lint.periods import is_longer
from policyspec.statements import OBJECTS

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("App Method 2019, 6.3, 6.5",)
HELP = "promise to do it within 15 working days"
STATUS = "in_force"
SINCE = datetime.date(2019, 11, 28)

_LIMIT = (15, "working_day")
_RIGHTS = ("correction", "deletion", "complaint")


def check(policy: Facts) -> Iterator[Finding]:
    for right in sets.own(policy, "right", *_RIGHTS):
        within = policy.fields(right).get("within")
        if within and is_longer(within[1], within[2], *_LIMIT):
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
        if any(
            each.form == "lasting" and is_longer(each.amount, each.unit, *_LIMIT) for each in says.periods["within"]
        ):
            message = f"{shown(*asked)} may take longer than 15 working days"
            yield policy.of_sentence(sentence, message, policy.clause(sentence, "within"))
