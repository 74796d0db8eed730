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
from policyspec.lint import retention
from policyspec.lint.facts import Facts, Finding

PACK = "apple"
LEVEL = Severity.WARNING
CITE = ("App Review Guidelines 5.1.1(i)",)
HELP = "say how long data are kept, and how people have them deleted"
STATUS = "in_force"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    actions = [each for sentence in policy.practices for each in sentence.says.actions]
    if not any(policy.is_a(each, "action", "collect") for each in actions):
        return
    promised = [each for sentence in policy.duties for each in sentence.says.actions]
    rights = [*policy.own, *(each for sentence in policy.sentences for each in sentence.says.objects)]
    if not (
        retention.stated(policy)
        or any(policy.is_a(each, "action", "delete", "anonymise") for each in [*actions, *promised])
        or any(policy.is_a(each, "right", "deletion", "account_closure") for each in rights)
    ):
        yield policy.of_policy("nothing is said of how long data are kept, or how people have them deleted")
