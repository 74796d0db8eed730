"""All sources at one moment, and everything that follows from them.

A `Workspace` never changes: an edit makes a new one, which keeps what the edit did not touch. Everything is
computed when it is first asked for.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from policyspec import library
from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.library import compiled
from policyspec.resolve import resolve
from policyspec.scope import (
    CORE,
    Context,
    Definition,
    Missing,
    Module,
    Resolution,
    file_stem,
    import_key,
    index,
    items,
    like_file,
)
from policyspec.source import Source, Span
from policyspec.syntax import nodes
from policyspec.syntax.faults import Fault
from policyspec.syntax.parser import Tree, parse

if TYPE_CHECKING:
    from policyspec import model

T = TypeVar("T")
# A text that has been parsed, to find its imports or in the workspace before an edit, is not parsed again.
parsed = lru_cache(maxsize=1024)(parse)


@dataclass(frozen=True)
class Workspace:
    """Files by path, with `/` between folders, and why files that are imported could not be read.

    `imports` are modules of the library, and paths of files, that every file imports whether it says so or not, but for
    these files themselves and what they import.
    """

    sources: Mapping[str, Source]
    unreadable: Mapping[str, Missing] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    _memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    # What there was before an edit: from it most of what is to be made anew is made.
    _before: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def with_source(self, source: Source) -> Workspace:
        """The workspace after an edit."""
        changed = replace(self, sources={**self.sources, source.path: source})
        # What is said of an import that leads nowhere depends on which files there are.
        kept = {"tree", "module"}
        if source.path in self.sources:
            kept |= {"resolution", "diagnostics", "findings"}
        untouched = {
            path
            for path in {path for _, path in self._memory if path in self.sources}
            if source.path not in self._read_for(path)
        }
        known = {**self._before, **self._memory}
        changed._before.update((key, known[key]) for key in known if key[0] in ("tree", "module", "resolution"))
        changed._memory.update(
            ((kind, path), value) for (kind, path), value in self._memory.items() if kind in kept and path in untouched
        )
        return changed

    def _read_for(self, path: str) -> set[str]:
        """The modules that what is known of a file follows from, be they there or not."""
        files = self.closure(path)
        return {*files, *(name for file in files for name in self.module(file).imports)}

    def source(self, path: str) -> Source:
        """A file of the workspace or of the library; KeyError if there is none."""
        if path.startswith(library.PREFIX):
            module = path[len(library.PREFIX) :].removesuffix(".policy").replace("/", ".")
            names = [name for name in library.names() if f"{module}.".startswith(f"{name}.")]
            found = [source for name in names for source in library.sources(name) if source.path == path]
            if found:
                return found[0]
        return self.sources[path]

    def tree(self, path: str) -> Tree:
        def make() -> Tree:
            text, before = self.source(path).text, self._before.get(("tree", path))
            return parsed(text) if before is None else parse(text, before)

        return self.once("tree", path, make)

    def module(self, path: str) -> Module:
        """What a file declares."""

        def make() -> Module:
            before: Module | None = self._before.get(("module", path))
            made = index(path, {path: self.tree(path)}, before=before.definitions if before else ())
            if not self.imports or path in self._imported_by_all:
                return made
            return replace(made, imports=tuple(dict.fromkeys((*made.imports, *self.imports))))

        return self.once("module", path, make)

    @property
    def _imported_by_all(self) -> set[str]:
        """The files that every other file imports, directly or through these."""

        def make() -> set[str]:
            found, todo = set[str](), [*self.imports]
            while todo:
                path = todo.pop()
                if path in self.sources and path not in found:
                    found.add(path)
                    todo += index(path, {path: self.tree(path)}).imports
            return found

        return self.once("imported by all", "", make)

    def resolution(self, path: str) -> Resolution:
        """What the names in a file mean."""
        before = self._before.get(("resolution", path))
        return self.once("resolution", path, lambda: resolve(self.module(path), self._context(path), before))

    def closure(self, path: str) -> tuple[str, ...]:
        """A file and the files of the workspace that it imports, directly or through others."""
        found, todo = {path: None}, [path]
        while todo:
            for each in self.module(todo.pop()).imports:
                if each in self.sources and each not in found:
                    found[each] = None
                    todo.append(each)
        return tuple(found)

    def library_modules(self, path: str) -> tuple[str, ...]:
        """The library modules that a file imports, directly or through others; `core` first."""
        wanted = [each for file in self.closure(path) for each in self.module(file).imports]
        found = dict.fromkeys([CORE])
        while wanted:
            name = wanted.pop(0)
            if name in library.names() and name not in found:
                found[name] = None
                wanted += compiled.module(name).imports
        return tuple(found)

    def resolutions(self, path: str) -> dict[str, Resolution]:
        """By module, the resolutions of a file and of all that it imports."""
        files = {each: self.resolution(each) for each in self.closure(path)}
        return files | {each: compiled.resolution(each) for each in self.library_modules(path)}

    def diagnostics(self, path: str) -> tuple[Diagnostic, ...]:
        """What is wrong with one file, in the order of the text."""
        return self.once("diagnostics", path, lambda: tuple(sorted(self._diagnose(path), key=_place)))

    def is_policy(self, path: str) -> bool:
        """Whether the file declares a policy; one that does not is a module."""
        return self.header(path) is not None

    def policy(self, path: str) -> model.Policy:
        """The compiled policy of a file without errors; ValueError for one with errors or without a policy."""

        def make() -> model.Policy:
            # Building the model's classes takes longer than checking a policy does.
            from policyspec import compile as compiler

            errors = [each for file in self.closure(path) for each in self.diagnostics(file) if each.is_error]
            if errors:
                raise ValueError(f"{path} has errors")
            if not self.is_policy(path):
                raise ValueError(f"{path} declares no policy")
            return compiler.compile(
                path, {file: self.source(file) for file in self.closure(path)}, self.resolutions(path)
            )

        return self.once("policy", path, make)

    def once(self, kind: str, path: str, make: Callable[[], T]) -> T:
        """What is made of a file, made when it is first asked for."""
        key = (kind, path)
        if key not in self._memory:
            self._memory[key] = make()
        value: T = self._memory[key]
        return value

    def _context(self, path: str) -> Context:
        imported: dict[str, Module | str] = {}
        resolutions = {name: compiled.resolution(name) for name in self.library_modules(path)}
        for name in self.module(path).imports:
            if name in library.names():
                imported[name] = compiled.module(name)
            elif name in self.sources:
                cycle = self._cycle(path, name)
                if cycle:
                    shown = " imports ".join(f"`{posixpath.basename(each)}`" for each in cycle)
                    imported[name] = f"import cycle: {shown}"
                    continue
                # A file's names may be written with its stem in front, as a library module's with its name.
                imported[name] = replace(self.module(name), name=file_stem(name))
                # The last ones first: so a long chain of imports is no deep recursion.
                resolutions |= {each: self.resolution(each) for each in reversed(self.closure(name))}
            elif name in self.unreadable:
                imported[name] = self.unreadable[name].message
        core, instead = compiled.module(CORE), self._instead(path)
        return Context(imported, core, library.names(), resolutions, compiled.module, instead)

    def _instead(self, path: str) -> dict[str, str]:
        """What to write for the files that a file imports and that are not there."""
        found = {}
        for _, written in self._imports(path):
            name = import_key(path, written)
            if type(written) is nodes.Title and name not in self.sources:
                known = self.unreadable.get(name)
                found[name] = known.instead if known else like_file(written.text, self._beside(name, path))
        return found

    def _beside(self, name: str, path: str) -> list[str]:
        """The names of the other files in a file's folder."""
        folder = posixpath.dirname(name)
        return [posixpath.basename(each) for each in self.sources if each != path and posixpath.dirname(each) == folder]

    def _imports(self, path: str) -> Iterator[tuple[Span, nodes.Name | nodes.Title]]:
        """What a file imports, and where it says so."""
        for base, item in items(self.tree(path)):
            if type(item) is nodes.Import:
                yield from ((each.span.shifted(base), each) for each in item.modules)

    def _cycle(self, path: str, name: str) -> list[str] | None:
        """The way from `name` back to `path` by imports, as a cycle that begins with `path`."""
        before: dict[str, str] = {name: path}
        todo = [name]
        while todo:
            at = todo.pop(0)
            if at == path:
                way = [path]
                while True:
                    way.append(before[way[-1]])
                    if way[-1] == path:
                        return way[::-1]
            for each in self.module(at).imports:
                if each in self.sources and each not in before:
                    before[each] = at
                    todo.append(each)
        return None

    def header(self, path: str) -> Definition | None:
        """The policy that a file declares."""
        module = self.module(path)
        return next((each for each in module.definitions if each.kind == "policy" and each.outer is None), None)

    def _diagnose(self, path: str) -> Iterator[Diagnostic]:
        faults = [_diagnostic(path, fault) for fault in self.tree(path).faults]
        resolution = self.resolution(path)
        yield from _combined(faults, resolution.diagnostics, resolution.explained.get(path, ()))
        yield from self._diagnose_imports(path)
        if (policy := self.header(path)) is not None:
            yield from self._diagnose_paths(path, policy)

    def _diagnose_imports(self, path: str) -> Iterator[Diagnostic]:
        """A policy among the modules that a file imports."""
        for where, each in self._imports(path):
            name = import_key(path, each)
            if name not in self.sources or name == path:
                continue
            if (other := self.header(name)) is not None:
                related = (Related(name, other.name_span, "the policy there"),)
                message = f"`{each.text}` is a policy of its own, so it cannot be imported; share a module instead"
                yield Diagnostic("imported_policy", Severity.ERROR, message, path, where, related)

    def _diagnose_paths(self, path: str, policy: Definition) -> Iterator[Diagnostic]:
        """Terms of different files that go by one path, with the file's name in front, and so by one id."""
        modules = [compiled.module(name) for name in self.library_modules(path)]
        first: dict[tuple[str, str], Definition] = {}
        files = self.closure(path)
        reported = set()
        for file in files if len(files) + len(modules) > 2 else ():
            for each in self.module(file).definitions:
                full = each.path if file == path else f"{file_stem(file)}.{each.path}"
                near = [module for module in modules if full.startswith(f"{module.name}.")]
                found = [term for module in near for term in module.exact.get(full[len(module.name) + 1 :], ())]
                same = [term for term in found if term.kind == each.kind]
                other = first.setdefault((each.kind, full), same[0] if same else each)
                if other.file != each.file and (other.file, each.file) not in reported:
                    reported.add((other.file, each.file))
                    where = self._reason(path, policy, (each, other))
                    related = tuple(Related(term.file, term.name_span, "one is here") for term in (other, each))
                    message = f"two terms go by the path `{full}`: rename one of them, or its file"
                    yield Diagnostic("duplicate_path", Severity.ERROR, message, path, where, related)

    def _reason(self, path: str, policy: Definition, terms: Sequence[Definition]) -> Span:
        """Where a file has one of these terms: by its declaration, else by the import that it comes from."""
        if own := [term.name_span for term in terms if term.file == path]:
            return own[0]
        for where, each in self._imports(path):
            name = import_key(path, each)
            if name in self.sources and terms[0].file in self.closure(name):
                return where
        return policy.name_span


def _diagnostic(path: str, fault: Fault) -> Diagnostic:
    fixes = (Fix(fault.fix[0], (Edit(fault.fix[1], fault.fix[2]),)),) if fault.fix else ()
    related = (Related(path, fault.related[1], fault.related[0]),) if fault.related else ()
    return Diagnostic("syntax_error", Severity.ERROR, fault.message, path, fault.span, related, "", fixes)


def _combined(
    faults: Sequence[Diagnostic], others: Sequence[Diagnostic], explained: Sequence[Span]
) -> Iterator[Diagnostic]:
    """What is wrong with a text, each thing once.

    What names mean inside of broken text is of no interest. But of some text the resolver knows what the parser does
    not: that two names side by side are one when they are joined, or that a word is English.
    """
    explained = sorted(explained)
    begun = [each.start for each in explained]
    known = list(accumulate((each.end for each in explained), max))
    faults = [each for each in sorted(faults, key=_place) if not _is_within(each.span, begun, known)]
    yield from faults
    starts = [each.span.start for each in faults]
    ends = list(accumulate((each.span.end for each in faults), max))
    yield from (each for each in others if not _is_within(each.span, starts, ends))


def _is_within(span: Span, starts: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether a span ends before one ends that begins where it does, or earlier; `ends` are the last ones so far."""
    before = bisect_right(starts, span.start)
    return before > 0 and span.end <= ends[before - 1]


def _place(diagnostic: Diagnostic) -> tuple[Any, ...]:
    return (diagnostic.span, diagnostic.rule, diagnostic.message)
