"""The language server: it keeps a `State`, and tells the editor what is found.

Everything runs on one thread, in the order in which messages come: so no answer is ever from a text that is stale.
What takes long is done in steps, between which new messages are heard.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import sys
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter

from policyspec import __version__, checking, config, files, library
from policyspec.config import Settings
from policyspec.diagnostic import Diagnostic
from policyspec.lsp import convert, state
from policyspec.lsp.asked import ContentModified, RequestFailed
from policyspec.lsp.convert import JSON, Lines
from policyspec.lsp.documents import uri_of
from policyspec.lsp.options import Options
from policyspec.lsp.state import State
from policyspec.source import USUAL, Encoding, Source

log = logging.getLogger("policyspec")

# How long a change waits, in seconds: so that what the editor sends along with it is heard before.
_PAUSE = 0.001
# How long findings of files that are not open are gathered before they are sent.
_BATCH = 0.2
_PARENT = 3.0
_POLL = 2.0


class _Protocol(LanguageServerProtocol):
    """Sends what is plain JSON as it is: to make objects of it, only to take these apart again, takes most of the time
    between a key and its findings."""

    def structure_message(self, data: Any) -> Any:
        try:
            return super().structure_message(data)
        except JsonRpcException as problem:
            # Who asks in the wrong words is to be told, and not to wait for ever.
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=problem.to_response_error())
            raise

    def get_message_type(self, method: str) -> Any:  # type: ignore[override]
        return None if method == lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS else super().get_message_type(method)


class Server(LanguageServer):
    def __init__(self) -> None:
        super().__init__(
            "policyspec",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
            protocol_cls=_Protocol,
            converter_factory=default_converter,
            max_workers=2,
        )
        self.state = State()
        self.options = Options()
        self.encoding: Encoding = USUAL
        self.versions: dict[str, int] = {}
        # As the editor spells them.
        self.uris: dict[str, str] = {}
        self.pulls = False
        self.colors: dict[str, tuple[str, list[int]]] = {}
        self._published: dict[str, list[JSON]] = {}
        # The files of which other things may be found than have been sent.
        self._touched: set[str] = set()
        self._recent: list[str] = []
        self._work: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._watched: set[str] = set()
        self.is_indexed = False
        self.is_shut_down = False
        self.parent: int | None = None

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A request that fails is logged; nobody can do anything about a message box."""
        if not isinstance(error, RequestFailed | ContentModified):
            log.error("%s: %s", getattr(source, "__name__", source), error)

    # ── Texts ───────────────────────────────────────────────────────────────────────────────────

    def lines(self, path: str) -> Lines | None:
        """A document's text with its places; None for a file that there is not."""
        workspace = self.state.workspace(path)
        try:
            if workspace is not None:
                return Lines(workspace.source(path), self.encoding)
            for each in self.state.members:
                if each.project.file is not None and each.project.file.path == path:
                    return Lines(each.project.file, self.encoding)
        except KeyError:
            return None
        return None

    def uri(self, path: str) -> str:
        return self.uris.get(path) or uri_of(path)

    def attend_to(self, path: str) -> None:
        """Look at a document before others: the user is in it."""
        self._recent = [path, *(each for each in self._recent if each != path)][:20]

    def touch(self, path: str) -> None:
        """Send what is found in a file even if it is what the editor knows, since its text is another."""
        self._touched.add(path)

    def forget(self, path: str) -> None:
        """A document is closed."""
        self.versions.pop(path, None)
        self.uris.pop(path, None)
        self.colors.pop(path, None)
        self._recent = [each for each in self._recent if each != path]

    def update(self, new: State) -> None:
        """Go on with another state: look at what it has not looked at yet."""
        for old in self.state.members:
            kept = next((each for each in new.members if each.paths == old.paths), None)
            if kept is None or kept.looks is not old.looks:
                looks = kept.looks if kept is not None else {}
                self._touched |= {file for path, each in old.looks.items() if path not in looks for file in each.files}
        for kept in new.members:
            if not any(kept is old for old in self.state.members):
                self._touched |= {each.path for each in kept.project.found}
        self.state = new
        self.schedule()

    def settle(self, path: str) -> None:
        """Look at a file now, if its text has changed since."""
        for number, member in enumerate(self.state.members):
            if path in member.paths and path not in member.looks:
                self._look(number, path)

    def known(self, path: str) -> tuple[Diagnostic, ...]:
        """What is found in a file, if it has been looked at since its text has changed."""
        if any(path in each.paths and path not in each.looks for each in self.state.members):
            return ()
        return self.found(path)

    def found(self, path: str) -> tuple[Diagnostic, ...]:
        """What counts of what is found in a file as its text is now."""
        self.settle(path)
        found = state.findings(self.state, (path,))[path]
        return (*found.kept, *found.known)

    def reviewer(self, path: str) -> checking.Review:
        """What counts of what is found in a file, whatever its text may become."""
        member = self.state.owner(path)
        project = member.project if member is not None else checking.Project(Settings(), "", ())
        return checking.reviewer(project, checking.today(), ())

    def runs(self, command: str) -> bool:
        """Whether a command can be run, by the editor or here."""
        return command in self.options.commands or command in self.protocol.fm.commands

    # ── What the editor can do ──────────────────────────────────────────────────────────────────

    @property
    def _text_document(self) -> lsp.TextDocumentClientCapabilities:
        return self.client_capabilities.text_document or lsp.TextDocumentClientCapabilities()

    @property
    def has_snippets(self) -> bool:
        completion = self._text_document.completion
        item = completion.completion_item if completion else None
        return bool(item and item.snippet_support)

    def has_links(self, feature: str) -> bool:
        """Whether a place may be given with the name that leads there."""
        its = getattr(self._text_document, feature)
        return bool(its and its.link_support)

    def formats(self, feature: str) -> Sequence[lsp.MarkupKind]:
        """In which formats a feature's documentation may be."""
        its = self._text_document
        if feature == "hover":
            return (its.hover and its.hover.content_format) or ()
        if feature == "completion":
            item = its.completion.completion_item if its.completion else None
            return (item and item.documentation_format) or ()
        signature = its.signature_help.signature_information if its.signature_help else None
        return (signature and signature.documentation_format) or ()

    @property
    def has_label_offsets(self) -> bool:
        """Whether a parameter may be given by where it is in the label, and not by its words."""
        signature = self._text_document.signature_help
        information = signature.signature_information if signature else None
        parameter = information.parameter_information if information else None
        return bool(parameter and parameter.label_offset_support)

    @property
    def has_tooltips(self) -> bool:
        links = self._text_document.document_link
        return bool(links and links.tooltip_support)

    @property
    def has_tree(self) -> bool:
        symbols = self._text_document.document_symbol
        return bool(symbols and symbols.hierarchical_document_symbol_support)

    @property
    def folds_lines(self) -> bool:
        folding = self._text_document.folding_range
        return bool(folding and folding.line_folding_only)

    @property
    def resolves_actions(self) -> bool:
        action = self._text_document.code_action
        resolved = action.resolve_support.properties if action and action.resolve_support else ()
        return "edit" in resolved

    @property
    def has_versions(self) -> bool:
        workspace = self.client_capabilities.workspace
        return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)

    # ── Findings ────────────────────────────────────────────────────────────────────────────────

    def schedule(self) -> None:
        if self._work is None or self._work.done():
            self._work = self.spawn(self._look_at_all())

    @property
    def is_busy(self) -> bool:
        """Whether something has still to be looked at, or to be sent."""
        return self._work is not None and not self._work.done()

    def spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        # The loop itself keeps no hold on it.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _look(self, number: int, path: str) -> None:
        try:
            self.state = state.looked_at(self.state, number, path)
        except Exception:
            # A finding less is better than an editor without any.
            log.exception("could not look at %s", path)
            self.state = state.given_up(self.state, number, path)
        self._touched.update(self.state.members[number].looks[path].files, (path,))

    async def _look_at_all(self) -> None:
        """Look at what is not looked at yet, the documents that are open first, and send what is found."""
        await asyncio.sleep(_PAUSE)
        begun = time.monotonic()
        while (stale := state.next_stale(self.state, self._recent)) is not None:
            self._look(*stale)
            is_open = stale[1] in self.state.documents
            if is_open or time.monotonic() - begun > _BATCH:
                self._send(self._touched)
                begun = time.monotonic()
            # Whatever has come meanwhile is heard before the next file.
            await asyncio.sleep(0 if is_open else _PAUSE)
        self._send(self._touched)

    def _send(self, paths: Collection[str]) -> None:
        """Tell the editor what is found in files, where that is other than what it knows."""
        paths = {path for path in paths if not path.startswith(library.PREFIX)}
        found = state.findings(self.state, paths)
        refresh = False
        for path in paths:
            self._touched.discard(path)
            made = self._shown(path, found[path])
            if made == self._published.get(path, []) and (path not in self.versions or self.pulls):
                continue
            if made:
                self._published[path] = made
            else:
                self._published.pop(path, None)
            if self.pulls:
                refresh = True
                continue
            params: JSON = {"uri": self.uri(path), "diagnostics": made}
            if path in self.versions:
                params["version"] = self.versions[path]
            self.protocol.notify(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)
        if refresh:
            self._refresh()

    def _shown(self, path: str, found: state.Found) -> list[JSON]:
        """What the editor is to show of what is found in a file."""
        if self.options.scope == "openFiles" and path not in self.state.documents:
            return []
        lines = self.lines(path) or Lines(Source(path, ""), self.encoding)
        link = self.options.rule_link
        made = [convert.diagnostic(each, lines, self.lines, link) for each in found.kept]
        return made + [convert.diagnostic(each, lines, self.lines, link, is_known=True) for each in found.known]

    def shown(self, path: str) -> list[JSON]:
        """The same for a document as its text is now."""
        self.settle(path)
        return self._shown(path, state.findings(self.state, (path,))[path])

    def send_all(self) -> None:
        """Send everything anew, as after a change of what is to be shown."""
        self._touched |= {*self._published, *self.state.documents, *self.state.disk}
        self.schedule()

    def _refresh(self) -> None:
        workspace = self.client_capabilities.workspace
        if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
            self.workspace_diagnostic_refresh(None)

    # ── Files ───────────────────────────────────────────────────────────────────────────────────

    async def index(self, folders: tuple[str, ...]) -> None:
        """Read everything below the folders."""
        token = await self._begin("Reading policies")
        disk = await asyncio.to_thread(state.read, folders)
        self._touched |= {*disk.unreadable, *self.state.unreadable}
        self.update(state.indexed(self.state, folders, disk))
        if token:
            total = sum(len(each.paths) for each in self.state.members)
            while self._work is not None and not self._work.done():
                await asyncio.wait({self._work}, timeout=0.1)
                left = sum(1 for each in self.state.members for _ in each.stale)
                report = lsp.WorkDoneProgressReport(
                    message=f"{total - left}/{total} files", percentage=100 * (total - left) // max(total, 1)
                )
                self.work_done_progress.report(token, report)
            self.work_done_progress.end(token, lsp.WorkDoneProgressEnd())
        elif self._work is not None:
            await asyncio.wait({self._work})
        self.is_indexed = True
        self._watch()
        self.tell_status("ready")
        # What there is now stays; looking through it again and again would take longer than an edit.
        gc.collect()
        gc.freeze()

    async def _begin(self, title: str) -> str:
        window = self.client_capabilities.window
        self.tell_status("indexing")
        if not (window and window.work_done_progress):
            return ""
        token = f"policyspec-{time.monotonic_ns()}"
        try:
            await asyncio.wait_for(self.work_done_progress.create_async(token), 5)
        except Exception:
            return ""
        self.work_done_progress.begin(token, lsp.WorkDoneProgressBegin(title=title, percentage=0))
        return token

    def tell_status(self, what: str) -> None:
        if self.options.status:
            self.protocol.notify("policyspec/status", {"state": what, "message": "", "version": __version__})

    def _watch(self) -> None:
        """Ask the editor to say when files change; one that cannot is not needed for it."""
        workspace = self.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if not (watching and watching.dynamic_registration):
            if not self._watched:
                self._watched.add("by itself")
                self.spawn(self._poll())
            return
        names = {f"**/*{files.SUFFIX}", f"**/{config.NAME}", f"**/{config.PYPROJECT}"}
        baselines = {each.project.settings.baseline for each in self.state.members} - {None, ""}
        names |= {f"**/{os.path.basename(str(each))}" for each in baselines}
        if new := names - self._watched:
            watchers = [lsp.FileSystemWatcher(glob_pattern=name) for name in sorted(new)]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
            method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
            made = lsp.Registration(id=f"watch-{len(self._watched)}", method=method, register_options=options)
            self.client_register_capability(lsp.RegistrationParams(registrations=[made]))
            self._watched |= new

    async def _poll(self) -> None:
        """Look from time to time whether files have changed, for editors that do not say so."""
        known: dict[str, int] | None = None
        while True:
            now = await asyncio.to_thread(_times, self.state.folders)
            if known is not None and now != known:
                changed = {path for path, _ in known.items() ^ now.items()}
                self.changed_on_disk(changed)
            known = now
            await asyncio.sleep(_POLL)

    def changed_on_disk(self, paths: Iterable[str]) -> None:
        new = self.state
        of_settings = False
        for path in paths:
            if path.endswith(files.SUFFIX):
                self._touched.add(path)
                new = state.saved(new, path)
            else:
                of_settings = True
        if of_settings:
            self._touched |= {each.path for member in new.members for each in member.project.found}
            new = state.gathered(new)
            self._touched |= {*self._published}
        self.update(new)
        self._watch()

    async def watch_parent(self, pid: int) -> None:
        """End with the process that has started this one: an editor that crashed closes nothing."""
        while _is_alive(pid):
            await asyncio.sleep(_PARENT)
        log.info("the editor is gone")
        os._exit(1)


def _times(folders: Iterable[str]) -> dict[str, int]:
    """When files below folders were written."""
    found = {}
    for folder in folders:
        if not os.path.isdir(folder):
            continue
        names = [file.as_posix() for file in files.find([folder])]
        names += [f"{folder}/{name}" for name in (config.NAME, config.PYPROJECT)]
        for name in names:
            with contextlib.suppress(OSError):
                found[name] = os.stat(name).st_mtime_ns
    return found


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        # There, signal 0 would end the process.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
