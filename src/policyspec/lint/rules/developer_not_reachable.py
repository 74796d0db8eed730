"""Nobody is named to whom questions about privacy can go.

The privacy policy of an app on Google Play names its developer, and a point of contact or a way to send inquiries.

Bad:

    policy app { provider: maker  audience: user  effective: 2026-06-01 }
    import google_play
    party maker is controller "App Maker Ltd"
    subject user is end_user "User"

Good:

    policy app { provider: maker  audience: user  effective: 2026-06-01 }
    import google_play
    party maker is controller "App Maker Ltd" { contact: "privacy@app.example" }
    subject user is end_user "User"
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "google_play"
LEVEL = Severity.WARNING
CITE = ("Google Play: User Data, privacy policy",)
HELP = "give the provider, or the policy, a `contact:`"
STATUS = "in_force"
SINCE = datetime.date(2022, 7, 20)
ABSENCE = True

_WAYS = ("contact", "address", "data_protection_officer")


def check(policy: Facts) -> Iterator[Finding]:
    parties = [policy.policy_fields, *(policy.fields(each) for each in policy.provider)]
    channels = [policy.fields(each) for each in sets.own_of(policy, "channel")]
    if not any(fields.get(way) for fields in [*parties, *channels] for way in _WAYS):
        yield policy.of_policy("nothing is said of how the developer can be reached")
