"""Text → the same text in canonical layout.

`format_tree` keeps the tokens of a text and their order, and every comment at its token: one on a line of its own stays
above what it was above, one behind something stays behind it. Since white space and line ends mean nothing, this keeps
the meaning. The layout is a function of the tokens, the comments and three choices of the author: where a blank line
stands between things, whether a sentence with clauses stands on several lines, and whether a line ends behind a `{`.
The output makes the same choices, or where it breaks what was too long, breaks it in the same way the next time; hence
to format twice is to format once.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise, zip_longest
from typing import NamedTuple

from policyspec.source import Source
from policyspec.syntax import lexer
from policyspec.syntax.lexer import Token
from policyspec.syntax.nodes import (
    Declaration,
    Existence,
    Field,
    Import,
    Judgement,
    Node,
    Practice,
    Prose,
    Question,
    Rule,
    Section,
    Statement,
    Test,
)
from policyspec.syntax.parser import Tree, parse

WIDTH = 120
SENTENCE_WIDTH = 100
_INDENT = 2
_HANG = 4
_FURTHEST_HANG = 40
_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARGIN = re.compile(r"^[\s\ufeff]+")
_SENTENCES = (Practice, Judgement, Question)


class _Word(NamedTuple):
    """A token with the comments at it."""

    type: str
    text: str
    above: tuple[str, ...]  # what stands on lines of its own above it: comments, and "" for blank lines
    behind: str  # the comment that ends its line
    begins_line: bool

    @property
    def comments_above(self) -> list[str]:
        return [line for line in self.above if line]


class _Part(NamedTuple):
    """Words that share a line: those that introduce a list (`only for`, `key:`), and the list."""

    intro: tuple[_Word, ...]
    items: tuple[_Word, ...]

    @property
    def words(self) -> tuple[_Word, ...]:
        return self.intro + self.items


class _Body(NamedTuple):
    opening: _Word
    members: tuple[_Thing, ...]
    closing: _Word


class _Thing(NamedTuple):
    """An item or a member of a body. A sentence has a part for its head and for each clause, all else has one part."""

    type: type[Node]
    parts: tuple[_Part, ...]
    body: _Body | None

    @property
    def head(self) -> list[_Word]:
        return [word for part in self.parts for word in part.words]

    @property
    def first(self) -> _Word:
        return self.parts[0].words[0]

    @property
    def last(self) -> _Word:
        return self.body.closing if self.body else self.parts[-1].words[-1]

    @property
    def words(self) -> list[_Word]:
        if not self.body:
            return self.head
        members = chain.from_iterable(member.words for member in self.body.members)
        return [*self.head, self.body.opening, *members, self.body.closing]


def format_source(source: Source) -> str | None:
    """A text in canonical layout; None for one with syntax errors.

    A formatter that loses something is worse than none, so it is not taken at its word: raises RuntimeError if it does.
    """
    tree = parse(source.text)
    if tree.faults:
        return None
    text = format_tree(tree)
    again = parse(text)
    if again.faults or _content(again) != _content(tree):
        raise RuntimeError(f"formatting {source.path} would lose some of it, so it is left as it was")
    return text


def format_tree(tree: Tree) -> str:
    """The tree's text in canonical layout.

    - What it returns has the same tree but for spans, and the same comments but for white space at their ends.
    - Formatting that again changes nothing.
    - Line ends are those of the first line end outside of strings, and one ends a text that is not empty; strings and
      text blocks are kept as they are, and so is a byte order mark at the start.

    Raises ValueError for a tree with faults: of broken text nobody knows what it says.
    """
    if tree.faults:
        raise ValueError("text with syntax errors has no canonical layout")
    reader = _Reader(tree.text)
    items = [reader.thing(placed.node, placed.start) for placed in tree.items]
    lines = _block(items, reader.words[-1], 0)
    start = _BOM if tree.text.startswith(_BOM) else ""
    return start + "".join(line.rstrip() + reader.line_end for line in lines)


def diff(old: str, new: str, path: str) -> str:
    """What formatting changes, as a patch."""
    import difflib

    # A line ends at a line feed, as for diff and patch, and not wherever `splitlines` ends one.
    before, after = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (old, new))
    lines = difflib.unified_diff(before, after, path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _content(tree: Tree) -> tuple[list[str], list[str]]:
    """The words and the comments of a text: all that formatting may not change."""
    tokens, _ = lexer.tokens(tree.text)
    words = [" ".join(each.text.split()) if each.type == "DURATION" else each.text for each in tokens]
    return words, sorted(tree.text[start:end].rstrip() for start, end in tree.comments)


# ── Reading: text and tree → things ─────────────────────────────────────────────────────────────────────────────────


class _Reader:
    """The words of a text, and what its nodes are made of."""

    def __init__(self, text: str) -> None:
        tokens, _ = lexer.tokens(text)
        self.starts = [token.start for token in tokens]
        ends = [0, *(token.end for token in tokens[:-1])]
        gaps = [text[end:start] for end, start in zip(ends, self.starts, strict=True)]
        self.words = _words(tokens, gaps)
        ended = next((end for gap in [*gaps, text] if (end := _LINE_END.search(gap))), None)
        self.line_end = "\r\n" if ended and ended.group() == "\r\n" else "\n"

    def thing(self, node: Node, base: int) -> _Thing:
        """A node whose spans count from `base`, in words."""
        stop = self._index(base + node.span.end)
        begins = [(self._index(base + begin), self._index(base + list_begin)) for begin, list_begin in _begins(node)]
        body, head_stop = None, stop
        if type(node) in (Declaration, Section, Rule, Test, Practice, Prose):
            braces = (at for at in range(begins[-1][0], stop) if self.words[at].type == "LBRACE")
            if (brace := next(braces, None)) is not None:
                members = tuple(self.thing(member, base + start) for start, member in _members(node))
                body, head_stop = _Body(self.words[brace], members, self.words[stop - 1]), brace
        stops = [begin for begin, _ in begins[1:]] + [head_stop]
        parts = tuple(
            _Part(tuple(self.words[begin:list_begin]), tuple(self.words[list_begin:end]))
            for (begin, list_begin), end in zip(begins, stops, strict=True)
        )
        return _Thing(type(node), parts, body)

    def _index(self, offset: int) -> int:
        """The first word at or behind an offset."""
        return bisect_left(self.starts, offset)


def _words(tokens: Sequence[Token], gaps: Sequence[str]) -> list[_Word]:
    """The tokens with what stands in the gaps before them: white space and comments."""
    lines = [[_MARGIN.sub("", line).rstrip() for line in _LINE_END.split(gap)] for gap in gaps]
    # The first token begins its line, and so does the end, behind which nothing stands.
    lines[0].insert(0, "")
    lines[-1].append("")
    lines.append([""])
    return [
        _Word(token.type, _spelling(token), _without_doubles(before[1:-1]), after[0], len(before) > 1)
        for token, (before, after) in zip(tokens, pairwise(lines), strict=True)
    ]


def _spelling(token: Token) -> str:
    return " ".join(token.text.split()) if token.type == "DURATION" else token.text


def _without_doubles(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines with one blank line for several."""
    return tuple(line for before, line in zip(["#", *lines], lines, strict=False) if line or before)


def _members(node: Node) -> Sequence[tuple[int, Node]]:
    """What is in a node's braces, and the offsets that its spans count from."""
    match node:
        case Section():
            return [*((0, field) for field in node.fields), *node.items]
        case Declaration() | Rule() | Test():
            return [(0, member) for member in node.members]
        case Practice() | Prose():
            return [(0, field) for field in node.fields]
    return ()


def _begins(node: Node) -> list[tuple[int, int]]:
    """Where each part of the node begins, and where the list in it does."""
    start = node.span.start
    match node:
        case Import():
            return [(start, node.modules[0].span.start)]
        case Field():
            return [(start, node.values[0].span.start)]
        case Practice():
            return _sentence_begins(start, node.statement)
        case Question():
            return _sentence_begins(start, node.pattern)
        case Judgement():
            begins = _sentence_begins(start, node.pattern)
            needed = node.needs or (node.existence and (node.existence,))
            return [*begins, (node.pattern.span.end, needed[0].span.start)] if needed else begins
    return [(start, start)]


def _sentence_begins(start: int, pattern: Statement | Existence) -> list[tuple[int, int]]:
    if type(pattern) is not Statement:
        return [(start, pattern.span.start)]
    clauses = [(clause.span.start, (clause.items or clause.periods)[0].span.start) for clause in pattern.clauses]
    return [(start, pattern.objects[0].span.start), *clauses]


# ── One line ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _flat(thing: _Thing) -> str | None:
    """The thing on one line; None where comments, text blocks or the author's line breaks forbid it."""
    head = _flat_words(thing.head, thing.type in _SENTENCES)
    if head is None or thing.body is None:
        return head
    body = None if _is_detached(thing) else _flat_body(thing.body)
    return None if body is None else f"{head} {body}"


def _flat_words(words: Sequence[_Word], keeps_breaks: bool) -> str | None:
    if any(word.behind for word in words[:-1]) or any(_LINE_END.search(word.text) for word in words):
        return None
    if any(word.comments_above or (keeps_breaks and word.begins_line) for word in words[1:]):
        return None
    return _joined(words)


def _flat_body(body: _Body) -> str | None:
    """The braces and what is in them; None also where the author broke the line behind the `{`."""
    members = body.members
    if body.opening.behind or body.closing.comments_above:
        return None
    if not members:
        return "{}"
    if members[0].first.begins_line or any(member.first.above or member.last.behind for member in members):
        return None
    if any(member.last.type == "NUMBER" for member in members[:-1]):
        # `n: 30` and a member `days` are not to become a duration.
        return None
    texts = [text for member in members if (text := _flat(member)) is not None]
    return f"{{ {'  '.join(texts)} }}" if len(texts) == len(members) else None


def _is_detached(thing: _Thing) -> bool:
    """Whether a comment stands between the head and the `{`."""
    return thing.body is not None and bool(thing.head[-1].behind or thing.body.opening.comments_above)


def _joined(words: Sequence[_Word]) -> str:
    return "".join(_space(at, word) + word.text for at, word in enumerate(words))


def _space(at: int, word: _Word) -> str:
    """What stands before the word number `at` of a line."""
    return " " if at and word.type not in ("COMMA", "COLON", "LANGUAGE") else ""


def _first_line(text: str) -> str:
    return _LINE_END.split(text)[0]


def _last_line(text: str) -> str:
    return _LINE_END.split(text)[-1]


def _width(text: str) -> int:
    """Columns on a screen: Chinese characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


# ── Lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _block(things: Sequence[_Thing], closing: _Word, indent: int) -> list[str]:
    """Things one below the other, and the comments before what closes them; no blank line at either end."""
    lines: list[str] = []
    for run in _runs(things, indent):
        for thing in _aligned(run, indent):
            lines += [*_indented(thing.first.above, indent), *_lines(thing, indent)]
    lines += _indented(closing.above, indent)
    return lines[bool(lines and not lines[0]) : len(lines) - bool(lines and not lines[-1])]


def _indented(lines: Iterable[str], indent: int) -> list[str]:
    return [" " * indent + line if line else "" for line in lines]


def _lines(thing: _Thing, indent: int) -> list[str]:
    """A thing's lines, without what stands above it."""
    lines, indent = _head_lines(thing, indent)
    if thing.body:
        lines = _with_body(lines, thing, thing.body, indent)
    comment = thing.last.behind
    if comment and len(lines) > 1 and _stood_on_one_line(thing.words):
        # What was said of the whole line goes to the first of the lines it becomes.
        lines = [f"{lines[0]}  {comment}", *lines[1:-1], lines[-1].removesuffix(f"  {comment}")]
    return lines


def _stood_on_one_line(words: Sequence[_Word]) -> bool:
    return not any(word.begins_line for word in words[1:]) and not any(_LINE_END.search(word.text) for word in words)


def _head_lines(thing: _Thing, indent: int) -> tuple[list[str], int]:
    """What stands before the body, and the indentation that the body's closing brace has."""
    if thing.type in _SENTENCES:
        return _sentence(thing.parts, indent)
    limit = SENTENCE_WIDTH if thing.type is Import else WIDTH - len(" {") * bool(thing.body)
    return _wrapped(thing.parts[0], indent, limit), indent


def _sentence(parts: Sequence[_Part], indent: int) -> tuple[list[str], int]:
    """A sentence on one line, or head and clauses on a line each; and how far its last line is indented."""
    words = [word for part in parts for word in part.words]
    text = _flat_words(words, keeps_breaks=True)
    if text is not None and indent + _width(text) <= SENTENCE_WIDTH:
        return _wrapped(_Part((), tuple(words)), indent, SENTENCE_WIDTH), indent
    head, *clauses = parts
    if clauses and clauses[-1].words[0].type == "NEEDS":
        needs = clauses[-1]
        pattern, _ = _sentence(parts[:-1], indent)
        above = _indented(needs.words[0].comments_above, indent)
        return [*pattern, *above, *_wrapped(needs, indent, SENTENCE_WIDTH)], indent
    lines = _wrapped(head, indent, SENTENCE_WIDTH)
    below = indent + _INDENT
    width = max((_width(_joined(clause.intro)) for clause in clauses), default=0)
    for clause in clauses:
        missing = width - _width(_joined(clause.intro))
        padded = _Part(_padded(clause.intro, len(clause.intro) - 1, missing), clause.items)
        lines += [*_indented(clause.words[0].comments_above, below), *_wrapped(padded, below, SENTENCE_WIDTH)]
    return lines, below if clauses else indent


def _wrapped(part: _Part, indent: int, limit: int) -> list[str]:
    """A part's words on one line, broken at comments, and behind commas and before titles where it is too long.

    What is continued stands below the list's first word, unless that stands too far right.
    """
    intro = _width(_joined(part.intro)) + 1 if part.intro else _HANG
    hang = indent + (intro if intro <= _FURTHEST_HANG else _HANG)
    chunks = _chunks(part.words)
    lines = [_commented(" " * indent + _joined(chunks[0]), chunks[0][-1])]
    for before, chunk in pairwise(chunks):
        text, space, comments = _joined(chunk), _space(1, chunk[0]), chunk[0].comments_above
        fits = _width(_last_line(lines[-1]) + space + _first_line(text)) <= limit
        if before[-1].behind or comments or not fits:
            lines += [*_indented(comments, hang), _commented(" " * hang + text, chunk[-1])]
        else:
            lines[-1] = _commented(lines[-1] + space + text, chunk[-1])
    return lines


def _commented(line: str, last: _Word) -> str:
    """A line and the comment behind its last word."""
    return f"{line.rstrip()}  {last.behind}" if last.behind else line


def _chunks(words: Sequence[_Word]) -> list[list[_Word]]:
    """The words, split wherever a line may be broken."""
    chunks: list[list[_Word]] = [[words[0]]]
    for before, word in pairwise(words):
        between_titles = word.type == "STRING" and before.type in ("NAME", "STRING", "LANGUAGE")
        if before.type == "COMMA" or before.behind or word.comments_above or between_titles:
            chunks.append([])
        chunks[-1].append(word)
    return chunks


def _with_body(head: list[str], thing: _Thing, body: _Body, indent: int) -> list[str]:
    """The body behind its head: on the same line, or a member on each line and the `}` on its own."""
    *lines, last = head
    may_be_flat = not _is_detached(thing) and (thing.type in _SENTENCES or not lines)
    flat = _flat_body(body) if may_be_flat else None
    if flat is not None and _width(_last_line(f"{last} {flat}")) <= WIDTH:
        return [*lines, _commented(f"{last} {flat}", body.closing)]
    if _is_detached(thing):
        lines += [last, *_indented(body.opening.comments_above, indent)]
        last = " " * indent + "{"
    else:
        last += " {"
    members = _block(body.members, body.closing, indent + _INDENT)
    return [*lines, _commented(last, body.opening), *members, _commented(" " * indent + "}", body.closing)]


# ── Columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _runs(things: Sequence[_Thing], indent: int) -> list[list[_Thing]]:
    """The things in groups: those of one sort in consecutive lines, which have their columns aligned."""
    runs: list[list[_Thing]] = []
    for thing in things:
        if runs and not thing.first.above and (sort := _sort(thing, indent)) and sort is _sort(runs[-1][-1], indent):
            runs[-1].append(thing)
        else:
            runs.append([thing])
    return runs


def _sort(thing: _Thing, indent: int) -> type[Node] | None:
    """Fields, questions and children of one line each are aligned with their like, everything else with nothing."""
    if thing.type is Declaration:
        return Declaration if thing.first.type == "NAME" and _fits(thing, indent) else None
    return thing.type if thing.type in (Field, Question) else None


def _fits(thing: _Thing, indent: int) -> bool:
    text = _flat(thing)
    return text is not None and indent + _width(text.rstrip()) <= WIDTH


def _aligned(run: list[_Thing], indent: int) -> list[_Thing]:
    """The run with its columns padded, if that makes no child too long for its line."""
    widths = [[_width(_joined(column)) for column in _columns(thing)] for thing in run]
    widest = [max(column) for column in zip_longest(*widths, fillvalue=0)]
    aligned = [_with_columns(thing, widest) for thing in run]
    return aligned if run[0].type is not Declaration or all(_fits(thing, indent) for thing in aligned) else run


def _columns(thing: _Thing) -> list[Sequence[_Word]]:
    """The columns before the last: `key:` of a field, `allows` of a question, `name` and `is parents` of a child."""
    head = thing.head
    if thing.type is Declaration and head[0].type == "NAME":
        titles = next((at for at, word in enumerate(head) if word.type == "STRING"), len(head))
        return [head[:1], head[1:titles]] if titles > 1 else [head[:1]]
    return [head[:2]] if thing.type is Field else [head[:1]] if thing.type is Question else []


def _with_columns(thing: _Thing, widths: Sequence[int]) -> _Thing:
    part, *clauses = thing.parts
    words, end = part.words, 0
    for column, width in zip(_columns(thing), widths, strict=False):
        end += len(column)
        words = _padded(words, end - 1, width - _width(_joined(column)))
    return thing._replace(parts=(_Part(words[: len(part.intro)], words[len(part.intro) :]), *clauses))


def _padded(words: tuple[_Word, ...], at: int, by: int) -> tuple[_Word, ...]:
    """The words with white space behind one of them."""
    return (*words[:at], words[at]._replace(text=words[at].text + " " * by), *words[at + 1 :])
