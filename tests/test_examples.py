"""The examples say what they are meant to say, and what is found in them is what a reader would find."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import policyspec
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.format import format_tree
from policyspec.model import Declared, Location, Policy, Practice, Prose, Section
from policyspec.syntax.parser import parse

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
CLOUD_PHONE = EXAMPLES / "cloud_phone_sdk" / "cloud_phone_sdk.policy"
REPAIRED = EXAMPLES / "cloud_phone_sdk_repaired" / "cloud_phone_sdk.policy"
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


# ── What is found ───────────────────────────────────────────────────────────────────────────────────
#
# `findings.md` has a row for each finding: the statements of its item, the marked words, the rule, its level
# and why it is so. `pytest --update` brings rows and findings together; the reasons are left to be written.

FINDING = re.compile(r"^\| (.+?) \| `(.+?)` \| `([\w.]+)` \| (error|warning|info) \| ?(.*?) ?\|$", re.MULTILINE)
HEADER = "| statements | words | rule | level | why |\n| --- | --- | --- | --- | --- |\n"
NEW = "## New, to be read against the text"
Row = tuple[str, str, str, str]


def holders(policy: Policy) -> Iterator[tuple[Location, tuple[str, ...]]]:
    """Whatever has a source of its own, with the statements in it."""
    for term in (policy.policy, *(each for each in policy.terms if each.module is None)):
        if term.location is not None:
            yield term.location, term.source

    def walk(items: tuple[Practice | Prose | Section | Declared, ...]) -> Iterator[tuple[Location, tuple[str, ...]]]:
        for item in items:
            if isinstance(item, Section):
                yield from walk(item.items)
            elif isinstance(item, Practice | Prose):
                yield item.location, item.source

    yield from walk(policy.items)


def numbers(source: tuple[str, ...]) -> str:
    """The statements of a source, those in a row as `S17–S22`."""
    found = [int(each[1:]) for each in source if re.fullmatch(r"S\d+", each)]
    runs: list[list[int]] = []
    for each in found:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(f"S{run[0]}–S{run[-1]}" if len(run) > 2 else ", ".join(f"S{each}" for each in run) for run in runs)


def row(found: Diagnostic, text: str, policy: Policy) -> Row:
    lines = text[: found.span.start].split("\n")
    at = (len(lines), len(lines[-1]) + 1)
    words = " ".join(text[found.span.start : found.span.end].split()).strip('"')
    around = [
        ((place.end_line, place.end_column), source)
        for place, source in holders(policy)
        if (place.start_line, place.start_column) <= at < (place.end_line, place.end_column) and numbers(source)
    ]
    where = numbers(min(around)[1]) if around else "policy"
    if words == policy.policy.name:
        where = "policy"
    if found.rule == "not_assessed":
        # Each is about something that may hold or not, which is all that tells them apart.
        words = re.findall(r"`holds: ([\w.]+)`", found.help)[0]
    return where, words if len(words) <= 48 else f"{words[:47].rstrip()}…", found.rule, found.severity.value


@cache
def found_in(path: Path) -> tuple[Row, ...]:
    text, policy = path.read_text("utf-8"), policyspec.load(path)
    return tuple(row(each, text, policy) for each in policyspec.check(path))


def brought_together(text: str, found: tuple[Row, ...]) -> str:
    """The text with a row for each finding: stale ones are gone, levels are current, new ones are at the end."""
    left = Counter(each[:3] for each in found)
    levels = {each[:3]: each[3] for each in found}
    lines = []
    for line in text.splitlines(keepends=True):
        if match := FINDING.match(line.rstrip("\n")):
            key = match[1], match[2], match[3]
            if not left[key]:
                continue
            left[key] -= 1
            line = line.replace(f"| {match[4]} | ", f"| {levels[key]} | ", 1)
        lines.append(line)
    new = [
        f"| {where} | `{words}` | `{rule}` | {levels[where, words, rule]} | |\n"
        for where, words, rule in left.elements()
    ]
    if new:
        lines += [f"\n{NEW}\n\n", HEADER, *new]
    return "".join(lines)


@pytest.mark.parametrize("path", [CLOUD_PHONE, REPAIRED], ids=lambda path: path.parent.name)
def test_every_finding_is_explained(path: Path, update: bool) -> None:
    page = path.with_name("findings.md")
    text = page.read_text("utf-8")
    if update and (current := brought_together(text, found_in(path))) != text:
        text = current
        page.write_text(text, "utf-8")
    rows = FINDING.findall(text)
    listed, found = Counter(each[:4] for each in rows), Counter(found_in(path))
    hint = f"read the findings against the text, and run `pytest --update {Path(__file__).name}`"
    assert sorted((found - listed).elements()) == [], f"{page.name} lacks them: {hint}"
    assert sorted((listed - found).elements()) == [], f"no longer found: {hint}"
    assert [each[:4] for each in rows if not each[4]] == [], "say why it is so of the text"


def test_the_summary_counts_the_findings() -> None:
    text = CLOUD_PHONE.with_name("findings.md").read_text("utf-8")
    counts = Counter(level for *_, level in found_in(CLOUD_PHONE))
    said = f"{counts['error']} errors, {counts['warning']} warnings and {counts['info']} remarks"
    assert said in text, said


def test_the_repaired_policy_has_no_fault() -> None:
    assert [each.message for each in policyspec.check(REPAIRED) if each.severity is not Severity.INFO] == []
    text = REPAIRED.read_text("utf-8")
    assert format_tree(parse(text)) == text


def test_the_repaired_policy_imports_what_the_published_one_does() -> None:
    first, second = (re.findall(r"^import .*", path.read_text("utf-8"), re.M) for path in (CLOUD_PHONE, REPAIRED))
    assert first == second != []


def test_nothing_is_lost_in_the_repair() -> None:
    """Each statement is carried by an item of the repaired policy, or the table says why not."""
    text = REPAIRED.with_name("README.md").read_text("utf-8")
    told = {each for first in re.findall(r"^\| (S\d.*?) \|", text, re.MULTILINE) for each in spelt(first)}
    kept = {each for _, source in holders(policyspec.load(REPAIRED)) for each in source}
    assert [each for each in STATEMENTS if each not in kept | told] == []
    assert told <= {*STATEMENTS}


def spelt(text: str) -> Iterator[str]:
    """Each statement of `S17–S22, S30`."""
    for first, last in re.findall(r"S(\d+)(?:–S(\d+))?", text):
        yield from (f"S{each}" for each in range(int(first), int(last or first) + 1))


def test_the_shop_has_no_finding() -> None:
    assert policyspec.check(EXAMPLES / "web_shop") == []
    assert len(policyspec.load(EXAMPLES / "web_shop" / "web_shop.policy").practices) >= 8


def test_the_starter_has_no_finding() -> None:
    assert policyspec.check(ROOT / "src" / "policyspec" / "starter.policy") == []
