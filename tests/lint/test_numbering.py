"""What texts call sections by, and the numbers of sections."""

from __future__ import annotations

import pytest

from policyspec.lint.numbering import numbers, references, value
from policyspec.review import facts
from policyspec.source import Source
from policyspec.workspace import Workspace


@pytest.mark.parametrize(
    ("written", "number"),
    [("VII", "7"), ("IX", "9"), ("XL", "40"), ("十四", "14"), ("二十一", "21"), ("十", "10"), ("5.2", "5.2")],
)
def test_values(written: str, number: str) -> None:
    assert value(written) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("see Section VII", "7"),
        ("as in Section II(3)", "2.3"),
        ("section 5.2 below", "5.2"),
        ("Part III of this policy", "3"),
        ("根据本政策第五条", "5"),
        ("第七节所列邮箱", "7"),
        ("参见附件一", "1"),
        ("see Annex 2.", "2"),
    ],
)
def test_references(text: str, number: str) -> None:
    assert [each.number for each in references(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "under Article 6(1)(b) GDPR",
        "GDPR art. 13",
        "Section 5 of the Act",
        "Section 25(2) of the TDDDG",
        "California Civil Code Section 1798.83",
        "《个人信息保护法》第十三条第一款",
        "clause 4 of our terms",
        "Annex II to the contract",
        "the part I play",
    ],
)
def test_references_to_something_else(text: str) -> None:
    assert not list(references(text))


def test_numbers_of_sections() -> None:
    text = """\
policy p "P" { provider: us }
party us is controller "Us"
section "I. What" { section "(1) Data" { section "1. More" { } } }
section "第二部分 为何"@zh { section "（二）数据"@zh { } }
section "Article 3 Who" { }
section "Annex 1: Partners" { }
section "I agree" { }
"""
    policy = facts(Workspace({"p": Source("p", text)}), "p")
    assert policy is not None
    found = numbers(policy)
    assert found.sections >= {"1", "1.1", "1.1.1", "2", "2.2", "3"}
    assert (set(found.articles), set(found.annexes), found.outermost) == ({"3"}, {"1"}, 5)
