"""Emacs and its eglot, with `editors/emacs/policy-mode.el`."""

from __future__ import annotations

import json
import re

from e2e.support import HERE, MENDED, Project, assert_changed_and_left, manual, needs
from policy_texts import SHOP


def findings(shown: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return sorted((line, re.search(r"\[([\w.]+)\]", message)[1]) for line, message in shown)


def test_emacs(project: Project) -> None:
    needs("emacs")
    init = project.home / "init.el"
    init.write_text(manual("Settings", "elisp") + manual("Emacs", "elisp"), "utf-8")
    ran = project.run("emacs", "-Q", "--batch", "-l", init, "-l", HERE / "emacs.el", MENDED=MENDED)
    assert project.out.exists(), ran.stderr
    shown = json.loads(project.out.read_text("utf-8"))
    assert "problem" not in shown, shown["problem"] + ran.stderr

    assert shown["mode"] == "policy-mode"
    assert shown["comment"] == "# "
    assert shown["faces"] == [
        f"font-lock-{each}-face" for each in ("type", "string", "variable-name", "type", "comment-delimiter")
    ]
    assert shown["root"] == f"{project.folder}/"
    assert findings(shown["sdk"]) == project.found(project.sdk) != []
    assert shown["hints"] > 0

    mended = SHOP.replace("never share email to advertiser", MENDED)
    assert findings(shown["shop"]) == project.found(project.shop)
    assert findings(shown["mended"]) == project.found(project.shop, mended)
    assert findings(shown["shop"]) != findings(shown["mended"])

    assert "email" in shown["hover"].lower()
    assert "consent" in shown["completion"]
    assert shown["definition"] == [str(project.house), 1, len("party ")]
    name, line, is_read_only, hover = shown["library"]
    assert name == "policyspec:///core/data.policy"
    assert "email" in line
    assert is_read_only
    assert "email" in hover.lower()
    assert_changed_and_left(project, shown, mended)
