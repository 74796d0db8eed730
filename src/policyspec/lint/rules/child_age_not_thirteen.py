"""Children are said to be younger than the law takes them to be.

The Rule protects children under 13. A subject that stands for them, but ends at a lower age, leaves some of them out.

Bad:

    subject kid is user, child_under_13 "Child" { age: under 12 years }

Good:

    subject kid is user, child_under_13 "Child" { age: under 13 years }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "us.coppa"
LEVEL = Severity.WARNING
CITE = ("16 CFR 312.2",)
HELP = "say `age: under 13 years`, or leave it out"
STATUS = "in_force"
SINCE = datetime.date(2000, 4, 21)
_AGE = 13


def check(policy: Facts) -> Iterator[Finding]:
    children = sets.own(policy, "subject", "child_under_13", module=PACK)
    ages = {each: age for each in children if (age := policy.fields(each).get("age"))}
    # Several groups may make up all children: then no single one has to.
    if len(ages) == 1:
        ((child, age),) = ages.items()
        if age[0] == "under" and age[2] == "year" and age[1] < _AGE:
            message = f"{shown(child)} ends at {age[1]}, but children are those under {_AGE}"
            yield Finding(message, child.file, policy.field_span(child, "age"))
