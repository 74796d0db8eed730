"""What holds of the linter for every text: no rule raises, findings depend on the text alone, and fixes mend it.

The texts are of random items, of damaged ones, and of what the pages of several rules have as examples put together,
which is how rules meet sentences that were written for others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec import fixing, library
from policyspec.diagnostic import Diagnostic, apply_edits
from policyspec.format import format_tree
from policyspec.lint import engine, patterns, registry
from policyspec.lint.examples import PATH
from policyspec.lint.examples import example as whole
from policyspec.review import facts, review
from policyspec.source import Source
from policyspec.syntax.parser import Tree, parse
from policyspec.workspace import Workspace

HOUSE = "house.policy"
HOUSE_TEXT = """\
data parcel is purchase_information "Parcel" { weight "Its weight" }
purpose wrapping is delivery "Wrapping"
rule wrapped "Wrapped" { every use parcel needs for wrapping  no share parcel to advertiser }
must delete parcel within 3 days of contract_end
"""
FRAME = (
    f"import {', '.join(each for each in library.names() if each != 'core')}\n"
    + """\
policy example { provider: us  audience: user  effective: 2026-06-01 }
party us is controller "Us"
subject user is end_user "User"
"""
)


# ── Texts ───────────────────────────────────────────────────────────────────────────────────────────


@cache
def pages() -> tuple[str, ...]:
    """The examples of all rules that do without a policy of their own."""
    texts = [text for rule in registry.known_rules().values() for text in (*rule.bad, *rule.good)]
    return tuple(text for text in dict.fromkeys(texts) if not re.search(r"^\s*policy\b", text, re.M))


def examples_together() -> st.SearchStrategy[str]:
    """Examples of several rules as one policy, with all packs imported."""
    some = st.lists(st.sampled_from(pages()), min_size=1, max_size=5, unique=True)
    return some.map(lambda texts: FRAME + "\n".join(texts) + "\n")


@cache
def shop() -> str:
    return (Path(__file__).parents[2] / "examples" / "web_shop" / "web_shop.policy").read_text("utf-8")


def damaged(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts with a few of their words taken out or replaced."""

    def damage(text: str, at: list[int], word: str) -> str:
        words = re.findall(r"\s+|\w+|[^\w\s]", text)
        for each in at:
            words[each % len(words)] = word
        return "".join(words)

    new = st.sampled_from(
        ("", "email", "{", "}", ",", "is", "and", "only", "never", "unless", "etc", "forever", "#", '"')
    )
    return st.builds(damage, texts, st.lists(st.integers(0, 9999), min_size=1, max_size=3), new)


def with_packs(text: str) -> str:
    return f"import {', '.join(library.names())}\n{text}"


TEXTS = st.one_of(
    examples_together(),
    damaged(examples_together()),
    damaged(st.builds(shop)),
    generated().map(with_packs),
    mutated().map(with_packs),
)


def workspace(text: str, house: str = HOUSE_TEXT) -> Workspace:
    return Workspace({PATH: Source(PATH, text), HOUSE: Source(HOUSE, house)})


@lru_cache(maxsize=64)
def fresh(text: str, house: str = HOUSE_TEXT) -> tuple[Diagnostic, ...]:
    return review(workspace(text, house), PATH)


# ── Rules ───────────────────────────────────────────────────────────────────────────────────────────


@given(TEXTS)
@example(with_packs(SAMPLE))
@settings(max_examples=120)
def test_no_rule_raises_and_findings_have_a_place(text: str) -> None:
    made = workspace(text)
    for found in review(made, PATH):
        assert found.rule != "rule_failed", found.message
        assert found.message
        assert not found.message.endswith(".")
        places = [(found.path, found.span), *((each.path, each.span) for each in found.related)]
        places += [(found.path, edit.span) for fix in found.fixes for edit in fix.edits]
        for path, span in places:
            assert 0 <= span.start <= span.end <= len(made.source(path).text), (found.rule, path, span)


@given(TEXTS)
@settings(max_examples=30)
def test_the_order_of_rules_does_not_count(text: str) -> None:
    def found(backwards: bool) -> Counter[object]:
        """What each rule finds, asked one after the other in one order or in the other."""
        policy = facts(workspace(text), PATH)
        if policy is None:
            return Counter()
        way = -1 if backwards else 1
        said: Counter[object] = Counter()
        for rule in registry.python_rules(policy.imports)[::way]:
            said.update((rule.rule.name, finding) for finding in rule.check(policy))
        for pattern, finding in patterns.check(policy, engine._pattern_rules(policy)[::way]):
            said[pattern.rule.name, finding] += 1
        return said

    assert found(backwards=True) == found(backwards=False)


@given(TEXTS)
@settings(max_examples=30)
def test_a_pattern_rule_finds_alone_what_it_finds_among_others(text: str) -> None:
    policy = facts(workspace(text), PATH)
    if policy is None:
        return
    rules = engine._pattern_rules(policy)
    one_more = len(text) % 10
    together: dict[str, Counter[object]] = {}
    for rule, finding in patterns.check(policy, rules):
        together.setdefault(rule.rule.name, Counter())[finding] += 1
    # Those that find something, and some of the others.
    for number, rule in enumerate(rules):
        if rule.rule.name in together or number % 10 == one_more:
            alone = Counter(finding for _, finding in patterns.check(policy, [rule]))
            assert alone == together.get(rule.rule.name, Counter()), rule.rule.name


# ── What was checked before ─────────────────────────────────────────────────────────────────────────


@given(
    st.lists(TEXTS, min_size=2, max_size=3), st.sampled_from((HOUSE_TEXT, "", "data parcel\ndata parcel\n", "use {"))
)
@settings(max_examples=30)
def test_what_was_checked_before_does_not_count(texts: list[str], house: str) -> None:
    expected = [fresh(text) for text in texts]
    now = workspace(texts[0])
    assert review(now, PATH) == expected[0]
    assert review(now, PATH) == expected[0]
    for text, found in zip(texts[1:], expected[1:], strict=True):
        now = now.with_source(Source(PATH, text))
        assert review(now, PATH) == found
    assert review(now.with_source(Source(HOUSE, house)), PATH) == fresh(texts[-1], house)
    assert review(now, PATH) == expected[-1]


# ── Fixes ───────────────────────────────────────────────────────────────────────────────────────────


def comments(tree: Tree) -> Counter[str]:
    return Counter(tree.text[span.start : span.end].strip() for span in tree.comments)


def keys(found: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((each.rule, each.message) for each in found)


def check_is_mended(text: str, found: Diagnostic) -> None:
    """A safe fix by itself: the text parses as before, comments are kept, its finding is gone and none is new."""
    for fix in found.fixes:
        if fix.safe:
            before, after = fresh(text), apply_edits(text, fix.edits)
            assert len(parse(after).faults) <= len(parse(text).faults)
            assert not comments(parse(text)) - comments(parse(after))
            assert keys(fresh(after)) - keys(before) == Counter()
            assert keys(fresh(after))[found.rule, found.message] < keys(before)[found.rule, found.message]


FIXABLE = [
    (rule.name, text)
    for rule in registry.known_rules().values()
    if rule.fix != "none"
    for text in (whole(rule, each, rule.pack in library.names()) for each in rule.bad)
]


@pytest.mark.parametrize(("rule", "text"), FIXABLE, ids=[f"{name}-{at}" for at, (name, _) in enumerate(FIXABLE)])
def test_every_fix_keeps_its_promise(rule: str, text: str) -> None:
    commented = re.sub(r"(?m)^(?=\S)", "# Before.\n", text) + "# The end.\n"
    for each in (text, commented):
        found = [one for one in fresh(each) if one.rule == rule and one.fixes]
        assert found
        for one in found:
            check_is_mended(each, one)
            for fix in one.fixes:
                after = apply_edits(each, fix.edits)
                assert not parse(after).faults
                assert keys(fresh(after))[one.rule, one.message] < keys(fresh(each))[one.rule, one.message]


@given(TEXTS, st.booleans())
@settings(max_examples=40)
def test_fixing_mends_and_spoils_nothing(text: str, unsafe: bool) -> None:
    before = fresh(text)
    for found in before:
        if found.pack:
            check_is_mended(text, found)
    fixed = fixing.fix(workspace(text), PATH, review, unsafe)
    after = fixed.workspace.source(PATH).text
    assert (fixed.number == 0) == (after == text)
    assert len(parse(after).faults) <= len(parse(text).faults)
    assert not comments(parse(text)) - comments(parse(after))
    # What is found then, and was not before, is none of the fixes' doing.
    assert keys(fresh(after)) - keys(before) == Counter()
    assert fresh(after) == review(fixed.workspace, PATH)
    again = fixing.fix(workspace(after), PATH, review, unsafe)
    assert (again.number, again.workspace.source(PATH).text) == (0, after)
    if not parse(after).faults:
        laid_out = format_tree(parse(after))
        assert format_tree(parse(laid_out)) == laid_out
        # What is guessed of names that mean nothing may depend on the lines that they are on.
        rules = [keys(each for each in fresh(one) if each.pack) for one in (laid_out, after)]
        assert rules[0] == rules[1]
