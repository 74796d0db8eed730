"""A permission is listed, and not what it is asked for.

The operator of an SDK makes clear which permissions of the system it asks for, and for what. A sentence that uses the
permission says so. Where the permissions are those of Android, a sentence that gives no purpose is found by its pack.

Bad:

    import android
    permission CAMERA is android.CAMERA "Camera"
    collect hardware_model for streaming via automatic_collection

Bad:

    permission camera "Camera"
    collect camera_image under consent via camera

Good:

    import android
    permission CAMERA is android.CAMERA "Camera"
    collect camera_image for publish_media under consent via CAMERA
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("GB/T 43435-2023, 6.1 b) 2)", "App Method 2019, 2.3")
HELP = "say what it is for, as in `use camera_image for publish_media via CAMERA`"
STATUS = "in_force"
SINCE = datetime.date(2024, 6, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    order, via = policy.order, sets.having(policy, "via")
    telling = via & sets.promises(policy)
    if not packs.have(policy, "android.permission_without_purpose"):
        telling &= sets.having(policy, "for")
    used = order.bits(
        each
        for sentence in sets.sentences(policy, telling)
        for each in sentence.says.terms("via")
        if each.kind == "permission"
    )
    for permission in sets.own_of(policy, "permission"):
        if not (order.above(permission) | order.below(permission)) & used:
            yield policy.of_term(permission, f"it is not said what {shown(permission)} is asked for")
    bare = {
        each: sentence
        for sentence in reversed([*sets.sentences(policy, via & sets.practices(policy))])
        for each in sentence.says.terms("via")
        if each.kind == "permission" and each.is_library
    }
    for each, sentence in bare.items():
        if not order.below(each) & used:
            place = policy.place(sentence, each, "via")
            yield policy.of_sentence(sentence, f"it is not said what {shown(each)} is asked for", place)
