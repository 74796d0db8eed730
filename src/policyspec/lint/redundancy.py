"""Whether a sentence says no more than another: all that it says, the other says too, or more broadly.

What only the other says does not save it: who collects data for one purpose has said that they are collected. A
prohibition says no more than one that forbids at least as much and excepts no more.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Any

from policyspec import index
from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.lint.wording import spoken
from policyspec.order import Order
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Sentence, Statement
from policyspec.syntax import nodes

# A sentence is compared with no more others than this.
_LIMIT = 500
# Of more than this, those are chosen first that may say as much, by their single words.
_FEW = 8
# Of more terms that cover one, the first are looked at. In a large policy, so many sentences are found anew each time.
_MANY = 64
_LARGE = 2000
# Clauses in which a broader term says more, and those that have to be the same.
_SCOPE = ("to", "for", "in")
_SAME = ("via", "under")
# What a prohibition is limited by.
_LIMITS = ("from", "to", "for", "under", "when", "in", "with", "via")
_PERIODS = ("keep", "within")
# Fields by which a sentence says more than its words do, and those that say whom it binds.
_SAYING = ("interest", "refusal")
_BINDING = ("on_behalf_of", "imposed_by")


def duplicates(policy: Facts) -> Iterator[tuple[Sentence, Sentence]]:
    """Each sentence that says just what an earlier one has said, with that one."""
    for number, before in enumerate(_same(policy)):
        if before != number:
            yield policy.sentences[number], policy.sentences[before]


def weaker(policy: Facts, modalities: Mapping[str, Container[str]]) -> Iterator[tuple[Sentence, Sentence]]:
    """Each sentence that says no more than another one, but not the same, with the first such; `modalities` has by a
    sentence's modality those that the other may have.
    """
    concerned = [number for number, each in enumerate(policy.sentences) if each.says.modality in modalities]
    if not concerned:
        return
    order, same = policy.order, _same(policy)
    by_object, known, alone = policy.once("sentences by object", lambda: _by_object(policy))
    objects = [each for each, _ in _words(policy)]
    words = [mine | actions for mine, actions in _words(policy)]
    for number in concerned:
        # Who says more speaks of all that it is about, and does all that it does.
        if not objects[number] or objects[number] & alone:
            continue
        sentence = policy.sentences[number]
        wanted = modalities[sentence.says.modality]
        covering = [order.above(each) & known for each in sentence.says.objects]
        # Of the term of which the fewest speak, too.
        others = min([by_object.get(each) or _speaking(order, by_object, each) for each in covering], key=len)
        if len(others) > _FEW:
            others = [each for each in index.numbers(_near(policy, sentence)) if same[each] == each]
        covering += map(order.above, sentence.says.actions)
        for other_number in others[: _LIMIT + 1]:
            if other_number == same[number] or 0 in map(words[other_number].__and__, covering):
                continue
            other = policy.sentences[other_number]
            if other.says.modality in wanted and says_no_more(policy, sentence, other):
                # Of two that say the same in other words, the later one is left over.
                if other.says.modality != sentence.says.modality or not (
                    same[number] < same[other_number] and says_no_more(policy, other, sentence)
                ):
                    yield sentence, other
                    break


def _same(policy: Facts) -> Sequence[int]:
    """By the number of a sentence, that of the first one that says just the same: itself, where it is that one."""

    def make() -> list[int]:
        found = [*range(len(policy.sentences))]
        alike: dict[object, list[int]] = {}
        for number, (sentence, words) in enumerate(zip(policy.sentences, _words(policy), strict=True)):
            alike.setdefault((sentence.says.modality, words), []).append(number)
        for numbers in alike.values():
            first: dict[object, int] = {}
            for number in numbers if len(numbers) > 1 else ():
                found[number] = first.setdefault(_content(policy.sentences[number]), number)
        return found

    return policy.once("sentences that say the same", make)


def _words(policy: Facts) -> Sequence[tuple[int, int]]:
    """What each sentence is about, and what it does, as sets of terms."""
    bits = policy.order.bits
    return policy.once("words", lambda: [(bits(x.says.objects), bits(x.says.actions)) for x in policy.sentences])


def _by_object(policy: Facts) -> tuple[Mapping[int, Sequence[int]], int, int]:
    """The numbers of the sentences about each term, as a set of this one, without those that say what another has said;
    all of the terms; and those that only one of these sentences is about, and none about what covers them.
    """
    known, order = 0, policy.order
    found: dict[Definition, list[int]] = {}
    for number, (first, (objects, _)) in enumerate(zip(_same(policy), _words(policy), strict=True)):
        if number == first:
            known |= objects
            for term in policy.sentences[number].says.objects:
                found.setdefault(term, []).append(number)
    bits = {order.bit(term): numbers for term, numbers in found.items()}
    alone = 0
    for term, numbers in found.items():
        if len(numbers) == 1 and order.above(term) & known in bits:
            alone |= order.bit(term)
    return bits, known, alone


def _speaking(order: Order, by_object: Mapping[int, Sequence[int]], terms: int) -> Sequence[int]:
    """The numbers of the first sentences about one of some terms, once each."""
    merged = merge(*(by_object.get(order.bit(term), ()) for term in islice(order.of(terms), _MANY)))
    return [each for each, _ in islice(groupby(merged), _LIMIT + 1)]


def _near(policy: Facts, sentence: Sentence) -> int:
    """The sentences that may say all that one says, as far as single words tell, as a set."""
    says = sentence.says
    found = sets.prohibitions(policy) if says.modality == "never" else sets.promises(policy)
    for word, terms in ((OBJECTS, says.objects), (sets.ACTIONS, says.actions)):
        for each in terms:
            found &= _saying(policy, word, each)
    if found.bit_count() <= _FEW:
        return found
    if says.modality == "never":
        for word in _LIMITS:
            found &= ~_stating(policy, word) | _any(policy, word, says.terms(word))
        # What the other excepts, this one does.
        lifts = (*says.terms("unless"), *says.terms("without"))
        for word in ("unless", "without"):
            found &= ~_stating(policy, word) | _any(policy, word, lifts, is_wide=False)
        return found
    for word in _SCOPE:
        for each in says.terms(word):
            found &= _saying(policy, word, each)
    for word in (*_SAME, "without"):
        for each in says.terms(word):
            found &= _saying(policy, word, each, is_wide=False)
    if not says.terms("without"):
        found &= ~_stating(policy, "without")
    for each in says.terms("from") or sentence.from_:
        found &= ~_stating(policy, "from") | _saying(policy, "from", each, is_wide=False)
    found &= ~_stating(policy, "when") | _any(policy, "when", says.terms("when"))
    return found & (~_stating(policy, "unless") | _any(policy, "unless", says.terms("unless"), is_wide=False))


def _any(policy: Facts, word: str, terms: Iterable[Definition], is_wide: bool = True) -> int:
    found = 0
    for each in terms:
        found |= _saying(policy, word, each, is_wide)
    return found


def _saying(policy: Facts, word: str, term: Definition, is_wide: bool = True) -> int:
    """The sentences that write a term after a word, or one that covers it."""
    kept: dict[object, int] = policy.once("sentences that say more", dict)
    key = (word, term, is_wide)
    if key in kept:
        return kept[key]
    terms = [term]
    if is_wide:
        written = policy.once(("terms", word), lambda: policy.order.bits(sets.terms(policy, word)))
        terms = [*islice(policy.order.of(policy.order.above(term) & written), _MANY)]
    found = sets.naming(policy, word, *terms)
    if found.bit_count() > _MANY or len(policy.sentences) < _LARGE:
        kept[key] = found
    return found


def _stating(policy: Facts, word: str) -> int:
    """The sentences that write anything after a word."""
    return policy.once(("stating", word), lambda: sets.naming(policy, word, *sets.terms(policy, word)))


def _content(sentence: Sentence) -> object:
    """All that a sentence says: equal of two that say the same."""
    says = sentence.says
    return (
        says.modality,
        says.any_of,
        says.necessity,
        frozenset(says.actions),
        frozenset(says.objects),
        frozenset(says.terms("by") or sentence.by),
        frozenset(says.terms("from") or sentence.from_),
        frozenset((word, _items(says, word)) for word in says.clauses if word not in ("by", "from")),
        tuple(_periods(sentence, word) for word in _PERIODS),
        says.only,
        says.is_open,
        tuple(tuple(_said(sentence, name)) for name in (*_SAYING, *_BINDING)),
        tuple(product(sentence)),
    )


def says_no_more(policy: Facts, one: Sentence, other: Sentence) -> bool:
    """Whether a sentence says no more than another, whatever their modalities."""
    a, b = one.says, other.says
    if a.any_of != b.any_of or (a.any_of and {*a.actions} != {*b.actions}):
        return False
    if not _is_within(policy, a.actions, b.actions) or not _is_within(policy, a.objects, b.objects):
        return False
    if (OBJECTS in a.is_open and OBJECTS not in b.is_open) or not _is_bound_alike(one, other):
        return False
    if not _is_within(policy, a.terms("by") or one.by, b.terms("by") or other.by):
        return False
    if product(one) != product(other):
        return False
    return _forbids_no_more(policy, a, b) if a.modality == "never" else _does_no_more(policy, one, other)


def _does_no_more(policy: Facts, one: Sentence, other: Sentence) -> bool:
    a, b = one.says, other.says
    if a.only - b.only or (a.necessity and a.necessity != b.necessity):
        return False
    # What is said of some people in particular is never said in vain.
    if {*(a.terms("from") or one.from_)} != {*(b.terms("from") or other.from_)}:
        return False
    if any(word in a.clauses and not _is_within(policy, a.terms(word), b.terms(word)) for word in _SCOPE):
        return False
    if any(word in a.only and {*a.terms(word)} != {*b.terms(word)} for word in a.clauses):
        return False
    # Who receives it where no one is named may be broader than whom the other names.
    if "to" not in a.clauses and any(policy.order.field(each, "to") for each in a.actions) and "to" in b.clauses:
        if not all(_is_within(policy, policy.order.field(each, "to"), b.terms("to")) for each in a.actions):
            return False
    if any(word in a.clauses and _items(a, word) != _items(b, word) for word in _SAME):
        return False
    # An exemption says something of the cases that are exempt only.
    if _items(a, "without") != _items(b, "without"):
        return False
    if any(word not in b.is_open for word in a.is_open):
        return False
    if any(word in a.periods and _periods(one, word) != _periods(other, word) for word in _PERIODS):
        return False
    # What the other says of the time after an event, it says of that case only.
    events = {each.event for word in _PERIODS for each in b.periods.get(word, ()) if each.event is not None}
    if events and any(a.periods.get(word) != b.periods.get(word) for word in _PERIODS) and a.says("when"):
        if not all(any(policy.order.covers(each, x) for each in events) for x in a.terms("when")):
            return False
    # Safeguards hold together, and a more definite one says all that a broader one does.
    if not all(any(policy.order.covers(x, y) for y in b.terms("with")) for x in a.terms("with")):
        return False
    # The case it is limited to is one of the other's cases, and what the other excepts, it excepts.
    cases = b.clauses.get("when", ())
    if cases and not all(
        any(all(any(policy.order.covers(y, x) for x in mine) for y in theirs) for theirs in cases)
        for mine in a.clauses.get("when", ((),))
    ):
        return False
    if not _items(b, "unless") <= _items(a, "unless"):
        return False
    return all(_said(one, name) in ([], _said(other, name)) for name in _SAYING)


def _forbids_no_more(policy: Facts, a: Statement, b: Statement) -> bool:
    if b.necessity and a.necessity != b.necessity:
        return False
    if any(word in b.clauses and not _is_within(policy, a.terms(word), b.terms(word)) for word in _LIMITS):
        return False
    lifts = _items(a, "unless") | _items(a, "without")
    return _items(b, "unless") | _items(b, "without") <= lifts


def _is_within(policy: Facts, mine: Iterable[Definition], theirs: Iterable[Definition]) -> bool:
    """Whether there are terms, each of which another's terms cover. That something is below a root says nothing."""
    mine, theirs = tuple(mine), tuple(theirs)
    if not mine and not theirs:
        return True
    return bool(mine) and all(
        any(x is y or (policy.order.covers(y, x) and not policy.fields(y).get("root")) for y in theirs) for x in mine
    )


def _items(says: Statement, word: str) -> frozenset[frozenset[Definition]]:
    return frozenset(frozenset(item) for item in says.clauses.get(word, ()))


def _is_bound_alike(one: Sentence, other: Sentence) -> bool:
    return all(_said(one, name) == _said(other, name) for name in _BINDING)


def product(sentence: Sentence) -> list[str]:
    """What the sections around a sentence say that it is about, where that is not all of the policy."""
    fields = [each for section in sentence.sections for each in section.fields if each.name.text == "product"]
    return _texts(fields[-1].values) if fields else []


def _periods(sentence: Sentence, word: str) -> tuple[object, ...]:
    """The periods after a word, those in the policy's own words by these."""
    return (sentence.says.periods.get(word), *(each.text for each in spoken(sentence, word)))


def _said(sentence: Sentence, name: str) -> list[str]:
    return _texts(sentence.fields.get(name, ()))


def _texts(values: Iterable[Any]) -> list[str]:
    return [each.text for each in values if type(each) in (nodes.Title, nodes.Name)]
