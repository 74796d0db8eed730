"""The form of what is being written at the cursor `$0`, with the part that is being written underlined."""

from __future__ import annotations

import pytest

from ide.marked import broken, offsets, plain, read, same
from policyspec import library
from policyspec.ide.signature import Signature, signature
from policyspec.kinds import CLAUSES
from policyspec.source import Source
from policyspec.workspace import Workspace

SHOP = 'policy shop "Shop" { provider: us }\nparty us is controller\ndata order\n'


def at_cursor(text: str) -> Signature | None:
    at = read(SHOP + plain(text))
    return signature(at.workspace, at.path, at.offset)


def active(text: str) -> str:
    """The part that is being written at the cursor; empty where there is no signature."""
    found = at_cursor(text)
    if found is None:
        return ""
    part = found.parameters[found.active]
    return found.label[part.start : part.end]


def test_a_sentence() -> None:
    found = at_cursor("collect order for $0")
    assert found is not None
    part = found.parameters[found.active]
    drawn = f"{found.label}\n{' ' * part.start}{'^' * (part.end - part.start)} {part.documentation}\n"
    same(
        drawn,
        plain("""
        collect <data> from <subject or party> by <party> to <recipient> for <purpose> under <legal basis> without <legal basis> unless <term of any kind> when <exception, event or basis> via <permission or channel> in <place> with <safeguard> keep <period> within <deadline>
                                                                         ^^^^^^^^^^^^^ what it is done for
        """),  # noqa: E501
    )
    assert found.documentation == "Collect · 收集"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("coll$0", ""),
        ("collect $0", "<data>"),
        ("collect ord$0", "<data>"),
        ("collect order $0", "<data>"),
        ("collect, $0", "collect"),
        ("never $0", "never <action>"),
        ("must delete or $0", "must delete"),
        ("grant $0", "<right>"),
        ("notify $0", "<subject or party>"),
        ("collect order f$0or delivery", "for <purpose>"),
        ("collect order for delivery, $0", "for <purpose>"),
        ("collect order for delivery $0", "for <purpose>"),
        ("collect order for delivery under contract keep 3$0 years", "keep <period>"),
        ('collect order keep "as long $0', "keep <period>"),
        ("collect order for $0 under contract", "for <purpose>"),
        ("collect order\n  for $0", "for <purpose>"),
        ("collect order for delivery\n$0", ""),
        ("rule x { every collect order needs $0 }", "needs"),
        ("rule x { every collect order needs ke$0ep }", "keep <period>"),
        ('test "x" { allows share order to $0 }', "to <recipient>"),
        ("data x is $0", ""),
        ("$0", ""),
        ("# collect $0", ""),
        ("party x { place: $0 }", "a place"),
        ("party x { place: EU, $0 }", "a place"),
        ('party x { contact: "a$0', "strings"),
        ("rule x { level: $0 }", "one of error, warning, info"),
        ("rule x { nonsense: $0 }", ""),
        ("collect order { refusal: $0 }", "a text, in one or more languages"),
        ("collect order { $0 }", ""),
    ],
)
def test_the_part_that_is_written(text: str, part: str) -> None:
    assert active(text) == part


def test_a_field() -> None:
    found = at_cursor("party x { place: $0 }")
    assert found is not None
    assert (found.label, found.documentation) == ("place: a place", "where it is established")


def test_clauses_that_cannot_be_said_are_left_out() -> None:
    for text, without in (
        ("never sell order $0", {"keep", "within"}),
        ('test "x" { allows share order $0 }', {"unless", "without"}),
        ("collect order $0", set[str]()),
    ):
        found = at_cursor(text)
        assert found is not None
        assert {word for word in CLAUSES if f" {word} <" in found.label} == {*CLAUSES} - without


@pytest.mark.parametrize("number", range(0, 24, 3))
def test_anywhere_in_broken_text(number: int) -> None:
    text = [*broken()][number]
    workspace = Workspace({"a.policy": Source("a.policy", text)})
    for offset in offsets(text):
        _check(signature(workspace, "a.policy", offset))


def test_in_the_library() -> None:
    for source in library.sources("core"):
        for offset in offsets(source.text, 5):
            _check(signature(Workspace({}), source.path, offset))


def _check(found: Signature | None) -> None:
    if found is not None:
        assert 0 <= found.active < len(found.parameters)
        ends = [place for part in found.parameters for place in part[:2]]
        assert ends == sorted(ends)
        assert ends[-1] <= len(found.label)
