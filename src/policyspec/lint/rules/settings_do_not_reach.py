"""Consent is withdrawn in the settings of the device, which have no switch for these data.

“You can withdraw your consent by turning off the permissions of the system” is no way out where there is no permission
to turn off. On Android there is none for the clipboard in the foreground and for motion sensors, and those that are
granted at installation, such as `ACCESS_WIFI_STATE`, cannot be revoked. Offer a switch in the app. Another way that the
policy names reaches them; where it is there only perhaps (`hedge:`), this is a hint.

Bad:

    collect clipboard for data_synchronisation under consent
    right withdraw is withdrawal_of_consent "Withdrawal" { channel: device_settings }

Good:

    collect contacts for find_friends under consent
    right withdraw is withdrawal_of_consent "Withdrawal" { channel: device_settings }

Good:

    collect clipboard for data_synchronisation under consent
    right withdraw is withdrawal_of_consent "Withdrawal" { channel: device_settings, app_settings }

Good:

    collect email for newsletter under consent
    right withdraw is withdrawal_of_consent "Withdrawal" { channel: app_settings }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import exercise, permissions
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS, Sentence

PACK = "android"
LEVEL = Severity.WARNING
CITE = ("Android: Manifest.permission", "Android: Privacy changes in Android 10")
HELP = "give people a switch in the app for these data"


def check(policy: Facts) -> Iterator[Finding]:
    ways = exercise.ways(policy, "withdrawal_of_consent")
    channels = [each for some in ways.values() for each in some]
    if not any(policy.is_a(each, "channel", "device_settings") for each in channels):
        return
    is_all = all(policy.is_a(each, "channel", "device_settings") for each in channels)
    if not is_all and not any(_is_perhaps(policy, each) for each in policy.sentences):
        return
    related = tuple(policy.see_term(right, "consent is withdrawn here") for right, some in ways.items() if some)
    order, left = policy.order, _without_switch(policy)
    for sentence in policy.practices:
        if not _is_voluntary(policy, sentence):
            continue
        for each in sentence.says.objects:
            found = (order.below(each) & order.own | order.bit(each)) & left
            if found:
                left &= ~found
                terms = shown(*order.highest(found))
                message = f"the settings of the device, where consent is withdrawn, have no switch for {terms}"
                place = policy.place(sentence, each, OBJECTS)
                level = None if is_all else Severity.INFO
                yield policy.of_sentence(sentence, message, place, related=related, level=level)


def _is_perhaps(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence grants the withdrawal of consent in a way that there may be or not."""
    return bool(sentence.fields.get("hedge")) and any(
        policy.is_a(each, "right", "withdrawal_of_consent") for each in sentence.says.objects
    )


def _is_voluntary(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence collects data that people agree to, or may refuse."""
    says = sentence.says
    return (
        any(policy.is_a(each, "action", "collect", "access") for each in says.actions)
        and "without" not in says.clauses
        and (says.necessity == "optional" or any(policy.is_a(each, "basis", "consent") for each in says.terms("under")))
    )


def _without_switch(policy: Facts) -> int:
    """The data that Android lets an app read, without a permission that people could revoke: as a set."""
    clipboard = policy.term("data", "clipboard")
    open_to_all = policy.order.below(clipboard) if clipboard is not None else 0
    return (open_to_all | permissions.opened(policy, "normal_permission")) & ~permissions.asked_for(policy)
