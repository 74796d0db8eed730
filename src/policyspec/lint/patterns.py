"""Rules written in the language: what they say of a policy.

All patterns of all rules are asked at once: an index says of each sentence which patterns its words may match, so a
rule costs next to nothing where it does not apply. What a pattern matches is a part of a sentence's box of acts; a
need is judged for the alternatives of that part, and acts are told apart only where they have to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, islice, product
from typing import Any, NamedTuple

from policyspec.acts import JOINT, LIMIT, SCOPE, Box, Item, dimension, items, terms_by_dimension
from policyspec.diagnostic import Related
from policyspec.index import Index, numbers
from policyspec.lint.facts import Facts, Finding, doing, shown
from policyspec.lint.periods import is_within
from policyspec.lint.promises import promises
from policyspec.lint.rule import Rule
from policyspec.order import Order
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Judgement, Sentence, Statement

# The clauses that a pattern's conditions are in; `without` reads the other way.
_CONDITIONS = ("by", "from", "to", "for", "under", "when", "in", "with", "via")
_COVERED = SCOPE[:-1]
_AROUND = tuple(d for d in _COVERED if d != "obj")
# `under` and `when` speak of the same: the grounds of an act.
_SAME = {"under": ("under", "when"), "when": ("when", "under")}
_MAX_LISTED = 4
# So many objects and acts of a sentence are told apart; of more, the first ones stand for all.
_MANY = 64


@dataclass(frozen=True, eq=False)
class PatternRule:
    """A rule with what it demands, and the circumstances that it depends on."""

    rule: Rule
    judgements: tuple[Judgement, ...]
    given: tuple[Definition, ...] = ()

    @cached_property
    def entries(self) -> tuple[_Entry | Judgement, ...]:
        """Its judgements; those that look at sentences, as these are looked at."""
        return tuple(each if each.pattern is None else _entry(self, each, each.pattern) for each in self.judgements)


class _Condition(NamedTuple):
    """Alternatives of which an act has to be inside of one.

    `d` is their dimension, if it is one; `terms` are they where none of them is of terms that hold jointly.
    """

    items: tuple[Item, ...]
    d: str
    terms: tuple[Definition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """One judgement that looks at sentences.

    `terms` are those of its conditions by dimension, for the index, and `needed` what it needs by clause word. `words`
    has each clause word after `needs`, with those of which any states it; where these alone are asked for, `bare` has
    them.
    """

    rule: PatternRule
    judgement: Judgement
    pattern: Statement
    conditions: tuple[_Condition, ...]
    terms: Mapping[str, Iterable[Definition]]
    needed: Mapping[str, _Condition]
    lifts: tuple[Item, ...]
    waived: tuple[Definition, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]
    bare: tuple[str, ...]


def check(policy: Facts, rules: Sequence[PatternRule]) -> Iterator[tuple[PatternRule, Finding]]:
    """What the rules find. Rules that ask for something to be there are left out while the policy is not whole."""
    return _Check(policy, rules).run()


def _entry(rule: PatternRule, judgement: Judgement, says: Statement) -> _Entry:
    conditions: list[tuple[Item, ...]] = [
        tuple((("act", term),) for term in says.actions),
        tuple((("obj", term),) for term in says.objects),
    ]
    conditions += [items(says, word) for word in _CONDITIONS if word in says.clauses]
    conditions = [each for each in conditions if each]
    needs = judgement.needs or Statement("", (), ())
    needed = {word: _condition(items(needs, word)) for word in needs.clauses}
    wanted = (*needs.clauses, *needs.periods)
    is_bare = not judgement.needs_declaration and not any((*needs.clauses.values(), *needs.periods.values()))
    return _Entry(
        rule,
        judgement,
        says,
        conditions=tuple(map(_condition, conditions)),
        terms=terms_by_dimension(conditions),
        needed=needed,
        lifts=items(says, "unless"),
        waived=says.terms("without"),
        words=tuple((word, _SAME.get(word, (word,)) if needs.clauses.get(word) else (word,)) for word in wanted),
        # A default is no statement, which only a look at the acts can tell.
        bare=wanted if is_bare and not {"by", "to"} & {*wanted} else (),
    )


@lru_cache(maxsize=4096)
def _condition(alternatives: tuple[Item, ...]) -> _Condition:
    # The same one for rules that say the same: what fits it is found once.
    dims = {d for item in alternatives for d, _ in item}
    is_plain = len(dims) == 1 and all(len(item) == 1 for item in alternatives)
    terms = tuple(term for item in alternatives for _, term in item) if is_plain else ()
    return _Condition(alternatives, next(iter(dims)) if len(dims) == 1 else "", terms)


def _index(order: Order, entries: tuple[_Entry, ...]) -> Index:
    general = _of_library(order.library, entries) if order.library is not None else None
    return general.of_policy(order) if general is not None else _of_entries(order, entries)


# Policies mostly import the same modules, and so have the same rules.
@lru_cache(maxsize=32)
def _of_library(library: Order, entries: tuple[_Entry, ...]) -> Index | None:
    """The index of rules that speak only of terms of the library; None where others do."""
    terms = chain.from_iterable(terms for each in entries for terms in each.terms.values())
    return _of_entries(library, entries) if all(map(library.has, terms)) else None


def _of_entries(order: Order, entries: Sequence[_Entry]) -> Index:
    return Index(order, [each.terms for each in entries], order.above)


@dataclass(frozen=True, eq=False)
class _Elsewhere:
    """The sentences that state a clause, and which of them cover an act."""

    policy: Facts
    boxes: tuple[tuple[Sentence, Box], ...]
    index: Index
    _memory: dict[Any, Any] = field(default_factory=dict)

    def covering(self, box: Box, over: Mapping[str, Sequence[Any]], obj: Definition | None) -> int:
        """Those that cover every act of a part of a box with this object; None: with some object or other."""
        around = self._around(box, over)
        return around if obj is None else around & self.index.of("obj", obj)

    def uncovered(
        self, box: Box, over: Mapping[str, Sequence[Any]], wanted: int, objects: Sequence[Definition | None]
    ) -> list[Definition | None]:
        """The objects of a part of a box whose acts none of the `wanted` sentences covers all of."""
        around = self._around(box, over) & wanted
        if around & self.index.silent("obj"):
            return []
        covered: int | None = self._memory.get(around)
        if covered is None:
            covered = 0
            for number in numbers(around):
                for each in self.boxes[number][1].dims["obj"]:
                    covered |= self.policy.order.below(each) if each is not None else 0
            self._memory[around] = covered
        return [each for each in objects if each is None or not covered & self.policy.order.bit(each)]

    def _around(self, box: Box, over: Mapping[str, Sequence[Any]]) -> int:
        """Those that cover all acts of a part of a box in every dimension but the object's."""
        found = self.index.all
        for d in _AROUND:
            alternatives = over.get(d) or box.dims[d]
            key = (d, id(alternatives))
            kept = self._memory.get(key)
            if kept is None:
                mask = self.index.all
                for each in alternatives:
                    mask &= self._action(each) if d == "act" else self.index.of(d, each)
                # With the alternatives themselves, which so stay what their id stands for.
                kept = self._memory[key] = (mask, alternatives)
            found &= kept[0]
        return found

    def alone(self, alternative: Any) -> tuple[Any]:
        """An alternative by itself: the same tuple each time, for what is kept by it."""
        found: tuple[Any] = self._memory.setdefault(("alone", alternative), (alternative,))
        return found

    def _action(self, action: Definition | None) -> int:
        """What is said of using and storing covers what is collected."""
        found = self.index.of("act", action)
        for each in self.policy.order.field(action, "told_with") if action is not None else ():
            found |= self.index.of("act", each)
        return found


class _Bad(NamedTuple):
    """An alternative of a sentence that a rule finds fault with, and the objects it is about; `word` is the clause of
    the term to point at.
    """

    term: Definition | None
    word: str
    objects: tuple[Definition | None, ...]


class _Check:
    def __init__(self, policy: Facts, rules: Sequence[PatternRule]) -> None:
        self.policy = policy
        self.order = policy.order
        self.acts = policy.acts
        self.rules = rules
        self._said_elsewhere: dict[tuple[str, ...], _Elsewhere] = {}
        self._meeting: dict[tuple[int, str], int] = {}
        self._wanted: dict[int, int] = {}
        # With the alternatives themselves, which so stay what their id stands for.
        self._fitted: dict[tuple[int, int], tuple[tuple[Any, ...], tuple[Any, ...]]] = {}

    def run(self) -> Iterator[tuple[PatternRule, Finding]]:
        entries: dict[str, list[_Entry]] = {}
        lonely: list[tuple[PatternRule, Judgement]] = []
        wanted: dict[int, _Entry] = {}
        for rule in self.rules:
            for entry in rule.entries:
                judgement = entry.judgement if isinstance(entry, _Entry) else entry
                if judgement.word != "no" and not self.policy.is_whole:
                    continue
                if judgement.word == "some" and self._forswears_data and rule.rule.pack in self.policy.imports:
                    # Who does nothing with data need not say what law wants said of it.
                    continue
                if (
                    isinstance(entry, _Entry)
                    and judgement.needs_declaration is not None
                    and not entry.words
                    and self._is_declared(judgement.needs_declaration)
                ):
                    continue
                if not isinstance(entry, _Entry) or (judgement.word == "some" and entry.pattern.modality):
                    lonely.append((rule, judgement))
                else:
                    entries.setdefault(entry.pattern.modality, []).append(entry)
                    if judgement.word == "some":
                        wanted[id(entry)] = entry
        found: list[tuple[PatternRule, Finding]] = []
        for modality, of_modality in entries.items():
            index = _index(self.order, tuple(of_modality))
            for sentence in self.policy.sentences:
                if sentence.says.modality == modality:
                    for entry, parts in self._matches(sentence, index, of_modality, wanted):
                        if entry.judgement.word == "some":
                            if any(True for part in parts for _ in self._standing(*part)):
                                del wanted[id(entry)]
                            continue
                        finding = self._judge(sentence, entry, parts)
                        if finding is not None:
                            found.append((entry.rule, finding))
        for entry in wanted.values():
            found.append((entry.rule, self._missing(entry.rule)))
        for rule, judgement in lonely:
            if judgement.declaration is not None:
                is_there = self._is_declared(judgement.declaration)
            else:
                assert judgement.pattern is not None
                is_there = any(promises(self.order, each.says, judgement.pattern) for each in self.policy.sentences)
            if not is_there:
                found.append((rule, self._missing(rule)))
        return iter(found)

    def _missing(self, rule: PatternRule) -> Finding:
        return self.policy.of_policy(begun_in_lower_case(rule.rule.summary))

    # ── What a pattern matches ──────────────────────────────────────────────────────────────────

    def _matches(
        self, sentence: Sentence, index: Index, entries: Sequence[_Entry], wanted: Mapping[int, _Entry]
    ) -> Iterator[tuple[_Entry, list[tuple[Box, dict[str, tuple[Any, ...]]]]]]:
        """The patterns that a sentence matches, with the parts of its boxes that they match."""
        boxes = self.acts.boxes(sentence, wide=True)
        parts: dict[int, list[tuple[Box, dict[str, tuple[Any, ...]]]]] = {}
        for box in boxes:
            for number in numbers(index.any(box.dims)):
                entry = entries[number]
                # What has been found, or is stated in any case, need not be looked for.
                if entry.judgement.word == "some" and id(entry) not in wanted:
                    continue
                if entry.bare and all(map(sentence.says.says, entry.bare)):
                    continue
                part = self._part(sentence, box, entry)
                if part is not None:
                    parts.setdefault(number, []).append((box, part))
        for number in sorted(parts):
            yield entries[number], parts[number]

    def _part(self, sentence: Sentence, box: Box, entry: _Entry) -> dict[str, tuple[Any, ...]] | None:
        """The alternatives of a box's dimensions that a pattern matches; None if it does not."""
        pattern = entry.pattern
        if pattern.necessity and pattern.necessity != sentence.says.necessity:
            return None
        # An exemption answers only to `without`, which reads upward.
        waived = entry.waived
        if box.waived and not waived:
            return None
        if waived and not all(any(self.order.covers(each, term) for each in box.waived) for term in waived):
            return None
        for word, limits in pattern.periods.items():
            stated = sentence.says.periods.get(word, ())
            if not any(is_within(self.order, word, each, limit) for each in stated for limit in limits):
                return None
        over: dict[str, tuple[Any, ...]] = {}
        for condition in entry.conditions:
            d = condition.d
            if not d:
                # `to partner, US`: met in one dimension or the other.
                dims = {d for item in condition.items for d, _ in item}
                if not any(self._fits(d, each, condition.items) for d in dims for each in box.dims[d]):
                    return None
                continue
            fits = self._fitting(d, over.get(d, box.dims[d]), condition)
            if not fits:
                return None
            over[d] = fits
        return self._without_lifted(entry, box, over) if entry.lifts else over

    def _without_lifted(
        self, entry: _Entry, box: Box, over: dict[str, tuple[Any, ...]]
    ) -> dict[str, tuple[Any, ...]] | None:
        """The part of a box that the pattern's `unless` leaves; of terms joined by `and`, what not all cover wholly."""
        for item in entry.lifts:
            left = [
                tuple(each for each in over.get(d, box.dims[d]) if not self._is_covered_by(term, d, each))
                for d, term in item
            ]
            if not any(left):
                return None
            if len(item) == 1:
                over[item[0][0]] = left[0]
        return over

    def _fitting(self, d: str, alternatives: tuple[Any, ...], condition: _Condition) -> tuple[Any, ...]:
        """The alternatives that are inside of a condition."""
        key = (id(alternatives), id(condition))
        kept = self._fitted.get(key)
        if kept is None:
            above = self.order.above
            if not condition.terms:
                fits = tuple(each for each in alternatives if self._fits(d, each, condition.items))
            elif d in JOINT:
                wanted = self._wanted_of(condition)
                fits = tuple(each for each in alternatives if any(above(x) & wanted for x in each))
            else:
                wanted = self._wanted_of(condition)
                fits = tuple(each for each in alternatives if each is not None and above(each) & wanted)
            # What fits as a whole stays what it was, for those who keep something by it.
            kept = alternatives, alternatives if len(fits) == len(alternatives) else fits
            self._fitted[key] = kept
        return kept[1]

    def _wanted_of(self, condition: _Condition) -> int:
        wanted = self._wanted.get(id(condition))
        if wanted is None:
            wanted = self._wanted[id(condition)] = self.order.bits(condition.terms)
        return wanted

    def _fits(self, d: str, alternative: Any, condition: Iterable[Item]) -> bool:
        return any(
            all(each == d and self._is_covered_by(term, d, alternative) for each, term in item) for item in condition
        )

    def _is_covered_by(self, term: Definition, d: str, alternative: Any) -> bool:
        """Whether a term covers an alternative, or something of what holds jointly in it."""
        stated = alternative if d in JOINT else () if alternative is None else (alternative,)
        return any(self.order.covers(term, each) for each in stated)

    def _standing(self, box: Box, over: Mapping[str, tuple[Any, ...]]) -> Iterator[Definition | None]:
        """The objects of a part of which some act is left after narrowing: written, or not forbidden."""
        is_named = all(any(box.is_written(d, each) for each in over[d]) for d in over if d != "obj")
        is_left = self.acts.left(box, over, _MANY)
        objects = (
            obj for obj in over.get("obj", box.dims["obj"]) if (is_named and box.is_written("obj", obj)) or is_left(obj)
        )
        return islice(objects, _MANY)

    # ── every … needs …, and no … ───────────────────────────────────────────────────────────────

    def _judge(
        self, sentence: Sentence, entry: _Entry, parts: Sequence[tuple[Box, dict[str, tuple[Any, ...]]]]
    ) -> Finding | None:
        bad: list[_Bad] = []
        lacks: dict[str, None] = {}
        for box, over in parts:
            if entry.judgement.word == "no":
                bad += self._matched(sentence, entry, box, over)
            elif entry.judgement.needs_declaration is not None:
                if not self._is_declared(entry.judgement.needs_declaration):
                    bad += [_Bad(obj, OBJECTS, (obj,)) for obj in self._standing(box, over)]
            elif entry.judgement.needs is not None:
                for word, words in entry.words:
                    faults = list(self._unmet(sentence, entry, word, words, box, over))
                    if faults:
                        lacks[word] = None
                    bad += faults
        return self._finding(sentence, entry, bad, lacks) if bad else None

    def _matched(
        self, sentence: Sentence, entry: _Entry, box: Box, over: Mapping[str, tuple[Any, ...]]
    ) -> Iterator[_Bad]:
        standing = tuple(self._standing(box, over))
        if not standing:
            return
        # What a pattern says last is mostly what it is about.
        for word in reversed([*entry.pattern.clauses]):
            if sentence.says.says(word):
                for term in entry.pattern.terms(word):
                    d = dimension(word, term)
                    for alternative in over.get(d, ()):
                        for each in alternative if d in JOINT else (alternative,):
                            if each is not None and self.order.covers(term, each):
                                yield _Bad(each, word, standing)
                                return
        for obj in standing:
            yield _Bad(obj, OBJECTS, (obj,))

    def _unmet(
        self,
        sentence: Sentence,
        entry: _Entry,
        word: str,
        words: tuple[str, ...],
        box: Box,
        over: Mapping[str, tuple[Any, ...]],
    ) -> Iterator[_Bad]:
        """The parts of a box of which the policy does not state what is needed after a word, or one of like `words`."""
        if any(map(sentence.says.says, words)) and not (box.entailed and word in ("by", "to")):
            unmet = self._unmet_alternatives(word, entry, sentence.says, box, over)
            if unmet is not None:
                terms, part = unmet
                standing = tuple(self._standing(box, {**over, **part}))
                for term in terms if standing else ():
                    where = next((each for each in words if term in sentence.says.terms(each)), word)
                    yield _Bad(term, where, standing)
            return
        elsewhere = self._elsewhere(words)
        meeting = self._meets_elsewhere(entry, word, elsewhere)
        objects = over.get("obj", box.dims["obj"])
        if elsewhere.covering(box, over, None) & meeting:
            # A sentence about all data, where others state it of the data that there are, is met by these.
            objects = tuple(each for each in objects if each not in self._roots)
        suspects = elsewhere.uncovered(box, over, meeting, objects)
        suspects = [obj for obj in suspects[:_MANY] if not self._is_covered(elsewhere, meeting, box, over, obj)]
        if suspects:
            for obj in self._standing(box, {**over, "obj": tuple(suspects)}):
                yield _Bad(obj, OBJECTS, (obj,))

    def _is_covered(
        self, elsewhere: _Elsewhere, meeting: int, box: Box, over: Mapping[str, tuple[Any, ...]], obj: Definition | None
    ) -> bool:
        """Whether every act with this object is covered by a sentence that states what is needed."""
        if elsewhere.covering(box, over, obj) & meeting:
            return True
        if not elsewhere.index.of("obj", obj) & meeting:
            return False
        ways = [over.get(d, box.dims[d]) for d in _AROUND]
        if all(len(way) == 1 for way in ways):
            return False
        for pick in islice(product(*ways), LIMIT):
            alone = {d: elsewhere.alone(each) for d, each in zip(_AROUND, pick, strict=True)}
            if not elsewhere.covering(box, alone, obj) & meeting:
                return False
        return True

    def _unmet_alternatives(
        self, word: str, entry: _Entry, says: Statement, box: Box, over: Mapping[str, tuple[Any, ...]]
    ) -> tuple[list[Definition | None], dict[str, tuple[Any, ...]]] | None:
        """The terms of a clause that do not state what is needed, and the part of the box that has them."""
        needs = entry.judgement.needs
        assert needs is not None
        if word in needs.periods:
            limits, stated = needs.periods[word], says.periods.get(word, ())
            kept = stated and all(any(is_within(self.order, word, each, limit) for limit in limits) for each in stated)
            return None if kept or not limits else ([None], {})
        condition = entry.needed[word]
        wanted = condition.items
        if condition.d and word != "with":
            alternatives = over.get(condition.d, box.dims[condition.d])
            if self._fitting(condition.d, alternatives, condition) is alternatives:
                return None
        for d in dict.fromkeys(d for item in wanted for d, _ in item):
            # Of most clauses one thing suffices, of `with` all is needed.
            enough = all if word == "with" else any
            unmet = tuple(
                each
                for each in over.get(d, box.dims[d])
                if not enough(all(self._is_covered_by(term, d, each) for _, term in item) for item in wanted)
            )
            if not unmet:
                return None
            if d in SCOPE:
                return [*unmet], {d: unmet}
            # Of what holds jointly, what is most like the thing that is needed.
            kinds = {term.kind for item in wanted for _, term in item}
            likely = (min(each, key=lambda x: (x.kind not in kinds, x.path), default=None) for each in unmet)
            return list(dict.fromkeys(likely)), {d: unmet}
        return None

    # ── What other sentences say ────────────────────────────────────────────────────────────────

    def _elsewhere(self, words: tuple[str, ...]) -> _Elsewhere:
        if words not in self._said_elsewhere:
            boxes = []
            for sentence in self.policy.sentences:
                if sentence.says.modality == "never" or not any(map(sentence.says.says, words)):
                    continue
                for box in self.acts.boxes(sentence):
                    # Circumstances limit what a sentence says of other acts, and an exemption says nothing of them.
                    if box.waived or any(x.kind != "basis" for ground in box.dims["ground"] for x in ground):
                        continue
                    boxes.append((sentence, box))
            skip = {dimension(word, x) for sentence, _ in boxes for word in words for x in sentence.says.terms(word)}
            entries = [
                {d: {each for each in box.dims[d] if each is not None} for d in _COVERED
                 if d not in skip and box.dims[d] != (None,)}
                for _, box in boxes
            ]  # fmt: skip
            self._said_elsewhere[words] = _Elsewhere(
                self.policy, tuple(boxes), Index(self.order, entries, self.order.above)
            )
        return self._said_elsewhere[words]

    def _meets_elsewhere(self, entry: _Entry, word: str, elsewhere: _Elsewhere) -> int:
        """The sentences that state what is needed, in all of their alternatives."""
        key = (id(entry.judgement), word)
        if key not in self._meeting:
            found = 0
            for number, (sentence, box) in enumerate(elsewhere.boxes):
                if self._unmet_alternatives(word, entry, sentence.says, box, {}) is None:
                    found |= 1 << number
            self._meeting[key] = found
        return self._meeting[key]

    @cached_property
    def _roots(self) -> frozenset[Definition]:
        """The terms above all of their kind, such as all personal data."""
        return frozenset(self.order.with_field("root"))

    @cached_property
    def _forswears_data(self) -> bool:
        """Whether the policy says of some data that nothing is done with them, and of none that something is."""
        about_data = [each for each in self.policy.sentences if any(x.kind == "data" for x in each.says.objects)]
        return bool(about_data) and all(each.says.modality == "never" for each in about_data)

    def _is_declared(self, term: Definition) -> bool:
        """Whether the policy declares such a term, or does something with one."""
        return bool(self._there & self.order.below(term))

    @cached_property
    def _there(self) -> int:
        """The policy's own terms, and all that its sentences do something with."""
        found = self.order.bits(self.policy.own)
        for sentence in self.policy.sentences:
            if sentence.says.modality != "never":
                found |= self.order.bits(sentence.says.objects)
                for items_ in sentence.says.clauses.values():
                    for item in items_:
                        found |= self.order.bits(item)
        return found

    # ── Words ───────────────────────────────────────────────────────────────────────────────────

    def _finding(self, sentence: Sentence, entry: _Entry, bad: Sequence[_Bad], lacks: Iterable[str]) -> Finding:
        highest = self.order.highest(self.order.bits(each.term for each in bad if each.term is not None))
        kept = [each for each in bad if each.term is None or each.term in highest]
        first = kept[0]
        spans = dict.fromkeys(
            self.policy.clause(sentence, word) or self.policy.start(sentence)
            if term is None
            else self.policy.place(sentence, term, word)
            for term, word in dict.fromkeys((each.term, each.word) for each in kept)
        )
        span, *others = spans
        terms = [each.term for each in kept if each.term is not None]
        message = begun_in_lower_case(entry.rule.rule.summary)
        said = self._said(sentence, bad, first, terms, [*lacks])
        related = tuple(Related(sentence.file, each, "and here") for each in others[:_MAX_LISTED])
        return Finding(f"{message}: {said}" if said else message, sentence.file, span, related)

    def _said(
        self, sentence: Sentence, bad: Sequence[_Bad], first: _Bad, terms: Sequence[Definition], lacks: Sequence[str]
    ) -> str:
        """What of the sentence the rule is about."""
        if first.term is not None and first.word != OBJECTS:
            return f"{doing(sentence)} {first.word} {shown(*terms)}{self._among(sentence, bad)}"
        if lacks:
            lacking = " and no ".join(f"`{word}`" for word in lacks if not sentence.says.says(word))
            if lacking and terms:
                return f"{shown(*terms)} {'has' if len({*terms}) == 1 else 'have'} no {lacking}"
            if first.term is None:
                return f"what `{lacks[0]}` says of {doing(sentence)} is not enough{self._among(sentence, bad)}"
        return shown(*terms) if terms else doing(sentence)

    def _among(self, sentence: Sentence, bad: Sequence[_Bad]) -> str:
        """The objects that it is about, where these are not all that the sentence writes."""
        objects = self.order.highest(self.order.bits(obj for each in bad for obj in each.objects if obj is not None))
        return "" if {*sentence.says.objects} <= {*objects} else f" ({shown(*objects)})"


@lru_cache(maxsize=4096)
def begun_in_lower_case(text: str) -> str:
    """A title as a message: its first letter in lower case, but for names and abbreviations."""
    first, _, _ = text.partition(" ")
    if len(first) > 1 and (first[1:] != first[1:].lower() or not first[0].isalpha()):
        return text
    return text[:1].lower() + text[1:]
