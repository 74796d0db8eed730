"""Exceptions: what stands after `unless`, and the closed lists that a policy declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from policyspec.acts import OF_CLAUSE, SCOPE, Item, dimension, of_kind
from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.lint.lists import written
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import Sentence


class Excepted(NamedTuple):
    """An item that a sentence excepts, each term in its dimension, and where it stands."""

    sentence: Sentence
    word: str
    item: Item
    place: Span


def excepted(policy: Facts) -> Sequence[Excepted]:
    """What takes acts out of sentences. After `only`, an exception widens the limit and takes nothing out."""
    return policy.once("excepted", lambda: tuple(_excepted(policy)))


def _excepted(policy: Facts) -> Iterator[Excepted]:
    excepting = sets.having(policy, "unless") | sets.having(policy, "without") & sets.prohibitions(policy)
    for sentence in sets.sentences(policy, excepting):
        if sentence.says.only:
            continue
        for word in ("unless", "without") if sentence.says.modality == "never" else ("unless",):
            for terms, place in written(policy, sentence, word):
                yield Excepted(sentence, word, tuple((of_kind(each), each) for each in terms), place)


def scope(policy: Facts, sentence: Sentence, d: str) -> tuple[tuple[Definition, ...], ...]:
    """The conditions that a sentence has in a dimension, each a list of alternatives."""
    says = sentence.says
    if d in ("act", "obj"):
        return (says.actions if d == "act" else says.objects,)
    words = [word for word in (*OF_CLAUSE, "from", "to") if word in says.clauses]
    found = [
        tuple(term for term in says.terms(word) if dimension(word, term) in ((d, "dest") if d == "in" else (d,)))
        for word in words
    ]
    found = [each for each in found if each]
    if d == "to" and not found and says.modality != "never":
        found = [to for each in says.actions if (to := policy.order.field(each, "to"))][:1]
    return tuple(found)


def can_apply(policy: Facts, one: Excepted) -> bool:
    """Whether something may be both what a sentence is about and what it excepts."""
    for d, term in one.item:
        # Grounds, safeguards and means hold together with others, and populations cut across each other.
        if d not in SCOPE or d in ("from", "source", "by"):
            continue
        for condition in scope(policy, one.sentence, d):
            if not any(policy.order.common(term, each) for each in condition):
                return False
    return True


def takes_all(policy: Facts, one: Excepted) -> bool:
    """Whether an exception covers everything that its sentence is about."""
    if len(one.item) != 1:
        return False
    d, term = one.item[0]
    conditions = scope(policy, one.sentence, d)
    if not conditions and d in ("to", "from"):
        # Who receives it and whose data it is may be left unsaid, but never are nobody.
        return bool(policy.fields(term).get("root"))
    return any(condition and all(policy.order.covers(term, each) for each in condition) for condition in conditions)


def closed(policy: Facts) -> Iterator[tuple[Definition, tuple[Definition, ...]]]:
    """The policy's own exceptions that have members, with these."""
    for each in sets.own_of(policy, "exception"):
        members = policy.order.members(each) if each.name else (each,)
        if members != (each,):
            yield each, tuple(member for member in members if member.name)


def kin(policy: Facts, term: Definition) -> tuple[Definition, ...]:
    """The nearest terms of the library above a term; itself, where there are none."""

    def make() -> tuple[Definition, ...]:
        found: dict[Definition, None] = {}
        todo, seen = [term], {term}
        while todo:
            for each in policy.order.parents(todo.pop()):
                if each.is_library:
                    found[each] = None
                elif each not in seen:
                    seen.add(each)
                    todo.append(each)
        return tuple(found) or (term,)

    # Each is asked for by every member of a list that it may be part of.
    return policy.once(("kin", term), make)


def unlike(policy: Facts, theirs: Iterable[Definition], mine: Iterable[Definition]) -> list[Definition]:
    """The exceptions that have no counterpart among mine: one that is about the same, or about a part of it."""
    order, mine = policy.order, tuple(mine)
    names = {each.name for each in mine}
    near = 0
    for each in mine:
        for sort in kin(policy, each):
            near |= order.above(sort) | order.below(sort)
    return [x for x in theirs if x.name not in names and not order.bits(kin(policy, x)) & near]
