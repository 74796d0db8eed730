"""`pytest --update` writes anew what is committed but made by the code, instead of failing where it is stale."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("policyspec", deadline=None, derandomize=True)
settings.load_profile("policyspec")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write generated files and expectations anew")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
