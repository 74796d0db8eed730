"""What an editor may set. Everything has a default; what is not understood is as if it were not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

HINTS = ("resolved", "sensitivity", "provider", "titles")


@dataclass(frozen=True)
class Options:
    """The settings of an editor under `policyspec`, and what an extension says of itself at the start.

    `scope` says whether findings of files are shown that are not open. `pull`: the editor asks for findings, if it can.
    `rule_link` is where a rule is explained, `{rule}` in it its name. `commands` are those that the editor runs itself,
    `status` whether it shows what the server is doing. `language` is the user's.
    """

    scope: Literal["workspace", "openFiles"] = "workspace"
    hints: frozenset[str] = frozenset()
    lenses: bool = True
    language: str = "en"
    pull: bool = False
    rule_link: str = ""
    commands: frozenset[str] = frozenset()
    status: bool = False

    @classmethod
    def of(cls, initial: Any, locale: str | None) -> Options:
        """The options at the start: `initialize` has what does not change, and the settings under `settings`."""
        given = initial if isinstance(initial, dict) else {}
        commands = given.get("commands")
        link = given.get("ruleLink")
        made = cls(
            language=(locale or "en").lower().replace("_", "-"),
            pull=given.get("pullDiagnostics") is True,
            rule_link=link if isinstance(link, str) else "",
            commands=frozenset(each for each in commands if isinstance(each, str))
            if isinstance(commands, list)
            else frozenset(),
            status=given.get("status") is True,
        )
        return made.with_settings(given.get("settings"))

    def with_settings(self, settings: Any) -> Options:
        """The options with other settings: those under `policyspec`, or an object that has them there."""
        if isinstance(settings, dict) and isinstance(settings.get("policyspec"), dict):
            settings = settings["policyspec"]
        if not isinstance(settings, Mapping):
            return self
        scope = _at(settings, "diagnostics", "scope")
        hints = _at(settings, "inlayHints")
        language = _at(settings, "language")
        return replace(
            self,
            scope="openFiles" if scope == "openFiles" else "workspace",
            hints=frozenset(each for each in HINTS if isinstance(hints, Mapping) and hints.get(each) is True),
            lenses=_at(settings, "codeLens", "enable") is not False,
            language=language.lower() if isinstance(language, str) and language else self.language,
        )


def _at(settings: Mapping[str, Any], *keys: str) -> Any:
    found: Any = settings
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
