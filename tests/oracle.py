"""The meaning of sentences once more, by brute force: every act is written out, every term looked up in plain sets.

Slow, and with nothing of `order` and `acts` in it but the names of dimensions: so where the two agree, bit sets,
indexes and boxes have changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from policyspec.acts import JOINT, OF_KIND, SCOPE, VERDICTS
from policyspec.scope import Definition, Resolution
from policyspec.statements import Judgement, Sentence, Statement

Act = dict[str, frozenset[Definition]]
Item = tuple[tuple[str, Definition], ...]
LIMITS = ("from", "to", "for", "under", "when", "in", "with", "via")


def dimension(word: str, term: Definition) -> str:
    if word in ("from", "to"):
        other = {"from": ("party", "source"), "to": ("place", "dest")}[word]
        return other[1] if term.kind == other[0] else word
    found = {"by": "by", "for": "for", "under": "ground", "when": "ground", "in": "in", "with": "with", "via": "via"}
    return found.get(word) or OF_KIND.get(term.kind, "obj")


class Oracle:
    def __init__(self, resolutions: Iterable[Resolution], sentences: Iterable[Sentence]) -> None:
        resolutions = list(resolutions)
        self.sentences = list(sentences)
        self.parents: dict[Definition, set[Definition]] = {}
        self.members: dict[Definition, tuple[Definition, ...]] = {}
        self.fields: dict[Definition, Mapping[str, Any]] = {}
        for each in resolutions:
            self.members.update(each.module.members)
            self.fields.update(each.fields)
            for term, above in each.parents.items():
                self.parents.setdefault(term, set()).update(above)
        for each in resolutions:
            for term, above in each.extensions:
                self.parents.setdefault(term, set()).add(above)
        self.above = {term: self._above(term) for term in self.parents}

    def _above(self, term: Definition) -> set[Definition]:
        found = {term}
        for parent in self.parents.get(term, ()):
            found |= self._above(parent)
        return found

    def covers(self, a: Definition, b: Definition) -> bool:
        return a in self.above[b]

    def common(self, a: Definition, b: Definition) -> list[Definition]:
        return [each for each, above in self.above.items() if a in above and b in above]

    def group(self, term: Definition) -> list[Definition]:
        inside = self.members.get(term, ())
        return [each for member in inside for each in self.group(member)] if inside else [term]

    def field(self, action: Definition, name: str) -> tuple[Definition, ...]:
        todo = [action]
        while todo:
            each = todo.pop(0)
            if found := self.fields.get(each, {}).get(name):
                return tuple(found)
            todo += list(self.parents.get(each, ()))
        return ()

    # ── Acts ────────────────────────────────────────────────────────────────────────────────────

    def named(self, term: Definition, wide: bool) -> list[Definition]:
        """What a written term stands for; `wide`: and the policy's own terms below it."""
        if not wide or term.kind == "exception":
            return self.group(term)
        own = [each for each, above in self.above.items() if term in above and not each.is_library]
        return list(dict.fromkeys((term, *own)))

    def together(self, terms: Iterable[Definition], wide: bool) -> Iterator[frozenset[Definition]]:
        """What joint terms stand for; `wide`: and with one of them at a time replaced by an own term below it."""
        for chosen in product(*(self.group(term) for term in terms)):
            yield frozenset(chosen)
            for number, term in enumerate(chosen) if wide else ():
                for own in self.named(term, True):
                    yield frozenset((*chosen[:number], own, *chosen[number + 1 :]))

    def acts(
        self, says: Statement, by: tuple[Definition, ...], from_: tuple[Definition, ...], wide: bool = False
    ) -> Iterator[Act]:
        for action in says.actions:
            said: dict[str, list[Definition]] = {"act": [action], "obj": list(says.objects)}
            for word in ("by", "from", "to", "for", "in"):
                for term in says.terms(word):
                    said.setdefault(dimension(word, term), []).append(term)
            said.setdefault("by", list(by))
            said.setdefault("from", list(from_))
            if not says.terms("to"):
                said.setdefault("to", list(self.field(action, "to")))
            scope: list[list[Any]] = [
                [each for term in said[d] for each in self.named(term, wide)] if said.get(d) else [None] for d in SCOPE
            ]
            joint = [
                [each for item in says.clauses.get(word) or ((),) for each in self.together(item, wide)]
                for word in ("under", "when", "via")
            ]
            for pick in product(*scope):
                for under, when, via in product(*joint):
                    act: Act = {d: frozenset([each] if each else []) for d, each in zip(SCOPE, pick, strict=True)}
                    act |= {"ground": under | when, "via": via, "with": frozenset(says.terms("with"))}
                    act["waived"] = frozenset(says.terms("without"))
                    yield act

    def entailed(self, act: Act) -> Iterator[Act]:
        yield act
        (action,) = act["act"]
        if act["for"]:
            for each in self.field(action, "entails"):
                if not self.covers(each, action):
                    yield act | {"act": frozenset([each])}
            for each in self.field(action, "lets"):
                if act["to"] and not self.covers(each, action):
                    yield act | {
                        "act": frozenset([each]), "by": act["to"], "to": frozenset(), "dest": frozenset()
                    }  # fmt: skip

    def stated(self, act: Act, d: str) -> frozenset[Definition]:
        return act["in"] | act["dest"] if d == "in" else act[d]

    def satisfied(self, act: Act, item: Item) -> bool:
        return all(any(self.covers(term, x) for x in self.stated(act, d)) for d, term in item)

    # ── Bans ────────────────────────────────────────────────────────────────────────────────────

    def bans(self, sentence: Sentence) -> Iterator[tuple[list[list[Item]], list[Item]]]:
        says = sentence.says

        def items(word: str) -> list[Item]:
            return [tuple((dimension(word, term), term) for term in item) for item in says.clauses.get(word, ())]

        def one(d: str, terms: Iterable[Definition]) -> list[Item]:
            return [((d, term),) for term in terms]

        conditions = [one("act", says.actions)]
        if "by" not in says.only:
            conditions.append(items("by") or one("by", sentence.by))
        if says.modality == "never":
            conditions.append(one("obj", says.objects))
            conditions += [items(word) for word in LIMITS if word in says.clauses]
            yield [each for each in conditions if each], items("unless") + items("without")
            return
        for word in says.only - {"keep", "within"}:
            scope = [] if "" in says.only else [one("obj", says.objects)]
            scope += [items(each) for each in ("from", "to", "for", "in") if each not in says.only]
            if word == "":
                inner = one("obj", says.objects)
            elif word == "with":
                inner = [tuple(("with", term) for term in says.terms("with"))]
            else:
                inner = items(word)
            yield [each for each in (*conditions, *scope) if each], inner + items("unless")

    def forbidden(self, act: Act) -> bool:
        return any(
            all(any(self.satisfied(act, item) for item in condition) for condition in conditions)
            and not any(self.satisfied(act, item) for item in lifts)
            for sentence in self.sentences
            for conditions, lifts in self.bans(sentence)
        )

    # ── Verdicts ────────────────────────────────────────────────────────────────────────────────

    def relations(self, d: str, act: Act, term: Definition) -> list[tuple[str, Definition]]:
        if not act[d]:
            return [("narrow", term)]
        found: list[tuple[str, Definition]] = []
        for x in act[d]:
            both = self.common(x, term)
            own = [each for each in both if not each.is_library]
            if self.covers(term, x):
                found.append(("in", x))
            elif self.covers(x, term):
                found.append(("narrow", term))
            elif both and d in ("from", "source"):
                found.append(("narrow", both[0]))
            elif both:
                found += [("listed", each) for each in own] or [("touch", each) for each in both]
        return found

    def clash(self, sentence: Sentence, conditions: list[list[Item]], lifts: list[Item]) -> str:
        says = sentence.says
        best = dict.fromkeys(says.actions, "none")
        unless = [tuple((dimension("unless", term), term) for term in item) for item in says.clauses.get("unless", ())]
        for base in self.acts(says, sentence.by, sentence.from_):
            (action,) = base["act"]
            for act in self.entailed(base):
                ways = [
                    [
                        pick
                        for item in condition
                        for pick in product(*([(d, *each) for each in self.relations(d, act, n)] for d, n in item))
                    ]
                    for condition in conditions
                ]
                for way in product(*ways):
                    chosen = [each for picks in way for each in picks]
                    narrowed = dict(act)
                    for d, _, term in chosen:
                        narrowed[d] = narrowed[d] | {term} if d in JOINT else frozenset([term])
                    if any(self.satisfied(narrowed, item) for item in lifts):
                        continue
                    if not says.only and any(self.satisfied(narrowed, item) for item in unless):
                        continue
                    relations = {relation for _, relation, _ in chosen}
                    if "narrow" in relations:
                        verdict = "narrowing"
                    elif "touch" in relations:
                        verdict = "overlap"
                    else:
                        verdict = self.unlifted(narrowed, lifts)
                    best[action] = max(best[action], verdict, key=VERDICTS.index)
        return (min if says.any_of else max)(best.values(), key=VERDICTS.index)

    def unlifted(self, act: Act, lifts: list[Item]) -> str:
        terms = {term for item in lifts for _, term in item}
        if act["waived"] and terms:
            related = any(self.covers(x, t) or self.covers(t, x) for x in act["waived"] for t in terms)
            return "unlinked" if related else "narrowing"
        graded = [each for each, fields in self.fields.items() if fields.get("graded")]
        for upper in graded:
            for x in act["ground"]:
                if self.covers(upper, x) and any(self.covers(upper, t) and not self.covers(t, x) for t in terms):
                    return "downgrade"
        if any(
            all(
                self.satisfied(act, (atom,)) or (not self.stated(act, atom[0]) and atom[1].kind != "safeguard")
                for atom in item
            )
            for item in lifts
        ):
            return "unstated"
        if any(
            all(self.satisfied(act, ((d, t),)) or any(self.covers(x, t) for x in self.stated(act, d)) for d, t in item)
            for item in lifts
        ):
            return "broader"
        return "contradiction"

    # ── Rules ───────────────────────────────────────────────────────────────────────────────────

    def finds(self, judgement: Judgement) -> set[Sentence] | bool:
        """The sentences in which a rule `every` or `no` finds something; whether there is one that `some` asks for."""
        pattern = judgement.pattern
        assert pattern is not None
        found = set()
        for sentence in self.sentences:
            says = sentence.says
            if says.modality != pattern.modality or pattern.necessity not in ("", says.necessity):
                continue
            named = [e for a in self.acts(says, sentence.by, sentence.from_) for e in self.entailed(a)]
            for base in self.acts(says, sentence.by, sentence.from_, wide=True):
                for number, act in enumerate(self.entailed(base)):
                    if not self.matches(pattern, act) or (act not in named and self.forbidden(act)):
                        continue
                    if judgement.word == "some":
                        return True
                    if judgement.word == "no" or not self.meets(judgement, sentence, act, number > 0):
                        found.add(sentence)
        return found if judgement.word != "some" else False

    def matches(self, pattern: Statement, act: Act) -> bool:
        waived = pattern.terms("without")
        if act["waived"] and not waived:
            return False
        conditions: list[list[Item]] = [
            [(("act", x),) for x in pattern.actions],
            [(("obj", x),) for x in pattern.objects],
        ]
        for word in ("by", "from", "to", "for", "under", "when", "in", "with", "via"):
            if word in pattern.clauses:
                conditions.append([tuple((dimension(word, x), x) for x in item) for item in pattern.clauses[word]])
        return all(any(self.inside(act, item) for item in each) for each in conditions) and all(
            any(self.covers(x, term) for x in act["waived"]) for term in waived
        )

    def inside(self, act: Act, item: Item) -> bool:
        return all(any(self.covers(term, x) for x in act[d]) for d, term in item)

    def meets(self, judgement: Judgement, sentence: Sentence, act: Act, is_entailed: bool) -> bool:
        needs = judgement.needs
        assert needs is not None
        for word in needs.clauses:
            wanted: list[Item] = [tuple((dimension(word, x), x) for x in item) for item in needs.clauses[word]]
            if sentence.says.says(word) and not (is_entailed and word in ("by", "to")):
                if wanted and not self.enough(word, act, wanted):
                    return False
            elif not any(self.tells(other, word, wanted, act) for other in self.sentences):
                return False
        return True

    def enough(self, word: str, act: Act, wanted: list[Item]) -> bool:
        return (all if word == "with" else any)(self.inside(act, item) for item in wanted)

    def tells(self, other: Sentence, word: str, wanted: list[Item], act: Act) -> bool:
        """Whether another sentence states, in all its alternatives, what an act needs."""
        if other.says.modality == "never" or not other.says.says(word) or other.says.terms("without"):
            return False
        bases = [e for a in self.acts(other.says, other.by, other.from_) for e in self.entailed(a)]
        skip = {
            dimension(word, term)
            for each in self.sentences
            if each.says.modality != "never"
            for term in each.says.terms(word)
        }
        (action,) = act["act"]
        told = {action, *self.field(action, "told_with")}
        covering = [
            each
            for each in bases
            if all(x.kind == "basis" for x in each["ground"])
            and all(
                any(self.covers(x, y) for x in each[d] for y in (told if d == "act" else act[d]))
                for d in SCOPE[:-1]
                if each[d] and d not in skip
            )
        ]
        return bool(covering) and all(not wanted or self.enough(word, each, wanted) for each in bases)
