"""Texts made to break a parser: no exception, no loss of what is well-formed, and no time out of proportion."""

from __future__ import annotations

import pytest

from policyspec.source import Span
from policyspec.syntax import lexer
from policyspec.syntax.machine import MAX_FAULTS_IN_PIECE
from policyspec.syntax.nodes import Prose
from policyspec.syntax.parser import MAX_FAULTS, _parse_piece, parse

FINE = "collect device for streaming\n"
HOSTILE = {
    "nested braces": "{" * 10_000 + "}" * 10_000,
    "open braces": "{" * 10_000,
    "nested declarations": "data x {" * 10_000 + "}" * 10_000,
    "closing braces": "}" * 20_000,
    "parentheses": "(" * 1_000_000,
    "quotation marks": '"' * 1_000_000,
    "text marks": '"""' * 200_000,
    "text marks on lines": '"""\n' * 100_001,
    "escapes without end": '"' + '\\"' * 2_000,
    "backslashes": '"' + "\\" * 100_001,
    "open declarations": "data x {\n" * 100_000,
    "open declarations, indented": "  data x {\n" * 20_000,
    "a list without end": "a," * 100_000,
    "names": "a\n" * 100_000,
    "names on one line": " a" * 20_000,
    "a long line": FINE.strip() + ", a" * 30_000,
    "a long name": "a" * 1_000_000,
    "a long path": "a." * 100_000,
    "a long name misspelt": "collec" * 10_000 + " x y z",
    "digits": "1" * 300_000,
    "a long period": "store x keep " + "1" * 300_000 + " days",
    "comments": "# c\n" * 100_000,
    "spaces": " " * 1_000_000 + "x",
    "carriage returns": "\r" * 1_000_000,
    "controls": "\0" * 300_000,
    "at signs": "@" * 100_000,
    "glued words": "collect " + "a-" * 50_000,
    "foreign quotation marks": "“a" * 50_000,
    "fields": "a: b\n" * 20_000,
    "unclosed strings": 'data x "a\n' * 50_000,
    "unclosed strings, indented": '  data x "a\n' * 20_000,
    "structure words": "for " * 50_000,
    "neighbours": "data x is " + "a b " * 10_000,
    "neighbours in braces": "data x {\n" + " a b\n" * 10_000 + ",\n}\n",
    "faults in a long body": "data x {\n" + ('  a "b"\n' * 100 + "  b is for,\n") * 20 + "}\n",
    "faults in a long section": 'section "x" {\n' + ("  collect a for b\n" * 100 + "  collect a for\n") * 20 + "}\n",
    "nested sections": 'section "x" {\n' * 10_000 + "}\n" * 10_000,
    "nested sections, indented": "".join(" " * at + 'section "x" {\n' for at in range(500)) + "}\n" * 500,
    "sections with broken items": 'section "x" {\n  collect a for\n  data data\n  collect b c d\n}\n' * 2_000,
    "broken sections": "section x {\n  collect a\n  collect b\n}\n" * 2_000,
    "open sections": 'section "x" {\n  data x {}\n' * 10_000,
    "unfinished items": "collect a for\n" * 20_000,
    "lines that end in a comma": "a,\n" * 20_000,
    "lines that end in a comma, and a brace": "a,\n" * 20_000 + "}\n",
    "lines that end in a comma, in a section": 'section "x" {\n' + "  a,\n" * 20_000 + "}\n",
    "combining marks": "a" + "\u0301" * 300_000,
    "surrogates": "\ud800" * 1_000 + " collect \udfff",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_exception_and_no_flood(text: str) -> None:
    faults = parse(text).faults
    assert len(faults) <= MAX_FAULTS + MAX_FAULTS_IN_PIECE + 1
    assert all(len(fault.message) < 300 for fault in faults)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_is_read_over_and_over(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0

    def tokens(piece: str) -> tuple[list[lexer.Token], list[Span]]:
        nonlocal read
        read += len(piece)
        return tokens_of(piece)

    tokens_of = lexer.tokens
    monkeypatch.setattr(lexer, "tokens", tokens)
    _parse_piece.cache_clear()
    parse(text)
    assert read <= 3 * len(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_every_line_end_ends_an_item_and_a_comment(end: str) -> None:
    tree = parse(end.join(["data x { # a brace: {", "  y", "}", "# comment", "collect device", "share x to y", ""]))
    assert tree.faults == ()
    assert len(tree.items) == 3
    assert len(tree.comments) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_every_line_end_is_the_same_in_prose(end: str) -> None:
    text = f'"""One.{end}{end}Two."""'
    (item,) = parse(text).items
    assert isinstance(item.node, Prose)
    assert item.node.text.text == "One.\n\nTwo."
    assert item.node.span == Span(0, len(text))


def test_a_byte_order_mark_is_white_space() -> None:
    assert parse("\ufeff" + FINE).faults == ()
    assert len(parse("\ufeff" + FINE).items) == 1


@pytest.mark.parametrize("space", ["\u2028", "\u2029", "\u3000", "\xa0", "\f", "\v", "\x85"])
def test_any_white_space_parts_words_and_ends_no_line(space: str) -> None:
    tree = parse(f"collect{space}device # a comment{space}share x\n")
    assert tree.faults == ()
    assert len(tree.items) == len(tree.comments) == 1


@pytest.mark.parametrize("char", ["\0", "\x1b", "\u202e", "\u200b", "\ud800"])
def test_a_control_character_is_one_fault(char: str) -> None:
    (fault,) = parse(f"collect device {char}\n{FINE}").faults
    assert fault.message == f"unexpected character U+{ord(char):04X}"


def test_what_follows_something_hostile_is_parsed() -> None:
    for text in ('data x "a\n', "data x {\n", "collect (((((\n", "data x " + "{" * 100 + "\n"):
        tree = parse(text + "policy p\n" + FINE)
        assert [type(item.node).__name__ for item in tree.items[-2:]] == ["Declaration", "Practice"]
