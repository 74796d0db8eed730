"""What a TextMate grammar sees of a text, held against what the lexer does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyspec import highlighting, kinds
from policyspec.syntax import grammar, lexer

ROOT = Path(__file__).parents[1]
EXTENSION = ROOT / "editors" / "vscode"
LIBRARY = ROOT / "src" / "policyspec" / "library"
# Policies, a law with its rules, and actions.
TEXTS = [
    *sorted((ROOT / "examples").rglob("*.policy")),
    LIBRARY / "eu" / "gdpr.policy",
    LIBRARY / "core" / "actions.policy",
]

# ── A TextMate engine, as far as this grammar needs one: line by line, and what begins first counts ──

_FILE = json.loads(highlighting.textmate())
_ENGINE = dict[str, Any]


def textmate(text: str) -> Iterator[tuple[int, int, str]]:
    """The spans that the grammar's file gives a scope of its own, with the innermost scope."""
    start, open_block = 0, None
    for line in text.splitlines(keepends=True):
        at = 0
        while at <= len(line):
            if open_block:
                match = re.compile(open_block["end"]).search(line, at)
                end = match.end() if match else len(line)
                yield start + at, start + end, open_block["name"]
                at, open_block = (end, None) if match else (end + 1, open_block)
                continue
            found = _first(_FILE["patterns"], line, at, len(line))
            if found is None:
                break
            rule, match = found
            if "begin" in rule:
                open_block = rule
                yield start + match.start(), start + match.end(), rule["name"]
            else:
                yield from _matched(rule, match, start)
            assert match.end() > match.start(), "no rule may match nothing"
            at = match.end()
        start += len(line)


def _first(patterns: list[_ENGINE], line: str, at: int, end: int) -> tuple[_ENGINE, re.Match[str]] | None:
    best = None
    for each in patterns:
        rule = _FILE["repository"][each["include"][1:]] if "include" in each else each
        # A line's end is no part of it here, as it is in an editor.
        match = re.compile(rule.get("match") or rule["begin"]).search(line.rstrip("\r\n"), at, end)
        if match and (best is None or match.start() < best[1].start()):
            best = rule, match
    return best


def _matched(rule: _ENGINE, match: re.Match[str], start: int) -> Iterator[tuple[int, int, str]]:
    if "name" in rule:
        yield start + match.start(), start + match.end(), rule["name"]
    for number, capture in rule.get("captures", {}).items():
        at, end = match.span(int(number))
        if "name" in capture and at >= 0:
            yield start + at, start + end, capture["name"]
        while "patterns" in capture and 0 <= at < end:
            found = _first(capture["patterns"], match.string, at, end)
            if found is None:
                break
            yield from _matched(*found, start)
            at = found[1].end()


def innermost(text: str) -> dict[tuple[int, int], str]:
    return {(start, end): scope for start, end, scope in textmate(text)}


def is_word(scope: str) -> bool:
    """Whether a scope is that of a word of the language."""
    return scope.startswith(("storage.", "keyword.", "constant.language")) and not scope.startswith(
        ("keyword.other.unit", "keyword.other.annotation")
    )


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_its_words_are_the_lexers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    words = {*grammar.load().words.values()}
    tokens, comments = lexer.tokens(text)
    scopes = innermost(text)
    expected = {(each.start, each.end) for each in tokens if each.type in words}
    assert {span for span, scope in scopes.items() if is_word(scope)} == expected
    for token in tokens:
        if token.type in ("DATE", "FIELD", "NUMBER", "LANGUAGE"):
            assert scopes[token.start, token.end].startswith(
                {
                    "DATE": "constant.numeric.date",
                    "FIELD": "variable.other.property",
                    "NUMBER": "constant.numeric",
                    "LANGUAGE": "entity.other.attribute-name",
                }[token.type]
            )
    assert all(scopes[each.start, each.end].startswith("comment.line") for each in comments)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_pieces_are_what_the_file_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fine = {}
    for start, end, scope in textmate(text):
        fine.update(dict.fromkeys(range(start, end), scope.removesuffix(".policy")))
    for start, end, scope in highlighting.pieces(text):
        written = range(start, end) if scope else ()
        assert {fine[at] for at in written if not text[at].isspace()} <= {scope}, text[start:end]


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────


def test_every_word_of_the_grammar_has_a_scope() -> None:
    scopes = highlighting.word_scopes()
    assert {*scopes} == {*grammar.load().words}
    for word, scope in scopes.items():
        assert innermost(f" {word} ")[1, len(word) + 1] == f"{scope}.policy"


def test_words_are_grouped_as_the_language_groups_them() -> None:
    groups: dict[str, set[str]] = {}
    for word, scope in highlighting.word_scopes().items():
        groups.setdefault(scope, set()).add(word)
    assert groups["storage.type.kind"] == {*kinds.KINDS}
    assert groups["keyword.other.clause"] == {*kinds.CLAUSES}
    assert {"may", "must", "should", "never", "every", "allows"} <= groups["keyword.control"]
    assert {"import", "section"} <= groups["keyword.other.item"]
    assert {"required", "optional"} == groups["storage.modifier"]


# ── Places ──────────────────────────────────────────────────────────────────────────────────────────


def scope_of(text: str, word: str) -> str:
    """The scope of a word's first occurrence."""
    at = text.index(word)
    return next((scope for start, end, scope in highlighting.pieces(text) if start <= at < end), "")


@pytest.mark.parametrize(
    ("text", "word", "scope"),
    [
        ("data order is purchase", "order", "entity.name.type"),
        ("data order is purchase, email", "email", "entity.other.inherited-class"),
        ("  width is size", "width", "entity.name.type"),
        ('  width "Width"', "width", "entity.name.type"),
        ("  cpu {", "cpu", "entity.name.type"),
        ("extend data email is shown", "email", "entity.name.type"),
        ("rule late { some right access }", "access", "meta.term"),
        ("rule late { every collect personal }", "collect", "entity.name.function"),
        ("rule late {", "late", "entity.name.type"),
        ("collect, use required email", "use", "entity.name.function"),
        ("delete or anonymise email", "anonymise", "entity.name.function"),
        ("collect email", "email", "meta.term"),
        ("must delete\n  email", "delete", "entity.name.function"),
        ("collect email,\n  name for delivery", "name", "meta.term"),
        ("import cn.pipl, android", "android", "entity.name.namespace"),
        ("audience: customer", "audience", "variable.other.property"),
        ("for: customer", "for", "variable.other.property"),
        ("collect a.for", "a.for", "meta.term"),
        ("suppressible: no", "no", "constant.language"),
        ("no collect email", "no", "keyword.control"),
        ("keep 30 working days", "30", "constant.numeric"),
        ("keep 30 working days", "working", "keyword.other.unit"),
        ("keep 30 days of request", "of", "keyword.other"),
        ("since: 2026-01-01", "2026", "constant.numeric.date"),
        (r'"a \" b" keep', "keep", "keyword.other.clause"),
        ('"not closed\nkeep', "keep", "keyword.other.clause"),
        ('"""keep\nkeep""" for', "keep", "string.quoted.triple"),
        ('"""keep\nkeep""" for', "for", "keyword.other.clause"),
        ('"x"@zh-Hant', "@zh", "entity.other.attribute-name.language"),
        ("# collect email", "collect", "comment.line.number-sign"),
        ("# policyspec: allow downgrade -- agreed", "allow", "keyword.other.annotation"),
        ("# policyspec: allow downgrade -- agreed", "downgrade", "entity.name.tag"),
        ("# policyspec: allow downgrade until 2027-01-01 -- agreed", "2027", "constant.numeric.date"),
        ("# policyspec: allow downgrade, cn.pipl.x -- agreed", "cn.pipl.x", "entity.name.tag"),
        ("# policyspec: allow downgrade -- agreed", "agreed", "comment.line.number-sign"),
        ("data 设备 is device_info", "设备", "entity.name.type"),
        ("；", "；", ""),
    ],
)
def test_a_place_has_its_scope(text: str, word: str, scope: str) -> None:
    assert scope_of(text, word) == scope
    if scope not in ("", "meta.term"):
        covering = [each for start, end, each in textmate(text) if start <= text.index(word) < end]
        assert covering[-1] == f"{scope}.policy"


@given(st.text(alphabet=st.sampled_from('ab. \n\r\t"\\#{},:@-0159policyspec allow未é\u0301')))
def test_pieces_are_all_of_a_text(text: str) -> None:
    assert "".join(text[start:end] for start, end, _ in highlighting.pieces(text)) == text


# ── The editor's own settings ───────────────────────────────────────────────────────────────────────


def test_lines_that_open_a_brace_indent_the_next() -> None:
    rules = json.loads(highlighting.language_configuration())["indentationRules"]
    opens = re.compile(rules["increaseIndentPattern"])
    assert opens.search('section "{ not \\" this" {')
    assert opens.search("data x {  # a remark")
    for line in ('section "x {"', "# data x {", "data x { a  b }", "collect email"):
        assert not opens.search(line), line
    assert re.search(rules["decreaseIndentPattern"], "  }")
