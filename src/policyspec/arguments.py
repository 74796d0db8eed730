"""The arguments of the command line, and what its help says."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any, NamedTuple, NoReturn

from policyspec import __version__

STARTED = "privacy.policy"
FORMATS = ("text", "json", "jsonl", "sarif", "github", "gitlab", "junit")


class Failure(Exception):
    """What keeps a command from doing its work: a wrong argument, a file that cannot be read or written."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Parser(argparse.ArgumentParser):
    """Raises Failure where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        raise Failure(message, f"{self.prog} --help says what it takes")


class Command(NamedTuple):
    """What is said of a command."""

    summary: str
    description: str
    examples: str
    exit_codes: str


COMMANDS = {
    "check": Command(
        "find what is wrong in policies",
        "Finds what is wrong in policies and modules, and in the files that they import.\n"
        "A folder stands for all .policy files below it; without a path, the current one is taken.",
        """\
  policyspec check                                  everything below the current folder
  policyspec check shop.policy modules/             a file and a folder
  policyspec check --fix                            and mend what can be mended safely
  policyspec check --select cn.pipl,contradiction   only these rules
  policyspec check --output sarif=found.sarif       and write it down for another program
  policyspec check --changed-since main             only what a branch has touched
  policyspec check - --stdin-filename shop.policy   what an editor has not saved""",
        """\
  0  no errors, though maybe warnings
  1  errors are found, or with --fail-level also what is less grave; with --diff, a file would change
  2  a file cannot be read or written, or the arguments are wrong""",
    ),
    "explain": Command(
        "explain a rule",
        "Shows the page of a rule: what it finds, why, what to do, with examples and the law behind it.",
        """\
  policyspec explain contradiction
  policyspec explain cn.pipl.consent_not_separate""",
        """\
  0  shown
  2  there is no such rule""",
    ),
    "rules": Command(
        "list the rules",
        "Lists the rules that come with policyspec: those always on, and those of the packs that a policy imports.",
        """\
  policyspec rules --pack eu.gdpr
  policyspec rules --output-format json | jq '.[].name'""",
        """\
  0  listed
  2  there is no such pack""",
    ),
    "clean": Command(
        "remove the results kept from earlier checks",
        "Removes what `policyspec check` has kept in the user's cache folder; it is found anew the next time.",
        "  policyspec clean",
        "  0  removed",
    ),
    "compile": Command(
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
    "schema": Command(
        "print the JSON Schema of compiled policies",
        "Writes the JSON Schema (draft 2020-12) of what `policyspec compile` writes.",
        "  policyspec schema -o policy.schema.json",
        """\
  0  written
  2  the file cannot be written""",
    ),
    "format": Command(
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
    "vocabulary": Command(
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
    "init": Command(
        "write a policy to start from",
        f"Writes {STARTED}, a small policy of a web shop that checks clean and says in comments how to go on.\n"
        "A file that exists is never overwritten.",
        """\
  policyspec init
  policyspec init legal/""",
        """\
  0  written
  2  the file exists or cannot be written""",
    ),
    "lsp": Command(
        "serve an editor, by the Language Server Protocol",
        "Runs the language server. An editor starts it and speaks to it on the standard streams; with --tcp or --ws\n"
        "it waits for one at a port of this machine.",
        """\
  policyspec lsp                     what an editor starts
  policyspec lsp --tcp 2087          for an editor that connects
  policyspec lsp --ws 2087           for one in a browser""",
        """\
  0  the editor has ended it
  1  the editor is gone
  2  the arguments are wrong""",
    ),
    "completion": Command(
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


def parser(width: int, files: Any = None) -> argparse.ArgumentParser:
    """The parser of all arguments; `files` says to shtab how file names are completed."""
    # With room for an option and its explanation on one line.
    layout = partial(argparse.RawDescriptionHelpFormatter, max_help_position=32, width=width)
    common: dict[str, Any] = {"formatter_class": layout, "allow_abbrev": False}
    parser = Parser(
        prog="policyspec",
        usage="policyspec COMMAND ...",
        description="A language for privacy policies that a machine can check.\n\ncommands:\n"
        + "\n".join(f"  {name:<10}  {command.summary}" for name, command in COMMANDS.items()),
        epilog="policyspec COMMAND --help explains a command, with examples and exit codes.\n"
        "New here? policyspec init writes a policy to start from.",
        **common,
    )
    parser.add_argument("--version", action="version", version=f"policyspec {__version__}")
    # The commands are listed above, since argparse has its columns askew for them; but shtab wants them here.
    commands = parser.add_subparsers(metavar="COMMAND", help=None if files else argparse.SUPPRESS)
    made = {}
    for name, command in COMMANDS.items():
        made[name] = commands.add_parser(
            name,
            prog=f"policyspec {name}",
            help=command.summary,
            description=command.description,
            epilog=f"examples:\n{command.examples}\n\nexit codes:\n{command.exit_codes}",
            **common,
        )
        made[name].set_defaults(command=name)

    def path(command: str, *names: str, to: Any = None, **more: Any) -> None:
        group: argparse._ActionsContainer = to or made[command]
        group.add_argument(*names, **more).complete = files  # type: ignore[attr-defined]

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
    _check(check, path)
    made["explain"].add_argument("rule", metavar="RULE", help="a rule's name, with or without its pack")
    made["rules"].add_argument("--pack", metavar="PACK", help="only the rules of a pack, such as eu.gdpr or logic")
    for each in (vocabulary, made["rules"]):
        each.add_argument(
            "--output-format", choices=("text", "json"), default="text", help="for people, or for programs"
        )
    how = format_.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="change nothing, list what would change")
    how.add_argument("--diff", action="store_true", help="change nothing, print what would change")
    for each in (check, compile_, format_):
        each.add_argument(
            "--stdin-filename", default="<stdin>", metavar="NAME",
            help="the name the standard input goes by; imports count from there",
        )  # fmt: skip
    for each in (check, compile_, format_, made["explain"]):
        each.add_argument(
            "--color", choices=("auto", "always", "never"), default="auto", help="colours (default: on a terminal)"
        )
    where = made["lsp"].add_mutually_exclusive_group()
    where.add_argument("--stdio", action="store_true", help="speak on the standard streams (default)")
    where.add_argument("--tcp", metavar="[HOST:]PORT", help="wait for a connection")
    where.add_argument("--ws", metavar="[HOST:]PORT", help="wait for a WebSocket connection")
    # So editors say whose process this is; the protocol has it too.
    made["lsp"].add_argument("--clientProcessId", dest="client_process_id", type=int, help=argparse.SUPPRESS)
    made["completion"].add_argument("shell", choices=("bash", "zsh", "fish", "tcsh"), help="the shell")
    return parser


def _check(check: argparse.ArgumentParser, path: Any) -> None:
    rules = check.add_argument_group("rules")
    rules.add_argument("--select", action="append", metavar="RULES", help="only these rules, prefixes or packs")
    rules.add_argument("--ignore", action="append", metavar="RULES", help="not these rules, prefixes or packs")
    rules.add_argument("--isolated", action="store_true", help="read no settings file")
    rules.add_argument(
        "--show-settings", action="store_true", help="print the settings and the files, and check nothing"
    )
    changes = check.add_argument_group("changes")
    changes.add_argument("--fix", action="store_true", help="apply the safe fixes")
    changes.add_argument("--unsafe-fixes", action="store_true", help="apply the others too; read what they did")
    changes.add_argument("--diff", action="store_true", help="change nothing, print what would change")
    changes.add_argument("--add-suppressions", action="store_true", help="write a comment that allows each finding")
    changes.add_argument("--reason", metavar="TEXT", help="why the findings are allowed")
    changes.add_argument("--until", metavar="DAY", help="the last day on which they are, such as 2027-03-01")
    known = check.add_argument_group("what to report")
    path("check", "--baseline", metavar="FILE", help="a file of known findings, which are not reported", to=known)
    known.add_argument("--update-baseline", action="store_true", help="take from it what is no longer found")
    known.add_argument("--accept-new", action="store_true", help="with --update-baseline: put in what is newly found")
    known.add_argument("--changed-since", metavar="REV", help="only in files that changed since a git revision")
    known.add_argument(
        "--fail-level",
        choices=("error", "warning", "info", "never"),
        help="what makes the check fail (default: what the settings say, else error)",
    )
    known.add_argument("-q", "--quiet", action="store_true", help="only errors, and no summary")
    output = check.add_argument_group("output")
    output.add_argument("--output-format", choices=FORMATS, default="text", help="what is printed (default: text)")
    output.add_argument("--output", action="append", metavar="FORM=FILE", help="write it to a file as well; repeatable")
    output.add_argument("--statistics", action="store_true", help="count the findings of each rule")
    output.add_argument("--profile", action="store_true", help="print the time that each rule takes")
    work = check.add_argument_group("work")
    work.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    work.add_argument("--jobs", type=int, metavar="N", help="how many processes to use (default: one for each core)")
    work.add_argument("--no-cache", action="store_true", help="look at everything anew")
