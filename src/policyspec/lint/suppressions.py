"""Comments that allow a finding at one place: `# policyspec: allow RULE, … [until DATE] -- REASON`.

Such a comment stands at the end of an item's first line, or above the item, and is about all that begins in the item;
in an item's braces it is about a field or another member alone. A section's is about its heading, not about its items.
Nothing is suppressed in silence: a comment that has no effect, or no reason, or cannot be read, is a finding.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from policyspec.diagnostic import Diagnostic, Edit, Fix, Severity, apply_edits
from policyspec.lint.places import Place, at, places
from policyspec.source import Source, Span
from policyspec.suggest import closest
from policyspec.syntax import lexer, nodes
from policyspec.syntax.parser import Tree

WIDTH = 120
SYNTAX_ERROR = "syntax_error"
# How many rules a comment may name, and for how many unknown names a better one is looked for.
_MAX_NAMES = 50
_MAX_GUESSES = 100
# How many suppressions of one place are looked at.
_MAX_AROUND = 100

_NAME = r"[^\W\d][\w.]*"
_BEGIN = re.compile(r"#+[ \t]*policyspec[ \t]*:[ \t]*")
# What is probably meant to begin one.
_LIKE = re.compile(r"#+[ \t]*policyspec[ \t]*(?:[:：]|(?=allow\b))[ \t]*", re.I)
_ALLOW = re.compile(rf"allow\s+(?P<names>{_NAME}(?:\s*,\s*{_NAME})*)(?:\s+until\s+(?P<until>\S+))?\s*")
_REASON = re.compile(r"--+|[—–]")
_FORM = "`# policyspec: allow RULE, … [until DATE] -- REASON`"
# Characters without a width that words of some languages, and emojis, are written with.
_JOINERS = "\u200c\u200d"
_NOWHERE = "this stands at no item: put it at the end of one's first line, or above it"
_SPACE = re.compile(r"[\s\ufeff]*")


class Named(NamedTuple):
    """The name of a rule in a comment."""

    text: str
    span: Span


class Suppression(NamedTuple):
    """A comment that allows findings of some rules, where it stands, and where they begin.

    `until` is the last day. `removal` is what goes when the comment does: its line, where it has one for itself.
    `problem` says why the comment cannot be read; then it allows nothing.
    """

    span: Span
    covers: Span
    removal: Span
    rules: tuple[Named, ...] = ()
    until: datetime.date | None = None
    reason: str = ""
    problem: str = ""

    def names(self, rule: str) -> bool:
        """Whether it names a rule, with its pack or without."""
        return any(_fits(each.text, rule) for each in self.rules)


class Suppressed(NamedTuple):
    """A finding that is allowed, and what allows it."""

    diagnostic: Diagnostic
    suppression: Suppression


class Applied(NamedTuple):
    """The findings that remain, those about suppressions among them, and those that are allowed."""

    kept: tuple[Diagnostic, ...]
    suppressed: tuple[Suppressed, ...]


def _fits(name: str, rule: str) -> bool:
    return name == rule or ("." not in name and name == rule.rpartition(".")[2])


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────


def read(tree: Tree) -> tuple[Suppression, ...]:
    """The suppressions of a text, also those that cannot be read."""
    text, comments = tree.text, tree.comments
    begun = [_LIKE.match(text, *comment) for comment in comments]
    if not any(begun):
        return ()
    found, source = places(tree), Source("", text)
    starts = [each.span.start for each in found]
    read: list[Suppression] = []
    # From the last to the first, for what several comments stand above is behind the last one.
    after = len(text)
    for comment, begin in zip(reversed(comments), reversed(begun), strict=True):
        ahead = _skip(text, comment.end)
        after = after if text.startswith("#", ahead) else ahead
        if begin is None:
            continue
        line = source.position(comment.start).line
        line_start = source.line_starts[line]
        if _skip(text, line_start) >= comment.start:
            number = _above(text, found, starts, after)
            first = line_start + text.startswith("\ufeff", line_start)
            end = source.line_starts[line + 1] if line + 1 < len(source.line_starts) else len(text)
            removal = Span(first, end)
        else:
            before = len(text[line_start : comment.start].rstrip()) + line_start
            number = _on_line(found, starts, line_start, comment.start)
            number = number if number >= 0 else at(found, before - 1)
            removal = Span(before, comment.end)
        covers = found[number].own if number >= 0 else Span(comment.start, comment.start)
        problem = "" if number >= 0 else _NOWHERE
        problem = problem if _BEGIN.fullmatch(begin.group()) else f"expected {_FORM}"
        read.append(_suppression(text[begin.end() : comment.end], begin.end(), comment, covers, removal, problem))
    return tuple(reversed(read))


def _skip(text: str, start: int) -> int:
    """Where white space ends."""
    match = _SPACE.match(text, start)
    return match.end() if match else start


def _above(text: str, found: Sequence[Place], starts: Sequence[int], after: int) -> int:
    """The place that begins where the next word does, or if none does, the innermost around that."""
    number = bisect_left(starts, after)
    if number < len(starts) and starts[number] == after:
        return number
    return -1 if text.startswith("}", after) else at(found, after)


def _on_line(found: Sequence[Place], starts: Sequence[int], start: int, end: int) -> int:
    """The last of the places that begin between two offsets and are not inside of another one of these; -1 for none.

    What is in a section is not inside of it here, so that a comment behind an item is not about what is around that.
    """
    first, last = bisect_left(starts, start), bisect_left(starts, end)
    outermost = -1
    for number in range(first, last):
        place = found[number]
        if outermost < 0 or place.outer < first or found[place.outer].is_section:
            outermost = number
    return outermost


def _suppression(written: str, start: int, span: Span, covers: Span, removal: Span, problem: str) -> Suppression:
    """What is written, from `start` on, in a comment that begins as a suppression does."""
    parted = _REASON.search(written)
    words = written[: parted.start()] if parted else written
    reason = written[parted.end() :].strip() if parted else ""
    match = _ALLOW.fullmatch(words)
    if match is None:
        if re.fullmatch(r"allow\s*", words):
            problem = "name the rules that are allowed, as they stand in the report"
        elif not re.match(r"allow\s", words):
            problem = f"expected {_FORM}"
        else:
            problem = f"expected commas between rules, and then a date after `until`, or `--` and a reason: {_FORM}"
        return Suppression(span, covers, removal, problem=problem)
    first = start + match.start("names")
    rules = {
        (text := unicodedata.normalize("NFC", each.group())): Named(
            text, Span(first + each.start(), first + each.end())
        )
        for each in re.finditer(_NAME, match["names"])
    }
    until, problem = None, problem if len(rules) <= _MAX_NAMES else f"more than {_MAX_NAMES} rules are named"
    if match["until"]:
        until = _date(match["until"])
        if until is None:
            problem = f"`{match['until']}` is no date: write it as `2027-03-01`"
    return Suppression(span, covers, removal, () if problem else tuple(rules.values()), until, reason, problem)


def _date(word: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(word) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word) else None
    except ValueError:
        return None


# ── Applying ────────────────────────────────────────────────────────────────────────────────────────


class _Rules(NamedTuple):
    """What is known of rules, and the day."""

    day: datetime.date | None
    is_known: Callable[[str], bool]
    is_suppressible: Callable[[str], bool]
    names: Sequence[str]
    was_run: Callable[[str, str], bool]

    def named(self, name: str) -> list[str]:
        """The rules that a name in a comment is of."""
        return [each for each in self.names if _fits(name, each)] or [name] * self.is_known(name)

    def is_over(self, each: Suppression) -> bool:
        return bool(self.day and each.until and each.until < self.day)


class _Uses(NamedTuple):
    """By the number of a file's suppression, the names in it that findings go by: ones it may allow, and others."""

    meant: dict[int, set[str]]
    refused: dict[int, set[str]]


def apply(
    suppressions: Mapping[str, Sequence[Suppression]],
    diagnostics: Iterable[Diagnostic],
    *,
    today: datetime.date | None,
    is_known: Callable[[str], bool],
    is_suppressible: Callable[[str], bool],
    names: Iterable[str] = (),
    was_run: Callable[[str, str], bool] = lambda rule, path: True,
) -> Applied:
    """Take out of the findings what the files' suppressions allow, and add what is wrong with these.

    `names` are those of all rules. `was_run` says whether a rule was run on a file: where it was not, nobody can say
    that a suppression of it is unused. Without `today`, no date is over. Syntax errors are allowed by none.
    """
    rules = _Rules(today, is_known, is_suppressible, tuple(names), was_run)
    found = [*diagnostics]
    by_path: dict[str, list[int]] = {}
    for number, each in enumerate(found):
        by_path.setdefault(each.path, []).append(number)
    allowed: dict[int, Suppression] = {}
    own: list[Diagnostic] = []
    guesses: dict[str, str] = {}
    for path, those in suppressions.items():
        uses = _Uses({}, {})
        for number, candidates in _candidates(those, found, by_path.get(path, ())):
            chosen = _choose(found[number].rule, those, candidates, rules, uses)
            if chosen is not None:
                allowed[number] = chosen
        for index, one in enumerate(those):
            own += _review(path, one, uses.meant.get(index, set()), uses.refused.get(index, set()), rules, guesses)
    kept = [each for number, each in enumerate(found) if number not in allowed]
    return Applied((*kept, *own), tuple(Suppressed(found[number], each) for number, each in sorted(allowed.items())))


def _candidates(
    those: Sequence[Suppression], found: Sequence[Diagnostic], numbers: Iterable[int]
) -> Iterator[tuple[int, list[int]]]:
    """For each finding the suppressions around it that name its rule, by number, the innermost first."""
    named: dict[str, list[int]] = {}
    for index, each in enumerate(those):
        for name in {rule.text.rpartition(".")[2] for rule in each.rules}:
            named.setdefault(name, []).append(index)
    about: dict[str, list[int]] = {}
    for number in numbers:
        about.setdefault(found[number].rule.rpartition(".")[2], []).append(number)
    for name in named.keys() & about.keys():
        todo = sorted(named[name], key=lambda index: (those[index].covers.start, -those[index].covers.end, index))
        todo.reverse()
        # What they cover lies side by side or one inside of the other, so those around a finding are a stack.
        stack: list[int] = []
        for number in sorted(about[name], key=lambda number: found[number].span.start):
            start = found[number].span.start
            while todo and those[todo[-1]].covers.start <= start:
                while stack and those[stack[-1]].covers.end <= those[todo[-1]].covers.start:
                    stack.pop()
                stack.append(todo.pop())
            while stack and those[stack[-1]].covers.end <= start:
                stack.pop()
            around = stack[-_MAX_AROUND:]
            yield number, [index for index in reversed(around) if those[index].names(found[number].rule)]


def _choose(
    rule: str, those: Sequence[Suppression], candidates: Sequence[int], rules: _Rules, uses: _Uses
) -> Suppression | None:
    """The suppression of a finding that is in force, if there is one; and which names were of use."""
    is_refused = rule == SYNTAX_ERROR or not rules.is_suppressible(rule)
    in_force = [index for index in candidates if those[index].reason and not rules.is_over(those[index])]
    chosen = in_force[:1] if not is_refused else []
    kept = uses.refused if is_refused else uses.meant
    for index in chosen or candidates:
        kept.setdefault(index, set()).update(each.text for each in those[index].rules if _fits(each.text, rule))
    return those[chosen[0]] if chosen else None


def _review(
    path: str, each: Suppression, meant: set[str], refused: set[str], rules: _Rules, guesses: dict[str, str]
) -> Iterator[Diagnostic]:
    """What is wrong with a suppression."""

    def finding(rule: str, message: str, span: Span, help: str = "", fix: Fix | None = None) -> Diagnostic:
        return Diagnostic(rule, Severity.WARNING, message, path, span, help=help, fixes=(fix,) if fix else ())

    if each.problem:
        yield finding("invalid_suppression", each.problem, each.span)
    unused = []
    for name in each.rules:
        those = rules.named(name.text)
        if not those and name.text not in meant | refused:
            message, guess = _unknown(name.text, rules, guesses)
            fix = Fix(f"change to `{guess}`", (Edit(name.span, guess),)) if guess else None
            yield finding("unknown_suppression", message, name.span, fix=fix)
        elif name.text in refused or (name.text not in meant and not all(map(rules.is_suppressible, those))):
            yield finding("suppression_not_allowed", f"`{name.text}` may not be suppressed", name.span)
        elif name.text not in meant and all(rules.was_run(rule, path) for rule in those):
            unused.append(name)
    if unused:
        shown = ", ".join(f"`{name.text}`" for name in unused)
        yield finding(
            "unused_suppression", f"nothing here is found by {shown}", unused[0].span, fix=_without(each, unused)
        )
    if meant and not each.reason:
        help = "write `--` and the reason behind it; without one it allows nothing"
        yield finding("suppression_without_reason", "a suppression needs a reason", each.span, help)
    if meant and rules.is_over(each):
        yield finding("expired_suppression", f"this suppression ended on {each.until}", each.span)


def _without(each: Suppression, names: Sequence[Named]) -> Fix:
    """The fix that takes names out of a suppression, or all of it if it has no others."""
    rest = [name.text for name in each.rules if name not in names]
    if not rest:
        return Fix("remove the suppression", (Edit(each.removal, ""),), True)
    shown = ", ".join(f"`{name.text}`" for name in names)
    listed = Span(each.rules[0].span.start, each.rules[-1].span.end)
    return Fix(f"leave out {shown}", (Edit(listed, ", ".join(rest)),), True)


def _unknown(name: str, rules: _Rules, guesses: dict[str, str]) -> tuple[str, str]:
    """What is wrong with the name of no rule, and the name that is probably meant, or none."""
    if any(each.startswith(f"{name}.") for each in rules.names):
        return f"`{name}` is a pack: name its rules one by one", ""
    if name not in guesses and len(guesses) < _MAX_GUESSES:
        short = (each.rpartition(".")[2] for each in rules.names)
        guesses[name] = closest(name, [*short, *rules.names]) or ""
    guess = guesses.get(name, "")
    return f"no rule is named `{name}`" + (f"; did you mean `{guess}`?" if guess else ""), guess


# ── Adding ──────────────────────────────────────────────────────────────────────────────────────────


def add(
    source: Source, tree: Tree, diagnostics: Iterable[Diagnostic], reason: str, until: datetime.date | None = None
) -> str:
    """The text with suppressions of these findings, except for those that it has already and for syntax errors.

    They stand at the end of an item's first line, where there is room, or above it. Rules are added to a suppression of
    the item with the same reason and date. Raises ValueError without a reason.
    """
    reason = " ".join("".join(char if char.isprintable() or char in _JOINERS else " " for char in reason).split())
    if not reason:
        raise ValueError("a suppression needs a reason")
    there, those = read(tree), [each for each in diagnostics if each.path == source.path and _is_allowable(each.rule)]
    enough = {
        number
        for number, around in _candidates(there, those, range(len(those)))
        if any(_is_enough(there[index], until) for index in around)
    }
    found = places(tree)
    wanted: dict[int, dict[str, None]] = {}
    for number, each in enumerate(those):
        place = at(found, each.span.start)
        if number not in enough and place >= 0 and _can_have(found[place], each.span.start):
            wanted.setdefault(_on_first_line(source, found, place), {})[each.rule] = None
    by_place: dict[Span, list[Suppression]] = {}
    for suppression in there:
        by_place.setdefault(suppression.covers, []).append(suppression)
    text = _Text(source, tree, found, [each.span.start for each in found], lexer.tokens(tree.text)[0])
    edits = []
    for place, names in wanted.items():
        mine = by_place.get(found[place].own, ())
        edit = _merged(text, mine, [*names], reason, until)
        edits.append(edit or _inserted(text, place, [*names], reason, until))
    return apply_edits(source.text, edits)


class _Text(NamedTuple):
    """A text, and what is in it."""

    source: Source
    tree: Tree
    places: Sequence[Place]
    starts: Sequence[int]
    tokens: Sequence[lexer.Token]

    def line(self, offset: int) -> Span:
        """The line of an offset, without its end."""
        number = self.source.position(offset).line
        start = self.source.line_starts[number]
        return Span(start, start + len(self.source.line(number)))

    def line_end(self) -> str:
        """What ends the first line."""
        starts = self.source.line_starts
        return self.source.text[len(self.source.line(0)) : starts[1]] if len(starts) > 1 else "\n"


def _is_allowable(rule: str) -> bool:
    return rule != SYNTAX_ERROR and re.fullmatch(_NAME, rule) is not None


def _can_have(place: Place, offset: int) -> bool:
    """Whether a suppression of a place would be about what begins at an offset in it."""
    return place.own.start <= offset < place.own.end and type(place.node) is not nodes.Damage


def _on_first_line(source: Source, found: Sequence[Place], number: int) -> int:
    """The place itself, or the outermost around it, but for sections, that begins on the same line."""
    line = source.position(found[number].span.start).line
    while (outer := found[number].outer) >= 0 and not found[outer].is_section:
        if source.position(found[outer].span.start).line != line:
            break
        number = outer
    return number


def _is_enough(there: Suppression, until: datetime.date | None) -> bool:
    """Whether a suppression allows what it names, and as long as is wanted."""
    return bool(there.reason) and (there.until is None or (until is not None and there.until >= until))


def _merged(
    text: _Text, there: Iterable[Suppression], names: list[str], reason: str, until: datetime.date | None
) -> Edit | None:
    """The edit that adds names to one of a place's suppressions, or replaces one of which that leaves nothing."""
    for each in there:
        if not each.rules:
            continue
        rest = [rule.text for rule in each.rules if not any(_fits(rule.text, name) for name in names)]
        comment = _comment([*rest, *names], reason, until)
        room = WIDTH - _columns(text.source.text[text.line(each.span.start).start : each.span.start])
        if (not rest or (each.reason, each.until) == (reason, until)) and _columns(comment) <= room:
            return Edit(each.span, comment)
    return None


def _inserted(text: _Text, number: int, names: list[str], reason: str, until: datetime.date | None) -> Edit:
    """The edit that puts a suppression at the end of the place's first line, or where that cannot be, above it."""
    start = text.places[number].span.start
    line = text.line(start)
    comment = _comment(names, reason, until)
    written = text.source.text[line.start : line.end].rstrip()
    if _is_free(text, number, line) and _columns(f"{written}  {comment}") <= WIDTH:
        return Edit(Span(line.start + len(written), line.end), f"  {comment}")
    before = text.source.text[line.start : start]
    indent = before[: len(before) - len(before.lstrip(" \t"))]
    end = text.line_end()
    lines = _comments(names, reason, until, WIDTH - _columns(indent))
    above = "".join(f"{each}{end}{indent}" for each in lines)
    if _skip(text.source.text, line.start) >= start:
        return Edit(Span(start, start), above)
    return Edit(Span(line.start + len(before.rstrip()), start), f"{end}{indent}{above}")


def _is_free(text: _Text, number: int, line: Span) -> bool:
    """Whether a comment at a line's end would be of the place, and a comment."""
    if _on_line(text.places, text.starts, line.start, line.end) != number:
        return False
    # A line that holds the beginning of its braces, and no more, is broken by the formatter.
    is_last = bisect_left(text.starts, line.end) == number + 1
    if not is_last and text.places[number].span.end > line.end:
        return False
    comment = bisect_left(text.tree.comments, (line.end, 0)) - 1
    if comment >= 0 and text.tree.comments[comment].start >= line.start:
        return False
    last = text.tokens[bisect_left(text.tokens, line.end, key=lambda token: token.start) - 1]
    # Between a field's name and its colon a comment would make it another word.
    return last.end <= line.end and last.type not in ("FIELD", "BROKEN_STRING", "BROKEN_TEXT")


def _comment(names: Iterable[str], reason: str, until: datetime.date | None) -> str:
    return f"# policyspec: allow {', '.join(names)}{f' until {until}' if until else ''} -- {reason}"


def _comments(names: Iterable[str], reason: str, until: datetime.date | None, room: int) -> list[str]:
    """Comments that name these rules, as many in each as there is room for."""
    lines: list[list[str]] = []
    for name in names:
        if not lines or _columns(_comment([*lines[-1], name], reason, until)) > room or len(lines[-1]) == _MAX_NAMES:
            lines.append([])
        lines[-1].append(name)
    return [_comment(each, reason, until) for each in lines]


def _columns(text: str) -> int:
    return len(text) + sum(unicodedata.east_asian_width(char) in "WF" for char in text)
