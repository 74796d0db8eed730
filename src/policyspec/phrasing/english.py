"""Sentences in English: the words for what the language says, and as much of English grammar as they need.

Titles of terms are phrases that people wrote: nouns (`Breach of personal data`), clauses (`Account closed`), predicates
(`Required by law`) or infinitives (`To see your data`). What a title is decides how it fits into a sentence. One that
would not fit stands in quotation marks, which fits everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from policyspec.kinds import CLAUSES
from policyspec.phrasing.titles import ENGLISH, Said, is_english, lookup, title, without_aside
from policyspec.scope import Definition
from policyspec.statements import OBJECTS, Judgement, Period, Statement

# ── The words for the language's own: complete, as a test holds them ─────────────────────────────

# A practice has no word.
MODALITIES = {"": "", "may": "may", "must": "must", "should": "should", "never": "must never"}

_GROUND = {
    "noun": "in the case of {}", "case": "in {}", "predicate": "where it is {}", "clause": "when {}",
    "infinitive": "{}", "adverbial": "{}",
}  # fmt: skip
# How a clause is said, by what the title of a term is, or by the term's kind; `` for all others.
PHRASES: Mapping[str, Mapping[str, str]] = {
    "from": {"subject": "of {}", "": "from {}"},
    "by": {"": "{}"},
    "to": {"": "to {}"},
    "for": {"infinitive": "{}", "": "for {}"},
    "under": {
        "predicate": "because it is {}", "clause": "because {}", "infinitive": "{}", "adverbial": "{}",
        "": "on the basis of {}",
    },
    "without": {"predicate": "without being {}", "": "without needing {}"},
    "unless": {
        "party": "to {}", "subject": "where it concerns {}", "data": "where it concerns {}", "purpose": "for {}",
        "safeguard": "with {}", "permission": "using {}", "channel": "via {}", "place": "in {}", "right": "under {}",
    },
    "when": _GROUND,
    "via": {"predicate": "({})", "adverbial": "{}", "permission": "using {}", "": "via {}"},
    "in": {"": "in {}"},
    "with": {"predicate": "with the safeguard “{}”", "adverbial": "{}", "": "with {}"},
    "keep": {"": "and {keep} {them} {}"},
    "within": {"": "{}"},
}  # fmt: skip
# How a period is said, by its form.
KEPT = {
    "lasting": "for {}", "until": "until {}", "while": "while {}", "forever": "for ever", "quoted": "{}",
    "etc": "for a time that it does not state",
}  # fmt: skip
DEADLINES = {**KEPT, "lasting": "within {}", "etc": "within a time that it does not state"}
LIMITS = {"": "", "at_least": "at least ", "at_most": "at most ", "under": "under "}
NECESSITY = {"required": "which must be provided", "optional": "which need not be provided"}
# What a demand asks for that names a clause word alone.
ASKED = {
    "from": "whose data it is or from whom it came", "by": "who does it", "to": "who receives it",
    "for": "what it is done for", "under": "on which basis", "without": "which basis it does not need",
    "unless": "what is excepted", "when": "in which circumstances", "via": "by which means", "in": "where it is done",
    "with": "with which safeguards", "keep": "how long the data are kept", "within": "by when",
}  # fmt: skip
VERDICTS = {
    "allows": "The policy allows this: {}.", "forbids": "The policy forbids this: {}.",
    "undeclared": "The policy does not speak of this: {}.",
}  # fmt: skip
# What a title calls a term of a kind, where it speaks of any such term.
KINDS = {
    "policy": "policy", "party": "party", "subject": "person", "data": "data", "purpose": "purpose", "basis": "basis",
    "exception": "exception", "permission": "permission", "safeguard": "safeguard", "right": "right",
    "channel": "channel", "place": "place", "event": "event", "action": "action",
}  # fmt: skip
PROVIDER = "the provider"
# Where what stands between commas ends: a comma, unless there is one, or the sentence ends.
_PAUSE = "\0"
# How objects follow an action whose title is a phrase that has an object already.
_BEHIND = {"data": "using {}", "right": "for {}", "subject": "to {}", "party": "to {}", "": f", namely {{}}{_PAUSE}"}
# Between terms that hold jointly.
_TOGETHER = "together with"

# ── Grammar ──────────────────────────────────────────────────────────────────────────────────────

_DETERMINERS = frozenset(
    "a an the another other others any all each every no some certain such my our your their its his her this that "
    "these those what who whom whose which how why whether if one's anyone anybody everyone everybody nobody".split()
)
_PREPOSITIONS = frozenset(
    "of in on at by for from to with without against about under over after before between through into within out "
    "above below near beyond during as than per via".split()
)
_RELATIVES = frozenset("who whom whose that which where when whether".split())
_AUXILIARIES = frozenset(
    "is are was were has have had would will can cannot could may might must should shall does do did".split()
)
# With these begins what is said of a noun.
_AFTER_NOUN = _PREPOSITIONS | _RELATIVES | _DETERMINERS
# A word before one of these that ends with `s` is a verb.
_THIRD_BEFORE = (_DETERMINERS | {"to", "only"}) - _RELATIVES
# Verbs that titles of events end with, or that have no object behind them.
_HAPPENS = frozenset(
    "expires ends begins starts stops dies lapses occurs happens fails exists comes goes learns runs lasts leaves "
    "becomes applies".split()
)
_PARTICIPLES = frozenset(
    "withdrawn made found given known lost sold sent paid taken seen met kept told left broken stolen begun done held "
    "overwritten chosen gone bound drawn shown".split()
)
_NO_PARTICIPLES = frozenset("need feed seed speed indeed hundred breed".split())
_ADJECTIVE = re.compile(r"(?:ary|able|ible|ous|ful|ic|ult)$")
# Nouns that stand for a case, of which a title says which.
_CASES = frozenset("case cases circumstances situation situations".split())
# Nouns of which there is one or another, as there is not of `consent` or `encryption`.
_COUNTED = frozenset(
    "agreement approval arrangement assessment audit authorisation authorization basis certificate check clause code "
    "condition contract decision derogation duty exception framework instrument interest law measure mechanism mode "
    "newsletter notice obligation order plan policy procedure process programme rating record report request rule "
    "subpoena system task team warrant".split()
)
_MASS = frozenset("data information software hardware content usage enforcement press media police".split())
_PEOPLE = {"person": "people", "child": "children", "man": "men", "woman": "women"}
_SEVERAL = {"is": "are", "was": "were", "has": "have", "does": "do"}
_IRREGULAR = {"be": "is", "have": "has", "do": "does", "go": "goes"}
# Verbs that have their object behind a preposition, and the one with which they name who receives.
_GOVERNED = {
    "respond": "to", "reply": "to", "listen": "to", "object": "to", "consent": "to", "agree": "to", "refer": "to",
    "apologise": "to", "comply": "with", "cooperate": "with", "rely": "on", "insist": "on", "account": "for",
}  # fmt: skip
_RECEIVED = {"share": "with {}"}
_UNFIT = re.compile(r"[,;:“”\"]|\.$")


class _Phrase(NamedTuple):
    """A title as it stands in a sentence, and what it is: noun, case, predicate, clause, infinitive or adverbial."""

    text: str
    shape: str
    template: str = "{}"


def joined(texts: Sequence[str], word: str) -> str:
    """A list: `a, b and c`."""
    if len(texts) < 2:
        return "".join(texts)
    space = "" if word.startswith(",") else " "
    return f"{', '.join(texts[:-1])}{space}{word} {texts[-1]}"


def _is_participle(word: str) -> bool:
    regular = word.endswith("ed") and len(word) > 3 and word not in _NO_PARTICIPLES
    return regular or word in _PARTICIPLES


def _is_plural(noun: str) -> bool:
    noun = noun.casefold()
    plain = noun.endswith("s") and not noun.endswith(("ss", "us", "is", "’s", "'s"))
    return plain or noun in ("data", "people", "children", "staff", "personnel")


def _head(words: Sequence[str]) -> int:
    """The place of the noun that a phrase is about: the one before what is said of it."""
    for at, word in enumerate(words):
        lower = word.casefold()
        is_said_of = _is_participle(lower) and not words[at - 1].endswith("ly")
        if at and (lower in _AFTER_NOUN or is_said_of):
            return at - 1
    return len(words) - 1


def _begun_small(text: str) -> str:
    """A title inside of a sentence: its first word in lower case, if that is a plain word and the next one as well."""
    first, _, rest = text.partition(" ")
    is_name = re.match(r"[A-Z][a-z]", rest) is not None
    return text[:1].lower() + text[1:] if (first[1:].islower() and not is_name) or first == "A" else text


def _is_proper(definition: Definition, text: str) -> bool:
    """Whether a title is a name: it has capitals inside, or it is one word for a party of the policy's own."""
    if definition.kind == "place":
        return definition.name != definition.name.lower()
    if definition.is_library or definition.kind != "party":
        return False
    words = text.split()
    return len(words) == 1 or any(re.match(r"[A-Z][a-z]", word) for word in words[1:])


def _shape(text: str, is_ground: bool = True) -> _Phrase:
    """What a title is, and its words as they stand in a sentence; a clause, which only a ground is, as a whole one."""
    if _UNFIT.search(text):
        return _Phrase(f"“{text}”", "noun")
    words = text.split()
    lower = [word.casefold() for word in words]
    small = _begun_small(text)
    if lower[:1] == ["to"] or lower[:2] == ["not", "to"]:
        return _Phrase(small, "clause" if is_ground and _AUXILIARIES & {*lower} else "infinitive")
    if lower[0] == "only" or (lower[0] in _PREPOSITIONS and len(lower) > 1):
        return _Phrase(small, "adverbial")
    if _is_predicate(lower):
        return _Phrase(small, "predicate")
    if not is_ground:
        return _Phrase(_counted(small), "noun")
    if lower[0] == "while" and len(lower) > 1:
        return _Phrase(" ".join(words[1:]), "clause")
    if lower[_head(words)] in _CASES:
        return _Phrase(_with_the(text) if _is_plural(words[_head(words)]) else _with_a(small), "case")
    if _is_plural(lower[0]) and lower[1:2] and lower[1] in _THIRD_BEFORE:
        return _Phrase(f"it {small}", "clause")
    # A verb behind `who` or `that` belongs to what is said of the noun.
    end = next((at for at, word in enumerate(lower) if at and word in _RELATIVES), len(lower))
    for at in range(1, end):
        follows = lower[at + 1] if at + 1 < len(lower) else ""
        is_third = _is_plural(lower[at]) and lower[at].endswith("s") and follows in _THIRD_BEFORE
        if lower[at] in _AUXILIARIES or lower[at] in _HAPPENS or (is_third and lower[at] != "others"):
            return _Phrase(_with_the(text), "clause")
    if at := _passive(lower, end):
        verb = "are" if _is_plural(words[min(_head(words), at - 1)]) else "is"
        subject = " ".join(words[:at])
        subject = f"the {_begun_small(subject)}" if lower[0].endswith("ing") else _with_the(subject)
        return _Phrase(f"{subject} {verb} {' '.join(words[at:])}", "clause")
    return _Phrase(_counted(small), "noun")


def _counted(text: str) -> str:
    """A noun phrase with an article, if its noun is one of which there are several."""
    words = text.split()
    return _with_a(text) if words[_head(words)].casefold() in _COUNTED else text


def _is_predicate(lower: Sequence[str]) -> bool:
    """`Required by law`, `Strictly necessary for it`, `Anonymised`."""
    if not lower:
        return False
    end = next((at for at, word in enumerate(lower) if at and word in _PREPOSITIONS), len(lower))
    last = lower[end - 1].rpartition("-")[2]
    if end == 1 or lower[0].endswith("ly") or lower[0] in (*_PARTICIPLES, "otherwise"):
        is_said_of = len(lower) > 1 and bool(_ADJECTIVE.search(last))
        return is_said_of or _is_participle(last)
    return _is_participle(lower[0]) and last.endswith("ly")


def _passive(lower: Sequence[str], end: int) -> int:
    """Where `is` belongs in `Account closed`, `Service no longer used`; 0 where it belongs nowhere."""
    for at in range(1, end):
        follows = lower[at + 1] if at + 1 < len(lower) else ""
        is_joined = follows in ("or", "and") and at + 2 < len(lower) and _is_participle(lower[at + 2])
        is_last = not follows or follows in _PREPOSITIONS or follows in ("public", "alone") or is_joined
        if _is_participle(lower[at]) and is_last and lower[at - 1] not in _DETERMINERS | _PREPOSITIONS | {"or", "and"}:
            while at > 1 and (lower[at - 1] in ("not", "no", "longer") or lower[at - 1].endswith("ly")):
                at -= 1
            return at
    return 0


def _with_the(text: str) -> str:
    """A noun phrase with an article, unless it has one."""
    first = text.partition(" ")[0].casefold()
    if first in _DETERMINERS or first.endswith("ing") or text.startswith("“"):
        return _begun_small(text)
    return f"the {_begun_small(text)}"


def _with_a(text: str) -> str:
    words = text.split()
    if words[0].casefold() in _DETERMINERS or _is_plural(head := words[_head(words)]) or head in _MASS:
        return text
    return f"{'an' if re.match(r'[aeiouAEIOU]|[AEFHILMNORSX][A-Z]', text) else 'a'} {text}"


def _plural(text: str) -> str:
    words = text.split()
    if words[0].casefold() in ("a", "an") and len(words) > 1:
        words = words[1:]
    if len(words) == 3 and words[1] == "or":
        return f"{_plural(words[0])} or {_plural(words[2])}"
    at = _head(words)
    noun = words[at]
    if noun.isascii() and noun.isalpha() and not _is_plural(noun) and noun.casefold() not in _DETERMINERS:
        words[at] = _PEOPLE.get(noun.casefold()) or _with_s(noun)
        if words[at + 1 : at + 2] == ["who"] and len(words) > at + 2:
            words[at + 2] = re.sub(r"(?<=[^su])s$", "", _SEVERAL.get(words[at + 2], words[at + 2]))
    return " ".join(words)


def _with_s(word: str) -> str:
    """A noun's plural, or a verb's third person."""
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", word) else f"{word}s"


def third_person(verb: str) -> str:
    """A verb as it stands behind `it`: `collects`, `notifies`."""
    return _IRREGULAR.get(verb) or _with_s(verb)


# ── Terms ────────────────────────────────────────────────────────────────────────────────────────


def _term(definition: Definition) -> _Phrase:
    """A term as it stands in a sentence."""
    text, kind = title(definition, ENGLISH), definition.kind
    if kind == "party" and _is_proper(definition, text):
        text = without_aside(text)
    if kind in ("permission", "policy"):
        return _Phrase(f"the {kind} “{text}”", "noun")
    if not definition.titles:
        return _Phrase(_with_the(text) if kind in ("data", "event") else text, "noun")
    if _UNFIT.search(text):
        return _Phrase(f"“{text}”", "noun")
    if not is_english(definition):
        return _Phrase(text, "noun")
    match kind:
        case "party":
            return _Phrase(text if _is_proper(definition, text) else _with_a(_begun_small(text)), "noun")
        case "place":
            return _Phrase(_place(text) if _is_proper(definition, text) else _with_the(text), "noun")
        case "subject":
            return _Phrase(_plural(_begun_small(text)), "noun")
        case "data":
            return _Phrase(_datum(text), "noun")
        case "purpose" | "channel" | "safeguard":
            phrase = _shape(text, is_ground=False)
            return phrase if kind != "channel" or phrase.shape != "noun" else _Phrase(_begun_small(text), "noun")
        case "right":
            phrase = _shape(text, is_ground=False)
            if phrase.shape == "infinitive":
                return _Phrase(f"the right {phrase.text}", "noun")
            return _Phrase(_with_the(text) if text.startswith("Right ") else _begun_small(text), "noun")
        case "event":
            phrase = _shape(text)
            return phrase._replace(text=_with_the(text)) if phrase.shape == "noun" and text[0] != "“" else phrase
    return _shape(text)


def _datum(text: str) -> str:
    """Data with an article, where English has one: `the email address`, `personal data`."""
    words = text.split()
    head = words[_head(words)].casefold()
    has_none = (head in _MASS or _is_plural(head)) and "of" not in words
    return _begun_small(text) if has_none else _with_the(text)


def _place(text: str) -> str:
    """A country with an article, where English has one."""
    has_one = re.search(r"^(?:United|World$)|\b(?:Area|Union|Republic|Kingdom|Territory|Territories|\w*lands)$", text)
    return f"the {text}" if has_one else text


def _listed(texts: Sequence[str], word: str) -> str:
    """A list whose items share an article: `the name, email address and age`."""
    if len(texts) > 1 and all(text.startswith("the ") and "“" not in text for text in texts):
        texts = [texts[0], *(text.removeprefix("the ") for text in texts[1:])]
    return joined(texts, word)


def _phrases(items: Iterable[tuple[Definition, ...]], word: str, said: Said) -> list[_Phrase]:
    """The items of a clause, each with the template that its kind or its title asks for."""
    found = []
    for item in items:
        terms = [_fitted(term, word, said) for term in item]
        if len({each.template for each in terms}) == 1:
            found.append(terms[0]._replace(text=f" {_TOGETHER} ".join(each.text for each in terms)))
        else:
            found.append(_Phrase(" and ".join(each.template.format(each.text) for each in terms), "noun", "{}"))
    return found


def _fitted(term: Definition, word: str, said: Said) -> _Phrase:
    phrase = _term(term)
    templates = PHRASES[word]
    if word == "unless" and term.kind in ("basis", "exception", "event"):
        template = lookup(_GROUND, phrase.shape)
        if term.kind == "basis" and phrase.shape == "noun":
            template = "with {}"
    elif word == "unless" and term.kind == "safeguard" and phrase.shape == "predicate":
        template = _GROUND["predicate"]
    elif word == "unless" and term.kind == "place" and said.has_place:
        template = PHRASES["to"][""]
    else:
        template = lookup(templates, term.kind, phrase.shape)
    return phrase._replace(template=template)


def _clause(word: str, said: Said, template: str = "") -> str:
    """A clause with its list: `on the basis of consent or contract`; `template` in place of its own."""
    is_choice = said.is_choice or word in ("under", "when", "unless", "without")
    conjunction = "or" if is_choice and word != "with" else "and"
    phrases = _phrases(said.items(word), word, said)
    groups = []
    for own, group in groupby(phrases, key=lambda each: each.template):
        texts = [each.text for each in group]
        has_joint = any(_TOGETHER in text for text in texts)
        groups.append((template or own).format(_listed(texts, f", {conjunction}" if has_joint else conjunction)))
    if word in said.says.is_open and groups:
        groups[-1] += f", {conjunction} others{_PAUSE}"
    # What stands in brackets comes last, and is no item of the list.
    inner = [each for each in groups if not each.startswith("(")]
    conjunction = f", {conjunction}" if len(inner) > 1 else conjunction
    text = " ".join([joined(inner, conjunction), *(each for each in groups if each.startswith("("))]).strip()
    if word == "without" and said.says.modality == "never":
        text = text.replace("without needing ", "without ")
    if word == "unless" and text:
        text = f"except {text}"
    return f"only {text}" if word in said.says.only and text else text


# ── Periods ──────────────────────────────────────────────────────────────────────────────────────


def periods(word: str, said: Said) -> str:
    """What `keep` or `within` says: `for 3 years after the account is closed, or until the withdrawal`."""
    quoted = iter(said.quoted(word, ENGLISH))
    texts = [_period(each, word, next(quoted, "") if each.form == "quoted" else "") for each in
             said.says.periods.get(word, ())]  # fmt: skip
    if word in said.says.is_open:
        texts.append((DEADLINES if word == "within" else KEPT)["etc"])
    return joined(texts, ", or")


def _period(period: Period, word: str, quoted: str) -> str:
    templates = DEADLINES if word == "within" else KEPT
    template = templates[period.form]
    event = _term(period.event) if period.event is not None else None
    match period.form:
        case "lasting":
            span = length(period.word, period.amount, period.unit)
            return template.format(span + _after(event, "of" if word == "within" else "after"))
        case "quoted":
            return template.format(f"“{quoted or '…'}”") + _after(event, "after")
        case "until" if period.date is not None:
            return template.format(date(period.date.isoformat()))
        case "until" | "while" if event is not None:
            if period.form == "while" and event.shape != "clause":
                return f"during {event.text}"
            return template.format(event.text)
    return template.format("").rstrip()


def length(limit: str, amount: int, unit: str) -> str:
    """`at least 3 working days`."""
    name = unit.replace("_", " ")
    return f"{LIMITS[limit]}{amount} {name if amount == 1 else _with_s(name)}"


def age(limit: str, amount: int, unit: str) -> str:
    return length(limit, amount, unit)


def _after(event: _Phrase | None, preposition: str) -> str:
    if event is None:
        return ""
    return f" {preposition if event.shape == 'noun' else 'after'} {event.text}"


_MONTHS = "January February March April May June July August September October November December".split()


def date(iso: str) -> str:
    """`1 January 2027`."""
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{day} {_MONTHS[month - 1]} {year}"


def listed(word: str, said: Said) -> tuple[str, ...]:
    """The items of a clause, or the objects, each by itself, without the words around them."""
    if word in said.says.periods:
        return (periods(word, said),)
    items = [(each,) for each in said.says.objects] if word == OBJECTS else said.items(word)
    texts = [f" {_TOGETHER} ".join(title(each, ENGLISH) for each in item) for item in items]
    return (*texts, *(["others"] if word in said.says.is_open else []))


# ── Verbs ────────────────────────────────────────────────────────────────────────────────────────


class _Verb(NamedTuple):
    """A verb, and what follows it, with a place for its objects: `vet`, `{} beforehand`."""

    words: tuple[str, ...]
    frame: str

    def inflected(self, is_third: bool) -> str:
        verb, *rest = self.words
        return " ".join((third_person(verb) if is_third else verb, *rest))


def _verb(action: Definition, said: Said) -> _Verb:
    """An action with its objects, by the form of its title.

    `Grant a right`, of a right: the objects in place of `a right`. `Entrust to a processor`: behind the verb, and who
    receives in place of `to a processor`. `Charge a fee`, which has an object: behind it.
    """
    text = _begun_small(title(action, ENGLISH)) if is_english(action) else action.name.replace("_", " ")
    text = re.sub(r"\s*[(（].*?[)）]|[{}]", "", text).strip() or action.name
    kinds = list(dict.fromkeys(each.kind for each in said.says.objects)) or ["data"]
    for kind in kinds:
        found, count = re.subn(rf"\b(?:an?|the) {KINDS[kind]}\b", "{}", text, count=1)
        if count:
            verb, _, frame = found.partition(" ")
            return _Verb((verb,), frame)
    verb, _, rest = text.partition(" ")
    words = rest.split()
    if not rest:
        return _Verb((verb,), f"{_GOVERNED[verb]} {{}}" if verb in _GOVERNED else "{}")
    if len(words) == 1 or words[-1] in _PREPOSITIONS:
        return _Verb((verb, *words), "{}")
    if words[0] in ("to", "from"):
        # Who receives it, or whom it comes from, stands in place of what the title says of that.
        terms = said.says.terms(words[0])
        if kinds == ["data"] and any(each.kind in ("party", "place") for each in terms):
            return _Verb((verb,), "{}")
    if words[0] in _PREPOSITIONS | {"worse", "better", "again"}:
        is_addressed = kinds != ["data"] and words[0] != "for" and words[0] in _PREPOSITIONS
        return _Verb((verb,), f"{rest}, namely {{}}{_PAUSE}" if is_addressed else f"{{}} {rest}")
    behind = lookup(_BEHIND, kinds[0])
    return _Verb((verb,), f"{rest}{behind}" if behind.startswith(",") else f"{rest} {behind}")


def _predicate(said: Said, is_third: bool) -> str:
    """The verbs with their objects."""
    says = said.says
    is_choice = says.any_of or said.is_choice
    conjunction = "or" if is_choice else "and"
    objects = _objects(said)
    verbs = [_verb(action, said) for action in says.actions]
    if len({verb.frame for verb in verbs}) == 1:
        frame = verbs[0].frame
        return f"{joined([verb.inflected(is_third) for verb in verbs], conjunction)} {_filled(frame, objects)}".strip()
    pronoun = _pronoun(said)
    parts = []
    for at, verb in enumerate(verbs):
        parts.append(f"{verb.inflected(is_third)} {_filled(verb.frame, pronoun if at else objects)}".strip())
    return joined(parts, conjunction)


def _filled(frame: str, text: str) -> str:
    return frame.replace("{}", text)


def _pronoun(said: Said) -> str:
    objects = said.says.objects
    if len(objects) == 1 and objects[0].kind not in ("subject",):
        words = title(objects[0], ENGLISH).split()
        if words and not _is_plural(words[_head(words)]):
            return "it"
    return "them"


def _objects(said: Said) -> str:
    """The objects, whose they are, and whether they must be given."""
    says = said.says
    conjunction = "or" if said.is_choice else "and"
    text = _listed([_term(each).text for each in says.objects], conjunction)
    if OBJECTS in says.is_open:
        text += f", {conjunction} others{_PAUSE}"
    if OBJECTS in says.only:
        text = f"only {text}"
    whose = _clause("from", said)
    if whose:
        text += f" {whose}"
    if says.necessity:
        which = NECESSITY[says.necessity]
        text += which.replace("which", " that") if says.modality == "never" else f", {which}{_PAUSE}"
    return text


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────


def statement(said: Said) -> str:
    """What a sentence says, without a capital and a full stop: `the provider must delete personal data`."""
    says = said.says
    who, is_third = _who(said)
    modality = MODALITIES[said.modality]
    is_third = is_third and not modality
    parts = [who, modality, _predicate(said, is_third)]
    received = {lookup(_RECEIVED, *_words_of(action)) for action in says.actions} - {"{}"}
    to = received.pop() if len(received) == 1 and len(says.actions) == 1 else ""
    parts.append(_clause("to", said, "" if said.has_place else to))
    parts += [_clause(word, said) for word in ("for", "in", "via", "with")]
    if says.says("within"):
        parts.append(("only " if "within" in says.only else "") + periods("within", said))
    text = " ".join(part for part in parts if part)
    without = _clause("without", said)
    if without:
        text += f" {without}"
    for word in ("under", "when"):
        if found := _clause(word, said):
            text += f" {found}" if found.startswith("only ") else f", {found}"
    if says.says("keep"):
        keep = third_person("keep") if is_third else "keep"
        only = "only " if "keep" in says.only else ""
        text += ", " + PHRASES["keep"][""].format(only + periods("keep", said), keep=keep, them=_pronoun(said))
    if found := _clause("unless", said):
        text += f", {found}"
    return _tidy(text)


def _tidy(text: str) -> str:
    """A sentence with single spaces, and a comma at each pause that needs one."""
    text = re.sub(rf"{_PAUSE}(?=\s*(?:,|$))", "", text).replace(_PAUSE, ",")
    return re.sub(r"\s+", " ", text).strip()


def _words_of(action: Definition) -> list[str]:
    return [_begun_small(title(action, ENGLISH))]


def _who(said: Said) -> tuple[str, bool]:
    """Who acts, and whether that is one."""
    items = said.items("by") or [(each,) for each in said.by]
    if not items:
        return PROVIDER, True
    conjunction = "or" if said.is_choice else "and"
    texts = [each.text for each in _phrases(items, "by", said)]
    if "by" in said.says.is_open:
        texts.append("others")
    is_one = len(texts) == 1 and len(items[0]) == 1 and items[0][0].kind != "subject"
    only = "only " if "by" in said.says.only else ""
    return only + joined(texts, conjunction), is_one and not _is_plural(texts[0].split()[_head(texts[0].split())])


def sentence(said: Said) -> str:
    return _ended(statement(said))


def _ended(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def judgement(each: Judgement) -> str:
    """What a rule demands of a policy."""
    if each.declaration is not None:
        return f"The policy must declare {_declared(each.declaration)}."
    assert each.pattern is not None
    says = statement(Said(each.pattern, is_pattern=True))
    if each.word == "no":
        return f"No statement may say that {says}."
    if each.word == "some":
        return f"Some statement must say that {says}."
    if each.needs_declaration is not None:
        return f"Where the policy says that {says}, it must declare {_declared(each.needs_declaration)}."
    return f"Where the policy says that {says}, it must also say {joined([*_needs(each.needs)], 'and')}."


def _declared(term: Definition) -> str:
    return f"{_with_a(KINDS[term.kind]) if term.kind != 'data' else 'data'} covered by “{title(term, ENGLISH)}”"


def _needs(needs: Statement | None) -> Iterable[str]:
    if needs is None:
        return
    said = Said(needs)
    for word in CLAUSES:
        if needs.says(word):
            found = periods(word, said) if word in needs.periods else _clause(word, said)
            kept = "that the data are kept" if word == "keep" else "that it is done"
            yield f"{kept} {found.removeprefix('except ')}" if found else ASKED[word]
