"""The outline of a file, and the search for things by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ide.marked import EXAMPLES, broken, plain, read, same
from policy_texts import generated, mutated
from policyspec import library
from policyspec.ide import symbols
from policyspec.ide.symbols import Symbol, outline, search
from policyspec.kinds import KINDS
from policyspec.source import Source
from policyspec.workspace import Workspace

PATH = "shop.policy"


def check(text: str, wanted: str) -> None:
    """The outline of a text, a line for each symbol: its kind, its name, and what else is said of it."""
    same("".join(lines(outline(read(text).workspace, PATH), 0)), plain(wanted))


def lines(found: Iterable[Symbol], depth: int) -> Iterator[str]:
    for each in found:
        yield f"{'  ' * depth}{each.kind} {each.name}{f' | {each.detail}' if each.detail else ''}\n"
        yield from lines(each.children, depth + 1)


def names(query: str, text: str) -> list[str]:
    return [each.name for each in search(read(text).workspace, query)]


def test_every_kind_of_item() -> None:
    check(
        """
        import android
        policy shop "Our policy"@en { provider: acme }
        party acme is controller
        data device "Your device" { brand  screen is sensor_data { source: "1"  width "Width" } }
        extend data email is device
        section "What"@en "什么"@zh {
          source: "1"
          collect required name, email and phone, etc for delivery, etc under contract { note: "x" }
          section "More" {
            never use only personal for advertising when breach
            must delete or anonymise personal
          }
        }
        \"\"\"No system is

        **perfectly** secure.\"\"\"
        share, sell email to partner with encryption unless consent
        rule late "Late" { some right access }
        test "asked" { allows collect name  forbids sell name to advertiser }
        """,
        """
        package shop | Our policy
        class acme
        variable device | Your device
          variable brand
          variable screen
            variable width | Width
        variable email | is device
        namespace What
          method collect name, email and phone, etc | for delivery, etc
          namespace More
            method never use only personal | for advertising when breach
            method must delete or anonymise personal
        string No system is **perfectly** secure.
        method share, sell email | to partner with encryption
        operator late | Late
        object asked
          boolean allows collect name
          boolean forbids sell name | to advertiser
        """,
    )


def test_what_has_no_name_yet_is_shown_nonetheless() -> None:
    """Editors refuse a whole outline for one empty name."""
    check('section "" { }\n"""  """\ndata {}\n', "namespace section\nstring …\nvariable …\n")


def test_what_is_long_is_cut_short() -> None:
    (found,) = outline(read(f'"""{"word " * 100}"""').workspace, PATH)
    assert len(found.name) <= 72
    assert found.name.startswith("word word ")
    assert found.name.endswith("…")


def test_every_kind_of_term_has_a_symbol_of_its_own() -> None:
    assert set(symbols.OF_KIND) == set(KINDS)
    assert len(set(symbols.OF_KIND.values())) == len(KINDS)


def check_spans(workspace: Workspace, path: str) -> None:
    def check_all(found: Iterable[Symbol], start: int, end: int) -> None:
        for each in found:
            assert each.name.strip()
            assert start <= each.span.start <= each.name_span.start <= each.name_span.end <= each.span.end <= end
            check_all(each.children, *each.span)

    check_all(outline(workspace, path), 0, len(workspace.source(path).text))


@settings(max_examples=40)
@given(st.one_of(generated(), mutated()))
def test_symbols_are_inside_of_one_another(text: str) -> None:
    check_spans(Workspace({PATH: Source(PATH, text)}), PATH)


def test_symbols_of_broken_texts_are_too() -> None:
    for example in ("web_shop", "cloud_phone_sdk"):
        for text in broken(example):
            check_spans(Workspace({PATH: Source(PATH, text)}), PATH)
    for name in library.names():
        for source in library.sources(name):
            check_spans(Workspace({}), source.path)


# ── Search ───────────────────────────────────────────────────────────────────────────────────────

SHOP = """
import android
data order "What you ordered"@en "订单"@zh { alias: "purchase"  number }
data reorder
data border_crossing
purpose ordering
section "Your order" { never sell personal }
rule no_orders "Nothing ordered" { some data order }
test "orders stay here" { forbids sell order }
"""


def test_the_best_come_first() -> None:
    """The whole name, then how it begins, how a word of it begins, what is in it, and what else is said of it."""
    assert names("orchid", SHOP.replace("order", "orchid")) == [
        "orchid", "orchiding", "orchid.number", "orchids stay here", "no_orchids", "Your orchid", "reorchid",
        "borchid_crossing",
    ]  # fmt: skip
    assert names("orchid", 'data o_r_chid\ndata flower "An orchid"') == ["flower · An orchid", "o_r_chid"]


def test_ones_own_come_before_those_of_the_library() -> None:
    found = search(read("data email_archive\ndata my_email").workspace, "email")
    assert [each.container for each in found[:2]] == ["core", "core"]
    assert [each.name for each in found[2:4]] == ["email_archive", "email_content"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("订单", "order · 订单"),
        ("what you", "order · What you ordered"),
        ("PURCH", "order · purchase"),
        ("  Number ", "order.number"),
        ("brdcr", "border_crossing"),
        ("your order", "Your order"),
        ("电子邮件", "email · 电子邮件"),
    ],
)
def test_what_finds_what(query: str, wanted: str) -> None:
    assert wanted in names(query, SHOP)


def test_where_it_is() -> None:
    made = read("data device { screen }")
    (found,) = search(made.workspace, "screen")[:1]
    assert (found.kind, found.container, found.place) == ("variable", "device", (PATH, (14, 20)))


def test_only_modules_that_are_imported_are_searched() -> None:
    assert "CAMERA" in names("camera", "import android")
    assert "CAMERA" not in names("camera", "data order")
    assert "email" in names("email", "")


def test_without_a_query_there_is_what_is_ones_own() -> None:
    assert names("", "data b { c }\nparty a\n--- house.policy\ndata d") == ["d", "b", "b.c", "a"]
    assert names(" ", "") == []


def test_there_are_never_too_many() -> None:
    many = "\n".join(f"data order{number}" for number in range(300))
    assert len(names("", many)) == len(names("order", many)) == len(names("a", "")) == 200


def test_any_query_on_any_text() -> None:
    for text in broken():
        workspace = Workspace({PATH: Source(PATH, text)})
        for query in ("e", "order", ".*", "(", "a b", "\\", "设"):
            for each in search(workspace, query):
                length = len(workspace.source(each.place.path).text)
                assert each.name.strip()
                assert 0 <= each.place.span.start <= each.place.span.end <= length


def test_an_edit_is_seen() -> None:
    workspace = read("data order").workspace
    assert names("deal", "data order") == [each.name for each in search(workspace, "deal")]
    changed = workspace.with_source(Source(PATH, "data my_deal"))
    assert [each.name for each in search(changed, "my_deal")] == ["my_deal"]
    assert [each.name for each in outline(changed, PATH)] == ["my_deal"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.policy")), ids=lambda path: path.stem)
def test_examples_are_shown_in_full(path: Path) -> None:
    """Each line that begins an item at the margin begins a symbol."""
    text = path.read_text("utf-8")
    found = outline(Workspace({PATH: Source(PATH, text)}), PATH)
    begun = [number for number, line in enumerate(text.splitlines()) if line[:1].isalpha() and line[:7] != "import "]
    assert [Source(PATH, text).position(each.span.start).line for each in found] == begun
