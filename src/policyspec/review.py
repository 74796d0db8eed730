"""All that is found in a file: what is wrong with its text and names, and what the rules find in the policy."""

from __future__ import annotations

from policyspec.diagnostic import Diagnostic
from policyspec.lint import engine
from policyspec.lint.facts import Facts
from policyspec.workspace import Workspace


def facts(workspace: Workspace, path: str) -> Facts | None:
    """What the rules read of the policy that a file declares; None where it declares none."""
    header = workspace.header(path)
    if header is None:
        return None
    files = workspace.closure(path)
    is_whole = not any(each.is_error for file in files for each in workspace.diagnostics(file))
    sources = {file: workspace.source(file) for file in files}
    return engine.facts(path, header, sources, workspace.resolutions(path), is_whole)


def findings(workspace: Workspace, path: str) -> tuple[Diagnostic, ...]:
    """What the rules find in the policy that a file declares, be it in this file or in one that it imports."""

    def make() -> tuple[Diagnostic, ...]:
        policy = facts(workspace, path)
        return tuple(engine.check(policy)) if policy is not None else ()

    return workspace.once("findings", path, make)


def review(workspace: Workspace, path: str) -> tuple[Diagnostic, ...]:
    """Everything that is found in a policy or module, in the order of the text."""
    found = [*workspace.diagnostics(path), *findings(workspace, path)]
    return tuple(sorted(found, key=lambda each: (each.path, each.span, each.rule, each.message)))
