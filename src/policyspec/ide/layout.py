"""Formatting for editors: the edits that make a text's canonical layout of it, as small as they can be.

A formatter keeps the words of a text, so only what stands between two words is ever edited: cursors, folds and marks
stay where they are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from policyspec.diagnostic import Edit
from policyspec.format import format_source
from policyspec.ide.cursor import standing
from policyspec.source import Source, Span
from policyspec.syntax import lexer, nodes
from policyspec.syntax.parser import parse

INDENT = 2
# A list that begins further right than this is continued by so much.
_FURTHEST_HANG = 40
_HANG = 4
_BRACED = (nodes.Declaration, nodes.Section, nodes.Rule, nodes.Test, nodes.Practice, nodes.Prose)
# The words that lists are made of.
_IN_LISTS = (
    "NAME", "COMMA", "AND", "OR", "ETC", "STRING", "TEXT", "LANGUAGE", "DATE", "DURATION", "NUMBER", "YES", "NO", "AT",
    "LEAST", "MOST", "AFTER", "OF", "UNTIL", "WHILE", "FOREVER",
)  # fmt: skip

_CHARACTER = re.compile(r"(?s)\r\n|.")


class _Gap(NamedTuple):
    """What stands before a word, comments among it, and that word."""

    start: int
    comments: tuple[lexer.Token, ...]
    word: lexer.Token


def whole(source: Source) -> tuple[Edit, ...]:
    """The edits that lay out a text; none for one with syntax errors."""
    return tuple(chain.from_iterable(_groups(source.text)))


def part(source: Source, span: Span) -> tuple[Edit, ...]:
    """Those of `whole` that touch a line of a span, and those that move the same comment."""
    first, last = (source.position(offset).line for offset in span)

    def touches(edit: Edit) -> bool:
        return source.position(edit.span.start).line <= last and first <= source.position(edit.span.end).line

    return tuple(edit for group in _groups(source.text) if any(map(touches, group)) for edit in group)


def typed(source: Source, offset: int, character: str) -> tuple[Edit, ...]:
    """The edits for a character that has just been typed, and ends at the offset.

    A `}` lays out what it closes, and a line end indents the new line. What is broken is left as it is.
    """
    if character == "}":
        return _closed(source, offset)
    if character == "\n":
        return _indented(source, offset)
    return ()


def laid_out(item: str, depth: int) -> str | None:
    """An item in canonical layout as it stands inside of so many braces; its first line is not indented.

    None for a text with syntax errors.
    """
    text, _ = _inside(item, depth, "\n")
    formatted = _formatted(text)
    if formatted is None:
        return None
    lines = formatted.rstrip().split("\n")
    return "\n".join(lines[depth : len(lines) - depth]).strip()


def _formatted(text: str) -> str | None:
    try:
        return format_source(Source("", text))
    except RuntimeError:
        # It would have lost something, and has noticed: an editor then leaves the text alone.
        return None


def _inside(item: str, depth: int, line_end: str, is_child: bool = False) -> tuple[str, int]:
    """A text in which an item, or a child, stands inside of so many braces, and at which offset."""
    section, outer = f'section "" {{{line_end}', f"outer {{{line_end}"
    before = f"data {outer * depth}" if is_child else section * depth
    return f"{before}{item}{line_end}{'}' * depth}", len(before)


def line_end(text: str) -> str:
    """What ends the lines of a text."""
    return "\r\n" if "\r\n" in text else "\n"


# ── From one text to the other ───────────────────────────────────────────────────────────────────


def _groups(text: str) -> Iterator[tuple[Edit, ...]]:
    """The edits that lay out a text, in order; those that together move a comment are one group."""
    formatted = _formatted(text)
    if formatted is None:
        return
    group: list[Edit] = []
    # How many more comments there were in the old text so far than in the new one.
    ahead = 0
    for before, after in zip(_gaps(text), _gaps(formatted), strict=True):
        is_alike = len(before.comments) == len(after.comments)
        group += (_between if is_alike else _whole_gap)(text, before, formatted, after)
        group += replaced(before.word.start, before.word.text, after.word.text)
        ahead += len(before.comments) - len(after.comments)
        if group and not ahead:
            yield tuple(group)
            group = []


def _gaps(text: str) -> list[_Gap]:
    words, comments = lexer.tokens(text)
    those = [lexer.Token("COMMENT", text[start:end], start, end) for start, end in comments]
    ends = [0, *(word.end for word in words)]
    at = 0
    found = []
    for start, word in zip(ends, words, strict=False):
        first = at
        while at < len(those) and those[at].start < word.start:
            at += 1
        found.append(_Gap(start, tuple(those[first:at]), word))
    return found


def _between(old: str, before: _Gap, new: str, after: _Gap) -> Iterator[Edit]:
    """The edits of a gap with the same comments in both texts: between these, and what is at their ends."""
    start, new_start = before.start, after.start
    for one, other in zip((*before.comments, before.word), (*after.comments, after.word), strict=True):
        yield from replaced(start, old[start : one.start], new[new_start : other.start])
        if one.type == "COMMENT":
            yield from replaced(one.start, one.text, other.text)
        start, new_start = one.end, other.end


def _whole_gap(old: str, before: _Gap, new: str, after: _Gap) -> Iterator[Edit]:
    yield from replaced(before.start, old[before.start : before.word.start], new[after.start : after.word.start])


def replaced(start: int, old: str, new: str) -> Iterator[Edit]:
    """The edit from one text to the other, without what they have in common at both ends."""
    if old == new:
        return
    # A line end may be two characters, and is not taken apart.
    ones, others = _CHARACTER.findall(old), _CHARACTER.findall(new)
    head = common(ones, others)
    tail = common(ones[head:][::-1], others[head:][::-1])
    span = Span(start + len("".join(ones[:head])), start + len("".join(ones[: len(ones) - tail])))
    yield Edit(span, "".join(others[head : len(others) - tail]))


def common(ones: Sequence[str], others: Sequence[str]) -> int:
    """With how many of the same two sequences begin."""
    most = min(len(ones), len(others))
    return next((at for at in range(most) if ones[at] != others[at]), most)


# ── While typing ─────────────────────────────────────────────────────────────────────────────────


def _closed(source: Source, offset: int) -> tuple[Edit, ...]:
    """The layout of what ends with a brace: of an item or a child, but not of what is around it."""
    found = [each for each in standing(parse(source.text), offset - 1) if type(each.node) in _BRACED]
    if not found or found[-1].span.end != offset or not source.text.endswith("}", 0, offset):
        return ()
    item = found[-1]
    start = _line_start(source, item.span.start)
    is_child = type(item.node) is nodes.Declaration and not item.node.kind.text
    if is_child and source.position(start).line == source.position(offset).line:
        # It is aligned with the children around it.
        return ()
    words, _ = lexer.tokens(source.text[: item.span.start])
    depth = len(lexer.open_braces(words, len(words)))
    text, before = _inside(source.text[start:offset], depth, line_end(source.text), is_child)
    moved = [Edit(edit.span.shifted(start - before), edit.text) for edit in whole(Source("", text))]
    return tuple(each for each in moved if start <= each.span.start and each.span.end <= offset)


def _line_start(source: Source, offset: int) -> int:
    """Where the line of an offset begins, if nothing but white space is before it there; else the offset itself."""
    start = offset - source.position(offset).column
    return start if not source.text[start:offset].strip(" \t") else offset


def _indented(source: Source, offset: int) -> tuple[Edit, ...]:
    line = source.position(offset).line
    start = source.line_starts[line]
    written = source.line(line)
    margin = written[: len(written) - len(written.lstrip(" \t"))]
    words, _ = lexer.tokens(source.text)
    at = bisect_left(words, start, key=lambda word: word.start)
    if at == 0 or words[at - 1].end > start:
        # Nothing is before it, or it is a line of a text.
        return ()
    wanted = _indentation(source, words, at, len(margin), words[at].start < start + len(written))
    if wanted is None or margin == " " * wanted:
        return ()
    return (Edit(Span(start, start + len(margin)), " " * wanted),)


def _indentation(source: Source, words: list[lexer.Token], at: int, now: int, has_word: bool) -> int | None:
    """How far a new line is to be indented, before the word number `at`; None where that is up to the author.

    Where a sentence may go on or a new one begin, nobody can tell; there it stands at least as far right as an item.
    """
    depth = len(lexer.open_braces(words, at))
    if has_word and words[at].type == "RBRACE":
        return max(depth - 1, 0) * INDENT
    match words[at - 1].type:
        case "LBRACE" | "RBRACE":
            return depth * INDENT
        case "COMMA":
            first = _list_start(words, at - 1)
            column, indent = source.position(first.start).column, lexer.Lines(source.text).indent(first)
            return column if column - indent <= _FURTHEST_HANG else indent + _HANG
    return depth * INDENT if now < depth * INDENT else None


def _list_start(words: list[lexer.Token], comma: int) -> lexer.Token:
    """The first word of the list that a comma stands in."""
    at = comma
    while at > 0 and words[at - 1].type in _IN_LISTS:
        if words[at].type == words[at - 1].type == "NAME":
            # An action and its object.
            break
        at -= 1
    return words[at]
