"""Files that a check changes: fixes are applied, or suppressions written."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from policyspec import checking, console, files, fixing, looking
from policyspec.arguments import Failure
from policyspec.checking import Project
from policyspec.fixing import Review
from policyspec.format import diff
from policyspec.lint import registry, suppressions
from policyspec.report import count
from policyspec.source import Source
from policyspec.workspace import Workspace


class Changed(NamedTuple):
    """Projects as they are after changes, how many of their files are others now, and what could not be written."""

    projects: list[Project]
    files: int
    problems: list[str]


def change(
    args: argparse.Namespace, projects: Sequence[Project], day: datetime.date, is_wanted: Callable[[str], bool]
) -> Changed:
    """Apply fixes to the projects' files, or write suppressions into them; with --diff, only print what that does."""
    number, touched = 0, 0
    changed: list[Project] = []
    problems: list[str] = []
    readable = [checking.readable(each) for each in projects]
    workspaces = [looking.load(each.sources, each.around) for each in readable]
    shared = checking.shared(each.sources for each in workspaces)
    for each, project, workspace in zip(projects, readable, workspaces, strict=True):
        # What a fix does to the policies of another project, nobody looks at here.
        names = (source.path for source in project.sources)
        paths = [name for name in names if is_wanted(name) and (args.add_suppressions or name not in shared)]
        review = checking.reviewer(project, day, shared)
        change_all = _suppressed if args.add_suppressions else _fixed
        workspace, numbers = change_all(args, project, workspace, paths, review)
        now = {source.path: source for source in each.sources}
        for path in paths:
            source = workspace.source(path)
            if source.text == now[path].text:
                continue
            if args.diff:
                console.write(diff(now[path].text, source.text, console.shown(path)))
            elif problem := _written(now[path], source.text):
                problems.append(problem)
                console.complain(f"error: {problem}")
                continue
            number, touched = number + numbers[path], touched + 1
            now[path] = source
        changed.append(replace(each, sources=tuple(now.values())))
    if not args.diff and not args.quiet:
        what = "suppressions written" if args.add_suppressions else f"{number} fix{'' if number == 1 else 'es'} applied"
        console.show(f"{what} in {count(touched, 'file')}", to=sys.stderr)
    return Changed(changed, touched, problems)


def _fixed(
    args: argparse.Namespace, project: Project, workspace: Workspace, paths: Sequence[str], review: Review
) -> tuple[Workspace, Counter[str]]:
    """The workspace with fixes applied to files, and how many in each."""
    numbers = Counter[str]()
    while True:
        before = numbers.total()
        for path in paths:
            done = fixing.fix(workspace, path, review, unsafe=args.unsafe_fixes)
            workspace = done.workspace
            numbers[path] += done.number
        # What is mended in one file may let something be mended in another.
        if numbers.total() == before or len(paths) == 1:
            return workspace, numbers


def _suppressed(
    args: argparse.Namespace, project: Project, workspace: Workspace, paths: Sequence[str], review: Review
) -> tuple[Workspace, Counter[str]]:
    """The workspace with files that allow all that rules find in them."""
    until = datetime.date.fromisoformat(args.until) if args.until else None
    refused = {name for name, rule in registry.known_rules().items() if not rule.suppressible}
    for path in paths:
        firm = refused.union(*(each.firm for each in checking.looks_at(project, workspace, path)))
        found = [each for each in review(workspace, path) if each.path == path and each.pack and each.rule not in firm]
        text = suppressions.add(workspace.source(path), workspace.tree(path), found, args.reason, until)
        workspace = workspace.with_source(Source(path, text))
    return workspace, Counter()


def _written(source: Source, text: str) -> str:
    """Write a text in place of a file's; what kept it from that, or nothing."""
    try:
        # To replace a file, it need not be writable itself; but whoever has set that means it.
        if not os.stat(source.path).st_mode & 0o222:
            return f"{console.shown(source.path)} may not be written to"
        if files.read(source.path).text != source.text:
            return f"{console.shown(source.path)} was changed meanwhile, and is left as it is"
        console.save(source.path, text)
    except OSError as error:
        return f"{console.shown(source.path)} cannot be written: {error.strerror or error}"
    except (files.Unreadable, Failure) as problem:
        return str(problem)
    return ""
