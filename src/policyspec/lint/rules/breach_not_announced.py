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
from policyspec.lint.facts import Facts, Finding
from policyspec.scope import Definition
from policyspec.statements import Sentence

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 57(1)",)
HELP = "promise it, as in `must notify user when breach` and `must report regulator when breach`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    told: list[Definition] = []
    for sentence in (*policy.practices, *policy.duties):
        if _is_of_breach(policy, sentence) and any(policy.is_a(x, "action", "notify") for x in sentence.says.actions):
            told += sentence.says.objects
    people = any(each.kind == "subject" or policy.is_a(each, "party", "controller") for each in told)
    authority = any(policy.is_a(each, "party", "government") for each in told)
    if not people and not authority:
        yield policy.of_policy("nothing is said of telling people and the authority of a breach")
    elif not people:
        yield policy.of_policy("nothing is said of telling people of a breach")
    elif not authority:
        yield policy.of_policy("nothing is said of telling the authority of a breach", level=Severity.INFO)


def _is_of_breach(policy: Facts, sentence: Sentence) -> bool:
    says = sentence.says
    events = [*says.terms("when"), *(each.event for each in says.periods.get("within", ()) if each.event is not None)]
    return any(policy.is_a(each, "event", "security_incident", "breach_awareness", "discovery") for each in events)
