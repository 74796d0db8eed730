"""What is made after an edit, from what is known from before, is what would be made anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated
from policyspec.scope import Definition, Resolution
from policyspec.source import Source
from policyspec.syntax import pieces
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace
from resolve_support import PATH, workspace

HOUSE, OTHER = "house.policy", "other.policy"
FILES = {
    HOUSE: 'import "other.policy"\ndata parcel { alias: "packet" weight }\naction pack is share { takes: data }\n',
    OTHER: "purpose wrapping\naction wrap is use\n",
}
SHOP = f"""\
{SAMPLE}
import "house.policy"
section "Parcels" {{
  collect parcel, packet for wrapping
  pack parcel.weight to partner

  section "Lids" {{ source: "9"
    data crate is parcel {{ lid "Lid" }}
    use lid
    # what is wrong
    collect the lid for wraping
    we share your lid
    grant user access
  }}
}}
wrap crate keep 3 years after moved
use core.email, nothing_known for analytics
use nothing_known
share nothing_known, android.NONE
collect crate lid
"""
NEW = (
    *(
        "",
        "",
        " ",
        "\n",
        "\n\n",
        "  ",
        "\r\n",
        "\t",
        "{",
        "}",
        ",",
        '"',
        '"""',
        "#",
        ":",
        ".",
        "x",
        "和",
        "😀",
        "# c\n",
    ),
    *(
        "use email\n",
        "\ncollect lid for wrapping",
        "data lid\n",
        'data mail { alias: "email" }\n',
        "lid",
        "the ",
        "crate",
    ),
    *('section "S" {\n', "\n}\n", '"""prose"""\n', "policy two\n", "rule r { no use email }\n", "do not use lid\n"),
    *('import "house.policy"\n', "import android\n", 'import "gone.policy"\n', "extend data email is parcel\n"),
    *('"Lid"', " takes: right ", "action wrap is grant\n", " is crate ", "parcel", "packet", "email", "wrapping"),
)


# One change of a text: words taken out, doubled, put in, exchanged, or written elsewhere.
@st.composite
def edits(draw: st.DrawFn) -> Callable[[str], str]:
    where, length = draw(st.floats(0, 1)), draw(st.sampled_from((0, 0, 1, 1, 2, 5, 30)))
    new, way = draw(st.sampled_from(NEW)), draw(st.sampled_from(("put", "put", "double", "line", "move", "rename")))
    target = draw(st.floats(0, 1))

    def edit(text: str) -> str:
        if way in ("put", "double"):
            words = re.findall(r"\w+|[^\w]", text)
            at = int(where * len(words))
            put = [new] if way == "put" else words[at : at + length] * 2
            return "".join([*words[:at], *put, *words[at + length :]])
        if way == "rename":
            names = re.findall(r"\b[^\W\d]\w*", text) or ["x"]
            return re.sub(rf"\b{names[int(where * len(names)) - 1]}\b", new.strip() or "y", text)
        lines = text.splitlines(keepends=True)
        at = int(where * len(lines))
        taken, rest = lines[at : at + length], lines[:at] + lines[at + length :]
        to = int(target * len(rest)) if way == "move" else at
        return "".join([*rest[:to], *(taken if way == "move" else [new]), *rest[to:]])

    return edit


# Items that mean something else, or are wrong, as soon as another one changes.
ITEMS = (
    *(
        "data lid",
        'data lid "Box lid"',
        'data box { alias: "lid" }',
        "data box { lid }",
        'data box "Nothing"',
        "data box is lid",
    ),
    *(
        "action wrap is use",
        "action wrap is grant",
        "action wrap { takes: right }",
        "action pack is wrap",
        "action wrap { alias: stow }",
    ),
    *("party box", "exception box { lid }", "exception lid is box", "data weight is parcel", "purpose lid is wrapping"),
    *(
        "use lid",
        "wrap lid",
        "stow lid",
        "pack lid to partner",
        "wrap access",
        "use nothing",
        "share nothing",
        "use box lid",
        "use box_lid",
    ),
    *(
        "use the",
        "use lid for the",
        "lid",
        "we share lid",
        "share lid soon",
        "soon",
        "do not",
        "and lid",
        "lid, box",
        "use lid unless box",
    ),
    *("use packet", "use parcel.weight", "use weight", "pack weight", "use house.parcel", "use wraping", "collect"),
    *(
        'section "S" {',
        "}",
        'section "S" { audience: box',
        'import "house.policy"',
        'import "other.policy"',
        "policy shop",
        "policy box",
    ),
    *(
        "rule r { no use lid }",
        "rule r { no wrap nothing }",
        'test "t" { allows wrap lid }',
        "extend data lid is email",
        '"""lid"""',
        '"""',
    ),
    *("from, lid", "lid: yes", ": lid", "", "", "# lid", "use lid }", "{", "for lid"),
)


@st.composite
def exchanges(draw: st.DrawFn) -> Callable[[str], str]:
    """One item in place of another, before it, or behind it."""
    where, taken, new = draw(st.floats(0, 1)), draw(st.integers(0, 1)), draw(st.sampled_from(ITEMS))
    gap = draw(st.sampled_from(("\n", "\n", "\n", " ", "\n\n", "\n  ")))

    def edit(text: str) -> str:
        lines = text.splitlines(keepends=True)
        at = int(where * len(lines))
        return "".join([*lines[:at], new + gap, *lines[at + taken :]])

    return edit


CLOSE = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=12).map("\n".join)
TEXTS = st.one_of(CLOSE, st.just(SHOP), generated().map(lambda text: f'import "house.policy"\n{text}'))
EDITS = st.one_of(edits(), exchanges(), exchanges())


def shown(value: Any) -> Any:
    """A value with definitions as what they say, so that those of two workspaces can be compared."""
    match value:
        case Definition():
            said = (value.kind, value.path, value.module, value.file, value.span, value.name_span, value.titles)
            return (*said, shown(value.outer), value.is_library, value.is_defined)
        case dict():
            return [(shown(key), shown(each)) for key, each in value.items()]
        case list() | tuple():
            return [shown(each) for each in value]
    return value


def state(resolution: Resolution) -> Any:
    """All that a resolution says."""
    module = resolution.module
    names = [
        (path, [(at, each.span, shown(each.definition)) for at, each in found.items()])
        for path, found in resolution.references.items()
    ]
    declared = (module.definitions, module.exact, module.loose, module.aliases, module.members, module.imports)
    said = (declared, resolution.parents, resolution.fields, resolution.extensions)
    return names, shown(said), resolution.diagnostics, dict(resolution.explained)


def meant(workspace: Workspace, path: str) -> set[Definition]:
    """The terms that the names in a file mean."""
    resolution = workspace.resolution(path)
    parents = {each for above in resolution.parents.values() for each in above}
    names = {each.definition for found in resolution.references.values() for each in found.values()}
    fields = {each for values in resolution.fields.values() for value in values.values() if isinstance(value, tuple)
              for each in value if isinstance(each, Definition)}  # fmt: skip
    return {*parents, *names, *fields, *resolution.fields, *resolution.parents}


def check(edited: Workspace) -> None:
    """An edited workspace says of each file what a new one says, and speaks of no term that is no more."""
    fresh = Workspace(edited.sources)
    for path in edited.sources:
        assert edited.tree(path) == fresh.tree(path)
        assert edited.diagnostics(path) == fresh.diagnostics(path)
        assert state(edited.resolution(path)) == state(fresh.resolution(path))
        own = {each for file in edited.sources for each in edited.module(file).definitions}
        assert {each for each in meant(edited, path) if each.is_defined and not each.is_library} <= own


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.lists(st.tuples(st.sampled_from((PATH, PATH, PATH, HOUSE, OTHER)), EDITS, st.booleans()), max_size=5))
def test_edited_equals_made_anew(text: str, changes: list[tuple[str, Callable[[str], str], bool]]) -> None:
    now = workspace(text, FILES)
    for path in now.sources:
        now.diagnostics(path)
    for path, edit, is_looked_at in changes:
        now = now.with_source(Source(path, edit(now.sources[path].text)))
        if is_looked_at:
            check(now)
    check(now)


@pytest.mark.parametrize(
    ("path", "text", "old", "new"),
    [
        (PATH, "action wrap is use\nwrap email\n", "is use", "is grant"),
        (PATH, "action fold is use\naction wrap is fold\nwrap email\n", "fold is use", "fold is grant"),
        (PATH, "action wrap { takes: data }\nwrap email\n", "data", "right"),
        (PATH, "data big\ndata box\ndata crate\nuse big box\n", "crate", 'crate "Big box"'),
        (PATH, 'data crate { alias: "box" }\nuse box\n', '"box"', '"lid"'),
        (PATH, "data lid\ndata crate { alias: box }\nuse box\n", "lid\ndata crate {", "lid {"),
        (PATH, "purpose big\npurpose box\npurpose top\nuse email for big box\n", "top", 'top "Big box"'),
        (PATH, "data box { lid top }\nuse lid\n", "top", "tops"),
        (PATH, "data crate { lid }\nuse lid\n", "lid }", "top }"),
        (PATH, "use email\n", "use", "data email\nuse"),
        (PATH, "data email\nuse email\n", "data email\n", ""),
        (PATH, "data box is email\ndata lid is box\n", "data box is", "data email is name\ndata box is"),
        (PATH, "exception box { lid }\nexception top is box\n", "{ lid }", ""),
        (PATH, "use email\nuse CAMERA\n", "use", "import android\nuse"),
        (PATH, "import android\nuse camera_image with CAMERA\n", "import android\n", ""),
        (PATH, "data box\ndata box\nuse box\n", "use", " use"),
        (PATH, "data lid\ndata box is lid\nuse box\n", "data lid", "\ndata lid"),
        (PATH, 'data lid\nparty box { alias: "we", "us"  place: CN }\nuse lid by box\n', "data", "# c\ndata"),
        (PATH, "use lids\nuse email\nuse lids\n", "email", "name"),
        (PATH, "use email\nrule r { no use email }\nrule r { no use name }\n", "rule r", "rule s"),
        (PATH, "policy shop\nuse email\n", "use", "policy two\nuse"),
        (PATH, "use email", "email", "email the"),
        (HOUSE, 'use parcel\npack parcel\n', "action pack is share", "action pack is grant"),
        (HOUSE, "pack parcel\n", "takes: data", "takes: right"),
        (HOUSE, "use packet\n", "packet", "bundle"),
        (HOUSE, "use parcel.weight\n", "weight", "height"),
        (HOUSE, "data box is parcel\nuse box, house.parcel\n", "data parcel", "data other\ndata parcel"),
        (HOUSE, "data box is parcel\nuse box, house.parcel\n", "data parcel", "\n\ndata parcel"),
        (OTHER, "pack parcel for wrapping\n", "purpose wrapping", "\n\npurpose wrapping"),
    ],
)  # fmt: skip
def test_what_an_edit_changes_elsewhere(path: str, text: str, old: str, new: str) -> None:
    before = workspace(f'import "house.policy"\n{text}', FILES)
    assert old in before.sources[path].text
    for each in before.sources:
        before.diagnostics(each)
    after = before.with_source(Source(path, before.sources[path].text.replace(old, new, 1)))
    check(after)
    check(after.with_source(before.sources[path]))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.lists(EDITS, min_size=1, max_size=5), st.sampled_from(("\n", "\r", "\r\n")))
def test_the_outline_of_an_edited_text(text: str, changes: list[Callable[[str], str]], end: str) -> None:
    text = text.replace("\n", end)
    tree = parse(text)
    for edit in changes:
        text = edit(text)
        tree = parse(text, tree)
        assert tree == parse(text)
        assert tree.outline == pieces.outline(text)
