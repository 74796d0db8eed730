"""Nothing is said of how data are protected.

Google Play asks the privacy policy of an app to describe secure handling of personal and sensitive user data. What is
done with data `with encryption`, or a sentence about protecting them, will do.

Bad:

    collect email for delivery under contract

Good:

    collect email for delivery under contract
    protect personal with encryption_in_transit

Good:

    collect email for delivery under contract with encryption_in_transit
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding

PACK = "google_play"
LEVEL = Severity.WARNING
CITE = ("Google Play: User Data, privacy policy",)
HELP = "say how the data are protected, such as with encryption on their way"
STATUS = "in_force"
SINCE = datetime.date(2022, 7, 20)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    says = [sentence.says for sentence in policy.sentences if sentence.says.modality != "never"]
    if not any(policy.is_a(action, "action", "collect") for each in says for action in each.actions):
        return
    if not any(
        each.says("with") or any(policy.is_a(action, "action", "protect", "apply") for action in each.actions)
        for each in says
    ):
        yield policy.of_policy("nothing is said of how data are protected")
