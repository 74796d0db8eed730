"""The policy does not say whose it is.

“We” is the provider. Without one, no sentence says who collects and who promises, unless it says `by`, and no reader
knows who is to be held to it.

Say it in the header: `provider: example_shop`.

Bad:

    policy shop { audience: customer  effective: 2026-06-01 }
    collect email for newsletter under consent

Good:

    policy shop { provider: example_shop  audience: customer  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd"
    collect email for newsletter under consent
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding

LEVEL = Severity.WARNING
HELP = "say it in the header with `provider:`"
ABSENCE = True

# Rules of packs that find the same.
SAME = (
    "cn.pipl.handler_not_reachable", "eu.gdpr.controller_not_reachable", "google_play.developer_not_reachable",
    "us.coppa.operator_not_reachable",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    if not policy.provider and not packs.have(policy, *SAME):
        yield policy.of_policy("nothing says whose policy this is, and who “we” are")
