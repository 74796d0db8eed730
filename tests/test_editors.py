"""The set-ups of editors in `editors/`: words that are made from the grammar, and files in the forms that editors read.

That they work is tested in the editors themselves: `tests/e2e`.
"""

from __future__ import annotations

import json
import plistlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from policyspec import highlighting
from policyspec.lsp.options import HINTS, Options

EDITORS = Path(__file__).parents[1] / "editors"
# Beginnings of the scopes, and what Emacs and Vim call what is of such a scope.
FACES = {
    "keyword.control": ("font-lock-keyword-face", "policyControl"),
    "constant": ("font-lock-constant-face", "policyConstant"),
    "keyword.other.item": ("font-lock-builtin-face", "policyItem"),
    "storage.type": ("font-lock-type-face", "policyKind"),
    "keyword": ("font-lock-builtin-face", "policyWord"),
    "storage": ("font-lock-builtin-face", "policyWord"),
}


def words(editor: int) -> dict[str, list[str]]:
    """The words of the language, by what an editor calls their colour."""
    found: dict[str, list[str]] = {}
    for word, scope in sorted(highlighting.word_scopes().items()):
        face = next(faces[editor] for start, faces in FACES.items() if scope.startswith(start))
        found.setdefault(face, []).append(word)
    return dict(sorted(found.items()))


def emacs() -> Iterator[str]:
    for number, (face, those) in enumerate(words(0).items()):
        quoted = " ".join(f'"{word}"' for word in those)
        yield f"{'  ' if number else chr(39) + '('}({face} {quoted})"


def vim() -> Iterator[str]:
    for group, those in words(1).items():
        yield f"syntax keyword {group} {' '.join(those)}"


def with_words(text: str, lines: Iterator[str], around: str, indent: str, end: str) -> str:
    """A file's text with the lines between the two comments made anew."""
    before, start, rest = text.partition(f"{around} Words: made from the grammar by tests/test_editors.py.\n")
    _, mark, after = rest.partition(f"{indent}{around} End of words.")
    assert start
    assert mark
    return before + start + "\n".join(indent + line for line in lines) + end + "\n" + mark + after


@pytest.mark.parametrize("name", ["emacs/policy-mode.el", "vim/syntax/policy.vim"])
def test_words_are_current(name: str, update: bool) -> None:
    path = EDITORS / name
    old = path.read_text("utf-8")
    new = with_words(old, vim(), '"', "", "") if name.startswith("vim") else with_words(old, emacs(), ";;", "  ", ")")
    if update:
        path.write_text(new, "utf-8")
        old = new
    assert old == new, f"{name} is stale: run `pytest --update tests/test_editors.py`"


def test_commands_are_those_of_the_server() -> None:
    helix = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text("utf-8"))
    server = helix["language-server"]["policyspec"]
    sublime = json.loads((EDITORS / "sublime" / "LSP.sublime-settings").read_text("utf-8"))
    jetbrains = json.loads((EDITORS / "jetbrains" / "template.json").read_text("utf-8"))
    commands = [
        [server["command"], *server["args"]],
        sublime["clients"]["policyspec"]["command"],
        jetbrains["programArgs"]["default"].split(),
    ]
    assert commands == [["policyspec", "lsp"]] * 3
    assert helix["language"][0]["file-types"] == ["policy"]
    assert jetbrains["fileTypeMappings"][0]["fileType"]["patterns"] == ["*.policy"]


def test_names_in_the_extension_of_zed_go_together() -> None:
    extension = tomllib.loads((EDITORS / "zed" / "extension.toml").read_text("utf-8"))
    language = tomllib.loads((EDITORS / "zed" / "languages" / "policy" / "config.toml").read_text("utf-8"))
    package = tomllib.loads((EDITORS / "zed" / "Cargo.toml").read_text("utf-8"))
    settings = json.loads((EDITORS / "zed" / "settings.json").read_text("utf-8"))
    assert extension["language_servers"]["policyspec"]["languages"] == [language["name"]] == [*settings["languages"]]
    assert extension["version"] == package["package"]["version"]


def test_settings_are_those_of_the_server() -> None:
    settings = json.loads((EDITORS / "jetbrains" / "settings.json").read_text("utf-8"))
    # What stands there is what holds without it.
    assert Options().with_settings(settings) == Options()
    assert {*settings["policyspec"]["inlayHints"]} == {*HINTS}
    zed = json.loads((EDITORS / "zed" / "settings.json").read_text("utf-8"))
    assert Options().with_settings(zed["lsp"]["policyspec"]["settings"]).hints


def test_the_grammar_is_a_property_list_as_well() -> None:
    text = (EDITORS / "vscode" / "syntaxes" / "policy.tmLanguage.json").read_text("utf-8")
    grammar = json.loads(text)
    # XML knows one line end.
    assert plistlib.loads(plistlib.dumps(grammar)) == json.loads(text.replace(r"\r\n", r"\n"))
    selector = json.loads((EDITORS / "sublime" / "LSP.sublime-settings").read_text("utf-8"))
    assert selector["clients"]["policyspec"]["selector"] == grammar["scopeName"]
