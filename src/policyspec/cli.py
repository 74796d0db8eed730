"""The command line: reads files, prints, and says by its exit code how it went.

Every command imports what it needs when it runs, so that the start costs no command but one's own.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, NoReturn

from policyspec import __version__

if TYPE_CHECKING:
    from policyspec.diagnostic import Diagnostic
    from policyspec.scope import Definition
    from policyspec.source import Source
    from policyspec.vocabulary import Vocabulary
    from policyspec.workspace import Workspace

OK, FOUND, FAILED = 0, 1, 2
# As a shell has it for a program that a signal has ended.
INTERRUPTED, BROKEN_PIPE = 130, 141

STDIN = "-"
STARTER = Path(__file__).with_name("starter.policy")
_STARTED = "privacy.policy"
_MAX_WIDTH = 120


class Failure(Exception):
    """What keeps a command from doing its work: a wrong argument, a file that cannot be read or written."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


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
    parser = _parser()
    if argv and not argv[0].startswith("-") and argv[0] not in _COMMANDS:
        guess = _did_you_mean(argv[0], _COMMANDS)
        raise Failure(f"there is no command `{argv[0]}`{guess}", "policyspec --help lists them")
    try:
        args, unknown = parser.parse_known_args(argv)
    except SystemExit as done:
        # After --help or --version.
        return int(done.code or OK)
    if unknown:
        raise Failure(f"unexpected argument `{unknown[0]}`", f"policyspec {argv[0]} --help says what it takes")
    if "run" not in args:
        parser.print_help(sys.stderr)
        return FAILED
    return int(args.run(args))


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────


def _check(args: argparse.Namespace) -> int:
    from policyspec import files, report

    stdin = [_read(STDIN, args.stdin_filename)] if STDIN in args.paths else []
    sources, problems = _read_all([path for path in args.paths if path != STDIN])
    workspace = files.load((), [*sources, *stdin])
    found = [each for path in workspace.sources for each in workspace.diagnostics(path)]
    shown = [each for each in found if each.is_error or not args.quiet]
    number = len(workspace.sources)
    if args.output_format == "json":
        _write(_json(report.as_json(shown, _sources_of(shown, workspace), number)))
    else:
        _print_findings(shown, workspace, args.color, to=sys.stdout)
        if number and not args.quiet:
            _print(*([""] if shown else []), report.summary(found, number))
    if problems:
        return FAILED
    return FOUND if any(each.is_error for each in found) else OK


def _compile(args: argparse.Namespace) -> int:
    from policyspec import files

    source = _read(args.file, args.stdin_filename)
    workspace, name = files.load((), [source]), source.path
    inputs = workspace.closure(name)
    found = [each for file in inputs for each in workspace.diagnostics(file)]
    if any(each.is_error for each in found):
        _print_findings(found, workspace, args.color, to=sys.stderr)
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
    _print_findings([each for each in found if each.rule == "syntax_error"], workspace, color, to=sys.stderr)


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
    file = folder / _STARTED
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

    _print(shtab.complete(_parser(shtab.FILE), args.shell))
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


def _sources_of(found: Iterable[Diagnostic], workspace: Workspace) -> dict[str, Source]:
    """The files of the workspace, and those of the library that findings point to."""
    paths = {related.path for each in found for related in each.related} - set(workspace.sources)
    return {**workspace.sources, **{path: workspace.source(path) for path in paths}}


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


def _print_findings(found: Sequence[Diagnostic], workspace: Workspace, color: str, to: IO[str] | None) -> None:
    from policyspec import report

    sources = _sources_of(found, workspace)
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


# ── Arguments ────────────────────────────────────────────────────────────────────────────────────


class _Parser(argparse.ArgumentParser):
    """Raises Failure where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        raise Failure(message, f"{self.prog} --help says what it takes")


class _Command(NamedTuple):
    run: Callable[[argparse.Namespace], int]
    summary: str
    description: str
    examples: str
    exit_codes: str


_COMMANDS = {
    "check": _Command(
        _check,
        "find what is wrong in policies",
        "Finds what is wrong in policies and modules, and in the files that they import.\n"
        "A folder stands for all .policy files below it; without a path, the current one is taken.",
        """\
  policyspec check                                  everything below the current folder
  policyspec check shop.policy modules/             a file and a folder
  policyspec check --output-format json             for other programs
  policyspec check - --stdin-filename shop.policy   what an editor has not saved""",
        """\
  0  no errors, though maybe warnings
  1  errors are found
  2  a file cannot be read, or the arguments are wrong""",
    ),
    "compile": _Command(
        _compile,
        "turn a policy into JSON",
        "Writes what a policy says as JSON, in the form that `policyspec schema` describes.\n"
        "A policy with errors is not compiled: they are printed on the standard error.",
        """\
  policyspec compile shop.policy -o shop.json
  policyspec compile shop.policy --compact | jq '.items | length'""",
        """\
  0  compiled
  1  the policy, or what it imports, has errors
  2  a file cannot be read or written, declares no policy, or the arguments are wrong""",
    ),
    "schema": _Command(
        _schema,
        "print the JSON Schema of compiled policies",
        "Writes the JSON Schema (draft 2020-12) of what `policyspec compile` writes.",
        "  policyspec schema -o policy.schema.json",
        """\
  0  written
  2  the file cannot be written""",
    ),
    "format": _Command(
        _format,
        "lay out policies in the one canonical way",
        "Rewrites policies in canonical layout. Every word and comment is kept. A file with syntax errors\n"
        "is left as it is, and its errors are printed; the others are formatted all the same.",
        """\
  policyspec format .                        all .policy files below the current folder
  policyspec format --check .                only say which would change, as in CI
  policyspec format --diff shop.policy       show what would change
  policyspec format - < shop.policy          from standard input to standard output""",
        """\
  0  formatted; with --check or --diff, nothing would change
  1  a file has syntax errors; with --check or --diff, a file would change
  2  a file cannot be read or written, or the arguments are wrong""",
    ),
    "vocabulary": _Command(
        _vocabulary,
        "look up the words that policies are written in",
        "Shows the vocabulary that comes with policyspec: data, purposes, legal bases, permissions and more.\n"
        "Without arguments it says what there is. A term may mean several things; all are shown.",
        """\
  policyspec vocabulary email                 all about one term
  policyspec vocabulary cn.pipl.legal_duty    the same, of a certain module
  policyspec vocabulary --kind purpose        all terms of a kind, as a tree
  policyspec vocabulary --search 位置         by name, alias, title in any language, or definition""",
        """\
  0  found
  2  there is no such term, kind or module""",
    ),
    "init": _Command(
        _init,
        "write a policy to start from",
        f"Writes {_STARTED}, a small policy of a web shop that checks clean and says in comments how to go on.\n"
        "A file that exists is never overwritten.",
        """\
  policyspec init
  policyspec init legal/""",
        """\
  0  written
  2  the file exists or cannot be written""",
    ),
    "completion": _Command(
        _completion,
        "print a completion script for a shell",
        "Prints the script by which a shell completes policyspec's commands and options.",
        """\
  policyspec completion bash > ~/.local/share/bash-completion/completions/policyspec
  policyspec completion zsh > ~/.zfunc/_policyspec
  policyspec completion fish > ~/.config/fish/completions/policyspec.fish""",
        """\
  0  printed
  2  there is no completion for the shell""",
    ),
}


def _parser(files: Any = None) -> argparse.ArgumentParser:
    """The parser of all arguments; `files` says to shtab how file names are completed."""
    # With room for an option and its explanation on one line.
    layout = partial(argparse.RawDescriptionHelpFormatter, max_help_position=32, width=_page_width())
    common: dict[str, Any] = {"formatter_class": layout, "allow_abbrev": False}
    parser = _Parser(
        prog="policyspec",
        usage="policyspec COMMAND ...",
        description="A language for privacy policies that a machine can check.\n\ncommands:\n"
        + "\n".join(f"  {name:<10}  {command.summary}" for name, command in _COMMANDS.items()),
        epilog="policyspec COMMAND --help explains a command, with examples and exit codes.\n"
        "New here? policyspec init writes a policy to start from.",
        **common,
    )
    parser.add_argument("--version", action="version", version=f"policyspec {__version__}")
    # The commands are listed above, since argparse has its columns askew for them; but shtab wants them here.
    commands = parser.add_subparsers(metavar="COMMAND", help=None if files else argparse.SUPPRESS)
    made = {}
    for name, command in _COMMANDS.items():
        made[name] = commands.add_parser(
            name,
            prog=f"policyspec {name}",
            help=command.summary,
            description=command.description,
            epilog=f"examples:\n{command.examples}\n\nexit codes:\n{command.exit_codes}",
            **common,
        )
        made[name].set_defaults(run=command.run)

    def path(command: str, *names: str, **more: Any) -> None:
        made[command].add_argument(*names, **more).complete = files  # type: ignore[attr-defined]

    check, compile_, format_, vocabulary = (made[name] for name in ("check", "compile", "format", "vocabulary"))
    path("check", "paths", nargs="*", default=["."], metavar="PATH", help="a file or folder; - is the standard input")
    path("compile", "file", metavar="FILE", help="a policy; - is the standard input")
    path("format", "paths", nargs="+", metavar="PATH", help="a file or folder; - is the standard input")
    path("init", "folder", nargs="?", default=".", metavar="DIR", help="where to write it (default: here)")
    compile_.add_argument("--compact", action="store_true", help="on one line")
    for name in ("compile", "schema"):
        path(name, "-o", "--output", metavar="OUT", help="the file to write (default: standard output)")
    vocabulary.add_argument("term", nargs="?", metavar="TERM", help="a name, such as email or cn.pipl.legal_duty")
    vocabulary.add_argument("--kind", metavar="KIND", help="only terms of a kind, such as purpose")
    vocabulary.add_argument("--module", metavar="MODULE", help="only terms of a module, such as core")
    vocabulary.add_argument("--search", metavar="WORDS", help="only terms with words in name, title or definition")
    for each in (check, vocabulary):
        each.add_argument(
            "--output-format", choices=("text", "json"), default="text", help="for people, or for programs"
        )
    check.add_argument("-q", "--quiet", action="store_true", help="only errors, and no summary")
    how = format_.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="change nothing, list what would change")
    how.add_argument("--diff", action="store_true", help="change nothing, print what would change")
    for each in (check, compile_, format_):
        each.add_argument(
            "--stdin-filename", default="<stdin>", metavar="NAME",
            help="the name the standard input goes by; imports count from there",
        )  # fmt: skip
        each.add_argument(
            "--color", choices=("auto", "always", "never"), default="auto", help="colours (default: on a terminal)"
        )
    made["completion"].add_argument("shell", choices=("bash", "zsh", "fish", "tcsh"), help="the shell")
    return parser
