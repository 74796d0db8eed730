"""TOML → plain data, and where in the text its keys and values stand.

`tomllib` tells what a file says, but not where; so the text is cut into tokens a second time, for their places. That is
only done with text that `tomllib` has accepted, so there is little left to get wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from policyspec.source import Span

# Limits. No settings are larger, and what reads them takes time with the square of a key's length, or recurses.
MAX_LENGTH = 500_000
MAX_DEPTH = 40

Path: TypeAlias = tuple[str | int, ...]

_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|#[^\n]*)"
    r'|(?P<string>"""(?s:(?:[^\\]|\\.)*?)""""{0,2}|"(?:[^"\\\n]|\\.)*"'
    r"|'''(?s:.*?)''''{0,2}|'[^'\n]*')"
    r"|(?P<mark>[\[\]{}=,.\n])"
    r"|(?P<word>[^\s\[\]{}=,.\"'#]+)"
    r"|(?P<other>(?s:.))"
)
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class Bad(NamedTuple):
    """Why a text cannot be read, and where."""

    message: str
    span: Span


class Place(NamedTuple):
    """Where a key and its value stand. Of an item of an array, both are the value; of a table, both are the key."""

    key: Span
    value: Span


class _Token(NamedTuple):
    type: str
    text: str
    start: int
    end: int


def loads(text: str) -> dict[str, Any] | Bad:
    """What a text says, or why it cannot be read."""
    if len(text) > MAX_LENGTH:
        return Bad(f"longer than {MAX_LENGTH:,} characters", Span(0, 0))
    if deep := _too_deep(text):
        return Bad(f"nested more than {MAX_DEPTH} deep", Span(deep.start, deep.end))
    # Brings in much that a start without settings does not need.
    import tomllib

    try:
        return tomllib.loads(_without_mark(text))
    except tomllib.TOMLDecodeError as error:
        return _bad(str(error), text)
    except (ValueError, RecursionError):
        # A number of thousands of digits, say.
        return Bad("a value here cannot be read", Span(0, 0))


def _without_mark(text: str) -> str:
    """The text with a space for the byte order mark, which `tomllib` refuses."""
    return " " + text[1:] if text.startswith("\ufeff") else text


def _bad(message: str, text: str) -> Bad:
    """An error of `tomllib`, which has the place at its message's end; its lines end at line feeds alone."""
    where = _AT.search(message)
    words = _AT.sub("", message)
    words = f"not TOML: {words[:1].lower()}{words[1:]}"
    if "overwrite" in words:
        words += "; of two names of which one begins with the other, put both into quotation marks"
    if where is None or where[1] is None:
        return Bad(words, Span(len(text), len(text)))
    lines = text.split("\n")
    line, column = int(where[1]) - 1, int(where[2]) - 1
    at = min(sum(len(each) + 1 for each in lines[:line]) + column, len(text))
    return Bad(words, Span(at, min(at + 1, len(text))))


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(_without_mark(text)):
        if match.lastgroup and match.lastgroup != "space":
            yield _Token(match.lastgroup, match.group(), match.start(), match.end())


def _too_deep(text: str) -> _Token | None:
    """The first bracket that is nested too deep, or dot of a key that has too many."""
    depth = dots = 0
    for token in _tokens(text):
        if token.type == "mark":
            depth += (token.text in "[{") - (token.text in "]}")
            dots = dots + 1 if token.text == "." else 0
            if depth > MAX_DEPTH or dots > MAX_DEPTH:
                return token
    return None


def places(text: str) -> dict[Path, Place]:
    """Where everything stands in a text that `loads` can read: by the keys and numbers that lead there."""
    tokens = [*_tokens(text), _Token("end", "", len(text), len(text))]
    found: dict[Path, Place] = {}
    last_of: dict[Path, int] = {}

    def key(at: int, table: Path) -> tuple[int, Path]:
        """Read a key of a table, and note where it and the tables on its way stand."""
        path = table
        while tokens[at].type in ("word", "string"):
            token = tokens[at]
            path += (_unquoted(token.text),)
            span = Span(token.start, token.end)
            found.setdefault(path, Place(span, span))
            path += (last_of[path],) if path in last_of else ()
            at += 1
            if tokens[at].text != ".":
                break
            at += 1
        return at, path

    def entry(at: int, table: Path) -> int:
        at, path = key(at, table)
        return value(at + 1, path) if tokens[at].text == "=" else at + (tokens[at].type != "end")

    def value(at: int, path: Path) -> int:
        begin, opening = tokens[at].start, tokens[at].text
        if opening in ("[", "{"):
            number, at = 0, at + 1
            while tokens[at].text not in ("]", "}", ""):
                if tokens[at].text in (",", "\n"):
                    at += 1
                elif opening == "[":
                    at, number = value(at, (*path, number)), number + 1
                else:
                    at = entry(at, path)
            at += tokens[at].type != "end"
        else:
            # A number or a date may have a dot or a space in it.
            at += tokens[at].type != "end"
            while tokens[at].text not in (",", "]", "}", "\n", ""):
                at += 1
        span = Span(begin, tokens[at - 1].end)
        found[path] = Place(found[path].key if path in found else span, span)
        return at

    at, table = 0, Path()
    while tokens[at].type != "end":
        if tokens[at].text == "\n":
            at += 1
        elif tokens[at].text != "[":
            at = entry(at, table)
        elif tokens[at + 1].text != "[":
            at, table = key(at + 1, ())
            at += tokens[at].text == "]"
        else:
            at, path = key(at + 2, ())
            # Behind the path of an array stands the number of its last table, if there is one already.
            path = path[:-1] if path and isinstance(path[-1], int) else path
            last_of[path] = last_of.get(path, -1) + 1
            table = (*path, last_of[path])
            span = Span(tokens[at - 1].start, tokens[at - 1].end)
            found[table] = Place(span, span)
            at += 2 * (tokens[at].text == "]")
    return found


def _unquoted(word: str) -> str:
    """A key as it is meant; one with escapes, which nobody writes, is not looked for."""
    return word[1:-1] if word[0] in "\"'" else word
