"""An SDK that acts for apps does not ask them to inform their users.

An SDK that has no page of its own cannot inform people or ask for their consent: the app does, before it starts the
SDK. The operator of such an SDK says so, in its policy or in what it publishes for developers.

Bad:

    policy kit { provider: us  audience: user  effective: 2026-06-01 }
    import cn.sdk
    party us is processor "Us" { on_behalf_of: app_operator }
    subject user is end_user "User"
    collect device_info for streaming via automatic_collection

Good:

    policy kit { provider: us  audience: user  effective: 2026-06-01 }
    import cn.sdk
    party us is processor "Us" { on_behalf_of: app_operator }
    subject user is end_user "User"
    collect device_info for streaming via automatic_collection
    must ask_consent user by app_operator when first_run { imposed_by: us }
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import roles, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.sdk"
LEVEL = Severity.INFO
CITE = ("TC260-PG-20205A, appendix B",)
HELP = "say it, as in `must ask_consent user by app_operator`"
STATUS = "draft"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if roles.processors(policy) != policy.provider:
        return
    informing = sets.doing(policy, "notify", "ask_consent", "obtain", "publish_policy")
    for sentence in sets.sentences(policy, informing & sets.duties(policy) & sets.having(policy, "by")):
        if any(each not in policy.provider for each in sentence.says.terms("by")):
            return
    if policy.provider:
        name = shown(*policy.provider)
        yield policy.of_policy(f"{name} acts for apps, and does not ask them to inform their users")
