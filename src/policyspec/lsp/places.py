"""Going places: where terms are declared and used, and what is above, below and behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from policyspec.lsp import convert
from policyspec.lsp.asked import At, document, location, place, workspaces
from policyspec.lsp.convert import JSON, Lines
from policyspec.lsp.documents import path_of
from policyspec.source import Span

if TYPE_CHECKING:
    from policyspec.lsp.server import Server


def go(name: str) -> Callable[[Server, Any], Any]:
    def handler(server: Server, params: Any) -> Any:
        from policyspec.ide import navigation

        at = place(server, params)
        if at is None:
            return None
        found = getattr(navigation, name)(at.workspace, at.path, at.offset)
        has_links = server.has_links(name)
        made = []
        for each in found:
            lines = server.lines(each.path)
            if lines is None:
                continue
            uri, whole, name_ = server.uri(each.path), lines.range(each.span), lines.range(each.name_span)
            if has_links:
                origin = at.lines.range(each.origin)
                made.append(
                    {
                        "originSelectionRange": origin,
                        "targetUri": uri,
                        "targetRange": whole,
                        "targetSelectionRange": name_,
                    }
                )
            else:
                made.append({"uri": uri, "range": name_})
        return made

    return handler


def references(server: Server, params: lsp.ReferenceParams) -> Any:
    from policyspec.ide import navigation

    at = place(server, params)
    if at is None:
        return None
    found: dict[Any, None] = {}
    for workspace in workspaces(server, at.path):
        found |= dict.fromkeys(navigation.references(workspace, at.path, at.offset, params.context.include_declaration))
    return [made for each in found if (made := location(server, each.path, each.span)) is not None]


def highlights(server: Server, params: lsp.DocumentHighlightParams) -> Any:
    from policyspec.ide import navigation

    at = place(server, params)
    if at is None:
        return None
    found = navigation.highlights(at.workspace, at.path, at.offset)
    return [{"range": at.lines.range(each.span), "kind": 3 if each.kind == "write" else 2} for each in found]


def outline(server: Server, params: lsp.DocumentSymbolParams) -> Any:
    from policyspec.ide import symbols

    at = document(server, params)
    if at is None:
        return None
    found = symbols.outline(at.workspace, at.path)
    if server.has_tree:
        return [_symbol(each, at.lines) for each in found]
    return [*_flat_symbols(found, at, server.uri(at.path))]


def _symbol(each: Any, lines: Lines) -> JSON:
    return {
        "name": each.name,
        "detail": each.detail,
        "kind": convert.number(lsp.SymbolKind, each.kind),
        "range": lines.range(each.span),
        "selectionRange": lines.range(each.name_span),
        "children": [_symbol(child, lines) for child in each.children],
    }


def _flat_symbols(found: Iterable[Any], at: At, uri: str, inside: str = "") -> Iterable[JSON]:
    for each in found:
        where = {"uri": uri, "range": at.lines.range(each.span)}
        kind = convert.number(lsp.SymbolKind, each.kind)
        yield {"name": each.name, "kind": kind, "location": where, "containerName": inside}
        yield from _flat_symbols(each.children, at, uri, each.name)


def workspace_symbols(server: Server, params: lsp.WorkspaceSymbolParams) -> Any:
    from policyspec.ide import symbols

    found: dict[Any, None] = {}
    for member in server.state.members:
        found |= dict.fromkeys(symbols.search(member.workspace, params.query))
    made = []
    for each in found:
        where = location(server, each.place.path, each.place.span)
        if where is not None:
            kind = convert.number(lsp.SymbolKind, each.kind)
            made.append({"name": each.name, "kind": kind, "location": where, "containerName": each.container})
    return made


def _hierarchy_item(server: Server, each: Any) -> JSON | None:
    lines = server.lines(each.path)
    if lines is None:
        return None
    return {
        "name": each.name,
        "detail": each.detail,
        "kind": convert.number(lsp.SymbolKind, each.kind),
        "uri": server.uri(each.path),
        "range": lines.range(each.span),
        "selectionRange": lines.range(each.name_span),
        "data": each.key,
    }


def _items(server: Server, found: Iterable[Any]) -> list[JSON]:
    return [made for each in found if (made := _hierarchy_item(server, each)) is not None]


def _known(item: Any) -> Any:
    """An item as it was when it was sent: its key is what it is found by."""
    from policyspec.ide.hierarchy import Item

    nowhere = Span(0, 0)
    return Item(item.name, item.detail or "", "class", path_of(item.uri), nowhere, nowhere, str(item.data))


def prepare(name: str) -> Callable[[Server, Any], Any]:
    def handler(server: Server, params: Any) -> Any:
        from policyspec.ide import hierarchy

        at = place(server, params)
        return _items(server, getattr(hierarchy, name)(at.workspace, at.path, at.offset)) if at is not None else None

    return handler


def types(name: str) -> Callable[[Server, Any], Any]:
    def handler(server: Server, params: Any) -> Any:
        from policyspec.ide import hierarchy

        found: dict[Any, None] = {}
        for workspace in workspaces(server, path_of(params.item.uri)):
            found |= dict.fromkeys(getattr(hierarchy, name)(workspace, _known(params.item)))
        return _items(server, found)

    return handler


def flows(name: str, end: str) -> Callable[[Server, Any], Any]:
    def handler(server: Server, params: Any) -> Any:
        from policyspec.ide import hierarchy

        made = []
        for workspace in workspaces(server, path_of(params.item.uri)):
            for each in getattr(hierarchy, name)(workspace, _known(params.item)):
                item = _hierarchy_item(server, each.item)
                lines = server.lines(each.item.path if name == "incoming" else path_of(params.item.uri))
                if item is not None and lines is not None:
                    made.append({end: item, "fromRanges": [lines.range(span) for span in each.spans]})
        return made

    return handler
