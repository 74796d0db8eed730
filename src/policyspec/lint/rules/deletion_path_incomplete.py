"""An account can be deleted only in the app, or only outside of it.

Google Play asks for both, where accounts can be created in the app: a way to delete the account in the app, and a page
on the web for those who no longer have the app. An email address is neither. Ways that the policy names in words of
its own are taken to be what is asked for.

Bad:

    right delete_account is account_closure "Deleting the account" { channel: account_settings }

Good:

    right delete_account is account_closure "Deleting the account" { channel: account_settings, web_form }

Bad:

    right delete_account is account_closure "Deleting the account"
    must grant delete_account via email
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import exercise
from policyspec.lint.facts import Facts, Finding, shown

PACK = "google_play"
LEVEL = Severity.WARNING
CITE = ("Google Play: User Data, account deletion requirement",)
HELP = "name the place in the app and the page on the web, if accounts can be created in the app"
STATUS = "in_force"
SINCE = datetime.date(2023, 12, 7)


def check(policy: Facts) -> Iterator[Finding]:
    for right, ways in exercise.ways(policy, "account_closure").items():
        if not ways or any(exercise.is_open(policy, each) for each in ways):
            continue
        in_app = any(policy.is_a(each, "channel", "settings", "in_app_form", "in_app_message") for each in ways)
        on_web = any(policy.is_a(each, "channel", "web_page", "web_form", "privacy_dashboard") for each in ways)
        if not (in_app and on_web):
            lacks = "in the app" if on_web else "on the web" if in_app else "in the app, nor one on the web"
            yield policy.of_term(right, f"{shown(right)} names no way {lacks}")
