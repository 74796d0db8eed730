"""From the disk to a workspace: what is read, and what is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import policyspec
from policyspec import files
from policyspec.files import Unreadable, find, load, read, root_of, settings_file
from policyspec.source import Source


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a marker of its own, below one that has none, as the current one."""
    root = tmp_path / "outside" / "project"
    root.mkdir(parents=True)
    (root / "policyspec.toml").touch()
    monkeypatch.chdir(root)
    return root


def write(path: str | Path, text: str = "") -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return file


def found(path: str) -> list[str]:
    return [each.message for each in load([path]).diagnostics(Path(path).as_posix())]


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────


def test_a_text_is_read_as_it_is(project: Path) -> None:
    write("a.policy", "\ufeffpolicy p\r\n# 设备\r\n")
    assert read("a.policy") == Source("a.policy", "\ufeffpolicy p\r\n# 设备\r\n")
    assert read(project / "a.policy").path == (project / "a.policy").as_posix()


def test_what_cannot_be_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "folder.policy").mkdir()
    (project / "latin.policy").write_bytes(b"# a\n# caf\xe9\n")
    write("large.policy", "x" * 2000)
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    messages = {
        "none.policy": "none.policy does not exist",
        "folder.policy": "folder.policy is a folder",
        "latin.policy": "latin.policy is not UTF-8 (line 2): save it as UTF-8",
        "large.policy": "large.policy is larger than 0 MB",
    }
    for path, message in messages.items():
        with pytest.raises(Unreadable) as raised:
            read(path)
        assert str(raised.value) == message
    for path in ("a\0.policy", "x" * 5000 + ".policy"):
        with pytest.raises(Unreadable):
            read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(project: Path) -> None:
    os.mkfifo("pipe.policy")
    with pytest.raises(Unreadable, match="not a regular file"):
        read("pipe.policy")
    write("a.policy", 'import "pipe.policy"')
    assert found("a.policy") == ["pipe.policy is not a regular file"]


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────


def test_files_of_folders(project: Path) -> None:
    for path in (
        "b.policy",
        "a.policy",
        "sub/c.policy",
        "sub/x.txt",
        ".git/d.policy",
        "node_modules/e.policy",
        ".f.policy",
    ):
        write(path)
    assert [each.as_posix() for each in find(["."])] == ["a.policy", "b.policy", "sub/c.policy"]
    assert [each.as_posix() for each in find(["sub", "sub/x.txt", "sub/c.policy"])] == ["sub/c.policy", "sub/x.txt"]
    with pytest.raises(Unreadable, match=r"^none does not exist$"):
        list(find(["none"]))


def test_root(project: Path) -> None:
    assert root_of("sub/deep/a.policy") == project
    write("sub/pyproject.toml")
    assert root_of("sub/deep/a.policy") == project / "sub"
    assert root_of(project.parent / "other" / "deep" / "a.policy") == project.parent / "other"


# ── Imports ──────────────────────────────────────────────────────────────────────────────────────


def test_imports_of_imports(project: Path) -> None:
    write("policies/shop.policy", 'policy shop\nimport "../house.policy"\ncollect parcel')
    write("house.policy", 'import "policies/more/words.policy"\ndata parcel is box')
    write("policies/more/words.policy", "data box")
    made = load(["policies/shop.policy"])
    assert sorted(made.sources) == ["house.policy", "policies/more/words.policy", "policies/shop.policy"]
    assert not [each for each in policyspec.check("policies/shop.policy") if not each.pack]
    policy = policyspec.load("policies/shop.policy")
    assert policy.imports == ("../house.policy", "more/words.policy")
    # The model does not depend on where the files are, or from where one looks.
    assert policyspec.load(project / "policies/shop.policy") == policy


def test_a_text_stands_for_its_file(project: Path) -> None:
    write("shop.policy", 'import "house.policy"\ncollect box')
    write("house.policy", "data parcel")
    made = load(["shop.policy"], [Source("house.policy", "data box")])
    assert made.diagnostics("shop.policy") == ()
    made = load([], [Source("unsaved.policy", 'import "house.policy"\ncollect parcel')])
    assert made.diagnostics("unsaved.policy") == ()


def test_imports_that_cannot_be_read(project: Path) -> None:
    write("outside.policy")
    write("../outside.policy", "secret of another")
    write("notes.txt", "secret")
    (project / "latin.policy").write_bytes(b"\xe9")
    written = ["none.policy", "notes.txt", "../outside.policy", "latin.policy", "/etc/x.policy", "../../x.policy", "s"]
    write("shop.policy", "".join(f'import "{each}"\n' for each in written))
    root = project.as_posix()
    assert found("shop.policy") == [
        "no file `none.policy`: none.policy does not exist",
        "`notes.txt` is not a .policy file",
        f"`../outside.policy` is outside of the workspace {root}",
        "latin.policy is not UTF-8 (line 1): save it as UTF-8",
        f"`/etc/x.policy` is outside of the workspace {root}",
        f"`../../x.policy` is outside of the workspace {root}",
        "`s` is not a .policy file",
    ]


def test_imports_that_are_nearly_right(project: Path) -> None:
    write("house.policy")
    write("../shared.policy")
    write("sub/words.policy")
    absolute = (project / "sub/words.policy").as_posix()
    write("sub/shop.policy", f'import "../house", "Words.policy", "{absolute}", "shop", "../../shared"\n')
    assert found("sub/shop.policy") == [
        "`../house` is not a .policy file; did you mean `../house.policy`?",
        "no file `Words.policy`: sub/Words.policy does not exist; did you mean `words.policy`?",
        f"`{absolute}` is not a path from this file; did you mean `words.policy`?",
        "`shop` is not a .policy file",
        "`../../shared` is not a .policy file",
    ]
    assert [fix.title for fix in policyspec.check("sub/shop.policy")[0].fixes] == ['change to `"../house.policy"`']


def test_links(project: Path) -> None:
    secret = write("../secret.policy", "data stolen")
    inside = write("sub/house.policy", "data parcel")
    notes = write("notes.txt", "data stolen")
    for name, target in {"out": secret, "inside": inside, "text": notes}.items():
        Path(f"{name}.policy").symlink_to(target)
    Path("up").symlink_to(project.parent, target_is_directory=True)
    Path("loop.policy").symlink_to("loop.policy")
    write("a.policy", 'import "inside.policy"\ncollect parcel')
    assert found("a.policy") == []
    write("b.policy", 'import "out.policy", "text.policy", "up/secret.policy", "loop.policy"\n')
    root = project.as_posix()
    assert found("b.policy") == [
        f"`out.policy` is outside of the workspace {root}",
        "`text.policy` is not a .policy file",
        f"`up/secret.policy` is outside of the workspace {root}",
        "no file `loop.policy`: loop.policy does not exist",
    ]


def test_imports_of_imports_reach_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no marker says what the workspace is, one import after the other must not climb out of it."""
    write(tmp_path / "top.policy", "data parcel")
    write(tmp_path / "a/b/up.policy", 'import "../more.policy"')
    write(tmp_path / "a/more.policy", 'import "../top.policy"')
    shop = write(tmp_path / "a/b/c/shop.policy", 'import "../up.policy"')
    monkeypatch.chdir("/")
    monkeypatch.setattr(files, "_MARKERS", ())
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path / "elsewhere")
    made = load([shop])
    assert sorted(Path(each).name for each in made.sources) == ["shop.policy", "up.policy"]


def test_a_project_inside_of_another_is_by_itself(project: Path) -> None:
    write("house.policy", "data parcel")
    write("inner/policyspec.toml")
    write("inner/words.policy", 'import "../house.policy"')
    write("shop.policy", 'import "inner/words.policy"')
    made = load(["shop.policy"])
    assert "house.policy" not in made.sources
    (found,) = made.diagnostics("inner/words.policy")
    assert "outside of the workspace" in found.message


# ── Settings ─────────────────────────────────────────────────────────────────────────────────────


def test_the_nearest_settings(project: Path) -> None:
    write("policyspec.toml", 'fail-level = "info"')
    table = '[tool.policyspec]\nfail-level = "never"\n'
    assert settings_file(".") == settings_file("sub/deep/a.policy") == ("policyspec.toml", 'fail-level = "info"')
    write("sub/pyproject.toml", "[tool.ruff]\n")
    write("sub/a.policy")
    assert settings_file("sub/a.policy") == ("policyspec.toml", 'fail-level = "info"')
    write("sub/pyproject.toml", table)
    assert settings_file("sub") == settings_file("sub/a.policy") == ("sub/pyproject.toml", table)
    write("sub/policyspec.toml")
    assert settings_file("sub/a.policy") == ("sub/policyspec.toml", "")
    assert settings_file((project / "sub").as_posix()) == ("sub/policyspec.toml", "")


def test_settings_above_the_current_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "sub").mkdir()
    monkeypatch.chdir("sub")
    assert settings_file(".") == settings_file("a.policy") == ((project / "policyspec.toml").as_posix(), "")
    write(".git/HEAD")
    assert settings_file(".") is None


def test_settings_that_cannot_be_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("../others.toml")
    root = project.as_posix()
    for folder, target in {"out": "../../others.toml", "loop": "policyspec.toml", "text": "a.policy"}.items():
        (project / folder).mkdir()
        write(f"{folder}/a.policy", "secret")
        (project / folder / "policyspec.toml").symlink_to(target)
    (project / "folder" / "policyspec.toml").mkdir(parents=True)
    (project / "latin").mkdir()
    (project / "latin" / "pyproject.toml").write_bytes(b"# caf\xe9\n")
    write("large/policyspec.toml", "x" * 2000)
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    messages = {
        "out": f"out/policyspec.toml is a link out of {root}/out",
        "loop": "loop/policyspec.toml does not exist",
        "text": "text/policyspec.toml is a link to what is no .toml file",
        "folder": "folder/policyspec.toml is a folder",
        "latin": "latin/pyproject.toml is not UTF-8 (line 1): save it as UTF-8",
        "large": "large/policyspec.toml is larger than 0 MB",
    }
    for folder, message in messages.items():
        with pytest.raises(Unreadable) as raised:
            settings_file(folder)
        assert str(raised.value) == message
    assert settings_file("no\0where") == ("policyspec.toml", "")


def test_settings_may_be_a_link_within_the_repository(project: Path) -> None:
    write(".git/HEAD")
    write("shared/settings.toml", "exclude = []")
    write("sub/a.policy")
    (project / "sub" / "policyspec.toml").symlink_to("../shared/settings.toml")
    assert settings_file("sub/a.policy") == ("sub/policyspec.toml", "exclude = []")


# ── The functions of the package ─────────────────────────────────────────────────────────────────


def test_load_and_check(project: Path) -> None:
    write("good.policy", "policy good\ncollect email")
    write("sub/bad.policy", "policy bad\ncollect emial\ncollect nmae")
    write("words.policy", "data parcel")
    write("mine.policy", 'policy mine\nimport "broken.policy"')
    write("broken.policy", "data parcel is nothing")
    assert policyspec.load("good.policy").name == "good"
    with pytest.raises(
        policyspec.PolicyError, match=r"^sub/bad\.policy:2: no data is named `emial`.*\(and 1 more\)$"
    ) as raised:
        policyspec.load("sub/bad.policy")
    assert len(raised.value.diagnostics) == 2
    with pytest.raises(policyspec.PolicyError, match=r"^words\.policy declares no policy$"):
        policyspec.load("words.policy")
    with pytest.raises(policyspec.PolicyError, match=r"^broken\.policy:1: "):
        policyspec.load("mine.policy")
    errors = [each.path for each in policyspec.check(".") if each.is_error]
    assert errors == ["broken.policy", "sub/bad.policy", "sub/bad.policy"]
    for path in ("none.policy", "none"):
        with pytest.raises(OSError, match="does not exist"):
            policyspec.check(path)
    with pytest.raises(OSError, match="does not exist"):
        policyspec.load("none.policy")


def test_loads() -> None:
    assert policyspec.loads("policy p\nimport android\ncollect email via CAMERA").imports == ("android",)
    with pytest.raises(policyspec.PolicyError, match=r"^<text>:2: no module `house\.policy`"):
        policyspec.loads('policy p\nimport "house.policy"')
