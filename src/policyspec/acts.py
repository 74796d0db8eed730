"""What sentences mean: which acts they name, which they forbid, and whether an act is permitted.

An act says who does what with which datum, whose it is, who receives it, for what and where, and which grounds,
safeguards and means hold jointly. A practice names one act for each choice among its alternatives; a prohibition
forbids every act that it covers, but those that something stated lifts. What stands here is the whole of the meaning:
rules, tests and comparisons of policies ask this module, and nothing else reads sentences.

`Box` is a practice's acts without their product being made: what may stand in each dimension. All tests are of a
dimension at a time, so products are made only of what is left over by them, and of no more than LIMIT acts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain, islice, product
from operator import or_
from typing import Any, NamedTuple, TypeAlias

from policyspec.index import Index, numbers
from policyspec.order import Order
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence, Statement

# Dimensions in which an act has one term, or none, …
SCOPE = ("act", "obj", "by", "from", "source", "to", "dest", "for", "in")
# … and in which it has several that hold jointly.
JOINT = ("ground", "with", "via")
DIMENSIONS = (*SCOPE, *JOINT)
# How many acts of a product are looked at; a sentence that names more is judged by these.
LIMIT = 4096
# A sentence that breaks more prohibitions than this is held against the first of them.
_MOST_CLASHES = 32

# The dimension that a term of a kind belongs to where no clause says it, as after `unless`.
OF_KIND = {
    "action": "act", "party": "to", "subject": "from", "purpose": "for", "basis": "ground", "exception": "ground",
    "event": "ground", "safeguard": "with", "permission": "via", "channel": "via", "place": "in",
}  # fmt: skip
# The dimension of a clause's terms.
OF_CLAUSE = {"by": "by", "for": "for", "under": "ground", "when": "ground", "in": "in", "with": "with", "via": "via"}
# The clauses that say what a prohibition is limited to.
_LIMITS = ("from", "to", "for", "under", "when", "in", "with", "via")

Atom: TypeAlias = tuple[str, Definition]
# Terms that hold jointly, each in its dimension.
Item: TypeAlias = tuple[Atom, ...]
Act: TypeAlias = Mapping[str, frozenset[Definition]]
_NONE: frozenset[Definition] = frozenset()
# The alternatives of what is not said.
_UNSAID: tuple[None, ...] = (None,)
_NOTHING: tuple[frozenset[Definition], ...] = (_NONE,)

VERDICTS = (
    "none", "narrowing", "overlap", "broader", "unstated", "unlinked", "downgrade", "contradiction",
)  # fmt: skip
_GRAVITY = {verdict: number for number, verdict in enumerate(VERDICTS)}


def dimension(word: str, term: Definition) -> str:
    """The dimension of a term that stands after a clause word."""
    if word == "from":
        return "source" if term.kind == "party" else "from"
    if word == "to":
        return "dest" if term.kind == "place" else "to"
    return OF_CLAUSE.get(word) or of_kind(term)


def of_kind(term: Definition) -> str:
    return OF_KIND.get(term.kind, "obj")


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Acts, as the alternatives in each dimension: a term or None in SCOPE, a set that holds jointly in JOINT.

    `written` is the box of what the sentence itself writes, where this one has the policy's own terms below that too.
    `entailed` says that these are acts that follow from what it says.
    """

    dims: Mapping[str, tuple[Any, ...]]
    waived: frozenset[Definition]
    entailed: bool = False
    written: Box | None = None

    def is_written(self, d: str, alternative: Any) -> bool:
        """Whether the sentence itself writes an alternative."""
        return self.written is None or alternative in self.written.dims[d]

    def acts(
        self, over: Mapping[str, Sequence[Any]] | None = None, dims: Sequence[str] = DIMENSIONS
    ) -> Iterator[dict[str, frozenset[Definition]]]:
        """Its acts, `over` in place of its alternatives. Of dimensions not in `dims` the first alternative is taken."""
        over = over or {}
        ways = [over.get(d, self.dims[d]) if d in dims else self.dims[d][:1] for d in DIMENSIONS]
        for pick in islice(product(*ways), LIMIT):
            act = {d: frozenset((each,)) if each is not None else _NONE for d, each in zip(SCOPE, pick, strict=False)}
            act.update(zip(JOINT, pick[len(SCOPE) :], strict=True))
            act["waived"] = self.waived
            yield act


@dataclass(frozen=True, slots=True, eq=False)
class Ban:
    """What a sentence forbids: the acts inside of all `conditions` that no lift covers.

    Each condition is a list of alternatives. `limit` is the clause word of the `only` that forbids, None for a `never`.
    """

    sentence: Sentence
    conditions: tuple[tuple[Item, ...], ...]
    lifts: tuple[Item, ...]
    limit: str | None = None


class _Test(NamedTuple):
    """A ban's conditions and lifts. Each item is a set of atoms: an `int`, with a bit for each."""

    conditions: tuple[tuple[int, ...], ...]
    lifts: tuple[int, ...]

    def forbids(self, met: int) -> bool:
        """Whether it forbids the acts that meet these atoms."""
        for condition in self.conditions:
            if not any(item & met == item for item in condition):
                return False
        return not any(item & met == item for item in self.lifts)


class Clash(NamedTuple):
    """What a ban says of a practice. `act` is the forbidden one, `met` has by dimension what the practice writes, and
    the term below it that is forbidden.
    """

    verdict: str
    sentence: Sentence
    ban: Ban
    act: Act
    met: tuple[tuple[str, Definition | None, Definition], ...] = ()


class Answer(NamedTuple):
    """permitted, forbidden, undeclared or mixed, and the sentences that decided it."""

    verdict: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, eq=False)
class Acts:
    """The meaning of a policy's sentences. It remembers what it has computed, and would compute the same again."""

    order: Order
    sentences: tuple[Sentence, ...]

    # ── What sentences name ─────────────────────────────────────────────────────────────────────

    @cached_property
    def _boxes(self) -> dict[tuple[Sentence, bool], tuple[Box, ...]]:
        return {}

    def boxes(self, sentence: Sentence, wide: bool = False) -> tuple[Box, ...]:
        """The acts that a sentence names, and those that follow from them. `wide`: and the policy's own terms below."""
        key = (sentence, wide)
        made = self._boxes.get(key)
        if made is None:
            if wide:
                made = self._widened(sentence.says, self.boxes(sentence))
            else:
                made = self._with_entailed(self._named(sentence.says, sentence.by, sentence.from_))
            self._boxes[key] = made
        return made

    def _named(self, says: Statement, by: tuple[Definition, ...], from_: tuple[Definition, ...]) -> Iterator[Box]:
        # Actions that have different default recipients name acts of their own.
        groups: dict[tuple[Definition, ...], list[Definition]] = {}
        has_recipient = bool(says.terms("to"))
        for action in says.actions:
            default = () if has_recipient else self.order.field(action, "to")
            groups.setdefault(default, []).append(action)
        said: dict[str, list[Definition]] = {"obj": [*says.objects]}
        for word in ("by", "from", "to", "for", "in"):
            for item in says.clauses.get(word, ()):
                for term in item:
                    said.setdefault(dimension(word, term), []).append(term)
        said.setdefault("by", [*by])
        said.setdefault("from", [*from_])
        grounds, via = self._grounds(says, False), self._joint(says.clauses.get("via", ()), False)
        with_ = (frozenset(says.terms("with")),) if "with" in says.clauses else _NOTHING
        waived = frozenset(says.terms("without")) if "without" in says.clauses else _NONE
        for default, actions in groups.items():
            dims: dict[str, tuple[Any, ...]] = {}
            for d in SCOPE:
                terms = actions if d == "act" else said.get(d) or (default if d == "to" else ())
                dims[d] = self._grown(tuple(terms), False) if terms else _UNSAID
            dims["ground"], dims["with"], dims["via"] = grounds, with_, via
            yield Box(dims, waived)

    def _widened(self, says: Statement, boxes: tuple[Box, ...]) -> tuple[Box, ...]:
        """The boxes of a sentence, with the policy's own terms below what it writes; the same if there are none."""
        grounds, via = self._grounds(says, True), self._joint(says.clauses.get("via", ()), True)
        made = []
        for box in boxes:
            if not box.entailed:
                dims = {
                    d: each if each is _UNSAID else self._grown(each, True)
                    for d, each in box.dims.items()
                    if d in SCOPE
                }
                made.append(Box({**dims, "ground": grounds, "with": box.dims["with"], "via": via}, box.waived))
        if all(box.dims == other.dims for box, other in zip(made, boxes, strict=False)):
            return boxes
        wide = zip(self._with_entailed(made), boxes, strict=True)
        return tuple(Box(box.dims, box.waived, box.entailed, written) for box, written in wide)

    def _with_entailed(self, boxes: Iterable[Box]) -> tuple[Box, ...]:
        boxes = tuple(boxes)
        return (*boxes, *(each for box in boxes for each in self._entailed(box)))

    @cached_property
    def _grown_terms(self) -> dict[tuple[tuple[Definition, ...], bool], tuple[Definition, ...]]:
        return {}

    def _grown(self, terms: tuple[Definition, ...], wide: bool) -> tuple[Definition, ...]:
        """What written terms stand for: the same tuple for the same terms, so that others can keep things by it."""
        if wide and self.order.broad.isdisjoint(terms):
            return terms
        key = (terms, wide)
        found = self._grown_terms.get(key)
        if found is None:
            grow = self.order.named if wide else self.order.members
            found = tuple(dict.fromkeys(each for term in terms for each in grow(term)))
            found = self._grown_terms[key] = terms if found == terms else found
        return found

    def _grounds(self, says: Statement, wide: bool) -> tuple[frozenset[Definition], ...]:
        under, when = (self._joint(says.clauses.get(word, ()), wide) for word in ("under", "when"))
        if when is _NOTHING:
            return under
        if under is _NOTHING:
            return when
        return tuple({one | other: None for one, other in islice(product(under, when), LIMIT)})

    @cached_property
    def _joint_terms(self) -> dict[tuple[Sequence[tuple[Definition, ...]], bool], tuple[frozenset[Definition], ...]]:
        return {}

    def _joint(self, items: Sequence[tuple[Definition, ...]], wide: bool) -> tuple[frozenset[Definition], ...]:
        """The sets that hold jointly: one for each alternative, and each choice among the members of a closed set."""
        if not items:
            return _NOTHING
        key = (items, wide)
        if key not in self._joint_terms:
            self._joint_terms[key] = tuple(self._chosen(items, wide))
        return self._joint_terms[key]

    def _chosen(self, items: Sequence[tuple[Definition, ...]], wide: bool) -> Iterable[frozenset[Definition]]:
        found: dict[frozenset[Definition], None] = {}
        for item in items:
            for pick in islice(product(*(self.order.members(term) for term in item)), LIMIT):
                found[frozenset(pick)] = None
                if wide:
                    # One term at a time: of all choices at once there may be very many.
                    for term in pick:
                        for own in self.order.named(term):
                            if own is term:
                                continue
                            found[frozenset((*(each for each in pick if each is not term), own))] = None
        return found

    def _entailed(self, box: Box) -> Iterator[Box]:
        """To collect for a purpose is to use for it, and to disclose for one lets the recipient use for it."""
        purposes = tuple(each for each in box.dims["for"] if each is not None)
        if not purposes:
            return
        for name in ("entails", "lets"):
            actions = [(action, each) for action in box.dims["act"] for each in self.order.field(action, name)]
            # Not what it says already: to use for a purpose entails no more.
            made = tuple(dict.fromkeys(each for action, each in actions if not self.order.covers(each, action)))
            if not made:
                continue
            dims: dict[str, tuple[Any, ...]] = {**box.dims, "for": purposes, "act": made}
            if name == "lets":
                recipients = tuple(each for each in box.dims["to"] if each is not None)
                if not recipients:
                    continue
                dims |= {"by": recipients, "to": _UNSAID, "dest": _UNSAID}
            yield Box(dims, box.waived, True)

    # ── What sentences forbid ───────────────────────────────────────────────────────────────────

    @cached_property
    def bans(self) -> tuple[Ban, ...]:
        return tuple(ban for sentence in self.sentences for ban in bans(sentence))

    @cached_property
    def _index(self) -> Index:
        """By its conditions, each ban that may say more of a term than that it narrows it."""
        order = self.order

        def near(term: Definition) -> int:
            # What is only below it narrows it.
            return order.meeting(term) & ~(order.below(term) & ~order.bit(term))

        return Index(order, [terms_by_dimension(ban.conditions) for ban in self.bans], near)

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """What the bans say of each other sentence, from overlaps on, in the order of the sentences."""
        found: list[Clash] = []
        for sentence in self.sentences:
            if sentence.says.modality == "never":
                continue
            candidates, before = 0, len(found)
            for box in self.boxes(sentence):
                candidates |= self._index.any(box.dims)
            for number in numbers(candidates):
                if len(found) - before == _MOST_CLASHES:
                    break
                ban = self.bans[number]
                if ban.sentence is sentence:
                    continue
                clash = self.clash(sentence, ban)
                if _GRAVITY[clash.verdict] >= _GRAVITY["overlap"]:
                    found.append(clash)
        return tuple(found)

    def clash(self, sentence: Sentence, ban: Ban) -> Clash:
        """What one ban says of one practice or duty: its gravest verdict."""
        says = sentence.says
        best: dict[Definition, Clash] = {}
        unless = items(says, "unless") if not says.only else ()
        gravest = _GRAVITY["contradiction"]
        for box in self.boxes(sentence):
            for done, clash in self._clashes_of(sentence, box, ban, unless):
                for action in self._written_actions(box, says, done):
                    if action not in best or _GRAVITY[clash.verdict] > _GRAVITY[best[action].verdict]:
                        best[action] = clash
                # Nothing graver is to come.
                if len(best) == len({*says.actions}) and all(_GRAVITY[x.verdict] == gravest for x in best.values()):
                    break
        none = Clash("none", sentence, ban, {})
        verdicts = [best.get(action, none) for action in says.actions] or [none]
        # Of `a or b`, one way left open is enough.
        return (min if says.any_of else max)(verdicts, key=lambda each: _GRAVITY[each.verdict])

    def _written_actions(self, box: Box, says: Statement, done: Definition) -> Sequence[Definition]:
        """The written actions that an act of a box comes from."""
        if not box.entailed:
            return (done,)
        follows = [
            (each, (*self.order.field(each, "entails"), *self.order.field(each, "lets"))) for each in says.actions
        ]
        return [each for each, entailed in follows if done in entailed]

    def _clashes_of(
        self, sentence: Sentence, box: Box, ban: Ban, unless: Sequence[Item]
    ) -> Iterator[tuple[Definition, Clash]]:
        """The clashes of a box's acts that a ban meets, each with what is done in the act."""
        ways: list[list[tuple[tuple[str, Any, str, Definition], ...]]] = []
        for condition in ban.conditions:
            found = [
                pick
                for item in condition
                for pick in product(*([(d, *each) for each in self._relations(d, box, term)] for d, term in item))
            ]
            if not found:
                return
            ways.append(found)
        dims = {d for condition in ban.conditions for item in condition for d, _ in item}
        dims |= {d for item in (*ban.lifts, *unless) for d, _ in item} | {"act", "ground"}
        looked_at = 0
        for pick in islice(product(*ways), LIMIT):
            chosen = [each for way in pick for each in way]
            # Terms in one dimension have to be those of one alternative.
            over: dict[str, tuple[Any, ...]] = {}
            for d, alternative, _, _ in chosen:
                over[d] = tuple(each for each in over.get(d, box.dims[d]) if each is alternative)
            if not all(over.values()):
                continue
            relations = {relation for _, _, relation, _ in chosen}
            # What is narrowed as well is no overlap worth a word.
            mild = "narrowing" if "narrow" in relations else "overlap" if "touch" in relations else ""
            met = tuple((d, _written(d, alternative, term, self.order), term) for d, alternative, _, term in chosen)
            for act in box.acts(over, [d for d in DIMENSIONS if d in dims]):
                looked_at += 1
                if looked_at > LIMIT:
                    return
                narrowed = dict(act)
                for d, _, _, term in chosen:
                    narrowed[d] = narrowed[d] | {term} if d in JOINT else frozenset((term,))
                if self.is_lifted(narrowed, ban.lifts) or self.is_lifted(narrowed, unless):
                    continue
                (done,) = act["act"]
                yield done, Clash(mild or self._unlifted(narrowed, ban), sentence, ban, narrowed, met)

    def _relations(self, d: str, box: Box, term: Definition) -> Iterator[tuple[Any, str, Definition]]:
        """How alternatives of a box stand to a condition's term: the alternative, how, and what is forbidden of it."""
        order = self.order
        for alternative in self._near(d, box.dims[d], term):
            said = terms_in(d, alternative)
            if not said:
                # Unsaid is broader than anything said.
                yield alternative, "narrow", term
            for each in said:
                if order.covers(term, each):
                    yield alternative, "in", each
                elif order.covers(each, term):
                    yield alternative, "narrow", term
                elif common := order.common(each, term):
                    if d in ("from", "source"):
                        # A population is carved out of another, whatever the policy lists.
                        yield alternative, "narrow", next(order.of(common))
                    elif own := common & order.own:
                        for below in order.highest(own):
                            yield alternative, "listed", below
                    else:
                        for below in order.highest(common):
                            yield alternative, "touch", below

    def _near(self, d: str, alternatives: tuple[Any, ...], term: Definition) -> Sequence[Any]:
        """Of many terms, those that have something in common with one."""
        if d in JOINT or len(alternatives) < 8:
            return alternatives
        # With the alternatives themselves, which so stay what their id stands for.
        kept = self._places.get(id(alternatives))
        if kept is None:
            places = {each: place for place, each in enumerate(alternatives)}
            kept = self._places[id(alternatives)] = alternatives, places, self.order.bits(places)
        _, places, bits = kept
        near = self.order.of(self.order.meeting(term) & bits)
        return [alternatives[place] for place in sorted(places[each] for each in near)]

    @cached_property
    def _places(self) -> dict[int, tuple[tuple[Any, ...], dict[Definition, int], int]]:
        return {}

    def _unlifted(self, act: Act, ban: Ban) -> str:
        """Why nothing lifted a forbidden act."""
        order = self.order
        lifts = {term for item in ban.lifts for _, term in item}
        if act["waived"] and lifts:
            related = any(order.covers(x, t) or order.covers(t, x) for x in act["waived"] for t in lifts)
            return "unlinked" if related else "narrowing"
        for graded in self._graded:
            for stated in act["ground"]:
                if order.covers(graded, stated) and any(
                    order.covers(graded, t) and not order.covers(t, stated) for t in lifts
                ):
                    return "downgrade"

        def soft(says: Callable[[str, Definition], bool]) -> bool:
            return any(all(self.is_satisfied(act, (atom,)) or says(*atom) for atom in item) for item in ban.lifts)

        # A safeguard that is not said is absent, not unsaid.
        if soft(lambda d, t: not _stated(act, d) and t.kind != "safeguard"):
            return "unstated"
        return "broader" if soft(lambda d, t: any(order.covers(x, t) for x in _stated(act, d))) else "contradiction"

    @cached_property
    def _graded(self) -> tuple[Definition, ...]:
        return self.order.with_field("graded")

    # ── Single acts ─────────────────────────────────────────────────────────────────────────────

    def is_satisfied(self, act: Act, item: Item) -> bool:
        """Whether every term of an item covers something that the act states."""
        return all(self._above(_stated(act, d)) & self.order.bit(term) for d, term in item)

    def _above(self, terms: frozenset[Definition]) -> int:
        """All that covers one of some terms."""
        found = self._aboves.get(terms)
        if found is None:
            found = 0
            for each in terms:
                found |= self.order.above(each)
            self._aboves[terms] = found
        return found

    @cached_property
    def _aboves(self) -> dict[frozenset[Definition], int]:
        return {}

    def is_inside(self, act: Act, conditions: Iterable[Iterable[Item]]) -> bool:
        return all(any(self.is_satisfied(act, item) for item in condition) for condition in conditions)

    def is_lifted(self, act: Act, lifts: Iterable[Item]) -> bool:
        return any(self.is_satisfied(act, item) for item in lifts)

    # ── What is forbidden, by the atoms that acts meet ──────────────────────────────────────────

    def forbidding(self, act: Act) -> Ban | None:
        """The first ban that forbids an act."""
        met = 0
        for d in self._asked:
            for term in act[d]:
                met |= self._met(d, term)
        return self._forbidding(met)

    def left(
        self, box: Box, over: Mapping[str, tuple[Any, ...]], limit: int = LIMIT
    ) -> Callable[[Definition | None], bool]:
        """Whether with an object, a part of a box has an act that nothing forbids: `over` is in place of the box's
        alternatives, and `limit` says how many acts are told apart.
        """

        # What acts meet in other dimensions. Those that meet the same atoms are forbidden alike.
        around: list[int] = []

        def is_left(obj: Definition | None) -> bool:
            if not around:
                found: Iterable[int] = (0,)
                for d in self._asked:
                    if d != "obj" and (more := self._met_by(d, over.get(d, box.dims[d]))) != (0,):
                        found = [*islice(dict.fromkeys(met | other for met in found for other in more), limit)]
                around.extend(found)
            (met,) = self._met_by("obj", (obj,))
            return any(self._forbidding(met | other) is None for other in around)

        return is_left

    def _forbidding(self, met: int) -> Ban | None:
        """The first ban that forbids the acts that meet a set of atoms."""
        if met not in self._forbidden:
            tests = zip(self.bans, self._tests, strict=True)
            self._forbidden[met] = next((ban for ban, test in tests if test.forbids(met)), None)
        return self._forbidden[met]

    @cached_property
    def _forbidden(self) -> dict[int, Ban | None]:
        return {}

    @cached_property
    def _atoms(self) -> dict[Atom, int]:
        """What bans ask of acts, in their conditions and lifts, with a bit for each."""
        items = chain.from_iterable((*chain(*ban.conditions), *ban.lifts) for ban in self.bans)
        return {atom: 1 << number for number, atom in enumerate(dict.fromkeys(chain.from_iterable(items)))}

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        """The dimensions of these; a place that data go to is also one that the act states."""
        asked = {d for d, _ in self._atoms}
        return tuple(d for d in DIMENSIONS if d in asked or (d == "dest" and "in" in asked))

    @cached_property
    def _tests(self) -> tuple[_Test, ...]:
        def sets(items: Iterable[Item]) -> tuple[int, ...]:
            return tuple(reduce(or_, map(self._atoms.__getitem__, item)) for item in items)

        return tuple(_Test(tuple(map(sets, ban.conditions)), sets(ban.lifts)) for ban in self.bans)

    def _met_by(self, d: str, alternatives: tuple[Any, ...]) -> tuple[int, ...]:
        """The sets of atoms that alternatives in a dimension meet, each once."""
        key = (d, alternatives)
        found = self._mets.get(key)
        if found is None:
            sets = (reduce(or_, (self._met(d, x) for x in terms_in(d, each)), 0) for each in alternatives)
            found = self._mets[key] = tuple(dict.fromkeys(sets))
        return found

    @cached_property
    def _mets(self) -> dict[tuple[str, tuple[Any, ...]], tuple[int, ...]]:
        return {}

    def _met(self, d: str, term: Definition) -> int:
        """The atoms that an act meets by a term."""
        index = self._by_atom
        found = index.of(d, term) & ~index.silent(d)
        return found | index.of("in", term) & ~index.silent("in") if d == "dest" else found

    @cached_property
    def _by_atom(self) -> Index:
        return Index(self.order, [{d: (term,)} for d, term in self._atoms], self.order.above)

    # ── Questions ───────────────────────────────────────────────────────────────────────────────

    def ask(self, question: Statement, by: tuple[Definition, ...], from_: tuple[Definition, ...]) -> Answer:
        """What the policy says of each act asked about: unequal answers are mixed."""
        verdicts: dict[str, None] = {}
        decided: dict[Sentence, None] = {}
        asked = question.terms("to")
        for box in self._named(question, by, from_):
            for act in box.acts():
                want = act if asked else {**act, "to": _NONE}
                verdict, sentences = self._answer(act, want)
                verdicts[verdict] = None
                decided |= dict.fromkeys(sentences)
        if len(verdicts) == 1:
            return Answer(next(iter(verdicts)), tuple(decided))
        return Answer("mixed" if verdicts else "undeclared", tuple(decided))

    def _answer(self, act: Act, want: Act) -> tuple[str, list[Sentence]]:
        stopped: list[Sentence] = []
        circumstances = {each for each in want["ground"] if each.kind != "basis"}
        for sentence in self.sentences:
            if sentence.says.modality == "never":
                continue
            for box in self.boxes(sentence):
                for practice in self._covering(box, want, circumstances, act):
                    full = {d: want[d] or practice[d] for d in DIMENSIONS}
                    more = {
                        each for each in practice["ground"]
                        if not any(self.order.covers(each, other) for other in act["ground"])
                    }  # fmt: skip
                    full["ground"] = full["ground"] | more
                    if not sentence.says.only and self.is_lifted(full, items(sentence.says, "unless")):
                        continue
                    ban = self.forbidding(full)
                    if ban is None:
                        return "permitted", [sentence]
                    stopped.append(ban.sentence)
        ban = self.forbidding(act)
        return ("forbidden", [ban.sentence]) if ban is not None else ("undeclared", stopped)

    def _covering(
        self, box: Box, want: Act, circumstances: set[Definition], act: Act
    ) -> Iterator[dict[str, frozenset[Definition]]]:
        """The acts of a box that cover what is asked and are limited to no circumstance that it does not state."""
        over: dict[str, tuple[Any, ...]] = {}
        for d in DIMENSIONS:
            if d in SCOPE:
                fits = [
                    each for each in box.dims[d]
                    if all(each is not None and self.order.covers(each, asked) for asked in want[d])
                ]  # fmt: skip
            else:
                fits = [
                    each for each in box.dims[d]
                    if all(
                        any(self.order.covers(x, asked) for x in each)
                        or (not each and (d != "ground" or asked in circumstances))
                        for asked in want[d]
                    )
                ]  # fmt: skip
            if d == "ground":
                fits = [
                    each for each in fits
                    if all(self.is_satisfied(act, (("ground", x),)) for x in each if x.kind != "basis")
                ]  # fmt: skip
            if not fits:
                return
            over[d] = tuple(fits)
        yield from box.acts(over)


def _stated(act: Act, d: str) -> frozenset[Definition]:
    # A place that data go to is a place that the act states.
    return act[d] | act["dest"] if d == "in" else act[d]


def _written(d: str, alternative: Any, term: Definition, order: Order) -> Definition | None:
    """What the practice writes in a dimension, of which a term is forbidden."""
    if d in SCOPE:
        found: Definition | None = alternative
        return found
    return next((each for each in alternative if each is term or order.covers(each, term)), None)


def terms_in(d: str, alternative: Any) -> Collection[Definition]:
    """The terms that an alternative of a box states in a dimension."""
    return alternative if d in JOINT else () if alternative is None else (alternative,)


def items(says: Statement, word: str) -> tuple[Item, ...]:
    """The alternatives after a clause word, each term in its dimension."""
    return tuple(tuple((dimension(word, term), term) for term in item) for item in says.clauses.get(word, ()))


def terms_by_dimension(conditions: Iterable[tuple[Item, ...]]) -> dict[str, set[Definition]]:
    """What an index has of conditions. One that may be met in several dimensions is left out, and of two in one
    dimension (`under` and `when`) the first narrows enough.
    """
    found: dict[str, set[Definition]] = {}
    for condition in conditions:
        dims = {d for item in condition for d, _ in item}
        if len(dims) == 1:
            found.setdefault(dims.pop(), {term for item in condition for _, term in item})
    return found


def bans(sentence: Sentence) -> Iterator[Ban]:
    """What a sentence forbids: a `never` what it covers, an `only` what is outside of it."""
    says = sentence.says
    if not says.only and says.modality != "never":
        return
    conditions = [_alternatives("act", says.actions)]
    if "by" not in says.only:
        conditions.append(items(says, "by") or _alternatives("by", sentence.by))
    lifts = items(says, "unless")
    if says.modality == "never":
        conditions.append(_alternatives("obj", says.objects))
        conditions += [items(says, word) for word in _LIMITS if word in says.clauses]
        yield Ban(sentence, _present(conditions), (*lifts, *items(says, "without")))
    for word in sorted(says.only - {"keep", "within"}) if says.modality != "never" else ():
        # The rest of the sentence is the scope, but for what else `only` stands before.
        scope = [_alternatives("obj", says.objects)] if OBJECTS not in says.only else []
        scope += [items(says, each) for each in ("from", "to", "for", "in") if each not in says.only]
        if word == OBJECTS:
            inner = _alternatives("obj", says.objects)
        elif word == "with":
            inner = (tuple(("with", term) for term in says.terms("with")),)
        else:
            inner = items(says, word)
        yield Ban(sentence, _present([*conditions, *scope]), (*inner, *lifts), word)


def _alternatives(d: str, terms: Iterable[Definition]) -> tuple[Item, ...]:
    return tuple(((d, term),) for term in terms)


def _present(conditions: Iterable[tuple[Item, ...]]) -> tuple[tuple[Item, ...], ...]:
    return tuple(each for each in conditions if each)
