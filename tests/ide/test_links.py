"""What can be opened from a text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ide.marked import PATH, check
from policy_texts import SAMPLE, generated, mutated
from policyspec.ide.links import links
from policyspec.source import Source
from policyspec.workspace import Workspace


def test_imports() -> None:
    check(
        """\
        import cn.pipl, core, gone
               ^^^^^^^ policyspec:cn/pipl.policy
                        ^^^^ policyspec:core/actions.policy
        import "house.policy", "other.policy"
                ^^^^^^^^^^^^ house.policy
        --- house.policy
        data parcel
        """,
        lambda workspace, path, _: [(path, each.span, each.target) for each in links(workspace, path)],
    )


def test_an_import_from_a_folder() -> None:
    sources = {path: Source(path, 'import "../house.policy"') for path in ("house.policy", "shops/shop.policy")}
    assert [each.target for each in links(Workspace(sources), "shops/shop.policy")] == ["house.policy"]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ('data a { dpv: "https://w3id.org/dpv#Email" }', ["https://w3id.org/dpv#Email"]),
        ('"""See https://a.example/b?c=d&e=f#g."""', ["https://a.example/b?c=d&e=f#g"]),
        ('"""(http://a.example/b_(c)), or "https://a.example"!"""', ["http://a.example/b_(c)", "https://a.example"]),
        ('"""详见 https://a.example/隐私。另见：<https://b.example>"""', ["https://a.example/隐私", "https://b.example"]),
        ('"""A [page](https://a.example/x)\nand **https://b.example**"""', ["https://a.example/x", "https://b.example"]),
        # Nothing else is opened, whoever has written it.
        ('data a { note: "javascript://x, file:///etc, ftp://a.example, command:run, https://" }', []),
        ("# https://a.example\ncollect email", []),
        ('data a { cite: "GDPR art. 6" }', []),
    ],
)  # fmt: skip
def test_addresses(text: str, targets: list[str]) -> None:
    assert [each.target for each in links(Workspace({PATH: Source(PATH, text)}), PATH)] == targets


def test_the_library_has_links_too() -> None:
    found = links(Workspace({}), "policyspec:core/data.policy")
    assert found
    assert all(each.target.startswith("https://w3id.org/dpv") for each in found)


@given(
    st.one_of(generated(), mutated(), st.text(st.sampled_from('htps:/"\\)(. \n，é#'), max_size=40)),
    st.text(st.sampled_from("htps:/.)(]\r\n\"'x"), max_size=20),
)
@example(SAMPLE, "https://a.example/")
@settings(max_examples=100)
def test_links_are_in_order_and_apart_and_of_the_web(text: str, address: str) -> None:
    text = text.replace('"', f'"https://{address}', 1)
    at = 0
    for each in links(Workspace({PATH: Source(PATH, text)}), PATH):
        assert at <= each.span.start < each.span.end <= len(text)
        assert text[slice(*each.span)] == each.target or each.target.startswith("policyspec:")
        at = each.span.end
