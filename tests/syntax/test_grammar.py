"""The grammar file is the language, whatever is kept of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyspec.syntax import grammar


def test_without_tables_the_grammar_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = grammar.load()
    monkeypatch.setattr(grammar, "TABLES", tmp_path / "none.json")
    grammar.load.cache_clear()
    try:
        assert grammar.load() == kept
    finally:
        grammar.load.cache_clear()


def test_the_grammar_is_small() -> None:
    lines = grammar.grammar_path().read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip() and not line.startswith("//")]) <= 120
