"""The vocabulary that comes with policyspec, written in the language itself.

A module is one file, or a folder whose files together are one module: `core` is in every policy's scope, the others
are imported by name (`cn.pipl` is `cn/pipl.policy`).
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from policyspec.source import Source

_HERE = Path(__file__).parent
# A path in this form is shown for a library file, wherever the package is installed.
PREFIX = "policyspec:"
COMPILED = _HERE / "compiled.json"
# Modules that are a folder of files.
_FOLDERS = ("core",)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The library's modules."""
    found = set()
    for file in _HERE.rglob("*.policy"):
        parts = file.relative_to(_HERE).with_suffix("").parts
        found.add(parts[0] if parts[0] in _FOLDERS else ".".join(parts))
    return tuple(sorted(found))


@cache
def sources(name: str) -> tuple[Source, ...]:
    """The files of a module; KeyError for one that the library does not have."""
    folder = _HERE / name
    if name in _FOLDERS:
        files = sorted(folder.glob("*.policy"))
    elif name in names():
        files = [folder.parent.joinpath(*name.split(".")).with_suffix(".policy")]
    else:
        raise KeyError(name)
    return tuple(Source(PREFIX + file.relative_to(_HERE).as_posix(), file.read_text("utf-8")) for file in files)
