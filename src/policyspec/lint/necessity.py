"""What a policy says is required and what optional: pairs of sentences that say it of the same in one context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from policyspec.lint.facts import Facts
from policyspec.lint.grouping import by_object
from policyspec.lint.redundancy import product
from policyspec.scope import Definition
from policyspec.statements import Sentence, Statement

# A term is compared with no more other sentences than this.
_LIMIT = 200


class Pair(NamedTuple):
    """A required term and an optional one that it covers, of sentences in one context.

    `purpose` is one that both sentences name; None where they only may mean the same.
    """

    required: Sentence
    whole: Definition
    optional: Sentence
    part: Definition
    purpose: Definition | None
    is_certain: bool


def pairs(policy: Facts) -> Sequence[Pair]:
    """For each optional term, the first required one that is the same, else one that covers it."""
    return policy.once("necessity", lambda: tuple(_pairs(policy)))


def _pairs(policy: Facts) -> Iterator[Pair]:
    order = policy.order
    required = by_object(each for each in policy.sentences if _says(each, "required"))
    known = order.bits(required)
    for optional in policy.sentences if required else ():
        if _says(optional, "optional"):
            for part in optional.says.objects:
                above = [each for each in order.of(order.above(part) & known) if each is not part]
                wholes = [part, *above] if part in required else above
                found = ((whole, one) for whole in wholes for one in islice(required[whole], _LIMIT))
                pair = next((each for each in found if is_one_context(policy, each[1], optional)), None)
                if pair is not None:
                    yield Pair(pair[1], pair[0], optional, part, *_common(pair[1], optional))


def _says(sentence: Sentence, necessity: str) -> bool:
    says = sentence.says
    return says.necessity == necessity and says.modality != "never" and "without" not in says.clauses


def _common(one: Sentence, other: Sentence) -> tuple[Definition | None, bool]:
    mine, theirs = one.says.terms("for"), other.says.terms("for")
    purpose = next((each for each in theirs if each in mine), None)
    return purpose, purpose is not None or not (mine or theirs)


def is_one_context(policy: Facts, one: Sentence, other: Sentence) -> bool:
    """Whether two sentences may be about the same acts: what they say of who, whose, when, how and what for meets."""

    def meets(mine: tuple[Definition, ...], theirs: tuple[Definition, ...]) -> bool:
        return not mine or not theirs or any(policy.order.common(x, y) for x in mine for y in theirs)

    a, b = one.says, other.says
    if not any(policy.order.covers(x, y) or policy.order.covers(y, x) for x in a.actions for y in b.actions):
        return False
    if product(one) != product(other):
        return False
    # Whose data it is, and in which case, has to be the same: what is said of some is an exception from the rest.
    if {*(a.terms("from") or one.from_)} != {*(b.terms("from") or other.from_)} or {*_case(a)} != {*_case(b)}:
        return False
    return meets(a.terms("by") or one.by, b.terms("by") or other.by) and all(
        meets(a.terms(word), b.terms(word)) for word in ("for", "to", "in", "via")
    )


def _case(says: Statement) -> Iterator[Definition]:
    return (each for each in says.terms("when") if each.kind != "basis")


def is_choice(policy: Facts, item: Iterable[Definition]) -> bool:
    """Whether one of the bases that hold jointly leaves the choice to the person, or to the controller one acts for."""
    return any(policy.is_a(each, "basis", "agreement", "entrustment") for each in item)
