"""What is found while a module's names are looked up: references and diagnostics.

Nodes have spans from their item's place on. `Findings` knows that place, and the file, of what is being looked at.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import replace
from typing import NamedTuple

from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.scope import Definition, Reference
from policyspec.source import Span
from policyspec.syntax.parser import Tree

# How many other places are listed with a finding.
MAX_LISTED = 4
_FAR = 200


class _Unknown(NamedTuple):
    """A name that is not known, as it was first found, and the other places where it stands."""

    kinds: tuple[str, ...]
    number: int
    others: list[Span]


class Findings:
    """References and diagnostics; and of what is being looked at, whether it has nothing but references."""

    def __init__(self) -> None:
        self.path = ""
        self.text = ""
        self.base = 0
        self.references: dict[str, dict[int, Reference]] = {}
        self.diagnostics: list[Diagnostic] = []
        self.explained: dict[str, list[Span]] = {}
        self._first_item = 0
        self._unknown: dict[tuple[str, str], list[_Unknown]] = {}
        self._offered: set[tuple[str, str]] = set()
        self._said: dict[int, Reference] = {}
        self._asked: list[Span] = []
        self._is_plain = True

    def begin(self, path: str, tree: Tree) -> None:
        """Begin with a file, or go on with it."""
        self.path, self.text, self.base = path, tree.text, 0
        self.references.setdefault(path, {})
        self._first_item = tree.items[0].start + tree.items[0].node.span.start if tree.items else 0

    def begin_item(self) -> None:
        """Begin with something of which it is to be known whether anything is wrong with it."""
        self._said, self._asked, self._is_plain = {}, [], True

    def end_item(self) -> tuple[dict[int, Reference], tuple[Span, ...]] | None:
        """What its names mean, and the places of which was asked whether they are explained.

        None if more was found than that, or if it was looked at what stands behind it.
        """
        found = (self._said, tuple(self._asked)) if self._is_plain else None
        self.begin_item()
        return found

    def place(self, span: Span) -> Span:
        """A node's span, as one in the file."""
        return span.shifted(self.base)

    def between(self, before: Span, after: Span) -> str:
        """The text between two nodes of an item."""
        return self.text[before.end + self.base : after.start + self.base]

    def written(self, span: Span) -> str:
        return self.text[span.start + self.base : span.end + self.base]

    def ahead(self, start: int) -> str:
        """The text from a place of the item on, as far as it matters."""
        self._is_plain = False
        return self.text[start + self.base : start + self.base + _FAR]

    def refer(self, span: Span, definition: Definition) -> None:
        where = self.place(span)
        self.references[self.path][where.start] = self._said[where.start] = Reference(where, definition)

    # ── Diagnostics ─────────────────────────────────────────────────────────────────────────────

    def report(
        self,
        rule: str,
        span: Span,
        message: str,
        *,
        severity: Severity = Severity.ERROR,
        related: tuple[Related, ...] = (),
        help: str = "",
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        self._is_plain = False
        where = self.place(span)
        self.diagnostics.append(Diagnostic(rule, severity, message, self.path, where, related, help, fixes))

    def at(self, path: str, span: Span, rule: str, message: str, related: tuple[Related, ...]) -> None:
        """An error at a place of any of the module's files."""
        self.diagnostics.append(Diagnostic(rule, Severity.ERROR, message, path, span, related))

    def explain(self, span: Span) -> None:
        """What is wrong with the order of words in this text has been said: the parser need not say it too."""
        self._is_plain = False
        insort(self.explained.setdefault(self.path, []), self.place(span))

    def is_explained(self, span: Span) -> bool:
        """Whether a node begins in such text."""
        self._asked.append(span)
        explained = self.explained.get(self.path)
        if not explained:
            return False
        start = self.place(span).start
        before = bisect_right(explained, start, key=lambda each: each.start)
        return before > 0 and start < explained[before - 1].end

    def first(self, span: Span, message: str = "the first one") -> tuple[Related, ...]:
        """An earlier place in this file."""
        return (Related(self.path, self.place(span), message),)

    # ── Fixes ───────────────────────────────────────────────────────────────────────────────────

    def change(self, span: Span, text: str) -> Fix:
        return Fix(f"change to `{text}`", (Edit(self.place(span), text),))

    def add_behind(self, span: Span, text: str) -> Fix:
        where = self.place(span)
        return Fix(f"add `{text}`", (Edit(where._replace(start=where.end), text),))

    def leave_out(self, span: Span) -> Fix:
        """The fix that takes words out, with the space behind them."""
        words = self.written(span).strip()
        return Fix(f"leave out `{words}`", (Edit(self.place(span), ""),))

    def add_import(self, module: str) -> tuple[Fix, ...]:
        """The fix that imports a module; none where one has been offered in this file before."""
        if (self.path, module) in self._offered:
            return ()
        self._offered.add((self.path, module))
        at = Span(self._first_item, self._first_item)
        return (Fix(f"import `{module}`", (Edit(at, f"import {module}\n"),), True),)

    # ── Names that are unknown again ────────────────────────────────────────────────────────────

    def is_known_as_unknown(self, text: str, kinds: tuple[str, ...], span: Span) -> bool:
        """Whether the name has been reported in this file, in a place that could mean the same; then this use is
        kept for that report."""
        self._is_plain = False
        for each in self._unknown.get((self.path, text), ()):
            if not {*each.kinds}.isdisjoint(kinds):
                each.others.append(self.place(span))
                return True
        return False

    def keep_unknown(self, text: str, kinds: tuple[str, ...]) -> None:
        """The last diagnostic is about this name, and about its other uses too."""
        uses = self._unknown.setdefault((self.path, text), [])
        uses.append(_Unknown(kinds, len(self.diagnostics) - 1, []))

    def finish(self) -> tuple[Diagnostic, ...]:
        for uses in self._unknown.values():
            for each in uses:
                if each.others:
                    self.diagnostics[each.number] = _with_others(self.diagnostics[each.number], each.others)
        # Where a name turned out to be the first word of one, nothing is said of it by itself.
        words = {(each.path, each.span.start) for each in self.diagnostics if each.rule == "missing_comma"}
        return tuple(
            each
            for each in self.diagnostics
            if each.rule != "unknown_name" or (each.path, each.span.start) not in words
        )


def _with_others(found: Diagnostic, others: list[Span]) -> Diagnostic:
    """A finding about a name that other places have too: it lists some of them, and its fix mends them all."""
    more = len(others) - MAX_LISTED
    said = ["also here"] * min(len(others), MAX_LISTED)
    if more > 0:
        said[-1] += f", and in {more} more {'place' if more == 1 else 'places'}"
    related = tuple(Related(found.path, span, words) for span, words in zip(others, said, strict=False))
    fixes = tuple(_everywhere(fix, found.span, others) for fix in found.fixes)
    return replace(found, related=(*found.related, *related), fixes=fixes)


def _everywhere(fix: Fix, span: Span, others: list[Span]) -> Fix:
    """A fix that changes a name, for other places as well."""
    if [edit.span for edit in fix.edits] != [span]:
        return fix
    return replace(fix, edits=(*fix.edits, *(Edit(other, fix.edits[0].text) for other in others)))
