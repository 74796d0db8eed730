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
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.vague import may_be_anything
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

PACK = "cn.sdk"
LEVEL = Severity.INFO
CITE = ("GB/T 43435-2023, 6.1 b) 1)", "App Method 2019, 2.1")
HELP = "say after `via` whether it is collected automatically, with a permission, or given by the person"
STATUS = "in_force"
SINCE = datetime.date(2024, 6, 1)
ABSENCE = True

_MAX_RELATED = 4


def check(policy: Facts) -> Iterator[Finding]:
    known = 0
    for sentence in (*policy.practices, *policy.duties):
        if sentence.says.says("via"):
            for each in sentence.says.objects:
                known |= policy.order.below(each)
    found = [
        (sentence, unknown)
        for sentence in policy.practices
        if not sentence.says.says("via") and (unknown := list(_unknown(policy, sentence, known)))
    ]
    if found and known:
        # One finding, for a policy that says it nowhere would have one at each sentence.
        places = [(each, policy.place(each, unknown[0], OBJECTS)) for each, unknown in found]
        related = tuple(policy.see(each, "and here", span) for each, span in places[1 : _MAX_RELATED + 1])
        data = [each for _, unknown in found for each in unknown]
        message = f"it is not stated how {shown(*data)} {'is' if len(set(data)) == 1 else 'are'} collected"
        yield policy.of_sentence(found[0][0], message, places[0][1], related=related)


def _unknown(policy: Facts, sentence: Sentence, known: int) -> Iterator[Definition]:
    """The data that a sentence collects of which nothing is said. One about all personal data speaks of none."""
    says, order = sentence.says, policy.order
    if "without" in says.clauses or not any(policy.is_a(each, "action", "collect") for each in says.actions):
        return
    for each in says.objects:
        parts = [part for part in order.named(each) if part is not each]
        if (
            policy.is_a(each, "data", "personal")
            and each is not policy.term("data", "personal")
            and not known & order.bit(each)
            and not may_be_anything(policy, each)
            and not (parts and all(known & order.bit(part) for part in parts))
        ):
            yield each
