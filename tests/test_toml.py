"""Where keys and values stand in TOML: for every text that tomllib reads, just those it reads."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyspec import toml
from policyspec.toml import Bad, loads, places

TEXT = '''\
title = "a # b" # c
"quoted key" = 'x'
point.x = 1.5
point . y = 2025-01-01 07:32:00
long = """
[no] = "table"\\"""" # "
many = [
  "a",  # first
  [1, 2], { b = "c", d.e = true },
]
[a.b]
c = 1
[[list]]
n = 1
[[list.inner]]
n = 2
[[list.inner]]
n = 3
[list.last]
n = 4
[[list]]
n = 5
'''


def shown(text: str) -> dict[str, tuple[str, str]]:
    """By dotted path, the key and the value that stand at the places."""
    return {
        ".".join(map(str, path)): (text[place.key.start : place.key.end], text[place.value.start : place.value.end])
        for path, place in places(text).items()
    }


def test_places() -> None:
    found = shown(TEXT)
    assert found["title"] == ("title", '"a # b"')
    assert found["quoted key"] == ('"quoted key"', "'x'")
    assert found["point.x"] == ("x", "1.5")
    assert found["point.y"] == ("y", "2025-01-01 07:32:00")
    assert found["long"] == ("long", '"""\n[no] = "table"\\""""')
    assert found["many.0"] == ('"a"', '"a"')
    assert found["many.1.1"] == ("2", "2")
    assert found["many.2"][1] == '{ b = "c", d.e = true }'
    assert found["many.2.d.e"] == ("e", "true")
    assert found["a.b"] == ("b", "b")
    assert found["a.b.c"] == ("c", "1")
    assert found["list.0.n"] == ("n", "1")
    assert found["list.0.inner.1.n"] == ("n", "3")
    assert found["list.0.last.n"] == ("n", "4")
    assert found["list.1.n"] == ("n", "5")
    assert set(found) == {".".join(map(str, path)) for path in paths(tomllib.loads(TEXT))}


def paths(value: Any, at: toml.Path = ()) -> list[toml.Path]:
    """The paths of all that a text says."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([at] if at else []), *(path for key, each in inside for path in paths(each, (*at, key)))]


PIECES = st.sampled_from(
    [
        *'[]{}=,.#\n\n"\\ab1é',
        *(" = ", " = ", '"""', "'''", "'c'", '"d"', "-2.5", "true", "[[a]]\n", "[b]\n", "a = 1\n", "b.c = [1, 'x']\n"),
        *("d = { e = 1 }\n", '"x y" = """\n"""\n', "2025-01-01 10:00:00", "\r\n"),
    ]
)
SOUP = st.lists(PIECES, max_size=25).map("".join)


@given(SOUP)
def test_every_text_is_read_or_refused_as_tomllib_does(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        found = loads(text)
        assert isinstance(found, Bad)
        assert 0 <= found.span.start <= found.span.end <= len(text)
        assert found.message.startswith("not TOML: ")
        return
    assert loads(text) == expected
    assert {*paths(expected)} <= {*places(text)}


@given(SOUP)
def test_places_of_what_is_no_toml_are_no_trouble(text: str) -> None:
    places(text)


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("a = 1\r\nb = [\n", "not TOML: invalid value", 13),
        ("\ufeffa = 1\nb\n", "not TOML: expected '=' after a key in a key/value pair", 8),
        ("a = 1\na.b = 2", "not TOML: cannot overwrite a value; of two names of which one begins with the other", 13),
        ("a = " + "[" * 41, "nested more than 40 deep", 44),
        (".".join("a" * 50), "nested more than 40 deep", 81),
        ("a = " + "1" * 5000, "a value here cannot be read", 0),
        ("#" * 600_000, "longer than 500,000 characters", 0),
    ],
)
def test_what_cannot_be_read(text: str, message: str, at: int) -> None:
    found = loads(text)
    assert isinstance(found, Bad)
    assert found.message.startswith(message)
    assert found.span.start == at


def test_a_byte_order_mark_is_none_of_its_business() -> None:
    assert loads("\ufeffa = 1") == {"a": 1}
    assert shown("\ufeffa = 1") == {"a": ("a", "1")}


@pytest.mark.parametrize(
    "part", ['"', "'", '"""', "'''", "[", "a.", "[[a]]\n", "[a", "a=[", "\\", '"""\\', "a = '''\n", "{a="]
)
def test_hostile_texts_take_no_longer(part: str) -> None:
    text = part * (200_000 // len(part))
    if not isinstance(loads(text), Bad):
        places(text)
