"""Positions: there and back, in code points and in UTF-16."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyspec.source import Position, Source, Span, utf16_length

PIECES = [
    "a",
    "é",
    "e\u0301",
    "中",
    "😀",
    "👩‍👩‍👧",
    "\n",
    "\r\n",
    "\r",
    "\n\r",
    "\u2028",
    "\u2029",
    "\x85",
    "\f",
    "\v",
    "\t",
    "\0",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


def source(text: str) -> Source:
    return Source("x.policy", text)


def is_inside_of_a_line_end(text: str, offset: int) -> bool:
    return text[max(offset - 1, 0) : offset + 1] == "\r\n"


@given(TEXTS)
def test_offset_to_position_and_back(text: str) -> None:
    for offset in range(len(text) + 1):
        if not is_inside_of_a_line_end(text, offset):
            assert source(text).offset(source(text).position(offset)) == offset
            assert source(text).utf16_offset(source(text).utf16_position(offset)) == offset


@given(TEXTS)
def test_positions_ascend_with_offsets(text: str) -> None:
    positions = [source(text).position(offset) for offset in range(len(text) + 1)]
    assert positions == sorted(set(positions))


@given(TEXTS)
def test_lines_are_the_text_without_its_line_ends(text: str) -> None:
    lines = [source(text).line(number) for number in range(len(source(text).line_starts))]
    assert "\n".join(lines) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(TEXTS)
def test_utf16_columns_are_those_of_the_encoded_line(text: str) -> None:
    for offset in range(len(text) + 1):
        line, column = source(text).position(offset)
        start = offset - column
        assert source(text).utf16_position(offset) == (line, len(text[start:offset].encode("utf-16-le")) // 2)


@given(TEXTS, st.integers(-2, 30), st.integers(-2, 60))
def test_any_position_has_an_offset_in_its_line(text: str, line: int, column: int) -> None:
    here = source(text)
    for offset in (here.offset(Position(line, column)), here.utf16_offset(Position(line, column))):
        assert 0 <= offset <= len(text)
        if 0 <= line < len(here.line_starts):
            assert here.position(offset).line == line


@pytest.mark.parametrize(
    ("text", "offset", "position", "utf16"),
    [
        ("", 0, (0, 0), (0, 0)),
        ("😀a", 1, (0, 1), (0, 2)),
        ("a\r\n😀b", 4, (1, 1), (1, 2)),
        ("a\rb\nc", 4, (2, 0), (2, 0)),
        ("a\u2028b", 2, (0, 2), (0, 2)),
        ("a\n", 2, (1, 0), (1, 0)),
        ("a", 99, (0, 1), (0, 1)),
        ("a", -1, (0, 0), (0, 0)),
    ],
)
def test_examples(text: str, offset: int, position: tuple[int, int], utf16: tuple[int, int]) -> None:
    assert source(text).position(offset) == position
    assert source(text).utf16_position(offset) == utf16


def test_a_column_inside_of_a_surrogate_pair_is_its_start() -> None:
    assert source("a😀b").utf16_offset(Position(0, 2)) == 1
    assert source("a😀b").utf16_offset(Position(0, 3)) == 2


def test_beyond_the_end() -> None:
    here = source("ab\ncd")
    assert here.offset(Position(0, 99)) == 2
    assert here.offset(Position(9, 0)) == 5
    assert here.offset(Position(-1, 5)) == 0
    assert here.line(-1) == here.line(2) == ""


def test_spans_and_lengths() -> None:
    assert Span(1, 3).shifted(4) == (5, 7)
    assert utf16_length("a😀中") == 4
