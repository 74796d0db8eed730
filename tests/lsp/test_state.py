"""The server finds what `policyspec check` finds, however it came to the texts that it has."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from policy_texts import SHOP
from policyspec import cli
from policyspec.lsp import state
from policyspec.lsp.state import State
from policyspec.source import Source

HOUSE = """\
party adnet is advertiser, third_party "Ad Network Ltd"
rule no_health "We do nothing with health data" { no collect health  level: warning }
"""
CLINIC = """\
import "house.policy", cn.pipl
policy clinic "Clinic" { provider: us  audience: user  effective: 2026-06-01 }
party us is controller "Clinic Ltd"
subject user is end_user "Users"
collect health, nonesuch from user for diagnosis under consent
# policyspec: allow no_health -- the clinic has to know
collect health from user for diagnosis under explicit_consent
# policyspec: allow contradiction -- of no use
collect name from user for diagnosis under consent
"""
SETTINGS = """\
exclude = ["drafts/**"]
[rules]
unused_term = "off"
deadline_missing = "error"
[[override]]
files = ["clinic.policy"]
[override.rules]
no_health = "error"
"""
PROJECTS = {
    "several files": {"shop.policy": SHOP, "house.policy": HOUSE, "clinic.policy": CLINIC},
    "settings": {
        "shop.policy": SHOP,
        "house.policy": HOUSE,
        "clinic.policy": CLINIC,
        "drafts/new.policy": "collect nothing_known",
        "policyspec.toml": SETTINGS,
    },
    "a module for all": {
        "shop.policy": SHOP.replace('import "house.policy"', ""),
        "house.policy": HOUSE,
        "policyspec.toml": 'imports = ["house.policy", "eu.gdpr"]\n',
    },
    "two projects": {
        "a/shop.policy": SHOP.replace("house.policy", "../house.policy"),
        "house.policy": HOUSE,
        "b/clinic.policy": CLINIC.replace("house.policy", "../house.policy"),
        "a/policyspec.toml": "[rules]\nunused_term = 'off'\n",
        "b/policyspec.toml": "imports = ['eu.gdpr']\n",
        ".git/HEAD": "",
    },
    "wrong settings": {"shop.policy": SHOP, "policyspec.toml": "imports = ['cn.nothing']\n[rules]\nnonesuch = 'off'\n"},
    "broken": {"shop.policy": SHOP[:-20] + "{", "house.policy": HOUSE.replace('"Ad', "")},
    "import circle": {"a.policy": 'import "b.policy"', "b.policy": 'import "a.policy"\nparty x is y "X"'},
    "not UTF-8": {"house.policy": HOUSE},
}


def written(folder: Path, texts: Mapping[str, str]) -> Path:
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return folder


def settled(now: State) -> State:
    while (stale := state.next_stale(now)) is not None:
        now = state.looked_at(now, *stale)
    return now


def of_server(now: State) -> list[tuple[str, str, str, int, str]]:
    now = settled(now)
    paths = {path for each in now.members for path in each.workspace.sources}
    paths |= {each.path for member in now.members for each in member.project.found}
    found = state.findings(now, paths)
    return sorted(
        (str(Path(path).resolve()), each.rule, each.severity.value, each.span.start, each.message)
        for path, those in found.items()
        for each in those.kept
    )


def of_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str, int, str]]:
    capsys.readouterr()
    cli.main(["check", str(folder), "--output-format", "json", "--no-cache"])
    report = json.loads(capsys.readouterr().out)
    return sorted(
        (
            str(Path(each["path"]).resolve()),
            each["rule"],
            each["severity"],
            each["range"]["start"]["offset"],
            each["message"],
        )
        for each in report["diagnostics"]
    )


def indexed(folder: Path) -> State:
    folders = (folder.as_posix(),)
    return state.indexed(State(), folders, state.read(folders))


@pytest.mark.parametrize("texts", PROJECTS.values(), ids=PROJECTS)
def test_the_server_finds_what_check_finds(texts, tmp_path, capsys):
    folder = written(tmp_path, texts)
    found = of_server(indexed(folder))
    assert found == of_check(folder, capsys)
    assert found or texts is PROJECTS["not UTF-8"]


# ── However it came to its texts ──


def test_edits_come_to_the_same_as_beginning_anew(tmp_path):
    """Documents are opened, changed and closed, files written and removed: what is found is what a fresh look finds."""
    texts = PROJECTS["two projects"]
    folder = written(tmp_path, texts)
    now = indexed(folder)
    chosen = random.Random(4)
    pieces = [SHOP, HOUSE, CLINIC, *SHOP.splitlines(keepends=True), *CLINIC.splitlines(keepends=True)]
    paths = [(folder / name).as_posix() for name in (*texts, "new.policy") if name.endswith(".policy")]
    for step in range(60):
        path = chosen.choice(paths)
        file = Path(path)
        text = "".join(chosen.sample(pieces, chosen.randint(1, 4)))
        if chosen.random() < 0.5:
            # Paths in imports that are right where the file is.
            text = text.replace('"house.policy"', '"../house.policy"')
        match chosen.randrange(5):
            case 0 if path not in now.documents:
                now = state.opened(now, Source(path, text))
            case 1 | 2 if path in now.documents:
                now = state.changed(now, Source(path, text))
            case 3 if path in now.documents:
                now = state.closed(now, path)
            case 4:
                file.unlink() if file.exists() and chosen.random() < 0.3 else file.write_bytes(text.encode())
                now = state.saved(now, path)
            case _:
                continue
        if chosen.random() < 0.7:
            now = settled(now)
        if step % 4 == 0:
            assert of_server(now) == of_server(state.gathered(indexed_with(folder, now))), f"after step {step}"


def indexed_with(folder: Path, now: State) -> State:
    """A fresh state that has the same documents open."""
    fresh = indexed(folder)
    for source in now.documents.values():
        fresh = state.opened(fresh, source)
    return fresh


def test_an_edit_looks_only_at_what_it_touches(tmp_path):
    folder = written(tmp_path, PROJECTS["several files"] | {"other.policy": 'party other is controller "Other"'})
    now = settled(indexed(folder))

    def stale(path: str) -> set[str]:
        changed = state.changed(now, Source((folder / path).as_posix(), "# nothing"))
        return {Path(each).name for member in changed.members for each in member.stale}

    assert stale("other.policy") == {"other.policy"}
    assert stale("house.policy") == {"house.policy", "shop.policy", "clinic.policy"}


def test_a_document_without_a_file_is_by_itself():
    source = Source("untitled:Untitled-1", 'import cn.pipl, "house.policy"\ncollect email')
    now = settled(state.opened(State(), source))
    found = state.findings(now, [source.path])[source.path].kept
    assert any("a document that is not saved cannot import files" in each.message for each in found)
    assert now.workspace(source.path).source(source.path).text == source.text
    assert not state.closed(now, source.path).members


def test_an_excluded_document_is_left_alone_but_known(tmp_path):
    folder = written(tmp_path, PROJECTS["settings"])
    source = Source((folder / "drafts/new.policy").as_posix(), "collect nothing_known")
    now = settled(state.opened(indexed(folder), source))
    assert state.findings(now, [source.path])[source.path].kept == ()
    assert now.workspace(source.path) is not None


def test_a_file_that_cannot_be_read_is_reported(tmp_path):
    (tmp_path / "old.policy").write_bytes(b"party us \xff")
    now = settled(indexed(tmp_path))
    path = (tmp_path / "old.policy").as_posix()
    (found,) = state.findings(now, [path])[path].kept
    assert "is not UTF-8" in found.message
    (tmp_path / "old.policy").write_text('party us is controller "Us"', "utf-8")
    assert not any("UTF-8" in each.message for each in state.findings(state.saved(now, path), [path])[path].kept)


def test_known_findings_are_told_apart(tmp_path, capsys):
    folder = written(tmp_path, PROJECTS["several files"] | {"policyspec.toml": 'baseline = "known.json"\n'})
    before = of_server(indexed(folder))
    cli.main(["check", str(folder), "--update-baseline", "--accept-new", "--no-cache"])
    now = settled(indexed(folder))
    paths = list(now.disk)
    found = state.findings(now, paths)
    assert of_server(now) == of_check(folder, capsys)
    known = sum(len(each.known) for each in found.values())
    assert known > 0
    assert known + sum(len(each.kept) for each in found.values()) == len(before)


def test_texts_are_the_documents_own(tmp_path):
    folder = written(tmp_path, PROJECTS["several files"])
    path = (folder / "shop.policy").as_posix()
    now = state.opened(indexed(folder), Source(path, "# open"))
    (folder / "shop.policy").write_text("# saved by another", "utf-8")
    now = state.saved(now, path)
    assert now.workspace(path).source(path).text == "# open"
    assert state.closed(now, path).workspace(path).source(path).text == "# saved by another"
