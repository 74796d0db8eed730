"""Edits that take something out of a text."""

from __future__ import annotations

from policyspec.diagnostic import Edit
from policyspec.source import Source, Span


def without(source: Source, span: Span) -> Edit:
    """Takes a part out of a text: with its lines, where nothing else stands on them but a comment behind it."""
    text = source.text
    start, end = span
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    tail = end
    while tail < len(text) and text[tail] in " \t":
        tail += 1
    if start > 0 and text[start - 1] not in "\r\n":
        # Something stands before it: the blanks behind it go with it, the others stay.
        return Edit(Span(span.start, tail), "")
    if tail < len(text) and text[tail] == "#":
        while tail < len(text) and text[tail] not in "\r\n":
            tail += 1
    if tail < len(text) and text[tail] not in "\r\n":
        return Edit(Span(span.start, tail), "")
    for mark in ("\r\n", "\n", "\r"):
        if text.startswith(mark, tail):
            return Edit(Span(start, tail + len(mark)), "")
    return Edit(Span(start, tail), "")
