"""What can be folded away: drawn beside the text, with a bar from the line that stays visible to the last hidden."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ide.marked import broken, plain, same
from policy_texts import generated, mutated
from policyspec import library
from policyspec.ide.folding import Fold, folds
from policyspec.source import Source
from policyspec.syntax.parser import parse


def check(text: str) -> None:
    """In front of each line, up to `│`, stand the folds that it is the first, a middle or the last one of: `1`, `|` and
    `'`. Behind the first ones of a kind stands that.
    """
    drawn = plain(text)
    bare = "".join(line.partition("│")[2].removeprefix(" ") for line in drawn.splitlines(keepends=True))
    same(draw(bare), drawn)


def draw(text: str) -> str:
    source = Source("", text)
    found = [
        (line_of(source, each.span.start), line_of(source, each.span.end), each.kind) for each in folds(parse(text))
    ]
    drawn = []
    for number, line in enumerate(text.splitlines(keepends=True)):
        signs = [sign(number, first, last, kind) for first, last, kind in found if first <= number <= last]
        drawn.append(f"{''.join(signs):<4}│{' ' if line.strip() else ''}{line}")
    return "".join(drawn)


def sign(number: int, first: int, last: int, kind: str) -> str:
    return {"": "b", "comment": "c", "imports": "i", "region": "r"}[kind] if number == first else "'|"[number < last]


def line_of(source: Source, offset: int) -> int:
    return source.position(offset).line


def test_bodies_leave_their_last_brace_visible() -> None:
    check(
        """
        b   │ section "A" {
        |   │   source: "1"
        |b  │   data device {
        ||  │     screen
        ||b │     brand {
        ||' │       name
        |'  │     }
        |   │   }
        '   │   collect email
            │ }
            │ data order { number }
        """
    )


def test_rules_and_tests() -> None:
    check(
        """
        b   │ rule late "Late" {
        |b  │   every collect email
        |'  │     needs keep
        '   │   level: error
            │ }
        b   │ test "asked" {
        |   │   allows collect email
        '   │   forbids sell email
            │ }
        """
    )


def test_long_sentences_and_their_fields() -> None:
    check(
        """
        b   │ collect email
        |   │   for delivery
        '   │   under contract
        b   │ share email
        |b  │   to partner {
        |'  │     note: "x"
        '   │   }
        b   │ sell email {
        '   │   note: "x"
            │ }
            │ use email { note: "x" }
        """
    )


def test_long_texts_and_lists() -> None:
    check(
        '''
        b   │ """No system
        '   │ is secure."""
            │ """One line."""
        b   │ """No system
        |b  │ is secure.""" {
        |'  │   source: "1"
        '   │ }
        b   │ data email {
        |b  │   alias: "a",
        |'  │     "b"
        '   │   note: "c"
            │ }
        '''
    )


def test_imports_in_a_row() -> None:
    check(
        """
        i   │ import android
        |   │ import cn.pipl,
        '   │   cn.minors
            │ collect email
            │ import "house.policy"
        """
    )


def test_comments() -> None:
    check(
        """
        c   │ # one
        |   │ # two
        '   │ # three
            │
            │ # four
            │ collect email  # five
            │ # six
            │ collect name
        """
    )


def test_headings_begin_regions() -> None:
    check(
        """
        r   │ # ── One ──
        |c  │ # what
        |'  │ # it is
        |   │
        '   │ collect email
            │
        r   │ # ── Two ──
        |   │
        |b  │ section "A" {
        ||  │   collect name
        ||  │
        ||r │   # ── Inside ──
        |'' │   collect email
        '   │ }
            │
            │ # ── Three ──
        """
    )


def test_braces_and_comments_in_texts_are_none() -> None:
    check(
        '''
        b   │ """# ── One ──
        |   │ # {
        |   │ # }
        '   │ collect {"""
            │ collect email
        '''
    )


def test_broken_text() -> None:
    check(
        """
        b   │ section "A" {
        |   │   collect
        |b  │   data order {
        ''  │     number
        """
    )
    check(
        """
        r   │ # ── One ──
        |   │
        |b  │ section "A" {
        ||  │   collect email
        ||r │   # ── Two ──
        ''' │   collect name
        """
    )


def test_other_line_ends() -> None:
    for end in ("\r\n", "\r"):
        text = end.join(["# a", "# b", "data order {", "  number", "}", ""])
        assert folds(parse(text)) == (
            Fold((0, len(f"# a{end}# b")), "comment"),  # type: ignore[arg-type]
            Fold((text.index("{") + 1, text.index("number") + 6)),  # type: ignore[arg-type]
        )


def check_law(text: str) -> None:
    """Folds are in the text, span lines, begin on lines of their own, and are inside of one another or apart."""
    source = Source("", text)
    lines = []
    for each in folds(parse(text)):
        assert 0 <= each.span.start < each.span.end <= len(text)
        lines.append((line_of(source, each.span.start), line_of(source, each.span.end)))
    assert all(first < last for first, last in lines)
    assert [first for first, _ in lines] == sorted({first for first, _ in lines})
    for number, (_, last) in enumerate(lines):
        assert all(other_last <= last or other > last for other, other_last in lines[number + 1 :])


@settings(max_examples=60)
@given(st.one_of(generated(), mutated()), st.sampled_from(["", "# ── A ──\n", "# a\n# b\n"]))
def test_folds_are_inside_of_one_another(text: str, front: str) -> None:
    check_law(front + text.replace(" { ", " {\n").replace(" }", "\n}"))


def test_folds_of_examples_are_too() -> None:
    for example in ("web_shop", "cloud_phone_sdk"):
        for text in broken(example, 6):
            check_law(text)
    for name in library.names():
        for source in library.sources(name):
            check_law(source.text)
