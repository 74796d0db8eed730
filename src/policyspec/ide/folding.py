"""The parts of a text that can be folded away: bodies, long sentences and texts, imports, comments and their regions.

A fold begins on a line that stays visible. One of braces ends on the line before its `}`, so that this stays visible
too. Of two that would begin on one line, the inner one would be out of reach: there is only one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from policyspec.source import Source, Span
from policyspec.syntax import nodes
from policyspec.syntax.parser import Tree

_WITH_BRACES = (nodes.Declaration, nodes.Section, nodes.Rule, nodes.Test, nodes.Practice, nodes.Prose)
_LINE_END = re.compile(r"[\r\n]")
# Between the words of an item and its braces.
_OPENING = re.compile(r"(?:[\s\ufeff]|#[^\r\n]*)*\{")
# `# ── Grounds ──`: a line drawn in a comment, and words in it.
_HEADING = re.compile(r"#[ \t]*[─━═=~*-]{2,}[ \t]*\w")


class Fold(NamedTuple):
    """A part that spans lines; `kind` is comment, imports, region or empty, `text` what is shown in its place, if not
    the editor's usual sign.
    """

    span: Span
    kind: str = ""
    text: str = ""


def folds(tree: Tree) -> tuple[Fold, ...]:
    """What can be folded away in a text, in order: no two begin on one line, and none ends in the middle of another."""
    source = Source("", tree.text)
    bodies = [*_items(tree.text, tree.items, 0)]
    comments = own_lines(source, tree.comments)
    blocks = [block for block, _ in bodies]
    # A region is the more useful one where a heading begins a longer comment.
    found = [*_regions(source, comments, blocks), *_runs(source, comments), *_imports(tree)]
    found += [Fold(fold) for _, fold in bodies]
    by_line: dict[int, Fold] = {}
    for fold in found:
        first, last = (source.position(offset).line for offset in fold.span)
        if first < last:
            by_line.setdefault(first, fold)
    return tuple(_nested(source, [by_line[line] for line in sorted(by_line)]))


def _nested(source: Source, found: Iterable[Fold]) -> Iterator[Fold]:
    """Folds in order, without those that go on behind the end of one around them, as they may in broken text."""
    around: list[int] = []
    for each in found:
        first, last = (source.position(offset).line for offset in each.span)
        while around and around[-1] < first:
            around.pop()
        if not around or last <= around[-1]:
            around.append(last)
            yield each


def body(text: str, node: nodes.Node, base: int) -> Span | None:
    """What is between the braces of a node; None where it has none, or one is missing."""
    end = node.span.end + base
    if not isinstance(node, _WITH_BRACES) or text[end - 1 : end] != "}":
        return None
    opening = _OPENING.match(text, _head(node).end + base, end)
    return Span(opening.end(), end - 1) if opening is not None and opening.end() < end else None


def _head(node: nodes.Node) -> Span:
    """The words of an item in front of its braces."""
    match node:
        case nodes.Practice():
            last: nodes.Node = node.statement
        case nodes.Prose():
            last = node.text
        case nodes.Declaration() | nodes.Rule() if not node.titles:
            last = node.parents[-1] if type(node) is nodes.Declaration and node.parents else node.name
        case nodes.Declaration() | nodes.Rule() | nodes.Test() | nodes.Section() if node.titles:
            last = node.titles[-1]
        case _:
            return node.span._replace(end=node.span.start)
    return Span(node.span.start, last.span.end)


# ── Items and what is in them ────────────────────────────────────────────────────────────────────


def _items(text: str, placed: Iterable[nodes.Placed], base: int) -> Iterator[tuple[Span, Span]]:
    """Of each item, and each part of one that may be long: what a region in it does not leave, and what is folded."""
    for start, node in placed:
        if type(node) is not nodes.Import:
            yield from _parts(text, node, base + start)
        if type(node) is nodes.Section:
            yield from _items(text, node.items, base + start)


def _parts(text: str, node: nodes.Node, base: int) -> Iterator[tuple[Span, Span]]:
    start, end = node.span
    if _LINE_END.search(text, start + base, end + base) is None:
        return
    inside = body(text, node, base)
    if inside is not None:
        yield inside, Span(inside.start, _end(text, inside))
    # Words of more than one line can be folded too, with the body; else that begins on the same line, and comes first.
    whole = node.span.shifted(base)
    yield whole, whole
    match node:
        case nodes.Section(fields=parts) | nodes.Practice(fields=parts) | nodes.Prose(fields=parts):
            yield from (found for each in parts for found in _parts(text, each, base))
        case nodes.Declaration(members=parts) | nodes.Rule(members=parts) | nodes.Test(members=parts):
            yield from (found for each in parts for found in _parts(text, each, base))


def _imports(tree: Tree) -> Iterator[Fold]:
    """Imports that follow one another."""
    for is_import, placed in groupby(tree.items, lambda each: type(each.node) is nodes.Import):
        spans = [each.node.span.shifted(each.start) for each in placed] if is_import else []
        if spans:
            yield Fold(Span(spans[0].start, spans[-1].end), "imports")


# ── Comments ─────────────────────────────────────────────────────────────────────────────────────


def own_lines(source: Source, comments: Iterable[Span]) -> list[tuple[int, Span]]:
    """The comments that have a line to themselves, with its number."""
    placed = ((source.position(each.start), each) for each in sorted(comments))
    return [(at.line, each) for at, each in placed if not source.line(at.line)[: at.column].strip(" \t\ufeff")]


def _runs(source: Source, comments: list[tuple[int, Span]]) -> Iterator[Fold]:
    """Comments on lines that follow one another, but for a heading, with which a region begins."""
    first: Span | None = None
    for (line, each), (next_line, _) in pairwise([*comments, (-1, Span(0, 0))]):
        if _is_heading(source, each):
            first = None
            continue
        first = first or each
        if next_line != line + 1:
            yield Fold(Span(first.start, each.end), "comment")
            first = None


def _is_heading(source: Source, comment: Span) -> bool:
    return _HEADING.match(source.text, comment.start, comment.end) is not None


def _regions(source: Source, comments: list[tuple[int, Span]], blocks: list[Span]) -> Iterator[Fold]:
    """From each heading to the next one in the same braces, or to where these end."""
    headings = [each for _, each in comments if _is_heading(source, each)]
    around = {each: _innermost(blocks, each.start) for each in headings}
    whole = Span(0, len(source.text))
    for number, each in enumerate(headings):
        others = (other.start for other in headings[number + 1 :] if around[other] == around[each])
        end = next(others, (around[each] or whole).end)
        yield Fold(Span(each.start, _end(source.text, Span(each.start, end))), "region")


def _innermost(blocks: list[Span], offset: int) -> Span | None:
    return max((each for each in blocks if each.start <= offset < each.end), key=lambda each: each.start, default=None)


def _end(text: str, span: Span) -> int:
    """Where a span ends without the white space at its end."""
    return span.start + len(text[span.start : span.end].rstrip())
