"""From a name to what it means, and to all that speaks of it.

A dotted name is several names: in `device.screen` the first part is the term around the second. In front of them may
stand a module's name, which leads to the module's files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from policyspec import library
from policyspec.ide import cursor
from policyspec.ide.cursor import Place
from policyspec.kinds import KINDS
from policyspec.library import compiled
from policyspec.order import Order
from policyspec.scope import CORE, Definition, Reference, file_stem, import_key, items
from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.workspace import Workspace

# Kinds of which one asks what is said of them; of the others, what there is below them.
_SPOKEN_OF = ("data", "party", "subject", "action")
_NOWHERE = Span(0, 0)


class Target(NamedTuple):
    """A place to go to: `origin` is where one comes from, `span` all of what is there, `name_span` its name."""

    origin: Span
    path: str
    span: Span
    name_span: Span


class Highlight(NamedTuple):
    """A place in the same file; `kind` is write for a declaration or an `extend`, else read."""

    span: Span
    kind: str


class Named(NamedTuple):
    """One part of a name, and the term that it means; `is_alias` where it is not the term's own name."""

    span: Span
    definition: Definition
    is_alias: bool = False


class Use(NamedTuple):
    """A place where a term is named; `is_alias` where by another name than its own."""

    place: Place
    is_alias: bool


class Imported(NamedTuple):
    """A module at a place of a text: a file, or a module of the library."""

    span: Span
    module: str


# ── Where to go ──────────────────────────────────────────────────────────────────────────────────


def definition(workspace: Workspace, path: str, offset: int) -> tuple[Target, ...]:
    """Where the term at an offset is declared; of a module, its files. On the declaration's own name, that itself."""
    if (imported := module_at(workspace, path, offset)) is not None:
        return _files(workspace, imported)
    found = named(workspace, path, offset)
    return _targets(found.span, [found.definition]) if found is not None else ()


def declaration(workspace: Workspace, path: str, offset: int) -> tuple[Target, ...]:
    """Where the term at an offset is declared, and the import of this file that brings it."""
    found = named(workspace, path, offset)
    if found is None:
        return definition(workspace, path, offset)
    term = found.definition
    module = term.module if term.is_library else term.file
    brings = (
        Target(found.span, path, item.span.shifted(base), each.span.shifted(base))
        for base, item in items(workspace.tree(path))
        if type(item) is nodes.Import
        for each in item.modules
        if import_key(path, each) == module != path
    )
    return (*_targets(found.span, [term]), *brings)


def implementation(workspace: Workspace, path: str, offset: int) -> tuple[Target, ...]:
    """What becomes of the term at an offset.

    Of data, persons and actions: the sentences that speak of it, in all files. These name it, or a term that covers
    it: what is said of all personal data is said of an address too, and no search for its name finds that. Of other
    terms: those below it, the workspace's own first.
    """
    found = named(workspace, path, offset)
    if found is None:
        return ()
    term, terms = found.definition, order(workspace, found.definition)
    if term.kind not in _SPOKEN_OF:
        return _targets(found.span, terms.of(terms.below(term) & ~terms.bit(term)))
    covering = {*terms.of(terms.above(term))}
    return tuple(
        Target(found.span, file, practice, name.span)
        for file in sorted(files_of(workspace, term))
        for practice, names in _sentences(workspace, file)
        if (name := next((each for each in names if each.definition in covering), None)) is not None
    )


def type_definition(workspace: Workspace, path: str, offset: int) -> tuple[Target, ...]:
    """The terms directly above the one at an offset, by its declaration or by an `extend`."""
    found = named(workspace, path, offset)
    return _targets(found.span, order(workspace, found.definition).parents(found.definition)) if found else ()


def references(workspace: Workspace, path: str, offset: int, with_declaration: bool) -> tuple[Place, ...]:
    """Where the term at an offset is named in the workspace, by whatever name, and in the file itself if that is of the
    library. On an import, the names in this file that the module has.
    """
    if (imported := module_at(workspace, path, offset)) is not None:
        return tuple(_brought(workspace, path, imported.module))
    found = named(workspace, path, offset)
    if found is None:
        return ()
    term = found.definition
    declared = [Place(term.file, term.name_span)] if with_declaration and term.is_defined else []
    return (*declared, *(each.place for each in uses(workspace, term, path)))


def highlights(workspace: Workspace, path: str, offset: int) -> tuple[Highlight, ...]:
    """The places in this file where the term at an offset is named. On a word of the language that is part of a
    sentence, the words that the sentence is built of.
    """
    if (imported := module_at(workspace, path, offset)) is not None:
        brought = (each.span for each in _brought(workspace, path, imported.module))
        return (Highlight(imported.span, "write"), *(Highlight(span, "read") for span in brought))
    found = named(workspace, path, offset)
    if found is None:
        return tuple(Highlight(span, "read") for span in _skeleton(workspace, path, offset))
    term = found.definition
    extended = {
        item.name.span.shifted(base).end
        for base, item in items(workspace.tree(path))
        if type(item) is nodes.Extend
    }  # fmt: skip
    spans = [each.place.span for each in uses(workspace, term, path) if each.place.path == path]
    here = {span: "write" if span.end in extended else "read" for span in spans}
    if term.is_defined and term.file == path:
        here[term.name_span] = "write"
    return tuple(Highlight(span, kind) for span, kind in sorted(here.items()))


# ── Names and their parts ────────────────────────────────────────────────────────────────────────


def named(workspace: Workspace, path: str, offset: int) -> Named | None:
    """The part of a name at an offset, and the term that it means; a word after `alias:` means the term that has it."""
    site = cursor.site(workspace, path, offset)
    if site is None:
        return _alias(workspace, path, offset)
    written = workspace.source(path).text[site.span.start : site.span.end]
    found = parts(written, site.span.start, site.definition)
    return next((each for each in found if each.span.start <= offset <= each.span.end), None)


def parts(written: str, start: int, term: Definition) -> tuple[Named, ...]:
    """The names that a name is made of, the first one first, without the module or the kind in front of them."""
    found: list[Named] = []
    each: Definition | None = term
    end = start + len(written)
    for word in reversed(written.split(".")):
        is_own = each is not None and unicodedata.normalize("NFC", word) == each.name
        if each is None or not (is_own or each is term):
            break
        found.insert(0, Named(Span(end - len(word), end), each, not is_own))
        end -= len(word) + 1
        each = each.outer if is_own else None
    return tuple(found)


def front(written: str, start: int, term: Definition) -> Imported | None:
    """The module in front of a name, where there is one, and its place."""
    before = written[: parts(written, start, term)[0].span.start - start].rstrip(".")
    kind, _, rest = before.partition(".")
    name = rest if kind in KINDS else before
    if not name or unicodedata.normalize("NFC", name) != (term.module if term.is_library else file_stem(term.file)):
        return None
    end = start + len(before)
    return Imported(Span(end - len(name), end), term.module if term.is_library else term.file)


def uses(workspace: Workspace, term: Definition, path: str = "") -> Iterator[Use]:
    """Where a term is named, but for its declaration: in all files of the workspace, and in `path` if the library has
    it.
    """
    others = (path,) if path.startswith(library.PREFIX) else ()
    for each in (*sorted(workspace.sources), *others):
        found = cursor.resolution_of(workspace, each).references.get(each, {})
        for _, reference in sorted(found.items()):
            yield from _used(workspace, each, reference, term)


def module_at(workspace: Workspace, path: str, offset: int) -> Imported | None:
    """The module that is imported at an offset, or in front of the name there."""
    tree = workspace.tree(path)
    around = cursor.standing(tree, offset)
    if around and type(around[0].node) is nodes.Import and len(around) > 1:
        node = around[-1].node
        assert isinstance(node, nodes.Name | nodes.Title)
        return Imported(around[-1].span, import_key(path, node))
    site = cursor.site(workspace, path, offset)
    if site is None or site.is_declaration:
        return None
    found = front(tree.text[site.span.start : site.span.end], site.span.start, site.definition)
    return found if found is not None and found.span.start <= offset <= found.span.end else None


def names_in(node: nodes.Node) -> Iterator[nodes.Name]:
    """The names in a node, in its order; words of the language that say something are among them."""
    for each in cursor.children(node):
        if type(each) is nodes.Name:
            yield each
        yield from names_in(each)


# ── Above and below ──────────────────────────────────────────────────────────────────────────────


def order(workspace: Workspace, term: Definition) -> Order:
    """What is above and below what: in all files of the workspace, and in the modules of the library that these import
    or that has the term.
    """

    def make() -> Order:
        own = {path: workspace.resolution(path) for path in workspace.sources}
        modules = {CORE: None} | {name: None for path in own for name in workspace.library_modules(path)}
        if term.is_library:
            modules |= dict.fromkeys((*compiled.module(term.module).imports, term.module))
        return Order(own | {name: compiled.resolution(name) for name in modules})

    return workspace.once("order", term.module if term.is_library else "", make)


def files_of(workspace: Workspace, term: Definition) -> set[str]:
    """The files that may speak of a term, by whatever name: all, of a term of the library; else those that are part of
    a policy together with the term's own.
    """
    if term.is_library:
        return {*workspace.sources}
    around = (workspace.closure(each) for each in workspace.sources)
    return {each for files in around if term.file in files for each in files}


# ── How it is done ───────────────────────────────────────────────────────────────────────────────


def _targets(origin: Span, terms: Iterable[Definition]) -> tuple[Target, ...]:
    return tuple(Target(origin, each.file, each.span, each.name_span) for each in terms if each.is_defined)


def _files(workspace: Workspace, imported: Imported) -> tuple[Target, ...]:
    if imported.module in library.names():
        sources = library.sources(imported.module)
    else:
        sources = tuple(filter(None, [workspace.sources.get(imported.module)]))
    return tuple(Target(imported.span, each.path, Span(0, len(each.text)), _NOWHERE) for each in sources)


def _brought(workspace: Workspace, path: str, module: str) -> Iterator[Place]:
    """The names in a file that mean terms of a module."""
    for _, reference in sorted(cursor.resolution_of(workspace, path).references.get(path, {}).items()):
        if (reference.definition.module if reference.definition.is_library else reference.definition.file) == module:
            yield Place(path, reference.span)


def _used(workspace: Workspace, path: str, reference: Reference, term: Definition) -> Iterator[Use]:
    """The part of a name that means a term."""
    meant = cursor.known(reference.definition)
    # A term that the library lacks is another one in each file.
    is_lacking = not meant.is_defined and not term.is_defined and _id(meant) == _id(term)
    is_inside = meant.outer is not None and meant.module == term.module and meant.path.startswith(f"{term.path}.")
    if not (meant is term or is_lacking or is_inside) or _is_declaration(reference, path):
        return
    span = reference.span
    for each in parts(workspace.source(path).text[span.start : span.end], span.start, meant):
        if each.definition is (term if is_inside else meant):
            yield Use(Place(path, each.span), each.is_alias)


def _is_declaration(reference: Reference, path: str) -> bool:
    meant = reference.definition
    return meant.is_defined and (meant.file, meant.name_span) == (path, reference.span)


def _id(term: Definition) -> tuple[str, str, str]:
    return (term.kind, term.module, term.path)


def _alias(workspace: Workspace, path: str, offset: int) -> Named | None:
    """The term that has the alias at an offset, where it is declared."""
    around = cursor.standing(workspace.tree(path), offset)
    if len(around) < 3:
        return None
    declared, field, value = around[-3:]
    if type(declared.node) is not nodes.Declaration or type(field.node) is not nodes.Field:
        return None
    if field.node.name.text != "alias" or value.node not in field.node.values or type(value.node) is nodes.Etc:
        return None
    site = cursor.site(workspace, path, declared.node.name.span.shifted(declared.base).start)
    span = content(workspace.source(path).text, value.span)
    if site is None or not span.start <= offset <= span.end:
        return None
    return Named(span, site.definition, True)


def content(text: str, span: Span) -> Span:
    """The part of a quoted string that is inside of its quotation marks; of other text, all of it."""
    written = text[span.start : span.end]
    mark = next((each for each in ('"""', '"') if written.startswith(each)), "")
    closing = written.rfind(mark, len(mark)) if mark else -1
    return Span(span.start + len(mark), span.start + closing if closing >= 0 else span.end)


def _sentences(workspace: Workspace, path: str) -> Iterator[tuple[Span, list[Reference]]]:
    """The sentences of a file, and what is named in each, without its fields."""
    found = workspace.resolution(path).references.get(path, {})
    for base, item in items(workspace.tree(path)):
        if type(item) is nodes.Practice:
            starts = (each.span.start + base for each in names_in(item.statement))
            yield item.span.shifted(base), [found[start] for start in starts if start in found]


def _skeleton(workspace: Workspace, path: str, offset: int) -> list[Span]:
    """The words that a sentence is built of, its modality and what its clauses begin with, if one is at the offset."""
    for each in cursor.standing(workspace.tree(path), offset):
        if type(each.node) is nodes.Statement:
            says = each.node
            words = [says.modality, says.necessity, says.only]
            words += [word for clause in says.clauses for word in (clause.only, clause.word)]
            spans = sorted(word.span.shifted(each.base) for word in words if word is not None and word.text)
            if any(span.start <= offset <= span.end for span in spans):
                return spans
    return []
