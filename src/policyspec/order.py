"""Which term covers which, as bit sets: the taxonomies of a policy, with those of the modules that it imports.

A term covers itself and everything below it. It is also more than what is listed below it, so two terms meet only if
they have a term in common that both cover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain

from policyspec.scope import Definition, Resolution
from policyspec.taxonomy import nearest


class Order:
    """The order of the terms of some resolutions. It remembers what it has computed, and would compute the same again.

    A set of terms is an `int`, in which one bit stands for each term.
    """

    def __init__(self, resolutions: Mapping[str, Resolution]) -> None:
        self.resolutions = resolutions
        # The order of the library's terms alone, which holds for all policies, and then has the same bits.
        self.library = library = _library_of(resolutions.values())
        self.terms: list[Definition] = [*library.terms] if library else []
        self._bit: dict[Definition, int] = {**library._bit} if library else {}
        # The terms that the policy's own files declare.
        self.own = 0
        self._members: dict[Definition, tuple[Definition, ...]] = {**library._members} if library else {}
        self._extended: dict[Definition, list[Definition]] = {}
        # What is directly below a term, but for what the library's order has.
        self._children: dict[Definition, list[Definition]] = {}
        self._above: dict[Definition, int] = {}
        self._below: dict[Definition, int] = {}
        self._meeting: dict[Definition, int] = {}
        self._named: dict[Definition, tuple[Definition, ...]] = {}
        self._fields: dict[tuple[Definition, str], tuple[Definition, ...]] = {}
        self._with_field: dict[str, tuple[Definition, ...]] = {}
        for resolution in self._new:
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
        self.bits(self._children)

    @property
    def _new(self) -> list[Resolution]:
        """The resolutions that the library's order has not."""
        return [each for each in self.resolutions.values() if not (self.library and each.module.is_library)]

    def has(self, term: Definition) -> bool:
        return term in self._bit

    def covering(self, terms: Iterable[Definition]) -> int:
        """All terms that cover one of some terms."""
        found, known = 0, self._above.get
        for each in terms:
            found |= known(each) or self.above(each)
        return found

    def _known(self, term: Definition) -> Order | None:
        """The library's order, if it has the term."""
        return self.library if self.library is not None and term in self.library._bit else None

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
        """The terms in a set, the policy's own first."""
        for part in (bits & self.own, bits & ~self.own):
            while part:
                low = part & -part
                yield self.terms[low.bit_length() - 1]
                part ^= low

    def parents(self, term: Definition) -> Sequence[Definition]:
        """The terms directly above one."""
        if (library := self._known(term)) is not None:
            return library.parents(term)
        resolution = self.resolutions.get(term.module if term.is_library else term.file)
        above = resolution.parents.get(term, ()) if resolution else ()
        return [*above, *self._extended[term]] if term in self._extended else above

    def above(self, term: Definition) -> int:
        """A term and all that cover it."""
        found = self._above.get(term)
        if found is None:
            if (library := self._known(term)) is not None:
                found = library.above(term)
            else:
                found = self.bit(term)
                for each in self.parents(term):
                    if each not in self._above and self._known(each) is None:
                        return self._reached(term, self.parents, self.bit, self._above)
                    found |= self.above(each)
            self._above[term] = found
        return found

    def below(self, term: Definition) -> int:
        """A term and all that it covers."""
        found = self._below.get(term)
        if found is None:
            if (library := self._known(term)) is not None:
                found = self._below[term] = library.below(term) | self._added.get(term, (0, 0))[0]
            elif term in self._children:
                found = self._reached(term, self._under, self.bit, self._below)
            else:
                # Most terms have nothing below them.
                found = self.bit(term)
        return found

    def meeting(self, term: Definition) -> int:
        """The terms that have something in common with one: those that cover it, or something below it."""
        found = self._meeting.get(term)
        if found is None:
            if (library := self._known(term)) is not None:
                found = self._meeting[term] = library.meeting(term) | self._added.get(term, (0, 0))[1]
            elif term in self._children:
                found = self._reached(term, self._under, self.above, self._meeting)
            else:
                found = self.above(term)
        return found

    @cached_property
    def _added(self) -> dict[Definition, tuple[int, int]]:
        """Of the library's terms that the policy has its own below: these, and all that cover one of these."""
        # Many have the same terms of the library above them.
        alike: dict[int, tuple[int, int]] = {}
        for own in self.of(self.own):
            above = self.above(own)
            below, meeting = alike.get(above & ~self.own, (0, 0))
            alike[above & ~self.own] = below | self.bit(own), meeting | above
        found: dict[Definition, tuple[int, int]] = {}
        for uppers, (below, meeting) in alike.items():
            for term in self.of(uppers):
                known = found.get(term, (0, 0))
                found[term] = known[0] | below, known[1] | meeting
        return found

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

    @cached_property
    def broad(self) -> frozenset[Definition]:
        """The terms that the policy has its own below, and perhaps some others."""
        return frozenset((*self._added, *self._children))

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
        return [each for each in self.of(bits) if self.above(each) & bits == self.bit(each)]

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
        found = self._fields.get(key)
        if found is None:
            if (library := self._known(term)) is not None:
                found = library.field(term, name)
            else:
                found = nearest(term, self.parents, lambda each: self.value(each, name)) or ()
            self._fields[key] = found
        return found

    def value(self, term: Definition, name: str) -> tuple[Definition, ...]:
        """The value of a term's own field; empty where it has none."""
        resolution = self.resolutions.get(term.module if term.is_library else term.file)
        found: tuple[Definition, ...] = resolution.fields.get(term, {}).get(name, ()) if resolution else ()
        return found

    def with_field(self, name: str) -> tuple[Definition, ...]:
        """The terms that have a field of their own."""
        if name not in self._with_field:
            fields = chain.from_iterable(resolution.fields.items() for resolution in self._new)
            found = tuple(each for each, values in fields if values.get(name))
            self._with_field[name] = (*found, *self.library.with_field(name)) if self.library else found
        return self._with_field[name]


def _library_of(resolutions: Iterable[Resolution]) -> Order | None:
    """The order of the modules of the library that are among resolutions; None where others put a term of it below
    another, or there are no others.
    """
    library = tuple(each for each in resolutions if each.module.is_library)
    others = [each for each in resolutions if not each.module.is_library]
    if not others or any(term.is_library for each in others for term, _ in each.extensions):
        return None
    return _of_library(library)


# Policies mostly import the same modules.
@lru_cache(maxsize=32)
def _of_library(resolutions: tuple[Resolution, ...]) -> Order:
    return Order({each.module.name: each for each in resolutions})
