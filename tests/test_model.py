"""The compiled model: strict, frozen, self-contained, and the same bytes wherever it is made."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pydantic
import pytest

import policyspec
from policy_texts import SAMPLE
from policyspec import model
from policyspec.kinds import CLAUSES, FAMILIES, KINDS, fields_of
from policyspec.model import Policy, Term
from policyspec.scope import Definition
from resolve_support import PATH, compiled, workspace

POLICY = compiled(SAMPLE)


def test_round_trip() -> None:
    text = POLICY.model_dump_json()
    POLICY.covers("personal", "brand")  # what is remembered is no part of it
    again = Policy.model_validate_json(text)
    assert again == POLICY
    assert again.model_dump_json() == text
    assert repr(again) == repr(POLICY)
    assert json.loads(text)["format"] == "policyspec/1"


def test_the_same_bytes_in_every_process() -> None:
    made_there = "policyspec.loads(SAMPLE, 'shop.policy').model_dump_json()"
    code = f"from policy_texts import SAMPLE; import policyspec; print({made_there})"
    paths = os.pathsep.join(map(str, (Path(policyspec.__file__).parents[1], Path(__file__).parent)))
    made = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]
    assert made[0].decode() == POLICY.model_dump_json() + "\n"


def _values(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, pydantic.BaseModel):
        for name in type(value).model_fields:
            yield from _values(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _values(each)


def test_frozen() -> None:
    for value in _values(POLICY):
        assert not isinstance(value, list | dict | set | bytearray)
        if isinstance(value, pydantic.BaseModel):
            name = next(iter(type(value).model_fields))
            with pytest.raises(pydantic.ValidationError, match="frozen"):
                setattr(value, name, getattr(value, name))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("policy", "nonsense"), 1),
        (("policy", "name"), 1),
        (("policy", "root"), "yes"),
        (("terms", 0, "kind"), "thing"),
        (("terms", 0, "kind"), "purpose"),
        (("terms", 0, "is_defined"), 1),
        (("items", 0, "type"), "nothing"),
        (("format",), "policyspec/2"),
        (("policy", "effective"), "2025-02-30"),
    ],
)
def test_strict(path: tuple[Any, ...], value: Any) -> None:
    data = json.loads(POLICY.model_dump_json())
    at = data
    for each in path[:-1]:
        at = at[each]
    at[path[-1]] = value
    with pytest.raises(pydantic.ValidationError):
        Policy.model_validate_json(json.dumps(data))


def test_json_schema() -> None:
    schema = model.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(POLICY.model_dump_json())
    jsonschema.validate(data, schema)
    data["items"][-1]["nonsense"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)


def test_unions_are_told_apart_by_one_field() -> None:
    definitions = model.json_schema()["$defs"]
    assert isinstance(definitions, dict)
    text = json.dumps(model.json_schema())
    for name in ("kind", "type", "clause"):
        assert '"discriminator": {"mapping": {' in text
        assert f'"propertyName": "{name}"' in text


# ── What covers what ─────────────────────────────────────────────────────────────────────────────


def test_covers_is_reachability() -> None:
    made = workspace(SAMPLE)
    resolutions = made.resolutions(PATH)
    extended: dict[Definition, list[Definition]] = {}
    for resolution in resolutions.values():
        for term, parent in resolution.extensions:
            extended.setdefault(term, []).append(parent)

    def above(each: Definition) -> set[Definition]:
        found, todo = {each}, [each]
        while todo:
            at = todo.pop()
            parents = {*resolutions[at.module].parents[at], *extended.get(at, ())} - found
            found |= parents
            todo += parents
        return found

    def id_of(each: Definition) -> str:
        return f"{each.kind}:{each.qualified}"

    own = resolutions[PATH].module.definitions
    ids = [each.id for each in POLICY.terms]
    for each in own:
        if each.kind != "policy":
            expected = {id_of(term) for term in above(each)}
            assert {general for general in ids if POLICY.covers(general, id_of(each))} == expected


def test_terms_by_name() -> None:
    policy = compiled("""
        policy p
        data device { brand }
        data email is contact_information
        collect email, core.email, brand
        notify end_user via email
    """)
    found = {
        ("data:device.brand", None): "data:device.brand",
        ("brand", None): "data:device.brand",
        ("device.brand", "data"): "data:device.brand",
        ("email", None): "data:email",
        ("email", "channel"): "channel:core.email",
        ("core.email", "data"): "data:core.email",
        ("personal", None): "data:core.personal",
    }
    assert {asked: policy.term(*asked).id for asked in found} == found
    for name in ("rand", "", "data:brand", "nothing", "vice.brand"):
        with pytest.raises(KeyError):
            policy.term(name)
    with pytest.raises(KeyError):
        policy.term("brand", "purpose")


def test_a_name_of_several_kinds() -> None:
    policy = compiled("""
        policy p
        event moved
        purpose moved
        data device { sms }
        collect email, sms for moved
        notify end_user via email, sms
        collect core.email
    """)
    assert policy.term("email").id == "data:core.email"
    assert policy.term("sms").id == "data:device.sms"
    assert policy.term("moved").id == "purpose:moved"
    assert policy.covers("identifying", "email")
    assert policy.covers("personal", "sms")
    assert policy.covers("channel:core.email", "channel:core.email")
    assert not policy.covers("identifying", "channel:core.email")


def test_covers_by_name() -> None:
    assert POLICY.covers("device_info", "brand")
    assert POLICY.covers("device", "data:device.brand")
    assert POLICY.covers("agreement", "explicit_consent")
    assert POLICY.covers("minor", "child")
    assert POLICY.covers("core.national_security", "safety")
    assert not POLICY.covers("brand", "device")
    assert not POLICY.covers("acme", "brand")
    for names in (("nothing", "brand"), ("brand", "nothing")):
        with pytest.raises(KeyError):
            POLICY.covers(*names)


def test_a_model_with_a_cycle_is_no_endless_loop() -> None:
    data = json.loads(POLICY.model_dump_json())
    for each in data["terms"]:
        if each["id"] == "data:core.personal":
            each["parents"] = ["data:device.brand", "data:gone"]
    policy = Policy.model_validate_json(json.dumps(data))
    assert policy.covers("brand", "personal")
    assert not policy.covers("wrapping", "personal")


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────


def test_practices_with() -> None:
    policy = compiled("""
        policy shop { provider: acme  audience: end_user }
        party acme
        data device { brand  serial }
        collect device for analytics under consent
        collect brand for advertising, security
        share serial to partner
        notify end_user
        publish_policy shop
        never sell personal
    """)

    def numbers(**asked: str) -> list[int]:
        return [each.number for each in policy.practices_with(**asked)]

    assert numbers() == [1, 2, 3, 4, 5, 6]
    assert numbers(data="brand") == [1, 2, 6]
    assert numbers(data="device") == [1, 2, 3, 6]
    assert numbers(data="serial", action="collect") == [1]
    assert numbers(action="disclose") == [3, 6]
    assert numbers(action="publish_policy") == [5]
    assert numbers(purpose="marketing") == [2]
    assert numbers(party="partner") == [3]
    assert numbers(party="acme") == [1, 2, 3, 4, 5, 6]
    assert numbers(subject="end_user") == [1, 2, 3, 4, 5, 6]
    assert numbers(basis="agreement") == [1]
    assert numbers(data="data:device.brand", purpose="purpose:core.security") == [2]
    for asked in ({"data": "nothing"}, {"data": "acme"}, {"purpose": "brand"}, {"subject": "acme"}):
        with pytest.raises(KeyError):
            policy.practices_with(**asked)


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("collect email from partner", {"party": "partner"}),
        ("collect email by partner", {"party": "partner"}),
        ("share email to partner", {"party": "partner"}),
        ("notify partner when breach", {"party": "partner"}),
        ("never share email unless partner", {"party": "partner"}),
        ("collect email from minor", {"subject": "vulnerable_person"}),
        ("share email to end_user", {"subject": "end_user"}),
        ("notify end_user", {"subject": "end_user"}),
        ("never sell email from minor", {"subject": "minor"}),
        ("collect email for advertising", {"purpose": "marketing"}),
        ("never collect email unless advertising", {"purpose": "advertising"}),
        ("collect email under explicit_consent", {"basis": "consent"}),
        ("may collect email without consent when public_interest", {"basis": "agreement"}),
        ("never share email unless legal_duty", {"basis": "required_by_law"}),
        ("share email when legal_duty", {"basis": "legal_duty"}),
        ("must obtain guardian_consent", {"basis": "guardian_consent"}),
        ("must notify end_user when breach", {"event": "security_incident"}),
        ("must notify end_user unless breach", {"event": "breach"}),
        ("store email keep 3 years after contract_end", {"event": "contract_end"}),
        ("store email keep until account_closure", {"event": "account_closure"}),
        ("store email keep while account_exists", {"event": "account_exists"}),
        ('must delete email within "soon" after dispute_end', {"event": "dispute_end"}),
        ("must delete email within 30 days after withdrawal", {"event": "withdrawal"}),
        ("share email when public_health", {"exception": "public_health"}),
        ("never share email unless public_health", {"exception": "public_health"}),
        ("collect photo via android.CAMERA", {"permission": "CAMERA"}),
        ("collect photo unless android.CAMERA", {"permission": "CAMERA"}),
        ("notify end_user via sms", {"channel": "sms"}),
        ("must honour opt_out_signal", {"channel": "opt_out_signal"}),
        ("store email with encryption_at_rest", {"safeguard": "encryption"}),
        ("never store email unless encryption", {"safeguard": "encryption"}),
        ("must apply encryption", {"safeguard": "encryption"}),
        ("must grant access", {"right": "access"}),
        ("store email in FR", {"place": "EEA"}),
        ("transfer email to US", {"place": "US"}),
    ],
)
def test_practices_with_looks_wherever_a_term_may_stand(sentence: str, asked: dict[str, str]) -> None:
    policy = compiled(f"""
        policy p {{ provider: acme  audience: consumer }}
        import android
        party acme
        collect name
        {sentence}
    """)
    assert [each.number for each in policy.practices_with(**asked)] == [2]


def test_every_kind_can_be_asked_for() -> None:
    asked = inspect.signature(Policy.practices_with).parameters
    assert set(asked) == {"self", *KINDS} - {"policy"}


def test_a_prohibition_is_about_anybody() -> None:
    policy = compiled("""
        policy p { audience: end_user }
        collect email
        never sell email
        never sell email from minor
        never sell email from patient
    """)
    assert [each.number for each in policy.practices_with(subject="minor")] == [2, 3]
    assert [each.is_about_anybody for each in policy] == [False, True, False, False]


def test_every_clause_has_the_same() -> None:
    policy = compiled("""
        policy p { audience: end_user }
        must store email only under consent, etc within 3 days
          keep 3 years after contract_end, until withdrawal, forever, etc
    """)
    (practice,) = policy
    assert {each.clause: (each.stated, each.only, each.is_open, each.terms) for each in practice.clauses} == {
        "under": (True, True, True, ("basis:core.consent",)),
        "keep": (True, False, True, ("event:core.contract_end", "event:core.withdrawal")),
        "within": (True, False, False, ()),
        "from": (False, False, False, ("subject:core.end_user",)),
    }
    assert practice.terms("keep") == ("event:core.contract_end", "event:core.withdrawal")
    assert practice.mentions == {
        "action:core.store", "data:core.email", *(term for each in practice.clauses for term in each.terms),
    }  # fmt: skip


def test_iteration() -> None:
    assert list(POLICY) == list(POLICY.practices)
    assert [each.number for each in POLICY] == list(range(1, len(POLICY.practices) + 1))
    assert POLICY.name == "shop"
    duty = next(each for each in POLICY if each.any_of)
    assert (duty.modality, duty.terms("unless"), duty.terms("to")) == ("must", ("basis:core.required_by_law",), ())
    assert [each.type for each in duty.within] == ["lasting", "quoted"]
    assert duty.keep == ()


def test_titles() -> None:
    assert POLICY.policy.title() == "Shop"
    assert POLICY.policy.title("zh") == "商店"
    assert POLICY.policy.title("fr") == "Shop"
    assert POLICY.term("brand").title("zh") == "Brand"
    assert POLICY.term("wrapping").title() == "wrapping"


# ── The classes ──────────────────────────────────────────────────────────────────────────────────


def test_every_kind_has_a_class_and_fields() -> None:
    assert tuple(model.TERMS) == KINDS
    for kind in KINDS:
        assert model.TERMS[kind].model_fields["kind"].default == kind
        assert set(fields_of(kind)) < set(model.TERMS[kind].model_fields)
        assert kind in FAMILIES[kind]
        for name, (takes, says) in fields_of(kind).items():
            assert says, name
            assert set(takes.kinds) <= set(KINDS)
    assert all(set(each.kinds) <= set(KINDS) for each in CLAUSES.values())
    assert {each.__name__ for each in Term.__subclasses__()} == {each.__name__ for each in model.TERMS.values()}


def _modules() -> Iterator[ModuleType]:
    """The package's modules, save those that need what is not installed."""
    for each in pkgutil.walk_packages(policyspec.__path__, "policyspec."):
        if not each.name.endswith("__main__"):
            with contextlib.suppress(ModuleNotFoundError):
                yield importlib.import_module(each.name)


def test_every_value_is_frozen() -> None:
    for module in _modules():
        for each in vars(module).values():
            if isinstance(each, type) and each.__module__ == module.__name__:
                if dataclasses.is_dataclass(each):
                    assert each.__dataclass_params__.frozen, each  # type: ignore[attr-defined]
                elif issubclass(each, pydantic.BaseModel):
                    assert each.model_config.get("frozen"), each


PURE = (
    "source", "diagnostic", "kinds", "suggest", "syntax", "model", "scope", "taxonomy", "names", "findings",
    "references", "fields", "sentences", "resolve", "compile", "workspace",
)  # fmt: skip


@pytest.mark.parametrize("name", PURE)
def test_the_core_reads_nothing(name: str) -> None:
    """Neither files nor clocks nor the environment, but for the package's own tables."""
    here = Path(policyspec.__file__).parent
    files = [here / f"{name}.py"] if (here / f"{name}.py").exists() else sorted((here / name).glob("*.py"))
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"os", "sys", "time", "random", "socket", "subprocess"} & {
                each.split(".")[0] for each in names
            }, file
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("getcwd", "today", "now", "environ", "relpath", "abspath"), (file, node.lineno)
