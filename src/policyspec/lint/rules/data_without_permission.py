"""Data that Android guards with a permission are collected, and a permission list does not have it.

A policy that lists the permissions of its app should list all of them: an app that records sound needs `RECORD_AUDIO`.
It may be that the data come in another way, as when people enter or upload them; then the sentence should say so (`via
user_submission`). Policies that name no permission at all are left alone.

Bad:

    permission CAMERA is android.CAMERA "Camera"
    collect camera_image for publish_media under consent via CAMERA
    collect microphone_audio for publish_media under consent

Good:

    permission CAMERA is android.CAMERA "Camera"
    permission RECORD_AUDIO is android.RECORD_AUDIO "Microphone"
    collect camera_image for publish_media under consent via CAMERA
    collect microphone_audio for publish_media under consent via RECORD_AUDIO

Good:

    permission CAMERA is android.CAMERA "Camera"
    collect camera_image for publish_media under consent via CAMERA
    collect contacts for find_friends under consent via user_submission
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import permissions
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS, Sentence

PACK = "android"
LEVEL = Severity.WARNING
CITE = ("Android: Manifest.permission",)
HELP = "name the permission, or say in which other way the data are obtained"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    order, named = policy.order, permissions.named(policy, permissions.other_names(policy))
    guarded = policy.term("data", "guarded", permissions.ANDROID)
    if not named or guarded is None:
        return
    opening = permissions.opening(policy)
    left = order.below(guarded) & permissions.asked_for(policy) & ~permissions.asked_for(policy, named)
    for sentence in policy.practices:
        if not _reads_device(policy, sentence):
            continue
        for each in sentence.says.objects:
            found = (order.below(each) & order.own | order.bit(each)) & left
            left &= ~found
            for term in order.highest(found):
                needed = " or ".join(shown(one) for one, opened in opening.items() if opened & order.bit(term))
                message = f"{shown(term)} needs {needed}, which the policy does not name"
                yield policy.of_sentence(sentence, message, policy.place(sentence, each, OBJECTS))


def _reads_device(policy: Facts, sentence: Sentence) -> bool:
    """Whether a sentence says, or leaves open, that data are read from the device by the app."""
    says = sentence.says
    if not any(policy.is_a(each, "action", "collect", "access") for each in says.actions):
        return False
    if "without" in says.clauses or "by" in says.clauses or any(each.kind == "party" for each in says.terms("from")):
        return False
    automatic = policy.term("channel", "automatic_collection")
    via = says.terms("via")
    return not via or (automatic is not None and any(policy.order.covers(each, automatic) for each in via))
