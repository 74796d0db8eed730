"""People are to wait longer for an answer than the law allows.

Whoever uses a right of art. 15 to 22 is told within one month what is done about it; where requests are complex or
many, the month may become three, and the person is told of that within the first. Thirty or thirty-one days count as
a month here, and so do working days that are no longer.

Bad:

    right see_data is access "To see your data" { channel: email  within: 45 days }

Bad:

    must grant deletion within 3 months of request

Good:

    right see_data is access "To see your data" { channel: email  within: 30 days }
    must grant deletion within 1 month of request
    must grant deletion within 3 months of request when deadline_extended
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 12(3)",)
HELP = "promise an answer within one month of the request"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)

_RIGHTS = (
    "access", "copy", "correction", "deletion", "restriction", "objection", "portability", "no_automated_decision",
    "human_intervention",
)  # fmt: skip
# What a month surely does not hold more of.
_MOST = {"minute": 31 * 24 * 60, "hour": 31 * 24, "day": 31, "week": 4, "month": 1, "year": 0, "working_day": 23}


def check(policy: Facts) -> Iterator[Finding]:
    slow: dict[Definition, list[Definition]] = {}
    for right in sets.own(policy, "right", *_RIGHTS):
        within = policy.fields(right).get("within")
        if right.kind == "right" and within and _is_late(*within[1:]):
            slow.setdefault(policy.declared_in(right, "within"), []).append(right)
    for owner, rights in slow.items():
        message = f"{shown(*rights)} may be answered later than after a month"
        yield Finding(message, owner.file, policy.field_span(owner, "within"))
    timed = sets.having(policy, "within") & ~sets.having(policy, "when") & sets.doing(policy, "grant", "respond")
    for sentence in sets.sentences(policy, timed & sets.duties(policy), timed & sets.practices(policy)):
        says = sentence.says
        if any(each.form == "lasting" and _is_late(each.amount, each.unit) for each in says.periods["within"]):
            late = [each for each in says.objects if policy.is_a(each, "right", *_RIGHTS)]
            if late:
                place = policy.clause(sentence, "within") or policy.place(sentence, late[0], OBJECTS)
                yield policy.of_sentence(sentence, f"{shown(*late)} may be answered later than after a month", place)


def _is_late(amount: int, unit: str) -> bool:
    return amount > _MOST.get(unit, amount)
