"""The operator cannot be reached by post, telephone and email.

The notice gives the name, address, telephone number and email address of every operator that collects or keeps
children's information through the service, or of one that answers for all.

Bad:

    policy game { provider: us  audience: user  effective: 2026-06-01 }
    import us.coppa
    party us is controller "Us" { contact: "hello@us.example" }

Good:

    policy game { provider: us  audience: user  effective: 2026-06-01 }
    import us.coppa
    party us is controller "Us" {
      address: "1 Example Street, Springfield"
      contact: "hello@us.example", "+1 555 0100 200"
    }
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown

PACK = "us.coppa"
LEVEL = Severity.ERROR
CITE = ("16 CFR 312.4(d)(1)",)
HELP = "give it an `address:`, and a telephone number and an email address as `contact:`"
STATUS = "in_force"
SINCE = datetime.date(2000, 4, 21)
ABSENCE = True
_DIGITS = 7


def check(policy: Facts) -> Iterator[Finding]:
    general = policy.policy_fields.get("contact", ())
    for each in policy.provider:
        fields = policy.fields(each)
        contacts = [*fields.get("contact", ()), *general]
        missing = [] if fields.get("address") else ["address"]
        if not any(sum(letter.isdigit() for letter in text) >= _DIGITS for text in contacts):
            missing.append("telephone number")
        if not any("@" in text for text in contacts):
            missing.append("email address")
        if missing and not each.is_library:
            yield policy.of_term(each, f"say the {' and '.join(missing)} of {shown(each)}")
