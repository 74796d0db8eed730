"""Results that are kept: never wrong ones, whatever has changed, and none that others bring along."""

from __future__ import annotations

import contextlib
import hmac
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cli_support import CONTRADICTION, FIXABLE, GOOD, MODULE, Run, alone, environ, write
from policyspec import cache, cli, looking
from policyspec.cache import Look
from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.source import Source, Span


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results are kept; the current folder is another."""
    (tmp_path / "project").mkdir()
    alone(tmp_path / "project", tmp_path / "kept", monkeypatch)
    return tmp_path / "kept"


@pytest.fixture
def run(kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(capsys, monkeypatch)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were looked at, and not known from before."""
    found: list[str] = []
    examine = looking.examine

    def noted(workspace: object, path: str) -> Look:
        found.append(path)
        return examine(workspace, path)  # type: ignore[arg-type]

    monkeypatch.setattr(looking, "examine", noted)
    return found


def entries(at: Path) -> list[Path]:
    return sorted(at.glob("*.json"))


# ── What has changed ────────────────────────────────────────────────────────────────────────────────

FILES = ("a.policy", "b.policy", "house.policy", "words.policy", "sub/c.policy", "sub/house.policy")
USES = "collect badge for delivery under contract keep 1 year\n"
TEXTS = (
    GOOD,
    CONTRADICTION,
    FIXABLE,
    f'import "house.policy"\n{GOOD}{USES}',
    f'import "../house.policy"\n{GOOD}{USES}never collect badge\n',
    f'import "house.policy", "words.policy", "none.policy"\n{GOOD}{USES}',
    MODULE,
    f'import "words.policy"\n{MODULE}data card is paper\nrule badges {{ no collect badge suppressible: no }}\n',
    f'import "house.policy"\n{MODULE}',
    'data paper "Paper"\nnever collect badge\n',
    "data badge is identifying\ndata badge\n",
    f"{GOOD.replace('1 year', '1 year  # policyspec: allow badges, contradiction -- agreed')}",
    "collect {",
    "",
)
SETTINGS = (
    None,
    "",
    'import = ["house.policy"]\n',
    'import = ["words.policy", "cn.pipl"]\n',
    'import = ["../house.policy"]\n[rules]\ncontradiction = "info"\n',
    "import = [\n",
)
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(FILES), st.sampled_from(TEXTS)),
    st.tuples(st.just("write"), st.sampled_from(FILES), st.sampled_from(TEXTS)),
    st.tuples(st.just("remove"), st.sampled_from(FILES), st.none()),
    st.tuples(st.just("rename"), st.sampled_from(FILES), st.sampled_from(FILES)),
    st.tuples(st.just("link"), st.sampled_from(FILES), st.sampled_from((*FILES, "../outside.policy"))),
    st.tuples(st.just("settings"), st.sampled_from(("", "sub/")), st.sampled_from(SETTINGS)),
    st.tuples(st.just("root"), st.sampled_from(("", "sub/")), st.none()),
)


def do(what: str, where: str, argument: str | None) -> None:
    """One change of a project."""
    path = Path(where)
    match what:
        case "write":
            path.unlink(missing_ok=True)
            path.write_text(argument or "", "utf-8")
        case "remove":
            path.unlink(missing_ok=True)
        case "rename":
            if path.exists():
                path.replace(argument or "")
        case "link":
            path.unlink(missing_ok=True)
            path.symlink_to(os.path.relpath(argument or "", path.parent))
        case "settings":
            file = Path(f"{where}policyspec.toml")
            file.unlink(missing_ok=True)
            if argument is not None:
                file.write_text(argument, "utf-8")
        case "root":
            git = Path(f"{where}.git")
            git.rmdir() if git.exists() else git.mkdir()


def said(*args: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main(["check", "--output-format", "json", *args])
    return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def project() -> Iterator[None]:
    """A folder with the files, as the current one."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as at:
        try:
            (Path(at) / "project/sub").mkdir(parents=True)
            (Path(at) / "outside.policy").write_text(MODULE, "utf-8")
            os.environ["POLICYSPEC_CACHE_DIR"] = f"{at}/kept"
            os.chdir(f"{at}/project")
            for name, text in zip(FILES, TEXTS[3:], strict=False):
                Path(name).write_text(text, "utf-8")
            yield
        finally:
            os.chdir(before)


@given(st.lists(STEPS, min_size=1, max_size=5))
@settings(max_examples=5)
# The imports of the settings count from another folder.
@example([("settings", "", 'import = ["house.policy"]\n'), ("settings", "sub/", 'import = ["house.policy"]\n')])
# What may be imported is less, though no text has changed.
@example([("write", "sub/c.policy", TEXTS[4]), ("root", "sub/", None)])
# A file no longer is one that the others import.
@example(
    [
        ("write", "words.policy", "data paper\ncollect badge\n"),
        ("write", "house.policy", f'import "words.policy"\n{MODULE}'),
        ("settings", "", 'import = ["house.policy"]\n'),
        ("write", "house.policy", MODULE),
    ]
)
# A link leads elsewhere, to the same text.
@example(
    [("write", "a.policy", TEXTS[3]), ("write", "house.policy", MODULE), ("link", "house.policy", "../outside.policy")]
)
def test_what_is_kept_is_what_would_be_found(steps: list[tuple[str, str, str | None]]) -> None:
    old = os.environ.get("POLICYSPEC_CACHE_DIR")
    try:
        with project():
            assert said() == said("--no-cache")
            for step in steps:
                do(*step)
                fresh = said("--no-cache")
                assert said() == fresh, step
                assert said() == fresh, step
    finally:
        os.environ.pop("POLICYSPEC_CACHE_DIR") if old is None else os.environ.update(POLICYSPEC_CACHE_DIR=old)


def test_what_has_not_changed_is_not_looked_at(run: Run, looked: list[str]) -> None:
    write("house.policy", MODULE)
    write("a.policy", f'import "house.policy"\n{GOOD}{USES}')
    write("b.policy", CONTRADICTION)
    assert run("check") == 1
    first = run.out
    assert sorted(looked) == ["a.policy", "b.policy", "house.policy"]
    looked.clear()
    assert run("check") == 1
    assert run.out == first
    assert looked == []
    write("house.policy", f"{MODULE}# more\n")
    assert run("check") == 1
    assert sorted(looked) == ["a.policy", "house.policy"]
    looked.clear()
    # What settings and suppressions make of it is judged anew.
    write("policyspec.toml", '[rules]\ncontradiction = "info"\n')
    assert run("check") == 0
    assert run("check", "--ignore", "contradiction") == 0
    assert run("check", "--fail-level", "info") == 1
    assert looked in ([], ["a.policy", "b.policy", "house.policy"])
    looked.clear()
    assert run("check", "--no-cache") == 0
    assert sorted(looked) == ["a.policy", "b.policy", "house.policy"]


def test_names_of_rules_in_settings_are_looked_up_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("policyspec.toml", 'ignore = ["contradicton"]\n')
    write("shop.policy", GOOD)
    assert run("check") == 0
    assert run.rules == ["unknown_rule"]
    said = run.out
    with monkeypatch.context() as patch:
        patch.setattr("policyspec.checking.rule_names", lambda: 1 / 0)
        assert run("check") == 0
        assert run.out == said
        write("policyspec.toml", 'ignore = ["contradiction"]\n')
        assert run("check") == 2
    assert run("check") == 0
    assert run.rules == []


def test_projects_with_files_of_the_same_names(run: Run, monkeypatch: pytest.MonkeyPatch, looked: list[str]) -> None:
    for name, text in {"one": GOOD, "two": CONTRADICTION}.items():
        write(f"{name}/shop.policy", text)
    top = Path.cwd()
    for _ in range(2):
        monkeypatch.chdir(top / "one")
        assert run("check") == 0
        monkeypatch.chdir(top / "two")
        assert run("check") == 1
    assert looked == ["shop.policy", "shop.policy"]


def test_another_version(run: Run, looked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    write("shop.policy", CONTRADICTION)
    assert run("check") == 1
    monkeypatch.setattr(cache, "__version__", "99.0")
    assert run("check") == 1
    assert looked == ["shop.policy"] * 2
    assert run("check") == 1
    assert looked == ["shop.policy"] * 2


def test_an_edit_of_policyspec_itself(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package"
    write(str(package / "a.py"), "x = 1\n")
    monkeypatch.setattr(cache, "_PACKAGE", package)
    versions = [cache._version()]
    (package / "a.py").write_text("x = 2\n", "utf-8")
    os.utime(package / "a.py", ns=(1, 1))
    versions.append(cache._version())
    write(str(package / "sub/rule.policy"), "")
    versions.append(cache._version())
    assert len({*versions}) == 3
    assert cache._version() == versions[-1]


# ── Who may bring a result along ────────────────────────────────────────────────────────────────────


@pytest.fixture
def entry(run: Run, kept: Path, looked: list[str]) -> Path:
    """The one entry, of a policy with an error."""
    write("shop.policy", CONTRADICTION)
    assert run("check") == 1
    looked.clear()
    (file,) = entries(kept)
    return file


def is_ignored(run: Run, looked: list[str], paths: tuple[str, ...] = ("shop.policy",)) -> bool:
    """Whether the result is right, and was found anew."""
    looked.clear()
    assert run("check", *paths) == 1
    assert run.rules == ["contradiction"]
    assert run.err == ""
    return looked == [*paths]


def test_entries_that_were_changed(run: Run, entry: Path, looked: list[str]) -> None:
    good = entry.read_bytes()
    signature, body = good.split(b"\n")
    about, states, looked_at, _ = json.loads(body)
    nothing = json.dumps([about, states, looked_at, []]).encode()
    others = hmac.new(b"x" * 32, nothing, "sha256").hexdigest().encode()
    for bad in (
        b"",
        b"\n",
        b"\xff\xfe",
        b"\0" * 1000,
        good[:-1],
        good + b" ",
        body,
        signature + b"\n",
        signature + b"\n" + nothing,
        others + b"\n" + nothing,
        signature.upper() + b"\n" + body,
        "ß".encode() * 32 + b"\n" + body,
        good.replace(b"contradiction", b"kontradiction"),
        b"[" * 1_000_000,
    ):
        entry.write_bytes(bad)
        assert is_ignored(run, looked), bad[:80]
        assert entry.read_bytes() == good
    assert not is_ignored(run, looked)


@pytest.mark.parametrize("name", ["huge", "folder", "pipe", "link", "unreadable"])
def test_entries_that_are_none(run: Run, entry: Path, looked: list[str], name: str, tmp_path: Path) -> None:
    good = entry.read_bytes()
    entry.unlink()
    match name:
        case "huge":
            with entry.open("wb") as stream:
                stream.truncate(cache._MAX_BYTES + 1)
        case "folder":
            entry.mkdir()
        case "pipe":
            os.mkfifo(entry)
        case "link":
            (tmp_path / "elsewhere").write_bytes(good)
            entry.symlink_to(tmp_path / "elsewhere")
        case "unreadable":
            entry.symlink_to(entry.name)
    assert is_ignored(run, looked)


def test_an_entry_under_another_name(run: Run, entry: Path, looked: list[str], kept: Path) -> None:
    """Not even for the same text."""
    for text in (CONTRADICTION, f"{CONTRADICTION}# other\n"):
        write("other.policy", text)
        assert run("check", "other.policy") == 1
        (other,) = {*entries(kept)} - {entry}
        shutil.copy(entry, other)
        assert is_ignored(run, looked, ("other.policy",))
        other.unlink()


def test_another_key(run: Run, entry: Path, looked: list[str], kept: Path) -> None:
    key = kept / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    mine = key.read_bytes()
    for bad in (b"", b"short", b"x" * 31, b"x" * 33):
        key.write_bytes(bad)
        assert is_ignored(run, looked)
        assert len(key.read_bytes()) == 32
    key.write_bytes(b"x" * 32)
    assert is_ignored(run, looked)
    assert not is_ignored(run, looked)
    # One that others may have read.
    key.chmod(0o644)
    assert is_ignored(run, looked)
    assert key.read_bytes() != b"x" * 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    (kept / "mine").write_bytes(mine)
    (kept / "mine").chmod(0o600)
    key.symlink_to("mine")
    assert is_ignored(run, looked)
    assert not key.is_symlink()
    key.unlink()
    key.mkdir()
    assert is_ignored(run, looked)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o1777])
def test_a_folder_that_others_write_to(run: Run, entry: Path, looked: list[str], kept: Path, mode: int) -> None:
    kept.chmod(mode)
    before = sorted(kept.iterdir())
    assert is_ignored(run, looked)
    assert is_ignored(run, looked)
    assert sorted(kept.iterdir()) == before
    kept.chmod(0o755)
    assert not is_ignored(run, looked)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else(run: Run, entry: Path, looked: list[str], kept: Path) -> None:
    os.chown(kept, 12345, 12345)
    assert is_ignored(run, looked)


def test_a_folder_that_is_a_link(run: Run, entry: Path, looked: list[str], kept: Path) -> None:
    kept.rename(kept.parent / "elsewhere")
    kept.symlink_to("elsewhere", target_is_directory=True)
    assert is_ignored(run, looked)
    assert run("clean") == 0


@pytest.mark.parametrize("name", ["file", "file/below", "/proc/nothing/here", "/dev/null"])
def test_no_place_to_keep_anything(
    run: Run, looked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").touch()
    write("shop.policy", CONTRADICTION)
    monkeypatch.setenv("POLICYSPEC_CACHE_DIR", str(tmp_path / name))
    assert is_ignored(run, looked)
    assert is_ignored(run, looked)
    assert run("clean") == 0


def test_a_full_disk(run: Run, looked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    write("shop.policy", CONTRADICTION)
    monkeypatch.setattr(cache.os, "replace", full)
    assert is_ignored(run, looked)


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("POLICYSPEC_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache/policyspec"
    # It would be in the project.
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache.folder() == tmp_path / ".cache/policyspec"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache.folder() == tmp_path / "x/policyspec"
    monkeypatch.setenv("POLICYSPEC_CACHE_DIR", "~/mine")
    assert cache.folder() == tmp_path / "mine"


# ── Cleaning ────────────────────────────────────────────────────────────────────────────────────────


def test_clean(run: Run, kept: Path) -> None:
    assert run("clean") == 0
    assert run.out == "0 results removed\n"
    for name in "ab":
        write(f"{name}.policy", GOOD)
    assert run("check") == 0
    assert run("clean") == 0
    assert run.out == "2 results removed\n"
    assert not kept.exists()
    assert run("check", "a.policy") == 0
    assert run("clean") == 0
    assert run.out == "1 result removed\n"


def test_nothing_but_ones_own_is_ever_removed(run: Run, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder may be one with other things in it, named by mistake."""
    kept.mkdir(mode=0o700)
    mine = ["thesis.json", "notes.txt", ".bashrc", "0123456789abcdef.json", "sub/key", f"sub/{'a' * 40}.json"]
    for name in mine:
        write(str(kept / name), "mine")
    write("shop.policy", CONTRADICTION)
    monkeypatch.setattr(cache, "_MAX_ENTRIES", 2)
    for number in range(6):
        write(f"{number}.policy", CONTRADICTION)
        assert run("check", "--select", "contradiction") == 1
    assert run("clean") == 0
    assert sorted(each.relative_to(kept).as_posix() for each in kept.rglob("*") if each.is_file()) == sorted(mine)


def test_too_many_entries(run: Run, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MAX_ENTRIES", 5)
    for number in range(20):
        write("shop.policy", f"{GOOD}# {number}\n")
        write(f"shop{number}.policy", GOOD)
        assert run("check", f"shop{number}.policy", "shop.policy") == 0
        assert len(entries(kept)) <= 7


def test_unfinished_files_are_removed(run: Run, kept: Path) -> None:
    write("shop.policy", GOOD)
    assert run("check") == 0
    (kept / ".unfinished.0123456789abcdef").touch()
    assert run("clean") == 0
    assert run.out == "1 result removed\n"
    assert not kept.exists()


# ── Several at once ─────────────────────────────────────────────────────────────────────────────────


def test_concurrent_runs(kept: Path) -> None:
    """From the first on, when there is not even a key."""
    for number in range(8):
        write(f"{number}.policy", CONTRADICTION if number % 2 else GOOD)
    command = [sys.executable, "-m", "policyspec", "check", "-q", "--output-format", "jsonl"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ()) for _ in range(3)
    ]
    cleaning = subprocess.Popen([sys.executable, "-m", "policyspec", "clean"], stdout=subprocess.PIPE, env=environ())
    results = [each.communicate() for each in running]
    cleaning.communicate()
    assert {each.returncode for each in running} == {1}
    assert {err for _, err in results} == {b""}
    assert len({out for out, _ in results}) == 1
    assert results[0][0].count(b"\n") == 4


# ── What an entry has ───────────────────────────────────────────────────────────────────────────────

TEXT = st.text(st.characters(exclude_categories=()), max_size=10)
SPAN = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda pair: Span(*pair))
FIX = st.builds(Fix, TEXT, st.lists(st.builds(Edit, SPAN, TEXT), max_size=2).map(tuple), st.booleans())
FOUND = st.builds(
    Diagnostic,
    TEXT,
    st.sampled_from(Severity),
    TEXT,
    TEXT,
    SPAN,
    st.lists(st.builds(Related, TEXT, SPAN, TEXT), max_size=2).map(tuple),
    TEXT,
    st.lists(st.builds(Fix, TEXT, st.lists(st.builds(Edit, SPAN, TEXT), max_size=2).map(tuple), st.booleans())).map(
        tuple
    ),
    st.lists(TEXT, max_size=2).map(tuple),
    TEXT,
)


@given(st.lists(FOUND, max_size=3), st.booleans(), st.lists(TEXT, max_size=2), TEXT)
@settings(max_examples=50)
def test_what_is_put_is_what_is_got(found: list[Diagnostic], is_policy: bool, firm: list[str], text: str) -> None:
    with tempfile.TemporaryDirectory() as at:

        def made(key: bytes = b"k", version: str = "1", known: str = text) -> cache.Cache:
            opened = cache.Cache(Path(at), key * 32, version)
            opened.know([Source("a", known)])
            return opened

        look = Look(tuple(found), ("a",), {"a": text}, is_policy, tuple(firm))
        made().put("a", "basis", look)
        assert made().get("a", "basis") == look
        assert made().get("b", "basis") is None
        assert made().get("a", "other") is None
        assert made(known=f"{text}.").get("a", "basis") is None
        assert made(key=b"x").get("a", "basis") is None
        assert made(version="2").get("a", "basis") is None


def test_what_is_missing_or_too_much_is_not_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.mkdir()
    made = cache.Cache(kept, b"k" * 32, "")
    made.know([Source("a", "x")])
    made.put("a", "", Look((), ("a",), {"a": "x"}, missing=("b",)))
    # It was changed while it was looked at.
    made.put("a", "", Look((), ("a",), {"a": "y"}))
    monkeypatch.setattr(cache, "_MAX_BYTES", 200)
    made.put("a", "", Look((), ("a",), {"a": "x"}, firm=("z" * 200,)))
    assert list(kept.iterdir()) == []
