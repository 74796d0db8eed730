"""What ARCHITECTURE.md promises of the code as a whole."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from policyspec import model

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "policyspec"
MODULES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
# What reads files, clocks, the environment or the terminal, however it is spelt.
EFFECTS = {"open", "input", "print", "now", "today", "utcnow", "environ", "getenv", "getcwd", "cwd", "breakpoint"}
READING = {"read_text", "read_bytes", "write_text", "write_bytes", "exists", "glob", "rglob", "iterdir"}
# The package's own data are read here, and nothing else.
OWN_DATA = {"kinds", "library/__init__", "library/compiled", "lint/registry", "syntax/grammar"}
SKINS = {"__main__", "cache", "checking", "cli", "console", "files"}
SKINS |= {module for module in MODULES if module.startswith(("commands/", "lsp/"))}


def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


# ── Who imports whom ─────────────────────────────────────────────────────────────────────────────


def test_imports_go_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True)
    assert code == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import policyspec", "argparse json lark pathlib pydantic pygls shtab"),
        ("import policyspec.cli", "lark pydantic pygls shtab policyspec.workspace policyspec.syntax"),
        ("import policyspec; policyspec.check(FILE)", "argparse lark pydantic pygls shtab policyspec.compile"),
        ("import policyspec; policyspec.load(FILE)", "argparse lark pygls shtab"),
        (
            "from policyspec.cli import main; main(['check', FILE])",
            "lark multiprocessing policyspec.compile policyspec.fixing policyspec.formats pydantic pygls shtab"
            " policyspec.commands.changes policyspec.commands.known policyspec.commands.watch subprocess",
        ),
    ],
)
def test_a_start_costs_what_it_needs(statement: str, absent: str, tmp_path: Path) -> None:
    file = repr(str(ROOT / "examples" / "web_shop" / "web_shop.policy"))
    # What the interpreter itself has loaded before, it may keep.
    program = (
        f"import sys; before = {{*sys.modules}}; {statement.replace('FILE', file)}; print(*{{*sys.modules}} - before)"
    )
    assert not {*absent.split()} & {*printed(program, tmp_path)[-1].split()}


def test_a_check_with_nothing_new_parses_nothing(tmp_path: Path) -> None:
    """What was found before is read, and neither the parser nor a rule."""
    file = str(ROOT / "examples" / "web_shop" / "web_shop.policy")
    program = f"import sys; from policyspec.cli import main; main(['check', {file!r}]); print(*sys.modules)"
    *found, first = printed(program, tmp_path)
    *again, second = printed(program, tmp_path)
    assert found == again
    needed = {"lark", "policyspec.syntax.parser", "policyspec.workspace", "policyspec.lint.registry"}
    assert needed & {*first.split()} == needed - {"lark"}
    assert not (needed | {"random", "shutil", "tempfile"}) & {*second.split()}


def printed(program: str, cache: Path) -> list[str]:
    """The lines that a program prints in a process of its own."""
    environment = {**os.environ, "POLICYSPEC_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return done.stdout.splitlines()


# ── Pure and frozen ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("module", [module for module in MODULES if module not in SKINS])
def test_the_core_touches_nothing_outside(module: str) -> None:
    forbidden = EFFECTS if module in OWN_DATA else EFFECTS | READING
    assert not [node.lineno for node in ast.walk(tree(module)) if _name(node) in forbidden]


def _name(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Call(func=ast.Name(id=name)):
            return name
    return ""


@pytest.mark.parametrize("module", MODULES)
def test_no_global_is_changed(module: str) -> None:
    assert not [node.lineno for node in ast.walk(tree(module)) if isinstance(node, ast.Global)]


def dataclasses() -> Iterator[tuple[str, ast.expr]]:
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.ClassDef):
                for decorator in node.decorator_list:
                    if "dataclass" in ast.unparse(decorator):
                        yield f"{module}.{node.name}", decorator


@pytest.mark.parametrize(
    ("name", "decorator"), list(dataclasses()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_dataclasses_are_frozen(name: str, decorator: ast.expr) -> None:
    assert "frozen=True" in ast.unparse(decorator)


def models() -> Iterator[type[model.Model]]:
    todo = [model.Model]
    while todo:
        yield (at := todo.pop())
        todo += at.__subclasses__()


def test_the_model_is_frozen_and_strict() -> None:
    for each in models():
        config = each.model_config
        assert (config["frozen"], config["strict"], config["extra"]) == (True, True, "forbid"), each


# ── One place for each thing ─────────────────────────────────────────────────────────────────────


def test_only_source_counts_in_utf16() -> None:
    assert [module for module in MODULES if re.search(r"utf.?16", MODULES[module].read_text("utf-8"), re.I)] == [
        "source"
    ]


def test_modules_are_named_for_what_they_have() -> None:
    vague = {"utils", "util", "helpers", "common", "core", "base", "manager", "misc"}
    assert not [module for module in MODULES if vague & {*module.split("/")}]


def test_nothing_is_put_off() -> None:
    files = [
        *MODULES.values(),
        *PACKAGE.rglob("*.policy"),
        *(ROOT / "docs").rglob("*.md"),
        *(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)),
    ]
    # In comments: there are rules that look for such words.
    pattern = re.compile(r"(?:^\s*|\s)(?:#|<!--).*\b(TODO|FIXME|XXX|HACK)\b")
    assert not [
        str(path.relative_to(ROOT)) for path in files if any(map(pattern.search, path.read_text("utf-8").splitlines()))
    ]


def test_the_map_has_every_module() -> None:
    text = (PACKAGE / "ARCHITECTURE.md").read_text("utf-8")
    for module in MODULES:
        name = module.removesuffix("/__init__")
        if name not in ("__init__", "__main__") and not name.startswith("lint/rules/"):
            assert f"`{name}.py`" in text or f"`{name}/`" in text, f"ARCHITECTURE.md does not speak of {name}"


def test_the_tests_that_the_map_names_exist() -> None:
    text = (PACKAGE / "ARCHITECTURE.md").read_text("utf-8")
    tests = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")}
    for file, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text):
        assert file in tests, file
        assert not name or f"def {name}(" in tests[file], f"{file}::{name}"
