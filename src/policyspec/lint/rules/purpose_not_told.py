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
    known = 0
    for sentence in policy.sentences:
        says = sentence.says
        if says.modality != "never" and says.says("for"):
            if any(policy.is_a(each, "action", "collect", "use", "store", "process") for each in says.actions):
                for each in says.objects:
                    known |= policy.order.below(each)
    for sentence in policy.practices:
        says = sentence.says
        if "without" in says.clauses or not any(policy.is_a(each, "action", "collect") for each in says.actions):
            continue
        terms = [each for each in says.objects if _is_judged(policy, each) and not _is_known(policy, each, known)]
        if terms:
            place = policy.place(sentence, terms[0], OBJECTS)
            verb = "is" if len(terms) == 1 else "are"
            yield policy.of_sentence(sentence, f"{shown(*terms)} {verb} collected, and nothing says what for", place)


def _is_judged(policy: Facts, term: Definition) -> bool:
    if not policy.is_a(term, "data", "personal") or policy.fields(term).get("root"):
        return False
    return not may_be_anything(policy, term)


def _is_known(policy: Facts, term: Definition, known: int) -> bool:
    """Whether a purpose is told of a term, or of each of the policy's own terms below it."""
    parts = [each for each in policy.order.named(term) if each is not term]
    return bool(known & policy.order.bit(term)) or (
        bool(parts) and all(known & policy.order.bit(each) for each in parts)
    )
