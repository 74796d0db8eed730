"""What happens to the data when the retention period is over is not stated.

A notice says how long personal information is kept, and what is done with it then: that it is deleted, anonymised, or
given back. Found are policies that state a period and stop there. Deletion on request, after withdrawal or where
something went wrong is another matter. The duty is that of who decides on purposes and means; an entrusted party does
well to say it too, so there it is a hint.

Bad:

    store email keep 1 year
    must delete email when deletion_request

Good:

    store email keep 1 year
    must delete or anonymise email when retention_end
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import roles, sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS, Sentence

PACK = "cn.network_data"
LEVEL = Severity.WARNING
CITE = ("Network data regulations (2024) art. 21(1)(3)",)
HELP = "say what is done with the data then, as in `must delete or anonymise personal when retention_end`"
STATUS = "in_force"
SINCE = datetime.date(2025, 1, 1)
ABSENCE = True

# Deletion at these events is for one person, or puts something right.
_SPECIAL = (
    "request", "withdrawal", "objected", "complaint", "unlawful_processing", "accidental_collection",
    "minor_data_found", "backup_update", "account_closure",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    handling = sets.promises(policy) & sets.doing(policy, "delete", "anonymise", "return")
    if any(_is_handling(policy, each) for each in sets.sentences(policy, handling)):
        return
    kept = sets.promises(policy) & sets.keeping(policy, "lasting", "until", "while")
    if not kept & sets.writing(policy, OBJECTS, "data", "personal"):
        return
    is_processor = policy.provider and roles.processors(policy) == policy.provider
    level = Severity.INFO if is_processor else None
    yield policy.of_policy("it is not stated what happens to the data when the retention period is over", level=level)


def _is_handling(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence that deletes data or the like says what is done with them in the end."""
    says = sentence.says
    events = [*says.terms("when"), *(each.event for each in says.periods.get("within", ()) if each.event)]
    return not events or any(not policy.is_a(each, "event", *_SPECIAL) for each in events)
