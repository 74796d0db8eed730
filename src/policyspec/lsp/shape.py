"""Shape and colour: what is folded, selected, coloured and shown between the words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from policyspec.lsp import convert
from policyspec.lsp.asked import command, document
from policyspec.lsp.convert import JSON
from policyspec.lsp.documents import path_of
from policyspec.source import Span

if TYPE_CHECKING:
    from policyspec.lsp.server import Server


def folds(server: Server, params: lsp.FoldingRangeParams) -> Any:
    from policyspec.ide import folding

    at = document(server, params)
    if at is None:
        return None
    made = []
    for each in folding.folds(at.workspace.tree(at.path)):
        start, end = at.lines.position(each.span.start), at.lines.position(each.span.end)
        fold: JSON = {"startLine": start["line"], "endLine": end["line"]}
        if not server.folds_lines:
            fold |= {"startCharacter": start["character"], "endCharacter": end["character"]}
        if each.kind:
            fold["kind"] = each.kind
        if each.text:
            fold["collapsedText"] = each.text
        made.append(fold)
    return made


def selections(server: Server, params: lsp.SelectionRangeParams) -> Any:
    from policyspec.ide import selection

    at = document(server, params)
    if at is None:
        return None
    tree = at.workspace.tree(at.path)
    made = []
    for position in params.positions:
        chain: JSON | None = None
        for span in reversed(selection.ranges(tree, at.lines.offset(position))):
            chain = {"range": at.lines.range(span), **({"parent": chain} if chain else {})}
        made.append(chain or {"range": {"start": convert.plain(position), "end": convert.plain(position)}})
    return made


def _tokens(server: Server, params: Any, span: Span | None = None) -> list[int] | None:
    from policyspec.ide import tokens

    at = document(server, params)
    if at is None:
        return None
    return convert.tokens(tokens.tokens(at.workspace, at.path, span), at.lines, tokens.TYPES, tokens.MODIFIERS)


def tokens_full(server: Server, params: lsp.SemanticTokensParams) -> Any:
    data = _tokens(server, params)
    return _kept(server, path_of(params.text_document.uri), data) if data is not None else None


def tokens_range(server: Server, params: lsp.SemanticTokensRangeParams) -> Any:
    at = document(server, params)
    data = _tokens(server, params, at.lines.span(params.range)) if at is not None else None
    return {"data": data} if data is not None else None


def tokens_delta(server: Server, params: lsp.SemanticTokensDeltaParams) -> Any:
    data = _tokens(server, params)
    if data is None:
        return None
    path = path_of(params.text_document.uri)
    number, old = server.colors.get(path, ("", []))
    made = _kept(server, path, data)
    if number != params.previous_result_id:
        return made
    return {"resultId": made["resultId"], "edits": convert.difference(old, data)}


def _kept(server: Server, path: str, data: list[int]) -> JSON:
    """Tokens with the name that the next question for a difference goes by."""
    number = str(int(server.colors.get(path, ("0", []))[0]) + 1)
    server.colors[path] = (number, data)
    return {"resultId": number, "data": data}


def hints(server: Server, params: lsp.InlayHintParams) -> Any:
    if not server.options.hints:
        return []
    from policyspec.ide import hints

    at = document(server, params)
    if at is None:
        return None
    options = hints.Options(
        **{name: name in server.options.hints for name in hints.Options._fields if name != "language"},
        language=server.options.language,
    )
    made = []
    for each in hints.hints(at.workspace, at.path, at.lines.span(params.range), options):
        hint: JSON = {
            "position": at.lines.position(each.offset),
            "label": each.label,
            "kind": 1 if each.kind == "type" else 2,
            "paddingLeft": each.before,
            "paddingRight": each.after,
        }
        if each.tooltip:
            hint["tooltip"] = convert.markdown(each.tooltip)
        made.append(hint)
    return made


def lenses(server: Server, params: lsp.CodeLensParams) -> Any:
    if not server.options.lenses:
        return []
    from policyspec.ide import lenses

    at = document(server, params)
    if at is None:
        return None
    made = []
    for each in lenses.lenses(at.workspace, at.path):
        run = command(server, each.title, each.command, each.arguments)
        made.append({"range": at.lines.range(each.span), "command": run})
    return made


def links(server: Server, params: lsp.DocumentLinkParams) -> Any:
    from policyspec.ide import links

    at = document(server, params)
    if at is None:
        return None
    made = []
    for each in links.links(at.workspace, at.path):
        target = each.target if each.target.startswith(("https:", "http:")) else server.uri(each.target)
        link: JSON = {"range": at.lines.range(each.span), "target": target}
        if server.has_tooltips:
            link["tooltip"] = each.tooltip
        made.append(link)
    return made
