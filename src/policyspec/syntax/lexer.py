"""Text → tokens, and text → the pieces that can be parsed one by one."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
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

# Strings and comments hide braces and line starts; what is unclosed ends as the lexer ends it.
_SCAN = r"""
    \#[^\r\n]*
  | "{3} (?s:.*?) (?: (?P<closed>"{3}) | \Z )
  | "(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"
  | BROKEN_STRING
  | (?P<open>\{) | (?P<close>\})
  | [\r\n]+ (?P<head>) (?= "{3} | (?!CONTINUATION) [^\W\d] (?!\w*\s*:) )
"""
# A line that can only be the start of an item: where a `{3}` was never closed, it ends before such a line.
_HEADLINE = (
    r"[\r\n](?=(?:policy|party|subject|data|purpose|basis|exception|permission|safeguard|right|channel|place"
    r"|event|action|import|extend|rule|may|must|should|never)[ \t]+[^\W\d]|(?:section|test|import)[ \t]+\")"
)


@lru_cache(maxsize=2)
def _scanner(mend: bool) -> re.Pattern[str]:
    language = grammar.load()
    first = language.actions[language.start]
    inner = "|".join(word for word, type in language.words.items() if type not in first)
    pattern = _SCAN.replace("CONTINUATION", rf"(?:{inner})\b").replace("BROKEN_STRING", grammar.BROKEN_STRING.replace(" ", r"\ "))
    if mend:
        pattern = pattern.replace("(?s:.*?)", rf"(?s:(?:(?!{_HEADLINE.replace(' ', chr(92) + ' ')}).)*?)")
        pattern = pattern.replace(r"| \Z )", rf"| \Z | (?={_HEADLINE.replace(' ', chr(92) + ' ')}) )")
    return re.compile(pattern, re.VERBOSE)


def pieces(text: str) -> list[int]:
    """The offsets at which the text may be cut, from 0 to its end.

    A cut stands where a line begins, in column 0 and outside of braces, strings and comments, with a word as an
    item does. A brace that is never closed does not hide the cuts behind it, nor does a text block.
    """
    cuts, depths = [0], [0]
    depth = 0
    for mend in (False, True):
        cuts, depths, depth, unclosed = [0], [0], 0, False
        for match in _scanner(mend).finditer(text):
            group = match.lastgroup
            if group == "head":
                cuts.append(match.end())
                depths.append(depth)
            elif group == "open":
                depth += 1
            elif group == "close":
                depth -= 1
            elif group is None and match.group().startswith('"""'):
                unclosed = True
        if not unclosed:
            break
    cuts.append(len(text))
    depths.append(depth)
    # For each cut, the next one at which every brace opened since is closed again.
    closing = [0] * len(cuts)
    stack: list[int] = []
    for number in range(len(cuts) - 1, -1, -1):
        while stack and depths[stack[-1]] > depths[number]:
            stack.pop()
        closing[number] = stack[-1] if stack else number + 1
        stack.append(number)
    found, number = [0], 0
    while number < len(cuts) - 1:
        number = min(closing[number], len(cuts) - 1)
        found.append(cuts[number])
    return found


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
