"""The policy does not say whom it addresses.

“You” is the audience. Without one, no sentence says whose data it is about, unless it says `from`: users, customers,
applicants, visitors. A section for others may have an `audience:` of its own.

Say it in the header: `audience: user`.

Bad:

    policy shop { provider: example_shop  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd"
    collect email for newsletter under consent

Good:

    policy shop { provider: example_shop  audience: customer  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd"
    collect email for newsletter under consent

Good:

    policy shop { provider: example_shop  effective: 2026-06-01 }
    party example_shop is controller "Example Shop Ltd"
    section "Customers" { audience: customer  collect email for newsletter under consent }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding

LEVEL = Severity.INFO
HELP = "say it in the header with `audience:`"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if policy.policy_fields.get("audience"):
        return
    open_ = [each for each in policy.sentences if not each.from_ and not each.says.terms("from")]
    about = [each for each in open_ if any(term.kind == "data" for term in each.says.objects)]
    if about:
        related = (policy.see(about[0], "whose data this is about, for one, is not said"),)
        yield policy.of_policy("nothing says whom this policy addresses, and who “you” are", related=related)
