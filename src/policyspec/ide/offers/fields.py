"""The fields that a block lacks, and the values of fields that are no terms."""

from __future__ import annotations

from collections import Counter

from policyspec.fields import _LIBRARY_ONLY
from policyspec.ide import described, enclosing, expected, visible
from policyspec.ide.offers import periods, snippets
from policyspec.ide.offers.place import FIRST, NEXT, Completion, Offers, Place, offer, snippet
from policyspec.ide.offers.terms import field_takes
from policyspec.kinds import KINDS, Takes, common_fields, fields_of


def offers(place: Place) -> Offers:
    """The names of fields that the block has not, each with a place for its value."""
    here = place.here
    before = expected.before_name(here, "FIELD")
    block = enclosing.block(before) if before is not None else None
    if block is None or not block.what:
        return
    there = block.fields | enclosing.fields_behind(here)
    for number, (name, (takes, says)) in enumerate(fields_of(block.what).items()):
        if name in there or (name in _LIBRARY_ONLY and not place.is_library):
            continue
        body = name if here.has_colon else snippets.field(name, takes) if place.snippets else f"{name}: "
        item = Completion(name, "property", says, body, here.word, "$" in body, description=described.form(takes))
        rank = NEXT if block.what in KINDS and name in common_fields() else FIRST
        yield offer((rank, number), item._replace(key=f"field {block.what} {name}"))


def values(place: Place) -> Offers:
    """What may be the value of the field at the place, but for terms and the grammar's words."""
    here = place.here
    field = enclosing.field(here.stack)
    takes = field_takes(enclosing.block(here.stack), field)
    if takes is None or here.stack[-1].symbol not in ("COLON", "COMMA"):
        return
    for number, word in enumerate(takes.choices or _used(place, f"{field}:", takes)):
        yield offer((FIRST, number), Completion(word, "enum_member", "", word, here.word))
    if takes.form == "period":
        yield from periods.durations(place)
    if not place.snippets:
        return
    if takes.form == "date":
        yield offer((FIRST, 0), snippet(snippets.DATE_FORM, snippets.DATE, here.word, described.form(takes)))
    if takes.form in ("text", "strings", "word"):
        yield offer((NEXT, 0), snippet('"…"', '"$1"', here.word, described.form(takes)))


def _used(place: Place, key: str, takes: Takes) -> list[str]:
    """The words that the file has elsewhere in a field that takes any word."""
    if takes.form != "word":
        return []
    span = place.here.word
    used = visible.uses(place.workspace, place.path).get(key, Counter())
    return [word for word, _ in used.most_common(20) if word != place.here.text[span.start : span.end]]
