"""From files to what counts of what is found in them: settings, suppressions, and who has seen enough to judge."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

import policyspec
from cli_support import BAD, CONTRADICTION, GOOD, MODULE, alone, write
from policyspec import checking, files
from policyspec.cache import Look
from policyspec.checking import Project, found_in, judged, look, looked_at, projects
from policyspec.config import Settings
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.source import Source, Span

DAY = datetime.date(2026, 6, 15)
USES = "collect badge for delivery under contract keep 1 year\n"
LATER = 'section "Later" {\n}\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(checking, "today", lambda: DAY)
    return alone(tmp_path, tmp_path_factory.mktemp("cache"), monkeypatch)


def read(*paths: str) -> list[Source]:
    return [files.read(path) for path in paths]


def rules(found: Sequence[Diagnostic]) -> list[str]:
    return sorted(each.rule for each in found)


# ── Projects ────────────────────────────────────────────────────────────────────────────────────────


def test_files_by_the_settings_nearest_to_them() -> None:
    write("policyspec.toml", 'exclude = ["old"]\n')
    write("sub/policyspec.toml", 'ignore = ["logic"]\n')
    names = ["a.policy", "old/b.policy", "sub/c.policy", "sub/deep/d.policy"]
    for name in names:
        write(name, GOOD)
    outer, inner = projects(read(*names))
    assert [each.path for each in outer.sources] == ["a.policy"]
    assert [each.path for each in inner.sources] == ["sub/c.policy", "sub/deep/d.policy"]
    assert (outer.folder, inner.folder) == ("", "sub")
    assert inner.settings.ignore == ("logic",)
    assert [project.file and project.file.path for project in (outer, inner)] == [
        "policyspec.toml",
        "sub/policyspec.toml",
    ]
    (alone,) = projects(read(*names), is_isolated=True)
    assert (alone.settings, len(alone.sources), alone.file) == (Settings(), 4, None)
    assert projects([]) == []


def test_a_text_that_is_not_saved_stands_for_its_file() -> None:
    write("a.policy", GOOD)
    write("b.policy", GOOD)
    (made,) = projects(read("a.policy", "b.policy"), unsaved=[Source("a.policy", BAD), Source("new.policy", GOOD)])
    assert {each.path: each.text for each in made.sources} == {"a.policy": BAD, "b.policy": GOOD, "new.policy": GOOD}


def test_links_and_roots_do_not_depend_on_what_else_is_looked_at() -> None:
    """Whether a file may be imported is the same for all who name it, however many are looked at."""
    write("project/sub/pyproject.toml", "")
    write("project/policyspec.toml", "")
    write("project/house.policy", MODULE)
    write("project/sub/shop.policy", f'import "../house.policy"\n{GOOD}{USES}')
    (made,) = projects(read("project/house.policy", "project/sub/shop.policy"))
    assert rules(look(made).found) == []
    assert look(made, jobs=2).by_path == look(made).by_path
    (made,) = projects(read("project/sub/shop.policy"))
    assert rules(look(made).found) == ["missing_module", "unknown_name"]


# ── What counts ─────────────────────────────────────────────────────────────────────────────────────


def found(rule: str, severity: Severity = Severity.WARNING, pack: str = "logic", path: str = "a.policy") -> Diagnostic:
    return Diagnostic(rule, severity, "it is", path, Span(0, 0), pack=pack)


def project(settings: Settings, asked: Settings = Settings()) -> Project:  # noqa: B008
    return Project(settings, "", (Source("a.policy", GOOD),), asked=asked)


@pytest.mark.parametrize(
    ("settings", "asked", "kept"),
    [
        (Settings(), Settings(), ["contradiction", "cn.pipl.x", "unknown_name", "lost"]),
        (Settings(ignore=("contradiction",)), Settings(), ["cn.pipl.x", "unknown_name", "lost"]),
        (Settings(select=("cn",)), Settings(), ["cn.pipl.x", "unknown_name", "lost"]),
        (Settings(select=("cn",)), Settings(select=("logic",)), ["contradiction", "unknown_name", "lost"]),
        (Settings(select=("cn",)), Settings(ignore=("cn.pipl",)), ["unknown_name", "lost"]),
        (Settings(ignore=("cn.pipl.x",)), Settings(select=("cn",)), ["unknown_name", "lost"]),
        (Settings(ignore=("unknown_name",)), Settings(), ["contradiction", "cn.pipl.x", "lost"]),
        (Settings(), Settings(ignore=("unknown_name", "lost")), ["contradiction", "cn.pipl.x", "lost"]),
        (Settings(), Settings(select=("contradiction",)), ["contradiction", "unknown_name", "lost"]),
    ],
)
def test_rules_that_count(settings: Settings, asked: Settings, kept: list[str]) -> None:
    """An error of a name counts whatever is asked for. To choose among rules is not to turn off what is none."""
    all_ = [
        found("contradiction"),
        found("cn.pipl.x", pack="cn.pipl"),
        found("unknown_name", pack=""),
        found("lost", Severity.ERROR, pack=""),
    ]
    assert [each.rule for each in checking.levelled(project(settings, asked), all_)] == kept


def test_levels() -> None:
    made = project(Settings(levels={"contradiction": "info", "cn": "error", "lost": "off"}))
    all_ = [found("contradiction"), found("cn.pipl.x", pack="cn.pipl"), found("lost", Severity.ERROR, pack="")]
    levels = [each.severity.value for each in checking.levelled(made, all_)]
    assert levels == ["info", "error", "error"]


# ── Who has seen enough ─────────────────────────────────────────────────────────────────────────────


def test_files_of_which_all_is_found() -> None:
    policy = Look((), ("a.policy", "house.policy", "sub/words.policy"), {}, is_policy=True)
    module = Look((), ("house.policy",), {})
    here = str(Path.cwd())
    assert looked_at([policy, module], []) == {"a.policy"}
    assert looked_at([policy, module], [here]) == {"a.policy", "house.policy", "sub/words.policy"}
    assert looked_at([policy, module], [f"{here}/sub"]) == {"a.policy", "sub/words.policy"}
    assert looked_at([module], [here]) == set()
    assert looked_at([policy], [f"{here}/su"]) == {"a.policy"}


def test_days(monkeypatch: pytest.MonkeyPatch) -> None:
    text = CONTRADICTION.replace("1 year", "1 year  # policyspec: allow contradiction until 2026-06-15 -- agreed")
    write("shop.policy", text)
    assert rules(found_in("shop.policy")) == []
    monkeypatch.setattr(checking, "today", lambda: DAY + datetime.timedelta(1))
    assert rules(found_in("shop.policy")) == ["contradiction", "expired_suppression"]
    (made,) = projects(read("shop.policy"))
    looks = look(made)
    kept = judged(made, looks.found, looks.sources, None, {"shop.policy"}).kept
    assert rules(kept) == []


def test_words_like_a_suppression_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("all rules are read")

    monkeypatch.setattr("policyspec.lint.registry.standings", refuse)
    write("shop.policy", f"# policyspec check shop.policy\n# see policyspec.toml\n{GOOD}")
    assert found_in("shop.policy") == []
    for comment in ("# policyspec: allow", "#Policyspec：allow", "## policyspec allow x"):
        write("shop.policy", f"{comment}\n{GOOD}")
        with pytest.raises(AssertionError, match="all rules are read"):
            found_in("shop.policy")


# ── The function of the package ─────────────────────────────────────────────────────────────────────


def test_check(monkeypatch: pytest.MonkeyPatch) -> None:
    write("policyspec.toml", 'import = ["house.policy"]\n[rules]\nempty_section = "error"\n')
    write("house.policy", MODULE + LATER)
    write("shop.policy", GOOD + USES)
    (only,) = policyspec.check("shop.policy")
    assert (only.rule, only.path, only.severity) == ("empty_section", "house.policy", Severity.ERROR)
    write("house.policy", f"{MODULE}# policyspec: allow empty_section -- it comes\n{LATER}{USES}")
    assert rules(policyspec.check("shop.policy")) == ["duplicate_sentence"]
    write("house.policy", f"{MODULE}# policyspec: allow empty_section -- it comes\n{LATER.replace('}', USES + '}')}")
    # Who sees one policy does not know of others that import the module.
    assert "unused_suppression" not in rules(policyspec.check("shop.policy"))
    assert "unused_suppression" in rules(policyspec.check("."))
    write("policyspec.toml", 'import = ["nothing.policy", "cn.pip"]\nslect = []\n')
    assert rules(policyspec.check("shop.policy")) == ["invalid_setting"] * 2 + ["unknown_name", "unknown_setting"]
    Path("policyspec.toml").unlink()
    Path("policyspec.toml").mkdir()
    with pytest.raises(OSError, match=r"policyspec\.toml is a folder"):
        policyspec.check("shop.policy")
