"""Neovim with the set-up of `editors/neovim`."""

from __future__ import annotations

import json
import shutil

from e2e.support import EDITORS, HERE, MENDED, Project, assert_changed_and_left, manual, needs
from policy_texts import SHOP


def test_neovim(project: Project) -> None:
    needs("neovim")
    config = project.home / ".config" / "nvim"
    shutil.copytree(EDITORS / "neovim", config)
    (config / "init.lua").write_text(manual("Settings", "lua") + manual("Neovim", "lua"), "utf-8")
    ran = project.run("nvim", "--headless", "-c", f"luafile {HERE / 'neovim.lua'}", MENDED=MENDED)
    shown = json.loads(project.out.read_text("utf-8"))
    assert "problem" not in shown, shown["problem"] + ran.stderr

    assert shown["filetype"] == "policy"
    assert shown["comment"] == "# %s"
    assert shown["root"] == str(project.folder)
    assert sorted(map(tuple, shown["sdk"])) == project.found(project.sdk) != []
    assert shown["colour"] == "keyword"

    assert shown["hints"] > 0

    mended = SHOP.replace("never share email to advertiser", MENDED)
    assert sorted(map(tuple, shown["shop"])) == project.found(project.shop)
    assert sorted(map(tuple, shown["mended"])) == project.found(project.shop, mended)
    assert sorted(shown["shop"]) != sorted(shown["mended"])

    assert "email" in shown["hover"].lower()
    assert {"consent", "contract"} <= {*shown["completion"]}
    assert shown["definition"] == [str(project.house), 1, len("party ")]
    name, line, hover = shown["library"]
    assert name == "policyspec:///core/data.policy"
    assert "email" in line
    assert "email" in hover.lower()
    assert_changed_and_left(project, shown, mended)
