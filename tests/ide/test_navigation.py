"""From a name to what it means, and to all that speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ide.marked import Mark, broken, check, offsets, read
from policyspec.ide import navigation
from policyspec.ide.navigation import Target
from policyspec.source import Source
from policyspec.workspace import Workspace

Find = Callable[[Workspace, str, int], tuple[Target, ...]]


def targets(find: Find) -> Callable[[Workspace, str, int], Iterator[Mark]]:
    def marks(workspace: Workspace, path: str, offset: int) -> Iterator[Mark]:
        yield from ((each.path, each.name_span, "") for each in find(workspace, path, offset))

    return marks


def uses(workspace: Workspace, path: str, offset: int) -> Iterator[Mark]:
    yield from ((place.path, place.span, "") for place in navigation.references(workspace, path, offset, False))


def all_uses(workspace: Workspace, path: str, offset: int) -> Iterator[Mark]:
    yield from ((place.path, place.span, "") for place in navigation.references(workspace, path, offset, True))


def lights(workspace: Workspace, path: str, offset: int) -> Iterator[Mark]:
    yield from ((path, each.span, each.kind) for each in navigation.highlights(workspace, path, offset))


# ── Definitions ──────────────────────────────────────────────────────────────────────────────────


def test_a_name_leads_to_its_declaration() -> None:
    check(
        """
        data order is purchase_information
             ^^^^^
        collect ord$0er for delivery
        """,
        targets(navigation.definition),
    )


def test_a_declaration_leads_to_itself() -> None:
    check(
        """
        data or$0der
             ^^^^^^^
        """,
        targets(navigation.definition),
    )


def test_each_part_of_a_dotted_name_is_a_name() -> None:
    text = """
        import "house.policy"
        data device { screen { width } }
             ^^^^^^
        collect dev$0ice.screen.width
        --- house.policy
        data colour
        """
    check(text, targets(navigation.definition))
    inner = """
        data device { screen { width } }
                      ^^^^^^
        collect device.scr$0een.width
        """
    check(inner, targets(navigation.definition))


def test_in_front_of_a_name_stands_a_file() -> None:
    check(
        """
        import "house.policy"
        collect party.house.carrier, hou$0se.colour
        --- house.policy
        data colour
        ^
        """,
        targets(navigation.definition),
    )


def test_a_kind_in_front_of_a_name_is_no_name() -> None:
    check("notify customer unless chan$0nel.email", targets(navigation.definition))


def test_an_alias_leads_to_the_term() -> None:
    check(
        """
        data order { alias: "purchase" }
             ^^^^^
        collect pur$0chase
        """,
        targets(navigation.definition),
    )


def test_the_word_of_an_alias_means_its_term() -> None:
    check(
        """
        data order { alias: "pur$0chase", "our thing" }
             ^^^^^
        """,
        targets(navigation.definition),
    )


def test_terms_of_the_library_are_in_its_files() -> None:
    check(
        """
        import cn.pipl
        collect email under individual_$0consent
        policyspec:cn/pipl.policy: individual_consent
        """,
        targets(navigation.definition),
    )


def test_what_the_library_lacks_is_nowhere() -> None:
    check("import android\ncollect email via android.NO$0NE", targets(navigation.definition))


def test_an_import_leads_to_the_file() -> None:
    made = read('import "hou$0se.policy"\n--- house.policy\ndata colour\n')
    (found,) = navigation.definition(*made)
    assert (found.path, found.span) == ("house.policy", (0, 12))
    assert made.text[slice(*found.origin)] == '"house.policy"'


def test_an_import_of_a_module_leads_to_its_files() -> None:
    made = read("import co$0re, cn.pipl")
    paths = {each.path for each in navigation.definition(*made)}
    assert {"policyspec:core/data.policy", "policyspec:core/parties.policy"} <= paths
    assert navigation.definition(made.workspace, made.path, 16)[0].path == "policyspec:cn/pipl.policy"


@pytest.mark.parametrize(
    "text", ["", "$0", 'import "none$0.policy"', "import $0", "collect $0", "data $0 {", 'import "']
)
def test_nothing_leads_nowhere(text: str) -> None:
    assert navigation.definition(*read(text)) == ()


def test_a_declaration_is_brought_by_an_import() -> None:
    check(
        """
        import android, "house.policy"
                        ^^^^^^^^^^^^^^
        collect col$0our
        --- house.policy
        data colour
             ^^^^^^
        """,
        targets(navigation.declaration),
    )


# ── Above, below, and what is said ───────────────────────────────────────────────────────────────


def test_above_a_term_are_its_parents() -> None:
    check(
        """
        data secret is personal
             ^^^^^^
        extend data email is secret
        collect em$0ail
        policyspec:core/data.policy: contact_information
        policyspec:core/data.policy: identifying
        """,
        targets(navigation.type_definition),
    )


def test_below_a_purpose_are_others() -> None:
    check(
        """
        purpose ser$0vice { repair  cleaning { windows } }
                            ^^^^^^
                                    ^^^^^^^^
                                               ^^^^^^^
        purpose care is service
                ^^^^
        """,
        targets(navigation.implementation),
    )


def test_of_data_there_are_sentences() -> None:
    """What covers them is about them too; what is below them, or only near them, is not."""
    check(
        """
        collect or$0der for delivery
                ^^^^^^^
        data order is purchase_information { number }
        collect order.number, email
        section "Later" { never sell personal }
                                     ^^^^^^^^
        must delete or anonymise email, order { note: "order" }
                                        ^^^^^
        """,
        targets(navigation.implementation),
    )


def test_other_policies_say_nothing_of_ones_own_terms() -> None:
    check(
        """
        import "house.policy"
        policy shop
        data or$0der
        --- house.policy
        never sell personal
                   ^^^^^^^^
        --- other.policy
        policy other
        never share personal
        """,
        targets(navigation.implementation),
    )


# ── References ───────────────────────────────────────────────────────────────────────────────────


def test_all_uses_of_a_term() -> None:
    check(
        """
        import "house.policy"
        collect colour, house.colour, paint, house.colour.shade
                ^^^^^^
                              ^^^^^^
                                      ^^^^^
                                                   ^^^^^^
        data brightness is colour
                           ^^^^^^
        data loud
        extend data colour is loud
                    ^^^^^^
        rule r "R" { no sell colour }
                             ^^^^^^
        test "t" { forbids sell colour to advertiser }
                                ^^^^^^
        --- house.policy
        data col$0our { alias: "paint"  shade }
             ^^^^^^^^
        """,
        all_uses,
    )


def test_uses_of_a_term_of_the_library() -> None:
    check(
        """
        import android
        collect email, core.email
                ^^^^^
                            ^^^^^
        notify customer unless data.em$0ail, channel.email
                                    ^^^^^^^
        permission CAMERA is android.CAMERA { gives: email }
                                                     ^^^^^
        """,
        uses,
    )


def test_uses_from_a_file_of_the_library() -> None:
    workspace = Workspace({"a.policy": Source("a.policy", "collect email, name\n")})
    path = "policyspec:core/data.policy"
    offset = workspace.source(path).text.index("data email ") + 6
    found = navigation.references(workspace, path, offset, True)
    assert found[:2] == ((path, (offset - 1, offset + 4)), ("a.policy", (8, 13)))
    assert all(each.path == path for each in found[2:])


def test_an_import_has_the_names_that_it_brings() -> None:
    check(
        """
        import android, "hou$0se.policy"
        collect colour, email via CAMERA
                ^^^^^^
        --- house.policy
        data colour
        """,
        uses,
    )


def test_a_term_that_the_library_lacks_is_one_in_all_files() -> None:
    check(
        """
        import android
        collect email via android.NO$0NE
                                  ^^^^^^
        --- house.policy
        import android
        collect email via android.NONE
                                  ^^^^
        """,
        uses,
    )


# ── Highlights ───────────────────────────────────────────────────────────────────────────────────


def test_declarations_are_written_uses_read() -> None:
    check(
        """
        data loud is order
                     ^^^^^ read
        data ord$0er
             ^^^^^^^ write
        collect order, email
                ^^^^^ read
        """,
        lights,
    )


def test_an_extend_is_written() -> None:
    check(
        """
        data loud
        extend data email is loud
                    ^^^^^ write
        collect em$0ail
                ^^^^^^^ read
        """,
        lights,
    )


def test_a_word_of_a_sentence_shows_how_it_is_built() -> None:
    check(
        """
        never share personal to third_party unl$0ess consent when breach
        ^^^^^ read
                             ^^ read
                                            ^^^^^^^^ read
                                                             ^^^^ read
        collect email for delivery
        """,
        lights,
    )


@pytest.mark.parametrize("text", ["da$0ta order", "collect $0", "sec$0tion", "# no$0thing"])
def test_elsewhere_nothing_is_highlighted(text: str) -> None:
    check(text, lights)


# ── Laws ─────────────────────────────────────────────────────────────────────────────────────────


def test_any_place_of_any_text_has_an_answer_in_it() -> None:
    finds = (navigation.definition, navigation.declaration, navigation.implementation, navigation.type_definition)
    for text in broken():
        workspace = Workspace({"a.policy": Source("a.policy", text)})
        for offset in offsets(text):
            for find in finds:
                for each in find(workspace, "a.policy", offset):
                    length = len(workspace.source(each.path).text)
                    assert 0 <= each.span.start <= each.name_span.start <= each.name_span.end <= length
                    assert each.name_span.end <= each.span.end <= length
                    assert each.origin.start <= offset <= each.origin.end
            for place in navigation.references(workspace, "a.policy", offset, True):
                assert 0 <= place.span.start < place.span.end <= len(workspace.source(place.path).text)
            spans = [each.span for each in navigation.highlights(workspace, "a.policy", offset)]
            assert spans == sorted(set(spans))


def test_every_name_is_among_its_own_references() -> None:
    text = next(broken())
    workspace = Workspace({"a.policy": Source("a.policy", text)})
    for found in workspace.resolution("a.policy").references["a.policy"].values():
        for offset in found.span:
            part = navigation.named(workspace, "a.policy", offset)
            assert part is not None
            assert ("a.policy", part.span) in navigation.references(workspace, "a.policy", offset, True)
