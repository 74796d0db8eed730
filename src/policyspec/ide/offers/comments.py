"""What to write in a comment that suppresses a finding, from `#` to its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from policyspec.diagnostic import Diagnostic
from policyspec.ide.expected import Expected
from policyspec.ide.offers import snippets
from policyspec.ide.offers.place import FIRST, Completion, Offers, Place, offer, snippet
from policyspec.lint import registry, suppressions
from policyspec.lint.places import places
from policyspec.lint.rule import LOGIC
from policyspec.scope import items
from policyspec.source import Span
from policyspec.syntax import nodes
from policyspec.syntax.parser import Tree

_NAME = r"[^\W\d][\w.]*"
_NAMES = rf"{_NAME}(?:\s*,\s*{_NAME})*"
_ALLOW = re.compile(r"#+[ \t]*policyspec[ \t]*:[ \t]*allow[ \t]+")
_BEGUN = re.compile(r"#+[ \t]*(?P<typed>[\w:]*(?:[ \t]+\w*)?)")
_START = "policyspec: allow"
_LISTED = re.compile(rf"(?P<before>(?:{_NAME}\s*,\s*)*)(?P<typed>[\w.]*)")
_UNTIL = re.compile(rf"{_NAMES}\s+until\s+(?P<typed>[\d-]*)")
_BEHIND = re.compile(rf"{_NAMES}(?P<until>\s+until\s+\S+)?\s+(?P<typed>[a-z]*|-*)")


def offers(place: Place, found: Sequence[Diagnostic]) -> Offers:
    """What may be written in the comment at a place, if it suppresses a finding; `found` is all that is found."""
    tree, offset = place.tree, place.here.offset
    comment = next(each for each in tree.comments if each.start < offset <= each.end)
    mine = [each for each in found if each.path == place.path]
    begin = _ALLOW.match(tree.text, comment.start, offset)
    items = _beginning(tree, comment, offset, mine) if begin is None else _rest(place, comment, begin.end(), mine)
    for number, item in enumerate(items):
        if place.snippets or not item.is_snippet:
            yield offer((FIRST, number), item)._replace(is_one_of_many=bool(item.key))


def typed(here: Expected) -> str:
    """The part of a rule's name that is being typed."""
    match = re.search(r"[\w.]*\Z", here.text[here.word.start : here.offset])
    return match.group() if match else ""


def _beginning(tree: Tree, comment: Span, offset: int, found: Sequence[Diagnostic]) -> Iterator[Completion]:
    """The whole of it, for each rule that finds something here, where no more is written than the beginning of that."""
    match = _BEGUN.fullmatch(tree.text, comment.start, offset)
    if match is None or not _START.startswith(" ".join(match["typed"].split())):
        return
    span = Span(match.start("typed"), offset)
    for rule in _found_at(tree, comment, found):
        yield snippet(f"{_START} {rule}", snippets.allowance(rule), span, _summary(rule))
    yield snippet(f"{_START} …", snippets.allowance(), span, "suppress a finding here")


def _rest(place: Place, comment: Span, start: int, found: Sequence[Diagnostic]) -> Iterator[Completion]:
    tree, offset = place.tree, place.here.offset
    said = tree.text[start:offset]
    if match := _LISTED.fullmatch(said):
        span = Span(offset - len(match["typed"]), _end(tree.text, offset, r"[\w.]*"))
        listed = re.findall(_NAME, match["before"])
        for rule in _rules(tree, place.names.module.imports, _found_at(tree, comment, found)):
            if rule not in listed:
                yield Completion(rule, "value", _summary(rule), rule, span, key=f"rule {rule}")
    elif match := _UNTIL.fullmatch(said):
        span = Span(offset - len(match["typed"]), _end(tree.text, offset, r"[\d-]*"))
        yield snippet(snippets.DATE_FORM, snippets.DATE, span, "the last day")
    elif match := _BEHIND.fullmatch(said):
        span = Span(offset - len(match["typed"]), offset)
        yield snippet("-- …", "-- ${1:reason}", span, "the reason, which is required")
        if not match["until"]:
            body = f"until {snippets.DATE} -- ${{2:reason}}"
            yield snippet("until …", body, span, "the last day on which it holds")


def _end(text: str, offset: int, pattern: str) -> int:
    match = re.compile(pattern).match(text, offset)
    return match.end() if match else offset


def _summary(rule: str) -> str:
    known = registry.known_rules().get(rule)
    return known.summary if known is not None else ""


def _found_at(tree: Tree, comment: Span, found: Sequence[Diagnostic]) -> list[str]:
    """The rules that find something in the item that a comment stands at."""
    those = [each for each in found if each.rule != suppressions.SYNTAX_ERROR]
    covers = _covers(tree, comment) if those else None
    if covers is None:
        return []
    return [*dict.fromkeys(each.rule for each in those if covers.start <= each.span.start < covers.end)]


def _covers(tree: Tree, comment: Span) -> Span | None:
    """What a comment is about; one that does not say enough to be a suppression yet, the item behind it."""
    read = next((each.covers for each in suppressions.read(tree) if each.span == comment), None)
    return read or next((each.own for each in places(tree) if each.span.start >= comment.end), None)


def _rules(tree: Tree, imported: Iterable[str], here: Iterable[str]) -> Iterator[str]:
    """The rules that may be named: those that find something here, one's own, those that are run, the others."""
    known = registry.known_rules()
    own = [item.name.text for _, item in items(tree) if type(item) is nodes.Rule and item.name.text]
    packs = {LOGIC, *imported}
    free = [each for each in known.values() if each.suppressible]
    run = [each.name for each in free if each.pack in packs]
    others = [each.name for each in free if each.pack not in packs]
    yield from dict.fromkeys([*here, *own, *run, *others])
