"""What a duty or a prohibition promises: which others it answers, as `some must …` and `some never …` ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policyspec.lint.periods import is_within
from policyspec.order import Order
from policyspec.scope import Definition
from policyspec.statements import Statement

_SCOPE = ("by", "from", "to", "for", "under", "when", "in")


def promises(order: Order, says: Statement, pattern: Statement) -> bool:
    """Whether a sentence promises what a pattern says: at least as broadly, with no more exceptions, and as soon."""
    if says.modality != pattern.modality:
        return False
    if says.any_of or pattern.any_of:
        # A choice is promised by one whose branches are all among it.
        is_done = _cover(order, pattern.actions, says.actions)
    else:
        is_done = _cover(order, says.actions, pattern.actions)
    return (
        is_done
        and _cover(order, says.objects, pattern.objects)
        and all(_is_scope(order, says, pattern, word) for word in _SCOPE if word in says.clauses)
        # A more definite safeguard is more.
        and all(any(order.covers(x, y) for y in says.terms("with")) for x in pattern.terms("with"))
        and ("via" not in pattern.clauses or _is_choice(order, says, pattern))
        and all(_is_in_time(order, says, pattern, word) for word in pattern.periods)
        and all(
            any(_is_inside(order, item, lift) for lift in pattern.clauses.get("unless", ()))
            for word in ("unless", "without")
            for item in says.clauses.get(word, ())
        )
    )


def _cover(order: Order, mine: Sequence[Definition], theirs: Iterable[Definition]) -> bool:
    """Whether each of their terms is covered by one of mine."""
    return all(any(order.covers(x, y) for x in mine) for y in theirs)


def _is_scope(order: Order, says: Statement, pattern: Statement, word: str) -> bool:
    """Whether each case of the pattern is one that the sentence speaks of; one with more conditions is narrower."""
    cases = pattern.clauses.get(word, ())
    return bool(cases) and all(
        any(all(any(order.covers(x, y) for y in case) for x in item) for item in says.clauses[word]) for case in cases
    )


def _is_choice(order: Order, says: Statement, pattern: Statement) -> bool:
    """Whether all means that the sentence leaves to choose from are among those of the pattern."""
    return "via" in says.clauses and _cover(order, pattern.terms("via"), says.terms("via"))


def _is_in_time(order: Order, says: Statement, pattern: Statement, word: str) -> bool:
    stated, limits = says.periods.get(word), pattern.periods[word]
    if not limits:
        return stated is not None
    return bool(stated) and all(any(is_within(order, word, each, limit) for limit in limits) for each in stated or ())


def _is_inside(order: Order, item: Sequence[Definition], lift: Sequence[Definition]) -> bool:
    """Whether what the sentence excepts is what the pattern lets it except."""
    return all(any(order.covers(y, x) for x in item) for y in lift)
