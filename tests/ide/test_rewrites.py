"""What can be written otherwise: the text changes as it should, and the meaning not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ide.marked import PATH, edited, plain, read
from policy_texts import SAMPLE, generated, mutated
from policyspec.diagnostic import apply_edits
from policyspec.ide.rewrites import organized, rewrites
from policyspec.review import facts
from policyspec.source import Source
from policyspec.syntax import lexer
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace

ROOT = Path(__file__).parents[2]
HEADER = """\
policy shop { provider: us  audience: customer }
party us is controller "Us"
party hosting is processor
"""


def check(title: str, before: str, after: str) -> None:
    """What the rewrite of this title makes of a text; the same text, if none is offered."""
    workspace, path, offset = read(before)
    found = {each.title: each.edits for each in rewrites(workspace, path, offset)}
    assert edited(workspace, {path: found.get(title, ())}) == plain(after)


def check_none(title: str, before: str) -> None:
    check(title, before, before.replace("$0", ""))


# ── Order ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("collect name, $0email, etc", "collect email, name, etc"),
        ("use name, email for security, $0delivery, accounting", "use name, email for accounting, delivery, security"),
        ("use x under b and a, A$0, c", "use x under A, b and a, c"),
        ("data x is b$0, a", "data x is a, b"),
        ("use\n  email,  # first\n  name for b, $0a", "use\n  email,  # first\n  name for a, b"),
        ("policy p { holds: b, a$0 }", "policy p { holds: a, b }"),
    ],
)
def test_a_list_is_sorted(before: str, after: str) -> None:
    check("Sort the list", before, after)


@pytest.mark.parametrize(
    "text",
    [
        "collect a, $0b",
        "collect b$0",
        # Its order says which comes first.
        "action x is b$0, a",
        'policy p { contact: "b"$0, "a" }',
        # What a comment is about, nobody knows.
        "collect b,  # of b\n  $0a",
        "$0collect",
        "$0",
    ],
)
def test_a_list_is_left_alone(text: str) -> None:
    check_none("Sort the list", text)


def test_fields_are_sorted_as_the_manual_lists_them() -> None:
    check(
        "Sort the fields",
        """\
        policy shop "Shop" {
          # Why.
          source:   "s"  # of it
          audience: customer
          $0provider: us
        }
        """,
        """\
        policy shop "Shop" {
          provider: us
          audience: customer
          # Why.
          source:   "s"  # of it
        }
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('collect email { cite: "c"  $0note: "n" }', 'collect email { note: "n"  cite: "c" }'),
        ('data a { b { $0source: "s"  alias: "l" } }', 'data a { b { alias: "l"  source: "s" } }'),
        ('section "S" { audience: x  $0source: "s" use a }', 'section "S" { source: "s"  audience: x use a }'),
        ('rule r { $0cite: "c"  no use a  level: info }', 'rule r { level: info  no use a  cite: "c" }'),
    ],
)
def test_fields_of_every_block_are_sorted(before: str, after: str) -> None:
    check("Sort the fields", before, after)


@pytest.mark.parametrize(
    "text",
    [
        'data a { $0note: "n"  source: "s" }',
        'data a { source: "s"  # of it\n  $0note: "n"  alias: "x" }',
        'section "S" { audience: x  source: "s" use a$0 }',
    ],
)
def test_fields_are_left_alone(text: str) -> None:
    check_none("Sort the fields", text)


# ── Imports ─────────────────────────────────────────────────────────────────────────────────────────


def check_imports(before: str, after: str) -> None:
    workspace = Workspace({PATH: Source(PATH, before)})
    assert apply_edits(before, organized(workspace, PATH)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import cn.pipl, android\n", "import android, cn.pipl\n"),
        ('import "b.policy"\nimport cn.pipl, "a.policy"\n', 'import cn.pipl\nimport "a.policy", "b.policy"\n'),
        ("import cn.pipl, android, cn.pipl\nuse a\n", "import android, cn.pipl\nuse a\n"),
        ("import android\nuse a\nimport android\nuse b\n", "import android\nuse a\nuse b\n"),
        ('import "a.policy", "./a.policy"\n', 'import "a.policy"\n'),
        ("import android\nimport android  # again\n", "import android  # again\n"),
        (
            "use a\nimport android\nuse b\nimport android  # again\n",
            "use a\nimport android\nuse b\nimport android  # again\n",
        ),
        ('import "b.policy"\r\nimport android\r\n', 'import android\r\nimport "b.policy"\r\n'),
    ],
)
def test_imports_are_put_in_order(before: str, after: str) -> None:
    check_imports(before, after)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import android, cn.pipl\n",
        "import cn.pipl,  # the law\n  android\n",
        "import cn.pipl, , android\n",
        # None of its words is used, but its rules are.
        "import cn.pipl\nuse a\n",
    ],
)
def test_imports_are_left_alone(text: str) -> None:
    check_imports(text, text)


# ── Sentences ───────────────────────────────────────────────────────────────────────────────────────


def test_a_sentence_of_several_actions_is_split() -> None:
    check(
        "Split into a sentence for each action",
        """\
        section "S" {
          collect, $0use required email for delivery
            under contract { source: "s" }
        }
        """,
        """\
        section "S" {
          collect required email
            for   delivery
            under contract { source: "s" }
          use required email
            for   delivery
            under contract { source: "s" }
        }
        """,
    )


def test_a_sentence_for_several_purposes_is_split() -> None:
    check(
        "Split into a sentence for each purpose",
        "may use email for $0delivery, accounting and security under contract",
        """\
        may use email for delivery under contract
        may use email for accounting and security under contract
        """,
    )


@pytest.mark.parametrize(
    "text",
    [
        "must delete or $0anonymise email",
        "collect, use only $0email",
        "collect, use email only for $0delivery, security",
        # They go to others where none is named, so that none is named.
        "share, $0publish email",
        "collect, ghost $0email",
        "collect, use email  # a comment\n  for $0delivery",
        "# policyspec: allow overlap -- agreed\ncollect, use $0email",
        "must use email for delivery, $0security",
        "use email for delivery, $0etc",
        "$0collect, use",
        "use $0email for delivery",
    ],
)
def test_a_sentence_is_not_split(text: str) -> None:
    if "for delivery" not in text or "collect" in text:
        check_none("Split into a sentence for each action", text)
    check_none("Split into a sentence for each purpose", text)


def test_sentences_that_differ_in_their_objects_are_joined() -> None:
    before = """\
        use $0email, name for delivery { source: "s" }
        use name, ip_address
          for delivery { source: "s" }
        """
    after = 'use email, name, ip_address for delivery { source: "s" }'
    check("Join with the next sentence", before, after)
    before = before.replace("$0", "").replace("use name,", "use name$0,")
    check("Join with the sentence before", before, after)


@pytest.mark.parametrize(
    "text",
    [
        "use $0email for delivery\nuse name",
        "use $0email\nmay use name",
        "use $0email\ncollect name",
        'use $0email { source: "a" }\nuse name { source: "b" }',
        "use $0email\n# about the next\nuse name",
        "use $0email, etc\nuse name",
        "use only $0email\nuse only name",
        # One choice is not two.
        "must delete or anonymise $0email\nmust delete or anonymise name",
        "use $0email\ndata x\nuse name",
        'use $0email\nsection "S" { use name }',
    ],
)
def test_sentences_are_not_joined(text: str) -> None:
    check_none("Join with the next sentence", text)


MEANINGS = """\
collect, use email, name for delivery, security under contract, consent and legal_duty when breach
share, transfer email to hosting, partner for analytics, delivery in CN, EU via sms with encryption
collect, use email
never share, sell email, name to partner for advertising, analytics unless consent, security
never use, collect identifying without consent
must delete, anonymise email within 3 days of withdrawal
may collect optional name, email from minor for delivery, security keep 3 days
share email to partner for delivery, advertising
use email for delivery
use name, ip_address for delivery
never sell name
never sell email
must delete ip_address
must delete name, device_info
"""


def test_the_meaning_stays_the_same() -> None:
    """Each sentence is split and joined, and then the same acts are named and forbidden."""
    text = HEADER + MEANINGS
    workspace = Workspace({PATH: Source(PATH, text)})
    found = {each for at in range(len(HEADER), len(text)) for each in rewrites(workspace, PATH, at)}
    assert len(found) > 20
    before = meaning(text)
    for each in found:
        assert meaning(apply_edits(text, each.edits)) == before, each


def meaning(text: str) -> Any:
    """All acts that sentences name, and all that are forbidden, with the modality, periods and necessity of each."""
    policy = facts(Workspace({PATH: Source(PATH, text)}), PATH)
    assert policy is not None
    assert policy.is_whole
    named = set()
    for sentence in policy.sentences:
        says = sentence.says
        periods = [
            (word, each[:4], names([each.event] if each.event else []))
            for word in says.periods
            for each in says.periods[word]
        ]
        rest = (says.modality, says.necessity, tuple(periods))
        for box in policy.acts.boxes(sentence):
            for act in box.acts():
                named.add((rest, *((d, names(terms)) for d, terms in sorted(act.items()))))
    banned = set()
    for ban in policy.acts.bans:
        for pick in combinations(ban.conditions):
            banned.add((pick, frozenset(atoms(each) for each in ban.lifts)))
    return named, banned


def names(terms: Any) -> frozenset[str]:
    return frozenset(each.qualified for each in terms)


def atoms(item: Any) -> frozenset[tuple[str, str]]:
    return frozenset((dimension, term.qualified) for dimension, term in item)


def combinations(conditions: Any) -> Iterator[frozenset[Any]]:
    """Each choice among the alternatives of all conditions."""
    found = [frozenset[Any]()]
    for condition in conditions:
        found = [each | {atoms(item)} for each in found for item in condition]
    return iter(found)


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────

TEXTS = st.one_of(generated(), mutated(), st.text(st.sampled_from('use b, a { "\r\n#@en:'), max_size=40))


@given(TEXTS, st.integers(0, 10_000))
@example(SAMPLE.replace("\n", "\r\n"), 1200)
@settings(max_examples=150)
def test_every_rewrite_keeps_words_and_faults(text: str, at: int) -> None:
    workspace = Workspace({PATH: Source(PATH, text)})
    found = [each.edits for each in rewrites(workspace, PATH, at % (len(text) + 1))]
    for edits in [*found, organized(workspace, PATH)]:
        made = apply_edits(text, edits)
        assert words(made) == words(text)
        assert comments(made) == comments(text)
        assert len(parse(made).faults) <= len(parse(text).faults)
        assert ("\r\n" in made, "\n" in made.replace("\r\n", "")) == ("\r\n" in text, "\n" in text.replace("\r\n", ""))


def words(text: str) -> set[str]:
    return {token.text for token in lexer.tokens(text)[0]} - {","}


def comments(text: str) -> list[str]:
    return sorted(text[start:end].rstrip() for start, end in parse(text).comments)


def test_examples() -> None:
    path = ROOT / "examples/cloud_phone_sdk_repaired/cloud_phone_sdk.policy"
    text = path.read_text("utf-8")
    workspace = Workspace({PATH: Source(PATH, text)})
    for placed in parse(text).items:
        for each in rewrites(workspace, PATH, placed.start + placed.node.span.start + 1):
            assert not parse(apply_edits(text, each.edits)).faults
    assert organized(workspace, PATH) == ()
