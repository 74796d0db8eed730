"""What is below what: pure functions over the terms directly above each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from policyspec.scope import Definition

T = TypeVar("T")
Above = Callable[[Definition], Sequence[Definition]]
Edge = tuple[Definition, Definition]


def nearest(start: Definition, above: Above, value: Callable[[Definition], T | None]) -> T | None:
    """The value of a term, else that of the nearest term above it that has one."""
    todo, seen = [start], {start}
    while todo:
        each = todo.pop(0)
        if found := value(each):
            return found
        parents = [parent for parent in above(each) if parent not in seen]
        seen.update(parents)
        todo += parents
    return None


def with_all_above(start: Definition, above: Above) -> set[Definition]:
    """A term and everything that covers it."""
    found, todo = {start}, [start]
    while todo:
        parents = [each for each in above(todo.pop()) if each not in found]
        found.update(parents)
        todo += parents
    return found


def cycles(starts: Iterable[Definition], above: Above) -> list[list[Definition]]:
    """Circles whose last edges make the rest acyclic when they are taken out.

    In each, every term is directly below the next, and the last one below the first.
    """
    found: list[list[Definition]] = []
    done: dict[Definition, bool] = {}
    path: list[tuple[Definition, Iterator[Definition]]] = []

    def enter(each: Definition) -> None:
        done[each] = False
        path.append((each, iter(above(each))))

    # Depth first without recursion: taxonomies may be deep.
    for start in starts:
        if start not in done:
            enter(start)
        while path:
            at, parents = path[-1]
            parent = next(parents, None)
            if parent is None:
                done[at] = True
                path.pop()
            elif parent not in done:
                enter(parent)
            elif not done[parent]:
                terms = [each for each, _ in path]
                found.append(terms[terms.index(parent) :])
    return found


def changed_meanings(edges: Iterable[Edge], above: Above, module: str) -> Iterator[tuple[Edge, Definition]]:
    """Edges added by a module that put a term below one that the module has not declared, with that one."""
    added: dict[Definition, list[Definition]] = {}
    edges = list(edges)
    for term, parent in edges:
        added.setdefault(term, []).append(parent)

    def above_now(each: Definition) -> Sequence[Definition]:
        return [*above(each), *added.get(each, ())]

    for term, parent in edges:
        gained = with_all_above(parent, above_now) - with_all_above(term, above)
        earlier = [each for each in gained if each.module != module]
        if earlier:
            yield (term, parent), min(earlier, key=lambda each: each.qualified)


def is_outside(term: Definition, parent: Definition, members: Mapping[Definition, Sequence[Definition]]) -> bool:
    """Whether a parent is a closed exception, and the term is not declared in its braces."""
    if parent not in members:
        return False
    outer: Definition | None = term.outer
    while outer is not None and outer is not parent:
        outer = outer.outer
    return outer is None
