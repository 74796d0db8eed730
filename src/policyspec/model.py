"""The compiled model: what a policy says, resolved and self-contained.

These classes, and those of `terms`, are the published output format (JSON, JSON Schema) and, at the same time, the one
place that says which fields a kind of declaration or item takes.

A term is referred to by its id, `KIND:PATH`: `data:device.brand` is the policy's own, `data:core.email` the
vocabulary's, `basis:cn.pipl.legal_duty` a law pack's. `Policy.terms` has every term that is mentioned and everything
above it, so what covers what can be asked of the model alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BaseModel, Field

from policyspec.kinds import FAMILIES, KINDS, Takes
from policyspec.terms import (
    TERMS as TERMS,
)
from policyspec.terms import (
    Action as Action,
)
from policyspec.terms import (
    AnyTerm as AnyTerm,
)
from policyspec.terms import (
    Basis as Basis,
)
from policyspec.terms import (
    Channel as Channel,
)
from policyspec.terms import (
    Data as Data,
)
from policyspec.terms import (
    Day as Day,
)
from policyspec.terms import (
    Duration as Duration,
)
from policyspec.terms import (
    Event as Event,
)
from policyspec.terms import (
    ExceptionTerm as ExceptionTerm,
)
from policyspec.terms import (
    Limit as Limit,
)
from policyspec.terms import (
    Location as Location,
)
from policyspec.terms import (
    Model as Model,
)
from policyspec.terms import (
    Party as Party,
)
from policyspec.terms import (
    Permission as Permission,
)
from policyspec.terms import (
    Place as Place,
)
from policyspec.terms import (
    PolicyTerm as PolicyTerm,
)
from policyspec.terms import (
    Purpose as Purpose,
)
from policyspec.terms import (
    Right as Right,
)
from policyspec.terms import (
    Safeguard as Safeguard,
)
from policyspec.terms import (
    Status as Status,
)
from policyspec.terms import (
    Strings as Strings,
)
from policyspec.terms import (
    Subject as Subject,
)
from policyspec.terms import (
    Term as Term,
)
from policyspec.terms import (
    TermId as TermId,
)
from policyspec.terms import (
    Text as Text,
)
from policyspec.terms import (
    Texts as Texts,
)

# ── Sentences ────────────────────────────────────────────────────────────────────────────────────


class Lasting(Model):
    """`[at least] 3 years [after EVENT]`."""

    type: Literal["lasting"] = "lasting"
    limit: Limit
    after: TermId | None = Field(None, description="the event from which it counts")


class Until(Model):
    """`until EVENT`, or until a day."""

    type: Literal["until"] = "until"
    event: TermId | None = None
    date: datetime.date | None = None


class While(Model):
    """`while EVENT`: as long as it goes on."""

    type: Literal["while"] = "while"
    event: TermId


class Forever(Model):
    """`forever`."""

    type: Literal["forever"] = "forever"


class Quoted(Model):
    """The policy's own words, where they state no limit."""

    type: Literal["quoted"] = "quoted"
    texts: tuple[Text, ...]
    after: TermId | None = None


Period: TypeAlias = Annotated[Lasting | Until | While | Forever | Quoted, Field(discriminator="type")]


def _events(periods: Iterable[Period]) -> tuple[TermId, ...]:
    """The events that periods mention, in order."""
    named = (
        period.after if isinstance(period, Lasting | Quoted) else period.event
        for period in periods
        if not isinstance(period, Forever)
    )
    return tuple(event for event in named if event is not None)


class AnyClause(Model):
    """What every clause has."""

    clause: str
    only: bool = Field(False, description="the sentence forbids what is outside of this clause")
    stated: bool = Field(True, description="no: the sentence does not say so, a default does")
    is_open: bool = Field(False, description="the list ends with `etc`")


class TermsClause(AnyClause):
    """A clause of terms: alternatives, each a list of terms that hold jointly; after `with` all of them hold."""

    clause: Literal["from", "by", "to", "for", "under", "without", "unless", "when", "via", "in", "with"]
    items: tuple[tuple[TermId, ...], ...]

    @property
    def terms(self) -> tuple[TermId, ...]:
        """All its terms, in order."""
        return tuple(term for item in self.items for term in item)


class KeepClause(AnyClause):
    """How long data are kept: alternatives."""

    clause: Literal["keep"] = "keep"
    periods: tuple[Period, ...]

    @property
    def terms(self) -> tuple[TermId, ...]:
        """The events that its periods count from, or go on until or with."""
        return _events(self.periods)


class WithinClause(AnyClause):
    """By when something is done: alternatives; `after` is the event from which the time counts."""

    clause: Literal["within"] = "within"
    periods: tuple[Annotated[Lasting | Quoted, Field(discriminator="type")], ...]

    @property
    def terms(self) -> tuple[TermId, ...]:
        """The events that its periods count from."""
        return _events(self.periods)


Clause: TypeAlias = Annotated[TermsClause | KeepClause | WithinClause, Field(discriminator="clause")]


class Statement(Model):
    """`[never] ACTION, … [optional] [only] OBJECT, … CLAUSE…`.

    Clauses that the sentence leaves unsaid, and a default fills, are among the clauses, and not `stated`. Where its
    actions have different default recipients, no `to` is filled in.
    """

    modality: Literal["practice", "may", "must", "should", "never"] = Field(
        description="a practice says what is done; may permits, must owes, should promises an effort, never forbids"
    )
    actions: tuple[TermId, ...]
    any_of: bool = Field(False, description="one of the actions suffices (`or`)")
    necessity: Literal["required", "optional"] | None = None
    only: bool = Field(False, description="the sentence forbids the action for all other objects")
    objects: tuple[TermId, ...]
    is_open: bool = Field(False, description="the list of objects ends with `etc`")
    clauses: tuple[Clause, ...] = ()

    def terms(self, word: str) -> tuple[TermId, ...]:
        """The terms after a clause word, stated or by default; () where the sentence has no such clause.

        After `keep` and `within` these are the events that the periods mention.
        """
        return next((clause.terms for clause in self.clauses if clause.clause == word), ())

    @property
    def mentions(self) -> frozenset[TermId]:
        """Every term in it: its actions, its objects, and those of its clauses, stated or by default."""
        return frozenset((*self.actions, *self.objects, *(term for clause in self.clauses for term in clause.terms)))

    @property
    def is_about_anybody(self) -> bool:
        """Whether it forbids something and does not say whose data are meant."""
        return self.modality == "never" and not self.terms("from")

    @property
    def keep(self) -> tuple[Lasting | Until | While | Forever | Quoted, ...]:
        return next((clause.periods for clause in self.clauses if isinstance(clause, KeepClause)), ())

    @property
    def within(self) -> tuple[Lasting | Quoted, ...]:
        return next((clause.periods for clause in self.clauses if isinstance(clause, WithinClause)), ())


class ItemFields(Model):
    """Fields that every item of a policy takes."""

    source: Strings = Field((), description="the passage of the prose document that it encodes")
    note: Texts = Field((), description="a remark for the reader of the file")
    open_fields: tuple[str, ...] = Field((), description="the fields whose list ends with `etc`")


class Practice(Statement, ItemFields):
    """A sentence of the policy: a practice, duty, promise or prohibition."""

    type: Literal["practice"] = "practice"
    number: int = Field(description="its place among the policy's sentences, from 1")
    imposed_by: Annotated[tuple[TermId, ...], Takes("terms", kinds=("party", "basis", "event", "exception"))] = Field(
        (), description="who or what demands it, where that is not the policy itself"
    )
    effort: Annotated[str | None, Takes("word")] = Field(
        None, description="the degree of effort promised, in the policy's words"
    )
    hedge: Annotated[str | None, Takes("word")] = Field(None, description="a word that weakens it, such as `currently`")
    interest: Texts = Field((), description="the legitimate interest pursued (GDPR art. 13(1)(d))")
    refusal: Texts = Field((), description="what follows if the person refuses")
    on_behalf_of: Annotated[tuple[TermId, ...], Takes("terms", kinds=("party",))] = Field(
        (), description="the party for which it is done"
    )
    cite: Strings = Field((), description="the article or standard that demands it")
    location: Location


class Prose(ItemFields):
    """A passage that states nothing checkable; Markdown."""

    type: Literal["prose"] = "prose"
    text: Text
    location: Location


class Declared(Model):
    """Where a term is declared among the items."""

    type: Literal["declaration"] = "declaration"
    term: TermId


class Section(ItemFields):
    """A part of the policy, as the prose document has it. Its fields hold for its items.

    An item without a `source` or `cite` of its own has, in the model, that of its section.
    """

    type: Literal["section"] = "section"
    titles: tuple[Text, ...]
    audience: Annotated[tuple[TermId, ...], Takes("terms", kinds=("subject", "party"))] = Field(
        (), description="whom it addresses, where that differs from the policy"
    )
    product: Texts = Field((), description="the products it is about, where they differ from the policy's")
    cite: Strings = Field((), description="the article or standard that demands it")
    status: Annotated[Status | None, Takes("choice", choices=get_args(Status))] = Field(
        None, description="whether the law behind its rules is in force"
    )
    since: Day = Field(None, description="the day from which its rules are in force")
    until: Day = Field(None, description="the day after which its rules are no longer in force")
    items: tuple[Item, ...]
    location: Location


Item: TypeAlias = Annotated[Practice | Prose | Section | Declared, Field(discriminator="type")]


class Judgement(Model):
    """`every PATTERN needs CLAUSE…`, `no PATTERN` or `some PATTERN`; a pattern may be a declaration (`some right x`).

    A needed clause without items is one that just has to be stated.
    """

    word: Literal["every", "no", "some"]
    pattern: Statement | None = None
    declaration: TermId | None = None
    needs: tuple[Clause, ...] = ()
    needs_declaration: TermId | None = None


class RuleFields(Model):
    """The fields of a rule."""

    level: Annotated[Literal["error", "warning", "info"], Takes("choice", choices=("error", "warning", "info"))] = (
        Field("warning", description="how grave a finding of it is")
    )
    cite: Strings = Field((), description="the article or standard behind it")
    help: Texts = Field((), description="what to do about a finding")
    note: Texts = Field((), description="a remark for the reader of the file")
    source: Strings = Field((), description="where the demand comes from, if not a law")
    status: Annotated[Status | None, Takes("choice", choices=get_args(Status))] = Field(
        None, description="whether the law behind it is in force"
    )
    since: Day = Field(None, description="the day from which it is in force")
    until: Day = Field(None, description="the day after which it is no longer in force")
    given: Annotated[tuple[TermId, ...], Takes("terms", kinds=("event", "exception", "basis"))] = Field(
        (), description="circumstances it depends on: where the policy does not say of one, it is not assessed"
    )
    bad: Strings = Field((), description="an example of a policy, or of sentences, in which it finds something")
    good: Strings = Field((), description="the same, put right")
    open_fields: tuple[str, ...] = Field((), description="the fields whose list ends with `etc`")
    suppressible: Annotated[bool, Takes("flag")] = Field(True, description="no: a finding of it cannot be suppressed")


class Rule(RuleFields):
    """What has to hold of a policy. Its name names the fault."""

    name: str
    titles: tuple[Text, ...] = ()
    judgements: tuple[Judgement, ...]
    location: Location


class Question(Model):
    """What a policy test expects of an act."""

    verdict: Literal["allows", "forbids", "undeclared"]
    act: Statement
    location: Location


class Test(ItemFields):
    """Questions whose answers the policy has to give."""

    titles: tuple[Text, ...]
    questions: tuple[Question, ...]
    location: Location


# Of the kinds that a bare name may mean, these are taken first.
_FIRST_KINDS = ("data", "purpose", "party", "subject", "basis", "exception", "event")


class Policy(Model):
    """A privacy policy, compiled."""

    format: Literal["policyspec/1"] = "policyspec/1"
    policy: PolicyTerm
    imports: tuple[str, ...] = Field((), description="the modules it imports, directly or through others")
    terms: tuple[AnyTerm, ...] = Field(
        description="every term that it declares or mentions, and all above these, by id"
    )
    items: tuple[Item, ...] = Field(description="its sections, sentences, prose and declarations, in order")
    rules: tuple[Rule, ...] = ()
    tests: tuple[Test, ...] = ()

    @property
    def name(self) -> str:
        return self.policy.name

    def __iter__(self) -> Iterator[Practice]:  # type: ignore[override]
        """Its sentences, in order."""
        return iter(self.practices)

    @cached_property
    def practices(self) -> tuple[Practice, ...]:
        """Its sentences, in order: practices, duties, promises and prohibitions."""

        def walk(items: tuple[Practice | Prose | Section | Declared, ...]) -> Iterator[Practice]:
            for item in items:
                if isinstance(item, Section):
                    yield from walk(item.items)
                elif isinstance(item, Practice):
                    yield item

        return tuple(walk(self.items))

    @cached_property
    def _by_id(self) -> dict[TermId, Term]:
        return {term.id: term for term in self.terms}

    def _above(self, id: TermId) -> set[TermId]:
        """A term and everything above it."""
        found, todo = {id}, [id]
        while todo:
            term = self._by_id.get(todo.pop())
            above = [parent for parent in term.parents if parent not in found] if term is not None else []
            found.update(above)
            todo += above
        return found

    def term(self, name: str, kind: str | None = None) -> Term:
        """The term of an id (`data:device.brand`) or of a name (`brand`, `device.brand`, `core.email`).

        Among several the policy's own is taken, then data before purposes and the other kinds, then the shorter path.
        Raises KeyError if there is none.
        """
        found = self._find(name, kind)
        if found is None:
            raise KeyError(name)
        return found

    def _find(self, name: str, kind: str | None = None) -> Term | None:
        if name in self._by_id:
            return self._by_id[name]
        found = [term for term in self._by_name.get(name, ()) if kind in (None, term.kind)]
        return min(found, key=_rank, default=None)

    @cached_property
    def _by_name(self) -> dict[str, list[Term]]:
        """Terms by their paths and by every end of these."""
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            path = term.id.partition(":")[2]
            while path:
                found.setdefault(path, []).append(term)
                path = path.partition(".")[2]
        return found

    def covers(self, general: str, special: str) -> bool:
        """Whether `general` is `special` or above it. Takes ids or names; KeyError for what the policy has not.

        Of names that mean several kinds, those are compared that are of one: `email` the data for `identifying`.
        """
        self.term(general), self.term(special)
        below = {kind: self._find(special, kind) for kind in KINDS}
        return any(
            term is not None and above is not None and above.id in self._above(term.id)
            for kind, term in below.items()
            for above in (self._find(general, each) for each in FAMILIES[kind])
        )

    def practices_with(
        self,
        *,
        action: str | None = None,
        data: str | None = None,
        purpose: str | None = None,
        party: str | None = None,
        subject: str | None = None,
        basis: str | None = None,
        exception: str | None = None,
        event: str | None = None,
        permission: str | None = None,
        channel: str | None = None,
        safeguard: str | None = None,
        right: str | None = None,
        place: str | None = None,
    ) -> tuple[Practice, ...]:
        """The sentences that mention, or cover, each term given, wherever a term of its kind may stand.

        A sentence about `device` is found for `brand`, which is below it, and one about `brand` is found for `device`.
        A `never` that does not say whose data it is about is about anybody's, so it is found for every subject.
        """
        asked = {
            "action": action, "data": data, "purpose": purpose, "party": party, "subject": subject, "basis": basis,
            "exception": exception, "event": event, "permission": permission, "channel": channel,
            "safeguard": safeguard, "right": right, "place": place,
        }  # fmt: skip
        related = {kind: self._related(self.term(name, kind).id) for kind, name in asked.items() if name is not None}
        return tuple(
            practice
            for practice in self.practices
            if all(
                practice.mentions & terms or (kind == "subject" and practice.is_about_anybody)
                for kind, terms in related.items()
            )
        )

    def _related(self, id: TermId) -> frozenset[TermId]:
        """A term, everything above it and everything below it."""
        below = (term.id for term in self.terms if id in self._above(term.id))
        return frozenset((*self._above(id), *below))


def _rank(term: Term) -> tuple[bool, int, int, str]:
    """In what order the terms of one name are taken."""
    kind = _FIRST_KINDS.index(term.kind) if term.kind in _FIRST_KINDS else len(_FIRST_KINDS)
    return (term.module is not None, kind, term.id.count("."), term.id)


def field_tables() -> dict[str, dict[str, list[object]]]:
    """For each kind and construct its fields: form, kinds, choices and description; the contents of `fields.json`."""
    constructs: dict[str, type[BaseModel]] = {
        "practice": Practice,
        "section": Section,
        "prose": Prose,
        "rule": RuleFields,
        "test": ItemFields,
    }
    tables: dict[str, dict[str, list[object]]] = {}
    for what, type_ in [*TERMS.items(), *constructs.items()]:
        tables[what] = {}
        for name, field in type_.model_fields.items():
            takes = next((each for each in field.metadata if isinstance(each, Takes)), None)
            if takes is not None:
                description = field.description or ""
                tables[what][name] = [takes.form, list(takes.kinds), list(takes.choices), description]
    return tables


def json_schema() -> dict[str, object]:
    """The JSON Schema of a compiled policy."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Policy.model_json_schema(mode="serialization")}
