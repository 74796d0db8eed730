"""Applying the fixes of findings: safe ones, or all.

A fix is applied whole or not at all, and only if it does what it promises: its finding is gone, the text still parses
where it did, every comment is there, and nothing new is found. One that breaks its promise is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from policyspec.diagnostic import Diagnostic, Edit, Fix, apply_edits
from policyspec.source import Source, Span
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace, parsed

# What is found about a comment may be mended in the comment.
_OF_COMMENTS = ("unused_suppression", "unknown_suppression")

_LINE_END = re.compile(r"\r\n|\r|\n")

Review = Callable[[Workspace, str], Sequence[Diagnostic]]
_Chosen = tuple[Diagnostic, Fix]


class Fixed(NamedTuple):
    """A workspace with fixes applied to one of its files, and how many these were."""

    workspace: Workspace
    number: int


def fix(workspace: Workspace, path: str, review: Review, unsafe: bool = False) -> Fixed:
    """Apply the fixes of what `review` finds in a file, again and again until there are no more.

    This comes to an end, since every fix leaves less to be found.
    """
    number = 0
    while True:
        found = review(workspace, path)
        done = _apply_most(workspace, path, review, found, _chosen(found, path, unsafe))
        if done is None:
            return Fixed(workspace, number)
        workspace, number = done.workspace, number + done.number


def applicable(found: Diagnostic, unsafe: bool = False) -> Fix | None:
    """The fix of a finding that may be applied without being asked for."""
    return next((each for each in found.fixes if each.safe or unsafe), None)


def _chosen(found: Sequence[Diagnostic], path: str, unsafe: bool) -> list[_Chosen]:
    """Fixes that do not touch the same text, the first ones in the text before others."""
    chosen: list[_Chosen] = []
    taken: list[Span] = []
    for each in sorted(found, key=lambda each: each.span):
        one = applicable(each, unsafe) if each.path == path else None
        if one is not None and not any(_is_taken(edit.span, taken) for edit in one.edits):
            chosen.append((each, one))
            for edit in one.edits:
                insort(taken, edit.span)
    return chosen


def _is_taken(span: Span, taken: Sequence[Span]) -> bool:
    """Whether a span touches one of others, which are in order and apart."""
    at = bisect_left(taken, span)
    return any(each.start <= span.end and span.start <= each.end for each in taken[max(at - 1, 0) : at + 1])


def _apply_most(
    workspace: Workspace, path: str, review: Review, before: Sequence[Diagnostic], chosen: Sequence[_Chosen]
) -> Fixed | None:
    """The workspace with as many of the fixes as keep their promises; None if none of them does."""
    kept: list[_Chosen] = []
    best = None
    todo = [[*chosen]] if chosen else []
    while todo:
        those = todo.pop()
        done = _apply(workspace, path, review, before, [*kept, *those])
        if done is not None:
            best = done
            kept += those
        elif len(those) > 1:
            # Some of them do not do; which ones, the halves tell.
            half = len(those) // 2
            todo += [those[half:], those[:half]]
    return best


def _apply(
    workspace: Workspace, path: str, review: Review, before: Sequence[Diagnostic], chosen: Sequence[_Chosen]
) -> Fixed | None:
    """The workspace with fixes applied; None if one of them would break its promise."""
    source = workspace.source(path)
    try:
        edits = [edit for _, one in chosen for edit in one.edits]
        text = apply_edits(source.text, [replace(each, text=_with_ends(each.text, source)) for each in edits])
    except ValueError:
        return None
    if text == source.text:
        return None
    old, new = parsed(source.text), parsed(text)
    of_comments = [edit for found, one in chosen if found.rule in _OF_COMMENTS for edit in one.edits]
    if len(new.faults) > len(old.faults) or _comments(old, of_comments) - _comments(new):
        return None
    changed = workspace.with_source(Source(path, text))
    counted, was = (Counter(_key(each) for each in found) for found in (review(changed, path), before))
    mended = Counter(_key(each) for each, _ in chosen)
    if counted - (was - mended):
        return None
    return Fixed(changed, len(chosen))


def _with_ends(text: str, source: Source) -> str:
    """A text with line ends as a source has them."""
    end = _LINE_END.search(source.text) if "\n" in text else None
    return _LINE_END.sub(end[0], text) if end else text


def _key(found: Diagnostic) -> tuple[str, str, str]:
    return (found.rule, found.path, found.message)


def _comments(tree: Tree, but_for: Sequence[Edit] = ()) -> Counter[str]:
    """The comments of a text, but for those that edits are about."""
    about = [edit.span for edit in but_for]
    kept = [span for span in tree.comments if not any(span.start < at.end and at.start < span.end for at in about)]
    return Counter(tree.text[span.start : span.end].strip() for span in kept)
