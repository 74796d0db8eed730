"""The hooks for pre-commit and the action for GitHub do what they say, as far as that can be seen without these."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from policyspec import cli

ROOT = Path(__file__).parents[1]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
POLICY = """\
policy shop "Privacy policy" { provider: we  audience: customer }
party we is controller "We, Ltd"

collect email for delivery under contract
# policyspec: allow contradiction -- agreed with counsel
collect phone_number for delivery under contract
never collect email, phone_number
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop.policy").write_text(POLICY, "utf-8")
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICYSPEC_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


# ── pre-commit ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_takes_policies(hook: dict[str, Any]) -> None:
    assert hook["language"] == "python"
    assert re.search(hook["files"], "legal/shop.policy")
    assert not re.search(hook["files"], "shop.policy.txt")
    assert {*hook} <= {"id", "name", "description", "entry", "language", "files", "types", "require_serial"}


@pytest.mark.parametrize(
    ("name", "code"), [("policyspec-check", cli.FOUND), ("policyspec-format", cli.OK)], ids=["check", "format"]
)
def test_a_hook_runs(name: str, code: int, folder: Path) -> None:
    (hook,) = (hook for hook in HOOKS if hook["id"] == name)
    program, *words = shlex.split(hook["entry"])
    assert program == "policyspec"
    assert cli.main([*words, "shop.policy"]) == code


# ── GitHub ───────────────────────────────────────────────────────────────────────────────────────


def bash(step: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does, with its files in a folder."""
    assert STEPS[step]["shell"] == "bash"
    script = folder / "step.sh"
    script.write_text(STEPS[step]["run"], "utf-8")
    given = {"RUNNER_TEMP": str(folder / "temp"), "GITHUB_OUTPUT": str(folder / "output")}
    given |= {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_ACTION_PATH": str(ROOT)}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=folder, env={**os.environ, **given, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def program(at: Path, text: str) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    at.chmod(0o755)


@pytest.fixture
def installed(folder: Path) -> Path:
    """The folder with what the step that installs makes."""
    path = f"PYTHONPATH={shlex.quote(str(ROOT / 'src'))}"
    program(folder / "temp/policyspec/bin/policyspec", f'{path} exec "{sys.executable}" -m policyspec "$@"')
    program(folder / "temp/policyspec/bin/python", f'exec "{sys.executable}" "$@"')
    return folder


def test_nothing_that_is_given_is_a_part_of_a_script() -> None:
    said = {name for step in STEPS.values() for name in re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", str(step))}
    assert said == {*ACTION["inputs"]}
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")
        for name in step.get("env", ()):
            assert f"${name}" in step["run"]


def test_a_python_is_looked_for(folder: Path) -> None:
    done = bash("Look for Python 3.11 or newer", folder, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert (folder / "output").read_text() == "found=true\n"
    program(folder / "old/python3", "exit 1")
    (folder / "output").unlink()
    done = bash("Look for Python 3.11 or newer", folder, PATH=f"{folder / 'old'}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert not (folder / "output").exists()


@pytest.mark.parametrize(("version", "what"), [("", str(ROOT)), ("0.1.0", "policyspec==0.1.0")])
def test_what_is_installed(version: str, what: str, folder: Path) -> None:
    # A Python that makes an environment of nothing but itself, and writes down what is asked of it.
    python = folder / "fake/python3"
    copy = f'[ "$2" != venv ] || {{ mkdir -p "$3/bin"; cp "{python}" "$3/bin/python"; }}'
    program(python, f'for each; do echo "$each"; done >> "{folder}/asked"\n{copy}')
    done = bash("Install policyspec", folder, VERSION=version, PATH=f"{python.parent}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    asked = (folder / "asked").read_text().splitlines()
    assert asked[:3] == ["-m", "venv", str(folder / "temp/policyspec")]
    assert asked[3:] == ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", what]


@pytest.mark.parametrize(
    "version", ["1 --index-url=http://example.org", "$(touch bad)", "; touch bad", "-r bad", "1\n2"]
)
def test_what_is_no_version_is_not_installed(version: str, folder: Path) -> None:
    done = bash("Install policyspec", folder, VERSION=version)
    assert done.returncode == 2
    assert done.stdout.startswith("::error::")
    assert not (folder / "bad").exists()


def test_the_action_checks(installed: Path) -> None:
    done = bash("Check", installed, PATHS="shop.policy\r\n\n", ARGS="--fail-level error --quiet", SARIF="found.sarif")
    assert done.returncode == cli.FOUND, done.stderr
    assert done.stdout.startswith("::error file=shop.policy,line=4,")
    assert "contradiction" in (installed / "summary.md").read_text("utf-8")
    log = json.loads((installed / "found.sarif").read_text("utf-8"))
    found = [each for each in log["runs"][0]["results"] if each["ruleId"] == "contradiction"]
    # The other one is suppressed, of which GitHub takes no notice.
    assert len(found) == 1


def test_the_action_passes_when_nothing_is_wrong(installed: Path) -> None:
    (installed / "shop.policy").write_text(POLICY.replace("never collect email, phone_number\n", ""), "utf-8")
    done = bash("Check", installed, PATHS=ACTION["inputs"]["paths"]["default"], ARGS="", SARIF="")
    assert done.returncode == cli.OK, done.stderr
    assert not [*installed.glob("*.sarif")]


def test_what_the_action_is_given_is_not_run(installed: Path) -> None:
    bad = "$(touch bad); touch bad; `touch bad`"
    done = bash("Check", installed, PATHS=f"shop.policy\n--fix {bad}\n", ARGS=f"* {bad}", SARIF=f"x{bad}")
    assert done.returncode == cli.FAILED
    assert not (installed / "bad").exists()
    assert (installed / "shop.policy").read_text("utf-8") == POLICY
