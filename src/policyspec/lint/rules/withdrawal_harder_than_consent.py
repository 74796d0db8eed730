"""Consent is harder to withdraw than to give.

It must be as easy to withdraw consent as to give it. Whoever consents by a click does not have to write a letter,
call or come by to withdraw: where these are the only ways that the policy offers, it says that withdrawing is harder.
How easy the ways really are, only the product shows.

Bad:

    collect email for newsletter under consent via web_form
    right withdraw is withdrawal_of_consent "To withdraw consent" { channel: letter }

Good:

    collect email for newsletter under consent via web_form
    right withdraw is withdrawal_of_consent "To withdraw consent" { channel: opt_out_link, letter }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition

PACK = "eu.gdpr"
LEVEL = Severity.WARNING
CITE = ("GDPR art. 7(3)",)
HELP = "offer a way that is as easy as consenting was, such as a setting or a link"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)

_SLOW = ("letter", "phone_call", "hotline", "in_person")


def check(policy: Facts) -> Iterator[Finding]:
    given = [
        channel
        for each in policy.practices
        if any(policy.is_a(x, "basis", "consent") for x in each.says.terms("under"))
        for channel in each.says.terms("via")
        if channel.kind == "channel"
    ]
    if given and any(_is_slow(policy, each) for each in given):
        return
    rights = [each for each in policy.own if policy.is_a(each, "right", "withdrawal_of_consent")]
    ways = [channel for each in rights for channel in policy.order.field(each, "channel")]
    ways += [
        channel
        for each in (*policy.duties, *policy.practices)
        if any(policy.is_a(x, "right", "withdrawal_of_consent") for x in each.says.objects)
        for channel in each.says.terms("via")
    ]
    if rights and ways and all(_is_slow(policy, each) for each in ways):
        yield Finding(
            f"consent can be withdrawn only by {shown(*ways)}, which may be harder than giving it",
            rights[0].file,
            policy.field_span(rights[0], "channel"),
        )


def _is_slow(policy: Facts, channel: Definition) -> bool:
    return policy.is_a(channel, "channel", *_SLOW)
