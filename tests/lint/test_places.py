"""Places: what there is in a text, and what is around an offset."""

from __future__ import annotations

from itertools import pairwise
from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec.lint.places import at, places
from policyspec.syntax.parser import parse

TEXT = dedent(
    """\
    data box "Box" {
      note: "x"
      lid is top { note: "y" }
    }
    section "A" {
      source: "1"
      collect a { note: "z" }
      section "B" {
        \"\"\"prose\"\"\" { note: "x" }
        rule r { level: error  no use b }
        test "t" { allows use c }
      }
    }
    """
)


def test_places() -> None:
    found = places(parse(TEXT))
    shown = [(each.outer, TEXT[each.own.start : each.own.end].split("\n")[0].strip()) for each in found]
    assert shown == [
        (-1, 'data box "Box" {'),
        (0, 'note: "x"'),
        (0, 'lid is top { note: "y" }'),
        (2, 'note: "y"'),
        (-1, 'section "A" {'),
        (4, 'source: "1"'),
        (4, 'collect a { note: "z" }'),
        (6, 'note: "z"'),
        (4, 'section "B" {'),
        (8, '"""prose""" { note: "x" }'),
        (9, 'note: "x"'),
        (8, "rule r { level: error  no use b }"),
        (11, "level: error"),
        (11, "no use b"),
        (8, 'test "t" { allows use c }'),
        (14, "allows use c"),
    ]
    assert TEXT[slice(*found[4].own)] == 'section "A" {\n  source: "1"\n  '


def test_what_is_around_an_offset() -> None:
    found = places(parse(TEXT))
    assert at(found, TEXT.index("box")) == 0
    assert at(found, TEXT.index('"y"')) == 3
    assert at(found, TEXT.index("\n}\nsection")) == 0
    assert at(found, TEXT.index("\nsection")) == -1
    assert at(found, TEXT.rindex("}")) == 4
    assert at(found, len(TEXT)) == at(found, -1) == at([], 0) == -1


@given(st.one_of(st.just(SAMPLE), generated(), mutated(), st.text(max_size=60)))
def test_places_lie_side_by_side_or_one_in_the_other(text: str) -> None:
    found = places(parse(text))
    assert all(left.span.start <= right.span.start for left, right in pairwise(found))
    for number, each in enumerate(found):
        assert each.own.start == each.span.start
        assert each.own.end <= each.span.end
        outer = found[each.outer].span if each.outer >= 0 else (0, len(text))
        assert outer[0] <= each.span.start
        assert each.span.end <= outer[1]
        assert each.outer < number
        before = [other for other in found[:number] if other.outer == each.outer]
        assert not before or before[-1].span.end <= each.span.start
    for offset in range(len(text)):
        around = [number for number, each in enumerate(found) if each.span.start <= offset < each.span.end]
        assert at(found, offset) == max(around, default=-1)
