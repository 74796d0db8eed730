"""What is done with policies beyond checking them: compiling them, laying them out, beginning one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from policyspec import console
from policyspec.arguments import STARTED, Failure
from policyspec.console import FAILED, FOUND, OK, STDIN

if TYPE_CHECKING:
    from policyspec.source import Source


def compile_policy(args: argparse.Namespace) -> int:
    from policyspec import files

    source = console.read(args.file, args.stdin_filename)
    workspace, name = files.load((), [source]), source.path
    inputs = workspace.closure(name)
    found = [each for file in inputs for each in workspace.diagnostics(file)]
    if any(each.is_error for each in found):
        console.show_findings(found, workspace.sources, args.color, to=sys.stderr)
        return FOUND
    if not workspace.is_policy(name):
        raise Failure(
            f"{console.shown(name)} declares no policy, so there is nothing to compile",
            "a module is compiled with a policy that imports it",
        )
    text = workspace.policy(name).model_dump_json(indent=None if args.compact else 2) + "\n"
    console.output(text, args.output, inputs)
    return OK


def print_schema(args: argparse.Namespace) -> int:
    from policyspec import model

    console.output(console.as_json(model.json_schema()), args.output)
    return OK


def lay_out(args: argparse.Namespace) -> int:
    from policyspec.format import diff, format_source

    is_stdin, is_dry = STDIN in args.paths, args.check or args.diff
    if is_stdin and len(args.paths) > 1:
        raise Failure("`-` formats the standard input, and takes no other path beside it")
    sources, problems = ([console.read(STDIN, args.stdin_filename)], []) if is_stdin else console.read_all(args.paths)
    broken: list[Source] = []
    changed = 0
    for source in sources:
        name, text = console.shown(source.path), format_source(source)
        if text is None:
            broken.append(source)
            continue
        changed += text != source.text
        if args.diff:
            console.write(diff(source.text, text, name))
        elif is_stdin:
            console.write("" if args.check else text)
        elif text != source.text and args.check:
            console.show(f"would format {name}")
        elif text != source.text:
            console.save(source.path, text)
            console.show(f"formatted {name}")
    _print_faults(broken, args.color)
    if sources and not is_stdin:
        tally = _tally(changed, len(sources) - changed - len(broken), len(broken), is_dry)
        # What is printed with --diff is a patch and nothing else.
        console.show(tally, to=sys.stderr if args.diff else sys.stdout)
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
    faults = [each for each in found if each.rule == "syntax_error"]
    console.show_findings(faults, workspace.sources, color, to=sys.stderr)


def begin(args: argparse.Namespace) -> int:
    from policyspec import files

    folder = Path(args.folder)
    file = folder / STARTED
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("xb") as stream:
            stream.write(files.STARTER.read_bytes())
    except FileExistsError:
        raise Failure(f"{console.shown(file)} exists, and is left as it is") from None
    name = console.shown(file)
    console.show(f"wrote {name}", f"Next: make it yours, and run  policyspec check {name}")
    return OK
