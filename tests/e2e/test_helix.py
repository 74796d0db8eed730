"""Helix in a terminal, with `editors/helix/languages.toml`."""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.support import EDITORS, MENDED, Project, needs
from policy_texts import HOUSE, SHOP


class Terminal:
    """A terminal that Helix runs in: keys go in, and what is on the screen is looked at."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tmux("new-session", "-d", "-x", "160", "-y", "50", f"hx {project.sdk}")

    def tmux(self, *arguments: str) -> str:
        ran = self.project.run("tmux", "-S", self.project.home / "tmux", "-f", "/dev/null", *arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def keys(self, *keys: str) -> None:
        """Press keys, by the names that tmux has for them; a text with a space before it is typed."""
        for each in keys:
            self.tmux("send-keys", *(("-l", each[1:]) if each.startswith(" ") else (each,)))
            if each == "Escape":
                # With what comes next it would be another key.
                self.wait_for(" NOR ")

    def command(self, text: str) -> None:
        self.keys(":", f" {text}", "Enter")

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def wait_for(self, pattern: str) -> re.Match[str]:
        """What a pattern matches on the screen, as soon as it does."""
        until = time.monotonic() + 10
        while not (match := re.search(pattern, self.screen())):
            assert time.monotonic() < until, f"there is no {pattern} in\n{self.screen()}"
            time.sleep(0.05)
        return match

    def find(self, text: str) -> None:
        """Go to the last character of the first place of a text."""
        self.keys("Escape", "g", "g", "/", f" {text}", "Enter")


@pytest.fixture
def terminal(project: Project) -> Iterator[Terminal]:
    needs("helix")
    config = project.home / ".config" / "helix"
    config.mkdir(parents=True)
    shutil.copy(EDITORS / "helix" / "languages.toml", config)
    made = Terminal(project)
    yield made
    project.run("tmux", "-S", project.home / "tmux", "kill-server")


def bar(project: Project, file: Path, text: str | None = None) -> str:
    """A pattern of the line at the bottom: the file, and how many warnings and errors there are in it."""
    counts = Counter(each["severity"] for each in project.checked(file, text))
    found = " ".join(f"● {counts[level]}" for level in ("warning", "error") if counts[level])
    return rf"{re.escape(file.name)}( \[\+\])? +{found}{' ' if found else ''} 1 sel"


def assert_written(file: Path, text: str) -> None:
    """A file has a text, if not now, soon: the editor moves the old one away before it writes the new one."""
    until = time.monotonic() + 5
    while (found := read(file)) != text and time.monotonic() < until:
        time.sleep(0.02)
    assert found == text


def read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""


def test_helix(project: Project, terminal: Terminal) -> None:
    terminal.wait_for(bar(project, project.sdk))
    assert any(each["severity"] == "error" for each in project.checked(project.sdk))

    mended = SHOP.replace("never share email to advertiser", MENDED)
    terminal.command(f"open {project.shop}")
    terminal.wait_for(bar(project, project.shop))
    terminal.keys("6", "g", "g", "g", "h", "v", "g", "l", "c", f" {MENDED}", "Escape")
    terminal.wait_for(bar(project, project.shop, mended))
    assert bar(project, project.shop) != bar(project, project.shop, mended)

    terminal.find("collect email")
    terminal.keys("Space", "k")
    terminal.wait_for("Email address")

    terminal.find("under con")
    terminal.keys("a", "C-x")
    terminal.wait_for(r"separate_consent +")
    terminal.keys("Escape")

    terminal.find("to adnet")
    terminal.keys("g", "d")
    terminal.wait_for(r"house\.policy .* 1:7")

    terminal.keys("C-o")
    terminal.wait_for(r"shop\.policy")
    terminal.keys("Space", "r")
    terminal.wait_for("rename-to:")
    terminal.keys("C-u", " ad_network", "Enter")
    terminal.wait_for("share email to ad_network")
    terminal.command("write-all")
    renamed = mended.replace("adnet", "ad_network")
    assert_written(project.shop, renamed)
    assert_written(project.house, HOUSE.replace("adnet", "ad_network"))

    line = 'subject   user is end_user   "Users"'
    untidy = renamed.replace('subject user is end_user "Users"', line)
    terminal.keys("4", "g", "g", "g", "h", "v", "g", "l", "c", f" {line}", "Escape")
    terminal.command("write")
    assert_written(project.shop, untidy)
    terminal.command("format")
    terminal.wait_for('subject user is end_user "Users"')
    terminal.command("write")
    assert_written(project.shop, project.formatted(untidy))
    assert project.formatted(untidy) != untidy

    assert len(project.servers()) == 1
    terminal.command("quit-all!")
    assert not project.is_left_behind()
