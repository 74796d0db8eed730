"""Checking again whenever a file changes."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from policyspec import config, console, files
from policyspec.arguments import Failure

if TYPE_CHECKING:
    from policyspec.commands.checks import Outcome

_SECONDS = 0.3
# By path, a file's time and size; None where there is no file.
_State: TypeAlias = dict[str, tuple[int, int] | None]


def watch(paths: Sequence[str], check: Callable[[], Outcome]) -> NoReturn:
    """Check, and again whenever a file changes that counts, until interrupted."""
    read: frozenset[str] = frozenset()
    while True:
        before = _state(paths, read)
        if console.is_terminal(sys.stdout):
            console.write("\x1b[2J\x1b[H")
        try:
            read = check().files
        except Failure as failure:
            console.complain(f"error: {failure}", failure.hint)
        except OSError as error:
            console.complain(f"error: {error}")
        console.show("watching for changes, Ctrl-C ends", to=sys.stderr)
        console.flush()
        # Nothing else collects what is no longer needed.
        gc.collect()
        # As things were when they were read: what has changed since then is to be looked at again.
        state = {path: before.get(path, now if path in read else None) for path, now in _state(paths, read).items()}
        while _state(paths, read) == state:
            time.sleep(_SECONDS)


def _state(paths: Sequence[str], read: Iterable[str]) -> _State:
    """The state of all files below paths, of others that were read, and of settings that these files may have."""
    names = set(read)
    for path in paths:
        # One that is not there may come back.
        with contextlib.suppress(files.Unreadable, OSError, ValueError):
            names |= {console.named(file.as_posix()) for file in files.find([path])}
    folders = {Path(os.path.abspath(name)).parent for name in names}
    above = {each for folder in folders for each in (folder, *folder.parents)}
    names |= {console.named(str(each / name)) for each in above for name in (config.NAME, config.PYPROJECT)}
    return {name: _stamp(name) for name in names}


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        state = os.stat(path)
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size
