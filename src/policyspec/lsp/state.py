"""What the server knows: the files of its folders, the texts of open documents, and what is found in them.

A `State` never changes: each function here makes a new one, which keeps what it does not touch. What is found is the
same as what `policyspec check` finds, for it is found by the same functions; only that here it is found file by file,
so that an edit costs the files that it touches.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from policyspec import checking, files, library, looking
from policyspec.cache import Look
from policyspec.checking import Project
from policyspec.config import Settings
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.lint import baseline
from policyspec.scope import Missing, import_key, items
from policyspec.source import Source, Span
from policyspec.syntax import nodes
from policyspec.workspace import Workspace, parsed


class Known(NamedTuple):
    """The findings that a project's baseline has, and the folder that its paths count from."""

    entries: baseline.Baseline
    folder: str


@dataclass(frozen=True)
class Member:
    """A project with its files as they are now.

    `paths` are its own files, `looks` what is found in those that have been looked at.
    """

    project: Project
    workspace: Workspace
    paths: frozenset[str]
    looks: Mapping[str, Look] = field(default_factory=dict)
    known: Known | None = None

    @property
    def stale(self) -> Iterator[str]:
        """The files that have to be looked at."""
        return (path for path in sorted(self.paths) if path not in self.looks)


@dataclass(frozen=True)
class State:
    """All that there is at one moment.

    `folders` are those of the editor, `disk` the files below them as they are saved, `documents` the open ones.
    `unreadable` says of files why they could not be read.
    """

    folders: tuple[str, ...] = ()
    disk: Mapping[str, Source] = field(default_factory=dict)
    documents: Mapping[str, Source] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    members: tuple[Member, ...] = ()

    def owner(self, path: str) -> Member | None:
        """The project that a file belongs to, else one that reads it."""
        of = (each for each in self.members if path in each.paths)
        return next(of, None) or next((each for each in self.members if path in each.workspace.sources), None)

    def workspace(self, path: str) -> Workspace | None:
        """The workspace in which a file is looked at; for a file of the library, any."""
        if path.startswith(library.PREFIX):
            return self.members[0].workspace if self.members else Workspace({})
        member = self.owner(path)
        return member.workspace if member is not None else None


class Disk(NamedTuple):
    """What is saved below some folders: the files, and why others could not be read."""

    files: Mapping[str, Source]
    unreadable: Mapping[str, str]


def read(folders: Iterable[str]) -> Disk:
    """Every policy below the folders; a folder that is not there has none."""
    found: dict[str, Source] = {}
    unreadable: dict[str, str] = {}
    for folder in folders:
        if not os.path.isdir(folder):
            continue
        for file in files.find([folder]):
            path = file.as_posix()
            try:
                found[path] = files.read(path)
            except files.Unreadable as problem:
                unreadable[path] = str(problem)
    return Disk(found, unreadable)


# ── Changes ─────────────────────────────────────────────────────────────────────────────────────


def indexed(state: State, folders: tuple[str, ...], disk: Disk) -> State:
    """The state with these folders, and what is in them."""
    return gathered(replace(state, folders=folders, disk=disk.files, unreadable=disk.unreadable))


def gathered(state: State) -> State:
    """The state with its projects put together anew, as after a change of which files or settings there are."""
    sources = {**state.disk, **{path: each for path, each in state.documents.items() if _is_file(path)}}
    members = [_member(each, sources) for each in _projects([*sources.values()], state.folders)]
    owned = {path for each in members for path in each.paths}
    members += [_apart(each, owned) for path, each in state.documents.items() if path not in owned]
    return replace(state, members=tuple(members))


def opened(state: State, source: Source) -> State:
    """The state with a document opened, which may be in no folder, or in no file."""
    state = replace(state, documents={**state.documents, source.path: source})
    if source.path.startswith(library.PREFIX):
        return state
    if any(source.path in each.paths for each in state.members):
        return changed(state, source)
    return replace(state, members=(*state.members, *_members_of(source, state)))


def _members_of(source: Source, state: State) -> list[Member]:
    """The project of a document that belongs to none yet."""
    if not _is_file(source.path):
        return [_apart(source, ())]
    texts = {**state.disk, **state.documents}
    members = [_member(each, texts) for each in _projects([source], ())]
    return members if any(each.paths for each in members) else [_apart(source, {source.path})]


def changed(state: State, source: Source) -> State:
    """The state with another text of a file, saved or not."""
    documents = state.documents
    if source.path in documents:
        documents = {**documents, source.path: source}
    return replace(state, documents=documents, members=tuple(_edited(each, source) for each in state.members))


def closed(state: State, path: str) -> State:
    """The state with a document closed: its text is what is saved."""
    documents = {each: source for each, source in state.documents.items() if each != path}
    state = replace(state, documents=documents)
    if _is_file(path) and os.path.isfile(path):
        state = saved(state, path)
        if path in state.disk or any(path in each.paths and len(each.paths) > 1 for each in state.members):
            return state
    return _without(state, path)


def _without(state: State, path: str) -> State:
    if path in state.disk:
        return gathered(replace(state, disk={each: source for each, source in state.disk.items() if each != path}))
    # What is no file of a folder is a project of its own, but for what it shares with others that are open.
    return gathered(state) if any({path} < each.paths for each in state.members) else replace(
        state, members=tuple(each for each in state.members if path not in each.paths)
    )  # fmt: skip


def saved(state: State, path: str) -> State:
    """The state after a file has been written, made or removed outside of the editor."""
    is_there = os.path.lexists(path)
    unreadable = {each: why for each, why in state.unreadable.items() if each != path}
    source = None
    if is_there:
        try:
            source = files.read(path)
        except files.Unreadable as problem:
            if checking.is_below(path, state.folders):
                unreadable[path] = str(problem)
    state = replace(state, unreadable=unreadable)
    was_there = path in state.disk
    if source is None:
        return gathered(_with_disk(state, path, None)) if was_there or _is_asked_for(state, path) else state
    if not was_there and checking.is_below(path, state.folders):
        # What others say of a file that is not there is no longer so.
        return gathered(_with_disk(state, path, source))
    state = _with_disk(state, path, source) if was_there else state
    if path in state.documents:
        return state
    if not was_there and _is_asked_for(state, path):
        return gathered(state)
    return changed(state, source) if state.owner(path) is not None else state


def _with_disk(state: State, path: str, source: Source | None) -> State:
    disk = {each: known for each, known in state.disk.items() if each != path}
    return replace(state, disk=disk if source is None else {**disk, path: source})


def _is_asked_for(state: State, path: str) -> bool:
    """Whether a file imports one that could not be read, or could be and is gone."""
    return any(path in each.workspace.unreadable or path in each.workspace.sources for each in state.members)


# ── Projects ────────────────────────────────────────────────────────────────────────────────────


def _projects(sources: list[Source], folders: tuple[str, ...]) -> list[Project]:
    try:
        return checking.projects(sources, whole=folders)
    except files.Unreadable:
        # Settings that cannot be read are none; `saved` comes back to them when they change.
        return checking.projects(sources, is_isolated=True, whole=folders)


def _member(project: Project, texts: Mapping[str, Source]) -> Member:
    """A project at the beginning; `texts` stand for the files that it may import."""
    usable = checking.readable(project)
    workspace = looking.load(project.sources, usable.around)
    instead = {path: texts[path] for path in workspace.sources if path in texts}
    if any(workspace.sources[path].text != each.text for path, each in instead.items()):
        around = usable.around._replace(texts=(*usable.around.texts, *instead.values()))
        workspace = looking.load(project.sources, around)
    known, usable = _baseline(usable)
    return Member(usable, workspace, frozenset(each.path for each in project.sources), {}, known)


def _baseline(project: Project) -> tuple[Known | None, Project]:
    """The findings that are known, and the project with what is wrong with their file."""
    file, found = checking.baseline_of(project)
    known = None
    if file is not None and os.path.lexists(file):
        try:
            source = files.read(file)
            entries, faults = baseline.load(source.text, source.path)
            known = Known(entries, os.path.dirname(file) or ".")
            found = (*found, *faults)
        except files.Unreadable as problem:
            where = next((each.span for each in project.settings.mentions if each.what == "file"), Span(0, 0))
            found = (*found, Diagnostic("invalid_setting", Severity.ERROR, str(problem), project.settings.path, where))
    return known, replace(project, found=(*project.found, *found)) if found else project


def _apart(source: Source, excluded: Collection[str]) -> Member:
    """A document that belongs to no project: what is not saved has no folder, and so no files to import.

    Where the settings exclude it, nothing is found in it; all else works.
    """
    if _is_file(source.path):
        workspace = files.load((), [source])
    else:
        imports = [
            each for _, node in items(parsed(source.text)) if type(node) is nodes.Import for each in node.modules
        ]
        why = Missing("a document that is not saved cannot import files")
        unreadable = {import_key(source.path, each): why for each in imports if type(each) is nodes.Title}
        workspace = Workspace({source.path: source}, unreadable)
    project = Project(Settings(), "", (source,))
    looks = {source.path: Look((), (source.path,), {})} if source.path in excluded else {}
    return Member(project, workspace, frozenset((source.path,)), looks)


def _edited(member: Member, source: Source) -> Member:
    if source.path not in member.workspace.sources:
        return member
    if member.workspace.sources[source.path].text == source.text:
        return member
    workspace = member.workspace.with_source(source)
    if _has_new_imports(workspace, source.path):
        is_file = _is_file(source.path)
        workspace = (
            looking.load([*workspace.sources.values()], checking.readable(member.project).around)
            if is_file
            else _apart(source, ()).workspace
        )
    looks = {path: look for path, look in member.looks.items() if source.path not in look.texts}
    return replace(member, workspace=workspace, looks=looks)


def _has_new_imports(workspace: Workspace, path: str) -> bool:
    """Whether a file imports one that nobody has asked for yet."""
    imports = (each for _, node in items(workspace.tree(path)) if type(node) is nodes.Import for each in node.modules)
    wanted = {import_key(path, each) for each in imports if type(each) is nodes.Title and each.text}
    return not wanted <= {*workspace.sources, *workspace.unreadable}


def _is_file(path: str) -> bool:
    """Whether a document is one of a file, be it saved or not."""
    return os.path.isabs(path)


# ── Findings ────────────────────────────────────────────────────────────────────────────────────


def next_stale(state: State, first: Collection[str] = ()) -> tuple[int, str] | None:
    """The project and the file to look at next: those named before others."""
    for path in first:
        for number, member in enumerate(state.members):
            if path in member.paths and path not in member.looks:
                return number, path
    return next(((number, path) for number, member in enumerate(state.members) for path in member.stale), None)


def looked_at(state: State, number: int, path: str) -> State:
    """The state with a file looked at."""
    member = state.members[number]
    looks = {**member.looks, path: looking.examine(member.workspace, path)}
    return replace(state, members=(*state.members[:number], replace(member, looks=looks), *state.members[number + 1 :]))


def given_up(state: State, number: int, path: str) -> State:
    """The state with a file that cannot be looked at, as if nothing were found in it."""
    member = state.members[number]
    looks = {**member.looks, path: Look((), (path,), {path: member.workspace.sources[path].text})}
    return replace(state, members=(*state.members[:number], replace(member, looks=looks), *state.members[number + 1 :]))


class Found(NamedTuple):
    """What is found in a file: what counts, and what is known already."""

    kept: tuple[Diagnostic, ...]
    known: tuple[Diagnostic, ...] = ()


def findings(state: State, paths: Collection[str]) -> dict[str, Found]:
    """What is found in each of some files, as far as it is known yet, in the order of the text."""
    kept: dict[str, dict[Diagnostic, None]] = {path: {} for path in paths}
    known: dict[str, dict[Diagnostic, None]] = {path: {} for path in paths}
    shared = checking.shared(each.workspace.sources for each in state.members) if len(state.members) > 1 else set()
    for member in state.members:
        touched = {path: look for path, look in member.looks.items() if not kept.keys().isdisjoint(look.files)}
        if touched:
            found, old = _judged(member, touched, shared, kept.keys())
            for each in found:
                kept[each.path][each] = None
            for each in old:
                known[each.path][each] = None
        for each in member.project.found:
            if each.path in kept:
                kept[each.path][each] = None
    for path, why in state.unreadable.items():
        if path in kept:
            kept[path][Diagnostic("unreadable_file", Severity.ERROR, why, path, Span(0, 0))] = None
    return {path: Found(_in_order(kept[path]), _in_order(known[path])) for path in paths}


def _in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda each: (each.span, each.rule, each.message)))


def _judged(
    member: Member, looks: Mapping[str, Look], shared: Collection[str], paths: Collection[str]
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What counts of what is found in files of a project, and what of it is known."""
    project, workspace = member.project, member.workspace
    sources = {path: workspace.sources[path] for look in looks.values() for path in look.files}
    found = [each for look in looks.values() for each in look.found if each.path in paths]
    # While others have not been looked at, nobody knows whether a suppression in a module is of use.
    seen = checking.looked_at(looks.values(), () if any(True for _ in member.stale) else project.tops, shared)
    firm = {name for look in looks.values() for name in look.firm}
    judged = checking.judged(project, found, sources, checking.today(), seen, firm)
    kept = [each for each in judged.kept if each.path in paths]
    if member.known is None:
        return kept, []
    entries, folder = member.known
    able = [each for each in kept if each.pack or not each.is_error]
    trees = {path: workspace.tree(path) for path in {each.path for each in able} if path in sources}

    def path_of(path: str) -> str:
        return checking.from_folder(path, folder)

    compared = baseline.apply(entries, able, sources, trees, path_of)
    is_known = {*compared.known}
    return [each for each in kept if each not in is_known], [*compared.known]
