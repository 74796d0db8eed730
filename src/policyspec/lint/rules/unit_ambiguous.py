"""Deadlines of one kind are counted in different units.

Fifteen days are not fifteen working days, which are about three weeks, and one month is between 28 and 31 days. Where
a policy says the one here and the other there of the same kind of duty, a reader cannot tell whether that is meant.
The rule compares deadlines for answering and for granting rights, for deleting and for telling people: equal numbers
of days and of working days, and a month and 30 days for the same thing.

Use one unit for one kind of duty.

Bad:

    must respond user within 15 working days
    must grant deletion within 15 days of request

Good:

    must respond user within 15 working days
    must grant deletion within 15 working days of request

Bad:

    right erase is deletion "To have your data deleted" { channel: email  within: 1 month }
    must grant erase within 30 days of request

Good:

    right erase is deletion "To have your data deleted" { channel: email  within: 1 month }
    must grant erase within 1 month of request
"""

from collections.abc import Iterator
from typing import NamedTuple

from policyspec.diagnostic import Related, Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.scope import Definition
from policyspec.source import Span

LEVEL = Severity.INFO
HELP = "use one unit for one kind of duty"

_KINDS = {"respond": "answer", "grant": "answer", "delete": "delete", "anonymise": "delete", "notify": "notify"}
# With how many deadlines of its kind one is compared.
_MOST = 32


class _Deadline(NamedTuple):
    kind: str
    objects: tuple[Definition, ...]
    amount: int
    unit: str
    path: str
    span: Span

    @property
    def words(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.amount} {unit}{'' if self.amount == 1 else 's'}"


def check(policy: Facts) -> Iterator[Finding]:
    before: dict[str, list[_Deadline]] = {}
    for each in _deadlines(policy):
        others = before.setdefault(each.kind, [])
        other = next((other for other in others if _is_ambiguous(policy, each, other)), None)
        if other is not None:
            related = (Related(other.path, other.span, f"{other.words} here"),)
            message = f"{each.words}, where another deadline of its kind is {other.words}"
            yield Finding(message, each.path, each.span, related)
        if len(others) < _MOST:
            others.append(each)


def _deadlines(policy: Facts) -> Iterator[_Deadline]:
    for right in policy.own:
        within = policy.fields(right).get("within") if right.kind == "right" else None
        if within and right.outer is None:
            yield _Deadline("answer", (right,), within[1], within[2], right.file, policy.field_span(right, "within"))
    for sentence in policy.sentences:
        says = sentence.says
        for period in says.periods.get("within", ()) if says.modality != "never" else ():
            span = policy.clause(sentence, "within")
            if period.form != "lasting" or span is None:
                continue
            for name in dict.fromkeys(
                kind for action, kind in _KINDS.items() if any(policy.is_a(x, "action", action) for x in says.actions)
            ):
                yield _Deadline(name, says.objects, period.amount, period.unit, sentence.file, span)


def _is_ambiguous(policy: Facts, one: _Deadline, other: _Deadline) -> bool:
    units = {one.unit, other.unit}
    if units == {"day", "working_day"}:
        return one.amount == other.amount
    days, months = (one, other) if one.unit == "day" else (other, one)
    if units != {"day", "month"} or not 28 <= days.amount / (months.amount or 1) <= 31:
        return False
    return any(policy.order.covers(x, y) or policy.order.covers(y, x) for x in one.objects for y in other.objects)
