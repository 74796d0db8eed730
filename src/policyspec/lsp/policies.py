"""What only policies have: a page to read, a compiled model, rules with pages, tests of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from policyspec import files
from policyspec.lsp.asked import named
from policyspec.lsp.documents import path_of

if TYPE_CHECKING:
    from policyspec.lsp.server import Server


def preview(server: Server, params: Any) -> Any:
    from policyspec.ide import preview

    path = path_of(params.textDocument.uri)
    workspace = server.state.workspace(path)
    if workspace is None:
        return None
    language = getattr(params, "language", None) or server.options.language
    page = preview.preview(workspace, path, str(language))
    made = {"title": page.title, "language": page.language, "html": page.html, "css": preview.CSS}
    return {**made, "version": server.versions.get(path)}


def model(server: Server, params: Any) -> Any:
    path = path_of(params.textDocument.uri)
    workspace = server.state.workspace(path)
    if workspace is None:
        return None
    try:
        return {"json": workspace.policy(path).model_dump_json(indent=2), "errors": []}
    except ValueError as problem:
        errors = [
            f"{each.message} ({each.path}:{workspace.source(each.path).position(each.span.start).line + 1})"
            for file in workspace.closure(path)
            for each in workspace.diagnostics(file)
            if each.is_error
        ]
        return {"json": None, "errors": errors or [str(problem)]}


def text(server: Server, params: Any) -> Any:
    """The text of a document as the server has it, also of one of the library."""
    at = named(server, params.uri)
    return {"text": at.lines.source.text, "version": server.versions.get(at.path)} if at is not None else None


async def settled(server: Server, params: Any) -> None:
    """Answered when there is nothing left to be looked at."""
    while not server.is_indexed or server.is_busy:
        await asyncio.sleep(0.01)


def explain(server: Server, params: Any) -> Any:
    return {"markdown": _page(str(params.rule))}


def _page(name: str) -> str:
    from policyspec.formats import rules
    from policyspec.lint import registry

    known = registry.known_rules()
    named = known.get(name) or next((each for each in known.values() if each.name.rpartition(".")[2] == name), None)
    return rules.markdown(named) if named is not None else f"`{name}` has no page."


def tests(server: Server, params: Any) -> Any:
    from policyspec.ide import testing

    at = named(server, params.textDocument.uri)
    if at is None:
        return []
    found = testing.tests(at.workspace.tree(at.path))
    return [{"id": each.key, "label": each.label, "range": at.lines.range(each.span)} for each in found]


def run_tests(server: Server, params: Any) -> Any:
    from policyspec.ide import testing

    at = named(server, params.textDocument.uri)
    if at is None:
        return []
    wanted = getattr(params, "ids", None)
    made = []
    for each in testing.run(at.workspace, at.path):
        if wanted is None or each.test.key in wanted:
            result = {"id": each.test.key, "passed": each.passed, "message": each.message}
            made.append({**result, "range": at.lines.range(each.span)})
    return made


def new_policy(server: Server, params: Any) -> Any:
    return {"text": files.STARTER.read_text("utf-8")}


def _run_test_command(server: Server, uri: Any, position: Any) -> None:
    """Run the test at a place, for an editor that has no other way to show what came of it."""
    from policyspec.ide import testing

    path = path_of(str(uri))
    workspace, lines = server.state.workspace(path), server.lines(path)
    if workspace is None or lines is None:
        return
    line, column = (
        (position["line"], position["character"]) if isinstance(position, dict) else (position.line, position.character)
    )
    offset = lines.offset(lsp.Position(line, column))
    for each in testing.run(workspace, path):
        if each.test.span.start <= offset <= each.test.span.end:
            said = f"“{each.test.label}”: " + ("passed" if each.passed else each.message)
            kind = lsp.MessageType.Info if each.passed else lsp.MessageType.Warning
            server.window_show_message(lsp.ShowMessageParams(type=kind, message=said))


def _explain_command(server: Server, rule: Any) -> None:
    server.window_show_message(lsp.ShowMessageParams(type=lsp.MessageType.Info, message=_page(str(rule))))


COMMANDS: dict[str, Callable[..., Any]] = {
    "policyspec.runTest": _run_test_command,
    "policyspec.explainRule": _explain_command,
}
