"""The same said in another way: lists and fields in order, one sentence for several, several for one.

Each keeps the meaning exactly, and every comment; where that is not certain, none is offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from policyspec.diagnostic import Edit
from policyspec.ide import ancestry, cursor
from policyspec.ide.cursor import Standing
from policyspec.ide.layout import INDENT, laid_out, line_end
from policyspec.kinds import KINDS, common_fields, fields_of
from policyspec.lint import suppressions
from policyspec.lint.removal import without
from policyspec.scope import import_key
from policyspec.source import Source, Span
from policyspec.syntax import lexer, nodes
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace

REWRITE = "refactor.rewrite"
_LINE_END = re.compile(r"\r\n|\r|\n")

_CONSTRUCTS: dict[type, str] = {
    nodes.Practice: "practice", nodes.Section: "section", nodes.Prose: "prose", nodes.Rule: "rule", nodes.Test: "test",
}  # fmt: skip
# Modalities of sentences that say of each purpose by itself what they say of all.
_OF_EACH_PURPOSE = ("", "may", "never")


class Rewrite(NamedTuple):
    """A way to write something else, named as editors list it; `kind` is the protocol's."""

    title: str
    kind: str
    edits: tuple[Edit, ...]


def rewrites(workspace: Workspace, path: str, offset: int) -> Iterator[Rewrite]:
    """What can be written otherwise at a place."""
    tree = workspace.tree(path)
    chain = cursor.standing(tree, offset)
    yield from _sorted_list(tree, chain, offset)
    yield from _sorted_fields(workspace.source(path), tree, chain, offset)
    yield from _split(workspace, path, tree, chain)
    yield from _joined(workspace, path, tree, chain)


# ── Order ────────────────────────────────────────────────────────────────────────────────────────


def _sorted_list(tree: Tree, chain: Sequence[Standing], offset: int) -> Iterator[Rewrite]:
    for each in reversed(chain):
        spans = [span.shifted(each.base) for span in _list(each.node)]
        if not spans or not spans[0].start <= offset <= spans[-1].end:
            continue
        if not _has_comment(tree, Span(spans[0].start, spans[-1].end)):
            # An `etc` ends its list.
            edits = _reordered(tree.text, spans, lambda span: _alphabetical(tree.text[slice(*span)]))
            if edits:
                yield Rewrite("Sort the list", REWRITE, edits)
        return


def _alphabetical(word: str) -> tuple[bool, str, str]:
    return word == "etc", word.casefold(), word


def _list(node: nodes.Node) -> list[Span]:
    """The items of a list of names whose order says nothing."""
    match node:
        case nodes.Clause():
            return [each.span for each in node.items]
        case nodes.Statement():
            return [each.span for each in node.objects]
        case nodes.Declaration() if node.kind.text != "action":
            # Of an action's parents, the first one says what it takes.
            return [each.span for each in node.parents]
        case nodes.Field() if all(type(each) in (nodes.Name, nodes.Etc) for each in node.values):
            return [each.span for each in node.values]
    return []


def _sorted_fields(source: Source, tree: Tree, chain: Sequence[Standing], offset: int) -> Iterator[Rewrite]:
    """The fields of the innermost block with fields, from the begin of what it is the block of to their end."""
    each = next((each for each in reversed(chain) if _fields(each.node)), None)
    if each is None or offset > _fields(each.node)[-1].span.end + each.base:
        return
    order = {name: number for number, name in enumerate(_in_manual(block_of(each.node, chain)))}
    fields = _fields(each.node)
    pieces = _pieces(source, tree, [field.span.shifted(each.base) for field in fields])
    ranks = {span: order.get(field.name.text, len(order)) for span, field in zip(pieces, fields, strict=False)}
    if edits := _reordered(tree.text, pieces, ranks.__getitem__):
        yield Rewrite("Sort the fields", REWRITE, edits)


def _fields(node: nodes.Node) -> list[nodes.Field]:
    members: Any = getattr(node, "members", None) or getattr(node, "fields", ())
    return [each for each in members if type(each) is nodes.Field]


def block_of(node: nodes.Node, chain: Sequence[Standing]) -> str:
    """What a node with fields is, as the tables of fields call it."""
    kinds = (each.node.kind.text for each in chain if type(each.node) is nodes.Declaration)
    return _CONSTRUCTS.get(type(node)) or next((kind for kind in kinds if kind), "")


def _in_manual(what: str) -> list[str]:
    """The fields as the manual lists them: a kind's own before those of all kinds."""
    if what not in KINDS:
        return [*fields_of(what)] if what in _CONSTRUCTS.values() else []
    return sorted(fields_of(what), key=common_fields().__contains__)


def _pieces(source: Source, tree: Tree, spans: Sequence[Span]) -> list[Span]:
    """Fields with the comments above and behind them; none where it is not certain what a comment is about."""
    lines = [(source.position(each.start).line, source.position(each.end).line) for each in spans]
    own = {source.position(each.start).line: each for each in tree.comments}
    if not any(lines[0][0] - 1 <= line <= lines[-1][1] for line in own):
        return [*spans]
    if any(after[0] <= before[1] for before, after in pairwise(lines)):
        return []
    found = []
    for span, (first, last) in zip(spans, lines, strict=True):
        start, end = span
        while (above := own.get(first - 1)) and not source.line(first - 1)[
            : source.position(above.start).column
        ].strip():
            start, first = above.start, first - 1
        if (behind := own.get(last)) and behind.start >= end:
            end = behind.end
        found.append(Span(start, end))
    return found


def _reordered(text: str, spans: Sequence[Span], key: Callable[[Span], Any]) -> tuple[Edit, ...]:
    """The edits that put pieces of a text in order, each in the place of another."""
    wanted = sorted(spans, key=key)
    pairs = [(span, text[slice(*other)]) for span, other in zip(spans, wanted, strict=True)]
    return tuple(Edit(span, other) for span, other in pairs if text[slice(*span)] != other)


# ── Imports ──────────────────────────────────────────────────────────────────────────────────────


def organized(workspace: Workspace, path: str) -> tuple[Edit, ...]:
    """The edits that put a file's imports in order, those that follow one another together, and each but once.

    None is left out for not being used: every module of the library has rules, and a file may have.
    """
    tree, source = workspace.tree(path), workspace.source(path)
    edits = []
    seen: dict[str, nodes.Name | nodes.Title] = {}
    for run, span in _runs(tree):
        before = len(seen)
        for start, node in run:
            for each in node.modules:
                seen.setdefault(import_key(path, each), each._replace(span=each.span.shifted(start)))
        new = [*seen.values()][before:]
        if _has_comment(tree, span) or _is_faulty(tree, span):
            continue
        text = _imports(tree.text, new)
        if text == "":
            edit = without(source, span)
            edits += [edit] if not _has_comment(tree, edit.span) else []
        elif text is not None and text != tree.text[slice(*span)]:
            edits.append(Edit(span, _with_ends(text, source)))
    return tuple(edits)


def _runs(tree: Tree) -> Iterator[tuple[list[tuple[int, nodes.Import]], Span]]:
    """The imports that follow one another, outside of sections, and what they span."""
    for is_import, placed in groupby(tree.items, lambda each: type(each.node) is nodes.Import):
        run = [(each.start, each.node) for each in placed if type(each.node) is nodes.Import]
        if is_import:
            yield run, Span(run[0][0] + run[0][1].span.start, run[-1][0] + run[-1][1].span.end)


def _imports(text: str, modules: Iterable[nodes.Name | nodes.Title]) -> str | None:
    """The library's modules in one import, files in another one; None if they cannot be written."""
    written: dict[type, list[str]] = {nodes.Name: [], nodes.Title: []}
    for each in modules:
        written[type(each)].append(text[slice(*each.span)])
    lines = [f"import {', '.join(sorted(those, key=_alphabetical))}" for those in written.values() if those]
    return laid_out("\n".join(lines), 0) if lines else ""


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────


class _Sentence(NamedTuple):
    """A practice, its place, and in how many sections it stands."""

    node: nodes.Practice
    base: int
    depth: int

    @property
    def span(self) -> Span:
        return self.node.span.shifted(self.base)

    @property
    def objects(self) -> Span:
        return self.around(self.node.statement.objects)

    def around(self, listed: Sequence[nodes.Node]) -> Span:
        return Span(listed[0].span.start + self.base, listed[-1].span.end + self.base)


def _sentence(tree: Tree, node: nodes.Node, base: int, depth: int) -> _Sentence | None:
    """A sentence that may be taken apart: one without faults and comments, without `only` and without a choice."""
    if type(node) is not nodes.Practice:
        return None
    made, says = _Sentence(node, base, depth), node.statement
    names = [*says.actions, *(name for item in says.objects for name in item.names)]
    if not says.objects or not all(each.text for each in names) or "or" in says.joins:
        return None
    if says.only is not None or any(each.only is not None for each in says.clauses):
        return None
    is_allowed = any(each.covers.start <= made.span.start < each.covers.end for each in suppressions.read(tree))
    return None if is_allowed or _has_comment(tree, made.span) or _is_faulty(tree, made.span) else made


def _split(workspace: Workspace, path: str, tree: Tree, chain: Sequence[Standing]) -> Iterator[Rewrite]:
    depth = sum(type(each.node) is nodes.Section for each in chain)
    found = (_sentence(tree, each.node, each.base, depth) for each in chain)
    sentence = next((each for each in found if each is not None), None)
    if sentence is None:
        return
    source, says = workspace.source(path), sentence.node.statement
    if len(says.actions) > 1 and _have_one_recipient(workspace, path, sentence):
        if edit := _each(source, sentence, says.actions):
            yield Rewrite("Split into a sentence for each action", REWRITE, (edit,))
    purposes = next((each.items for each in says.clauses if each.word.text == "for"), ())
    modality = says.modality.text if says.modality is not None else ""
    if len(purposes) > 1 and all(each.names for each in purposes) and modality in _OF_EACH_PURPOSE:
        if edit := _each(source, sentence, purposes):
            yield Rewrite("Split into a sentence for each purpose", REWRITE, (edit,))


def _have_one_recipient(workspace: Workspace, path: str, sentence: _Sentence) -> bool:
    """Whether all actions of a sentence that names no recipient go to the same one, or it does not matter."""
    says = sentence.node.statement
    if any(each.word.text == "to" for each in says.clauses) or (says.modality and says.modality.text == "never"):
        return True
    references = workspace.resolution(path).references.get(path, {})
    meant = [references.get(each.span.start + sentence.base) for each in says.actions]
    if None in meant:
        return False
    return len({ancestry.field(workspace, path, each.definition, "to") for each in meant if each is not None}) == 1


def _each(source: Source, sentence: _Sentence, listed: Sequence[nodes.Node]) -> Edit | None:
    """The edit that makes a sentence of each item of a list."""
    span, around = sentence.span, sentence.around(listed)
    before, behind = source.text[span.start : around.start], source.text[around.end : span.end]
    words = [source.text[slice(*each.span.shifted(sentence.base))] for each in listed]
    return _written(source, span, [f"{before}{word}{behind}" for word in words], sentence.depth)


def _written(source: Source, span: Span, sentences: Iterable[str], depth: int) -> Edit | None:
    """The edit that puts sentences, laid out, in place of a text."""
    lines = [laid_out(each, depth) for each in sentences]
    if None in lines:
        return None
    return Edit(span, _with_ends(f"\n{' ' * INDENT * depth}".join(line or "" for line in lines), source))


def _joined(workspace: Workspace, path: str, tree: Tree, chain: Sequence[Standing]) -> Iterator[Rewrite]:
    sections = [(each.base, each.node.items) for each in chain if type(each.node) is nodes.Section]
    base, placed = sections[-1] if sections else (0, tree.items)
    here = chain[-1].span.start if chain else -1
    numbers = [at for at, each in enumerate(placed) if each.node.span.shifted(base + each.start).start <= here]
    at = numbers[-1] if numbers else -1
    for first, title in ((at, "Join with the next sentence"), (at - 1, "Join with the sentence before")):
        if first < 0 or first + 1 >= len(placed):
            continue
        pair = [_sentence(tree, each.node, base + each.start, len(sections)) for each in placed[first : first + 2]]
        source = workspace.source(path)
        if pair[0] and pair[1] and (edit := _one(source, tree, pair[0], pair[1])):
            yield Rewrite(title, REWRITE, (edit,))


def _one(source: Source, tree: Tree, one: _Sentence, other: _Sentence) -> Edit | None:
    """The edit that makes one of two sentences that say the same of different objects."""
    text = source.text
    if text[one.span.end : other.span.start].strip() or not all(
        item.names for each in (one, other) for item in each.node.statement.objects
    ):
        return None
    if _but_for_objects(text, one) != _but_for_objects(text, other):
        return None
    said = {text[slice(*each.span.shifted(one.base))] for each in one.node.statement.objects}
    others = [text[slice(*each.span.shifted(other.base))] for each in other.node.statement.objects]
    listed = ", ".join([text[slice(*one.objects)], *(each for each in others if each not in said)])
    whole = f"{text[one.span.start : one.objects.start]}{listed}{text[one.objects.end : one.span.end]}"
    return _written(source, Span(one.span.start, other.span.end), [whole], one.depth)


def _but_for_objects(text: str, sentence: _Sentence) -> list[list[str]]:
    """The words of a sentence before its objects, and behind them."""
    span, objects = sentence.span, sentence.objects
    pieces = text[span.start : objects.start], text[objects.end : span.end]
    return [[token.text for token in lexer.tokens(piece)[0]] for piece in pieces]


# ── Places ───────────────────────────────────────────────────────────────────────────────────────


def _has_comment(tree: Tree, span: Span) -> bool:
    return any(span.start <= each.start < span.end for each in tree.comments)


def _is_faulty(tree: Tree, span: Span) -> bool:
    return any(each.span.start <= span.end and span.start <= each.span.end for each in tree.faults)


def _with_ends(text: str, source: Source) -> str:
    """A text with line ends as a file has them."""
    return _LINE_END.sub(line_end(source.text), text)
