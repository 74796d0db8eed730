"""The youngest that a policy protects are younger than the law's 14.

A guardian decides about the information of children under 14. A policy that speaks only of younger ones, such as
those under 13, leaves some out. A higher age is not found: nothing forbids to protect more.

Bad:

    subject child is user, minor "Child" { age: under 13 years }
    collect display_name from child for registration under guardian_consent

Good:

    subject child is user, minor "Child" { age: under 14 years }
    collect display_name from child for registration under guardian_consent
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import children, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 28(1)", "PIPL art. 31(1)")
HELP = "speak of those under 14, at least for people in China"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)


def check(policy: Facts) -> Iterator[Finding]:
    ages = {
        each: age for each in sets.own(policy, "subject", "minor") if (age := children.years(policy, each)) is not None
    }
    if ages and max(ages.values()) < children.AGE:
        term = max(ages, key=lambda each: ages[each])
        message = f"{shown(term)} are those under {ages[term]}; the law protects children under {children.AGE}"
        yield Finding(message, term.file, policy.field_span(term, "age"))
