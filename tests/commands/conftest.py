"""Each test runs commands in an empty folder, on one day."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from cli_support import Run, alone
from policyspec import checking

TODAY = datetime.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(checking, "today", lambda: TODAY)
    return alone(tmp_path, tmp_path_factory.mktemp("cache"), monkeypatch)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(capsys, monkeypatch)
