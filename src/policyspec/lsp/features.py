"""The features that the server offers: which function answers which request.

A handler converts, asks a module of `ide`, and converts the answer. Modules are imported when they are first asked for.
A handler that fails is logged and answers nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from policyspec.lsp import changes, convert, places, policies, shape, writing
from policyspec.lsp.convert import JSON
from policyspec.lsp.documents import path_of

if TYPE_CHECKING:
    from policyspec.lsp.server import Server

log = logging.getLogger("policyspec")

# ── Findings on request ──


def _pull(server: Server, params: lsp.DocumentDiagnosticParams) -> Any:
    path = path_of(params.text_document.uri)
    return _report(server.shown(path), params.previous_result_id)


def _report(items: list[JSON], previous: str | None) -> JSON:
    number = convert.digest(items)
    if number == previous:
        return {"kind": "unchanged", "resultId": number}
    return {"kind": "full", "resultId": number, "items": items}


async def _pull_all(server: Server, params: lsp.WorkspaceDiagnosticParams) -> Any:
    # Answered when all has been looked at: until then, what is known is not what is so.
    await policies.settled(server, None)
    known = {each.uri: each.value for each in params.previous_result_ids}
    paths = {path for each in server.state.members for path in each.paths} | {path_of(uri) for uri in known}
    made = []
    for path in sorted(paths):
        uri = server.uri(path)
        report = _report(server.shown(path), known.get(uri))
        if report["kind"] == "full" and not report["items"] and uri not in known:
            continue
        made.append({**report, "uri": uri, "version": server.versions.get(path)})
    return {"items": made}


# ── All of them ──

Handler = Callable[["Server", Any], Any]

_REQUESTS: dict[str, tuple[Handler, Any]] = {
    lsp.TEXT_DOCUMENT_COMPLETION: (
        writing.completion,
        lsp.CompletionOptions(
            trigger_characters=[".", ":", ",", " ", '"', "@", "#"],
            resolve_provider=True,
            completion_item=lsp.ServerCompletionItemOptions(label_details_support=True),
        ),
    ),
    lsp.COMPLETION_ITEM_RESOLVE: (writing.completion_resolve, None),
    lsp.TEXT_DOCUMENT_SIGNATURE_HELP: (
        writing.signature,
        lsp.SignatureHelpOptions(trigger_characters=[" ", ","], retrigger_characters=[" ", ","]),
    ),
    lsp.TEXT_DOCUMENT_HOVER: (writing.hover, None),
    lsp.TEXT_DOCUMENT_DEFINITION: (places.go("definition"), None),
    lsp.TEXT_DOCUMENT_DECLARATION: (places.go("declaration"), None),
    lsp.TEXT_DOCUMENT_TYPE_DEFINITION: (places.go("type_definition"), None),
    lsp.TEXT_DOCUMENT_IMPLEMENTATION: (places.go("implementation"), None),
    lsp.TEXT_DOCUMENT_REFERENCES: (places.references, None),
    lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: (places.highlights, None),
    lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (places.outline, None),
    lsp.WORKSPACE_SYMBOL: (places.workspace_symbols, None),
    lsp.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY: (places.prepare("types_at"), None),
    lsp.TYPE_HIERARCHY_SUPERTYPES: (places.types("supertypes"), None),
    lsp.TYPE_HIERARCHY_SUBTYPES: (places.types("subtypes"), None),
    lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY: (places.prepare("flows_at"), None),
    lsp.CALL_HIERARCHY_INCOMING_CALLS: (places.flows("incoming", "from"), None),
    lsp.CALL_HIERARCHY_OUTGOING_CALLS: (places.flows("outgoing", "to"), None),
    lsp.TEXT_DOCUMENT_FOLDING_RANGE: (shape.folds, None),
    lsp.TEXT_DOCUMENT_SELECTION_RANGE: (shape.selections, None),
    lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA: (shape.tokens_delta, None),
    lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: (shape.tokens_range, None),
    lsp.TEXT_DOCUMENT_INLAY_HINT: (shape.hints, None),
    lsp.TEXT_DOCUMENT_CODE_LENS: (shape.lenses, None),
    lsp.TEXT_DOCUMENT_DOCUMENT_LINK: (shape.links, None),
    lsp.TEXT_DOCUMENT_CODE_ACTION: (
        changes.actions,
        lsp.CodeActionOptions(
            code_action_kinds=[
                lsp.CodeActionKind.QuickFix,
                lsp.CodeActionKind.RefactorExtract,
                lsp.CodeActionKind.RefactorRewrite,
                lsp.CodeActionKind.SourceOrganizeImports,
                lsp.CodeActionKind.SourceFixAll,
            ],
            resolve_provider=True,
        ),
    ),
    lsp.CODE_ACTION_RESOLVE: (changes.action_resolve, None),
    lsp.TEXT_DOCUMENT_FORMATTING: (changes.formatting, None),
    lsp.TEXT_DOCUMENT_RANGE_FORMATTING: (
        changes.range_formatting,
        lsp.DocumentRangeFormattingOptions(ranges_support=True),
    ),
    lsp.TEXT_DOCUMENT_RANGES_FORMATTING: (changes.ranges_formatting, None),
    lsp.TEXT_DOCUMENT_ON_TYPE_FORMATTING: (
        changes.typed,
        lsp.DocumentOnTypeFormattingOptions(first_trigger_character="}", more_trigger_character=["\n"]),
    ),
    lsp.TEXT_DOCUMENT_RENAME: (changes.rename, None),
    lsp.TEXT_DOCUMENT_PREPARE_RENAME: (changes.prepare_rename, None),
    lsp.WORKSPACE_WILL_RENAME_FILES: (
        changes.will_rename,
        lsp.FileOperationRegistrationOptions(
            filters=[
                lsp.FileOperationFilter(lsp.FileOperationPattern("**/*.policy"), scheme="file"),
                lsp.FileOperationFilter(
                    lsp.FileOperationPattern("**/*", matches=lsp.FileOperationPatternKind.Folder), scheme="file"
                ),
            ]
        ),
    ),
    "policyspec/preview": (policies.preview, None),
    "policyspec/model": (policies.model, None),
    "policyspec/text": (policies.text, None),
    "policyspec/explain": (policies.explain, None),
    "policyspec/tests": (policies.tests, None),
    "policyspec/runTests": (policies.run_tests, None),
    "policyspec/newPolicy": (policies.new_policy, None),
}


def register(server: Server) -> None:
    """Offer what the editor can use."""
    from policyspec.ide import tokens

    for method, (handler, options) in _REQUESTS.items():
        server.feature(method, options)(_guarded(server, handler))
    legend = lsp.SemanticTokensLegend(token_types=list(tokens.TYPES), token_modifiers=list(tokens.MODIFIERS))
    server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend)(_guarded(server, shape.tokens_full))
    if server.pulls:
        options = lsp.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=True, identifier="policyspec"
        )
        server.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)(_guarded(server, _pull))
        server.feature(lsp.WORKSPACE_DIAGNOSTIC)(partial(_pull_all, server))
    server.feature("policyspec/settled")(partial(policies.settled, server))
    for name, command in policies.COMMANDS.items():
        # A command that the editor has by itself must not be offered a second time.
        if name not in server.options.commands:
            server.command(name)(_guarded(server, command))


def _guarded(server: Server, handler: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(*given: Any) -> Any:
        try:
            return handler(server, *given)
        except JsonRpcException:
            raise
        except Exception:
            log.exception("%s failed", handler.__name__.strip("_"))
            return None

    return guarded


def refresh(server: Server) -> None:
    """Ask the editor to ask again for what its settings change."""
    workspace = server.client_capabilities.workspace
    if workspace is None:
        return
    if workspace.inlay_hint and workspace.inlay_hint.refresh_support:
        server.workspace_inlay_hint_refresh(None)
    if workspace.code_lens and workspace.code_lens.refresh_support:
        server.workspace_code_lens_refresh(None)
