"""For which version of the SDK the policy holds is not stated.

Apps keep old versions of an SDK for years. The draft of 2026 asks its operator to list what each version collects.
The `version:` in the header is taken as that, and so is a section whose `product:` names versions.

Bad:

    collect device_info for streaming via automatic_collection

Good:

    policy kit { provider: us  audience: user  effective: 2026-06-01  version: "3.2" }
    import cn.sdk
    party us is processor "Us" { on_behalf_of: app_operator }
    subject user is end_user "User"
    collect device_info for streaming via automatic_collection
"""

import re
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding
from policyspec.syntax import nodes

PACK = "cn.sdk"
LEVEL = Severity.INFO
CITE = ("Draft App Provisions (2026)",)
HELP = "give the header a `version:`, or sections a `product:` that names the versions that they are about"
STATUS = "draft"
ABSENCE = True

_VERSION = re.compile(r"\d+\.\d|\bversions?\b|版本", re.IGNORECASE)


def check(policy: Facts) -> Iterator[Finding]:
    if policy.policy_fields.get("version"):
        return
    named = [text for text, _ in policy.policy_fields.get("product", ())]
    for item in policy.items:
        if type(item.node) is nodes.Section:
            for field in item.node.fields:
                if field.name.text == "product":
                    named += [each.text for each in field.values if type(each) is nodes.Title]
    if not any(_VERSION.search(each) for each in named):
        yield policy.of_policy("it is not stated for which version of the SDK the policy holds")
