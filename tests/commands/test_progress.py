"""A long check says how far it is, in a terminal and nowhere else."""

from __future__ import annotations

import io

import pytest

from cli_support import GOOD, Run, write
from policyspec.commands import checks, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(total: int, steps: list[tuple[float, int]], to: io.StringIO) -> list[str]:
    """What is written when at these times so many more files are done."""
    now = [0.0]
    with progress.shown(total, to, lambda: now[0]) as advance:
        for at, number in steps:
            now[0] = at
            advance(number)
    return to.getvalue().split("\r\x1b[K")


def test_a_long_check() -> None:
    steps = [(0.2, 10), (0.9, 10), (1.0, 10), (1.05, 10), (1.2, 10), (5.0, 340), (6.0, 90)]
    written = ["", "checked 30 of 400 files", "checked 50 of 400 files", "checked 390 of 400 files"]
    # No more than there are, and in the end nothing is left of it.
    assert lines(400, steps, Terminal()) == [*written, "checked 400 of 400 files", ""]


@pytest.mark.parametrize(("to", "seconds"), [(Terminal(), 0.99), (io.StringIO(), 100.0)])
def test_nothing_to_be_said(to: io.StringIO, seconds: float) -> None:
    assert lines(2, [(seconds, 1), (seconds, 1)], to) == [""]
    assert to.getvalue() == ""


def test_a_simple_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert lines(2, [(9.0, 1)], Terminal()) == [""]


def test_it_is_erased_when_something_goes_wrong() -> None:
    to = Terminal()

    def interrupted() -> None:
        with progress.shown(9, to, iter((0.0, 2.0)).__next__) as advance:
            advance(1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert to.getvalue() == "\r\x1b[Kchecked 1 of 9 files\r\x1b[K"


def test_a_terminal_that_is_gone() -> None:
    class Gone(Terminal):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    with progress.shown(9, Gone(), iter((0.0, 2.0)).__next__) as advance:
        advance(1)


@pytest.mark.parametrize(("options", "is_shown"), [((), True), (("-q",), False)])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_check(run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], is_shown: bool, jobs: str) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "_AFTER", 0.0)
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    monkeypatch.setattr("policyspec.looking._TEXT_OF_A_JOB", 100)
    stream = Terminal()
    monkeypatch.setattr(checks.sys, "stderr", stream)
    write("policyspec.toml", "")
    for name in "abc":
        write(f"{name}.policy", GOOD)
    write("sub/policyspec.toml", "")
    write("sub/d.policy", GOOD)
    for _ in range(2):
        stream.seek(0)
        stream.truncate()
        assert run("check", "--jobs", jobs, *options) == 0
        assert run.out == ("no findings in 4 files checked\n" if is_shown else "")
        said = stream.getvalue().split("\r\x1b[K")
        assert (said[-2:] == ["checked 4 of 4 files", ""]) is is_shown
        assert is_shown or said == [""]
