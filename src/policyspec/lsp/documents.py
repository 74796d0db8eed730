"""URIs and paths: what an editor calls a document, and what everything else calls it.

A file's path is absolute, with `/` between folders. A document of the library goes by `policyspec:core/data.policy`, as
in findings; any other, such as an unsaved one, by its URI.
"""

from __future__ import annotations

import os
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from policyspec import library


@lru_cache(maxsize=4096)
def path_of(uri: str) -> str:
    """The path of a document; a URI that names no local file is its own path."""
    if uri.startswith(library.PREFIX):
        return library.PREFIX + unquote(uri[len(library.PREFIX) :]).lstrip("/")
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    if parts.scheme != "file":
        return uri
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost"):
        return f"//{parts.netloc}{path}"
    if path[2:3] == ":" and path[1:2].isalpha():
        # A drive; editors differ in how they write its letter.
        return path[1].upper() + path[2:]
    return path


@lru_cache(maxsize=4096)
def uri_of(path: str) -> str:
    """The URI of a path, as editors write it."""
    if path.startswith(library.PREFIX):
        return f"{library.PREFIX}///{quote(path[len(library.PREFIX) :])}"
    if not os.path.isabs(path) and ":" in path.partition("/")[0]:
        return path
    path = os.path.abspath(path).replace("\\", "/")
    if path.startswith("//"):
        return f"file:{quote(path)}"
    drive = path[1:2] == ":"
    return f"file:///{path[0].lower()}%3A{quote(path[2:])}" if drive else f"file://{quote(path)}"
