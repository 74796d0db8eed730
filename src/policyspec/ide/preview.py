"""A policy as a page that people read: HTML without scripts and without anything from elsewhere.

Practices are said in plain words: several of one action in a table, others in lists, and what the words mean in a
glossary at the end. Every block has the span that it shows (`data-start`, `data-end`, in code points), so that an
editor and the page can follow each other. What is broken spoils its own block alone. All text is escaped.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

from policyspec import library, phrasing
from policyspec.ide import cursor
from policyspec.ide.hover import provider, vocabulary
from policyspec.ide.labels import LABELS, PLURALS
from policyspec.kinds import fields_of
from policyspec.scope import Definition, Reference, file_stem
from policyspec.source import Span
from policyspec.statements import OBJECTS, Statement, judgements, statement
from policyspec.syntax import nodes
from policyspec.vocabulary import Vocabulary
from policyspec.workspace import Workspace

# How much of a text that could not be read is shown, and how deep headings go in HTML.
MOST_LETTERS = 300
DEEPEST = 6
# From how many sentences of one action on there is a table, and how many columns it may have.
ROWS = 2
COLUMNS = 7
# What a table has columns for, in this order; a sentence with other clauses stands in a list.
TABLED = (OBJECTS, "from", "for", "under", "to", "via", "in", "with", "keep")
# The fields of the header that stand on the page, of parties, of rights, and of sentences.
HEADER = (
    "provider", "product", "audience", "released", "effective", "version", "contact", "scope", "place", "url",
    "replaces",
)  # fmt: skip
PARTY = ("place", "address", "contact", "website", "representative", "data_protection_officer", "on_behalf_of")
RIGHT = ("channel", "fallback", "within", "by", "grounds")
REMARKS = ("interest", "refusal", "effort", "hedge", "on_behalf_of", "imposed_by")
# The kinds of term that the glossary has, in this order; of those in SAID only what more than a title is said of.
GLOSSARY = (
    "party", "subject", "data", "right", "permission", "channel", "safeguard", "purpose", "basis", "exception", "event",
    "place", "action",
)  # fmt: skip
SAID = ("subject", "data", "channel", "safeguard", "purpose", "basis", "exception", "event", "place", "action")


class Page(NamedTuple):
    """A page: its title as plain text, the language that it is in, and its blocks as one HTML element."""

    title: str
    language: str
    html: str


@cache
def _labels(language: str) -> Mapping[str, str]:
    return {name: texts[language == "zh"] for name, texts in LABELS.items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Context:
    """What a page is made of. `by` is who acts, and `audience` whose data it is, where a sentence does not say so.

    `faults` is where the text could not be read.
    """

    path: str
    text: str
    language: str
    known: Vocabulary
    references: Mapping[int, Reference]
    by: tuple[Definition, ...]
    audience: tuple[Definition, ...]
    faults: tuple[int, ...]

    @property
    def labels(self) -> Mapping[str, str]:
        return _labels(self.language)

    def definition(self, node: nodes.Declaration, base: int) -> Definition | None:
        """The term that a declaration declares."""
        found = self.references.get(node.name.span.start + base)
        return found.definition if found is not None else None

    def fields(self, term: Definition) -> Mapping[str, Any]:
        return self.known.fields.get(term, {})

    def above(self, term: Definition) -> Sequence[Definition]:
        return self.known.above.get(term, ())


def preview(workspace: Workspace, path: str, language: str) -> Page:
    """The page of a policy or module, in Chinese or else in English; titles are in that language where they can be."""
    language = "zh" if phrasing.is_chinese(language) else "en"
    tree = workspace.tree(path)
    references = cursor.resolution_of(workspace, path).references.get(path, {})
    header = None if path.startswith(library.PREFIX) else workspace.header(path)
    known = vocabulary(workspace, path)
    audience = tuple(known.fields.get(header, {}).get("audience", ())) if header is not None else ()
    by = provider(workspace, path)
    context = _Context(
        path, tree.text, language, known, references, by, audience, tuple(each.span.start for each in tree.faults)
    )
    blocks = [
        _header(context, header),
        *_items(context, tree.items, Span(0, len(tree.text)), 0, 2),
        *_glossary(context, tree.items),
    ]
    if len(blocks) == 1:
        blocks.append(f'<p class="note">{context.labels["empty"]}</p>')
    lang = "zh" if language == "zh" else "en"
    title = _title(header.titles, language)[0] if header is not None else ""
    html = f'<article class="policy" lang="{lang}"{_place("page", Span(0, len(tree.text)))}>\n'
    return Page(title or file_stem(path), language, html + "\n".join(blocks) + "\n</article>\n")


# ── Pieces of HTML ──────────────────────────────────────────────────────────────────────────────────


def _place(name: str, span: Span) -> str:
    """The attributes that say what a block shows."""
    return f' id="{name}-{span.start}" data-start="{span.start}" data-end="{span.end}"'


def _element(tag: str, span: Span, inner: str, name: str = "", css: str = "", attributes: str = "") -> str:
    css = f' class="{css}"' if css else ""
    return f"<{tag}{css}{attributes}{_place(name or tag, span)}>{inner}</{tag}>"


def _title(texts: Iterable[tuple[str, str | None]], language: str) -> tuple[str, str]:
    """A text in a language, or else in another one, and its `lang` attribute in that case."""
    found = list(texts)
    text = phrasing.text_in(found, language)
    tag = next((tag for each, tag in found if each == text), None) or ""
    is_other = tag and tag.casefold().partition("-")[0] != language
    return " ".join(text.split()), f' lang="{escape(tag)}"' if is_other else ""


def _marked(texts: Iterable[tuple[str, str | None]], language: str) -> str:
    text, attribute = _title(texts, language)
    return f"<span{attribute}>{escape(text)}</span>" if attribute else escape(text)


def _name(term: Definition, language: str) -> str:
    return _marked(term.titles, language) if term.titles else escape(phrasing.title(term, language))


def _names(terms: Iterable[Definition], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(_name(each, language) for each in terms)


def _colon(context: _Context) -> str:
    return "：" if context.language == "zh" else ": "


def _several(texts: Sequence[str]) -> str:
    """The content of a cell, of HTML: one text, or a list."""
    if len(texts) < 2:
        return "".join(texts)
    return f"<ul>{''.join(f'<li>{each}</li>' for each in texts)}</ul>"


def _value(context: _Context, form: str, value: Any) -> str:
    """The value of a field, as HTML."""
    language = context.language
    match form:
        case "terms":
            return _names(value, language)
        case "text":
            return _marked(value, language)
        case "strings":
            return "<br>".join(map(escape, value))
        case "date":
            return escape(phrasing.date(value.isoformat(), language)) if isinstance(value, datetime.date) else ""
        case "period":
            return escape(phrasing.length(value, language))
    return escape(str(value))


# ── The header ──────────────────────────────────────────────────────────────────────────────────────


def _header(context: _Context, header: Definition | None) -> str:
    """What the page is, and the facts of the policy's header."""
    if header is None:
        name = escape(file_stem(context.path))
        return f"<header><h1{_place('title', Span(0, 0))}>{context.labels['module']} {name}</h1></header>"
    title = _element("h1", header.name_span, _name(header, context.language), "title")
    fields = context.fields(header)
    takes = fields_of("policy")
    facts = [(name, _value(context, takes[name][0].form, fields[name])) for name in HEADER if fields.get(name)]
    inner = "".join(f"<div><dt>{context.labels[name]}</dt><dd>{value}</dd></div>" for name, value in facts)
    return _element("header", header.span, title + (f"<dl>{inner}</dl>" if inner else ""))


# ── Items ───────────────────────────────────────────────────────────────────────────────────────────


class _Item(NamedTuple):
    """An item, and the offset that its spans count from."""

    node: nodes.Item
    base: int

    @property
    def span(self) -> Span:
        return self.node.span.shifted(self.base)

    @property
    def group(self) -> str:
        """Items of one group that follow each other stand in one block."""
        if isinstance(self.node, nodes.Declaration):
            return self.node.kind.text
        return "sentences" if isinstance(self.node, nodes.Practice) else str(self.span.start)


def _items(context: _Context, placed: Iterable[nodes.Placed], around: Span, base: int, depth: int) -> Iterator[str]:
    """The blocks of the items of a section, or of the file; the file's declarations are in the glossary."""
    found = [_Item(node, base + start) for start, node in placed]
    shown = [each for each in found if not isinstance(each.node, nodes.Import | nodes.Extend)]
    if depth == 2:
        shown = [each for each in shown if not isinstance(each.node, nodes.Declaration)]
    shown = sorted([*shown, *_lost(context, found, around)], key=lambda each: each.span)
    for _, group in groupby(shown, key=lambda each: each.group):
        alike = list(group)
        node, at = alike[0]
        match node:
            case nodes.Section():
                yield _section(context, node, at, depth)
            case nodes.Prose():
                yield _prose(context, node, at)
            case nodes.Practice():
                yield from _sentences(context, alike)
            case nodes.Declaration(kind=kind) if kind.text in GLOSSARY:
                yield from _declared(context, kind.text, alike)
            case nodes.Rule():
                yield _rule(context, node, at)
            case nodes.Test():
                yield _test(context, node, at)
            case nodes.Damage():
                yield _damage(context, node.span.shifted(at), "damage")


def _lost(context: _Context, items: Sequence[_Item], around: Span) -> Iterator[_Item]:
    """Text between items of which nothing came, a line at a time."""
    end = around.start - 1
    starts = [each.span.start for each in items]
    for start in context.faults:
        before = bisect_right(starts, start)
        is_inside = before > 0 and start < items[before - 1].span.end
        if around.start <= start < around.end and start > end and not is_inside:
            line = context.text.find("\n", start)
            end = min(line if line >= 0 else len(context.text), around.end)
            yield _Item(nodes.Damage(Span(start, end)), 0)


def _section(context: _Context, node: nodes.Section, base: int, depth: int) -> str:
    language = context.language
    titles = [(each.text, each.language) for each in node.titles]
    first = node.titles[0].span if node.titles else node.span
    heading = _element(f"h{min(depth, DEEPEST)}", first.shifted(base), _marked(titles, language), "heading")
    fields = [(each.name.text, _written(context, each, base)) for each in node.fields]
    told = [(context.labels[name], text) for name, text in fields if name in ("audience", "product") and text]
    note = (
        f'<p class="note">{"<br>".join(f"{label}{_colon(context)}{text}" for label, text in told)}</p>' if told else ""
    )
    named = [value for each in node.fields if each.name.text == "audience" for value in each.values]
    starts = [each.span.start + base for each in named if isinstance(each, nodes.Name)]
    audience = tuple(context.references[start].definition for start in starts if start in context.references)
    within = replace(context, audience=audience or context.audience)
    inner = "\n".join([heading + note, *_items(within, node.items, node.span.shifted(base), base, depth + 1)])
    return _element("section", node.span.shifted(base), inner)


def _written(context: _Context, field: nodes.Field, base: int) -> str:
    """The values of a field of a section or a sentence, as HTML."""
    titles = [(each.text, each.language) for each in field.values if isinstance(each, nodes.Title)]
    if titles:
        return _marked(titles, context.language)
    named = [each for each in field.values if isinstance(each, nodes.Name)]
    found = [context.references.get(each.span.start + base) for each in named]
    texts = [
        _name(term.definition, context.language) if term is not None else escape(name.text.replace("_", " "))
        for name, term in zip(named, found, strict=True)
    ]
    return ", ".join(texts)


def _prose(context: _Context, node: nodes.Prose, base: int) -> str:
    """Paragraphs and lists of a text block; of Markdown nothing else is read."""
    tag = node.text.language or ("zh" if phrasing.has_chinese(node.text.text) else "en")
    lang = f' lang="{escape(tag)}"' if tag.casefold().partition("-")[0] != context.language else ""
    parts = []
    for part in node.text.text.strip().split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        if lines and all(line[:2] in ("- ", "* ") for line in lines):
            parts.append(f"<ul>{''.join(f'<li>{escape(line[2:])}</li>' for line in lines)}</ul>")
        elif lines:
            parts.append(f"<p>{escape(' '.join(lines))}</p>")
    return _element("div", node.span.shifted(base), "".join(parts), "prose", "prose", lang)


def _damage(context: _Context, span: Span, label: str) -> str:
    """Text that could not be read, as it stands, and why."""
    text = context.text[span.start : span.end].strip()
    cut = text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
    inner = f"<strong>{context.labels[label]}:</strong> <code>{escape(cut)}</code>"
    return _element("p", span, inner, label, "damage", ' role="note"')


def _rule(context: _Context, node: nodes.Rule, base: int) -> str:
    titles = [(each.text, each.language) for each in node.titles] or [(node.name.text, None)]
    lines = []
    for member in node.members:
        if isinstance(member, nodes.Judgement):
            alone = node._replace(members=(member,))
            for each in judgements(alone, base, context.references):
                text = phrasing.judgement(each, context.language)
                lines.append(_element("li", member.span.shifted(base), escape(text), "demand"))
    return _aside(context, "rule", node.span.shifted(base), titles, lines)


def _test(context: _Context, node: nodes.Test, base: int) -> str:
    titles = [(each.text, each.language) for each in node.titles]
    lines = []
    for member in node.members:
        if isinstance(member, nodes.Question):
            says = statement(member.pattern, base, context.references)
            if says is not None:
                verdict = member.verdict.text
                text = phrasing.question(verdict, says, context.language, context.by, member.pattern)
                lines.append(_element("li", member.span.shifted(base), escape(text), "question"))
    return _aside(context, "test", node.span.shifted(base), titles, lines)


def _aside(
    context: _Context, label: str, span: Span, titles: Sequence[tuple[str, str | None]], lines: Sequence[str]
) -> str:
    heading = f"<p><strong>{context.labels[label]}:</strong> {_marked(titles, context.language)}</p>"
    return _element("div", span, heading + (f"<ul>{''.join(lines)}</ul>" if lines else ""), label, "aside")


# ── Sentences ───────────────────────────────────────────────────────────────────────────────────────


class _Sentence(NamedTuple):
    node: nodes.Practice
    base: int
    says: Statement | None

    @property
    def span(self) -> Span:
        return self.node.span.shifted(self.base)

    @property
    def modality(self) -> str:
        return self.node.statement.modality.text if self.node.statement.modality is not None else "practice"

    @property
    def column_names(self) -> set[str]:
        """What a row of a table for it would say."""
        says = self.says
        return {OBJECTS, *says.clauses, *says.periods} - {"by"} if says is not None else set()

    @property
    def row_of(self) -> tuple[Any, ...] | None:
        """The table that it may stand in: those of one action, by one party; None for a sentence that fits in none."""
        says = self.says
        if says is None or self.modality not in ("practice", "may") or not self.column_names <= {*TABLED}:
            return None
        return (says.actions, self.modality, says.clauses.get("by"))


def _sentences(context: _Context, alike: Sequence[_Item]) -> Iterator[str]:
    """Sentences that follow each other: a table where several are of one action, lists of the others between them."""
    found = []
    for node, base in alike:
        assert isinstance(node, nodes.Practice)
        found.append(_Sentence(node, base, statement(node.statement, base, context.references)))
    tables: dict[Any, list[_Sentence]] = {}
    for each in found:
        if each.row_of is not None:
            tables.setdefault(each.row_of, []).append(each)
    listed: list[_Sentence] = []
    done: set[Any] = set()
    for each in found:
        rows = tables.get(each.row_of, [])
        if len(rows) < ROWS or len(_columns(rows)) > COLUMNS:
            listed.append(each)
        elif each.row_of not in done:
            done.add(each.row_of)
            if listed:
                yield _list(context, listed)
                listed = []
            yield _table(context, rows)
    if listed:
        yield _list(context, listed)


def _list(context: _Context, sentences: Sequence[_Sentence]) -> str:
    lines = []
    for each in sentences:
        if each.says is None:
            text = _damage(context, each.node.statement.span.shifted(each.base), "unknown")
        else:
            text = escape(phrasing.statement(each.says, context.language, context.by, each.node.statement))
        remarks = _remarks(context, each)
        more = f'<div class="remarks">{"<br>".join(remarks)}</div>' if remarks else ""
        lines.append(_element("li", each.span, text + more, "sentence", each.modality))
    return _element("ul", Span(sentences[0].span.start, sentences[-1].span.end), "".join(lines), "list", "sentences")


def _remarks(context: _Context, sentence: _Sentence) -> list[str]:
    """What the fields of a sentence add to it, as HTML."""
    found = {each.name.text: _written(context, each, sentence.base) for each in sentence.node.fields}
    between = _colon(context)
    return [f"<em>{context.labels[name]}</em>{between}{found[name]}" for name in REMARKS if found.get(name)]


def _columns(rows: Sequence[_Sentence]) -> list[str]:
    used = set().union(*(each.column_names for each in rows))
    return [name for name in TABLED if name in used]


def _table(context: _Context, rows: Sequence[_Sentence]) -> str:
    """Sentences of one action, a row each."""
    labels, columns = context.labels, _columns(rows)
    remarks = [_remarks(context, each) for each in rows]
    first = rows[0]
    assert first.says is not None
    lead = phrasing.lead(first.says, context.language, context.by, first.node.statement)
    heads = [labels[name] for name in columns] + ([labels["remarks"]] if any(remarks) else [])
    lines = []
    for each, added in zip(rows, remarks, strict=True):
        cells = [_cell(context, each, name) for name in columns] + ([_several(added)] if any(remarks) else [])
        inner = "".join(f"<td>{cell or labels['none']}</td>" for cell in cells)
        lines.append(_element("tr", each.span, inner, "sentence"))
    caption = f"{escape(lead)}{_colon(context).strip()}"
    return _tabled(Span(rows[0].span.start, rows[-1].span.end), caption, heads, lines)


def _tabled(span: Span, caption: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    caption = f"<caption>{caption}</caption>" if caption else ""
    table = f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return _element("div", span, table, "table", "table")


def _cell(context: _Context, sentence: _Sentence, name: str) -> str:
    says = sentence.says
    assert says is not None
    if name == "from" and not says.says("from"):
        return _several([_name(each, context.language) for each in context.audience])
    texts = [escape(text) for text in phrasing.listed(name, says, context.language, sentence.node.statement)]
    if name in says.only and texts:
        texts[0] = f"<em>{context.labels['only']}</em> {texts[0]}"
    necessity = f"<small>({context.labels[says.necessity]})</small>" if says.necessity and name == OBJECTS else ""
    return _several(texts) + (f" {necessity}" if necessity else "")


# ── Declarations ────────────────────────────────────────────────────────────────────────────────────


def _glossary(context: _Context, placed: Iterable[nodes.Placed]) -> Iterator[str]:
    """What the file declares outside of its sections, by kind."""
    by_kind: dict[str, list[_Item]] = {}
    for start, node in placed:
        if isinstance(node, nodes.Declaration):
            by_kind.setdefault(node.kind.text, []).append(_Item(node, start))
    blocks = []
    for kind in GLOSSARY:
        found = list(_declared(context, kind, by_kind.get(kind, [])))
        if found:
            span = by_kind[kind][0].span
            blocks += [_element("h3", span, PLURALS[kind][context.language == "zh"], "glossary"), *found]
    if blocks:
        yield (
            f'<section class="glossary">\n<h2>{context.labels["glossary"]}</h2>\n' + "\n".join(blocks) + "\n</section>"
        )


def _declared(context: _Context, kind: str, alike: Sequence[_Item]) -> Iterator[str]:
    """Terms of one kind that are declared side by side."""
    known = [
        (each, each.node, term)
        for each in alike
        if isinstance(each.node, nodes.Declaration)
        and (term := context.definition(each.node, each.base)) is not None
        and (kind not in SAID or _is_explained(context, each.node, term))
    ]
    if not known:
        return
    span = Span(known[0][0].span.start, known[-1][0].span.end)
    if kind in ("party", "permission"):
        yield _terms_table(context, kind, span, list(_with_children(context, known)))
        return
    entries = [_entry(context, kind, node, each.base, term) for each, node, term in known]
    yield _element("dl", span, "".join(entries), "terms", "terms")


def _is_explained(context: _Context, node: nodes.Declaration, term: Definition) -> bool:
    has_children = any(isinstance(each, nodes.Declaration) for each in node.members)
    fields = context.fields(term)
    return has_children or any(fields.get(name) for name in ("definition", "contact", "age"))


def _with_children(
    context: _Context, known: Iterable[tuple[_Item, nodes.Declaration, Definition]]
) -> Iterator[tuple[Span, Definition]]:
    for each, node, term in known:
        yield each.span, term
        for child in node.members:
            if isinstance(child, nodes.Declaration) and (below := context.definition(child, each.base)) is not None:
                inner = _Item(child, each.base)
                yield from _with_children(context, [(inner, child, below)])


def _terms_table(context: _Context, kind: str, span: Span, terms: Sequence[tuple[Span, Definition]]) -> str:
    """Parties and permissions: a row each, with a column for each field that one of them has."""
    labels, takes = context.labels, fields_of(kind)
    fields = PARTY if kind == "party" else ("gives",)
    columns = [name for name in fields if any(_inherited(context, term, name) for _, term in terms)]
    heads = [labels["name"], labels["role" if kind == "party" else "system"], *(labels[name] for name in columns)]
    rows = []
    for at, term in terms:
        definition = context.fields(term).get("definition", ())
        name = f"<strong>{_name(term, context.language)}</strong>"
        name += f"<br>{_marked(definition, context.language)}" if definition else ""
        above = context.above(term)
        role = (
            _names(above, context.language)
            if kind == "party"
            else ", ".join(f"<code>{escape(each.name)}</code>" for each in above)
        )
        cells = [name, role]
        for column in columns:
            value = _inherited(context, term, column)
            cells.append(_value(context, takes[column][0].form, value) if value else "")
        rows.append(_element("tr", at, "".join(f"<td>{cell or labels['none']}</td>" for cell in cells), "term"))
    return _tabled(span, "", heads, rows)


def _inherited(context: _Context, term: Definition, field: str) -> Any:
    """A field of a term; of a permission, else that of the platform's permission that it is."""
    found = context.fields(term).get(field)
    if found or term.kind != "permission":
        return found
    return next((value for above in context.above(term) if (value := context.fields(above).get(field))), None)


def _entry(context: _Context, kind: str, node: nodes.Declaration, base: int, term: Definition) -> str:
    """A term, what it means, what is said of it, and what is declared in its braces."""
    fields, takes, labels = context.fields(term), fields_of(kind), context.labels
    between = _colon(context)
    lines = []
    if definition := fields.get("definition"):
        lines.append(_marked(definition, context.language))
    for name in (*(RIGHT if kind == "right" else ()), "age", "contact"):
        if name in takes and fields.get(name):
            value = fields[name]
            text = escape(phrasing.length(value, context.language, is_age=True)) if name == "age" else _value(
                context, takes[name][0].form, value)  # fmt: skip
            lines.append(f"<em>{labels[name]}</em>{between}{text}")
    if children := _children(context, node, base):
        label = labels["case"] if kind in ("exception", "event") else labels["covers"]
        lines.append(f"<em>{label}</em>{between}{children}")
    inner = f"<dt>{_name(term, context.language)}</dt>" + "".join(f"<dd>{line}</dd>" for line in lines)
    return _element("div", node.span.shifted(base), inner, "term")


def _children(context: _Context, node: nodes.Declaration, base: int) -> str:
    """The terms in the braces of another, as a list."""
    lines = []
    for child in node.members:
        if isinstance(child, nodes.Declaration):
            term = context.definition(child, base)
            if term is not None:
                inner = _name(term, context.language) + _children(context, child, base)
                lines.append(_element("li", child.span.shifted(base), inner, "term"))
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


# ── How it looks ────────────────────────────────────────────────────────────────────────────────────

# In an editor the page has the editor's colours, elsewhere light ones or dark ones.
CSS = """\
.policy {
  --page: var(--vscode-editor-background, #fff);
  --text: var(--vscode-editor-foreground, #1f2328);
  --muted: var(--vscode-descriptionForeground, #59636e);
  --line: var(--vscode-widget-border, var(--vscode-editorWidget-border, #d1d9e0));
  --head: var(--vscode-editorWidget-background, #f6f8fa);
  --never: var(--vscode-charts-red, #c62828);
  --must: var(--vscode-charts-blue, #0b62c4);
  --may: var(--vscode-charts-green, #2e7d32);
  --should: var(--vscode-charts-purple, #7b4bb7);
  color: var(--text);
  background: var(--page);
  --serif: Georgia, "Noto Serif", "Liberation Serif", serif;
  --sans: system-ui, "Segoe UI", "Helvetica Neue", sans-serif;
  font: 16px/1.6 var(--serif);
  max-width: 62rem;
  margin: 0 auto;
  padding: 1rem 0 4rem;
}
.policy:lang(zh) {
  --serif: "Songti SC", "Noto Serif CJK SC", SimSun, serif;
  --sans: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
@media (prefers-color-scheme: dark) {
  .policy {
    --page: var(--vscode-editor-background, #0d1117);
    --text: var(--vscode-editor-foreground, #e6edf3);
    --muted: var(--vscode-descriptionForeground, #9198a1);
    --line: var(--vscode-widget-border, var(--vscode-editorWidget-border, #3d444d));
    --head: var(--vscode-editorWidget-background, #161b22);
    --never: var(--vscode-charts-red, #ff7b72);
    --must: var(--vscode-charts-blue, #79c0ff);
    --may: var(--vscode-charts-green, #7ee787);
    --should: var(--vscode-charts-purple, #d2a8ff);
  }
}
.policy h1, .policy h2, .policy h3, .policy h4, .policy h5, .policy h6, .policy table, .policy header dl,
.policy .aside, .policy .note, .policy .damage {
  font-family: var(--sans);
}
.policy h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 1rem; }
.policy h2 { font-size: 1.35rem; margin: 2.6rem 0 0.7rem; padding-bottom: 0.25rem; }
.policy h2 { border-bottom: 1px solid var(--line); }
.policy h3 { font-size: 1.1rem; margin: 1.9rem 0 0.5rem; }
.policy h4, .policy h5, .policy h6 { font-size: 1rem; margin: 1.5rem 0 0.4rem; }
.policy p { margin: 0.6rem 0; }
.policy header dl {
  display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; margin: 0; padding: 0.9rem 1.1rem;
  font-size: 0.9rem; background: var(--head); border: 1px solid var(--line); border-radius: 6px;
}
.policy header dl > div { display: contents; }
.policy header dt { color: var(--muted); }
.policy dd { margin: 0; }
.policy ul { margin: 0.5rem 0; padding-left: 1.3rem; }
.policy ul.sentences { list-style: none; padding-left: 0; }
.policy ul.sentences > li { margin: 0.5rem 0; padding: 0.05rem 0 0.05rem 0.9rem; border-left: 3px solid var(--line); }
.policy ul.sentences > li.never { border-color: var(--never); }
.policy ul.sentences > li.must { border-color: var(--must); }
.policy ul.sentences > li.may { border-color: var(--may); }
.policy ul.sentences > li.should { border-color: var(--should); }
.policy .remarks { font-size: 0.9em; color: var(--muted); }
.policy em { font-style: normal; color: var(--muted); }
.policy .table { overflow-x: auto; margin: 0.9rem 0; }
.policy table { border-collapse: collapse; width: 100%; font-size: 0.86rem; line-height: 1.45; }
.policy caption {
  caption-side: top; text-align: left; padding: 0 0 0.35rem;
  font: 1rem/1.6 var(--serif);
}
.policy th, .policy td { border: 1px solid var(--line); padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; }
.policy th { background: var(--head); font-weight: 600; }
.policy td { min-width: 5.5rem; }
.policy td ul { margin: 0; padding-left: 1rem; }
.policy td > small { display: block; color: var(--muted); }
.policy td code { white-space: nowrap; }
.policy .prose:lang(en) { font-family: Georgia, "Noto Serif", "Liberation Serif", serif; }
.policy code { font-size: 0.88em; overflow-wrap: anywhere; }
.policy dl.terms > div { margin: 0.6rem 0; }
.policy dl.terms dt { font-weight: 600; }
.policy dl.terms dd { margin-left: 1.2rem; font-size: 0.94em; }
.policy dl.terms ul { margin: 0.1rem 0; }
.policy .note { color: var(--muted); font-size: 0.88rem; }
.policy .damage { padding: 0.5rem 0.8rem; border: 1px dashed var(--never); border-radius: 4px; font-size: 0.88rem; }
.policy .aside { margin: 1rem 0; padding: 0.3rem 1rem; font-size: 0.88rem; }
.policy .aside { border: 1px solid var(--line); border-radius: 6px; }
@media print { .policy { max-width: none; font-size: 11pt; } .policy tr, .policy li { break-inside: avoid; } }
"""
