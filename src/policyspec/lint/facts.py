"""What a policy says, as rules read it: its sentences and what they mean, its own terms, and where that stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from policyspec.acts import Acts, Clash
from policyspec.diagnostic import Fix, Related, Severity
from policyspec.order import Order
from policyspec.scope import CORE, Definition, Resolution
from policyspec.source import Source, Span
from policyspec.statements import OBJECTS, Sentence
from policyspec.syntax import nodes
from policyspec.syntax.nodes import Name

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule finds, before it has the rule's name and level. `level` is only there where it differs from the
    rule's.
    """

    message: str
    path: str
    span: Span
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    help: str = ""
    level: Severity | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A node of a tree: its file, what its spans count from, and the sections around it, the outermost first."""

    node: nodes.Item
    path: str
    base: int
    sections: tuple[nodes.Section, ...] = ()

    def span(self, span: Span) -> Span:
        """A span of the node, as one in the file."""
        return span.shifted(self.base)


@dataclass(frozen=True, eq=False)
class Facts:
    """A policy and the files that it imports.

    `resolutions` are by file and by library module, `order` has their taxonomies, `sentences` those of all files in
    order. `is_whole` is false while something in the files could not be read: then nothing follows from what is not
    there.
    """

    path: str
    header: Definition
    sources: Mapping[str, Source]
    resolutions: Mapping[str, Resolution]
    order: Order
    sentences: tuple[Sentence, ...]
    is_whole: bool = True

    # ── What it says ────────────────────────────────────────────────────────────────────────────

    @cached_property
    def acts(self) -> Acts:
        return Acts(self.order, self.sentences)

    @cached_property
    def practices(self) -> tuple[Sentence, ...]:
        """What is done: sentences without a modality or with `may`, exemptions (`without`) among them."""
        return tuple(each for each in self.sentences if not each.says.modality)

    @cached_property
    def duties(self) -> tuple[Sentence, ...]:
        """What must or should be done."""
        return tuple(each for each in self.sentences if each.says.modality in ("must", "should"))

    @cached_property
    def prohibitions(self) -> tuple[Sentence, ...]:
        return tuple(each for each in self.sentences if each.says.modality == "never")

    def clashes(self, verdict: str) -> Iterator[Clash]:
        """What bans say of other sentences, of one kind: see `acts.VERDICTS`."""
        return (each for each in self.acts.clashes if each.verdict == verdict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What several rules need of a policy, made when the first of them asks."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    # ── Its terms ───────────────────────────────────────────────────────────────────────────────

    @cached_property
    def own(self) -> tuple[Definition, ...]:
        """The terms that the policy's own files declare, but not the policy itself."""
        return tuple(
            each
            for file in self.sources
            for each in self.resolutions[file].module.definitions
            if each is not self.header and each.kind != "policy"
        )

    @cached_property
    def imports(self) -> frozenset[str]:
        """The library modules that it imports, directly or through others."""
        return frozenset(each for each in self.resolutions if each not in self.sources)

    @cached_property
    def _uppers(self) -> dict[tuple[str, tuple[str, ...], str], int]:
        return {}

    def term(self, kind: str, path: str, module: str = CORE) -> Definition | None:
        """A term of the library; None where the policy does not have the module, or that not the term."""
        resolution = self.resolutions.get(module)
        found = resolution.module.exact.get(path, ()) if resolution else ()
        return next((each for each in found if each.kind == kind), None)

    def is_a(self, term: Definition, kind: str, *paths: str, module: str = CORE) -> bool:
        """Whether a term is one of these terms of the library, or below one."""
        key = (kind, paths, module)
        uppers = self._uppers.get(key)
        if uppers is None:
            terms = (self.term(kind, path, module) for path in paths)
            uppers = self._uppers[key] = self.order.bits(each for each in terms if each is not None)
        return bool(self.order.above(term) & uppers)

    def fields(self, term: Definition) -> Mapping[str, Any]:
        """A term's fields: definitions for names, (text, language) for texts."""
        resolution = self.resolutions.get(term.module if term.is_library else term.file)
        return resolution.fields.get(term, {}) if resolution else {}

    @property
    def policy_fields(self) -> Mapping[str, Any]:
        """The fields of the policy's header."""
        return self.fields(self.header)

    @property
    def provider(self) -> tuple[Definition, ...]:
        found: tuple[Definition, ...] = self.policy_fields.get("provider", ())
        return found

    @cached_property
    def mentions(self) -> Mapping[Definition, tuple[tuple[str, Span], ...]]:
        """Every name in the files by what it means, with its places; declarations of the term itself are not among
        them.
        """
        found: dict[Definition, list[tuple[str, Span]]] = {}
        for path in self.sources:
            for reference in self.resolutions[path].references.get(path, {}).values():
                each = reference.definition
                if each.file != path or each.name_span != reference.span:
                    found.setdefault(each, []).append((path, reference.span))
        return {each: tuple(sorted(places)) for each, places in found.items()}

    # ── Its items ───────────────────────────────────────────────────────────────────────────────

    @cached_property
    def items(self) -> tuple[Placed, ...]:
        """Every item of the policy's files in order, those in sections behind their section."""
        found: list[Placed] = []

        def walk(path: str, placed: Iterable[nodes.Placed], base: int, around: tuple[nodes.Section, ...]) -> None:
            for start, node in placed:
                found.append(Placed(node, path, base + start, around))
                if type(node) is nodes.Section:
                    walk(path, node.items, base + start, (*around, node))

        for path in self.sources:
            walk(path, self.resolutions[path].module.trees[path].items, 0, ())
        return tuple(found)

    @cached_property
    def declarations(self) -> Mapping[Definition, tuple[nodes.Declaration, str, int]]:
        """The node of each own term, with its file and what its spans count from."""
        found: dict[Definition, tuple[nodes.Declaration, str, int]] = {}
        by_place = {
            (each.file, each.name_span.start): each
            for path in self.sources
            for each in self.resolutions[path].module.definitions
        }
        for placed in self.items:
            todo: list[nodes.Node] = [placed.node]
            while todo:
                node = todo.pop()
                if type(node) is nodes.Declaration:
                    made = by_place.get((placed.path, node.name.span.start + placed.base))
                    if made is not None:
                        found[made] = (node, placed.path, placed.base)
                    todo += node.members
        return found

    # ── Places ──────────────────────────────────────────────────────────────────────────────────

    def names(self, sentence: Sentence, word: str | None = None) -> Iterator[tuple[Definition, Span]]:
        """The terms that a sentence writes after a clause word (OBJECTS, `action`; all for None), with their places."""
        node = sentence.node.statement
        references = self.resolutions[sentence.file].references.get(sentence.file, {})

        def written(names: Iterable[Name]) -> Iterator[tuple[Definition, Span]]:
            for name in names:
                found = references.get(name.span.start + sentence.base)
                if found is not None:
                    yield found.definition, found.span

        if word in (None, "action"):
            yield from written(node.actions)
        if word in (None, OBJECTS):
            yield from written(name for item in node.objects for name in item.names)
        for clause in node.clauses:
            if word in (None, clause.word.text):
                yield from written(name for item in clause.items for name in item.names)

    def place(self, sentence: Sentence, term: Definition | None, word: str | None = None) -> Span:
        """Where a sentence writes a term, or one that is above it or below it; else its first words."""
        first = None
        for each, span in self.names(sentence, word):
            if each is term:
                return span
            if first is None and term is not None and (self.order.covers(each, term) or self.order.covers(term, each)):
                first = span
        return first or self.start(sentence)

    def start(self, sentence: Sentence) -> Span:
        """The place of a sentence as a whole: its modality and actions."""
        node = sentence.node.statement
        begin = node.modality.span.start if node.modality else node.span.start
        return Span(begin, node.actions[-1].span.end).shifted(sentence.base) if node.actions else sentence.head

    def clause(self, sentence: Sentence, word: str) -> Span | None:
        """The place of a clause, from its word to its last term."""
        found = next((each for each in sentence.node.statement.clauses if each.word.text == word), None)
        return found.span.shifted(sentence.base) if found is not None else None

    def field_span(self, term: Definition, name: str) -> Span:
        """The place of a field of an own term, else of the term's name."""
        if term in self.declarations:
            node, _, base = self.declarations[term]
            for each in node.members:
                if type(each) is nodes.Field and each.name.text == name:
                    return each.span.shifted(base)
        return term.name_span

    def declared_in(self, term: Definition, name: str) -> Definition:
        """The term that says what a field of an own term is: itself, or one that it is declared in."""
        while term.outer is not None and self.field_span(term, name) == term.name_span:
            term = term.outer
        return term

    def of_policy(self, message: str, **more: Any) -> Finding:
        """A finding about the policy as a whole, at its name."""
        return Finding(message, self.header.file, self.header.name_span, **more)

    def of_term(self, term: Definition, message: str, **more: Any) -> Finding:
        """A finding at the name of an own term."""
        return Finding(message, term.file, term.name_span, **more)

    def of_sentence(self, sentence: Sentence, message: str, span: Span | None = None, **more: Any) -> Finding:
        """A finding in a sentence, at a place of it."""
        return Finding(message, sentence.file, span or self.start(sentence), **more)

    def see(self, sentence: Sentence, message: str, span: Span | None = None) -> Related:
        """Another sentence, as a related place."""
        return Related(sentence.file, span or self.start(sentence), message)

    def see_term(self, term: Definition, message: str) -> Related:
        return Related(term.file, term.name_span, message)


def shown(*terms: Definition | None) -> str:
    """Terms as messages name them: `a`, `b` and `c`; of many, the first three."""
    names = list(dict.fromkeys(f"`{each.name}`" for each in terms if each is not None))
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def doing(sentence: Sentence) -> str:
    """A sentence's actions and objects, as messages quote it: `` `share certain_info` ``."""
    says = sentence.says
    actions = (" or " if says.any_of else ", ").join(each.name for each in says.actions)
    objects = [each.name for each in says.objects]
    more = ", …" if len(objects) > 2 else ""
    words = filter(None, (says.modality, actions, ", ".join(objects[:2]) + more))
    return f"`{' '.join(words)}`"
