"""No ground is stated for what is collected.

There has to be a ground: consent, or another one of the law's list. That a notice names it is good practice; the law
does not ask for it. A ground that is said anywhere of collecting, using or storing the same for the same counts. What
is optional and what is sensitive have rules of their own.

Bad:

    collect email for delivery

Good:

    collect email for delivery under contract

Good:

    collect email for delivery
    use, store email for delivery under contract
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.grouping import by_object
from policyspec.lint.vague import may_be_anything
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

PACK = "cn.pipl"
LEVEL = Severity.INFO
CITE = ("PIPL art. 13(1)",)
HELP = "say what it rests on: consent, or another ground of art. 13(1)"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True
_LIMIT = 200


def check(policy: Facts) -> Iterator[Finding]:
    grounded = by_object(_grounded(policy))
    for sentence in policy.practices:
        says = sentence.says
        if says.says("under") or says.says("without") or says.necessity == "optional":
            continue
        if not any(policy.is_a(each, "action", "collect") for each in says.actions):
            continue
        data = [
            each
            for each in says.objects
            if policy.is_a(each, "data", "personal")
            and not policy.is_a(each, "data", "sensitive_personal_information", module=PACK)
            and not may_be_anything(policy, each)
            and not _is_grounded(policy, sentence, each, grounded)
        ]
        if data:
            place = policy.place(sentence, data[0], OBJECTS)
            yield policy.of_sentence(sentence, f"no ground is stated for {shown(*data)}", place)


def _grounded(policy: Facts) -> Iterable[Sentence]:
    """The sentences that state a ground for having something, whatever the case."""
    process = policy.term("action", "process")
    for each in (*policy.practices, *policy.duties):
        says = each.says
        if says.says("under") and not says.says("when") and not says.says("without"):
            if any(one is process or policy.is_a(one, "action", "collect", "use", "store") for one in says.actions):
                yield each


def _is_grounded(
    policy: Facts, sentence: Sentence, term: Definition, grounded: Mapping[Definition, list[Sentence]]
) -> bool:
    """Whether another sentence states a ground for a datum and a purpose."""
    mine = sentence.says.terms("for")
    above = policy.order.of(policy.order.above(term) & policy.order.bits(grounded))
    for other in islice((each for upper in above for each in grounded[upper]), _LIMIT):
        theirs = other.says.terms("for")
        if not theirs or any(policy.order.common(x, y) for x in mine for y in theirs):
            return True
    return False
