"""A request is to take longer than the law allows.

A request to know, delete or correct is answered within 45 calendar days, which may be extended once by 45 more if the
person is told; a request to opt out, or to limit the use of sensitive information, is carried out within 15 business
days.

Bad:

    right erase is deletion "To have it deleted" { channel: web_form, hotline  within: 60 days }

Bad:

    must grant opt_out_of_sale within 30 days of request

Good:

    right erase is deletion "To have it deleted" { channel: web_form, hotline  within: 45 days }
    must grant opt_out_of_sale within 15 business days of request
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition

PACK = "us.ccpa"
LEVEL = Severity.ERROR
CITE = ("Cal. Civ. Code 1798.130(a)(2)", "11 CCR 7021", "11 CCR 7026(f)", "11 CCR 7027(g)")
HELP = "promise 45 days to know, delete and correct, and 15 business days to opt out and limit"
STATUS = "in_force"
SINCE = datetime.date(2020, 1, 1)

# What surely is not longer: 45 days hold at most 33 business days, and 15 business days at least 19 days, with holidays
# some more.
_ANSWER = {"minute": 64800, "hour": 1080, "day": 45, "week": 6, "month": 1, "year": 0, "working_day": 33}
_OPT_OUT = {"minute": 34560, "hour": 576, "day": 24, "week": 3, "month": 0, "year": 0, "working_day": 15}
_LIMITS = (
    (("access", "deletion", "correction"), _ANSWER, "45 days"),
    (("opt_out_of_sale", "limit_sensitive_use"), _OPT_OUT, "15 business days"),
)


def check(policy: Facts) -> Iterator[Finding]:
    slow: dict[tuple[Definition, str], list[Definition]] = {}
    for right in sets.own_of(policy, "right"):
        within = policy.fields(right).get("within")
        if within and (limit := _exceeded(policy, right, within[1], within[2])):
            slow.setdefault((policy.declared_in(right, "within"), limit), []).append(right)
    for (owner, limit), rights in slow.items():
        message = f"{shown(*rights)} may take longer than {limit}"
        yield Finding(message, owner.file, policy.field_span(owner, "within"))
    timed = sets.having(policy, "within") & ~sets.having(policy, "when") & sets.doing(policy, "grant")
    for sentence in sets.sentences(policy, timed & sets.duties(policy), timed & sets.practices(policy)):
        says = sentence.says
        for each in says.periods["within"]:
            late = [x for x in says.objects if each.form == "lasting" and _exceeded(policy, x, each.amount, each.unit)]
            if late:
                message = f"{shown(*late)} may take longer than {_exceeded(policy, late[0], each.amount, each.unit)}"
                yield policy.of_sentence(sentence, message, policy.clause(sentence, "within"))


def _exceeded(policy: Facts, right: Definition, amount: int, unit: str) -> str:
    """The limit that a time exceeds, in words; empty if none."""
    for rights, most, shown_as in _LIMITS:
        if policy.is_a(right, "right", *rights) and amount > most.get(unit, amount):
            return shown_as
    return ""
