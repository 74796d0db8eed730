"""`policyspec check --fix`, `--diff` and `--add-suppressions`: what is changed, and what is not."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cli_support import CONTRADICTION, FIXABLE, FIXED, GOOD, MODULE, Run, write

EMPTY_SECTION = 'section "Nothing" {\n}\n'
# What a module has wrong with it is found for the policies that import it.
CAMERA = "permission camera is android.CAMERA_ROLL\n"
PHOTOS = "collect microphone_audio for streaming under consent via android.MICROPHONE keep 1 day\n"


# ── Fixes ───────────────────────────────────────────────────────────────────────────────────────────


def test_fix(run: Run) -> None:
    write("shop.policy", FIXABLE)
    assert run("check", "--fix") == 0
    assert (run.out, run.err) == ("no findings in 1 file checked\n", "1 fix applied in 1 file\n")
    assert Path("shop.policy").read_text("utf-8") == FIXED
    os.utime("shop.policy", (0, 0))
    assert run("check", "--fix") == 0
    assert run.err == "0 fixes applied in 0 files\n"
    assert Path("shop.policy").stat().st_mtime == 0
    assert os.listdir() == ["shop.policy"]


def test_fix_says_what_remains(run: Run) -> None:
    write("shop.policy", f"{FIXABLE}never collect email\n")
    assert run("check", "--fix", "--output-format", "github") == 1
    assert run.out.startswith("::error file=shop.policy,line=6,")
    assert run.err == "1 fix applied in 1 file\n"


def test_unsafe_fixes_are_for_who_asks_for_them(run: Run) -> None:
    write("shop.policy", FIXABLE + EMPTY_SECTION)
    assert run("check", "--fix") == 0
    assert Path("shop.policy").read_text("utf-8") == FIXED + EMPTY_SECTION
    assert run.rules == ["empty_section"]
    assert run("check", "--unsafe-fixes") == 0
    assert run.rules == []
    assert Path("shop.policy").read_text("utf-8").rstrip() == FIXED.rstrip()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_nothing_else_is_changed(run: Run, end: str, mark: str) -> None:
    lines = FIXABLE.splitlines()
    text = mark + f"{end}# 设备 \t{end}".join(lines) + f"   # last{end}{end}  # and more"
    file = write("shop.policy", text)
    file.chmod(0o640)
    assert run("check", "--fix") == 0
    assert file.read_bytes() == text.replace("MICROPHONE", "RECORD_AUDIO").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    file.write_bytes((text + end + EMPTY_SECTION.replace("\n", end)).encode())
    assert run("check", "--unsafe-fixes") == 0
    left = file.read_bytes().decode()
    assert left.startswith(mark + lines[0])
    assert re.findall("#[^\r\n]*", left) == re.findall("#[^\r\n]*", text)
    assert end == "\n" or "\n" not in left.replace("\r\n", "")


def test_a_link_stays_one(run: Run) -> None:
    write("deep/shop.policy", FIXABLE)
    Path("shop.policy").symlink_to("deep/shop.policy")
    assert run("check", "--fix", "shop.policy") == 0
    assert Path("shop.policy").is_symlink()
    assert Path("deep/shop.policy").read_text("utf-8") == FIXED


def test_diff_changes_nothing(run: Run) -> None:
    file = write("shop.policy", FIXABLE)
    write("good.policy", GOOD)
    for options in (["--diff"], ["--fix", "--diff"], ["--diff", "-q"]):
        assert run("check", *options) == 1
        assert run.out.startswith("--- shop.policy\n+++ shop.policy\n@@")
        assert (run.out.count("\n-"), run.out.count("\n+")) == (1, 2)
        assert run.err == ""
    assert file.read_text("utf-8") == FIXABLE
    assert run("check", "--diff", "good.policy") == 0
    assert (run.out, run.err) == ("", "")
    assert run("check", "--diff", "good.policy", "missing.policy") == 2


def test_several_files_of_one_workspace(run: Run) -> None:
    write("house.policy", MODULE + EMPTY_SECTION)
    for name in ("a", "b", "sub/c"):
        to = "../" * name.count("/")
        uses = "collect badge for delivery under contract keep 1 year\n"
        write(f"{name}.policy", f'import "{to}house.policy"\n{FIXABLE}{uses}{EMPTY_SECTION}')
    assert run("check", "--unsafe-fixes") == 0
    assert run.rules == []
    assert run.err == "7 fixes applied in 4 files\n"
    assert Path("house.policy").read_text("utf-8").rstrip() == MODULE.rstrip()
    assert run("check", "--unsafe-fixes") == 0
    assert run.err == "0 fixes applied in 0 files\n"


def test_imported_files_are_changed_only_if_they_are_named(run: Run) -> None:
    module = write("house.policy", MODULE + EMPTY_SECTION)
    uses = "collect badge for delivery under contract keep 1 year\n"
    write("shop.policy", f'import "house.policy"\n{GOOD}{uses}{EMPTY_SECTION}')
    assert run("check", "--unsafe-fixes", "shop.policy") == 0
    assert run.rules == ["empty_section"]
    assert module.read_text("utf-8") == MODULE + EMPTY_SECTION
    # By itself a module has no findings of rules: they are found for the policies that import it.
    assert run("check", "--unsafe-fixes", "house.policy") == 0
    assert module.read_text("utf-8") == MODULE + EMPTY_SECTION
    assert run("check", "--unsafe-fixes", "house.policy", "shop.policy") == 0
    assert run.rules == []
    assert module.read_text("utf-8").rstrip() == MODULE.rstrip()


def test_files_of_other_projects_are_theirs(run: Run) -> None:
    write("a/policyspec.toml", 'ignore = ["android"]\n')
    write("a/shop.policy", FIXABLE)
    write("b/policyspec.toml", 'exclude = ["old.policy"]\n')
    write("b/shop.policy", FIXABLE)
    write("b/old.policy", FIXABLE)
    assert run("check", "--fix") == 0
    assert Path("a/shop.policy").read_text("utf-8") == FIXABLE
    assert Path("b/shop.policy").read_text("utf-8") == FIXED
    assert Path("b/old.policy").read_text("utf-8") == FIXABLE
    assert run.err == "1 fix applied in 1 file\n"


def test_only_rules_that_are_asked_for_are_fixed(run: Run) -> None:
    file = write("shop.policy", FIXABLE + EMPTY_SECTION)
    assert run("check", "--unsafe-fixes", "--select", "empty_section") == 0
    assert file.read_text("utf-8").rstrip() == FIXABLE.rstrip()
    write("shop.policy", FIXABLE.rstrip() + "  # policyspec: allow wrong_permission_name, unknown_name -- theirs\n")
    before = file.read_text("utf-8")
    assert run("check", "--fix") == 0
    assert file.read_text("utf-8") == before


def test_what_cannot_be_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        write(f"{name}.policy", FIXABLE)
    Path("b.policy").chmod(0o444)
    assert run("check", "--fix") == 2
    assert run.err == "policyspec: error: b.policy may not be written to\n2 fixes applied in 2 files\n"
    assert "android.wrong_permission_name" in run.rules
    assert [Path(f"{name}.policy").read_text("utf-8") for name in ("a", "b", "c")] == [FIXED, FIXABLE, FIXED]
    write("a.policy", FIXABLE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("policyspec.files.write", full)
    assert run("check", "--fix", "a.policy") == 2
    assert "a.policy cannot be written: No space left on device" in run.err
    assert Path("a.policy").read_text("utf-8") == FIXABLE


def test_what_was_changed_meanwhile_is_left_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from policyspec import fixing

    file = write("shop.policy", FIXABLE)
    fix = fixing.fix

    def meanwhile(*args: object, **more: object) -> object:
        file.write_text(f"# new\n{FIXABLE}", "utf-8")
        return fix(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(fixing, "fix", meanwhile)
    assert run("check", "--fix") == 2
    assert "shop.policy was changed meanwhile, and is left as it is" in run.err
    assert file.read_text("utf-8") == f"# new\n{FIXABLE}"


def test_a_used_suppression_stays(run: Run) -> None:
    """Nor is it said to be unused by who does not see the policies that import the module."""
    text = f"{MODULE}# policyspec: allow empty_section -- to be filled\n{EMPTY_SECTION}"
    module = write("house.policy", text)
    write("a.policy", GOOD)
    uses = "collect badge for delivery under contract keep 1 year\n"
    write("shop.policy", f'import "house.policy"\n{GOOD}{uses}')
    for paths in (".", "house.policy", "shop.policy", "house.policy a.policy", "shop.policy house.policy"):
        assert run("check", "--fix", *paths.split()) == 0
        assert run.rules == []
        assert module.read_text("utf-8") == text
    write("shop.policy", f'import "house.policy"\n{GOOD}')
    module.write_text(text.replace("}", f"  {uses}}}"), "utf-8")
    assert run("check", "shop.policy") == 0
    assert run.rules == []
    assert run("check") == 0
    assert run.rules == ["unused_suppression"]


def test_a_module_of_several_projects(run: Run) -> None:
    """What one of them does not need, the other may."""
    write("inner/policyspec.toml", "")
    text = f"{MODULE}# policyspec: allow duplicate_sentence -- theirs\nnever sell badge\n"
    uses = "collect badge for delivery under contract keep 1 year\n"
    module = write("inner/house.policy", text)
    write("inner/shop.policy", f'import "house.policy"\n{GOOD}{uses}')
    write("shop.policy", f'import "inner/house.policy"\n{GOOD}{uses}never sell badge\n')
    assert run("check", "inner") == 0
    assert run.rules == ["unused_suppression"]
    baseline = ("--baseline", "known.json", "--update-baseline")
    for options in ((), ("--fix",), (*baseline, "--accept-new"), baseline):
        assert run("check", *options) == 0
        assert "unused_suppression" not in run.rules
        assert module.read_text("utf-8") == text


def test_an_unused_suppression_is_removed(run: Run) -> None:
    allowed = "  # policyspec: allow contradiction, downgrade -- agreed"
    file = write("shop.policy", CONTRADICTION.replace("1 year", f"1 year{allowed}"))
    assert run("check") == 0
    assert run.rules == ["unused_suppression"]
    assert run("check", "--fix") == 0
    assert run.rules == []
    kept = CONTRADICTION.replace("1 year", "1 year  # policyspec: allow contradiction -- agreed")
    assert file.read_text("utf-8") == kept
    write("shop.policy", f"# First.\n# policyspec: allow contradiction -- agreed\n# Next.\n{GOOD}# Last.\n")
    assert run("check", "--fix") == 0
    assert run.rules == []
    assert file.read_text("utf-8") == f"# First.\n# Next.\n{GOOD}# Last.\n"


# ── Suppressions ────────────────────────────────────────────────────────────────────────────────────


def test_add_suppressions(run: Run) -> None:
    file = write("shop.policy", CONTRADICTION)
    assert run("check", "--add-suppressions", "--reason", "see test 14", "--until", "2027-01-31") == 0
    assert run.out == "no findings in 1 file checked (1 suppressed)\n"
    assert run.err == "suppressions written in 1 file\n"
    comment = "# policyspec: allow contradiction until 2027-01-31 -- see test 14"
    assert file.read_text("utf-8") == CONTRADICTION.replace("1 year", f"1 year  {comment}")
    assert run("check", "--add-suppressions", "--reason", "again") == 0
    once = file.read_text("utf-8")
    assert run("check", "--add-suppressions", "--reason", "again") == 0
    assert file.read_text("utf-8") == once
    assert run("check") == 0


def test_add_suppressions_with_diff(run: Run) -> None:
    file = write("shop.policy", CONTRADICTION)
    assert run("check", "--add-suppressions", "--reason", "x", "--diff") == 1
    assert "+collect email for delivery under contract keep 1 year  # policyspec: allow contradiction -- x\n" in run.out
    assert file.read_text("utf-8") == CONTRADICTION


def test_add_suppressions_of_several_files(run: Run) -> None:
    module = write("house.policy", MODULE + EMPTY_SECTION)
    uses = "collect badge for delivery under contract keep 1 year\n"
    write("shop.policy", f'import "house.policy"\n{CONTRADICTION}{uses}')
    assert run("check", "--add-suppressions", "--reason", "x", "shop.policy") == 0
    assert module.read_text("utf-8") == MODULE + EMPTY_SECTION
    assert run("check", "--add-suppressions", "--reason", "x", "--ignore", "empty_section") == 0
    assert module.read_text("utf-8") == MODULE + EMPTY_SECTION
    assert run("check", "--add-suppressions", "--reason", "x") == 0
    assert run.rules == []
    assert "allow empty_section -- x" in module.read_text("utf-8")


def test_what_may_not_be_suppressed_gets_no_comment(run: Run) -> None:
    rule = 'rule never_email "Never email" { no collect email for delivery  level: error  suppressible: no }\n'
    file = write("shop.policy", GOOD + rule)
    assert run("check", "--add-suppressions", "--reason", "x") == 1
    assert run.rules == ["never_email"]
    assert file.read_text("utf-8") == GOOD + rule
    comment = "  # policyspec: allow never_email -- x"
    write("shop.policy", GOOD.rstrip() + f"{comment}\n{rule}")
    for _ in range(2):
        assert run("check") == 1
        assert run.rules == ["never_email", "suppression_not_allowed"]
    write("house.policy", rule)
    write("shop.policy", f'import "house.policy"\n{GOOD.rstrip()}{comment}\n')
    for _ in range(2):
        assert run("check") == 1
        assert run.rules == ["never_email", "suppression_not_allowed"]


@pytest.mark.parametrize(
    ("comment", "code", "rules", "more"),
    [
        ("allow contradiction -- agreed", 0, [], " (1 suppressed)"),
        ("allow contradiction until 2026-06-15 -- agreed", 0, [], " (1 suppressed)"),
        ("allow contradiction until 2026-06-14 -- agreed", 1, ["contradiction", "expired_suppression"], ""),
        ("allow contradiction", 1, ["contradiction", "suppression_without_reason"], ""),
        ("allow contradicton -- agreed", 1, ["contradiction", "unknown_suppression"], ""),
        ("allow downgrade -- agreed", 1, ["contradiction", "unused_suppression"], ""),
        ("alow contradiction -- agreed", 1, ["contradiction", "invalid_suppression"], ""),
        ("allow syntax_error -- agreed", 1, ["contradiction", "unknown_suppression"], ""),
    ],
)
def test_suppressions(run: Run, comment: str, code: int, rules: list[str], more: str) -> None:
    write("shop.policy", CONTRADICTION.replace("1 year", f"1 year  # policyspec: {comment}"))
    for options in ((), ("--no-cache",), ()):
        assert run("check", *options) == code
        assert run.rules == rules
        assert more in run.out


def test_rules_that_do_not_run_have_no_unused_suppressions(run: Run) -> None:
    rule = 'rule badges "Badges" { no collect name }\n'
    write("house.policy", rule)
    text = GOOD.replace("1 year", "1 year  # policyspec: allow contradiction, badges, consent_not_separate -- agreed")
    write("shop.policy", f'import "house.policy"\n{text}')
    assert run("check") == 0
    assert run.rules == ["unused_suppression"]
    for options in (("--select", "cn.pipl"), ("--ignore", "logic,cn.pipl,contradiction")):
        assert run("check", *options) == 0
        shown = run.out if run.rules else ""
        assert "`contradiction`" not in shown
    write("policyspec.toml", 'select = ["cn.pipl"]\n')
    assert run("check") == 0
    assert "`badges`" not in run.out
    assert "`contradiction`" not in run.out
