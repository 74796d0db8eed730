"""Looking at files: what is found in each, in this process or in several."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from policyspec import files
from policyspec.cache import Look

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from policyspec.source import Source
    from policyspec.workspace import Workspace

# With less text than this for each, several processes take longer than one.
_TEXT_OF_A_JOB = 100_000
# No more than this, whoever asks for them.
_MAX_JOBS = 60

# Told how many more files are done.
Advance = Callable[[int], None]


class Around(NamedTuple):
    """What files are looked at with: texts at hand, what every file imports, and from where that counts."""

    texts: tuple[Source, ...] = ()
    imports: tuple[str, ...] = ()
    folder: str = ""


def load(sources: Sequence[Source], around: Around) -> Workspace:
    """The workspace of files; raises Unreadable for what every file imports."""
    return files.load((), [*sources, *around.texts], around.imports, around.folder)


def examine(workspace: Workspace, path: str) -> Look:
    """What is wrong in a file and in those that it imports, and what the rules find."""
    from policyspec.review import findings

    closure = workspace.closure(path)
    found = [each for file in closure for each in workspace.diagnostics(file)]
    # Whether a file is one that all others import follows from these others.
    shared = [file for each in workspace.imports if each in workspace.sources for file in workspace.closure(each)]
    texts = {file: workspace.sources[file].text for file in (*closure, *shared)}
    imports = (each for file in texts for each in workspace.module(file).imports)
    return Look(
        (*found, *findings(workspace, path)),
        closure,
        texts,
        workspace.is_policy(path),
        _firm(workspace, closure),
        tuple(dict.fromkeys(each for each in imports if each in workspace.unreadable)),
    )


def _firm(workspace: Workspace, closure: Sequence[str]) -> tuple[str, ...]:
    """The rules of files that allow no suppression."""
    those = [file for file in closure if "suppressible" in workspace.sources[file].text]
    if not those:
        return ()
    from policyspec.lint import registry

    rules = [each.rule for file in those for each in registry.own_rules(workspace.resolution(file))]
    return tuple(each.name for each in rules if not each.suppressible)


def look_at(sources: Sequence[Source], around: Around, jobs: int, advance: Advance) -> dict[str, Look]:
    """What is found in each file; raises Unreadable for what every file imports."""
    size = sum(len(source.text) for source in sources)
    jobs = min(jobs, len(sources), size // _TEXT_OF_A_JOB, _MAX_JOBS)
    if jobs < 2:
        return _one_job(sources, around, advance)
    # The largest first, each to the job that has least to do.
    heaps: list[list[Source]] = [[] for _ in range(jobs)]
    for source in sorted(sources, key=lambda each: -len(each.text)):
        min(heaps, key=lambda heap: sum(len(each.text) for each in heap)).append(source)
    return _in_processes(heaps, around, advance)


def _one_job(sources: Sequence[Source], around: Around, advance: Advance) -> dict[str, Look]:
    if not sources:
        return {}
    workspace = load(sources, around)
    looks = {}
    for source in sources:
        looks[source.path] = examine(workspace, source.path)
        advance(1)
    return looks


# ── Several processes ────────────────────────────────────────────────────────────────────────────


def _in_processes(heaps: Sequence[list[Source]], around: Around, advance: Advance) -> dict[str, Look]:
    """What is found in each file, one process for each heap of files.

    What a process does not do, because it fails or somebody ends it, is done in this one: so what goes wrong is raised
    here, and a machine with little memory gets there as well.
    """
    import multiprocessing
    from multiprocessing.connection import wait

    looks: dict[str, Look] = {}
    processes: list[Any] = []
    working: dict[Any, list[Source]] = {}
    undone: list[list[Source]] = []
    try:
        for heap in heaps:
            try:
                receiver, sender = multiprocessing.Pipe(duplex=False)
                process = multiprocessing.Process(target=_work, args=(sender, heap, around), daemon=True)
                process.start()
            except OSError:
                undone.append(heap)
                continue
            # So that the end of the process is the end of the pipe.
            sender.close()
            processes.append(process)
            working[receiver] = heap
        while working:
            ready: Any
            for ready in wait(list(working)):
                try:
                    said = ready.recv()
                except (EOFError, OSError):
                    undone.append(working.pop(ready))
                    continue
                if isinstance(said, int):
                    advance(said)
                else:
                    looks |= said
                    del working[ready]
    finally:
        for each in processes:
            each.terminate()
        for each in processes:
            each.join()
    for heap in undone:
        looks |= _one_job(heap, around, advance)
    return looks


def _work(sender: Connection, heap: list[Source], around: Around) -> None:
    """What a process does: it says after each file that it is done, and in the end what it has found."""
    # Ctrl-C is for the process that has started this one, which ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(Exception):
        sender.send(_one_job(heap, around, sender.send))
