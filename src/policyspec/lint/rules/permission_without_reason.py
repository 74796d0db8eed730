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
from policyspec.lint import sets
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
    used = order.bits(
        each
        for sentence in sets.sentences(policy, via & sets.promises(policy) & sets.having(policy, "for"))
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
