"""A right is listed, and nothing says how it is exercised.

“You have the right to have your data deleted” is of no use to a reader who cannot find out where to ask. A right needs
a `channel:` or `fallback:`, somebody who fulfils it (`by:`), or a sentence that grants it (`must grant erase via
account_settings`). What is said of a right holds for those below it. Rights that are not asked for, such as to be
informed, or that others grant, such as to complain to an authority, need none.

Where the policy gives an address of its provider, readers will try that: then it is a remark.

Bad:

    right erase is deletion "To have your data deleted"

Good:

    right erase is deletion "To have your data deleted" { channel: account_settings }

Good:

    right erase is deletion "To have your data deleted"
    must grant erase within 1 month of request
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.contact import is_reachable
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition

LEVEL = Severity.WARNING
HELP = "give it a `channel:`, or say in a sentence how it is granted"
ABSENCE = True

# What is not asked for, or not asked of the provider.
_NOT_ASKED = (
    "information", "decision", "complaint_to_authority", "judicial_remedy", "compensation", "discontinuation_notice",
    "correction_notice", "reasons_for_refusal", "non_discrimination",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    order = policy.order
    granted = {
        each
        for sentence in policy.sentences
        if sentence.says.modality != "never"
        for each in sentence.says.objects
        if each.kind == "right"
    }
    fulfilled = {each for each in policy.own if each.kind == "right" and _has_way(policy, each)}
    known = order.bits(granted | fulfilled)
    level = Severity.INFO if is_reachable(policy) else None
    for each in policy.own:
        if each.kind != "right" or policy.is_a(each, "right", *_NOT_ASKED):
            continue
        if not (order.above(each) | order.below(each)) & known:
            yield policy.of_term(each, f"nothing says how {shown(each)} is exercised", level=level)


def _has_way(policy: Facts, right: Definition) -> bool:
    return any(policy.order.field(right, name) for name in ("channel", "fallback", "by"))
