"""A file of known findings, so that only new ones are reported.

A finding is known again by its rule, its file, the item that it is in (`data device.brand`, `never share`) and the words
that are marked: not by its line, level or message, nor by comments and white space. Of several that are alike in all of
this, the file says how many there are. It has one finding on each line, sorted, so that changes of it can be reviewed.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
        entries.append(Entry(path_of(each.path), each.rule, *words[each.path].at(each.span)))
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
        number = at(self.places, span.start)
        if number < 0:
            words = self.text[span.start : span.end].split() if not self.tokens else ()
            return "", _short(" ".join(words))
        stop = min(span.end, self.places[number].own.end)
        first = bisect_right(self.tokens, span.start, key=lambda token: token.end)
        last = bisect_left(self.tokens, stop, key=lambda token: token.start)
        words = (" ".join(token.text.split()) for token in self.tokens[first:last])
        return _short(_item(self.places, number)), _short(unicodedata.normalize("NFC", " ".join(words)))


def _words_of(source: Source | None, tree: Tree | None) -> _Words:
    if tree is None:
        return _Words(source.text if source else "", (), ())
    return _Words(tree.text, places(tree), lexer.tokens(tree.text)[0])


def _item(found: Sequence[Place], number: int) -> str:
    """What an item or a member is called, with what it is in; without the sections around it, which it may be moved to."""
    names: list[str] = []
    while number >= 0 and not (names and type(found[number].node) is nodes.Section and _is_item(found[number].node)):
        names.append(_called(found[number].node))
        is_done = type(found[number].node) in _ITEMS
        number = -1 if is_done else found[number].outer
    return " › ".join(reversed(names))
