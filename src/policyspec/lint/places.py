"""The items of a text, and what is in their braces, as places: what a suppression or a known finding is about.

An item is a sentence, a declaration, a section; in its braces are fields, children, judgements, questions. Their places
lie side by side or one inside of the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.syntax.parser import Tree


class Place(NamedTuple):
    """Where a node stands, and the number of the place around it, or -1.

    `own` is what belongs to it: all of it, but of a section only what stands before its items.
    """

    span: Span
    own: Span
    node: nodes.Node
    outer: int

    @property
    def is_section(self) -> bool:
        return type(self.node) is nodes.Section


def places(tree: Tree) -> list[Place]:
    """All places, in the order in which they begin; one around others stands before these."""
    found: list[Place] = []

    def add(inside: Iterable[tuple[int, nodes.Node]], outer: int) -> None:
        for base, node in sorted(inside, key=lambda each: each[0] + each[1].span.start):
            span = node.span.shifted(base)
            found.append(Place(span, _own(base, node, span), node, outer))
            add(_inside(base, node), len(found) - 1)

    add(tree.items, -1)
    return found


def _inside(base: int, node: nodes.Node) -> list[tuple[int, nodes.Node]]:
    """What is in a node's braces, with the offsets that its spans count from."""
    match node:
        case nodes.Section():
            return [*((base, each) for each in node.fields), *((base + each.start, each.node) for each in node.items)]
        case nodes.Declaration() | nodes.Rule() | nodes.Test():
            return [(base, each) for each in node.members]
        case nodes.Practice() | nodes.Prose():
            return [(base, each) for each in node.fields]
    return []


def _own(base: int, node: nodes.Node, span: Span) -> Span:
    if type(node) is not nodes.Section or not node.items:
        return span
    return Span(span.start, min(base + each.start + each.node.span.start for each in node.items))


def at(found: Sequence[Place], offset: int) -> int:
    """The number of the innermost place around an offset; -1 where there is none."""
    number = bisect_right(found, offset, key=lambda each: each.span.start) - 1
    while number >= 0 and found[number].span.end <= offset:
        number = found[number].outer
    return number
