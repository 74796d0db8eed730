"""A message is promised by a means that needs data which nobody collects.

A text message needs a phone number, an email an address. If the policy lists the data that are collected, and these
are not among them, the promise cannot be kept: nobody will be told of a breach by text message whose number is not
known. What a person sends needs nothing; the rule is about messages to people.

Leave out what cannot be done, or say that the data are collected, and for what. Of a channel of your own,
`needs: email` says what it cannot work without.

Bad:

    collect ip_address, device_id for security
    must notify user when breach via sms within 72 hours of breach_awareness

Good:

    collect ip_address, phone_number for security
    must notify user when breach via sms within 72 hours of breach_awareness

Good:

    collect ip_address, device_id for security
    must notify user when breach via push within 72 hours of breach_awareness
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import possession, sets
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.scope import Definition

LEVEL = Severity.WARNING
HELP = "leave out the means that cannot be used, or say that you collect what it needs"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    telling = sets.promises(policy) & sets.having(policy, "via") & sets.doing(policy, "notify", "ask_consent")
    known = possession.held(policy) if telling else ()
    has: dict[Definition, bool] = {}
    for sentence in sets.sentences(policy, telling) if known else ():
        says = sentence.says
        if not possession.is_of_provider(policy, sentence):
            continue
        if not any(each.kind == "subject" for each in says.objects):
            continue
        lacking: dict[Definition, None] = {}
        channels: dict[Definition, None] = {}
        for channel in says.terms("via"):
            needs = policy.order.field(channel, "needs") if channel.kind == "channel" else ()
            for need in needs:
                if need not in has:
                    has[need] = possession.may_have(policy, need, known)
                if not has[need]:
                    lacking[need] = channels[channel] = None
        if channels:
            first = next(iter(channels))
            message = f"{doing(sentence)} via {shown(*channels)}, but nobody collects {shown(*lacking)}"
            yield policy.of_sentence(sentence, message, policy.place(sentence, first, "via"))
