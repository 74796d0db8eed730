"""A file of known findings, so that only new ones are reported.

A finding is known again by its rule, its file, the item that it is in (`data device › brand`, `never share`) and the
words that are marked: not by its line, level or message, nor by comments and white space. Of several that are alike in
all of this, the file says how many there are. It has a line for each, sorted, so that changes of it can be reviewed.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from policyspec.diagnostic import Diagnostic, Severity
from policyspec.lint.places import Place, at, places
from policyspec.source import Source, Span
from policyspec.syntax import lexer, nodes
from policyspec.syntax.lexer import Token
from policyspec.syntax.parser import Tree

VERSION = 1
MAX_LENGTH = 20_000_000
MAX_FINDINGS = 100_000
# Longer words are cut and told apart by a hash, so that a line can be read.
_MAX_WORDS = 100
_MAX_TEXT = 5000
_MAX_COUNT = 1_000_000
_MAX_FAULTS = 10


class Entry(NamedTuple):
    """What a finding is known again by."""

    path: str
    rule: str
    item: str
    words: str


# How often there is each.
Baseline: TypeAlias = Mapping[Entry, int]
Run: TypeAlias = Callable[[str, str], bool]


class Compared(NamedTuple):
    """The findings that are not in the baseline, those that are, and what is in it and no longer found."""

    new: tuple[Diagnostic, ...]
    known: tuple[Diagnostic, ...]
    stale: Baseline


# ── What a finding is known again by ────────────────────────────────────────────────────────────────


def fingerprints(
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    trees: Mapping[str, Tree],
    path_of: Callable[[str], str] = str,
) -> list[str]:
    """For each finding a short text that no other one has, and that stays as it is while the words around it change.

    Of files without a tree, as settings are, the words are those of the text. `path_of` says what path a file is to
    have in fingerprints and baselines, where it is not its own: one from a project's folder, say.
    """
    numbered = _numbered(diagnostics, sources, trees, path_of)
    return [_digest(json.dumps([*entry, number]))[:32] for entry, number in numbered]


def _numbered(
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    trees: Mapping[str, Tree],
    path_of: Callable[[str], str],
) -> list[tuple[Entry, int]]:
    """For each finding its entry, and how many of the same stand before it in the file."""
    words: dict[str, _Words] = {}
    entries = []
    for each in diagnostics:
        if each.path not in words:
            words[each.path] = _words_of(sources.get(each.path), trees.get(each.path))
        entries.append(Entry(_printable(path_of(each.path)), each.rule, *words[each.path].at(each.span)))
    seen: Counter[Entry] = Counter()
    numbers = [0] * len(entries)
    for index in sorted(range(len(entries)), key=lambda index: diagnostics[index].span):
        numbers[index] = seen[entries[index]]
        seen[entries[index]] += 1
    return list(zip(entries, numbers, strict=True))


class _Words(NamedTuple):
    """The words of a file, and the places that they are in."""

    text: str
    places: Sequence[Place]
    tokens: Sequence[Token]

    def at(self, span: Span) -> tuple[str, str]:
        """The item at a span, and the words that it marks of this item."""
        if not self.tokens:
            return "", _short(" ".join(self.text[span.start : span.end].split()))
        number = at(self.places, span.start)
        stop = min(span.end, self.places[number].own.end) if number >= 0 else span.end
        first = bisect_right(self.tokens, span.start, key=lambda token: token.end)
        last = bisect_left(self.tokens, stop, key=lambda token: token.start)
        words = (" ".join(token.text.split()) for token in self.tokens[first:last])
        item = _item(self.places, number) if number >= 0 else ""
        return _short(item), _short(unicodedata.normalize("NFC", " ".join(words)))


def _words_of(source: Source | None, tree: Tree | None) -> _Words:
    if tree is None:
        return _Words(source.text if source else "", (), ())
    return _Words(tree.text, places(tree), lexer.tokens(tree.text)[0])


def _item(found: Sequence[Place], number: int) -> str:
    """What an item or a member is called, behind what it is in; not the sections, for it may go from one to another."""
    node, outer = found[number].node, found[number].outer
    names = [_called(node)]
    while outer >= 0 and (type(node) is nodes.Field or not found[outer].is_section):
        node, outer = found[outer].node, found[outer].outer
        names.append(_called(node))
    return " › ".join(reversed(names))


def _called(node: nodes.Node) -> str:
    """What tells a node from most others: its name, else its first words."""
    match node:
        case nodes.Declaration():
            return f"{node.kind.text} {node.name.text}".strip()
        case nodes.Extend():
            return f"extend {node.kind.text} {node.name.text}"
        case nodes.Rule():
            return f"rule {node.name.text}"
        case nodes.Section() | nodes.Test():
            title = " ".join(node.titles[0].text.split()) if node.titles else ""
            return f'{type(node).__name__.lower()} "{title}"'
        case nodes.Practice():
            names = [node.statement.modality, *node.statement.actions]
            return " ".join(name.text for name in names if name)
        case nodes.Judgement():
            return node.word.text
        case nodes.Question():
            return node.verdict.text
        case nodes.Field():
            return node.name.text
    return type(node).__name__.lower()


def _short(words: str) -> str:
    """The words, or if there are many, the first of them and a hash of all."""
    words = _printable(words)
    return words if len(words) <= _MAX_WORDS else f"{words[: _MAX_WORDS - 20]}… #{_digest(words)[:16]}"


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ── Comparing ───────────────────────────────────────────────────────────────────────────────────────


def apply(
    baseline: Baseline,
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    trees: Mapping[str, Tree],
    path_of: Callable[[str], str] = str,
    was_run: Run = lambda rule, path: True,
) -> Compared:
    """The findings as new and known ones, and what is known but not found.

    `was_run` says whether a rule was run on a file, its path as in the baseline; where it was not, nothing is stale.
    """
    entries = _numbered(diagnostics, sources, trees, path_of)
    is_known = [number < baseline.get(entry, 0) for entry, number in entries]
    found = Counter(entry for entry, _ in entries)
    left = {
        entry: count - found[entry]
        for entry, count in baseline.items()
        if count > found[entry] and was_run(entry.rule, entry.path)
    }
    return Compared(
        tuple(each for each, known in zip(diagnostics, is_known, strict=True) if not known),
        tuple(each for each, known in zip(diagnostics, is_known, strict=True) if known),
        left,
    )


def update(
    baseline: Baseline,
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    trees: Mapping[str, Tree],
    accept_new: bool = False,
    path_of: Callable[[str], str] = str,
    was_run: Run = lambda rule, path: True,
) -> Baseline:
    """The baseline without what is no longer found; with what is new only if that is accepted."""
    found = Counter(entry for entry, _ in _numbered(diagnostics, sources, trees, path_of))
    kept = {
        entry: min(count, found[entry]) if was_run(entry.rule, entry.path) else count
        for entry, count in baseline.items()
    }
    if accept_new:
        kept |= {entry: max(count, kept.get(entry, 0)) for entry, count in found.items()}
    return {entry: count for entry, count in kept.items() if count}


# ── The file ────────────────────────────────────────────────────────────────────────────────────────


def dump(baseline: Baseline) -> str:
    """The text of a baseline's file."""
    lines = []
    for entry, count in sorted(baseline.items()):
        data = {**entry._asdict(), **({"count": count} if count > 1 else {})}
        lines.append(f"    {json.dumps(data, ensure_ascii=False)}")
    findings = ",\n".join(lines)
    return f'{{\n  "version": {VERSION},\n  "findings": [' + (f"\n{findings}\n  " if lines else "") + "]\n}\n"


def load(text: str, path: str) -> tuple[Baseline, tuple[Diagnostic, ...]]:
    """The baseline in the text of the file at `path`, and what is wrong with it, without which it is read."""

    def bad(message: str, start: int = 0, end: int = 0) -> Diagnostic:
        return Diagnostic("invalid_baseline", Severity.ERROR, message, path, Span(start, max(start, end)))

    if len(text) > MAX_LENGTH:
        return {}, (bad(f"longer than {MAX_LENGTH:,} characters"),)
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        start = error.pos + text.startswith("\ufeff")
        return {}, (bad(f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}", start, min(start + 1, len(text))),)
    except (ValueError, RecursionError):
        return {}, (bad("a value in it cannot be read"),)
    findings = data.get("findings") if isinstance(data, dict) else None
    if not isinstance(findings, list) or not isinstance(data, dict) or not {*data} <= {"version", "findings"}:
        return {}, (bad('expected `{"version": …, "findings": […]}`'),)
    if data.get("version") != VERSION:
        return {}, (bad(f"this is of version {VERSION} only; write it anew, or use the policyspec that wrote it"),)
    if len(findings) > MAX_FINDINGS:
        return {}, (bad(f"more than {MAX_FINDINGS:,} findings"),)
    read: dict[Entry, int] = {}
    faults: list[Diagnostic] = []
    lines: list[re.Match[str]] | None = None
    for number, each in enumerate(findings):
        fault = _fault(each)
        if not fault:
            entry = Entry(each["path"], each["rule"], each["item"], each["words"])
            # Two of the same come from two branches that both knew of it.
            read[entry] = max(read.get(entry, 0), each.get("count", 1))
        elif len(faults) < _MAX_FAULTS:
            # As it is written, there is one on each line behind the first brace.
            lines = [*re.finditer(r"^[ \t]*(\{.*)", text, re.M)] if lines is None else lines
            at_line = lines[number + 1] if len(lines) == len(findings) + 1 else None
            where = at_line.span(1) if at_line else (0, 0)
            faults.append(bad(f"finding {number + 1}: {fault}", *where))
    return read, tuple(faults)


def _fault(data: Any) -> str:
    """What is wrong with an entry, or nothing."""
    if not isinstance(data, dict):
        return "expected an object"
    for name in Entry._fields:
        value = data.get(name)
        if not isinstance(value, str) or len(value) > _MAX_TEXT or not value.isprintable():
            return f"expected `{name}` with a text on one line"
    count = data.get("count", 1)
    if type(count) is not int or not 0 < count <= _MAX_COUNT:
        return "expected `count` with a number above 0"
    unknown = [str(name) for name in data if name not in (*Entry._fields, "count")]
    return f"expected nothing named `{unknown[0]}`" if unknown else ""
