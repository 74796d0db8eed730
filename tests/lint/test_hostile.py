"""Policies made to exhaust the linter: its work and memory stay in proportion to the text.

Each is made in two sizes. What the larger one may take follows from what the smaller one takes.
"""

from __future__ import annotations

import cProfile
import tracemalloc
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest

from policyspec import library
from policyspec.diagnostic import Diagnostic
from policyspec.review import review
from policyspec.source import Source
from policyspec.workspace import Workspace

PATH = "shop.policy"
HEAD = (
    f"import {', '.join(each for each in library.names() if each != 'core')}\n"
    + """\
policy shop "Shop" { provider: us  audience: user  effective: 2026-06-01 }
party us is controller "Us" { contact: "privacy@shop.example"  place: IE }
"""
)
# How much more than in proportion the larger text may take.
SLACK = 4


def declared(kind: str, number: int, above: str) -> tuple[list[str], str]:
    """The names of many terms, and their declarations."""
    names = [f"{kind}_{each}" for each in range(number)]
    return names, "".join(f'{kind} {each} is {above} "The {each}"\n' for each in names)


def listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def one_forbidden_sentence(size: int) -> str:
    data, first = declared("data", 10 * size, "personal")
    purposes, second = declared("purpose", size, "service_provision")
    parties, third = declared("party", size, "third_party")
    said = f"share {listed(data)} to {listed(parties)} for {listed(purposes)}"
    return f"{first}{second}{third}{said} under consent\nnever {said}\n"


def one_sentence_of_many_exceptions(size: int) -> str:
    data, first = declared("data", 10 * size, "personal")
    purposes, second = declared("purpose", size, "service_provision")
    parties, third = declared("party", size, "third_party")
    said = f"{listed(data)} to {listed(parties)} for {listed(purposes)}"
    lifts = listed([f"{one} and {other}" for one, other in zip(parties, purposes, strict=True)])
    return (
        f"{first}{second}{third}share {said} under consent, contract, legitimate_interest\n"
        f"never share {said} unless {lifts}, separate_consent\n"
        f"share {listed(data[::2])} to {listed(parties)} only for {listed(purposes[::2])}\n"
    )


def a_deep_chain(size: int) -> str:
    chain = "".join(f'data d{each} is d{each - 1} "Datum {each}"\n' for each in range(1, size))
    return (
        f'data d0 "Datum"\n{chain}collect d0, d{size - 1} for delivery under contract\nnever share d0\n'
        f"never collect d{size // 2} for advertising\nshare d{size - 1} to partner\n"
    )


def a_wide_level(size: int) -> str:
    level = "".join(f'  c{each} "Datum {each}"\n' for each in range(1, size))
    return (
        f'data d0 "Datum" {{\n{level}}}\ncollect d0, c1 for delivery under contract\nnever share d0\n'
        f"never collect c{size // 2} for advertising\nshare c2 to partner\n"
    )


def nested_exceptions(size: int) -> str:
    begin = "".join(
        f'{{ safety_{each} is national_security "Safety {each}"  case_{each + 1} "Case {each}" ' for each in range(size)
    )
    return (
        f'exception case_0 "Case" {begin}{{ last is crime "Crime" }}{"}" * size}\n'
        "share personal to partner without consent when case_0\n"
        "never share personal to partner unless case_0\nnever share personal unless consent, crime\n"
    )


def terms_that_hold_together(size: int) -> str:
    bases, first = declared("basis", size, "consent")
    safeguards, second = declared("safeguard", size, "encryption")
    return (
        f"{first}{second}share email to partner for analytics under {' and '.join(bases)} with {listed(safeguards)}\n"
        f"never share personal to partner unless {' and '.join((*bases, *safeguards))}\n"
        f"never share personal under {' and '.join(bases)}\n"
        f"collect email under {listed([' and '.join(bases)] * 5)} when national_security and crime\n"
    )


def rules_of_its_own(size: int) -> str:
    rules = "".join(
        f'rule rule_{each} "Rule {each}" {{\n'
        "  every collect, use, share personal for service_provision needs under consent and contract\n"
        f"  no share data_{each % 50} to partner\n  some must notify user when breach within {each + 1} days\n}}\n"
        for each in range(size)
    )
    data, first = declared("data", 50, "personal")
    said = (f"share {each} to partner for analytics under consent\ncollect {each} for delivery\n" for each in data)
    return first + rules + "".join(said)


def pairs_that_agree(size: int) -> str:
    data, first = declared("data", size, "personal")
    purposes, second = declared("purpose", 20, "service_provision")
    never = "".join(f"never use {each} for {purposes[at % 20]}\n" for at, each in enumerate(data))
    does = "".join(f"use {each} for {purposes[(at + 1) % 20]} under consent\n" for at, each in enumerate(data))
    return first + second + never + does


def closed_sets_that_hold_together(size: int) -> str:
    cases = "".join(
        f'exception case_{each} "Case {each}" {{ safe_{each} is national_security "Safety {each}"'
        f'  tried_{each} is crime "Trial {each}" }}\n'
        for each in range(size)
    )
    together = " and ".join(f"case_{each}" for each in range(size))
    return (
        f"{cases}collect email for delivery under consent when {together}\n"
        f"share email to partner without consent when {together}\n"
        f"never share personal unless {together}\nnever collect email unless {together}, separate_consent\n"
    )


def pairs_that_disagree(size: int) -> str:
    purposes, first = declared("purpose", size, "analytics")
    never = "".join(f"never share personal to third_party for {each} unless consent\n" for each in purposes)
    does = "".join(f"share email, name to partner for {each} under contract\n" for each in purposes)
    return first + never + does


def all_pairs_disagree(size: int) -> str:
    purposes, first = declared("purpose", size, "analytics")
    never = "".join(f"never share personal to third_party unless separate_consent and {each}\n" for each in purposes)
    does = "".join(f"share email, name to partner for {each} under contract\n" for each in purposes)
    return first + never + does


MADE: dict[str, tuple[Callable[[int], str], int, int]] = {
    "a deep chain": (a_deep_chain, 300, 3000),
    "a wide level": (a_wide_level, 300, 3000),
    "nested exceptions": (nested_exceptions, 10, 50),
    "terms that hold together": (terms_that_hold_together, 10, 50),
    "rules of its own": (rules_of_its_own, 20, 200),
    "pairs that agree": (pairs_that_agree, 50, 500),
    "pairs that disagree": (pairs_that_disagree, 60, 240),
    "all pairs disagree": (all_pairs_disagree, 30, 150),
    "one forbidden sentence": (one_forbidden_sentence, 20, 200),
    "one sentence of many exceptions": (one_sentence_of_many_exceptions, 20, 100),
    "closed sets that hold together": (closed_sets_that_hold_together, 15, 50),
}


# Those of which much has to be kept.
HEAVY = ("a deep chain", "rules of its own", "all pairs disagree", "closed sets that hold together")


class Looked(NamedTuple):
    """What a review took: calls of functions, which are the same on every machine, and bytes at its peak."""

    calls: int
    peak: int
    found: tuple[Diagnostic, ...]


def looked(text: str, is_traced: bool = False) -> Looked:
    workspace = Workspace({PATH: Source(PATH, HEAD + text)})
    errors = [each for each in workspace.diagnostics(PATH) if each.is_error]
    assert not errors, errors[0]
    if is_traced:
        tracemalloc.start()
        found = review(workspace, PATH)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return Looked(0, peak, found)
    profile = cProfile.Profile()
    found = profile.runcall(review, workspace, PATH)
    return Looked(sum(each.callcount for each in profile.getstats()), 0, found)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """What is computed once for all policies is no one's work."""
    looked("")


@pytest.mark.parametrize(("make", "small", "large"), MADE.values(), ids=MADE)
def test_work_is_in_proportion(make: Callable[[int], str], small: int, large: int) -> None:
    little, much = looked(make(small)), looked(make(large))
    assert much.calls < SLACK * large / small * little.calls
    assert len(much.found) < SLACK * large / small * len(little.found)
    assert not [each.message for each in much.found if each.rule == "rule_failed"]


@pytest.mark.parametrize("name", HEAVY)
def test_memory_is_in_proportion(name: str) -> None:
    make, small, large = MADE[name]
    # What is traced takes several times as long, so here the large ones are smaller.
    large = (small + large) // 4
    assert looked(make(large), True).peak < SLACK * large / small * looked(make(small), True).peak
