"""Dates of the policy are out of order.

A policy that holds from a day before it was published held when nobody could know it. A term that is in force until a
day before it begins is never in force, and data that are kept until a day in the past are gone already.

Correct the date that is wrong.

Bad:

    policy shop { provider: us  audience: customer  released: 2026-06-01  effective: 2025-06-01 }
    party us is controller "Us"

Bad:

    collect email for newsletter under consent keep until 2020-01-01

Good:

    policy shop { provider: us  audience: customer  released: 2026-05-01  effective: 2026-06-01 }
    party us is controller "Us"
    collect email for newsletter under consent keep until 2027-01-01
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Related, Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown

LEVEL = Severity.WARNING
HELP = "correct the date that is wrong"


def check(policy: Facts) -> Iterator[Finding]:
    header, fields = policy.header, policy.policy_fields
    released, effective = fields.get("released"), fields.get("effective")
    if released and effective and effective < released:
        related = (Related(header.file, policy.field_span(header, "released"), "released on this day"),)
        message = f"the policy holds from {effective}, before it was released on {released}"
        yield Finding(message, header.file, policy.field_span(header, "effective"), related)
    dated = {
        each for file in policy.sources for each, fields in policy.resolutions[file].fields.items() if "until" in fields
    }
    for term in policy.own if dated else ():
        fields = policy.fields(term)
        since, until = fields.get("since"), fields.get("until")
        if since and until and until < since:
            related = (Related(term.file, policy.field_span(term, "since"), "in force since this day"),)
            message = f"{shown(term)} is in force until {until}, before it begins on {since}"
            yield Finding(message, term.file, policy.field_span(term, "until"), related)
    begin: datetime.date | None = effective or released
    if begin is None:
        return
    timed = sets.promises(policy) & sets.having(policy, *sets.PERIODS)
    for sentence in sets.sentences(policy, timed):
        for word, periods in sentence.says.periods.items():
            for each in periods:
                if each.date is not None and each.date < begin:
                    message = f"{each.date} is before the day from which the policy holds, {begin}"
                    yield policy.of_sentence(sentence, message, policy.clause(sentence, word))
