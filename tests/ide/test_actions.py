"""What is offered at a place, and what it makes of the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ide.marked import PATH, edited, plain, read
from policy_texts import SAMPLE, generated, mutated
from policyspec import fixing
from policyspec.diagnostic import Diagnostic, apply_edits
from policyspec.ide.actions import Action, actions, fix_all, resolved, suppression
from policyspec.lint.suppressions import read as comments
from policyspec.review import review
from policyspec.source import Source, Span
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace

ROOT = Path(__file__).parents[2]
HEADER = """\
policy shop { provider: us  audience: customer }
party us is controller "Us" { contact: "us@shop.example" }
"""


def offered(text: str) -> dict[str, Action]:
    """What is offered at the cursor, by title, each with its edits."""
    workspace, path, offset = read(text)
    found = actions(workspace, path, Span(offset, offset), review(workspace, path))
    assert len({each.title for each in found}) == len(found)
    return {each.title: resolved(workspace, path, each, review) for each in found}


def check(title: str, before: str, after: str) -> Action:
    """What the action of this title makes of a text; the place to be selected is `$0`."""
    found = offered(before)
    assert title in found, [*found]
    action = found[title]
    workspace = read(before).workspace
    texts = {path: apply_edits(each.text, action.edits.get(path, ())) for path, each in workspace.sources.items()}
    if action.select is not None:
        start, end = action.select
        assert start == end
        texts[PATH] = texts[PATH][:start] + "$0" + texts[PATH][start:]
    assert texts[PATH] == plain(after)
    return action


# ── Fixes ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_fix_of_a_finding() -> None:
    found = check(
        "Change to `accounting`",
        "store purchase_history for $0acounting keep 7 years",
        "store purchase_history for accounting keep 7 years",
    )
    assert found.kind == "quickfix"
    assert [each.rule for each in found.found] == ["unknown_name"]
    assert not found.is_preferred


def test_the_first_safe_fix_is_preferred() -> None:
    found = check("Use commas", "collect email and $0name", "collect email, name")
    assert found.is_preferred


def test_an_import_is_added_once() -> None:
    text = "collect email under individual_$0consent\n"
    check("Import `cn.pipl`", text, "import cn.pipl\ncollect email under individual_consent\n")
    assert [title for title in offered(text) if "mport" in title] == ["Import `cn.pipl`"]


def test_fixes_use_the_line_ends_of_the_file() -> None:
    workspace = Workspace({PATH: Source(PATH, "collect email under individual_consent\r\n")})
    found = actions(workspace, PATH, Span(22, 22), review(workspace, PATH))
    texts = [edit.text for each in found for edits in each.edits.values() for edit in edits]
    assert any("\r\n" in text for text in texts)
    assert not any("\n" in text.replace("\r\n", "") for text in texts)


def test_all_safe_fixes_at_once() -> None:
    before = "collect email and $0name\nuse email and name for delivry\n"
    after = "collect email, name\nuse email, name for delivry\n"
    assert check("Apply all safe fixes", before, after).kind == "source.fixAll"
    assert check("Fix all `joint_objects` in this file", before, after).kind == "quickfix"


def test_all_fixes_of_one_rule_leave_those_of_others() -> None:
    text = f"{HEADER}collect email and name\ncollect email under individual_consent\n"
    workspace = Workspace({PATH: Source(PATH, text)})
    rules = {each.rule for each in review(workspace, PATH) if fixing.applicable(each)}
    assert {"joint_objects", "unknown_name"} <= rules
    made = apply_edits(text, fix_all(workspace, PATH, review, "joint_objects"))
    assert made == text.replace("email and name", "email, name")
    everything = fixing.fix(workspace, PATH, review).workspace.source(PATH).text
    assert apply_edits(text, fix_all(workspace, PATH, review)) == everything


def test_without_safe_fixes_none_are_offered() -> None:
    assert not [title for title in offered("collect $0emial\n") if "all" in title]


# ── Suppressions and pages ──────────────────────────────────────────────────────────────────────────


def test_a_suppression_waits_for_its_reason() -> None:
    before = f"{HEADER}never use email\nuse $0email for delivery\n"
    after = f"{HEADER}never use email\nuse email for delivery  # policyspec: allow contradiction -- $0\n"
    found = check("Allow `contradiction` here, with a reason", before, after)
    assert [each.rule for each in found.found] == ["contradiction"]


def test_what_is_written_allows_nothing_before_there_is_a_reason() -> None:
    workspace, path, _ = read(f"{HEADER}never use email\nuse $0email for delivery\n")
    found = [each for each in review(workspace, path) if each.rule == "contradiction"]
    edits, select = suppression(workspace, path, found)
    text = apply_edits(workspace.source(path).text, edits)
    assert [each.reason for each in comments(parse(text))] == [""]
    assert select is not None
    text = text[: select.start] + "agreed" + text[select.end :]
    assert [(each.reason, each.names("contradiction")) for each in comments(parse(text))] == [("agreed", True)]
    assert suppression(Workspace({path: Source(path, text)}), path, found) == ((), None)


def test_only_findings_of_rules_can_be_suppressed() -> None:
    assert not [title for title in offered("collect $0emial {\n") if "Allow" in title or "Explain" in title]


def test_a_rule_may_refuse() -> None:
    rule = 'rule sold "Sold" {{ no sell personal  suppressible: {} }}\n'
    title = "Allow `sold` here, with a reason"
    assert title in offered(HEADER + rule.format("yes") + "sell $0email\n")
    assert title not in offered(HEADER + rule.format("no") + "sell $0email\n")


def test_a_rule_is_explained() -> None:
    found = offered(f"{HEADER}never use email\nuse $0email for delivery\n")["Explain `contradiction`"]
    assert (found.command, found.arguments, found.edits) == ("policyspec.explainRule", ("contradiction",), {})


# ── Declarations ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("collect gh$0ost_of_x", ["data"]),
        ("notify ghost_$0of_x", ["subject", "party"]),
        ("ghost_o$0f_x email", ["action"]),
        ("collect email for ghost_of_$0x", ["purpose"]),
        ("collect email via sms, ghost_$0of_x", ["permission", "channel"]),
        ("never use email unless a and ghost_$0of_x", ["basis", "exception", "event"]),
        ("store email keep until ghost_of$0_x", ["basis", "exception", "event"]),
        ("data y { z is ghost_$0of_x }", ["data"]),
        ("extend data email is ghost_$0of_x", ["data"]),
        ("extend data ghost_of_$0x is y", []),
        ("party y { place: ghost_$0of_x }", ["place"]),
        ('right y { z "Z" { channel: ghost_$0of_x } }', ["channel"]),
        ('section "S" { audience: ghost_$0of_x use email }', ["subject", "party"]),
        ("collect email { on_behalf_of: ghost_$0of_x }", ["party"]),
        ("rule r { some right ghost_$0of_x }", ["right"]),
        ("rule r { every use email needs for ghost_$0of_x }", ["purpose"]),
        ('test "t" { allows use email to ghost_$0of_x }', ["party", "subject", "place"]),
        ("ghost$0ed ghost_of_x", ["action"]),
        # What cannot be declared here.
        ("collect core.ghost_$0of_x", []),
        ("collect device.ghost_$0of_x", []),
        ("collect em$0ail", []),
    ],
)
def test_the_kinds_that_may_be_declared(text: str, kinds: list[str]) -> None:
    found = [title.split()[2] for title in offered(text) if title.startswith("Declare")]
    assert sorted(found) == sorted(kinds)


def test_a_declaration_stands_behind_those_of_its_kind() -> None:
    check(
        "Declare the data `ghost_mail`",
        """\
        import android
        data parcel {
          weight
        }  # heavy
        purpose wrapping
        collect gh$0ost_mail
        """,
        """\
        import android
        data parcel {
          weight
        }  # heavy
        data ghost_mail "Ghost mail"
        purpose wrapping
        collect ghost_mail
        """,
    )


def test_a_declaration_of_a_new_kind_stands_behind_the_header() -> None:
    check(
        "Declare the purpose `haunting`",
        """\
        # A policy.
        policy shop {}
        import android

        collect email for haunt$0ing
        """,
        """\
        # A policy.
        policy shop {}
        import android

        purpose haunting "Haunting"

        collect email for haunting
        """,
    )


def test_a_declaration_stands_first_where_there_is_no_header() -> None:
    check(
        "Declare the data `ghost`",
        """\
        # About the file.

        # About the sentence.
        collect gho$0st
        """,
        """\
        # About the file.

        data ghost "Ghost"
        # About the sentence.
        collect ghost
        """,
    )


def test_a_declaration_on_a_line_with_others() -> None:
    check("Declare the data `c`", "data a data b collect $0c", 'data a data b\ndata c "C"\n collect c')


def test_what_is_declared_is_known() -> None:
    text = "data a\ncollect ghost for haunting"
    workspace = Workspace({PATH: Source(PATH, text)})
    for found in review(workspace, PATH):
        made = actions(workspace, PATH, found.span, [found])
        declared = [each for each in made if each.title.startswith("Declare")]
        assert declared
        for each in declared:
            after = Workspace({PATH: Source(PATH, apply_edits(text, each.edits[PATH]))})
            assert found.message not in [other.message for other in review(after, PATH)]
            assert len(review(after, PATH)) < len(review(workspace, PATH))


# ── Other actions ───────────────────────────────────────────────────────────────────────────────────


def test_imports_and_rewrites_are_offered() -> None:
    found = offered("import cn.pipl, android\ncollect name, $0email\n")
    assert found["Sort the imports"].kind == "source.organizeImports"
    assert found["Sort the list"].kind == "refactor.rewrite"


def test_nothing_is_offered_in_the_library() -> None:
    path = "policyspec:core/data.policy"
    assert actions(Workspace({}), path, Span(0, 100), ()) == ()


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────


def check_laws(text: str, span: Span) -> None:
    workspace = Workspace({PATH: Source(PATH, text), "house.policy": Source("house.policy", "data parcel\n")})
    found: tuple[Diagnostic, ...] = review(workspace, PATH)
    for each in actions(workspace, PATH, span, found):
        assert each.title
        assert not (each.edits and each.pending)
        assert each.edits or each.pending or each.command
        made: Any = resolved(workspace, PATH, each, review)
        for path, edits in made.edits.items():
            # Applied, which they could not be if they overlapped.
            after = apply_edits(workspace.source(path).text, edits)
            assert made.select is None or 0 <= made.select.start <= made.select.end <= len(after)
            if not each.kind.startswith("quickfix"):
                assert len(parse(after).faults) <= len(parse(text).faults)


@given(
    st.one_of(generated(), mutated(), generated().map(lambda text: HEADER + text)),
    st.integers(0, 10_000),
    st.integers(0, 30),
)
@example(SAMPLE, 100, 3000)
@example("", 0, 0)
@settings(max_examples=60, deadline=None)
def test_no_action_raises_and_all_apply(text: str, at: int, length: int) -> None:
    start = at % (len(text) + 1)
    check_laws(text, Span(start, min(start + length, len(text))))


def test_example() -> None:
    text = (ROOT / "examples/cloud_phone_sdk/cloud_phone_sdk.policy").read_text("utf-8")
    workspace = Workspace({PATH: Source(PATH, text)})
    found = review(workspace, PATH)
    offered = [action for each in found for action in actions(workspace, PATH, each.span, found)]
    assert len({each.title for each in offered}) > 50
    for action in {str(each): each for each in offered}.values():
        for edits in action.edits.values():
            assert not parse(apply_edits(text, edits)).faults


def test_the_module_of_a_policy_has_its_own_findings() -> None:
    text = """\
        import "house.policy"
        collect em$0ail
        --- house.policy
        data ghost is gone
        """
    workspace, path, offset = read(text)
    found = [*review(workspace, path), *review(workspace, "house.policy")]
    here = actions(workspace, path, Span(0, offset + 10), found)
    assert not any("house.policy" in each.edits for each in here)
    there = actions(workspace, "house.policy", Span(14, 18), found)
    assert edited(workspace, there[0].edits).endswith('data ghost is gone\ndata gone "Gone"\n')
