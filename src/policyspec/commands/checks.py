"""`policyspec check`, and `policyspec clean`, which removes what it has kept."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, NamedTuple

from policyspec import checking, config, console
from policyspec.arguments import Failure
from policyspec.cache import clean, open_cache
from policyspec.checking import Project
from policyspec.commands import output, progress
from policyspec.config import Settings
from policyspec.console import FAILED, FOUND, OK, STDIN
from policyspec.files import SUFFIX, Unreadable

if TYPE_CHECKING:
    from policyspec.diagnostic import Diagnostic

_GRAVITY = {"info": 0, "warning": 1, "error": 2, "never": 3}


class Outcome(NamedTuple):
    """The exit code of a check, and the files that it depends on."""

    code: int
    files: frozenset[str] = frozenset()


def check(args: argparse.Namespace) -> int:
    _check_options(args)
    if args.watch:
        from policyspec.commands.watch import watch

        return watch(args.paths, lambda: check_once(args))
    return check_once(args).code


def clean_up(args: argparse.Namespace) -> int:
    from policyspec.report import count

    console.show(f"{count(clean(), 'result')} removed")
    return OK


# ── Options ──────────────────────────────────────────────────────────────────────────────────────


def _check_options(args: argparse.Namespace) -> None:
    """Raises Failure for options that say nothing sensible, before anything is done."""
    targets = output.targets(args.output)
    if args.baseline and os.path.realpath(args.baseline) in [os.path.realpath(file) for _, file in targets]:
        raise Failure(f"--output: {console.shown(args.baseline)} is the baseline")
    is_fixing = args.fix or args.unsafe_fixes
    if args.jobs is not None and args.jobs < 1:
        raise Failure(f"--jobs {args.jobs}: at least 1 is needed")
    if args.accept_new and not args.update_baseline:
        raise Failure("--accept-new goes with --update-baseline")
    if args.add_suppressions and is_fixing:
        raise Failure("--add-suppressions goes with no fixes: apply these first")
    if args.update_baseline and args.diff:
        raise Failure("--update-baseline writes a file, and --diff none")
    if STDIN in args.paths:
        if is_fixing or args.add_suppressions or args.diff:
            raise Failure("the standard input cannot be changed: name a file")
        if args.watch:
            raise Failure("--watch needs files to look at, and the standard input is none")
    if args.add_suppressions:
        if not args.reason or not any(char.isprintable() and not char.isspace() for char in args.reason):
            raise Failure("--add-suppressions needs --reason TEXT", "a suppression says why the finding is allowed")
        _check_day(args.until)
    elif args.reason is not None or args.until is not None:
        raise Failure("--reason and --until go with --add-suppressions")
    _check_names("--select", args.select)
    _check_names("--ignore", args.ignore)


def _check_day(until: str | None) -> None:
    import datetime

    if until is None:
        return
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", until):
            raise ValueError
        day = datetime.date.fromisoformat(until)
    except ValueError:
        raise Failure(f"--until {until}: there is no such day", "a day is written 2027-03-01") from None
    if day < checking.today():
        raise Failure(f"--until {until}: that day is over")


def _check_names(option: str, given: Sequence[str] | None) -> None:
    """Raises Failure for a name that is of no rule, no pack and no beginning of these."""
    if given is None:
        return
    names = _names(given)
    if not names:
        raise Failure(f"{option} needs the name of a rule or a pack", "policyspec rules lists them")
    known = config.writable(checking.rule_names())
    for name in names:
        if name not in known:
            guess = console.did_you_mean(name, known)
            raise Failure(f"{option}: no rule or pack is named `{name}`{guess}", "policyspec rules lists them")


def _names(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(name for each in given or () for name in each.replace(",", " ").split())


def _jobs(args: argparse.Namespace) -> int:
    if args.jobs:
        return int(args.jobs)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ── One check ────────────────────────────────────────────────────────────────────────────────────


class _Found(NamedTuple):
    """What is found in a project, of which files, and whether that makes the check fail."""

    result: output.Result
    checked: frozenset[str]
    is_failure: bool
    problems: tuple[str, ...] = ()


def check_once(args: argparse.Namespace) -> Outcome:
    """Check everything once, print and write what there is to say."""
    stdin = [console.read(STDIN, args.stdin_filename)] if STDIN in args.paths else []
    sources, problems = console.read_all([path for path in args.paths if path != STDIN])
    cache = None if args.no_cache else open_cache()
    asked = Settings(select=_names(args.select), ignore=_names(args.ignore))
    try:
        whole = [path for path in args.paths if os.path.isdir(path)]
        projects = checking.projects(sources, args.isolated, whole, stdin, cache)
    except Unreadable as problem:
        raise Failure(str(problem)) from None
    projects = [replace(each, asked=asked) for each in projects]
    if args.update_baseline and not args.baseline and not any(each.settings.baseline for each in projects):
        raise Failure("--update-baseline needs --baseline FILE", "or `baseline` in the settings")
    if args.show_settings:
        code = _show_settings(args, projects)
        return Outcome(FAILED if problems else code)
    if args.profile:
        _profile(projects)
        return Outcome(FAILED if problems else OK)
    is_wanted: Callable[[str], bool] = lambda path: True  # noqa: E731
    if args.changed_since is not None:
        from policyspec.commands.git import changed_since

        is_wanted = changed_since(args.changed_since)
    if args.add_suppressions or args.fix or args.unsafe_fixes or args.diff:
        from policyspec.commands.changes import change

        changed = change(args, projects, checking.today(), is_wanted)
        if args.diff:
            return Outcome(FAILED if problems else FOUND if changed.files else OK)
        projects = changed.projects
        problems += changed.problems
    total = sum(len(each.sources) for each in projects)
    with progress.shown(total, None if args.quiet else sys.stderr) as advance:
        looks = [checking.look(each, _jobs(args), cache, advance) for each in projects]
    shared = checking.shared(each.sources for each in looks)
    found = [_judge(args, each, is_wanted, shared) for each in looks]
    result = _together([each.result for each in found], {path for each in found for path in each.checked})
    problems += [problem for each in found for problem in each.problems]
    if not total and not problems and not args.quiet:
        console.complain("no file is checked: the settings exclude all that is named")
    is_done = output.publish(args, result)
    code = FAILED if problems or not is_done else FOUND if any(each.is_failure for each in found) else OK
    return Outcome(code, frozenset(result.sources).union(*(each.missing for each in looks), *map(_named, projects)))


def _named(project: Project) -> set[str]:
    """The files that settings name, be they there or not."""
    names = [each for each in project.settings.imports if each.endswith(SUFFIX)]
    names += [project.settings.baseline] if project.settings.baseline else []
    return {os.path.normpath(os.path.join(project.folder, each)) for each in names}


def _together(results: Sequence[output.Result], checked: set[str]) -> output.Result:
    return output.Result(
        list(dict.fromkeys(one for each in results for one in each.found)),
        list(dict.fromkeys(one for each in results for one in each.suppressed)),
        list(dict.fromkeys(one for each in results for one in each.known)),
        {found: reason for each in results for found, reason in each.reasons.items()},
        {path: source for each in results for path, source in each.sources.items()},
        len(checked),
    )


def _judge(
    args: argparse.Namespace, looks: checking.Looks, is_wanted: Callable[[str], bool], shared: set[str]
) -> _Found:
    """What counts of what is found in a project; `shared` are files that others have as well."""
    project, sources = looks.project, looks.sources
    checked = frozenset(sources)
    seen = checking.looked_at(looks.by_path.values(), project.tops, shared)
    judged = checking.judged(project, looks.found, sources, checking.today(), seen, looks.firm)
    file, faults = checking.baseline_of(project)
    found = [*project.found, *faults, *judged.kept]
    if args.changed_since is not None:
        broken = _broken(looks, is_wanted)
        found = [each for each in found if _is_reported(each, is_wanted, broken) or each in project.found]
    known: tuple[Diagnostic, ...] = ()
    problems: tuple[str, ...] = ()
    if args.baseline or file:
        from policyspec.commands.known import compare

        everywhere = {path for path in sources if checking.is_below(path, project.tops)}
        try:
            compared = compare(args, str(args.baseline or file), found, sources, seen | everywhere - shared)
            found, known = [*compared.kept], compared.known
            if compared.file is not None:
                sources[compared.file.path] = compared.file
        except Unreadable as problem:
            console.complain(f"error: {problem}")
            problems = (str(problem),)
    if project.file is not None:
        sources[project.file.path] = project.file
    level = args.fail_level or project.settings.fail_level
    is_failure = any(_GRAVITY[each.severity.value] >= _GRAVITY[level] for each in found)
    result = output.Result(found, judged.suppressed, known, judged.reasons, sources, len(checked))
    return _Found(result, checked, is_failure, problems)


def _broken(looks: checking.Looks, is_wanted: Callable[[str], bool]) -> set[str]:
    """The files that may be broken by a change of what they import."""
    found = set()
    for path, each in looks.by_path.items():
        if any(map(is_wanted, (*each.files, *each.missing))):
            found.add(path)
    return found


def _is_reported(found: Diagnostic, is_wanted: Callable[[str], bool], broken: set[str]) -> bool:
    """Whether a finding has to do with what has changed."""
    if is_wanted(found.path) or any(is_wanted(each.path) for each in found.related):
        return True
    return found.is_error and not found.pack and found.path in broken


# ── In place of a check ──────────────────────────────────────────────────────────────────────────


def _show_settings(args: argparse.Namespace, projects: Sequence[Project]) -> int:
    """Print what holds for which files; what is wrong with it on the standard error."""
    shown = []
    for project in projects:
        settings, asked = project.settings, project.asked
        shown.append(
            {
                "file": console.shown(settings.path) if settings.path else None,
                "import": settings.imports,
                "select": asked.select or settings.select,
                "ignore": [*settings.ignore, *asked.ignore],
                "rules": dict(settings.levels),
                "overrides": [asdict(each) for each in settings.overrides],
                "exclude": settings.exclude,
                "fail-level": args.fail_level or settings.fail_level,
                "baseline": args.baseline or settings.baseline,
                "files": [console.shown(source.path) for source in project.sources],
            }
        )
    console.write(console.as_json(shown))
    found = [each for project in projects for each in checking.readable(project).found]
    sources = {project.file.path: project.file for project in projects if project.file is not None}
    console.show_findings(found, sources, args.color, to=sys.stderr)
    return FOUND if any(each.is_error for each in found) else OK


def _profile(projects: Sequence[Project]) -> None:
    """Print what the time goes into, the most first."""
    import time

    from policyspec import looking, review
    from policyspec.lint import engine

    times: dict[str, float] = {}

    def add(name: str, seconds: float) -> None:
        times[name] = times.get(name, 0.0) + seconds

    for project in map(checking.readable, projects):
        begin = time.perf_counter()
        workspace = looking.load(project.sources, project.around)
        add("(parsing)", time.perf_counter() - begin)
        begin = time.perf_counter()
        for source in project.sources:
            workspace.diagnostics(source.path)
        add("(names)", time.perf_counter() - begin)
        for source in project.sources:
            policy = review.facts(workspace, source.path)
            for name, seconds in (engine.profile(policy, time.perf_counter) if policy else {}).items():
                add(name, seconds)
    whole = sum(times.values()) or 1.0
    for name, seconds in sorted(times.items(), key=lambda each: -each[1]):
        console.show(f"{seconds * 1000:10.2f} ms  {seconds / whole:6.1%}  {name}")
