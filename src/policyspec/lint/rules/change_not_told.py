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
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 17(2)",)
HELP = "promise to tell people what changes, as in `must notify user when policy_change via pop_up`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    changes = sets.at_event(policy, "policy_change") & sets.promises(policy)
    if changes and changes & sets.doing(policy, "notify", "ask_consent"):
        return
    published = changes & sets.doing(policy, "publish_policy") if changes else 0
    for sentence in sets.sentences(policy, published & sets.practices(policy), published & sets.duties(policy)):
        yield policy.of_sentence(sentence, "changes are published, and nothing is said of telling people")
        return
    yield policy.of_policy("nothing is said of telling people about changes")
