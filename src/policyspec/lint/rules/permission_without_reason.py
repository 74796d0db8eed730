"""A permission is listed, and not what it is asked for.

The operator of an SDK makes clear which permissions of the system it asks for, and for what. A sentence that uses the
permission says so.

Bad:

    import android
    permission CAMERA is android.CAMERA "Camera"
    collect camera_image under consent via CAMERA

Good:

    import android
    permission CAMERA is android.CAMERA "Camera"
    collect camera_image for publish_media under consent via CAMERA
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("GB/T 43435-2023, 6.1 b) 2)", "App Method 2019, 2.3")
HELP = "say what it is for, as in `use camera_image for publish_media via CAMERA`"
STATUS = "in_force"
SINCE = datetime.date(2024, 6, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    used = [
        each
        for sentence in (*policy.practices, *policy.duties)
        if sentence.says.says("for")
        for each in sentence.says.terms("via")
        if each.kind == "permission"
    ]
    for permission in policy.own:
        if permission.kind == "permission" and not any(
            policy.order.covers(each, permission) or policy.order.covers(permission, each) for each in used
        ):
            yield policy.of_term(permission, f"it is not said what {shown(permission)} is asked for")
    bare = {
        each: sentence
        for sentence in reversed(policy.practices)
        for each in sentence.says.terms("via")
        if each.kind == "permission" and each.is_library and each not in used
    }
    for each, sentence in bare.items():
        if not any(policy.order.covers(each, other) for other in used):
            place = policy.place(sentence, each, "via")
            yield policy.of_sentence(sentence, f"it is not said what {shown(each)} is asked for", place)
