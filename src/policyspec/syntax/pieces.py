"""Text → the pieces that can be parsed one by one.

A line that begins with a word may begin an item. Where such a line stands outside of braces, strings and comments, and
as far left as the items around it, the text may be cut. A cut too many does no harm: a piece that stops in the middle
of an item is put together again with what follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import NamedTuple

from policyspec.syntax import grammar

# Strings and comments hide braces and line starts; what is unclosed ends as the lexer ends it. Every alternative begins
# with a plain character, so that the regex engine can skip to the next of these.
_SCAN = (
    r"#[^\r\n]*"
    r'|"""(?s:.*?)(?:"""(?P<closed>)|\Z)'
    r'|"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"'
    rf"|{grammar.BROKEN_STRING}"
    r"|\{(?P<open>)"
    r"|\}(?P<close>)"
    r'|\n[ \t]*(?P<head>)(?="""|(?!CONTINUATION|TAIL)[^\W\d](?!\w*[\s\ufeff]*:))'
    r'|\r[ \t]*(?P<mac_head>)(?="""|(?!CONTINUATION|TAIL)[^\W\d](?!\w*[\s\ufeff]*:))'
)
# The end of a list that began on a line before: names, and then what does not follow an action. No item begins so.
_TAIL = r"[^\W\d][\w.]*+(?:[ \t]*+,[ \t]*+[^\W\d][\w.]*+)*+[ \t]*+(?:[\r\n][\r\n \t]*+)?(?:FOLLOWING)\b"


class Outline(NamedTuple):
    """Where a text may be cut: the lines that begin with a word, and the braces.

    `offsets`, `columns` and `depths` are of the same lines: where they begin, how far they are indented, and how many
    braces are open there. `closings` has each `}` with the number of braces open behind it. `depth` is that at the end.
    """

    offsets: list[int]
    columns: list[int]
    depths: list[int]
    closings: list[tuple[int, int]]
    depth: int

    def cuts(self, start: int, stop: int, column: int, depth: int, last: int) -> list[int]:
        """Offsets from `start` to `stop` between which there are pieces, for items indented by `column` or less.

        `depth` is the number of braces open at `start`, `last` that at `stop`. A brace that is opened in a piece is
        closed in it; one that never is does not hide the cuts behind it.
        """
        low, high = bisect_right(self.offsets, start), bisect_left(self.offsets, stop)
        lines = [each for each in range(low, high) if self.columns[each] <= column]
        offsets = [start, *(self.offsets[each] for each in lines), stop]
        depths = [depth, *(self.depths[each] for each in lines), last]
        # For each cut, the next one at which every brace opened since is closed again.
        closing = [0] * len(offsets)
        stack: list[int] = []
        for number in range(len(offsets) - 1, -1, -1):
            while stack and depths[stack[-1]] > depths[number]:
                stack.pop()
            closing[number] = stack[-1] if stack else number + 1
            stack.append(number)
        found, number = [start], 0
        while number < len(offsets) - 1:
            number = min(closing[number], len(offsets) - 1)
            found.append(offsets[number])
        return found

    def inside(self, start: int, stop: int) -> Inside | None:
        """What is in the braces of a block whose first line is the one that begins at `start`, or the text's first."""
        line = bisect_left(self.offsets, start)
        outer = self.depths[line] if line < len(self.offsets) and self.offsets[line] == start else 0
        line = bisect_right(self.offsets, start)
        while line < len(self.offsets) and self.offsets[line] < stop and self.depths[line] != outer + 1:
            line += 1
        if line == len(self.offsets) or self.offsets[line] >= stop:
            return None
        first = self.offsets[line]
        low, high = bisect_left(self.closings, (first,)), bisect_left(self.closings, (stop,))
        closing = next((offset for offset, depth in self.closings[low:high] if depth <= outer), None)
        return None if closing is None else Inside(first, closing, self.columns[line], outer + 1)


class Inside(NamedTuple):
    """The items in a block's braces: from the first one's line to the `}`, how far indented, how many braces deep."""

    start: int
    stop: int
    column: int
    depth: int


def outline(text: str) -> Outline:
    """The outline of a text."""
    found = _scan(text, mend=False)
    return found or _scan(text, mend=True) or Outline([], [], [], [], 0)


def _scan(text: str, mend: bool) -> Outline | None:
    """The outline; None where a text block is never closed, unless that is to be mended."""
    offsets: list[int] = []
    columns: list[int] = []
    depths: list[int] = []
    closings: list[tuple[int, int]] = []
    depth = 0
    for match in _scanner(mend).finditer(text):
        group = match.lastgroup
        if group == "head" or group == "mac_head":
            offsets.append(match.start() + 1)
            columns.append(match.end() - match.start() - 1)
            depths.append(depth)
        elif group == "open":
            depth += 1
        elif group == "close":
            depth -= 1
            closings.append((match.start(), depth))
        elif group is None and not mend and match.group().startswith('"""'):
            return None
    return Outline(offsets, columns, depths, closings, depth)


@lru_cache(maxsize=2)
def _scanner(mend: bool) -> re.Pattern[str]:
    language = grammar.load()
    first = language.actions[language.start]
    inner = "|".join(word for word, type in language.words.items() if type not in first)
    behind_action = language.actions[first["NAME"]]
    following = "|".join(word for word, type in language.words.items() if type not in {**first, **behind_action})
    tail = _TAIL.replace("FOLLOWING", following)
    pattern = _SCAN.replace("CONTINUATION", rf"(?:{inner})\b").replace("TAIL", tail)
    if mend:
        # A text block that is never closed ends before a line that can only be the start of an item.
        begun = [word for word, type in language.words.items() if type in first]
        headline = rf'[\r\n](?=(?:{"|".join(begun)})[ \t]+(?:[^\W\d]|"))'
        pattern = pattern.replace("(?s:.*?)", rf"(?s:(?:(?!{headline}).)*?)").replace(r"|\Z", rf"|\Z|(?={headline})")
    return re.compile(pattern)
