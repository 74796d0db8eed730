"""Other names for terms and for files, in all files that speak of them.

A change of a name is only made if every name means afterwards what it meant before. That is not predicted but tried
out: the workspace with the edits made is resolved, and the two are compared.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from policyspec.diagnostic import Edit, apply_edits
from policyspec.ide import cursor, navigation
from policyspec.ide.navigation import Named
from policyspec.scope import CORE, Definition, file_stem, import_key, items
from policyspec.source import Source, Span
from policyspec.syntax import grammar, lexer, nodes
from policyspec.workspace import Workspace

# Edits by the file that they are of.
Edits: TypeAlias = Mapping[str, tuple[Edit, ...]]


class Refused(Exception):
    """Why a name cannot be changed, or not to this one."""


class Renamed(NamedTuple):
    """The name that would be changed: its place, and as it is now."""

    span: Span
    placeholder: str


# ── Terms ────────────────────────────────────────────────────────────────────────────────────────


def prepare(workspace: Workspace, path: str, offset: int) -> Renamed:
    """The name at an offset; Refused where there is none, or it is not the workspace's own."""
    found = _own(workspace, path, offset)
    return Renamed(found.span, workspace.source(path).text[found.span.start : found.span.end])


def rename(workspace: Workspace, path: str, offset: int, name: str) -> Edits:
    """The edits that give the term at an offset another name, wherever it is named; Refused where that would change
    what any name means.

    At a place where the term goes by an alias, it is the alias that is changed, in its declaration and where it is
    used; elsewhere, aliases stay as they are.
    """
    found = _own(workspace, path, offset)
    name = unicodedata.normalize("NFC", name.strip())
    _check_name(name)
    old = workspace.source(path).text[found.span.start : found.span.end]
    if name == unicodedata.normalize("NFC", old):
        return {}
    edits = _renaming(workspace, found, unicodedata.normalize("NFC", old), name)
    _check_meaning(workspace, edits, name)
    return edits


def _own(workspace: Workspace, path: str, offset: int) -> Named:
    found = navigation.named(workspace, path, offset)
    if found is None:
        around = cursor.standing(workspace.tree(path), offset)
        if len(around) > 1 and type(around[-2].node) is nodes.Rule and type(around[-1].node) is nodes.Name:
            raise Refused("comments and settings name rules too, so a rule is not renamed: change its name by hand")
        raise Refused("no term is named here")
    term = found.definition
    if term.is_library:
        raise Refused(f"`{term.path}` is a word of the library's module `{term.module}`, which cannot be changed")
    if "." in workspace.source(term.file).text[term.name_span.start : term.name_span.end]:
        raise Refused(f"`{term.path}` is not declared as one name: its declaration has a dot")
    if found.is_alias and not _is_name(written := workspace.source(path).text[found.span.start : found.span.end]):
        raise Refused(f"`{written}` is no name, so nothing refers to it: change it by hand")
    return found


def _check_name(name: str) -> None:
    if name in grammar.load().words or name == CORE:
        raise Refused(f"`{name}` is a word of the language, so it cannot be a name")
    if not _is_name(name):
        raise Refused(f"`{name}` is not a name: letters, digits and `_`, and no digit first")


def _is_name(text: str) -> bool:
    """Whether a text can be the name of a term."""
    found = lexer.tokens(text)[0]
    return [(each.type, each.text) for each in found[:-1]] == [("NAME", text)] and "." not in text and text != CORE


def _renaming(workspace: Workspace, found: Named, old: str, name: str) -> Edits:
    term = found.definition
    spans: dict[str, set[Span]] = defaultdict(set)
    for use in navigation.uses(workspace, term):
        span = use.place.span
        text = workspace.source(use.place.path).text[span.start : span.end]
        if use.is_alias == found.is_alias and unicodedata.normalize("NFC", text) == old:
            spans[use.place.path].add(span)
    spans[term.file] |= {*_aliases(workspace, term, old)} if found.is_alias else {term.name_span}
    edits = {path: [Edit(span, name) for span in sorted(places)] for path, places in sorted(spans.items()) if places}
    if not found.is_alias and (parent := _namesake(workspace, term)) is not None:
        edits[term.file].append(Edit(Span(term.name_span.end, term.name_span.end), f" is {CORE}.{parent.path}"))
    return {path: tuple(sorted(each, key=lambda edit: edit.span)) for path, each in edits.items()}


def _aliases(workspace: Workspace, term: Definition, alias: str) -> Iterator[Span]:
    """Where a term's declaration says that it has an alias."""
    tree = workspace.tree(term.file)
    declared = [each for each in cursor.standing(tree, term.name_span.start) if type(each.node) is nodes.Declaration]
    for each in declared[-1:]:
        assert isinstance(each.node, nodes.Declaration)
        for member in each.node.members:
            if type(member) is nodes.Field and member.name.text == "alias":
                for value in member.values:
                    if isinstance(value, nodes.Name | nodes.Title) and value.text == alias:
                        yield navigation.content(tree.text, value.span.shifted(each.base))


def _namesake(workspace: Workspace, term: Definition) -> Definition | None:
    """The term of `core` that one is below for its name alone: under another name, it has to be said."""
    parents = workspace.resolution(term.file).parents.get(term, ())
    near = [each for each in parents if each.module == CORE and each.path == term.path and term.outer is None]
    declared = cursor.standing(workspace.tree(term.file), term.name_span.start)
    is_said = any(type(each.node) is nodes.Declaration and each.node.parents for each in declared)
    return near[0] if near and not is_said else None


# ── What names mean afterwards ───────────────────────────────────────────────────────────────────


def _check_meaning(workspace: Workspace, edits: Edits, name: str) -> None:
    """Raise Refused if something means another thing after the edits, or is wrong that was not."""
    after = workspace
    for path, each in edits.items():
        after = after.with_source(Source(path, apply_edits(workspace.source(path).text, each)))
    moves = {path: _moves(edits.get(path, ())) for path in workspace.sources}
    for path in sorted(workspace.sources):
        if after.resolution(path) is workspace.resolution(path):
            continue
        found = _first_fault(workspace, after, path, moves[path])
        found = found or _first_change(workspace, after, path, moves, edits.get(path, ()))
        found = found or _first_parent(workspace, after, path, moves)
        if found:
            raise Refused(f"`{name}` cannot be its name: {found}")


def _moves(edits: Sequence[Edit]) -> Callable[[int], int]:
    """Where the offsets of a text are after its edits, which are in order."""
    ends = [each.span.end for each in edits]
    shifts = [0, *accumulate(len(each.text) - (each.span.end - each.span.start) for each in edits)]
    return lambda offset: offset + shifts[bisect_right(ends, offset)]


def _first_fault(before: Workspace, after: Workspace, path: str, move: Callable[[int], int]) -> str:
    """What is wrong in a file afterwards, and was not."""
    # Where something was wrong, another thing may be said of it: what is guessed depends on the names that there are.
    known = {move(each.span.start) for each in before.diagnostics(path)}
    new = (each.message for each in after.diagnostics(path) if each.span.start not in known)
    return next(new, "")


def _first_change(
    before: Workspace, after: Workspace, path: str, moves: Mapping[str, Callable[[int], int]], edits: Sequence[Edit]
) -> str:
    """A name in a file that means another thing afterwards, or only then means something."""
    move = moves[path]
    meant = {move(start): each for start, each in before.resolution(path).references.get(path, {}).items()}
    found = after.resolution(path).references.get(path, {})
    # What edits put in, without taking something out, is new, and means what it should.
    added = {move(each.span.end) for each in edits if each.span.start == each.span.end}
    for start, each in found.items():
        text = after.source(path).text[each.span.start : each.span.end]
        if start not in meant and each.span.end not in added:
            return f"`{text}` in {path} would mean it then"
        if start in meant and _id(each.definition) != _id(meant[start].definition, moves):
            was, now = (_shown(one) for one in (meant[start].definition, each.definition))
            return f"`{text}` in {path} would mean {now} instead of {was}"
    lost = next((each.span for start, each in meant.items() if start not in found), None)
    return f"`{before.source(path).text[lost.start : lost.end]}` in {path} would mean nothing then" if lost else ""


def _first_parent(before: Workspace, after: Workspace, path: str, moves: Mapping[str, Callable[[int], int]]) -> str:
    """A term that is below another one afterwards, for its name, since it does not say what it is."""
    found = {_id(term): parents for term, parents in after.resolution(path).parents.items()}
    for term, parents in before.resolution(path).parents.items():
        now = found.get(_id(term, moves), ())
        if [_id(each, moves) for each in parents] != [_id(each) for each in now]:
            above = " and ".join(map(_shown, now)) or "nothing"
            return f"it would be below {above} then; say first what it is, after `is`"
    return ""


# What tells terms apart: of one's own, the place, for that is known before and after.
_Id: TypeAlias = tuple[str, str, str | int]


def _id(term: Definition, moves: Mapping[str, Callable[[int], int]] | None = None) -> _Id:
    if term.is_library:
        return (term.kind, term.module, term.path)
    start = term.name_span.start
    return (term.kind, term.file, moves[term.file](start) if moves else start)


def _shown(term: Definition) -> str:
    return f"the {term.kind} `{term.qualified}`"


# ── Files ────────────────────────────────────────────────────────────────────────────────────────


def moved(workspace: Workspace, paths: Mapping[str, str]) -> Edits:
    """The edits that keep imports right when files go to other paths, or folders with all that is in them.

    They are of the files where these are now. A name with a file's name in front gets the new one, if that is a name.
    """
    new = {path: _new_path(path, paths) for path in workspace.sources}
    edits = {
        path: tuple(sorted({*_imports(workspace, path, new), *_fronts(workspace, path, new)}, key=lambda it: it.span))
        for path in sorted(workspace.sources)
    }
    return {path: each for path, each in edits.items() if each}


def _new_path(path: str, paths: Mapping[str, str]) -> str:
    """Where a file will be, by itself or with the innermost folder that goes elsewhere."""
    around = [old for old in paths if path == old or path.startswith(f"{old.rstrip('/')}/")]
    if not around:
        return path
    old = max(around, key=len)
    return paths[old] if path == old else f"{paths[old].rstrip('/')}{path[len(old.rstrip('/')) :]}"


def _imports(workspace: Workspace, path: str, new: Mapping[str, str]) -> Iterator[Edit]:
    text = workspace.source(path).text
    for base, item in items(workspace.tree(path)):
        for each in item.modules if type(item) is nodes.Import else ():
            key = import_key(path, each)
            if type(each) is nodes.Title and key in new and import_key(new[path], each) != new[key]:
                written = new[key] if each.text.startswith("/") else _way(new[path], new[key])
                if each.text.startswith("./") and not written.startswith("../"):
                    written = f"./{written}"
                escaped = written.replace("\\", "\\\\").replace('"', '\\"')
                yield Edit(navigation.content(text, each.span.shifted(base)), escaped)


def _way(start: str, end: str) -> str:
    """The way from a file's folder to another file."""
    here, there = start.split("/")[:-1], end.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "/".join([*[".."] * (len(here) - common), *there[common:]])


def _fronts(workspace: Workspace, path: str, new: Mapping[str, str]) -> Iterator[Edit]:
    text = workspace.source(path).text
    for reference in workspace.resolution(path).references.get(path, {}).values():
        file, span = reference.definition.file, reference.span
        if reference.definition.is_library or file == path or file_stem(file) == file_stem(new[file]):
            continue
        found = navigation.front(text[span.start : span.end], span.start, reference.definition)
        if found is not None and _is_name(stem := file_stem(new[file])):
            yield Edit(found.span, stem)
