"""Rights are granted, and nothing is said of when requests are answered.

The law asks for an answer in good time, the standard for one within 30 days. Whoever makes a request wants to know
how long to wait. A sentence on answering people will do, whatever they ask. The number was not checked against the
standard, so this is a hint.

Bad:

    grant access, deletion via email

Good:

    grant access, deletion via email
    must respond user within 15 working days
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS

PACK = "cn.gbt35273"
LEVEL = Severity.INFO
CITE = ("GB/T 35273-2020, 8.7", "PIPL art. 50(1)")
HELP = "say when, as in `must respond user within 15 working days`"
STATUS = "draft"
ABSENCE = True

_RIGHTS = ("access", "copy", "correction", "supplement", "deletion", "account_closure", "portability")


def check(policy: Facts) -> Iterator[Finding]:
    if any(policy.fields(each).get("within") for each in sets.own_of(policy, "right")):
        return
    answering = sets.promises(policy) & sets.doing(policy, "grant", "respond")
    if answering & sets.having(policy, "within"):
        return
    if sets.own(policy, "right", *_RIGHTS) or answering & sets.writing(policy, OBJECTS, "right", *_RIGHTS):
        yield policy.of_policy("nothing is said of when requests are answered")
