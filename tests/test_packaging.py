"""What is built works where it is installed, and the README's commands print what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEMO = re.compile(r"(<!-- make demo -->\n```text\n)(.*?)(```\n<!-- end -->)", re.DOTALL)


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints; its failure is the test's."""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed, without what it depends on."""
    target = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    run(
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        target,
        wheel,
        cwd=target,
    )
    return target


def test_the_wheel_has_the_grammar_and_the_library(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "policyspec/grammar/policy.lark",
        "policyspec/syntax/tables.json",
        "policyspec/library/core/data.policy",
        "policyspec/library/cn/pipl.policy",
        "policyspec/library/compiled.json",
        "policyspec/fields.json",
        "policyspec/py.typed",
        "policyspec/starter.policy",
    } <= names
    assert not [name for name in names if name.startswith(("tests/", "examples/"))]


def test_the_wheel_works_elsewhere(installed: Path, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(installed)}
    where = run(sys.executable, "-c", "import policyspec; print(policyspec.__file__)", cwd=tmp_path, **environment)
    assert Path(where.strip()).is_relative_to(installed)
    run(sys.executable, "-m", "policyspec", "init", cwd=tmp_path, **environment)
    said = run(sys.executable, "-m", "policyspec", "check", cwd=tmp_path, **environment)
    assert said == "no findings in 1 file checked\n"
    assert '"policyspec/1"' in run(
        sys.executable, "-m", "policyspec", "compile", "privacy.policy", cwd=tmp_path, **environment
    )
    # The tables that come with it are those of its grammar, so that lark is not needed.
    code = "import sys; from policyspec.syntax.parser import parse; parse('collect x'); print('lark' in sys.modules)"
    assert run(sys.executable, "-c", code, cwd=tmp_path, **environment) == "False\n"


def test_make_demo_prints_what_the_readme_shows(tmp_path: Path, update: bool) -> None:
    # An environment that is ready, so that make does not set one up.
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "policyspec"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policyspec "$@"\n')
    script.chmod(0o755)
    (tmp_path / "ready").touch()
    said = run("make", "--no-print-directory", "demo", f"VENV={tmp_path}", cwd=ROOT, PYTHONPATH=str(ROOT / "src"))
    said = said.replace(str(tmp_path), ".venv")
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    shown = DEMO.search(text)
    assert shown, "the README does not show the demo"
    if update:
        readme.write_text(text[: shown.start(2)] + said + text[shown.end(2) :], "utf-8")
    else:
        assert said == shown[2]
