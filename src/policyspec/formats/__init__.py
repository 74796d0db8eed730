"""Findings in the forms that other programs read: one module for each form.

Each is a function from a `Report` to a text. What is in messages, paths and policies may come from anyone: whatever it
is, the text is well-formed, and what people look at is harmless to their screens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from policyspec.formats.given import Report
from policyspec.formats.statistics import statistics, statistics_json

if TYPE_CHECKING:
    from policyspec.formats.github import github_summary
    from policyspec.formats.rules import explain, rules_json, rules_table

# Where the functions are. One is imported when it is asked for: each has patterns of its own that take time to make.
_HOMES = {
    "github_summary": "github", "explain": "rules", "rules_json": "rules", "rules_table": "rules",
}  # fmt: skip


def _form(module: str, name: str) -> Callable[[Report], str]:
    def form(given: Report) -> str:
        text: str = getattr(import_module(f"policyspec.formats.{module}"), name)(given)
        return text

    return form


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "json": _form("data", "as_json"),
    "jsonl": _form("data", "as_jsonl"),
    "sarif": _form("sarif", "sarif"),
    "github": _form("github", "github"),
    "gitlab": _form("gitlab", "gitlab"),
    "junit": _form("junit", "junit"),
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"policyspec.formats.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "FORMATS",
    "Report",
    "explain",
    "github_summary",
    "rules_json",
    "rules_table",
    "statistics",
    "statistics_json",
]
