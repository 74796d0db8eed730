"""A project for an editor to open, in a home of its own, and what the command line says of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from policy_texts import HOUSE, SHOP

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EDITORS = ROOT / "editors"
TOOLS = Path(os.environ.get("POLICYSPEC_E2E") or ROOT / ".e2e")

# The sixth line of `SHOP` without its contradiction.
MENDED = "never sell email to advertiser"
_COMMAND = """\
#!/bin/sh
[ "$1" != lsp ] || echo $$ >>"{started}"
exec "{python}" -m policyspec "$@"
"""


class Project:
    """A folder with policies, which an editor with a home of its own opens; and what servers it starts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home, self.bin = folder / "project", folder / "home", folder / "bin"
        self.out, self._started = folder / "out", folder / "started"
        # Editors take the folder of a repository for the project's.
        for each in (self.folder / "shop", self.folder / ".git", self.home, self.bin):
            each.mkdir(parents=True)
        (self.folder / "policyspec.toml").touch()
        shutil.copytree(ROOT / "examples" / "cloud_phone_sdk", self.folder / "sdk")
        self.sdk, self.shop = self.folder / "sdk" / "cloud_phone_sdk.policy", self.folder / "shop" / "shop.policy"
        self.house = self.folder / "shop" / "house.policy"
        self.shop.write_text(SHOP, "utf-8")
        self.house.write_text(HOUSE, "utf-8")
        # The command that the set-ups name: the one of this checkout.
        command = self.bin / "policyspec"
        command.write_text(_COMMAND.format(started=self._started, python=sys.executable), "utf-8")
        command.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "XDG_DATA_HOME": str(self.home / ".local" / "share"),
            "XDG_STATE_HOME": str(self.home / ".local" / "state"),
            "PATH": os.pathsep.join([str(self.bin), str(TOOLS / "bin"), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            # What scripts that run in the editor are told.
            "SDK": str(self.sdk),
            "SHOP": str(self.shop),
            "HOUSE": str(self.house),
            "OUT": str(self.out),
        }

    def run(self, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project, with more in its environment."""
        return subprocess.run(
            [str(each) for each in command], env={**self.environment, **more}, cwd=self.folder, text=True,
            encoding="utf-8", errors="replace", capture_output=True, stdin=subprocess.DEVNULL, timeout=30,
        )  # fmt: skip

    def checked(self, file: Path, text: str | None = None) -> list[Any]:
        """What `policyspec check` finds in a file, or would if it had another text."""
        text = file.read_text("utf-8") if text is None else text
        ran = self.command("check", "-", "--stdin-filename", str(file), "--output-format", "json", text=text)
        return [each for each in json.loads(ran)["diagnostics"] if Path(each["path"]).name == file.name]

    def found(self, file: Path, text: str | None = None) -> list[tuple[int, str]]:
        """The lines and the rules of these findings."""
        return sorted((each["range"]["start"]["line"], each["rule"]) for each in self.checked(file, text))

    def formatted(self, text: str) -> str:
        return self.command("format", "-", text=text)

    def command(self, *arguments: str, text: str) -> str:
        """What the command line says of a text."""
        ran = subprocess.run(
            [sys.executable, "-m", "policyspec", *arguments], input=text, env=self.environment, cwd=self.folder,
            text=True, encoding="utf-8", capture_output=True,
        )  # fmt: skip
        assert ran.returncode < 2, ran.stderr
        return ran.stdout

    def servers(self) -> list[int]:
        """The processes of the servers that have been started."""
        return [int(each) for each in self._started.read_text().split()] if self._started.exists() else []

    def is_left_behind(self, seconds: float = 5) -> bool:
        """Whether a server is still running some time after the editor has ended."""
        until = time.monotonic() + seconds
        while any(is_running(each) for each in self.servers()):
            if time.monotonic() > until:
                return True
            time.sleep(0.05)
        return False


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # A process that is over and that nobody has asked about is none.
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def manual(heading: str, language: str) -> str:
    """What users are told to write: the first block in a language below a heading of the manual."""
    text = (ROOT / "docs" / "editors.md").read_text("utf-8")
    below = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return below.partition(f"```{language}\n")[2].partition("```")[0].replace("/path/to/policyspec", str(ROOT))


def needs(editor: str) -> None:
    """Skip a test whose editor could not be had, and say why."""
    file = TOOLS / "missing"
    if not file.exists():
        pytest.fail(f"there is no {file}: run `bash tests/e2e/setup.sh` first")
    reasons = dict(line.split("\t", 1) for line in file.read_text("utf-8").splitlines())
    if editor in reasons:
        pytest.skip(f"{editor}: {reasons[editor]}")


def assert_changed_and_left(project: Project, shown: dict[str, Any], mended: str) -> None:
    """A party has been renamed in both files, a text laid out, and nothing is left of the editor."""
    assert shown["renamed"] == mended.replace("adnet", "ad_network")
    assert shown["house"].startswith("party ad_network is ")
    assert shown["tidy"] == project.formatted(shown["untidy"]) != shown["untidy"]
    assert len(project.servers()) == 1
    assert not project.is_left_behind()
