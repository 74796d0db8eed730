"""The report of a check: what is printed, and what is written to files in other forms."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from policyspec import console, report
from policyspec.arguments import FORMATS, Failure
from policyspec.console import STDIN
from policyspec.diagnostic import Diagnostic
from policyspec.source import Source

if TYPE_CHECKING:
    from policyspec import formats
    from policyspec.lint.rule import Rule


class Result(NamedTuple):
    """What a check has found. `sources` are all files that it is about, `files` those that were checked."""

    found: Sequence[Diagnostic]
    suppressed: Sequence[Diagnostic]
    known: Sequence[Diagnostic]
    reasons: Mapping[Diagnostic, str]
    sources: Mapping[str, Source]
    files: int


def targets(given: Sequence[str] | None) -> list[tuple[str, str]]:
    """What `--output` names: forms, and files for them; raises Failure."""
    found: dict[str, str] = {}
    for each in given or ():
        form, equals, file = each.partition("=")
        if not equals or form not in FORMATS or not file or file == STDIN:
            raise Failure(f"--output {each}: write FORM=FILE, with one of {', '.join(FORMATS)}")
        if file in found:
            raise Failure(f"--output: {console.shown(file)} would be written twice")
        found[file] = form
    return [(form, file) for file, form in found.items()]


def publish(args: argparse.Namespace, result: Result) -> bool:
    """Print what was found, and write it to files. Whether all could be written: what cannot is said."""
    shown = [each for each in result.found if each.is_error or not args.quiet]
    outputs = targets(args.output)
    for _, file in outputs:
        console.check_target(file, result.sources)
    is_done = True
    # Files first: who reads what is printed may stop reading.
    for form, file in outputs:
        text = report.text(shown, _with_library(shown, result)) if form == "text" else _formatted(form, result, shown)
        try:
            console.save(file, text)
        except Failure as failure:
            console.complain(f"error: {failure}")
            is_done = False
    if "github" in (args.output_format, *(form for form, _ in outputs)):
        _add_to_summary(result, shown)
    if args.output_format == "text":
        console.show_findings(shown, result.sources, args.color, to=sys.stdout)
    else:
        console.write(_formatted(args.output_format, result, shown))
    if args.statistics:
        from policyspec import formats

        # What programs read is that and nothing else.
        to = sys.stdout if args.output_format == "text" else sys.stderr
        console.write(("\n" if shown and to is sys.stdout else "") + formats.statistics(_given(result, shown)), to)
    if args.output_format == "text" and result.files and not args.quiet:
        more = [
            f"{len(each)} {what}" for each, what in ((result.suppressed, "suppressed"), (result.known, "known")) if each
        ]
        summary = report.summary(result.found, result.files) + (f" ({', '.join(more)})" if more else "")
        console.show(*([""] if shown else []), summary)
    return is_done


def _with_library(shown: Sequence[Diagnostic], result: Result) -> dict[str, Source]:
    return {**result.sources, **console.library_sources(shown, result.sources)}


def _formatted(form: str, result: Result, shown: Sequence[Diagnostic]) -> str:
    from policyspec import formats

    return formats.FORMATS[form](_given(result, shown, with_rules=form == "sarif"))


def _given(result: Result, shown: Sequence[Diagnostic], with_rules: bool = True) -> formats.Report:
    from policyspec import formats

    rules: Mapping[str, Rule] = {}
    if with_rules:
        # Every rule has to be read for it.
        from policyspec.lint import registry

        rules = registry.known_rules()
    sources = _with_library((*shown, *result.suppressed, *result.known), result)
    return formats.Report(shown, sources, result.files, rules, result.suppressed, result.known, reasons=result.reasons)


def _add_to_summary(result: Result, shown: Sequence[Diagnostic]) -> None:
    """The page of a step, where GitHub says where to write it."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        from policyspec import formats

        text = formats.github_summary(_given(result, shown))
        # It is no more than a help.
        with contextlib.suppress(OSError), open(file, "a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
