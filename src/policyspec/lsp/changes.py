"""Changes of texts: fixes and refactorings, layout, other names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from policyspec.diagnostic import Diagnostic, Edit
from policyspec.lsp import convert
from policyspec.lsp.asked import At, RequestFailed, command, document, place, workspaces
from policyspec.lsp.convert import JSON
from policyspec.lsp.documents import path_of

if TYPE_CHECKING:
    from policyspec.lsp.server import Server


def actions(server: Server, params: lsp.CodeActionParams) -> Any:
    from policyspec.ide import actions

    at = document(server, params)
    if at is None:
        return None
    only = [str(getattr(each, "value", each)) for each in params.context.only or ()]
    span = at.lines.span(params.range)
    found = [each for each in server.found(at.path) if each.span.start <= span.end and span.start <= each.span.end]
    made: list[JSON] = []
    for each in actions.actions(at.workspace, at.path, span, found, server.reviewer(at.path)):
        if _is_wanted(each.kind, only):
            made.append(_action(server, at, each))
    if _is_wanted("source.fixAll", only):
        # What all fixes come to takes a while to find out, so it is found when the editor wants it.
        action: JSON = {"title": "Fix all that can be fixed safely", "kind": "source.fixAll.policyspec"}
        if only or not server.resolves_actions:
            action["edit"] = _fix_all(server, at.path)
        else:
            action["data"] = {"fixAll": at.path}
        if action.get("edit") != {}:
            made.append(action)
    return made


def _is_wanted(kind: str, only: Sequence[str]) -> bool:
    return not only or any(f"{kind}.".startswith(f"{each}.") or f"{each}.".startswith(f"{kind}.") for each in only)


def _action(server: Server, at: At, each: Any) -> JSON:
    made: JSON = {"title": each.title, "kind": each.kind}
    if each.edits:
        made["edit"] = _edit(server, each.edits)
    if each.found:
        made["diagnostics"] = [_shown(server, at, one) for one in each.found]
    if each.is_preferred:
        made["isPreferred"] = True
    if each.command:
        made["command"] = command(server, each.title, each.command, each.arguments)
    return made


def _shown(server: Server, at: At, found: Diagnostic) -> JSON:
    return convert.diagnostic(found, at.lines, server.lines, server.options.rule_link)


def _edit(server: Server, edits: Mapping[str, Sequence[Edit]]) -> JSON:
    versions = {path: server.versions.get(path) for path in edits} if server.has_versions else None
    return convert.workspace_edit(edits, server.lines, server.uri, versions)


def _fix_all(server: Server, path: str) -> JSON:
    from policyspec.ide import actions

    workspace = server.state.workspace(path)
    edits = actions.fix_all(workspace, path, server.reviewer(path)) if workspace is not None else ()
    return _edit(server, {path: edits}) if edits else {}


def action_resolve(server: Server, action: lsp.CodeAction) -> Any:
    data = action.data if isinstance(action.data, Mapping) else {}
    path = data.get("fixAll")
    made: JSON = {"title": action.title, "kind": str(getattr(action.kind, "value", action.kind))}
    if isinstance(path, str):
        made["edit"] = _fix_all(server, path) or {"changes": {}}
    return made


def formatting(server: Server, params: lsp.DocumentFormattingParams) -> Any:
    from policyspec.ide import layout

    at = document(server, params)
    return at.lines.edits(layout.whole(at.lines.source)) if at is not None else None


def range_formatting(server: Server, params: lsp.DocumentRangeFormattingParams) -> Any:
    from policyspec.ide import layout

    at = document(server, params)
    return at.lines.edits(layout.part(at.lines.source, at.lines.span(params.range))) if at is not None else None


def ranges_formatting(server: Server, params: lsp.DocumentRangesFormattingParams) -> Any:
    from policyspec.ide import layout

    at = document(server, params)
    if at is None:
        return None
    source = at.lines.source
    edits = dict.fromkeys(edit for each in params.ranges for edit in layout.part(source, at.lines.span(each)))
    return at.lines.edits(edits)


def typed(server: Server, params: lsp.DocumentOnTypeFormattingParams) -> Any:
    from policyspec.ide import layout

    at = place(server, params)
    return at.lines.edits(layout.typed(at.lines.source, at.offset, params.ch)) if at is not None else None


def prepare_rename(server: Server, params: lsp.PrepareRenameParams) -> Any:
    from policyspec.ide import rename

    at = place(server, params)
    if at is None:
        return None
    try:
        made = rename.prepare(at.workspace, at.path, at.offset)
    except rename.Refused as refusal:
        raise RequestFailed(str(refusal)) from None
    return {"range": at.lines.range(made.span), "placeholder": made.placeholder}


def rename(server: Server, params: lsp.RenameParams) -> Any:
    from policyspec.ide import rename

    at = place(server, params)
    if at is None:
        return None
    edits: dict[str, Sequence[Edit]] = {}
    try:
        for workspace in workspaces(server, at.path):
            edits |= rename.rename(workspace, at.path, at.offset, params.new_name)
    except rename.Refused as refusal:
        raise RequestFailed(str(refusal)) from None
    return _edit(server, edits)


def will_rename(server: Server, params: lsp.RenameFilesParams) -> Any:
    from policyspec.ide import rename

    moves = {path_of(each.old_uri): path_of(each.new_uri) for each in params.files}
    edits: dict[str, Sequence[Edit]] = {}
    for member in server.state.members:
        edits |= rename.moved(member.workspace, moves)
    return _edit(server, edits) if edits else None
