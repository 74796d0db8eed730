"""Known findings: they are left out of a report, and their file is kept up to date."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from policyspec import checking, console, files
from policyspec.arguments import Failure
from policyspec.diagnostic import Diagnostic
from policyspec.lint import baseline
from policyspec.report import count
from policyspec.source import Source
from policyspec.workspace import parsed


class Compared(NamedTuple):
    """The findings that are not known, among them what is wrong with the file; those that are; and this file."""

    kept: tuple[Diagnostic, ...]
    known: tuple[Diagnostic, ...]
    file: Source | None = None


def compare(
    args: argparse.Namespace,
    file: str,
    found: Sequence[Diagnostic],
    sources: Mapping[str, Source],
    seen: Collection[str],
) -> Compared:
    """Take the known findings out of others; with --update-baseline, write their file anew. Raises Unreadable.

    `seen` are the files in which all is found that there is.
    """
    known: baseline.Baseline = {}
    source = None
    if os.path.lexists(file):
        source = files.read(file)
        known, faults = baseline.load(source.text, source.path)
        if faults:
            return Compared((*found, *faults), (), source)
    elif not (args.update_baseline and args.accept_new):
        hint = "--update-baseline --accept-new writes it, with all that is found"
        raise Failure(f"there is no {console.shown(file)}", hint)
    # What keeps a policy from being compiled is no debt to be paid off later.
    able = [each for each in found if each.pack or not each.is_error]
    folder = os.path.dirname(file) or "."
    trees = {
        path: parsed(sources[path].text)
        for path in {each.path for each in able}
        if path in sources and path.endswith(files.SUFFIX)
    }
    looked_at = {checking.from_folder(path, folder) for path in sources}
    seen = {checking.from_folder(path, folder) for path in seen}
    is_partial = bool(args.select or args.ignore or args.changed_since)

    def path_of(path: str) -> str:
        return checking.from_folder(path, folder)

    def was_run(rule: str, path: str) -> bool:
        is_seen = path in (looked_at if rule in checking.OF_NAMES else seen)
        # In a file that is gone, there is nothing any more.
        return not is_partial and (is_seen or not os.path.lexists(os.path.join(folder, path)))

    compared = baseline.apply(known, able, sources, trees, path_of, was_run)
    if args.update_baseline:
        new = baseline.update(known, able, sources, trees, args.accept_new, path_of, was_run)
        if new != known or source is None:
            console.save(file, baseline.dump(new))
        if args.accept_new:
            compared = baseline.apply(new, able, sources, trees, path_of, was_run)
    elif compared.stale and not args.quiet:
        number = count(sum(compared.stale.values()), "known finding")
        console.show(f"{number} no longer found: --update-baseline takes out what is over", to=sys.stderr)
    is_known = {*compared.known}
    return Compared(tuple(each for each in found if each not in is_known), compared.known, source)
