"""Formatting keeps meaning and comments, and to format twice is to format once; examples show the layout."""

from __future__ import annotations

import re
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyspec.format import SENTENCE_WIDTH, WIDTH, format_tree
from policyspec.source import Source, Span
from policyspec.syntax import lexer, nodes
from policyspec.syntax.lexer import Token
from policyspec.syntax.parser import Tree, parse

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / "src/policyspec/library").rglob("*.policy"), *(ROOT / "examples").rglob("*.policy")])

# Every construct of the language, as it should look.
SAMPLE = '''\
# A policy with one of everything.

import cn.pipl, cn.gbt35273  # law packs
import "../house.policy", android

# ── Declarations ──
policy shop "Shop"@en "商店"@zh {
  provider:  acme
  product:   "Shop \\"one\\"", etc
  released:  2025-03-04
  statement: """
Several lines,  kept
\tas they are."""@en-GB
  enabled:   yes, no
  takes:     data, party
  sizes:     1, 2.50, 30 days, 15 working days, at least 3 years, at most 1 hour

  note: "below a blank line"
}
party acme is processor "Acme" { on_behalf_of: developer }
party nobody
data empty {}
subject child is end_user, minor "Minor" { age: under 14 years }
data device "Device" {  # what it is
  source: "§1"
  brand  is hardware_model, other "Brand"
  牌子   "中文"@zh { note: "x" }
  cpu    "CPU" { frequency "Frequency"  cpu_model "Model" }
  screen is display               "Screen"@en "屏幕"@zh  # it shines

  # a group of their own
  battery
  nested "Nested" {
    deep is deeper.still "Deep"
    # nothing follows
  }
}
extend data precise_location is cn.sensitive
extend purpose marketing is advertising, other  # for the law's sake

# ── Practices ──

collect required device, ip_address, app_info
  for      streaming, identify_product
  under    contract
  only via CAMERA
collect optional images for publishing under consent and contract, etc via CAMERA
may use only position by acme from child in CN, EU with encryption { source: "§2"  note: "n" }
must delete or anonymise personal within 15 days of service_end unless required_by_law
should notify end_user when breach via push within "as soon as possible"@en "尽快"@zh of breach, etc {
  effort: "every effort"
  source: "§3"
}
never share personal
  to      third_party
  without consent
  # why this is so
  unless  separate_consent  # the strongest
  for     advertising, analytics
store personal keep at least 30 days after service_end, until 2027-01-01, while active, forever, etc
store logs keep "for as long as necessary", etc
"""We cannot guarantee complete security."""
"""Prose with fields."""@en { source: "§4" }
section "Outer"@en "外"@zh {
  source: "§5"

  section "Inner" {
    collect name for delivery
    data inner_term "Inner"
  }

  section "Short" { collect email }
}

# ── Rules and tests ──

rule separate "Needs separate consent" {
  every collect, use sensitive under agreement
  needs under separate_consent keep within with encryption, hashing
  level: error
  help:  """Ask."""
}
rule stated "Say how long" { every collect personal needs keep  cite: "art. 17" }
rule no_right "Portability" { some right portability  level: warning }
rule mixed {
  no use personal from minor for advertising
  every must notify data_subject when breach needs within 72 hours, 3 days of breach
  every collect precise_location needs some right objection
  some collect personal
    for  advertising
    with encryption
}

test "location stays"@en {
  forbids    share position to advertiser for advertising
  allows     collect device for streaming
  undeclared collect contacts
}
# the end
'''


# ── The laws ────────────────────────────────────────────────────────────────────────────────────


def formatted(text: str) -> str:
    """The formatted text, after checking the laws that hold for every text without faults."""
    before = parse(text)
    assert not before.faults, text
    result = format_tree(before)
    after = parse(result)
    assert not after.faults, result
    assert format_tree(after) == result
    assert without_spans(after) == without_spans(before)
    assert spellings(result) == spellings(text)
    check_comments(text, result)
    assert [squeezed(gap) for gap in gaps_of_items(after)] == [squeezed(gap) for gap in gaps_of_items(before)]
    check_margins(text, after)
    return result


def without_spans(value: Any) -> Any:
    """A tree's items, or a part of them, with the types of the nodes in place of their spans."""
    if type(value) is Tree:
        return [without_spans(placed) for placed in value.items]
    if type(value) is nodes.Placed:
        return without_spans(value.node)
    if type(value) is Span:
        return None
    return (type(value), *map(without_spans, value)) if isinstance(value, tuple) else value


def spellings(text: str) -> list[str]:
    """The tokens as they are written; only durations may be spaced otherwise."""
    tokens, _ = lexer.tokens(text)
    return [" ".join(token.text.split()) if token.type == "DURATION" else token.text for token in tokens]


def check_comments(before: str, after: str) -> None:
    """Every comment is where it was: above the same token, or behind the same, or behind the first of the same line."""
    tokens, _ = lexer.tokens(before)
    source = Source("", before)
    for (kind, at, comment), (kind_after, at_after, comment_after) in zip(
        comments(before), comments(after), strict=True
    ):
        assert (kind, comment) == (kind_after, comment_after)
        if at != at_after:
            first, last = tokens[at_after], tokens[at]
            assert kind == "behind"
            assert at_after < at
            assert source.position(first.start).line == source.position(last.end).line


def comments(text: str) -> list[tuple[str, int, str]]:
    """The comments of a text, and the number of the token that each is above or behind."""
    tokens, spans = lexer.tokens(text)
    source = Source("", text)
    found = []
    for span in spans:
        start = source.line_starts[source.position(span.start).line]
        next_token = sum(token.start < span.start for token in tokens)
        is_alone = re.fullmatch(r"[\s\ufeff]*", text[start : span.start]) is not None and not any(
            token.start < start < token.end for token in tokens
        )
        place = ("above", next_token) if is_alone else ("behind", next_token - 1)
        found.append((*place, text[span.start : span.end].rstrip()))
    return found


def gaps_of_items(tree: Tree) -> list[str]:
    """What stands between the top-level items."""
    spans = [placed.node.span.shifted(placed.start) for placed in tree.items]
    return [tree.text[left.end : right.start] for left, right in pairwise(spans)]


def squeezed(gap: str) -> list[str]:
    """The whole lines of a gap, with one blank line for several."""
    lines = [line.strip("\ufeff \t\f\u2028\u3000") for line in re.split(r"\r\n|\r|\n", gap)[1:-1]]
    return [line for number, line in enumerate(lines) if line or not number or lines[number - 1]]


def check_margins(before: str, after: Tree) -> None:
    """Items stand in column 0, no line ends in white space, and all line ends are alike, outside of strings."""
    tokens, _ = lexer.tokens(after.text)
    source = Source("", after.text)
    assert all(source.position(item.start + item.node.span.start).column in (0, 1) for item in after.items)
    ends = [0, *(token.end for token in tokens)]
    outside = "".join(after.text[end : token.start] + token.type for end, token in zip(ends, tokens, strict=False))
    outside = outside.removesuffix(lexer.END)
    assert not re.search(r"[ \t\ufeff\f][\r\n]", outside.removeprefix("\ufeff"))
    assert not re.search(r"\n\s*\n\s*\n", outside.replace("\r", ""))
    assert after.text.startswith("\ufeff") == before.startswith("\ufeff")
    if outside.strip("\ufeff"):
        line_end = "\r\n" if "\r\n" in outside else "\n"
        assert outside.endswith(line_end)
        assert not outside.endswith(line_end * 2)
        assert not re.search(r"[\r\n]", outside.replace(line_end, ""))


# ── The layout, by example ──────────────────────────────────────────────────────────────────────


def test_the_sample_is_as_it_should_be() -> None:
    assert formatted(SAMPLE) == SAMPLE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_laws_hold_for_the_files_that_come_with_the_project(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if not parse(text).faults:
        formatted(text)


LONG = ", ".join(f"term_number_{number}" for number in range(9))

EXAMPLES = {
    "a body on one line": (
        'data   a{ b "B" c   "C"{d} }',
        'data a { b "B"  c "C" { d } }',
    ),
    "a body broken behind its brace": (
        'data a {\n b "B" c "C"}',
        'data a {\n  b "B"\n  c "C"\n}',
    ),
    "a body broken elsewhere": (
        'data a { b "B"\nc "C"\n}',
        'data a { b "B"  c "C" }',
    ),
    "a body too long for a line": (
        f'data a {{ b "{"B" * 60}" c "{"C" * 60}" }}  # why',
        f'data a {{  # why\n  b "{"B" * 60}"\n  c "{"C" * 60}"\n}}',
    ),
    "an empty body": ("data a\n{\n\n}", "data a {}"),
    "an empty body with a comment": ("data a {\n\n# none\n\n}", "data a {\n  # none\n}"),
    "a comment behind a brace": ("data a {# c\n\nb}", "data a {  # c\n  b\n}"),
    "a comment before a brace": ("data a # c\n# d\n{ b }", "data a  # c\n# d\n{\n  b\n}"),
    "comments in a head": (
        'data # c\na is b,# d\n#e\nc "T"# f',
        'data  # c\n    a is b,  # d\n    #e\n    c "T"  # f',
    ),
    "a head too long for a line": (
        f'data a is b "{"B" * 60}"@en "{"C" * 60}"@zh {{ d }}',
        f'data a is b "{"B" * 60}"@en\n    "{"C" * 60}"@zh {{\n  d\n}}',
    ),
    "columns of fields": (
        'data a { \n b:1\n  longer : "x",\n"y"\n\nshort: yes\n # c\nthe_longest: etc\nd: no\n}',
        'data a {\n  b:      1\n  longer: "x", "y"\n\n  short: yes\n  # c\n  the_longest: etc\n  d:           no\n}',
    ),
    "a list of values too long for a line": (
        f"data a {{ alias: {LONG}, b\n}}",
        f"data a {{\n  alias: {', '.join(LONG.split(', ')[:7])},\n         term_number_7, term_number_8, b\n}}",
    ),
    "columns of children": (
        'data a {\nb is long_parent, other "B"\nlonger "L"\nc is d "C" { e }\nf\n}',
        'data a {\n  b      is long_parent, other "B"\n  longer "L"\n  c      is d                  "C" { e }\n  f\n}',
    ),
    "columns that are too wide": (
        f'data a {{\nb is {"p" * 70} "B"\nc "{"C" * 100}"\nd is e "{"D" * 50}"\n}}',
        f'data a {{\n  b is {"p" * 70} "B"\n  c "{"C" * 100}"\n  d is e "{"D" * 50}"\n}}',
    ),
    "columns of Chinese names": (
        'data a {\n品牌 "B"\nabc "C"\n}',
        'data a {\n  品牌 "B"\n  abc  "C"\n}',
    ),
    "a number and a name that would become a duration": (
        "data a { b: 30\ndays is c }",
        "data a {\n  b: 30\n  days is c\n}",
    ),
    "a duration": ("data a { b: under  14\tyears }", "data a { b: under 14 years }"),
    "a practice on one line": ("collect  a ,b  for c", "collect a, b for c"),
    "a practice on several": (
        "collect a\nfor c,\nd only under e",
        "collect a\n  for        c, d\n  only under e",
    ),
    "a practice without clauses on several": ("collect a,\n\n  b", "collect a, b"),
    "a practice too long for a line": (
        f"never collect only {LONG}, b for c within 3 days  # d",
        f"never collect only {', '.join(LONG.split(', ')[:5])},  # d\n"
        f"                   {', '.join(LONG.split(', ')[5:])}, b\n  for    c\n  within 3 days",
    ),
    "a clause too long for a line": (
        f"collect a for {LONG}",
        f"collect a\n  for {', '.join(LONG.split(', ')[:6])},\n      {', '.join(LONG.split(', ')[6:])}",
    ),
    "fields below a practice on several lines": (
        'collect a\nfor b { note: "n" }\ncollect a\nfor b {\nnote: "n" }',
        'collect a\n  for b { note: "n" }\ncollect a\n  for b {\n    note: "n"\n  }',
    ),
    "comments within a practice": (
        "collect# a\n a # b\n # c\n for b, # d\n c under# e\nf # g",
        "collect  # a\n        a  # b\n  # c\n  for   b,  # d\n        c\n  under  # e\n        f  # g",
    ),
    "an import too long for a line": (
        f"import {LONG}",
        f"import {', '.join(LONG.split(', ')[:6])},\n       {', '.join(LONG.split(', ')[6:])}",
    ),
    "a rule on several lines": (
        "rule a { \nevery collect b\n\nneeds # c\nunder d }",
        "rule a {\n  every collect b\n  needs  # c\n        under d\n}",
    ),
    "a pattern on several lines": (
        "rule a { every collect b\n for c\n needs keep }",
        "rule a {\n  every collect b\n    for c\n  needs keep\n}",
    ),
    "questions": (
        'test "t" {\nallows collect a for\n b\n undeclared collect c\n}',
        'test "t" {\n  allows     collect a\n    for b\n  undeclared collect c\n}',
    ),
    "prose": (
        '"""a  \n b"""@en { note: "n" }  """c"""',
        '"""a  \n b"""@en { note: "n" }\n"""c"""',
    ),
    "items on one line": ("data a data b # c", "data a\ndata b  # c"),
    "blank lines": ("\n\ndata a\ndata b\n\n\n\n# c\n\n\ndata d\n\n\n# e\n\n", "data a\ndata b\n\n# c\n\ndata d\n\n# e"),
    "a section": (
        '  section "s" {\n\n  collect a\n\n\n  data b { \n c }\n # d\n\n  }',
        'section "s" {\n  collect a\n\n  data b {\n    c\n  }\n  # d\n}',
    ),
}


@pytest.mark.parametrize(("before", "after"), EXAMPLES.values(), ids=EXAMPLES)
def test_layout(before: str, after: str) -> None:
    assert formatted(before) == after + "\n"


def test_a_comment_behind_a_long_item_stays_on_its_first_line() -> None:
    """There it says that a finding is expected, so it must not move to the last one."""
    text = f"collect {LONG} for a  # policyspec: allow unused -- a reason"
    assert formatted(text).splitlines()[0].endswith("-- a reason")


@pytest.mark.parametrize("text", ["", " \n\n\t", "\ufeff", "\ufeff\n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert formatted(text) == text.strip(" \n\t")


def test_comments_alone() -> None:
    assert formatted("\n# a\n\n\n  # b  ") == "# a\n\n# b\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("data a\r\ndata b\n", "data a\r\ndata b\r\n"),
        ("data a\ndata b\r\n", "data a\ndata b\n"),
        ("data a\rdata b", "data a\ndata b\n"),
        ('"""a\nb"""\r\ndata c', '"""a\nb"""\r\ndata c\r\n'),
        ('"""a\r\nb"""', '"""a\r\nb"""\r\n'),
        ('data a {\r\n  b: """c\nd\re"""\r\n}', 'data a {\r\n  b: """c\nd\re"""\r\n}\r\n'),
        ("\ufeffdata  a", "\ufeffdata a\n"),
    ],
)
def test_line_ends(before: str, after: str) -> None:
    assert formatted(before) == after


def test_strings_stay_as_they_are_written() -> None:
    text = 'data a { note: "tab\\t, \\q, \\", # no comment, { no brace", """ "" \\n """ }\n'
    assert formatted(text) == text


def test_names_stay_as_they_are_written() -> None:
    text = "data cafe\u0301\n"
    assert formatted(text) == text


def test_broken_text_is_refused() -> None:
    with pytest.raises(ValueError, match="syntax errors"):
        format_tree(parse("data a {"))


def test_the_widths_are_kept() -> None:
    text = f'import {LONG}\ncollect {LONG} for {LONG}\nsection "s" {{ never collect {LONG} for a }}'
    assert max(map(len, formatted(text).splitlines())) <= SENTENCE_WIDTH
    assert SENTENCE_WIDTH < max(map(len, formatted(f"data a {{ alias: {LONG}, {LONG} }}").splitlines())) <= WIDTH


# ── Any spacing ─────────────────────────────────────────────────────────────────────────────────

BLANKS = [" ", " ", " ", "", "\t ", "\ufeff", "\f", "\u2028"]
BREAKS = ["\n  ", "\r\n ", "\n\n \n ", "\r ", "#\n ", " # c@  \n ", "\n # c@\n ", " # a@\n\n\n#b\u3000\n # c@\n\n "]
spacings = st.lists(st.sampled_from([*BLANKS, *BREAKS]), min_size=1, max_size=30)
SYMBOLS = ("COMMA", "LBRACE", "RBRACE", "COLON")


def spaced(tokens: list[Token], spacing: list[str]) -> str:
    """The tokens' text with other gaps, in which the tokens stay what they are."""
    text, gaps = "", cycle(spacing)
    for number, (token, after) in enumerate(pairwise(tokens)):
        gap = next(gaps).replace("@", str(number))
        if token.type == "FIELD":
            gap = "" if "#" in gap or "\ufeff" in gap else gap
        elif token.type == "NUMBER" and after.type not in SYMBOLS:
            gap = "\n "
        elif not gap and not {token.type, after.type} & {*SYMBOLS, lexer.END}:
            gap = " "
        text += token.text + gap
    return text


def items_of(text: str) -> list[list[Token]]:
    """The tokens of each item of a text."""
    tree = parse(text)
    spans = [placed.node.span.shifted(placed.start) for placed in tree.items]
    return [lexer.tokens(text[span.start : span.end])[0] for span in spans]


SAMPLE_ITEMS = items_of(SAMPLE)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_spacing_of_the_sample(data: st.DataObject) -> None:
    items = data.draw(st.lists(st.sampled_from(SAMPLE_ITEMS), min_size=1, max_size=3))
    between = data.draw(st.sampled_from(["\n", "\n\n\n", " # last\r\n", "\n# next\n\n", "\r\n\r\n", " "]))
    texts = [spaced(item, data.draw(spacings)) for item in items]
    formatted(data.draw(st.sampled_from(["", "\ufeff", "\n# first\n", "\r\n"])) + between.join(texts))


@settings(max_examples=20, deadline=None)
@given(spacings)
def test_any_spacing_of_all_items(spacing: list[str]) -> None:
    formatted("\n".join(spaced(item, spacing) for item in SAMPLE_ITEMS))


# ── Any items ───────────────────────────────────────────────────────────────────────────────────

KINDS = ["policy", "party", "subject", "data", "purpose", "basis", "exception", "place", "action"]
CLAUSE_WORDS = ["from", "by", "to", "for", "under", "without", "unless", "when", "via", "in", "with"]
Words = st.SearchStrategy[list[str]]


def words(*parts: str | Words) -> Words:
    """The words of several parts, one after the other."""
    strategies = [st.just([part]) if isinstance(part, str) else part for part in parts]
    return st.tuples(*strategies).map(lambda lists: [word for each in lists for word in each])


def maybe(part: Words) -> Words:
    return st.just([]) | part


def several(part: Words, least: int = 0, most: int = 4) -> Words:
    return st.lists(part, min_size=least, max_size=most).map(lambda lists: [word for each in lists for word in each])


def listed(part: Words, separators: tuple[str, ...] = (",",)) -> Words:
    """A list of one or more; now and then one that is too long for a line."""
    more = several(words(st.sampled_from(separators).map(lambda word: [word]), part), most=3)
    return words(part, more) | words(part, several(words(st.just([separators[0]]), part), least=9, most=12))


def one_of(*texts: str) -> Words:
    return st.sampled_from(texts).map(lambda text: [text])


names = one_of(
    "a", "device", "ip_address", "位置信息", "cn.pipl.separate_consent", "a_name_that_is_rather_long", "café"
)
strings = one_of('""', '"x"', '"with \\" and # and {"', '"中文标题"', f'"{"long " * 12}"', '"\\\\"')
titles = words(strings, maybe(one_of("@en", "@zh-Hans")))
texts = words(
    one_of('"""t"""', '"""two\nlines  \n  # no comment"""', '""""quoted" """', '"""\r\n"""'), maybe(one_of("@en"))
)
durations = one_of("1 day", "15 working days", "72  hours", "3 years")
dates = one_of("2025-03-04", "2025-02-30")
bounds = words(one_of("under"), durations) | words("at", one_of("least", "most"), durations)
values = st.one_of(
    titles, texts, dates, durations, bounds, names, one_of("1", "2.5", "30"), one_of("data", "yes", "no", "etc")
)
fields = words(one_of("note", "source", "under", "a_long_field_name", "days"), ":", listed(values))
parents = words("is", listed(names))
children = st.recursive(
    words(names, maybe(parents), several(titles, most=2)),
    lambda inner: words(names, maybe(parents), several(titles, most=2), "{", several(fields | inner), "}"),
    max_leaves=6,
)
terms = words(names, several(words("and", names), most=2)) | one_of("etc")
events = words(one_of("of", "after"), names)
periods = st.one_of(
    words(maybe(words("at", one_of("least", "most"))), durations, maybe(words("after", names))),
    words("until", names | dates),
    words("while", names),
    one_of("forever", "etc"),
    several(titles, least=1, most=2),
)
deadlines = words(durations | several(titles, least=1, most=2), maybe(events)) | one_of("etc")
clauses = words(
    maybe(one_of("only")),
    st.one_of(
        words(one_of(*CLAUSE_WORDS), listed(terms)), words("keep", listed(periods)), words("within", listed(deadlines))
    ),
)
statements = words(
    maybe(one_of("may", "must", "should", "never")),
    listed(names, (",", "or")),
    maybe(one_of("required", "optional")),
    maybe(one_of("only")),
    listed(terms),
    several(clauses),
)
existences = words(one_of(*KINDS), names)
needs = words("needs", several(clauses.filter(lambda clause: clause[0] != "only"), least=1, most=3))
judgements = st.one_of(
    words("every", statements, needs),
    words("every", statements, "needs", "some", existences),
    words("every", statements, "needs", one_of("keep", "within", "under")),
    words("no", statements),
    words("some", statements | existences),
)
braced = words("{", several(fields), "}")
plain_items = st.one_of(
    words("import", listed(names | strings)),
    words(one_of(*KINDS), children),
    words("extend", one_of(*KINDS), names, parents),
    words(statements, maybe(braced)),
    words(texts, maybe(braced)),
    words("rule", names, several(titles, most=2), "{", several(fields | judgements), "}"),
    words(
        "test", several(titles, least=1, most=2), "{",
        several(fields | words(one_of("allows", "forbids", "undeclared"), statements)), "}",
    ),
)  # fmt: skip
items = plain_items | words("section", titles, "{", several(fields | plain_items), "}")


@settings(max_examples=200, deadline=None)
@given(items, spacings)
def test_any_item_in_any_spacing(item: list[str], spacing: list[str]) -> None:
    tokens, _ = lexer.tokens("\n".join(item))
    formatted(spaced(tokens, spacing))


@settings(max_examples=60, deadline=None)
@given(st.lists(items, min_size=2, max_size=4))
def test_any_items_on_a_line_each(several_items: list[list[str]]) -> None:
    tokens = [lexer.tokens("\n".join(item))[0] for item in several_items]
    formatted("\n".join(spaced(item, [" "]) for item in tokens))
