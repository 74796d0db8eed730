"""Sentences in prose: where they begin and end, and whether something in them is denied."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?;。！？；]|\n\s*\n")
_DENIED = re.compile(
    r"\b(?:not|no|never|none|nobody|cannot|can't|won't|don't|doesn't|isn't|neither|nor|without|nothing|impossible|unable)\b"
    r"|n[’']t\b|不|无法|没有|并非|未必|难以",
    re.I,
)


def sentence_around(text: str, start: int, end: int, reach: int = 400) -> tuple[str, str]:
    """What stands in a text before and behind a part of it, up to the ends of its sentence."""
    before, after = text[max(0, start - reach) : start], text[end : end + reach]
    ends = list(_END.finditer(before))
    if ends:
        before = before[ends[-1].end() :]
    last = _END.search(after)
    return before, after[: last.start()] if last else after


def is_denied(before: str) -> bool:
    """Whether what stands before something in its sentence denies it."""
    return bool(_DENIED.search(before))
