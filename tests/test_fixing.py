"""Fixes are applied whole or not at all, and only where they do what they promise."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_support import FIXABLE, FIXED, GOOD, MODULE
from policyspec import fixing
from policyspec.diagnostic import Diagnostic, Edit, Fix, Severity
from policyspec.fixing import Review, fix
from policyspec.review import review
from policyspec.source import Source, Span
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace

PATH = "shop.policy"
# How a text is changed, by a regular expression for what is found.
Mend = Callable[[re.Match[str]], Sequence[tuple[int, int, str]]]


def workspace(text: str, **more: str) -> Workspace:
    sources = {PATH: text, **{f"{name}.policy": each for name, each in more.items()}}
    return Workspace({path: Source(path, each) for path, each in sources.items()})


def finds(pattern: str, mend: Mend, *, safe: bool = True, also: Review = lambda workspace, path: []) -> Review:
    """A review that finds a pattern, and has a fix for each."""

    def found(workspace: Workspace, path: str) -> list[Diagnostic]:
        made = [
            Diagnostic(
                "pattern", Severity.WARNING, f"found {match[0]}", path, Span(*match.span()),
                fixes=(Fix("mend it", tuple(Edit(Span(*at), text) for *at, text in mend(match)), safe),),
            )
            for match in re.finditer(pattern, workspace.source(path).text)
        ]  # fmt: skip
        return [*made, *also(workspace, path)]

    return found


def to(text: str) -> Mend:
    return lambda match: [(*match.span(), text)]


def fixed(text: str, review: Review, unsafe: bool = False) -> tuple[str, int]:
    done = fix(workspace(text), PATH, review, unsafe)
    return done.workspace.source(PATH).text, done.number


# ── Promises ────────────────────────────────────────────────────────────────────────────────────────


def test_all_are_applied() -> None:
    # In a comment, there is nothing to be mended.
    assert fixed("# ab ab\nab", finds(r"\bab\b", to("cd"))) == ("# ab ab\ncd", 1)
    assert fixed("ab ab\nab", finds(r"\bab\b", to("cd"))) == ("cd cd\ncd", 3)
    assert fixed(FIXABLE, review) == (FIXED, 1)


def test_only_safe_ones_unless_others_are_asked_for() -> None:
    unsafe = finds("ab", to("cd"), safe=False)
    assert fixed("ab", unsafe) == ("ab", 0)
    assert fixed("ab", unsafe, unsafe=True) == ("cd", 1)
    both = Diagnostic(
        "r", Severity.INFO, "m", PATH, Span(0, 2),
        fixes=(Fix("a", (Edit(Span(0, 2), "x"),)), Fix("b", (Edit(Span(0, 2), "y"),), True)),
    )  # fmt: skip
    assert fixing.applicable(both) == both.fixes[1]
    assert fixing.applicable(both, unsafe=True) == both.fixes[0]


def test_one_that_leaves_its_finding_is_not_applied() -> None:
    assert fixed("ab ef", finds("ab", to("ab ab"))) == ("ab ef", 0)
    assert fixed("ab ef", finds("ab|ef", lambda match: [(*match.span(), "ab" if match[0] == "ab" else "gh")])) == (
        "ab gh",
        1,
    )


def test_one_that_spoils_something_is_not_applied() -> None:
    """It does not take the others with it, nor does it matter where they stand."""
    spoils = finds("spoilt", lambda match: [], also=lambda workspace, path: [])

    def mend(match: re.Match[str]) -> list[tuple[int, int, str]]:
        return [(*match.span(), {"a1": "spoilt", "b1": "b2", "c1": "{", "d1": "d2"}[match[0]])]

    both = finds("a1|b1|c1|d1", mend, also=spoils)
    for words in ("a1 b1 c1 d1", "c1 a1 b1 d1", "d1 b1 a1 c1", "b1 d1 a1 c1"):
        expected = words.replace("b1", "b2").replace("d1", "d2")
        assert fixed(words, both) == (expected, 2)


def test_one_bad_among_many() -> None:
    """All that can be mended is mended in one go, however many these are; and soon."""

    def mend(match: re.Match[str]) -> list[tuple[int, int, str]]:
        return [(*match.span(), f"y{match[1]}" if int(match[1]) % 50 else f"x{match[1]}")]

    text = " ".join(f"x{number}" for number in range(300))
    begin = time.perf_counter()
    after, number = fixed(text, finds(r"\bx(\d+)\b", mend))
    assert number == 294
    assert re.findall("x[0-9]+", after) == [f"x{number}" for number in range(0, 300, 50)]
    assert time.perf_counter() - begin < 5
    assert fixed(after, finds(r"\bx(\d+)\b", mend)) == (after, 0)


def test_comments_are_kept() -> None:
    text = "ab # one\nef # two\n"
    assert fixed(text, finds(r"ab # one\n", to("cd\n"))) == (text, 0)
    assert fixed(text, finds(r"ab # one\n", to("cd # one\n"))) == ("cd # one\nef # two\n", 1)
    assert fixed(text, finds(r"ab # one\n", to("# one\ncd\n"))) == ("# one\ncd\nef # two\n", 1)
    assert fixed(text, finds(r"ef", to('"""')))[1] == 0
    # A comment more is none less.
    assert fixed(text, finds(r"ef", to("# new\ngh")))[1] == 1


def test_a_comment_may_go_with_what_is_found_about_it() -> None:
    text = f"# policyspec: allow contradiction -- agreed\n# Kept.\n{GOOD}"

    def unused(rule: str) -> Review:
        def found(workspace: Workspace, path: str) -> list[Diagnostic]:
            end = workspace.source(path).text.find("agreed\n") + len("agreed\n")
            if end < len("agreed\n"):
                return []
            remove = Fix("remove it", (Edit(Span(0, end), ""),), True)
            return [Diagnostic(rule, Severity.WARNING, "m", path, Span(0, end), fixes=(remove,))]

        return found

    assert fixed(text, unused("unused_suppression")) == (f"# Kept.\n{GOOD}", 1)
    assert fixed(text, unused("empty_section")) == (text, 0)
    both = text.replace("agreed\n# Kept.", "# Kept. agreed")
    assert fixed(both, unused("unused_suppression"))[1] == 1


def test_text_still_parses() -> None:
    assert fixed(GOOD, finds("email", to("{")))[1] == 0
    assert fixed(GOOD, finds("delivery", to('"')))[1] == 0
    # One fault less makes no room for another.
    broken = f"{GOOD}collect\n"
    assert fixed(broken, finds("email", to("{")))[1] == 0


# ── Overlaps ────────────────────────────────────────────────────────────────────────────────────────


def test_overlapping_fixes_are_applied_one_after_the_other() -> None:
    assert fixed("aaaa", finds("(?=aa)", lambda match: [(match.start(), match.start() + 2, "b")]))[0] in ("bb", "bba")
    # Side by side as well: what one writes may be what the other replaces.
    assert fixed("abab", finds("ab", to("cd"))) == ("cdcd", 2)


def test_a_fix_of_several_edits_is_one() -> None:
    def mend(match: re.Match[str]) -> list[tuple[int, int, str]]:
        return [(match.start(), match.start() + 1, "("), (match.end() - 1, match.end(), ")")]

    text = "data a { definition: etc } \n"
    assert fixed(text, finds("definition: etc", lambda match: [(*match.span(), 'note: "x"')])) == (
        'data a { note: "x" } \n',
        1,
    )
    assert fixed("[ab] [ab]", finds(r"\[ab\]", mend)) == ("(ab) (ab)", 2)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_those_of_the_file(end: str) -> None:
    text = f"ab{end}# next{end}"
    for new in ("cd\ncd", "cd\r\ncd"):
        assert fixed(text, finds("ab", to(new))) == (f"cd{end}cd{end}# next{end}", 1)
    assert fixed("ab", finds("ab", to("cd\n"))) == ("cd\n", 1)


def test_a_fix_that_contradicts_itself_does_no_harm() -> None:
    def mend(match: re.Match[str]) -> list[tuple[int, int, str]]:
        if match[0] == "bad":
            return [(match.start(), match.end(), "x"), (match.start() + 1, match.end(), "y")]
        return [(*match.span(), "fine")]

    assert fixed("bad good bad good", finds("bad|good", mend)) == ("bad fine bad fine", 2)
    assert fixed("good", finds("good", lambda match: [])) == ("good", 0)
    assert fixed("good", finds("good", to("good"))) == ("good", 0)


def test_fixes_of_other_files_are_not_applied() -> None:
    def elsewhere(workspace: Workspace, path: str) -> list[Diagnostic]:
        edits = (Edit(Span(0, 4), "data"),)
        return [Diagnostic("r", Severity.ERROR, "m", "house.policy", Span(0, 4), fixes=(Fix("t", edits, True),))]

    made = workspace(GOOD, house=MODULE)
    assert fix(made, PATH, elsewhere) == (made, 0)


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    assert fixed("ab", finds("ab|cd", lambda match: [(*match.span(), "cd" if match[0] == "ab" else "ab")]))[1] in (0, 1)
    # One that makes room for the next.
    chain = finds(r"x+y", lambda match: [(match.start(), match.start() + 1, "")])
    assert fixed("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy", chain)[1] in range(31)


# ── Whatever is to be mended ────────────────────────────────────────────────────────────────────────

WORD = st.sampled_from(["ab", "cd", "ef", "gh", "# note\n", "\n", "{ }", "collect", '"x"', " "])
FIXES = st.dictionaries(st.sampled_from(["ab", "cd", "ef", "gh"]), WORD, max_size=4)


@given(st.lists(WORD, max_size=12), FIXES)
def test_laws(words: list[str], fixes: dict[str, str]) -> None:
    text = " ".join(words)
    if not fixes:
        return
    found = finds("|".join(fixes), lambda match: [(*match.span(), fixes[match[0]])])
    after, number = fixed(text, found)
    before_keys, after_keys = (Counter(each.message for each in found(workspace(each), PATH)) for each in (text, after))
    assert not after_keys - before_keys
    assert (after_keys.total() == before_keys.total()) == (number == 0) == (after == text)
    assert len(parse(after).faults) <= len(parse(text).faults)
    comments = (
        Counter(each.text[at.start : at.end].strip() for at in each.comments) for each in map(parse, (text, after))
    )
    was, now = comments
    assert not was - now
    assert fixed(after, found) == (after, 0)


@pytest.mark.parametrize("number", [400])
def test_many_fixes_take_a_bounded_time(number: int) -> None:
    text = " ".join(["ab"] * number)
    begin = time.perf_counter()
    assert fixed(text, finds("ab", to("cd"))) == (text.replace("ab", "cd"), number)
    assert time.perf_counter() - begin < 2
