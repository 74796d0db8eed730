"""Terms in the compiled model: one class for each kind, whose fields are those that the kind takes in the language.

A field's `Takes` marker tells the resolver what may be written after `field:`, and its description is what hover,
completion and the reference show.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field

from policyspec.kinds import KindName, Takes


class Model(BaseModel):
    """Base of all: strict, frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)


TermId: TypeAlias = str


class Text(Model):
    """A text in one language."""

    text: str
    language: str | None = Field(None, description="BCP 47 language tag; none where the policy gives none")


class Location(Model):
    """Where an item stands: lines and columns from 1, columns in code points, the end exclusive."""

    path: str = Field(description="relative to the folder of the policy's own file, with `/`")
    start_line: int
    start_column: int
    end_line: int
    end_column: int


class Duration(Model):
    """An amount of time."""

    amount: int = Field(ge=0)
    unit: Literal["minute", "hour", "day", "working_day", "week", "month", "year"]


class Limit(Model):
    """A duration with the side of it that is meant."""

    bound: Literal["exactly", "under", "at_least", "at_most"]
    duration: Duration


# ── Terms ────────────────────────────────────────────────────────────────────────────────────────

Texts: TypeAlias = Annotated[tuple[Text, ...], Takes("text")]
Strings: TypeAlias = Annotated[tuple[str, ...], Takes("strings")]
Day: TypeAlias = Annotated[datetime.date | None, Takes("date")]
Status = Literal["in_force", "phased", "future", "draft"]


class Term(Model):
    """A declared term, in its taxonomy. The fields below `location` are those that every kind takes."""

    id: TermId
    kind: KindName
    name: str = Field(description="its own name, the last part of its path")
    module: str | None = Field(description="the module that declares it; none for the policy's own file")
    is_defined: bool = Field(True, description="no: the policy names it, but the module it points to has no such term")
    parents: tuple[TermId, ...] = Field((), description="the terms directly above it")
    titles: tuple[Text, ...] = ()
    location: Location | None = None
    alias: Strings = Field(
        (), description="other words that the prose uses for it; one that is an identifier resolves to it"
    )
    definition: Texts = Field((), description="what it means, in a sentence")
    note: Texts = Field((), description="a remark for the reader of the file")
    source: Strings = Field((), description="the passage of the prose document that it encodes")
    cite: Strings = Field((), description="the article or standard that it comes from")
    dpv: Strings = Field((), description="IRI of the like term of the W3C Data Privacy Vocabulary")
    fideslang: Strings = Field((), description="key of the like term of the fideslang taxonomy")
    status: Annotated[Status | None, Takes("choice", choices=get_args(Status))] = Field(
        None, description="whether the law behind it is in force"
    )
    since: Day = Field(None, description="the day from which it is in force")
    until: Day = Field(None, description="the day after which it is no longer in force")
    root: Annotated[bool, Takes("flag")] = Field(
        False, description="for the library: a policy's own term of this kind that is below nothing else is below it"
    )

    open_fields: tuple[str, ...] = Field((), description="the fields whose list ends with `etc`")

    def title(self, language: str = "en") -> str:
        """Its title in a language, else in any, else its name."""
        by_language = {text.language: text.text for text in self.titles}
        return by_language.get(language) or next(iter(by_language.values()), self.name)


class Party(Term):
    """Who acts or receives: a role, or a person or company in it."""

    kind: Literal["party"] = "party"
    on_behalf_of: Annotated[tuple[TermId, ...], Takes("terms", kinds=("party",))] = Field(
        (), description="the controller whose instructions it follows"
    )
    contact: Strings = Field((), description="how to reach it: an address, a number, a page")
    address: Texts = Field((), description="its postal address")
    place: Annotated[tuple[TermId, ...], Takes("terms", kinds=("place",))] = Field(
        (), description="where it is established"
    )
    website: Strings = Field((), description="its website or privacy policy")
    representative: Annotated[tuple[TermId, ...], Takes("terms", kinds=("party",))] = Field(
        (), description="its representative (GDPR art. 27, PIPL art. 53)"
    )
    data_protection_officer: Strings = Field((), description="how to reach its data protection officer (GDPR art. 37)")


class Subject(Term):
    """Whose data it is."""

    kind: Literal["subject"] = "subject"
    age: Annotated[Limit | None, Takes("period")] = Field(None, description="the age that makes one such a subject")


class Data(Term):
    """A category of data."""

    kind: Literal["data"] = "data"


class Purpose(Term):
    """What data are processed for."""

    kind: Literal["purpose"] = "purpose"


class Basis(Term):
    """A legal basis for processing."""

    kind: Literal["basis"] = "basis"
    graded: Annotated[bool, Takes("flag")] = Field(False, description="what is below it differs in strength alone")


class ExceptionTerm(Term):
    """A circumstance in which a demand does not apply; one with members is exactly its members."""

    kind: Literal["exception"] = "exception"
    members: tuple[TermId, ...] = Field(
        (), description="the terms declared inside of it; where there are any, it is exactly these"
    )


class Permission(Term):
    """A permission that a platform asks its user for."""

    kind: Literal["permission"] = "permission"
    gives: Annotated[tuple[TermId, ...], Takes("terms", kinds=("data",))] = Field(
        (), description="the data it gives access to"
    )
    level: Annotated[str | None, Takes("word")] = Field(None, description="the platform's protection level")


class Safeguard(Term):
    """A technical or organisational measure."""

    kind: Literal["safeguard"] = "safeguard"


class Right(Term):
    """A right of the data subject."""

    kind: Literal["right"] = "right"
    by: Annotated[tuple[TermId, ...], Takes("terms", kinds=("party",))] = Field((), description="who fulfils it")
    channel: Annotated[tuple[TermId, ...], Takes("terms", kinds=("channel",))] = Field(
        (), description="how it is exercised"
    )
    fallback: Annotated[tuple[TermId, ...], Takes("terms", kinds=("channel", "party"))] = Field(
        (), description="how it is exercised where that fails"
    )
    grounds: Annotated[tuple[TermId, ...], Takes("terms", kinds=("exception", "event", "basis"))] = Field(
        (), description="the cases in which it may be exercised"
    )
    within: Annotated[Limit | None, Takes("period")] = Field(None, description="the time in which it is answered")


class Channel(Term):
    """A way to reach somebody."""

    kind: Literal["channel"] = "channel"
    contact: Strings = Field((), description="its address, number or page")
    needs: Annotated[tuple[TermId, ...], Takes("terms", kinds=("data",))] = Field(
        (), description="the data it cannot work without"
    )


class Place(Term):
    """A country or region."""

    kind: Literal["place"] = "place"
    iso: Strings = Field((), description="ISO 3166-1 alpha-2 code")


class Event(Term):
    """Something that happens, on which a duty or a period depends."""

    kind: Literal["event"] = "event"


class Action(Term):
    """Something that is done."""

    kind: Literal["action"] = "action"
    takes: Annotated[tuple[KindName, ...], Takes("kinds")] = Field((), description="the kinds of what it is done to")
    to: Annotated[tuple[TermId, ...], Takes("terms", kinds=("party",))] = Field(
        (), description="the recipient where a sentence names none"
    )
    entails: Annotated[tuple[TermId, ...], Takes("terms", kinds=("action",))] = Field(
        (), description="what one does as well who does it for a purpose"
    )
    lets: Annotated[tuple[TermId, ...], Takes("terms", kinds=("action",))] = Field(
        (), description="what the recipient does for whose purpose it is done"
    )
    told_with: Annotated[tuple[TermId, ...], Takes("terms", kinds=("action",))] = Field(
        (), description="actions whose sentences say more about it"
    )


class PolicyTerm(Term):
    """The policy itself."""

    kind: Literal["policy"] = "policy"
    provider: Annotated[tuple[TermId, ...], Takes("terms", kinds=("party",))] = Field(
        (), description="whose policy it is: `we`"
    )
    product: Texts = Field((), description="the products and services that it is about")
    audience: Annotated[tuple[TermId, ...], Takes("terms", kinds=("subject", "party"))] = Field(
        (), description="whom it addresses: `you`"
    )
    released: Day = Field(None, description="the day it was published")
    effective: Day = Field(None, description="the day from which it holds")
    version: Strings = Field((), description="its version")
    contact: Strings = Field((), description="where questions about it go")
    scope: Texts = Field((), description="what it applies to, and what not")
    place: Annotated[tuple[TermId, ...], Takes("terms", kinds=("place",))] = Field((), description="where it applies")
    url: Strings = Field((), description="where it is published")
    replaces: Strings = Field((), description="the version before it")
    holds: Annotated[tuple[TermId, ...], Takes("terms", kinds=("event", "exception", "basis"))] = Field(
        (), description="circumstances that are so, for rules that depend on them"
    )
    holds_not: Annotated[tuple[TermId, ...], Takes("terms", kinds=("event", "exception", "basis"))] = Field(
        (), description="circumstances that are not so, for rules that depend on them"
    )


AnyTerm: TypeAlias = Annotated[
    PolicyTerm | Party | Subject | Data | Purpose | Basis | ExceptionTerm | Permission | Safeguard | Right | Channel
    | Place | Event | Action,
    Field(discriminator="kind"),
]  # fmt: skip
TERMS: dict[str, type[Term]] = {
    "policy": PolicyTerm, "party": Party, "subject": Subject, "data": Data, "purpose": Purpose, "basis": Basis,
    "exception": ExceptionTerm, "permission": Permission, "safeguard": Safeguard, "right": Right,
    "channel": Channel, "place": Place, "event": Event, "action": Action,
}  # fmt: skip
