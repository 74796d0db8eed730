"""What is known of the place under the pointer, as Markdown: a term, a word, a field, a sentence, a finding.

All that comes from policies and the library is escaped, so that nothing in it is a link, an image, or markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from policyspec import library, phrasing
from policyspec.diagnostic import Diagnostic
from policyspec.ide import cursor, described
from policyspec.kinds import CLAUSES, KINDS, fields_of
from policyspec.library import compiled
from policyspec.lint import registry, suppressions
from policyspec.report import count
from policyspec.scope import CORE, Definition, import_key, items
from policyspec.source import Span
from policyspec.statements import demands, judgements, statement
from policyspec.syntax import nodes
from policyspec.syntax.parser import Tree
from policyspec.vocabulary import Vocabulary, gather
from policyspec.workspace import Workspace

# How much is shown of what may be long: letters of a text, terms below one, ways up from it, demands of a rule.
MOST_LETTERS = 600
MOST_TERMS = 8
MOST_WAYS = 4
MOST_DEMANDS = 6

# What each word of the language says; of clause words, what `CLAUSES` has.
WORDS: Mapping[str, str] = {word: clause.says for word, clause in CLAUSES.items()} | {
    "policy": "what this file is the policy of, and whose it is",
    "party": "who acts or receives: a role, or a company in that role",
    "subject": "whose data it is",
    "data": "a category of data",
    "purpose": "what data are processed for",
    "basis": "a legal basis",
    "exception": "a circumstance in which a demand does not apply",
    "permission": "a permission that a platform asks its user for",
    "safeguard": "a technical or organisational measure",
    "right": "a right of the person",
    "channel": "a way to reach somebody, or a way in which data come",
    "place": "a country or a region",
    "event": "something that happens, on which a duty or a period depends",
    "action": "something that is done: a verb for sentences",
    "import": "brings the names of a module of the library, or of a file, into scope",
    "is": "puts a term below others: what is said of these is said of it",
    "extend": "puts a term of another module below one of this file",
    "section": "a part of the policy, with a title",
    "rule": "says what has to hold of a policy",
    "test": "asks the policy questions whose answers should not change",
    "may": "it may be done, and is permitted",
    "must": "a duty: it is owed",
    "should": "a promise of effort",
    "never": "a prohibition",
    "required": "one must give the data",
    "optional": "one need not give the data",
    "only": "and nothing outside of this list",
    "and": "what stands on both sides holds jointly",
    "or": "a choice between the actions of a duty",
    "etc": "the list goes on, and the policy does not say how",
    "at": "with `least` or `most`: a limit",
    "least": "at least: a lower limit",
    "most": "at most: an upper limit",
    "after": "the period is counted from this event",
    "of": "the period is counted from this event",
    "until": "the period ends with this event or on this day",
    "while": "the period lasts as long as this goes on",
    "forever": "the period has no end",
    "every": "each practice that the pattern matches states what stands after `needs`",
    "needs": "what each practice that the pattern matches states, or what is declared then",
    "no": "there is no practice that the pattern matches; as a value: not so",
    "some": "there is a sentence that the pattern matches, or such a term is declared",
    "yes": "it is so",
    "allows": "some practice or duty covers this act, and nothing forbids it",
    "forbids": "a prohibition covers this act",
    "undeclared": "the policy does not speak of this act",
}
# What is not shown among a term's fields, for it stands elsewhere, or is the library's own affair.
_ELSEWHERE = frozenset({"definition", "cite", "dpv", "fideslang", "root", "graded", "note", "source", "open_fields"})
# The only addresses that become links: entries of the W3C Data Privacy Vocabulary.
_DPV = re.compile(r"https://w3id\.org/dpv[\w/#.-]*")
_ACTIVE = re.compile(r"[\\`*_{}\[\]#|~!@]|://|\$(?=\()|^(?:\d+(?=[.)])|[-+=])|www(?=\.)", re.I)
_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


class Hover(NamedTuple):
    """Markdown, and the span that it speaks of."""

    span: Span
    text: str


def hover(workspace: Workspace, path: str, offset: int, found: Sequence[Diagnostic], language: str) -> Hover | None:
    """What is known of an offset in a file of the workspace or of the library, and the findings there among `found`."""
    at = _at(workspace, path, offset, language)
    findings = [each for each in found if each.path == path and _holds(each.span, offset)]
    if not findings:
        return at
    parts = [_finding(each) for each in sorted(findings, key=lambda each: each.span.end - each.span.start)]
    if at is None:
        return Hover(min((each.span for each in findings), key=lambda span: span.end - span.start), _page(parts))
    return Hover(at.span, _page([at.text, *parts], "\n\n---\n\n"))


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _page(parts: Iterable[str], between: str = "\n\n") -> str:
    return between.join(part for part in parts if part)


# ── Which of these it is ────────────────────────────────────────────────────────────────────────────


def _at(workspace: Workspace, path: str, offset: int, language: str) -> Hover | None:
    tree = workspace.tree(path)
    comment = next((each for each in tree.comments if each.start <= offset < each.end), None)
    if comment is not None:
        return _suppression(tree, comment)
    around = cursor.standing(tree, offset)
    says = _plain_sentence(workspace, path, around, language)
    site = cursor.site(workspace, path, offset)
    if site is not None:
        about = _term(workspace, path, site.definition, language)
        # An action is what a sentence begins with.
        is_begun = site.definition.kind == "action" and says is not None
        return Hover(site.span, _page([says.text, about], "\n\n---\n\n") if is_begun and says else about)
    special = (
        _import(workspace, path, around) or _field(around, offset) or _rule(workspace, path, around, offset, language)
    )
    if special is not None:
        return special
    word = _word(tree, around, offset)
    if word is not None and says is not None:
        return Hover(word.span, _page([word.text, says.text]))
    return word or says


def _inner(around: Sequence[cursor.Standing], *types: type) -> cursor.Standing | None:
    """The innermost of the nodes around a place that is of one of these types."""
    return next((each for each in reversed(around) if type(each.node) in types), None)


def _word(tree: Tree, around: Sequence[cursor.Standing], offset: int) -> Hover | None:
    """The structure word at an offset."""
    if around and type(around[-1].node) in (nodes.Title, nodes.Name) and _is_text(around[-1].node):
        return None
    start = end = offset
    while start and tree.text[start - 1].isalpha():
        start -= 1
    while end < len(tree.text) and tree.text[end].isalpha():
        end += 1
    word = tree.text[start:end]
    # Before a colon any word is a field's name.
    if word not in WORDS or tree.text[end:].lstrip()[:1] == ":":
        return None
    says = "less than this" if word == "under" and _inner(around, nodes.Bound) else WORDS[word]
    takes = f" Takes {CLAUSES[word].noun}." if word in CLAUSES and says is WORDS[word] else ""
    kind = "clause" if word in CLAUSES else "kind" if word in KINDS else "word"
    return Hover(Span(start, end), f"{kind} `{word}`: {says}.{takes}")


def _is_text(node: Any) -> bool:
    return type(node) is nodes.Title or "." in node.text


def _import(workspace: Workspace, path: str, around: Sequence[cursor.Standing]) -> Hover | None:
    """A module that is imported."""
    if (
        len(around) < 2
        or type(around[-2].node) is not nodes.Import
        or type(around[-1].node) not in (nodes.Name, nodes.Title)
    ):
        return None
    written = around[-1].node
    name = import_key(path, written)  # type: ignore[arg-type]
    if type(written) is nodes.Name and name in library.names():
        module, rules = compiled.module(name), len(compiled.rules(name))
        about = f"`module {name}` {escaped(described.module_title(name))}"
    elif name in workspace.sources:
        module, rules = workspace.module(name), sum(1 for _ in demands(workspace.resolution(name)))
        about = f"{code(name)} {escaped(_comment(workspace, name))}".rstrip()
    else:
        return None
    return Hover(around[-1].span, f"{about}\n\n{count(len(module.definitions), 'term')}, {count(rules, 'rule')}")


def _comment(workspace: Workspace, path: str) -> str:
    """The comment that a file begins with, up to the first line that is none."""
    lines = []
    for line in workspace.source(path).text.lstrip("\ufeff").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#").strip())
    return _cut(" ".join(lines))


def _field(around: Sequence[cursor.Standing], offset: int) -> Hover | None:
    """The name of a field."""
    field = _inner(around, nodes.Field)
    if field is None or len(around) < 2:
        return None
    node = field.node
    assert isinstance(node, nodes.Field)
    span = node.name.span.shifted(field.base)
    if not _holds(span, offset):
        return None
    outer = around[around.index(field) - 1].node if around.index(field) else None
    takes = fields_of(_construct(outer, around)).get(node.name.text) if outer is not None else None
    if takes is None:
        return None
    form, description = takes
    return Hover(span, f"field `{node.name.text}`: {prose(description)}.\n\nTakes {described.form(form)}.")


def _construct(node: Any, around: Sequence[cursor.Standing]) -> str:
    """What the fields of a node are listed under: its kind or its construct; a child is of its parent's kind."""
    if type(node) is nodes.Declaration:
        kinds = [each.node.kind.text for each in around if type(each.node) is nodes.Declaration]
        return next((kind for kind in kinds if kind in KINDS), "data")
    names = {nodes.Practice: "practice", nodes.Section: "section", nodes.Prose: "prose", nodes.Rule: "rule"}
    return names.get(type(node), "test")


# ── Terms ───────────────────────────────────────────────────────────────────────────────────────────


def vocabulary(workspace: Workspace, path: str) -> Vocabulary:
    """All terms that a file sees, and what is above and below each."""
    if path.startswith(library.PREFIX):
        return _library_vocabulary(_needed(cursor.module_of(path)))
    return workspace.once("vocabulary", path, lambda: _vocabulary(workspace, path))


def _vocabulary(workspace: Workspace, path: str) -> Vocabulary:
    """The library's, which an edit leaves as it is, with the terms and edges of the policy's own files."""
    own = gather([workspace.resolution(each) for each in workspace.closure(path)])
    known = _library_vocabulary(workspace.library_modules(path))
    above = known.above | {each: [*own.above[each], *known.above.get(each, ())] for each in own.above}
    below = known.below | {each: [*own.below[each], *known.below.get(each, ())] for each in own.below}
    return Vocabulary([*known.terms, *own.terms], {**known.fields, **own.fields}, above, below)


@lru_cache(maxsize=16)
def _library_vocabulary(modules: tuple[str, ...]) -> Vocabulary:
    return gather([compiled.resolution(each) for each in modules])


def _needed(module: str) -> tuple[str, ...]:
    """A module of the library, and those that it imports, directly or through others."""
    found = {CORE: None}
    wanted = [module]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = None
            wanted += [each for each in compiled.module(name).imports if each in library.names()]
    return tuple(found)


def _term(workspace: Workspace, path: str, term: Definition, language: str) -> str:
    known = vocabulary(workspace, path)
    fields = known.fields.get(term, {})
    title = phrasing.text_in(term.titles, language)
    others = [text for text in dict.fromkeys(text for text, _ in term.titles) if text != title]
    heading = f"`{term.kind}` {code(_written(term))}" + (f" **{escaped(title)}**" if title else "")
    parts = [" · ".join([heading, *map(escaped, others)])]
    parts.append(escaped(_cut(phrasing.text_in(fields.get("definition", ()), language))))
    ways = known.ways_up(term)
    lines = [
        " › ".join(code(_written(each)) for each in (term, *way))
        for _, way in zip(range(MOST_WAYS), ways, strict=False)
    ]
    parts.append("  \n".join(lines))
    parts.append("\n".join(f"- {line}" for line in _facts(known, term, fields, language)))
    parts.append(" · ".join(_uses(workspace, path, term, fields)))
    return _page(parts)


def _facts(known: Vocabulary, term: Definition, fields: Mapping[str, Any], language: str) -> Iterator[str]:
    below = known.below.get(term, [])
    if below:
        names = ", ".join(code(_written(each)) for each in below[:MOST_TERMS])
        more = ", …" if len(below) > MOST_TERMS else ""
        yield f"covers {count(_all_below(known, term), 'term')}: {names}{more}"
    if cite := fields.get("cite"):
        yield f"law: {escaped('; '.join(cite))}"
    takes = fields_of(term.kind)
    for name in takes:
        if name in fields and name not in _ELSEWHERE:
            yield f"{code(name)}: {_value(takes[name][0].form, fields[name], language)}"
    for iri in fields.get("dpv", ()):
        yield f"dpv: {_linked(iri)}"
    if keys := fields.get("fideslang"):
        yield f"fideslang: {', '.join(map(code, keys))}"
    if note := fields.get("note"):
        yield f"note: {escaped(_cut(phrasing.text_in(note, language)))}"


def _all_below(known: Vocabulary, term: Definition) -> int:
    found, wanted = set[Definition](), [term]
    while wanted:
        for each in known.below.get(wanted.pop(), ()):
            if each not in found:
                found.add(each)
                wanted.append(each)
    return len(found - {term})


def _uses(workspace: Workspace, path: str, term: Definition, fields: Mapping[str, Any]) -> Iterator[str]:
    """Where a term comes from, and how many sentences name it."""
    yield "declared in this file" if term.file == path else f"declared in {code(term.module)}"
    # A file in which none of its words stands does not name it, and need not be looked at.
    words = {term.name, *fields.get("alias", ())}
    used = sum(
        _named(workspace, file)[term]
        for file, source in workspace.sources.items()
        if any(word in source.text for word in words)
    )
    yield f"in {count(used, 'sentence')}"


def _named(workspace: Workspace, path: str) -> Counter[Definition]:
    """In how many sentences of a file each term is named."""
    return workspace.once("sentences by term", path, lambda: Counter(_pairs(workspace, path)))


def _pairs(workspace: Workspace, path: str) -> Iterator[Definition]:
    references = workspace.resolution(path).references.get(path, {})
    for base, item in items(workspace.tree(path)):
        if type(item) is nodes.Practice:
            starts = (name.span.start + base for name in _names(item.statement))
            yield from {references[start].definition for start in starts if start in references}


def _names(node: nodes.Node) -> Iterator[nodes.Name]:
    for child in cursor.children(node):
        if type(child) is nodes.Name:
            yield child
        else:
            yield from _names(child)


def _written(term: Definition) -> str:
    return term.path if term.module == CORE else term.qualified


def _value(form: str, value: Any, language: str) -> str:
    match form:
        case "terms":
            return ", ".join(code(_written(each)) for each in value)
        case "text":
            return escaped(_cut(phrasing.text_in(value, language)))
        case "strings":
            return escaped(_cut("; ".join(value)))
        case "kinds":
            return ", ".join(map(code, value))
        case "period":
            word, amount, unit = value
            words = "" if word == "exactly" else f"{word.replace('_', ' ')} "
            return f"{words}{count(amount, unit.replace('_', ' '))}"
        case "flag":
            return "yes" if value else "no"
    return escaped(str(value))


# ── Sentences and rules ─────────────────────────────────────────────────────────────────────────────


def _plain_sentence(workspace: Workspace, path: str, around: Sequence[cursor.Standing], language: str) -> Hover | None:
    """What the sentence, the demand or the question around a place says in plain words."""
    outer = _inner(around, nodes.Practice, nodes.Judgement, nodes.Question)
    rule = _inner(around, nodes.Rule)
    if outer is None:
        return None
    references = cursor.resolution_of(workspace, path).references.get(path, {})
    node, span, text = outer.node, outer.span, ""
    if isinstance(node, nodes.Judgement) and rule is not None and isinstance(rule.node, nodes.Rule):
        alone = rule.node._replace(members=(node,))
        text = " ".join(phrasing.judgement(each, language) for each in judgements(alone, rule.base, references))
    elif isinstance(node, nodes.Practice):
        said = _inner(around, nodes.Statement)
        span = said.span if said is not None else node.statement.span.shifted(outer.base)
        says = statement(node.statement, outer.base, references) if said is not None else None
        if says is not None:
            text = phrasing.statement(says, language, provider(workspace, path), node.statement)
    elif isinstance(node, nodes.Question):
        says = statement(node.pattern, outer.base, references)
        if says is not None:
            text = phrasing.question(node.verdict.text, says, language, provider(workspace, path), node.pattern)
    return Hover(span, escaped(_cut(text))) if text else None


def provider(workspace: Workspace, path: str) -> tuple[Definition, ...]:
    """Who acts where a sentence does not say so; nobody in particular in a module, or in a library file."""
    header = None if path.startswith(library.PREFIX) else workspace.header(path)
    if header is None:
        return ()
    found: tuple[Definition, ...] = tuple(workspace.resolution(path).fields.get(header, {}).get("provider", ()))
    return found


def _rule(
    workspace: Workspace, path: str, around: Sequence[cursor.Standing], offset: int, language: str
) -> Hover | None:
    """A rule, at its name: its level, the law behind it, and what it demands."""
    rule = _inner(around, nodes.Rule)
    if rule is None or not isinstance(rule.node, nodes.Rule):
        return None
    node, span = rule.node, rule.node.name.span.shifted(rule.base)
    if not node.name.text or not _holds(span, offset):
        return None
    titles = [(each.text, each.language) for each in node.titles]
    parts = [f"`rule` {code(node.name.text)} **{escaped(phrasing.text_in(titles, language) or node.name.text)}**"]
    references = cursor.resolution_of(workspace, path).references.get(path, {})
    found = [phrasing.judgement(each, language) for each in judgements(node, rule.base, references)]
    parts.append("\n".join(f"- {escaped(text)}" for text in found[:MOST_DEMANDS]))
    if len(found) > MOST_DEMANDS:
        parts.append(f"and {len(found) - MOST_DEMANDS} more")
    fields = {each.name.text: each.values for each in node.members if isinstance(each, nodes.Field)}
    for name in ("level", "cite", "status", "help", "note"):
        texts = [each.text for each in fields.get(name, ()) if isinstance(each, nodes.Title | nodes.Name)]
        if texts:
            parts.append(f"{name}: {prose(_cut(' '.join(texts)))}")
    return Hover(span, _page(parts))


# ── Findings ────────────────────────────────────────────────────────────────────────────────────────


def _finding(found: Diagnostic) -> str:
    cite = f" · {escaped('; '.join(found.cite))}" if found.cite else ""
    parts = [f"**{found.severity.value}** {code(found.rule)}{cite}", prose(_cut(found.message))]
    rule = registry.known_rules().get(found.rule)
    if rule is not None:
        parts.append(f"{prose(rule.summary)}.")
    help = found.help or (rule.help if rule is not None else "")
    if help:
        parts.append(f"help: {prose(_cut(help))}")
    return _page(parts)


def _suppression(tree: Tree, comment: Span) -> Hover | None:
    """A comment that allows findings: which, until when, and why."""
    found = next((each for each in suppressions.read(tree) if each.span == comment), None)
    if found is None:
        return None
    if found.problem:
        return Hover(comment, f"This allows nothing: {prose(found.problem)}.")
    rules = ", ".join(code(each.text) for each in found.rules)
    end = f"until {found.until.isoformat()}, that day included" if found.until else "without an end"
    parts = [f"Allows {rules} here, {end}.", escaped(_cut(found.reason))]
    known = registry.known_rules()
    for each in found.rules:
        rule = known.get(each.text) or next((rule for name, rule in known.items() if _fits(each.text, name)), None)
        if rule is not None:
            parts.append(f"{code(rule.name)}: {prose(rule.summary)}.")
    return Hover(comment, _page(parts))


def _fits(name: str, rule: str) -> bool:
    """Whether a comment's name, which may lack the pack, means a rule."""
    return "." not in name and name == rule.rpartition(".")[2]


# ── Markdown ────────────────────────────────────────────────────────────────────────────────────────


def escaped(text: str) -> str:
    """A text as it stands, in one line, without any meaning that Markdown would give it."""
    return _defused(" ".join(text.split()))


def _defused(text: str) -> str:
    return _ACTIVE.sub(_with_backslash, text).translate(_ENTITIES)


def _with_backslash(match: re.Match[str]) -> str:
    """What means something to Markdown, without that: `1\\.`, `www\\.`, `\\[`."""
    text = match.group()
    return f"{text}\\" if text[0].isalnum() else f"\\{text}"


def code(text: str) -> str:
    """A text as code, in one line, whatever backticks it has."""
    line = " ".join(text.split())
    longest = max(map(len, re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line[:1] == "`" or line[-1:] == "`" else ""
    return f"{fence}{space}{line}{space}{fence}" if line else ""


def prose(text: str) -> str:
    """A text of policyspec's own, in which backticks mark code; the rest of it is escaped."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    return "".join(code(part) if at % 2 else _defused(part) for at, part in enumerate(parts))


def _linked(iri: str) -> str:
    """An entry of the W3C's vocabulary as a link; any other address as code."""
    if not _DPV.fullmatch(iri):
        return code(iri)
    return f"[{escaped(re.split(r'[/#]', iri)[-1])}]({iri})"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rstrip()}…"
