"""The library's terms, for browsing: as lines that people read, and as plain data for tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from policyspec.kinds import fields_of
from policyspec.report import columns, count
from policyspec.scope import CORE, Definition, Resolution

_GO_ON = """\
Go on with
  policyspec vocabulary --kind purpose     all terms of a kind, as a tree
  policyspec vocabulary --module cn.pipl   all terms of a module
  policyspec vocabulary --search location  by name, alias, title in any language, or definition
  policyspec vocabulary email              all about one term"""


class Vocabulary(NamedTuple):
    """The terms of some modules, with their fields, and with what is directly above and below each."""

    terms: list[Definition]
    fields: dict[Definition, Mapping[str, Any]]
    above: dict[Definition, list[Definition]]
    below: dict[Definition, list[Definition]]

    def named(self, name: str) -> list[Definition]:
        """The terms that a name means in one module or another: by id, path, last part of it, or alias."""
        name = name.replace(":", ".", 1)
        return [each for each in self.terms if name in self._names(each)]

    def search(self, text: str, terms: Sequence[Definition]) -> list[Definition]:
        """Those terms that have all words of a text; where none has them all, those that have most of them.

        A term has a word that occurs in its name, a title, an alias or its definition.
        """
        words = _words(text)
        texts = [(each, self._text(each)) for each in terms]
        found = {each: sum(word in said for word in words) for each, said in texts}
        most = max(found.values(), default=0)
        return [each for each in terms if found[each] == most] if most or not words else []

    def _text(self, term: Definition) -> str:
        """All that is said of a term, to be searched."""
        fields = self.fields[term]
        texts = (text for text, _ in (*term.titles, *fields.get("definition", ())))
        return " ".join(_words(" ".join((term.qualified, *fields.get("alias", ()), *texts))))

    def ways_up(self, term: Definition) -> Iterator[list[Definition]]:
        """Every way from the terms above this one to a root."""
        for parent in self.above.get(term, ()):
            ways = [*self.ways_up(parent)] or [[]]
            yield from ([parent, *way] for way in ways)

    def _names(self, term: Definition) -> set[str]:
        paths = {term.path, term.name, term.qualified, *self.fields[term].get("alias", ())}
        return paths | {f"{term.kind}.{path}" for path in paths}


def _words(text: str) -> list[str]:
    return text.casefold().replace("_", " ").split()


def gather(resolutions: Sequence[Resolution]) -> Vocabulary:
    """The vocabulary of modules that have been resolved."""
    known = Vocabulary([], {}, {}, {})
    edges = [edge for each in resolutions for edge in each.extensions]
    for each in resolutions:
        known.terms.extend(each.module.definitions)
        known.fields.update(each.fields)
        edges += [(term, parent) for term, parents in each.parents.items() for parent in parents]
    # Of one's own module before what others put it below.
    for term, parent in sorted(edges, key=lambda edge: edge[0].module != edge[1].module):
        known.above.setdefault(term, []).append(parent)
        known.below.setdefault(parent, []).append(term)
    return known


# ── For people ───────────────────────────────────────────────────────────────────────────────────


def overview(terms: Sequence[Definition]) -> list[str]:
    """How many terms there are, by module and by kind, and how to go on."""
    counted = counts(terms)
    modules, kinds = counted["modules"], counted["kinds"]
    used = {name: "always in scope" if name == CORE else f"import {name}" for name in modules}
    return [
        f"{count(len(terms), 'term')} in {count(len(modules), 'module')}:",
        *_table([(f"  {name}", number, used[name]) for name, number in modules.items()]),
        "",
        f"of {count(len(kinds), 'kind')}:",
        *_table([(f"  {kind}", number) for kind, number in kinds.items()]),
        "",
        *_GO_ON.splitlines(),
    ]


def tree(known: Vocabulary, terms: Sequence[Definition]) -> list[str]:
    """A line for each term, indented below the first of the terms above it that is one of them."""
    chosen = set(terms)
    below: dict[Definition | None, list[Definition]] = {}
    for each in terms:
        parent = next((parent for parent in known.above.get(each, ()) if parent in chosen), None)
        below.setdefault(parent, []).append(each)

    def walk(parent: Definition | None, depth: int) -> Iterator[tuple[int, Definition]]:
        for each in below.get(parent, ()):
            yield depth, each
            yield from walk(each, depth + 1)

    return _listing([*walk(None, 0)])


def flat(terms: Sequence[Definition]) -> list[str]:
    """A line for each term."""
    return _listing([(0, each) for each in terms])


def about(known: Vocabulary, term: Definition, width: int) -> list[str]:
    """All that is known of a term, folded to `width` columns."""
    titles = " ".join(f'"{text}"{"@" + language if language else ""}' for text, language in term.titles)
    definitions = [text for text, _ in known.fields[term].get("definition", ())]
    rows = {"module": [term.module], "above": [" › ".join(map(_written, way)) for way in known.ways_up(term)]}
    if below := known.below.get(term):
        rows["below"] = [", ".join(map(_written, below))]
    rows |= {name: [", ".join(values)] for name, values in _fields(known, term).items()}

    lines = [f"{term.kind} {term.qualified}"]
    lines += [f"  {line}" for text in (titles, *definitions) for line in _folded(text, width - 2)]
    margin = max(map(len, rows))
    for label, values in rows.items():
        for value in values:
            for line in _folded(value, width - margin - 4):
                lines.append(f"  {label:<{margin}}  {line}")
                label = ""
    return lines


def _listing(placed: Sequence[tuple[int, Definition]]) -> list[str]:
    """What one writes for each term, at its depth; its kind if there are several; its title."""
    several = len({each.kind for _, each in placed}) > 1
    rows = [("  " * depth + _written(each), *([each.kind] if several else []), _title(each)) for depth, each in placed]
    return [*_table(rows), "", count(len(placed), "term")]


def _written(term: Definition) -> str:
    """The name by which a policy that imports the term's module can mean it."""
    return term.path if term.module == CORE else term.qualified


def _title(term: Definition) -> str:
    titles = {language: text for text, language in term.titles}
    return titles.get("en") or next(iter(titles.values()), "")


def _table(rows: Sequence[Sequence[str | int]]) -> list[str]:
    """Rows in columns, with numbers at the right of theirs."""
    widths = [max(columns(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]


def _padded(cell: str | int, width: int) -> str:
    space = " " * (width - columns(str(cell)))
    return f"{space}{cell}" if isinstance(cell, int) else f"{cell}{space}"


def _folded(text: str, width: int) -> list[str]:
    """A text broken at spaces into lines of `width` columns; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


# ── For tools ────────────────────────────────────────────────────────────────────────────────────


def counts(terms: Iterable[Definition]) -> dict[str, dict[str, int]]:
    """How many terms there are, by module and by kind."""
    modules = Counter(each.module for each in terms)
    kinds = Counter(each.kind for each in terms)
    return {"modules": dict(sorted(modules.items())), "kinds": dict(sorted(kinds.items()))}


def as_json(known: Vocabulary, term: Definition) -> dict[str, Any]:
    """All that is known of a term, as plain data; terms are named by their ids in a compiled policy."""
    return {
        "id": _id(term),
        "kind": term.kind,
        "module": term.module,
        "name": term.path,
        "titles": _texts(term.titles),
        "definition": _texts(known.fields[term].get("definition", ())),
        "parents": [_id(each) for each in known.above.get(term, ())],
        "children": [_id(each) for each in known.below.get(term, ())],
        "fields": _fields(known, term),
    }


def _id(term: Definition) -> str:
    return f"{term.kind}:{term.qualified}"


def _texts(texts: Iterable[tuple[str, str | None]]) -> list[dict[str, str | None]]:
    return [{"text": text, "language": language} for text, language in texts]


def _fields(known: Vocabulary, term: Definition) -> dict[str, list[str]]:
    """The fields of a term but for its definition, their values as one writes them."""
    takes = fields_of(term.kind)
    return {
        name: _values(takes[name][0].form, value)
        for name, value in known.fields[term].items()
        if name not in ("definition", "open_fields")
    }


def _values(form: str, value: Any) -> list[str]:
    match form:
        case "terms":
            return [_written(each) for each in value]
        case "text":
            return [text for text, _ in value]
        case "strings" | "kinds":
            return list(value)
        case "period":
            word, amount, unit = value
            words = "" if word == "exactly" else f"{word.replace('_', ' ')} "
            return [f"{words}{count(amount, unit.replace('_', ' '))}"]
        case "flag":
            return ["yes" if value else "no"]
    return [str(value)]
