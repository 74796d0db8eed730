"""From a text without errors to the model: the language's own examples, the worked cases of its meaning, and laws."""

# ruff: noqa: E501  (a sentence stands on one line)

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated, mutated
from policyspec.model import ExceptionTerm, Lasting, Policy, Practice, Prose, Quoted, Section, TermsClause, Until
from resolve_support import PATH, compiled, plain, workspace

# ── The examples of the language's definition ────────────────────────────────────────────────────

VOCABULARY = """
import cn.pipl, cn.gbt35273           # a module: its names come into scope, and its rules apply
import android
import "../house.policy"              # a file of one's own, the same way

policy cloud_phone_sdk "Cloud Phone SDK Privacy Policy"@en "云手机 SDK 隐私政策"@zh {
  provider:  minical
  product:   "Cloud Phone SDK"
  audience:  end_user
  released:  2025-03-04
  effective: 2025-03-04
}

party developer is controller "Developer who integrates the SDK"
party minical is processor "Minical International Limited" {
  on_behalf_of: developer
  alias:        "Minical", "we", "us"
  contact:      "start@vmoscloud.com"
}

subject end_user "End user of a developer application"
subject child is end_user, minor "Minor under 14" { age: under 14 years }

data device "Personal device information" {        # a child is written  name [is …] ["Title"]  and is below its parent
  brand  is hardware_model "Device brand"
  cpu    "CPU information" { frequency "CPU frequency"  cpu_model "CPU model" }
}
data position is precise_location "Personal location information" {
  wifi_name is wifi_ssid "Wi-Fi network name"
  latlong   "Latitude and longitude"
}

purpose streaming is service_provision "Data streaming service"

exception no_consent_needed "Where consent is not required" {      # a named, reusable, closed set of exceptions
  national_security is cn.gbt35273.national_security "National or defence security"
  duty              is cn.pipl.legal_duty            "Statutory duty or obligation"
}
permission CAMERA is android.CAMERA { gives: camera_image }
"""
PRACTICES = '''
collect required device, ip_address, app_info
  for   streaming, identify_product
  under contract

collect optional motion_sensors for simulate_phone under consent
collect optional camera_image for publish_media under consent via CAMERA
share usage to partner only for analytics under consent and contract

collect, use personal without consent when no_consent_needed
never share personal to third_party unless separate_consent, deidentified, required_by_law
never publish personal unless separate_consent, required_by_law
never transfer personal to anyone unless affiliate, explicit_consent
store personal only in CN keep until service_end
must  delete or anonymise personal within 15 days of service_end unless required_by_law
must  notify end_user when breach via push, email, sms
never collect identifying                            # a claim is a prohibition, and so it is checked
"""We cannot guarantee complete security."""          # prose that states nothing checkable is an item too
'''
VAGUE = """
store personal keep "only for the period necessary"
must delete personal, etc within "as soon as possible"
store personal keep at least 3 years, 6 months after account_closure, until service_end, while contract_running, forever
action pass_on is disclose { to: third_party }
extend data precise_location is delicate
data delicate
section "Sharing" { source: "4"  product: "SDK"  share device to partner { imposed_by: required_by_law  effort: best  interest: "x"  refusal: "y"  on_behalf_of: developer } }
"""
RULES = '''
rule consent_not_separate "Sensitive personal information needs separate consent" {
  every collect, use, disclose sensitive under agreement
  needs under separate_consent
  level: error
  cite:  "PIPL art. 29"
  help:  """Ask for consent to this processing on its own, apart from any other agreement."""
}
rule retention_not_stated  "Say how long it is kept" { every collect personal needs keep  cite: "PIPL art. 17(1)(2)" }
rule ground_not_in_law     "No such ground in the law" { every collect, use personal without consent needs when lawful_ground }
rule optional_without_consent "Optional data needs a consent basis" { every collect optional personal needs under consent }
rule no_portability_right  "Portability" { some right portability  level: warning  cite: "PIPL art. 45(3)" }
rule minors_advertising    "No advertising to minors" { no use personal from minor for advertising  level: error }
rule breach_too_late       "Tell people within 72 hours" { every must notify data_subject when breach needs within 72 hours }
'''
TEST = """
test "location never reaches advertisers" {
  forbids    share position to advertiser for advertising
  allows     collect device for streaming
  undeclared collect contacts
}
"""
SUPPRESSION = """
# policyspec: allow contradiction until 2027-03-01 -- agreed with counsel, see impact assessment 14
collect identifying
"""
_HOUSE = {"../house.policy": "data parcel\n"}


@pytest.mark.parametrize(
    "text", ["", PRACTICES, VAGUE, RULES, TEST, SUPPRESSION, PRACTICES + RULES + TEST + SUPPRESSION]
)
def test_examples_of_the_definition(text: str) -> None:
    compiled(VOCABULARY + text, _HOUSE)


# ── The worked cases of the definition of meaning ────────────────────────────────────────────────

OWN = """
policy p { provider: minical }
subject person
party minical is processor
party developer is controller
party adnet is partner, advertiser
subject end_user is person
subject minor is person
subject child is end_user, minor
data device is device_info { brand  cpu  serial }
data imei is device_info, identifying
data mac is device_info, network_id
data position is precise_location { latlong  wifi_name is wifi_ssid }
data gadget is device_info { gadget_id is android_id }
data other_info is personal { face_photo is biometric }
data sensors is personal
purpose better_service is improve_ux { targeted is advertising }
exception no_consent_needed { x_security is national_security  x_duty_e is x_duty }
basis x_duty is legal_duty
right my_access is access
"""

CASES = """
1 collect device_info for streaming ; never collect imei
2 collect imei for security ; never collect identifying
3 collect device_info, imei ; never collect imei
4 collect device ; never collect brand
5 collect device ; never collect brand, cpu, serial
6 collect position ; never collect network_id
7 collect device_info ; never collect network_id
8 collect gadget ; never collect identifying
9 collect, use personal without consent when no_consent_needed ; never collect identifying
10 collect position for streaming ; never collect position for advertising
12 collect position for streaming, advertising ; never collect position for marketing
13 collect device_info for advertising ; never collect imei for marketing
14 use position for better_service ; never use position for advertising
15 share position to partner ; never share position to advertiser
16 sell contacts to adnet ; never disclose personal
18 share contacts to partner for advertising ; never use personal by partner unless improve_ux
19 publish contacts ; never disclose personal to public
20 share contacts under contract ; never share personal to third_party unless consent
21 share contacts by developer to partner ; never share personal to third_party
22 use personal for own_purpose ; never use personal by processor for own_purpose
23 collect device under contract ; never collect personal from minor unless guardian_consent
24 share contacts to partner under separate_consent ; never share personal to third_party unless consent
26 share contacts to partner under implied_consent ; never share personal to third_party unless separate_consent
27 share contacts to partner for improve_ux ; never share personal to third_party unless separate_consent
28 share contacts to partner under separate_consent, contract ; never share personal to third_party unless separate_consent
29 share contacts to partner under separate_consent and contract ; never share personal to third_party unless separate_consent
30 share contacts to partner with encryption, anonymised ; never share personal to third_party unless deidentified
31 share contacts to partner under consent ; never share personal to third_party unless consent and deidentified
33 transfer contacts to affiliate ; never transfer personal unless affiliate, explicit_consent
34 collect brand, contacts ; never collect personal unless device, ip_address
35 publish contacts under legal_duty ; publish brand when x_duty ; never publish personal unless required_by_law
36 share contacts to partner under contract ; never share personal to third_party without consent
37 share personal without consent when national_security ; never share personal to third_party unless separate_consent
38 share personal without consent when no_consent_needed ; never share personal to third_party unless separate_consent, no_consent_needed
41 never share contacts to third_party ; may share contacts to government under legal_duty
42 share contacts only to partner only for analytics ; share contacts to advertiser for analytics
44 share contacts from child only to affiliate ; share contacts from end_user to partner
45 use position only for streaming ; use position for service_provision
47 publish personal only when separate_consent, required_by_law ; publish contacts under separate_consent
49 share personal only to affiliate unless separate_consent ; share contacts to partner under separate_consent
52 must notify end_user when breach ; never notify end_user
53 must delete or anonymise personal ; never delete personal
54 must delete, anonymise personal ; never delete personal
55 must delete personal unless legal_duty ; never delete personal under legal_duty
58 collect device from end_user for streaming under contract ; ? collect brand from end_user for streaming
60 collect, use personal without consent when no_consent_needed ; ? collect contacts when x_security
64 never share personal to third_party unless separate_consent ; ? share position to advertiser under separate_consent
67 collect device ; ? collect brand, contacts for streaming
69 collect other_info under consent ; every collect, use, disclose sensitive under agreement needs under separate_consent
71 collect health under separate_consent, implied_consent
72 collect health under contract and explicit_consent ; every collect health needs under explicit_consent
74 collect health with encryption ; every collect sensitive needs with encryption, access_control
75 collect device for streaming ; store personal in CN keep until service_end ; every collect personal needs keep
77 store device_info keep 90 days ; store contacts keep 2 weeks ; every store personal needs keep 30 days
78 collect personal without consent when no_consent_needed ; every collect personal without consent needs when required_by_law
79 share contacts without separate_consent ; no share personal without consent
80 use device from end_user for advertising ; no use personal from minor for advertising
82 never disclose personal ; some never sell contacts
83 never sell personal unless consent ; some never sell contacts
84 must delete or anonymise personal within 15 days ; some must delete personal
85 must delete personal within 10 days ; some must delete or anonymise contacts within 15 days
86 must delete personal within 15 working days ; some must delete contacts within 15 days
87 collect device ; some right access
89 collect required position for streaming ; collect optional position for service_provision
99 collect only device, ip_address from end_user ; collect contacts from end_user
100 share contacts to partner only for analytics ; share contacts to affiliate for marketing
105 transfer contacts to affiliate in CN, SG ; never transfer personal unless CN
106 must notify end_user when breach ; never notify end_user when crime
107 share anonymous_data to public for commercial ; never share personal
111 store contacts in CN ; never store personal when breach
112 share contacts without consent under contract ; never share personal unless separate_consent
115 share contacts under separate_consent ; every disclose personal needs to
117 collect health under implied_consent ; every collect sensitive under consent needs under separate_consent
120 must delete personal within 40 days ; every must delete personal needs within 30 days
122 share contacts to partner under consent with deidentified ; never share personal to third_party unless consent and deidentified, contract
126 use contacts only by affiliate ; use contacts by partner
127 use contacts by partner only for analytics ; use contacts for marketing
129 collect contacts only from end_user ; collect contacts from minor
134 collect sensors under consent ; every collect personal under consent needs some right portability
139 must notify end_user when breach via push, email ; every must notify end_user needs via email
140 must notify end_user when breach via push and email ; every must notify end_user needs via email
141 must notify end_user when breach via push, email ; some must notify end_user when breach via push, email, sms
"""


@pytest.mark.parametrize("case", CASES.strip().splitlines())
def test_worked_cases(case: str) -> None:
    items = []
    for number, sentence in enumerate(case.partition(" ")[2].split(" ; ")):
        if sentence.startswith("? "):
            sentence = f'test "{number}" {{ allows {sentence[2:]} }}'
        elif sentence.split()[0] in ("every", "no", "some"):
            sentence = f"rule r{number} {{ {sentence} }}"
        items.append(sentence)
    policy = compiled(OWN + "\n".join(items))
    assert len(policy.practices) + len(policy.rules) + len(policy.tests) == len(items)


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("only collect device, ip_address from end_user", "syntax_error"),
        ("may share or sell contacts to partner", "misplaced_or"),
        ("never store contacts keep 30 days", "misplaced_clause"),
        ("collect device when breach when crime", "repeated_clause"),
    ],
)
def test_cases_that_are_errors(sentence: str, rule: str) -> None:
    found = workspace(plain(OWN + sentence)).diagnostics(PATH)
    assert [each.rule for each in found if each.is_error][:1] == [rule]


# ── What the model has ───────────────────────────────────────────────────────────────────────────


def _clauses(practice: Practice) -> dict[str, tuple[str, ...]]:
    return {each.clause: each.terms for each in practice.clauses if isinstance(each, TermsClause) and each.stated}


def _unsaid(practice: Practice) -> dict[str, tuple[str, ...]]:
    return {each.clause: each.terms for each in practice.clauses if isinstance(each, TermsClause) and not each.stated}


def test_defaults() -> None:
    policy = compiled("""
        policy p { provider: acme  audience: end_user }
        party acme
        action hand_over is share
        collect email
        share email
        publish email
        hand_over email
        share email by partner from minor to affiliate
        never share email
        must notify end_user
        section "S" { audience: minor  collect email  section "T" { collect name } }
        collect email
    """)
    by, audience = ("party:acme",), ("subject:core.end_user",)
    both = {"by": by, "from": audience}
    assert [_unsaid(each) for each in policy] == [
        both,
        both | {"to": ("party:core.third_party",)},
        both | {"to": ("party:core.public",)},
        both | {"to": ("party:core.third_party",)},
        {},
        {"by": by},
        both,
        {"by": by, "from": ("subject:core.minor",)},
        {"by": by, "from": ("subject:core.minor",)},
        both,
    ]


def test_actions_that_differ_in_their_recipients() -> None:
    policy = compiled("""
        policy p
        share, sell email
        share, publish email
        collect, share email
        share, publish email to partner
    """)
    assert [each.terms("to") for each in policy] == [("party:core.third_party",), (), (), ("party:core.partner",)]


def test_a_section_has_the_source_of_what_is_in_it() -> None:
    policy = compiled('''
        policy p
        section "S" {
          source: "1", "2", etc
          collect email
          collect name { source: "1.1" }
          """Prose"""
          section "T" { collect email }
          section "U" { source: "3"  collect email { note: "n", etc } }
          """More""" { source: "4" }
          data parcel
          rule r { no sell email }
        }
        collect email
    ''')
    outer = policy.items[0]
    assert isinstance(outer, Section)
    inner = [each for each in outer.items if isinstance(each, Section)]
    prose = [each for each in outer.items if isinstance(each, Prose)]
    of_section, own = ("1", "2"), ("1.1",)
    assert [each.source for each in policy] == [of_section, own, of_section, ("3",), ()]
    assert [each.open_fields for each in policy] == [("source",), (), ("source",), ("note",), ()]
    assert [each.source for each in (*inner, *prose)] == [of_section, ("3",), of_section, ("4",)]
    assert policy.term("parcel").source == policy.rules[0].source == ()


def test_a_section_cites_for_what_is_in_it() -> None:
    policy = compiled('''
        policy p
        section "S" {
          cite: "GDPR art. 13", etc
          collect email
          collect name { cite: "GDPR art. 14" }
          """Prose"""
          section "T" { collect email }
        }
        collect email { cite: "GDPR art. 6" }
    ''')
    of_section = ("GDPR art. 13",)
    assert [each.cite for each in policy] == [of_section, ("GDPR art. 14",), of_section, ("GDPR art. 6",)]
    assert [each.open_fields for each in policy] == [("cite",), (), ("cite",), ()]


def test_a_closed_exception_has_its_members() -> None:
    policy = compiled(
        """
        policy p
        import "house.policy"
        exception spared { duty is legal_duty { inner }  safety }
        exception open
        collect email when house.let_off
    """,
        {"house.policy": "exception let_off { crime_ is crime }\n"},
    )
    members = {each.id: each.members for each in policy.terms if isinstance(each, ExceptionTerm)}
    assert members == {
        "exception:core.crime": (),
        "exception:house.let_off": ("exception:house.let_off.crime_",),
        "exception:house.let_off.crime_": (),
        "exception:open": (),
        "exception:spared": ("exception:spared.duty", "exception:spared.safety"),
        "exception:spared.duty": ("exception:spared.duty.inner",),
        "exception:spared.duty.inner": (),
        "exception:spared.safety": (),
    }
    assert_lawful(policy)


def test_a_sentence() -> None:
    policy = compiled("""
        policy p
        data device { brand }
        share, sell optional only brand, etc
          only to partner, etc
          under consent and contract, explicit_consent
          keep at least 3 working days after breach, until 2027-01-01, "a while"@en, etc {
          hedge: currently
        }
        must delete or anonymise email within 15 days, "soon" after breach
    """)
    first, second = policy
    assert (first.number, first.modality, first.necessity, first.only, first.any_of) == (
        1,
        "practice",
        "optional",
        True,
        False,
    )
    assert first.actions == ("action:core.share", "action:core.sell")
    assert (first.objects, first.is_open, first.hedge) == (("data:device.brand",), True, "currently")
    to, under, keep, *_ = first.clauses
    assert to == TermsClause(clause="to", only=True, items=(("party:core.partner",),), is_open=True)
    assert isinstance(under, TermsClause)
    assert under.items == (("basis:core.consent", "basis:core.contract"), ("basis:core.explicit_consent",))
    lasting, until, quoted = first.keep
    assert isinstance(lasting, Lasting)
    assert (lasting.limit.bound, lasting.limit.duration.amount, lasting.limit.duration.unit) == (
        "at_least",
        3,
        "working_day",
    )
    assert lasting.after == "event:core.breach"
    assert until == Until(date=datetime.date(2027, 1, 1))
    assert isinstance(quoted, Quoted)
    assert (quoted.texts[0].language, quoted.after) == ("en", None)
    assert keep.is_open
    assert (second.number, second.modality, second.any_of) == (2, "must", True)
    assert [each.after for each in second.within] == [None, "event:core.breach"]


def test_fields_are_taken_from_the_term_around() -> None:
    policy = compiled("""
        policy p { version: 1.10  contact: 008613, 2025-01-01, etc }
        permission look {
          gives: email, etc  alias: "see", etc  level: dangerous  note: "n"  since: 2025-01-01
          far { gives: name  near { level: normal } }
          other
        }
    """)
    far, near, other = (policy.term(name) for name in ("far", "near", "other"))
    values = [
        each.model_dump(include={"gives", "alias", "level", "note", "open_fields"}) for each in (far, near, other)
    ]
    inherited = {"alias": (), "note": ()}
    assert values == [
        inherited | {"gives": ("data:core.name",), "level": "dangerous", "open_fields": ()},
        inherited | {"gives": ("data:core.name",), "level": "normal", "open_fields": ()},
        inherited | {"gives": ("data:core.email",), "level": "dangerous", "open_fields": ("gives",)},
    ]
    assert policy.policy.version == ("1.10",)
    assert policy.policy.contact == ("008613", "2025-01-01")
    assert policy.policy.open_fields == ("contact",)


def test_default_parents() -> None:
    policy = compiled("""
        policy p
        data parcel { weight }
        data email
        data gps is location
        party acme
        purpose wrapping
        event breach
        basis consent is consent
    """)
    parents = {each.id: each.parents for each in policy.terms if each.module is None}
    assert parents == {
        "data:parcel": ("data:core.personal",),
        "data:parcel.weight": ("data:parcel",),
        "data:email": ("data:core.email",),
        "data:gps": ("data:core.location",),
        "party:acme": ("party:core.anyone",),
        "purpose:wrapping": (),
        "event:breach": ("event:core.breach",),
        "basis:consent": ("basis:core.consent",),
    }


def test_items_rules_and_tests_of_sections_and_files() -> None:
    files = {
        "sub/house.policy": 'data parcel { weight }\nsection "H" { collect parcel  rule h { no sell parcel } }\n"""More"""\n'
    }
    policy = compiled(
        """
        policy shop { provider: we  audience: end_user }
        import "sub/house.policy", android
        party we
        section "S" {
          source: "1"
          rule inner { some right access }
          test "t" { allows collect parcel }
          data box is parcel
          section "T" { collect box via CAMERA }
        }
        """,
        files,
    )
    assert policy.imports == ("android", "sub/house.policy")
    assert [each.name for each in policy.rules] == ["inner", "h"]
    assert [each.titles[0].text for each in policy.tests] == ["t"]
    assert [each.type for each in policy.items] == ["declaration", "section", "declaration", "section", "prose"]
    section = policy.items[1]
    assert isinstance(section, Section)
    assert [each.type for each in section.items] == ["declaration", "section"]
    assert isinstance(policy.items[-1], Prose)
    assert [(each.number, each.objects, each.location.path) for each in policy] == [
        (1, ("data:box",), "shop.policy"),
        (2, ("data:house.parcel",), "sub/house.policy"),
    ]
    assert policy.term("weight").module == "sub/house.policy"
    assert policy.covers("house.parcel", "box")


def test_extensions_reach_the_model() -> None:
    policy = compiled("policy p\nimport cn.pipl\ncollect gps_coordinates\n")
    assert policy.covers("cn.pipl.sensitive_personal_information", "gps_coordinates")
    assert not compiled("policy p\ncollect gps_coordinates, sensitive\n").covers("sensitive", "gps_coordinates")


def test_a_place_is_relative_to_the_policy() -> None:
    def place(path: str, imported: str, written: str) -> str:
        texts = {path: f'policy p\nimport "{written}"\n', imported: "collect email\n"}
        made = workspace("", texts)
        return made.policy(path).practices[0].location.path

    assert place("a/p.policy", "a/b/q.policy", "b/q.policy") == "b/q.policy"
    assert place("a/p.policy", "q.policy", "../q.policy") == "../q.policy"
    assert place("a/p.policy", "../q.policy", "../../q.policy") == "../../q.policy"
    assert place("/a/p.policy", "/c/q.policy", "../c/q.policy") == "../c/q.policy"
    assert place("../a/p.policy", "../../q.policy", "../../q.policy") == "../../q.policy"


def test_places() -> None:
    text = 'policy p\n\ndata 设备 { 品牌 "x" }\n  # comment\n"""𝔘""" collect 品牌,\n  email\n'
    policy = workspace(text).policy(PATH)
    lines = text.split("\n")

    def cut(each: Practice | Prose) -> str:
        at = each.location
        end = at.end_column - 1 if at.start_line == at.end_line else len(lines[at.start_line - 1])
        return lines[at.start_line - 1][at.start_column - 1 : end]

    prose = policy.items[-2]
    assert isinstance(prose, Prose)
    assert (cut(prose), cut(policy.practices[0])) == ('"""𝔘"""', "collect 品牌,")
    assert (policy.practices[0].location.end_line, policy.practices[0].location.end_column) == (6, 8)
    brand = policy.term("品牌").location
    assert brand is not None
    assert (brand.start_line, brand.start_column, brand.end_column) == (3, 11, 17)


# ── Laws ─────────────────────────────────────────────────────────────────────────────────────────

_ID = re.compile(
    r'"((?:policy|party|subject|data|purpose|basis|exception|permission|safeguard|right|channel|place|event|action):[\w.]+)"'
)


def assert_lawful(policy: Policy) -> None:
    """The model says the same after a round trip, and has every term that it mentions."""
    text = policy.model_dump_json()
    assert Policy.model_validate_json(text) == policy
    ids = [each.id for each in policy.terms]
    assert ids == sorted(set(ids))
    assert set(_ID.findall(text)) - {policy.policy.id} == set(ids)


def test_the_sample_is_lawful() -> None:
    assert_lawful(compiled(SAMPLE))


@settings(max_examples=250)
@given(st.one_of(generated(), mutated()))
def test_no_errors_then_a_model(text: str) -> None:
    made = workspace(text, {"house.policy": "data parcel { weight }\n"})
    if made.is_policy(PATH) and not any(each.is_error for each in made.diagnostics(PATH)):
        assert_lawful(made.policy(PATH))
        assert len(made.policy(PATH).practices) == len(list(made.policy(PATH)))
