"""Writing: what may stand here, and what stands here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from policyspec.lsp import convert
from policyspec.lsp.asked import At, place
from policyspec.lsp.convert import JSON

if TYPE_CHECKING:
    from policyspec.lsp.server import Server


def completion(server: Server, params: lsp.CompletionParams) -> Any:
    from policyspec.ide import completion

    at = place(server, params)
    if at is None:
        return None
    found = server.known(at.path) if _is_in_comment(at) else ()
    made = completion.complete(at.workspace, at.path, at.offset, server.has_snippets, found)
    return {"isIncomplete": made.is_incomplete, "items": [_item(each, at) for each in made.items]}


def _is_in_comment(at: At) -> bool:
    return "#" in at.lines.source.line(at.lines.source.position(at.offset).line)


def _item(each: Any, at: At) -> JSON:
    made: JSON = {
        "label": each.label,
        "kind": convert.number(lsp.CompletionItemKind, each.kind),
        "sortText": each.sort,
        "textEdit": {"range": at.lines.range(each.span), "newText": each.insert},
        "data": {"path": at.path, "key": each.key},
    }
    if each.detail:
        made["detail"] = each.detail
    if each.filter and each.filter != each.label:
        made["filterText"] = each.filter
    if each.description:
        made["labelDetails"] = {"description": each.description}
    if each.is_snippet:
        made["insertTextFormat"] = 2
    if each.edits:
        made["additionalTextEdits"] = at.lines.edits(each.edits)
    return made


def completion_resolve(server: Server, item: lsp.CompletionItem) -> Any:
    from policyspec.ide import completion

    data = item.data if isinstance(item.data, Mapping) else {}
    path, key = str(data.get("path", "")), str(data.get("key", ""))
    workspace = server.state.workspace(path)
    if workspace is not None and key:
        text = completion.documentation(workspace, path, key, server.options.language)
        if text:
            made = convert.markup(text, server.formats("completion"))
            # What is plain is a string, which needs no format to be agreed on.
            item.documentation = (
                lsp.MarkupContent(lsp.MarkupKind.Markdown, made["value"])
                if made["kind"] == "markdown"
                else str(made["value"])
            )
    return item


def signature(server: Server, params: lsp.SignatureHelpParams) -> Any:
    from policyspec.ide import signature

    at = place(server, params)
    made = signature.signature(at.workspace, at.path, at.offset) if at is not None else None
    if made is None:
        return None
    formats, has_offsets = server.formats("signature_help"), server.has_label_offsets
    parameters = [
        {
            "label": [each.start, each.end] if has_offsets else made.label[each.start : each.end],
            "documentation": convert.markup(each.documentation, formats),
        }
        for each in made.parameters
    ]
    one = {
        "label": made.label,
        "documentation": convert.markup(made.documentation, formats),
        "parameters": parameters,
        "activeParameter": made.active,
    }
    return {"signatures": [one], "activeSignature": 0, "activeParameter": made.active}


def hover(server: Server, params: lsp.HoverParams) -> Any:
    from policyspec.ide import hover

    at = place(server, params)
    if at is None:
        return None
    found = [each for each in server.known(at.path) if each.span.start <= at.offset <= each.span.end]
    made = hover.hover(at.workspace, at.path, at.offset, found, server.options.language)
    if made is None:
        return None
    return {"contents": convert.markup(made.text, server.formats("hover")), "range": at.lines.range(made.span)}
