"""Two sentences keep the same data for the same purpose, and not equally long.

A reader cannot know which of them holds. The rule compares sentences that speak of the same datum under the same
circumstances: data kept longer for another purpose, under another ground, of other people or in another country are no
conflict, and neither is what holds for a part of the data. A minimum and a maximum agree where both can be kept.

Say it once, or say what makes the difference: a purpose, a ground, a circumstance.

Bad:

    store order_information for delivery under contract keep 2 years after transaction
    store name, order_information for delivery under contract keep 5 years after transaction

Good:

    store order_information for delivery under contract keep 2 years after transaction
    store name, order_information for accounting under legal_duty keep 5 years after transaction

Good:

    store order_information for delivery keep at least 2 years after transaction
    store order_information for delivery keep 3 years after transaction
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.periods import is_no_longer
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Period, Sentence

LEVEL = Severity.WARNING
HELP = "say it once, or say what makes the difference: a purpose, a ground or a circumstance"

# With how many sentences about a datum another is compared.
_MOST = 16
# A month and 30 days are the same here.
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "working_day": 1.4, "week": 7, "month": 30.4, "year": 365}
# What sets two sentences apart, if they do not say the same there.
_APART = ("by", "under", "when", "unless", "in", "to", "with", "without")


def check(policy: Facts) -> Iterator[Finding]:
    before: dict[Definition, list[tuple[Sentence, frozenset[Definition]]]] = {}
    for sentence in sets.sentences(policy, sets.promises(policy) & sets.having(policy, "keep")):
        periods, purposes = sentence.says.periods["keep"], frozenset(sentence.says.terms("for"))
        if not periods:
            continue
        differing: dict[Sentence, list[Definition]] = {}
        for each in sentence.says.objects:
            others = before.setdefault(each, [])
            for other, theirs in others:
                if purposes.isdisjoint(theirs) and (purposes or theirs):
                    continue
                if _is_about_same(sentence, other) and not _agree(periods, other.says.periods["keep"]):
                    differing.setdefault(other, []).append(each)
                    break
            if len(others) < _MOST:
                others.append((sentence, purposes))
        for other, terms in differing.items():
            verb = "is" if len(terms) == 1 else "are"
            message = f"{shown(*terms)} {verb} kept for another time than in another sentence"
            related = (policy.see(other, "the other time", policy.clause(other, "keep")),)
            place = policy.place(sentence, terms[0], OBJECTS)
            yield policy.of_sentence(sentence, message, place, related=related)


def _is_about_same(one: Sentence, other: Sentence) -> bool:
    """Whether two sentences say the same but for data and purposes."""
    if {*(one.says.terms("from") or one.from_)} != {*(other.says.terms("from") or other.from_)}:
        return False
    return all({*one.says.terms(word)} == {*other.says.terms(word)} for word in _APART)


def _agree(ones: tuple[Period, ...], others: tuple[Period, ...]) -> bool:
    """Whether some way to keep the data is in line with both."""
    return any(_meet(one, other) for one in ones for other in others)


def _meet(one: Period, other: Period) -> bool:
    if one == other or "quoted" in (one.form, other.form):
        return True
    if "while" in (one.form, other.form):
        # While something lasts, and then until some time after.
        return "forever" not in (one.form, other.form)
    if one.form != "lasting" or other.form != "lasting" or one.event is not other.event:
        return False
    for each, limit in ((one, other), (other, one)):
        is_short = is_no_longer(each.amount, each.unit, limit.amount, limit.unit)
        if limit.word == "at_least" and each.word != "at_least":
            return not is_short or is_no_longer(limit.amount, limit.unit, each.amount, each.unit)
        if limit.word == "at_most" and not each.word:
            return is_short
    days, others = one.amount * _DAYS[one.unit], other.amount * _DAYS[other.unit]
    return bool(one.word) or abs(days - others) <= max(days, others) / 20
