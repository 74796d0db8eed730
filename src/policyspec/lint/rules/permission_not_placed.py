"""A permission of the policy's own has the name of one of Android's, but is not said to be that.

A declaration such as `permission CAMERA "Camera"` makes a term that has nothing to do with Android's `CAMERA`: no rule
knows what it opens, or whether people can revoke it. Say with `is` which one it is.

Bad:

    permission CAMERA "Camera"
    collect camera_image for publish_media under consent via CAMERA

Good:

    permission CAMERA is android.CAMERA "Camera"
    collect camera_image for publish_media under consent via CAMERA
"""

from collections.abc import Iterator

from policyspec.diagnostic import Edit, Fix, Severity
from policyspec.lint import permissions, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.source import Span

PACK = "android"
LEVEL = Severity.WARNING
CITE = ("Android: Manifest.permission",)
HELP = "say which permission of Android it is, with `is`"
FIX = "unsafe"


def check(policy: Facts) -> Iterator[Finding]:
    names = permissions.other_names(policy)
    for each in sets.own_of(policy, "permission"):
        if policy.order.parents(each):
            continue
        meant = names.get(each.name.upper(), ())
        if meant:
            end = Span(each.name_span.end, each.name_span.end)
            fixes = tuple(Fix(f"add `is {one.qualified}`", (Edit(end, f" is {one.qualified}"),)) for one in meant)
            message = f"{shown(each)} is not said to be Android's {' or '.join(shown(one) for one in meant)}"
            yield policy.of_term(each, message, fixes=fixes)
