"""What a module declares, and what it sees: definitions, names and imports.

A module is one file of an author, or one or more files of the library. `index` finds what it declares, from its own
trees alone. What its names mean is a `Resolution`, which `resolve` makes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from policyspec.diagnostic import Diagnostic
from policyspec.source import Span
from policyspec.suggest import closest
from policyspec.syntax import nodes
from policyspec.syntax.nodes import Name
from policyspec.syntax.parser import Tree

CORE = "core"
SUFFIX = ".policy"


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A declared term. `path` is its dotted name within its module; `span` and `name_span` are offsets into `file`."""

    kind: str
    path: str
    module: str
    file: str
    span: Span
    name_span: Span
    titles: tuple[tuple[str, str | None], ...]
    outer: Definition | None = None
    is_library: bool = False
    is_defined: bool = True

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def qualified(self) -> str:
        """Its path as one writes it from another module."""
        return f"{self.module}.{self.path}" if self.is_library else self.path


@dataclass(frozen=True, eq=False)
class Module:
    """What a module declares and imports. `members` are of its closed exceptions: what is declared in their braces."""

    name: str
    trees: Mapping[str, Tree]
    is_library: bool
    definitions: tuple[Definition, ...]
    exact: Mapping[str, tuple[Definition, ...]]
    loose: Mapping[str, tuple[Definition, ...]]
    aliases: Mapping[str, tuple[Definition, ...]]
    imports: tuple[str, ...] = ()
    members: Mapping[Definition, tuple[Definition, ...]] = field(default_factory=dict)

    def find(self, name: str, kinds: Iterable[str]) -> list[Definition]:
        """What a name means here, as a path or as an alias. Several: it is ambiguous."""
        return self.named(name, kinds) or self.aliased(name, kinds)

    def named(self, name: str, kinds: Iterable[str]) -> list[Definition]:
        """The terms of this full path, else those of which it is the path's end."""
        found = [each for each in self.exact.get(name, ()) if each.kind in kinds]
        return found or [each for each in self.loose.get(name, ()) if each.kind in kinds]

    def aliased(self, name: str, kinds: Iterable[str]) -> list[Definition]:
        return [each for each in self.aliases.get(name, ()) if each.kind in kinds]

    def names(self, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """All names that mean a term of these kinds."""
        if kinds not in self._names:
            tables = (self.exact, self.loose, self.aliases)
            named = (pair for names in tables for pair in names.items())
            self._names[kinds] = tuple(name for name, found in named if any(each.kind in kinds for each in found))
        return self._names[kinds]

    @cached_property
    def _names(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    @cached_property
    def titled(self) -> Mapping[str, tuple[Definition, ...]]:
        """The terms with each title, in lower case."""
        found: dict[str, list[Definition]] = {}
        for each in self.definitions:
            for title, _ in each.titles:
                found.setdefault(title.casefold(), []).append(each)
        return _frozen(found)

    @cached_property
    def words(self) -> str:
        """All paths and titles, in lower case."""
        texts = (text for each in self.definitions for text in (each.path, *(title for title, _ in each.titles)))
        return " ".join(texts).casefold()


class Reference(NamedTuple):
    """A name in a text, and what it means."""

    span: Span
    definition: Definition


@dataclass(frozen=True, eq=False)
class Resolution:
    """What the names of a module mean, and what is wrong with them.

    `references[file]` is by the offset at which a name stands; `parents` has the terms directly above each
    definition, `fields` the values of its fields, with definitions for names; `extensions` are the edges that the
    module adds to terms of others; `explained[file]` is text of which a finding says what is wrong better than the
    parser can. `kept` serves to resolve the module again after an edit.
    """

    module: Module
    diagnostics: tuple[Diagnostic, ...]
    references: Mapping[str, Mapping[int, Reference]]
    parents: Mapping[Definition, tuple[Definition, ...]]
    fields: Mapping[Definition, Mapping[str, Any]]
    extensions: tuple[tuple[Definition, Definition], ...] = ()
    explained: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    kept: Kept | None = None


class Context(NamedTuple):
    """The modules that one is resolved against: those it imports, the library's names, and what is known of terms.

    Of an import that leads nowhere, `imported` says why, and `instead` what to write. `library_module` reads a module
    that is not imported, to say that it has a name.
    """

    imported: Mapping[str, Module | str]
    core: Module | None
    library: Sequence[str] = ()
    resolutions: Mapping[str, Resolution] = {}
    library_module: Callable[[str], Module] | None = None
    instead: Mapping[str, str] = {}

    def modules(self) -> list[Module]:
        return [module for module in self.imported.values() if isinstance(module, Module)]


class Said(NamedTuple):
    """What an item says in which nothing is wrong: what the names in it mean, while it stood at `base`.

    It follows from the node and from what names mean alone, and from that the places `asked` for are not explained.
    `terms` has what is directly above the terms that it declares, and their fields.
    """

    node: Any
    base: int
    references: Mapping[int, Reference]
    asked: Sequence[Span] = ()
    terms: Sequence[tuple[Definition, tuple[Definition, ...], dict[str, Any]]] = ()


class Kept(NamedTuple):
    """What a resolution was made with, and what each node says, by its id: a tree keeps the nodes that an edit spares.

    `takes` has what the actions of the module, and of the files that it imports, are done to.
    """

    context: Context
    takes: Sequence[tuple[str, ...]]
    said: Mapping[int, Said]


class Missing(NamedTuple):
    """Why an imported file could not be read, and the path to write instead, if one is likely meant."""

    message: str
    instead: str = ""


# ── Indexing ─────────────────────────────────────────────────────────────────────────────────────


def index(name: str, trees: Mapping[str, Tree], is_library: bool = False, before: Sequence[Definition] = ()) -> Module:
    """What a module's files declare. The definitions are those from before an edit, where these say the same."""
    known = {each.name_span.start: each for each in before}
    definitions: list[Definition] = []
    aliases: list[tuple[str, Definition]] = []
    imports: list[str] = []

    def declare(node: nodes.Declaration, base: int, kind: str, file: str, outer: Definition | None) -> None:
        path = f"{outer.path}.{node.name.text}" if outer else node.name.text
        titles = tuple((title.text, title.language) for title in node.titles)
        span, name_span = node.span.shifted(base), node.name.span.shifted(base)
        said = (kind, path, name, file, span, name_span, titles, outer, is_library)
        old = known.pop(name_span.start, None)
        made = old if old is not None and said == _said(old) else Definition(*said)
        definitions.append(made)
        for member in node.members:
            if type(member) is nodes.Declaration:
                declare(member, base, kind, file, made)
            elif type(member) is nodes.Field and member.name.text == "alias":
                words = [value.text for value in member.values if isinstance(value, Name | nodes.Title)]
                aliases.extend((word, made) for word in words)

    for file, tree in trees.items():
        for base, item in items(tree):
            if type(item) is nodes.Declaration and item.name.text:
                declare(item, base, item.kind.text, file, None)
            elif type(item) is nodes.Import:
                imports += [import_key(file, each) for each in item.modules]
    return module_of(name, trees, is_library, definitions, aliases, imports)


def _said(each: Definition) -> tuple[Any, ...]:
    return (
        each.kind, each.path, each.module, each.file, each.span, each.name_span, each.titles, each.outer,
        each.is_library,
    )  # fmt: skip


def module_of(
    name: str,
    trees: Mapping[str, Tree],
    is_library: bool,
    definitions: Sequence[Definition],
    aliases: Iterable[tuple[str, Definition]],
    imports: Iterable[str],
) -> Module:
    """A module with these definitions, and its names: full paths, ends of paths, and aliases that are identifiers."""
    exact: dict[str, list[Definition]] = {}
    loose: dict[str, dict[Definition, None]] = {}
    others: dict[str, dict[Definition, None]] = {}
    for each in definitions:
        alike = exact.setdefault(each.path, [])
        # Of two that are declared alike, which is an error, the first one is meant.
        if alike and any(other.kind == each.kind for other in alike):
            continue
        alike.append(each)
        rest = each.path.partition(".")[2]
        while rest:
            loose.setdefault(rest, {})[each] = None
            rest = rest.partition(".")[2]
    for word, each in aliases:
        alias = unicodedata.normalize("NFC", word)
        if alias.isidentifier() and alias != each.path:
            others.setdefault(alias, {})[each] = None
    return Module(
        name,
        trees,
        is_library,
        tuple(definitions),
        _frozen(exact),
        _frozen(loose),
        _frozen(others),
        tuple(dict.fromkeys(imports)),
        _members(definitions),
    )


def _frozen(names: Mapping[str, Iterable[Definition]]) -> dict[str, tuple[Definition, ...]]:
    return {name: tuple(found) for name, found in names.items()}


def _members(definitions: Iterable[Definition]) -> dict[Definition, tuple[Definition, ...]]:
    found: dict[Definition, list[Definition]] = {}
    for each in definitions:
        if each.outer is not None and each.kind == "exception":
            found.setdefault(each.outer, []).append(each)
    return {outer: tuple(inside) for outer, inside in found.items()}


def items(tree: Tree) -> Iterator[tuple[int, nodes.Item]]:
    """Every item of a tree, those in sections behind their section, with the offset its spans count from."""
    stack = [(0, iter(tree.items))]
    while stack:
        base, placed = stack[-1]
        item = next(placed, None)
        if item is None:
            stack.pop()
            continue
        yield base + item.start, item.node
        if type(item.node) is nodes.Section:
            stack.append((base + item.start, iter(item.node.items)))


# ── After an edit ────────────────────────────────────────────────────────────────────────────────

Renewed = Mapping[Definition, Definition]


def renewed(before: Module, after: Module) -> Renewed | None:
    """The definitions that have only moved, by what they were; None where names may mean something else now."""
    if before.exact is after.exact:
        return {}
    if len(before.definitions) != len(after.definitions):
        return None
    found: dict[Definition, Definition] = {}
    for old, new in zip(before.definitions, after.definitions, strict=True):
        if old is new:
            continue
        outer = found.get(old.outer, old.outer) if old.outer is not None else None
        if (old.kind, old.path, old.titles, outer) != (new.kind, new.path, new.titles, new.outer):
            return None
        found[old] = new
    aliases = {name: tuple(found.get(each, each) for each in those) for name, those in before.aliases.items()}
    return found if aliases == after.aliases else None


def renewed_all(before: Resolution, after: Module, context: Context) -> Renewed | None:
    """The same for a module that has been resolved, and all that it is resolved against."""
    if before.kept is None:
        return None
    old = before.kept.context
    if (old.core, old.library, [*old.imported]) != (context.core, context.library, [*context.imported]):
        return None
    if old.resolutions.keys() != context.resolutions.keys():
        return None
    pairs: list[tuple[Module | str, Module | str]] = [(before.module, after)]
    pairs += zip(old.imported.values(), context.imported.values(), strict=True)
    pairs += [(old.resolutions[name].module, each.module) for name, each in context.resolutions.items()]
    found: dict[Definition, Definition] = {}
    for earlier, later in pairs:
        if earlier is later:
            continue
        if not isinstance(earlier, Module) or not isinstance(later, Module) or later.is_library:
            return None
        same = renewed(earlier, later)
        if same is None:
            return None
        found.update(same)
    return found


def file_stem(path: str) -> str:
    """What stands in front of a file's names, as a library module's name in front of the module's."""
    return path.rpartition("/")[2].removesuffix(SUFFIX)


def import_key(file: str, written: Name | nodes.Title) -> str:
    """The module that an import names: a library module's name, or a file's path from the importing file's folder."""
    if type(written) is Name:
        return written.text
    parts = file.split("/")[:-1] if not written.text.startswith("/") else [""]
    for part in written.text.split("/"):
        if part == ".." and parts and parts[-1] not in ("", ".."):
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def like_file(written: str, files: Iterable[str]) -> str:
    """The path that an import probably means, of those to the `files` of the folder that it names; else empty."""
    folder, slash, name = written.rpartition("/")
    stem = name.removesuffix(SUFFIX)
    stems = [each.removesuffix(SUFFIX) for each in files if each != name]
    found = stem if stem in stems else closest(stem, stems)
    return f"{folder}{slash}{found}{SUFFIX}" if found else ""


def roots(resolution: Resolution) -> list[Definition]:
    """The terms that say `root: yes`: a policy's own terms of their kind are below them unless they say otherwise."""
    return [each for each, fields in resolution.fields.items() if fields.get("root")]
