"""What the commands have in common: they read files or the standard input, they print, and they write files."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from policyspec.arguments import Failure

if TYPE_CHECKING:
    from policyspec.diagnostic import Diagnostic
    from policyspec.source import Source

OK, FOUND, FAILED = 0, 1, 2
STDIN = "-"
_MAX_WIDTH = 120


# ── Reading and writing ──────────────────────────────────────────────────────────────────────────


def read(path: str, stdin_filename: str) -> Source:
    """A file, or the standard input; raises Failure."""
    from policyspec import files
    from policyspec.source import Source

    try:
        if path != STDIN:
            return files.read(named(path))
        if sys.stdin is None:
            raise Failure("there is no standard input")
        name = named(stdin_filename)
        return Source(name, files.decode(sys.stdin.buffer.read(files.MAX_BYTES + 1), name))
    except files.Unreadable as problem:
        raise Failure(str(problem)) from None


def read_all(paths: Sequence[str]) -> tuple[list[Source], list[str]]:
    """The `.policy` files that paths name, and what kept others from being read, which is printed too."""
    from policyspec import files

    sources: dict[str, Source] = {}
    problems: list[str] = []
    for path in paths:
        try:
            found = [file.as_posix() for file in files.find([named(path)])]
        except files.Unreadable as problem:
            problems.append(str(problem))
            continue
        except OSError as error:
            problems.append(f"{shown(path)} cannot be read: {error.strerror or error}")
            continue
        for file in found:
            try:
                if file != named(path) and not os.path.realpath(file).endswith(files.SUFFIX):
                    # Nobody has named it, and what it leads to may be nobody's to show.
                    raise files.Unreadable(f"{file} is a link to what is no {files.SUFFIX} file")
                sources.setdefault(file, files.read(file))
            except files.Unreadable as problem:
                problems.append(str(problem))
    for each in problems:
        complain(f"error: {each}")
    if paths and not sources and not problems:
        where = ", ".join(map(shown, paths))
        raise Failure(f"no {files.SUFFIX} file in {where}", "policyspec init writes one to start from")
    return list(sources.values()), problems


def named(path: str) -> str:
    """The name that a file goes by: a path of one spelling, from the current folder if that is above it."""
    try:
        here = os.getcwd()
    except OSError:
        raise Failure("the current folder no longer exists") from None
    if os.path.isabs(path) and Path(path).is_relative_to(here):
        path = os.path.relpath(path, here)
    return Path(os.path.normpath(path)).as_posix()


def output(text: str, target: str | None, inputs: Iterable[str] = ()) -> None:
    """Write what a command makes to a file, or to the standard output."""
    if target is None or target == STDIN:
        write(text)
        return
    check_target(target, inputs)
    save(target, text)


def check_target(target: str, inputs: Iterable[str]) -> None:
    """Raises Failure for a file to write to that is one of those that are read."""
    for each in inputs:
        if os.path.exists(target) and os.path.exists(each) and os.path.samefile(target, each):
            raise Failure(f"{shown(target)} is what is read: choose another file to write to")


def save(path: str, text: str) -> None:
    """Write a file; raises Failure where that does not work."""
    from policyspec import files

    try:
        files.write(path, text)
    except OSError as error:
        raise Failure(f"{shown(path)} cannot be written: {error.strerror or error}") from None


# ── Printing ─────────────────────────────────────────────────────────────────────────────────────


def write(text: str, to: IO[str] | None = None) -> None:
    stream = sys.stdout if to is None else to
    # There is none where a program was started without.
    if stream is not None:
        stream.write(text)


def show(*lines: str, to: IO[str] | None = None) -> None:
    write("".join(f"{line}\n" for line in lines), to)


def as_json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def show_findings(found: Sequence[Diagnostic], sources: Mapping[str, Source], color: str, to: IO[str] | None) -> None:
    from policyspec import report

    sources = {**sources, **library_sources(found, sources)}
    write(report.text(found, sources, color=is_colored(color, to), width=_excerpt_width(to)), to)


def library_sources(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> dict[str, Source]:
    """The files of the library that findings point to."""
    paths = {related.path for each in found for related in each.related} - {*sources}
    if not paths:
        return {}
    from policyspec.workspace import Workspace

    workspace = Workspace({})
    return {path: workspace.source(path) for path in paths}


def complain(message: str, hint: str = "") -> int:
    """Say on the standard error what went wrong."""
    from policyspec.report import safe

    with contextlib.suppress(OSError, ValueError):
        show(f"policyspec: {safe(message)}", *([f"  {safe(hint)}"] if hint else []), to=sys.stderr)
    return FAILED


def flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def is_colored(choice: str, stream: IO[str] | None) -> bool:
    """Whether to print in colours; see no-color.org and force-color.org."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal(stream)


def is_terminal(stream: IO[str] | None) -> bool:
    """Whether a stream is shown by something that can do more than print one line after the other."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _excerpt_width(stream: IO[str] | None) -> int | None:
    """The columns for a line of a policy behind its number; None where it is not printed to a terminal."""
    if stream is None or not stream.isatty():
        return None
    return max(_columns() - 8, 30)


def page_width() -> int:
    return min(_columns(), _MAX_WIDTH)


def _columns() -> int:
    """How wide the terminal is: as `shutil` says it, which brings in much that is not needed here."""
    columns = 0
    with contextlib.suppress(KeyError, ValueError):
        columns = int(os.environ["COLUMNS"])
    if columns <= 0 and sys.__stdout__ is not None:
        with contextlib.suppress(OSError, ValueError):
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns
    return columns if columns > 0 else 100


def shown(path: object) -> str:
    from policyspec.report import safe

    return safe(Path(str(path)).as_posix())


def did_you_mean(text: str, candidates: Iterable[str]) -> str:
    from policyspec.suggest import closest

    guess = closest(text, candidates)
    return f"; did you mean `{guess}`?" if guess else ""
