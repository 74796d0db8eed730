"""What the features say, in the words of the protocol, and back: its positions and kinds are known here alone.

Results are plain JSON as the Language Server Protocol has it. They are made between two keystrokes, and objects for
each of several hundred completions would take longer than finding these.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from lsprotocol import types as lsp

from policyspec.diagnostic import Diagnostic, Edit, Severity
from policyspec.lsp.documents import uri_of
from policyspec.source import Encoding, Position, Source, Span

JSON = dict[str, Any]

# What Markdown has beside the words: links, of which the words stay, emphasis, code, and spaces that break a line.
_MARKS = re.compile(r"\[([^\]]+)\]\([^)\s]*\)|\*\*|`| +$", re.M)

_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
_HINT = 4
_UNNECESSARY, _DEPRECATED = 1, 2
# Findings of what could be left out, which editors show faded.
_FADED = frozenset(("unused_term", "unused_suppression", "duplicate_sentence", "subsumed_sentence", "idle_lift"))


class Lines(NamedTuple):
    """The places of a document, in the encoding that was agreed on."""

    source: Source
    encoding: Encoding

    def position(self, offset: int) -> JSON:
        line, column = self.source.encoded_position(offset, self.encoding)
        return {"line": line, "character": column}

    def range(self, span: Span) -> JSON:
        return {"start": self.position(span.start), "end": self.position(span.end)}

    def offset(self, position: lsp.Position) -> int:
        return self.source.encoded_offset(Position(position.line, position.character), self.encoding)

    def span(self, range: lsp.Range) -> Span:
        start, end = self.offset(range.start), self.offset(range.end)
        return Span(min(start, end), max(start, end))

    def edits(self, edits: Iterable[Edit]) -> list[JSON]:
        return [{"range": self.range(each.span), "newText": each.text} for each in edits]


LinesOf = Callable[[str], Lines | None]


def diagnostic(found: Diagnostic, lines: Lines, lines_of: LinesOf, link: str = "", is_known: bool = False) -> JSON:
    """A finding; `link` is where its rule is explained, `{rule}` in it the rule's name."""
    message = found.message + (f"\n{found.help}" if found.help else "")
    if found.cite:
        message += f" ({'; '.join(found.cite)})"
    made: JSON = {
        "range": lines.range(found.span),
        "severity": _HINT if is_known else _SEVERITIES[found.severity],
        "code": found.rule,
        "source": "policyspec",
        "message": message,
    }
    if link:
        made["codeDescription"] = {"href": link.replace("{rule}", found.rule)}
    if found.rule.rpartition(".")[2] in _FADED:
        made["tags"] = [_UNNECESSARY]
    related = []
    for each in found.related:
        at = lines_of(each.path)
        if at is not None:
            related.append({"location": location(each.path, each.span, at), "message": each.message})
    if related:
        made["relatedInformation"] = related
    return made


def location(path: str, span: Span, lines: Lines) -> JSON:
    return {"uri": uri_of(path), "range": lines.range(span)}


def workspace_edit(
    edits: Mapping[str, Sequence[Edit]],
    lines_of: LinesOf,
    uri_of: Callable[[str], str],
    versions: Mapping[str, int | None] | None = None,
) -> JSON:
    """Edits of several documents; with `versions`, only to be made while the texts are these."""
    changes = []
    for path, those in edits.items():
        lines = lines_of(path)
        if lines is not None and those:
            changes.append((uri_of(path), lines.edits(those), (versions or {}).get(path)))
    if versions is None:
        return {"changes": {uri: made for uri, made, _ in changes}}
    return {
        "documentChanges": [
            {"textDocument": {"uri": uri, "version": version}, "edits": made} for uri, made, version in changes
        ]
    }


def number(enum: type[Any], name: str) -> int:
    """The protocol's number for a kind: `enum_member` → `EnumMember`."""
    value: int = enum["".join(part.capitalize() for part in name.split("_"))].value
    return value


def markdown(text: str) -> JSON:
    return {"kind": "markdown", "value": text}


def markup(text: str, formats: Iterable[Any] | None) -> JSON:
    """Markdown for an editor that says that it shows that, else the same without marks."""
    if any(str(getattr(each, "value", each)) == "markdown" for each in formats or ()):
        return markdown(text)
    return {"kind": "plaintext", "value": _MARKS.sub(r"\1", text)}


def plain(position: lsp.Position) -> JSON:
    return {"line": position.line, "character": position.character}


def tokens(found: Iterable[Any], lines: Lines, types: Sequence[str], modifiers: Sequence[str]) -> list[int]:
    """Semantic tokens as five numbers each: lines and columns from the one before, length, type, modifiers."""
    kinds = {name: number for number, name in enumerate(types)}
    bits = {name: 1 << number for number, name in enumerate(modifiers)}
    made: list[int] = []
    line = column = 0
    for each in found:
        at, start = lines.source.encoded_position(each.span.start, lines.encoding)
        length = lines.source.encoded_position(each.span.end, lines.encoding).column - start
        made += (
            at - line,
            start - column if at == line else start,
            length,
            kinds[each.type],
            sum(bits[name] for name in each.modifiers),
        )
        line, column = at, start
    return made


def difference(old: list[int], new: list[int]) -> list[JSON]:
    """The edit that makes tokens of others: what is alike at both ends is left alone."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start == len(old) == len(new):
        return []
    return [{"start": start, "deleteCount": len(old) - end - start, "data": new[start : len(new) - end]}]


def digest(items: Sequence[JSON]) -> str:
    return hashlib.sha256(json.dumps(items).encode()).hexdigest()[:16]
