"""The library's modules, indexed and resolved.

Parsing and resolving the vocabulary takes longer than a policy's own text does, and its result is always the same. So
it is committed as `compiled.json`, with the hash of the files that it was made from; where they differ, as while the
library is being edited, it is made anew in memory.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from policyspec import library
from policyspec.kinds import FIELDS, fields_of
from policyspec.resolve import resolve
from policyspec.scope import CORE, Context, Definition, Module, Resolution, index, module_of
from policyspec.source import Span
from policyspec.statements import Demand, Judgement, Period, Statement, demands
from policyspec.syntax.parser import Tree, parse

# The key of a module's rules in `compiled.json`.
_RULES = "rules of {}"


def module(name: str) -> Module:
    """A module of the library; KeyError for one that it does not have."""
    return resolution(name).module


@cache
def resolution(name: str) -> Resolution:
    """What the names in a library module mean. Of a precompiled one, the names inside of it are not kept."""
    record = _record(name)
    return _read(name, record) if record is not None else from_source(name)


@cache
def rules(name: str) -> tuple[Demand, ...]:
    """The rules of a library module."""
    records = _record(_RULES.format(name))
    if records is None:
        return tuple(demands(from_source(name)))
    return tuple(_demand(each, name) for each in records)


@cache
def from_source(name: str) -> Resolution:
    """The same from the module's text, with every name inside of it."""
    made = index(name, {source.path: parse(source.text) for source in library.sources(name)}, is_library=True)
    known = [each for each in made.imports if each in library.names()]
    resolutions = {each: from_source(each) for each in ([] if name == CORE else [CORE, *known])}
    imported: dict[str, Module | str] = {each: resolutions[each].module for each in known}
    core = resolutions[CORE].module if name != CORE else None
    return resolve(made, Context(imported, core, library.names(), resolutions))


def is_current() -> bool:
    """Whether the library is as it was when `compiled.json` was made of it."""
    return bool(_lines())


def dump() -> str:
    """The text that `compiled.json` should have: the digest, then a line for each module, and one for its rules."""
    lines = [f'{{"digest":"{_digest()}"']
    for name in library.names():
        found = [_write_demand(each) for each in demands(from_source(name))]
        for key, each in ((name, _write(from_source(name))), (_RULES.format(name), found)):
            lines.append(f"{json.dumps(key)}:{json.dumps(each, ensure_ascii=False, separators=(',', ':'))}")
    return ",\n".join(lines) + "}\n"


def _digest() -> str:
    """A hash of all that the compiled form depends on."""
    found = hashlib.sha256(FIELDS.read_bytes())
    for name in library.names():
        for source in library.sources(name):
            found.update(f"{source.path}\0{source.text}\0".encode())
    return found.hexdigest()


@lru_cache(maxsize=1)
def _lines() -> str:
    """The lines of `compiled.json`, none if it is not current."""
    try:
        text = library.COMPILED.read_text("utf-8")
    except (OSError, ValueError):
        return ""
    return text if _digest() in text.partition("\n")[0] else ""


def _record(key: str) -> Any:
    """What a line of `compiled.json` has. A policy needs few of them, so they are read alone."""
    begin = f"\n{json.dumps(key)}:"
    at = _lines().find(begin)
    return json.JSONDecoder().raw_decode(_lines(), at + len(begin))[0] if at >= 0 else None


class _Trees(Mapping[str, Tree]):
    """A module's trees, parsed when they are looked at."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getitem__(self, path: str) -> Tree:
        return next(parse(source.text) for source in library.sources(self.name) if source.path == path)

    def __iter__(self) -> Iterator[str]:
        return (source.path for source in library.sources(self.name))

    def __len__(self) -> int:
        return len(library.sources(self.name))


# ── Rules as JSON ────────────────────────────────────────────────────────────────────────────────


def _refer(each: Definition) -> Any:
    return [each.module, _numbers(each.module)[each]]


@cache
def _numbers(name: str) -> dict[Definition, int]:
    return {each: number for number, each in enumerate(from_source(name).module.definitions)}


def _meant(reference: Any) -> Definition:
    found: Definition = module(reference[0]).definitions[reference[1]]
    return found


def _write_statement(says: Statement | None) -> Any:
    if says is None:
        return None
    return [
        says.modality,
        list(map(_refer, says.actions)),
        list(map(_refer, says.objects)),
        {word: [[_refer(term) for term in item] for item in found] for word, found in says.clauses.items()},
        {word: [_write_period(each) for each in found] for word, found in says.periods.items()},
        says.any_of,
        says.necessity,
    ]


def _write_period(each: Period) -> Any:
    return [each.form, each.word, each.amount, each.unit, each.event and _refer(each.event)]


def _statement(record: Any) -> Statement | None:
    if record is None:
        return None
    modality, actions, objects, clauses, periods, any_of, necessity = record
    return Statement(
        modality,
        tuple(map(_meant, actions)),
        tuple(map(_meant, objects)),
        {word: tuple(tuple(map(_meant, item)) for item in found) for word, found in clauses.items()},
        {
            word: tuple(
                Period(form, at, amount, unit, event and _meant(event)) for form, at, amount, unit, event in found
            )
            for word, found in periods.items()
        },
        any_of,
        necessity,
    )


def _write_demand(each: Demand) -> Any:
    found = [
        [
            judgement.word,
            _write_statement(judgement.pattern),
            judgement.declaration and _refer(judgement.declaration),
            _write_statement(judgement.needs),
            judgement.needs_declaration and _refer(judgement.needs_declaration),
        ]
        for judgement in each.judgements
    ]
    fields = {
        name: [["date", value.isoformat()] if isinstance(value, datetime.date) else value for value in values]
        for name, values in each.fields.items()
    }
    return [each.name, each.titles, fields, list(map(_refer, each.given)), found, each.file]


def _demand(record: Any, name: str) -> Demand:
    rule, titles, fields, given, found, file = record
    return Demand(
        rule,
        tuple((text, language) for text, language in titles),
        {
            name: tuple(datetime.date.fromisoformat(value[1]) if isinstance(value, list) else value for value in values)
            for name, values in fields.items()
        },
        tuple(map(_meant, given)),
        tuple(
            Judgement(
                word,
                _statement(pattern),
                declaration and _meant(declaration),
                _statement(needs),
                needed and _meant(needed),
            )
            for word, pattern, declaration, needs, needed in found
        ),
        file,
    )


# ── Definitions as JSON ──────────────────────────────────────────────────────────────────────────


def _write(resolution: Resolution) -> dict[str, Any]:
    module = resolution.module
    files = list(module.trees)
    numbers = {each: number for number, each in enumerate(module.definitions)}

    def reference(each: Definition) -> Any:
        if each in numbers:
            return numbers[each]
        return [each.module, from_source(each.module).module.definitions.index(each)]

    def values(each: Definition) -> dict[str, Any]:
        known = fields_of(each.kind)
        found = {}
        for name, value in resolution.fields[each].items():
            if name != "open_fields" and known[name][0].form == "terms":
                value = [reference(term) for term in value]
            found[name] = value.isoformat() if isinstance(value, datetime.date) else value
        return found

    return {
        "files": files,
        "imports": list(module.imports),
        "definitions": [
            [
                each.kind,
                each.path,
                files.index(each.file),
                [*each.span, *each.name_span],
                each.titles,
                numbers[each.outer] if each.outer else None,
                [reference(parent) for parent in resolution.parents[each]],
                values(each),
            ]
            for each in module.definitions
        ],
        "extensions": [[reference(term), reference(parent)] for term, parent in resolution.extensions],
    }


def _read(name: str, record: dict[str, Any]) -> Resolution:
    files = record["files"]
    definitions: list[Definition] = []

    def term(reference: Any) -> Definition:
        if isinstance(reference, int):
            return definitions[reference]
        found: Definition = module(reference[0]).definitions[reference[1]]
        return found

    for kind, path, file, (start, end, name_start, name_end), titles, outer, _, _ in record["definitions"]:
        span, name_span = Span(start, end), Span(name_start, name_end)
        titles = tuple((text, language) for text, language in titles)
        outer = None if outer is None else definitions[outer]
        definitions.append(Definition(kind, path, name, files[file], span, name_span, titles, outer, True))
    parents, fields = {}, {}
    aliases = []
    for each, (*_, above, values) in zip(definitions, record["definitions"], strict=True):
        parents[each] = tuple(map(term, above))
        fields[each] = _values(each.kind, values, term) if values else values
        aliases += [(word, each) for word in values.get("alias", ())]
    made = module_of(name, _Trees(name), True, definitions, aliases, record["imports"])
    extensions = tuple((term(below), term(above)) for below, above in record["extensions"])
    return Resolution(made, (), {}, parents, fields, extensions)


def _values(kind: str, values: dict[str, Any], term: Any) -> dict[str, Any]:
    forms = _forms(kind)
    found: dict[str, Any] = {}
    for name, value in values.items():
        match forms.get(name):
            case "terms":
                value = tuple(map(term, value))
            case "text":
                value = tuple(map(tuple, value))
            case "strings" | "kinds" | "period":
                value = tuple(value)
            case "date":
                value = datetime.date.fromisoformat(value)
        found[name] = value
    return found


@cache
def _forms(kind: str) -> dict[str, str]:
    return {name: takes.form for name, (takes, *_) in fields_of(kind).items()}
