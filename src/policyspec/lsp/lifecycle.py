"""What an editor tells the server, from `initialize` to `exit`, and serving one until it goes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from lsprotocol import types as lsp
from pygls.io_ import StdoutWriter, run_async

from policyspec.lsp import features, state
from policyspec.lsp.documents import path_of, uri_of
from policyspec.lsp.options import Options
from policyspec.lsp.server import Server
from policyspec.lsp.state import State
from policyspec.source import ENCODINGS, Source

log = logging.getLogger("policyspec")

_CHUNK = 1 << 16


# ── From beginning to end ───────────────────────────────────────────────────────────────────────


def _initialize(server: Server, params: lsp.InitializeParams) -> None:
    capabilities = params.capabilities
    server.options = Options.of(params.initialization_options, params.locale)
    server.state = State(folders=_folders(params))
    general = capabilities.general
    for each in (general.position_encodings if general else None) or ():
        name = str(getattr(each, "value", each))
        if name in ENCODINGS:
            server.encoding = name
            break
    document = capabilities.text_document
    if document and document.diagnostic and (server.options.pull or document.publish_diagnostics is None):
        # An editor that gets findings in both ways shows them twice.
        server.pulls = True
    features.register(server)
    for pid in {params.process_id, server.parent}:
        if pid is not None:
            server.spawn(server.watch_parent(pid))


def _folders(params: lsp.InitializeParams) -> tuple[str, ...]:
    uris = [each.uri for each in params.workspace_folders or ()]
    if not uris and params.root_uri:
        uris = [params.root_uri]
    elif not uris and params.root_path:
        uris = [uri_of(params.root_path)]
    return tuple(dict.fromkeys(path for path in map(path_of, uris) if os.path.isabs(path)))


def _initialized(server: Server, _: Any) -> None:
    server.spawn(server.index(server.state.folders))
    server.spawn(_configure(server))


async def _configure(server: Server) -> None:
    """Ask the editor for its settings."""
    workspace = server.client_capabilities.workspace
    if not (workspace and workspace.configuration):
        return
    items = [lsp.ConfigurationItem(section="policyspec")]
    try:
        answer = await server.workspace_configuration_async(lsp.ConfigurationParams(items=items))
    except Exception as problem:
        log.error("the editor does not tell its settings: %s", problem)
        return
    _set(server, answer[0] if answer else None)


def _set(server: Server, settings: Any) -> None:
    options = server.options.with_settings(_plain(settings))
    if options == server.options:
        return
    server.options = options
    server.send_all()
    features.refresh(server)


def _plain(value: Any) -> Any:
    """JSON as it came: pygls makes objects of what it has no type for."""
    if hasattr(value, "_asdict"):
        return {key: _plain(each) for key, each in value._asdict().items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _shutdown(server: Server, _: Any) -> None:
    server.is_shut_down = True


def _exit(server: Server, _: Any) -> None:
    # What is still being done is of no use to anybody.
    sys.stdout.flush()
    os._exit(0 if server.is_shut_down else 1)


# ── What the editor tells ───────────────────────────────────────────────────────────────────────


def _opened(server: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    path = path_of(document.uri)
    server.uris[path], server.versions[path] = document.uri, document.version
    server.attend_to(path)
    server.update(state.opened(server.state, Source(path, document.text)))
    server.touch(path)


def _changed(server: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    path, version = path_of(params.text_document.uri), params.text_document.version
    if version < server.versions.get(path, version):
        # Some editors send changes in another order than they were made; each has the whole text.
        return
    server.versions[path] = version
    server.attend_to(path)
    text = ""
    for change in params.content_changes:
        # The server asks for whole texts, and gets them.
        text = change.text
    server.update(state.changed(server.state, Source(path, text)))
    server.touch(path)


def _saved(server: Server, params: lsp.DidSaveTextDocumentParams) -> None:
    path = path_of(params.text_document.uri)
    if path not in server.state.disk:
        server.changed_on_disk([path])


def _closed(server: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    path = path_of(params.text_document.uri)
    server.forget(path)
    server.update(state.closed(server.state, path))
    server.touch(path)


def _files_changed(server: Server, params: lsp.DidChangeWatchedFilesParams) -> None:
    server.changed_on_disk(path for each in params.changes if os.path.isabs(path := path_of(each.uri)))


def _folders_changed(server: Server, params: lsp.DidChangeWorkspaceFoldersParams) -> None:
    gone = {path_of(each.uri) for each in params.event.removed}
    kept = [each for each in server.state.folders if each not in gone]
    new = [path_of(each.uri) for each in params.event.added]
    server.spawn(server.index(tuple(dict.fromkeys((*kept, *new)))))


def _configured(server: Server, params: lsp.DidChangeConfigurationParams) -> None:
    workspace = server.client_capabilities.workspace
    if workspace and workspace.configuration:
        server.spawn(_configure(server))
    else:
        _set(server, params.settings)


_LIFE: dict[str, Callable[[Server, Any], Any]] = {
    lsp.INITIALIZE: _initialize,
    lsp.INITIALIZED: _initialized,
    lsp.SHUTDOWN: _shutdown,
    lsp.EXIT: _exit,
    lsp.TEXT_DOCUMENT_DID_OPEN: _opened,
    lsp.TEXT_DOCUMENT_DID_CHANGE: _changed,
    lsp.TEXT_DOCUMENT_DID_SAVE: _saved,
    lsp.TEXT_DOCUMENT_DID_CLOSE: _closed,
    lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES: _files_changed,
    lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: _folders_changed,
    lsp.WORKSPACE_DID_CHANGE_CONFIGURATION: _configured,
}


# ── Serving ─────────────────────────────────────────────────────────────────────────────────────


def made() -> Server:
    """A server that hears what an editor tells it."""
    server = Server()
    for method, function in _LIFE.items():
        server.feature(method)(partial(function, server))
    return server


def serve(tcp: tuple[str, int] | None = None, ws: tuple[str, int] | None = None, pid: int | None = None) -> None:
    """Serve one editor, on the standard streams or at an address, until it goes."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # It logs a traceback for each request that is refused, and of others than these there is one here.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    # Few of the objects that an edit makes are parts of a circle.
    gc.enable()
    gc.set_threshold(50_000, 20, 100)
    server = made()
    server.parent = pid
    if tcp is not None:
        server.start_tcp(*tcp)
    elif ws is not None:
        server.start_ws(*ws)
    else:
        with contextlib.suppress(KeyboardInterrupt, BrokenPipeError, asyncio.IncompleteReadError):
            asyncio.run(_speak(server))
        os._exit(1 if not server.is_shut_down else 0)


async def _speak(server: Server) -> None:
    """Serve on the standard streams until the input ends.

    A thread reads whatever is there, so that all messages that have come are heard before anything else is done: pygls
    by itself hears of each only after some turns of the loop, in which a check would begin.
    """
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()

    def read() -> None:
        with contextlib.suppress(RuntimeError, OSError, ValueError):
            while data := sys.stdin.buffer.read1(_CHUNK):  # type: ignore[union-attr]
                loop.call_soon_threadsafe(reader.feed_data, data)
            loop.call_soon_threadsafe(reader.feed_eof)

    threading.Thread(target=read, daemon=True).start()
    server.protocol.set_writer(StdoutWriter(sys.stdout.buffer))
    await run_async(threading.Event(), reader, server.protocol, log, server.report_server_error)
