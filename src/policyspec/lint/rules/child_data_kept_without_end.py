"""Children's information is kept forever, or for a time that the notice does not tell.

An operator keeps a child's information only as long as its purpose reasonably needs, and never indefinitely. It has a
written retention policy with the purposes, the need to keep and the time of deletion, which is part of the notice on
its website or service. What is said of a datum anywhere counts here.

Bad:

    subject kid is user, child_under_13 "Child under 13"
    collect username from kid for registration under parental_consent

Bad:

    subject kid is user, child_under_13 "Child under 13"
    store username from kid for registration under parental_consent keep forever

Good:

    subject kid is user, child_under_13 "Child under 13"
    collect username from kid for registration under parental_consent
    must delete personal within 30 days of account_closure
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import children, retention, sets
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.statements import OBJECTS

PACK = "us.coppa"
LEVEL = Severity.ERROR
CITE = ("16 CFR 312.10", "16 CFR 312.4(d)")
HELP = "say with `keep` when it is deleted"
STATUS = "in_force"
SINCE = datetime.date(2026, 4, 22)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if not sets.is_named(policy, "subject", "child_under_13", module=PACK):
        return
    unstated = retention.unstated(policy)
    for sentence in policy.practices:
        if not children.are_among(policy, sentence, "child_under_13", PACK):
            continue
        if any(each.form == "forever" for each in sentence.says.periods.get("keep", ())):
            span = policy.clause(sentence, "keep")
            yield policy.of_sentence(sentence, f"{doing(sentence)} keeps children's information forever", span)
        elif terms := unstated.get(sentence):
            place = policy.place(sentence, terms[0], OBJECTS)
            yield policy.of_sentence(sentence, f"say when you delete {shown(*terms)} of children", place)
