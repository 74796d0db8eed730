"""Text → tokens, and where they stand on their lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from policyspec.source import Source, Span
from policyspec.syntax import grammar


class Token(NamedTuple):
    """A word of the text. `type` is a terminal of the grammar, `UNKNOWN`, or `$END` behind the last one."""

    type: str
    text: str
    start: int
    end: int


END = "$END"
_INDENT = re.compile(r"[ \t\ufeff]*")


def tokens(text: str) -> tuple[list[Token], list[Span]]:
    """All tokens of the text, `$END` last, and the spans of its comments."""
    language = grammar.load()
    words = language.words
    found: list[Token] = []
    comments: list[Span] = []
    for match in language.pattern.finditer(text):
        type = match.lastgroup or ""
        if type == "SPACE":
            continue
        start, end = match.span()
        if type == "NAME":
            word = match.group()
            found.append(Token(words.get(word, "NAME"), word, start, end))
        elif type == "COMMENT":
            comments.append(Span(start, end))
        else:
            found.append(Token(type, match.group(), start, end))
    found.append(Token(END, "", len(text), len(text)))
    return found, comments


class Lines:
    """Where the tokens of a text stand on their lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = Source("", text).line_starts
        self._indents: dict[int, int] = {}

    def number(self, token: Token) -> int:
        return bisect_right(self._starts, token.start) - 1

    def end(self, token: Token) -> int:
        """Where the next line begins."""
        number = self.number(token) + 1
        return self._starts[number] if number < len(self._starts) else len(self._text) + 1

    def indent(self, token: Token) -> int:
        """How far the token's line is indented."""
        number = self.number(token)
        start = self._starts[number]
        if number not in self._indents:
            match = _INDENT.match(self._text, start)
            self._indents[number] = match.end() - start if match else 0
        return min(self._indents[number], token.start - start)

    def starts(self, token: Token) -> bool:
        """Whether nothing but white space stands before the token on its line."""
        return self.indent(token) == token.start - self._starts[self.number(token)]
