"""GitLab's code quality report: a list of findings with the fields that it documents, and no others."""

from __future__ import annotations

from typing import Any

from policyspec.diagnostic import Diagnostic, Severity
from policyspec.formats.given import Report, dumps, fingerprints, flat, lines, placed
from policyspec.report import safe
from policyspec.source import Source

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab(given: Report) -> str:
    """The findings that are neither suppressed nor known."""
    given = placed(given)
    marks = fingerprints(given)
    issues = [_issue(each, marks[each], given.sources.get(each.path)) for each in given.diagnostics]
    return dumps(issues, indent=2, is_lossless=False) + "\n"


def _issue(found: Diagnostic, fingerprint: str, source: Source | None) -> dict[str, Any]:
    begin, end = lines(source, found)
    return {
        # A merge request shows the description and not the name of the check.
        "description": f"{flat(found.rule)}: {flat(found.message)}",
        "check_name": flat(found.rule),
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        "location": {"path": safe(found.path), "lines": {"begin": begin, "end": end}},
    }
