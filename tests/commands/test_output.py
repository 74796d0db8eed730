"""`policyspec check --output-format`, `--output` and `--statistics`: each form where it belongs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli_support import BAD, CONTRADICTION, FIXABLE, GOOD, Run, write


def test_several_files_at_once(run: Run) -> None:
    write("shop.policy", CONTRADICTION)
    forms = {
        "json": "a.json",
        "jsonl": "b.jsonl",
        "sarif": "c.sarif",
        "gitlab": "d.json",
        "junit": "e.xml",
        "text": "f",
    }
    options = [word for form, file in forms.items() for word in ("--output", f"{form}={file}")]
    assert run("check", *options) == 1
    assert run.rules == ["contradiction"]
    assert json.loads(Path("a.json").read_text("utf-8"))["summary"]["errors"] == 1
    assert json.loads(Path("b.jsonl").read_text("utf-8"))["rule"] == "contradiction"
    assert json.loads(Path("c.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert json.loads(Path("d.json").read_text("utf-8"))[0]["check_name"] == "contradiction"
    assert ElementTree.fromstring(Path("e.xml").read_text("utf-8")).tag == "testsuites"
    assert Path("f").read_text("utf-8").startswith("error[contradiction]")
    assert sorted(os.listdir()) == sorted(["shop.policy", *forms.values()])


@pytest.mark.parametrize("form", ["json", "jsonl", "sarif", "gitlab", "junit", "github"])
@pytest.mark.parametrize("text", [f"{BAD}never collect name\ncollect name for delivery\n{FIXABLE}", ""])
def test_what_is_printed_is_what_is_written(run: Run, form: str, text: str) -> None:
    write("shop.policy", text)
    code = run("check", "--output-format", form, "--output", f"{form}=found")
    assert code == bool(text)
    assert run.out == Path("found").read_text("utf-8")
    assert run.err == ""


def test_nothing_that_is_read_is_overwritten(run: Run) -> None:
    house = write("house.policy", "data badge is nowhere\n")
    settings = write("policyspec.toml", "ignore = []\n")
    shop = write("shop.policy", f'import "house.policy"\n{GOOD}')
    baseline = write("known.json", '{"version": 1, "findings": []}')
    before = [each.read_bytes() for each in (house, settings, shop, baseline)]
    Path("link").symlink_to("shop.policy")
    for target in ("shop.policy", "./shop.policy", "house.policy", "policyspec.toml", "link"):
        assert run("check", "shop.policy", "--baseline", "known.json", "--output", f"text={target}") == 2
        assert "is what is read: choose another file to write to" in run.err
    assert run("check", "shop.policy", "--baseline", "known.json", "--output", "text=known.json") == 2
    write("policyspec.toml", 'baseline = "known.json"\n')
    assert run("check", "shop.policy", "--output", "text=known.json") == 2
    settings.write_bytes(before[1])
    assert [each.read_bytes() for each in (house, settings, shop, baseline)] == before


def test_what_cannot_be_written_does_not_keep_the_rest_from_being_said(run: Run) -> None:
    write("shop.policy", CONTRADICTION)
    Path("folder").mkdir()
    options = ("--output", "json=no/such.json", "--output", "sarif=folder", "--output", "junit=a.xml")
    assert run("check", *options) == 2
    assert run.err == (
        "policyspec: error: no/such.json cannot be written: No such file or directory\n"
        "policyspec: error: folder cannot be written: Is a directory\n"
    )
    assert run.rules == ["contradiction"]
    assert Path("a.xml").exists()


def test_statistics(run: Run) -> None:
    write("a.policy", CONTRADICTION)
    write("b.policy", CONTRADICTION + 'section "Later" {\n}\n')
    table = "2  contradiction  error"
    assert run("check", "--statistics") == 1
    assert f"\n\n{table}" in run.out
    assert run.out.endswith("in 2 files checked\n")
    assert run("check", "--statistics", "-q", "--select", "contradiction") == 1
    assert run.out.splitlines()[-1].startswith(table)
    assert run("check", "--statistics", "--output-format", "json") == 1
    assert json.loads(run.out)
    assert run.err.startswith(table)
    write("a.policy", GOOD)
    assert run("check", "--statistics", "a.policy") == 0
    assert run.out == "no findings in 1 file checked\n"


def test_the_page_of_a_step_on_github(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("shop.policy", CONTRADICTION)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert run("check") == 1
    assert not Path("summary.md").exists()
    write("summary.md", "# Before\n")
    assert run("check", "--output-format", "github") == 1
    page = Path("summary.md").read_text("utf-8")
    assert page.startswith("# Before\n")
    assert "`contradiction`" in page
    assert run("check", "--output", "github=found") == 1
    assert Path("summary.md").read_text("utf-8").count("## policyspec") == 2
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "no/such/summary.md")
    assert run("check", "--output-format", "github") == 1
    assert run.err == ""


def test_quiet_files_have_errors_only(run: Run) -> None:
    write("shop.policy", CONTRADICTION + 'section "Later" {\n}\n')
    assert run("check", "-q", "--output", "json=a.json") == 1
    assert [each["rule"] for each in json.loads(Path("a.json").read_text("utf-8"))["diagnostics"]] == ["contradiction"]


def test_suppressed_findings_have_their_reasons(run: Run) -> None:
    write("shop.policy", CONTRADICTION.replace("1 year", "1 year  # policyspec: allow contradiction -- see 14"))
    assert run("check", "--output-format", "json") == 0
    (suppressed,) = json.loads(run.out)["suppressed"]
    assert (suppressed["rule"], suppressed["reason"]) == ("contradiction", "see 14")


def test_strange_paths(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    name = os.fsdecode("caf\xe9 \x1b[31m\n.policy".encode("latin-1"))
    write(name, CONTRADICTION)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    forms = ("json", "jsonl", "sarif", "gitlab", "junit", "github", "text")
    options = [word for form in forms for word in ("--output", f"{form}=out.{form}")]
    for _ in range(2):
        assert run("check", *options) == 1
        assert "\x1b" not in run.out
    assert all(Path(f"out.{form}").read_bytes() for form in forms)


def test_without_streams(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from policyspec import cli

    write("shop.policy", CONTRADICTION)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["check", "--output", "json=a.json"]) == 1
    assert cli.main(["check", "missing"]) == 2
    assert Path("a.json").exists()
