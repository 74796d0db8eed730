"""`policyspec check --watch`: every change of a file that counts is seen, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_support import BAD, CONTRADICTION, GOOD, MODULE, Run, environ, write
from policyspec.commands import watch

USES = 'import "../house.policy"\n' + GOOD + "collect badge for delivery under contract keep 1 year\n"


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Runs a watch that does these steps while it waits; gives what it printed before each of them, and in the end."""

    def go(run: Run, *args: str, steps: list[Callable[[], object]]) -> list[str]:
        said: list[str] = []
        todo = iter(steps)

        def sleep(_: float) -> None:
            text = "".join(capsys.readouterr())
            if text or not said:
                said.append(text)
            step = next(todo, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        monkeypatch.setattr(watch.time, "sleep", sleep)
        assert run("check", "--watch", *args) == 130
        return said

    return go


def test_changes_are_seen(run: Run, steps: Callable[..., list[str]]) -> None:
    write("policies/shop.policy", USES)
    write("house.policy", MODULE)
    said = steps(
        run,
        "policies",
        steps=[
            lambda: None,
            lambda: write("policies/shop.policy", CONTRADICTION),
            lambda: write("policies/shop.policy", USES),
            # What is imported counts, wherever it lies.
            lambda: write("house.policy", MODULE.replace("badge", "card")),
            lambda: Path("house.policy").unlink(),
            lambda: write("house.policy", MODULE),
            lambda: write("policies/new/bad.policy", BAD),
            lambda: Path("policies/new/bad.policy").unlink(),
            lambda: write("policyspec.toml", 'exclude = ["shop.policy"]\n'),
            lambda: Path("policyspec.toml").unlink(),
            lambda: Path("policies/shop.policy").unlink(),
            lambda: write("policies/shop.policy", GOOD),
        ],
    )
    expected = [
        "no findings", "contradiction", "no findings", "unknown_name", "does not exist", "no findings",
        "unknown_name", "no findings", "no file is checked", "no findings", "no .policy file", "no findings",
    ]  # fmt: skip
    assert len(said) == len(expected)
    for text, words in zip(said, expected, strict=True):
        assert words in text
        assert text.count("watching for changes, Ctrl-C ends\n") == 1


def test_what_settings_name_counts_even_where_it_is_not(run: Run, steps: Callable[..., list[str]]) -> None:
    write("policyspec.toml", 'import = ["house/rules.policy"]\n')
    write("policies/shop.policy", GOOD)
    said = steps(run, "policies", steps=[lambda: write("house/rules.policy", "rule r { no collect email }\n")])
    assert ["invalid_setting" in text for text in said] == [True, False]
    assert "warning[r]" in said[1]


def test_what_changes_during_a_check_is_seen(
    run: Run, steps: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from policyspec.commands import output

    write("shop.policy", GOOD)
    publish = output.publish
    once = iter([True])

    def meanwhile(*args: object) -> object:
        if next(once, False):
            write("shop.policy", CONTRADICTION)
            write("new.policy", BAD)
        return publish(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(output, "publish", meanwhile)
    said = steps(run, ".", steps=[])
    assert len(said) == 1
    assert said[0].index("no findings") < said[0].index("contradiction")
    assert "unknown_name" in said[0]


def test_fixes_come_to_rest(run: Run, steps: Callable[..., list[str]]) -> None:
    from cli_support import FIXABLE, FIXED

    write("shop.policy", FIXABLE)
    said = steps(run, "--fix", steps=[lambda: None, lambda: None])
    assert "1 fix applied in 1 file" in "".join(said)
    assert "".join(said).count("watching") == 2
    assert Path("shop.policy").read_text("utf-8") == FIXED


def test_what_is_not_there_yet(run: Run, steps: Callable[..., list[str]]) -> None:
    said = steps(run, "shop.policy", steps=[lambda: write("shop.policy", GOOD)])
    assert "shop.policy does not exist" in said[0]
    assert "no findings" in said[1]


def test_folders_of_tools_are_passed_over(run: Run, steps: Callable[..., list[str]]) -> None:
    write("shop.policy", GOOD)
    said = steps(run, steps=[lambda: write("node_modules/x.policy", BAD), lambda: write(".git/x.policy", BAD)])
    assert len(said) == 1


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_process() -> None:
    file = write("shop.policy", GOOD)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "policyspec", "check", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # What runs in the background of a shell does not hear it, nor do its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        env=environ(),
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "no findings in 1 file checked\n"
        assert process.stdout.readline().startswith("watching")
        file.write_text(BAD, "utf-8")
        assert process.stdout.readline().startswith("error[unknown_name]")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(10) == 130
        assert "Traceback" not in rest
    finally:
        process.kill()
        process.wait()
