"""The settings of a project: `policyspec.toml`, or `[tool.policyspec]` in `pyproject.toml`.

Which rules run, how grave their findings are, for which files, and what every policy imports. `KEYS` says what there
is; the reader and the JSON Schema are made from it. Reading never raises: what is wrong is a finding, and that setting
stays as it is without the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from policyspec import toml
from policyspec.diagnostic import Diagnostic, Edit, Fix, Severity
from policyspec.source import Span
from policyspec.suggest import closest

NAME = "policyspec.toml"
PYPROJECT = "pyproject.toml"
LEVELS = ("error", "warning", "info", "off")
FAIL_LEVELS = ("error", "warning", "info", "never")

# Limits, so that matching takes a bounded time.
_MAX_ITEMS = 1000
_MAX_TEXT = 200
_MAX_PATH = 4096


class Key(NamedTuple):
    """A setting: the form of its value, and what it is for."""

    form: str
    says: str


_RULE_KEYS = {
    "select": Key("rules", "Only these rules run: names of rules, what their names begin with (`cn.pipl`), or packs."),
    "ignore": Key("rules", "These rules do not run."),
    "rules": Key("levels", "How grave a rule's findings are, by its name or what that begins with; or `off`."),
}
KEYS = {
    "import": Key("imports", "What every policy imports: modules of the library, or .policy files from this folder."),
    **_RULE_KEYS,
    "overrides": Key("overrides", "Other rules and levels for some files. The last one that speaks of a rule holds."),
    "exclude": Key("globs", "Files and folders that are not checked."),
    "fail-level": Key("fail level", "From which level on findings make a check fail."),
    "baseline": Key("file", "A file of known findings, which are not reported, from this folder."),
}
OVERRIDE_KEYS = {"paths": Key("globs", "Which files and folders this is for."), **_RULE_KEYS}


class Mention(NamedTuple):
    """A rule's name, a glob, an import or a file in the settings; `what` is rule, glob, import or file."""

    what: str
    text: str
    span: Span


@dataclass(frozen=True)
class Override:
    """Rules and levels for the files that `paths` match."""

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """A project's settings. Its paths and globs count from the folder of the file at `path`; no `select` is all rules.

    `mentions` are places of that file, for those who know whether there is such a rule, module or file.
    """

    imports: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_level: str = "error"
    baseline: str | None = None
    path: str = field(default="", compare=False)
    mentions: tuple[Mention, ...] = field(default=(), compare=False, repr=False)


# ── What the settings mean ──────────────────────────────────────────────────────────────────────────


def level_of(settings: Settings, rule: str, path: str, default: Severity, pack: str = "") -> Severity | None:
    """How grave a rule's findings in a file are; None where it does not run. `path` counts from the settings' folder.

    Of names that fit the rule, the longest counts, and between `off` and on at the same length, `off`. `select` leaves
    only what it names. What an override says of a rule holds whatever was said before it. `pack` is that of a rule
    whose name does not begin with it.
    """
    is_on, level = True, default
    for layer in _layers(settings, path):
        selected = _best(layer.select, rule, pack)
        said = _best([name for name, value in layer.levels.items() if value != "off"], rule, pack)
        off = _best([*layer.ignore, *(name for name, value in layer.levels.items() if value == "off")], rule, pack)
        if layer.select and not selected:
            is_on = False
        elif selected or said or off:
            is_on = max(selected, said) > off
        if said:
            level = Severity(layer.levels[said[2]])
    return level if is_on else None


def is_excluded(settings: Settings, path: str) -> bool:
    """Whether a file, its path from the settings' folder, is not to be checked."""
    return any(matches(glob, path) for glob in settings.exclude)


def _layers(settings: Settings, path: str) -> Iterator[Settings | Override]:
    yield settings
    for override in settings.overrides:
        if any(matches(glob, path) for glob in override.paths):
            yield override


def _best(names: Iterable[str], rule: str, pack: str) -> tuple[int, int, str] | tuple[()]:
    """The name that fits the rule best, behind how well it does; empty where none fits."""
    return max((rank for name in names if (rank := _rank(name, rule, pack))), default=())


def _rank(name: str, rule: str, pack: str) -> tuple[int, int, str] | tuple[()]:
    if name == rule or ("." not in name and name == rule.rpartition(".")[2]):
        return (2, len(name), name)
    return (1, len(name), name) if f"{rule}.".startswith(f"{name}.") or f"{pack}.".startswith(f"{name}.") else ()


def matches(glob: str, path: str) -> bool:
    """Whether a glob is of a file, or of a folder that it is in.

    `*` stands for any characters but `/`, `?` for one, `**` for any folders. As in `.gitignore`, a glob without a `/`
    is of files and folders at any depth.
    """
    if len(path) > _MAX_PATH:
        return False
    parts = [part for part in glob.split("/") if part not in ("", ".")]
    parts = parts if "/" in glob.rstrip("/") else ["**", *parts]
    return _wild([*parts, "**"], [part for part in path.split("/") if part not in ("", ".")], "**", _matches_part)


def _matches_part(glob: str, part: str) -> bool:
    return glob == part or _wild(glob, part, "*", lambda char, other: char in ("?", other))


def _wild(glob: Sequence[str], items: Sequence[str], star: str, fits: Callable[[str, str], bool]) -> bool:
    """Whether items fit a pattern in which `star` stands for any number of them.

    Only the last star that was met is ever tried with more items, which is enough; so this cannot blow up.
    """
    at, number, retry = 0, 0, None
    while number < len(items):
        if at < len(glob) and glob[at] == star:
            at, retry = at + 1, (at + 1, number)
        elif at < len(glob) and fits(glob[at], items[number]):
            at, number = at + 1, number + 1
        elif retry:
            at, number = retry[0], retry[1] + 1
            retry = (at, number)
        else:
            return False
    return all(each == star for each in glob[at:])


# ── What only others can judge ──────────────────────────────────────────────────────────────────────


def writable(names: Iterable[str]) -> Mapping[str, None]:
    """All that stands for rules of these names: the names, with and without what is in front, and how they begin."""
    known: dict[str, None] = {}
    for name in names:
        known[name] = known[name.rpartition(".")[2]] = None
        while name := name.rpartition(".")[0]:
            known[name] = None
    return known


def check_names(settings: Settings, names: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The names in the settings that are of no rule, of no beginning of one, and of no pack, given all of these."""
    known = writable(names)
    return tuple(
        _unknown("unknown_rule", f"no rule is named `{text}`", settings.path, span, text, known)
        for what, text, span in settings.mentions
        if what == "rule" and text not in known
    )


def dead_globs(settings: Settings, paths: Iterable[str]) -> tuple[Diagnostic, ...]:
    """The globs that match none of the files, of which those that are excluded must be among `paths`."""
    files = [*paths]
    folders = {path[:at] for path in files for at, char in enumerate(path) if char == "/"}
    return tuple(
        _unknown("unused_glob", f"`{text}` matches no file", settings.path, span, text, [*files, *folders])
        for what, text, span in settings.mentions
        if what == "glob" and not any(matches(text, path) for path in files)
    )


def _unknown(rule: str, message: str, path: str, span: Span, text: str, known: Iterable[str]) -> Diagnostic:
    """A finding about a word that means nothing, for which there is perhaps a better one."""
    guess = closest(text, known)
    if guess is None:
        return Diagnostic(rule, Severity.WARNING, message, path, span)
    # A dotted name without quotation marks may stand in several places, of which the last one is marked.
    is_whole = span.end - span.start >= len(text)
    fixes = (Fix(f"change to `{guess}`", (Edit(span, _quoted(guess)),)),) if is_whole else ()
    return Diagnostic(rule, Severity.WARNING, f"{message}; did you mean `{guess}`?", path, span, fixes=fixes)


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────

# What a string of each form looks like, and what it is called. These are regular expressions of JSON Schema as well.
_RULE = r"[^\s.]+(\.[^\s.]+)*"
_PATH = r"[^\\\u0000-\u001f]"
_PATTERNS = {
    "rules": (rf"^{_RULE}$", "the name of a rule or a pack"),
    "imports": (rf'^({_PATH}*\.policy|[^\s./\\"]+(\.[^\s./\\"]+)*)$', "a module of the library, or a .policy file"),
    "globs": (rf"^(?!(.*/)?\.\.(/|$)){_PATH}+$", "a path below this folder, with `/`, `*`, `**` and `?`"),
    "file": (rf"^{_PATH}+$", "a path with `/` between folders"),
}
# Lists that would be of nothing, which nobody means.
_NOT_EMPTY = ("select", "paths")
_MENTIONED = {"rules": "rule", "imports": "import", "globs": "glob", "file": "file"}


def parse(text: str, path: str) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """The settings in the text of the file at `path`, and what is wrong with them."""
    data = toml.loads(text)
    if isinstance(data, toml.Bad):
        return Settings(path=path), (_error("invalid_setting", data.message, path, data.span),)
    reader = _Reader(path, toml.places(text), [], [])
    base: toml.Path = ()
    table: Any = data
    for key in ("tool", "policyspec") if _is_pyproject(path) else ():
        table, base = table.get(key, {}), (*base, key)
        if not isinstance(table, dict):
            reader.bad(base, "expected a table")
            return Settings(path=path), tuple(reader.found)
    read = reader.table(base, table, KEYS)
    settings = Settings(
        imports=read.get("import", ()),
        select=read.get("select", ()),
        ignore=read.get("ignore", ()),
        levels=read.get("rules", {}),
        overrides=read.get("overrides", ()),
        exclude=read.get("exclude", ()),
        fail_level=read.get("fail-level", "error"),
        baseline=read.get("baseline"),
        path=path,
        mentions=tuple(reader.mentions),
    )
    return settings, tuple(sorted(reader.found, key=lambda each: each.span))


def has_settings(text: str, path: str) -> bool:
    """Whether a file has settings: any `policyspec.toml`, and a `pyproject.toml` with their table, be it broken."""
    if not _is_pyproject(path):
        return True
    if "policyspec" not in text:
        return False
    data = toml.loads(text)
    if isinstance(data, toml.Bad):
        return re.search(r"^[ \t]*\[{1,2}[ \t]*tool[ \t]*\.[ \t]*policyspec[ \t]*[].]", text, re.M) is not None
    tool = data.get("tool")
    return isinstance(tool, dict) and "policyspec" in tool


def _is_pyproject(path: str) -> bool:
    return path.rpartition("/")[2] == PYPROJECT


class _Reader(NamedTuple):
    """What reading finds on its way through a file."""

    path: str
    places: Mapping[toml.Path, toml.Place]
    found: list[Diagnostic]
    mentions: list[Mention]

    def table(self, at: toml.Path, data: Mapping[str, Any], keys: Mapping[str, Key]) -> dict[str, Any]:
        """The settings of a table that are there and right."""
        read = {}
        for name, given in data.items():
            where = (*at, name)
            if name not in keys:
                self._unknown_key(where, name, keys)
            elif (value := self._value(where, given, keys[name].form)) is not None:
                read[name] = value
        return read

    def bad(self, at: toml.Path, message: str, fixes: tuple[Fix, ...] = (), *, is_key: bool = False) -> None:
        """What is wrong with a value, or with the key before it."""
        span = self._place(at).key if is_key else self._place(at).value
        self.found.append(_error("invalid_setting", message, self.path, span, fixes))

    def _value(self, at: toml.Path, given: Any, form: str) -> Any:
        """A value of a form; None where it is wrong, which is reported."""
        match form:
            case "levels":
                return self._levels(at, given)
            case "overrides":
                return self._overrides(at, given)
            case "fail level":
                return given if self._is_one_of(at, given, FAIL_LEVELS) else None
            case "file":
                return given if self._is_text(at, given, form) else None
        if not isinstance(given, list):
            fix = Fix("put it into a list", (Edit(self._place(at).value, f"[{_quoted(given)}]"),))
            self.bad(at, "expected a list of strings", (fix,) if isinstance(given, str) else ())
            return None
        if at[-1] in _NOT_EMPTY and not given:
            self.bad(at, f"an empty `{at[-1]}` is of nothing; leave it out")
        items = self._few(at, given)
        return tuple(each for number, each in enumerate(items) if self._is_text((*at, number), each, form))

    def _few(self, at: toml.Path, given: list[Any]) -> list[Any]:
        if len(given) > _MAX_ITEMS:
            self.bad(at, f"more than {_MAX_ITEMS} items: the rest is not read")
        return given[:_MAX_ITEMS]

    def _is_text(self, at: toml.Path, given: Any, form: str) -> bool:
        pattern, noun = _PATTERNS[form]
        if not isinstance(given, str) or len(given) > _MAX_TEXT or not re.fullmatch(pattern, given):
            self.bad(at, f"expected {noun}" + (f", of {_MAX_TEXT} characters at most" if _is_long(given) else ""))
            return False
        self.mentions.append(Mention(_MENTIONED[form], given, self._place(at).value))
        return True

    def _is_one_of(self, at: toml.Path, given: Any, choices: Sequence[str]) -> bool:
        if isinstance(given, str) and given in choices:
            return True
        guess = "off" if given is False and "off" in choices else None
        if isinstance(given, str):
            begun = (each for each in choices if given and each.startswith(given))
            guess = next(begun, None) or closest(given, choices)
        maybe = f"; did you mean `{guess}`?" if guess else ""
        fixes = (Fix(f"change to `{guess}`", (Edit(self._place(at).value, _quoted(guess)),)),) if guess else ()
        self.bad(at, f"expected one of {', '.join(map(_quoted, choices))}{maybe}", fixes)
        return False

    def _levels(self, at: toml.Path, given: Any) -> dict[str, str] | None:
        """Levels by name. A dotted name without quotation marks is tables in tables to TOML, and is put together."""
        if not isinstance(given, dict):
            self.bad(at, 'expected a table of levels, such as `contradiction = "warning"`')
            return None
        read: dict[str, str] = {}
        todo = [(at, "", given)]
        while todo:
            where, prefix, table = todo.pop()
            for name, value in table.items():
                here, full = (*where, name), f"{prefix}{name}"
                if len(full) > _MAX_TEXT or not re.fullmatch(_PATTERNS["rules"][0], name):
                    self.bad(here, f"expected {_PATTERNS['rules'][1]} before the `=`", is_key=True)
                elif isinstance(value, dict):
                    todo.append((here, f"{full}.", value))
                elif len(read) == _MAX_ITEMS:
                    self.bad(at, f"more than {_MAX_ITEMS} rules: the rest is not read")
                    return read
                elif self._is_one_of(here, value, LEVELS):
                    read[full] = value
                    self.mentions.append(Mention("rule", full, self._place(here).key))
        return read

    def _overrides(self, at: toml.Path, given: Any) -> tuple[Override, ...] | None:
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            self.bad(at, "expected tables, each with the heading `[[overrides]]`")
            return None
        read = []
        for number, each in enumerate(self._few(at, given)):
            here = (*at, number)
            table = self.table(here, each, OVERRIDE_KEYS)
            if "paths" not in each:
                self.bad(here, "an override needs `paths`")
            elif len(each) == 1:
                self.bad(here, f"an override needs one of {', '.join(f'`{key}`' for key in _RULE_KEYS)}")
            paths, levels = table.get("paths", ()), table.get("rules", {})
            read.append(Override(paths, table.get("select", ()), table.get("ignore", ()), levels))
        return tuple(read)

    def _unknown_key(self, at: toml.Path, name: str, keys: Mapping[str, Key]) -> None:
        span, fixes = self._place(at).key, tuple[Fix, ...]()
        message = f"no setting is named `{name}`"
        if at == ("tool",):
            message += f"; in {NAME} settings stand without `tool.policyspec`"
        elif guess := closest(name, keys):
            message += f"; did you mean `{guess}`?"
            fixes = (Fix(f"change to `{guess}`", (Edit(span, guess),)),)
        self.found.append(_error("unknown_setting", message, self.path, span, fixes))

    def _place(self, at: toml.Path) -> toml.Place:
        """Where a value stands, or the nearest one around it of which that is known."""
        while at and at not in self.places:
            at = at[:-1]
        return self.places[at] if at else toml.Place(Span(0, 0), Span(0, 0))


def _error(rule: str, message: str, path: str, span: Span, fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    return Diagnostic(rule, Severity.ERROR, message, path, span, fixes=fixes)


def _is_long(given: Any) -> bool:
    return isinstance(given, str) and len(given) > _MAX_TEXT


def _quoted(text: Any) -> str:
    """A string of TOML."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped) + '"'


# ── For editors ─────────────────────────────────────────────────────────────────────────────────────


def schema() -> dict[str, Any]:
    """The JSON Schema of `policyspec.toml`, and of the table in `pyproject.toml`."""
    level = {"enum": [*LEVELS]}
    either = {"anyOf": [{"$ref": "#/$defs/level"}, {"$ref": "#/$defs/levels"}]}
    names = {"pattern": _PATTERNS["rules"][0], "maxLength": _MAX_TEXT}
    levels = {"type": "object", "propertyNames": names, "additionalProperties": either}
    override = {**_object(OVERRIDE_KEYS), "required": ["paths"], "minProperties": 2}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": NAME,
        "description": f"Settings of policyspec: {NAME}, or [tool.policyspec] in {PYPROJECT}.",
        **_object(KEYS),
        "$defs": {"level": level, "levels": levels, "override": override},
    }


def _object(keys: Mapping[str, Key]) -> dict[str, Any]:
    properties = {name: {"description": key.says, **_schema_of(name, key.form)} for name, key in keys.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _schema_of(name: str, form: str) -> dict[str, Any]:
    match form:
        case "levels":
            return {"$ref": "#/$defs/levels"}
        case "overrides":
            return {"type": "array", "items": {"$ref": "#/$defs/override"}, "maxItems": _MAX_ITEMS}
        case "fail level":
            return {"enum": [*FAIL_LEVELS], "default": "error"}
    text = {"type": "string", "pattern": _PATTERNS[form][0], "maxLength": _MAX_TEXT}
    if form == "file":
        return text
    least = {"minItems": 1} if name in _NOT_EMPTY else {}
    return {"type": "array", "items": text, **least, "maxItems": _MAX_ITEMS}
