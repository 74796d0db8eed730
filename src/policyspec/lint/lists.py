"""The lists of clauses as they are written: where an item stands, and how to take one out."""

from __future__ import annotations

from bisect import bisect_left

from policyspec.diagnostic import Edit
from policyspec.lint.facts import Facts
from policyspec.lint.removal import without
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import Sentence
from policyspec.syntax.nodes import Clause


def written(policy: Facts, sentence: Sentence, word: str) -> list[tuple[tuple[Definition, ...], Span]]:
    """The items after a clause word, each with its place; `etc` is none."""
    clause = _clause(sentence, word)
    places = [each.span.shifted(sentence.base) for each in clause.items if each.names] if clause is not None else []
    return list(zip(sentence.says.clauses.get(word, ()), places, strict=False))


def without_item(policy: Facts, sentence: Sentence, word: str, place: Span) -> Edit | None:
    """The edit that takes an item out of a clause: with its comma, or with the clause if it is the only item."""
    clause = _clause(sentence, word)
    if clause is None:
        return None
    items, base = clause.items, sentence.base
    number = bisect_left(items, place.start, key=lambda each: each.span.start + base)
    if number == len(items) or items[number].span.start + base != place.start:
        return None
    if len(items) == 1:
        return without(policy.sources[sentence.file], clause.span.shifted(base))
    if number == 0:
        return Edit(Span(place.start, items[1].span.start + base), "")
    return Edit(Span(items[number - 1].span.end + base, place.end), "")


def _clause(sentence: Sentence, word: str) -> Clause | None:
    return next((each for each in sentence.node.statement.clauses if each.word.text == word), None)
