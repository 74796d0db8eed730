"""policyspec: privacy policies that a machine can check.

import policyspec

for diagnostic in policyspec.check("shop.policy"):
    print(diagnostic.message)
policy = policyspec.load("shop.policy")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from policyspec.diagnostic import Diagnostic
    from policyspec.model import Policy

__version__ = "0.1.0"
__all__ = ["Diagnostic", "Policy", "PolicyError", "check", "load", "loads"]


class PolicyError(ValueError):
    """A policy with errors; `diagnostics` has all that was found."""

    def __init__(self, message: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


def load(path: str | Path) -> Policy:
    """The compiled policy of a file.

    Raises PolicyError if it, or a file that it imports, has errors or if it declares no policy, and OSError if it
    cannot be read.
    """
    workspace, name = _open(path)
    return _compiled(workspace, name)


def loads(text: str, path: str = "<text>") -> Policy:
    """The compiled policy of a text; `path` is what it goes by. It can import library modules, and no files.

    Raises PolicyError if it has errors or declares no policy.
    """
    from policyspec.source import Source
    from policyspec.workspace import Workspace

    return _compiled(Workspace({path: Source(path, text)}), path)


def check(path: str | Path) -> list[Diagnostic]:
    """What is found in a file, or in all `.policy` files of a folder, and in what they import, in order.

    Settings files and suppressions count as they do for `policyspec check`. Raises OSError if it cannot be read.
    """
    from policyspec import checking, files

    try:
        return checking.found_in(path)
    except files.Unreadable as error:
        raise OSError(str(error)) from None


def _open(path: str | Path) -> tuple[Any, str]:
    from pathlib import Path

    from policyspec import files

    try:
        return files.load([path]), Path(path).as_posix()
    except files.Unreadable as error:
        raise OSError(str(error)) from None


def _compiled(workspace: Any, name: str) -> Policy:
    diagnostics = [each for file in workspace.closure(name) for each in workspace.diagnostics(file)]
    errors = [each for each in diagnostics if each.is_error]
    if errors:
        first = errors[0]
        line = workspace.source(first.path).position(first.span.start).line + 1
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise PolicyError(f"{first.path}:{line}: {first.message}{more}", diagnostics)
    if not workspace.is_policy(name):
        raise PolicyError(f"{name} declares no policy", diagnostics)
    policy: Policy = workspace.policy(name)
    return policy


def __getattr__(name: str) -> Any:
    # The types that the functions above return, without importing pydantic before it is needed.
    if name == "Diagnostic":
        from policyspec.diagnostic import Diagnostic

        return Diagnostic
    if name == "Policy":
        from policyspec.model import Policy

        return Policy
    raise AttributeError(name)
