"""What every output format is given, and what several of them do with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from policyspec import report
from policyspec.diagnostic import Diagnostic
from policyspec.library import PREFIX
from policyspec.lint.rule import LOGIC, Rule
from policyspec.source import Source

# As much of a line, and of what is marked in it, as makes a finding recognizable.
_EXCERPT = 200
_LINE_END = re.compile(r"\r\n|\r|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What JSON may have as it is, and is better an escape: what some take for a line end, and what shows as something else.
_UNSEEN = re.compile("[\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]")
# A word in backticks, which keeps its meaning in Markdown; and what else would have one there.
_MARKUP = re.compile(r"`([^`]+)`|([\\`*_{}\[\]<>#|~$&!@]|:(?=\S)|^[-+=]|(?<=\d)[.)](?=\s|$)|(?<=www)\.)", re.IGNORECASE)


@dataclass(frozen=True)
class Report:
    """What is to be reported.

    `sources` are the files that findings are in or point to, `files` is how many were checked, `rules` are those that
    ran, by name, where the form says more of them than their findings do. `suppressed` are findings that a comment
    allows, and `reasons` what these comments say; `known` are findings that were there before. Paths below `root` are
    shown from there.
    """

    diagnostics: Sequence[Diagnostic]
    sources: Mapping[str, Source]
    files: int
    rules: Mapping[str, Rule]
    suppressed: Sequence[Diagnostic] = ()
    known: Sequence[Diagnostic] = ()
    root: str = ""
    reasons: Mapping[Diagnostic, str] = field(default_factory=dict)

    def url(self, name: str) -> str | None:
        """Where the manual explains a rule; it knows nothing of the rules of a policy's own files."""
        rule = self.rules.get(name)
        pack = rule.pack if rule is not None else self.packs.get(name, LOGIC)
        is_own = pack not in ("", LOGIC) and not name.startswith(f"{pack}.")
        return None if is_own else report.rule_url(name)

    @cached_property
    def packs(self) -> Mapping[str, str]:
        """The packs of the rules that found something."""
        return {each.rule: each.pack for each in (*self.diagnostics, *self.suppressed, *self.known)}


def placed(given: Report) -> Report:
    """The report in the order of every report, with its paths as they are shown: from the root."""

    def shown(found: Diagnostic) -> Diagnostic:
        related = tuple(replace(each, path=shown_path(each.path, given.root)) for each in found.related)
        return replace(found, path=shown_path(found.path, given.root), related=related)

    return replace(
        given,
        diagnostics=report.sort(map(shown, given.diagnostics)),
        sources={shown_path(path, given.root): source for path, source in given.sources.items()},
        suppressed=report.sort(map(shown, given.suppressed)),
        known=report.sort(map(shown, given.known)),
        root="",
        reasons={shown(found): reason for found, reason in given.reasons.items()},
    )


def shown_path(path: str, root: str) -> str:
    """A path from `root`, if it is below that; a library file's stays as it is."""
    if is_library(path):
        return path
    if root:
        path = path.removeprefix(f"{root.rstrip('/')}/")
    return re.sub(r"^(?:\./+)+", "", path)


def is_library(path: str) -> bool:
    return path.startswith(PREFIX)


def lines(source: Source | None, found: Diagnostic) -> tuple[int, int]:
    """The first and the last line of a finding, from 1."""
    if source is None:
        return 1, 1
    start, end = found.span.start, max(found.span.start, found.span.end - 1)
    return source.position(start).line + 1, source.position(end).line + 1


def notes(found: Diagnostic) -> Iterator[tuple[str, str]]:
    """What there is to say of a finding beyond its message."""
    if found.cite:
        yield "law", "; ".join(found.cite)
    if found.help:
        yield "help", found.help


def fingerprints(given: Report) -> dict[Diagnostic, str]:
    """What tells each finding from all others, and stays the same while other lines change.

    It is made of the rule, the path, the line's text and what is marked in it, and of how many there were of that
    before. Messages are left out: they become better from release to release. So is whether a finding is suppressed.
    """
    import hashlib

    seen: Counter[tuple[str, ...]] = Counter()
    found = {}
    for each in report.sort({*given.diagnostics, *given.suppressed, *given.known}):
        key = (each.rule, each.path, *_excerpt(each, given.sources.get(each.path)))
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        found[each] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return found


def _excerpt(found: Diagnostic, source: Source | None) -> tuple[str, str]:
    if source is None:
        return "", ""
    start = source.line_starts[source.position(found.span.start).line]
    line = _LINE_END.split(source.text[start : start + _EXCERPT], maxsplit=1)[0]
    return line.strip(), source.text[found.span.start : min(found.span.end, found.span.start + _EXCERPT)]


def dumps(data: Any, indent: int | None = None, is_lossless: bool = True) -> str:
    """JSON that is UTF-8, on one line if without indentation.

    A surrogate by itself, as file names may have it, is written as an escape; or as a question mark in a box where
    that is not lossless, as the reader may refuse such an escape.
    """
    import json

    text = json.dumps(data, indent=indent, ensure_ascii=False)
    text = _UNSEEN.sub(_escape, text)
    return _SURROGATE.sub(_escape if is_lossless else "\ufffd", text)


def _escape(char: re.Match[str]) -> str:
    return f"\\u{ord(char[0]):04x}"


def flat(text: str) -> str:
    """A text of several lines on one, harmless to a screen."""
    return " ".join(report.safe(line.strip()) for line in _LINE_END.split(text) if line.strip())


def markdown(text: str) -> str:
    """A text as Markdown that shows just that; what stands in backticks is set as code."""
    return _MARKUP.sub(lambda found: f"`{found[1]}`" if found[1] else f"\\{found[2]}", flat(text))


def code(text: str) -> str:
    """A text set as code in Markdown."""
    text = flat(text)
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text}{space}{fence}"
