"""Information is collected, and no purpose is told.

People are told what their information is processed for. A purpose that is said anywhere of collecting, using or
storing an item, or something above it, counts. Sentences about personal information as a whole are left alone, and so
are those about “additional information” that may be anything: they speak of what others say in detail.

Bad:

    collect email, age for registration under contract
    collect contacts under consent

Good:

    collect email, age for registration under contract
    collect contacts for find_friends under consent
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.vague import may_be_anything
from policyspec.scope import Definition
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.ERROR
CITE = ("PIPL art. 17(1)(2)", "PIPL art. 6(1)")
HELP = "say with `for` what it is collected for"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    told = sets.promises(policy) & sets.having(policy, "for")
    is_told = sets.told(policy, sets.objects(policy, told & sets.doing(policy, "collect", "use", "store", "process")))
    collecting = sets.practices(policy) & sets.doing(policy, "collect") & ~sets.having(policy, "without")
    for sentence in sets.sentences(policy, collecting):
        terms = [each for each in sentence.says.objects if not is_told(each) and _is_judged(policy, each)]
        if terms:
            place = policy.place(sentence, terms[0], OBJECTS)
            verb = "is" if len(terms) == 1 else "are"
            yield policy.of_sentence(sentence, f"{shown(*terms)} {verb} collected, and nothing says what for", place)


def _is_judged(policy: Facts, term: Definition) -> bool:
    if not policy.is_a(term, "data", "personal") or policy.fields(term).get("root"):
        return False
    return not may_be_anything(policy, term)
