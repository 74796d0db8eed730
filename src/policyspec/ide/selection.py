"""What a selection at a place grows to, step by step: a word, its list, its clause, its sentence, its section, all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policyspec.ide import cursor, folding, navigation
from policyspec.scope import items
from policyspec.source import Source, Span
from policyspec.syntax import lexer, nodes
from policyspec.syntax.parser import Tree

_WORD = re.compile(r"\w+")
_REST = re.compile(r"[ \t]*#[^\r\n]*")


def ranges(tree: Tree, offset: int) -> tuple[Span, ...]:
    """The spans around an offset, the innermost first, each inside of the next one and smaller."""
    offset = min(max(offset, 0), len(tree.text))
    # Those that hold the offset, the smallest first; of these, what crosses a smaller one is left out.
    found = {each for each in _around(tree, offset) if each.start <= offset <= each.end and each.start < each.end}
    chosen: list[Span] = []
    for each in sorted(found, key=lambda span: (span.end - span.start, span)):
        if not chosen or (each.start <= chosen[-1].start and chosen[-1].end <= each.end and each != chosen[-1]):
            chosen.append(each)
    return tuple(chosen) or (Span(0, len(tree.text)),)


def _around(tree: Tree, offset: int) -> Iterator[Span]:
    text = tree.text
    yield Span(0, len(text))
    source = Source("", text)
    comments = dict(folding.own_lines(source, tree.comments))
    around = cursor.standing(tree, offset)
    for each in around:
        yield each.span
        yield from _lists(each.node, each.base)
        if (inside := folding.body(text, each.node, each.base)) is not None:
            yield _trimmed(text, inside)
            yield Span(inside.start - 1, inside.end + 1)
        if isinstance(each.node, nodes.Item):
            yield _with_comments(source, comments, each.span)
    comment = next((each for each in tree.comments if each.start <= offset <= each.end), None)
    if comment is not None:
        yield comment
        yield _trimmed(text, Span(comment.start + 1, comment.end))
        yield _run(comments, source.position(comment.start).line, comment)
        # The item that it stands behind or above.
        spans = [item.span.shifted(base) for base, item in items(tree)]
        before = [each for each in spans if each.end <= comment.start]
        behind = [each for each in spans if each.start >= comment.end]
        for item in (max(before, key=lambda each: each.end, default=comment), min(behind, default=comment)):
            yield _with_comments(source, comments, item)
        yield from _words(text, comment, offset)
    elif around:
        yield from _token(text, around[-1].span, offset)


# ── Inside of an item ────────────────────────────────────────────────────────────────────────────


def _token(text: str, span: Span, offset: int) -> Iterator[Span]:
    """The token at an offset, and what is in it: a part of a dotted name, or the content of a string and a word."""
    for each in lexer.tokens(text[span.start : span.end])[0]:
        token = Span(each.start, each.end).shifted(span.start)
        if token.start <= offset <= token.end:
            yield token
            if each.type == "NAME":
                yield from _words(text, token, offset)
            elif each.text.startswith('"'):
                inside = navigation.content(text, token)
                yield inside
                yield from _words(text, inside, offset)


def _words(text: str, span: Span, offset: int) -> Iterator[Span]:
    found = (Span(*match.span()) for match in _WORD.finditer(text, span.start, span.end))
    yield from (each for each in found if each.start <= offset <= each.end)


def _lists(node: nodes.Node, base: int) -> Iterator[Span]:
    """From the first to the last of what is listed in a node."""
    for value in node:
        if isinstance(value, tuple) and not isinstance(value, Span) and not hasattr(value, "span"):
            spans = [each.span for each in value if hasattr(each, "span")]
            if spans and type(node) is not nodes.Section:
                yield Span(spans[0].start, spans[-1].end).shifted(base)


def _trimmed(text: str, span: Span) -> Span:
    """A span without the white space at its ends."""
    content = text[span.start : span.end]
    start = span.start + len(content) - len(content.lstrip())
    return Span(start, max(start, span.start + len(content.rstrip())))


# ── Comments ─────────────────────────────────────────────────────────────────────────────────────


def _with_comments(source: Source, comments: Mapping[int, Span], span: Span) -> Span:
    """An item with the comment behind it on its line, and with those on the lines right above it."""
    behind = _REST.match(source.text, span.end)
    above = _run(comments, source.position(span.start).line - 1, span)
    return Span(above.start, behind.end() if behind is not None else span.end)


def _run(comments: Mapping[int, Span], line: int, other: Span) -> Span:
    """The comments on a line, and on the lines right above and below it; another span where there is none."""
    first = last = line
    while first - 1 in comments:
        first -= 1
    while last + 1 in comments:
        last += 1
    return Span(comments[first].start, comments[last].end) if line in comments else other
