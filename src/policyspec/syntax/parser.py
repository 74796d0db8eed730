"""Text → tree, for every text.

The text is cut into pieces that are parsed one by one and cached by their text, so an edit costs its piece, and what
is broken spoils its item alone. A section is parsed item by item as well, and what is around its items by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from policyspec.memory import uncollected
from policyspec.source import Span
from policyspec.syntax import faults, lexer, nodes, pieces
from policyspec.syntax.faults import Fault
from policyspec.syntax.lexer import Token
from policyspec.syntax.machine import MAX_FAULTS_IN_PIECE, GiveUp, Machine
from policyspec.syntax.pieces import Outline

# Limits, reported where they are reached. A policy of this depth or with this many errors is none.
MAX_DEPTH = 64
MAX_FAULTS = 1000
_MAX_CUT = 16  # sections around an item that is still parsed by itself, so that Python's stack suffices
_BROKEN = {"BROKEN_STRING": "STRING", "BROKEN_TEXT": "TEXT"}
_SECTION = re.compile(r"[ \t]*section\b")


@dataclass(frozen=True)
class Tree:
    """A parsed text: its items in order, where its comments are, and what is wrong with it.

    `faults` is empty exactly when the grammar accepts the text.
    """

    text: str
    items: tuple[nodes.Placed, ...]
    comments: tuple[Span, ...]
    faults: tuple[Fault, ...]
    outline: Outline | None = field(default=None, repr=False, compare=False)


class _Piece(NamedTuple):
    items: tuple[nodes.Item, ...]
    comments: tuple[Span, ...]
    faults: tuple[Fault, ...]
    is_cut_short: bool


@uncollected
def parse(text: str, before: Tree | None = None) -> Tree:
    """The tree of any text. With the tree `before` an edit it is the same, and sooner there."""
    if before is not None and before.text == text:
        return before
    known = (before.text, before.outline) if before is not None and before.outline is not None else None
    outline = pieces.outline(text, known)
    block = _block(text, outline, 0, len(text), 0, 0, outline.depth)
    found = sorted(block.faults, key=lambda fault: fault.span)
    return Tree(text, tuple(block.items), tuple(block.comments), tuple(found), outline)


def parse_whole(text: str) -> Tree:
    """The same without cutting the text first; only for tests, which hold `parse` against it."""
    piece = _parse_piece.__wrapped__(text)
    return Tree(text, tuple(nodes.Placed(0, item) for item in piece.items), piece.comments, piece.faults)


class _Block(NamedTuple):
    """What is found between two offsets, placed in the text."""

    items: list[nodes.Placed]
    comments: list[Span]
    faults: list[Fault]

    def add(self, piece: _Piece, start: int) -> None:
        self.items.extend(nodes.Placed(start, item) for item in piece.items)
        self.comments.extend(comment.shifted(start) for comment in piece.comments)
        self.faults.extend(fault.shifted(start) for fault in piece.faults)


def _block(text: str, outline: Outline, start: int, stop: int, column: int, depth: int, last: int) -> _Block:
    """Parse the items from `start` to `stop`, which are indented by `column` or less, piece by piece."""
    cuts = outline.cuts(start, stop, column, depth, last)
    block = _Block([], [], [])
    number = 0
    # What was read in vain. It is only ever so in a text that is refused, which need not be read over and over.
    wasted = 0
    while number < len(cuts) - 1:
        at, after = cuts[number], cuts[number + 1]
        number += 1
        if not _section(text, outline, at, after, depth, block):
            piece = _parse_piece(text[at:after])
            if piece.is_cut_short and wasted < stop - start:
                piece, number, vain = _longer(text, cuts, number - 1, piece)
                wasted += vain
            block.add(piece, at)
        if len(block.faults) >= MAX_FAULTS and number < len(cuts) - 1:
            rest = Span(0, stop - cuts[number])
            block.faults.append(Fault("too many errors: the rest is not read", Span(cuts[number], cuts[number])))
            block.items.append(nodes.Placed(cuts[number], nodes.Damage(rest)))
            break
    return block


def _section(text: str, outline: Outline, start: int, stop: int, depth: int, block: _Block) -> bool:
    """Parse a section's items piece by piece too; False where the piece is not a section, whole and by itself."""
    if depth >= _MAX_CUT or not _SECTION.match(text, start):
        return False
    inside = outline.inside(start, stop)
    if inside is None:
        return False
    first, closing = inside.start, inside.stop
    frame = _parse_piece(text[start:first] + text[closing:stop])
    if frame.faults or len(frame.items) != 1:
        return False
    (section,) = frame.items
    if type(section) is not nodes.Section or section.span.end != first - start + 1:
        return False
    inner = _block(text, outline, first, closing, inside.column, inside.depth, inside.depth)
    placed = (nodes.Placed(each.start - start, each.node) for each in inner.items)
    where = Span(section.span.start, closing + 1 - start)
    block.items.append(nodes.Placed(start, section._replace(items=(*section.items, *placed), span=where)))
    # The frame's comments are before the items, or behind the closing brace.
    ahead = [each.shifted(start) for each in frame.comments if each.start < first - start]
    behind = [each.shifted(closing - first + start) for each in frame.comments if each.start > first - start]
    block.comments.extend([*ahead, *inner.comments, *behind])
    block.faults.extend(inner.faults)
    return True


def _longer(text: str, cuts: list[int], number: int, piece: _Piece) -> tuple[_Piece, int, int]:
    """A piece that stops in the middle of an item goes on behind the cut, if it is right there.

    The piece, the cut at which it ends, and how many characters were read in vain.
    """
    ahead, read = 2, 0
    while number + ahead < len(cuts):
        longer = _parse_piece(text[cuts[number] : cuts[number + ahead]])
        if not longer.faults:
            return longer, number + ahead, 0
        read += cuts[number + ahead] - cuts[number]
        if not longer.is_cut_short:
            break
        # Ever further, so that no text is read more than twice as often as it is long.
        ahead = min(2 * ahead, max(ahead + 1, len(cuts) - 1 - number))
    return piece, number + 1, read


@lru_cache(maxsize=50_000)
def _parse_piece(text: str) -> _Piece:
    tokens, comments = lexer.tokens(text)
    if text.count("{") > MAX_DEPTH and (brace := _too_deep(tokens)) is not None:
        fault = Fault(f"braces are nested more than {MAX_DEPTH} deep", Span(brace.start, brace.end))
        return _Piece((nodes.Damage(Span(0, len(text))),), tuple(comments), (fault,), False)
    tokens, broken = _closed(tokens)
    machine = Machine(text, tokens)
    try:
        if len(broken) > MAX_FAULTS_IN_PIECE:
            raise GiveUp
        items = machine.run()
    except GiveUp:
        machine.faults.append(Fault("too many errors: this part of the file is not read", Span(0, 0)))
        items = (nodes.Damage(Span(0, len(text))),)
    found = [*broken[:MAX_FAULTS_IN_PIECE], *machine.faults]
    return _Piece(items, tuple(comments), tuple(sorted(found, key=lambda fault: fault.span)), machine.cut_short)


def _closed(tokens: list[Token]) -> tuple[list[Token], list[Fault]]:
    """The tokens with each unclosed string or text block closed, and these faults.

    What was not closed has swallowed the `}` at its end; a text block has swallowed all that were to come.
    """
    if _BROKEN.keys().isdisjoint([token.type for token in tokens]):
        return tokens, []
    found: list[Token] = []
    broken: list[Fault] = []
    depth = 0
    for token in tokens:
        depth = max(depth + (token.type == "LBRACE") - (token.type == "RBRACE"), 0)
        if token.type not in _BROKEN:
            found.append(token)
            continue
        text = token.text.rstrip()
        braces = [Token("RBRACE", "", token.end, token.end)] * (depth if token.type == "BROKEN_TEXT" else 0)
        while depth and text.endswith("}"):
            at = token.start + len(text) - 1
            braces = [Token("RBRACE", "}", at, at + 1), *braces[: depth - 1]]
            text = text[:-1].rstrip()
            depth -= 1
        token = Token(token.type, text, token.start, token.start + len(text))
        broken.append(faults.unclosed(token))
        found += [token._replace(type=_BROKEN[token.type]), *braces]
    return found, broken


def _too_deep(tokens: list[Token]) -> Token | None:
    """The first brace that is nested too deep."""
    depth = 0
    for token in tokens:
        if token.type == "LBRACE":
            depth += 1
            if depth > MAX_DEPTH:
                return token
        elif token.type == "RBRACE":
            depth -= 1
    return None
