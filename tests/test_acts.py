"""What sentences mean: worked cases with their verdicts, and laws against an oracle that enumerates all acts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaning import Case, Read, ask, cases, read, world
from oracle import Item, Oracle
from policyspec.acts import VERDICTS, Ban, bans
from policyspec.statements import Sentence

CASES = cases()


def gravest(policy: str) -> str:
    """The gravest verdict of any ban on any other sentence."""
    acts = read(policy).acts
    verdicts = [
        acts.clash(sentence, ban).verdict
        for sentence in acts.sentences
        if sentence.says.modality != "never"
        for ban in acts.bans
        if ban.sentence is not sentence
    ]
    return max(verdicts, key=VERDICTS.index, default="none")


@pytest.mark.parametrize(
    "case",
    [each for each in CASES if not each.question and not each.rule],
    ids=lambda case: f"{case.number} {case.why}",
)
def test_clashes(case: Case) -> None:
    assert gravest(case.policy) == case.verdict


@pytest.mark.parametrize(
    "case", [each for each in CASES if each.question], ids=lambda case: f"{case.number} {case.why}"
)
def test_answers(case: Case) -> None:
    assert ask(case.policy, case.question) == case.verdict


# ── Against the oracle ───────────────────────────────────────────────────────────────────────────

# Terms of a small vocabulary, those of the policy's own last. What is below what is drawn anew for each example.
KINDS = {
    "data": (("d0", "d1", "d2", "d3"), ("own0", "own1", "own2")),
    "purpose": (("p0", "p1", "p2"), ("q0",)),
    "party": (("third_party", "r0", "r1"), ("us", "s0")),
    "subject": (("person", "c0"), ("user",)),
    "basis": (("agreement", "b0", "b1", "b2"), ("g0",)),
    "event": (("e0", "e1"), ()),
    "safeguard": (("f0", "f1"), ()),
    "place": (("l0", "l1"), ()),
    "channel": (("h0",), ("h1",)),
}
ACTIONS = "action process | action collect, use, store, disclose < process | action share < disclose"


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str]:
    """What is declared in a library, and in the policy."""
    core, own = [ACTIONS], []
    for kind, (library, policy) in KINDS.items():
        names: list[str] = []
        for name in (*library, *policy):
            above = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
            right = f" < {', '.join(above)}" if above else ""
            (core if name in library else own).append(f"{kind} {name}{right}")
            names.append(name)
    return "\n".join(core), "\n".join(own)


def read_in(made: tuple[str, str], text: str) -> Read:
    in_world = world(*made, "exception closed { x0 is e0  x1 is b1 }")
    return read(text, in_world._replace(own=in_world.own.replace("minical", "us").replace("end_user", "user")))


def terms(kind: str) -> st.SearchStrategy[str]:
    library, policy = KINDS[kind]
    return st.sampled_from((*library, *policy))


@st.composite
def a_sentence(draw: st.DrawFn, modality: str) -> str:
    def joined(*kinds: str) -> str:
        kind = draw(st.sampled_from(kinds))
        if kind == "closed":
            return "closed"
        together = draw(st.lists(terms(kind), min_size=1, max_size=2, unique=True))
        return " and ".join(together)

    def clause(word: str, *kinds: str) -> str:
        if draw(st.integers(0, 2)):
            return ""
        only = "only " if modality in ("", "may") and word not in ("unless",) and draw(st.integers(0, 5)) == 0 else ""
        if word in ("by", "from", "to", "for", "in"):
            found = draw(st.lists(st.sampled_from(kinds).flatmap(terms), min_size=1, max_size=2, unique=True))
        else:
            found = list(dict.fromkeys(joined(*kinds) for _ in range(draw(st.integers(1, 2)))))
        return f" {only}{word} {', '.join(found)}"

    actions = draw(
        st.lists(
            st.sampled_from(("collect", "use", "share", "process", "disclose")), min_size=1, max_size=2, unique=True
        )
    )
    between = draw(st.sampled_from((", ", " or "))) if modality in ("must", "should") else ", "
    objects = draw(st.lists(terms("data"), min_size=1, max_size=2, unique=True))
    text = f"{modality} {between.join(actions)} {', '.join(objects)}"
    text += (
        clause("by", "party") + clause("from", "subject") + clause("to", "party", "place") + clause("for", "purpose")
    )
    text += clause("under", "basis") + clause("when", "event", "closed", "basis") + clause("in", "place")
    text += clause("with", "safeguard") + clause("via", "channel")
    text += clause("unless", "basis", "event", "safeguard", "party", "purpose", "data", "place", "subject", "closed")
    return text.strip()


@st.composite
def policies(draw: st.DrawFn) -> str:
    practices = draw(
        st.lists(st.sampled_from(("", "", "may", "must", "should")).flatmap(a_sentence), min_size=1, max_size=2)
    )
    never = draw(st.lists(a_sentence("never"), min_size=1, max_size=2))
    return "\n".join((*practices, *never))


def oracle_of(made: Read) -> Oracle:
    return Oracle(made.acts.order.resolutions.values(), made.acts.sentences)


def pairs(made: Read) -> Iterator[tuple[Sentence, Ban, str]]:
    oracle = oracle_of(made)
    for sentence in made.acts.sentences:
        if sentence.says.modality == "never":
            continue
        for ban in made.acts.bans:
            if ban.sentence is not sentence:
                conditions = [list(each) for each in ban.conditions]
                yield sentence, ban, oracle.clash(sentence, conditions, list(ban.lifts))


@settings(max_examples=150)
@given(tables(), policies())
def test_verdicts_are_those_of_the_oracle(made_of: tuple[str, str], text: str) -> None:
    made = read_in(made_of, text)
    for sentence, ban, verdict in pairs(made):
        assert made.acts.clash(sentence, ban).verdict == verdict


@settings(max_examples=100)
@given(tables(), policies())
def test_the_index_finds_what_all_pairs_have(made_of: tuple[str, str], text: str) -> None:
    made = read_in(made_of, text)
    grave = [(id(s), id(b)) for s, b, verdict in pairs(made) if VERDICTS.index(verdict) >= VERDICTS.index("overlap")]
    assert [(id(each.sentence), id(each.ban)) for each in made.acts.clashes] == grave


@settings(max_examples=100)
@given(tables(), policies())
def test_bans_and_forbidden_acts_are_those_of_the_oracle(made_of: tuple[str, str], text: str) -> None:
    made = read_in(made_of, text)
    oracle = oracle_of(made)
    for sentence in made.acts.sentences:
        made_bans = [([list(c) for c in each.conditions], list(each.lifts)) for each in bans(sentence)]
        assert made_bans == sorted_bans(oracle, sentence)
        if sentence.says.modality == "never":
            continue
        named = [act for box in made.acts.boxes(sentence) for act in box.acts()]
        brute = [e for act in oracle.acts(sentence.says, sentence.by, sentence.from_) for e in oracle.entailed(act)]
        assert {frozenset(each.items()) for each in named} == {frozenset(each.items()) for each in brute}
        for act in brute:
            assert (made.acts.forbidding(act) is not None) == oracle.forbidden(act)


def sorted_bans(oracle: Oracle, sentence: Sentence) -> list[tuple[list[list[Item]], list[Item]]]:
    """The oracle's bans, in the order of the clause words."""
    words = sorted(sentence.says.only - {"keep", "within"})
    found = list(oracle.bans(sentence))
    if len(words) < 2:
        return found
    return [found[list(sentence.says.only - {"keep", "within"}).index(word)] for word in words]
