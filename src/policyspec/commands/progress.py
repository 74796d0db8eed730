"""A line in the terminal that says how far a long check is."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import IO

from policyspec import console
from policyspec.looking import Advance

# Seconds until the line is shown, and between its changes.
_AFTER, _EVERY = 1.0, 0.1
_ERASE = "\r\x1b[K"


@contextlib.contextmanager
def shown(total: int, to: IO[str] | None, clock: Callable[[], float] = time.monotonic) -> Iterator[Advance]:
    """Gives a function that is told how many more files are done. The line is there as long as this lasts.

    What is quickly done shows nothing, and nor does what is printed to no terminal.
    """
    if to is None or not console.is_terminal(to):
        yield lambda number: None
        return
    done, due, is_there = 0, clock() + _AFTER, False

    def advance(number: int) -> None:
        nonlocal done, due, is_there
        done = min(done + number, total)
        if (now := clock()) >= due:
            due, is_there = now + _EVERY, True
            _write(to, f"{_ERASE}checked {done} of {total} files")

    try:
        yield advance
    finally:
        if is_there:
            _write(to, _ERASE)


def _write(to: IO[str], text: str) -> None:
    # Who cannot be told how far it is may still be told what is found.
    with contextlib.suppress(OSError, ValueError):
        to.write(text)
        to.flush()
