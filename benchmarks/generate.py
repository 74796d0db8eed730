"""Makes the benchmarks' input: the policies of a company with many products, and the like content for fideslang.

    python benchmarks/generate.py FOLDER [--practices N] [--policies N] [--seed N]

The content is drawn once, from a seed, and written twice: as policyspec files (one module of shared vocabulary, and a
policy for each product that imports it), and as one fideslang manifest in the shape of fideslang's own samples. A
practice is a privacy declaration there, a section a system, a data term a data category, a purpose a data use. What
fideslang has no place for (safeguards, events, prose, comments) is not in the manifest.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

PRACTICES = 1000
POLICIES = 19
VOCABULARY = "vocabulary.policy"
MANIFEST = "fideslang.yml"

_AREAS = (
    "account", "billing", "booking", "chat", "checkout", "delivery", "device", "forum", "gallery", "invoice",
    "loyalty", "map", "newsletter", "order", "player", "profile", "review", "search", "sensor", "support", "survey",
    "team", "trip", "wallet", "warranty",
)  # fmt: skip
_THINGS = {
    "data": ("address", "answers", "contact", "content", "file", "history", "identifier", "list", "message", "number",
             "picture", "preference", "record", "score", "setting", "time"),
    "purpose": ("analysis", "improvement", "management", "notification", "protection", "recommendation", "repair",
                "statistics"),
    "party": ("agency", "operator", "supplier"),
}  # fmt: skip
# What a term is below: a word of policyspec's vocabulary, and fideslang's key for the like.
_PARENTS = {
    "data": (
        ("personal", "user"), ("usage", "user.behavior"), ("device_info", "user.device"), ("location", "user.location"),
        ("email", "user.contact.email"), ("account_id", "user.unique_id"),
    ),
    "purpose": (
        ("service_provision", "essential.service"), ("analytics", "analytics"), ("improve_ux", "improve"),
        ("security", "essential.service.security"), ("customer_service", "essential.service"),
    ),
    "party": (("service_provider", ""), ("partner", ""), ("processor", "")),
}  # fmt: skip
_SUBJECTS = (("customer", "customer"), ("employee", "employee"), ("visitor", "citizen_voter"), ("prospect", "prospect"))
_BASES = (("contract", "Contract"), ("consent", "Consent"), ("explicit_consent", "Consent"),
          ("legal_duty", "Legal obligations"), ("legitimate_interest", "Legitimate interests"))  # fmt: skip
_EVENTS = ("account_closure", "purpose_achieved", "last_use", "withdrawal")
_SAFEGUARDS = ("encryption_in_transit", "encryption_at_rest", "access_control", "staff_training", "masking")
_CHANNELS = ("user_submission", "automatic_collection", "cookies", "api")
_ACTIONS = (*["collect"] * 3, "collect, use", *["use"] * 2, "analyse", "store", *["share"] * 2, "entrust")
_SENTENCES = (
    "You decide what you tell us, and can change it in your settings at any time.",
    "We keep no more of it than the service needs, and say so where it needs more.",
    "Those who work with it are bound to confidentiality, and trained once a year.",
    "Where another company helps us, it acts on our instructions and for us alone.",
    "If you do not agree, the rest of the service stays open to you as it was.",
    "Write to us when something is unclear; a person reads it and answers.",
)


@dataclass(frozen=True)
class Term:
    kind: str
    name: str
    parent: str
    key: str
    title: str
    definition: str


@dataclass(frozen=True)
class Practice:
    title: str
    action: str
    is_required: bool
    data: tuple[Term, ...]
    purpose: Term
    recipients: tuple[Term, ...]
    subject: tuple[str, str]
    basis: tuple[str, str]
    safeguards: tuple[str, ...]
    channel: str
    months: int
    event: str
    passage: str
    sentence: str


@dataclass(frozen=True)
class Section:
    title: str
    practices: tuple[Practice, ...]


@dataclass(frozen=True)
class Product:
    name: str
    terms: tuple[Term, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Content:
    """All that is written, in either language."""

    shared: tuple[Term, ...]
    products: tuple[Product, ...]


# ── The content ──────────────────────────────────────────────────────────────────────────────────


def content(practices: int = PRACTICES, policies: int = POLICIES, seed: int = 1, in_section: int = 9) -> Content:
    """The policies of a company: the practices are spread evenly over them, and each has terms of its own for these."""
    random = Random(seed)
    shared = _terms(random, "shared", {"data": 60, "purpose": 25, "party": 15})
    products = []
    for number in range(policies):
        count = practices * (number + 1) // policies - practices * number // policies
        own = _terms(random, f"p{number + 1}", {"data": count // 2, "purpose": count // 3, "party": count // 12})
        sections = []
        for first in range(0, count, in_section):
            title = f"{first // in_section + 1}. {random.choice(_AREAS).capitalize()} and {random.choice(_AREAS)}"
            numbers = range(first, min(first + in_section, count))
            sections.append(Section(title, tuple(_practice(random, each, shared + own) for each in numbers)))
        products.append(Product(f"product_{number + 1}", own, tuple(sections)))
    return Content(shared, tuple(products))


def _terms(random: Random, prefix: str, counts: dict[str, int]) -> tuple[Term, ...]:
    found = []
    for kind, count in counts.items():
        words = list(product(_AREAS, _THINGS[kind]))
        random.shuffle(words)
        for number in range(count):
            area, thing = words[number % len(words)]
            again = f"_{number // len(words) + 1}" if number >= len(words) else ""
            parent, key = random.choice(_PARENTS[kind])
            name = f"{prefix}_{area}_{thing}{again}"
            title = f"{area.capitalize()} {thing}{again.replace('_', ' ')}"
            found.append(Term(kind, name, parent, f"{key}.{name}", title, _definition(random, area, thing)))
    return tuple(found)


def _definition(random: Random, area: str, thing: str) -> str:
    return f"The {thing} of the {area}, as it comes up in the {random.choice(_AREAS)} part of the product"


def _practice(random: Random, number: int, terms: tuple[Term, ...]) -> Practice:
    def some(kind: str, most: int) -> tuple[Term, ...]:
        return tuple(random.sample([term for term in terms if term.kind == kind], random.randint(1, most)))

    action = random.choice(_ACTIONS)
    return Practice(
        title=f"{random.choice(_AREAS).capitalize()} {random.choice(_THINGS['purpose'])}",
        action=action,
        is_required=random.random() < 0.5,
        data=some("data", 4),
        purpose=some("purpose", 1)[0],
        recipients=some("party", 2) if action in ("share", "entrust") else (),
        subject=random.choice(_SUBJECTS),
        basis=random.choice(_BASES),
        safeguards=tuple(random.sample(_SAFEGUARDS, random.randint(1, 3))),
        channel=random.choice(_CHANNELS),
        months=random.randint(1, 36),
        event=random.choice(_EVENTS),
        passage=f"§{number // 9 + 1}.{number % 9 + 1}",
        sentence=random.choice(_SENTENCES),
    )


# ── As policyspec ────────────────────────────────────────────────────────────────────────────────


def workspace(made: Content, wrapped: bool = True) -> dict[str, str]:
    """The files, by path. Unless they are wrapped in sections, the items stand at the top level of their file."""
    header = ["# What the policies of all products share.", ""]
    files = {VOCABULARY: "\n".join([*header, *_policy_terms(made.shared)]) + "\n"}
    for each in made.products:
        files[f"policies/{each.name}.policy"] = "\n".join(_policy(each, wrapped)) + "\n"
    return files


def _policy(made: Product, wrapped: bool) -> Iterator[str]:
    title = made.name.replace("_", " ").capitalize()
    yield f"# The privacy policy of {title}."
    yield ""
    yield f'import "../{VOCABULARY}"'
    yield ""
    yield f'policy {made.name} "Privacy policy of {title}"@en {{'
    yield "  provider:  company"
    yield f'  product:   "{title}"'
    yield "  audience:  customer"
    yield "  released:  2025-03-04"
    yield "  effective: 2025-04-01"
    yield "}"
    yield 'party company is controller "Example Company"@en { contact: "privacy@company.example" }'
    yield ""
    yield "# ── Terms of this product ──"
    yield ""
    yield from _policy_terms(made.terms)
    for section in made.sections:
        lines = [line for practice in section.practices for line in _policy_practice(practice)]
        data = section.practices[0].data[0].name
        lines += ["# Claims.", f"never sell {data}", f"never publish {data} unless explicit_consent, required_by_law"]
        yield ""
        if wrapped:
            yield f'section "{section.title}"@en {{'
            yield from (f"  {line}" if line else "" for line in lines)
            yield "}"
        else:
            yield from lines


def _policy_terms(terms: tuple[Term, ...]) -> Iterator[str]:
    for term in terms:
        head = f'{term.kind} {term.name} is {term.parent} "{term.title}"@en'
        if term.kind == "party":
            yield head
        else:
            yield from (f"{head} {{", f'  definition: "{term.definition}"', "}")


def _policy_practice(made: Practice) -> Iterator[str]:
    necessity = ("required " if made.is_required else "optional ") if made.action == "collect" else ""
    if made.months % 2:
        yield f"# {made.title}."
    yield f"{made.action} {necessity}{_names(made.data)}"
    if made.subject != _SUBJECTS[0]:
        yield f"  from  {made.subject[0]}"
    if made.recipients:
        yield f"  to    {_names(made.recipients)}"
    yield f"  for   {made.purpose.name}"
    yield f"  under {made.basis[0]}"
    if made.action.startswith("collect"):
        yield f"  via   {made.channel}"
    yield f"  with  {', '.join(made.safeguards)}"
    keep = f"  keep  {_months(made)} after {made.event} {{"
    if made.months % 4:
        yield keep
        yield f'  note:   "{made.title}"'
        yield f'  source: "{made.passage}"'
        yield "}"
    else:
        yield f'{keep} source: "{made.passage}" }}'
    if made.months % 3 == 0:
        yield f'"""{made.sentence}"""'
    yield ""


def _months(made: Practice) -> str:
    return f"{made.months} month{'s' if made.months > 1 else ''}"


def _names(terms: tuple[Term, ...]) -> str:
    return ", ".join(term.name for term in terms)


# ── As fideslang ─────────────────────────────────────────────────────────────────────────────────


def fideslang(made: Content) -> str:
    """The manifest, in YAML."""
    terms = [*made.shared, *(term for each in made.products for term in each.terms)]
    lines = ["data_category:"]
    for term in terms:
        if term.kind == "data":
            lines += _fideslang_term(term)
    lines.append("data_use:")
    for term in terms:
        if term.kind == "purpose":
            lines += _fideslang_term(term)
    lines.append("system:")
    for each in made.products:
        for number, section in enumerate(each.sections, 1):
            lines += _fideslang_system(f"{each.name}_{number}", section)
    return "\n".join(lines) + "\n"


def _fideslang_term(term: Term) -> Iterator[str]:
    yield f"  - fides_key: {term.key}"
    yield f"    name: {term.title}"
    yield f"    description: {term.definition}"
    yield f"    parent_key: {term.key.rpartition('.')[0]}"


def _fideslang_system(key: str, section: Section) -> Iterator[str]:
    yield f"  - fides_key: {key}"
    yield f"    name: {section.title}"
    yield f"    description: What is done in section {section.title}"
    yield "    system_type: Service"
    yield "    administrating_department: Privacy"
    yield "    privacy_declarations:"
    for made in section.practices:
        yield f"      - name: {made.title} {made.passage}"
        yield "        data_categories:"
        yield from (f"          - {term.key}" for term in made.data)
        yield f"        data_use: {made.purpose.key}"
        yield "        data_subjects:"
        yield f"          - {made.subject[1]}"
        yield f"        legal_basis_for_processing: {made.basis[1]}"
        yield f"        retention_period: {_months(made)} after {made.event}"
        if made.recipients:
            yield "        data_shared_with_third_parties: true"
            yield f"        third_parties: {_names(made.recipients)}"


def declarations(made: Content) -> int:
    """How many declarations the manifest has: categories, uses, systems and privacy declarations."""
    terms = [*made.shared, *(term for each in made.products for term in each.terms)]
    sections = [section for each in made.products for section in each.sections]
    practices = sum(len(section.practices) for section in sections)
    return sum(term.kind != "party" for term in terms) + len(sections) + practices


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the benchmarks' input into a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--practices", type=int, default=PRACTICES)
    parser.add_argument("--policies", type=int, default=POLICIES)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    made = content(options.practices, options.policies, options.seed)
    files = workspace(made)
    manifest = fideslang(made)
    write(options.folder, {**files, MANIFEST: manifest})
    text = "".join(files.values())
    print(f"policyspec: {len(files)} files, {text.count(chr(10)):,} lines, {len(text.encode()):,} bytes")
    print(f"fideslang: {declarations(made):,} declarations, {len(manifest.encode()):,} bytes")


if __name__ == "__main__":
    main()
