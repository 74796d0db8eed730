"""JUnit's XML, for programs that show tests: each file is a suite, each finding a test.

Errors and warnings fail. What is info, suppressed or known is a skipped test, and a file without findings one that
passes. The form is the one that Jenkins and GitLab read; GitLab takes tests of one name for one, so that names differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from policyspec import report
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.formats.given import Report, flat, is_library, placed

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def junit(given: Report) -> str:
    """A document of suites, by path."""
    given = placed(given)
    cases: dict[str, list[tuple[Diagnostic, str]]] = {path: [] for path in given.sources if not is_library(path)}
    for found in given.diagnostics:
        why = "info" if found.severity is Severity.INFO else ""
        cases.setdefault(found.path, []).append((found, why))
    for found in given.known:
        cases.setdefault(found.path, []).append((found, "known"))
    for found in given.suppressed:
        reason = given.reasons.get(found, "")
        cases.setdefault(found.path, []).append((found, f"suppressed: {reason}" if reason else "suppressed"))
    failed = sum(not skipped for each in cases.values() for _, skipped in each)
    tests = sum(max(len(each), 1) for each in cases.values())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        _tag("testsuites", {"name": "policyspec", "tests": tests, "failures": failed, "errors": 0, "time": 0}),
        *(line for path in sorted(cases) for line in _suite(path, cases[path], given)),
        "</testsuites>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _suite(path: str, cases: Sequence[tuple[Diagnostic, str]], given: Report) -> Iterator[str]:
    skipped = sum(bool(why) for _, why in cases)
    numbers = {"tests": max(len(cases), 1), "failures": len(cases) - skipped, "errors": 0, "skipped": skipped}
    yield "  " + _tag("testsuite", {"name": report.safe(path), **numbers, "time": 0})
    if not cases:
        yield "    " + _tag("testcase", {"name": "no findings", "classname": report.safe(path), "time": 0}, "/")
    names: Counter[str] = Counter()
    for found, why in cases:
        name = flat(found.rule) + _place(found, given)
        names[name] += 1
        name += f" ({names[name]})" if names[name] > 1 else ""
        yield "    " + _tag("testcase", {"name": name, "classname": report.safe(path), "time": 0})
        yield "      " + _outcome(found, why, given)
        yield "    </testcase>"
    yield "  </testsuite>"


def _place(found: Diagnostic, given: Report) -> str:
    source = given.sources.get(found.path)
    if source is None:
        return ""
    at = source.position(found.span.start)
    return f" at {at.line + 1}:{at.column + 1}"


def _outcome(found: Diagnostic, why: str, given: Report) -> str:
    """What is shown of a test: the finding as it is in a terminal."""
    text = _escaped(report.text([found], given.sources), keep="\t\n")
    if why:
        return f"{_tag('skipped', {'message': f'{flat(why)}: {flat(found.message)}'})}{text}</skipped>"
    return f"{_tag('failure', {'type': found.severity.value, 'message': flat(found.message)})}{text}</failure>"


def _tag(element: str, attributes: Mapping[str, str | int], end: str = "") -> str:
    said = "".join(f' {name}="{_escaped(str(value))}"' for name, value in attributes.items())
    return f"<{element}{said}{end}>"


def _escaped(text: str, keep: str = "") -> str:
    """Text for XML, without what XML cannot have."""
    text = _NO_XML.sub("", text)
    return re.sub('[&<>"\t\n\r]', lambda char: char[0] if char[0] in keep else _ENTITIES[char[0]], text)
