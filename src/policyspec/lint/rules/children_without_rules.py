"""Children under 14 are among those whose information is processed, and there are no rules made for that.

Whoever processes the information of children under 14 makes rules of processing for it. They may stand in a document
of their own, which the policy refers to: `must apply minors_rules`.

Bad:

    subject child is user, minor "Child" { age: under 14 years }
    collect display_name from child for registration under guardian_consent

Good:

    subject child is user, minor "Child" { age: under 14 years }
    safeguard children_rules is minors_rules "Rules for children's information"
    collect display_name from child for registration under guardian_consent with children_rules

Good:

    subject child is user, minor "Child" { age: under 14 years }
    never collect personal from child
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import children, sets
from policyspec.lint.facts import Facts, Finding, shown

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 31(2)", "Network data regulations (2024) art. 21(2)")
HELP = "refer to the rules made for children's information, as in `must apply minors_rules`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    own = children.children(policy)
    if not own or children.are_kept_out(policy, own):
        return
    if not sets.is_named(policy, "safeguard", "minors_rules"):
        yield policy.of_term(own[0], f"nothing is said of rules made for the information of {shown(*own)}")
