"""A small vocabulary, and policies in it, for what is said of the meaning of sentences."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from policyspec.acts import Acts
from policyspec.order import Order
from policyspec.resolve import resolve
from policyspec.scope import Context, Definition, Module, Resolution, index, items
from policyspec.statements import Judgement, judgements, sentences, statement
from policyspec.syntax import nodes
from policyspec.syntax.parser import parse

CORE = """
action process | action collect, use, store, disclose < process | action share, sell, publish, transfer < disclose
action delete, anonymise < process | action notify, ask_consent, vet, protect, bind
data personal | data sensitive, identifying, device_info, contacts, precise_location, network_id < personal
data camera_image, log_info < personal
data imei < device_info, identifying | data mac < device_info, network_id
data ip_address, android_id < identifying | data wifi_ssid < network_id
data biometric, health < sensitive | data anonymous_data
purpose service_provision | purpose streaming, publish_media < service_provision | purpose analytics, security
purpose marketing | purpose advertising < marketing | purpose improve_ux, own_purpose, commercial
party controller, processor | party third_party | party public, partner, advertiser, government, acquirer < third_party
party affiliate | party regulator < government
subject person | subject end_user, minor < person
basis agreement | basis consent, implied_consent < agreement | basis explicit_consent < consent
basis separate_consent, guardian_consent < explicit_consent | basis contract, legitimate_interest
basis required_by_law | basis legal_duty < required_by_law
exception national_security, emergency, crime, public_interest, news_report, public_data, contract_need
event breach, merger, service_end
safeguard deidentified, encryption, access_control, nda | safeguard anonymised < deidentified
place CN, SG | channel email, push, sms, web_page | permission CAMERA | right access, portability
"""
OWN = """
data device < device_info | data brand, cpu, serial < device
data position < precise_location | data latlong < position
data wifi_name < position, wifi_ssid | data gadget < device_info | data gadget_id < gadget, android_id
data other_info < personal | data face_photo < other_info, biometric | data sensors < personal
party minical < processor | party developer < controller | party adnet < partner, advertiser
subject child < end_user, minor | purpose better_service < improve_ux | purpose targeted < better_service, advertising
basis x_duty < legal_duty | right my_access < access
"""
# The actions' facts, which the library says in its fields.
FACTS = {
    "share": "to: third_party", "sell": "to: third_party", "transfer": "to: third_party", "publish": "to: public",
    "collect": "entails: use  told_with: use, store", "disclose": "lets: use",
}  # fmt: skip
CLOSED = "exception no_consent_needed { x_security is national_security  x_duty_e is x_duty }"
_TAKES = "takes: data, subject, party, safeguard, right, basis"


def declarations(table: str) -> str:
    """Declarations out of lines such as `data brand, cpu < device`."""
    lines = []
    for line in table.replace("|", "\n").splitlines():
        left, _, right = line.partition("<")
        kind, _, names = left.partition("{")[0].strip().partition(" ")
        for name in filter(None, (each.strip() for each in names.split(","))):
            above = f" is {right.strip()}" if right.strip() else ""
            fields = ""
            if kind == "action":
                fields = f" {{ {_TAKES}  {FACTS.get(name, '')} }}"
            elif name == "agreement":
                fields = " { graded: yes }"
            lines.append(f"{kind} {name}{above}{fields}")
    return "\n".join(lines) + "\n"


class World(NamedTuple):
    """What the policies of some cases are written in."""

    core: Resolution
    own: str
    extra: str = ""


@cache
def world(core: str = CORE, own: str = OWN, closed: str = CLOSED) -> World:
    text = declarations(core)
    module = index("core", {"core": parse(text)}, is_library=True)
    made = resolve(module, Context({}, None))
    assert not made.diagnostics, made.diagnostics
    header = "policy p { provider: minical  audience: end_user }\n"
    return World(made, header + declarations(own) + closed + "\n")


class Read(NamedTuple):
    """A policy that has been read, with the rules and questions that stand in it."""

    acts: Acts
    judgements: tuple[Judgement, ...]
    by: tuple[Definition, ...]
    from_: tuple[Definition, ...]
    module: Module
    resolution: Resolution


def read(text: str, in_world: World | None = None) -> Read:
    """Sentences, rules and questions, in the words of a world."""
    used = in_world or world()
    module = index("p", {"p": parse(used.own + text)})
    assert not module.trees["p"].faults, module.trees["p"].faults
    made = resolve(module, Context({}, used.core.module, (), {"core": used.core}))
    errors = [each.message for each in made.diagnostics if each.is_error]
    assert not errors, errors
    header = next(each for each in module.definitions if each.kind == "policy")
    by, from_ = made.fields[header].get("provider", ()), made.fields[header].get("audience", ())
    order = Order({"core": used.core, "p": made})
    acts = Acts(order, tuple(sentences(made, "p", by, from_)))
    references = made.references["p"]
    found = [
        judgement
        for base, node in items(module.trees["p"])
        if type(node) is nodes.Rule
        for judgement in judgements(node, base, references)
    ]
    return Read(acts, tuple(found), by, from_, module, made)


def ask(text: str, question: str) -> str:
    made = read(f'{text}\ntest "t" {{ allows {question} }}')
    for base, node in items(made.module.trees["p"]):
        if type(node) is nodes.Test:
            asked = node.members[0]
            assert isinstance(asked, nodes.Question)
            says = statement(asked.pattern, base, made.resolution.references["p"])
            assert says is not None
            return made.acts.ask(says, made.by, made.from_).verdict
    raise AssertionError(question)


class Case(NamedTuple):
    number: int
    why: str
    policy: str
    question: str
    rule: str
    verdict: str


def cases() -> list[Case]:
    found: list[Case] = []
    lines = (Path(__file__).parent / "data" / "meaning_cases.txt").read_text("utf-8").splitlines()
    head, policy, question, rule = "", "", "", ""
    for line in lines:
        body = line.strip()
        if not body or line.startswith("#"):
            continue
        if not line.startswith(" "):
            head, policy, question, rule = body, "", "", ""
        elif body.startswith("-> "):
            number, _, why = head.partition(" ")
            found.append(Case(int(number), why, policy.replace(" ; ", "\n"), question, rule, body[3:]))
        elif body.startswith("? "):
            question = body[2:]
        elif body.startswith("|= "):
            rule = body[3:]
        else:
            policy = body
    return found
