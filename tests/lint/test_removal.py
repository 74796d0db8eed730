"""What is taken out of a text leaves the rest as it was."""

from __future__ import annotations

import pytest

from policyspec.diagnostic import apply_edits
from policyspec.lint.removal import without
from policyspec.source import Source, Span


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\n  X\nb\n", "a\nb\n"),
        ("a\n  X  # why\nb\n", "a\nb\n"),
        ("a\r\nX\r\nb", "a\r\nb"),
        ("a { X  b }", "a { b }"),
        ("X b", "b"),
        ("a\nX", "a\n"),
        ("X", ""),
    ],
)
def test_without(text: str, left: str) -> None:
    at = text.index("X")
    assert apply_edits(text, [without(Source("p", text), Span(at, at + 1))]) == left
