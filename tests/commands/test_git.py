"""`policyspec check --changed-since`: only what has to do with files that differ from a revision."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cli_support import CONTRADICTION, FIXABLE, FIXED, GOOD, MODULE, Run, write

USES = "collect badge for delivery under contract keep 1 year\n"


def git(*words: str) -> None:
    identity = {f"GIT_{who}_{what}": "x@x.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *words], check=True, capture_output=True, env={**os.environ, **identity, **alone})


@pytest.fixture
def repository(folder: Path) -> Path:
    git("init", "-q", "-b", "main")
    write("a.policy", CONTRADICTION)
    write("sub/b.policy", CONTRADICTION)
    write("house.policy", MODULE)
    write("user.policy", f'import "house.policy"\n{GOOD}{USES}')
    git("add", ".")
    git("commit", "-q", "-m", "all")
    return folder


def paths(run: Run) -> list[str]:
    return sorted({line.split()[1].partition(":")[0] for line in run.out.splitlines() if line.startswith(" -->")})


def test_only_changed_files(run: Run, repository: Path) -> None:
    assert run("check") == 1
    assert run("check", "--changed-since", "HEAD") == 0
    assert run.out == "no findings in 4 files checked\n"
    write("a.policy", f"{CONTRADICTION}# changed\n")
    write("nëw $(x).policy", CONTRADICTION)
    assert run("check", "--changed-since", "HEAD") == 1
    assert run.out.count("error[contradiction]") == 2
    assert " --> sub/b.policy" not in run.out
    git("add", ".")
    git("commit", "-q", "-m", "more")
    assert run("check", "--changed-since", "HEAD") == 0
    assert run("check", "--changed-since", "HEAD~1") == 1
    assert run("check", "--changed-since", "main") == 0


def test_ignored_files_are_not_new(run: Run, repository: Path) -> None:
    write(".gitignore", "draft.policy\n")
    write("draft.policy", CONTRADICTION)
    assert run("check", "--changed-since", "HEAD") == 0


def test_renamed_and_deleted_files(run: Run, repository: Path) -> None:
    git("mv", "a.policy", "renamed.policy")
    assert run("check", "--changed-since", "HEAD") == 1
    assert paths(run) == ["renamed.policy"]
    git("commit", "-q", "-am", "renamed")
    assert run("check", "--changed-since", "HEAD~1") == 1
    Path("renamed.policy").unlink()
    assert run("check", "--changed-since", "HEAD") == 0
    # What has to do with a file that is gone is with those that import it.
    Path("house.policy").unlink()
    assert run("check", "--changed-since", "HEAD") == 1
    assert paths(run) == ["user.policy"]


def test_what_a_change_breaks_elsewhere(run: Run, repository: Path) -> None:
    write("house.policy", MODULE.replace("badge", "card"))
    assert run("check", "--changed-since", "HEAD") == 1
    assert "unknown_name" in run.rules
    assert "user.policy" in paths(run)
    assert "a.policy" not in paths(run)
    write("house.policy", f"{MODULE}never collect badge\n")
    assert run("check", "--changed-since", "HEAD") == 1
    assert "contradiction" in run.rules


def test_wrong_settings_are_always_told(run: Run, repository: Path) -> None:
    write("policyspec.toml", 'import = ["house.policy"]\n')
    git("add", ".")
    git("commit", "-q", "-m", "settings")
    assert run("check", "--changed-since", "HEAD") == 0
    Path("house.policy").unlink()
    assert run("check", "--changed-since", "HEAD") == 1
    assert "invalid_setting" in run.rules


def test_from_another_folder(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("sub/b.policy", f"{CONTRADICTION}# changed\n")
    (repository.parent / "link").unlink(missing_ok=True)
    (repository.parent / "link").symlink_to(repository, target_is_directory=True)
    monkeypatch.chdir("sub")
    assert run("check", "--changed-since", "HEAD") == 1
    assert run("check", "--changed-since", "HEAD", "..") == 1
    assert run.out.count("error[contradiction]") == 1
    assert run("check", "--changed-since", "HEAD", str(repository.parent / "link")) == 1
    assert run.out.count("error[contradiction]") == 1


def test_links(run: Run, repository: Path) -> None:
    Path("old.policy").symlink_to("sub/b.policy")
    git("add", ".")
    git("commit", "-q", "-m", "link")
    assert run("check", "--changed-since", "HEAD", "old.policy") == 0
    write("sub/b.policy", f"{CONTRADICTION}# changed\n")
    assert run("check", "--changed-since", "HEAD", "old.policy") == 1


def test_only_changed_files_are_fixed(run: Run, repository: Path) -> None:
    write("sub/b.policy", FIXABLE)
    git("commit", "-q", "-am", "old")
    write("a.policy", FIXABLE)
    assert run("check", "--fix", "--changed-since", "HEAD") == 0
    assert Path("a.policy").read_text("utf-8") == FIXED
    assert Path("sub/b.policy").read_text("utf-8") == FIXABLE


def test_a_baseline_is_not_shrunk_by_what_is_not_looked_at(run: Run, repository: Path) -> None:
    assert run("check", "--baseline", "known.json", "--update-baseline", "--accept-new") == 0
    before = Path("known.json").read_text("utf-8")
    assert run("check", "--baseline", "known.json", "--update-baseline", "--changed-since", "HEAD") == 0
    assert Path("known.json").read_text("utf-8") == before
    write("a.policy", f"{CONTRADICTION}# changed\n")
    assert run("check", "--baseline", "known.json", "--changed-since", "HEAD") == 0


@pytest.mark.parametrize("revision", ["nothing", "HEAD~99", "HEAD:a.policy", "HEAD; touch x", "*", "..\x1b[31m"])
def test_what_is_no_revision(run: Run, repository: Path, revision: str) -> None:
    assert run("check", "--changed-since", revision) == 2
    assert run.out == ""
    assert run.err.startswith("policyspec: error: --changed-since ")
    assert "\x1b" not in run.err
    assert not Path("x").exists()


@pytest.mark.parametrize("revision", ["--output=stolen", "-p", "--no-index"])
def test_a_revision_is_no_option(run: Run, repository: Path, revision: str) -> None:
    assert run("check", f"--changed-since={revision}") == 2
    assert "is no revision" in run.err
    assert not Path("stolen").exists()


def test_no_repository(run: Run) -> None:
    write("a.policy", GOOD)
    assert run("check", "--changed-since", "HEAD") == 2
    assert "not a git repository" in run.err


def test_no_git(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.policy", GOOD)
    monkeypatch.setenv("PATH", "")
    assert run("check", "--changed-since", "HEAD") == 2
    assert run.err == "policyspec: error: --changed-since needs git\n"
