"""Periods and days: what `keep` and `within` take, and some fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from policyspec.ide import enclosing, reading, visible
from policyspec.ide.offers import snippets
from policyspec.ide.offers.place import FIRST, NEXT, Completion, Offers, Place, offer, snippet
from policyspec.kinds import FAMILIES

_USUAL = 3


def offers(place: Place) -> Offers:
    """What `keep` and `within` take besides words and events."""
    here = place.here
    sentence = enclosing.sentence(here.stack)
    if sentence is None or sentence.clause not in ("keep", "within"):
        return
    if place.snippets and reading.takes(here.stack, "DATE"):
        yield offer((NEXT, 0), snippet(snippets.DATE_FORM, snippets.DATE, here.word, "a day"))
    behind = reading.after(here.stack, "DURATION", "1 day")
    if behind is not None:
        # Of `after` and `of`, what is said behind a deadline.
        yield from durations(place, [word for word in ("after", "of") if reading.takes(behind, word.upper())][-1:])
        if place.snippets and reading.takes(here.stack, "STRING"):
            yield offer((NEXT, 1), snippet('"…"', '"$1"', here.word, "in the policy's words"))


def durations(place: Place, words: Sequence[str] = ()) -> Offers:
    """Amounts of time, also counted from an event behind one of the words."""
    amount = re.match(r"\d{1,6}", place.here.typed)
    span, given = place.here.word, int(amount.group()) if amount else 0
    if not place.snippets:
        for number, unit in enumerate(snippets.units()):
            text = f"{given or 1} {unit if given > 1 else unit[:-1]}"
            yield offer((FIRST, number), Completion(text, "value", "", text, span))
        return
    label, body = f"{given or _USUAL} years", snippets.duration(1, given or _USUAL)
    yield offer((FIRST, 0), snippet(label, body, span, "a time"))
    for word in words:
        event = _event(place)
        text = f"{body} {word} ${{3:{snippets.escaped(event)}}}"
        yield offer((FIRST, 1), snippet(f"{label} {word} {event}", text, span, "a time, counted from an event"))


def units(place: Place) -> Offers:
    """Units of time, behind a number."""
    for number, unit in enumerate(snippets.units()):
        yield offer((FIRST, number), Completion(unit, "unit", "", unit, place.here.word))


def _event(place: Place) -> str:
    """The event that periods are most often counted from, else the first there is."""
    used = visible.uses(place.workspace, place.path).get("after", Counter())
    for word, _ in used.most_common(_USUAL):
        if place.names.find(word, FAMILIES["event"]):
            return word
    return next((each.definition.name for each in visible.terms(place.names, ("event",), {})), "it_happens")
