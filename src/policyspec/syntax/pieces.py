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
    braces are open there. `closings` has each `}`, `left` the number of braces open behind it. `depth` is that at the
    end. Where a text block is never closed, and ends nonetheless, the outline `is_mended`.
    """

    offsets: list[int]
    columns: list[int]
    depths: list[int]
    closings: list[int]
    left: list[int]
    depth: int
    is_mended: bool

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
        low, high = bisect_left(self.closings, first), bisect_left(self.closings, stop)
        closing = next((self.closings[each] for each in range(low, high) if self.left[each] <= outer), None)
        return None if closing is None else Inside(first, closing, self.columns[line], outer + 1)


class Inside(NamedTuple):
    """The items in a block's braces: from the first one's line to the `}`, how far indented, how many braces deep."""

    start: int
    stop: int
    column: int
    depth: int


def outline(text: str, before: tuple[str, Outline] | None = None) -> Outline:
    """The outline of a text; where that is an edited one, with that of the text `before`, it is not all looked at."""
    found = _scan(text, _after(text, *before)) if before is not None and not before[1].is_mended else None
    return found or _scan(text) or _scan(text, mend=True) or Outline([], [], [], [], [], 0, True)


class _Known(NamedTuple):
    """An outline of an earlier text, and which of its lines are still so: those up to one, and those behind an edit.

    What stands from `behind` on in the text stood `by` further left before.
    """

    outline: Outline
    lines: int
    behind: int
    by: int


def _after(text: str, was: str, outline: Outline) -> _Known:
    """What is still known after an edit.

    Whether an item begins on a line is seen from that line, and from the first word behind it. So of all lines that an
    unchanged whole line follows this is known. What is behind the edit is read as before from where a line is met that
    began an item there, for there is no string and no comment then.
    """
    start = _same(text, was)
    same_end = min(_same_end(text, was), len(text) - start, len(was) - start)
    last_break = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start))
    lines = max(bisect_right(outline.offsets, last_break) - 1, 0)
    return _Known(outline, lines, len(text) - same_end, len(text) - len(was))


def _same(left: str, right: str) -> int:
    """With how many of the same characters two texts begin."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left[low:middle] == right[low:middle] else (low, middle - 1)
    return low


def _same_end(left: str, right: str) -> int:
    """With how many of the same characters two texts end."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        ends = left[len(left) - middle : len(left) - low], right[len(right) - middle : len(right) - low]
        low, high = (middle, high) if ends[0] == ends[1] else (low, middle - 1)
    return low


def _scan(text: str, known: _Known | None = None, mend: bool = False) -> Outline | None:
    """The outline; None where a text block is never closed, unless that is to be mended."""
    offsets: list[int] = []
    columns: list[int] = []
    depths: list[int] = []
    closings: list[int] = []
    left: list[int] = []
    depth = start = 0
    if known is not None and known.lines:
        old, lines = known.outline, known.lines
        start, depth = old.offsets[lines] - 1, old.depths[lines]
        offsets, columns, depths = old.offsets[:lines], old.columns[:lines], old.depths[:lines]
        closed = bisect_left(old.closings, start)
        closings, left = old.closings[:closed], old.left[:closed]
    for match in _scanner(mend).finditer(text, start):
        group = match.lastgroup
        if group == "head" or group == "mac_head":
            at = match.start() + 1
            line = _index(known.outline.offsets, at - known.by) if known is not None and at > known.behind else -1
            if known is not None and line >= 0:
                first = Outline(offsets, columns, depths, closings, left, depth, mend)
                return _joined(first, known.outline, line, known.by)
            offsets.append(at)
            columns.append(match.end() - at)
            depths.append(depth)
        elif group == "open":
            depth += 1
        elif group == "close":
            depth -= 1
            closings.append(match.start())
            left.append(depth)
        elif group is None and not mend and match.group().startswith('"""'):
            return None
    return Outline(offsets, columns, depths, closings, left, depth, mend)


def _index(numbers: list[int], number: int) -> int:
    """Where a number stands among sorted ones; -1 where it does not."""
    at = bisect_left(numbers, number)
    return at if at < len(numbers) and numbers[at] == number else -1


def _joined(first: Outline, old: Outline, line: int, by: int) -> Outline:
    """An outline up to a line, and what an old one has from that line on."""
    deeper = first.depth - old.depths[line]
    closed = bisect_left(old.closings, old.offsets[line])
    return Outline(
        first.offsets + [each + by for each in old.offsets[line:]],
        first.columns + old.columns[line:],
        first.depths + [each + deeper for each in old.depths[line:]],
        first.closings + [each + by for each in old.closings[closed:]],
        first.left + [each + deeper for each in old.left[closed:]],
        old.depth + deeper,
        False,
    )


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
