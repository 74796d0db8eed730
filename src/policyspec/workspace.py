"""All sources at one moment, and everything that follows from them.

A `Workspace` never changes: an edit makes a new one, which keeps what the edit did not touch. Everything is
computed when it is first asked for.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from policyspec import library
from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.library import compiled
from policyspec.resolve import CORE, Context, Module, Resolution, import_key, index, items, resolve
from policyspec.source import Source
from policyspec.syntax import nodes
from policyspec.syntax.parser import Tree, parse

if TYPE_CHECKING:
    from policyspec import model

_parse = lru_cache(maxsize=1024)(parse)


@dataclass(frozen=True)
class Workspace:
    """Files by path, with `/` between folders, and why files that are imported could not be read."""

    sources: Mapping[str, Source]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    _memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def with_source(self, source: Source) -> Workspace:
        """The workspace after an edit."""
        changed = replace(self, sources={**self.sources, source.path: source})
        for (kind, path), value in self._memory.items():
            if kind != "policy" and source.path not in self.closure(path):
                changed._memory[kind, path] = value
        return changed

    def source(self, path: str) -> Source:
        """A file of the workspace or of the library; KeyError if there is none."""
        if path.startswith(library.PREFIX):
            module = path[len(library.PREFIX) :].removesuffix(".policy").replace("/", ".")
            name = next(name for name in library.names() if f"{module}.".startswith(f"{name}."))
            return next(source for source in library.sources(name) if source.path == path)
        return self.sources[path]

    def tree(self, path: str) -> Tree:
        return _parse(self.source(path).text)

    def module(self, path: str) -> Module:
        """What a file declares."""
        return self._once("module", path, lambda: index(path, {path: self.tree(path)}))

    def resolution(self, path: str) -> Resolution:
        """What the names in a file mean."""
        return self._once("resolution", path, lambda: resolve(self.module(path), self._context(path)))

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
        return self._once("diagnostics", path, lambda: tuple(sorted(self._diagnose(path), key=_place)))

    def is_policy(self, path: str) -> bool:
        """Whether the file declares a policy; one that does not is a module."""
        return self._policy_of(path) is not None

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
            return compiler.compile(path, {file: self.source(file) for file in self.closure(path)}, self.resolutions(path))

        return self._once("policy", path, make)

    def _once(self, kind: str, path: str, make: Any) -> Any:
        key = (kind, path)
        if key not in self._memory:
            self._memory[key] = make()
        return self._memory[key]

    def _context(self, path: str) -> Context:
        imported: dict[str, Module | str] = {}
        resolutions: dict[str, Resolution] = {CORE: compiled.resolution(CORE)}
        for name in self.module(path).imports:
            if name in library.names():
                imported[name] = compiled.module(name)
                for each in (name, *compiled.module(name).imports):
                    resolutions[each] = compiled.resolution(each)
            elif name in self.sources:
                cycle = self._cycle(path, name)
                if cycle:
                    imported[name] = f"import cycle: {' imports '.join(f'`{posixpath.basename(each)}`' for each in cycle)}"
                    continue
                file = self.module(name)
                # A file's names may be written with its stem in front, as a library module's with its name.
                imported[name] = replace(file, name=posixpath.basename(name).removesuffix(".policy"))
                resolutions.update({each: self.resolution(each) for each in self.closure(name)})
            elif name in self.unreadable:
                imported[name] = self.unreadable[name]
        for name in list(resolutions):
            resolutions.setdefault(name, compiled.resolution(name)) if name in library.names() else None
        return Context(imported, compiled.module(CORE), library.names(), resolutions)

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

    def _policy_of(self, path: str) -> Any:
        module = self.module(path)
        return next((each for each in module.definitions if each.kind == "policy" and each.outer is None), None)

    def _diagnose(self, path: str) -> Iterator[Diagnostic]:
        for fault in self.tree(path).faults:
            fixes = (Fix(fault.fix[0], (Edit(fault.fix[1], fault.fix[2]),)),) if fault.fix else ()
            related = (Related(path, fault.related[1], fault.related[0]),) if fault.related else ()
            yield Diagnostic("syntax_error", Severity.ERROR, fault.message, path, fault.span, related, "", fixes)
        yield from self.resolution(path).diagnostics
        if self.is_policy(path):
            yield from self._diagnose_imports(path)

    def _diagnose_imports(self, path: str) -> Iterator[Diagnostic]:
        """What is wrong between a policy's files: a second policy, two files of one name."""
        stems: dict[str, str] = {}
        for base, item in items(self.tree(path)):
            if type(item) is not nodes.Import:
                continue
            for each in item.modules:
                name = import_key(path, each)
                if name not in self.sources or name == path:
                    continue
                where = each.span.shifted(base)
                if (other := self._policy_of(name)) is not None:
                    related = (Related(name, other.name_span, "the policy there"),)
                    message = f"`{each.text}` is a policy of its own, so it cannot be imported; share a module instead"
                    yield Diagnostic("imported_policy", Severity.ERROR, message, path, where, related)
        for name in self.closure(path)[1:]:
            stem = posixpath.basename(name)
            if stem in stems:
                message = f"two imported files are named `{stem}`: {stems[stem]} and {name}"
                yield Diagnostic("duplicate_module", Severity.ERROR, message, path, self._policy_of(path).name_span)
            stems.setdefault(stem, name)


def _place(diagnostic: Diagnostic) -> tuple[Any, ...]:
    return (diagnostic.span, diagnostic.rule, diagnostic.message)
