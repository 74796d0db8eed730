"""Files that are committed but made by the code are current; `make generate` makes them so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policyspec import config, highlighting, kinds, library, model, report
from policyspec.formats.rules import rules_page
from policyspec.library import compiled
from policyspec.lint import registry
from policyspec.syntax import grammar

ROOT = Path(__file__).parents[1]


def _fields() -> str:
    return json.dumps(model.field_tables(), ensure_ascii=False, indent=1) + "\n"


def _schema() -> str:
    return json.dumps(model.json_schema(), ensure_ascii=False, indent=2) + "\n"


def _settings_schema() -> str:
    return json.dumps(config.schema(), ensure_ascii=False, indent=2) + "\n"


def _rules() -> str:
    return rules_page(registry.known_rules().values())


# In this order: each is made from those before it.
GENERATED: dict[Path, Callable[[], str]] = {
    grammar.TABLES: grammar.dump_tables,
    kinds.FIELDS: _fields,
    library.COMPILED: compiled.dump,
    registry.INDEX: registry.index,
    ROOT / "docs" / "policy.schema.json": _schema,
    ROOT / "docs" / "policyspec.schema.json": _settings_schema,
    ROOT / "docs" / "rules.md": _rules,
    ROOT / "editors" / "vscode" / "syntaxes" / "policy.tmLanguage.json": highlighting.textmate,
    ROOT / "editors" / "vscode" / "language-configuration.json": highlighting.language_configuration,
}


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_is_current(path: Path, update: bool) -> None:
    text = GENERATED[path]()
    if update:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run `make generate`"


def test_a_rule_is_where_reports_say_it_is() -> None:
    names = re.findall(r"^#{2,3} (\S+)$", _rules(), re.M)
    anchors = [report.anchor(name) for name in names]
    assert {*registry.known_rules()} < {*names}
    assert len({*anchors}) == len(anchors)


def test_the_page_of_rules_has_what_there_is_to_say() -> None:
    page = _rules()
    for rule in registry.known_rules().values():
        entry = page.partition(f"\n### {rule.name}\n")[2].partition("\n### ")[0]
        for text in (rule.summary, rule.level.value, *rule.cite, *rule.bad, *rule.good):
            assert text.strip() in entry, rule.name
