"""Whether the operator of the SDK acts for the app or for itself is not stated.

Who informs people and asks for their consent depends on it: an SDK that decides itself what it collects and for what
does so on a page of its own, one that follows the app's instructions leaves it to the app.

Bad:

    policy kit { provider: us  audience: user  effective: 2026-06-01 }
    import cn.sdk
    party us "Us"
    subject user is end_user "User"
    collect device_info for streaming via automatic_collection

Good:

    policy kit { provider: us  audience: user  effective: 2026-06-01 }
    import cn.sdk
    party us is processor "Us" { on_behalf_of: app_operator }
    subject user is end_user "User"
    collect device_info for streaming via automatic_collection
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.sdk"
LEVEL = Severity.WARNING
CITE = ("TC260-PG-20205A, appendix B", "PIPL art. 21, 73(1)")
HELP = "say `is processor`, with `on_behalf_of:`, or `is controller`"
STATUS = "draft"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    for each in policy.provider:
        if not policy.is_a(each, "party", "controller", "processor"):
            yield policy.of_term(each, f"it is not stated whether {shown(each)} acts for the app or for itself")
