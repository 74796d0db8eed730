"""The examples say what they are meant to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import policyspec
from policyspec.model import Declared, Policy, Practice, Prose, Section

EXAMPLES = Path(__file__).parents[1] / "examples"
CLOUD_PHONE = EXAMPLES / "cloud_phone_sdk" / "cloud_phone_sdk.policy"
ROW = re.compile(r"^\| (S\d+) \| (.+?) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
STATEMENTS = [f"S{number}" for number in range(1, 141)]


@cache
def cloud_phone() -> Policy:
    return policyspec.load(CLOUD_PHONE)


@cache
def rows() -> dict[str, list[str]]:
    """The table: by statement, the anchors of the items that carry it."""
    text = (CLOUD_PHONE.parent / "statements.md").read_text("utf-8")
    return {number: re.findall(r"`` ?(.+?) ?``|`([^`]+)`", where) for number, _, where, _ in ROW.findall(text)}  # type: ignore[misc]


def carried() -> Iterator[tuple[str, str]]:
    """Pairs of a statement and the anchor of an item that names it as its source."""
    policy = cloud_phone()
    lines = CLOUD_PHONE.read_text("utf-8").splitlines()
    text = "\n".join(lines)
    terms = [policy.policy, *(term for term in policy.terms if term.module is None)]
    for term in terms:
        yield from ((each, f"{term.kind} {term.id.partition(':')[2]}") for each in term.source)

    def walk(items: tuple[Practice | Prose | Section | Declared, ...]) -> Iterator[tuple[str, str]]:
        for item in items:
            if isinstance(item, Section):
                yield from walk(item.items)
            elif isinstance(item, Practice | Prose):
                at = item.location
                start = sum(len(line) + 1 for line in lines[: at.start_line - 1]) + at.start_column - 1
                yield from ((each, " ".join(text[start:].split())) for each in item.source)

    yield from walk(policy.items)


def test_the_table_has_every_statement_once() -> None:
    text = (CLOUD_PHONE.parent / "statements.md").read_text("utf-8")
    assert [number for number, *_ in ROW.findall(text)] == STATEMENTS


def test_every_statement_is_carried_by_an_item() -> None:
    sources = {each for each, _ in carried()}
    assert [each for each in STATEMENTS if each not in sources] == []


@pytest.mark.parametrize("number", STATEMENTS)
def test_each_anchor_is_an_item_that_carries_the_statement(number: str) -> None:
    items = [anchor for each, anchor in carried() if each == number]
    anchors = [long or short for long, short in rows()[number]]
    assert anchors, f"{number} has no anchor"
    for anchor in anchors:
        start = anchor.rstrip("…")
        assert any(item == anchor or item.startswith(start) for item in items), (
            f"{anchor} does not carry {number}: {items}"
        )


def test_every_carrying_item_is_in_the_table() -> None:
    for number, item in carried():
        if number in STATEMENTS:
            anchors = [long or short for long, short in rows()[number]]
            assert any(item.startswith(anchor.rstrip("…")) for anchor in anchors), (
                f"{item[:60]} is not in the row of {number}"
            )


def test_what_is_found_in_the_example() -> None:
    """The published policy names a permission that Android does not have; nothing else is wrong with its names."""
    found = policyspec.check(CLOUD_PHONE)
    assert [(each.rule, each.severity.value) for each in found] == [("unknown_name", "warning")]
    assert "MICROPHONE" in found[0].message


def test_the_shop_has_no_finding() -> None:
    assert policyspec.check(EXAMPLES / "web_shop") == []
    assert len(policyspec.load(EXAMPLES / "web_shop" / "web_shop.policy").practices) >= 8
