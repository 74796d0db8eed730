"""Diagnostics → what people read in a terminal, and what tools read.

Messages and source lines may come from anyone, and must not drive the terminal: control characters, bidirectional
overrides and characters without a width of their own are shown as escapes (`\\x1b`, `<U+202E>`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from policyspec.diagnostic import Diagnostic, Fix, Related, Severity
from policyspec.source import Position, Source, Span

DEFAULT_WIDTH = 160
_TAB = "    "
# Controls, formats (bidi, zero width, byte order mark), surrogates, line and paragraph separators, unassigned.
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Cn"})
_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}
_CYAN, _BOLD = "36", "1"
# Where the manual is published, with a slash at the end: `project.urls` in pyproject.toml has it as "Documentation".
# While it is published nowhere, reports have no links.
DOCUMENTATION = ""
_RULES = "docs/rules.md"
_UNESCAPED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
# What stands for a byte of a file name that is not UTF-8 is such a surrogate; another one stands for nothing.
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def sort(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics in the order of every report: by path, then start, then rule."""
    return sorted(diagnostics, key=lambda found: (found.path, found.span.start, found.rule, found.span.end))


def text(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], *, color: bool = False, width: int | None = None
) -> str:
    """The diagnostics as a compiler prints them, an empty line between two; source lines are cut to `width` columns."""
    page = _Page(sources, color, max(width or DEFAULT_WIDTH, 10))
    return "\n".join("".join(f"{line}\n" for line in page.block(found)) for found in sort(diagnostics))


def summary(diagnostics: Iterable[Diagnostic], files: int) -> str:
    """`2 errors, 1 warning in 3 files checked`."""
    counts = Counter(found.severity for found in diagnostics)
    findings = ", ".join(count(counts[severity], severity.value) for severity in Severity if counts[severity])
    return f"{findings or 'no findings'} in {count(files, 'file')} checked"


def as_json(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    files: int,
    url: Callable[[str], str | None] | None = None,
) -> dict[str, Any]:
    """The diagnostics as plain data; lines and columns count from 1, columns in code points, and ends are exclusive.

    `url` says where a rule is explained.
    """
    found = sort(diagnostics)
    counts = Counter(each.severity for each in found)
    return {
        "diagnostics": [_diagnostic(each, sources, url or rule_url) for each in found],
        "summary": {"files": files, **{f"{severity.value}s": counts[severity] for severity in Severity}},
    }


def rule_url(name: str) -> str | None:
    """Where the manual explains a rule; None while it is published nowhere."""
    return f"{DOCUMENTATION}{_RULES}#{percent_encoded(anchor(name))}" if DOCUMENTATION else None


def anchor(name: str) -> str:
    """The anchor of a heading that is a rule's name, where Markdown is shown as GitHub does it."""
    return re.sub(r"[^\w-]", "", name.lower())


def percent_encoded(path: str) -> str:
    """A path, or another part of a URI, as a URI has it."""
    data = _NO_BYTE.sub("\ufffd", path).encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in _UNESCAPED else f"%{byte:02X}" for byte in data)


def columns(text: str) -> int:
    """How many columns of a terminal the text takes up, shown as reports show it."""
    return sum(width for _, width in map(_cell, text))


def safe(text: str) -> str:
    """The text on one line, and harmless to a terminal."""
    return text if text.isascii() and text.isprintable() else "".join(shown for shown, _ in map(_cell, text))


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


# ── For people ──────────────────────────────────────────────────────────────────────────────────────


class _Place(NamedTuple):
    """A span as it is drawn; `at` is None where the source is not at hand."""

    path: str
    at: Position | None
    excerpt: str = ""
    mark: str = ""

    @property
    def address(self) -> str:
        return safe(self.path) + (f":{self.at.line + 1}:{self.at.column + 1}" if self.at else "")

    def shares_line(self, other: _Place) -> bool:
        """Whether both can be marked below one excerpt."""
        if self.at is None or other.at is None:
            return False
        return (self.path, self.at.line, self.excerpt) == (other.path, other.at.line, other.excerpt)


class _Page(NamedTuple):
    """What the blocks of a report have in common."""

    sources: Mapping[str, Source]
    color: bool
    width: int

    def block(self, found: Diagnostic) -> Iterator[str]:
        """The lines of one diagnostic."""
        place = self._place(found.path, found.span, "^")
        others = [(related, self._place(related.path, related.span, "-")) for related in found.related]
        numbers = [each.at.line + 1 for each in (place, *(other for _, other in others)) if each.at]
        margin = len(str(max(numbers, default=1)))
        severity = _COLORS[found.severity]
        heading = self._paint(f"{found.severity.value}[{safe(found.rule)}]", severity)
        yield heading + self._paint(f": {safe(found.message)}", _BOLD)
        yield f"{' ' * margin}{self._paint('-->', _CYAN)} {place.address}"
        yield from self._excerpt(place, margin)
        yield from self._mark(place, margin, severity)
        # What can be marked below the same line comes first.
        for related, other in sorted(others, key=lambda pair: not pair[1].shares_line(place)):
            if not other.shares_line(place):
                yield self._gutter(margin)
                yield f"{' ' * margin}{self._paint(':::', _CYAN)} {other.address}"
                yield from self._excerpt(other, margin)
            yield from self._mark(other, margin, _CYAN, safe(related.message))
        notes = [*self._notes(found)]
        if notes:
            yield self._gutter(margin)
        for label, note in notes:
            yield from self._note(label, note, margin)

    def _place(self, path: str, span: Span, sign: str) -> _Place:
        source = self.sources.get(path)
        if source is None:
            return _Place(path, None)
        at = source.position(span.start)
        line = source.line(at.line)
        column = min(at.column, len(line))
        end = column + max(span.end, span.start) - span.start
        before, marked, after = _cut(line, column, min(end, len(line)), self.width)
        mark = " " * columns(before) + sign * max(columns(marked), 1)
        is_cut = len(marked) < min(end, len(line)) - column
        # A line end by itself is marked by one sign, and so is a place behind the last character.
        if is_cut or end > len(line) + 1 or (end > len(line) and marked):
            mark += "…"
        return _Place(path, at, "".join(safe(part) for part in (before, marked, after)), mark)

    def _excerpt(self, place: _Place, margin: int) -> Iterator[str]:
        if place.at is not None:
            yield self._gutter(margin)
            yield self._gutter(margin, place.excerpt, str(place.at.line + 1))

    def _mark(self, place: _Place, margin: int, style: str, message: str = "") -> Iterator[str]:
        if place.at is None:
            if message:
                yield f"{' ' * margin} = {message}"
            return
        blank = len(place.mark) - len(place.mark.lstrip())
        painted = self._paint(f"{place.mark[blank:]} {message}".rstrip(), style)
        yield self._gutter(margin, place.mark[:blank] + painted)

    def _notes(self, found: Diagnostic) -> Iterator[tuple[str, str]]:
        if found.cite:
            yield "law", "; ".join(found.cite)
        if found.help:
            yield "help", found.help
        for fix in found.fixes:
            yield "fix", fix.title

    def _note(self, label: str, note: str, margin: int) -> Iterator[str]:
        """A note of one or several lines, its label at the first."""
        lead = f"{' ' * margin} {self._paint('=', _CYAN)} {self._paint(f'{label}:', _BOLD)} "
        for line in re.split(r"\r\n|\r|\n", note.strip()):
            yield lead + safe(line.strip())
            lead = " " * (margin + len(label) + 5)

    def _gutter(self, margin: int, text: str = "", number: str = "") -> str:
        gutter = self._paint(f"{number:>{margin}} |", _CYAN)
        return f"{gutter} {text}" if text else gutter

    def _paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.color else text


def _cut(line: str, start: int, end: int, width: int) -> tuple[str, str, str]:
    """The line before, within and behind `start:end`, cut around these to `width` columns, with `…` where it is cut."""
    if columns(line[: width + 1]) <= width and len(line) <= width:
        return line[:start], line[start:end], line[end:]
    first, last = start, start
    # To the right until the end of what is marked, then to both sides by turns.
    room = width - 2
    while last < end and (room := room - _cell(line[last])[1]) >= 0:
        last += 1
    while room > 0 and (first > 0 or last < len(line)):
        if first > 0 and (room := room - _cell(line[first - 1])[1]) >= 0:
            first -= 1
        if last < len(line) and room > 0 and (room := room - _cell(line[last])[1]) >= 0:
            last += 1
    before = ("…" if first > 0 else "") + line[first:start]
    behind = line[end:last] + ("…" if last < len(line) else "")
    return before, line[start : min(end, last)], behind


def _cell(char: str) -> tuple[str, int]:
    """A character as it is shown, and the columns that it takes."""
    if " " <= char <= "~":
        return char, 1
    if char == "\t":
        return _TAB, len(_TAB)
    if unicodedata.category(char) in _ESCAPED:
        escape = f"\\x{ord(char):02x}" if char < "\u0100" else f"<U+{ord(char):04X}>"
        return escape, len(escape)
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


# ── For tools ───────────────────────────────────────────────────────────────────────────────────────


def _diagnostic(found: Diagnostic, sources: Mapping[str, Source], url: Callable[[str], str | None]) -> dict[str, Any]:
    source = sources.get(found.path)
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "message": found.message,
        "path": found.path,
        "range": _range(source, found.span),
        "help": found.help,
        "cite": list(found.cite),
        "url": url(found.rule),
        "related": [_related(related, sources.get(related.path)) for related in found.related],
        "fixes": [_fix(fix, source) for fix in found.fixes],
    }


def _related(related: Related, source: Source | None) -> dict[str, Any]:
    return {"path": related.path, "range": _range(source, related.span), "message": related.message}


def _fix(fix: Fix, source: Source | None) -> dict[str, Any]:
    edits = [{"range": _range(source, edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _range(source: Source | None, span: Span) -> dict[str, Any] | None:
    """Where a span is; None where the source is not at hand."""
    if source is None:
        return None
    return {"start": _point(source, span.start), "end": _point(source, span.end)}


def _point(source: Source, offset: int) -> dict[str, int]:
    at = source.position(offset)
    return {"line": at.line + 1, "column": at.column + 1, "offset": min(max(offset, 0), len(source.text))}
