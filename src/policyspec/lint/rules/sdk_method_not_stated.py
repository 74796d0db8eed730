"""How an SDK collects something is not stated, though it is of other things.

The operator of an SDK makes clear what personal information it collects, for what, and how: whether the SDK reads it by
itself, with a permission of the system, or whether people give it. A sentence about the same data will do. Found are
gaps in policies that say it of some data; of “additional information” nobody can say how it is collected.

Bad:

    collect hardware_model for streaming via automatic_collection
    collect crash_log for debugging

Good:

    collect hardware_model for streaming via automatic_collection
    collect crash_log for debugging via automatic_collection
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.grouping import as_one
from policyspec.lint.vague import may_be_anything

PACK = "cn.sdk"
LEVEL = Severity.INFO
CITE = ("GB/T 43435-2023, 6.1 b) 1)", "App Method 2019, 2.1")
HELP = "say after `via` whether it is collected automatically, with a permission, or given by the person"
STATUS = "in_force"
SINCE = datetime.date(2024, 6, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    known = sets.objects(policy, sets.promises(policy) & sets.having(policy, "via"))
    if not known:
        return
    is_told, personal = sets.told(policy, known), policy.term("data", "personal")
    collecting = sets.practices(policy) & sets.doing(policy, "collect") & ~sets.having(policy, "via", "without")
    found = []
    for sentence in sets.sentences(policy, collecting):
        # A sentence about all personal data speaks of none.
        unknown = [
            each
            for each in sentence.says.objects
            if each is not personal
            and policy.is_a(each, "data", "personal")
            and not is_told(each)
            and not may_be_anything(policy, each)
        ]
        if unknown:
            found.append((sentence, unknown))
    if found:
        yield as_one(policy, found, "it is not stated how {them} collected")
