"""What stands above declarations and tests."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ide.marked import PATH, check, read
from policy_texts import SAMPLE, generated, mutated
from policyspec.ide import navigation
from policyspec.ide.lenses import REFERENCES, lenses
from policyspec.source import Source, Span
from policyspec.workspace import Workspace

ROOT = Path(__file__).parents[2]


def check_lenses(text: str) -> None:
    check(
        text,
        lambda workspace, path, _: [
            (path, first_line(workspace, path, each.span), each.title) for each in lenses(workspace, path)
        ],
    )


def first_line(workspace: Workspace, path: str, span: Span) -> Span:
    return Span(span.start, span.start + len(workspace.source(path).text[slice(*span)].partition("\n")[0]))


def test_terms_tests_and_the_policy() -> None:
    check_lenses("""\
        policy shop { provider: us }
               ^^^^ Preview
               ^^^^ Show compiled model
        party us
              ^^ 1 use
        data device { screen { width } unused }
             ^^^^^^ 1 use
                      ^^^^^^ 3 uses
                               ^^^^^ 2 uses
        collect screen, device.screen.width, screen.width
        test "asked" { allows collect email }
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Run test
        """)


def test_uses_in_all_files_count() -> None:
    text = """\
        data parcel
             ^^^^^^ 3 uses
        extend data email is parcel
        --- a.policy
        import "shop.policy"
        collect parcel
        --- b.policy
        import "shop.policy"
        collect shop.parcel
        """
    check_lenses(text)


def test_a_command_has_a_place() -> None:
    workspace, path, _ = read("data parcel\ncollect parcel\n")
    (found,) = lenses(workspace, path)
    assert (found.command, found.arguments) == (REFERENCES, (PATH, 5))


def test_a_file_of_the_library_has_none() -> None:
    assert lenses(Workspace({}), "policyspec:core/data.policy") == ()


@given(st.one_of(generated(), mutated()))
@example(SAMPLE)
@example("")
@settings(max_examples=60)
def test_there_are_as_many_uses_as_references(text: str) -> None:
    workspace = Workspace({PATH: Source(PATH, text), "house.policy": Source("house.policy", "data parcel\n")})
    for each in lenses(workspace, PATH):
        assert 0 <= each.span.start <= each.span.end <= len(text)
        if each.command == REFERENCES:
            offset = each.arguments[1]
            assert isinstance(offset, int)
            found = navigation.references(workspace, PATH, offset, False)
            assert each.title.split()[0] == str(len(found))


def test_example() -> None:
    text = (ROOT / "examples/cloud_phone_sdk/cloud_phone_sdk.policy").read_text("utf-8")
    assert len(lenses(Workspace({PATH: Source(PATH, text)}), PATH)) > 20
