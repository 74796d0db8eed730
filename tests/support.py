"""Marked text: policy text with its findings drawn into it, as a compiler prints them.

A mark is a line of its own, below the line that it is about; its first character that is not white space is a `^`:

    collect device ip_address
                   ^^^^^^^^^^ missing `,` between `device` and `ip_address`

A check strips the marks, looks for findings, draws these again in the same manner, and compares text with text: so a
failure is a readable difference, and what is not marked is not found.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import dedent

from policyspec.report import columns
from policyspec.source import Source, Span
from policyspec.syntax.parser import parse


def marked(text: str) -> str:
    """The text without its marks and without the indentation common to all lines."""
    return "".join(line for line in _dedented(text).splitlines(keepends=True) if not _is_mark(line))


def draw(text: str, findings: Iterable[tuple[Span, str]]) -> str:
    """The text with a mark for each finding; what goes on behind a line's end is marked to there, and with `…`."""
    source = Source("", text)
    marks: dict[int, list[str]] = {}
    for span, message in findings:
        at = source.position(span.start)
        line = source.line(at.line)
        length = span.end - span.start
        within = line[at.column : at.column + length]
        carets = "^" * max(columns(within), 1) + ("…" if length > len(within) > 0 else "")
        marks.setdefault(at.line, []).append(f"{' ' * columns(line[: at.column])}{carets} {message}\n")
    lines = []
    for number in range(len(source.line_starts)):
        line = source.line(number)
        if line or number < len(source.line_starts) - 1 or number in marks:
            lines += [f"{line}\n", *marks.get(number, [])]
    return "".join(lines)


def check_syntax(text: str) -> None:
    """The parser finds in the text the faults that are marked in it, and no others."""
    bare = marked(text)
    found = [(fault.span, fault.message) for fault in parse(bare).faults]
    assert draw(bare, found) == _dedented(text)


def _dedented(text: str) -> str:
    return dedent(text).removeprefix("\n").rstrip() + "\n"


def _is_mark(line: str) -> bool:
    return line.lstrip().startswith("^")
