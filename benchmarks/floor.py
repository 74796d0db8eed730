"""The least that a language server made with pygls does: it publishes no findings for each change, and knows nothing.

What it takes is the floor under every other latency: the client, the pipes, the protocol, and the text on its way.
"""

from __future__ import annotations

from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

server = LanguageServer("floor", "1", text_document_sync_kind=lsp.TextDocumentSyncKind.Full)


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def publish(params: Any) -> None:
    document = params.text_document
    server.text_document_publish_diagnostics(
        lsp.PublishDiagnosticsParams(uri=document.uri, diagnostics=[], version=document.version)
    )


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def hover(params: Any) -> None:
    return None


@server.feature(lsp.TEXT_DOCUMENT_COMPLETION)
def completion(params: Any) -> None:
    return None


if __name__ == "__main__":
    server.start_io()
