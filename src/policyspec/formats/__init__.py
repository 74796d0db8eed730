"""Findings in the forms that other programs read: one module for each form.

Each is a function from a `Report` to a text. What is in messages, paths and policies may come from anyone: whatever it
is, the text is well-formed, and what people look at is harmless to their screens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policyspec.formats.data import as_json, as_jsonl
from policyspec.formats.github import github, github_summary
from policyspec.formats.gitlab import gitlab
from policyspec.formats.given import Report
from policyspec.formats.junit import junit
from policyspec.formats.rules import explain, rules_json, rules_table
from policyspec.formats.sarif import sarif
from policyspec.formats.statistics import statistics, statistics_json

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "json": as_json,
    "jsonl": as_jsonl,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "junit": junit,
}

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
