"""Formatting in editors: edits are small, what is broken is left alone, and typing is never fought."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec.diagnostic import apply_edits
from policyspec.format import format_source
from policyspec.ide import layout
from policyspec.source import Source, Span
from policyspec.syntax import lexer
from policyspec.syntax.parser import parse

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "examples").rglob("*.policy")), ROOT / "src/policyspec/library/cn/pipl.policy"]


def after(text: str, edits: tuple[layout.Edit, ...]) -> str:
    return apply_edits(text, edits)


def loose(text: str) -> str:
    """The text with other white space: all lines indented, and no blank between a comma and what follows."""
    return text.replace("\n", "\n   ").replace(", ", " ,")


TEXTS = st.one_of(generated(), mutated(), generated().map(loose), mutated().map(loose))


# ── All of a text ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_edits_make_what_the_formatter_makes(path: Path, ends: str) -> None:
    text = path.read_text("utf-8")
    source = Source("", loose(text).replace("\n", ends) if '"""' not in text else text.replace("\n", ends))
    assert after(source.text, layout.whole(source)) == format_source(source)


@given(TEXTS)
@settings(max_examples=60)
def test_the_edits_make_what_the_formatter_makes_of_any_text(text: str) -> None:
    source = Source("", text)
    edits = layout.whole(source)
    made = after(text, edits)
    assert made == (format_source(source) or text)
    assert layout.part(source, Span(0, len(text))) == edits
    assert layout.whole(Source("", made)) == ()


@given(TEXTS, st.integers(0, 10_000), st.integers(0, 200))
@settings(max_examples=60)
def test_a_part_keeps_words_and_comments_and_the_other_lines(text: str, start: int, length: int) -> None:
    start %= len(text) + 1
    span = Span(start, min(start + length, len(text)))
    source = Source("", text)
    edits = layout.part(source, span)
    assert set(edits) <= set(layout.whole(source))
    made = after(text, edits)
    assert words(made) == words(text)
    assert comments(made) == comments(text)


def words(text: str) -> list[tuple[str, list[str]]]:
    found, _ = lexer.tokens(text)
    return [(each.type, each.text.split() if each.type == "DURATION" else [each.text]) for each in found]


def comments(text: str) -> list[str]:
    return [text[start:end].rstrip() for start, end in parse(text).comments]


def test_the_edits_are_small() -> None:
    text = dedent("""\
        collect   email for delivery

        # A comment.
          share name to partner   # and another
        """)
    edits = layout.whole(Source("", text))
    assert [(text[slice(*each.span)], each.text) for each in edits] == [("  ", ""), ("  ", ""), (" ", "")]


def test_line_ends_are_not_taken_apart() -> None:
    text = "collect email\n\n\n\r\nstore email\r\n"
    assert after(text, layout.whole(Source("", text))) == "collect email\n\nstore email\n"
    for edit in layout.whole(Source("", text)):
        assert "\r\n" not in (text[at - 1 : at + 1] for at in edit.span if at)


def test_broken_text_is_left_alone() -> None:
    text = "collect  email\nstore {\n"
    assert layout.whole(Source("", text)) == ()
    assert layout.part(Source("", text), Span(0, 14)) == ()


def test_a_part_is_a_part() -> None:
    text = "collect  email\nstore  email\nuse  email\n"
    at = text.index("store")
    assert after(text, layout.part(Source("", text), Span(at, at))) == "collect  email\nstore email\nuse  email\n"


def test_a_comment_that_moves_is_neither_lost_nor_doubled() -> None:
    """The comment of a line that becomes several goes to the first of these."""
    items = ", ".join(f"long_name_number_{at}" for at in range(8))
    text = f"collect  {items} for delivery  # all of it\n  use  email\n"
    made = after(text, layout.whole(Source("", text)))
    assert made == format_source(Source("", text))
    assert made.index("# all of it") < made.index("for")
    for offset in (0, text.index("use")):
        assert after(text, layout.part(Source("", text), Span(offset, offset))).count("# all of it") == 1


# ── While typing ────────────────────────────────────────────────────────────────────────────────────


def typed(text: str, character: str) -> str:
    """The text after a character has been typed at `$0`, and what an editor then does."""
    offset = text.index("$0")
    text = text.replace("$0", "")
    return after(text, layout.typed(Source("", text), offset, character))


def test_a_brace_lays_out_what_it_closes() -> None:
    assert typed(
        dedent("""\
        use   email
        data  device   "Device" {
        source: "1"
             screen {
         width "W"
              height   "H" }
        }$0
        store   email
        """),
        "}",
    ) == dedent("""\
        use   email
        data device "Device" {
          source: "1"
          screen {
            width  "W"
            height "H"
          }
        }
        store   email
        """)


def test_a_brace_lays_out_an_item_of_a_section() -> None:
    assert typed(
        dedent("""\
        section "One" {
          section "Two" {
        collect   email
             for delivery {
           note: "x"
        cite:   "y" }$0
             store   email
        """),
        "}",
    ) == dedent("""\
        section "One" {
          section "Two" {
            collect email
              for delivery {
                note: "x"
                cite: "y"
              }
             store   email
        """)


def test_a_brace_lays_out_a_child() -> None:
    assert typed(
        dedent("""\
        data device {
          brand   "B"
          screen {
          width
          }$0
        }
        """),
        "}",
    ) == dedent("""\
        data device {
          brand   "B"
          screen {
            width
          }
        }
        """)


@pytest.mark.parametrize(
    "text",
    [
        # The child is aligned with its like.
        'data device {\n  brand   is x\n  screen    { width }$0\n}\n',
        # It is broken.
        'data device { brand  is }$0\n',
        "collect  }$0\n",
        'use email # a comment }$0\n',
        'data  x "a }$0"\n',
        "}$0",
    ],
)  # fmt: skip
def test_a_brace_leaves_alone(text: str) -> None:
    assert typed(text, "}") == text.replace("$0", "")


def test_a_brace_keeps_the_line_ends_of_the_file() -> None:
    text = 'section "One" {\r\ndata device {\r\nbrand }'
    made = after(text, layout.typed(Source("", text), len(text), "}"))
    assert made == 'section "One" {\r\n  data device {\r\n    brand\r\n  }'


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ('section "One" {\n$0', 2),
        ('section "One" {\n      $0\n}', 2),
        ('section "One" {\n  data x {\n$0', 4),
        ('section "One" {\n  data x { }\n      $0', 2),
        ('section "One" {\n  collect email\n$0', 2),
        # The author may be about to write a clause.
        ('section "One" {\n  collect email\n    $0', 4),
        ('section "One" {\n  collect email\n$0}', 0),
        ("collect email\n  $0", 2),
        ("collect email\n  $0use name", 2),
        ("data x {}\n  $0use name", 0),
        # A list goes on below its first word.
        ("collect required email,\n$0", 17),
        ("collect required email,\n                 name,\n$0", 17),
        ("  use x for a and b,\n$0", 12),
        ("policy p {\n  audience: user,\n$0", 12),
        (f"{'x' * 41} a,\n  $0", 4),
        # Lines of a text are the author's own.
        ('"""A\n    $0\n"""', 4),
        ("\n   $0", 3),
    ],
)
def test_a_new_line_is_indented(text: str, indent: int) -> None:
    made = typed(text, "\n")
    before = text[: text.index("$0")].rpartition("\n")[0] + "\n"
    line = made[len(before) :].split("\n")[0]
    assert made.startswith(before)
    assert len(line) - len(line.lstrip(" ")) == indent
    assert made.split() == text.replace("$0", "").split()


@given(TEXTS, st.integers(0, 10_000), st.sampled_from(["}", "\n", ",", "x"]))
@settings(max_examples=100)
def test_typing_changes_white_space_alone(text: str, at: int, character: str) -> None:
    offset = at % (len(text) + 1)
    text = text[:offset] + character + text[offset:]
    source = Source("", text)
    edits = layout.typed(source, offset + 1, character)
    made = after(text, edits)
    assert words(made) == words(text)
    assert comments(made) == comments(text)
    if character == "\n":
        line = source.position(offset + 1).line
        assert all(source.position(each).line == line for edit in edits for each in edit.span)
    elif character == "}":
        assert all(edit.span.end <= offset + 1 for edit in edits)
    else:
        assert not edits


@given(st.one_of(generated(), st.just(SAMPLE)), st.integers(0, 3))
@settings(max_examples=30)
def test_an_item_laid_out_by_itself_is_as_in_its_place(text: str, depth: int) -> None:
    for placed in parse(text).items:
        item = text[slice(*placed.node.span.shifted(placed.start))]
        made = layout.laid_out(item, depth)
        if made is None:
            continue
        within = 'section "" {\n' * depth + item + "\n" + "}" * depth
        assert made in (format_source(Source("", within)) or "")
