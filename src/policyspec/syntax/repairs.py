"""The changes of broken text that may let the parser go on, each with what it says of the text.

They are guesses at what the author meant: a comma or a brace at a place that looks like one is missing, a word put
in, one left out. The machine tries all, and takes the one with which it gets furthest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from policyspec.source import Span
from policyspec.syntax import faults, grammar, lexer
from policyspec.syntax.faults import Fault
from policyspec.syntax.lexer import END, Lines, Token

_LOOKBACK = 400  # tokens before an error in which its cause is looked for; also, the length of a phrase
_CANDIDATES = 12  # places among them
# What may be missing, tried in this order; several words where one alone would leave a gap.
_MISSING = [
    tuple(types.split())
    for types in (
        *("COMMA", "NAME", "DURATION", "STRING", "COLON", "IS", "LBRACE", "LEAST", "EVERY", "ALLOWS", "DATA"),
        *("NEEDS KEEP", "NAME NAME", "NAME NAME NEEDS KEEP", "IS NAME", "LEAST DURATION", "LBRACE RBRACE"),
    )
]
_SYMBOLS = {",": "COMMA", "{": "LBRACE", "}": "RBRACE", "and": "AND"}
# A structure word and what follows it → those that may have been meant.
_CONFUSED = {
    ("OF", "NAME"): ("after", "from"),
    ("AFTER", "DURATION"): ("within",),
    ("AFTER", "NAME"): ("when",),
}
_BEFORE_PERIODS = frozenset({"KEEP", "WITHIN", "FOR", "COMMA", "COLON"}) | faults.LIMITED
_LITERALS = frozenset({"STRING", "TEXT", "LANGUAGE", "DATE", "DURATION", "NUMBER"})


class Repair(NamedTuple):
    """A change of the tokens: `types` in place of the `drop` tokens that begin at `at`; and the fault that it mends."""

    at: int
    types: tuple[str, ...]
    drop: int
    fault: Fault | None


@dataclass(frozen=True)
class Stop:
    """Where the parser stopped, and what it knows there.

    `begun` are the places where the last items began. `row` has what the grammar could go on with. `takes_item` is
    whether what was read may end here, and another item begin.
    """

    text: str
    tokens: list[Token]
    lines: Lines
    index: int
    begun: list[int]
    row: Mapping[str, int]
    takes_item: bool

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    @property
    def before(self) -> Token | None:
        return self.tokens[self.index - 1] if self.index else None

    @property
    def first(self) -> int | None:
        """The item before the one that the parser is in: it may have gone on, and this one be a part of it."""
        return self.begun[-2:][0] if self.begun else None

    @property
    def begins_clause(self) -> bool:
        """Whether a clause begins here, on a line of its own: it is what stands before that is wrong."""
        is_clause = self.token.type in faults.CLAUSES and self.begins_line(self.index)
        return is_clause and self.index > 0 and self.tokens[self.index - 1].type == "NAME"

    def begins_line(self, at: int) -> bool:
        return self.lines.starts(self.tokens[at])

    def is_continued(self, first: int, at: int) -> bool:
        """Whether `tokens[at]` looks like a part of the item before it: on its line, or indented deeper."""
        tokens, indent = self.tokens, self.lines.indent
        return not self.begins_line(at) or indent(tokens[at]) > indent(tokens[first]) or self._is_tail(at)

    def _is_tail(self, at: int) -> bool:
        """Whether `tokens[at]` begins a list's end, names before a clause: no item begins so."""
        end = min(at + _LOOKBACK, len(self.tokens)) - 1
        while at < end and self.tokens[at].type == "NAME" and self.tokens[at + 1].type == "COMMA":
            at += 2
        return self.tokens[at].type == "NAME" and self.tokens[min(at + 1, end)].type in faults.CLAUSES

    def line_end(self, at: int) -> int:
        """The first token behind `tokens[at]` that stands on another line."""
        end = self.lines.end(self.tokens[at])
        return min(bisect_left(self.tokens, end, at + 1, key=lambda token: token.start), len(self.tokens) - 1)

    def behind(self, offset: int) -> int:
        """The first token that begins at the offset or behind it."""
        return bisect_left(self.tokens, offset, key=lambda token: token.start)

    def phrase_end(self, at: int) -> int:
        """The first token behind `tokens[at]` that stands on another line, or is a brace, or is too far away."""
        end = min(self.line_end(at), at + _LOOKBACK)
        return next((brace for brace in range(at + 1, end) if self.tokens[brace].type in ("LBRACE", "RBRACE")), end)

    def said(self, at: int, end: int) -> tuple[str, Span]:
        """The text of `tokens[at:end]`, and where it is."""
        span = self.span(at, end)
        return self.text[span.start : span.end], span

    def span(self, at: int, end: int) -> Span:
        return Span(self.tokens[at].start, self.tokens[end - 1].end)


def proposed(stop: Stop) -> Iterator[Repair]:
    """Changes worth trying; of those that let the parser get equally far, the first is taken."""
    braces = lexer.open_braces(stop.tokens, stop.index)
    yield from _misspelt(stop)
    yield from _prose(stop)
    yield from _modalities(stop)
    yield from _periods(stop)
    yield from _parted_clauses(stop)
    yield from islice(_cut_off(stop), _CANDIDATES)
    yield from _inner_quotes(stop)
    yield from islice(_neighbours(stop), _CANDIDATES)
    yield from _unclosed(stop, braces)
    yield from _unopened(stop, braces)
    if stop.token.type == "FIELD":
        yield from _stray_fields(stop)
        if "item" in stop.row:
            return
    yield from _foreign(stop)
    yield from _dates(stop)
    yield from _glued(stop)
    yield from _punctuation(stop)
    yield from _confused(stop)
    yield from _reserved(stop)
    yield from _missing(stop, braces)
    yield from _colonless(stop)
    yield from _misplaced(stop)


def omissions(stop: Stop) -> Iterator[Repair]:
    """What stands here does not belong here, perhaps with what is behind it: to be tried where nothing else helps."""
    tokens, index = stop.tokens, stop.index
    if stop.token.type == END or stop.begins_clause:
        return
    for end in range(index + 1, min(stop.phrase_end(index), index + _CANDIDATES) + 1):
        yield Repair(index, (), end - index, faults.unexpected(tokens, index))
        if tokens[end].type in faults.CLAUSES:
            return


# ── Words ───────────────────────────────────────────────────────────────────────────────────────


def _misspelt(stop: Stop) -> Iterator[Repair]:
    """A structure word, misspelt: at the beginning of the last items, or here."""
    language = grammar.load()
    start = language.actions[language.start]
    places = [(at, start) for at in reversed(stop.begun[-2:]) if at != stop.index]
    for at, row in [*places, (stop.index, stop.row)]:
        token = stop.tokens[at]
        if token.type == "NAME":
            word = faults.meant(token.text, (word for word, type in language.words.items() if type in row))
            if word is not None:
                yield Repair(at, (language.words[word],), 1, faults.misspelt(token, word))


def _reserved(stop: Stop) -> Iterator[Repair]:
    """A word of the language used as a name."""
    token, before, tokens = stop.token, stop.before, stop.tokens
    if before and before.type == "DATA" and stop.index > 1 and tokens[stop.index - 2].type == "NAME":
        # `personal data`, of which the second word was taken for a declaration's first.
        if not stop.begins_line(stop.index - 1):
            yield Repair(stop.index - 1, (), 1, faults.replaced(before, tokens[stop.index - 2]))
    if token.text not in grammar.load().words or token.type in ("NAME", "AND", "OR", "OF"):
        return
    if stop.begins_clause or (token.type in faults.HOMES and _begins_item(stop)):
        return
    # Behind what is whole, a name would begin something new, and that stands on a line of its own.
    is_whole = before is None or before.type in (*_LITERALS, "RBRACE") or stop.takes_item
    if stop.begins_line(stop.index) or not is_whole:
        yield Repair(stop.index, ("NAME",), 1, faults.replaced(token, before))


def _misplaced(stop: Stop) -> Iterator[Repair]:
    """A word or text of the language that stands where another belongs."""
    token, before, index = stop.token, stop.before, stop.index
    if token.type in ("AND", "OR"):
        yield Repair(index, ("COMMA",), 1, faults.joined(token))
    if token.type in faults.HOMES and _begins_item(stop):
        yield Repair(index, (), _item_end(stop) - index, faults.homeless(token))
    if (word := faults.CLAUSE_OF.get(token.type, "").upper()) in stop.row:
        yield Repair(index, (word,), 1, faults.not_a_clause_word(token))
    if token.type in faults.PERIODS:
        yield Repair(index, ("KEEP",), 0, faults.no_keep(stop.tokens, index))
    if token.type == "NAME" and before and before.type in ("SECTION", "TEST"):
        yield Repair(index, ("STRING",), 1, faults.bare_title(token))
    if token.type == "STRING":
        if "item" in stop.row:
            yield Repair(index, ("TEXT",), 1, faults.not_prose(token))
        yield Repair(index, ("NAME",), 1, faults.quoted(token.text, Span(token.start, token.end)))
    if token.type in _LITERALS:
        for type in ("NAME", "STRING"):
            if (fault := faults.instead(stop.tokens, index, type)) is not None:
                yield Repair(index, (type,), 1, fault)


def _modalities(stop: Stop) -> Iterator[Repair]:
    """`must never`, or a modality where a rule says what has to hold."""
    token, before, index = stop.token, stop.before, stop.index
    if token.type not in faults.MODALITIES:
        return
    if before and before.type in faults.MODALITIES and "NEVER" in (before.type, token.type):
        yield Repair(index - 1, ("NEVER",), 2, faults.double_modality((before, token)))
    if "EVERY" in stop.row:
        yield Repair(index, ("SOME",), 0, faults.not_judged(token))


def _confused(stop: Stop) -> Iterator[Repair]:
    """A structure word for another, as what stands behind it shows."""
    for at in range(max(stop.index - 1, 0), stop.index + (stop.token.type != END)):
        for word in _CONFUSED.get((stop.tokens[at].type, stop.tokens[at + 1].type), ()):
            yield Repair(at, (word.upper(),), 1, faults.confused(stop.tokens, at, word))


def _periods(stop: Stop) -> Iterator[Repair]:
    """Periods and deadlines in the words of prose."""
    places = range(max(stop.index - _CANDIDATES, 0), stop.index)
    found = [repair for at in places if (repair := _period(stop, at)) is not None]
    yield from found or _own_words(stop)
    yield from _ages(stop)


def _period(stop: Stop, at: int) -> Repair | None:
    """What the language says for the period behind `tokens[at]`, in which or behind which the parser stopped."""
    word = stop.tokens[at].type
    found = lexer.period_like(stop.text, stop.tokens[at + 1].start) if word in _BEFORE_PERIODS else None
    if found is None or (end := stop.behind(found.end)) < stop.index or (word in faults.LIMITED and found.limit):
        return None
    if word == "WITHIN" and found.limit:
        return Repair(at + 1, ("DURATION",), end - at - 1, faults.limited(found, stop.span(at + 1, end)))
    start, words = (at, ["keep"]) if word == "FOR" else (at + 1, [])
    words += found.limit.split()
    fault = faults.meaning(*stop.said(start, end), " ".join([*words, found.length]))
    return Repair(start, (*(each.upper() for each in words), "DURATION"), end - start, fault)


def _ages(stop: Stop) -> Iterator[Repair]:
    """An age behind a person, as `from under 13 years`."""
    for at in range(max(stop.index - 1, 0), stop.index + (stop.token.type != END)):
        word, age = stop.tokens[at : at + 2]
        if word.type == "UNDER" and age.type in ("DURATION", "NUMBER") and not faults.is_value(stop.tokens, at):
            fault = faults.misplaced_age(stop.span(at, at + 2))
            yield Repair(at, (), 2, fault)
            yield Repair(at, ("NAME",), 2, fault)


def _own_words(stop: Stop) -> Iterator[Repair]:
    """A vague period that is not in quotation marks."""
    tokens, index, before = stop.tokens, stop.index, stop.before
    if before is None or before.type not in ("KEEP", "WITHIN") or stop.begins_line(index):
        return
    end = stop.phrase_end(index)
    is_whole = index > 1 and tokens[index - 2].type == "NEEDS"
    if not is_whole and any(tokens[at].type == tokens[at + 1].type == "NAME" for at in range(index, end - 1)):
        yield Repair(index, ("STRING",), end - index, faults.own_words(*stop.said(index, end)))


def _prose(stop: Stop) -> Iterator[Repair]:
    """A line of plain prose, which reads as one sentence or as several until its grammar is too much."""
    tokens, index = stop.tokens, stop.index
    start = next((at for at in reversed(stop.begun) if at == 0 or stop.begins_line(at)), index)
    end = stop.phrase_end(start)
    if not start < index < end:
        return
    if tokens[end - 1].text in faults.FULL_STOPS and (index < end - 1 or stop.begun[-1] > start):
        yield Repair(start, ("TEXT",), end - start, faults.prose(*stop.said(start, end)))
    if all(token.type == "NAME" for token in tokens[start:index]):
        if stop.token.type in faults.MODALITIES:
            yield Repair(start, (), index - start, faults.action_first(stop.span(start, index)))
        elif stop.token.type in faults.KINDS - {"DATA"} and index - start > 2:
            yield Repair(start, ("TEXT",), end - start, faults.action_first(stop.span(start, start + 1)))


def _begins_item(stop: Stop) -> bool:
    """Whether an item could begin here, at a line's start."""
    return (stop.index == 0 or stop.begins_line(stop.index)) and stop.takes_item


def _item_end(stop: Stop) -> int:
    """The first token from here that is on a line of its own and not indented deeper, or a brace."""
    at = stop.line_end(stop.index)
    while stop.tokens[at].type not in (END, "RBRACE") and stop.is_continued(stop.index, at):
        at = stop.line_end(at)
    braces = (number for number in range(stop.index, at) if stop.tokens[number].type in ("LBRACE", "RBRACE"))
    return next(braces, at)


# ── What is missing ─────────────────────────────────────────────────────────────────────────────


def _missing(stop: Stop, braces: list[int]) -> Iterator[Repair]:
    """What may be missing, here or a little before."""
    tokens, token, index = stop.tokens, stop.token, stop.index
    closing = ("RBRACE",) * len(braces) if token.type == END else ()
    if closing:
        yield Repair(index, closing, 0, _open_brace(stop, _culprit(stop, braces)))
    if index > 2 and tokens[index - 2].type == "COLON" and stop.begins_line(index - 1):
        yield Repair(index - 1, ("STRING",), 0, faults.no_value(tokens[index - 3]))
    if index > 1 and tokens[index - 1].type in faults.CLAUSES:
        yield Repair(index - 1, ("NEEDS",), 0, faults.no_needs(tokens[index - 2], tokens[index - 1]))
    if index and tokens[index - 1].type == "NEEDS":
        yield Repair(index, ("KEEP",), 0, faults.inserted(tokens, index, "KEEP"))
    if token.type == "IS" and stop.begun and stop.begun[-1] == index - 1:
        yield Repair(index - 1, ("DATA",), 0, faults.no_kind(tokens[index - 1]))
    # In the middle of a line, what has no beginning goes on with what stands before.
    is_new = not index or stop.begins_line(index) or not stop.takes_item
    for types in _MISSING:
        if types == ("NAME", "NAME") and not is_new:
            continue
        if types[0] in stop.row:
            fault = faults.inserted(tokens, index, types[0])
            yield Repair(index, types, 0, fault)
            if closing:
                yield Repair(index, (*types, *closing), 0, fault)


def _parted_clauses(stop: Stop) -> Iterator[Repair]:
    """A comma between two clauses."""
    tokens, index = stop.tokens, stop.index
    for at in range(max(index - 1, 0), index + 1):
        if tokens[at].type == "COMMA" and tokens[at + 1].type in faults.CLAUSES and not stop.begins_line(at + 1):
            yield Repair(at, (), 1, faults.parted_clauses(tokens[at]))


def _neighbours(stop: Stop) -> Iterator[Repair]:
    """Two names side by side, where a comma or an `is` may be missing: the parser took the second for an action."""
    if stop.first is None:
        return
    for at in range(stop.index, max(stop.first, stop.index - _LOOKBACK), -1):
        if stop.tokens[at - 1].type == stop.tokens[at].type == "NAME" and stop.is_continued(stop.first, at):
            for type in ("COMMA", "IS"):
                yield Repair(at, (type,), 0, faults.inserted(stop.tokens, at, type))


def _cut_off(stop: Stop) -> Iterator[Repair]:
    """A clause or list without its end, so that the parser took the next item's first word for it."""
    if stop.first is None:
        return
    for at in range(stop.index, max(stop.first, stop.index - _LOOKBACK), -1):
        before = stop.tokens[at - 1].type
        if (before in faults.CLAUSES or before in ("COMMA", "AND")) and not stop.is_continued(stop.first, at):
            type = "DURATION" if before in ("KEEP", "WITHIN") else "NAME"
            yield Repair(at, (type,), 0, faults.inserted(stop.tokens, at, type))


def _colonless(stop: Stop) -> Iterator[Repair]:
    """A field whose colon is not behind its name, so that it was taken for a child, and its value for another."""
    for at in range(max(stop.index - 2, 0), stop.index + 1):
        if stop.tokens[at].type == "NAME":
            name, colon = stop.tokens[at : at + 2]
            if colon.type == "COLON" and "#" in (between := stop.text[name.end : colon.start]):
                yield Repair(at, ("FIELD", "COLON"), 2, faults.late_colon(name, between, colon))
            yield Repair(at, ("FIELD", "COLON"), 1, faults.no_colon(name))


# ── Braces ──────────────────────────────────────────────────────────────────────────────────────


def _unclosed(stop: Stop, braces: list[int]) -> Iterator[Repair]:
    """A line that is not indented deeper than the brace before it: this should have been closed."""
    if not braces or not stop.begun or stop.begun[-1] > braces[-1]:
        return
    indent = stop.lines.indent(stop.tokens[braces[-1]])
    for at in range(braces[-1] + 1, stop.index + 1):
        token = stop.tokens[at]
        if stop.lines.starts(token) and token.type not in (END, "RBRACE") and stop.lines.indent(token) <= indent:
            yield Repair(at, ("RBRACE",), 0, _open_brace(stop, braces[-1]))
            return


def _open_brace(stop: Stop, brace: int) -> Fault | None:
    """The fault of an open brace; one that the parser put in has been reported as missing."""
    return faults.open_brace(stop.tokens[brace]) if stop.tokens[brace].text else None


def _culprit(stop: Stop, braces: list[int]) -> int:
    """Which brace to blame at the end: one whose `}` stands further left than it, else the outermost open one."""
    opened: list[int] = []
    for at in range(stop.index):
        token = stop.tokens[at]
        if token.type == "LBRACE":
            opened.append(at)
        elif token.type == "RBRACE" and opened:
            brace = opened.pop()
            if stop.lines.starts(token) and stop.lines.indent(token) < stop.lines.indent(stop.tokens[brace]):
                return brace
    return braces[-1]


def _unopened(stop: Stop, braces: list[int]) -> Iterator[Repair]:
    """What is indented below the item's first line may be what belongs in braces."""
    if braces or stop.first is None:
        return
    for at in range(stop.first + 1, min(stop.index + 1, stop.first + _LOOKBACK)):
        if stop.begins_line(at):
            if stop.is_continued(stop.first, at):
                yield Repair(at, ("LBRACE",), 0, faults.inserted(stop.tokens, at, "LBRACE"))
            return


def _stray_fields(stop: Stop) -> Iterator[Repair]:
    """Fields outside of braces."""
    tokens, index = stop.tokens, stop.index
    if index and tokens[index - 1].type in faults.KINDS:
        yield Repair(index, ("NAME", "IS"), 2, faults.means_is(tokens[index + 1]))
    at = index
    while tokens[at].type == "FIELD":
        at += 1
        while tokens[at].type not in (END, "LBRACE", "RBRACE") and (
            not stop.begins_line(at) or tokens[at - 1].type in ("COMMA", "COLON")
        ):
            at += 1
    yield Repair(index, (), at - index, faults.stray_field(tokens[index]))


# ── What other languages and word processors write ──────────────────────────────────────────────


def _foreign(stop: Stop) -> Iterator[Repair]:
    """Comments, quotation marks, numbers and symbols of another kind."""
    tokens, token, index = stop.tokens, stop.token, stop.index
    is_glued = stop.before is not None and stop.before.end == token.start
    if token.text.startswith(faults.COMMENTS) and not is_glued:
        yield Repair(index, (), stop.line_end(index) - index, faults.comment(token))
    if (end := _closed(stop, faults.QUOTES)) is not None:
        yield Repair(index, ("STRING",), end - index, faults.curly(*stop.said(index, end)))
        yield Repair(index, ("NAME",), end - index, faults.quoted(*stop.said(index, end)))
    if token.type == "NUMBER":
        unit = tokens[index + 1]
        if unit.type == "NAME" and stop.line_end(index) > index + 1:
            yield Repair(index, ("DURATION",), 2, faults.not_a_unit(unit))
        yield Repair(index, ("DURATION",), 1, faults.no_unit(tokens, index))
    if (found := lexer.number_like(stop.text, token.start)) is not None:
        end = stop.behind(found[0])
        yield Repair(index, ("NUMBER",), end - index, faults.meaning(*stop.said(index, end), found[1]))
    if (alike := faults.alike(token)) is not None:
        symbol, fault = alike
        if token.text == "=":
            yield Repair(index, ("IS",), 1, faults.means_is(token))
        if symbol == "@" and tokens[index + 1].type == "NAME":
            yield Repair(index, ("LANGUAGE",), 2, fault)
        if symbol == ":" and stop.before and stop.before.type == "NAME":
            yield Repair(index - 1, ("FIELD", "COLON"), 2, fault)
        elif symbol in _SYMBOLS:
            yield Repair(index, (_SYMBOLS[symbol],), 1, fault)


def _punctuation(stop: Stop) -> Iterator[Repair]:
    """What ends a sentence of prose, and words in parentheses."""
    index = stop.index
    if stop.token.text in faults.FULL_STOPS + faults.SEMICOLONS:
        yield Repair(index, (), 1, faults.sentence_end(stop.token))
    if (end := _closed(stop, faults.PARENTHESES)) is not None:
        is_last = end == stop.line_end(index)
        yield Repair(index, (), end - index, faults.remark(*stop.said(index, end), is_last))


def _closed(stop: Stop, marks: Mapping[str, str]) -> int | None:
    """Behind which token on this line what such a mark opens here is closed."""
    closing = marks.get(stop.token.text, "")
    if not closing:
        return None
    ends = range(stop.index + 1, min(stop.line_end(stop.index), stop.index + _LOOKBACK))
    return next((at + 1 for at in ends if stop.tokens[at].text and stop.tokens[at].text in closing), None)


def _inner_quotes(stop: Stop) -> Iterator[Repair]:
    """Quotation marks inside of a text, which end it."""
    for at in range(stop.index - 1, max(stop.index - _CANDIDATES, -1), -1):
        text, behind = stop.tokens[at : at + 2]
        if text.type == "STRING" and behind.type == "NAME" and behind.start == text.end:
            line = range(at, stop.phrase_end(at))
            last = next(last for last in reversed(line) if stop.tokens[last].type == "STRING")
            if last > at:
                yield Repair(at, ("STRING",), last + 1 - at, faults.inner_quotes(*stop.said(at, last + 1)))


def _dates(stop: Stop) -> Iterator[Repair]:
    """A date in another notation, of which the first part may have been taken for a number or a name."""
    tokens, index = stop.tokens, stop.index
    for at in range(max(index - 3, 0), index + 1):
        if (found := lexer.date_like(stop.text, tokens[at].start)) is not None:
            end = stop.behind(found[0])
            if end > index:
                yield Repair(at, ("DATE",), end - at, faults.not_a_date(*stop.said(at, end), found[1]))


def _glued(stop: Stop) -> Iterator[Repair]:
    """Tokens that no space parts, as in `a-b` or `a@b.example`."""
    tokens, index = stop.tokens, stop.index
    if (run := lexer.glued(tokens, index, _CANDIDATES)) is None:
        return
    at, end = run
    if faults.alike(stop.token) is None:
        type = "STRING" if faults.is_value(tokens, at) else "NAME"
        yield Repair(at, (type,), end - at, faults.not_a_word(*stop.said(at, end), type))
