"""Checks the files of projects: reads settings, finds what is wrong in many files, and sorts out what counts."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from policyspec import config, files
from policyspec.cache import Cache
from policyspec.config import Settings
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.source import Source

if TYPE_CHECKING:
    from policyspec.lint.rule import Rule
    from policyspec.workspace import Workspace

# What a text with a suppression has in it.
_MARK = "policyspec"
_OWN_RULE = re.compile(r"^\s*rule\s+(\w+)", re.M)
# With less text than this for each, several processes take longer than one.
_TEXT_OF_A_JOB = 100_000


@dataclass(frozen=True)
class Project:
    """Files that have their settings in one place: `folder` is where these count from."""

    settings: Settings
    folder: str
    sources: tuple[Source, ...]
    found: tuple[Diagnostic, ...] = ()
    file: Source | None = None


@dataclass(frozen=True)
class Found:
    """What is found in a project: what counts, and what a comment allows, with its reason."""

    kept: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...] = ()
    reasons: Mapping[Diagnostic, str] = field(default_factory=dict)


# ── Settings ────────────────────────────────────────────────────────────────────────────────────


def projects(sources: Sequence[Source], is_isolated: bool = False, whole: Iterable[str] = ()) -> list[Project]:
    """The files by the settings that are nearest to them; raises Unreadable for settings that cannot be read.

    `whole` are folders that `sources` are all files of.
    """
    nearest: dict[str, tuple[str, str] | None] = {}
    groups: dict[tuple[str, str] | None, list[Source]] = {}
    for source in sources:
        folder = os.path.dirname(source.path)
        if folder not in nearest:
            nearest[folder] = None if is_isolated else files.settings_file(folder or ".")
        groups.setdefault(nearest[folder], []).append(source)
    tops = [os.path.abspath(each) for each in whole]
    return [_project(file, group, tops) for file, group in groups.items()]


def _project(file: tuple[str, str] | None, sources: Sequence[Source], tops: Sequence[str]) -> Project:
    if file is None:
        return Project(Settings(), "", tuple(sources))
    path, text = file
    settings, found = config.parse(text, path)
    folder = os.path.dirname(path)
    named = {source.path: from_folder(source.path, folder) for source in sources}
    kept = tuple(source for source in sources if not config.is_excluded(settings, named[source.path]))
    # Reading all that there is of rules takes longer than most checks do.
    more = config.check_names(settings, rule_names()) if any(each.what == "rule" for each in settings.mentions) else ()
    at = os.path.abspath(folder)
    if any(f"{at}/".startswith(f"{top.rstrip('/')}/") for top in tops):
        # Only who sees all files can say that a glob matches none.
        more = (*more, *config.dead_globs(settings, named.values()))
    return Project(settings, folder, kept, (*found, *more), Source(path, text))


def from_folder(path: str, folder: str) -> str:
    """A file's path from the folder of its settings."""
    if not folder:
        return path
    return Path(os.path.relpath(path, folder)).as_posix()


# Findings of the text, of names and of suppressions have names too, which settings may speak of.
OTHER_RULES = (
    "unused_suppression", "expired_suppression", "unknown_suppression", "suppression_without_reason",
    "suppression_not_allowed", "invalid_suppression", "unknown_name", "idle_lift", "file_name", "not_assessed",
)  # fmt: skip


def rule_names() -> list[str]:
    """The names that settings may have, of rules that come with policyspec."""
    # Where all is known from before, nothing of the linter is needed.
    from policyspec.lint import registry

    rules = registry.known_rules()
    return [*rules, *{each.pack for each in rules.values()}, *OTHER_RULES]


# ── Looking at files ────────────────────────────────────────────────────────────────────────────


class Look(NamedTuple):
    """What is found in a file, and the texts that it follows from; none where it follows from a missing one too."""

    found: tuple[Diagnostic, ...]
    texts: Mapping[str, str]


def examine(workspace: Workspace, path: str) -> Look:
    """What is wrong in a file and in those that it imports, and what the rules find."""
    from policyspec.review import findings

    closure = workspace.closure(path)
    found = [each for file in closure for each in workspace.diagnostics(file)]
    texts = {file: workspace.sources[file].text for file in closure}
    if any(each in workspace.unreadable for file in closure for each in workspace.module(file).imports):
        texts = {}
    return Look((*found, *findings(workspace, path)), texts)


def look(project: Project, jobs: int = 1, cache: Cache | None = None) -> dict[str, Look]:
    """What is found in each of a project's files. Raises Unreadable where a file that all import cannot be read."""
    looks: dict[str, Look] = {}
    todo: list[Source] = []
    for source in project.sources:
        known = cache.get(source.path, source.text) if cache is not None else None
        if known is None:
            todo.append(source)
        else:
            looks[source.path] = Look(*known)
    new = _together(project, todo, jobs)
    if cache is not None:
        for path, each in new.items():
            if each.texts:
                cache.put(path, each.texts, each.found)
    looks |= new
    return {source.path: looks[source.path] for source in project.sources}


def _together(project: Project, sources: list[Source], jobs: int) -> dict[str, Look]:
    size = sum(len(source.text) for source in sources)
    jobs = min(jobs, len(sources), size // _TEXT_OF_A_JOB)
    if jobs < 2:
        return _one_job(sources, project.settings.imports, project.folder)
    # The largest first, each to the job that has least to do.
    heaps: list[list[Source]] = [[] for _ in range(jobs)]
    for source in sorted(sources, key=lambda each: -len(each.text)):
        min(heaps, key=lambda heap: sum(len(each.text) for each in heap)).append(source)
    from concurrent.futures import ProcessPoolExecutor

    looks: dict[str, Look] = {}
    with ProcessPoolExecutor(jobs) as pool:
        work = [pool.submit(_one_job, heap, project.settings.imports, project.folder) for heap in heaps]
        for each in work:
            looks |= each.result()
    return looks


def _one_job(sources: list[Source], imports: tuple[str, ...], folder: str) -> dict[str, Look]:
    if not sources:
        return {}
    workspace = files.load((), sources, imports, folder)
    return {source.path: examine(workspace, source.path) for source in sources}


def sources_of(looks: Mapping[str, Look], project: Project) -> dict[str, Source]:
    """The project's files, and those that they import."""
    found = {source.path: source for source in project.sources}
    for each in looks.values():
        for path, text in each.texts.items():
            found.setdefault(path, Source(path, text))
    return found


# ── From raw findings to those that count ───────────────────────────────────────────────────────


def levelled(settings: Settings, folder: str, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings at the levels that the settings give them, without those of rules that are off.

    An error that keeps a policy from being compiled is no rule's to turn off.
    """
    if settings == Settings():
        return list(found)
    all_selected = replace(
        settings, select=(), overrides=tuple(replace(each, select=()) for each in settings.overrides)
    )
    kept = []
    for each in found:
        if each.is_error and not each.pack:
            kept.append(each)
            continue
        path = from_folder(each.path, folder)
        # To choose among rules is no reason not to hear of a suppression without effect.
        chosen = settings if each.pack else all_selected
        level = config.level_of(chosen, each.rule, path, each.severity, each.pack)
        if level is not None:
            kept.append(each if level is each.severity else replace(each, severity=level))
    return kept


def judged(
    settings: Settings,
    folder: str,
    found: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    today: datetime.date | None,
    looked_at: Collection[str],
) -> Found:
    """What of the findings counts.

    `sources` are the files that they are in. `looked_at` are those that rules were run on: in a module, only with a
    policy that imports it can a suppression be said to be unused.
    """
    raw = levelled(settings, folder, dict.fromkeys(found))
    marked = {path: source for path, source in sources.items() if _MARK in source.text.lower()}
    if not marked:
        return Found(tuple(raw))
    from policyspec.lint import registry, suppressions
    from policyspec.workspace import parsed

    rules = registry.known_rules()
    known = {*rules, *OTHER_RULES, *(name for source in sources.values() for name in _OWN_RULE.findall(source.text))}
    applied = suppressions.apply(
        {path: suppressions.read(parsed(source.text)) for path, source in marked.items()},
        raw,
        today=today,
        is_known=lambda name: name in known or any(each.endswith(f".{name}") for each in known),
        is_suppressible=lambda name: rules[name].suppressible if name in rules else name in known,
        names=sorted(known),
        was_run=lambda rule, path: path in looked_at and _is_on(settings, folder, rule, path, rules),
    )
    kept = levelled(settings, folder, applied.kept)
    reasons = {each.diagnostic: each.suppression.reason for each in applied.suppressed}
    return Found(tuple(kept), tuple(reasons), reasons)


def _is_on(settings: Settings, folder: str, rule: str, path: str, rules: Mapping[str, Rule]) -> bool:
    pack = rules[rule].pack if rule in rules else ""
    return config.level_of(settings, rule, from_folder(path, folder), Severity.ERROR, pack) is not None


def found_in(path: str | Path) -> list[Diagnostic]:
    """What counts of what is found in a file, or in all files of a folder, in order; raises Unreadable."""
    found: list[Diagnostic] = []
    for project in projects([files.read(file) for file in files.find([path])]):
        looks = look(project)
        sources = sources_of(looks, project)
        raw = [each for one in looks.values() for each in one.found]
        judged_ = judged(project.settings, project.folder, raw, sources, datetime.date.today(), {*sources})
        found += [*project.found, *judged_.kept]
    return sorted(found, key=lambda each: (each.path, each.span, each.rule, each.message))
