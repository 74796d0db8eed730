"""The vocabulary: whole, in both languages, and with edges that are true."""

from __future__ import annotations

import re
from functools import cache

import pytest

from policyspec import library
from policyspec.kinds import FAMILIES, KINDS
from policyspec.library import compiled
from policyspec.scope import Definition, Resolution
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace

FILES = [source for name in library.names() for source in library.sources(name)]
CORE = compiled.from_source("core")


@cache
def above(kind: str, path: str) -> frozenset[str]:
    """The paths of a core term and of all above it."""
    (start,) = (each for each in CORE.module.exact[path] if each.kind == kind)
    found, todo = {start}, [start]
    while todo:
        parents = [each for each in CORE.parents[todo.pop()] if each not in found]
        found.update(parents)
        todo += parents
    return frozenset(each.path for each in found)


@pytest.mark.parametrize("source", FILES, ids=lambda source: source.path)
def test_parses(source: library.Source) -> None:
    assert parse(source.text).faults == ()


@pytest.mark.parametrize("name", library.names())
def test_nothing_is_found_in_it(name: str) -> None:
    assert [each.message for each in compiled.from_source(name).diagnostics] == []


@pytest.mark.parametrize("name", library.names())
def test_precompiled_is_the_same(name: str) -> None:
    def facts(resolution: Resolution) -> dict[str, object]:
        def plain(value: object) -> object:
            if isinstance(value, Definition):
                return f"{value.kind}:{value.qualified}"
            return tuple(map(plain, value)) if isinstance(value, list | tuple) else value

        return {
            f"{each.kind}:{each.qualified}": (
                each.file,
                each.span,
                each.name_span,
                each.titles,
                plain(resolution.parents[each]),
                {name: plain(value) for name, value in resolution.fields[each].items()},
            )
            for each in resolution.module.definitions
        }

    fresh, kept = compiled.from_source(name), compiled.resolution(name)
    assert facts(fresh) == facts(kept)
    for names in ("exact", "loose"):
        mine, theirs = getattr(fresh.module, names), getattr(kept.module, names)
        assert {key: [each.path for each in found] for key, found in mine.items()} == {
            key: [each.path for each in found] for key, found in theirs.items()
        }
    assert fresh.module.imports == kept.module.imports


def test_a_policy_may_import_all_of_it() -> None:
    text = "policy p\nimport " + ", ".join(library.names()) + "\n"
    made = Workspace({"p.policy": library.Source("p.policy", text)})
    assert made.diagnostics("p.policy") == ()
    assert made.policy("p.policy").imports == tuple(each for each in library.names() if each != "core")


def test_titles_in_english_and_chinese() -> None:
    for each in CORE.module.definitions:
        if each.kind != "place":
            assert {language for _, language in each.titles} >= {"en", "zh"}, each.path
        for text, _ in each.titles:
            assert text == text.strip(), each.path
            assert text, each.path


def test_places_have_titles_in_english_and_chinese() -> None:
    places = [each for each in CORE.module.definitions if each.kind == "place"]
    assert all({language for _, language in each.titles} >= {"en", "zh"} for each in places)


def test_size() -> None:
    count = {kind: sum(each.kind == kind for each in CORE.module.definitions) for kind in KINDS}
    assert count["data"] >= 150
    assert count["purpose"] >= 60
    assert count["place"] > 240
    assert all(count[kind] for kind in KINDS if kind not in ("policy", "permission"))


def test_all_personal_data_are_below_personal() -> None:
    data = [each.path for each in CORE.module.definitions if each.kind == "data"]
    others = {"non_personal", "anonymous_data", "statistics"}
    assert {each for each in data if "personal" not in above("data", each)} == others
    assert not any("non_personal" in above("data", each) for each in data if each not in others)


def test_acyclic() -> None:
    # Above itself would be a term that one of its parents is below.
    for each in CORE.module.definitions:
        for parent in CORE.parents[each]:
            assert parent is not each
            assert parent.kind not in KINDS or each.path not in above(parent.kind, parent.path)


@pytest.mark.parametrize(
    "data",
    [
        "ip_address",
        "precise_location",
        "email",
        "name",
        "imei",
        "phone_number",
        "government_id",
        "face_photo",
        "face_template",
    ],
)
def test_identifying(data: str) -> None:
    assert "identifying" in above("data", data)


@pytest.mark.parametrize(
    "data", ["face_photo", "voice_recording", "voiceprint", "face_template", "fingerprint", "iris"]
)
def test_face_and_voice_are_identifying(data: str) -> None:
    assert "identifying" in above("data", data)


@pytest.mark.parametrize(
    "data", ["biometric", "health", "religious_belief", "sexual_orientation", "genetic", "criminal_record"]
)
def test_sensitive(data: str) -> None:
    assert "sensitive" in above("data", data)


@pytest.mark.parametrize(
    ("special", "general"),
    [
        # Edges of vocabularies derived by machine that make every check on them wrong.
        ("personal", "non_personal"),
        ("email", "non_personal"),
        ("email", "anonymous_data"),
        ("password", "mac_address"),
        ("media_consumption", "location"),
        ("location", "media_consumption"),
        ("wifi_ssid", "software_info"),
        ("ip_address", "software_info"),
        ("wifi_ssid", "location"),
        # What one law protects specially stands in that law's pack.
        ("precise_location", "sensitive"),
        ("financial_account", "sensitive"),
        ("usage", "identifying"),
        ("device_info", "identifying"),
        ("location", "identifying"),
        ("mac_address", "password"),
    ],
)
def test_false_edges(special: str, general: str) -> None:
    assert general not in above("data", special)


def test_strength_of_agreement() -> None:
    order = ["separate_consent", "explicit_consent", "consent", "agreement"]
    for weaker in range(len(order)):
        assert set(order[weaker:]) <= above("basis", order[weaker])
        assert not set(order[:weaker]) & above("basis", order[weaker])
    assert above("basis", "implied_consent") == {"implied_consent", "agreement"}
    assert "explicit_consent" in above("basis", "guardian_consent")
    for other in ("contract", "legal_duty", "legitimate_interest"):
        assert "agreement" not in above("basis", other)


def test_recipients() -> None:
    for third in ("partner", "advertiser", "public", "government"):
        assert "third_party" in above("party", third)
    for none in ("affiliate", "processor", "controller", "service_provider"):
        assert "third_party" not in above("party", none)


def test_actions_say_what_they_are_done_to() -> None:
    for each in CORE.module.definitions:
        if each.kind == "action":
            assert CORE.fields[each].get("takes"), each.path
    for action in ("share", "sell", "publish", "transfer"):
        assert "disclose" in above("action", action)
        (term,) = CORE.module.exact[action]
        assert CORE.fields[term]["to"]


def test_links_to_other_vocabularies() -> None:
    seen: dict[tuple[str, str], str] = {}
    for each in CORE.module.definitions:
        for iri in CORE.fields[each].get("dpv", ()):
            assert re.fullmatch(r"https://w3id\.org/dpv(?:/[a-z]+)*(?:#|/pd#)[A-Za-z0-9-]+", iri), iri
            assert seen.setdefault((each.kind, iri), each.path) == each.path, iri
        for key in CORE.fields[each].get("fideslang", ()):
            assert re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)*", key), key


def test_names_of_a_scope_are_told_apart() -> None:
    for name in library.names():
        module = compiled.from_source(name).module
        for kind in KINDS:
            for names in (module.exact, module.loose):
                for word, found in names.items():
                    assert sum(each.kind == kind for each in found) <= 1, word


def test_names_are_unique_over_kinds_that_are_one_taxonomy() -> None:
    for name, found in CORE.module.exact.items():
        for family in FAMILIES.values():
            assert sum(each.kind in family for each in found) <= 1, name


def test_every_alias_means_its_term() -> None:
    for each in CORE.module.definitions:
        for alias in CORE.fields[each].get("alias", ()):
            assert parse(f"data {alias}\n").faults == (), alias
            assert CORE.module.find(alias, FAMILIES[each.kind]) == [each], alias


AMERICAN = (
    ("isation", "ization"), ("(personal|anonym|pseudonym|author|organ)is(?=e|ation)", r"\1iz"), ("our(?=$|al$)", "or"),
    ("analyse", "analyze"), ("programme", "program"), ("fulfil(?=$|ment$)", "fulfill"), ("traveller", "traveler"),
    ("adviser", "advisor"), ("behavioural", "behavioral"),
)  # fmt: skip


def test_american_spellings_are_aliases() -> None:
    for each in CORE.module.definitions:
        american = each.path
        for british, spelling in AMERICAN:
            american = re.sub(british, spelling, american)
        assert american == each.path or american in CORE.fields[each].get("alias", ()), each.path


def test_no_such_module() -> None:
    with pytest.raises(KeyError):
        library.sources("nothing")
    with pytest.raises(KeyError):
        compiled.module("nothing")
