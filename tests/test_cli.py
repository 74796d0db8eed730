"""The command line, mostly in process: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import policyspec
from cli_support import BAD, GOOD, MODULE, Run, alone, environ, start, write
from policyspec import arguments, cli, files, library, report, vocabulary
from policyspec.format import format_tree
from policyspec.library import compiled
from policyspec.syntax.parser import parse

ROOT = Path(__file__).parents[1]
# A warning, and no error.
WARNING = f"import android\n\n{GOOD}collect name for delivery under consent via android.NOTHING keep 1 day\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    return alone(tmp_path, tmp_path_factory.mktemp("cache"), monkeypatch)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(capsys, monkeypatch)


# ── check ───────────────────────────────────────────────────────────────────────────────────────────


def test_check_good(run: Run) -> None:
    write("shop.policy", GOOD)
    assert run("check") == 0
    assert (run.out, run.err) == ("no findings in 1 file checked\n", "")


def test_check_bad(run: Run) -> None:
    write("shop.policy", BAD)
    assert run("check") == 1
    assert run.out == (
        "error[unknown_name]: no data is named `emial`; did you mean `email`?\n"
        " --> shop.policy:4:9\n"
        "  |\n"
        "4 | collect emial for delivery under contract keep 1 year\n"
        "  |         ^^^^^\n"
        "  |\n"
        "  = fix: change to `email`\n"
        "\n"
        "1 error in 1 file checked\n"
    )
    assert run.err == ""


def test_check_warning(run: Run) -> None:
    write("shop.policy", WARNING)
    assert run("check") == 0
    assert "warning[unknown_name]" in run.out
    assert run("check", "--quiet") == 0
    assert run.out == ""


def test_check_quiet_keeps_errors(run: Run) -> None:
    write("shop.policy", WARNING.replace("email", "emial"))
    assert run("check", "-q") == 1
    assert "error[" in run.out
    assert "warning" not in run.out


def test_check_json(run: Run) -> None:
    write("shop.policy", BAD)
    assert run("check", "--output-format", "json") == 1
    data = json.loads(run.out)
    assert [(each["rule"], each["path"]) for each in data["diagnostics"]] == [("unknown_name", "shop.policy")]
    assert data["summary"] == {"files": 1, "errors": 1, "warnings": 0, "infos": 0}


def test_check_json_of_a_finding_that_points_into_the_library(run: Run) -> None:
    write("shop.policy", GOOD + "collect email for contract\n")
    assert run("check", "--output-format", "json") == 1
    data = json.loads(run.out)
    assert data["diagnostics"][0]["related"][0]["range"] is not None
    assert data["summary"]["files"] == 1


def test_check_takes_what_is_imported_once(run: Run) -> None:
    write("modules/house.policy", 'data badge is nowhere "Badge"\n')
    write("a.policy", f'import "modules/house.policy"\n{GOOD}')
    write("b.policy", f'import "modules/house.policy"\n{GOOD}')
    assert run("check", "a.policy", "b.policy", "./a.policy") == 1
    assert run.out.count("modules/house.policy:1:15") == 1
    assert run.out.endswith("1 error in 3 files checked\n")


@pytest.mark.parametrize("path", ["sub/shop.policy", "./sub/../sub/shop.policy", "sub", "{here}/sub/shop.policy"])
def test_check_shows_paths_from_the_current_folder(run: Run, folder: Path, path: str) -> None:
    write("sub/shop.policy", BAD)
    assert run("check", path.format(here=folder)) == 1
    assert " --> sub/shop.policy:4:9\n" in run.out


def test_check_takes_a_file_of_another_suffix(run: Run) -> None:
    write("shop.txt", BAD)
    assert run("check", "shop.txt") == 1


def test_check_stdin(run: Run) -> None:
    write("sub/house.policy", MODULE)
    text = f'import "house.policy"\n{GOOD}collect badge\n'
    assert run("check", "-", "--stdin-filename", "sub/shop.policy", stdin=text) == 0
    assert run("check", "-", stdin=text) == 1
    assert " --> <stdin>:1:8\n" in run.out


def test_check_reads_what_it_can(run: Run) -> None:
    write("a.policy", b"\xff")
    write("b.policy", BAD)
    assert run("check", "missing", "a.policy", "b.policy") == 2
    assert "b.policy:4:9" in run.out
    assert "policyspec: error: missing does not exist\n" in run.err
    assert "policyspec: error: a.policy is not UTF-8 (line 1)" in run.err


def test_check_nothing(run: Run) -> None:
    assert run("check") == 2
    assert run.out == ""
    assert run.err.startswith("policyspec: error: no .policy file in .\n")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_color(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    environment: dict[str, str],
    terminal: bool,
    expected: bool,
) -> None:
    write("shop.policy", BAD)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = _Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main(["check", "--color", choice]) == 1
    assert ("\x1b[" in stream.getvalue()) is expected


# ── compile, schema ─────────────────────────────────────────────────────────────────────────────────


def test_compile(run: Run, folder: Path) -> None:
    write("shop.policy", GOOD.replace('"Shop"', '"商店"'))
    assert run("compile", "shop.policy") == 0
    assert run.out.startswith('{\n  "format": "policyspec/1",\n  "policy": {')
    assert "商店" in run.out
    assert run.out.endswith("}\n")
    text = run.out
    assert run("compile", str(folder / "shop.policy")) == 0
    assert run.out == text
    assert run("compile", "--compact", "shop.policy") == 0
    assert run.out.count("\n") == 1
    assert json.loads(run.out) == json.loads(text)
    assert run("compile", "shop.policy", "-o", "shop.json") == 0
    assert (run.out, Path("shop.json").read_text("utf-8")) == ("", text)
    assert run("compile", "-", stdin=GOOD.replace('"Shop"', '"商店"')) == 0
    assert run.out == text.replace('"path": "shop.policy"', '"path": "<stdin>"')


def test_compile_broken(run: Run) -> None:
    write("shop.policy", BAD)
    assert run("compile", "shop.policy", "-o", "shop.json") == 1
    assert run.out == ""
    assert run.err.startswith("error[unknown_name]")
    assert not Path("shop.json").exists()


def test_compile_counts_errors_of_imports(run: Run) -> None:
    write("house.policy", "data badge is nowhere\n")
    write("shop.policy", f'import "house.policy"\n{GOOD}')
    assert run("compile", "shop.policy") == 1
    assert "house.policy:1:15" in run.err


def test_compile_module(run: Run) -> None:
    write("house.policy", MODULE)
    assert run("compile", "house.policy") == 2
    assert "house.policy declares no policy" in run.err


def test_compile_never_overwrites_what_it_reads(run: Run) -> None:
    write("house.policy", MODULE)
    file = write("shop.policy", f'import "house.policy"\n{GOOD}')
    before = file.read_bytes()
    Path("link").symlink_to("shop.policy")
    for target in ("shop.policy", "./shop.policy", "link", "house.policy"):
        assert run("compile", "shop.policy", "-o", target) == 2
        assert f"{Path(target).as_posix()} is what is read" in run.err
    assert file.read_bytes() == before


def test_output_that_cannot_be_written(run: Run, folder: Path) -> None:
    for target in ("no/such/folder.json", str(folder)):
        assert run("schema", "-o", target) == 2
        assert " cannot be written: " in run.err
        assert "Traceback" not in run.err
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="needs /dev/null")
def test_output_to_a_device(run: Run) -> None:
    assert run("schema", "-o", "/dev/null") == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_schema_is_published(run: Run) -> None:
    assert run("schema") == 0
    committed = (ROOT / "docs" / "policy.schema.json").read_text("utf-8")
    assert committed == run.out, "run: policyspec schema -o docs/policy.schema.json"


# ── format ──────────────────────────────────────────────────────────────────────────────────────────

LOOSE = 'data   badge is identifying    "Badge number"\n'


def test_format(run: Run) -> None:
    file = write("a.policy", LOOSE)
    file.chmod(0o640)
    kept = write("b.policy", MODULE)
    os.utime(kept, (0, 0))
    assert run("format", ".") == 0
    assert run.out == "formatted a.policy\n1 file formatted, 1 unchanged\n"
    assert file.read_text() == MODULE
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert kept.stat().st_mtime == 0
    assert sorted(os.listdir()) == ["a.policy", "b.policy"]


def test_format_writes_through_a_link(run: Run) -> None:
    file = write("deep/a.policy", LOOSE)
    Path("a.policy").symlink_to("deep/a.policy")
    assert run("format", "a.policy") == 0
    assert Path("a.policy").is_symlink()
    assert file.read_text() == MODULE


def test_format_check_and_diff(run: Run) -> None:
    file = write("a.policy", LOOSE)
    assert run("format", "--check", "a.policy") == 1
    assert run.out.startswith("would format a.policy\n")
    assert run("format", "--diff", "a.policy") == 1
    assert run.out == f"--- a.policy\n+++ a.policy\n@@ -1 +1 @@\n-{LOOSE}+{MODULE}"
    assert file.read_text() == LOOSE
    write("a.policy", MODULE)
    assert run("format", "--check", "a.policy") == 0
    assert run("format", "--diff", "a.policy") == 0
    assert run.out == ""


def test_format_leaves_broken_files(run: Run) -> None:
    write("a.policy", "data {\n")
    write("b.policy", LOOSE)
    assert run("format", ".") == 1
    assert run.out == "formatted b.policy\n1 file formatted, 0 unchanged, 1 with syntax errors\n"
    assert run.err.startswith("error[syntax_error]")
    assert Path("a.policy").read_text() == "data {\n"


def test_format_does_not_need_names_to_be_known(run: Run) -> None:
    write("a.policy", "collect   emial\n")
    assert run("format", "a.policy") == 0
    assert Path("a.policy").read_text() == "collect emial\n"


def test_format_stdin(run: Run) -> None:
    assert run("format", "-", stdin=LOOSE.replace("\n", "\r\n")) == 0
    assert (run.out.encode(), run.err) == (MODULE.replace("\n", "\r\n").encode(), "")
    assert run("format", "--check", "-", stdin=LOOSE) == 1
    assert run("format", "--diff", "-", stdin=LOOSE) == 1
    assert run.out.startswith("--- <stdin>\n")
    assert run("format", "-", stdin="data {") == 1
    assert run.out == ""
    assert run("format", "-", "a.policy") == 2


@pytest.mark.parametrize("wrong", ["", "data x\n", MODULE.replace("Badge", "badge"), "data {"])
def test_format_does_not_trust_the_formatter(run: Run, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    text = f"{LOOSE}# A comment\n"
    write("a.policy", text)
    monkeypatch.setattr("policyspec.format.format_tree", lambda tree: wrong)
    assert run("format", "a.policy") == 2
    assert "policyspec: internal error: " in run.err
    assert Path("a.policy").read_text() == text


# ── vocabulary ──────────────────────────────────────────────────────────────────────────────────────


def test_vocabulary_overview(run: Run) -> None:
    assert run("vocabulary") == 0
    assert "always in scope" in run.out
    assert "import cn.pipl" in run.out
    assert run("vocabulary", "--output-format", "json") == 0
    assert set(json.loads(run.out)) == {"modules", "kinds"}


@pytest.mark.parametrize("name", ["email", "core.email", "data.email", "data:core.email"])
def test_vocabulary_term(run: Run, name: str) -> None:
    assert run("vocabulary", name) == 0
    assert run.out.startswith('data core.email\n  "Email address"@en "电子邮箱地址"@zh\n')
    assert "contact_information › personal\n" in run.out
    assert ("channel core.email" in run.out) is (name in ("email", "core.email"))


def test_vocabulary_term_of_several_modules(run: Run) -> None:
    assert run("vocabulary", "legal_duty") == 0
    assert "basis cn.pipl.legal_duty\n" in run.out
    assert "basis core.legal_duty\n" in run.out
    assert run("vocabulary", "legal_duty", "--module", "core") == 0
    assert "basis cn.pipl.legal_duty\n" not in run.out


def test_vocabulary_knows_aliases_and_extensions(run: Run) -> None:
    assert run("vocabulary", "opt_in") == 0
    assert run.out.startswith("basis core.consent\n")
    assert run("vocabulary", "precise_location", "--output-format", "json") == 0
    (term,) = json.loads(run.out)["terms"]
    assert term["id"] == "data:core.precise_location"
    assert "data:cn.pipl.sensitive_personal_information" in term["parents"]


def test_vocabulary_lists(run: Run) -> None:
    assert run("vocabulary", "--kind", "basis", "--module", "core") == 0
    assert "\n  consent  " in run.out
    assert "\n    explicit_consent  " in run.out
    assert run("vocabulary", "--search", "电子邮箱") == 0
    assert run.out.startswith("email")


@pytest.mark.parametrize("text", ["court order", "court_order", "Order COURT", "法院 order"])
def test_vocabulary_search_for_words(run: Run, text: str) -> None:
    assert run("vocabulary", "--search", text, "--kind", "basis") == 0
    assert "court_order  Court order\n" in run.out


def test_vocabulary_search(run: Run) -> None:
    def found(text: str) -> list[str]:
        assert run("vocabulary", "--search", text, "--module", "core", "--output-format", "json") == 0
        return [each["id"] for each in json.loads(run.out)["terms"]]

    assert found("court order") == ["basis:core.court_order"]
    assert found("coarse_location") == ["data:core.approximate_location"]
    assert found("card wombat") == found("card")
    assert set(found("payment wombat card")) == set(found("payment card"))
    assert run("vocabulary", "--search", "wombat") == 2


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["emial"], "did you mean `email`?"),
        (["--kind", "purposes"], "did you mean `purpose`?"),
        (["--module", "cn.pip"], "did you mean `cn.pipl`?"),
        (["--search", "xyzzy"], "nothing is found"),
        ([""], "there is no term"),
    ],
)
def test_vocabulary_unknown(run: Run, args: list[str], words: str) -> None:
    assert run("vocabulary", *args) == 2
    assert words in run.err
    assert run.out == ""


def test_a_search_is_proposed_where_it_finds_something(run: Run) -> None:
    assert run("vocabulary", "credit card") == 2
    assert "  policyspec vocabulary --search 'credit card'\n" in run.err
    assert run("vocabulary", "xyzzy") == 2
    assert "--search" not in run.err


def test_vocabulary_of_every_term(run: Run) -> None:
    known = vocabulary.gather([compiled.resolution(name) for name in library.names()])
    for term in known.terms:
        lines = vocabulary.about(known, term, 60)
        assert all(report.columns(line) <= 60 or len(line.split()) <= 3 for line in lines), lines
    assert run("vocabulary", "--search", "", "--output-format", "json") == 0
    assert len(json.loads(run.out)["terms"]) == len(known.terms)


# ── init, completion, help ──────────────────────────────────────────────────────────────────────────


def test_init(run: Run) -> None:
    assert run("init", "legal") == 0
    assert "policyspec check legal/privacy.policy" in run.out
    assert run("check", "legal") == 0
    assert run.out == "no findings in 1 file checked\n"
    assert run("compile", "legal/privacy.policy") == 0
    before = Path("legal/privacy.policy").read_text("utf-8")
    assert run("init", "legal") == 2
    assert "legal/privacy.policy exists" in run.err
    assert Path("legal/privacy.policy").read_text("utf-8") == before == format_tree(parse(before))


def test_init_below_a_file(run: Run) -> None:
    write("file", "")
    assert run("init", "file") == 2
    assert run("init", "file/below") == 2
    assert "Traceback" not in run.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_completion(run: Run, shell: str) -> None:
    assert run("completion", shell) == 0
    assert "vocabulary" in run.out


def test_help(run: Run) -> None:
    assert run() == 2
    assert "commands:" in run.err
    assert run("--help") == 0
    assert all(f"  {name} " in run.out for name in arguments.COMMANDS)
    for name in arguments.COMMANDS:
        assert run(name, "--help") == 0
        assert run.out.startswith(f"usage: policyspec {name} ")
        assert "examples:" in run.out
        assert "exit codes:" in run.out
    assert run("--version") == 0
    assert run.out == f"policyspec {policyspec.__version__}\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["chekc"], "there is no command `chekc`; did you mean `check`?"),
        (["check", "--foo"], "unexpected argument `--foo`"),
        (["check", "--output-format", "xml"], "invalid choice: 'xml'"),
        (["format"], "PATH"),
        (["format", "--check", "--diff", "."], "not allowed with"),
        (["--foo"], "unexpected argument `--foo`"),
        (["compile", "no\x1b[31m.policy"], r"no\x1b[31m.policy does not exist"),
        (["compile", "."], ". is a folder"),
    ],
)
def test_wrong_arguments(run: Run, args: list[str], words: str) -> None:
    assert run(*args) == 2
    assert run.out == ""
    assert run.err.startswith("policyspec: error: ")
    assert words in run.err


# ── Robustness ──────────────────────────────────────────────────────────────────────────────────────


def hostile() -> list[bytes]:
    """Texts that no one should write, and the starter with pieces taken out, doubled and exchanged."""
    starter = files.STARTER.read_bytes()
    chosen = random.Random(0)
    mutants = []
    for _ in range(25):
        at, to = sorted(chosen.sample(range(len(starter)), 2))
        to = min(to, at + 40)
        piece = chosen.choice([b"", starter[at:to] * 2, b"{", b'"', b'"""', b"}", b"\xf0", b"\0", b",", b"never "])
        mutants.append(starter[:at] + piece + starter[to:])
    return [
        b"",
        b"\xef\xbb\xbf",
        b"\0",
        b"\r",
        b"\xff\xfe" + "policy".encode("utf-16-le"),
        b"{" * 10_000,
        b"}" * 10_000,
        b'section "x" {' * 3_000,
        b'section "x" {' * 60 + b"}" * 60,
        b"data a { " + b"b { " * 60 + b"}" * 61,
        b'"""',
        b'"' * 999,
        b"collect " + b"a and " * 2_000,
        b"x" * 1_000_000,
        'policy p "\u202e\x1b[31m" { provider: p }'.encode(),
        b"policy p {}\nparty q is q\npolicy r {}\n",
        b'import "loop.policy", "/etc/passwd", "..", "", "\\0", "x.policy/y.policy"\npolicy p {}\n',
        starter,
        *mutants,
    ]


@pytest.mark.parametrize("number", range(len(hostile())))
def test_hostile_files(run: Run, number: int) -> None:
    write("loop.policy", hostile()[number])
    for args in (
        ["check", "loop.policy"],
        ["check", "-q", "--output-format", "json", "."],
        ["compile", "loop.policy"],
        ["format", "--diff", "loop.policy"],
        ["format", "--check", "loop.policy"],
        ["format", "loop.policy"],
    ):
        assert run(*args) in (0, 1, 2)
        assert "Traceback" not in run.err
        assert "internal error" not in run.err
        assert "\x1b" not in run.err
    assert run("check", "-", stdin=hostile()[number]) in (0, 1, 2)
    assert "\x1b" not in run.out


@pytest.mark.parametrize("path", ["a\0b", "a" * 5000, "\udcff", "x.policy/y", "", "~", "a\nb"])
def test_hostile_paths(run: Run, path: str) -> None:
    write("x.policy", GOOD)
    for args in (["check"], ["compile"], ["format", "--check"], ["init"], ["compile", "x.policy", "-o"]):
        assert run(*args, path) in (0, 1, 2)
        assert "Traceback" not in run.err
        assert "internal error" not in run.err


def test_denied(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "secret")

    monkeypatch.setattr("policyspec.files.find", deny)
    write("a.policy", GOOD)
    assert run("check", "a.policy") == 2
    assert run.err == "policyspec: error: a.policy cannot be read: Permission denied\n"


def test_what_may_be_raised(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.policy", GOOD)

    def raising(error: BaseException) -> int:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr("policyspec.files.load", fail)
        return run("check", "a.policy")

    assert raising(KeyboardInterrupt()) == 130
    assert raising(BrokenPipeError()) == 141
    assert raising(RecursionError("too deep")) == 2
    assert run.err.startswith("policyspec: internal error: RecursionError: too deep; please report\n")
    assert "Traceback" not in run.err
    monkeypatch.setenv("POLICYSPEC_DEBUG", "1")
    assert raising(RecursionError("too deep")) == 2
    assert "Traceback" in run.err


# ── In a process of its own ─────────────────────────────────────────────────────────────────────────


def test_process(folder: Path) -> None:
    done = start("-m", "policyspec", "check", "-", stdin=BAD.encode())
    assert done.returncode == 1
    assert b" --> <stdin>:4:9\n" in done.stdout
    assert start("-m", "policyspec", "check").returncode == 2


def test_process_prints_utf8_in_any_locale() -> None:
    done = start("-m", "policyspec", "vocabulary", "email", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0
    assert "电子邮箱地址" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_process_with_a_broken_pipe() -> None:
    command = f'"{sys.executable}" -m policyspec schema | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=environ())
    assert done.stderr == b""
    assert done.returncode in (0, cli.BROKEN_PIPE)


@pytest.mark.parametrize(
    ("args", "forbidden"),
    [
        (["--version"], {"pydantic", "lark", "pygls", "shtab"}),
        (["check", "a.policy"], {"pydantic", "lark", "pygls", "shtab"}),
        (["vocabulary", "email"], {"pydantic", "lark", "pygls", "shtab"}),
        (["compile", "a.policy"], {"lark", "pygls", "shtab"}),
    ],
)
def test_process_imports_what_it_needs(args: list[str], forbidden: set[str]) -> None:
    write("a.policy", GOOD)
    done = start("-X", "importtime", "-m", "policyspec", *args)
    assert done.returncode == 0
    imported = {line.split(b"|")[-1].strip().split(b".")[0].decode() for line in done.stderr.splitlines()}
    assert "policyspec" in imported
    assert not imported & forbidden
