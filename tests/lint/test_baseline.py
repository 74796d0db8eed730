"""Baselines: what is known stays known while the text around it changes, and the file is safe to read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from textwrap import dedent

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.format import format_tree
from policyspec.lint.baseline import Baseline, Compared, Entry, apply, dump, fingerprints, load, update
from policyspec.source import Source, Span
from policyspec.syntax import lexer
from policyspec.syntax.parser import parse

PATH = "shop.policy"


def lint(text: str, path: str = PATH, severity: Severity = Severity.ERROR) -> list[Diagnostic]:
    """Each `ugly` is found, with a message that says where."""
    return [
        Diagnostic("ugly", severity, f"at {each.start}", path, Span(each.start, each.end))
        for each in lexer.tokens(text)[0]
        if each.text == "ugly"
    ]


def prints(text: str, found: Sequence[Diagnostic] | None = None) -> list[str]:
    return fingerprints(lint(text) if found is None else found, {PATH: Source(PATH, text)}, {PATH: parse(text)})


def accepted(text: str, found: Sequence[Diagnostic] | None = None) -> Baseline:
    return update({}, lint(text) if found is None else found, {}, {PATH: parse(text)}, accept_new=True)


def compared(baseline: Baseline, text: str, found: Sequence[Diagnostic] | None = None) -> Compared:
    return apply(baseline, lint(text) if found is None else found, {}, {PATH: parse(text)})


# ── What a finding is known again by ────────────────────────────────────────────────────────────────

TEXT = """\
import android, ugly
data device is ugly "Device" {
  cpu { frequency is ugly { note: ugly } }
}
section "A  long" {
  source: ugly
  never share ugly to third_party
  must delete or anonymise ugly within 30  days
  section "B" { \"\"\"prose\"\"\" { note: ugly } }
}
rule r { no collect ugly  level: ugly }
test "t" { allows use ugly }
extend data email is ugly
collect ugly, ugly
"""


def test_the_items_of_findings() -> None:
    assert [(each.item, each.words, count) for each, count in accepted(TEXT).items()] == [
        ("import", "ugly", 1),
        ("data device", "ugly", 1),
        ("data device › cpu › frequency", "ugly", 1),
        ("data device › cpu › frequency › note", "ugly", 1),
        ('section "A long" › source', "ugly", 1),
        ("never share", "ugly", 1),
        ("must delete anonymise", "ugly", 1),
        ("prose › note", "ugly", 1),
        ("rule r › no", "ugly", 1),
        ("rule r › level", "ugly", 1),
        ('test "t" › allows', "ugly", 1),
        ("extend data email", "ugly", 1),
        ("collect", "ugly", 2),
    ]


def test_the_words_of_findings() -> None:
    def words(marked: str, text: str = TEXT) -> tuple[str, str]:
        start = text.index(marked)
        (entry,) = accepted(text, [Diagnostic("r", Severity.INFO, "", PATH, Span(start, start + len(marked)))])
        return entry.item, entry.words

    assert words("ugly within 30  days") == ("must delete anonymise", "ugly within 30 days")
    # Of what is marked only the words of the item where it begins, and of a section only its heading.
    assert words("ugly to third_party\n  must") == ("never share", "ugly to third_party")
    assert words('section "A  long" {\n  source: ugly\n  never') == (
        'section "A long"',
        'section "A long" { source : ugly',
    )
    assert words("\n") == ("", "")
    assert len(words("b" * 200, f"collect {'b' * 200}\n")[1]) < 100
    assert words("b" * 200, f"collect {'b' * 200}\n") != words("b" * 200, f"collect {'b' * 201}\n")


def test_files_without_a_tree() -> None:
    found = [Diagnostic("unused_glob", Severity.WARNING, "", "policyspec.toml", Span(11, 20))]
    source = Source("policyspec.toml", 'exclude = [ "a",\n"b"]')
    baseline = update({}, found, {"policyspec.toml": source}, {}, accept_new=True)
    assert [*baseline] == [Entry("policyspec.toml", "unused_glob", "", '"a", "b"')]
    assert [*update({}, found, {}, {}, accept_new=True)] == [Entry("policyspec.toml", "unused_glob", "", "")]


def test_paths_are_as_the_caller_says() -> None:
    text = "collect ugly\n"
    found, trees = lint(text, "sub/a.policy"), {"sub/a.policy": parse(text)}
    baseline = update({}, found, {}, trees, True, lambda path: path.removeprefix("sub/"))
    assert [each.path for each in baseline] == ["a.policy"]
    assert apply(baseline, found, {}, trees, lambda path: path.removeprefix("sub/")).known == tuple(found)
    assert apply(baseline, found, {}, trees).new == tuple(found)


def test_fingerprints_are_all_different() -> None:
    found = [*lint(TEXT), *(Diagnostic("other", each.severity, "", PATH, each.span) for each in lint(TEXT))]
    assert len({*prints(TEXT, found)}) == len(found)
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in prints(TEXT))
    assert prints(TEXT, found[::-1]) == prints(TEXT, found)[::-1]


def test_fingerprints_stay_from_release_to_release() -> None:
    """Reports in other systems are matched by them."""
    assert prints("collect ugly\n") == ["ec2fcfec033c46921ecf21d6ab21d200"]


# ── Comparing ───────────────────────────────────────────────────────────────────────────────────────


def test_new_known_and_stale() -> None:
    before = "collect ugly\nuse ugly\nuse ugly\nnever share ugly\n"
    after = "use email, ugly\ncollect ugly\ncollect ugly\ndata box is ugly\n"
    baseline = accepted(before)
    found = compared(baseline, after)
    assert [each.span.start for each in found.known] == [11, 24]
    assert [each.span.start for each in found.new] == [37, 54]
    assert found.stale == {Entry(PATH, "ugly", "use", "ugly"): 1, Entry(PATH, "ugly", "never share", "ugly"): 1}
    shrunk = update(baseline, lint(after), {}, {PATH: parse(after)})
    assert shrunk == {Entry(PATH, "ugly", "collect", "ugly"): 1, Entry(PATH, "ugly", "use", "ugly"): 1}
    assert update(baseline, lint(after), {}, {PATH: parse(after)}, accept_new=True) == accepted(after)


def test_what_was_not_run_is_not_stale() -> None:
    baseline = accepted("collect ugly\n")
    for was_run in (lambda rule, path: rule != "ugly", lambda rule, path: path != PATH):
        assert apply(baseline, [], {}, {}, was_run=was_run).stale == {}
        assert update(baseline, [], {}, {}, was_run=was_run) == baseline
        assert update(baseline, [], {}, {}, accept_new=True, was_run=was_run) == baseline
    assert apply(baseline, [], {}, {}).stale == baseline
    assert update(baseline, [], {}, {}) == {}


# ── The file ────────────────────────────────────────────────────────────────────────────────────────


def test_the_file() -> None:
    text = dump(accepted("# x\nuse ugly, ugly\ndata 盒子 is ugly\n"))
    assert text == dedent(
        """\
        {
          "version": 1,
          "findings": [
            {"path": "shop.policy", "rule": "ugly", "item": "data 盒子", "words": "ugly"},
            {"path": "shop.policy", "rule": "ugly", "item": "use", "words": "ugly", "count": 2}
          ]
        }
        """
    )
    assert dump({}) == '{\n  "version": 1,\n  "findings": []\n}\n'
    assert load(dump({}), "known.json") == ({}, ())
    assert load("\ufeff" + text, "known.json") == (accepted("use ugly, ugly\ndata 盒子 is ugly\n"), ())


def messages(text: str) -> list[str]:
    _, found = load(text, "known.json")
    assert {(each.rule, each.severity, each.path) for each in found} <= {
        ("invalid_baseline", Severity.ERROR, "known.json")
    }
    assert all(0 <= each.span.start <= each.span.end <= len(text) for each in found)
    return [each.message for each in found]


def test_files_that_cannot_be_read() -> None:
    version = "this is of version 1 only; write it anew, or use the policyspec that wrote it"
    shape = 'expected `{"version": …, "findings": […]}`'
    for text, message in {
        "": "not JSON: expecting value",
        '{"version": 1,\n<<<<<<< ours': "not JSON: expecting property name enclosed in double quotes",
        "[" * 100_000: "a value in it cannot be read",
        '{"version": 1' + "0" * 5000 + "}": "a value in it cannot be read",
        "[]": shape,
        "null": shape,
        '{"version": 1}': shape,
        '{"version": 1, "findings": {}}': shape,
        '{"version": 1, "findings": [], "more": 1}': shape,
        '{"findings": []}': version,
        '{"version": 2, "findings": []}': version,
        '{"version": 1, "findings": [' + "0," * 100_000 + "0]}": "more than 100,000 findings",
        " " * 20_000_001: "longer than 20,000,000 characters",
    }.items():
        assert messages(text) == [message]
    (found,) = load('{"version": 1,\n<<<<<<< ours', "known.json")[1]
    assert found.span == (15, 16)


def test_findings_that_cannot_be_read() -> None:
    right = {"path": "a", "rule": "b", "item": "", "words": ""}
    wrong = {
        "expected an object": [],
        "expected `path` with a text on one line": {},
        "expected `rule` with a text on one line": {**right, "rule": 1},
        "expected `item` with a text on one line": {**right, "item": "a\nb"},
        "expected `words` with a text on one line": {**right, "words": "x" * 5001},
        "expected `count` with a number above 0": {**right, "count": 0},
        "expected nothing named `x`": {**right, "x": 1},
    }
    for message, data in wrong.items():
        assert messages(json.dumps({"version": 1, "findings": [right, data]})) == [f"finding 2: {message}"]
    for count in (True, 1.5, "1", None, 10**7):
        data = {**right, "count": count}
        assert messages(json.dumps({"version": 1, "findings": [data]})) == [
            "finding 1: expected `count` with a number above 0"
        ]
    assert messages('{"version": 1, "findings": [{"path": "\\ud800", "rule": "", "item": "", "words": ""}]}')
    text = dump({Entry("a", "b", "", ""): 1, Entry("b", "b", "", ""): 1}).replace('"path": "b"', '"path": 1')
    baseline, (found,) = load(text, "known.json")
    assert baseline == {Entry("a", "b", "", ""): 1}
    assert text[found.span.start : found.span.end] == '{"path": 1, "rule": "b", "item": "", "words": ""}'
    assert len(messages(json.dumps({"version": 1, "findings": [1] * 100}))) == 10


def test_what_two_branches_knew_is_known_once() -> None:
    line = '{"path": "a", "rule": "b", "item": "", "words": "", "count": %d}'
    text = '{"version": 1, "findings": [' + line % 1 + "," + line % 3 + "]}"
    assert load(text, "known.json") == ({Entry("a", "b", "", ""): 3}, ())


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────


def everywhere(text: str) -> list[Diagnostic]:
    """A finding at each word."""
    return [
        Diagnostic(f"r{number % 2}", Severity.INFO, "", PATH, Span(token.start, token.end))
        for number, token in enumerate(lexer.tokens(text)[0][:-1])
    ]


VALID = st.one_of(st.just(SAMPLE), generated()).filter(lambda text: not parse(text).faults)


@given(VALID, st.sampled_from(("# remark", "\n\n", "\t", "# policyspec: allow r1 -- x")))
def test_layout_and_comments_do_not_matter(text: str, more: str) -> None:
    before = prints(text, everywhere(text))
    formatted = format_tree(parse(text))
    assert prints(formatted, everywhere(formatted)) == before
    commented = "\n".join(f"  {line} {more}" for line in text.split("\n"))
    assume(not parse(commented).faults)
    if len(everywhere(commented)) == len(before):
        assert prints(commented, everywhere(commented)) == before


@given(VALID, st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(text: str, random: object) -> None:
    tree = parse(text)
    starts = [each.start + each.node.span.start for each in tree.items]
    items = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    random.shuffle(items)  # type: ignore[attr-defined]
    moved = "\n".join(items)
    assume(not parse(moved).faults)
    found, there = (
        [Diagnostic("r", each.severity, "", PATH, each.span) for each in everywhere(each)] for each in (text, moved)
    )
    assert sorted(prints(moved, there)) == sorted(prints(text, found))
    in_section = f'section "New" {{\n{moved}\n}}'
    if not parse(in_section).faults:
        inside = [Diagnostic("r", each.severity, "", PATH, each.span.shifted(16)) for each in there]
        assert sorted(prints(in_section, inside)) == sorted(prints(text, found))


@given(st.one_of(VALID, mutated(), st.text(max_size=60)))
def test_what_is_accepted_is_known(text: str) -> None:
    found = everywhere(text)
    baseline, faults = load(dump(accepted(text, found)), "known.json")
    assert not faults
    assert dump(baseline) == dump(accepted(text, found))
    assert compared(baseline, text, found) == ((), tuple(found), {})
    assert update(baseline, found, {}, {PATH: parse(text)}) == baseline


@given(VALID, st.randoms(use_true_random=False))
def test_it_only_shrinks(text: str, random: object) -> None:
    found = everywhere(text)
    old, new = (random.sample(found, random.randint(0, len(found))) for _ in range(2))  # type: ignore[attr-defined]
    baseline = accepted(text, old)
    got = compared(baseline, text, new)
    assert len(got.new) + len(got.known) == len(new)
    shrunk = update(baseline, new, {}, {PATH: parse(text)})
    assert sum(shrunk.values()) == len(got.known)
    assert all(count <= baseline[entry] for entry, count in shrunk.items())
    assert sum(got.stale.values()) == sum(baseline.values()) - len(got.known)
    assert compared(shrunk, text, new) == (got.new, got.known, {})
    grown = update(baseline, new, {}, {PATH: parse(text)}, accept_new=True)
    assert compared(grown, text, new) == ((), tuple(new), {})


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(("version", "findings", "path", "rule", "item", "words", "count")), inner),
    ),
    max_leaves=10,
)


@given(st.one_of(_json, _json.map(lambda data: {"version": 1, "findings": [data]})).map(json.dumps))
def test_no_file_is_too_bad(text: str) -> None:
    messages(text)


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_no_text_is_too_bad(text: str) -> None:
    messages(text)
    prints(text, everywhere(text))
    prints(text, [Diagnostic("r", Severity.INFO, "", PATH, Span(0, len(text)))])


def test_many_findings_take_no_longer() -> None:
    text = "".join(f"collect ugly, a{number}\n" for number in range(10_000)) + "collect " + "ugly, " * 10_000 + "a\n"
    tree = parse(text)
    baseline = update({}, lint(text), {}, {PATH: tree}, accept_new=True)
    found = apply(load(dump(baseline), "known.json")[0], lint(text), {}, {PATH: tree})
    assert len(found.known) == 20_000
