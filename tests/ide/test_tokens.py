"""What words are, for colouring: drawn below each line, and laws over every text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ide.marked import check, read
from policy_texts import SAMPLE, generated, mutated
from policyspec import library
from policyspec.ide.tokens import MODIFIERS, TYPES, Token, tokens
from policyspec.kinds import KINDS
from policyspec.source import Source, Span
from policyspec.syntax import lexer
from policyspec.workspace import Workspace

ROOT = Path(__file__).parents[2]
HOUSE = Source("house.policy", 'data parcel is purchase_information "Parcel"\nchannel parcel\n')


def shown(token: Token) -> str:
    return " ".join([token.type, *token.modifiers])


def check_tokens(text: str, *types: str) -> None:
    """The tokens of these types are those that are marked."""
    check(
        text,
        lambda workspace, path, _: [
            (path, each.span, shown(each)) for each in tokens(workspace, path) if not types or each.type in types
        ],
    )


def test_a_sentence() -> None:
    check_tokens("""\
        never share email
        ^^^^^ keyword modality
              ^^^^^ function defaultLibrary
                    ^^^^^ variable defaultLibrary
          to partner for delivery  # why
          ^^ keyword
             ^^^^^^^ class defaultLibrary
                     ^^^ keyword
                         ^^^^^^^^ enumMember defaultLibrary
                                   ^^^^^ comment
        """)


def test_a_declaration_with_fields() -> None:
    check_tokens("""\
        party shop is controller "Shop"@en {
        ^^^^^ keyword
              ^^^^ class declaration
                   ^^ keyword
                      ^^^^^^^^^^ class defaultLibrary
                                 ^^^^^^ string
                                       ^^^ decorator
          place: CN
          ^^^^^ property
                 ^^ struct defaultLibrary
          since: 2026-01-01
          ^^^^^ property
                 ^^^^^^^^^^ number
        }
        """)


def test_each_kind_of_term_has_a_type() -> None:
    check_tokens(
        """\
        import android
               ^^^^^^^ namespace defaultLibrary
        subject guest
                ^^^^^ interface declaration
        right ask
              ^^^ typeParameter declaration
        collect email from guest in CN under consent when breach
                           ^^^^^ interface
                                    ^^ struct defaultLibrary
                                             ^^^^^^^ type defaultLibrary
                                                          ^^^^^^ event defaultLibrary
          via sms with encryption keep 30 days after withdrawal
              ^^^ parameter defaultLibrary
                       ^^^^^^^^^^ modifier defaultLibrary
                                                     ^^^^^^^^^^ event defaultLibrary
        collect camera_image via android.CAMERA
                                 ^^^^^^^ namespace defaultLibrary
                                         ^^^^^^ macro defaultLibrary
        collect email when national_security
                           ^^^^^^^^^^^^^^^^^ enum defaultLibrary
        """,
        "namespace", "enum", "interface", "typeParameter", "struct", "type", "event", "parameter", "modifier", "macro",
    )  # fmt: skip


def test_what_stands_in_front_of_a_name() -> None:
    check_tokens("""\
        import "house.policy"
        ^^^^^^ keyword
               ^^^^^^^^^^^^^^ string
        data car { brand }
        ^^^^ keyword
             ^^^ variable declaration
                   ^^^^^ variable declaration
        collect house.parcel, car.brand unless channel.email
        ^^^^^^^ function defaultLibrary
                ^^^^^ namespace
                      ^^^^^^ variable
                              ^^^^^^^^^ variable
                                        ^^^^^^ keyword
                                               ^^^^^^^ keyword
                                                       ^^^^^ parameter defaultLibrary
        --- house.policy
        data parcel
        """)


def test_a_name_that_means_nothing_is_plain() -> None:
    check_tokens("""\
        collect ghost for
        ^^^^^^^ function defaultLibrary
                      ^^^ keyword
        """)


def test_a_text_of_several_lines_is_cut_at_their_ends() -> None:
    check_tokens("""\
        \"""We cannot
        ^^^^^^^^^^^^ string

            promise "all".  \"""@en
            ^^^^^^^^^^^^^^^^^^^ string
                               ^^^ decorator
        """)


def test_rules_and_suppressions() -> None:
    check_tokens("""\
        rule late "Late" {  # policyspec: allow overlap -- agreed
        ^^^^ keyword
             ^^^^ method declaration
                  ^^^^^^ string
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ macro
          no collect email
          ^^ keyword
             ^^^^^^^ function defaultLibrary
                     ^^^^^ variable defaultLibrary
        }
        # policyspec: alow overlap
        ^^^^^^^^^^^^^^^^^^^^^^^^^^ comment
        """)


def test_a_span_has_the_tokens_that_touch_it() -> None:
    made = read("collect email\nstore name\nuse ip_address\n")
    found = tokens(made.workspace, made.path)
    assert tokens(made.workspace, made.path, Span(14, 24)) == found[2:4]
    assert tokens(made.workspace, made.path, Span(15, 16)) == found[2:3]
    assert tokens(made.workspace, made.path, Span(0, 1000)) == found


def test_every_kind_is_known_to_the_protocol() -> None:
    names = {each.type for path in ROOT.glob("src/policyspec/library/core/*.policy") for each in of_library(path.name)}
    assert names <= {*TYPES}
    assert len({*TYPES}) == len(TYPES)


def of_library(name: str) -> tuple[Token, ...]:
    return tokens(Workspace({}), f"{library.PREFIX}core/{name}")


def test_a_library_file_declares_what_it_has() -> None:
    modifiers = {each.modifiers for each in of_library("data.policy") if each.type == "variable"}
    assert modifiers == {("declaration", "defaultLibrary"), ("defaultLibrary",)}


def check_laws(workspace: Workspace, path: str) -> None:
    text = workspace.source(path).text
    found = tokens(workspace, path)
    at = 0
    for each in found:
        assert at <= each.span.start < each.span.end <= len(text)
        assert "\n" not in text[slice(*each.span)]
        assert "\r" not in text[slice(*each.span)]
        assert each.type in TYPES
        assert {*each.modifiers} <= {*MODIFIERS}
        at = each.span.end
    middle = Span(len(text) // 3, len(text) // 2)
    part = tokens(workspace, path, middle)
    assert part == tuple(each for each in found if each.span.end >= middle.start and each.span.start <= middle.end)


@given(st.one_of(generated(), mutated(), st.text(st.sampled_from('data x { "\r\n#@en,:.'), max_size=40)))
@example(SAMPLE.replace("\n", "\r\n"))
@example("")
@settings(max_examples=100)
def test_tokens_are_in_order_and_apart_and_on_one_line(text: str) -> None:
    workspace = Workspace({"a.policy": Source("a.policy", text), "house.policy": HOUSE})
    check_laws(workspace, "a.policy")
    # Of a text without faults in it, every word but a name, a brace and a mark has a token.
    words = [
        each
        for each in lexer.tokens(text)[0]
        if each.type in ("STRING", "FIELD", "DATE", "DURATION", *map(str.upper, KINDS))
    ]
    starts = {each.span.start for each in tokens(workspace, "a.policy")}
    assert {each.start for each in words} <= starts


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("*.policy")), ids=lambda path: path.name)
def test_examples(path: Path) -> None:
    check_laws(Workspace({"a.policy": Source("a.policy", path.read_text("utf-8"))}), "a.policy")
