"""Every feature that the server advertises, asked for by what VS Code, Neovim and Emacs say that they can.

And with what an editor says that can nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

from lsp_client import SOURCE, Client

HOUSE = 'party adnet is advertiser, third_party "Ad Network Ltd"\n'
SHOP = """\
import "house.policy"
import eu.gdpr
policy shop "Shop" {
  provider:  us
  audience:  user
  effective: 2026-06-01
  contact:   "https://shop.example"
}
party us is controller "Shop Ltd" { contact: "privacy@shop.example" }
subject user is end_user "Users"
data order "Order" { basket is purchase_history "What was bought" }
rule encrypted "Sensitive data without encryption" { every store sensitive needs with encryption }
collect email from user for delivry under contract keep 1 year
never share email to advertiser
share  email to adnet for advertising under consent
test "consent" { allows share email to adnet for advertising under consent }
"""
FILES = {"house.policy": HOUSE, "shop.policy": SHOP}
HINTS = {"resolved": True, "sensitivity": True, "provider": True, "titles": True}
Asking = Callable[[LanguageClient, "Places"], Awaitable[Any]]


class Places:
    """Where features are asked for: a document, and places in it by the text there."""

    def __init__(self, folder: Path) -> None:
        self.uri = (folder / "shop.policy").as_uri()
        self.document = lsp.TextDocumentIdentifier(self.uri)
        self.options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
        self.all = lsp.Range(lsp.Position(0, 0), lsp.Position(SHOP.count("\n"), 0))

    def at(self, text: str, after: int = 0) -> lsp.Position:
        offset = SHOP.index(text) + after
        line = SHOP.count("\n", 0, offset)
        return lsp.Position(line, offset - (SHOP.rfind("\n", 0, offset) + 1))

    def place(self, text: str, after: int = 0) -> dict[str, Any]:
        return {"text_document": self.document, "position": self.at(text, after)}


def ask(name: str, params: type[Any], place: str | None = None, **more: Any) -> Asking:
    """A request for a document, or for a place in it."""

    def asking(client: LanguageClient, at: Places) -> Awaitable[Any]:
        where = {"text_document": at.document} if place is None else at.place(place)
        return getattr(client, f"text_document_{name}_async")(params(**where, **more))

    return asking


async def completion(client: LanguageClient, at: Places) -> Any:
    made = await client.text_document_completion_async(lsp.CompletionParams(**at.place("consent\ntest", 3)))
    item = next(each for each in made.items if each.label == "consent")
    return await client.completion_item_resolve_async(item)


async def code_action(client: LanguageClient, at: Places) -> Any:
    where = lsp.Range(at.at("delivry"), at.at("delivry"))
    found = [each for each in client.diagnostics[at.uri] if each.range.start == where.start]
    asked = lsp.CodeActionParams(at.document, where, lsp.CodeActionContext(diagnostics=found))
    made = await client.text_document_code_action_async(asked)
    fix = next(each for each in made if each.kind == lsp.CodeActionKind.QuickFix)
    resolved = await client.code_action_resolve_async(fix)
    return [resolved] if resolved.edit else []


async def semantic_tokens(client: LanguageClient, at: Places) -> Any:
    full = await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(at.document))
    part = await client.text_document_semantic_tokens_range_async(lsp.SemanticTokensRangeParams(at.document, at.all))
    assert part.data == full.data
    asked = lsp.SemanticTokensDeltaParams(at.document, previous_result_id=full.result_id)
    delta = await client.text_document_semantic_tokens_full_delta_async(asked)
    assert not delta.edits
    return full.data


async def rename(client: LanguageClient, at: Places) -> Any:
    assert await client.text_document_prepare_rename_async(lsp.PrepareRenameParams(**at.place("adnet")))
    made = await client.text_document_rename_async(lsp.RenameParams(**at.place("adnet"), new_name="ads"))
    changed = {*(made.changes or {})} | {each.text_document.uri for each in made.document_changes or ()}
    return [made] if changed == {at.uri, at.uri.replace("shop.policy", "house.policy")} else []


async def call_hierarchy(client: LanguageClient, at: Places) -> Any:
    asked = lsp.CallHierarchyPrepareParams(**at.place("adnet"))
    (item,) = await client.text_document_prepare_call_hierarchy_async(asked)
    into = await client.call_hierarchy_incoming_calls_async(lsp.CallHierarchyIncomingCallsParams(item))
    out = await client.call_hierarchy_outgoing_calls_async(lsp.CallHierarchyOutgoingCallsParams(into[0].from_))
    return into and out


async def type_hierarchy(client: LanguageClient, at: Places) -> Any:
    asked = lsp.TypeHierarchyPrepareParams(**at.place("email from"))
    (item,) = await client.text_document_prepare_type_hierarchy_async(asked)
    above = await client.type_hierarchy_supertypes_async(lsp.TypeHierarchySupertypesParams(item))
    below = await client.type_hierarchy_subtypes_async(lsp.TypeHierarchySubtypesParams(above[0]))
    return above and below


async def formatting(client: LanguageClient, at: Places) -> Any:
    whole = await client.text_document_formatting_async(lsp.DocumentFormattingParams(at.document, at.options))
    where = lsp.Range(at.at("share  email"), at.at("share  email"))
    asked = lsp.DocumentRangeFormattingParams(at.document, where, at.options)
    assert await client.text_document_range_formatting_async(asked) == whole
    several = lsp.DocumentRangesFormattingParams(at.document, [where, where], at.options)
    assert await client.text_document_ranges_formatting_async(several) == whole
    return whole


async def on_type(client: LanguageClient, at: Places) -> Any:
    asked = lsp.DocumentOnTypeFormattingParams(at.document, at.at("  email to", 2), "}", at.options)
    # What is laid out already needs no edit: to be answered is all.
    return [await client.text_document_on_type_formatting_async(asked)]


async def command(client: LanguageClient, at: Places) -> Any:
    asked = lsp.ExecuteCommandParams("policyspec.explainRule", ["contradiction"])
    await client.workspace_execute_command_async(asked)
    return client.messages


async def workspace_symbol(client: LanguageClient, at: Places) -> Any:
    return await client.workspace_symbol_async(lsp.WorkspaceSymbolParams("adnet"))


async def inlay_hint(client: LanguageClient, at: Places) -> Any:
    return await client.text_document_inlay_hint_async(lsp.InlayHintParams(at.document, at.all))


async def selection_range(client: LanguageClient, at: Places) -> Any:
    asked = lsp.SelectionRangeParams(at.document, [at.at("adnet")])
    return await client.text_document_selection_range_async(asked)


async def workspace(client: LanguageClient, at: Places) -> Any:
    moved = lsp.FileRename(at.uri.replace("shop.policy", "house.policy"), at.uri.replace("shop.policy", "home.policy"))
    return await client.workspace_will_rename_files_async(lsp.RenameFilesParams([moved]))


# By the name of what is advertised.
ASKED: dict[str, Asking] = {
    "call_hierarchy_provider": call_hierarchy,
    "code_action_provider": code_action,
    "code_lens_provider": ask("code_lens", lsp.CodeLensParams),
    "completion_provider": completion,
    "declaration_provider": ask("declaration", lsp.DeclarationParams, "adnet"),
    "definition_provider": ask("definition", lsp.DefinitionParams, "adnet"),
    "document_formatting_provider": formatting,
    "document_highlight_provider": ask("document_highlight", lsp.DocumentHighlightParams, "adnet"),
    "document_link_provider": ask("document_link", lsp.DocumentLinkParams),
    "document_on_type_formatting_provider": on_type,
    "document_range_formatting_provider": formatting,
    "document_symbol_provider": ask("document_symbol", lsp.DocumentSymbolParams),
    "execute_command_provider": command,
    "folding_range_provider": ask("folding_range", lsp.FoldingRangeParams),
    "hover_provider": ask("hover", lsp.HoverParams, "email from"),
    "implementation_provider": ask("implementation", lsp.ImplementationParams, "advertiser"),
    "inlay_hint_provider": inlay_hint,
    "references_provider": ask(
        "references", lsp.ReferenceParams, "adnet", context=lsp.ReferenceContext(include_declaration=True)
    ),
    "rename_provider": rename,
    "selection_range_provider": selection_range,
    "semantic_tokens_provider": semantic_tokens,
    "signature_help_provider": ask("signature_help", lsp.SignatureHelpParams, "delivry"),
    "type_definition_provider": ask("type_definition", lsp.TypeDefinitionParams, "adnet"),
    "type_hierarchy_provider": type_hierarchy,
    "workspace": workspace,
    "workspace_symbol_provider": workspace_symbol,
}
# What is advertised, and is nothing to ask for.
_AROUND = {"position_encoding", "text_document_sync"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("policies")
    for name, text in FILES.items():
        (made / name).write_text(text, "utf-8")
    return made


def make_client() -> LanguageClient:
    made = make_test_lsp_client()
    made.feature(lsp.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    return made


@pytest_lsp.fixture(
    config=ClientServerConfig(
        [sys.executable, "-m", "policyspec", "lsp"],
        server_env={**os.environ, "PYTHONPATH": str(SOURCE)},
        client_factory=make_client,
    )
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    lsp_client.set_configuration({"policyspec": {"inlayHints": HINTS}})
    yield
    if lsp_client._server.returncode is None:
        lsp_client._server.kill()


@pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")
@pytest.mark.parametrize("editor", ["visual-studio-code", "neovim", "emacs"])
async def test_what_is_advertised_is_answered(
    editor: str, client: LanguageClient, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folders = [lsp.WorkspaceFolder(folder.as_uri(), folder.name)]
    capabilities = client_capabilities(editor)
    # Hints are asked for whatever the editor says, so they have to be there from the beginning.
    asked = lsp.InitializeParams(
        capabilities, workspace_folders=folders, initialization_options={"settings": {"inlayHints": HINTS}}
    )
    result = await client.initialize_session(asked)
    at = Places(folder)
    opened = lsp.TextDocumentItem(at.uri, "policy", 1, SHOP)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(opened))
    while not client.diagnostics.get(at.uri):
        await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert {"unknown_name", "contradiction"} <= {each.code for each in client.diagnostics[at.uri]}

    advertised = {name for name, value in attrs.asdict(result.capabilities, recurse=False).items() if value}
    assert advertised - _AROUND == {*ASKED}
    for name in sorted(advertised - _AROUND):
        assert await asyncio.wait_for(ASKED[name](client, at), 5), name

    await client.shutdown_session()
    assert client._server.returncode == 0
    assert client.error is None
    # What goes wrong is logged on the standard error.
    assert capfdbinary.readouterr().err == b""


# ── An editor that says of nothing that it can do it ──


@pytest.fixture(scope="module")
def bare(folder: Path) -> Iterator[Client]:
    with Client() as made:
        made.start(folder)
        for name, text in FILES.items():
            made.open((folder / name).as_uri(), text)
        made.findings((folder / "shop.policy").as_uri(), 1)
        yield made
        assert made.stop() == 0
        assert made.errors == b""


def position(folder: Path, text: str, after: int = 0) -> dict[str, Any]:
    at = Places(folder)
    place = at.at(text, after)
    return {"textDocument": {"uri": at.uri}, "position": {"line": place.line, "character": place.character}}


def document(folder: Path) -> dict[str, Any]:
    return {"textDocument": {"uri": Places(folder).uri}}


def test_completion_without_snippets_and_markdown(bare: Client, folder: Path) -> None:
    for where in ("collect email", "consent\ntest", "party us"):
        made = bare.request("textDocument/completion", position(folder, where))
        assert not any(
            each.get("insertTextFormat") == 2 or "$" in each["textEdit"]["newText"] for each in made["items"]
        )
    made = bare.request("textDocument/completion", position(folder, "consent\ntest"))
    item = next(each for each in made["items"] if each["label"] == "consent")
    shown = bare.request("completionItem/resolve", item)["documentation"]
    assert isinstance(shown, str)
    assert "**" not in shown


def test_hover_and_signature_without_markdown(bare: Client, folder: Path) -> None:
    hover = bare.request("textDocument/hover", position(folder, "email from"))["contents"]
    assert hover["kind"] == "plaintext"
    assert "Email address" in hover["value"]
    assert not any(mark in hover["value"] for mark in ("**", "`", "]("))
    (one,) = bare.request("textDocument/signatureHelp", position(folder, "delivry"))["signatures"]
    assert all(each["label"] in one["label"] for each in one["parameters"])
    assert {each["documentation"]["kind"] for each in (one, *one["parameters"])} == {"plaintext"}


def test_places_are_locations(bare: Client, folder: Path) -> None:
    house = (folder / "house.policy").as_uri()
    for name in ("definition", "declaration", "typeDefinition", "implementation"):
        found = bare.request(f"textDocument/{name}", position(folder, "adnet"))
        assert all(each.keys() == {"uri", "range"} for each in found), name
        assert name != "definition" or [each["uri"] for each in found] == [house]


def test_symbols_are_flat(bare: Client, folder: Path) -> None:
    found = bare.request("textDocument/documentSymbol", document(folder))
    assert all(each.keys() == {"name", "kind", "location", "containerName"} for each in found)
    assert ("basket", "order") in {(each["name"], each["containerName"]) for each in found}


def test_edits_are_without_versions(bare: Client, folder: Path) -> None:
    made = bare.request("textDocument/rename", {**position(folder, "adnet"), "newName": "ads"})
    assert made.keys() == {"changes"}
    assert {*made["changes"]} == {(folder / name).as_uri() for name in FILES}


def test_actions_come_with_their_edits(bare: Client, folder: Path) -> None:
    where = position(folder, "delivry")["position"]
    asked = {**document(folder), "range": {"start": where, "end": where}, "context": {"diagnostics": []}}
    made = bare.request("textDocument/codeAction", asked)
    assert any(each["kind"] == "quickfix" for each in made)
    assert all("edit" in each or "command" in each for each in made)
    assert not any("documentChanges" in each.get("edit", {}) for each in made)


def test_links_are_without_tooltips(bare: Client, folder: Path) -> None:
    found = bare.request("textDocument/documentLink", document(folder))
    assert {each["target"] for each in found} >= {(folder / "house.policy").as_uri(), "https://shop.example"}
    assert not any("tooltip" in each for each in found)


def test_commands_that_nobody_runs_are_only_titles(bare: Client, folder: Path) -> None:
    found = bare.request("textDocument/codeLens", document(folder))
    commands = {each["command"]["command"] for each in found}
    assert commands <= {"", "policyspec.runTest", "policyspec.explainRule"}
    assert all(each["command"]["title"] for each in found)
