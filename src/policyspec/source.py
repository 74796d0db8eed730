"""A file's text, and where things are in it.

There are several ways to name a place in a text, and only this module converts between them:

- an offset: the number of code points before it (a Python `str` index); every span is made of these
- a `Position`: line and column, both from 0, the column in code points
- a `Position` in an encoding: the same with the column in its code units; editors count in UTF-16, or as agreed

A line ends at `\\n`, `\\r\\n` or `\\r`, as in the Language Server Protocol, and nowhere else: a form feed or
U+2028 is a character like any other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias, get_args

Encoding: TypeAlias = Literal["utf-8", "utf-16", "utf-32"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
# What editors count in, unless something else is agreed on.
USUAL: Encoding = "utf-16"

_LINE_END = re.compile(r"\r\n|\r|\n")


class Span(NamedTuple):
    """A half-open range of offsets: `start <= offset < end`."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


class Position(NamedTuple):
    """A line and a column, both counted from 0."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """One file: the name it goes by, and its text."""

    path: str
    text: str

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset of each line's first character; there is always a line 0."""
        return (0, *(end.end() for end in _LINE_END.finditer(self.text)))

    def line(self, number: int) -> str:
        """The text of line `number` (from 0) without its line end; "" outside of the text."""
        if not 0 <= number < len(self.line_starts):
            return ""
        start = self.line_starts[number]
        end = self.line_starts[number + 1] if number + 1 < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def position(self, offset: int) -> Position:
        """The position of an offset; offsets outside of the text are taken as its nearer end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset) - 1
        return Position(line, offset - self.line_starts[line])

    def offset(self, position: Position) -> int:
        """The offset of a position; one beyond a line's end is that end, as editors expect."""
        line, column = position
        if line < 0:
            return 0
        if line >= len(self.line_starts):
            return len(self.text)
        return self.line_starts[line] + min(max(column, 0), len(self.line(line)))

    def utf16_position(self, offset: int) -> Position:
        """The position of an offset, its column in UTF-16 code units."""
        return self.encoded_position(offset, "utf-16")

    def utf16_offset(self, position: Position) -> int:
        """The offset of a position in UTF-16; a column inside of a surrogate pair is the pair's start."""
        return self.encoded_offset(position, "utf-16")

    def encoded_position(self, offset: int, encoding: Encoding) -> Position:
        """The position of an offset, its column in code units of an encoding."""
        line, column = self.position(offset)
        start = self.line_starts[line]
        return Position(line, _length(self.text[start : start + column], encoding))

    def encoded_offset(self, position: Position, encoding: Encoding) -> int:
        """The offset of a position in code units of an encoding; a column inside of a character is its start."""
        line, units = position
        text = self.line(line)
        if encoding == "utf-32" or text.isascii():
            return self.offset(position)
        column = 0
        while column < len(text) and (units := units - _length(text[column], encoding)) >= 0:
            column += 1
        return self.offset(Position(line, column))


def utf16_length(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _length(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    # A lone surrogate, which JSON can have, is encoded as if it were a character.
    return utf16_length(text) if encoding == "utf-16" else len(text.encode("utf-8", "surrogatepass"))
