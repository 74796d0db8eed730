"""The published table of methods says what the server does."""

from __future__ import annotations

from lsprotocol import types as lsp

from lsp_client import Client
from lsp_methods import METHODS, has
from policyspec.lsp import lifecycle

# What the server sends, and what pygls does by itself.
_SENT = {
    "$/progress", "client/registerCapability", "textDocument/publishDiagnostics", "window/showMessage",
    "window/workDoneProgress/create", "workspace/codeLens/refresh", "workspace/configuration",
    "workspace/diagnostic/refresh", "workspace/inlayHint/refresh",
}  # fmt: skip
_BY_PYGLS = {"$/cancelRequest", "$/setTrace", "workspace/executeCommand"}


def test_every_method_is_in_the_table():
    assert {*METHODS} == {*lsp.METHOD_TO_TYPES}


def test_what_it_says_is_so():
    from policyspec.lsp import features

    server = lifecycle.made()
    server.pulls = True
    features.register(server)
    offered = {*server.protocol.fm.features} & {*METHODS}
    assert {method for method in METHODS if has(method)} == offered | _SENT | _BY_PYGLS


def test_what_is_answered_is_advertised(tmp_path):
    with Client(capabilities={"textDocument": {"rename": {"prepareSupport": True}}}) as client:
        capabilities = client.start(tmp_path)["capabilities"]
        client.stop()
    assert capabilities["completionProvider"]["resolveProvider"] is True
    assert capabilities["codeActionProvider"]["resolveProvider"] is True
    assert capabilities["renameProvider"] == {"prepareProvider": True}
    assert capabilities["documentRangeFormattingProvider"]["rangesSupport"] is True
    assert capabilities["semanticTokensProvider"]["full"] == {"delta": True}
    assert capabilities["semanticTokensProvider"]["range"] is True
    assert capabilities["textDocumentSync"]["change"] == 1
    assert "diagnosticProvider" not in capabilities
