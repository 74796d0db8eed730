"""What is below what, and how data flow, as trees that an editor opens step by step.

Types are terms. Flows go between terms and sentences: from whom data come → the sentence that collects them → who
collects; who shares → the sentence → who receives; and data stand before the sentences that give them away, and behind
those that collect them. Prohibitions let nothing flow. Which sentences do what, the vocabulary says: data come in by an
action that entails others, and go out where there is a recipient.

An item has all that it takes to find it again in its key. What is gone by then has nothing above or below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from policyspec import library
from policyspec.ide import navigation, symbols
from policyspec.library import compiled
from policyspec.order import Order
from policyspec.scope import Definition
from policyspec.source import Span
from policyspec.statements import Sentence, sentences
from policyspec.syntax import nodes
from policyspec.workspace import Workspace

_SENTENCE = "sentence"
_PERSONS = ("party", "subject")


class Item(NamedTuple):
    """A term or a sentence; `key` is what it is found by: `kind:module or file:path`, of sentences their words."""

    name: str
    detail: str
    kind: str
    path: str
    span: Span
    name_span: Span
    key: str


class Flow(NamedTuple):
    """What data flow to or from, and the places in the file of the one they come from that say so."""

    item: Item
    spans: tuple[Span, ...]


# ── Types ────────────────────────────────────────────────────────────────────────────────────────


def types_at(workspace: Workspace, path: str, offset: int) -> tuple[Item, ...]:
    """The term at an offset."""
    found = navigation.named(workspace, path, offset)
    return _items([found.definition]) if found is not None else ()


def supertypes(workspace: Workspace, item: Item) -> tuple[Item, ...]:
    """The terms directly above one, by its declaration or by an `extend`."""
    term = _term(workspace, item.key)
    return _items(navigation.order(workspace, term).parents(term)) if term is not None else ()


def subtypes(workspace: Workspace, item: Item) -> tuple[Item, ...]:
    """The terms directly below one, the workspace's own first."""
    term = _term(workspace, item.key)
    if term is None:
        return ()
    order = navigation.order(workspace, term)
    return _items(each for each in order.of(order.below(term)) if term in order.parents(each))


# ── Flows ────────────────────────────────────────────────────────────────────────────────────────


def flows_at(workspace: Workspace, path: str, offset: int) -> tuple[Item, ...]:
    """The data or the person named at an offset, else the sentence there, if one lets data flow."""
    found = navigation.named(workspace, path, offset)
    if found is not None and found.definition.kind in ("data", *_PERSONS):
        return _items([found.definition])
    near = (
        each
        for each in _passages(workspace).values()
        if each.sentence.file == path and each.sentence.span.start <= offset <= each.sentence.span.end
    )
    return tuple(_sentence_item(each) for each in near if each.gets or each.gives)


def incoming(workspace: Workspace, item: Item) -> tuple[Flow, ...]:
    """Where data come from: for data, the sentences that collect them; for a person, those by which it receives some;
    for a sentence, whose data it takes.
    """
    return tuple(_flows(workspace, item, is_incoming=True))


def outgoing(workspace: Workspace, item: Item) -> tuple[Flow, ...]:
    """Where data go: for data, the sentences that give them away; for a person, those by which it gives some; for a
    sentence, who receives them.
    """
    return tuple(_flows(workspace, item, is_incoming=False))


def _flows(workspace: Workspace, item: Item, is_incoming: bool) -> Iterator[Flow]:
    passages = _passages(workspace)
    if (passage := passages.get(item.key)) is not None:
        for person in passage.sources if is_incoming else passage.sinks:
            where = person.file if is_incoming else passage.sentence.file
            yield from (Flow(each, _written(workspace, passage, person, where)) for each in _items([person]))
        return
    term = _term(workspace, item.key)
    if term is None:
        return
    order, files = navigation.order(workspace, term), navigation.files_of(workspace, term)
    for passage in passages.values():
        if passage.sentence.file in files and _concerns(passage, term, order, is_incoming):
            where = passage.sentence.file if is_incoming else term.file
            yield Flow(_sentence_item(passage), _written(workspace, passage, term, where))


class _Passage(NamedTuple):
    """A sentence that data pass through: whether somebody gets them by it, or gives them away, from whom, to whom."""

    key: str
    sentence: Sentence
    gets: bool
    gives: bool
    sources: tuple[Definition, ...]
    sinks: tuple[Definition, ...]


def _concerns(each: _Passage, term: Definition, order: Order, is_incoming: bool) -> bool:
    """Whether a sentence lets data flow to a term, or from it: itself, one above it or one below it."""
    if term.kind == "data":
        chosen = each.sentence.says.objects if (each.gets if is_incoming else each.gives) else ()
    elif is_incoming:
        # Who gives data to all of a sort, and is of that sort, does not give them to itself.
        chosen = () if each.gives and not each.gets and term in each.sources else each.sinks
    else:
        chosen = each.sources
    return any(order.covers(term, other) or order.covers(other, term) for other in chosen)


def _passages(workspace: Workspace) -> Mapping[str, _Passage]:
    """The sentences of all files that say of data that they flow, by key."""

    def make() -> dict[str, _Passage]:
        found: dict[str, _Passage] = {}
        for path in sorted(workspace.sources):
            by, from_ = _speakers(workspace, path)
            alike: Counter[str] = Counter()
            for each in sentences(workspace.resolution(path), path, by, from_):
                words = " ".join(workspace.source(path).text[each.head.start : each.head.end].split())
                alike[words] += 1
                made = _passage(workspace, each, f"{_SENTENCE}:{path}:{alike[words]}:{words}")
                if made is not None:
                    found[made.key] = made
        return found

    return workspace.once("passages", "", make)


def _passage(workspace: Workspace, sentence: Sentence, key: str) -> _Passage | None:
    says = sentence.says
    if says.modality == "never" or not says.actions or not any(each.kind == "data" for each in says.objects):
        return None
    order = navigation.order(workspace, says.actions[0])
    to = says.terms("to") or tuple(each for action in says.actions for each in order.field(action, "to"))
    to = tuple(each for each in to if each.kind in _PERSONS)
    gets = any(order.field(action, "entails") for action in says.actions)
    if not gets and not to:
        return None
    by, from_ = says.terms("by") or sentence.by, says.terms("from") or sentence.from_
    sources = (*(from_ if gets else ()), *(by if to else ()))
    sinks = (*(by if gets else ()), *to)
    return _Passage(key, sentence, gets, bool(to), tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(sinks)))


def _speakers(workspace: Workspace, path: str) -> tuple[tuple[Definition, ...], tuple[Definition, ...]]:
    """The provider and the audience of the policy that a file declares, or of one that imports it."""
    around = (each for each in sorted(workspace.sources) if path in workspace.closure(each))
    header = next((found for each in chain([path], around) if (found := workspace.header(each)) is not None), None)
    fields = workspace.resolution(header.file).fields.get(header, {}) if header is not None else {}
    return fields.get("provider", ()), fields.get("audience", ())


def _written(workspace: Workspace, passage: _Passage, term: Definition, where: str) -> tuple[Span, ...]:
    """Where a file says that a term has to do with a sentence: by its names for it, else by the sentence's first
    words; in another file than the sentence's, by the term's own name.
    """
    sentence = passage.sentence
    if where != sentence.file:
        return (term.name_span,)
    order = navigation.order(workspace, term)
    references = workspace.resolution(where).references.get(where, {})
    found = [
        reference.span
        for name in navigation.names_in(sentence.node.statement)
        if (reference := references.get(name.span.start + sentence.base)) is not None
        and (order.covers(reference.definition, term) or order.covers(term, reference.definition))
    ]
    return tuple(found) or (_beginning(sentence),)


def _beginning(sentence: Sentence) -> Span:
    """A sentence's modality and actions."""
    node: nodes.Statement = sentence.node.statement
    return Span(node.span.start, node.actions[-1].span.end).shifted(sentence.base)


# ── Items ────────────────────────────────────────────────────────────────────────────────────────


def _items(terms: Iterable[Definition]) -> tuple[Item, ...]:
    return tuple(_item(each) for each in terms if each.is_defined)


def _item(term: Definition) -> Item:
    title = term.titles[0][0] if term.titles else ""
    detail = " · ".join(filter(None, (term.module if term.is_library else "", title)))
    key = f"{term.kind}:{term.module if term.is_library else term.file}:{term.path}"
    return Item(term.path, detail, symbols.OF_KIND[term.kind], term.file, term.span, term.name_span, key)


def _sentence_item(passage: _Passage) -> Item:
    """A sentence as the outline shows it."""
    sentence = passage.sentence
    name, detail = symbols.sentence(sentence.node.statement)
    return Item(name, detail, "method", sentence.file, sentence.span, _beginning(sentence), passage.key)


def _term(workspace: Workspace, key: str) -> Definition | None:
    """The term that a key is of, if there is one."""
    kind, _, rest = key.partition(":")
    name, _, path = rest.rpartition(":")
    if name in workspace.sources:
        module = workspace.module(name)
    elif name in library.names():
        module = compiled.module(name)
    else:
        return None
    return next((each for each in module.exact.get(path, ()) if each.kind == kind), None)
