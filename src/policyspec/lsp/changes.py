"""Changes of texts: fixes and refactorings, layout, other names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from policyspec.diagnostic import Diagnostic, Edit, apply_edits
from policyspec.lsp import convert
from policyspec.lsp.asked import At, ContentModified, RequestFailed, command, document, named, place, workspaces
from policyspec.lsp.convert import JSON, Lines
from policyspec.lsp.documents import path_of
from policyspec.source import Source, Span

if TYPE_CHECKING:
    from policyspec.ide.actions import Action
    from policyspec.lsp.server import Server


def actions(server: Server, params: lsp.CodeActionParams) -> Any:
    at = document(server, params)
    if at is None:
        return None
    only = [str(getattr(each, "value", each)) for each in params.context.only or ()]
    span = at.lines.span(params.range)
    made: list[JSON] = []
    for each in _found(server, at, span):
        if not _is_wanted(each.kind, only):
            continue
        if each.pending and (only or not server.resolves_actions):
            made.append(_action(server, at, _resolved(server, at, each)))
        else:
            made.append(_action(server, at, each))
            if each.pending:
                # What takes long to find out is found when the editor wants it.
                where = [span.start, span.end, each.title, server.versions.get(at.path)]
                made[-1]["data"] = [params.text_document.uri, *where]
    return [each for each in made if "edit" in each or "command" in each or "data" in each]


def action_resolve(server: Server, action: lsp.CodeAction) -> Any:
    match action.data:
        case [str() as uri, int() as start, int() as end, str() as title, version]:
            at = named(server, uri)
            if at is None or version != server.versions.get(at.path):
                raise ContentModified("the text has changed since")
            for each in _found(server, at, Span(start, end)):
                if each.title == title and each.pending:
                    return _action(server, at, _resolved(server, at, each))
    return action


def _found(server: Server, at: At, span: Span) -> Sequence[Action]:
    from policyspec.ide import actions

    return actions.actions(at.workspace, at.path, span, server.found(at.path))


def _resolved(server: Server, at: At, action: Action) -> Action:
    from policyspec.ide import actions

    return actions.resolved(at.workspace, at.path, action, server.reviewer(at.path))


def _is_wanted(kind: str, only: Sequence[str]) -> bool:
    return not only or any(f"{kind}.".startswith(f"{each}.") for each in only)


def _action(server: Server, at: At, each: Action) -> JSON:
    made: JSON = {"title": each.title, "kind": each.kind}
    if any(each.edits.values()):
        made["edit"] = _edit(server, each.edits)
    if each.found:
        made["diagnostics"] = [_shown(server, at, one) for one in each.found]
    if each.is_preferred:
        made["isPreferred"] = True
    if each.command:
        made["command"] = command(server, each.title, each.command, each.arguments)
    elif each.select is not None and "policyspec.select" in server.options.commands:
        text = apply_edits(at.lines.source.text, each.edits.get(at.path, ()))
        after = Lines(Source(at.path, text), at.lines.encoding)
        arguments = [server.uri(at.path), after.range(each.select)]
        made["command"] = {"title": each.title, "command": "policyspec.select", "arguments": arguments}
    return made


def _shown(server: Server, at: At, found: Diagnostic) -> JSON:
    return convert.diagnostic(found, at.lines, server.lines, server.options.rule_link)


def _edit(server: Server, edits: Mapping[str, Sequence[Edit]]) -> JSON:
    versions = {path: server.versions.get(path) for path in edits} if server.has_versions else None
    return convert.workspace_edit(edits, server.lines, server.uri, versions)


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
