"""What an import may name: modules of the library, and files of the workspace by their paths."""

from __future__ import annotations

import posixpath
import re

from policyspec import library
from policyspec.ide import described, enclosing, expected
from policyspec.ide.enclosing import Slot
from policyspec.ide.offers.place import FIRST, NEXT, Completion, Offers, Place, offer
from policyspec.scope import CORE, SUFFIX, import_key
from policyspec.source import Span
from policyspec.syntax import nodes


def offers(place: Place, slot: Slot) -> Offers:
    """Modules that are not imported yet, and files."""
    span = place.here.word
    written = place.here.text[span.start : span.end]
    listed = {*slot.listed, *enclosing.listed_behind(place.here), *place.names.module.imports} - {written}
    for number, name in enumerate(library.names()):
        if name not in listed and name != CORE:
            title = described.module_title(name)
            item = Completion(name, "module", title, name, span, filter=f"{name} {title}", key=f"module {name}")
            yield offer((FIRST, number), item)
    for number, path in enumerate(_files(place)):
        quoted = f'"{path}"'
        yield offer((NEXT, number), Completion(quoted, "file", "", quoted, span, filter=f"{quoted} {path}"))


def in_string(place: Place) -> Offers:
    """Paths of files, if the string is that of an import."""
    here = place.here
    before = expected.before_name(here, "STRING")
    slot = enclosing.slot(before) if before is not None else None
    if slot is None or slot.part != "import":
        return
    behind = re.compile(r'[^"\r\n]*').match(here.text, here.offset)
    end = behind.end() if behind and here.text.startswith('"', behind.end()) else here.offset
    span = Span(here.word.start + 1, end)
    for number, path in enumerate(_files(place, here.text[span.start : end])):
        yield offer((FIRST, number), Completion(path, "file", "", path, span))


def _files(place: Place, written: str = "") -> list[str]:
    """The modules that the file may import, by their paths from it; the one that is written there among them."""
    workspace, path = place.workspace, place.path
    folder = posixpath.dirname(path) or "."
    there = set(place.names.module.imports)
    if written:
        there.discard(import_key(path, nodes.Title(written, None, Span(0, 0))))
    found = []
    for other in workspace.sources:
        if other.endswith(SUFFIX) and other != path and other not in there and not workspace.is_policy(other):
            # A file that imports this one would close a circle.
            if path not in workspace.closure(other):
                found.append(posixpath.relpath(other, folder))
    return sorted(found, key=lambda each: (each.count("/"), each))
