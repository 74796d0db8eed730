"""From the disk to a `Workspace`: which files there are, and what is in them; and how one is written.

With the command line and the server, this is all that reads a user's files. It reads `.policy` files only, regular ones
of a bounded size, and follows an import only inside of the workspace's root.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from policyspec import config
from policyspec.source import Source, Span

if TYPE_CHECKING:
    from policyspec.workspace import Workspace

SUFFIX = ".policy"
# What a new policy may begin with.
STARTER = Path(__file__).with_name("starter.policy")

MAX_BYTES = 16 * 1024 * 1024
# How many entries of a folder are looked at to find a file with a like name.
_MAX_ENTRIES = 1000
# What stands in the topmost folder of a workspace.
_MARKERS = (config.NAME, config.PYPROJECT, ".git")
# Folders that hold no policies of one's own.
_PASSED_OVER = frozenset(("node_modules", "__pycache__", "venv", "build", "dist"))


class Unreadable(Exception):
    """A file that cannot be read; the message says why, and names it."""


def read(path: str | Path) -> Source:
    """A file's text, decoded as UTF-8; raises Unreadable. A line end or a BOM stays as it is."""
    file = Path(path)
    name = file.as_posix()
    try:
        if not file.is_file():
            what = "is a folder" if file.is_dir() else "is not a regular file" if file.exists() else "does not exist"
            raise Unreadable(f"{name} {what}")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise Unreadable(f"{name!r} is not a path") from None
    return Source(name, decode(data, name))


def decode(data: bytes, name: str) -> str:
    """Bytes as text; raises Unreadable where they are not UTF-8 or too many."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"{name} is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{name} is not UTF-8 (line {line}): save it as UTF-8") from None


def write(path: str | Path, text: str) -> None:
    """Write a file whole or not at all; raises OSError. One that exists keeps its mode, a link what it points to."""
    target, data = Path(os.path.realpath(path)), text.encode("utf-8")
    if target.exists() and not target.is_file():
        # A device or a pipe has no content to be kept; opening a folder raises the right error.
        target.write_bytes(data)
        return
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    # Brings in much that is only needed here.
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".policyspec.")
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def find(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The `.policy` files that paths name: files as they are, folders with all that is below them, in order.

    Hidden folders and those of tools are passed over. Raises Unreadable for a path that does not exist.
    """
    seen: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            found: Iterable[Path] = _walk(path)
        elif path.exists():
            found = [path]
        else:
            raise Unreadable(f"{path.as_posix()} does not exist")
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _walk(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _PASSED_OVER)
        for name in sorted(files):
            if name.endswith(SUFFIX) and not name.startswith("."):
                yield Path(at) / name


def root_of(path: str | Path) -> Path:
    """The topmost folder that an import of a file may reach.

    It is the nearest one that has a `policyspec.toml`, `pyproject.toml` or `.git`; where there is none, the current
    folder if the file is in it, else the folder above the file's own.
    """
    file = Path(os.path.abspath(path))
    for folder in file.parents:
        if any((folder / marker).exists() for marker in _MARKERS):
            return folder
    here = Path.cwd()
    return here if here in file.parents else file.parent.parent


def settings_file(start: str) -> tuple[str, str] | None:
    """The path and the text of the nearest file with settings, in the folder `start`, or that of the file, or above.

    That is a `policyspec.toml`, or a `pyproject.toml` with the table for it. No further up than a folder with a `.git`,
    for what is above is another's. Raises Unreadable for one that cannot be read, or is a link that leads out of there.
    """
    at, here = Path(os.path.abspath(start)), Path.cwd()
    folders = [at, *at.parents] if os.path.isdir(at) else [*at.parents]
    top = next((folder for folder in folders if os.path.exists(folder / ".git")), None)
    for folder in folders:
        for name in (config.NAME, config.PYPROJECT):
            file = folder / name
            if not os.path.lexists(file):
                continue
            shown = file.relative_to(here) if here in file.parents else file
            real = Path(os.path.realpath(file))
            if real.suffix != ".toml":
                raise Unreadable(f"{shown.as_posix()} is a link to what is no .toml file")
            if not _is_inside(real, top or folder):
                raise Unreadable(f"{shown.as_posix()} is a link out of {(top or folder).as_posix()}")
            source = read(shown)
            if config.has_settings(source.text, source.path):
                return source.path, source.text
        if folder == top:
            break
    return None


def load(
    paths: Iterable[str | Path], texts: Iterable[Source] = (), imports: Iterable[str] = (), folder: str = ""
) -> Workspace:
    """A workspace of files and of all that they import; `texts` stand for files of theirs, saved or not.

    `imports` are what every file imports: modules of the library, and paths of files from `folder`.

    Raises Unreadable for one of `paths`; an import that cannot be read is the workspace's to report.
    """
    # Where all is known from before, nothing of the parser is needed.
    from policyspec.scope import Missing, import_key, items
    from policyspec.syntax import nodes
    from policyspec.workspace import Workspace, parsed

    sources = {source.path: source for source in texts}
    for path in paths:
        name = Path(path).as_posix()
        if name not in sources:
            sources[name] = read(path)
    unreadable: dict[str, Missing] = {}
    beside = f"{folder}/." if folder else "."
    shared = []
    for written in imports:
        is_file = written.endswith(SUFFIX)
        name = import_key(beside, nodes.Title(written, None, Span(0, 0))) if is_file else written
        shared.append(name)
        if is_file and name not in sources:
            sources[name] = _imported(name, written, root_of(beside))
    roots = {name: root_of(name) for name in sources}
    todo = list(sources)
    while todo:
        file = todo.pop()
        for _, item in items(parsed(sources[file].text)):
            if type(item) is not nodes.Import:
                continue
            for each in item.modules:
                name = import_key(file, each)
                if type(each) is nodes.Name or not each.text or name in sources or name in unreadable:
                    continue
                try:
                    sources[name] = _imported(name, each.text, roots[file])
                    # It may lie in a project of its own, whose root is nearer; it reaches no further in any case.
                    own = root_of(name)
                    roots[name] = own if roots[file] in own.parents else roots[file]
                    todo.append(name)
                except Unreadable as error:
                    unreadable[name] = Missing(str(error), _instead(file, name, each.text, roots[file]))
    return Workspace(sources, unreadable, tuple(shared))


def _imported(name: str, written: str, root: Path) -> Source:
    try:
        real = Path(os.path.realpath(name))
    except (OSError, ValueError):
        raise Unreadable(f"`{written}` is not a path") from None
    if not name.endswith(SUFFIX) or real.suffix != SUFFIX:
        raise Unreadable(f"`{written}` is not a {SUFFIX} file")
    if not _is_inside(real, root):
        raise Unreadable(f"`{written}` is outside of the workspace {root.as_posix()}")
    if written.startswith(("/", "\\")):
        raise Unreadable(f"`{written}` is not a path from this file")
    try:
        return read(name)
    except Unreadable as error:
        if not os.path.exists(name):
            raise Unreadable(f"no file `{written}`: {name} does not exist") from None
        raise error


def _is_inside(real: Path, root: Path) -> bool:
    return Path(os.path.realpath(root)) in real.parents


def _instead(file: str, name: str, written: str, root: Path) -> str:
    """What to write for the path of a file that cannot be read; only of what is inside of the root."""
    from policyspec.scope import like_file

    try:
        real = Path(os.path.realpath(name))
        if not _is_inside(real, root):
            return ""
        if written.startswith("/"):
            return Path(os.path.relpath(name, os.path.dirname(file) or ".")).as_posix()
        with os.scandir(real.parent) as entries:
            names = [each.name for each in islice(entries, _MAX_ENTRIES) if each.name.endswith(SUFFIX)]
    except (OSError, ValueError):
        return ""
    return like_file(written, sorted(each for each in names if each != os.path.basename(file)))
