"""What is in a file, as a tree, and where in a workspace a thing of some name is.

Kinds of symbol are the protocol's. Each kind of term has one that is drawn unlike those of its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from policyspec.ide.cursor import Place
from policyspec.library import compiled
from policyspec.scope import CORE, Definition, Module, file_stem, items
from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.syntax.nodes import Name
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace

OF_KIND = {
    "policy": "package", "party": "class", "subject": "interface", "data": "variable", "purpose": "enum_member",
    "basis": "constant", "exception": "enum", "permission": "key", "safeguard": "property", "right": "type_parameter",
    "channel": "field", "place": "struct", "event": "event", "action": "function",
}  # fmt: skip
# The clauses that tell sentences with the same action and objects apart best.
_TOLD = ("to", "for", "when", "with")
_LONGEST = 72
_MOST = 200


class Symbol(NamedTuple):
    """A thing in a file; its `children` are inside of its `span`, and its `name_span` is too."""

    name: str
    detail: str
    kind: str
    span: Span
    name_span: Span
    children: tuple[Symbol, ...] = ()


class Found(NamedTuple):
    """A thing in a workspace; `container` is the term, the module or the file that has it."""

    name: str
    kind: str
    container: str
    place: Place


# ── One file ─────────────────────────────────────────────────────────────────────────────────────


def outline(workspace: Workspace, path: str) -> tuple[Symbol, ...]:
    """What a file says, in order: its sections, and in them declarations, sentences, prose, rules and tests."""
    return workspace.once("outline", path, lambda: tuple(_symbols(workspace.tree(path).items, 0)))


def _symbols(placed: Iterable[nodes.Placed], base: int) -> Iterator[Symbol]:
    for start, node in placed:
        at = base + start
        match node:
            case nodes.Declaration():
                yield _declaration(node, node.kind.text, at)
            case nodes.Extend():
                detail = f"is {_joined(node.parents)}"
                yield _symbol(node.name.text, detail, OF_KIND[node.kind.text], node.span, node.name.span, at)
            case nodes.Section():
                inside = tuple(_symbols(node.items, at))
                yield _titled(node.titles, "section", "namespace", node.span, at, inside)
            case nodes.Practice():
                yield _sentence(node.statement, "", "method", node.span, at)
            case nodes.Prose():
                yield _symbol(node.text.text, "", "string", node.span, node.text.span, at)
            case nodes.Rule():
                yield _symbol(node.name.text, _title(node.titles), "operator", node.span, node.name.span, at)
            case nodes.Test():
                questions = [each for each in node.members if type(each) is nodes.Question]
                asked = tuple(
                    _sentence(each.pattern, each.verdict.text, "boolean", each.span, at) for each in questions
                )
                yield _titled(node.titles, "test", "object", node.span, at, asked)


def _declaration(node: nodes.Declaration, kind: str, base: int) -> Symbol:
    inside = tuple(_declaration(each, kind, base) for each in node.members if type(each) is nodes.Declaration)
    return _symbol(node.name.text, _title(node.titles), OF_KIND[kind], node.span, node.name.span, base, inside)


def _sentence(node: nodes.Statement, front: str, kind: str, span: Span, base: int) -> Symbol:
    name, detail = sentence(node)
    return _symbol(f"{front} {name}".strip(), detail, kind, span, node.span, base)


def sentence(node: nodes.Statement) -> tuple[str, str]:
    """A sentence by its first words, and what tells it apart from others that begin so."""
    says = [node.modality.text if node.modality else "", _actions(node)]
    says += ["only" if node.only else "", _listed(node.objects)]
    told = [f"{each.word.text} {_listed(each.items)}" for each in node.clauses if each.word.text in _TOLD]
    return _short(" ".join(filter(None, says))), _short(" ".join(told))


def _actions(node: nodes.Statement) -> str:
    return (" or " if "or" in node.joins else ", ").join(each.text for each in node.actions if each.text)


def _listed(terms: Sequence[nodes.Terms]) -> str:
    return ", ".join(" and ".join(name.text for name in each.names) if each.names else "etc" for each in terms)


def _joined(names: Iterable[Name]) -> str:
    return ", ".join(each.text for each in names)


def _title(titles: Sequence[nodes.Title]) -> str:
    return _short(titles[0].text) if titles else ""


def _titled(
    titles: Sequence[nodes.Title], what: str, kind: str, span: Span, base: int, inside: tuple[Symbol, ...]
) -> Symbol:
    name_span = titles[0].span if titles else Span(span.start, span.start)
    return _symbol(_title(titles) or what, "", kind, span, name_span, base, inside)


def _symbol(
    name: str, detail: str, kind: str, span: Span, name_span: Span, base: int, inside: tuple[Symbol, ...] = ()
) -> Symbol:
    """A symbol as editors take it: they refuse an empty name, and a name's place outside of its symbol."""
    start, end = span.shifted(base)
    within = Span(*(min(max(each, start), end) for each in name_span.shifted(base)))
    return Symbol(_short(name) or "…", detail, kind, Span(start, end), within, inside)


def _short(text: str) -> str:
    words = " ".join(text[: 4 * _LONGEST].split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


# ── All files ────────────────────────────────────────────────────────────────────────────────────


class _Entry(NamedTuple):
    """What can be found, and the words that it is found by, without regard to case: its name, and others."""

    found: Found
    name: str
    others: tuple[tuple[str, str], ...]


def search(workspace: Workspace, query: str) -> tuple[Found, ...]:
    """Things whose name, alias or title, in whatever language, has the query in it, or whose name has its letters in
    this order; the best first. Of the library, the terms of the modules that are imported, if anything is asked for.

    One that is found by an alias or a title has that behind its name, for editors filter by what they are shown.
    """
    wanted = query.strip().casefold()
    own = [each for path in sorted(workspace.sources) for each in _entries(workspace, path)]
    if not wanted:
        return tuple(each.found for each in own[:_MOST])
    modules = dict.fromkeys([CORE, *(name for path in workspace.sources for name in workspace.library_modules(path))])
    ranked = [
        (rank, is_foreign, len(each.name), each.name, found)
        for is_foreign, entries in enumerate((own, *map(_library_entries, modules)))
        for each in entries
        for rank, found in [_ranked(each, wanted)]
        if rank is not None
    ]
    return tuple(found for *_, found in sorted(ranked, key=lambda each: (each[0], each[1] > 0, *each[2:4]))[:_MOST])


def _ranked(entry: _Entry, wanted: str) -> tuple[int | None, Found]:
    """How well an entry fits, 0 the best; None where it does not."""
    name = entry.name
    if (at := name.find(wanted)) >= 0:
        if name == wanted or name.endswith(f".{wanted}"):
            return 0, entry.found
        return (1 if at == 0 else 2 if name[at - 1] in "._ " else 3), entry.found
    for folded, shown in entry.others:
        if wanted in folded:
            return 4, entry.found._replace(name=f"{entry.found.name} · {shown}")
    # Any letters are somewhere in a whole sentence.
    return (5 if " " not in name and _has_letters(name, wanted) else None), entry.found


def _has_letters(name: str, wanted: str) -> bool:
    at = -1
    for letter in wanted:
        at = name.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _entries(workspace: Workspace, path: str) -> tuple[_Entry, ...]:
    """What can be found in a file of the workspace: its terms, then its sections, rules and tests."""

    def make() -> tuple[_Entry, ...]:
        return (*_terms(workspace.module(path)), *_others(path, workspace.tree(path)))

    return workspace.once("entries", path, make)


def _others(path: str, tree: Tree) -> Iterator[_Entry]:
    """The sections, rules and tests of a file that have a name or a title."""
    for base, item in items(tree):
        match item:
            case nodes.Rule() if item.name.text:
                name, kind, span = item.name.text, "operator", item.name.span
            case nodes.Section() | nodes.Test() if _title(item.titles):
                kind = "namespace" if type(item) is nodes.Section else "object"
                name, span = _title(item.titles), item.titles[0].span
            case _:
                continue
        words = tuple((each.text.casefold(), _short(each.text)) for each in item.titles)
        yield _Entry(Found(name, kind, file_stem(path), Place(path, span.shifted(base))), name.casefold(), words)


@cache
def _library_entries(name: str) -> tuple[_Entry, ...]:
    return tuple(_terms(compiled.module(name)))


def _terms(module: Module) -> Iterator[_Entry]:
    aliases: dict[Definition, list[str]] = {}
    for alias, terms in module.aliases.items():
        for each in terms:
            aliases.setdefault(each, []).append(alias)
    home = module.name if module.is_library else file_stem(module.name)
    for each in module.definitions:
        container = each.outer.path if each.outer else home
        found = Found(each.path, OF_KIND[each.kind], container, Place(each.file, each.name_span))
        words = [*aliases.get(each, ()), *(text for text, _ in each.titles)]
        yield _Entry(found, each.path.casefold(), tuple((word.casefold(), _short(word)) for word in words))
