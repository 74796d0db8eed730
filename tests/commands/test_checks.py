"""`policyspec check`: which rules run on which files, what makes it fail, and what wrong options lead to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli_support import BAD, CONTRADICTION, FIXABLE, GOOD, MODULE, Run, environ, start, write

# An error of a rule of a law pack, and one of a rule without.
HEALTH = f"import cn.pipl\n\n{CONTRADICTION}collect health for health_care under consent keep 1 year\n"
HOUSE = 'rule badges "Badges" { no collect email for delivery  level: error }\n'


# ── Rules ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("cn.pipl.consent_not_separate", {"cn.pipl.consent_not_separate"}),
        ("consent_not_separate", {"cn.pipl.consent_not_separate"}),
        ("cn.pipl", {"cn.pipl"}),
        ("cn", {"cn.pipl"}),
        ("logic", {"contradiction", "not_assessed"}),
        ("contradiction,consent_not_separate", {"contradiction", "cn.pipl.consent_not_separate"}),
        (" contradiction , cn.pipl ", {"contradiction", "cn.pipl"}),
        ("not_assessed", {"not_assessed"}),
    ],
)
def test_select(run: Run, names: str, found: set[str]) -> None:
    write("shop.policy", HEALTH)
    run("check", "--select", names)
    assert {each if each in found else each.rpartition(".")[0] for each in run.rules} == found


def test_select_and_ignore(run: Run) -> None:
    write("shop.policy", HEALTH)
    assert run("check", "--select", "contradiction", "--select", "consent_not_separate") == 1
    assert run.rules == ["cn.pipl.consent_not_separate", "contradiction"]
    assert run("check", "--select", "contradiction,cn.pipl", "--ignore", "cn.pipl", "--ignore", "contradiction") == 0
    assert run.rules == []
    assert run("check", "--select", "cn.pipl.consent_not_separate", "--ignore", "cn") == 1
    assert run.rules == ["cn.pipl.consent_not_separate"]
    assert run("check", "--ignore", "logic") == 1
    assert "contradiction" not in run.rules
    assert "cn.pipl.consent_not_separate" in run.rules


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("contradicton", "no rule or pack is named `contradicton`; did you mean `contradiction`?"),
        ("contradiction,cn.pip", "no rule or pack is named `cn.pip`; did you mean `cn.pipl`?"),
        ("xyzzy", "no rule or pack is named `xyzzy`\n  policyspec rules lists them"),
        ("", "needs the name of a rule or a pack"),
        (",", "needs the name of a rule or a pack"),
        ("\x1b[31m", "no rule or pack is named `\\x1b[31m`"),
    ],
)
def test_select_of_unknown_names(run: Run, option: str, names: str, words: str) -> None:
    write("shop.policy", GOOD)
    assert run("check", option, names) == 2
    assert run.out == ""
    assert run.err.startswith(f"policyspec: error: {option}")
    assert words in run.err


def test_what_is_asked_for_counts_before_the_settings(run: Run) -> None:
    write(
        "policyspec.toml", 'select = ["cn"]\n[[overrides]]\npaths = ["*.policy"]\nrules = { contradiction = "error" }\n'
    )
    write("shop.policy", HEALTH)
    assert run("check") == 1
    assert "contradiction" in run.rules
    assert run("check", "--select", "consent_not_separate") == 1
    assert run.rules == ["cn.pipl.consent_not_separate"]
    assert run("check", "--select", "consent_not_separate", "--ignore", "consent_not_separate") == 0
    assert run("check", "--ignore", "contradiction") == 1
    assert "contradiction" not in run.rules
    assert "cn.pipl.consent_not_separate" in run.rules


def test_errors_of_names_cannot_be_left_out(run: Run) -> None:
    write("shop.policy", BAD)
    assert run("check", "--ignore", "unknown_name") == 1
    assert run("check", "--select", "cn.pipl") == 1
    assert run.rules == ["unknown_name"]


def test_isolated(run: Run) -> None:
    write("policyspec.toml", 'ignore = ["contradiction"]\nexclude = ["*"]\nimport = ["house.policy"]\n')
    write("house.policy", HOUSE)
    write("shop.policy", CONTRADICTION)
    assert run("check") == 0
    assert run("check", "--isolated") == 1
    assert "contradiction" in run.rules
    assert "badges" not in run.rules


# ── Settings ────────────────────────────────────────────────────────────────────────────────────────


def test_imports_of_the_settings(run: Run) -> None:
    write("policyspec.toml", 'import = ["cn.pipl", "house/rules.policy"]\n')
    write("house/rules.policy", f'import "words.policy"\n{HOUSE}')
    write("house/words.policy", 'purpose wrapping is delivery "Wrapping"\n')
    write("shop.policy", CONTRADICTION)
    write("sub/shop.policy", HEALTH)
    assert run("check", "--select", "cn.pipl", "shop.policy") == 1
    assert "cn.pipl.no_right_to_deletion" in run.rules
    assert run("check", "--output-format", "json", "--ignore", "cn.pipl") == 1
    found = json.loads(run.out)["diagnostics"]
    assert {each["path"] for each in found if each["rule"] == "badges"} == {"shop.policy", "sub/shop.policy"}
    assert "unknown_name" not in {each["rule"] for each in found}


@pytest.mark.parametrize(
    ("imports", "words"),
    [
        ('"cn.pip"', "no module is named `cn.pip`; did you mean `cn.pipl`?"),
        ('"nothing"', "no module is named `nothing`"),
        ('"none.policy"', "no file `none.policy`: none.policy does not exist"),
        ('"latin.policy"', "latin.policy is not UTF-8 (line 1): save it as UTF-8"),
        ('"other.policy"', "`other.policy` is a policy of its own, so it cannot be imported; share a module instead"),
        ('"folder.policy"', "folder.policy is a folder"),
    ],
)
def test_imports_of_the_settings_that_cannot_be_read(run: Run, imports: str, words: str) -> None:
    write("latin.policy", b"\xff")
    write("other.policy", GOOD)
    Path("folder.policy").mkdir()
    write("policyspec.toml", f'import = [\n  "android",\n  {imports},\n]\n')
    write("shop.policy", CONTRADICTION)
    for options in ((), ("--no-cache",), ()):
        assert run("check", "shop.policy", *options) == 1
        assert f"error[invalid_setting]: {words}\n --> policyspec.toml:3:3\n" in run.out
        # What can be checked is checked.
        assert "contradiction" in run.rules
        assert run.err == ""
    assert run("check", "shop.policy", "--fix") == 1
    assert words in run.out
    assert run("check", "shop.policy", "--profile") == 0
    assert run("check", "--show-settings", "shop.policy") == 1
    assert words in run.err


@pytest.mark.parametrize("path", ["../secret.policy", "../../secret.policy", "{folder}/secret.policy", "link.policy"])
def test_settings_import_no_files_of_others(run: Run, folder: Path, path: str) -> None:
    for name in ("secret.policy", "sub/secret.policy"):
        write(name, "data stolen is nowhere\n")
    write("sub/project/shop.policy", GOOD)
    Path("sub/project/link.policy").symlink_to("../secret.policy")
    written = path.format(folder=folder.as_posix())
    write("sub/project/policyspec.toml", f'import = ["{written}"]\nexclude = ["link.policy"]\n')
    for options in ((), ("--no-cache",), ()):
        assert run("check", "sub/project", *options) == 1
        assert f"error[invalid_setting]: `{written}` is outside of {folder.as_posix()}/sub/project\n" in run.out
        assert "stolen" not in run.out
    # In one repository, settings may speak of what is above them.
    if path == "../../secret.policy":
        Path(".git").mkdir()
        assert run("check", "sub/project") == 1
        assert "stolen" in run.out
        Path(".git").rmdir()
        assert run("check", "sub/project") == 1
        assert "stolen" not in run.out


def test_links_that_nobody_has_named(run: Run) -> None:
    """A folder may have been written by anyone: what lies elsewhere is not shown."""
    write("secret.txt", "password = 12345\n")
    write("project/shop.policy", GOOD)
    Path("project/more.policy").symlink_to("../secret.txt")
    Path("project/same.policy").symlink_to("shop.policy")
    assert run("check", "project") == 2
    assert run.err == "policyspec: error: project/more.policy is a link to what is no .policy file\n"
    assert run.out == "no findings in 2 files checked\n"
    assert run("format", "--check", "project") == 2
    assert "12345" not in run.out + run.err
    assert run("check", "project/more.policy") == 1


def test_what_settings_import_may_have_errors(run: Run) -> None:
    write("policyspec.toml", 'import = ["house.policy"]\n')
    write("house.policy", "data badge is nowhere\n")
    write("shop.policy", GOOD)
    assert run("check", "shop.policy") == 1
    assert "house.policy:1:15" in run.out
    assert run.out.count("error[unknown_name]") == 1
    assert run("check") == 1
    assert run.out.endswith("in 2 files checked\n")


def test_levels_and_overrides(run: Run) -> None:
    write("policyspec.toml", '[rules]\ncontradiction = "warning"\n')
    write("shop.policy", CONTRADICTION)
    assert run("check") == 0
    assert "warning[contradiction]" in run.out
    write(
        "policyspec.toml",
        '[rules]\ncontradiction = "off"\n[[overrides]]\npaths = ["strict/**"]\nrules = { contradiction = "error" }\n',
    )
    write("strict/shop.policy", CONTRADICTION)
    assert run("check") == 1
    assert "contradiction" in run.rules
    assert run.out.count("[contradiction]") == 1
    assert " --> strict/shop.policy" in run.out


def test_exclude(run: Run) -> None:
    write("policyspec.toml", 'exclude = ["drafts", "*.draft.policy"]\n')
    write("drafts/shop.policy", BAD)
    write("x.draft.policy", BAD)
    write("shop.policy", GOOD)
    assert run("check") == 0
    assert run.out == "no findings in 1 file checked\n"
    assert run("check", "drafts/shop.policy") == 0
    assert run.out == ""
    assert run.err == "policyspec: no file is checked: the settings exclude all that is named\n"
    assert run("check", "-q", "drafts") == 0
    assert (run.out, run.err) == ("", "")
    assert run("check", "--isolated", "drafts") == 1


def test_what_is_excluded_can_be_imported(run: Run) -> None:
    write("policyspec.toml", 'exclude = ["house.policy"]\n')
    write("house.policy", "data badge is nowhere\n")
    write("shop.policy", f'import "house.policy"\n{GOOD}')
    assert run("check", "shop.policy") == 1
    assert "house.policy:1:15" in run.out


@pytest.mark.parametrize(
    ("level", "text", "code"),
    [
        ("error", GOOD, 0), ("error", FIXABLE, 0), ("error", CONTRADICTION, 1),
        ("warning", FIXABLE, 1), ("info", GOOD, 0), ("never", CONTRADICTION, 0), ("never", BAD, 0),
    ],
)  # fmt: skip
def test_fail_level(run: Run, level: str, text: str, code: int) -> None:
    write("shop.policy", text)
    assert run("check", "--fail-level", level) == code
    write("policyspec.toml", f'fail-level = "{level}"\n')
    assert run("check") == code
    assert run("check", "--fail-level", "info") == (text != GOOD)
    assert run("check", "-q") == code


def test_each_project_has_its_own_settings(run: Run) -> None:
    write("policyspec.toml", 'fail-level = "never"\n[rules]\ncontradiction = "info"\n')
    write("a/shop.policy", CONTRADICTION)
    write("b/policyspec.toml", 'fail-level = "warning"\n[rules]\ncontradiction = "warning"\n')
    write("b/shop.policy", CONTRADICTION)
    write("c/pyproject.toml", '[project]\nname = "c"\n[tool.policyspec.rules]\ncontradiction = "off"\n')
    write("c/shop.policy", CONTRADICTION)
    write("d/pyproject.toml", '[project]\nname = "d"\n')
    write("d/shop.policy", CONTRADICTION)
    # A failure in one is a failure, whichever is the first.
    for paths in ((), ("a", "b"), ("b", "a"), ("b",), ("a/shop.policy", "b/shop.policy", "c")):
        assert run("check", *paths) == 1, paths
        assert "warning[contradiction]" in run.out
    assert run("check", "a", "c", "d") == 0
    assert run.out.count("info[contradiction]") == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("select = [", "error[invalid_setting]: not TOML"),
        ('slect = ["logic"]\n', "error[unknown_setting]: no setting is named `slect`; did you mean `select`?"),
        ('select = ["contradicton"]\n', "warning[unknown_rule]: no rule is named `contradicton`; did you mean"),
        ('exclude = ["nowhere/**"]\n', "warning[unused_glob]: `nowhere/**` matches no file"),
        ('fail-level = "fatal"\n', "error[invalid_setting]: expected one of"),
        ("select = 3\n", "error[invalid_setting]: expected a list"),
        ("\x00", "error[invalid_setting]"),
        ("[tool.policyspec]\n", "error[unknown_setting]"),
    ],
)
def test_wrong_settings(run: Run, text: str, words: str) -> None:
    write("policyspec.toml", text)
    write("shop.policy", GOOD)
    assert run("check") == (1 if words.startswith("error") else 0)
    assert words in run.out
    assert " --> policyspec.toml:1:" in run.out
    assert run.out.endswith("in 1 file checked\n")
    assert run("check", "--show-settings") == (1 if words.startswith("error") else 0)
    assert words in run.err


def test_settings_of_a_broken_pyproject(run: Run) -> None:
    write("pyproject.toml", "[tool.policyspec]\nselect = [\n")
    write("shop.policy", GOOD)
    assert run("check") == 1
    assert "error[invalid_setting]" in run.out
    write("pyproject.toml", "[tool.other]\nselect = [\n")
    assert run("check") == 0


def test_dead_globs_are_told_only_to_who_sees_all(run: Run) -> None:
    write("policyspec.toml", 'exclude = ["sub/x.policy"]\n')
    write("shop.policy", GOOD)
    write("sub/shop.policy", GOOD)
    assert run("check", "shop.policy") == 0
    assert run.rules == []
    assert run("check", "sub") == 0
    assert run.rules == []
    assert run("check", ".") == 0
    assert run.rules == ["unused_glob"]


def test_settings_that_cannot_be_read(run: Run) -> None:
    Path("policyspec.toml").mkdir()
    write("shop.policy", GOOD)
    assert run("check") == 2
    assert run.err == "policyspec: error: policyspec.toml is a folder\n"
    Path("policyspec.toml").rmdir()
    write("policyspec.toml", b"\xff")
    assert run("check") == 2
    assert "policyspec.toml is not UTF-8" in run.err


def test_show_settings(run: Run, folder: Path) -> None:
    write("policyspec.toml", 'import = ["android"]\n[[overrides]]\npaths = ["a.policy"]\nignore = ["logic"]\n')
    write("a.policy", GOOD)
    write("sub/policyspec.toml", 'exclude = ["b.policy"]\n')
    for each in ("b", "c"):
        write(f"sub/{each}.policy", GOOD)
    assert run("check", "--show-settings", "--fail-level", "info", "--ignore", "cn") == 0
    first, second = json.loads(run.out)
    assert first == {
        "file": "policyspec.toml",
        "import": ["android"],
        "select": [],
        "ignore": ["cn"],
        "rules": {},
        "overrides": [{"paths": ["a.policy"], "select": [], "ignore": ["logic"], "levels": {}}],
        "exclude": [],
        "fail-level": "info",
        "baseline": None,
        "files": ["a.policy"],
    }
    assert (second["file"], second["files"]) == ("sub/policyspec.toml", ["sub/c.policy"])
    assert run("check", "--show-settings", "--isolated") == 0
    (only,) = json.loads(run.out)
    assert (only["file"], len(only["files"])) == (None, 3)
    assert run("check", "--show-settings", "missing.policy", "a.policy") == 2
    assert json.loads(run.out)


def test_stdin_has_the_settings_of_its_name(run: Run) -> None:
    write("sub/policyspec.toml", '[rules]\ncontradiction = "off"\n')
    write("sub/house.policy", MODULE)
    text = f'import "house.policy"\n{CONTRADICTION}'
    assert run("check", "-", "--stdin-filename", "sub/shop.policy", "--select", "contradiction", stdin=text) == 0
    assert run("check", "-", "--stdin-filename", "sub/shop.policy", "--isolated", stdin=CONTRADICTION) == 1
    assert run("check", "-", stdin=CONTRADICTION) == 1
    write("policyspec.toml", 'exclude = ["drafts"]\n')
    assert run("check", "-", "--stdin-filename", "drafts/shop.policy", stdin=BAD) == 0


@pytest.mark.parametrize("options", [(), ("--no-cache",), ("--jobs", "2")])
def test_stdin_stands_for_its_file(run: Run, options: tuple[str, ...]) -> None:
    """What is not saved counts, for the file itself and for those that import it."""
    write("house.policy", MODULE)
    write("a.policy", f'import "house.policy"\n{GOOD}collect badge for delivery under contract keep 1 year\n')
    assert run("check", *options) == 0
    new = MODULE.replace("badge", "card")
    for paths in (("a.policy", "-"), ("-", "a.policy"), (".", "-")):
        assert run("check", *options, *paths, "--stdin-filename", "house.policy", stdin=new) == 1, paths
        assert run.rules == ["unknown_name", "unused_term"] or "unknown_name" in run.rules
    assert run("check", *options) == 0
    assert run("check", *options, "a.policy", "-", "--stdin-filename", "a.policy", stdin=BAD) == 1
    assert run.out.endswith("in 1 file checked\n")


# ── Exit codes and messages ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--jobs", "0"], "--jobs 0: at least 1 is needed"),
        (["--jobs", "-3"], "--jobs -3: at least 1 is needed"),
        (["--jobs", "many"], "invalid int value: 'many'"),
        (["--accept-new"], "--accept-new goes with --update-baseline"),
        (["--update-baseline"], "--update-baseline needs --baseline FILE\n  or `baseline` in the settings"),
        (["--update-baseline", "--baseline", "b.json", "--diff"], "--update-baseline writes a file, and --diff none"),
        (["--add-suppressions"], "--add-suppressions needs --reason TEXT"),
        (["--add-suppressions", "--reason", ""], "--add-suppressions needs --reason TEXT"),
        (["--add-suppressions", "--reason", " \n\x07"], "--add-suppressions needs --reason TEXT"),
        (["--add-suppressions", "--reason", "x", "--until", "soon"], "--until soon: there is no such day"),
        (["--add-suppressions", "--reason", "x", "--until", "2027-02-30"], "there is no such day"),
        (["--add-suppressions", "--reason", "x", "--until", ""], "there is no such day"),
        (["--add-suppressions", "--reason", "x", "--until", "2027-3-1"], "there is no such day"),
        (["--add-suppressions", "--reason", "x", "--until", "20270301"], "there is no such day"),
        (["--output", "json=./a", "--baseline", "a"], "--output: a is the baseline"),
        (["--add-suppressions", "--reason", "x", "--until", "2026-06-14"], "--until 2026-06-14: that day is over"),
        (["--add-suppressions", "--reason", "x", "--fix"], "--add-suppressions goes with no fixes"),
        (["--reason", "x"], "--reason and --until go with --add-suppressions"),
        (["--until", "2027-01-01", "--fix"], "--reason and --until go with --add-suppressions"),
        (["--output", "xml=a.xml"], "--output xml=a.xml: write FORM=FILE, with one of text, json"),
        (["--output", "json"], "--output json: write FORM=FILE"),
        (["--output", "json="], "--output json=: write FORM=FILE"),
        (["--output", "json=-"], "--output json=-: write FORM=FILE"),
        (["--output", "json=a", "--output", "sarif=a"], "--output: a would be written twice"),
        (["--changed-since", "--output=x"], "--changed-since: `--output=x` is no revision"),
        (["--changed-since", ""], "--changed-since: `` is no revision"),
        (["-", "--fix"], "the standard input cannot be changed: name a file"),
        (["-", "--diff"], "the standard input cannot be changed: name a file"),
        (["-", "--add-suppressions", "--reason", "x"], "the standard input cannot be changed: name a file"),
        (["-", "--watch"], "--watch needs files to look at"),
        (["--fail-level", "fatal"], "invalid choice: 'fatal'"),
    ],
)
def test_options_that_say_nothing_sensible(run: Run, folder: Path, args: list[str], words: str) -> None:
    write("shop.policy", FIXABLE)
    args = [args[0] + "=" + args[1], *args[2:]] if args[0] == "--changed-since" else args
    assert run("check", *args) == 2
    assert run.out == ""
    assert run.err.startswith("policyspec: error: ")
    assert words in run.err
    # Nothing has been done by halves.
    assert [each.name for each in folder.iterdir()] == ["shop.policy"]
    assert Path("shop.policy").read_text("utf-8") == FIXABLE


def test_what_cannot_be_read_does_not_keep_the_rest_from_being_checked(run: Run) -> None:
    write("a.policy", b"\xff")
    write("b.policy", CONTRADICTION)
    write("c.policy", FIXABLE)
    Path("d.policy").symlink_to("nowhere.policy")
    assert run("check") == 2
    assert run.err == (
        "policyspec: error: a.policy is not UTF-8 (line 1): save it as UTF-8\n"
        "policyspec: error: d.policy does not exist\n"
    )
    assert "contradiction" in run.rules
    assert run.out.endswith("in 2 files checked\n")
    assert run("check", "--fix") == 2
    assert Path("c.policy").read_text("utf-8") != FIXABLE
    assert run("check", "--fail-level", "never") == 2


def test_a_folder_without_policies(run: Run) -> None:
    Path("empty").mkdir()
    write("notes.txt", "x")
    for paths in ((), (".",), ("empty",), ("empty", ".")):
        assert run("check", *paths) == 2
        assert run.out == ""
        assert "no .policy file in" in run.err
    write("shop.policy", GOOD)
    assert run("check", "empty", ".") == 0


def test_what_is_missing_leaves_the_rest_as_it_is(run: Run) -> None:
    """That an import is missing does not make the others unknown."""
    write("house.policy", "data badge is nowhere\ndata card\n")
    write("shop.policy", f'import "house.policy", "none.policy"\n{GOOD}')
    assert run("check", "shop.policy") == 1
    assert "1 | data badge is nowhere\n" in run.out
    assert run.out.endswith(" in 2 files checked\n")
    write("house.policy", f"# policyspec: allow missing_title -- it is known\n{MODULE}data card\n")
    assert run("check", "shop.policy") == 1


def test_quiet(run: Run) -> None:
    write("shop.policy", FIXABLE)
    assert run("check", "-q") == 0
    assert (run.out, run.err) == ("", "")
    assert run("check", "-q", "--fail-level", "warning") == 1
    assert (run.out, run.err) == ("", "")
    assert run("check", "-q", "--fix") == 0
    assert (run.out, run.err) == ("", "")
    write("shop.policy", CONTRADICTION)
    assert run("check", "--quiet") == 1
    assert run.rules == ["contradiction"]
    assert "checked" not in run.out


def test_profile(run: Run) -> None:
    write("shop.policy", HEALTH)
    write("house.policy", MODULE)
    assert run("check", "--profile") == 0
    names = [line.split("%")[1].strip() for line in run.out.splitlines()]
    assert {"(parsing)", "(names)", "contradiction", "cn.pipl.consent_not_separate"} <= {*names}
    assert run("check", "--profile", "none.policy", "shop.policy") == 2


# ── Rules and results ───────────────────────────────────────────────────────────────────────────────


def test_explain(run: Run) -> None:
    assert run("explain", "contradiction") == 0
    assert run.out.startswith("contradiction\n")
    assert run("explain", "cn.pipl.consent_not_separate") == 0
    page = run.out
    assert "PIPL art. 29" in page
    assert run("explain", "consent_not_separate") == 0
    assert page in run.out
    assert run("explain", "not_assessed") == 0
    assert run("explain", "contradicton") == 2
    assert "there is no rule `contradicton`; did you mean `contradiction`?" in run.err
    assert run("explain", "consent_not_seperate") == 2
    assert "did you mean `consent_not_separate`?" in run.err
    for name in ("", "cn.pipl", "xyzzy", "\x1b[31m"):
        assert run("explain", name) == 2
        assert "\x1b" not in run.err


def test_explain_shows_all_rules_of_a_name(run: Run) -> None:
    run("rules", "--output-format", "json")
    ends: dict[str, list[str]] = {}
    for each in json.loads(run.out):
        ends.setdefault(each["name"].rpartition(".")[2], []).append(each["name"])
    name, several = max(ends.items(), key=lambda item: len(item[1]))
    assert len(several) > 1
    assert run("explain", name) == 0
    assert all(f"{each}\n" in run.out for each in several)


def test_rules(run: Run) -> None:
    assert run("rules", "--output-format", "json") == 0
    rules = json.loads(run.out)
    assert all(set(each) == {"name", "level", "pack", "cite", "summary", "fix"} for each in rules)
    assert {each["level"] for each in rules} == {"error", "warning", "info"}
    assert run("rules", "--pack", "cn.pipl", "--output-format", "json") == 0
    assert {each["pack"] for each in json.loads(run.out)} == {"cn.pipl"}
    assert run("rules", "--pack", "cn", "--output-format", "json") == 0
    assert {"cn.pipl", "cn.sdk"} <= {each["pack"] for each in json.loads(run.out)}
    assert run("rules", "--pack", "logic") == 0
    assert "\n  contradiction " in run.out
    assert run("rules") == 0
    assert all(f"  {each['name']} " in run.out for each in rules)
    assert run("rules", "--pack", "cn.pip") == 2
    assert "no pack is named `cn.pip`; did you mean `cn.pipl`?\n  there are android" in run.err


# ── In processes of their own ───────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_process_writes_its_files_before_a_broken_pipe() -> None:
    unknown = ", ".join(f"x{number}" for number in range(2000))
    write("shop.policy", f"{GOOD}collect {unknown} for delivery under contract keep 1 year\n")
    command = (
        f'"{sys.executable}" -m policyspec check --output json=found.json | head -c 1 > /dev/null; '
        "exit ${PIPESTATUS[0]}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=environ())
    assert done.stderr == b""
    assert done.returncode == 141
    assert json.loads(Path("found.json").read_text("utf-8"))["summary"]["errors"] == 2000


def test_process_of_settings_and_stdin() -> None:
    write("policyspec.toml", '[rules]\ncontradiction = "warning"\n')
    done = start("-m", "policyspec", "check", "-", "--fail-level=warning", stdin=CONTRADICTION.encode())
    assert done.returncode == 1
    assert b"warning[contradiction]" in done.stdout
