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
from policyspec.lint import sets
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
    collecting = sets.practices(policy) & sets.doing(policy, "collect") & ~sets.having(policy, "under", "without")
    if not collecting:
        return
    grounded = by_object(_grounded(policy))
    known = policy.order.bits(grounded)
    for sentence in sets.sentences(policy, collecting):
        says = sentence.says
        if says.necessity == "optional":
            continue
        data = [
            each
            for each in says.objects
            if policy.is_a(each, "data", "personal")
            and not policy.is_a(each, "data", "sensitive_personal_information", module=PACK)
            and not may_be_anything(policy, each)
            and not _is_grounded(policy, sentence, each, grounded, known)
        ]
        if data:
            place = policy.place(sentence, data[0], OBJECTS)
            yield policy.of_sentence(sentence, f"no ground is stated for {shown(*data)}", place)


def _grounded(policy: Facts) -> Iterable[Sentence]:
    """The sentences that state a ground for having something, whatever the case."""
    process = policy.term("action", "process")
    having = sets.doing(policy, "collect", "use", "store")
    having |= sets.naming(policy, sets.ACTIONS, *filter(None, (process,)))
    having &= sets.having(policy, "under") & ~sets.having(policy, "when", "without")
    return sets.sentences(policy, having & sets.practices(policy), having & sets.duties(policy))


def _is_grounded(
    policy: Facts, sentence: Sentence, term: Definition, grounded: Mapping[Definition, list[Sentence]], known: int
) -> bool:
    """Whether another sentence states a ground for a datum and a purpose."""
    mine = sentence.says.terms("for")
    above = policy.order.of(policy.order.above(term) & known)
    for other in islice((each for upper in above for each in grounded[upper]), _LIMIT):
        theirs = other.says.terms("for")
        if not theirs or any(policy.order.common(x, y) for x in mine for y in theirs):
            return True
    return False
