"""The tests that a policy has of itself, and how they go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from policyspec.review import findings
from policyspec.scope import items
from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace

_RULE = "policy_test_failed"


class Test(NamedTuple):
    """A test of a policy: `key` tells it from the file's others."""

    key: str
    label: str
    span: Span


class Result(NamedTuple):
    """How a test went; where it failed, why, and the place of the first question that got another answer."""

    test: Test
    passed: bool
    message: str
    span: Span


def tests(tree: Tree) -> tuple[Test, ...]:
    """The tests of a file, in order."""
    found: list[Test] = []
    seen: dict[str, int] = {}
    for base, node in items(tree):
        if type(node) is nodes.Test:
            label = node.titles[0].text if node.titles else "test"
            seen[label] = seen.get(label, 0) + 1
            key = label if seen[label] == 1 else f"{label} ({seen[label]})"
            found.append(Test(key, label, node.span.shifted(base)))
    return tuple(found)


def run(workspace: Workspace, path: str) -> Iterator[Result]:
    """How a file's tests go. In a module they have no policy to ask, and in one with errors no answer."""
    errors = [each for file in workspace.closure(path) for each in workspace.diagnostics(file) if each.is_error]
    failed = [each for each in findings(workspace, path) if each.rule == _RULE and each.path == path]
    for test in tests(workspace.tree(path)):
        if not workspace.is_policy(path):
            yield Result(test, False, "a module declares no policy to be asked", test.span)
        elif errors:
            yield Result(test, False, f"the policy has errors: {errors[0].message}", test.span)
        else:
            inside = [each for each in failed if test.span.start <= each.span.start < test.span.end]
            message = "\n".join(each.message for each in inside)
            yield Result(test, not inside, message, inside[0].span if inside else test.span)
