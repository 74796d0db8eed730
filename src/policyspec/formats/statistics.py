"""How many findings there are of each rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from policyspec.formats.given import Report, flat
from policyspec.report import columns


def statistics(given: Report) -> str:
    """A table with count, rule, level and summary, the most frequent first; empty where nothing is found."""
    rows = [[row["count"], flat(row["rule"]), row["level"], flat(row["summary"])] for row in counted(given)]
    return "".join(f"{line}\n" for line in table(rows))


def statistics_json(given: Report) -> list[dict[str, Any]]:
    """The same as plain data."""
    return counted(given)


def counted(given: Report) -> list[dict[str, Any]]:
    """Count, rule, level and summary of each rule, and of each level that its findings have."""
    counts = Counter((each.rule, each.severity.value) for each in given.diagnostics)
    return [
        {"count": number, "rule": rule, "level": level, "summary": summary(given, rule)}
        for (rule, level), number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def summary(given: Report, name: str) -> str:
    """What a rule is about, in one line; the names of what the parser and the resolver find say it themselves."""
    rule = given.rules.get(name)
    return rule.summary if rule else name.replace("_", " ").capitalize()


def table(rows: Sequence[Sequence[str | int]]) -> list[str]:
    """Rows in columns, with numbers at the right of theirs."""
    widths = [max(columns(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(*pair) for pair in zip(row, widths, strict=True)).rstrip() for row in rows]


def _padded(cell: str | int, width: int) -> str:
    space = " " * (width - columns(str(cell)))
    return f"{space}{cell}" if isinstance(cell, int) else f"{cell}{space}"
