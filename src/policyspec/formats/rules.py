"""The pages of rules: as Markdown, in a terminal, and as a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from policyspec.diagnostic import Severity
from policyspec.formats.given import flat
from policyspec.formats.statistics import table
from policyspec.lint.rule import LOGIC, Rule
from policyspec.report import anchor, columns, count, safe

_BOLD, _CYAN = "1", "36"
_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}
_STATUS = {
    "in_force": "in force",
    "phased": "in force in phases",
    "future": "not yet in force, so its findings are info",
    "draft": "a draft, so its findings are info",
}
_LINE_END = re.compile(r"\r\n|\r|\n")


# ── What a page says ─────────────────────────────────────────────────────────────────────────────


def markdown(rule: Rule) -> str:
    """The page of a rule as Markdown, without its name and summary."""
    return "\n\n".join(_parts(rule)) + "\n"


def _parts(rule: Rule) -> Iterator[str]:
    if rule.page.strip():
        yield rule.page.strip()
    if help := rule.help.strip():
        yield f"### What to do\n\n{help[0].upper()}{help[1:]}"
    for word, examples in (("Bad", rule.bad), ("Good", rule.good)):
        if examples:
            yield f"### {word}"
            yield from map(_fenced, examples)
    if rule.cite:
        yield "### Law\n\n" + "\n".join(f"- {each}" for each in rule.cite)
    yield "### To allow it in one place"
    if rule.suppressible:
        yield "At the end of the item's first line, or on the line above it:"
        yield _fenced(f"# policyspec: allow {rule.name} -- the reason why")
    else:
        yield "This rule allows no exceptions."


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}policy\n{text.strip(chr(10))}\n{fence}"


def facts(rule: Rule) -> dict[str, str]:
    """What there is to say of a rule in a word or two."""
    dates = [f"{word} {date.isoformat()}" for word, date in (("since", rule.since), ("until", rule.until)) if date]
    status = [_STATUS.get(rule.status, rule.status)] if rule.status else []
    return {
        "level": rule.level.value,
        "pack": "" if rule.pack == LOGIC else rule.pack,
        "law": "; ".join(rule.cite),
        "status": ", ".join([*status, *dates]),
        "fix": "" if rule.fix == "none" else rule.fix,
    }


# ── All of them on one page ──────────────────────────────────────────────────────────────────────

_PAGE = """\
# Rules

Made from the rules themselves. [The linter](lint.md) says what a finding is, and how rules are turned on and off.
`policyspec explain RULE` shows what stands here of a rule in a terminal.

"""


def rules_page(rules: Iterable[Rule]) -> str:
    """All rules as one page of Markdown, by packs, with a heading for each that `report.anchor` is the anchor of."""
    packs = {pack: [*members] for pack, members in groupby(_listed(rules), lambda rule: rule.pack)}
    total = [f"**{number}**" for number in _numbers([each for members in packs.values() for each in members])]
    rows = [(f"[{pack}](#{anchor(pack)})", _on(pack), *_numbers(members)) for pack, members in packs.items()]
    head = ("pack", "on", "rules", *(level.value for level in Severity))
    sections = (_section(pack, members) for pack, members in packs.items())
    return _PAGE + _markdown_table(head, [*rows, ("**all**", "", *total)]) + "".join(sections)


def _on(pack: str) -> str:
    return "always" if pack == LOGIC else f"`import {pack}`"


def _numbers(rules: Sequence[Rule]) -> list[str]:
    """How many there are, and how many of each level."""
    return [str(len(rules)), *(str(sum(each.level is level for each in rules) or "") for level in Severity)]


def _section(pack: str, rules: Sequence[Rule]) -> str:
    rows = [(f"[{each.name}](#{anchor(each.name)})", each.level.value, _fix(each), each.summary) for each in rules]
    table = _markdown_table(("rule", "level", "fix", "summary"), rows)
    return f"\n## {pack}\n\n{table}" + "".join(f"\n{each}\n" for rule in rules for each in _entry(rule))


def _entry(rule: Rule) -> Iterator[str]:
    """The paragraphs of a rule on the page of all."""
    said = facts(rule)
    yield f"### {rule.name}"
    yield f"**{rule.summary}**"
    yield " · ".join(filter(None, (said["level"], said["status"], said["law"], _fix(rule), _refusal(rule))))
    if page := rule.page.strip():
        yield page
    if help := rule.help.strip():
        yield f"*What to do:* {help[0].upper()}{help[1:]}"
    for word, examples in (("Bad", rule.bad), ("Good", rule.good)):
        for number, text in enumerate(examples):
            yield f"{word}:\n\n{_fenced(text)}" if not number else _fenced(text)


def _refusal(rule: Rule) -> str:
    return "" if rule.suppressible else "cannot be suppressed"


def _markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n" for cells in lines)


# ── In a terminal ────────────────────────────────────────────────────────────────────────────────


def explain(rule: Rule, *, color: bool = False, width: int = 80) -> str:
    """The page of a rule, folded to `width` columns."""
    return "".join(f"{line}\n" for line in _Terminal(color, max(width, 20)).page(rule))


class _Word(NamedTuple):
    """Text that is not broken: pieces with their styles. `is_apart`: a space stands before it."""

    pieces: tuple[tuple[str, str], ...]
    is_apart: bool

    @property
    def columns(self) -> int:
        return sum(columns(text) for text, _ in self.pieces)


class _Terminal(NamedTuple):
    """How a page is shown."""

    color: bool
    width: int

    def page(self, rule: Rule) -> Iterator[str]:
        yield self._paint(safe(rule.name), _BOLD)
        yield from self._folded(rule.summary, "  ")
        yield ""
        said = {label: value for label, value in facts(rule).items() if value}
        margin = max(map(len, said))
        for label, value in said.items():
            style = _COLORS[rule.level] if label == "level" else ""
            yield from self._folded(value, f"  {label:<{margin}}  ", style=style)
        yield ""
        yield from self.markdown(markdown(rule))

    def markdown(self, text: str) -> Iterator[str]:
        """Lines of Markdown: headings, paragraphs, lists, code. What else there may be is shown as it is written."""
        is_first = True
        for block in _blocks(text):
            if not is_first and not block.is_tight:
                yield ""
            is_first = False
            if block.kind == "code":
                yield from (f"    {safe(line)}".rstrip() for line in block.lines)
            elif block.kind == "heading":
                yield from self._folded(" ".join(block.lines), "", style=_BOLD)
            else:
                yield from self._folded(" ".join(block.lines), block.lead)

    def _folded(self, text: str, lead: str, style: str = "") -> Iterator[str]:
        """A text in lines, `lead` before the first, and as much space before the others."""
        room = max(self.width - columns(lead), 10)
        line: list[str] = []
        used = 0
        for word in _words(text, style):
            space = " " if word.is_apart and line else ""
            if line and used + len(space) + word.columns > room:
                yield lead + "".join(line)
                lead, line, used, space = " " * columns(lead), [], 0, ""
            line += [space, *(self._paint(piece, painted) for piece, painted in word.pieces)]
            used += len(space) + word.columns
        if line:
            yield lead + "".join(line)

    def _paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and style else text


# ── Markdown, as far as rules use it ─────────────────────────────────────────────────────────────


class _Block(NamedTuple):
    """Lines of one kind; an item of a list has its sign as its `lead`, and is `tight` if right below another."""

    kind: str
    lines: list[str]
    lead: str = ""
    is_tight: bool = False


_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*)")
_ITEM = re.compile(r"( {0,8})([-*+]|\d{1,9}[.)])\s+(.*)")


def _blocks(text: str) -> Iterator[_Block]:
    lines = iter(_LINE_END.split(text))
    block: _Block | None = None
    for line in lines:
        if fence := _FENCE.match(line):
            if block:
                yield block
            yield _Block("code", [*_until(lines, fence[1])])
            block = None
        elif not line.strip():
            if block and block.kind != "code":
                yield block
                block = None
            elif block:
                block.lines.append("")
        elif block and block.kind == "code" and line.startswith("    "):
            block.lines.append(line[4:])
        elif (block is None or block.kind == "code") and line.startswith("    ") and not _ITEM.match(line):
            block = _Block("code", [line[4:]])
        elif heading := _HEADING.match(line):
            if block:
                yield _trimmed(block)
            yield _Block("heading", [heading[1].rstrip("# ")])
            block = None
        elif item := _ITEM.match(line):
            if block:
                yield _trimmed(block)
            is_tight = block is not None and block.kind == "item"
            block = _Block("item", [item[3]], f"{item[1]}{item[2]} ", is_tight)
        elif block and block.kind != "code":
            block.lines.append(line)
        else:
            if block:
                yield _trimmed(block)
            block = _Block("paragraph", [line])
    if block:
        yield _trimmed(block)


def _trimmed(block: _Block) -> _Block:
    """The block without empty lines at its end."""
    while len(block.lines) > 1 and not block.lines[-1].strip():
        block.lines.pop()
    return block


def _until(lines: Iterator[str], fence: str) -> Iterator[str]:
    for line in lines:
        if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            return
        yield line


# Code, strong text, a link, an address, an escaped character.
_INLINE = re.compile(
    r"(`[^`]+`)|\*\*([^*]+)\*\*|\[([^\[\]]*)\]\(([^()\s]*)\)|<(https?://[^<>\s]+)>|\\([!-/:-@\[-`{-~])"
)
# Between wide characters a line may be broken, but not before what closes, nor behind what opens.
_BREAK = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])(?<![（《「『【〈])"
    r"(?=[\u2e80-\u9fff\uf900-\ufaff])(?![、。》」』】〉])"
)


def _words(text: str, style: str) -> Iterator[_Word]:
    """The words of a line of Markdown."""
    pieces: list[tuple[str, str]] = []
    is_apart = False
    for piece, painted in _styled(text, style):
        for part in re.split(r"(\s+)", piece):
            if not part:
                continue
            if part.isspace():
                if pieces:
                    yield _Word(tuple(pieces), is_apart)
                pieces, is_apart = [], True
                continue
            first, *rest = _BREAK.split(part)
            pieces.append((safe(first), painted))
            for more in rest:
                yield _Word(tuple(pieces), is_apart)
                pieces, is_apart = [(safe(more), painted)], False
    if pieces:
        yield _Word(tuple(pieces), is_apart)


def plain(text: str) -> str:
    """Markdown of a paragraph as plain text on one line."""
    return flat("".join(piece for piece, _ in _styled(text, "")))


def _styled(text: str, style: str) -> Iterator[tuple[str, str]]:
    """The pieces of a line of Markdown with their styles; code keeps its backticks."""
    end = 0
    for found in _INLINE.finditer(text):
        yield text[end : found.start()], style
        code, strong, link, target, address, char = found.groups()
        if code:
            yield code, _CYAN
        elif strong:
            yield strong, _BOLD
        elif link is not None:
            yield f"{link} ({target})" if target and target != link else link, style
        else:
            yield address or char, style
        end = found.end()
    yield text[end:], style


# ── As a list ────────────────────────────────────────────────────────────────────────────────────


def rules_table(rules: Iterable[Rule]) -> str:
    """A line for each rule, below the name of its pack: name, level, fix, summary."""
    listed = _listed(rules)
    rows = [(f"  {safe(each.name)}", each.level.value, _fix(each), safe(each.summary)) for each in listed]
    lines: list[str] = []
    for pack, members in groupby(zip(listed, table(rows), strict=True), lambda member: member[0].pack):
        lines += [safe(pack), *(line for _, line in members), ""]
    return "".join(f"{line}\n" for line in [*lines, count(len(listed), "rule")])


def _listed(rules: Iterable[Rule]) -> list[Rule]:
    """The rules by pack and name, those of no law first."""
    return sorted(rules, key=lambda rule: (rule.pack != LOGIC, rule.pack, rule.name))


def _fix(rule: Rule) -> str:
    return "" if rule.fix == "none" else f"{rule.fix} fix"


def rules_json(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """The same as plain data, by name."""
    return [
        {
            "name": each.name,
            "level": each.level.value,
            "pack": each.pack,
            "cite": list(each.cite),
            "summary": each.summary,
            "fix": each.fix,
        }
        for each in sorted(rules, key=lambda rule: rule.name)
    ]
