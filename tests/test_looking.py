"""Looking at files in several processes: the same as in one, whatever becomes of these."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli_support import CONTRADICTION, FIXABLE, GOOD, MODULE, Run, alone, environ, write
from policyspec import looking
from policyspec.cache import Look
from policyspec.files import Unreadable
from policyspec.looking import Around, look_at
from policyspec.source import Source
from policyspec.workspace import Workspace

FORKS = multiprocessing.get_start_method() == "fork"
USES = "collect badge for delivery under contract keep 1 year\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    return alone(tmp_path, tmp_path_factory.mktemp("cache"), monkeypatch)


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    """Files that are looked at in several processes, small as they are."""
    monkeypatch.setattr(looking, "_TEXT_OF_A_JOB", 100)
    write("house.policy", MODULE)
    texts = [
        GOOD,
        CONTRADICTION,
        FIXABLE,
        f'import "house.policy"\n{GOOD}{USES}',
        'import "none.policy"\n',
        "collect {",
    ]
    return [Source(f"{number}.policy", text) for number, text in enumerate(texts * 2)]


def test_several_processes_find_what_one_does(sources: list[Source]) -> None:
    around = Around((Source("unsaved.policy", MODULE),), ("unsaved.policy", "cn.pipl"), "")
    done: list[int] = []
    alone = look_at(sources, around, 1, done.append)
    assert len(alone) == sum(done) == len(sources)
    for jobs in (2, 3, 100):
        done.clear()
        assert look_at(sources, around, jobs, done.append) == alone
        assert sum(done) == len(sources)
    assert not multiprocessing.active_children()


def test_few_texts_are_worth_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(looking, "_in_processes", refuse)
    assert len(look_at([Source(f"{number}.policy", GOOD) for number in range(20)], Around(), 8, lambda _: None)) == 20
    assert look_at([], Around(), 8, lambda _: None) == {}


def test_what_every_file_imports_and_cannot_be_read(sources: list[Source]) -> None:
    for jobs in (1, 2):
        with pytest.raises(Unreadable, match=r"no file `nothing\.policy`"):
            look_at(sources, Around(imports=("nothing.policy",)), jobs, lambda _: None)


def look(sources: list[Source], monkeypatch: pytest.MonkeyPatch, fail: object) -> dict[str, Look]:
    """Look at files in two processes that do something at one file."""
    here, examine = os.getpid(), looking.examine

    def failing(workspace: Workspace, path: str) -> Look:
        if path == "3.policy" and os.getpid() != here:
            fail()  # type: ignore[operator]
        return examine(workspace, path)

    expected = look_at(sources, Around(), 1, lambda _: None)
    monkeypatch.setattr(looking, "examine", failing)
    assert look_at(sources, Around(), 2, lambda _: None) == expected
    assert not multiprocessing.active_children()
    return expected


@pytest.mark.skipif(not FORKS, reason="what is patched here is not in a process that is made anew")
def test_what_a_process_does_not_do_is_done_here(
    sources: list[Source], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def fail() -> None:
        raise MemoryError

    for each in (kill, fail):
        with monkeypatch.context() as patch:
            look(sources, patch, each)
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not FORKS, reason="what is patched here is not in a process that is made anew")
def test_what_goes_wrong_is_raised_here(
    sources: list[Source], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def examine(workspace: Workspace, path: str) -> Look:
        raise LookupError("of a rule")

    monkeypatch.setattr(looking, "examine", examine)
    with pytest.raises(LookupError, match="of a rule"):
        look_at(sources, Around(), 2, lambda _: None)
    assert not multiprocessing.active_children()
    assert capfd.readouterr().err == ""


def test_no_more_processes_to_be_had(sources: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = look_at(sources, Around(), 1, lambda _: None)

    def refuse(_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.Process, "start", refuse)
    assert look_at(sources, Around(), 3, lambda _: None) == expected


def test_an_interruption_ends_them(sources: list[Source]) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look_at(sources, Around(), 3, interrupt)
    assert not multiprocessing.active_children()


def test_check_prints_the_same(
    sources: list[Source], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(capsys, monkeypatch)
    for each in sources:
        write(each.path, each.text)
    assert run("check", "--no-cache", "--jobs", "1") == 1
    expected = run.out
    for jobs in ("2", "5"):
        assert run("check", "--no-cache", "--jobs", jobs) == 1
        assert run.out == expected
        assert run("check", "--jobs", jobs) == 1
        assert run.out == expected


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_process_that_is_interrupted() -> None:
    practices = "".join(
        f"collect email, name for delivery under consent keep {number} days\n" for number in range(9000)
    )
    for name in "abcd":
        write(f"{name}.policy", GOOD + practices)
    command = [sys.executable, "-m", "policyspec", "check", "--no-cache", "--jobs", "2"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ(),
        start_new_session=True,
        # What runs in the background of a shell does not hear it, nor do its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        time.sleep(1.2)
        assert process.poll() is None
        # As a terminal does it: to all of them.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (130, b"", b"")
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    finally:
        process.kill()
        process.wait()
