"""Which texts are looked at: those in which something may be found, and none of these is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec.lint import numbering
from policyspec.lint.facts import Facts
from policyspec.lint.rules import absolute_claim, duty_waiver, name_drift, placeholder_text
from policyspec.lint.texts import PROSE, TITLE, Word, folded, mentioning, texts
from policyspec.review import facts
from policyspec.source import Source
from policyspec.workspace import Workspace

PATH = "shop.policy"
HOUSE = Source("house.policy", 'data parcel "Parcel" { weight "Its WEIGHT" }\npurpose wrapping "Wrapping"\n')
WORDS: tuple[Word, ...] = ("prose", "wei", "商", "x", re.compile(r"pa[a-z]?cel"), "never there")
# What could be taken for something else where strings are looked for.
TRICKY = '''\
policy shop "Shop" { provider: us }
party us is controller "U\\"s prose" # say "prose" twice
# a comment with a quotation mark: " prose
section "One" {
  """A block with "prose" in it, and # no comment"""
  collect email keep "as long as the prose lasts" { note: "x" }
  section "Inner" { share email to us }
  source: "prose behind its items"
}
"""PROSE with İ and ſ and ß"""@en
test "prose" { allows collect email  note: "prose" }
data box { lid "Prose" { note: "x prose" } }
'''


def policy(text: str) -> Facts | None:
    return facts(Workspace({PATH: Source(PATH, text), HOUSE.path: HOUSE}), PATH)


def check(text: str, words: Sequence[Word], *whats: str) -> None:
    """What mentions some words is what one finds by looking at each text."""
    made = policy(text)
    if made is None:
        return

    def has(one: str) -> bool:
        return any(word in folded(one) if isinstance(word, str) else word.search(folded(one)) for word in words)

    assert list(mentioning(made, words, *whats)) == [each for each in texts(made, *whats) if has(each.text)]


@given(st.one_of(generated(), mutated()), st.sampled_from(WORDS), st.sampled_from(((), (PROSE,), (TITLE, "note"))))
@example(SAMPLE, "prose", ())
@example(TRICKY, "prose", ())
@example(TRICKY.replace("\n", "\r\n"), "prose", ())
@example(TRICKY + '# """ begins no block\n', "prose", ())
@example(TRICKY + '"""never closed prose', "prose", ())
@example(TRICKY, "i", (PROSE,))
@example(TRICKY, "ss", (PROSE,))
@settings(max_examples=150)
def test_texts_that_mention_a_word(text: str, word: Word, whats: tuple[str, ...]) -> None:
    check(text, (word,), *whats)


@given(st.sampled_from((SAMPLE, TRICKY)), st.lists(st.sampled_from(WORDS), max_size=3))
def test_texts_that_mention_one_of_some_words(text: str, words: list[Word]) -> None:
    check(text, words)


# ── What rules look for ─────────────────────────────────────────────────────────────────────────────

SEARCHES: dict[str, tuple[re.Pattern[str], Sequence[Word]]] = {
    "absolute_claim": (absolute_claim.CLAIM, absolute_claim.WORDS),
    "placeholder_text": (placeholder_text.PLACEHOLDER, placeholder_text.WORDS),
    "duty_waiver": (duty_waiver.WAIVER, duty_waiver.WORDS),
    "undefined_reference": (numbering.REFERENCE, numbering.WORDS),
}


@cache
def found_by(pattern: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Texts that a pattern finds something in: from each of its alternatives, and in other cases of letters."""
    return st.one_of(
        st.from_regex(pattern), st.from_regex(pattern).map(str.upper), st.from_regex(pattern).map(str.title)
    )


@pytest.mark.parametrize("name", SEARCHES)
@given(data=st.data())
@settings(max_examples=300)
def test_whatever_a_rule_finds_has_one_of_its_words(name: str, data: st.DataObject) -> None:
    pattern, words = SEARCHES[name]
    text = data.draw(found_by(pattern))
    match = pattern.search(text)
    assume(match is not None and '"' not in match[0])
    lowered = folded(text)
    assert any(word in lowered if isinstance(word, str) else word.search(lowered) for word in words)


@given(st.text("Aa1 .ſßıİΣ-", min_size=1, max_size=8), st.sampled_from((str, str.upper, str.lower, str.title)))
def test_a_name_is_looked_for_however_it_is_joined(name: str, change: type[str]) -> None:
    assume(name.split())
    said = change("-".join(name.split()))
    if name_drift.written(name).search(said):
        assert re.search(name_drift.joined(folded(name)), folded(said))
