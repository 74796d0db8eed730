"""Nothing is said of telling people, or the authority, of a breach.

When personal information leaks, is tampered with or gets lost, or may have, the handler acts at once and tells the
authority and the people concerned: what happened and why, what harm it may do, what is done about it, what they can
do themselves, and whom to ask. People need not be told if measures effectively avert the harm. Whoever only
processes for another tells at least that one.

Bad:

    must report regulator when breach

Good:

    must notify user when breach via push
    must report regulator when breach
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 57(1)",)
HELP = "promise it, as in `must notify user when breach` and `must report regulator when breach`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    telling = sets.at_event(policy, "security_incident", "breach_awareness", "discovery") & sets.promises(policy)
    telling &= sets.doing(policy, "notify") if telling else 0
    told = [each for sentence in sets.sentences(policy, telling) for each in sentence.says.objects]
    people = any(each.kind == "subject" or policy.is_a(each, "party", "controller") for each in told)
    authority = any(policy.is_a(each, "party", "government") for each in told)
    if not people and not authority:
        yield policy.of_policy("nothing is said of telling people and the authority of a breach")
    elif not people:
        yield policy.of_policy("nothing is said of telling people of a breach")
    elif not authority:
        yield policy.of_policy("nothing is said of telling the authority of a breach", level=Severity.INFO)
