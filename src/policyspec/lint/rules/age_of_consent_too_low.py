"""A parent's consent is asked only for children below an age that is lower than any law of the Union allows.

For services offered directly to children, a child may consent alone from 16. A Member State may set a lower age, but
none below 13: who asks parents only below 12, say, takes the word of children who cannot consent.

Bad:

    subject child is user, minor "Child" { age: under 12 years }
    collect email from child for newsletter under guardian_consent

Good:

    subject child is user, minor "Child" { age: under 16 years }
    collect email from child for newsletter under guardian_consent
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "eu.gdpr"
LEVEL = Severity.ERROR
CITE = ("GDPR art. 8(1)",)
HELP = "ask the parents of all children below 16, or below the age of the Member State, which is 13 at the least"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
_LOWEST = 13


def check(policy: Facts) -> Iterator[Finding]:
    minors = sets.own(policy, "subject", "minor")
    if not minors:
        return
    asking = sets.writing_any(policy, sets.CLAUSES, "basis", "guardian_consent")
    asked = {subject for each in sets.sentences(policy, asking) for subject in each.says.terms("from")}
    for subject in minors:
        if subject not in asked:
            continue
        age = policy.fields(subject).get("age")
        if age and age[0] == "under" and age[2] == "year" and age[1] < _LOWEST:
            message = f"{shown(subject)} is under {age[1]}, but no child under {_LOWEST} can consent alone"
            yield Finding(message, subject.file, policy.field_span(subject, "age"))
