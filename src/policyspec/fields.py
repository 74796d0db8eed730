"""Fields: which a construct takes, and what their values are, with definitions for names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policyspec.findings import Findings
from policyspec.kinds import Takes, common_fields, fields_of, nouns
from policyspec.names import OUTSIDE, Block
from policyspec.references import Place, References
from policyspec.suggest import closest
from policyspec.syntax import nodes
from policyspec.syntax.nodes import Name

# Fields that are about one term alone, so that what is inside of it does not have them too.
_OWN_ONLY = (
    "alias", "definition", "note", "root", "dpv", "fideslang", "source", "entails", "lets", "told_with", "graded",
)  # fmt: skip
# Fields that only the library's terms have.
_LIBRARY_ONLY = ("root", "entails", "lets", "told_with", "graded")
_UNKNOWN = object()
_FORMS = {
    "text": "a quoted text",
    "strings": "a quoted string",
    "terms": "a name",
    "date": "a date such as 2025-03-04",
    "period": "a period such as `30 days` or `under 14 years`",
    "flag": "`yes` or `no`",
    "word": "a word or a quoted string",
    "kinds": "a kind such as `data`",
    "choice": "a word",
}
# What people call a field that has another name, …
_FIELDS = {
    "email": ("contact",), "mail": ("contact",), "phone": ("contact",), "telephone": ("contact",),
    "description": ("definition", "help", "note"), "meaning": ("definition",), "comment": ("note",),
    "remark": ("note",), "synonym": ("alias",), "synonyms": ("alias",), "aka": ("alias",), "homepage": ("website",),
    "link": ("website", "url"), "dpo": ("data_protection_officer",), "country": ("place",), "severity": ("level",),
    "article": ("cite",), "law": ("cite",), "reference": ("cite",), "company": ("provider",),
    "controller": ("provider",), "published": ("released",), "date": ("effective", "since"),
}  # fmt: skip
# … a clause, …
_CLAUSES = {
    "purpose": "for", "purposes": "for", "basis": "under", "legal_basis": "under", "retention": "keep",
    "retention_period": "keep", "recipient": "to", "recipients": "to", "deadline": "within", "safeguards": "with",
    "exceptions": "unless",
}  # fmt: skip
# … or the title.
_TITLES = ("name", "title", "label")


class Fields:
    """Reads fields against what their construct takes."""

    def __init__(self, found: Findings, references: References, is_library: bool) -> None:
        self._found = found
        self._references = references
        self._is_library = is_library
        self._report = found.report

    def read(self, fields: Iterable[nodes.Field], what: str, of: str, block: Block = OUTSIDE) -> dict[str, Any]:
        """The values of fields by name; `of` is their construct as messages speak of it."""
        known = fields_of(what)
        values: dict[str, Any] = {}
        first: dict[str, nodes.Field] = {}
        for each in fields:
            name = each.name.text
            if name not in known:
                self._unknown(each.name, what, of)
                continue
            if name in _LIBRARY_ONLY and not self._is_library:
                self._report("misplaced_field", each.name.span, f"`{name}:` is for the terms of the library")
                continue
            if name in first:
                message = f"`{name}:` twice: list its values with a comma"
                self._report(
                    "repeated_field", each.name.span, message, related=self._found.first(first[name].name.span)
                )
                continue
            first[name] = each
            value = self._value(each, known[name][0], block)
            if value is not None:
                values[name] = value
            if any(type(each_value) is nodes.Etc for each_value in each.values):
                values["open_fields"] = (*values.get("open_fields", ()), name)
        return values

    def _unknown(self, name: Name, what: str, of: str) -> None:
        own_first = sorted(fields_of(what), key=lambda each: each in common_fields())
        known = [each for each in own_first if self._is_library or each not in _LIBRARY_ONLY]
        guess = next((each for each in _FIELDS.get(name.text, ()) if each in known), None) or closest(name.text, known)
        fixes = (self._found.change(name.span, guess),) if guess else ()
        said = f"{of} has no field `{name.text}`"
        if guess:
            said += f"; did you mean `{guess}`?"
        elif name.text in _TITLES:
            said += ": a title stands in quotation marks in front of the braces"
        elif name.text in _CLAUSES:
            word = _CLAUSES[name.text]
            said += f": say `{word} …` in {'its' if what == 'practice' else 'a'} sentence"
        self._report("unknown_field", name.span, said, help=f"its fields: {', '.join(known)}", fixes=fixes)

    def _value(self, node: nodes.Field, takes: Takes, block: Block) -> Any:
        """A field's value as the model wants it, None if it is not one."""
        values = [value for value in node.values if type(value) is not nodes.Etc]
        if takes.form in ("text", "strings", "terms", "kinds"):
            return self._values(node, values, takes, block)
        if len(node.values) > 1 or not values:
            self._report("invalid_value", node.values[-1].span, f"`{node.name.text}:` takes one value")
            return None
        return self._one(node, values[0], takes)

    def _values(
        self, node: nodes.Field, values: Sequence[nodes.Value], takes: Takes, block: Block
    ) -> tuple[Any, ...] | None:
        found = []
        for value in values:
            if type(value) is Name and takes.form == "terms" and value.text:
                place = Place(takes.kinds, nouns(takes.kinds), f"`{node.name.text}:`", block=block)
                one = self._references.name(value, place) or _UNKNOWN
            else:
                one = self._one(node, value, takes)
            if one is None:
                return None
            found.append(one)
        return tuple(each for each in found if each is not _UNKNOWN)

    def _one(self, node: nodes.Field, value: nodes.Value, takes: Takes) -> Any:
        """One value; None, with a finding, where the field does not take it."""
        form = takes.form
        match value:
            case Name(text=""):
                return None
            case nodes.Title() if form == "text":
                return (value.text, value.language)
            case nodes.Title() if form in ("strings", "word"):
                return value.text
            case nodes.Date() if value.value is None:
                self._report("invalid_value", value.span, "there is no such day")
                return None
            case nodes.Number() | nodes.Date() if form == "strings":
                # As it is written: a number may begin or end with a zero.
                return self._found.written(value.span)
            case Name() if form == "word" or (form == "choice" and value.text in takes.choices):
                return value.text
            case Name() if form == "choice":
                self._not_a_choice(value, takes.choices)
                return None
            case nodes.Kind() if form == "kinds":
                return value.text
            case nodes.Flag() if form == "flag":
                return value.value
            case nodes.Date() if form == "date":
                return value.value
            case nodes.Duration() if form == "period":
                return ("exactly", value.amount, value.unit)
            case nodes.Bound() if form == "period":
                return (value.word, value.duration.amount, value.duration.unit)
        kinds = f": {nouns(takes.kinds)}" if takes.kinds else ""
        self._report("invalid_value", value.span, f"expected {_FORMS[form]}{kinds}")
        return None

    def _not_a_choice(self, value: Name, choices: Sequence[str]) -> None:
        guess = closest(value.text, choices)
        maybe = f"; did you mean `{guess}`?" if guess else ""
        fixes = (self._found.change(value.span, guess),) if guess else ()
        self._report("invalid_value", value.span, f"expected one of {', '.join(choices)}{maybe}", fixes=fixes)


def inherited(outer: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A term's fields, with those that it has from the one around it."""
    found = {name: value for name, value in outer.items() if name not in own and name not in _OWN_ONLY}
    open_fields = (*(name for name in outer.get("open_fields", ()) if name in found), *own.get("open_fields", ()))
    found.pop("open_fields", None)
    return {**found, **own, **({"open_fields": open_fields} if open_fields else {})}
