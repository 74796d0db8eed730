"""Sets of sentences and terms, so that a rule looks only at those that may concern it.

A set of sentences is an `int`, in which one bit stands for each sentence of the policy, in order; `sentences` has what
is in it. What stands in which sentences is found out once for a policy, so a rule that asks for three things looks up
three numbers. A sentence writes a term where it names it or one that it covers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain

from policyspec import index, kinds
from policyspec.lint.facts import Facts
from policyspec.scope import CORE, Definition, Module
from policyspec.statements import OBJECTS, Sentence, Statement

# The place of a statement's actions, beside the clause words.
ACTIONS = "action"
# The clause words behind which terms stand.
CLAUSES = tuple(word for word, clause in kinds.CLAUSES.items() if clause.kinds)
# Those behind which periods stand, with events.
PERIODS = tuple(word for word, clause in kinds.CLAUSES.items() if not clause.kinds)


def practices(policy: Facts) -> int:
    """What is done: sentences without a modality or with `may`, exemptions among them."""
    return _modality(policy, "")


def duties(policy: Facts) -> int:
    """What must or should be done."""
    return _modality(policy, "must") | _modality(policy, "should")


def prohibitions(policy: Facts) -> int:
    return _modality(policy, "never")


def promises(policy: Facts) -> int:
    """All sentences but prohibitions."""
    return policy.once("promises", lambda: practices(policy) | duties(policy))


def having(policy: Facts, *words: str) -> int:
    """The sentences in which one of these clause words stands."""
    known: dict[str, int] = policy.once("having", dict)
    found = 0
    for word in words:
        if word not in known:
            known[word] = _having(policy, word)
        found |= known[word]
    return found


def writing(policy: Facts, word: str, kind: str, *paths: str, module: str = CORE) -> int:
    """The sentences that write one of these terms of the library after a word (OBJECTS, ACTIONS, a clause word)."""
    known: dict[object, int] = policy.once("writing", dict)
    key = (word, kind, paths, module)
    found = known.get(key)
    if found is None:
        written, covering = _written(policy, word)
        uppers = covering & _terms(policy, kind, paths, module) if covering else 0
        above = policy.order.above
        lists = [some for term, some in written.items() if above(term) & uppers] if uppers else ()
        found = known[key] = _union(lists, policy)
    return found


def doing(policy: Facts, *actions: str) -> int:
    """The sentences one of whose actions is one of these."""
    return writing(policy, ACTIONS, "action", *actions)


def standing_for(policy: Facts, word: str, kind: str, *paths: str, module: str = CORE) -> tuple[Definition, ...]:
    """The terms written after a word that are one of these terms of the library, or cover an own term that is."""

    def make() -> tuple[Definition, ...]:
        written, covering = _written(policy, word)
        uppers = _terms(policy, kind, paths, module)
        parts = own(policy, kind, *paths, module=module)
        if not parts and not covering & uppers:
            return ()
        order, covered = policy.order, policy.order.covering(parts)
        return tuple(each for each in written if order.above(each) & uppers or order.bit(each) & covered)

    return policy.once(("standing for", word, kind, paths, module), make)


def naming(policy: Facts, word: str, *terms: Definition) -> int:
    """The sentences that write one of these very terms after a word."""
    known, _ = _written(policy, word)
    return _union([known[each] for each in terms if each in known], policy)


def keeping(policy: Facts, *forms: str) -> int:
    """The sentences with a period of one of these forms after `keep`."""
    known = policy.once("forms of periods", lambda: _forms(policy))
    found = 0
    for form in forms:
        found |= known.get(form, 0)
    return found


def such(policy: Facts, is_such: Callable[[Sentence], bool]) -> int:
    """The sentences of which something is so."""
    return _set((number for number, each in enumerate(policy.sentences) if is_such(each)), policy)


def writing_any(policy: Facts, words: Iterable[str], kind: str, *paths: str, module: str = CORE) -> int:
    """The same after any of some words."""
    found = 0
    for word in words:
        found |= writing(policy, word, kind, *paths, module=module)
    return found


def at_event(policy: Facts, *events: str) -> int:
    """The sentences about what is done when one of these events comes, or within a time of it."""
    return writing_any(policy, ("when", "within"), "event", *events)


def sentences(policy: Facts, *chosen: int) -> Iterator[Sentence]:
    """The sentences in sets, those of each set in order."""
    for each in chosen:
        for number in index.numbers(each):
            yield policy.sentences[number]


def terms(policy: Facts, word: str) -> Iterable[Definition]:
    """All terms that sentences write after a word, in the order of the text."""
    return _written(policy, word)[0]


def told(policy: Facts, said: int) -> Callable[[Definition], bool]:
    """Whether something that is said of these is said of a term, or of each of the policy's own terms below it."""
    order = policy.order

    @cache
    def groups() -> tuple[int, int]:
        """The terms that the policy has own terms below, and those of which one of these is not told."""
        all_, untold = 0, 0
        for each in policy.own:
            above = order.above(each)
            all_ |= above & ~order.bit(each)
            if not above & said:
                untold |= above & ~order.bit(each)
        return all_, untold

    def is_told(term: Definition) -> bool:
        if order.above(term) & said or not said:
            return bool(said)
        all_, untold = groups()
        return bool(order.bit(term) & all_ & ~untold)

    return is_told


def about(policy: Facts, chosen: int) -> Collection[Definition]:
    """What the sentences of a set are about, each term once, in order."""
    return {term: None for sentence in sentences(policy, chosen) for term in sentence.says.objects}.keys()


def objects(policy: Facts, chosen: int) -> int:
    """The same as a set of terms."""
    return policy.order.bits(about(policy, chosen))


def covering(policy: Facts, word: str) -> int:
    """All that sentences write after a word, and what covers it, as a set of terms."""
    return _written(policy, word)[1]


def own(policy: Facts, kind: str, *paths: str, module: str = CORE) -> tuple[Definition, ...]:
    """The policy's own terms that are below one of these of the library."""

    def make() -> tuple[Definition, ...]:
        uppers = _terms(policy, kind, paths, module)
        if not uppers & policy.once("covering own", lambda: policy.order.covering(policy.own)):
            return ()
        return tuple(each for each in policy.own if policy.order.above(each) & uppers)

    return policy.once(("own", kind, paths, module), make)


def own_of(policy: Facts, kind: str) -> tuple[Definition, ...]:
    """The policy's own terms of a kind."""

    def make() -> Mapping[str, tuple[Definition, ...]]:
        found: dict[str, list[Definition]] = {}
        for each in policy.own:
            found.setdefault(each.kind, []).append(each)
        return {kind: tuple(those) for kind, those in found.items()}

    return policy.once("own by kind", make).get(kind, ())


def is_named(policy: Facts, kind: str, *paths: str, module: str = CORE) -> bool:
    """Whether the policy declares one of these terms of the library, or one below, or names it anywhere."""
    declared = policy.once("covering own", lambda: policy.order.covering(policy.own))
    return bool(_terms(policy, kind, paths, module) & declared) or is_mentioned(policy, kind, *paths, module=module)


def is_mentioned(policy: Facts, kind: str, *paths: str, module: str = CORE) -> bool:
    """Whether the policy names one of these terms of the library, or one below, anywhere."""
    mentioned = policy.once("covering mentions", lambda: policy.order.covering(policy.mentions))
    return bool(_terms(policy, kind, paths, module) & mentioned)


def _says(policy: Facts) -> list[Statement]:
    return policy.once("statements", lambda: [each.says for each in policy.sentences])


def _having(policy: Facts, word: str) -> int:
    if word in PERIODS:
        return _set([number for number, each in enumerate(_says(policy)) if word in each.periods], policy)
    return _set([number for number, each in enumerate(_says(policy)) if word in each.clauses], policy)


def _forms(policy: Facts) -> Mapping[str, int]:
    found: dict[str, list[int]] = {}
    for number, says in enumerate(_says(policy)):
        for each in says.periods.get("keep", ()):
            found.setdefault(each.form, []).append(number)
    return {form: _set(numbers, policy) for form, numbers in found.items()}


def _modality(policy: Facts, modality: str) -> int:
    return policy.once("modalities", lambda: _modalities(policy)).get(modality, 0)


def _modalities(policy: Facts) -> Mapping[str, int]:
    found: dict[str, list[int]] = {}
    for number, each in enumerate(_says(policy)):
        found.setdefault(each.modality, []).append(number)
    return {modality: _set(numbers, policy) for modality, numbers in found.items()}


def _written(policy: Facts, word: str) -> tuple[Mapping[Definition, Sequence[int]], int]:
    """The terms that sentences write after a word, each with the numbers of these, and all that cover one of them.

    Behind `keep` and `within`, they are the events of periods.
    """

    def make() -> tuple[Mapping[Definition, Sequence[int]], int]:
        found: dict[Definition, list[int]] = {}
        for number, terms in _lists(policy, word):
            for term in terms:
                numbers = found.get(term)
                if numbers is None:
                    found[term] = [number]
                else:
                    numbers.append(number)
        return found, policy.order.covering(found)

    return policy.once(("written", word), make)


def _lists(policy: Facts, word: str) -> Iterable[tuple[int, Iterable[Definition]]]:
    """The terms behind a word, by the numbers of the sentences."""
    says = _says(policy)
    if word == OBJECTS:
        return enumerate([each.objects for each in says])
    if word == ACTIONS:
        return enumerate([each.actions for each in says])
    if word in PERIODS:
        periods = [(number, each.periods[word]) for number, each in enumerate(says) if word in each.periods]
        return [(number, [each.event for each in some if each.event is not None]) for number, some in periods]
    clauses = [(number, each.clauses[word]) for number, each in enumerate(says) if word in each.clauses]
    return [(number, items[0] if len(items) == 1 else [*chain(*items)]) for number, items in clauses]


def _set(numbers: Iterable[int], policy: Facts) -> int:
    return _union((numbers,), policy)


def _union(lists: Iterable[Iterable[int]], policy: Facts) -> int:
    if not lists:
        return 0
    # Not bit by bit: each step would take as long as there are sentences.
    found = bytearray(len(policy.sentences) // 8 + 1)
    for numbers in lists:
        for each in numbers:
            found[each >> 3] |= 1 << (each & 7)
    return int.from_bytes(found, "little")


def _terms(policy: Facts, kind: str, paths: tuple[str, ...], module: str) -> int:
    resolution = policy.resolutions.get(module)
    return policy.order.bits(_found(resolution.module, kind, paths)) if resolution is not None else 0


# The library's modules are the same for all policies.
@lru_cache(maxsize=1024)
def _found(module: Module, kind: str, paths: tuple[str, ...]) -> tuple[Definition, ...]:
    found = (next((each for each in module.exact.get(path, ()) if each.kind == kind), None) for path in paths)
    return tuple(each for each in found if each is not None)
