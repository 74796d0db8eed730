"""What people may refuse to give rests on something else than their consent.

What the law demands is not optional: without it there is no complying. What people really may keep to themselves,
they give because they agree to it. So one of the two is wrong, the word or the basis. With a contract it may be that
a part of the service is optional and needs the data, with a legitimate interest, and where no basis is stated, that
all is well: there it is a remark.

State consent as the basis, or say that it is required.

Bad:

    collect optional date_of_birth for age_verification under legal_duty

Bad:

    collect optional date_of_birth for promotion under contract

Bad:

    collect optional date_of_birth for promotion

Good:

    collect optional date_of_birth for promotion under consent
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from policyspec.diagnostic import Severity
from policyspec.lint import packs
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.grouping import by_object
from policyspec.lint.necessity import is_choice
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence

LEVEL = Severity.WARNING
HELP = "state consent as the basis, or say that it is required"
ABSENCE = True
_LIMIT = 200
# Bases that leave people no choice.
_NEED = ("required_by_law", "public_task", "vital_interest")


def check(policy: Facts) -> Iterator[Finding]:
    if packs.have(policy, "cn.pipl.optional_without_consent"):
        return
    agreed = by_object(each for each in policy.practices if _is_agreement(policy, each))
    for sentence in policy.practices:
        says = sentence.says
        data = [each for each in says.objects if policy.is_a(each, "data", "personal")]
        if says.necessity != "optional" or not data or "without" in says.clauses:
            continue
        bases = says.clauses.get("under", ())
        if bases and not any(is_choice(policy, item) for item in bases):
            need = [each for each in bases[0] if policy.is_a(each, "basis", *_NEED)]
            first = (need or bases[0])[0]
            message = f"{shown(*data)} is optional, and rests on {shown(first)}"
            level = None if need else Severity.INFO
            yield policy.of_sentence(sentence, message, policy.place(sentence, first, "under"), level=level)
        elif not bases and not any(is_choice(policy, (each,)) for each in says.terms("when")):
            left = [each for each in data if not _is_agreed(policy, sentence, each, agreed)]
            if left:
                verb = "is" if len(left) == 1 else "are"
                message = f"{shown(*left)} {verb} optional, and nothing says that it takes consent"
                span = policy.place(sentence, left[0], OBJECTS)
                yield policy.of_sentence(sentence, message, span, level=Severity.INFO)


def _is_agreement(policy: Facts, sentence: Sentence) -> bool:
    bases = sentence.says.clauses.get("under", ())
    return "without" not in sentence.says.clauses and any(is_choice(policy, item) for item in bases)


def _is_agreed(
    policy: Facts, sentence: Sentence, term: Definition, agreed: Mapping[Definition, list[Sentence]]
) -> bool:
    """Whether another sentence about a datum says that it takes agreement."""
    above = policy.order.of(policy.order.above(term) & policy.order.bits(agreed))
    others = islice((each for upper in above for each in agreed[upper] if each is not sentence), _LIMIT)
    mine = sentence.says.terms("for")
    for theirs in (each.says.terms("for") for each in others):
        if not mine or not theirs or any(policy.order.common(x, y) for x in mine for y in theirs):
            return True
    return False
