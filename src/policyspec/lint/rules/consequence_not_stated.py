"""What follows if one does not give what is required is not stated.

A notice says whether a law or a contract requires the data, or a contract cannot be concluded without them, and what
may happen if one does not give them. `collect required … under contract` or `under legal_duty` says the first;
`refusal:` in the sentence's braces says the second.

Bad:

    collect required name, delivery_address for delivery under contract

Good:

    collect required name, delivery_address for delivery under contract {
      refusal: "We cannot deliver without them"
    }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, doing

PACK = "eu.gdpr"
LEVEL = Severity.WARNING
CITE = ("GDPR art. 13(2)(e)",)
HELP = 'say it in the sentence\'s braces: `refusal: "…"`'
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)
ABSENCE = True
_MAX_LISTED = 4


def check(policy: Facts) -> Iterator[Finding]:
    owed = sets.writing(policy, "under", "basis", "contract", "required_by_law") & sets.doing(policy, "collect")
    silent = [
        each
        for each in sets.sentences(policy, owed & sets.practices(policy))
        if each.says.necessity == "required" and not each.fields.get("refusal")
    ]
    if silent:
        first, *others = silent
        related = tuple(policy.see(each, "and of this") for each in others[:_MAX_LISTED])
        yield policy.of_sentence(
            first, f"say what follows if one refuses what {doing(first)} requires", related=related
        )
