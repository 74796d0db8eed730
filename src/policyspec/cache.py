"""What was found in files before, kept so that what has not changed is not looked at again.

An entry is good only for the very texts that it was made from: those of the file and of all that it imports, the
settings, and this version of policyspec. It is kept in the user's own cache folder, never in a project, and signed with
a key that only the user can read: so a pull request cannot bring a result along.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from policyspec import files
from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.source import Span

_PACKAGE = Path(__file__).parent
_MAX_BYTES = 16 * 1024 * 1024
# A folder with more entries than this is emptied: they are quickly made again.
_MAX_ENTRIES = 20_000


def folder() -> Path | None:
    """Where entries are kept: `POLICYSPEC_CACHE_DIR`, else the user's cache folder; None where there is none."""
    named = os.environ.get("POLICYSPEC_CACHE_DIR")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or (
        os.path.expanduser("~") + "/.cache" if os.path.expanduser("~") != "~" else ""
    )
    return Path(base) / "policyspec" if base else None


class Cache:
    """The entries of one run: `settings` is what else a result depends on."""

    def __init__(self, at: Path, key: bytes, settings: str) -> None:
        self._at = at
        self._key = key
        self._settings = settings
        # Texts that have been read, with their digests.
        self._texts: dict[str, tuple[str, str]] = {}

    def get(self, path: str, text: str) -> tuple[tuple[Diagnostic, ...], Mapping[str, str]] | None:
        """What was found in a file, if that and all that it imports is as it was; and these texts."""
        try:
            with open(self._file(path), "rb") as stream:
                data = stream.read(_MAX_BYTES)
            signature, _, body = data.partition(b"\n")
            if not hmac.compare_digest(signature.decode("ascii"), self._sign(body)):
                return None
            made, digests, found = json.loads(body)
            if made != [path, self._settings]:
                return None
            self._texts[path] = (text, _digest(text))
            texts = {name: self._text(name)[0] for name in digests}
            if any(self._text(name)[1] != digest for name, digest in digests.items()):
                return None
            return tuple(map(_diagnostic, found)), texts
        except (OSError, ValueError, TypeError, LookupError, files.Unreadable):
            return None

    def put(self, path: str, texts: Mapping[str, str], found: Sequence[Diagnostic]) -> None:
        """Keep what was found in a file, with the texts that it follows from."""
        digests = {name: _digest(text) for name, text in texts.items()}
        record = [[path, self._settings], digests, [_record(each) for each in found]]
        body = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        # What cannot be kept is found anew the next time.
        with contextlib.suppress(OSError):
            files.write(self._file(path), f"{self._sign(body)}\n{body.decode('ascii')}")

    def _text(self, name: str) -> tuple[str, str]:
        if name not in self._texts:
            text = files.read(name).text
            self._texts[name] = (text, _digest(text))
        return self._texts[name]

    def _file(self, path: str) -> Path:
        return self._at / f"{_digest(os.path.abspath(path) + chr(0) + self._settings)[:40]}.json"

    def _sign(self, body: bytes) -> str:
        return hmac.new(self._key, body, hashlib.sha256).hexdigest()


def open_cache(settings: str) -> Cache | None:
    """The cache for runs with these settings; None where nothing can be kept safely."""
    at = folder()
    if at is None:
        return None
    try:
        at.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and (at.stat().st_uid != os.getuid() or at.stat().st_mode & 0o022):
            # Others could write there.
            return None
        key = _key(at)
        if sum(1 for _ in os.scandir(at)) > _MAX_ENTRIES:
            clean()
            at.mkdir(mode=0o700, parents=True, exist_ok=True)
            key = _key(at)
    except OSError:
        return None
    return Cache(at, key, f"{_version()} {settings}")


def _key(at: Path) -> bytes:
    file = at / "key"
    try:
        key = file.read_bytes()
        if len(key) == 32 and not file.stat().st_mode & 0o077:
            return key
        file.unlink()
    except FileNotFoundError:
        pass
    key = secrets.token_bytes(32)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(key)
    return key


def clean() -> int:
    """Remove all entries; returns how many there were."""
    at = folder()
    if at is None or not (at / "key").exists():
        return 0
    number = sum(each.name.endswith(".json") for each in at.iterdir())
    shutil.rmtree(at, ignore_errors=True)
    return number


def _version() -> str:
    """What tells this policyspec from others, and from itself before an edit of its code."""
    found = hashlib.sha256()
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        for name in sorted(names):
            stat = os.stat(os.path.join(folder, name))
            found.update(f"{folder}/{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
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
