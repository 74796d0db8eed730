"""Checks the files of projects: reads settings, finds what is wrong in many files, and sorts out what counts."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from policyspec import config, files
from policyspec.cache import Cache, Look
from policyspec.config import Settings
from policyspec.diagnostic import Diagnostic, Edit, Fix, Severity
from policyspec.looking import Advance, Around, examine, load, look_at
from policyspec.source import Source, Span

if TYPE_CHECKING:
    from policyspec.workspace import Workspace

Review: TypeAlias = "Callable[[Workspace, str], Sequence[Diagnostic]]"

# What a text with a suppression has in it.
_MARK = re.compile(r"#[ \t]*policyspec[ \t]*(?:[:：]|allow\b)", re.I)
_OWN_RULE = re.compile(r"^\s*rule\s+(\w+)", re.M)


@dataclass(frozen=True)
class Project:
    """Files that have their settings in one place: `folder` is where these count from, `file` the settings themselves.

    `found` is what is wrong with the settings. `tops` are folders of which `sources` are all files there are. `texts`
    have to be at hand whichever file is looked at. `asked` is what has been asked for beyond the settings: only its
    `select` and `ignore` count.
    """

    settings: Settings
    folder: str
    sources: tuple[Source, ...]
    found: tuple[Diagnostic, ...] = ()
    file: Source | None = None
    tops: tuple[str, ...] = ()
    texts: tuple[Source, ...] = ()
    asked: Settings = field(default_factory=Settings)

    @property
    def around(self) -> Around:
        return Around(self.texts, self.settings.imports, self.folder)


class Found(NamedTuple):
    """What is found in a project: what counts, and what a comment allows, with its reason."""

    kept: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...] = ()
    reasons: Mapping[Diagnostic, str] = {}


def today() -> datetime.date:
    return datetime.date.today()


# ── Settings ────────────────────────────────────────────────────────────────────────────────────


def projects(
    sources: Sequence[Source],
    is_isolated: bool = False,
    whole: Iterable[str] = (),
    unsaved: Sequence[Source] = (),
    cache: Cache | None = None,
) -> list[Project]:
    """The files by the settings that are nearest to them; raises Unreadable for settings that cannot be read.

    `whole` are folders that `sources` are all files of. `unsaved` are texts that stand for files, to be checked too.
    """
    nearest: dict[str, tuple[str, str] | None] = {}
    groups: dict[tuple[str, str] | None, list[Source]] = {}
    for source in {each.path: each for each in (*sources, *unsaved)}.values():
        folder = os.path.dirname(source.path)
        if folder not in nearest:
            nearest[folder] = None if is_isolated else files.settings_file(folder or ".")
        groups.setdefault(nearest[folder], []).append(source)
    tops = tuple(os.path.abspath(each) for each in whole)
    return [_project(file, group, tops, unsaved, cache) for file, group in groups.items()]


def _project(
    file: tuple[str, str] | None,
    sources: Sequence[Source],
    tops: tuple[str, ...],
    unsaved: Sequence[Source],
    cache: Cache | None,
) -> Project:
    # A file that is named may be imported from where it could not be read.
    texts = tuple({each.path: each for each in (*(() if _are_plain(sources) else sources), *unsaved)}.values())
    if file is None:
        return Project(Settings(), "", tuple(sources), tops=tops, texts=texts)
    path, text = file
    settings, found = config.parse(text, path)
    folder = os.path.dirname(path)
    named = {source.path: from_folder(source.path, folder) for source in sources}
    kept = tuple(source for source in sources if not config.is_excluded(settings, named[source.path]))
    settings, more = _with_known_modules(settings)
    if any(each.what == "rule" for each in settings.mentions):
        more += _unknown_rules(settings, Source(path, text), cache)
    if is_below(folder, tops):
        # Only who sees all files can say that a glob matches none.
        more += config.dead_globs(settings, named.values())
    return Project(settings, folder, kept, (*found, *more), Source(path, text), tops, texts)


def _are_plain(sources: Sequence[Source]) -> bool:
    """Whether any of the files can import any other, whether that is named or read: none is a link, or lies apart."""
    roots = set()
    for folder in {os.path.dirname(source.path) for source in sources}:
        roots.add(files.root_of(os.path.join(folder, "x")))
        if os.path.realpath(folder or ".") != os.path.abspath(folder or "."):
            return False
    return len(roots) == 1 and all(
        source.path.endswith(files.SUFFIX)
        and not os.path.islink(source.path)
        # Only the path of a file elsewhere is what such an import says.
        and not (os.path.isabs(source.path) and any(begin in source.text for begin in ('"/', '"\\')))
        for source in sources
    )


def _unknown_rules(settings: Settings, file: Source, cache: Cache | None) -> tuple[Diagnostic, ...]:
    """What is to be said of the names of rules in the settings."""
    # Reading what rules there are takes longer than many a check does.
    basis = "names of rules"
    if cache is not None:
        cache.know([file])
        if (known := cache.get(file.path, basis)) is not None:
            return known.found
    found = config.check_names(settings, rule_names())
    if cache is not None:
        cache.put(file.path, basis, Look(found, (file.path,), {file.path: file.text}))
    return found


def _with_known_modules(settings: Settings) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """The settings without imports of library modules that there are not, and what is to be said of these."""
    if all(each.endswith(files.SUFFIX) for each in settings.imports):
        return settings, ()
    from policyspec import library
    from policyspec.suggest import closest

    names = library.names()
    unknown = {each for each in settings.imports if not each.endswith(files.SUFFIX) and each not in names}
    found = []
    for mention in settings.mentions:
        if mention.what == "import" and mention.text in unknown:
            guess = closest(mention.text, names)
            maybe = f"; did you mean `{guess}`?" if guess else ""
            fixes = (Fix(f"change to `{guess}`", (Edit(mention.span, f'"{guess}"'),)),) if guess else ()
            found.append(_wrong(settings, mention.span, f"no module is named `{mention.text}`{maybe}", fixes))
    imports = tuple(each for each in settings.imports if each not in unknown)
    return replace(settings, imports=imports), tuple(found)


def readable(project: Project) -> Project:
    """The project without imports of all its files that cannot be read, of which its findings speak instead."""
    wrong: dict[str, str] = {}
    for each in project.settings.imports:
        if each.endswith(files.SUFFIX):
            if not _is_own(each, project.folder):
                wrong[each] = f"`{each}` is outside of {_top(project.folder)}"
                continue
            try:
                workspace = load((), Around(project.texts, (each,), project.folder))
                if any(workspace.is_policy(name) for name in workspace.imports):
                    wrong[each] = f"`{each}` is a policy of its own, so it cannot be imported; share a module instead"
            except files.Unreadable as problem:
                wrong[each] = str(problem)
    if not wrong:
        return project
    settings = project.settings
    found = [
        _wrong(settings, each.span, wrong[each.text])
        for each in settings.mentions
        if each.what == "import" and each.text in wrong
    ]
    settings = replace(settings, imports=tuple(each for each in settings.imports if each not in wrong))
    return replace(project, settings=settings, found=(*project.found, *found))


def baseline_of(project: Project) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The file of known findings that the settings name; what is wrong with it where it is not the project's own."""
    settings = project.settings
    if not settings.baseline:
        return None, ()
    if _is_own(settings.baseline, project.folder):
        return os.path.join(project.folder, settings.baseline), ()
    message = f"`{settings.baseline}` is outside of {_top(project.folder)}"
    return None, tuple(_wrong(settings, each.span, message) for each in settings.mentions if each.what == "file")


def _is_own(path: str, folder: str) -> bool:
    """Whether settings in a folder may name a file: by them, nobody is to see or change what is another's."""
    top = _top(folder).rstrip("/")
    return Path(os.path.realpath(os.path.join(folder, path))).as_posix().startswith(f"{top}/")


def _top(folder: str) -> str:
    """The topmost folder that settings in a folder may speak of: that of the repository, if there is one."""
    at = Path(os.path.realpath(folder or "."))
    return next((each for each in (at, *at.parents) if os.path.exists(each / ".git")), at).as_posix()


def _wrong(settings: Settings, span: Span, message: str, fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    return Diagnostic("invalid_setting", Severity.ERROR, message, settings.path, span, fixes=fixes)


def from_folder(path: str, folder: str) -> str:
    """A file's path from the folder of its settings."""
    if not folder:
        return path
    return Path(os.path.relpath(path, folder)).as_posix()


def is_below(path: str, tops: Iterable[str]) -> bool:
    at = os.path.abspath(path)
    return any(f"{at}/".startswith(f"{top.rstrip('/')}/") for top in tops)


# Findings of the text, of names and of suppressions have names too, which settings may speak of.
OTHER_RULES = (
    "unused_suppression", "expired_suppression", "unknown_suppression", "suppression_without_reason",
    "suppression_not_allowed", "invalid_suppression", "unknown_name", "idle_lift", "file_name",
)  # fmt: skip


def rule_names() -> list[str]:
    """The names that settings may have, of rules that come with policyspec."""
    # Where all is known from before, nothing of the linter is needed.
    from policyspec.lint import registry

    rules = registry.standings()
    return [*rules, *{each.pack for each in rules.values()}, *OTHER_RULES]


# Of these, the ones that a file has by itself, whoever imports it.
OF_NAMES = ("unknown_name", "idle_lift", "file_name")


# ── Looking at files ────────────────────────────────────────────────────────────────────────────


class Looks(NamedTuple):
    """What is found in each of a project's files, and the project as it was looked at: without unreadable imports."""

    project: Project
    by_path: Mapping[str, Look]

    @property
    def found(self) -> list[Diagnostic]:
        return [each for one in self.by_path.values() for each in one.found]

    @property
    def sources(self) -> dict[str, Source]:
        """The project's files, and those that they import."""
        found = {source.path: source for source in self.project.sources}
        for each in self.by_path.values():
            for path in each.files:
                if path not in found:
                    found[path] = Source(path, each.texts[path])
        return found

    @property
    def firm(self) -> set[str]:
        return {name for each in self.by_path.values() for name in each.firm}

    @property
    def missing(self) -> set[str]:
        return {name for each in self.by_path.values() for name in each.missing}


def look(project: Project, jobs: int = 1, cache: Cache | None = None, advance: Advance = lambda number: None) -> Looks:
    """What is found in each of a project's files."""
    looks: dict[str, Look] = {}
    todo: list[Source] = []
    # What a result depends on beside texts; of these, which there are that could not be read where they are imported.
    at_hand = sorted(source.path for source in project.texts)
    imports = project.settings.imports
    basis = json.dumps([imports, os.path.abspath(project.folder), _top(project.folder) if imports else "", at_hand])
    if cache is not None:
        cache.know((*project.sources, *project.texts))
    for source in project.sources:
        known = cache.get(source.path, basis) if cache is not None else None
        if known is None:
            todo.append(source)
        else:
            looks[source.path] = known
    advance(len(looks))
    usable = readable(project) if todo else project
    new = look_at(todo, usable.around, jobs, advance)
    if cache is not None and usable is project:
        for path, each in new.items():
            cache.put(path, basis, each)
    looks |= new
    return Looks(usable, {source.path: looks[source.path] for source in project.sources})


def looked_at(looks: Iterable[Look], tops: Iterable[str], shared: Collection[str] = ()) -> set[str]:
    """The files of which all is found that rules find in them.

    In a policy, that is so. What there is in a module, is found for the policies that import it; and only who sees a
    whole folder sees all of these, unless the module is `shared` with other projects.
    """
    found = set()
    for each in looks:
        if each.is_policy:
            policy, *modules = each.files
            found |= {policy, *(path for path in modules if is_below(path, tops))}
    return found.difference(shared)


def shared(projects: Iterable[Iterable[str]]) -> set[str]:
    """The files that several projects have, given those of each."""
    return {path for path, number in Counter(path for each in projects for path in {*each}).items() if number > 1}


# ── From raw findings to those that count ───────────────────────────────────────────────────────


def levelled(project: Project, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings at the levels that the settings give them, without those of rules that are off.

    An error that keeps a policy from being compiled is no rule's to turn off.
    """
    if project.settings == Settings() == project.asked:
        return list(found)
    kept = []
    for each in found:
        if each.is_error and not each.pack:
            kept.append(each)
            continue
        # To choose among rules is no reason not to hear of a suppression without effect.
        level = _level(project, each.rule, each.path, each.severity, each.pack, is_chosen=not each.pack)
        if level is not None:
            kept.append(each if level is each.severity else replace(each, severity=level))
    return kept


def _level(
    project: Project, rule: str, path: str, default: Severity, pack: str, is_chosen: bool = False
) -> Severity | None:
    """How grave a rule's findings in a file are; None where it does not run. What is asked for is asked for everywhere.

    `is_chosen`: whatever is selected, this rule is.
    """
    settings, asked = project.settings, project.asked
    if is_chosen or asked.select:
        overrides = tuple(replace(each, select=()) for each in settings.overrides)
        settings = replace(settings, select=(), overrides=overrides)
        asked = replace(asked, select=()) if is_chosen else asked
    where = from_folder(path, project.folder)
    level = config.level_of(settings, rule, where, default, pack)
    return level if config.level_of(asked, rule, where, default, pack) is not None else None


def judged(
    project: Project,
    found: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    day: datetime.date | None,
    seen: Collection[str],
    firm: Collection[str] = (),
) -> Found:
    """What of the findings counts.

    `sources` are the files that they are in. `seen` are those of which all is found that rules find in them, see
    `looked_at`: only there a suppression can be said to be unused. `firm` are rules of theirs that allow none.
    """
    raw = levelled(project, dict.fromkeys(found))
    marked = {path: source for path, source in sources.items() if _MARK.search(source.text)}
    if not marked:
        return Found(tuple(raw))
    from policyspec.lint import registry, suppressions
    from policyspec.scope import file_stem
    from policyspec.workspace import parsed

    rules = registry.standings()
    own = {name: file_stem(path) for path, source in sources.items() for name in _OWN_RULE.findall(source.text)}
    known = {*rules, *OTHER_RULES, *own}
    ends = {name.rpartition(".")[2] for name in known}

    def is_suppressible(name: str) -> bool:
        return name not in firm and (rules[name].suppressible if name in rules else name in known)

    def was_run(rule: str, path: str) -> bool:
        pack = rules[rule].pack if rule in rules else own.get(rule, "")
        is_seen = path in seen or rule in OF_NAMES
        return is_seen and _level(project, rule, path, Severity.ERROR, pack, is_chosen=not pack) is not None

    applied = suppressions.apply(
        {path: suppressions.read(parsed(source.text)) for path, source in marked.items()},
        raw,
        today=day,
        is_known=lambda name: name in known or name in ends,
        is_suppressible=is_suppressible,
        names=sorted(known),
        was_run=was_run,
    )
    reasons = {each.diagnostic: each.suppression.reason for each in applied.suppressed}
    return Found(tuple(levelled(project, applied.kept)), tuple(reasons), reasons)


def reviewer(project: Project, day: datetime.date, shared: Collection[str]) -> Review:
    """What counts of what is found in a file of any workspace, as fixes have to know it."""

    def review(workspace: Workspace, path: str) -> list[Diagnostic]:
        looks = looks_at(project, workspace, path)
        sources = {file: workspace.source(file) for each in looks for file in each.files}
        found = [one for each in looks for one in each.found]
        firm = {name for each in looks for name in each.firm}
        seen = looked_at(looks, project.tops, shared)
        return list(judged(project, found, sources, day, seen, firm).kept)

    return review


def looks_at(project: Project, workspace: Workspace, path: str) -> list[Look]:
    """What is found in a file; in a module, by itself and for each policy that imports it."""
    users = [path]
    if not workspace.is_policy(path):
        others = (source.path for source in project.sources if source.path != path)
        users += [each for each in others if workspace.is_policy(each) and path in workspace.closure(each)]
    return [examine(workspace, each) for each in users]


def found_in(path: str | Path) -> list[Diagnostic]:
    """What counts of what is found in a file, or in all files of a folder, in order; raises Unreadable."""
    found: list[Diagnostic] = []
    whole = [str(path)] if os.path.isdir(path) else []
    all_ = [look(each) for each in projects([files.read(file) for file in files.find([path])], whole=whole)]
    common = shared(each.sources for each in all_)
    for looks in all_:
        seen = looked_at(looks.by_path.values(), looks.project.tops, common)
        found += looks.project.found
        found += judged(looks.project, looks.found, looks.sources, today(), seen, looks.firm).kept
    return sorted(found, key=lambda each: (each.path, each.span, each.rule, each.message))
