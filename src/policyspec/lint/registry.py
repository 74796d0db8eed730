"""The rules that there are: those in Python, those of the library's packs, and those of a policy's own files."""

from __future__ import annotations

import datetime
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from policyspec import library
from policyspec.diagnostic import Severity
from policyspec.library import compiled
from policyspec.lint import rules as package
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.patterns import PatternRule, begun_in_lower_case
from policyspec.lint.rule import LOGIC, NOT_ASSESSED_RULE, RULE_FAILED_RULE, Rule
from policyspec.scope import CORE, Resolution, file_stem
from policyspec.statements import Demand, demands

INDEX = Path(__file__).with_name("rules.json")
# An example in a rule's page: its heading, then lines that are indented.
_EXAMPLE = re.compile(r"^(Bad|Good):\n\n((?:(?: {4}.*)?\n)+)", re.M)
T = TypeVar("T")


class PythonRule(NamedTuple):
    """A rule written in Python.

    `is_about_absence`: it finds that something is not there. `given` has the circumstances it depends on, as kind, path
    and module of a term.
    """

    rule: Rule
    check: Callable[[Facts], Iterator[Finding]]
    is_about_absence: bool = False
    given: tuple[tuple[str, str, str], ...] = ()


def python_rules(packs: Iterable[str] | None = None) -> tuple[PythonRule, ...]:
    """The rules in Python by name: those of no law, and of these packs; None for all. Only these are imported."""
    wanted = None if packs is None else {LOGIC, *packs}
    return tuple(_python_rule(name) for name, pack in _modules().items() if wanted is None or pack in wanted)


@cache
def _modules() -> Mapping[str, str]:
    """The modules of rules, with their packs. Those that the index does not have are imported to ask them."""
    known = _index().get("python", {})
    return {name: known.get(name) or _pack(name) for name in _names()}


class Standing(NamedTuple):
    """What settings and suppressions have to know of a rule."""

    pack: str
    suppressible: bool


@cache
def standings() -> Mapping[str, Standing]:
    """The standing of every rule that comes with policyspec, by name. None of them is imported for that."""
    if not compiled.is_current():
        return {name: Standing(rule.pack, rule.suppressible) for name, rule in known_rules().items()}
    firm = _index()["firm"]
    packs = {rule.name: rule.pack for rule in (NOT_ASSESSED_RULE, RULE_FAILED_RULE)}
    packs |= {_full_name(name, pack): pack for name, pack in _modules().items()} | _index()["library"]
    return {name: Standing(packs[name], name not in firm) for name in sorted(packs)}


@cache
def _index() -> Any:
    return json.loads(INDEX.read_text("utf-8"))


def index() -> str:
    """The text that `rules.json` should have: the pack of each module, so that a start imports those it needs; the pack
    of each rule in the library; and which rules allow no suppression.
    """
    patterns = {each.rule.name: each.rule.pack for module in library.names() for each in library_rules(module)}
    firm = sorted(name for name, rule in known_rules().items() if not rule.suppressible)
    found = {"python": {name: _pack(name) for name in _names()}, "library": patterns, "firm": firm}
    return json.dumps(found, indent=0) + "\n"


def _full_name(name: str, pack: str) -> str:
    return name if pack == LOGIC else f"{pack}.{name}"


def _names() -> list[str]:
    return sorted(each.name for each in pkgutil.iter_modules(package.__path__))


def _pack(name: str) -> str:
    pack: str = getattr(_module(name), "PACK", LOGIC)
    return pack


def _module(name: str) -> ModuleType:
    return import_module(f"{package.__name__}.{name}")


@cache
def _python_rule(name: str) -> PythonRule:
    module = _module(name)
    summary, _, rest = (module.__doc__ or "").strip().partition("\n")
    pack = getattr(module, "PACK", LOGIC)
    # What is between examples, and for each its heading and its text.
    parts = _EXAMPLE.split(f"{rest}\n")
    examples = [(word, _outdented(text)) for word, text in zip(parts[1::3], parts[2::3], strict=True)]
    rule = Rule(
        _full_name(name, pack),
        module.LEVEL,
        summary.rstrip("."),
        "".join(parts[::3]).strip(),
        pack,
        tuple(getattr(module, "CITE", ())),
        begun_in_lower_case(getattr(module, "HELP", "")),
        getattr(module, "FIX", "none"),
        getattr(module, "STATUS", None),
        getattr(module, "SINCE", None),
        getattr(module, "UNTIL", None),
        getattr(module, "SUPPRESSIBLE", True),
        tuple(text for word, text in examples if word == "Bad"),
        tuple(text for word, text in examples if word == "Good"),
    )
    return PythonRule(rule, module.check, getattr(module, "ABSENCE", False), getattr(module, "GIVEN", ()))


def _outdented(text: str) -> str:
    return f"\n{text}".replace("\n    ", "\n").strip() + "\n"


@cache
def library_rules(module: str) -> tuple[PatternRule, ...]:
    """The rules of a library module, which are written in the language."""
    return tuple(_pattern_rule(each, module) for each in compiled.rules(module))


def own_rules(resolution: Resolution) -> tuple[PatternRule, ...]:
    """The rules of one of a policy's own files."""
    return tuple(_pattern_rule(each, "") for each in demands(resolution))


def _pattern_rule(demand: Demand, module: str) -> PatternRule:
    fields = demand.fields

    def texts(name: str) -> tuple[str, ...]:
        return tuple(each.strip() for each in fields.get(name, ()) if isinstance(each, str))

    def first(name: str, kind: type[T], default: T) -> T:
        return next((each for each in fields.get(name, ()) if type(each) is kind), default)

    level = first("level", str, "warning")
    titles = [text for text, language in demand.titles if language in (None, "en")]
    titles += [text for text, _ in demand.titles]
    rule = Rule(
        f"{module}.{demand.name}" if module not in ("", CORE) else demand.name,
        Severity(level) if level in [each.value for each in Severity] else Severity.WARNING,
        titles[0] if titles else demand.name.replace("_", " "),
        "\n\n".join(texts("note")),
        LOGIC if module == CORE else module or file_stem(demand.file),
        texts("cite"),
        "\n\n".join(map(begun_in_lower_case, texts("help"))),
        "none",
        first("status", str, "") or None,
        next((each for each in fields.get("since", ()) if isinstance(each, datetime.date)), None),
        next((each for each in fields.get("until", ()) if isinstance(each, datetime.date)), None),
        first("suppressible", bool, True),
        texts("bad"),
        texts("good"),
    )
    return PatternRule(rule, demand.judgements, demand.given)


@cache
def known_rules() -> Mapping[str, Rule]:
    """Every rule that comes with policyspec, by name."""
    found = [NOT_ASSESSED_RULE, RULE_FAILED_RULE, *(each.rule for each in python_rules())]
    found += [each.rule for module in library.names() for each in library_rules(module)]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}
