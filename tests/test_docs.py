"""The manual is true: its policies compile, its programs run, its sessions print what they show.

- A ```policy block is checked, and has no errors of its text or names. It stands alone; where the manual leaves out
  what it rests on, an invisible `<!-- with: NAME -->` puts `docs_preludes/NAME.policy` before it and before the blocks
  below, up to the next such comment; `<!-- with: nothing -->` ends that. Its imports of files count from that folder.
  `<!-- finds: RULE -->` above it says what the linter finds in it, of all that such comments of the page speak of.
- `<!-- file: NAME -->` above a block makes it a file, for the blocks below it.
- A ```toml block has settings, and nothing is wrong with them. A ```yaml block can be read, and what it has of the
  action and of the hooks is there.
- A command `policyspec …` in other blocks has options that there are.
- A ```python block is run; those of a page are one program.
- A ```console block has lines `$ policyspec …`, each with what it prints below it, or with nothing, if that does not
  matter. A line `…` stands for any lines. Other commands are not run. `echo TEXT | policyspec …` and `> FILE` work.
- What stands between `<!-- generated: WHAT -->` and `<!-- end -->` is made here; `pytest --update` writes it anew.

Programs and sessions run in a folder of their own, with a copy of the examples.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from lsp_methods import METHODS, has
from policyspec import arguments, checking, cli, config, files, library, report, vocabulary
from policyspec.kinds import CLAUSES, KINDS, Takes, fields_of
from policyspec.library import compiled
from policyspec.lint import registry
from policyspec.lint.rule import LOGIC, NOT_ASSESSED_RULE, RULE_FAILED_RULE
from policyspec.review import findings
from policyspec.scope import CORE
from policyspec.source import Source
from policyspec.syntax import grammar

ROOT = Path(__file__).parents[1]
PRELUDES = Path(__file__).with_name("docs_preludes")
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *(page for page in [ROOT / "README.md"] if page.exists())]
# Its examples are those of the rules, which have tests of their own.
RULES_PAGE = ROOT / "docs" / "rules.md"
PART = re.compile(
    r"^<!-- with: (?P<prelude>\w+) -->$|^<!-- (?P<mark>file|finds): (?P<said>[\w.]+) -->$"
    r"|^(?P<indent> *)```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
GENERATED = re.compile(r"(?<=<!-- generated: )(\w+)(?: (\w+))? -->\n(.*?)(?=<!-- end -->)", re.DOTALL)


class Block(NamedTuple):
    page: Path
    line: int
    language: str
    text: str
    prelude: str
    file: str = ""
    finds: str = ""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text, prelude, marks = page.read_text("utf-8"), "nothing", dict[str, str]()
    for part in PART.finditer(text):
        if part["prelude"]:
            prelude = part["prelude"]
        elif part["mark"]:
            marks[part["mark"]] = part["said"]
        else:
            indent = part["indent"]
            lines = [line.removeprefix(indent) for line in part["text"].splitlines()]
            number = text.count("\n", 0, part.start()) + 1
            yield Block(page, number, part["language"], "\n".join(lines) + "\n", prelude, **marks)
            marks = {}


BLOCKS = [block for page in PAGES if page != RULES_PAGE for block in blocks(page)]


def of(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where programs and sessions run."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    # So that the imports of a file may reach this folder, and none above it.
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "POLICYSPEC_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("POLICYSPEC_CACHE_DIR", str(tmp_path / ".cache"))
    return tmp_path


def write_files(block: Block) -> None:
    """Write the files that stand above a block on its page, and the block itself if it is one."""
    for each in BLOCKS:
        if each.page == block.page and each.line <= block.line and each.file:
            Path(each.file).write_text(each.text, "utf-8")


# ── Policies ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("block", of("policy"), ids=str)
def test_policies_compile(block: Block, folder: Path) -> None:
    write_files(block)
    prelude = PRELUDES / f"{block.prelude}.policy"
    before = "" if block.prelude == "nothing" or block.file else prelude.read_text("utf-8")
    name = block.file or (PRELUDES / "block.policy").as_posix()
    workspace = files.load((), [Source(name, before + block.text)])
    found = [each for each in workspace.diagnostics(name) if each.is_error]
    assert not found, f"{block}\n{report.text(found, workspace.sources)}"
    if workspace.is_policy(name):
        workspace.policy(name)
    if block.finds:
        spoken_of = {each.finds for each in BLOCKS if each.page == block.page}
        names = {each.rule for each in findings(workspace, name)} & spoken_of
        assert names == {block.finds} - {"nothing"}, block


# ── Settings, and what other programs read ───────────────────────────────────────────────────────


@pytest.mark.parametrize("block", of("toml"), ids=str)
def test_settings_are_right(block: Block) -> None:
    settings, found = config.parse(block.text, config.NAME)
    found += config.check_names(settings, checking.rule_names())
    assert not found, f"{block}\n{report.text(found, {config.NAME: Source(config.NAME, block.text)})}"


def test_a_block_shows_every_setting() -> None:
    shown = [config.parse(block.text, config.NAME)[0] for block in of("toml")]
    assert any(all(getattr(each, name) for name in config.Settings.__dataclass_fields__) for each in shown)


HOOKS = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
INPUTS = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_what_yaml_speaks_of_is_there(block: Block) -> None:
    todo = [yaml.safe_load(block.text)]
    while todo:
        at = todo.pop()
        if isinstance(at, dict):
            if "/policyspec@" in at.get("uses", ""):
                assert {*at["with"]} <= {*INPUTS}, block
            if at.get("id", "").startswith("policyspec-"):
                assert at["id"] in HOOKS, block
        todo += at.values() if isinstance(at, dict) else at if isinstance(at, list) else []


def test_the_manual_has_every_input_of_the_action() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|", (ROOT / "docs" / "lint.md").read_text("utf-8"), re.MULTILINE)
    assert {*INPUTS} <= {*rows}


@pytest.mark.parametrize("block", [*of("yaml"), *of("groovy"), *of("sh")], ids=str)
def test_commands_have_options_that_there_are(block: Block) -> None:
    for command in re.findall(r"\bpolicyspec ((?:check|format|compile)[^'\"\n#]*)", block.text):
        args, unknown = arguments.parser(100).parse_known_args(shlex.split(command))
        assert not unknown, f"{block}: {command}"
        for each in getattr(args, "output", None) or ():
            assert each.partition("=")[0] in arguments.FORMATS, f"{block}: {command}"


# ── Programs and sessions ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.page == page for b in of("python"))], ids=lambda p: p.name
)
def test_programs_run(page: Path, folder: Path) -> None:
    names: dict[str, object] = {"__name__": "__docs__"}
    for block in of("python"):
        if block.page == page:
            # With the lines above it, so that a traceback names the line of the page.
            exec(compile("\n" * block.line + block.text, str(page), "exec"), names)


@pytest.mark.parametrize("block", of("console"), ids=str)
def test_sessions_print_what_they_show(block: Block, folder: Path) -> None:
    write_files(block)
    for command, shown in steps(block.text):
        printed = run(command)
        if printed is not None and shown:
            assert matches(printed, shown), f"{block}: $ {command}\n{printed}"


def steps(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a session, with what is shown below it."""
    for step in re.split(r"^\$ ", text.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
        command, _, shown = step.partition("\n")
        yield command, shown.rstrip()


def run(command: str) -> str | None:
    """What a command prints; None for one that is not policyspec's."""
    words = shlex.split(command, comments=True)
    given = ""
    if words[:1] == ["echo"] and "|" in words:
        bar = words.index("|")
        given, words = " ".join(words[1:bar]) + "\n", words[bar + 1 :]
    if words[:1] != ["policyspec"] or {"|", "<", "&&", ";"} & {*words}:
        return None
    target = None
    if ">" in words:
        words, (target,) = words[: words.index(">")], words[words.index(">") + 1 :]
        if target.startswith(("~", "/")):
            return None
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    old = sys.stdin
    sys.stdin = stdin
    try:
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stdout):
            code = cli.main(words[1:])
            stdout.flush()
    finally:
        sys.stdin = old
    text = stdout.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert code in (cli.OK, cli.FOUND) or text.startswith("policyspec: "), f"$ {command}\n{text}"
    if target is None:
        return text
    Path(target).write_text(text, "utf-8")
    return ""


def matches(printed: str, shown: str) -> bool:
    """Whether a text is as it is shown, `…` on a line of its own standing for any lines."""
    lines = [line.rstrip() for line in shown.splitlines()]
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line) + "\n" for line in lines)
    there = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, there) is not None


@pytest.mark.parametrize(
    ("printed", "shown", "expected"),
    [
        ("a\nb\nc\n", "a\nb\nc", True),
        ("a\nb\nc\n", "a\n…\nc", True),
        ("a\nc\n", "a\n…\nc", True),
        ("a\nb\n", "a\n…", True),
        ("a\nb\n", "a", False),
        ("ab\n", "a.", False),
    ],
)
def test_matching(printed: str, shown: str, expected: bool) -> None:
    assert matches(printed, shown) is expected


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────


def generate(what: str, of_what: str | None, page: Path) -> str:
    match what, of_what:
        case "fields", None:
            return _field_table(_common())
        case "fields", str() if of_what in KINDS:
            return _field_table({name: each for name, each in fields_of(of_what).items() if name not in _common()})
        case "fields", str():
            return _field_table(fields_of(of_what))
        case "clauses", None:
            rows = [
                (f"`{word}`", _nouns(each.kinds) if each.kinds else each.noun, each.says)
                for word, each in CLAUSES.items()
            ]
            return _table(("clause", "takes", "says"), rows)
        case "settings", None:
            return _table(("setting", "says"), [(f"`{name}`", each.says) for name, each in config.KEYS.items()])
        case "packs", None:
            packs = [rule.pack for rule in registry.known_rules().values()]
            to = Path(os.path.relpath(RULES_PAGE, page.parent)).as_posix()
            rows = [
                (f"`{name}`", PACKS[name], f"[{packs.count(name)}]({to}#{report.anchor(name)})")
                for name in [LOGIC, *sorted({*packs} - {LOGIC})]
            ]
            return _table(("pack", "about", "rules"), rows)
        case "modules", None:
            counts = vocabulary.counts(vocabulary.gather([compiled.resolution(name) for name in library.names()]).terms)
            about = {CORE: "what policies everywhere speak of, bound to no law", **PACKS}
            rows = [(f"`{name}`", about[name], str(counts["modules"][name])) for name in library.names()]
            return _table(("module", "about", "terms"), rows)
        case "methods", None:
            rows = [
                (f"`{method}`", "yes" if has(method) else "no", METHODS[method].removeprefix("- "))
                for method in METHODS
            ]
            return _table(("method", "", "what it does here, or why not"), rows)
        case "words", None:
            return f"{', '.join(f'`{word}`' for word in sorted(grammar.load().words))}\n"
    raise ValueError(f"nothing is known of {what} {of_what}")


# What the packs of rules are about.
PACKS = {
    LOGIC: "every policy: contradictions, vagueness, what is declared and never used",
    "android": "Android's permissions",
    "apple": "App Store: App Review Guidelines",
    "cn.gbt35273": "China: GB/T 35273-2020, personal information security",
    "cn.minors": "China: protection of minors in cyberspace",
    "cn.network_data": "China: network data security regulations",
    "cn.pipl": "China: Personal Information Protection Law",
    "cn.sdk": "China: software development kits in apps",
    "eu.gdpr": "European Union: GDPR, and the ePrivacy Directive on cookies and marketing",
    "google_play": "Google Play: Developer Program Policy",
    "us.ccpa": "California: CCPA and its regulations",
    "us.coppa": "United States: COPPA, children's privacy",
}


def _common() -> dict[str, tuple[Takes, str]]:
    """The fields that every kind of term takes."""
    tables = [fields_of(kind) for kind in KINDS]
    return {name: each for name, each in tables[0].items() if all(table.get(name) == each for table in tables)}


def _field_table(fields: dict[str, tuple[Takes, str]]) -> str:
    rows = [(f"`{name}`", _taken(takes), description) for name, (takes, description) in fields.items()]
    return _table(("field", "takes", "says"), rows)


def _taken(takes: Takes) -> str:
    match takes.form:
        case "terms":
            return _nouns(takes.kinds)
        case "choice":
            return f"one of {', '.join(f'`{each}`' for each in takes.choices)}"
    return {
        "text": "a text, in one or more languages",
        "strings": "strings",
        "date": "a date",
        "period": "a period or a limit",
        "flag": "`yes` or `no`",
        "word": "a word or a string",
        "kinds": "kinds, such as `data`",
    }[takes.form]


def _nouns(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds) if len(kinds) < 8 else "terms of any kind"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ("---",) * len(head), *rows))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_current(page: Path, update: bool) -> None:
    text = page.read_text("utf-8")
    current = GENERATED.sub(lambda m: f"{m[1]}{f' {m[2]}' if m[2] else ''} -->\n\n{generate(m[1], m[2], page)}\n", text)
    if update and current != text:
        page.write_text(current, "utf-8")
        text = current
    assert text == current, f"{page.name} is stale: run `pytest --update tests/test_docs.py`"


def test_the_manual_has_a_table_for_each_kind_and_construct_that_takes_fields_of_its_own() -> None:
    text = (ROOT / "docs" / "language.md").read_text("utf-8")
    found = {m[2] for m in GENERATED.finditer(text) if m[1] == "fields"}
    constructs = ("practice", "section", "prose", "rule", "test")
    wanted = {kind for kind in KINDS if set(fields_of(kind)) - set(_common())} | {*constructs, None}
    assert found == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        to = Path(os.path.normpath(page.parent / path)) if path else page
        assert to.exists(), f"{page.name}: {target}"
        if anchor and to.suffix == ".md":
            assert anchor in anchors(to), f"{page.name}: {target}"


@cache
def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_the_manual_explains_every_finding() -> None:
    skins = ("config.py", "checking.py")
    files = [path for path in (ROOT / "src" / "policyspec").glob("*.py") if path.name not in skins]
    code = "".join(path.read_text("utf-8") for path in files)
    calls = re.findall(r"(?:\b_report|\b_at|\bDiagnostic)\((?:[^()\"]*, )?\s*\"(\w+)\"", code)
    text = (ROOT / "docs" / "language.md").read_text("utf-8")
    explained = text.partition("## Errors and limits")[2].partition("\nLimits")[0]
    rows = re.findall(r"^\| (`.+?) \|", explained, re.MULTILINE)
    assert {*calls} == {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_the_manual_explains_every_finding_that_is_of_no_rule() -> None:
    names = ("config.py", "lint/suppressions.py", "lint/baseline.py")
    code = "".join((ROOT / "src" / "policyspec" / name).read_text("utf-8") for name in names)
    calls = re.findall(r"(?:\b_error|\b_unknown|\bfinding|\bDiagnostic)\(\s*\"(\w+)\"", code)
    text = (ROOT / "docs" / "lint.md").read_text("utf-8").partition("## Findings that are of no rule")[2]
    explained = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert {*calls, NOT_ASSESSED_RULE.name, RULE_FAILED_RULE.name} == {*explained}
