"""Applying the fixes of findings: safe ones, or all.

A fix is applied whole or not at all, and only if it does what it promises: its finding is gone, the text still parses
where it did, every comment is there, and nothing new is found. One that breaks its promise is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from policyspec.diagnostic import Diagnostic, Edit, Fix, apply_edits
from policyspec.source import Source
from policyspec.workspace import Workspace, parsed

# How often a file is looked at again for fixes that others made possible.
_ROUNDS = 20

Review = Callable[[Workspace, str], Sequence[Diagnostic]]


class Fixed(NamedTuple):
    """A workspace with fixes applied to one of its files, and how many these were."""

    workspace: Workspace
    number: int


def fix(workspace: Workspace, path: str, review: Review, unsafe: bool = False) -> Fixed:
    """Apply the fixes of what `review` finds in a file, again and again until there are no more."""
    number = 0
    for _ in range(_ROUNDS):
        found = review(workspace, path)
        chosen = _chosen(found, path, unsafe)
        if not chosen:
            break
        applied = _apply(workspace, path, review, found, chosen)
        if applied is None:
            # Together they do not do; so each by itself.
            for each in chosen:
                alone = _apply(workspace, path, review, found, [each])
                if alone is not None:
                    applied = Fixed(alone.workspace, 1)
                    break
        if applied is None:
            break
        workspace, number = applied.workspace, number + applied.number
    return Fixed(workspace, number)


def applicable(found: Diagnostic, unsafe: bool = False) -> Fix | None:
    """The fix of a finding that may be applied without being asked for."""
    return next((each for each in found.fixes if each.safe or unsafe), None)


def _chosen(found: Sequence[Diagnostic], path: str, unsafe: bool) -> list[tuple[Diagnostic, Fix]]:
    """Fixes that do not touch the same text, the first ones in the text before others."""
    chosen: list[tuple[Diagnostic, Fix]] = []
    taken: list[Edit] = []
    for each in sorted(found, key=lambda each: each.span):
        one = applicable(each, unsafe) if each.path == path else None
        if one is None or any(_overlap(edit, other) for edit in one.edits for other in taken):
            continue
        chosen.append((each, one))
        taken += one.edits
    return chosen


def _overlap(one: Edit, other: Edit) -> bool:
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def _apply(
    workspace: Workspace, path: str, review: Review, before: Sequence[Diagnostic], chosen: list[tuple[Diagnostic, Fix]]
) -> Fixed | None:
    """The workspace with fixes applied; None if one of them would break its promise."""
    source = workspace.source(path)
    try:
        text = apply_edits(source.text, [edit for _, one in chosen for edit in one.edits])
    except ValueError:
        return None
    if text == source.text:
        return None
    old, new = parsed(source.text), parsed(text)
    if len(new.faults) > len(old.faults) or _comments(old.text, old.comments) - _comments(text, new.comments):
        return None
    changed = workspace.with_source(Source(path, text))
    counted, was = (Counter(_key(each) for each in found) for found in (review(changed, path), before))
    mended = Counter(_key(each) for each, _ in chosen)
    if counted - (was - mended):
        return None
    return Fixed(changed, len(chosen))


def _key(found: Diagnostic) -> tuple[str, str, str]:
    return (found.rule, found.path, found.message)


def _comments(text: str, spans: Sequence[object]) -> Counter[str]:
    return Counter(text[span[0] : span[1]].strip() for span in spans)  # type: ignore[index]
