"""Sets of sentences are what one finds by looking at each sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec import index
from policyspec.lint import sets
from policyspec.lint.facts import Facts
from policyspec.review import facts
from policyspec.scope import Definition
from policyspec.source import Source
from policyspec.statements import OBJECTS, Sentence
from policyspec.workspace import Workspace

PATH = "shop.policy"
HOUSE = Source("house.policy", "data parcel is email { weight }\npurpose wrapping\nshare parcel to partner\n")
TERMS = (
    ("data", ("device_info",)), ("data", ("personal", "no_such_term")), ("party", ("partner", "third_party")),
    ("basis", ("agreement",)), ("event", ("breach", "service_end")), ("action", ("disclose",)), ("right", ("access",)),
    ("safeguard", ("encryption",)), ("purpose", ("delivery",)), ("data", ()),
)  # fmt: skip
WORDS = (sets.ACTIONS, OBJECTS, *sets.CLAUSES, *sets.PERIODS)


def policy(text: str) -> Facts | None:
    return facts(Workspace({PATH: Source(PATH, text), HOUSE.path: HOUSE}), PATH)


def behind(sentence: Sentence, word: str) -> list[Definition]:
    says = sentence.says
    if word in sets.PERIODS:
        return [each.event for each in says.periods.get(word, ()) if each.event is not None]
    return [*{sets.ACTIONS: says.actions, OBJECTS: says.objects}.get(word, says.terms(word))]


def check(made: Facts, chosen: int, is_such: Callable[[Sentence], bool]) -> None:
    assert [*sets.sentences(made, chosen)] == [each for each in made.sentences if is_such(each)]
    assert [made.sentences[each] for each in index.numbers(chosen)] == [*sets.sentences(made, chosen)]


@given(st.one_of(generated(), mutated()), st.sampled_from(WORDS), st.sampled_from(TERMS))
@example(SAMPLE, OBJECTS, ("data", ("device_info",)))
@example(SAMPLE, sets.ACTIONS, ("action", ("disclose",)))
@example(SAMPLE, "within", ("event", ("breach", "service_end")))
@settings(max_examples=200)
def test_sets_of_sentences(text: str, word: str, term: tuple[str, tuple[str, ...]]) -> None:
    made = policy(text)
    if made is None:
        return
    kind, paths = term

    def is_a(each: Definition) -> bool:
        return made.is_a(each, kind, *paths)

    check(made, sets.practices(made), lambda x: x in made.practices)
    check(made, sets.duties(made), lambda x: x in made.duties)
    check(made, sets.prohibitions(made), lambda x: x in made.prohibitions)
    check(made, sets.promises(made), lambda x: x.says.modality != "never")
    check(made, sets.having(made, word, "for"), lambda x: x.says.says(word) or x.says.says("for"))
    check(made, sets.writing(made, word, kind, *paths), lambda x: any(map(is_a, behind(x, word))))
    check(
        made, sets.keeping(made, "forever"), lambda x: any(y.form == "forever" for y in x.says.periods.get("keep", ()))
    )
    assert [*sets.terms(made, word)] == [*dict.fromkeys(x for each in made.sentences for x in behind(each, word))]
    assert sets.covering(made, word) == sum_of(made, sets.terms(made, word))
    standing = [x for x in sets.terms(made, word) if any(map(is_a, made.order.named(x)))]
    assert [*sets.standing_for(made, word, kind, *paths)] == standing
    check(made, sets.naming(made, word, *standing), lambda x: not {*behind(x, word)}.isdisjoint(standing))
    about = sets.about(made, sets.practices(made))
    assert [*about] == [*dict.fromkeys(x for each in made.practices for x in each.says.objects)]


@given(st.one_of(generated(), mutated()), st.sampled_from(TERMS))
@example(SAMPLE, ("data", ("device_info",)))
def test_terms(text: str, term: tuple[str, tuple[str, ...]]) -> None:
    made = policy(text)
    if made is None:
        return
    kind, paths = term
    assert [*sets.own(made, kind, *paths)] == [x for x in made.own if made.is_a(x, kind, *paths)]
    assert [*sets.own_of(made, kind)] == [x for x in made.own if x.kind == kind]
    mentioned = any(made.is_a(x, kind, *paths) for x in made.mentions)
    assert sets.is_mentioned(made, kind, *paths) == mentioned
    assert sets.is_named(made, kind, *paths) == (mentioned or bool(sets.own(made, kind, *paths)))


@given(st.one_of(generated(), mutated()), st.integers(0, 5))
@example(SAMPLE, 0)
@example("policy p\ndata box { lid  pad }\ncollect lid, pad\ncollect box\n", 0)
def test_what_is_said_of_all_parts_is_said_of_the_whole(text: str, number: int) -> None:
    made = policy(text)
    if made is None:
        return
    order = made.order
    said = order.bits(x for each in made.sentences[number:] for x in each.says.objects)
    is_told = sets.told(made, said)
    for term in (*made.own, *(x for x in made.mentions if x.is_library and x.kind == "data")):
        parts = [x for x in order.named(term) if x is not term]
        expected = order.above(term) & said or (parts and all(order.above(x) & said for x in parts))
        if term.kind == "data":
            assert is_told(term) == bool(expected)


def sum_of(made: Facts, terms: Iterable[Definition]) -> int:
    found = 0
    for each in terms:
        found |= made.order.above(each)
    return found
