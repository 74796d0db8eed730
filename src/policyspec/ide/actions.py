"""What an editor offers to do at a place: mend what is found, allow it, declare what is missing, write it otherwise.

None of these makes up a fact: a suppression waits for its reason, and a declaration for what the term is.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from policyspec import fixing, library
from policyspec.diagnostic import Diagnostic, Edit
from policyspec.fixing import Review
from policyspec.ide import ancestry, cursor
from policyspec.ide.cursor import Standing
from policyspec.ide.layout import common, line_end, replaced
from policyspec.ide.rewrites import block_of, organized, rewrites
from policyspec.kinds import CLAUSES, FAMILIES, KINDS, fields_of
from policyspec.lint import registry, suppressions
from policyspec.names import takes_any
from policyspec.scope import CORE
from policyspec.source import Source, Span
from policyspec.syntax import grammar, nodes
from policyspec.syntax.parser import Tree
from policyspec.workspace import Workspace

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll"
ORGANIZE = "source.organizeImports"
EXPLAIN = "policyspec.explainRule"

_UNKNOWN = "unknown_name"
_LINE_END = re.compile(r"\r\n|\r|\n")


class Action(NamedTuple):
    """Something to do, named as a menu has it; `kind` is the protocol's, `found` are the findings that it is about.

    `edits` are by file. Those that take long to find are `pending`: then `resolved` has them. `select` is what is to be
    selected in the file after the edits, for the author to write.
    """

    title: str
    kind: str
    edits: Mapping[str, tuple[Edit, ...]] = {}
    found: tuple[Diagnostic, ...] = ()
    is_preferred: bool = False
    command: str = ""
    arguments: tuple[str, ...] = ()
    pending: Literal["", "fixes", "suppression"] = ""
    select: Span | None = None


def actions(workspace: Workspace, path: str, span: Span, found: Sequence[Diagnostic]) -> tuple[Action, ...]:
    """What can be done at a span of a file. `found` is all that was found in the file."""
    if path.startswith(library.PREFIX):
        return ()
    mine = [each for each in found if each.path == path]
    here = [each for each in mine if each.span.start <= span.end and span.start <= each.span.end]
    return (
        *(action for each in here for action in _fixes(workspace, each)),
        *(action for each in here for action in _declarations(workspace, each)),
        *_fixes_of_rules(mine, here),
        *_of_rules(workspace, here),
        *(Action(each.title, each.kind, {path: each.edits}) for each in rewrites(workspace, path, span.start)),
        *_of_source(workspace, path, mine),
    )


def resolved(workspace: Workspace, path: str, action: Action, review: Review) -> Action:
    """An action of a file with its edits; `review` says what is found in a file."""
    match action.pending:
        case "fixes":
            rule = action.found[0].rule if action.found else ""
            edits = fix_all(workspace, path, review, rule)
            return action._replace(edits={path: edits}, pending="")
        case "suppression":
            edits, select = suppression(workspace, path, action.found)
            return action._replace(edits={path: edits}, select=select, pending="")
    return action


def fix_all(workspace: Workspace, path: str, review: Review, rule: str = "") -> tuple[Edit, ...]:
    """The edits of all safe fixes of what `review` finds in a file, or of those of one rule."""

    def of_rule(workspace: Workspace, path: str) -> Sequence[Diagnostic]:
        return [each if each.rule == rule else replace(each, fixes=()) for each in review(workspace, path)]

    done = fixing.fix(workspace, path, of_rule if rule else review)
    return tuple(_difference(workspace.source(path).text, done.workspace.source(path).text))


def suppression(workspace: Workspace, path: str, found: Sequence[Diagnostic]) -> tuple[tuple[Edit, ...], Span | None]:
    """The comments that allow findings of a file, but for the reason, and the place of the first one's.

    Without a reason they allow nothing. There are no edits where comments allow them already, or none can.
    """
    source = workspace.source(path)
    mark = "-- reason"
    while mark in source.text:
        mark += "_"
    first, *others = suppressions.add(source, workspace.tree(path), found, mark.removeprefix("-- ")).split(mark)
    if not others:
        return (), None
    at = len(f"{first}-- ")
    return tuple(_difference(source.text, "-- ".join([first, *others]))), Span(at, at)


# ── Findings ─────────────────────────────────────────────────────────────────────────────────────


def _fixes(workspace: Workspace, found: Diagnostic) -> Iterator[Action]:
    source = workspace.source(found.path)
    preferred = fixing.applicable(found)
    for each in found.fixes:
        edits = tuple(replace(edit, text=_with_ends(edit.text, source.text)) for edit in each.edits)
        yield Action(_capital(each.title), QUICK_FIX, {found.path: edits}, (found,), each is preferred)


def _fixes_of_rules(mine: Sequence[Diagnostic], here: Sequence[Diagnostic]) -> Iterator[Action]:
    numbers = Counter(each.rule for each in mine if fixing.applicable(each))
    for rule in dict.fromkeys(each.rule for each in here):
        if numbers[rule] > 1:
            those = tuple(each for each in here if each.rule == rule)
            yield Action(f"Fix all `{rule}` in this file", QUICK_FIX, found=those, pending="fixes")


def _of_source(workspace: Workspace, path: str, mine: Sequence[Diagnostic]) -> Iterator[Action]:
    if edits := organized(workspace, path):
        yield Action("Sort the imports", ORGANIZE, {path: edits})
    if any(map(fixing.applicable, mine)):
        yield Action("Apply all safe fixes", FIX_ALL, pending="fixes")


def _of_rules(workspace: Workspace, here: Sequence[Diagnostic]) -> Iterator[Action]:
    """What can be done about a rule's findings: allow them, have them explained."""
    rules = dict.fromkeys(each.rule for each in here if each.pack)
    those = {rule: tuple(each for each in here if each.rule == rule) for rule in rules}
    for rule, found in those.items():
        if _is_suppressible(workspace, rule):
            yield Action(f"Allow `{rule}` here, with a reason", QUICK_FIX, found=found, pending="suppression")
    for rule, found in those.items():
        yield Action(f"Explain `{rule}`", QUICK_FIX, found=found, command=EXPLAIN, arguments=(rule,))


def _is_suppressible(workspace: Workspace, rule: str) -> bool:
    if (known := registry.known_rules().get(rule)) is not None:
        return known.suppressible
    those = [each.path for each in workspace.sources.values() if "suppressible" in each.text]
    own = [each.rule for file in those for each in registry.own_rules(workspace.resolution(file))]
    return all(each.suppressible for each in own if each.name == rule)


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


# ── Declarations ─────────────────────────────────────────────────────────────────────────────────


def _declarations(workspace: Workspace, found: Diagnostic) -> Iterator[Action]:
    """Declarations of a term that is missing, of each kind that may stand there."""
    source, tree = workspace.source(found.path), workspace.tree(found.path)
    name = source.text[slice(*found.span)]
    if found.rule != _UNKNOWN or not _is_name(name):
        return
    kinds = _kinds(workspace, found.path, cursor.standing(tree, found.span.start), found.span)
    for kind in FAMILIES["event"] if takes_any(kinds) else kinds:
        if kind == "policy":
            continue
        written = f'{kind} {name} "{_capital(name.replace("_", " ")).strip()}"'
        edit = _declared(source, tree, kind, written)
        yield Action(f"Declare the {kind} `{name}`", QUICK_FIX, {found.path: (edit,)}, (found,))


def _is_name(text: str) -> bool:
    name = unicodedata.normalize("NFC", text)
    return name.isidentifier() and name not in (*grammar.load().words, *KINDS, CORE)


def _kinds(workspace: Workspace, path: str, chain: Sequence[Standing], span: Span) -> tuple[str, ...]:
    """The kinds of term that a name may be of where it stands."""
    if not chain or type(chain[-1].node) is not nodes.Name or chain[-1].span != span:
        return ()
    around = [each for each in chain[:-1] if type(each.node) is not nodes.Terms]
    match around[-1].node if around else None:
        case nodes.Clause() as clause:
            return CLAUSES[clause.word.text].kinds if clause.word.text in CLAUSES else ()
        case nodes.Lasting() | nodes.Until() | nodes.While() | nodes.Quoted():
            return FAMILIES["event"]
        case nodes.Existence() as named:
            return (named.kind.text,)
        case nodes.Extend() as extended if extended.name.span.shifted(around[-1].base) != span:
            return (extended.kind.text,)
        case nodes.Declaration():
            kinds = (each.node.kind.text for each in around if type(each.node) is nodes.Declaration)
            return tuple(kind for kind in kinds if kind)[:1]
        case nodes.Field() as field:
            return _of_field(around, field)
        case nodes.Statement() as says:
            if any(each.span.shifted(around[-1].base) == span for each in says.actions):
                return ("action",)
            return _taken(workspace, path, says, around[-1].base)
    return ()


def _of_field(around: Sequence[Standing], field: nodes.Field) -> tuple[str, ...]:
    what = block_of(around[-2].node, around) if len(around) > 1 else ""
    takes = fields_of(what).get(field.name.text) if what else None
    return takes[0].kinds if takes is not None and takes[0].form in ("term", "terms") else ()


def _taken(workspace: Workspace, path: str, says: nodes.Statement, base: int) -> tuple[str, ...]:
    """The kinds that the objects of a sentence may be of."""
    references = workspace.resolution(path).references.get(path, {})
    meant = [references.get(each.span.start + base) for each in says.actions]
    takes = [each and (ancestry.field(workspace, path, each.definition, "takes") or ("data",)) for each in meant]
    return () if None in takes else tuple(dict.fromkeys(kind for kinds in takes for kind in kinds or ()))


def _declared(source: Source, tree: Tree, kind: str, written: str) -> Edit:
    """The edit that adds a declaration behind the last one of its kind, else behind the header and the imports."""
    end = line_end(source.text)
    items = [(each.node, each.node.span.shifted(each.start)) for each in tree.items]
    declared = [(node.kind.text, span) for node, span in items if type(node) is nodes.Declaration]
    like = [span.end for other, span in declared if other == kind]
    head = [span.end for node, span in items if type(node) is nodes.Import]
    head += [span.end for other, span in declared if other == "policy"]
    if like or head:
        at, is_alone = _line_behind(source, like[-1] if like else max(head))
        return Edit(Span(at, at), f"{end if like else end * 2}{written}{'' if is_alone else end}")
    line = source.position(items[0][1].start).line if items else 0
    while line and source.line(line - 1).lstrip().startswith("#"):
        line -= 1
    at = source.line_starts[line] + source.text.startswith("\ufeff", source.line_starts[line])
    return Edit(Span(at, at), f"{written}{end}")


def _line_behind(source: Source, offset: int) -> tuple[int, bool]:
    """Where the line of an offset ends, if no more than a comment follows on it, and whether that is so."""
    line = source.position(offset).line
    rest = source.line(line)[source.position(offset).column :]
    is_alone = rest.strip()[:1] in ("", "#")
    return offset + len(rest) * is_alone, is_alone


# ── Edits ────────────────────────────────────────────────────────────────────────────────────────


def _difference(old: str, new: str) -> Iterator[Edit]:
    """The edits from one text to another, by lines, and within these without what is the same at both ends."""
    lines, others = old.split("\n"), new.split("\n")
    starts, other_starts = _starts(lines), _starts(others)
    head = common(lines, others)
    tail = common(lines[head:][::-1], others[head:][::-1])
    # Looking for what is the same between these takes long.
    matcher = difflib.SequenceMatcher(None, lines[head : len(lines) - tail], others[head : len(others) - tail], False)
    for tag, *places in matcher.get_opcodes():
        if tag != "equal":
            start, end, other_start, other_end = (each + head for each in places)
            there = new[other_starts[other_start] : other_starts[other_end]]
            yield from replaced(starts[start], old[starts[start] : starts[end]], there)


def _starts(lines: Sequence[str]) -> list[int]:
    """Where each line begins, and where the text ends."""
    found = [0]
    for line in lines:
        found.append(found[-1] + len(line) + 1)
    found[-1] -= 1
    return found


def _with_ends(text: str, old: str) -> str:
    """A text with line ends as another one has them."""
    return _LINE_END.sub(line_end(old), text)
