"""Nothing is said of how data are deleted, or how people have them deleted.

Apple asks the privacy policy of an app to explain its retention and deletion, and to describe how people withdraw
consent or ask for deletion. A right to deletion or to close the account, a duty to delete, or a period after which
data are no longer kept will do.

Bad:

    collect email for delivery under contract

Good:

    right delete_data is deletion "Deletion" { channel: email }
    collect email for delivery under contract

Good:

    collect email for delivery under contract
    store email keep until account_closure
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import retention, sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS

PACK = "apple"
LEVEL = Severity.WARNING
CITE = ("App Review Guidelines 5.1.1(i)",)
HELP = "say how long data are kept, and how people have them deleted"
STATUS = "in_force"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    if not sets.doing(policy, "collect") & sets.practices(policy):
        return
    if not (
        retention.stated(policy)
        or sets.doing(policy, "delete", "anonymise") & sets.promises(policy)
        or sets.own(policy, "right", "deletion", "account_closure")
        or sets.writing(policy, OBJECTS, "right", "deletion", "account_closure")
    ):
        yield policy.of_policy("nothing is said of how long data are kept, or how people have them deleted")
