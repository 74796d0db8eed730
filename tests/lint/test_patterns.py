"""Rules written in the language: worked cases with what they find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaning import CORE, Case, Read, cases, read, world
from policyspec.diagnostic import Severity
from policyspec.lint import engine, patterns
from policyspec.lint.facts import Finding
from policyspec.lint.rule import Rule
from policyspec.source import Source
from test_acts import a_sentence, oracle_of, read_in, tables, terms

CASES = [case for case in cases() if case.rule]
# A module that puts location below sensitive data, or below a term of its own.
EXTENDED = "\ndata cn_sensitive < sensitive\ndata cn_listed < personal\ndata precise_location < {}"
WORLDS = {132: "sensitive", 133: "cn_listed"}


def check(made: Read) -> list[Finding]:
    header = next(each for each in made.module.definitions if each.kind == "policy")
    source = Source("p", made.module.trees["p"].text)
    policy = engine.facts("p", header, {"p": source}, made.acts.order.resolutions)
    tested = patterns.PatternRule(Rule("r", Severity.ERROR, "r"), made.judgements)
    return [finding for _, finding in patterns.check(policy, [tested])]


def findings(text: str, rule: str, number: int = 0) -> list[Finding]:
    core = CORE.strip()
    if number in WORLDS:
        core = core.replace("precise_location, ", "") + EXTENDED.format(f"personal, {WORLDS[number]}")
    made = read(f"{text}\nrule r {{ {rule} }}\n", world(core))
    return check(made)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number} {case.why}")
def test_worked_cases(case: Case) -> None:
    found = findings(case.policy, case.rule, case.number)
    assert bool(found) == (case.verdict != "none")
    if case.rule.startswith("some") or case.verdict == "none":
        return
    named = " ".join(each.message for each in found)
    assert all(f"`{name}`" in named or f" {name}`" in named for name in case.verdict.split(", "))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule about practices."""
    word = draw(st.sampled_from(("every", "every", "no", "some")))
    pattern = draw(a_sentence("")).replace("only ", "").partition(" unless ")[0]
    needed = {"under": "basis", "for": "purpose", "with": "safeguard", "in": "place"}
    if word != "every":
        return f"{word} {pattern}"
    clause = draw(st.sampled_from([*needed]))
    wanted = draw(st.lists(terms(needed[clause]), max_size=2, unique=True))
    return f"every {pattern} needs {clause} {', '.join(wanted)}"


@settings(max_examples=200)
@given(tables(), st.lists(a_sentence(""), min_size=1, max_size=3), a_sentence("never"), rules())
def test_rules_find_what_the_oracle_does(made_of: tuple[str, str], sentences: list[str], never: str, rule: str) -> None:
    made = read_in(made_of, "\n".join((*sentences, never, f"rule r {{ {rule} }}")))
    wanted = oracle_of(made).finds(made.judgements[0])
    found = check(made)
    if isinstance(wanted, bool):
        assert bool(found) == (not wanted)
    else:
        lines = {each.span.start for each in found}
        assert len(found) == len(wanted)
        assert all(any(each.span.start <= at < each.span.end for at in lines) for each in wanted)
