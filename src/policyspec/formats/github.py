"""GitHub Actions: commands that mark findings in a pull request, and the page that sums up a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policyspec import report
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.formats.given import Report, code, flat, lines, markdown, notes, placed
from policyspec.formats.statistics import counted

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
# GitHub drops a summary of more than 1024 KiB whole.
_MAX_BYTES = 1_000_000
_MAX_ROWS, _MAX_CELL = 1000, 150


def github(given: Report) -> str:
    """A command for each finding, the gravest first: GitHub shows only some of what a step says."""
    given = placed(given)
    gravest = sorted(given.diagnostics, key=lambda found: [*Severity].index(found.severity))
    return "".join(f"{_command(found, given)}\n" for found in gravest)


def _command(found: Diagnostic, given: Report) -> str:
    source = given.sources.get(found.path)
    values: dict[str, str | int] = {"file": report.safe(found.path)}
    if source is not None:
        values["line"], values["endLine"] = lines(source, found)
        # GitHub refuses a column where there are several lines.
        if values["line"] == values["endLine"]:
            values["col"] = source.position(found.span.start).column + 1
    values["title"] = flat(found.rule)
    texts = [flat(found.message), *(f"{label}: {flat(text)}" for label, text in notes(found))]
    if url := given.url(found.rule):
        texts.append(url)
    said = ",".join(f"{name}={_property(str(value))}" for name, value in values.items())
    return f"::{_COMMANDS[found.severity]} {said}::{_data(chr(10).join(texts))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# ── The page of a step ───────────────────────────────────────────────────────────────────────────


def github_summary(given: Report) -> str:
    """Markdown for `$GITHUB_STEP_SUMMARY`: how many findings there are of each rule, and then each of them.

    Where there are too many for the page, the last are only counted.
    """
    given = placed(given)
    head, foot = "".join(_head(given)), "\n</details>\n"
    if not given.diagnostics:
        return head
    head += "\n<details><summary>All findings</summary>\n"
    return "".join((head, *_details(given, _MAX_BYTES - _size(head) - _size(foot)), foot))


def _head(given: Report) -> Iterator[str]:
    yield "## policyspec\n\n"
    more = [(len(given.suppressed), "suppressed"), (len(given.known), "known from before")]
    besides = " and ".join(f"{number} {word}" for number, word in more if number)
    yield f"{report.summary(given.diagnostics, given.files)}{', besides ' if besides else ''}{besides}.\n"
    if not given.diagnostics:
        return
    yield "\n| Count | Level | Rule | What it is about |\n| ---: | --- | --- | --- |\n"
    rows = sorted(counted(given), key=lambda row: [*Severity].index(Severity(row["level"])))
    for row in rows[:_MAX_ROWS]:
        name = _link(_cell(row["rule"], code), given.url(row["rule"]))
        yield f"| {row['count']} | {row['level']} | {name} | {_cell(row['summary'], markdown)} |\n"
    if len(rows) > _MAX_ROWS:
        yield f"\n… and {report.count(len(rows) - _MAX_ROWS, 'more rule')}.\n"


def _cell(text: str, form: Callable[[str], str]) -> str:
    """A text in a table. There a bar ends a cell even in code, so that a text with one has no code."""
    text = text if len(text) <= _MAX_CELL else f"{text[:_MAX_CELL]}…"
    return markdown(text.replace("`", "'")) if "|" in text else form(text)


def _details(given: Report, room: int) -> Iterator[str]:
    """Each finding below its file's name, as long as there is room."""
    path = None
    # What is written where there are too many.
    room -= 100
    for number, found in enumerate(given.diagnostics):
        text = f"\n{code(found.path)}\n\n" if found.path != path else ""
        text += _item(found, given)
        if (room := room - _size(text)) < 0:
            yield f"\n… and {len(given.diagnostics) - number} more.\n"
            return
        yield text
        path = found.path


def _item(found: Diagnostic, given: Report) -> str:
    source = given.sources.get(found.path)
    line = f" line {lines(source, found)[0]}:" if source else ""
    name = _link(code(found.rule), given.url(found.rule))
    text = f"- **{found.severity.value}** {name}{line} {markdown(found.message)}\n"
    return text + "".join(f"  - {label}: {markdown(note)}\n" for label, note in notes(found))


def _link(text: str, url: str | None) -> str:
    return f"[{text}]({url})" if url and text else text


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
