"""What is shown between the words: drawn at the character in front of which it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ide.marked import PATH, read
from policy_texts import SAMPLE, generated, mutated
from policyspec.ide.hints import Options, hints
from policyspec.source import Source, Span
from policyspec.workspace import Workspace

ROOT = Path(__file__).parents[2]
ALL = Options(resolved=True, sensitivity=True, provider=True, titles=True)


def shown(text: str, options: Options) -> str:
    """The text with its hints in angle brackets, where they stand."""
    workspace, path, _ = read(text)
    text = workspace.source(path).text
    for each in reversed(hints(workspace, path, Span(0, len(text)), options)):
        text = text[: each.offset] + f"‹{each.label}›" + text[each.offset :]
    return text.rstrip("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # An alias.
        ('data a { alias: "b" }\ncollect b', "collect b‹= shop.a›"),
        # Two terms go by the name.
        ("data email is sensitive\ncollect email", "collect email‹= shop.email›"),
        ("import cn.pipl\nuse name under legal_duty", "use name under legal_duty‹= cn.pipl.legal_duty›"),
        # Of several kinds, where any may stand.
        ("data breach\nuse name unless breach, partner", "use name unless breach‹: data›, partner"),
        ("data breach\nuse name unless event.breach", "use name unless event.breach"),
        ("data breach\nuse name when breach", "use name when breach"),
        # It is plain.
        ("data email\ncollect core.email", "collect core.email"),
        ("data a { b }\ncollect a.b, email", "collect a.b, email"),
    ],
)
def test_what_a_doubtful_name_means(text: str, expected: str) -> None:
    assert shown(text, Options(resolved=True)).splitlines()[1] == expected


def test_for_what_category_data_are_sensitive() -> None:
    text = "data diary is health\ncollect diary, email, health, sensitive"
    assert shown(text, Options(sensitivity=True)) == (
        "data diary‹sensitive› is health‹sensitive›\ncollect diary‹sensitive›, email, health‹sensitive›, sensitive"
    )


def test_who_acts_where_it_is_not_said() -> None:
    text = """\
        policy p { provider: shop, us }
        party shop
        party us
        section "S" { never share email by us }
        must delete or anonymise email
        rule r { no use email }
        """
    assert shown(text, Options(provider=True)).splitlines()[3:] == [
        'section "S" { never share email by us }',
        "must ‹by shop, us›delete or anonymise email",
        "rule r { no use email }",
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "collect box‹“Crate”›, ip_address, name"),
        ("zh-cn", "collect‹“收集”› box‹“箱子”›, ip_address‹“IP 地址”›, name‹“姓名”›"),
        ("de", "collect box, ip_address, name"),
    ],
)
def test_titles_in_the_language_of_the_user(language: str, expected: str) -> None:
    text = 'data box "Crate"@en "箱子"@zh\ncollect box, ip_address, name'
    assert shown(text, Options(titles=True, language=language)).splitlines()[1] == expected


def test_without_options_there_are_none() -> None:
    assert shown(SAMPLE, Options()) == SAMPLE.rstrip("\n")


def test_only_a_span_has_hints() -> None:
    workspace, path, _ = read("collect ip_address\nuse ip_address\n")
    options = Options(titles=True, language="zh")
    assert [each.offset for each in hints(workspace, path, Span(0, 18), options)] == [7, 18]
    assert [each.offset for each in hints(workspace, path, Span(19, 33), options)] == [22, 33]


@given(st.one_of(generated(), mutated()), st.integers(0, 9999))
@example(SAMPLE, 0)
@example("", 0)
@settings(max_examples=60)
def test_hints_are_in_order_and_in_the_span(text: str, at: int) -> None:
    workspace = Workspace({PATH: Source(PATH, text), "house.policy": Source("house.policy", "data parcel\n")})
    whole = Span(0, len(text))
    found = hints(workspace, PATH, whole, ALL)
    offsets = [each.offset for each in found]
    assert offsets == sorted(offsets)
    assert all(0 <= each <= len(text) for each in offsets)
    assert all(each.label and "\n" not in each.label for each in found)
    start = at % (len(text) + 1)
    assert {*hints(workspace, PATH, Span(start, len(text)), ALL)} <= {*found}


def test_example() -> None:
    text = (ROOT / "examples/cloud_phone_sdk/cloud_phone_sdk.policy").read_text("utf-8")
    workspace = Workspace({PATH: Source(PATH, text)})
    assert hints(workspace, PATH, Span(0, len(text)), ALL)
    assert hints(workspace, "policyspec:cn/pipl.policy", Span(0, 20_000), ALL)
