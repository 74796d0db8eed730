"""Terms, where a name may stand: those whose kind fits there, and whose name means them there."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import NamedTuple

from policyspec import library
from policyspec.diagnostic import Edit
from policyspec.ide import described, enclosing, visible
from policyspec.ide.enclosing import Slot
from policyspec.ide.expected import Expected
from policyspec.ide.offers.place import FIRST, NEW, WORD, Completion, Offer, Offers, Place, offer
from policyspec.ide.reading import Stack
from policyspec.ide.visible import Term
from policyspec.kinds import CLAUSES, FAMILIES, KINDS, Takes, fields_of
from policyspec.library import compiled
from policyspec.names import OUTSIDE, Block, Kinds, without_kind
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.syntax import nodes

_KIND = {
    "policy": "module", "party": "class", "subject": "interface", "data": "variable", "purpose": "enum_member",
    "basis": "type_parameter", "exception": "enum", "permission": "constant", "safeguard": "unit", "right": "method",
    "channel": "reference", "place": "struct", "event": "event", "action": "function",
}  # fmt: skip
# Scripts that are written without spaces: one begins to type in the middle of what others would write as a word.
_UNSPACED = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[\u3040-\u30ff\u3400-\u9fff])")
# What an action stands behind, if not behind a sentence.
_BEFORE_ACTION = frozenset((
    "MAY", "MUST", "SHOULD", "NEVER", "EVERY", "NO", "SOME", "ALLOWS", "FORBIDS", "UNDECLARED", "COMMA", "OR",
    "modality", "verdict",
))  # fmt: skip


class _Wanted(NamedTuple):
    """Which terms fit: those of these kinds that are not `listed`, but for those that `cannot` stand there.

    `used` is a key of `visible.uses`.
    """

    kinds: Kinds
    used: str
    listed: tuple[str, ...] = ()
    block: Block = OUTSIDE
    cannot: Callable[[Definition], bool] = lambda term: False
    rank: int = FIRST


def offers(place: Place, before: Stack, slot: Slot, front: str) -> Offers:
    """The terms that fit where a name stands behind `before`; `front` is what is written of a path, with its dot."""
    wanted = _wanted(place, before, slot)
    if wanted is None or not wanted.kinds:
        return
    names, here = place.names, place.here
    used = visible.uses(place.workspace, place.path).get(wanted.used, Counter())
    listed = visible.listed(names, wanted.listed, wanted.kinds, wanted.block)
    texts = _texts(place)
    span = here.word._replace(start=here.word.start + len(front))
    for number, term in enumerate(visible.terms(names, wanted.kinds, used)):
        if term.definition not in listed and not wanted.cannot(term.definition):
            text = texts.get(term.definition) or _library_text(term.definition)
            yield Offer(
                (wanted.rank, *term.order, number),
                text.removeprefix(front.casefold()) if front else text,
                partial(_made, place, term, wanted, front, span, text),
                is_one_of_many=True,
            )
    if front:
        yield from _deeper(front, span)


# ── Which terms fit ─────────────────────────────────────────────────────────────────────────────────


def _wanted(place: Place, before: Stack, slot: Slot) -> _Wanted | None:
    here = place.here
    listed = (*slot.listed, *enclosing.listed_behind(here))
    match slot.part:
        case "action":
            return _actions(here, listed)
        case "object":
            return _Wanted(_objects(place, before), "", listed)
        case "clause":
            kinds = CLAUSES[slot.word].kinds
            if slot.word == "unless" and "right" not in _objects(place, before):
                # It would lift nothing: an act has no right in it.
                kinds = tuple(kind for kind in kinds if kind != "right")
            return _Wanted(kinds, slot.word, listed)
        case "event":
            return _Wanted(FAMILIES["event"], "after")
        case "existing":
            return _Wanted((slot.word,), "")
        case "extended":
            return _Wanted((slot.word,), "", cannot=lambda term: term.module == place.names.module.name)
        case "parent":
            return _parents(place, before, listed)
        case "foreign_parent":
            return _foreign_parents(place, before, listed)
        case "value":
            return _values(place, before, slot.word, listed)
    return None


def _actions(here: Expected, listed: tuple[str, ...]) -> _Wanted | None:
    is_begun = here.stack[-1].symbol in _BEFORE_ACTION
    if not is_begun and (not here.begins_item or enclosing.clauses_behind(here)):
        # On the line of a sentence, an action would be read as one of its objects that lacks a comma.
        return None
    return _Wanted(("action",), "do", listed, rank=FIRST if is_begun else NEW)


def _objects(place: Place, before: Stack) -> Kinds:
    """The kinds of what is done to."""
    sentence = enclosing.sentence(before)
    actions = sentence.actions if sentence is not None else ()
    return visible.takes(place.workspace, place.names, actions) or ("data",)


def _parents(place: Place, before: Stack, listed: tuple[str, ...]) -> _Wanted | None:
    declaring = enclosing.declaring(before)
    if declaring is None or declaring.what not in KINDS or declaring.what == "policy":
        return None
    kinds, name = FAMILIES[declaring.what], declaring.names[-1].text
    *outers, declared = _declared(place, declaring)
    if declared is None:
        return _Wanted(kinds, "is", listed, cannot=lambda term: term.name == name)
    block = Block(tuple(each for each in outers if each is not None), declared)
    cannot = visible.never_parents(place.workspace, place.path, place.names, declared)
    # A child is below the term around it anyway.
    return _Wanted(kinds, "is", listed, block, lambda term: term in block.outers or cannot(term))


def _foreign_parents(place: Place, before: Stack, listed: tuple[str, ...]) -> _Wanted | None:
    declaring = enclosing.declaring(before)
    if declaring is None or declaring.what not in KINDS:
        return None
    kinds, name = FAMILIES[declaring.what], declaring.names[-1].text
    found = place.names.find(*without_kind(name, (declaring.what,)))
    cannot = visible.never_extended(place.workspace, place.path, place.names, found[0] if len(found) == 1 else None)
    return _Wanted(kinds, "is", (*listed, name), cannot=cannot)


def _declared(place: Place, block: enclosing.Block) -> list[Definition | None]:
    """The terms whose declarations are open, the outermost first."""
    found = {each.name_span.start: each for each in place.names.module.definitions if each.file == place.path}
    return [found.get(name.start) for name in block.names]


def _values(place: Place, before: Stack, field: str, listed: tuple[str, ...]) -> _Wanted | None:
    block = enclosing.block(before)
    takes = field_takes(block, field)
    if block is None or takes is None or takes.form != "terms":
        return None
    outers = tuple(each for each in _declared(place, block) if each is not None)
    return _Wanted(takes.kinds, f"{field}:", listed, Block(outers) if outers else OUTSIDE)


def field_takes(block: enclosing.Block | None, field: str | None) -> Takes | None:
    """What a field of a block takes; None where there is no such field."""
    known = fields_of(block.what) if block is not None and block.what else {}
    return known[field][0] if field in known else None


# ── What is offered of a term ───────────────────────────────────────────────────────────────────────


def _made(place: Place, term: Term, wanted: _Wanted, front: str, span: Span, text: str) -> Completion | None:
    each = term.definition
    edits = _import(place, each.module, span) if term.nearness == visible.UNSEEN else ()
    if term.nearness == visible.UNSEEN and not edits:
        return None
    label = _label(place, term, wanted, front)
    if label is None:
        return None
    return Completion(
        label,
        _KIND[each.kind],
        described.titles(each),
        label,
        span,
        edits=edits,
        filter=_filter(label, text, place.here.typed[len(front) :]),
        description=_whence(term, len(wanted.kinds) > 1),
        key=f"term {each.kind} {each.path} {each.module if each.is_library else each.file}",
    )


def _label(place: Place, term: Term, wanted: _Wanted, front: str) -> str | None:
    """What to write for a term behind what is written of its path; None where no name means it."""
    names, each = place.names, term.definition
    if term.nearness == visible.UNSEEN:
        whole = each.qualified if front else visible.written_unseen(names, each, wanted.kinds)
        return whole[len(front) :] if whole.startswith(front) else None
    if not front:
        return visible.written(names, each, wanted.kinds, wanted.block)
    for text in visible.spellings(names, each):
        if text.startswith(front) and visible.means(names, text, each, wanted.kinds, wanted.block):
            return text[len(front) :]
    return None


def _deeper(front: str, span: Span) -> Offers:
    """The rest of the names of modules that begin like this: `pipl` behind `cn.`."""
    for name in library.names():
        if name.startswith(front):
            rest = name[len(front) :]
            title = described.module_title(name)
            yield offer((WORD, len(rest)), Completion(rest, "module", title, rest, span, key=f"module {name}"))


def _texts(place: Place) -> dict[Definition, str]:
    """What is said of each of the file's own terms, to be compared with what is typed."""

    def make() -> dict[Definition, str]:
        aliases = visible.aliases(place.names.module)
        return {each: _text(each, aliases.get(each, ())) for each in place.names.module.definitions}

    return place.workspace.once("texts of terms", place.path, make)


@lru_cache(maxsize=1 << 14)
def _library_text(term: Definition) -> str:
    fields = compiled.resolution(term.module).fields if term.is_library else {}
    return _text(term, fields.get(term, {}).get("alias", ()))


def _text(term: Definition, aliases: Iterable[str]) -> str:
    return " ".join((term.path, *aliases, *(title for title, _ in term.titles))).casefold()


def _filter(label: str, text: str, typed: str) -> str:
    """What an editor compares with what is typed: the name first, or else what is like that.

    Editors look for the first letter at the beginnings of words only, which some scripts do not mark; and some look at
    the very beginning alone.
    """
    said = f"{label} {_UNSPACED.sub(' ', text)}"
    folded = typed.casefold()
    if folded and not label.casefold().startswith(folded) and (at := text.find(folded)) >= 0:
        return f"{text[at:]} {said}"
    return said


def _whence(term: Term, several: bool) -> str:
    """The kind, where terms of several are offered, and where a term comes from if it is not the file's own."""
    each = term.definition
    parts = [each.kind] if several else []
    if term.nearness == visible.UNSEEN:
        parts.append(f"import {each.module}")
    elif term.nearness != visible.OWN:
        parts.append(each.module if each.is_library else posixpath.basename(each.file))
    return ", ".join(parts)


# ── Terms of modules that are not imported ──────────────────────────────────────────────────────────


def _import(place: Place, module: str, span: Span) -> tuple[Edit, ...]:
    """The edit that adds a module to the file's last import, or else imports it; none where that is in the way."""
    if place.is_library:
        return ()
    at, text = place.workspace.once("place of imports", place.path, lambda: _import_place(place))
    return () if span.start <= at <= span.end else (Edit(Span(at, at), text.replace("*", module)),)


def _import_place(place: Place) -> tuple[int, str]:
    last = 0
    for start, node in place.tree.items:
        if type(node) is nodes.Import and node.modules and all(each.text for each in node.modules):
            last = start + node.modules[-1].span.end
    if last:
        return last, ", *"
    first = place.tree.items[0] if place.tree.items else None
    return (first.start + first.node.span.start if first else 0), "import *\n"
