"""What was found in files before, kept so that what has not changed is not looked at again.

An entry is good only for the very texts that it was made from: those of the file and of all that it imports, where
these lie, the settings, and this version of policyspec. It is kept in the user's own cache folder, never in a project,
and signed with a key that only the user can read: so a pull request cannot bring a result along.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from policyspec import __version__, files
from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.source import Source, Span

_PACKAGE = Path(__file__).parent
_MAX_BYTES = 16 * 1024 * 1024
# Where there are more entries than this, all are removed: they are quickly made again.
_MAX_ENTRIES = 20_000
_KEY, _KEY_BYTES = "key", 32
# What is ours in the folder, which may be one that has other things too: entries, and files that were not finished.
_ENTRY = re.compile(r"[0-9a-f]{40}\.json")
_UNFINISHED = re.compile(r"\.unfinished\.[0-9a-f]{16}")


class Look(NamedTuple):
    """What is found in a file, and what that follows from.

    `files` are the file and all that it imports, `texts` theirs and others that it follows from. `is_policy`: it
    declares a policy, so that rules were run. `firm` are rules of its own that allow no suppression, `missing` files
    that are imported and cannot be read.
    """

    found: tuple[Diagnostic, ...]
    files: tuple[str, ...]
    texts: Mapping[str, str]
    is_policy: bool = False
    firm: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def folder() -> Path | None:
    """Where entries are kept: `POLICYSPEC_CACHE_DIR`, else the user's cache folder; None where there is none."""
    named = os.environ.get("POLICYSPEC_CACHE_DIR")
    if named:
        return Path(os.path.expanduser(named))
    base = os.environ.get("XDG_CACHE_HOME", "")
    # One that is not absolute counts as none: it would be in the project.
    base = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
    return Path(base) / "policyspec" if os.path.isabs(base) else None


class Cache:
    """The entries of one run. A `basis` says what a result depends on beside texts."""

    def __init__(self, at: Path, key: bytes, version: str) -> None:
        self._at = at
        self._key = key
        self._version = version
        # Texts with their digests; and of imported files, where they really lie.
        self._texts: dict[str, tuple[str, str]] = {}
        self._places: dict[str, str] = {}
        self._roots: dict[str, str] = {}

    def know(self, sources: Iterable[Source]) -> None:
        """These are the texts of files, whatever is on the disk."""
        self._texts.update((source.path, (source.text, _digest(source.text))) for source in sources)

    def get(self, path: str, basis: str) -> Look | None:
        """What was found in a file, if that and all that it follows from is as it was."""
        about = self._about(path, basis)
        try:
            signature, _, body = _read(self._file(about)).partition(b"\n")
            if not hmac.compare_digest(signature, self._sign(body)):
                return None
            was_about, states, looked, found = json.loads(body)
            if was_about != about or any(self._state(name, path) != each for name, each in states.items()):
                return None
            names, is_policy, firm = looked
            texts = {name: self._text(name)[0] for name in states}
            return Look(tuple(map(_diagnostic, found)), tuple(names), texts, is_policy, tuple(firm))
        except (OSError, ValueError, TypeError, LookupError, RecursionError, files.Unreadable):
            return None

    def put(self, path: str, basis: str, look: Look) -> None:
        """Keep what was found in a file. What follows from what is missing is not kept: that may turn up anywhere."""
        if look.missing:
            return
        # What cannot be kept is found anew the next time.
        with contextlib.suppress(OSError, ValueError, files.Unreadable):
            if any(self._texts.setdefault(name, (text, _digest(text)))[0] != text for name, text in look.texts.items()):
                # It was changed meanwhile.
                return
            about, states = self._about(path, basis), {name: self._state(name, path) for name in look.texts}
            looked = [look.files, look.is_policy, look.firm]
            record = [about, states, looked, [_record(each) for each in look.found]]
            body = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode("ascii")
            if len(body) < _MAX_BYTES - 100:
                _write(self._file(about), self._sign(body) + b"\n" + body)

    def _about(self, path: str, basis: str) -> list[str]:
        return [path, os.path.abspath(path), self._version, basis]

    def _state(self, name: str, path: str) -> list[str]:
        """What counts of a text, and of where it lies: which imports may be read depends on that."""
        folder = os.path.dirname(name)
        if folder not in self._roots:
            self._roots[folder] = str(files.root_of(name))
        if name != path and name not in self._places:
            self._places[name] = os.path.realpath(name)
        return [self._text(name)[1], self._roots[folder], self._places[name] if name != path else ""]

    def _text(self, name: str) -> tuple[str, str]:
        if name not in self._texts:
            text = files.read(name).text
            self._texts[name] = (text, _digest(text))
        return self._texts[name]

    def _file(self, about: Sequence[str]) -> Path:
        return self._at / f"{_digest(chr(0).join(about))[:40]}.json"

    def _sign(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, hashlib.sha256).hexdigest().encode("ascii")


def open_cache() -> Cache | None:
    """The user's cache; None where nothing can be kept safely."""
    at = folder()
    if at is None:
        return None
    try:
        at.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = os.lstat(at)
        if not stat.S_ISDIR(state.st_mode):
            # Where a link leads is for others to say.
            return None
        if hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022):
            # Others could write there.
            return None
        if sum(1 for _ in _own(at)) > _MAX_ENTRIES:
            _empty(at)
        return Cache(at, _key(at), _version())
    except OSError:
        return None


def clean() -> int:
    """Remove all entries; returns how many there were."""
    at = folder()
    if at is None or not (at / _KEY).is_file():
        return 0
    number = _empty(at)
    with contextlib.suppress(OSError):
        (at / _KEY).unlink()
        # Only if there is nothing else in it.
        at.rmdir()
    return number


def _empty(at: Path) -> int:
    """Remove what is ours; returns how many entries there were."""
    number = 0
    for name in [*_own(at)]:
        with contextlib.suppress(OSError):
            (at / name).unlink()
            number += name.endswith(".json")
    return number


def _own(at: Path) -> Iterator[str]:
    with os.scandir(at) as found:
        yield from (each.name for each in found if _ENTRY.fullmatch(each.name) or _UNFINISHED.fullmatch(each.name))


def _key(at: Path) -> bytes:
    """The key that entries are signed with; a new one where there is none that only the user can read."""
    file = at / _KEY
    try:
        key = _read(file)
        if len(key) == _KEY_BYTES and not os.lstat(file).st_mode & 0o077:
            return key
    except OSError:
        pass
    _write(file, os.urandom(_KEY_BYTES))
    return _read(file)


def _read(file: Path) -> bytes:
    """The bytes of a regular file that is no link; raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(file, flags), "rb") as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_size > _MAX_BYTES:
            raise OSError(f"{file} is not what is kept here")
        return stream.read(_MAX_BYTES)


def _write(file: Path, data: bytes) -> None:
    """Write a file that only the user can read, whole or not at all, in place of whatever is there; raises OSError."""
    unfinished = file.parent / f".unfinished.{os.urandom(8).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(unfinished, flags, 0o600), "wb") as stream:
            stream.write(data)
        os.replace(unfinished, file)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def _version() -> str:
    """What tells this policyspec from others, and from itself before an edit of its code."""
    found = hashlib.sha256(f"{__version__} {sys.version}\n".encode())
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        for name in sorted(names):
            state = os.stat(os.path.join(folder, name))
            found.update(f"{folder}/{name} {state.st_size} {state.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()[:16]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ── Findings as JSON ─────────────────────────────────────────────────────────────────────────────


def _record(found: Diagnostic) -> Any:
    return [
        found.rule,
        found.severity.value,
        found.message,
        found.path,
        found.span,
        [[each.path, each.span, each.message] for each in found.related],
        found.help,
        [[each.title, [[edit.span, edit.text] for edit in each.edits], each.safe] for each in found.fixes],
        found.cite,
        found.pack,
    ]


def _diagnostic(record: Any) -> Diagnostic:
    rule, severity, message, path, span, related, help, fixes, cite, pack = record
    return Diagnostic(
        rule,
        Severity(severity),
        message,
        path,
        Span(*span),
        tuple(Related(at, Span(*where), words) for at, where, words in related),
        help,
        tuple(
            Fix(title, tuple(Edit(Span(*where), text) for where, text in edits), safe) for title, edits, safe in fixes
        ),
        tuple(cite),
        pack,
    )
