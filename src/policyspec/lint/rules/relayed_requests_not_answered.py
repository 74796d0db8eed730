"""Requests are left to the app, and nothing is said of what the SDK's operator does with them.

An app passes on what its users ask of an SDK: to see, copy, correct or delete what it has of them. The draft of 2026
has the SDK's operator answer in good time; who acts on instructions helps the controller with it.

Bad:

    grant access, deletion by app_operator

Good:

    grant access, deletion by app_operator
    must assist app_operator when request
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "cn.sdk"
LEVEL = Severity.INFO
CITE = ("Draft App Provisions (2026)", "PIPL art. 59")
HELP = "say it, as in `must assist app_operator when request`"
STATUS = "draft"
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    found = sets.doing(policy, "grant", "assist", "respond")
    answering = [*sets.sentences(policy, found & sets.duties(policy), found & sets.practices(policy))]
    left = [each for each in answering if each.says.terms("by") and not set(each.says.terms("by")) & set(each.by)]
    if answering and len(left) == len(answering):
        place = policy.clause(left[0], "by")
        yield policy.of_sentence(
            left[0], "requests are left to others, and nothing is said of helping with them", place
        )
