"""Language tags behind titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

from policyspec.ide import reading
from policyspec.ide.expected import Expected
from policyspec.ide.offers.place import FIRST, Completion, Offers, Place, offer
from policyspec.library import compiled
from policyspec.scope import CORE, items
from policyspec.source import Span
from policyspec.syntax import nodes


def is_behind(here: Expected) -> bool:
    """Whether a language tag may stand at the place, right behind a string, or is being typed there."""
    is_next = here.last is not None and here.last.end == here.word.start
    return here.typed.startswith("@") or (is_next and reading.takes(here.stack, "LANGUAGE"))


def offers(place: Place) -> Offers:
    """The tags of the languages that the policy's titles are in, the commonest first; else those of the library."""
    here = place.here
    if not reading.takes(here.stack, "LANGUAGE"):
        return
    span = here.word if here.typed.startswith("@") else Span(here.offset, here.offset)
    own = place.workspace.once("languages", place.path, lambda: _tags(_titles(place)))
    for number, tag in enumerate(own or _of_library()):
        yield offer((FIRST, number), Completion(f"@{tag}", "constant", "", f"@{tag}", span))


def _titles(place: Place) -> Iterable[str | None]:
    yield from (tag for each in place.names.module.definitions for _, tag in each.titles)
    for _, item in items(place.tree):
        if type(item) is nodes.Section or type(item) is nodes.Test or type(item) is nodes.Rule:
            yield from (title.language for title in item.titles)


def _tags(found: Iterable[str | None]) -> list[str]:
    return [tag for tag, _ in Counter(tag for tag in found if tag is not None).most_common()]


@cache
def _of_library() -> list[str]:
    return _tags(tag for each in compiled.module(CORE).definitions for _, tag in each.titles)
