"""What is said of terms, fields and modules where they are offered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from policyspec import library, phrasing
from policyspec.kinds import Takes, nouns
from policyspec.scope import Definition

_FORMS = {
    "text": "a text, in one or more languages", "strings": "strings", "term": "a name", "terms": "names",
    "date": "a date", "period": "a period or a limit", "flag": "`yes` or `no`", "word": "a word or a string",
    "kinds": "kinds, such as `data`",
}  # fmt: skip
# Where the entries of other vocabularies are to be found.
_CROSSWALK = ("dpv", "fideslang")


def titles(term: Definition) -> str:
    """A term's titles in all languages, each once."""
    return " · ".join(dict.fromkeys(text for text, _ in term.titles))


def form(takes: Takes) -> str:
    """What a field takes, in words."""
    if takes.form == "terms":
        return nouns(takes.kinds)
    if takes.form == "choice":
        return f"one of {', '.join(takes.choices)}"
    return _FORMS[takes.form]


def term(definition: Definition, fields: Mapping[str, Any], language: str) -> str:
    """A term's title, definition, legal references and counterparts in other vocabularies, as Markdown."""
    title = phrasing.text_in(definition.titles, language)
    others = [text for text in dict.fromkeys(text for text, _ in definition.titles) if text != title]
    heading = f"`{definition.kind} {definition.path}`"
    parts = [f"**{_plain(title)}** {heading}" if title else heading]
    if others:
        parts.append(" · ".join(map(_plain, others)))
    if says := phrasing.text_in(fields.get("definition", ()), language):
        parts.append(_plain(says))
    if note := phrasing.text_in(fields.get("note", ()), language):
        parts.append(f"_{_plain(note)}_")
    if cite := fields.get("cite", ()):
        parts.append(f"Law: {', '.join(map(_plain, cite))}")
    known = [f"{name}: {_linked(each)}" for name in _CROSSWALK for each in fields.get(name, ())]
    if known:
        parts.append("  \n".join(known))
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """A text of a policy, without any meaning that Markdown would give it."""
    return re.sub(r"[\\`*_{}\[\]<>#|~!&]", r"\\\g<0>", " ".join(text.split()))


def _linked(text: str) -> str:
    return f"<{text}>" if re.fullmatch(r"https?://[^\s<>]+", text) else f"`{text.replace('`', '')}`"


@cache
def module_title(name: str) -> str:
    """What a module of the library is about: the first sentence of the comment that it begins with."""
    comment = _comment(name)
    return re.split(r"[.:,](?:\s|$)| \(", comment, maxsplit=1)[0] if ":" not in comment else _of_law(comment)


def _of_law(comment: str) -> str:
    return re.split(r" \(|, |\.(?:\s|$)", comment, maxsplit=1)[0]


@cache
def module_page(name: str) -> str:
    """The comment that a module of the library begins with, as Markdown."""
    return f"`{name}`\n\n{_plain(_comment(name))}"


def _comment(name: str) -> str:
    """The comment at the beginning of a module's first file, up to its first empty line."""
    lines = []
    for line in library.sources(name)[0].text.splitlines():
        if not (said := line.removeprefix("#").strip()) or not line.startswith("#"):
            break
        lines.append(said)
    return " ".join(lines)
