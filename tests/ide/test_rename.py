"""Other names for terms and files: nothing else changes, and every name means what it meant."""

from __future__ import annotations

import re
from contextlib import nullcontext, suppress

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ide.marked import EXAMPLES, Marked, broken, edited, join, offsets, plain, read, same, split
from policy_texts import SAMPLE, generated, mutated
from policyspec.diagnostic import apply_edits
from policyspec.ide import navigation
from policyspec.ide.rename import Edits, Refused, moved, prepare, rename
from policyspec.source import Source
from policyspec.workspace import Workspace

SHOP = (EXAMPLES / "web_shop" / "web_shop.policy").read_text("utf-8")


def check(before: str, name: str, after: str) -> None:
    """The term at the cursor gets a name."""
    made = read(before)
    same(edited(made.workspace, rename(*made, name)), plain(after))


def refusal(text: str, name: str) -> str:
    with pytest.raises(Refused) as refused:
        rename(*read(text), name)
    return str(refused.value)


def after(workspace: Workspace, edits: Edits) -> Workspace:
    texts = {path: apply_edits(each.text, edits.get(path, ())) for path, each in workspace.sources.items()}
    return Workspace({path: Source(path, text) for path, text in texts.items()})


# ── What is changed ──────────────────────────────────────────────────────────────────────────────


def test_a_name_is_changed_wherever_it_stands() -> None:
    check(
        """
        import "house.policy"
        data bright is col$0our { source: "colour" }  # colour
        collect colour, data.colour, house.colour, colour.shade, house.colour.shade
        rule colour { every collect colour needs keep }
        test "colour" { allows collect colour }
        --- house.policy
        data colour "colour" { alias: "paint"  shade }
        data loud
        --- other.policy
        import "house.policy"
        data soft
        extend data colour is soft
        data tint { shade }
        """,
        "hue",
        """
        import "house.policy"
        data bright is hue { source: "colour" }  # colour
        collect hue, data.hue, house.hue, hue.shade, house.hue.shade
        rule colour { every collect hue needs keep }
        test "colour" { allows collect hue }
        --- house.policy
        data hue "colour" { alias: "paint"  shade }
        data loud
        --- other.policy
        import "house.policy"
        data soft
        extend data hue is soft
        data tint { shade }
        """,
    )


def test_of_a_dotted_name_the_part_at_the_cursor_is_changed() -> None:
    check("data a { b { c } }\nuse a.$0b.c, b, b.c, c", "x", "data a { x { c } }\nuse a.x.c, x, x.c, c")
    check("data a { b { c } }\nuse $0a.b.c, b", "x", "data x { b { c } }\nuse x.b.c, b")
    check("data a { b { c } }\nuse a.b.c$0, b", "x", "data a { b { x } }\nuse a.b.x, b")


def test_aliases_stay_when_the_name_is_changed() -> None:
    check(
        'data ord$0er { alias: "order", "purchase" }\nuse order, purchase',
        "deal",
        'data deal { alias: "order", "purchase" }\nuse deal, purchase',
    )


def test_an_alias_is_changed_where_it_is_used() -> None:
    before = 'data order { alias: "purchase", "our purchase" }\nuse order, %s, data.purchase { note: "purchase" }'
    wanted = 'data order { alias: "deal", "our purchase" }\nuse order, deal, data.deal { note: "purchase" }'
    check(before % "pur$0chase", "deal", wanted)
    check(before.replace('"purchase"', '"$0purchase"', 1) % "purchase", "deal", wanted)


def test_what_a_name_is_below_for_its_own_sake_is_said() -> None:
    """A policy's own `location` is below that of the vocabulary without saying so."""
    check('data loca$0tion "Where"', "spot", 'data spot is core.location "Where"')
    check("data location is name$0d\ndata named", "called", "data location is called\ndata called")


def test_names_are_compared_in_normal_form() -> None:
    check("data caf$0e\u0301\nuse caf\u00e9, cafe\u0301", "tea", "data tea\nuse tea, tea")


def test_the_same_name_changes_nothing() -> None:
    assert rename(*read("data or$0der"), "order") == rename(*read("data or$0der"), " order ") == {}


def test_the_policy_has_a_name_too() -> None:
    check("policy sh$0op\npublish_policy shop", "store_front", "policy store_front\npublish_policy store_front")


def test_broken_text_is_no_obstacle() -> None:
    check("data or$0der {\n}}\nuse order for\nuse order, under", "x", "data x {\n}}\nuse x for\nuse x, under")


def test_what_is_renamed_is_shown_before() -> None:
    made = read("data a { b }\nuse a.$0b")
    assert prepare(*made) == ((19, 20), "b")


# ── What is refused ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no term is named here"),
        ("collect $0", "no term is named here"),
        ("col$0lect email", "`collect` is a word of the library's module `core`, which cannot be changed"),
        ("import android\nuse email via android.NO$0NE", "`NONE` is a word of the library's module `android`"),
        ('rule l$0ate "Late" { no use email }', "comments and settings name rules too"),
        ("data a.b$0", "its declaration has a dot"),
        ('data a { alias: "our $0thing" }', "`our thing` is no name, so nothing refers to it"),
    ],
)
def test_what_cannot_be_renamed(text: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        prepare(*read(text))
    assert said in refusal(text, "x")


def test_terms_of_the_library_cannot_be_renamed_in_its_files() -> None:
    path = "policyspec:core/data.policy"
    offset = Workspace({}).source(path).text.index("data email ") + 5
    with pytest.raises(Refused, match="`email` is a word of the library's module `core`"):
        prepare(Workspace({}), path, offset)


@pytest.mark.parametrize("name", ["for", "data", "yes", "core"])
def test_words_of_the_language_are_no_names(name: str) -> None:
    assert refusal("data or$0der", name) == f"`{name}` is a word of the language, so it cannot be a name"


@pytest.mark.parametrize("name", ["", "a b", "a.b", "1a", "a-b", "a#b", '"a"', "a\n"][:-1])
def test_names_are_words(name: str) -> None:
    assert refusal("data or$0der", name) == f"`{name}` is not a name: letters, digits and `_`, and no digit first"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("data a$0\ndata b", "b", "`b` is declared twice"),
        ("data o { a$0 b }", "b", "`o.b` is declared twice"),
        ("basis a$0\nevent b", "b", "`b` is declared twice"),
        # Another name comes to mean it, …
        ("data a$0\nuse email", "email", "`email` in shop.policy would mean the data `email` instead of"),
        ("data a$0\nuse b", "b", "`b` in shop.policy would mean it then"),
        ("data a$0\ndata o { b }\nuse b", "b", "`b` in shop.policy would mean the data `b` instead of the data `o.b`"),
        # … or it comes to mean another one, …
        ("data a { x$0 }\ndata b { y }\nuse x, y", "y", "`y` may be `a.y` or `b.y`: write which one"),
        # … by an import as well.
        (
            'import "house.policy", "other.policy"\nuse a, b\n--- house.policy\ndata a$0\n--- other.policy\ndata b\n',
            "b",
            "may be `house.b` or `other.b`",
        ),
        # What it is would follow from its name.
        ("data a$0", "location", "it would be below the data `core.location` then; say first what it is, after `is`"),
        ("data o { a$0 }", "alias", "`alias` is a field"),
        ('data a { alias: "x$0" }\ndata b { alias: "y" }\nuse y', "y", "`y` may be `a` or `b`"),
    ],
)
def test_clashes(text: str, name: str, said: str) -> None:
    assert refusal(text, name).startswith(f"`{name}` cannot be its name: ")
    assert said in refusal(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("data a$0 is location", "location"),
        ("data a$0\ndata o { b }", "b"),
        ("data a$0\nparty b", "b"),
        ("data a$0 is name\nuse core.email", "email"),
    ],
)
def test_what_seems_to_clash_and_does_not(text: str, name: str) -> None:
    made = read(text)
    assert name in edited(made.workspace, rename(*made, name))


# ── Laws ─────────────────────────────────────────────────────────────────────────────────────────

FRESH = "fresh_name_1"


def check_there_and_back(made: Marked) -> None:
    """A fresh name changes no meaning, finds no fault, and can be taken back; in faulty texts it may be refused."""
    workspace, path, offset = made
    is_faulty = any(workspace.diagnostics(each) for each in workspace.sources)
    with suppress(Refused) if is_faulty else nullcontext():
        old = prepare(workspace, path, offset)
        edits = rename(workspace, path, offset, FRESH)
        changed = after(workspace, edits)
        assert is_faulty or not any(changed.diagnostics(each) for each in workspace.sources)
        before = [edit for edit in edits[path] if edit.span.end <= old.span.start]
        at = old.span.start + sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in before)
        # What it is below for its name alone is said first, and stays.
        if all(edit.text == FRESH for each in edits.values() for edit in each):
            back = rename(changed, path, at, old.placeholder)
            same(edited(changed, back), join({each: source.text for each, source in workspace.sources.items()}))


def check_all(workspace: Workspace, path: str, places: range) -> None:
    seen = set()
    for offset in places:
        found = navigation.named(workspace, path, offset)
        if found is not None and not found.definition.is_library and found.definition not in seen:
            seen.add(found.definition)
            check_there_and_back(Marked(workspace, path, offset))


def test_there_and_back_in_an_example() -> None:
    check_all(Workspace({"shop.policy": Source("shop.policy", SHOP)}), "shop.policy", range(0, len(SHOP), 6))


@settings(max_examples=10, phases=[Phase.generate])
@given(st.one_of(generated(), mutated()))
def test_there_and_back(text: str) -> None:
    house = Source("house.policy", 'data parcel { alias: "packet"  label }\n')
    workspace = Workspace({"a.policy": Source("a.policy", text), "house.policy": house})
    check_all(workspace, "a.policy", range(0, len(text), 7))


@settings(max_examples=60)
@given(st.sampled_from([*range(0, len(SAMPLE), 5)]), st.sampled_from([*{*re.findall(r"\w+", SAMPLE)}]))
def test_a_taken_name_is_refused_or_harmless(offset: int, name: str) -> None:
    workspace = Workspace({"a.policy": Source("a.policy", SAMPLE)})
    try:
        edits = rename(workspace, "a.policy", offset, name)
    except Refused:
        return
    assert after(workspace, edits).diagnostics("a.policy") == ()


def test_any_place_of_any_text_is_renamed_or_refused() -> None:
    for text in broken(pieces=8):
        workspace = Workspace({"a.policy": Source("a.policy", text)})
        for offset in offsets(text, 25):
            try:
                span, placeholder = prepare(workspace, "a.policy", offset)
                assert text[span.start : span.end] == placeholder
                rename(workspace, "a.policy", offset, FRESH)
            except Refused:
                pass


# ── Files ────────────────────────────────────────────────────────────────────────────────────────


def check_moved(before: str, paths: dict[str, str], wanted: str) -> None:
    """Files go to other paths; there, names mean what they meant, and nothing new is found."""
    workspace = read(before).workspace
    edits = moved(workspace, paths)
    texts = split(edited(workspace, edits))
    new = {path: paths.get(path, path) for path in workspace.sources}
    for old, to in paths.items():
        new |= {path: to + path[len(old) :] for path in workspace.sources if path.startswith(f"{old}/")}
    placed = {new[path]: text for path, text in texts.items()}
    same(join(placed), plain(wanted))
    made = Workspace({path: Source(path, text) for path, text in placed.items()})
    for path in workspace.sources:
        assert [each.rule for each in made.diagnostics(new[path])] == [
            each.rule for each in workspace.diagnostics(path)
        ]


def test_a_file_gets_another_name() -> None:
    check_moved(
        """
        import android, "house.policy", "other.policy"
        collect house.colour, colour, data.house.colour, house.house, other.house
        data house { colour }
        --- house.policy
        data colour
        data house
        --- other.policy
        data house
        """,
        {"house.policy": "home.policy"},
        """
        import android, "home.policy", "other.policy"
        collect house.colour, colour, data.house.colour, home.house, other.house
        data house { colour }
        --- home.policy
        data colour
        data house
        --- other.policy
        data house
        """,
    )


def test_a_file_goes_to_another_folder() -> None:
    check_moved(
        """
        import "a/house.policy"
        --- a/house.policy
        import "base.policy", "../top.policy", "./base.policy"
        data colour
        --- a/base.policy
        data base
        --- top.policy
        data top
        """,
        {"a/house.policy": "b/c/house.policy"},
        """
        import "b/c/house.policy"
        --- b/c/house.policy
        import "../../a/base.policy", "../../top.policy", "../../a/base.policy"
        data colour
        --- a/base.policy
        data base
        --- top.policy
        data top
        """,
    )


def test_a_folder_goes_with_all_that_is_in_it() -> None:
    check_moved(
        """
        import "a/b/house.policy", "ab.policy"
        --- a/b/house.policy
        import "base.policy", "../../ab.policy"
        --- a/b/base.policy
        data base
        --- ab.policy
        data ab
        """,
        {"a": "x/y"},
        """
        import "x/y/b/house.policy", "ab.policy"
        --- x/y/b/house.policy
        import "base.policy", "../../../ab.policy"
        --- x/y/b/base.policy
        data base
        --- ab.policy
        data ab
        """,
    )


def test_two_files_change_places() -> None:
    check_moved(
        'import "a.policy"\ncollect a.x\n--- a.policy\ndata x\n--- b.policy\ndata y\n',
        {"a.policy": "b.policy", "b.policy": "a.policy"},
        'import "b.policy"\ncollect b.x\n--- b.policy\ndata x\n--- a.policy\ndata y\n',
    )


def test_a_file_whose_new_name_is_no_name() -> None:
    """Nothing can be written in front of its terms then."""
    made = read('import "house.policy"\ncollect house.colour, colour\n--- house.policy\ndata colour\n')
    edits = moved(made.workspace, {"house.policy": 'my "house".policy'})
    assert [each.text for each in edits["shop.policy"]] == ['my \\"house\\".policy']


def test_what_is_imported_from_nowhere_stays() -> None:
    made = read('import "none.policy", "hou')
    assert moved(made.workspace, {"shop.policy": "a/shop.policy", "gone.policy": "there.policy"}) == {}
