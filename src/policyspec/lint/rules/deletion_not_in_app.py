"""An account cannot be deleted from within the app.

Apple asks for that, where accounts can be created in the app. A link in the app to a page on the web where the
deletion is completed will do, an address for emails will not, but for apps in highly regulated fields. Ways that the
policy names in words of its own are taken to be what is asked for.

Bad:

    right delete_account is account_closure "Deleting the account" { channel: email }

Good:

    right delete_account is account_closure "Deleting the account" { channel: account_settings }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import exercise
from policyspec.lint.facts import Facts, Finding, shown

PACK = "apple"
LEVEL = Severity.WARNING
CITE = ("App Review Guidelines 5.1.1(v)",)
HELP = "name the place in the app, if accounts can be created in it"
STATUS = "in_force"
SINCE = datetime.date(2022, 6, 30)

_WAYS = ("settings", "in_app_form", "in_app_message", "web_page", "web_form", "privacy_dashboard")


def check(policy: Facts) -> Iterator[Finding]:
    for right, ways in exercise.ways(policy, "account_closure").items():
        if ways and not any(exercise.is_open(policy, each) or policy.is_a(each, "channel", *_WAYS) for each in ways):
            yield policy.of_term(right, f"{shown(right)} names no way in the app, but {shown(*ways)}")
