"""Vim and ALE, with `editors/vim`."""

from __future__ import annotations

import json

from e2e.support import HERE, MENDED, TOOLS, Project, assert_changed_and_left, manual, needs
from policy_texts import SHOP


def test_vim(project: Project) -> None:
    needs("vim")
    vimrc = project.home / "vimrc"
    ale = f"set nocompatible hidden runtimepath^={TOOLS / 'ale'}\nlet g:ale_hover_to_preview = 1\n"
    vimrc.write_text(ale + manual("Settings", "vim") + manual("Vim", "vim"), "utf-8")
    ran = project.run("vim", "-N", "-es", "-u", vimrc, "-i", "NONE", "-S", HERE / "vim.vim", MENDED=MENDED)
    assert project.out.exists(), ran.stdout + ran.stderr
    shown = json.loads(project.out.read_text("utf-8"))
    assert "problem" not in shown, shown["problem"] + ran.stderr

    assert shown["filetype"] == "policy"
    assert shown["comment"] == "# %s"
    assert shown["colors"] == [f"policy{each}" for each in ("Kind", "String", "Field", "Language", "Comment")]
    assert sorted(map(tuple, shown["sdk"])) == project.found(project.sdk) != []

    mended = SHOP.replace("never share email to advertiser", MENDED)
    assert sorted(map(tuple, shown["shop"])) == project.found(project.shop)
    assert sorted(map(tuple, shown["mended"])) == project.found(project.shop, mended)
    assert shown["shop"] != shown["mended"]

    assert "email" in shown["hover"].lower()
    assert {"consent", "contract"} <= {*shown["completion"]}
    assert shown["definition"] == [str(project.house), 1, len("party ")]
    assert_changed_and_left(project, shown, mended)
