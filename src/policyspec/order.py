"""Which term covers which, as bit sets: the taxonomies of a policy, with those of the modules that it imports.

A term covers itself and everything below it. It is also more than what is listed below it, so two terms meet only if
they have a term in common that both cover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from policyspec.scope import Definition, Resolution
from policyspec.taxonomy import nearest


class Order:
    """The order of the terms of some resolutions. It remembers what it has computed, and would compute the same again.

    A set of terms is an `int`, in which one bit stands for each term.
    """

    def __init__(self, resolutions: Mapping[str, Resolution]) -> None:
        self.resolutions = resolutions
        self.terms: list[Definition] = []
        self._bit: dict[Definition, int] = {}
        # The terms that the policy's own files declare.
        self.own = 0
        self._extended: dict[Definition, list[Definition]] = {}
        self._above: dict[Definition, int] = {}
        self._below: dict[Definition, int] = {}
        self._meeting: dict[Definition, int] = {}
        self._named: dict[Definition, tuple[Definition, ...]] = {}
        self._members: dict[Definition, tuple[Definition, ...]] = {}
        self._children: dict[Definition, list[Definition]] = {}
        self._fields: dict[tuple[Definition, str], tuple[Definition, ...]] = {}
        for resolution in resolutions.values():
            self._members |= resolution.module.members
            for term, parent in resolution.extensions:
                self._extended.setdefault(term, []).append(parent)
            for each, parents in resolution.parents.items():
                self.bit(each)
                for parent in parents:
                    self._children.setdefault(parent, []).append(each)
        for term, added in self._extended.items():
            for parent in added:
                self._children.setdefault(parent, []).append(term)

    def bit(self, term: Definition) -> int:
        """The set of this term alone."""
        found = self._bit.get(term)
        if found is None:
            found = self._bit[term] = 1 << len(self.terms)
            self.terms.append(term)
            if not term.is_library:
                self.own |= found
        return found

    def bits(self, terms: Iterable[Definition]) -> int:
        found, known = 0, self._bit.get
        for each in terms:
            found |= known(each) or self.bit(each)
        return found

    def of(self, bits: int) -> Iterator[Definition]:
        """The terms in a set."""
        while bits:
            low = bits & -bits
            yield self.terms[low.bit_length() - 1]
            bits ^= low

    def parents(self, term: Definition) -> Sequence[Definition]:
        """The terms directly above one."""
        resolution = self.resolutions.get(term.module if term.is_library else term.file)
        above = resolution.parents.get(term, ()) if resolution else ()
        return [*above, *self._extended[term]] if term in self._extended else above

    def above(self, term: Definition) -> int:
        """A term and all that cover it."""
        found = self._above.get(term)
        if found is None:
            # Mostly, what covers the terms directly above it is known.
            known = [self._above.get(each) for each in self.parents(term)]
            if None in known:
                return self._reached(term, self.parents, self.bit, self._above)
            found = self.bit(term)
            for each in known:
                found |= each or 0
            self._above[term] = found
        return found

    def below(self, term: Definition) -> int:
        """A term and all that it covers."""
        found = self._below.get(term)
        if found is None:
            # Most terms have nothing below them.
            is_alone = term not in self._children
            found = self.bit(term) if is_alone else self._reached(term, self._under, self.bit, self._below)
        return found

    def meeting(self, term: Definition) -> int:
        """The terms that have something in common with one: those that cover it, or something below it."""
        found = self._meeting.get(term)
        return self._reached(term, self._under, self.above, self._meeting) if found is None else found

    def _under(self, term: Definition) -> Sequence[Definition]:
        return self._children.get(term, ())

    def _reached(
        self,
        term: Definition,
        step: Callable[[Definition], Sequence[Definition]],
        own: Callable[[Definition], int],
        known: dict[Definition, int],
    ) -> int:
        """The union of `own` over a term and all that steps lead to; of these it is known from then on, too."""
        todo, waiting = [term], set[Definition]()
        while todo:
            at = todo[-1]
            new = [] if at in waiting else [each for each in step(at) if each not in known and each not in waiting]
            if new:
                waiting.add(at)
                todo += new
                continue
            todo.pop()
            if at not in known:
                found = own(at)
                for each in step(at):
                    if each not in known:
                        # Two files can make a circle together: then what comes of a part of it is no use.
                        found = self._walked(at, step, own)
                        break
                    found |= known[each]
                known[at] = found
        return known[term]

    def _walked(
        self, term: Definition, step: Callable[[Definition], Sequence[Definition]], own: Callable[[Definition], int]
    ) -> int:
        found, seen, todo = 0, {term}, [term]
        while todo:
            at = todo.pop()
            found |= own(at)
            new = {*step(at)} - seen
            seen |= new
            todo += new
        return found

    def covers(self, upper: Definition, lower: Definition) -> bool:
        """Whether `lower` is `upper`, or below it."""
        if upper is lower:
            return True
        above = self._above.get(lower)
        return bool((self.above(lower) if above is None else above) & self.bit(upper))

    def common(self, one: Definition, other: Definition) -> int:
        """The terms that both cover: where there are none, the two are apart."""
        return self.below(one) & self.below(other) if self.meeting(one) & self.bit(other) else 0

    def highest(self, bits: int) -> list[Definition]:
        """The terms of a set that no other one of it covers, in order."""
        return [each for each in self.of(bits) if not self.above(each) & bits & ~self.bit(each)]

    def members(self, term: Definition) -> tuple[Definition, ...]:
        """What a written term stands for: an exception with members for exactly these, all else for itself."""
        found, todo = [], [term]
        while todo:
            each = todo.pop(0)
            inside = self._members.get(each, ())
            if not inside:
                found.append(each)
            todo += inside
        return tuple(found)

    def named(self, term: Definition) -> tuple[Definition, ...]:
        """What a policy speaks of under a word: its members, or itself, and the policy's own terms below it."""
        found = self._named.get(term)
        if found is None:
            if term.kind == "exception":
                found = self.members(term)
            else:
                found = (term, *self.of(self.below(term) & self.own & ~self.bit(term)))
            self._named[term] = found
        return found

    def field(self, term: Definition, name: str) -> tuple[Definition, ...]:
        """The terms of a term's field, else those of the nearest term above it that has it."""
        key = (term, name)
        if key not in self._fields:
            self._fields[key] = nearest(term, self.parents, lambda each: self.value(each, name)) or ()
        return self._fields[key]

    def value(self, term: Definition, name: str) -> tuple[Definition, ...]:
        """The value of a term's own field; empty where it has none."""
        resolution = self.resolutions.get(term.module if term.is_library else term.file)
        found: tuple[Definition, ...] = resolution.fields.get(term, {}).get(name, ()) if resolution else ()
        return found

    def with_field(self, name: str) -> tuple[Definition, ...]:
        """The terms that have a field of their own."""
        fields = chain.from_iterable(resolution.fields.items() for resolution in self.resolutions.values())
        return tuple(each for each, values in fields if values.get(name))
