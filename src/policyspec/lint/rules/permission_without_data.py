"""A permission is declared, but the policy says nothing of the data that it opens.

Who may read contacts and does not say so, either asks for a permission that is not needed or processes data that the
policy leaves out. Both are faults: name the data and what they are used for, or leave the permission out.

Bad:

    permission READ_CONTACTS is android.READ_CONTACTS "Contacts"
    collect email for delivery under contract

Good:

    permission READ_CONTACTS is android.READ_CONTACTS "Contacts"
    collect email for delivery under contract
    collect contacts for find_friends under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import permissions, sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.statements import OBJECTS

PACK = "android"
LEVEL = Severity.WARNING
CITE = ("Android: Manifest.permission",)
HELP = "say what is done with the data, or leave the permission out"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    own = sets.own_of(policy, "permission")
    if not own:
        return
    names = permissions.other_names(policy)
    order = policy.order
    used = order.bits(sets.terms(policy, "via"))
    objects = sets.terms(policy, OBJECTS)
    spoken_of = dict.fromkeys(term for each in objects if each.kind == "data" for term in order.named(each))
    about = permissions.sort(policy, spoken_of)
    for each in own:
        if not order.below(each) & used:
            data = permissions.given(policy, permissions.meant(policy, each, names))
            if data and not permissions.is_about(policy, about, data):
                yield policy.of_term(each, f"{shown(each)} opens {shown(*data)}, of which the policy says nothing")
