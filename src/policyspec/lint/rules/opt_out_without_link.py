"""People cannot opt out of sale or sharing by a link or a signal.

A business that sells or shares puts a link on its pages and in its app by which people opt out, or obeys opt-out
signals in a way that asks for nothing more. An email address or a telephone number alone is not enough.

Bad:

    right no_sale is opt_out_of_sale "Not to have it sold" { channel: email }

Good:

    right no_sale is opt_out_of_sale "Not to have it sold" { channel: opt_out_link, global_privacy_control }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "us.ccpa"
LEVEL = Severity.WARNING
CITE = ("Cal. Civ. Code 1798.135(a)", "Cal. Civ. Code 1798.135(b)", "11 CCR 7026(a)")
HELP = "name `opt_out_link`, `opt_out_signal` or a setting among the channels of the right"
STATUS = "in_force"
SINCE = datetime.date(2020, 1, 1)
_FAR = ("email", "letter", "phone_call", "hotline", "sms", "in_person", "live_chat", "social_media")


def check(policy: Facts) -> Iterator[Finding]:
    for right in sets.own(policy, "right", "opt_out_of_sale"):
        if right.kind == "right":
            ways = policy.order.field(right, "channel")
            if ways and all(policy.is_a(each, "channel", *_FAR) for each in ways):
                message = f"{shown(right)} needs more than {shown(*ways)}: a link, or a signal that is obeyed"
                yield Finding(message, right.file, policy.field_span(right, "channel"))
