"""Ages contradict each other.

Everybody who is below a term is what the term says. A subject of whom some are older than the limit of the one it is
below cannot be one of them; and a title that says “under 14” does not go with `age: under 13`. Who is told two ages
does not know which of them decides about consent.

Correct the age that is wrong, or put the subject below another one.

Bad:

    subject young_person is minor "Young person" { age: under 14 years }
    subject pupil is young_person "Pupil" { age: under 16 years }

Bad:

    subject young_person is minor "Child under 14" { age: under 13 years }

Bad:

    subject young_person is minor "未满十四周岁的儿童"@zh { age: under 16 years }

Good:

    subject young_person is minor "Young person under 16" { age: under 16 years }
    subject pupil is young_person "Pupil under 14" { age: under 14 years }
"""

import re
from collections.abc import Iterator
from typing import Any

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.numbering import value
from policyspec.lint.texts import titles

LEVEL = Severity.WARNING
HELP = "correct the age that is wrong, or put the subject below another one"

# In months; of days and the like nobody's age is made.
_MONTHS = {"month": 1, "year": 12}
_UNDER = re.compile(
    r"\b(?:under|below|younger than|less than)\s+(?:the\s+age\s+of\s+)?(\d{1,2})\b"
    r"|(?:未满|不满|小于|低于)\s*([一二三四五六七八九十]{1,3}|\d{1,2})\s*(?:周)?岁"
    r"|(\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:周)?岁以下",
    re.I,
)
_FOREVER = 12 * 1000
_Range = tuple[int, int]


def check(policy: Facts) -> Iterator[Finding]:
    for term in policy.own:
        age = policy.fields(term).get("age") if term.kind == "subject" else None
        mine = _range(age)
        if age is None or mine is None:
            continue
        for upper in policy.order.of(policy.order.above(term) & ~policy.order.bit(term)):
            limit = policy.fields(upper).get("age")
            theirs = _range(limit)
            if theirs is not None and not (theirs[0] <= mine[0] and mine[1] <= theirs[1]):
                related = () if upper.is_library else (policy.see_term(upper, "this one has another limit"),)
                message = f"not all {shown(term)} are {shown(upper)}: {_said(age)}, and {_said(limit)}"
                yield Finding(message, term.file, policy.field_span(term, "age"), related)
                break
        for title in titles(policy, term):
            found = _UNDER.search(title.text)
            years = value(found[1] or found[2] or found[3]) if found else ""
            if found and years.isdigit() and age[0] in ("under", "at_most") and int(years) * 12 != mine[1]:
                message = f"“{found[0]}”, but `age: {_said(age)}`"
                yield Finding(message, title.path, title.span(*found.span()))
                break


def _range(age: Any) -> _Range | None:
    """The ages that a limit admits, in months, the end exclusive."""
    if not age or age[2] not in _MONTHS:
        return None
    word, months = age[0], age[1] * _MONTHS[age[2]]
    if word == "at_least":
        return months, _FOREVER
    if word == "exactly":
        return months, months + _MONTHS[age[2]]
    return 0, months + (_MONTHS[age[2]] if word == "at_most" else 0)


def _said(age: Any) -> str:
    """A limit as one writes it."""
    word = "" if age[0] == "exactly" else f"{age[0].replace('_', ' ')} "
    return f"{word}{age[1]} {age[2]}{'' if age[1] == 1 else 's'}"
