"""Pygments colours what the lexer reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.token import Comment, Error, Keyword, Literal, Name, Punctuation, String, Token

from policyspec import highlighting
from policyspec.pygments_lexer import PolicyLexer, _token
from policyspec.syntax import grammar, lexer

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "src" / "policyspec" / "library"
# Policies, a law with its rules, and actions.
TEXTS = [
    *sorted((ROOT / "examples").rglob("*.policy")),
    LIBRARY / "eu" / "gdpr.policy",
    LIBRARY / "core" / "actions.policy",
]

# What the tokens of the lexer are here, words apart.
EXPECTED = {
    "FIELD": Name.Attribute,
    "NAME": Name,
    "DATE": Literal.Date,
    "DURATION": Literal.Number,
    "NUMBER": Literal.Number,
    "STRING": String,
    "TEXT": String,
    "LANGUAGE": Name.Decorator,
    "COLON": Punctuation,
    "COMMA": Punctuation,
    "LBRACE": Punctuation,
    "RBRACE": Punctuation,
}


def by_offset(text: str) -> dict[int, object]:
    """The token type of every character."""
    found: dict[int, object] = {}
    for start, type, value in PolicyLexer().get_tokens_unprocessed(text):
        found.update(dict.fromkeys(range(start, start + len(value)), type))
    return found


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_tokens_are_the_lexers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    types = by_offset(text)
    words = {*grammar.load().words.values()}
    tokens, comments = lexer.tokens(text)
    for token in tokens[:-1]:
        expected = Keyword if token.type in words else EXPECTED[token.type]
        for at in range(token.start, token.end):
            assert text[at].isspace() or types[at] in expected, (token, types[at])
    assert all(types[at] in Comment for comment in comments for at in range(*comment))
    assert Error not in types.values()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_character_is_lost(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lexed = PolicyLexer(stripnl=False, ensurenl=False).get_tokens(text)
    assert "".join(value for _, value in lexed) == text


@given(st.text())
def test_any_text_can_be_coloured(text: str) -> None:
    assert "".join(value for _, _, value in PolicyLexer().get_tokens_unprocessed(text)) == text


def test_what_is_not_in_the_language_is_an_error() -> None:
    assert by_offset("collect email；")[13] is Error


def test_a_page_has_colours() -> None:
    page = highlight('data order "What you ordered"  # of us', PolicyLexer(), HtmlFormatter(nowrap=True))
    assert '<span class="kt">data</span>' in page
    assert '<span class="nc">order</span>' in page
    assert '<span class="c1"># of us</span>' in page


def test_every_scope_has_a_token_of_its_own() -> None:
    def scopes(rules: tuple[highlighting.Rule | highlighting.Block, ...]) -> set[str]:
        found = {rule.scope for rule in rules}
        for rule in rules:
            for group in rule.groups if isinstance(rule, highlighting.Rule) else ():
                found |= {group} if isinstance(group, str) else scopes(group)
        return found - {""}

    assert all(_token(scope, "x") not in (Token, Error) for scope in scopes(highlighting.rules()))
