"""Every rule does what its page says: it finds something in the bad examples, and nothing in the good ones."""

from __future__ import annotations

import pytest

from policyspec import library
from policyspec.diagnostic import Diagnostic, apply_edits
from policyspec.lint import registry
from policyspec.lint.examples import PATH, example
from policyspec.lint.rule import Rule
from policyspec.review import findings
from policyspec.source import Source
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace

RULES = registry.known_rules()
# What the engine says of itself: see its own tests.
ELSEWHERE = {"not_assessed", "rule_failed"}


def found(rule: Rule, text: str) -> tuple[str, list[Diagnostic]]:
    whole = example(rule, text, rule.pack in library.names())
    workspace = Workspace({PATH: Source(PATH, whole)})
    errors = [each.message for each in workspace.diagnostics(PATH) if each.is_error]
    assert not errors, (errors, whole)
    return whole, [each for each in findings(workspace, PATH) if each.rule == rule.name]


BAD = [(rule, number) for rule in RULES.values() for number in range(len(rule.bad))]
GOOD = [(rule, number) for rule in RULES.values() for number in range(len(rule.good))]


def name(case: object) -> str:
    return case.name if isinstance(case, Rule) else str(case)


@pytest.mark.parametrize("rule", RULES.values(), ids=name)
def test_has_a_page(rule: Rule) -> None:
    assert rule.summary
    assert not rule.summary.endswith(".")
    if rule.name in ELSEWHERE:
        return
    assert rule.bad, "a bad example"
    assert rule.good, "a good example"
    if rule.pack in library.names():
        assert rule.cite, "the article behind it"


@pytest.mark.parametrize(("rule", "number"), BAD, ids=name)
def test_bad_is_found(rule: Rule, number: int) -> None:
    text, diagnostics = found(rule, rule.bad[number])
    assert diagnostics
    for each in diagnostics:
        assert 0 <= each.span.start <= each.span.end <= len(text)
        assert each.message
        assert not each.message.endswith(".")


@pytest.mark.parametrize(("rule", "number"), GOOD, ids=name)
def test_good_is_not_found(rule: Rule, number: int) -> None:
    _, diagnostics = found(rule, rule.good[number])
    assert [each.message for each in diagnostics] == []


@pytest.mark.parametrize(("rule", "number"), [case for case in BAD if case[0].fix != "none"], ids=name)
def test_the_fix_mends_it(rule: Rule, number: int) -> None:
    text, diagnostics = found(rule, rule.bad[number])
    assert any(each.fixes for each in diagnostics)
    for _ in range(20):
        fixable = [each for each in diagnostics if each.fixes]
        if not fixable:
            break
        text = apply_edits(text, fixable[0].fixes[0].edits)
        assert not parse(text).faults
        workspace = Workspace({PATH: Source(PATH, text)})
        diagnostics = [each for each in findings(workspace, PATH) if each.rule == rule.name]
    assert not [each for each in diagnostics if each.fixes]
