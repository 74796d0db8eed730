"""Running the command line in process, in a folder of its own and without what the user has set."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import policyspec
from policyspec import cli

# Nothing is found in it.
GOOD = """\
policy shop "Shop" { provider: us  audience: customer  effective: 2026-01-01  contact: "privacy@shop.example" }
party us is controller "Us"

collect email for delivery under contract keep 1 year
"""
BAD = GOOD.replace("email", "emial")
CONTRADICTION = f"{GOOD}never collect email\n"
# Two warnings, one of them with a safe fix, which takes both away.
FIXABLE = (
    f"import android\n\n{GOOD}collect microphone_audio for streaming under consent via android.MICROPHONE keep 1 day\n"
)
FIXED = FIXABLE.replace("MICROPHONE", "RECORD_AUDIO")
MODULE = 'data badge is identifying "Badge number"\n'
VARIABLES = ("NO_COLOR", "FORCE_COLOR", "POLICYSPEC_DEBUG", "COLUMNS", "GITHUB_STEP_SUMMARY")


def alone(at: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder the current one, and keep results in another."""
    monkeypatch.chdir(at)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POLICYSPEC_CACHE_DIR", str(cache))
    return at


class Run:
    """Runs the command line; `out` and `err` have what the last run printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch
        self.out = self.err = ""

    def __call__(self, *args: str, stdin: str | bytes = b"") -> int:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self.monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        code = cli.main(args)
        self.out, self.err = self.capsys.readouterr()
        assert "Traceback" not in self.err or os.environ.get("POLICYSPEC_DEBUG")
        return code

    @property
    def rules(self) -> list[str]:
        """The rules of the findings that were printed as text."""
        lines = (line for line in self.out.splitlines() if line.startswith(("error[", "warning[", "info[")))
        return sorted(line[line.index("[") + 1 : line.index("]")] for line in lines)


def write(path: str, text: str | bytes) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def start(*args: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run Python in a process of its own."""
    return subprocess.run([sys.executable, *args], input=stdin, capture_output=True, env=environ(**environment))


def environ(**environment: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(policyspec.__file__).parents[1]), **environment}
