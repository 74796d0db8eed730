"""What is known of rules without reading them is what they say themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from policyspec.library import compiled
from policyspec.lint import registry
from policyspec.lint.registry import Standing


@pytest.fixture
def _edited_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    registry.standings.cache_clear()
    monkeypatch.setattr(compiled, "is_current", lambda: False)
    yield
    registry.standings.cache_clear()


def said() -> dict[str, Standing]:
    return {name: Standing(rule.pack, rule.suppressible) for name, rule in registry.known_rules().items()}


def test_the_index_has_the_standing_of_each_rule() -> None:
    assert compiled.is_current()
    assert list(registry.standings().items()) == list(said().items())


@pytest.mark.usefixtures("_edited_library")
def test_where_the_library_has_been_edited_its_rules_are_asked() -> None:
    assert registry.standings() == said()


def test_no_rule_is_imported_for_its_standing() -> None:
    program = """
import sys
from policyspec.lint import registry
assert registry.standings()["contradiction"].pack == "logic"
sys.exit(any(name.startswith("policyspec.lint.rules.") for name in sys.modules))
"""
    subprocess.run([sys.executable, "-c", program], check=True)
