"""Requests are answered later than after 30 days.

The standard gives 30 days for an answer, or the time that a law sets, and for an explanation where the answer is no.
The law says “in good time” and no number. The number was not checked against the standard, so this is a hint.

Bad:

    right see_data is access "To see your data" { channel: email  within: 45 days }

Bad:

    must grant deletion within 2 months of request

Good:

    right see_data is access "To see your data" { channel: email  within: 15 working days }
    must grant deletion within 30 days of request
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.periods import is_no_longer
from policyspec.statements import OBJECTS

PACK = "cn.gbt35273"
LEVEL = Severity.WARNING
CITE = ("GB/T 35273-2020, 8.7",)
HELP = "promise an answer within 30 days"
STATUS = "draft"

_RIGHTS = (
    "access",
    "copy",
    "correction",
    "supplement",
    "deletion",
    "withdrawal_of_consent",
    "explanation",
    "portability",
)


def check(policy: Facts) -> Iterator[Finding]:
    for right in sets.own(policy, "right", *_RIGHTS):
        within = policy.fields(right).get("within")
        if within and _is_late(within[1], within[2]):
            message = f"{shown(right)} may be answered later than after 30 days"
            yield Finding(message, right.file, policy.field_span(right, "within"))
    timed = sets.having(policy, "within") & ~sets.having(policy, "when") & sets.doing(policy, "grant", "respond")
    timed &= sets.writing(policy, OBJECTS, "right", *_RIGHTS) if timed else 0
    for sentence in sets.sentences(policy, timed & sets.duties(policy), timed & sets.practices(policy)):
        says = sentence.says
        if any(each.form == "lasting" and _is_late(each.amount, each.unit) for each in says.periods["within"]):
            late = [each for each in says.objects if policy.is_a(each, "right", *_RIGHTS)]
            place = policy.clause(sentence, "within") or policy.place(sentence, late[0], OBJECTS)
            yield policy.of_sentence(sentence, f"{shown(*late)} may be answered later than after 30 days", place)


def _is_late(amount: int, unit: str) -> bool:
    return is_no_longer(30, "day", amount, unit) and not is_no_longer(amount, unit, 31, "day")
