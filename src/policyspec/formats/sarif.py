"""SARIF 2.1.0, as GitHub's code scanning and editors read it.

Columns count code points, and the run says so. Where the standard leaves a choice, GitHub's documented subset decides:
every rule has a description and help, and the library's files have relative addresses, for a scheme other than `file`
makes GitHub refuse the whole upload. GitHub knows neither suppressions nor baselines, and shows findings marked so as
open: a report that is for GitHub leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policyspec import __version__, report
from policyspec.diagnostic import Diagnostic, Fix, Related, Severity
from policyspec.formats import rules
from policyspec.formats.given import Report, dumps, fingerprints, flat, is_library, markdown, notes, placed
from policyspec.formats.statistics import summary
from policyspec.library import PREFIX
from policyspec.lint.rule import Rule
from policyspec.report import percent_encoded
from policyspec.source import Source, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# What relative addresses start from.
_ROOT, _LIBRARY = "%SRCROOT%", "POLICYSPEC"
_BASES = {
    _ROOT: "The folder that paths are relative to.",
    _LIBRARY: "The vocabulary and rules that come with policyspec.",
}
# GitHub's limits.
_MAX_DESCRIPTION, _MAX_TAGS = 1024, 20


def sarif(given: Report) -> str:
    """A log with one run. Suppressed and known findings are in it, marked as such."""
    return dumps(_log(placed(given)), indent=2, is_lossless=False) + "\n"


def _log(given: Report) -> dict[str, Any]:
    found = [*given.diagnostics, *given.known, *given.suppressed]
    listed = {**given.rules, **{each.rule: _unlisted(each, given) for each in found if each.rule not in given.rules}}
    index = {name: number for number, name in enumerate(listed)}
    driver: dict[str, Any] = {"name": "policyspec", "version": __version__}
    if report.DOCUMENTATION:
        driver["informationUri"] = report.DOCUMENTATION
    driver["rules"] = [_rule(rule, given.url(name)) for name, rule in listed.items()]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "defaultEncoding": "utf-8",
                "newlineSequences": ["\r\n", "\n", "\r"],
                "originalUriBaseIds": {name: {"description": {"text": text}} for name, text in _BASES.items()},
                "results": [*_results(given, index)],
            }
        ],
    }


# ── Rules ────────────────────────────────────────────────────────────────────────────────────────


def _unlisted(found: Diagnostic, given: Report) -> Rule:
    """What the parser and the resolver find has a name and a level, but no page."""
    return Rule(found.rule, found.severity, summary(given, found.rule), suppressible=False)


def _rule(rule: Rule, url: str | None) -> dict[str, Any]:
    brief = flat(rule.summary) or flat(rule.name) or "a finding"
    full = rules.plain(re.split(r"\n\s*\n", rule.page.strip(), maxsplit=1)[0])
    said: dict[str, Any] = {
        "id": rule.name,
        "shortDescription": {"text": _cut(_plain(brief))},
        "fullDescription": {"text": _cut(_plain(full or brief))},
        "help": {"text": rules.explain(rule), "markdown": _without_html(rules.markdown(rule))},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": {
            "tags": [*dict.fromkeys(filter(None, ("privacy", flat(rule.pack), *map(flat, rule.cite))))][:_MAX_TAGS],
            "problem.severity": _PROBLEMS[rule.level],
            "cite": list(rule.cite),
            "pack": rule.pack,
        },
    }
    dates = {"since": rule.since and rule.since.isoformat(), "until": rule.until and rule.until.isoformat()}
    said["properties"] |= {name: value for name, value in {"status": rule.status, **dates}.items() if value}
    if url:
        said["helpUri"] = url
    return said


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_DESCRIPTION else f"{text[: _MAX_DESCRIPTION - 1]}…"


def _without_html(text: str) -> str:
    """Markdown in which nothing is a tag, and nothing harms a screen; code stays as it is."""
    lines = []
    fence = ""
    for line in re.split(r"\r\n|\r|\n", text):
        line = report.safe(line)
        found = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if found and not fence:
            fence = found[1]
        elif fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence and not line.startswith("    "):
            line = re.sub(r"`[^`]+`|<(?!https?://[^<>\s]+>)", lambda tag: tag[0] if tag[0] != "<" else "&lt;", line)
        lines.append(line)
    return "\n".join(lines)


# ── Results ──────────────────────────────────────────────────────────────────────────────────────


def _results(given: Report, index: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """A result for each finding. The standard has either all results say whether they are new, or none."""
    marks = fingerprints(given)
    for group, state in ((given.diagnostics, "new"), (given.known, "unchanged"), (given.suppressed, "new")):
        for found in group:
            result = _result(found, given.sources)
            result |= {"ruleIndex": index[found.rule], "partialFingerprints": {"policyspec/v1": marks[found]}}
            if given.known:
                result["baselineState"] = state
            if group is given.suppressed:
                reason = flat(given.reasons.get(found, ""))
                said = {"justification": reason} if reason else {}
                result["suppressions"] = [{"kind": "inSource", "status": "accepted", **said}]
            yield result


def _result(found: Diagnostic, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources.get(found.path)
    texts = [found.message if flat(found.message) else found.rule or "a finding"]
    texts += [f"{label.capitalize()}: {text}" for label, text in notes(found)]
    result: dict[str, Any] = {
        "ruleId": found.rule,
        "level": _LEVELS[found.severity],
        "message": _message(texts),
        "locations": [{"physicalLocation": _physical(found.path, source, found.span)}],
    }
    if found.related:
        related = enumerate(found.related, start=1)
        result["relatedLocations"] = [_related(each, sources, number) for number, each in related]
    if source is not None and (fixes := _fixes(found, source)):
        result["fixes"] = fixes
    return result


def _related(related: Related, sources: Mapping[str, Source], number: int) -> dict[str, Any]:
    place = _physical(related.path, sources.get(related.path), related.span)
    said = {"message": _message([related.message])} if flat(related.message) else {}
    return {"id": number, **said, "physicalLocation": place}


def _message(texts: Iterable[str]) -> dict[str, str]:
    """Paragraphs, as plain text and as Markdown.

    Braces stay single, though the standard has them doubled: no reader undoes that in a message without arguments.
    """
    texts = [flat(text) or "-" for text in texts]
    return {"text": "\n".join(map(_plain, texts)), "markdown": "\n\n".join(map(markdown, texts))}


def _plain(text: str) -> str:
    """Plain text, which has no markup, but where `[…](…)` would be a link."""
    return text.replace("`", "'").replace("](", "\\](")


def _fixes(found: Diagnostic, source: Source) -> list[dict[str, Any]]:
    """The fixes that change something; the standard wants no two that are the same."""
    fixes: list[dict[str, Any]] = []
    for fix in found.fixes:
        change = {"artifactLocation": _artifact(found.path), "replacements": [*_replacements(fix, source)]}
        said = {"description": _message([fix.title])} if flat(fix.title) else {}
        made = {**said, "artifactChanges": [change], "properties": {"safe": fix.safe}}
        if change["replacements"] and made not in fixes:
            fixes.append(made)
    return fixes


def _replacements(fix: Fix, source: Source) -> Iterator[dict[str, Any]]:
    for edit in sorted(fix.edits, key=lambda edit: edit.span):
        if edit.text or edit.span.end > edit.span.start:
            text = {"insertedContent": {"text": edit.text}} if edit.text else {}
            yield {"deletedRegion": _region(source, edit.span), **text}


# ── Places ───────────────────────────────────────────────────────────────────────────────────────


def _physical(path: str, source: Source | None, span: Span) -> dict[str, Any]:
    region = {} if source is None else {"region": _region(source, span)}
    return {"artifactLocation": _artifact(path), **region}


def _region(source: Source, span: Span) -> dict[str, int]:
    start, end = source.position(span.start), source.position(max(span.start, span.end))
    # A byte order mark is no character to the standard.
    marked = source.text.startswith("\ufeff")
    first, last = (max(at.column + 1 - (marked and at.line == 0), 1) for at in (start, end))
    return {"startLine": start.line + 1, "startColumn": first, "endLine": end.line + 1, "endColumn": last}


def _artifact(path: str) -> dict[str, str]:
    """The address of a file."""
    if is_library(path):
        return {"uri": percent_encoded(path.removeprefix(PREFIX)), "uriBaseId": _LIBRARY}
    if path.startswith("/"):
        return {"uri": f"file:///{percent_encoded(path.lstrip('/'))}"}
    if re.match(r"[A-Za-z]:/", path):
        return {"uri": f"file:///{path[:2]}{percent_encoded(path[2:])}"}
    return {"uri": percent_encoded(path), "uriBaseId": _ROOT}
