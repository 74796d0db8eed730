"""Whether the provider decides over the data, or acts for another, is not stated.

A controller decides why and how data are processed, and owes people what is in this policy. A processor acts for one,
by its instructions. What a policy may say depends on it: a processor that shares data for purposes of its own is none.

Put the provider below `controller` or `processor`.

Bad:

    policy shop { provider: example_shop  audience: customer  effective: 2026-06-01 }
    party example_shop "Example Shop Ltd" { contact: "privacy@shop.example" }

Good:

    policy shop { provider: example_shop  audience: customer  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd" { contact: "privacy@shop.example" }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding, shown

LEVEL = Severity.INFO
HELP = "put it below `controller` or `processor` with `is`"

# Rules of packs that find the same.
SAME = ("eu.gdpr.provider_role_not_stated", "cn.sdk.sdk_role_not_stated")


def check(policy: Facts) -> Iterator[Finding]:
    if packs.have(policy, *SAME):
        return
    for each in policy.provider:
        if not each.is_library and not policy.is_a(each, "party", "controller", "processor"):
            yield policy.of_term(each, f"nothing says whether {shown(each)} is a controller or a processor")
