"""Nothing is said of telling people about changes.

Where the policy is how people are told about the processing, a change of it is told to them as well, in the part that
changes. To publish the new version is less: nobody learns of it who does not look.

Bad:

    must publish_policy example when policy_change via web_page

Good:

    must notify user when policy_change via pop_up
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import Sentence

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 17(2)",)
HELP = "promise to tell people what changes, as in `must notify user when policy_change via pop_up`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    changes = [each for each in (*policy.practices, *policy.duties) if _is_of_change(policy, each)]
    for sentence in changes:
        if any(policy.is_a(each, "action", "notify", "ask_consent") for each in sentence.says.actions):
            return
    for sentence in changes:
        if any(policy.is_a(each, "action", "publish_policy") for each in sentence.says.actions):
            yield policy.of_sentence(sentence, "changes are published, and nothing is said of telling people")
            return
    yield policy.of_policy("nothing is said of telling people about changes")


def _is_of_change(policy: Facts, sentence: Sentence) -> bool:
    says = sentence.says
    events = [*says.terms("when"), *(each.event for each in says.periods.get("within", ()) if each.event is not None)]
    return any(policy.is_a(each, "event", "policy_change") for each in events)
