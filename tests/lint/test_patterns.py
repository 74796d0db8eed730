"""Rules written in the language: worked cases with what they find."""

from __future__ import annotations

import pytest

from meaning import Case, cases, declarations, read, world, CORE
from policyspec.diagnostic import Severity
from policyspec.lint import engine, patterns
from policyspec.lint.facts import Finding
from policyspec.lint.rule import Rule
from policyspec.source import Source

CASES = [case for case in cases() if case.rule]
# A module that puts location below sensitive data, or below a term of its own.
EXTENDED = "\ndata cn_sensitive < sensitive\ndata cn_listed < personal\ndata precise_location < {}"
WORLDS = {132: "sensitive", 133: "cn_listed"}


def findings(text: str, rule: str, number: int = 0) -> list[Finding]:
    core = CORE.strip()
    if number in WORLDS:
        core = core.replace("precise_location, ", "") + EXTENDED.format(f"personal, {WORLDS[number]}")
    made = read(f"{text}\nrule r {{ {rule} }}\n", world(core))
    header = next(each for each in made.module.definitions if each.kind == "policy")
    source = Source("p", made.module.trees["p"].text)
    policy = engine.facts("p", header, {"p": source}, made.acts.order.resolutions)
    tested = patterns.PatternRule(Rule("r", Severity.ERROR, "r"), made.judgements)
    return [finding for _, finding in patterns.check(policy, [tested])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number} {case.why}")
def test_worked_cases(case: Case) -> None:
    found = findings(case.policy, case.rule, case.number)
    assert bool(found) == (case.verdict != "none")
    if case.rule.startswith("some") or case.verdict == "none":
        return
    named = " ".join(each.message for each in found)
    assert all(f"`{name}`" in named or f" {name}`" in named for name in case.verdict.split(", "))
