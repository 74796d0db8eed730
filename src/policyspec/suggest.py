"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

# A name longer than this is not compared with others, which takes time with the square of its length.
_LONGEST = 100


def closest(text: str, candidates: Iterable[str], most: int = 3) -> str | None:
    """The candidate nearest to `text` by edit distance, None where none is near; ties go to the first."""
    if len(text) > _LONGEST:
        return None
    # One letter in two makes another word: of such a short one, only the case may differ.
    best, limit = None, 0 if len(text) <= 2 else min(most, (len(text) + 1) // 3)
    folded = text.casefold()
    letters = frozenset(folded)
    for candidate in candidates:
        if abs(len(candidate) - len(text)) > limit or len(letters ^ _letters(candidate)) > 2 * limit:
            continue
        distance = edit_distance(folded, candidate.casefold(), limit)
        if distance <= limit and candidate != text:
            best, limit = candidate, distance - 1
            if limit < 0:
                break
    return best


@lru_cache(maxsize=1 << 14)
def _letters(text: str) -> frozenset[str]:
    """The letters of a text; each edit changes them by two at most."""
    return frozenset(text.casefold())


def edit_distance(left: str, right: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours; `limit + 1` stands for all that is more."""
    older: list[int] = []
    above = list(range(len(right) + 1))
    for i, a in enumerate(left):
        row = [i + 1]
        for j, b in enumerate(right):
            cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (a != b))
            if i and j and a == right[j - 1] and left[i - 1] == b:
                cost = min(cost, older[j - 1] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        older, above = above, row
    return min(above[-1], limit + 1)
