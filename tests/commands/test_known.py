"""`policyspec check --baseline`: what is known is not reported, and only grows when asked to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cli_support import BAD, CONTRADICTION, GOOD, MODULE, Run, write

ACCEPT = ("--baseline", "known.json", "--update-baseline", "--accept-new")
UPDATE = ("--baseline", "known.json", "--update-baseline")
SECOND = "collect phone_number for delivery under contract keep 1 year\nnever collect phone_number\n"


def known(file: str = "known.json") -> list[tuple[str, str]]:
    return [(each["path"], each["rule"]) for each in json.loads(Path(file).read_text("utf-8"))["findings"]]


def test_known_findings_are_not_reported(run: Run) -> None:
    write("shop.policy", CONTRADICTION)
    assert run("check", *ACCEPT) == 0
    assert run.out == "no findings in 1 file checked (1 known)\n"
    assert known() == [("shop.policy", "contradiction")]
    assert run("check", "--baseline", "known.json") == 0
    assert run.out == "no findings in 1 file checked (1 known)\n"
    assert run("check", "--baseline", "known.json", "--output-format", "json") == 0
    assert [each["rule"] for each in json.loads(run.out)["known"]] == ["contradiction"]
    # Not by its line.
    write("shop.policy", f"# New\n\n{CONTRADICTION}")
    assert run("check", "--baseline", "known.json") == 0
    assert run("check") == 1


def test_it_shrinks_and_takes_no_new_debt(run: Run) -> None:
    write("shop.policy", CONTRADICTION)
    assert run("check", *ACCEPT) == 0
    before = Path("known.json").read_bytes()
    os.utime("known.json", (0, 0))
    write("shop.policy", CONTRADICTION + SECOND)
    assert run("check", *UPDATE) == 1
    assert run.rules == ["contradiction"]
    assert Path("known.json").read_bytes() == before
    assert Path("known.json").stat().st_mtime == 0
    write("shop.policy", GOOD + SECOND)
    assert run("check", "--baseline", "known.json") == 1
    assert run.err == "1 known finding no longer found: --update-baseline takes out what is over\n"
    assert run("check", "--baseline", "known.json", "-q") == 1
    assert run.err == ""
    assert run("check", *UPDATE) == 1
    assert known() == []
    assert run("check", *ACCEPT) == 0
    assert known() == [("shop.policy", "contradiction")]


def test_what_was_not_looked_at_is_kept(run: Run) -> None:
    for name in ("a", "b", "c"):
        write(f"{name}.policy", CONTRADICTION)
    assert run("check", *ACCEPT) == 0
    for name in ("a", "b", "c"):
        write(f"{name}.policy", GOOD)
    assert run("check", *UPDATE, "--select", "cn.pipl") == 0
    assert len(known()) == 3
    assert run("check", *UPDATE, "a.policy") == 0
    assert known() == [("b.policy", "contradiction"), ("c.policy", "contradiction")]
    # A file that is gone has no findings any more.
    Path("c.policy").unlink()
    assert run("check", *UPDATE, "a.policy") == 0
    assert known() == [("b.policy", "contradiction")]
    write("policyspec.toml", 'exclude = ["b.policy"]\n')
    assert run("check", *UPDATE) == 0
    assert known() == [("b.policy", "contradiction")]


def test_findings_in_modules_are_of_all_who_import_them(run: Run) -> None:
    write("house.policy", f'{MODULE}section "Later" {{\n}}\n')
    write("a.policy", f'import "house.policy"\n{GOOD}collect badge for delivery under contract keep 1 year\n')
    assert run("check", *ACCEPT) == 0
    assert known() == [("house.policy", "empty_section")]
    for paths in (("house.policy",), ("a.policy",), (".",)):
        assert run("check", *UPDATE, *paths) == 0
        assert known() == [("house.policy", "empty_section")], paths
    write("house.policy", MODULE)
    assert run("check", *UPDATE) == 0
    assert known() == []


def test_errors_of_the_text_are_never_known(run: Run) -> None:
    write("shop.policy", BAD + "never collect name\ncollect name for delivery under contract keep 1 year\n")
    assert run("check", *ACCEPT) == 1
    assert run.rules == ["unknown_name"]
    assert ("shop.policy", "unknown_name") not in known()


def test_a_file_that_is_not_there(run: Run) -> None:
    write("shop.policy", CONTRADICTION)
    for options in (("--baseline", "known.json"), UPDATE):
        assert run("check", *options) == 2
        assert run.out == ""
        assert run.err.startswith("policyspec: error: there is no known.json\n  --update-baseline --accept-new")
        assert not Path("known.json").exists()
    assert run("check", "--baseline", "no/known.json", "--update-baseline", "--accept-new") == 2
    assert "no/known.json cannot be written" in run.err


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (b"", 1, "error[invalid_baseline]: not JSON"),
        (b"{", 1, "error[invalid_baseline]: not JSON"),
        (b"[1]", 1, "error[invalid_baseline]: expected"),
        (b'{"version": 9, "findings": []}', 1, "error[invalid_baseline]: this is of version 1 only"),
        (b'{"version": 1, "findings": [{"path": 3}]}', 1, "error[invalid_baseline]: finding 1: expected"),
        (b"[" * 100_000, 1, "error[invalid_baseline]"),
        (b"\xff", 2, "known.json is not UTF-8"),
    ],
)
def test_a_broken_file(run: Run, text: bytes, code: int, words: str) -> None:
    file = write("known.json", text)
    write("shop.policy", CONTRADICTION)
    for options in (("--baseline", "known.json"), UPDATE, ACCEPT):
        assert run("check", *options) == code
        assert words in run.out + run.err
        assert "contradiction" in run.rules
        assert run.out.endswith("in 1 file checked\n")
        # It may be mended; written anew, it would be lost.
        assert file.read_bytes() == text


def test_a_folder_is_no_baseline(run: Run) -> None:
    Path("known.json").mkdir()
    write("shop.policy", GOOD)
    for options in (("--baseline", "known.json"), ACCEPT):
        assert run("check", *options) == 2
        assert "known.json is a folder" in run.err


def test_settings_name_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        write(f"{name}/policyspec.toml", 'baseline = "old/known.json"\n')
        write(f"{name}/sub/shop.policy", CONTRADICTION)
        Path(f"{name}/old").mkdir()
    write("shop.policy", CONTRADICTION)
    assert run("check", "a", "b", "--update-baseline") == 2
    assert "there is no a/old/known.json" in run.err
    assert run("check", "--update-baseline", "--accept-new") == 1
    assert run.rules == ["contradiction"]
    assert known("a/old/known.json") == known("b/old/known.json") == [("../sub/shop.policy", "contradiction")]
    monkeypatch.chdir("a/sub")
    assert run("check") == 0
    assert "(1 known)" in run.out
    assert run("check", "--isolated") == 1
    write("other.json", '{"version": 1, "findings": []}')
    assert run("check", "--baseline", "other.json") == 1


def test_one_file_for_several_projects(run: Run) -> None:
    for name in ("a", "b"):
        write(f"{name}/policyspec.toml", "")
        write(f"{name}/shop.policy", CONTRADICTION)
    assert run("check", *ACCEPT) == 0
    assert known() == [("a/shop.policy", "contradiction"), ("b/shop.policy", "contradiction")]
    write("a/shop.policy", GOOD)
    assert run("check", *UPDATE) == 0
    assert known() == [("b/shop.policy", "contradiction")]
    assert run.out == "no findings in 2 files checked (1 known)\n"


@pytest.mark.parametrize("path", ["../known.json", "{folder}/../known.json", "/etc/passwd", "link.json"])
def test_settings_name_no_file_of_others(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """What a project's settings say must not have the report show, or overwrite, what lies elsewhere."""
    write("known.json", "secret")
    write("project/shop.policy", CONTRADICTION)
    Path("project/link.json").symlink_to("../known.json")
    shown = path.format(folder=folder.as_posix())
    write("project/policyspec.toml", f'baseline = "{shown}"\n')
    for options in ((), ("--update-baseline", "--accept-new")):
        assert run("check", "project", *options) == 1
        assert f"error[invalid_setting]: `{shown}` is outside of " in run.out
        assert "secret" not in run.out + run.err
    assert Path("known.json").read_text("utf-8") == "secret"
    # In one repository, settings may speak of what is above them.
    Path("project/link.json").unlink()
    if path.startswith("../"):
        Path(".git").mkdir()
        write("known.json", '{"version": 1, "findings": []}')
        assert run("check", "project") == 1
        assert run.rules == ["contradiction"]
