"""Suppressions: what they are about, what is wrong with them, and how they are written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec.diagnostic import Diagnostic, Severity, apply_edits
from policyspec.format import format_tree
from policyspec.lint.places import places
from policyspec.lint.suppressions import Applied, add, apply, read
from policyspec.source import Source, Span
from policyspec.syntax import lexer
from policyspec.syntax.parser import parse
from support import draw, marked

PATH = "shop.policy"
TODAY = datetime.date(2026, 6, 1)
# The rules of these tests find words.
RULES = {"ugly": "ugly", "late": "cn.pipl.late", "grim": "grim", "idle": "idle"}
NAMES = (*RULES.values(), "eu.gdpr.late", "cn.pipl.other")


def lint(text: str) -> list[Diagnostic]:
    """Each name that is a rule's word is found by that rule."""
    return [
        Diagnostic(RULES[each.text], Severity.ERROR, f"{each.text}!", PATH, Span(each.start, each.end))
        for each in lexer.tokens(text)[0]
        if each.text in RULES
    ]


def applied(text: str, found: Iterable[Diagnostic] | None = None, today: datetime.date | None = TODAY) -> Applied:
    return apply(
        {PATH: read(parse(text))},
        lint(text) if found is None else found,
        today=today,
        is_known=NAMES.__contains__,
        is_suppressible=lambda name: name != "grim",
        names=NAMES,
        was_run=lambda rule, path: rule != "idle",
    )


def check(text: str, suppressed: int = 0) -> None:
    """What is still found in the text is what is marked in it, and so many findings are suppressed."""
    bare = marked(text)
    found = applied(bare)
    shown = [(each.span, each.message) for each in found.kept]
    assert draw(bare, shown) == dedent(text).removeprefix("\n").rstrip() + "\n"
    assert len(found.suppressed) == suppressed


# ── What a suppression is about ─────────────────────────────────────────────────────────────────────


def test_it_stands_at_the_end_of_the_first_line_or_above() -> None:
    check(
        """
        collect ugly
                ^^^^ ugly!
        collect ugly for late  # policyspec: allow ugly -- it is
                         ^^^^ late!
        collect ugly  # policyspec: allow ugly, late -- it is
          for late
        # policyspec: allow ugly -- it is

        # And another remark.
        collect email, ugly
          for ugly
        collect ugly
                ^^^^ ugly!
        """,
        suppressed=5,
    )


def test_a_rule_is_named_with_its_pack_or_without() -> None:
    check(
        """
        collect late  # policyspec: allow cn.pipl.late -- it is
        collect late  # policyspec: allow late -- it is
        collect late  # policyspec: allow cn.pipl -- it is
                ^^^^ late!
                                          ^^^^^^^ `cn.pipl` is a pack: name its rules one by one
        collect late  # policyspec: allow eu.gdpr.late -- it is
                ^^^^ late!
                                          ^^^^^^^^^^^^ nothing here is found by `eu.gdpr.late`
        """,
        suppressed=2,
    )


def test_a_member_of_an_item() -> None:
    check(
        """
        data box {
          note: ugly  # policyspec: allow ugly -- it is
          # policyspec: allow ugly -- it is
          lid is ugly
          side is ugly
                  ^^^^ ugly!
          top { ugly  front is late  # policyspec: allow late -- it is
                ^^^^ ugly!
          }
        }
        data crate {  # policyspec: allow ugly, late -- it is
          lid is ugly { note: late }
        }
        rule r {
          # policyspec: allow ugly -- it is
          no collect ugly
          no use ugly
                 ^^^^ ugly!
        }
        """,
        suppressed=6,
    )


def test_a_section_s_is_of_its_heading() -> None:
    check(
        """
        # policyspec: allow ugly -- it is
        section "A" {
          source: ugly
          collect ugly
                  ^^^^ ugly!
          # policyspec: allow late -- it is
          collect late
          section "B" {  # policyspec: allow ugly -- it is
            note: ugly
            collect ugly  # policyspec: allow ugly -- it is
          }
        }
        section "C" { collect ugly }  # policyspec: allow ugly -- it is
        # policyspec: allow ugly -- it is
        section "D" {
          note: ugly
        }
        """,
        suppressed=6,
    )


def test_several_on_one_line() -> None:
    check(
        """
        collect ugly collect ugly  # policyspec: allow ugly -- it is
                ^^^^ ugly!
        # policyspec: allow ugly -- it is
        collect ugly collect ugly
                             ^^^^ ugly!
        data box { lid is ugly  top is ugly }  # policyspec: allow ugly -- they are
        """,
        suppressed=4,
    )


def test_in_the_middle_of_an_item_it_is_of_what_is_around() -> None:
    check(
        """
        collect ugly
          for delivery  # policyspec: allow ugly -- it is
        collect ugly
          # policyspec: allow ugly -- it is
          for delivery
        data box {
          lid is ugly
        }  # policyspec: allow ugly -- it is
        """,
        suppressed=3,
    )


def test_where_there_is_no_item() -> None:
    check(
        """
        data box {
          lid is ugly
                 ^^^^ ugly!
          # policyspec: allow ugly -- it is
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this stands at no item: put it at the end of one's first line, or above it
        }
        collect ugly
                ^^^^ ugly!

        # policyspec: allow ugly -- it is
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this stands at no item: put it at the end of one's first line, or above it
        """
    )


def test_the_nearest_one_counts() -> None:
    text = """\
# policyspec: allow ugly -- all of it
data box {
  lid is ugly  # policyspec: allow ugly -- this one
  top is ugly
}
# policyspec: allow ugly -- first
# policyspec: allow ugly -- second
collect ugly  # policyspec: allow ugly -- third
"""
    found = applied(text)
    assert [each.suppression.reason for each in found.suppressed] == ["this one", "all of it", "third"]
    assert [each.rule for each in found.kept] == ["unused_suppression", "unused_suppression"]


def test_other_files_are_left_alone() -> None:
    found = Diagnostic("ugly", Severity.ERROR, "ugly!", "other.policy", Span(8, 12))
    assert applied("collect email  # policyspec: allow ugly -- it is", [found]).kept[0] == found


def test_syntax_errors_are_never_suppressed() -> None:
    text = "collect  # policyspec: allow syntax_error -- it is\nfor"
    found = Diagnostic("syntax_error", Severity.ERROR, "broken", PATH, Span(0, 7))
    suppressions = {PATH: read(parse(text))}
    got = apply(suppressions, [found], today=None, is_known=lambda name: True, is_suppressible=lambda name: True)
    assert [each.rule for each in got.kept] == ["syntax_error", "suppression_not_allowed"]


# ── What is wrong with suppressions ─────────────────────────────────────────────────────────────────


def test_findings_about_suppressions() -> None:
    check(
        """
        collect email  # policyspec: allow ugly, late -- it was
                                           ^^^^ nothing here is found by `ugly`, `late`
        collect ugly  # policyspec: allow ugly
                ^^^^ ugly!
                      ^^^^^^^^^^^^^^^^^^^^^^^^ a suppression needs a reason
        collect ugly  # policyspec: allow ugly until 2026-05-31 -- it was
                ^^^^ ugly!
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this suppression ended on 2026-05-31
        collect ugly  # policyspec: allow ugly until 2026-06-01 -- to the last day
        collect ugly  # policyspec: allow ugli, xyz -- it is
                ^^^^ ugly!
                                          ^^^^ no rule is named `ugli`; did you mean `ugly`?
                                                ^^^ no rule is named `xyz`
        collect grim  # policyspec: allow grim -- it is
                ^^^^ grim!
                                          ^^^^ `grim` may not be suppressed
        collect email  # policyspec: allow grim -- it was
                                           ^^^^ `grim` may not be suppressed
        collect email  # policyspec: allow idle -- the rule did not run, so who knows
        collect email  # policyspec: allow ugly until 2020-01-01
                                           ^^^^ nothing here is found by `ugly`
        """,
        suppressed=1,
    )


def test_comments_that_cannot_be_read() -> None:
    form = "# policyspec: allow RULE, … [until DATE] -- REASON"
    wrong = {
        "# policyspec: ugly -- it is": f"expected `{form}`",
        "# policyspec:": f"expected `{form}`",
        "# policyspec: disable ugly": f"expected `{form}`",
        "# policyspec allow ugly -- it is": f"expected `{form}`",
        "# Policyspec: allow ugly -- it is": f"expected `{form}`",
        "# policyspec： allow ugly -- it is": f"expected `{form}`",
        "# policyspec: allow": "name the rules that are allowed, as they stand in the report",
        "# policyspec: allow -- it is": "name the rules that are allowed, as they stand in the report",
        "# policyspec: allow ugly late": "expected commas between rules, and then a date after `until`, or `--` and a "
        f"reason: `{form}`",
        "# policyspec: allow ugly, -- it is": "expected commas between rules, and then a date after `until`, or `--` "
        f"and a reason: `{form}`",
        "# policyspec: allow ugly until 2026-02-30 -- it is": "`2026-02-30` is no date: write it as `2027-03-01`",
        "# policyspec: allow ugly until 20270301 -- it is": "`20270301` is no date: write it as `2027-03-01`",
        f"# policyspec: allow {', '.join(f'r{n}' for n in range(51))} -- they are": "more than 50 rules are named",
    }
    for comment, message in wrong.items():
        found = applied(f"collect ugly  {comment}\n").kept
        assert [(each.rule, each.message) for each in found] == [("ugly", "ugly!"), ("invalid_suppression", message)]
        assert found[1].span == (14, 14 + len(comment))


def test_comments_that_are_read() -> None:
    for comment in (
        "#policyspec:allow ugly--it is",
        "##  policyspec :  allow  late ,  ugly  until  2027-01-01  —  it is",
        "# policyspec: allow ugly – it is",
        "# policyspec: allow ugly --- it is",
        "# policyspec: allow ugly -- it is -- really",
    ):
        assert [each.diagnostic.rule for each in applied(f"collect ugly  {comment}").suppressed] == ["ugly"]
    for comment in ("# policyspec is a language", "# see policyspec: allow ugly", "# policyspecs: allow"):
        assert not read(parse(f"collect ugly  {comment}\n"))


def test_without_a_day_no_date_is_over() -> None:
    text = "collect ugly  # policyspec: allow ugly until 2000-01-01 -- it was"
    assert not applied(text, today=None).kept


def test_a_name_alone_is_known_by_the_rules_names() -> None:
    text = "collect late  # policyspec: allow late -- it is"
    got = apply({PATH: read(parse(text))}, lint(text), today=None, is_known=str.isdigit, is_suppressible=str.islower)
    assert not got.kept


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("collect a  # policyspec: allow ugly -- it is\n", "collect a\n"),
        ("collect a  # policyspec: allow ugly, late -- it is\ncollect b", "collect a\ncollect b"),
        ("\ufeff  # policyspec: allow ugly -- it is\r\ncollect a\r\n", "\ufeffcollect a\r\n"),
        ("# x\n\t# policyspec: allow ugly -- it is\n# y\ncollect a\n", "# x\n# y\ncollect a\n"),
        (
            "collect ugly # policyspec: allow idle, late, ugly -- it is",
            "collect ugly # policyspec: allow idle, ugly -- it is",
        ),
        (
            "collect ugly # policyspec: allow late, ugly, cn.pipl.late -- it is",
            "collect ugly # policyspec: allow ugly -- it is",
        ),
    ],
)
def test_what_is_unused_is_removed(text: str, fixed: str) -> None:
    (found,) = applied(text).kept
    assert found.rule == "unused_suppression"
    (fix,) = found.fixes
    assert fix.safe
    assert apply_edits(text, fix.edits) == fixed
    assert not applied(fixed).kept


def test_names_are_mended() -> None:
    text = "collect ugly # policyspec: allow ugli -- it is"
    (_, found) = applied(text).kept
    assert not applied(apply_edits(text, found.fixes[0].edits)).kept


# ── Adding ──────────────────────────────────────────────────────────────────────────────────────────


def added(text: str, reason: str = "it is", until: datetime.date | None = None) -> str:
    """The text with suppressions of all that is found in it, which are then all that is needed."""
    text = dedent(text).removeprefix("\n")
    written = add(Source(PATH, text), parse(text), lint(text), reason, until)
    assert not applied(written, today=None).kept
    assert add(Source(PATH, written), parse(written), lint(written), reason, until) == written
    return written


def test_at_the_end_of_the_first_line() -> None:
    assert (
        added(
            """
            collect ugly
              for late
            data box {
              lid is ugly
              top { ugly }
            }
            section "ugly" {
              note: late
              collect late }
            """
        )
        == """\
collect ugly  # policyspec: allow ugly, cn.pipl.late -- it is
  for late
data box {
  lid is ugly  # policyspec: allow ugly -- it is
  top { ugly }  # policyspec: allow ugly -- it is
}
section "ugly" {
  note: late  # policyspec: allow cn.pipl.late -- it is
  collect late }  # policyspec: allow cn.pipl.late -- it is
"""
    )


def test_above_where_there_is_no_room() -> None:
    long = "a" * 80
    assert (
        added(
            f"""
            section "A" {{
              collect ugly, {long}
              collect ugly  # a remark
              collect ugly collect email
              data box {{ lid is
                late }}
            }}
            """
        )
        == f"""\
section "A" {{
  # policyspec: allow ugly -- it is
  collect ugly, {long}
  # policyspec: allow ugly -- it is
  collect ugly  # a remark
  # policyspec: allow ugly -- it is
  collect ugly collect email
  # policyspec: allow cn.pipl.late -- it is
  data box {{ lid is
    late }}
}}
"""
    )


def test_a_line_is_broken_where_a_comment_would_be_about_something_else() -> None:
    assert (
        added('section "A" { collect email collect ugly collect name }\n')
        == """\
section "A" { collect email
# policyspec: allow ugly -- it is
collect ugly collect name }
"""
    )
    assert (
        added("collect a\n  under b { note: ugly  hedge: c }")
        == "collect a\n  under b {\n  # policyspec: allow ugly -- it is\n  note: ugly  hedge: c }"
    )


def test_no_comment_within_a_text_or_before_a_colon() -> None:
    assert added('"""a\nb""" { note: ugly }\n') == '"""a\nb""" { note: ugly }  # policyspec: allow ugly -- it is\n'
    found = Diagnostic("ugly", Severity.ERROR, "ugly!", PATH, Span(0, 1))
    text = '"""a\nb"""\n'
    assert add(Source(PATH, text), parse(text), [found], "it is") == f"# policyspec: allow ugly -- it is\n{text}"
    assert added("data box {\n  note\n  : ugly\n}") == (
        "data box {\n  # policyspec: allow ugly -- it is\n  note\n  : ugly\n}"
    )


def test_line_ends_and_marks_are_kept() -> None:
    long = "a" * 100
    assert added(f"\ufeffcollect ugly, {long}\r\n") == (
        f"\ufeff# policyspec: allow ugly -- it is\r\ncollect ugly, {long}\r\n"
    )
    assert added("collect ugly \t\r") == "collect ugly  # policyspec: allow ugly -- it is\r"


def test_joins_those_that_are_there() -> None:
    assert (
        added(
            """
            collect ugly, late  # policyspec: allow ugly -- it is
            # policyspec: allow late -- for another reason
            collect ugly, late
            collect ugly  # policyspec: allow ugly
            # policyspec: allow ugly until 2020-01-01 -- it was
            collect ugly
            collect ugly, late  # policyspec: allow ugly -- known
            """
        )
        == """\
collect ugly, late  # policyspec: allow ugly, cn.pipl.late -- it is
# policyspec: allow late -- for another reason
collect ugly, late  # policyspec: allow ugly -- it is
collect ugly  # policyspec: allow ugly -- it is
# policyspec: allow ugly -- it is
collect ugly
# policyspec: allow cn.pipl.late -- it is
collect ugly, late  # policyspec: allow ugly -- known
"""
    )


def test_dates_and_reasons() -> None:
    until = datetime.date(2027, 3, 1)
    text = "collect ugly  # policyspec: allow ugly until 2027-03-01 -- it is\n"
    assert added("collect ugly\n", " it\r\n\x00is ", until) == text
    assert added(text, "it is", datetime.date(2027, 2, 1)) == text
    later = datetime.date(2028, 1, 1)
    assert added(text, "still", later) == "collect ugly  # policyspec: allow ugly until 2028-01-01 -- still\n"
    with pytest.raises(ValueError, match="needs a reason"):
        added("collect ugly", "\n")


def test_many_rules_take_several_lines() -> None:
    rules = [f"cn.pipl.a_rule_of_some_length_{number}" for number in range(120)]
    found = [Diagnostic(rule, Severity.ERROR, "", PATH, Span(0, 1)) for rule in rules]
    source = Source(PATH, "policy p\n")
    text = add(source, parse(source.text), found, "it is")
    assert max(map(len, text.split("\n"))) <= 120
    got = apply({PATH: read(parse(text))}, [], today=None, is_known=rules.__contains__, is_suppressible=bool)
    assert len([each for each in got.kept if each.rule == "unused_suppression"]) == 60
    again = [Diagnostic(rule, Severity.ERROR, "", PATH, Span(text.index("policy p"), len(text))) for rule in rules]
    assert add(Source(PATH, text), parse(text), again, "it is") == text


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────

_ASIDES = st.sampled_from(
    ("# remark", "# policyspec: allow ugly -- known", "# policyspec: allow late", "#", "\n", "\n\n")
)


@st.composite
def with_words(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """Texts in which some names are words that are found, and at whose line ends there are some comments."""
    words = re.split(r"(\b[^\W\d]\w*\b)", draw(texts))
    for number in draw(st.lists(st.integers(0, len(words) - 1), max_size=8)):
        if words[number] in ("email", "consent", "device", "brand", "personal", "box", "lid", "acme", "sms"):
            words[number] = draw(st.sampled_from(tuple(RULES)))
    lines = "".join(words).split("\n")
    for number in draw(st.lists(st.integers(0, len(lines) - 1), max_size=4, unique=True)):
        lines[number] += " " + draw(_ASIDES)
    return draw(st.sampled_from(("\n", "\r\n"))).join(lines)


def everywhere(text: str) -> list[Diagnostic]:
    """A finding at each word of a text that is within an item, and not in what an item does not own."""
    found = places(parse(text))
    inside = [token for token in lexer.tokens(text)[0] if any(_within(token.start, each.own) for each in found)]
    names = tuple(RULES.values())
    return [
        Diagnostic(names[number % 2], Severity.ERROR, "", PATH, Span(token.start, token.end))
        for number, token in enumerate(inside)
    ]


def _within(offset: int, span: Span) -> bool:
    return span.start <= offset < span.end


VALID = with_words(st.one_of(st.just(SAMPLE), generated())).filter(lambda text: not parse(text).faults)


def again(text: str, old: str, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings in the text to which suppressions were added: the words are the same, in the same order."""
    numbers = {token.start: number for number, token in enumerate(lexer.tokens(old)[0])}
    tokens = lexer.tokens(text)[0]
    moved = ((each, tokens[numbers[each.span.start]]) for each in found)
    return [Diagnostic(each.rule, each.severity, "", PATH, Span(token.start, token.end)) for each, token in moved]


def comments(text: str) -> list[str]:
    return [text[start:end] for start, end in parse(text).comments if "policyspec:" not in text[start:end]]


@settings(max_examples=150)
@given(VALID, st.randoms(use_true_random=False), st.sampled_from((None, datetime.date(2027, 1, 1))))
def test_what_is_added_suppresses_all_that_it_was_added_for(
    text: str, random: object, until: datetime.date | None
) -> None:
    found = everywhere(text)
    found = random.sample(found, random.randint(0, len(found)))  # type: ignore[attr-defined]
    written = add(Source(PATH, text), parse(text), found, "it is", until)
    assert not parse(written).faults
    assert [token.text for token in lexer.tokens(written)[0]] == [token.text for token in lexer.tokens(text)[0]]
    assert comments(written) == comments(text)
    moved = again(written, text, found)
    got = applied(written, moved)
    assert not [each for each in got.kept if each in moved]
    assert len(got.suppressed) == len(moved)
    assert add(Source(PATH, written), parse(written), moved, "it is", until) == written


@settings(max_examples=50)
@given(VALID.filter(lambda text: "policyspec:" not in text))
def test_what_is_added_is_about_the_same_after_formatting(text: str) -> None:
    found = everywhere(text)
    written = add(Source(PATH, text), parse(text), found, "it is")
    formatted = format_tree(parse(written))
    moved = again(formatted, text, found)
    assert len(applied(formatted, moved).suppressed) == len(moved)


@settings(max_examples=150)
@given(VALID)
def test_the_fixes_leave_nothing_to_fix(text: str) -> None:
    found = lint(text)
    for _ in range(50):
        got = applied(text)
        safe = [fix for each in got.kept for fix in each.fixes if fix.safe]
        if not safe:
            break
        fixed = apply_edits(text, safe[0].edits)
        assert comments(fixed) == comments(text)
        assert len(applied(fixed).kept) < len(got.kept)
        assert len(applied(fixed).suppressed) == len(got.suppressed)
        text = fixed
    else:
        raise AssertionError(text)
    assert len(lint(text)) == len(found)


@given(with_words(st.one_of(mutated(), st.text(max_size=60))))
def test_no_text_is_too_bad(text: str) -> None:
    tree = parse(text)
    for each in read(tree):
        assert text[each.span.start] == "#"
        assert each.removal.start <= each.span.start <= each.span.end <= each.removal.end
    found = everywhere(text)
    applied(text, found)
    written = add(Source(PATH, text), tree, found, "it is")
    # But for suppressions and white space nothing has changed.
    assert re.sub(r"#[ \t]*policyspec:[^\r\n]*|\s", "", written) == re.sub(r"#[ \t]*policyspec:[^\r\n]*|\s", "", text)


@pytest.mark.parametrize(
    "text",
    [
        "# policyspec: allow ugly -- x\n" * 5_000 + "collect ugly\n",
        "collect ugly # policyspec: allow ugly\n" * 3_000,
        "# policyspec: allow ugly\n" * 1_000 + "collect " + "ugly, " * 5_000 + "ugly\n",
        "# policyspec: allow " + "a" * 200_000 + " " * 200_000 + "!\n",
        "# policyspec: allow " + "a, " * 100_000 + "\n",
        "".join(f"collect email # policyspec: allow a{number} -- x\n" for number in range(3_000)),
    ],
)
def test_hostile_texts_take_no_longer(text: str) -> None:
    tree = parse(text)
    applied(text)
    add(Source(PATH, text), tree, lint(text), "it is")
