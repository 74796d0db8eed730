"""Snippets for whole items: practices, declarations, sections, rules and tests."""

from __future__ import annotations

from collections import Counter

from policyspec.ide import enclosing, expected, reading, visible
from policyspec.ide.offers import snippets
from policyspec.ide.offers.place import LAST, NEXT, WHOLE, Offers, Place, offer, snippet
from policyspec.ide.offers.words import has_policy
from policyspec.names import without_kind
from policyspec.source import Span
from policyspec.syntax import grammar, nodes

_ACTIONS = 4
_LOOKED_AT = 12


def offers(place: Place) -> Offers:
    """The items, or the judgements of a rule, that may begin at the place, and braces behind a sentence or a title."""
    here, stack = place.here, place.here.stack
    if reading.takes(stack, "LBRACE") and not here.begins_line:
        yield offer((LAST, 0), snippet("{ … }", "{ $0 }", here.word, "what else there is to say of it"))
    if reading.takes(stack, "EVERY"):
        for number, each in enumerate(snippets.judgements()):
            yield offer((NEXT, number), snippet(each.label, each.body, here.word, each.says))
    before = expected.before_name(here, "NEVER")
    if before is None or before[-1].state not in grammar.load().item_states:
        return
    rank = WHOLE if here.begins_item else LAST
    is_last = bool(enclosing.sections(stack)) or has_policy(place)
    found = [snippets.practice(action) for action in _usual_actions(place)]
    found += [each for each in snippets.items() if each.word != "policy" or not is_last]
    for number, each in enumerate(found):
        yield offer((rank, number), snippet(each.label, each.body, here.word, each.says))


def _usual_actions(place: Place) -> list[str]:
    """The actions on data that the policy has most sentences with; of a new one, the first of the library."""
    names = place.names
    used = visible.uses(place.workspace, place.path).get("do", Counter())
    terms = sorted(visible.terms(names, ("action",), used), key=lambda each: (-each.uses, each.nearness))
    found: list[str] = []
    for term in terms[:_LOOKED_AT]:
        name = visible.written(names, term.definition, ("action",)) if term.nearness < visible.UNSEEN else None
        if name is not None and len(found) < _ACTIONS and names.find(*without_kind(name, ("action",))):
            if visible.takes(place.workspace, names, [nodes.Name(name, Span(0, 0))]) == ("data",):
                found.append(name)
    return found
