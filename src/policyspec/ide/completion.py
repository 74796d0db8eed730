"""What may be written at a place: the grammar's words, the terms whose kind fits there, and snippets for whole items.

What is offered is no error where it is offered. The likeliest comes first: one's own terms, then what the policy uses
in such a place, then what is nearer in scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from policyspec import library
from policyspec.diagnostic import Diagnostic
from policyspec.ide import described, enclosing, expected, reading, visible
from policyspec.ide.offers import comments, fields, imports, periods, terms, titles, wholes, words
from policyspec.ide.offers.place import Completion, Offer, Offers, Place
from policyspec.kinds import CLAUSES, fields_of
from policyspec.library import compiled
from policyspec.lint import registry
from policyspec.scope import Definition
from policyspec.workspace import Workspace

__all__ = ["MOST", "Completion", "Completions", "complete", "documentation"]

# More than that nobody looks through.
MOST = 300


class Completions(NamedTuple):
    """Of an incomplete list there is more, or another one, when more has been typed."""

    items: tuple[Completion, ...] = ()
    is_incomplete: bool = False


def complete(
    workspace: Workspace, path: str, offset: int, snippets: bool, found: Sequence[Diagnostic] = ()
) -> Completions:
    """What may be written at an offset, the likeliest first; `found` is what is found in the file, for suppressions."""
    tree = workspace.tree(path)
    here = expected.at(tree, offset)
    place = Place(workspace, path, tree, here, visible.names(workspace, path), snippets)
    match here.inside:
        case "comment":
            return _limited(comments.offers(place, found), comments.typed(here))
        case "string":
            return _limited(imports.in_string(place), here.typed[1:])
        case "text":
            return Completions()
    return _limited(_in_code(place), here.typed.rpartition(".")[2])


def _in_code(place: Place) -> Offers:
    here = place.here
    if titles.is_behind(here):
        yield from titles.offers(place)
        if here.typed:
            return
    if here.last is not None and here.last.type == "NUMBER" and reading.takes(here.stack, "DURATION"):
        yield from periods.units(place)
        return
    if here.has_colon and reading.takes(here.stack, "FIELD"):
        yield from fields.offers(place)
        return
    front, dot, _ = here.typed.rpartition(".")
    before = expected.before_name(here)
    slot = enclosing.slot(before) if before is not None else None
    if before is not None and slot is not None:
        if slot.part == "import":
            yield from imports.offers(place, slot)
        else:
            yield from terms.offers(place, before, slot, front + dot)
    if not dot:
        yield from words.offers(place)
        yield from fields.offers(place)
        yield from fields.values(place)
        yield from periods.offers(place)
        if place.snippets:
            yield from wholes.offers(place)


def _limited(offers: Iterable[Offer], typed: str) -> Completions:
    """The likeliest offers, as many as an editor can use; if there are more, those like what is typed."""
    found = sorted(offers, key=lambda each: each.rank)
    is_incomplete = len(found) > MOST
    if is_incomplete and typed:
        alike = [(_likeness(typed.casefold(), each.text), each) for each in found]
        found = [each for _, each in sorted((pair for pair in alike if pair[0] < _UNLIKE), key=lambda pair: pair[0])]
    room = MOST - sum(not each.is_one_of_many for each in found)
    items = tuple(_made(found, room))
    return Completions(tuple(each._replace(sort=f"{at:04}") for at, each in enumerate(items)), is_incomplete)


def _made(offers: Iterable[Offer], room: int) -> Iterator[Completion]:
    """The first completions that turn out to fit, and as many of what there are very many of as there is room for."""
    for each in offers:
        if each.is_one_of_many and room <= 0:
            continue
        item = each.make()
        if item is not None:
            room -= each.is_one_of_many
            yield item


_UNLIKE = 4


def _likeness(typed: str, text: str) -> int:
    """How unlike a text is to what is typed: it begins so, a word of it does, it has it in it, or its letters."""
    if text.startswith(typed):
        return 0
    at = text.find(typed)
    if at > 0:
        return 2 if text[at - 1].isalnum() else 1
    name = text.partition(" ")[0]
    for letter in typed:
        at = name.find(letter, at + 1)
        if at < 0:
            return _UNLIKE
    return 3


# ── What is said of an item ─────────────────────────────────────────────────────────────────────────


def documentation(workspace: Workspace, path: str, key: str, language: str) -> str:
    """What is known of a completion, as Markdown, in a language if it is said in that; empty if nothing is known."""
    what, _, rest = key.partition(" ")
    match what, rest.split(" "):
        case "term", [kind, name, *where]:
            return _of_term(workspace, kind, name, " ".join(where), language)
        case "field", [of, name] if name in fields_of(of):
            takes, says = fields_of(of)[name]
            return f"{_sentence(says)}\n\nTakes {described.form(takes)}."
        case "word", [word] if word in CLAUSES:
            return f"{_sentence(CLAUSES[word].says)}\n\nTakes {CLAUSES[word].noun}."
        case "module", [name] if name in library.names():
            return described.module_page(name)
        case "rule", [name] if (rule := registry.known_rules().get(name)) is not None:
            return f"**{rule.summary}**\n\n{rule.page}".strip()
    return ""


def _sentence(says: str) -> str:
    return f"{says[:1].upper()}{says[1:]}."


def _of_term(workspace: Workspace, kind: str, name: str, where: str, language: str) -> str:
    if where in library.names():
        resolution = compiled.resolution(where)
    elif where in workspace.sources:
        resolution = workspace.resolution(where)
    else:
        return ""
    values: Mapping[Definition, Mapping[str, Any]] = resolution.fields
    found = next((each for each in resolution.module.exact.get(name, ()) if each.kind == kind), None)
    return described.term(found, values.get(found, {}), language) if found is not None else ""
