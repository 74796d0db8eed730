"""What an editor shows between the words, where one wants it: what a short or doubtful name means, who acts, titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from policyspec import library
from policyspec.ide import ancestry, cursor, navigation, visible
from policyspec.kinds import CLAUSES
from policyspec.names import Names, takes_any
from policyspec.scope import Definition, Reference, file_stem, items
from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.workspace import Workspace

# The entries of the Data Privacy Vocabulary for data that the law protects specially: what is below a term like one of
# these is sensitive.
_SENSITIVE = frozenset(
    ("https://w3id.org/dpv#SensitivePersonalData", "https://w3id.org/dpv#SpecialCategoryPersonalData")
)


class Options(NamedTuple):
    """Which hints are wanted, and the user's language.

    `resolved`: what an alias means, and a name that others have too. `sensitivity`: the category for which data are
    sensitive. `provider`: who acts where a sentence does not say so. `titles`: the titles of terms.
    """

    resolved: bool = False
    sensitivity: bool = False
    provider: bool = False
    titles: bool = False
    language: str = "en"


class Hint(NamedTuple):
    """A text to be shown at an offset; `before` and `after` say on which side it is set off. `tooltip` is Markdown."""

    offset: int
    label: str
    kind: str
    tooltip: str = ""
    before: bool = False
    after: bool = False


def hints(workspace: Workspace, path: str, span: Span, options: Options) -> tuple[Hint, ...]:
    """The hints in a span of a file, in order."""
    found = [*_of_names(workspace, path, span, options)]
    if options.provider:
        found += _providers(workspace, path, span)
    return tuple(sorted(found, key=lambda each: each.offset))


def _of_names(workspace: Workspace, path: str, span: Span, options: Options) -> Iterator[Hint]:
    if not (options.resolved or options.sensitivity or options.titles):
        return
    references = cursor.resolution_of(workspace, path).references.get(path, {})
    names = visible.names(workspace, path)
    for start in sorted(each for each in references if span.start <= each <= span.end):
        reference = references[start]
        term = cursor.known(reference.definition)
        is_declared = (reference.definition.file, reference.definition.name_span.start) == (path, start)
        end = reference.span.end
        if options.resolved and not is_declared and (meant := _meant(workspace, path, reference, names)):
            yield Hint(end, meant, "type", before=True)
        if options.titles and not is_declared and (title := _title(term, options.language)):
            yield Hint(end, f"“{title}”", "type", before=True)
        if options.sensitivity and term.kind == "data" and (category := _category(workspace, path, term)):
            if category is not term:
                yield Hint(end, category.name, "type", _title(category, options.language), before=True)


def _meant(workspace: Workspace, path: str, reference: Reference, names: Names) -> str:
    """What a name means, if that is not plain from it: it is an alias, or others go by it as well."""
    term, start = reference.definition, reference.span.start
    text = workspace.source(path).text[slice(*reference.span)]
    stem = "" if term.is_library or term.file != path else f"{file_stem(path)}."
    full = f"{stem}{names.path(term)}"
    if any(each.is_alias for each in navigation.parts(text, start, term)):
        return f"= {full}"
    namesakes = {each for scope in names.scopes() for each in scope.named(text, (term.kind,))}
    if len(namesakes) > 1 and full != text:
        return f"= {full}"
    kinds = _any_kinds(workspace, path, start)
    others = {each.kind for scope in names.scopes() for each in scope.named(text, kinds)} if kinds else set()
    return f": {term.kind}" if len(others) > 1 else ""


def _any_kinds(workspace: Workspace, path: str, offset: int) -> tuple[str, ...]:
    """The kinds of term that may stand at a place that takes nearly all; none elsewhere."""
    around = (each.node for each in cursor.standing(workspace.tree(path), offset))
    words = [
        CLAUSES[each.word.text].kinds for each in around if type(each) is nodes.Clause and each.word.text in CLAUSES
    ]
    return words[-1] if words and takes_any(words[-1]) else ()


def _category(workspace: Workspace, path: str, term: Definition) -> Definition | None:
    """The nearest category of sensitive data that a term is of, or is itself."""
    if path.startswith(library.PREFIX):
        return None

    def marked(each: Definition, fields: Mapping[str, Any]) -> Definition | None:
        return each if _SENSITIVE.intersection(fields.get("dpv", ())) else None

    return ancestry.nearest_value(workspace, path, term, marked)


def _title(term: Definition, language: str) -> str:
    """The title in a language, if it says more than the name; one of no language is of all."""
    tags = {tag.casefold() if tag else "": text for text, tag in reversed(term.titles)}
    wanted = language.casefold()
    found = [tags[tag] for tag in (wanted, wanted.partition("-")[0]) if tag in tags]
    found += [text for tag, text in tags.items() if tag.partition("-")[0] == wanted.partition("-")[0] or not tag]
    return found[0] if found and found[0].casefold() != term.name.replace("_", " ").casefold() else ""


def _providers(workspace: Workspace, path: str, span: Span) -> Iterator[Hint]:
    header = workspace.header(path)
    provider = workspace.resolution(path).fields.get(header, {}).get("provider") if header is not None else None
    if not provider:
        return
    label = f"by {', '.join(each.name for each in provider)}"
    for base, item in items(workspace.tree(path)):
        if type(item) is not nodes.Practice or not item.statement.actions[0].text:
            continue
        at = item.statement.actions[0].span.start + base
        if span.start <= at <= span.end and all(each.word.text != "by" for each in item.statement.clauses):
            yield Hint(at, label, "parameter", after=True)
