"""The policy does not say how its provider can be reached.

Whoever has a question, or uses a right, needs an address: of mail, of a page, a number. It may stand in the header,
with the provider, or with a channel of the policy's own.

Give it with `contact:`.

Bad:

    policy shop { provider: example_shop  audience: customer  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd"

Good:

    policy shop { provider: example_shop  audience: customer  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd" { contact: "privacy@shop.example" }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs
from policyspec.lint.contact import is_reachable
from policyspec.lint.facts import Facts, Finding

LEVEL = Severity.WARNING
HELP = "give an address with `contact:`, in the header or with the provider"
ABSENCE = True

# Rules of packs that find the same.
SAME = (
    "cn.pipl.handler_not_reachable", "eu.gdpr.controller_not_reachable", "google_play.developer_not_reachable",
    "us.coppa.operator_not_reachable",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    if not is_reachable(policy) and not packs.have(policy, *SAME):
        yield policy.of_policy("nothing says how the provider can be reached")
