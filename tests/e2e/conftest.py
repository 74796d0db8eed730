"""Tests that drive editors. They run only where they are asked for: `bash tests/e2e/setup.sh`, `pytest tests/e2e`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.support import HERE, Project, is_running


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = [(config.invocation_params.dir / each.partition("::")[0]).resolve() for each in config.args]
    return None if any(each.is_relative_to(HERE) for each in asked) else True


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path)
    yield made
    for each in made.servers():
        if is_running(each):
            os.kill(each, 9)
