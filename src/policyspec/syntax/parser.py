"""Text → tree, for every text: an LALR(1) machine over the grammar's tables that mends what is broken.

The text is cut into pieces that are parsed one by one and cached by their text, so an edit costs its piece, and what
is broken spoils its item alone. At an error the parser looks for the one change that lets it go on: a comma or a
brace at a place that looks like one is missing, a word put in, one left out. It reports the change as the error, makes
it, and the tree has the rest. Where no such change is found, the item becomes `Damage`, and the next one is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from policyspec.source import Span
from policyspec.syntax import faults, grammar, lexer, nodes, pieces
from policyspec.syntax.build import build
from policyspec.syntax.faults import Fault
from policyspec.syntax.lexer import END, Token
from policyspec.syntax.pieces import Outline

# Limits, all reported where they are reached. A policy of this depth or with this many errors is none.
MAX_DEPTH = 64
MAX_FAULTS_IN_PIECE = 100
MAX_FAULTS = 1000
MAX_REREAD = 1_000_000  # tokens of a piece that are read again in looking for repairs
_LOOKAHEAD = 3
_LOOKBACK = 400  # tokens before an error in which its cause is looked for
_CANDIDATES = 12  # places among them
# What may be missing, tried in this order; two words where one alone would leave a gap.
_MISSING = [
    *[(type,) for type in ("COMMA", "NAME", "DURATION", "STRING", "COLON", "IS", "LBRACE")],
    *[(type,) for type in ("LEAST", "EVERY", "ALLOWS", "DATA")],
    *[("NEEDS", "KEEP"), ("NAME", "NAME"), ("IS", "NAME"), ("LEAST", "DURATION"), ("LBRACE", "RBRACE")],
]
_SECTION = re.compile(r"[ \t]*section\b")
_SYMBOLS = {",": "COMMA", "{": "LBRACE", "}": "RBRACE", "and": "AND"}
_LITERALS = frozenset({"STRING", "TEXT", "LANGUAGE", "DATE", "DURATION", "NUMBER"})
_BROKEN = {"BROKEN_STRING": "STRING", "BROKEN_TEXT": "TEXT"}
# What ends a word written without spaces, for want of which it came to be several tokens.
_NOT_GLUED = frozenset({"STRING", "TEXT", "LBRACE", "RBRACE", "COMMA", END})


@dataclass(frozen=True)
class Tree:
    """A parsed text: its items in order, where its comments are, and what is wrong with it.

    `faults` is empty exactly when the grammar accepts the text.
    """

    text: str
    items: tuple[nodes.Placed, ...]
    comments: tuple[Span, ...]
    faults: tuple[Fault, ...]


class _Piece(NamedTuple):
    items: tuple[nodes.Item, ...]
    comments: tuple[Span, ...]
    faults: tuple[Fault, ...]
    is_cut_short: bool


def parse(text: str) -> Tree:
    """The tree of any text."""
    outline = pieces.outline(text)
    block = _block(text, outline, 0, len(text), 0, 0, outline.depth)
    found = sorted(block.faults, key=lambda fault: fault.span)
    return Tree(text, tuple(block.items), tuple(block.comments), tuple(found))


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
    """Parse the items from `start` to `stop`, which are indented by `column`, piece by piece."""
    cuts = outline.cuts(start, stop, column, depth, last)
    block = _Block([], [], [])
    number = 0
    while number < len(cuts) - 1:
        at, after = cuts[number], cuts[number + 1]
        number += 1
        if not _section(text, outline, at, after, depth, block):
            piece = _parse_piece(text[at:after])
            if piece.is_cut_short:
                piece, number = _longer(text, cuts, number - 1, piece)
            block.add(piece, at)
        if len(block.faults) >= MAX_FAULTS and number < len(cuts) - 1:
            rest = Span(0, stop - cuts[number])
            block.faults.append(Fault("too many errors: the rest is not read", Span(cuts[number], cuts[number])))
            block.items.append(nodes.Placed(cuts[number], nodes.Damage(rest)))
            break
    return block


def _section(text: str, outline: Outline, start: int, stop: int, depth: int, block: _Block) -> bool:
    """Parse a section's items piece by piece too; False where the piece is not a section, whole and by itself."""
    if depth > MAX_DEPTH // 4 or not _SECTION.match(text, start):
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


def _longer(text: str, cuts: list[int], number: int, piece: _Piece) -> tuple[_Piece, int]:
    """A piece that stops in the middle of an item goes on behind the cut, if it is right there."""
    ahead = 2
    while number + ahead < len(cuts):
        longer = _parse_piece(text[cuts[number] : cuts[number + ahead]])
        if not longer.faults:
            return longer, number + ahead
        if not longer.is_cut_short:
            break
        # Ever further, so that no text is read more than twice as often as it is long.
        ahead = min(2 * ahead, max(ahead + 1, len(cuts) - 1 - number))
    return piece, number + 1


@lru_cache(maxsize=50_000)
def _parse_piece(text: str) -> _Piece:
    tokens, comments = lexer.tokens(text)
    depth = deepest = 0
    for token in tokens:
        if token.type == "LBRACE":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                where = Span(token.start, token.end)
                fault = Fault(f"braces are nested more than {MAX_DEPTH} deep", where)
                return _Piece((nodes.Damage(Span(0, len(text))),), tuple(comments), (fault,), False)
        elif token.type == "RBRACE":
            depth -= 1
    tokens, broken = _closed(tokens)
    parser = _Parser(text, tokens)
    try:
        if len(broken) > MAX_FAULTS_IN_PIECE:
            raise _GiveUp
        items = parser.run()
    except _GiveUp:
        where = Span(0, 0)
        parser.faults.append(Fault("too many errors: this part of the file is not read", where))
        items = (nodes.Damage(Span(0, len(text))),)
    found = tuple(sorted([*broken[:MAX_FAULTS_IN_PIECE], *parser.faults], key=lambda fault: fault.span))
    return _Piece(items, tuple(comments), found, parser.cut_short)


def _closed(tokens: list[Token]) -> tuple[list[Token], list[Fault]]:
    """The tokens with each unclosed string or text block closed, and these faults.

    What was not closed has swallowed the `}` at its end; a text block has swallowed all that were to come.
    """
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


class _Start(NamedTuple):
    """The parser as it was before an item, to go back to: the lists among its values have only grown since."""

    at: int
    states: list[int]
    values: list[tuple[Any, int]]


class _Repair(NamedTuple):
    """A change of the tokens: put `types` before `at` (or in place of what stands there), or take it out.

    With `again` the item is read from its start again: the parser took it for whole, and so is past the place.
    """

    at: int
    types: tuple[str, ...]
    drop: int
    fault: Fault | None
    again: bool = False


class _GiveUp(Exception):
    """A piece has so many errors that it is damage as a whole."""


class _Parser:
    """The machine, for one piece."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.grammar = grammar.load()
        self.faults: list[Fault] = []
        self.states = [self.grammar.start]
        self.values: list[Any] = []
        self.begun: list[_Start] = []
        self.cut_short = False
        self.reread = 0
        # A brace, and the token up to which all lines behind it are known to be indented deeper than its own.
        self.deeper = (-1, 0)
        self.lines = lexer.Lines(text)
        self.spelling = {type: word for word, type in self.grammar.words.items()}

    def run(self) -> tuple[nodes.Item, ...]:
        tokens, actions, states, values = self.tokens, self.grammar.actions, self.states, self.values
        rules, item_states, end = self.grammar.rules, self.grammar.item_states, self.grammar.end
        index = 0
        while True:
            token = tokens[index]
            state = states[-1]
            action = actions[state].get(token.type)
            if action is None:
                if state == end:
                    return tuple(values[-1])
                index = self._mend(index)
            elif action >= 0:
                if state in item_states:
                    self._begin(index)
                states.append(action)
                values.append(token)
                index += 1
            else:
                self._reduce(*rules[~action])

    def _reduce(self, rule: str, length: int) -> None:
        values, states = self.values, self.states
        parts = values[-length:] if length else []
        if length:
            del values[-length:], states[-length:]
        if rule[0] == "_" or rule == "start":
            # A repetition: its list is made once and grows.
            spliced = parts.pop(0) if parts and type(parts[0]) is list else []
            for part in parts:
                if type(part) is list:
                    spliced += part
                else:
                    spliced.append(part)
            values.append(spliced)
        else:
            if any(type(part) is list for part in parts):
                parts = [each for part in parts for each in (part if type(part) is list else (part,))]
            values.append(build(rule, parts))
        states.append(self.grammar.actions[states[-1]][rule])

    def _begin(self, index: int) -> None:
        held = [(value, len(value) if type(value) is list else -1) for value in self.values]
        self.begun = [*self.begun[-1:], _Start(index, self.states[:], held)]

    def _go_back(self, start: _Start) -> None:
        self.states[:] = start.states
        self.values[:] = [value for value, _ in start.values]
        for value, length in start.values:
            if length >= 0:
                del value[length:]
        self.begun = [begun for begun in self.begun if begun.at < start.at]

    # ── Errors ──────────────────────────────────────────────────────────────────────────────────

    def _mend(self, index: int) -> int:
        """Report the error at `tokens[index]`, make the change that mends it, and say where to go on."""
        if len(self.faults) >= MAX_FAULTS_IN_PIECE:
            raise _GiveUp
        if self.tokens[index].type == END and not self.faults:
            self.cut_short = True
        best: _Repair | None = None
        furthest = index
        for repair in self._repairs(index):
            reached = self._reach(repair, index)
            if reached > furthest:
                best, furthest = repair, reached
        if best is None:
            return self._damage(index)
        if best.fault is not None:
            self.faults.append(best.fault)
        start = self._origin(best, index)
        self.tokens[best.at : best.at + best.drop] = self._replacement(best)
        self.deeper = (self.deeper[0], min(self.deeper[1], best.at))
        if start is None:
            return index
        self._go_back(start)
        self.reread += index - start.at
        return start.at

    def _replacement(self, repair: _Repair) -> list[Token]:
        """The tokens that a repair puts in; the first stands for what it drops, the others take no room."""
        end = self.tokens[repair.at - 1].end if repair.at else 0
        new = [Token(type, self._text(type, ""), end, end) for type in repair.types]
        if repair.drop and new:
            start, end = self.tokens[repair.at].start, self.tokens[repair.at + repair.drop - 1].end
            new = [token._replace(start=end, end=end) for token in new]
            new[0] = Token(repair.types[0], self._text(repair.types[0], self.text[start:end]), start, end)
        return new

    def _text(self, type: str, old: str) -> str:
        """What a token put in by a repair says, in place of `old`."""
        match type:
            case "DURATION":
                return "0 days"
            case "STRING":
                return f'"{old[1:-1]}"'
            case "TEXT":
                return f'""{old}""'
            case "NAME":
                bare = old.strip("\"'“”„«»‘’`＂")
                return bare if bare.isidentifier() else ""
        return self.spelling.get(type) or old

    def _origin(self, repair: _Repair, index: int) -> _Start | None:
        """The item to go back to for a repair at a token that is taken already."""
        if repair.at >= index and not repair.again:
            return None
        starts: list[_Start] = [begun for begun in reversed(self.begun) if begun.at <= repair.at]
        if starts and starts[0].at == repair.at and not repair.drop and len(starts) > 1:
            return starts[1]
        return starts[0] if starts else None

    def _repairs(self, index: int) -> Iterable[_Repair]:
        """Changes worth trying; of those that let the parser get equally far, the first is taken."""
        token = self.tokens[index]
        yield from self._misspelt(index)
        yield from islice(self._cut_off(index), _CANDIDATES)
        yield from islice(self._neighbours(index), _CANDIDATES)
        braces = self._open_braces(index)
        if braces and self.begun and self.begun[-1].at <= braces[-1]:
            if (dedent := self._dedent(braces[-1], index)) is not None:
                yield _Repair(dedent, ("RBRACE",), 0, self._unclosed(braces[-1]))
        if not braces and self.begun:
            yield from self._unopened(index)
        if token.type == "FIELD":
            if index and self.tokens[index - 1].type in faults.KINDS:
                yield _Repair(index, ("NAME", "IS"), 2, faults.means_is(self.tokens[index + 1]))
            yield from self._stray_fields(index, braces)
            if self.states[-1] in self.grammar.item_states:
                return
        yield from self._foreign(index)
        yield from self._reserved(index)
        yield from self._missing(index, braces)
        yield from self._misplaced(index)
        if token.type != END:
            yield _Repair(index, (), 1, faults.unexpected(self.tokens, index))

    def _misspelt(self, index: int) -> Iterable[_Repair]:
        """A structure word, misspelt: at the beginning of the item, or here."""
        tokens, words = self.tokens, self.grammar.words
        places = [(begun.at, self.grammar.start) for begun in reversed(self.begun) if begun.at != index]
        for at, state in [*places, (index, self.states[-1])]:
            if tokens[at].type == "NAME":
                word = faults.meant(tokens[at].text, (word for word, type in words.items() if type in self._row(state)))
                if word is not None:
                    yield _Repair(at, (words[word],), 1, faults.misspelt(tokens[at], word))

    def _row(self, state: int) -> dict[str, int]:
        return self.grammar.actions[state]

    def _neighbours(self, index: int) -> Iterable[_Repair]:
        """Two names side by side, where a comma or an `is` may be missing: the parser took the second for an action."""
        if not self.begun:
            return
        first = self.begun[0]
        for at in range(index, max(first.at, index - _LOOKBACK), -1):
            left, right = self.tokens[at - 1], self.tokens[at]
            if left.type == right.type == "NAME" and self._is_continued(first.at, at):
                for type in ("COMMA", "IS"):
                    yield _Repair(at, (type,), 0, faults.inserted(self.tokens, at, type))

    def _cut_off(self, index: int) -> Iterable[_Repair]:
        """A clause or list without its end, so that the parser took the next item's first word for it."""
        if not self.begun:
            return
        first = self.begun[0].at
        for at in range(index, max(first, index - _LOOKBACK), -1):
            before = self.tokens[at - 1].type
            if before in faults.CLAUSES or before in ("COMMA", "AND"):
                if self.lines.starts(self.tokens[at]) and not self._is_continued(first, at):
                    type = "DURATION" if before in ("KEEP", "WITHIN") else "NAME"
                    yield _Repair(at, (type,), 0, faults.inserted(self.tokens, at, type))

    def _is_continued(self, first: int, at: int) -> bool:
        """Whether `tokens[at]` looks like a part of the item before it: on its line, or indented deeper."""
        token = self.tokens[at]
        return not self.lines.starts(token) or self.lines.indent(token) > self.lines.indent(self.tokens[first])

    def _unopened(self, index: int) -> Iterable[_Repair]:
        """What is indented below the item's first line may be what belongs in braces."""
        first = self.begun[0].at
        for at in range(first + 1, min(index + 1, first + _LOOKBACK)):
            if self.lines.starts(self.tokens[at]):
                if self._is_continued(first, at):
                    yield _Repair(at, ("LBRACE",), 0, faults.inserted(self.tokens, at, "LBRACE"), True)
                return

    def _stray_fields(self, index: int, braces: list[int]) -> Iterable[_Repair]:
        """Fields outside of braces: these are missing, or else the fields do not belong here."""
        tokens, at = self.tokens, index
        while tokens[at].type == "FIELD":
            at += 1
            while tokens[at].type not in (END, "LBRACE", "RBRACE") and (
                not self.lines.starts(tokens[at]) or tokens[at - 1].type in ("COMMA", "COLON")
            ):
                at += 1
        closes_nothing = tokens[at].type == "RBRACE" and not braces
        if index and (closes_nothing or (self.begun and self._is_deeper(self.begun[-1].at, index))):
            yield _Repair(index, ("LBRACE",), 0, faults.inserted(tokens, index, "LBRACE"), True)
        yield _Repair(index, (), at - index, faults.stray_field(tokens[index]))

    def _is_deeper(self, first: int, at: int) -> bool:
        """Whether `tokens[at]` begins a line that is indented deeper than that of `tokens[first]`."""
        return self.lines.starts(self.tokens[at]) and self._is_continued(first, at)

    def _foreign(self, index: int) -> Iterable[_Repair]:
        """What other languages and word processors write."""
        tokens, token = self.tokens, self.tokens[index]
        glued = bool(index) and tokens[index - 1].end == token.start
        if token.text.startswith(faults.COMMENTS) and not glued:
            yield _Repair(index, (), self._line_end(index) - index, faults.comment(token))
        if token.type == "UNKNOWN" and (close := self._closing_quote(index)) is not None:
            span = Span(token.start, tokens[close].end)
            text = self.text[span.start : span.end]
            yield _Repair(index, ("STRING",), close + 1 - index, faults.curly(text, span))
            yield _Repair(index, ("NAME",), close + 1 - index, faults.quoted(text, span))
        if token.type == "NUMBER":
            unit = tokens[index + 1] if tokens[index + 1].type == "NAME" else None
            if unit and self.lines.number(unit) == self.lines.number(token):
                yield _Repair(index, ("DURATION",), 2, faults.no_unit(token, unit))
            yield _Repair(index, ("DURATION",), 1, faults.no_unit(token, None))
        alike = faults.alike(token)
        if (run := self._glued(index)) is not None:
            at, end = run
            span = Span(tokens[at].start, tokens[end - 1].end)
            text = self.text[span.start : span.end]
            is_date = tokens[at].type == "NUMBER" and tokens[at + 1].text in ("-", "/", ".")
            type = "DATE" if is_date else "STRING" if faults.is_value(tokens, at) else "NAME"
            if is_date or alike is None:
                yield _Repair(at, (type,), end - at, faults.not_a_word(text, span, type))
        if alike is not None:
            symbol, fault = alike
            if token.text == "=":
                yield _Repair(index, ("IS",), 1, faults.means_is(token))
            if symbol == ":" and index and tokens[index - 1].type == "NAME":
                yield _Repair(index - 1, ("FIELD", "COLON"), 2, fault)
            elif symbol in _SYMBOLS:
                yield _Repair(index, (_SYMBOLS[symbol],), 1, fault)

    def _line_end(self, index: int) -> int:
        """The first token behind `tokens[index]` that stands on another line."""
        number, at = self.lines.number(self.tokens[index]), index + 1
        while at < len(self.tokens) - 1 and self.lines.number(self.tokens[at]) == number:
            at += 1
        return min(at, len(self.tokens) - 1)

    def _begins_item(self, index: int) -> bool:
        """Whether an item could begin at `tokens[index]`, at a line's start."""
        return (index == 0 or self.lines.starts(self.tokens[index])) and self._takes_item()

    def _item_end(self, index: int) -> int:
        """The first token behind `tokens[index]` that is on a line of its own and not indented deeper, or a brace."""
        at = self._line_end(index)
        while self.tokens[at].type not in (END, "RBRACE") and self._is_continued(index, at):
            at = self._line_end(at)
        braces = [number for number in range(index, at) if self.tokens[number].type in ("LBRACE", "RBRACE")]
        return min([at, *braces])

    def _closing_quote(self, index: int) -> int | None:
        """The token on this line that closes the foreign quotation mark at `tokens[index]`."""
        closing = faults.QUOTES.get(self.tokens[index].text, "")
        line = self.lines.number(self.tokens[index])
        for at in range(index + 1, min(index + _LOOKBACK, len(self.tokens))) if closing else ():
            if self.lines.number(self.tokens[at]) != line:
                break
            if self.tokens[at].text and self.tokens[at].text in closing:
                return at
        return None

    def _glued(self, index: int) -> tuple[int, int] | None:
        """The tokens around `index` that no space parts, as in `2025-3-4` or `a@b.example`."""
        tokens, at, end = self.tokens, index, index + 1
        if tokens[index].type in _NOT_GLUED:
            return None
        while at > max(index - _CANDIDATES, 0) and tokens[at - 1].end == tokens[at].start:
            if tokens[at - 1].type in (*_NOT_GLUED, "FIELD", "COLON"):
                break
            at -= 1
        while end < index + _CANDIDATES and tokens[end - 1].end == tokens[end].start:
            if tokens[end].type in _NOT_GLUED:
                break
            end += 1
        while at < end and tokens[at].type == "UNKNOWN":
            at += 1
        while end > at and tokens[end - 1].type in ("UNKNOWN", "COLON"):
            end -= 1
        return (at, end) if at <= index < end and end - at > 1 else None

    def _missing(self, index: int, braces: list[int]) -> Iterable[_Repair]:
        """What may be missing, here or a little before."""
        tokens, token = self.tokens, self.tokens[index]
        closing = ("RBRACE",) * len(braces) if token.type == END else ()
        if closing:
            yield _Repair(index, closing, 0, self._unclosed(self._culprit(braces, index)))
        if index > 2 and tokens[index - 2].type == "COLON" and self.lines.starts(tokens[index - 1]):
            yield _Repair(index - 1, ("STRING",), 0, faults.no_value(tokens[index - 3]))
        if index > 1 and tokens[index - 1].type in faults.CLAUSES:
            yield _Repair(index - 1, ("NEEDS",), 0, faults.no_needs(tokens[index - 2], tokens[index - 1]))
        if index and tokens[index - 1].type == "NEEDS":
            yield _Repair(index, ("KEEP",), 0, faults.inserted(tokens, index, "KEEP"))
        if token.type == "IS" and self.begun and self.begun[-1].at == index - 1:
            yield _Repair(index - 1, ("DATA",), 0, faults.no_kind(tokens[index - 1]))
        # In the middle of a line, what has no beginning goes on with what stands before.
        is_new = not index or self.lines.starts(token) or not self._takes_item()
        for types in _MISSING:
            if types == ("NAME", "NAME") and not is_new:
                continue
            if types[0] in self._row(self.states[-1]):
                fault = faults.inserted(tokens, index, types[0])
                yield _Repair(index, types, 0, fault)
                if closing:
                    yield _Repair(index, (*types, *closing), 0, fault)
        for at in range(max(index - 2, 0), index + 1):
            if tokens[at].type == "NAME":
                yield _Repair(at, ("FIELD", "COLON"), 1, faults.no_colon(tokens[at]))

    def _misplaced(self, index: int) -> Iterable[_Repair]:
        """A word or text of the language that stands where another belongs."""
        token = self.tokens[index]
        if token.type in ("AND", "OR"):
            yield _Repair(index, ("COMMA",), 1, faults.joined(token))
        if token.type in faults.HOMES and self._begins_item(index):
            yield _Repair(index, (), self._item_end(index) - index, faults.homeless(token))
        if token.type in faults.PERIODS:
            yield _Repair(index, ("KEEP",), 0, faults.no_keep(self.tokens, index))
        if token.type == "NAME" and index and self.tokens[index - 1].type in ("SECTION", "TEST"):
            yield _Repair(index, ("STRING",), 1, faults.bare_title(token))
        if token.type == "OF":
            yield _Repair(index, ("AFTER",), 1, faults.of_for_after(token))
        if token.type == "STRING":
            if self.states[-1] in self.grammar.item_states:
                yield _Repair(index, ("TEXT",), 1, faults.not_prose(token))
            yield _Repair(index, ("NAME",), 1, faults.quoted(token.text, Span(token.start, token.end)))
        if token.type in _LITERALS:
            for type in ("NAME", "STRING"):
                if (fault := faults.instead(self.tokens, index, type)) is not None:
                    yield _Repair(index, (type,), 1, fault)

    def _reserved(self, index: int) -> Iterable[_Repair]:
        """A word of the language used as a name."""
        token, before = self.tokens[index], self.tokens[index - 1] if index else None
        if token.text not in self.grammar.words or token.type in ("NAME", "AND", "OR", "OF"):
            return
        if token.type in faults.HOMES and self._begins_item(index):
            return
        # Behind what is whole, a name would begin something new, and that stands on a line of its own.
        is_whole = before is None or before.type in (*_LITERALS, "RBRACE") or self._takes_item()
        if self.lines.starts(token) or not is_whole:
            yield _Repair(index, ("NAME",), 1, faults.replaced(token))

    def _unclosed(self, brace: int) -> Fault | None:
        """The fault of an open brace; one that the parser put in has been reported as missing."""
        return faults.open_brace(self.tokens[brace]) if self.tokens[brace].text else None

    def _open_braces(self, index: int) -> list[int]:
        """The indices of the braces that are open before `index`."""
        found: list[int] = []
        for at in range(index):
            if self.tokens[at].type == "LBRACE":
                found.append(at)
            elif self.tokens[at].type == "RBRACE" and found:
                found.pop()
        return found

    def _dedent(self, brace: int, index: int) -> int | None:
        """The first token behind an open brace that begins a line and is not indented deeper than the brace's line."""
        indent = self.lines.indent(self.tokens[brace])
        known = self.deeper[1] if self.deeper[0] == brace else 0
        for at in range(max(brace + 1, known), index + 1):
            token = self.tokens[at]
            if token.type not in (END, "RBRACE") and self.lines.starts(token):
                if self.lines.indent(token) <= indent:
                    return at
        self.deeper = (brace, index)
        return None

    def _culprit(self, braces: list[int], index: int) -> int:
        """Which brace to blame at the end: one whose `}` stands further left than it, else the outermost open one."""
        opened: list[int] = []
        for at in range(index):
            token = self.tokens[at]
            if token.type == "LBRACE":
                opened.append(at)
            elif token.type == "RBRACE" and opened:
                brace = opened.pop()
                if self.lines.starts(token) and (self.lines.indent(token) < self.lines.indent(self.tokens[brace])):
                    return brace
        return braces[-1]

    def _reach(self, repair: _Repair, index: int) -> int:
        """How far the parser gets with a change: the index of the first token not taken, up to a few behind `index`.

        What the change drops behind `index` does not count.
        """
        tokens, actions, rules = self.tokens, self.grammar.actions, self.grammar.rules
        origin = self._origin(repair, index)
        if origin is None and repair.at < index:
            return index
        stack, at = (self.states[:], index) if origin is None else (origin.states[:], origin.at)
        self.reread += index - at
        if self.reread > MAX_REREAD:
            raise _GiveUp
        uncounted = max(repair.at + repair.drop - 1 - index, 0)
        stop = min(index + 1 + _LOOKAHEAD + uncounted, len(tokens))
        ahead: list[str] = []
        is_made = False
        while ahead or at < stop:
            if at == repair.at and not is_made:
                is_made, ahead = True, list(reversed(repair.types))
                at += repair.drop
                continue
            type = ahead[-1] if ahead else tokens[at].type
            action = actions[stack[-1]].get(type)
            if action is None:
                if type == END and stack[-1] == self.grammar.end:
                    # Behind the end there is nothing: it is reached with certainty.
                    return index + _LOOKAHEAD + 2
                return at - uncounted if is_made and not ahead else index
            if action >= 0:
                stack.append(action)
                if ahead:
                    ahead.pop()
                else:
                    at += 1
            else:
                rule, length = rules[~action]
                if length:
                    del stack[-length:]
                stack.append(actions[stack[-1]][rule])
        return at - uncounted

    def _damage(self, index: int) -> int:
        """No single change helps: the item is damage, up to where the next one begins."""
        tokens = self.tokens
        self.faults.append(faults.unexpected(tokens, index))
        if not self.begun or self._takes_item():
            while self.states[-1] not in self.grammar.item_states:
                self._reduce(*self.grammar.rules[~self.grammar.actions[self.states[-1]]["NEVER"]])
            start = index
        else:
            start = self.begun[-1].at
            self._go_back(self.begun[-1])
        indent = self.lines.indent(tokens[start])
        is_enclosed = bool(self._open_braces(start))
        depth, at = 0, start
        while tokens[at].type != END:
            token = tokens[at]
            if at >= index and at > start and self.lines.starts(token):
                if token.type in self.grammar.actions[self.grammar.start] and (self.lines.indent(token) <= indent):
                    break
            if token.type == "RBRACE":
                if depth == 0 and is_enclosed and at > start:
                    break
                depth = max(depth - 1, 0)
            elif token.type == "LBRACE":
                depth += 1
            at += 1
        if at == start:
            # Nothing is left but the end, and a section is open.
            raise _GiveUp
        self.states.append(self.grammar.actions[self.states[-1]]["item"])
        self.values.append(nodes.Damage(Span(tokens[start].start, tokens[at - 1].end)))
        self.begun = []
        return at

    def _takes_item(self) -> bool:
        """Whether another item could begin here, so that the one before is whole."""
        stack = self.states[:]
        while stack[-1] not in self.grammar.item_states:
            action = self.grammar.actions[stack[-1]].get("NEVER")
            if action is None or action >= 0:
                return False
            rule, length = self.grammar.rules[~action]
            if length:
                del stack[-length:]
            stack.append(self.grammar.actions[stack[-1]][rule])
        return True
