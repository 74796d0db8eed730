"""The policy does not say from when on it holds.

Readers have to know which version holds for them, and what held when they agreed. Rules of laws need the day too: they
report what is not yet in force on it as a remark.

Say it in the header: `effective: 2026-06-01`.

Bad:

    policy shop { provider: example_shop  audience: customer }
    party example_shop is controller "Example Shop Ltd"

Good:

    policy shop { provider: example_shop  audience: customer  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd"
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding

LEVEL = Severity.INFO
HELP = "say it in the header with `effective:`"
ABSENCE = True

# Rules of packs that find the same.
SAME = ("cn.gbt35273.policy_not_dated",)


def check(policy: Facts) -> Iterator[Finding]:
    if not policy.policy_fields.get("effective") and not packs.have(policy, *SAME):
        yield policy.of_policy("nothing says from when on this policy holds")
