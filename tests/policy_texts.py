"""Texts of policies for property tests: valid ones, ones made at random, and ones with something changed."""

from __future__ import annotations

import re

from hypothesis import strategies as st

# A policy of two files that contradicts itself once: it promises never to share what it shares.
HOUSE = 'party adnet is advertiser, third_party "Ad Network Ltd"\n'
SHOP = """\
import "house.policy"
policy shop "Shop" { provider: us  audience: user  effective: 2026-06-01  contact: "privacy@shop.example" }
party us is controller "Shop Ltd" { contact: "privacy@shop.example" }
subject user is end_user "Users"
collect email from user for delivery under contract keep 1 year
never share email to advertiser
share email to adnet for advertising under consent
"""

# A bit of everything, in which nothing is found.
SAMPLE = '''\
import android, cn.pipl
policy shop "Shop"@en "商店"@zh { provider: acme  audience: end_user  version: 1.10  released: 2025-03-04
  contact: "x", etc }
party acme is processor "Acme" { on_behalf_of: developer  alias: "we", "us"  place: CN, SG }
party developer is controller
subject child is end_user, minor { age: under 14 years }
data device is device_info { brand is hardware_model "Brand" cpu { frequency  cpu_model } }
data 设备 is device { 品牌 }
purpose wrapping is delivery
exception spared { duty is cn.pipl.legal_duty  safety is core.national_security }
permission CAM is android.CAMERA { gives: camera_image, etc }
right ask is access { channel: email, sms  by: acme  within: 15 working days  grounds: breach }
event moved "Moved"
action hand_over is share { to: partner }
extend data precise_location is 设备

section "Collection" {
  audience: child
  source:   "§1"
  collect required device, ip_address, etc for wrapping under contract and explicit_consent { hedge: currently }
  collect optional camera_image only for publish_media under consent via CAM, sms
  section "More" { """Prose""" { note: "x"@en }  share usage to partner with encryption, nda }
  rule inside { no sell personal  level: error  cite: "art. 1", etc }
}
hand_over contacts under separate_consent
may use core.email from child by affiliate when breach, spared
never share personal to third_party unless separate_consent, deidentified and encryption, CN, sms
never collect identifying without consent
store personal only in CN keep until service_end, at least 3 years, 6 months after moved, "as needed", forever, etc
must delete or anonymise personal within 15 days of service_end, "soon" unless required_by_law
should notify end_user when breach via push and email within 72 hours
publish_policy shop
"""We cannot promise *everything*."""@en
rule late "Late" {
  every must notify data_subject when breach needs within 72 hours
  every collect personal needs keep under consent
  some right portability
}
test "asked" { allows collect brand for wrapping  forbids sell contacts to advertiser  undeclared collect genetic }
'''

# What a name after a word may be; one in some is of another kind, unknown or ambiguous.
_RIGHT = {
    "data": ("email", "name", "device", "cpu", "品牌", "core.email", "data.email", "parcel", "house.parcel"),
    "party": ("partner", "core.processor", "affiliate", "party.partner"),
    "subject": ("end_user", "minor", "user"),
    "purpose": ("analytics", "security", "wrapping"),
    "basis": ("consent", "contract", "core.legal_duty"),
    "exception": ("crime", "spared", "national_security"),
    "permission": ("android.CAMERA", "android.NONE", "CAMERA"),
    "safeguard": ("encryption", "nda"),
    "right": ("access", "copy"),
    "channel": ("sms", "push", "channel.email"),
    "place": ("CN", "SG"),
    "event": ("breach", "withdrawal"),
    "action": ("collect", "use"),
}
_CLAUSES = {
    "from": "subject", "by": "party", "to": "party", "for": "purpose", "only for": "purpose",
    "under": "basis", "without": "basis", "unless": "safeguard", "when": "exception", "via": "channel",
    "in": "place", "with": "safeguard",
}  # fmt: skip
_ACTIONS = {
    "collect": "data", "use": "data", "share": "data", "must delete": "data", "never share": "data",
    "notify": "subject", "may collect optional": "data", "must delete or correct": "data", "grant": "right",
    "send": "data",
}  # fmt: skip
_any_name = st.sampled_from([*(name for names in _RIGHT.values() for name in names), "nothing", "core.none", "shop"])


def _names(kind: str) -> st.SearchStrategy[str]:
    return st.one_of(*[st.sampled_from(_RIGHT[kind])] * 12, _any_name)


def _list(kind: str) -> st.SearchStrategy[str]:
    return st.lists(_names(kind), min_size=1, max_size=3).map(", ".join)


def _clause(word: str) -> st.SearchStrategy[str]:
    kind = _CLAUSES[word]
    joint = st.tuples(_names(kind), _names(kind)).map(" and ".join)
    return st.one_of(_list(kind), joint, _list(kind).map("{}, etc".format)).map(f"{word} {{}}".format)


_periods = st.sampled_from(
    ("keep 3 days", "keep until breach", 'keep "long"', "keep forever, etc", "within 3 days of breach")
)
_clauses = st.one_of(*map(_clause, _CLAUSES), _periods)
_practices = st.sampled_from(tuple(_ACTIONS)).flatmap(
    lambda action: st.tuples(
        st.just(action),
        _list(_ACTIONS[action]),
        st.lists(_clauses, max_size=3, unique_by=lambda it: it.split()[0]).map(" ".join),
    ).map(" ".join)
)
_fields = st.sampled_from(
    (
        'alias: "we"',
        'note: "x"@en',
        "since: 2025-01-01",
        "cite: 01.10, etc",
        "root: yes",
        "definition: etc",
        "contact: 1",
    )
)
_declarations = st.sampled_from(tuple(_RIGHT)).flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        st.one_of(
            st.sampled_from(("box", "crate", "moved", "lost", "device")),
            _any_name.filter(str.isidentifier),
        ),
        st.one_of(st.just(""), _list(kind).map("is {}".format)),
        st.one_of(st.just(""), _fields.map("{{ {} }}".format), st.just("{ lid cpu { lid2 } }")),
    ).map(" ".join)
)
_extends = st.tuples(_names("data"), _names("data")).map("extend data {0[0]} is {0[1]}".format)
_others = st.sampled_from(
    ("import android", 'import "house.policy"', "rule r { no use email }", 'test "t" { allows use email }', '"""x"""')
)
_items = st.one_of(_practices, _practices, _practices, _declarations, _declarations, _extends, _others)


_VOCABULARY = """\
policy shop
import android, "house.policy"
data device { cpu  品牌 }
data parcel
purpose wrapping
exception spared
"""


def generated() -> st.SearchStrategy[str]:
    """A policy of random items, of whose names some are of wrong kinds, unknown or declared twice."""
    return st.lists(_items, max_size=6).map(lambda items: _VOCABULARY + "\n".join([*items, ""]))


def mutated() -> st.SearchStrategy[str]:
    """The sample with a few of its words taken out, doubled or replaced."""
    words = re.findall(r"\s+|\w+|[^\w\s]", SAMPLE)
    new = st.one_of(
        st.just(""),
        _any_name,
        st.sampled_from(("{", "}", ",", '"', "is", "and", "or", "only", "never", "#", ":", ".", "\n")),
    )
    changes = st.lists(st.tuples(st.integers(0, len(words) - 1), new), min_size=1, max_size=4)
    return changes.map(lambda found: "".join({**dict(enumerate(words)), **dict(found)}.values()))
