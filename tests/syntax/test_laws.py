"""What holds of the parser for every text."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Any

import lark
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policyspec.source import Span
from policyspec.syntax import grammar, lexer
from policyspec.syntax.lexer import END
from policyspec.syntax.nodes import Placed, Section
from policyspec.syntax.parser import Tree, _parse_piece, parse, parse_whole

LIBRARY = Path(grammar.__file__).parent.parent / "library"
ITEMS = [
    "import cn.pipl, android\n",
    'import "../house.policy"\n',
    'policy sdk "SDK"@en "开发包"@zh {\n  provider: minical\n  effective: 2025-03-04\n}\n',
    'data device is hardware {\n  brand is model "Brand"  # the maker\n  cpu "C" { speed "S"  name "N" }\n}\n',
    "subject child is user, minor { age: under 14 years  verified: yes }\n",
    "extend data position is cn.sensitive\n",
    "collect required device, etc\n  for streaming\n  under consent and contract, duty\n",
    "never share personal to third_party unless separate_consent, required_by_law\n",
    'must delete or anonymise personal within 15 working days of service_end, "soon" { note: """x { y""" }\n',
    'store personal only in CN keep at least 3 years after sale, until 2027-01-01, forever, "a while"\n',
    '"""We cannot\nguarantee {security}."""@en { source: "9" }\n',
    'section "A" {\n  source: "4"\n  collect device\n\n  section "B" { share email to partner }\n}\n',
    'rule r "R" {\n  every collect, use sensitive under agreement\n  needs with lock keep\n  no sell it\n}\n',
    "rule s { some right portability  every use data_ needs some right access  level: error }\n",
    'test "t" {\n  forbids share position to advertiser\n  undeclared collect contacts\n}\n',
    "# only a comment\n\n",
    "采集 设备信息 为了 服务\n",
]
WORDS = [
    *sorted(grammar.load().words),
    *["a", "b.c", "x1", "设备", "é", "{", "}", "{", "}", ",", ",", "\n", "\n  ", "\r\n", " ", "f:", ":", "@en", "@"],
    *[
        '"a"',
        '"a',
        '"',
        '"""t"""',
        '"""',
        '"“',
        "“",
        "”",
        "，",
        "：",
        "-",
        "/",
        ".",
        "//",
        "#c\n",
        "\\",
        "\0",
        "\u2028",
    ],
    *["30 days", "3", "1.5", "2025-01-01", "2025-1-1", "\ufeff", "é", "😀", "(", ")", "=", "&", "'"],
]
TOKEN_SOUP = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
GLUED_SOUP = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
ITEM = st.sampled_from(ITEMS)
VALID = st.lists(ITEM, max_size=8).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid text with a few places cut out or overwritten."""
    text = draw(VALID)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from([0, 0, 1, 2, 10]))
        text = text[:start] + draw(st.sampled_from(["", *WORDS])) + text[start + length :]
    return text


@st.composite
def indented(draw: st.DrawFn, items: st.SearchStrategy[str] = ITEM, depth: int = 3) -> str:
    """Items, each at an indentation of its own, in sections in sections."""
    sections = indented(items, depth - 1).map(lambda text: f'section "S" {{\n{text}}}\n') if depth else items
    texts = draw(st.lists(st.one_of(items, sections), max_size=4))
    by = draw(st.sampled_from(["", "  ", "\t"]))
    return "".join(indent(text, by + draw(st.sampled_from(["", "", "", " ", "\ufeff"]))) for text in texts)


ANY = st.one_of(st.text(max_size=60), TOKEN_SOUP, GLUED_SOUP, mutated(), indented(TOKEN_SOUP))
few = settings(max_examples=300, deadline=None)


@cache
def reference() -> lark.Lark:
    """Lark's own parser of the grammar."""
    return lark.Lark(grammar.grammar_path().read_text(encoding="utf-8"), parser="lalr", lexer="basic")


def is_accepted(text: str) -> bool:
    try:
        reference().parse(text)
    except lark.exceptions.LarkError:
        return False
    return True


def shifted(node: Any, by: int) -> Any:
    """A node, or a tuple of them, with all spans moved, those of placed items to where these are."""
    if isinstance(node, Placed):
        return Placed(0, shifted(node.node, by + node.start))
    if isinstance(node, Span):
        return node.shifted(by)
    if isinstance(node, tuple):
        parts = [shifted(part, by) for part in node]
        return type(node)(*parts) if hasattr(node, "_fields") else tuple(parts)
    return node


def leaves(tree: Tree) -> set[object]:
    """The items that are no sections, with their spans from the text's start."""
    todo, found = list(tree.items), set()
    for start, node in todo:
        if isinstance(node, Section):
            todo += [Placed(start + item.start, item.node) for item in node.items]
        else:
            found.add(shifted(node, start))
    return found


def absolute(tree: Tree) -> list[object]:
    return [shifted(item, 0) for item in tree.items]


def spans(node: object) -> list[Span]:
    if isinstance(node, Span):
        return [node]
    return [span for part in node for span in spans(part)] if isinstance(node, tuple) else []


@few
@given(ANY)
def test_faults_exactly_where_the_grammar_refuses(text: str) -> None:
    assert (parse(text).faults == ()) == is_accepted(text)


@few
@given(VALID)
def test_valid_items_have_no_fault(text: str) -> None:
    assert parse(text).faults == ()


@few
@given(st.one_of(VALID, indented(), ANY.filter(lambda text: not parse(text).faults)))
def test_by_items_equals_whole(text: str) -> None:
    assert absolute(parse(text)) == absolute(parse_whole(text))
    assert parse(text).comments == parse_whole(text).comments


@few
@given(ANY)
def test_cached_equals_uncached(text: str) -> None:
    first = parse(text)
    _parse_piece.cache_clear()
    assert parse(text) == first == parse(text)


@few
@given(ANY)
def test_spans_lie_in_the_text(text: str) -> None:
    tree = parse(text)
    places = [span for item in absolute(tree) for span in spans(item)] + list(tree.comments)
    for span in places:
        assert 0 <= span.start <= span.end <= len(text)
    for fault in tree.faults:
        assert 0 <= fault.span.start <= fault.span.end <= len(text)
        for _, span, _ in [fault.fix] if fault.fix else []:
            assert 0 <= span.start <= span.end <= len(text)


@few
@given(ANY)
def test_tokens_comments_and_space_are_the_text(text: str) -> None:
    tokens, comments = lexer.tokens(text)
    at = 0
    for start, end in sorted([*comments, *((token.start, token.end) for token in tokens)]):
        assert text[at:start].replace("\ufeff", "").strip() == ""
        at = end
    assert at == len(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert tokens[-1].type == END


@few
@given(ANY)
def test_items_stand_in_order_and_apart(text: str) -> None:
    at = 0
    for item in parse(text).items:
        start, end = item.node.span.shifted(item.start)
        assert at <= start
        at = end


BROKEN = [
    "collect device for\n",
    "collect device for a b for\n",
    "data data {\n  x\n}\n",
    "data x { y\n",
    'section "S" {\n  collect\n  data\n',
    "}\n",
    'data x "unclosed\n',
    "rule r { every }\n",
    "store x keep 3\n",
    "f: 1\n",
    "import ,\n",
    "never\n  {{{\n",
    "collect (device)\n",
]


@few
@given(st.lists(ITEM), st.sampled_from(BROKEN), st.lists(ITEM, min_size=1))
def test_a_broken_item_spoils_itself_alone(before: list[str], broken: str, after: list[str]) -> None:
    first, last = "".join(before), "".join(["policy p\n", *after])
    tree = parse(first + broken + last)
    start = len(first) + len(broken)
    left = absolute(parse(first))
    right = [shifted(item, start) for item in absolute(parse(last))]
    found = absolute(tree)
    assert found[: len(left)] == left
    assert found[len(found) - len(right) :] == right
    assert all(len(first) <= fault.span.start <= start for fault in tree.faults)
    assert tree.faults


@few
@given(indented(), st.sampled_from(BROKEN), indented(), st.integers(0, 12))
def test_a_broken_item_of_a_section_spoils_itself_alone(before: str, broken: str, after: str, depth: int) -> None:
    assume(broken.count("{") == broken.count("}"))
    assume(parse(before).items or not broken.startswith("f:"))  # a section may begin with fields
    opening = "".join(f'{" " * at}section "S" {{\n' for at in range(depth))
    closing = "".join(f"{' ' * at}}}\n" for at in reversed(range(depth)))
    before, broken, after = (indent(text, " " * depth) for text in (before, broken, f"policy p\n{after}"))
    tree = parse(opening + before + broken + after + closing)
    fine = parse(opening + before + re.sub(r"[^\n]", " ", broken) + after + closing)
    assert leaves(fine) <= leaves(tree)
    start = len(opening) + len(before)
    assert all(start <= fault.span.start <= start + len(broken) for fault in tree.faults)
    assert tree.faults


def parsed_anew(text: str) -> int:
    """How many pieces are parsed, and not found in the cache."""
    before = _parse_piece.cache_info().misses
    parse(text)
    return _parse_piece.cache_info().misses - before


@few
@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.data())
def test_an_edit_costs_its_item_alone(depths: list[int], data: st.DataObject) -> None:
    lines: list[str] = []
    places, open_ = [], 0
    for number, depth in enumerate([*depths, 0]):
        while open_ > depth:
            open_ -= 1
            lines.append("  " * open_ + "}")
        while open_ < depth:
            lines.append("  " * open_ + f'section "{number}" {{')
            open_ += 1
        places.append(len(lines))
        lines.append("  " * open_ + f"collect x{number} for streaming")
    _parse_piece.cache_clear()
    parse("\n".join(lines))
    lines[data.draw(st.sampled_from(places))] += ", something_else"
    assert parsed_anew("\n".join(lines)) == 1


def test_each_library_module_by_items_equals_whole() -> None:
    for path in LIBRARY.rglob("*.policy"):
        text = path.read_text(encoding="utf-8")
        if not parse(text).faults:
            assert absolute(parse(text)) == absolute(parse_whole(text)), path.name


def test_the_grammar_has_no_conflict() -> None:
    lark.Lark(grammar.grammar_path().read_text(encoding="utf-8"), parser="lalr", lexer="basic", strict=True)


def test_the_committed_tables_are_current() -> None:
    made, committed = json.loads(grammar.dump_tables()), json.loads(grammar.TABLES.read_text(encoding="utf-8"))
    assert canonical(made) == canonical(committed)


def canonical(tables: dict[str, Any]) -> dict[str, Any]:
    """The tables with their states numbered as one comes to them, and rules in full: Lark's numbers are arbitrary."""
    numbers = {tables["start"]: 0}
    rows = []
    for state in (queue := [tables["start"]]):
        row = {}
        for name, action in sorted(tables["actions"][state].items()):
            if action >= 0 and action not in numbers:
                numbers[action] = len(numbers)
                queue.append(action)
            row[name] = numbers[action] if action >= 0 else tables["rules"][~action]
        rows.append(row)
    return {**tables, "actions": rows, "rules": sorted(tables["rules"]), "start": 0, "end": numbers[tables["end"]]}
