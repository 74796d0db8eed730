"""The command line: reads files, prints, and says by its exit code how it went.

Every command imports what it needs when it runs, so that the start costs no command but one's own.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from policyspec.arguments import COMMANDS, FORMATS, STARTED, Failure, parser

if TYPE_CHECKING:
    import argparse
    import datetime

    from policyspec import formats
    from policyspec.cache import Cache
    from policyspec.checking import Project
    from policyspec.config import Settings
    from policyspec.diagnostic import Diagnostic, Severity
    from policyspec.lint.rule import Rule
    from policyspec.scope import Definition
    from policyspec.source import Source
    from policyspec.vocabulary import Vocabulary
    from policyspec.workspace import Workspace

OK, FOUND, FAILED = 0, 1, 2
# As a shell has it for a program that a signal has ended.
INTERRUPTED, BROKEN_PIPE = 130, 141

STDIN = "-"
STARTER = Path(__file__).with_name("starter.policy")
_MAX_WIDTH = 120


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. No input makes this raise."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Policies are UTF-8 whatever the locale is, and keep their line ends.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    # A command makes much and drops little; looking for what it dropped would take longer than it is worth.
    gc.disable()
    try:
        code = _run(sys.argv[1:] if argv is None else list(argv))
        _flush()
        return code
    except Failure as failure:
        return _complain(f"error: {failure}", failure.hint)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN_PIPE
    except OSError as error:
        where = f"{_shown(error.filename)}: " if error.filename else ""
        return _complain(f"error: {where}{error.strerror or error}")
    except Exception as error:
        if os.environ.get("POLICYSPEC_DEBUG"):
            import traceback

            traceback.print_exc()
        return _complain(
            f"internal error: {type(error).__name__}: {error}; please report",
            "POLICYSPEC_DEBUG=1 shows where it happened",
        )
    finally:
        gc.enable()
        _discard_unwritten()


def _run(argv: list[str]) -> int:
    if any("\0" in each for each in argv):
        raise Failure("an argument has a NUL character in it")
    made = parser(_page_width())
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        guess = _did_you_mean(argv[0], COMMANDS)
        raise Failure(f"there is no command `{argv[0]}`{guess}", "policyspec --help lists them")
    try:
        args, unknown = made.parse_known_args(argv)
    except SystemExit as done:
        # After --help or --version.
        return int(done.code or OK)
    if unknown:
        raise Failure(f"unexpected argument `{unknown[0]}`", f"policyspec {argv[0]} --help says what it takes")
    if "command" not in args:
        made.print_help(sys.stderr)
        return FAILED
    return _RUN[args.command](args)


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────


def _check(args: argparse.Namespace) -> int:
    if args.watch:
        return _watch(args)
    return _check_once(args)


def _check_once(args: argparse.Namespace) -> int:
    from policyspec import checking
    from policyspec.config import Settings
    from policyspec.files import Unreadable

    stdin = [_read(STDIN, args.stdin_filename)] if STDIN in args.paths else []
    sources, problems = _read_all([path for path in args.paths if path != STDIN])
    try:
        whole = [path for path in args.paths if os.path.isdir(path)]
        projects = checking.projects([*sources, *stdin], args.isolated, whole)
    except Unreadable as problem:
        raise Failure(str(problem)) from None
    if args.show_settings:
        return _show_settings(projects)
    if args.profile:
        return _profile(projects)
    if any((args.add_suppressions, args.fix, args.unsafe_fixes, args.diff)) and stdin:
        raise Failure("the standard input cannot be changed: name a file")
    run = _Run([], [], [], {}, {}, 0, Settings().fail_level)
    for project in projects:
        try:
            run = _check_project(args, project, run)
        except Unreadable as problem:
            _complain(f"error: {problem}")
            problems.append(str(problem))
    if args.diff:
        return FAILED if problems else FOUND if run.changed else OK
    _report(args, run)
    if problems:
        return FAILED
    return FOUND if any(_fails(each.severity, args.fail_level or run.fail_level) for each in run.found) else OK


class _Run(NamedTuple):
    """What a check has found so far."""

    found: list[Diagnostic]
    suppressed: list[Diagnostic]
    known: list[Diagnostic]
    reasons: dict[Diagnostic, str]
    sources: dict[str, Source]
    files: int
    fail_level: str
    changed: int = 0


_GRAVITY = {"info": 0, "warning": 1, "error": 2, "never": 3}


def _fails(severity: Severity, level: str) -> bool:
    return _GRAVITY[severity.value] >= _GRAVITY[level]


def _check_project(args: argparse.Namespace, project: Project, run: _Run) -> _Run:
    from dataclasses import replace

    from policyspec import checking
    from policyspec.source import Source

    settings = project.settings
    if args.select or args.ignore:
        names = {"select": _names(args.select), "ignore": _names(args.ignore)}
        _check_rule_names([*names["select"], *names["ignore"]])
        settings = replace(
            settings, select=names["select"] or settings.select, ignore=(*settings.ignore, *names["ignore"])
        )
        project = replace(project, settings=settings)
    changed = 0
    if args.add_suppressions or args.fix or args.unsafe_fixes or args.diff:
        project, changed = _change(args, project)
        if args.diff:
            return run._replace(changed=run.changed + changed)
    looks = checking.look(project, _jobs(args), _cache(args, settings))
    sources = checking.sources_of(looks, project)
    raw = [each for one in looks.values() for each in one.found]
    judged = checking.judged(settings, project.folder, raw, sources, _today(), {*sources})
    kept = [*project.found, *judged.kept]
    known: list[Diagnostic] = []
    baseline = args.baseline or (settings.baseline and os.path.join(project.folder, settings.baseline))
    if baseline:
        kept, known = _with_baseline(args, str(baseline), kept, sources, project)
    if args.changed_since:
        touched = _changed_since(args.changed_since)
        kept = [each for each in kept if os.path.abspath(each.path) in touched]
    if project.file is not None:
        sources[project.file.path] = Source(project.file.path, project.file.text)
    return _Run(
        [*run.found, *kept],
        [*run.suppressed, *judged.suppressed],
        [*run.known, *known],
        {**run.reasons, **judged.reasons},
        run.sources | sources,
        run.files + len(sources) - (project.file is not None),
        settings.fail_level if not run.files else run.fail_level,
        run.changed + changed,
    )


def _with_baseline(
    args: argparse.Namespace, file: str, found: list[Diagnostic], sources: dict[str, Source], project: Project
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """The findings without those that a baseline has, and these; with --update-baseline it is written anew."""
    from policyspec import checking, files
    from policyspec.lint import baseline
    from policyspec.report import count
    from policyspec.workspace import parsed

    known: baseline.Baseline = {}
    if os.path.exists(file):
        source = files.read(file)
        known, faults = baseline.load(source.text, source.path)
        if faults:
            sources[source.path] = source
            return [*found, *faults], []
    elif not (args.update_baseline and args.accept_new):
        raise Failure(f"there is no {_shown(file)}", "--update-baseline --accept-new writes it, with all that is found")
    # What keeps a policy from being compiled is no debt to be paid off later.
    able = [each for each in found if each.pack or not each.is_error]
    folder = os.path.dirname(file)
    trees = {path: parsed(sources[path].text) for path in {each.path for each in able} if path.endswith(files.SUFFIX)}
    looked_at = {checking.from_folder(path, folder) for path in sources}

    def path_of(path: str) -> str:
        return checking.from_folder(path, folder)

    def was_run(rule: str, path: str) -> bool:
        return path in looked_at and not (args.select or args.ignore or args.changed_since)

    compared = baseline.apply(known, able, sources, trees, path_of, was_run)
    if args.update_baseline:
        new = baseline.update(known, able, sources, trees, args.accept_new, path_of, was_run)
        _save(file, baseline.dump(new))
        if args.accept_new:
            compared = baseline.apply(new, able, sources, trees, path_of, was_run)
    elif compared.stale and not args.quiet:
        number = count(sum(compared.stale.values()), "known finding")
        _print(f"{number} no longer found: --update-baseline takes out what is over", to=sys.stderr)
    is_known = {*compared.known}
    return [each for each in found if each not in is_known], list(compared.known)


def _names(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(name for each in given or () for name in each.replace(",", " ").split())


def _check_rule_names(names: Sequence[str]) -> None:
    """Raises Failure for a name that is of no rule, no pack and no beginning of these."""
    from policyspec.checking import rule_names

    known: set[str] = set()
    for each in rule_names():
        known |= {each, each.rpartition(".")[2]}
        while each := each.rpartition(".")[0]:
            known.add(each)
    for name in names:
        if name not in known and name != "logic":
            raise Failure(
                f"no rule or pack is named `{name}`{_did_you_mean(name, known)}", "policyspec rules lists them"
            )


def _jobs(args: argparse.Namespace) -> int:
    if args.jobs:
        return int(args.jobs)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cache(args: argparse.Namespace, settings: Settings) -> Cache | None:
    if args.no_cache or args.profile:
        return None
    from policyspec.cache import open_cache

    return open_cache(json.dumps(settings.imports))


def _today() -> datetime.date:
    import datetime

    return datetime.date.today()


def _changed_since(revision: str) -> set[str]:
    """The files that have changed since a revision, or are new, with their whole paths."""
    import subprocess

    if revision.startswith("-"):
        raise Failure(f"`{revision}` is no revision")

    def git(*words: str) -> list[str]:
        try:
            done = subprocess.run(["git", *words], capture_output=True, check=False)
        except OSError:
            raise Failure("--changed-since needs git") from None
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
            raise Failure(f"--changed-since {revision}: {lines[0]}")
        return [each for each in done.stdout.decode("utf-8", "surrogateescape").split("\0") if each]

    (top,) = [each.rstrip("\n") for each in git("rev-parse", "--show-toplevel")]
    changed = git("-C", top, "diff", "--name-only", "--no-ext-diff", "-z", revision, "--")
    new = git("-C", top, "ls-files", "--others", "--exclude-standard", "-z")
    return {os.path.abspath(os.path.join(top, each)) for each in (*changed, *new)}


def _change(args: argparse.Namespace, project: Project) -> tuple[Project, int]:
    """Apply fixes, or write suppressions; the project as it is then, and how many files changed (or would)."""
    from dataclasses import replace

    from policyspec import checking, files, fixing
    from policyspec.format import diff
    from policyspec.source import Source

    if args.add_suppressions and not args.reason:
        raise Failure("--add-suppressions needs --reason TEXT", "a suppression says why the finding is allowed")
    workspace = files.load((), project.sources, project.settings.imports, project.folder)
    today = _today()

    def review(at: Workspace, path: str) -> list[Diagnostic]:
        found = checking.examine(at, path).found
        sources = {file: at.source(file) for file in at.closure(path)}
        return list(checking.judged(project.settings, project.folder, found, sources, today, {*sources}).kept)

    number, touched = 0, 0
    before = {source.path: source.text for source in project.sources}
    for path in before:
        if args.add_suppressions:
            workspace = _suppress(args, workspace, path, review)
        else:
            done = fixing.fix(workspace, path, review, unsafe=args.unsafe_fixes)
            workspace, number = done.workspace, number + done.number
    for path, text in before.items():
        now = workspace.source(path).text
        if now == text:
            continue
        touched += 1
        if args.diff:
            _write(diff(text, now, _shown(path)))
        else:
            _save(path, now)
    if not args.diff and not args.quiet:
        from policyspec.report import count

        done_what = (
            "suppressions written in"
            if args.add_suppressions
            else f"{count(number, 'fix').replace('fixs', 'fixes')} applied in"
        )
        _print(f"{done_what} {count(touched, 'file')}", to=sys.stderr)
    sources = tuple(Source(source.path, workspace.source(source.path).text) for source in project.sources)
    return replace(project, sources=sources), touched


def _suppress(
    args: argparse.Namespace, workspace: Workspace, path: str, review: Callable[[Workspace, str], list[Diagnostic]]
) -> Workspace:
    import datetime

    from policyspec.lint import suppressions
    from policyspec.source import Source

    try:
        until = datetime.date.fromisoformat(args.until) if args.until else None
    except ValueError:
        raise Failure(f"--until {args.until}: there is no such day", "a day is written 2027-03-01") from None
    found = [each for each in review(workspace, path) if each.path == path and each.pack]
    source = workspace.source(path)
    return workspace.with_source(
        Source(path, suppressions.add(source, workspace.tree(path), found, args.reason, until))
    )


def _profile(projects: Sequence[Project]) -> int:
    """Print what the time goes into, the most first."""
    import time

    from policyspec import files, review
    from policyspec.lint import engine

    times: dict[str, float] = {}
    for project in projects:
        begin = time.perf_counter()
        workspace = files.load((), project.sources, project.settings.imports, project.folder)
        times["(parsing)"] = times.get("(parsing)", 0.0) + time.perf_counter() - begin
        begin = time.perf_counter()
        for source in project.sources:
            workspace.diagnostics(source.path)
        times["(names)"] = times.get("(names)", 0.0) + time.perf_counter() - begin
        for source in project.sources:
            policy = review.facts(workspace, source.path)
            for name, seconds in (engine.profile(policy, time.perf_counter) if policy else {}).items():
                times[name] = times.get(name, 0.0) + seconds
    whole = sum(times.values()) or 1.0
    for name, seconds in sorted(times.items(), key=lambda each: -each[1]):
        _print(f"{seconds * 1000:10.2f} ms  {seconds / whole:6.1%}  {name}")
    return OK


def _show_settings(projects: Sequence[Project]) -> int:
    from dataclasses import asdict

    for project in projects:
        settings = project.settings
        shown = {
            "file": _shown(settings.path) if settings.path else None,
            "import": settings.imports,
            "select": settings.select,
            "ignore": settings.ignore,
            "rules": dict(settings.levels),
            "overrides": [asdict(each) for each in settings.overrides],
            "exclude": settings.exclude,
            "fail-level": settings.fail_level,
            "baseline": settings.baseline,
            "files": [_shown(source.path) for source in project.sources],
        }
        _write(_json(shown))
    return OK


def _report(args: argparse.Namespace, run: _Run) -> None:
    """Print what was found, and write it to files in other forms."""
    from policyspec import report

    shown = [each for each in run.found if each.is_error or not args.quiet]
    outputs: list[tuple[str, str | None]] = [(args.output_format, None)]
    for each in args.output or ():
        form, equals, file = each.partition("=")
        if not equals or form not in FORMATS or not file:
            raise Failure(f"`--output {each}`: write FORM=FILE, with one of {', '.join(FORMATS)}")
        outputs.append((form, file))
    for form, file in outputs:
        if form == "text":
            if file is None:
                _print_findings(shown, run.sources, args.color, to=sys.stdout)
            else:
                _save(file, report.text(shown, run.sources))
        else:
            text = _formatted(form, run, shown)
            if file is None:
                _write(text)
            else:
                _save(file, text)
    if args.output_format == "text":
        if args.statistics:
            from policyspec import formats

            _write(("\n" if shown else "") + formats.statistics(_given(run, shown)))
        if run.files and not args.quiet:
            more = [
                f"{len(each)} {what}" for each, what in ((run.suppressed, "suppressed"), (run.known, "known")) if each
            ]
            summary = report.summary(run.found, run.files) + (f" ({', '.join(more)})" if more else "")
            _print(*([""] if shown else []), summary)
    if "github" in [form for form, _ in outputs]:
        _github_summary(run, shown)


def _formatted(form: str, run: _Run, shown: Sequence[Diagnostic]) -> str:
    from policyspec import formats

    return formats.FORMATS[form](_given(run, shown, with_rules=form == "sarif"))


def _given(run: _Run, shown: Sequence[Diagnostic], with_rules: bool = True) -> formats.Report:
    from policyspec import formats

    rules: Mapping[str, Rule] = {}
    if with_rules:
        # Every rule has to be read for it.
        from policyspec.lint import registry

        rules = registry.known_rules()
    library = _library_sources((*shown, *run.suppressed, *run.known), run.sources)
    return formats.Report(
        shown, {**run.sources, **library}, run.files, rules, run.suppressed, run.known, "", run.reasons
    )


def _github_summary(run: _Run, shown: Sequence[Diagnostic]) -> None:
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        from policyspec import formats

        with contextlib.suppress(OSError), open(file, "a", encoding="utf-8") as stream:
            stream.write(formats.github_summary(_given(run, shown)))


def _watch(args: argparse.Namespace) -> int:
    """Check again whenever a file changes, until interrupted."""
    import time

    from policyspec import files

    def stamps() -> dict[str, float]:
        found = {}
        for path in args.paths:
            for folder, folders, names in os.walk(path) if os.path.isdir(path) else [(os.path.dirname(path), [], [])]:
                folders[:] = [each for each in folders if not each.startswith(".")]
                for name in names or ([os.path.basename(path)] if not os.path.isdir(path) else []):
                    if name.endswith((files.SUFFIX, ".toml")):
                        with contextlib.suppress(OSError):
                            found[os.path.join(folder, name)] = os.stat(os.path.join(folder, name)).st_mtime
        return found

    if STDIN in args.paths:
        raise Failure("--watch needs files to look at, and the standard input is none")
    while True:
        before = stamps()
        if sys.stdout.isatty():
            _write("\x1b[2J\x1b[H")
        try:
            _check_once(args)
        except Failure as failure:
            _complain(f"error: {failure}", failure.hint)
        _print("watching for changes, Ctrl-C ends", to=sys.stderr)
        _flush()
        gc.collect()
        while stamps() == before:
            time.sleep(0.3)


def _explain(args: argparse.Namespace) -> int:
    from policyspec import formats
    from policyspec.lint import registry

    known = registry.known_rules()
    found = [rule for name, rule in known.items() if name == args.rule or name.rpartition(".")[2] == args.rule]
    if not found:
        raise Failure(f"there is no rule `{args.rule}`{_did_you_mean(args.rule, known)}", "policyspec rules lists them")
    color = _color(args.color, sys.stdout)
    _write("\n".join(formats.explain(rule, color=color, width=_page_width()) for rule in found))
    return OK


def _rules(args: argparse.Namespace) -> int:
    from policyspec import formats
    from policyspec.lint import registry

    rules = list(registry.known_rules().values())
    if args.pack:
        packs = sorted({each.pack for each in rules})
        rules = [each for each in rules if f"{each.pack}.".startswith(f"{args.pack}.")]
        if not rules:
            raise Failure(
                f"no pack is named `{args.pack}`{_did_you_mean(args.pack, packs)}", f"there are {', '.join(packs)}"
            )
    if args.output_format == "json":
        _write(_json(formats.rules_json(rules)))
    else:
        _write(formats.rules_table(rules))
    return OK


def _clean(args: argparse.Namespace) -> int:
    from policyspec import cache
    from policyspec.report import count

    _print(f"{count(cache.clean(), 'result')} removed")
    return OK


def _compile(args: argparse.Namespace) -> int:
    from policyspec import files

    source = _read(args.file, args.stdin_filename)
    workspace, name = files.load((), [source]), source.path
    inputs = workspace.closure(name)
    found = [each for file in inputs for each in workspace.diagnostics(file)]
    if any(each.is_error for each in found):
        _print_findings(found, workspace.sources, args.color, to=sys.stderr)
        return FOUND
    if not workspace.is_policy(name):
        raise Failure(
            f"{_shown(name)} declares no policy, so there is nothing to compile",
            "a module is compiled with a policy that imports it",
        )
    text = workspace.policy(name).model_dump_json(indent=None if args.compact else 2) + "\n"
    _output(text, args.output, inputs)
    return OK


def _schema(args: argparse.Namespace) -> int:
    from policyspec import model

    _output(_json(model.json_schema()), args.output)
    return OK


def _format(args: argparse.Namespace) -> int:
    from policyspec.format import diff, format_source

    is_stdin, is_dry = STDIN in args.paths, args.check or args.diff
    if is_stdin and len(args.paths) > 1:
        raise Failure("`-` formats the standard input, and takes no other path beside it")
    sources, problems = ([_read(STDIN, args.stdin_filename)], []) if is_stdin else _read_all(args.paths)
    broken: list[Source] = []
    changed = 0
    for source in sources:
        name, text = _shown(source.path), format_source(source)
        if text is None:
            broken.append(source)
            continue
        changed += text != source.text
        if args.diff:
            _write(diff(source.text, text, name))
        elif is_stdin:
            _write("" if args.check else text)
        elif text != source.text and args.check:
            _print(f"would format {name}")
        elif text != source.text:
            _save(source.path, text)
            _print(f"formatted {name}")
    _print_faults(broken, args.color)
    if sources and not is_stdin:
        tally = _tally(changed, len(sources) - changed - len(broken), len(broken), is_dry)
        # What is printed with --diff is a patch and nothing else.
        _print(tally, to=sys.stderr if args.diff else sys.stdout)
    if problems:
        return FAILED
    return FOUND if broken or (changed and is_dry) else OK


def _tally(changed: int, unchanged: int, broken: int, is_dry: bool) -> str:
    """`2 files formatted, 1 unchanged`."""
    from policyspec.report import count

    done, kept = ("would be formatted", "already formatted") if is_dry else ("formatted", "unchanged")
    more = f", {broken} with syntax errors" if broken else ""
    return f"{count(changed, 'file')} {done}, {unchanged} {kept}{more}"


def _print_faults(sources: Iterable[Source], color: str) -> None:
    from policyspec.workspace import Workspace

    workspace = Workspace({source.path: source for source in sources})
    found = [each for path in workspace.sources for each in workspace.diagnostics(path)]
    _print_findings([each for each in found if each.rule == "syntax_error"], workspace.sources, color, to=sys.stderr)


def _vocabulary(args: argparse.Namespace) -> int:
    from policyspec import library, vocabulary
    from policyspec.library import compiled

    known = vocabulary.gather([compiled.resolution(name) for name in library.names()])
    terms = _chosen(known, args)
    is_overview = {args.term, args.kind, args.module, args.search} == {None}
    if args.output_format == "json":
        data = {"terms": [vocabulary.as_json(known, each) for each in terms]}
        _write(_json(vocabulary.counts(terms) if is_overview else data))
    elif is_overview:
        _print(*vocabulary.overview(terms))
    elif args.term is not None:
        _print("\n\n".join("\n".join(vocabulary.about(known, each, _page_width())) for each in terms))
    else:
        _print(*(vocabulary.tree(known, terms) if args.search is None else vocabulary.flat(terms)))
    return OK


def _chosen(known: Vocabulary, args: argparse.Namespace) -> list[Definition]:
    """The terms asked for; raises Failure where there are none."""
    from policyspec import library
    from policyspec.kinds import KINDS

    for what, given, all_ in (("kind", args.kind, KINDS), ("module", args.module, library.names())):
        if given is not None and given not in all_:
            raise Failure(f"there is no {what} `{given}`{_did_you_mean(given, all_)}", f"there are {', '.join(all_)}")
    terms = known.terms if args.term is None else known.named(args.term)
    if not terms:
        guess = _did_you_mean(args.term, (name for each in known.terms for name in (each.path, each.qualified)))
        is_found = known.search(args.term, known.terms)
        hint = f"policyspec vocabulary --search {shlex.quote(args.term)}" if is_found else ""
        raise Failure(f"there is no term `{args.term}`{guess}", hint)
    terms = [each for each in terms if args.kind in (None, each.kind) and args.module in (None, each.module)]
    if args.search is not None:
        terms = known.search(args.search, terms)
    if not terms:
        raise Failure("nothing is found", "policyspec vocabulary lists modules and kinds")
    return terms


def _init(args: argparse.Namespace) -> int:
    folder = Path(args.folder)
    file = folder / STARTED
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("xb") as stream:
            stream.write(STARTER.read_bytes())
    except FileExistsError:
        raise Failure(f"{_shown(file)} exists, and is left as it is") from None
    _print(f"wrote {_shown(file)}", f"Next: make it yours, and run  policyspec check {_shown(file)}")
    return OK


def _completion(args: argparse.Namespace) -> int:
    import shtab

    _print(shtab.complete(parser(_page_width(), shtab.FILE), args.shell))
    return OK


# ── Reading and writing ──────────────────────────────────────────────────────────────────────────


def _read(path: str, stdin_filename: str) -> Source:
    """A file, or the standard input; raises Failure."""
    from policyspec import files
    from policyspec.source import Source

    try:
        if path != STDIN:
            return files.read(_named(path))
        if sys.stdin is None:
            raise Failure("there is no standard input")
        name = _named(stdin_filename)
        return Source(name, files.decode(sys.stdin.buffer.read(files.MAX_BYTES + 1), name))
    except files.Unreadable as problem:
        raise Failure(str(problem)) from None


def _read_all(paths: Sequence[str]) -> tuple[list[Source], list[str]]:
    """The `.policy` files that paths name, and what kept others from being read, which is printed too."""
    from policyspec import files

    sources: dict[str, Source] = {}
    problems: list[str] = []
    for path in paths:
        try:
            found = [file.as_posix() for file in files.find([_named(path)])]
        except files.Unreadable as problem:
            problems.append(str(problem))
            continue
        except OSError as error:
            problems.append(f"{_shown(path)} cannot be read: {error.strerror or error}")
            continue
        for file in found:
            try:
                sources.setdefault(file, files.read(file))
            except files.Unreadable as problem:
                problems.append(str(problem))
    for each in problems:
        _complain(f"error: {each}")
    if paths and not sources and not problems:
        where = ", ".join(map(_shown, paths))
        raise Failure(f"no {files.SUFFIX} file in {where}", "policyspec init writes one to start from")
    return list(sources.values()), problems


def _named(path: str) -> str:
    """The name that a file goes by: a path of one spelling, from the current folder if that is above it."""
    try:
        here = os.getcwd()
    except OSError:
        raise Failure("the current folder no longer exists") from None
    if os.path.isabs(path) and Path(path).is_relative_to(here):
        path = os.path.relpath(path, here)
    return Path(os.path.normpath(path)).as_posix()


def _library_sources(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> dict[str, Source]:
    """The files of the library that findings point to."""
    paths = {related.path for each in found for related in each.related} - {*sources}
    if not paths:
        return {}
    from policyspec.workspace import Workspace

    workspace = Workspace({})
    return {path: workspace.source(path) for path in paths}


def _output(text: str, target: str | None, inputs: Iterable[str] = ()) -> None:
    """Write what a command makes to a file, or to the standard output."""
    if target is None or target == STDIN:
        _write(text)
        return
    for each in inputs:
        if os.path.exists(target) and os.path.exists(each) and os.path.samefile(target, each):
            raise Failure(f"{_shown(target)} is what is read: choose another file to write to")
    _save(target, text)


def _save(path: str, text: str) -> None:
    """Write a file; raises Failure where that does not work."""
    from policyspec import files

    try:
        files.write(path, text)
    except OSError as error:
        raise Failure(f"{_shown(path)} cannot be written: {error.strerror or error}") from None


# ── Printing ─────────────────────────────────────────────────────────────────────────────────────


def _write(text: str, to: IO[str] | None = None) -> None:
    stream = sys.stdout if to is None else to
    # There is none where a program was started without.
    if stream is not None:
        stream.write(text)


def _print(*lines: str, to: IO[str] | None = None) -> None:
    _write("".join(f"{line}\n" for line in lines), to)


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _print_findings(found: Sequence[Diagnostic], sources: Mapping[str, Source], color: str, to: IO[str] | None) -> None:
    from policyspec import report

    sources = {**sources, **_library_sources(found, sources)}
    _write(report.text(found, sources, color=_color(color, to), width=_excerpt_width(to)), to)


def _complain(message: str, hint: str = "") -> int:
    """Say on the standard error what went wrong."""
    from policyspec.report import safe

    with contextlib.suppress(OSError, ValueError):
        _print(f"policyspec: {safe(message)}", *([f"  {safe(hint)}"] if hint else []), to=sys.stderr)
    return FAILED


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _discard_unwritten() -> None:
    """Where the output cannot be written, keep Python from trying once more when it ends."""
    try:
        _flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _color(choice: str, stream: IO[str] | None) -> bool:
    """Whether to print in colours; see no-color.org and force-color.org."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _excerpt_width(stream: IO[str] | None) -> int | None:
    """The columns for a line of a policy behind its number; None where it is not printed to a terminal."""
    if stream is None or not stream.isatty():
        return None
    return max(_columns() - 8, 30)


def _page_width() -> int:
    return min(_columns(), _MAX_WIDTH)


def _columns() -> int:
    # Brings in much that a check without a terminal does not need.
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


def _shown(path: object) -> str:
    from policyspec.report import safe

    return safe(Path(str(path)).as_posix())


def _did_you_mean(text: str, candidates: Iterable[str]) -> str:
    from policyspec.suggest import closest

    guess = closest(text, candidates)
    return f"; did you mean `{guess}`?" if guess else ""


_RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check, "compile": _compile, "schema": _schema, "format": _format, "vocabulary": _vocabulary,
    "init": _init, "completion": _completion,
    "explain": _explain, "rules": _rules, "clean": _clean,
}  # fmt: skip
