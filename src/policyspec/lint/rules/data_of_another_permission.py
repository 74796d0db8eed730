"""Data are said to come from a permission that does not open them.

`collect contacts via CAMERA` cannot be true: contacts come from `READ_CONTACTS`. Either the wrong permission is named,
or the one that is needed is missing.

Bad:

    collect contacts for find_friends under consent via android.CAMERA

Good:

    collect contacts for find_friends under consent via android.READ_CONTACTS

Good:

    collect contacts, photo for find_friends under consent via android.READ_CONTACTS, android.CAMERA
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import permissions, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

PACK = "android"
LEVEL = Severity.WARNING
CITE = ("Android: Manifest.permission",)
HELP = "name the permission that opens the data"


def check(policy: Facts) -> Iterator[Finding]:
    asked = sets.naming(policy, "via", *(each for each in sets.terms(policy, "via") if each.kind == "permission"))
    if not asked & sets.practices(policy):
        return
    names = permissions.other_names(policy)
    order, opening = policy.order, permissions.opening(policy)
    for sentence in sets.sentences(policy, asked & sets.practices(policy)):
        via = sentence.says.terms("via")
        real = [one for each in via if each.kind == "permission" for one in permissions.meant(policy, each, names)]
        data = permissions.given(policy, real)
        # Beside a permission of which the library names no data, anything may be meant.
        if not data or not all(order.field(each, "gives") for each in real):
            continue
        for each in sentence.says.objects:
            if policy.is_a(each, "data", "location") and any(policy.is_a(one, "data", "location") for one in data):
                # One permission for locations in place of another is what rules in the language find.
                continue
            right = [permission for permission, opened in opening.items() if opened & order.bit(each)]
            if right and not permissions.is_about(policy, permissions.sort(policy, (each,)), data):
                wanted = " or ".join(map(shown, right))
                message = f"{shown(*real)} does not open {shown(each)}, but {wanted} does"
                yield policy.of_sentence(sentence, message, policy.place(sentence, each, OBJECTS))
