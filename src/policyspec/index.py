"""Which of many conditions the words of a sentence may meet, as bit sets: so that each sentence costs a few lookups,
however many prohibitions or rules there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from policyspec.order import Order
from policyspec.scope import Definition


class Index:
    """Entries, each with terms in some dimensions. A set of entries is an `int`, with a bit for the number of each.

    An entry is met in a dimension if one of its terms there is among those `near` a written term, which are a set of
    terms; one that says nothing of a dimension is met there by all. What an entry lacks here, it may still ask for.
    """

    def __init__(
        self, order: Order, entries: Sequence[Mapping[str, Iterable[Definition]]], near: Callable[[Definition], int]
    ) -> None:
        self._order = order
        self._near = near
        self._general: Index | None = None
        self.all = (1 << len(entries)) - 1
        self._written: dict[str, dict[Definition, int]] = {}
        self._speaking: dict[str, int] = {}
        for number, entry in enumerate(entries):
            for d, terms in entry.items():
                written = self._written.setdefault(d, {})
                for term in terms:
                    written[term] = written.get(term, 0) | 1 << number
                self._speaking[d] = self._speaking.get(d, 0) | 1 << number
        self._bits = {d: order.bits(written) for d, written in self._written.items()}
        self._rows: dict[tuple[str, Definition], int] = {}
        # With the alternatives themselves, which so stay what their id stands for.
        self._of_alternatives: dict[tuple[str, int], tuple[int, Sequence[Any]]] = {}

    def of_policy(self, order: Order) -> Index:
        """The same index for the order of a policy, made of one for that of the library, by what covers terms."""
        made = copy(self)
        made._order, made._near, made._general = order, order.above, self
        made._rows, made._of_alternatives = {}, {}
        return made

    def silent(self, d: str) -> int:
        """The entries that say nothing of a dimension."""
        return self.all & ~self._speaking.get(d, 0)

    def of(self, d: str, alternative: Definition | frozenset[Definition] | None) -> int:
        """The entries that an alternative meets in a dimension: of what holds jointly, one term suffices."""
        if alternative is None:
            return self.silent(d)
        if not isinstance(alternative, frozenset):
            return self._row(d, alternative)
        found = self.silent(d)
        for term in alternative:
            found |= self._row(d, term)
        return found

    def any(self, dims: Mapping[str, Sequence[Any]]) -> int:
        """The entries that are met in every dimension by some alternative there."""
        left = self.all
        for d in self._speaking:
            left &= self._any(d, dims[d])
            if not left:
                break
        return left

    def _row(self, d: str, term: Definition) -> int:
        found = self._rows.get((d, term))
        if found is None:
            if self._general is not None and self._general._order.has(term):
                found = self._general._row(d, term)
            else:
                found = self.silent(d)
                for each in self._order.of(self._near(term) & self._bits.get(d, 0)):
                    found |= self._written[d][each]
            self._rows[(d, term)] = found
        return found

    def _any(self, d: str, alternatives: Sequence[Any]) -> int:
        kept = self._of_alternatives.get((d, id(alternatives)))
        if kept is None:
            found = 0
            for each in alternatives:
                found |= self.of(d, each)
            kept = self._of_alternatives[(d, id(alternatives))] = found, alternatives
        return kept[0]


def numbers(bits: int) -> Iterator[int]:
    """The numbers of what is in a set, in order."""
    # As a text: to take one bit after another off a large number takes time with the square of its length.
    digits = bin(bits)[:1:-1]
    number = digits.find("1")
    while number >= 0:
        yield number
        number = digits.find("1", number + 1)
