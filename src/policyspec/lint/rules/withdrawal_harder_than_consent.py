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
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "eu.gdpr"
LEVEL = Severity.WARNING
CITE = ("GDPR art. 7(3)",)
HELP = "offer a way that is as easy as consenting was, such as a setting or a link"
STATUS = "in_force"
SINCE = datetime.date(2018, 5, 25)

_SLOW = ("letter", "phone_call", "hotline", "in_person")


def check(policy: Facts) -> Iterator[Finding]:
    rights = sets.own(policy, "right", "withdrawal_of_consent")
    if not rights:
        return
    asked = sets.practices(policy) & sets.writing(policy, "under", "basis", "consent") & sets.having(policy, "via")
    given = [
        channel
        for each in sets.sentences(policy, asked)
        for channel in each.says.terms("via")
        if channel.kind == "channel"
    ]
    if given and any(_is_slow(policy, each) for each in given):
        return
    ways = [channel for each in rights for channel in policy.order.field(each, "channel")]
    granted = sets.writing(policy, OBJECTS, "right", "withdrawal_of_consent")
    ways += [
        channel
        for each in sets.sentences(policy, granted & sets.duties(policy), granted & sets.practices(policy))
        for channel in each.says.terms("via")
    ]
    if ways and all(_is_slow(policy, each) for each in ways):
        yield Finding(
            f"consent can be withdrawn only by {shown(*ways)}, which may be harder than giving it",
            rights[0].file,
            policy.field_span(rights[0], "channel"),
        )


def _is_slow(policy: Facts, channel: Definition) -> bool:
    return policy.is_a(channel, "channel", *_SLOW)
