"""What is asked of the server: in which document, at which place, and what it is looked at in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pygls.exceptions import JsonRpcException

from policyspec.lsp.convert import JSON, Lines
from policyspec.lsp.documents import path_of
from policyspec.source import Span
from policyspec.workspace import Workspace

if TYPE_CHECKING:
    from policyspec.lsp.server import Server


class RequestFailed(JsonRpcException):
    """What was asked for cannot be done; the message is for the user."""

    CODE = -32803
    MESSAGE = "Request failed"


class ContentModified(JsonRpcException):
    """The answer would be of a text that is another now."""

    CODE = -32801
    MESSAGE = "Content modified"


class At(NamedTuple):
    """A place in a document, and what it is looked at in."""

    workspace: Workspace
    path: str
    lines: Lines
    offset: int = 0


def document(server: Server, params: Any) -> At | None:
    return named(server, params.text_document.uri)


def named(server: Server, uri: str) -> At | None:
    path = path_of(uri)
    workspace, lines = server.state.workspace(path), server.lines(path)
    return At(workspace, path, lines) if workspace is not None and lines is not None else None


def place(server: Server, params: Any) -> At | None:
    at = document(server, params)
    return at._replace(offset=at.lines.offset(params.position)) if at is not None else None


def workspaces(server: Server, path: str) -> list[Workspace]:
    """The workspaces that know a file: several where projects share it, or it is of the library."""
    found = [each.workspace for each in server.state.members]
    of_path = [each for each in found if path in each.sources]
    return of_path or found


def location(server: Server, path: str, span: Span) -> JSON | None:
    lines = server.lines(path)
    return {"uri": server.uri(path), "range": lines.range(span)} if lines is not None else None


def command(server: Server, title: str, name: str, arguments: Sequence[Any]) -> JSON:
    """A command with places in the words of the protocol; one that nobody can run is only its title."""
    if not server.runs(name):
        return {"title": title, "command": ""}
    given = list(arguments)
    if len(given) == 2 and isinstance(given[1], int):
        lines = server.lines(given[0])
        given[1] = lines.position(given[1]) if lines is not None else None
    if given and isinstance(given[0], str) and server.lines(given[0]) is not None:
        given[0] = server.uri(given[0])
    return {"title": title, "command": name, "arguments": given}
