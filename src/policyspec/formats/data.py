"""JSON: all findings as one object, or each as one line."""

from __future__ import annotations

from policyspec import report
from policyspec.formats.given import Report, dumps, placed


def as_json(given: Report) -> str:
    """All that there is to say, as one object. Suppressed and known findings stand apart from the others."""
    given = placed(given)
    data = report.as_json(given.diagnostics, given.sources, given.files, given.url)
    for name, more in (("suppressed", given.suppressed), ("known", given.known)):
        data[name] = report.as_json(more, given.sources, 0, given.url)["diagnostics"]
    for each, found in zip(data["suppressed"], given.suppressed, strict=True):
        each["reason"] = given.reasons.get(found, "")
    return dumps(data, indent=2) + "\n"


def as_jsonl(given: Report) -> str:
    """A line for each finding that is neither suppressed nor known."""
    given = placed(given)
    found = report.as_json(given.diagnostics, given.sources, given.files, given.url)["diagnostics"]
    return "".join(f"{dumps(each)}\n" for each in found)
