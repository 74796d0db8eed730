"""What sentences, rules and questions say: their terms in place of their names.

A tree says what was written, a resolution what each name means. Here the two are put together, without the defaults
that a sentence leaves unsaid, which `acts` knows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from policyspec.scope import Definition, Reference, Resolution
from policyspec.source import Span
from policyspec.syntax import nodes

# The place of a statement's objects, beside the clause words.
OBJECTS = ""


class Period(NamedTuple):
    """A period of `keep` or `within`. `form` is lasting, until, while, forever or quoted; `word` is at_least, at_most
    or empty.
    """

    form: str
    word: str = ""
    amount: int = 0
    unit: str = ""
    event: Definition | None = None
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """What a sentence says: alternatives, each of terms that hold jointly.

    `modality` is empty for a practice, else may, must, should or never. `clauses` has what is written, by clause word;
    `only` and `is_open` (a list that ends with `etc`) name clause words, and OBJECTS.
    """

    modality: str
    actions: tuple[Definition, ...]
    objects: tuple[Definition, ...]
    clauses: Mapping[str, tuple[tuple[Definition, ...], ...]] = field(default_factory=dict)
    periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    any_of: bool = False
    necessity: str = ""
    only: frozenset[str] = frozenset()
    is_open: frozenset[str] = frozenset()

    def terms(self, word: str) -> tuple[Definition, ...]:
        """All terms after a clause word."""
        items = self.clauses.get(word)
        if items is None:
            return ()
        return items[0] if len(items) == 1 else tuple(term for item in items for term in item)

    def says(self, word: str) -> bool:
        return word in self.clauses or word in self.periods


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence of a policy, and where it stands: `base` is what the spans of its node count from.

    `by` and `from_` are who acts and whose data it is where it does not say so. `sections` are around it, the outermost
    first.
    """

    says: Statement
    file: str
    base: int
    node: nodes.Practice
    fields: Mapping[str, tuple[Any, ...]]
    by: tuple[Definition, ...] = ()
    from_: tuple[Definition, ...] = ()
    sections: tuple[nodes.Section, ...] = ()

    @property
    def span(self) -> Span:
        return self.node.span.shifted(self.base)

    @property
    def head(self) -> Span:
        """Its words, without its fields."""
        return self.node.statement.span.shifted(self.base)


class Judgement(NamedTuple):
    """`every PATTERN needs …`, `no PATTERN`, `some PATTERN` or `some KIND NAME`."""

    word: str
    pattern: Statement | None = None
    declaration: Definition | None = None
    needs: Statement | None = None
    needs_declaration: Definition | None = None


class Demand(NamedTuple):
    """A rule in the language: its fields as plain values, those of the sections around it among them, and its
    judgements.

    `given` has the circumstances it depends on.
    """

    name: str
    titles: tuple[tuple[str, str | None], ...]
    fields: Mapping[str, tuple[Any, ...]]
    given: tuple[Definition, ...]
    judgements: tuple[Judgement, ...]
    file: str


# The fields of a section that hold for the rules in it.
SHARED = ("cite", "status", "since", "until")


def statement(node: nodes.Statement, base: int, references: Mapping[int, Reference]) -> Statement | None:
    """What a statement's words say; None if one of its names means nothing."""
    modality = node.modality.text if node.modality else ""
    actions = _meant(node.actions, base, references)
    objects = _meant([name for item in node.objects for name in item.names], base, references)
    found = _clauses(node.clauses, base, references)
    if actions is None or objects is None or found is None:
        return None
    clauses, periods, only, is_open = found
    if node.only is not None:
        only.add(OBJECTS)
    if any(not item.names for item in node.objects):
        is_open.add(OBJECTS)
    necessity = node.necessity.text if node.necessity else ""
    return Statement(
        "" if modality == "may" else modality, actions, objects, clauses, periods, "or" in node.joins, necessity,
        frozenset(only), frozenset(is_open),
    )  # fmt: skip


def judgements(node: nodes.Rule, base: int, references: Mapping[int, Reference]) -> Iterator[Judgement]:
    """What a rule demands; a demand with a name that means nothing is left out."""
    for member in node.members:
        if type(member) is not nodes.Judgement:
            continue
        pattern = declaration = needs = needed = None
        if type(member.pattern) is nodes.Existence:
            declaration = _one(member.pattern.name, base, references)
        elif type(member.pattern) is nodes.Statement:
            pattern = statement(member.pattern, base, references)
        if pattern is None and declaration is None:
            continue
        found = _clauses(member.needs, base, references)
        if found is None:
            continue
        if member.needs:
            needs = Statement("", (), (), found[0], found[1])
        if member.existence is not None:
            needed = _one(member.existence.name, base, references)
            if needed is None:
                continue
        yield Judgement(member.word.text, pattern, declaration, needs, needed)


def demands(resolution: Resolution) -> Iterator[Demand]:
    """The rules of a module, in order."""
    for path, tree in resolution.module.trees.items():
        yield from _demands(tree.items, 0, {}, path, resolution.references.get(path, {}))


def _demands(
    placed: Iterable[nodes.Placed],
    base: int,
    shared: Mapping[str, tuple[nodes.Value, ...]],
    path: str,
    references: Mapping[int, Reference],
) -> Iterator[Demand]:
    for start, node in placed:
        at = base + start
        if type(node) is nodes.Section:
            own = {each.name.text: each.values for each in node.fields if each.name.text in SHARED}
            yield from _demands(node.items, at, {**shared, **own}, path, references)
        elif type(node) is nodes.Rule and node.name.text:
            fields = {**shared, **{each.name.text: each.values for each in node.members if type(each) is nodes.Field}}
            given = _meant([each for each in fields.pop("given", ()) if type(each) is nodes.Name], at, references)
            titles = tuple((title.text, title.language) for title in node.titles)
            plain = {name: tuple(map(_plain, values)) for name, values in fields.items()}
            found = tuple(judgements(node, at, references))
            yield Demand(node.name.text, titles, plain, given or (), found, path)


def _plain(value: nodes.Value) -> Any:
    match value:
        case nodes.Title() | nodes.Name() | nodes.Kind():
            return value.text
        case nodes.Date() | nodes.Number() | nodes.Flag():
            return value.value
    return None


def sentences(
    resolution: Resolution, path: str, by: tuple[Definition, ...] = (), from_: tuple[Definition, ...] = ()
) -> Iterator[Sentence]:
    """The sentences of a file, in order, but those with a name that means nothing."""
    references = resolution.references.get(path, {})

    def walk(
        placed: Iterable[nodes.Placed], base: int, audience: tuple[Definition, ...], around: tuple[nodes.Section, ...]
    ) -> Iterator[Sentence]:
        for start, node in placed:
            at = base + start
            if type(node) is nodes.Section:
                own = [each for each in node.fields if each.name.text == "audience"]
                named = _meant(
                    [value for each in own for value in each.values if type(value) is nodes.Name], at, references
                )
                yield from walk(node.items, at, named or audience, (*around, node))
            elif type(node) is nodes.Practice and (says := statement(node.statement, at, references)) is not None:
                fields = {each.name.text: each.values for each in node.fields}
                yield Sentence(says, path, at, node, fields, by, audience, around)

    tree = resolution.module.trees.get(path)
    return walk(tree.items if tree else (), 0, from_, ())


def _one(name: nodes.Name, base: int, references: Mapping[int, Reference]) -> Definition | None:
    found = references.get(name.span.start + base)
    return found.definition if found is not None else None


def _meant(
    names: Iterable[nodes.Name], base: int, references: Mapping[int, Reference]
) -> tuple[Definition, ...] | None:
    """What names mean, or None if one means nothing."""
    found = []
    for name in names:
        reference = references.get(name.span.start + base)
        if reference is None:
            return None
        found.append(reference.definition)
    return tuple(found)


def _clauses(nodes_: Iterable[nodes.Clause], base: int, references: Mapping[int, Reference]) -> Any:
    clauses: dict[str, tuple[tuple[Definition, ...], ...]] = {}
    periods: dict[str, tuple[Period, ...]] = {}
    only: set[str] = set()
    is_open: set[str] = set()
    for clause in nodes_:
        word = clause.word.text
        if clause.only is not None:
            only.add(word)
        if word in ("keep", "within"):
            found = [_period(each, base, references) for each in clause.periods]
            periods[word] = tuple(each for each in found if each is not None)
            if len(periods[word]) < len(found):
                is_open.add(word)
            continue
        items = []
        for item in clause.items:
            if not item.names:
                is_open.add(word)
                continue
            terms = _meant(item.names, base, references)
            if terms is None:
                return None
            items.append(terms)
        clauses[word] = tuple(items)
    return clauses, periods, only, is_open


def _period(node: nodes.Period, base: int, references: Mapping[int, Reference]) -> Period | None:
    match node:
        case nodes.Lasting():
            event = _one(node.event, base, references) if node.event else None
            return Period("lasting", node.word, node.duration.amount, node.duration.unit, event)
        case nodes.Until():
            if type(node.end) is nodes.Date:
                return Period("until", date=node.end.value)
            return Period("until", event=_one(node.end, base, references))  # type: ignore[arg-type]
        case nodes.While():
            return Period("while", event=_one(node.event, base, references))
        case nodes.Quoted():
            return Period("quoted", event=_one(node.event, base, references) if node.event else None)
        case nodes.Forever():
            return Period("forever")
    return None
