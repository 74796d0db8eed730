"""The terms that a place may name: how each is written there, and which are the likeliest.

What a file declares and imports is asked of its own tree, not of what its names mean: while one types, the former is
known sooner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from policyspec import library
from policyspec.ide import cursor
from policyspec.library import compiled
from policyspec.names import OUTSIDE, Block, Kinds, Names, without_kind
from policyspec.scope import CORE, Context, Definition, Module, Resolution, file_stem, items
from policyspec.syntax import nodes
from policyspec.taxonomy import is_outside, nearest, with_all_above
from policyspec.workspace import Workspace

# How near a term is, from one's own to those of a module that is not imported.
OWN, IMPORTED, LIBRARY, OF_CORE, UNSEEN = range(5)


class Term(NamedTuple):
    """A term that may stand at a place, and what is known of it before its name there is looked for."""

    definition: Definition
    nearness: int
    uses: int

    @property
    def order(self) -> tuple[int, int]:
        """One's own first, then what is used in such a place, then the nearer."""
        if self.nearness == OWN or self.uses:
            return (0 if self.nearness == OWN else 1, -self.uses)
        return (2, self.nearness)


def names(workspace: Workspace, path: str) -> Names:
    """What the names in a file of the workspace or of the library may mean."""
    if path.startswith(library.PREFIX):
        return _of_library(cursor.module_of(path))
    return workspace.once("names", path, lambda: Names(workspace.module(path), _context(workspace, path)))


@cache
def _of_library(name: str) -> Names:
    module = compiled.from_source(name).module
    imported: dict[str, Module | str] = {
        each: compiled.module(each) for each in module.imports if each in library.names()
    }
    return Names(module, Context(imported, compiled.module(CORE) if name != CORE else None, library.names()))


def _context(workspace: Workspace, path: str) -> Context:
    imported: dict[str, Module | str] = {}
    for name in workspace.module(path).imports:
        if name in library.names():
            imported[name] = compiled.module(name)
        elif name in workspace.sources and name != path:
            imported[name] = replace(workspace.module(name), name=file_stem(name))
    return Context(imported, compiled.module(CORE), library.names())


def terms(known: Names, kinds: Kinds, uses: Mapping[str, int]) -> Iterator[Term]:
    """All terms of these kinds, also those of library modules that are not imported; `uses` are by written name."""
    for module in known.scopes():
        nearness = _nearness(known, module)
        if module.is_library and nearness != OWN:
            yield from _used_among(_of_library_module(module, kinds, nearness), uses)
        else:
            yield from (
                Term(each, nearness, uses.get(each.name, 0) + (uses.get(each.path, 0) if "." in each.path else 0))
                for each in _of_kinds(module, kinds)
            )
    for name in unseen(known):
        yield from _of_library_module(compiled.module(name), kinds, UNSEEN)[0]


def _used_among(those: tuple[tuple[Term, ...], Mapping[str, int]], uses: Mapping[str, int]) -> Iterable[Term]:
    """Terms, of which few are used: these are looked for by their names."""
    found, numbers = those
    if not (used := [(numbers[text], count) for text, count in uses.items() if text in numbers]):
        return found
    changed = [*found]
    for number, count in used:
        changed[number] = changed[number]._replace(uses=changed[number].uses + count)
    return changed


@lru_cache(maxsize=512)
def _of_library_module(module: Module, kinds: Kinds, nearness: int) -> tuple[tuple[Term, ...], Mapping[str, int]]:
    """A library module's terms, and which of them each name that is written for one means."""
    found = tuple(Term(each, nearness, 0) for each in _of_kinds(module, kinds))
    numbers: dict[str, int] = {}
    for number, (each, *_) in enumerate(found):
        for text in {each.name, each.path, each.qualified}:
            numbers.setdefault(text, number)
    return found, numbers


def _of_kinds(module: Module, kinds: Kinds) -> Iterator[Definition]:
    return (each for each in module.definitions if each.kind in kinds and each.name)


def unseen(known: Names) -> list[str]:
    """The library's modules that a file does not import."""
    seen = {module.name for module in known.scopes()}
    return [name for name in library.names() if name not in seen]


def _nearness(known: Names, module: Module) -> int:
    if module is known.module:
        return OWN
    if not module.is_library:
        return IMPORTED
    return OF_CORE if module is known.context.core else LIBRARY


# ── How a term is written ───────────────────────────────────────────────────────────────────────────


def written(known: Names, term: Definition, kinds: Kinds, block: Block = OUTSIDE) -> str | None:
    """The shortest name that means a term at a place; None where none does."""
    return next((text for text in spellings(known, term) if means(known, text, term, kinds, block)), None)


def means(known: Names, text: str, term: Definition, kinds: Kinds, block: Block = OUTSIDE) -> bool:
    """Whether a name means a term at a place, and no other."""
    rest, meant = without_kind(text, kinds)
    return bool(meant) and known.find(rest, meant, block) == [term]


def spellings(known: Names, term: Definition) -> Iterator[str]:
    """All names that a term may go by, the shorter first."""
    path = term.path
    parts = path.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[-length:])
    longest = known.path(term)
    if longest != path:
        yield longest
    yield f"{term.kind}.{path}"
    yield f"{term.kind}.{longest}"


def written_unseen(known: Names, term: Definition, kinds: Kinds) -> str:
    """The same for a term whose module is going to be imported; its module in front, where another one has its name."""
    return term.qualified if known.find(term.name, kinds) else term.name


def aliases(module: Module) -> dict[Definition, list[str]]:
    """The other names of a module's terms, by term."""
    found: dict[Definition, list[str]] = {}
    for word, those in module.aliases.items():
        for each in those:
            found.setdefault(each, []).append(word)
    return found


# ── Which terms are likely ──────────────────────────────────────────────────────────────────────────


def uses(workspace: Workspace, path: str) -> Mapping[str, Counter[str]]:
    """How often a file has which name after each clause word; of objects after ``, of parents `is`, of actions `do`.

    Those of a field's values are after the field's name and a colon. Names are counted as they are written.
    """
    return workspace.once("uses", path, lambda: _uses(workspace, path))


def _uses(workspace: Workspace, path: str) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for _, item in items(workspace.tree(path)):
        for place, used in _used(item):
            found.setdefault(place, Counter()).update(used)
    return found


def _used(item: nodes.Item | nodes.Field) -> Iterator[tuple[str, list[str]]]:
    match item:
        case nodes.Practice():
            yield from _used_in(item.statement)
            for field in item.fields:
                yield from _used(field)
        case nodes.Declaration():
            yield "is", [each.text for each in item.parents]
            for member in item.members:
                if type(member) is nodes.Declaration or type(member) is nodes.Field:
                    yield from _used(member)
        case nodes.Section():
            for field in item.fields:
                yield from _used(field)
        case nodes.Field():
            if texts := [each.text for each in item.values if type(each) is nodes.Name]:
                yield f"{item.name.text}:", texts
        case nodes.Rule() | nodes.Test():
            asked = (each for each in item.members if type(each) is nodes.Judgement or type(each) is nodes.Question)
            for each in asked:
                if type(each.pattern) is nodes.Statement:
                    yield from _used_in(each.pattern)


def _used_in(statement: nodes.Statement) -> Iterator[tuple[str, list[str]]]:
    yield "do", [each.text for each in statement.actions]
    yield "", [name.text for item in statement.objects for name in item.names]
    for clause in statement.clauses:
        yield clause.word.text, [name.text for item in clause.items for name in item.names]
        for period in clause.periods:
            event = period.end if type(period) is nodes.Until else getattr(period, "event", None)
            if type(event) is nodes.Name:
                yield "after", [event.text]


# ── What may not stand there ────────────────────────────────────────────────────────────────────────


def takes(workspace: Workspace, known: Names, actions: Sequence[nodes.Name]) -> Kinds:
    """The kinds that may be the object of these actions; none where an action is not known."""
    found: dict[str, None] = {}
    resolution = _resolutions(workspace, known)
    for action in actions:
        meant = known.find(*without_kind(action.text, ("action",)))
        if len(meant) != 1:
            return ()
        kinds = nearest(
            meant[0],
            lambda each: resolution(each).parents.get(each, ()),
            lambda each: resolution(each).fields.get(each, {}).get("takes"),
        )
        found.update(dict.fromkeys(kinds or ("data",)))
    return tuple(found)


def _resolutions(workspace: Workspace, known: Names) -> Callable[[Definition], Resolution]:
    """Where to look for what is known of a term."""

    def look(term: Definition) -> Resolution:
        if term.is_library:
            return compiled.resolution(term.module)
        return workspace.resolution(term.file)

    return look if not known.module.is_library else lambda term: compiled.from_source(term.module)


def never_parents(workspace: Workspace, path: str, known: Names, declared: Definition) -> Callable[[Definition], bool]:
    """Whether a term cannot be put below another one: below itself, in a circle, or into a closed exception."""
    own = cursor.resolution_of(workspace, path)
    others = workspace.resolutions(path).values() if own.extensions and not known.module.is_library else ()
    below = _below([own, *others], declared)
    look = _resolutions(workspace, known)

    def is_closed(parent: Definition) -> bool:
        return parent.kind == "exception" and is_outside(declared, parent, look(parent).module.members)

    return lambda parent: parent in below or is_closed(parent)


def _below(resolutions: Iterable[Resolution], term: Definition) -> set[Definition]:
    """A term and all that is below it; without extensions, that is in its own file."""
    children: dict[Definition, list[Definition]] = {}
    for resolution in resolutions:
        edges = [(each, parent) for each, parents in resolution.parents.items() for parent in parents]
        for each, parent in (*edges, *resolution.extensions):
            children.setdefault(parent, []).append(each)
    return with_all_above(term, lambda each: children.get(each, ()))


def never_extended(
    workspace: Workspace, path: str, known: Names, extended: Definition | None
) -> Callable[[Definition], bool]:
    """Whether a foreign term, if it is known, cannot be put below another one, which has to be one's own."""
    resolution, look = cursor.resolution_of(workspace, path), _resolutions(workspace, known)

    def above(each: Definition) -> Sequence[Definition]:
        added = [parent for term, parent in resolution.extensions if term is each]
        return [*look(each).parents.get(each, ()), *added]

    def cannot(parent: Definition) -> bool:
        if parent.module != known.module.name:
            return True
        if extended is None:
            return False
        return extended in with_all_above(parent, above) or is_outside(extended, parent, known.module.members)

    return cannot


def listed(known: Names, texts: Iterable[str], kinds: Kinds, block: Block = OUTSIDE) -> set[Definition]:
    """What the names of a list mean."""
    return {each for text in texts for each in known.find(*without_kind(text, kinds), block)}
