"""Text → tokens, where they stand, and what dates, periods and numbers in other notations mean."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
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
# Makes a named tuple without a call of Python code, which would take longer than all else here.
_new = tuple.__new__
# What ends a word written without spaces, for want of which it came to be several tokens.
_NOT_GLUED = frozenset({"STRING", "TEXT", "LBRACE", "RBRACE", "COMMA", END})
_INDENT = re.compile(r"[ \t\ufeff]*")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# Of a date that ends with the year nobody can say which number is the month.
_DATES = (
    rf"{_DAY}[ \t]+{_MONTH},?[ \t]+(?P<year>\d{{4}})",
    rf"{_MONTH}[ \t]+{_DAY},?[ \t]+(?P<year>\d{{4}})",
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
    r"\d{1,2}([-/.])\d{1,2}\1\d{2,4}",
)
# Amounts, units and limits as policies write them.
_AMOUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18,
    "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_UNITS = {
    "minute": "minutes?|mins?|分钟|分鐘",
    "hour": "hours?|hrs?|h|个?小时|個?小時|時間",
    "working day": "working days?|个?工作日|個?工作日|営業日",
    "business day": "business days?",
    "day": "days?|d|天|日",
    "week": "weeks?|wks?|个?星期|個?星期|周|週間?",
    "month": "months?|mos?|个?月|個月|[かヶ]月",
    "year": "years?|yrs?|y|年",
}
_LIMITS = {
    "": "",
    "at most": "at most|up to|(?:a )?max(?:imum)?(?: of)?|(?:no|not) (?:longer|more|later) than|less than",
    "at least": "at least|(?:a )?min(?:imum)?(?: of)?|(?:no|not) (?:less|fewer|shorter) than|(?:more|longer) than",
}
_PERIOD = (
    rf"(?:for )?(?:(?P<limit>{_LIMITS['at most']}|{_LIMITS['at least']}) )?"
    rf"(?:(?P<amount>\d+)(?: |-)?|(?:[a-z-]+(?: )?\((?P<digits>\d+)\)|(?P<word>{'|'.join(_AMOUNTS)}))(?: |-))"
    rf"(?P<unit>{'|'.join(_UNITS.values())})(?:以?[内內])?(?!\w| and\b)".replace(" ", r"[ \t]+")
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def tokens(text: str) -> tuple[list[Token], list[Span]]:
    """All tokens of the text, `$END` last, and the spans of its comments."""
    language = grammar.load()
    words = language.words
    found: list[Token] = []
    comments: list[Span] = []
    for match in language.pattern.finditer(text):
        type = match.lastgroup or ""
        start, end = match.span(type)
        if type == "COMMENT":
            comments.append(Span(start, end))
        elif type != "SPACE":
            word = text[start:end]
            if type == "NAME":
                type = words.get(word, "NAME")
            found.append(_new(Token, (type, word, start, end)))
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


# ── Tokens and their neighbours ─────────────────────────────────────────────────────────────────


def open_braces(tokens: list[Token], index: int) -> list[int]:
    """The indices of the braces that are open before `index`."""
    found: list[int] = []
    for at in range(index):
        if tokens[at].type == "LBRACE":
            found.append(at)
        elif tokens[at].type == "RBRACE" and found:
            found.pop()
    return found


def glued(tokens: list[Token], index: int, most: int) -> tuple[int, int] | None:
    """The tokens around `index` that no space parts, up to so many on either side."""
    at, end = index, index + 1
    if tokens[index].type in _NOT_GLUED:
        return None
    while at > max(index - most, 0) and tokens[at - 1].end == tokens[at].start:
        if tokens[at - 1].type in (*_NOT_GLUED, "FIELD", "COLON"):
            break
        at -= 1
    while end < index + most and tokens[end - 1].end == tokens[end].start:
        if tokens[end].type in _NOT_GLUED:
            break
        end += 1
    while at < end and tokens[at].type == "UNKNOWN":
        at += 1
    while end > at and tokens[end - 1].type in ("UNKNOWN", "COLON"):
        end -= 1
    return (at, end) if at <= index < end and end - at > 1 else None


# ── Dates, periods and numbers as prose writes them ─────────────────────────────────────────────


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern, in any case. Compiled when one is looked for: a text without errors needs none of these."""
    return re.compile(text, re.I)


class Period(NamedTuple):
    """A period in other words than the language's: its limit (`at most`, say, or none), the rest, and where it ends."""

    limit: str
    length: str
    end: int


def period_like(text: str, start: int) -> Period | None:
    """A period at this place of the text, in whatever words."""
    match = _pattern(_PERIOD).match(text, start)
    if match is None or (match["word"] and len(match["unit"]) == 1):
        return None
    digits = match["amount"] or match["digits"]
    amount = int(digits[:9]) if digits else _AMOUNTS[match["word"].casefold()]
    unit = _canonical(match["unit"], _UNITS) + ("" if amount == 1 else "s")
    return Period(_canonical(match["limit"] or "", _LIMITS), f"{amount} {unit}", match.end())


def _canonical(text: str, patterns: dict[str, str]) -> str:
    """The key of the pattern that these words have."""
    words = " ".join(text.split())
    return next(key for key, pattern in patterns.items() if re.fullmatch(pattern, words, re.I))


def date_like(text: str, start: int) -> tuple[int, str | None] | None:
    """A date in another notation at this place of the text: where it ends, and the date if that is certain."""
    match = next((match for each in _DATES if (match := _pattern(rf"{each}\b").match(text, start))), None)
    if match is None:
        return None
    year, month, day = (match.groupdict().get(part) for part in ("year", "month", "day"))
    if year is None or month is None or day is None:
        return match.end(), None
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
    return match.end(), f"{int(year):04}-{number:02}-{int(day):02}"


def number_like(text: str, start: int) -> tuple[int, str] | None:
    """A number in the digits of another script: where it ends, and the number."""
    match = _NUMBER.match(text, start)
    if match is None or match[0].isascii():
        return None
    return match.end(), "".join(str(int(char)) if char.isdecimal() else char for char in match[0])
