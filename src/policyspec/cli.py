"""The command line: finds the command that is asked for, and says by an exit code how it went.

Every command imports what it needs when it runs, so that the start costs no command but one's own.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from policyspec import console
from policyspec.arguments import COMMANDS, Failure, parser
from policyspec.console import FAILED, FOUND, OK

if TYPE_CHECKING:
    import argparse

__all__ = ["BROKEN_PIPE", "FAILED", "FOUND", "INTERRUPTED", "OK", "main"]

# As a shell has it for a program that a signal has ended.
INTERRUPTED, BROKEN_PIPE = 130, 141


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
        console.flush()
        return code
    except Failure as failure:
        return console.complain(f"error: {failure}", failure.hint)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return BROKEN_PIPE
    except OSError as error:
        where = f"{console.shown(error.filename)}: " if error.filename else ""
        return console.complain(f"error: {where}{error.strerror or error}")
    except Exception as error:
        if os.environ.get("POLICYSPEC_DEBUG"):
            import traceback

            traceback.print_exc()
        return console.complain(
            f"internal error: {type(error).__name__}: {error}; please report",
            "POLICYSPEC_DEBUG=1 shows where it happened",
        )
    finally:
        gc.enable()
        _discard_unwritten()


def _run(argv: list[str]) -> int:
    if any("\0" in each for each in argv):
        raise Failure("an argument has a NUL character in it")
    made = parser(console.page_width())
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        guess = console.did_you_mean(argv[0], COMMANDS)
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
    if args.command == "completion":
        return _completion(args)
    module, function = _WHERE[args.command].split(".")
    command: Callable[[argparse.Namespace], int] = getattr(import_module(f"policyspec.commands.{module}"), function)
    return command(args)


# The function of each command.
_WHERE = {
    "check": "checks.check",
    "explain": "pages.explain_rule",
    "rules": "pages.list_rules",
    "clean": "checks.clean_up",
    "compile": "policies.compile_policy",
    "schema": "policies.print_schema",
    "format": "policies.lay_out",
    "vocabulary": "pages.look_up",
    "init": "policies.begin",
    "lsp": "serving.serve",
}


def _completion(args: argparse.Namespace) -> int:
    import shtab

    console.show(shtab.complete(parser(console.page_width(), shtab.FILE), args.shell))
    return OK


def _discard_unwritten() -> None:
    """Where the output cannot be written, keep Python from trying once more when it ends."""
    try:
        console.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
