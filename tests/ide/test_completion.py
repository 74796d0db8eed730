"""What is offered at the cursor `$0` of a text: which words, which terms, in which order, and what they change."""

from __future__ import annotations

import re
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ide.marked import EXAMPLES, broken, offsets, plain, read
from policy_texts import SAMPLE
from policyspec import library
from policyspec.diagnostic import Diagnostic, Edit, Severity, apply_edits
from policyspec.ide import reading
from policyspec.ide.completion import MOST, Completion, Completions, complete, documentation
from policyspec.ide.offers import snippets
from policyspec.kinds import CLAUSES, KINDS
from policyspec.names import Names
from policyspec.source import Source, Span
from policyspec.syntax import grammar, lexer
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace

SHOP = """\
import cn.pipl
policy shop "Shop"@en "商店"@zh { provider: us  audience: customer }
party us is controller "Corner Shop"
data device is device_info "Your device"@en "您的设备"@zh { brand is hardware_model "Brand"@en }
data order is purchase_information "What you ordered"@en
purpose dispatch is delivery "Sending it to you"@en
collect order for dispatch, accounting under legal_duty keep 6 years after transaction
collect order for accounting
"""


def offered(text: str, snippets: bool = True, found: tuple[Diagnostic, ...] = ()) -> Completions:
    """What is offered at the cursor, behind a small policy."""
    at = read(SHOP + plain(text) if "--- " not in text else text)
    return complete(at.workspace, at.path, at.offset, snippets, found)


def labels(text: str, *kinds: str, snippets: bool = True) -> list[str]:
    """The labels of what is offered, of these kinds of completion or of all."""
    return [each.label for each in offered(text, snippets).items if not kinds or each.kind in kinds]


def words(text: str) -> set[str]:
    return set(labels(text, "keyword"))


def terms(text: str) -> list[str]:
    """The terms that are offered, in order."""
    return [each.label for each in offered(text).items if each.key.startswith("term ")]


def item(text: str, label: str, snippets: bool = True) -> Completion:
    return next(each for each in offered(text, snippets).items if each.label == label)


def taken(text: str, label: str, snippets: bool = True) -> str:
    """The text behind the small policy when an offer is taken, and what is changed in that policy."""
    at = read(SHOP + plain(text))
    one = item(text, label, snippets)
    changed = apply_edits(at.text, [Edit(one.span, one.insert), *one.edits])
    if one.edits:
        return "\n".join(line for line in changed.splitlines() if line not in at.text.splitlines())
    return changed.removeprefix(SHOP).rstrip("\n")


# ── The grammar's words ─────────────────────────────────────────────────────────────────────────────

_ITEMS = {*KINDS, "extend", "import", "may", "must", "never", "rule", "section", "should", "test"}


def test_where_an_item_may_begin() -> None:
    at = read("$0")
    assert {each.label for each in complete(at.workspace, at.path, 0, False).items if each.kind == "keyword"} == _ITEMS


def test_a_file_has_one_policy_and_sections_have_neither_that_nor_imports() -> None:
    assert words('section "A" { $0 }') == _ITEMS - {"policy", "import"}
    assert "policy" not in words("$0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("collect $0", {"required", "optional", "only", "etc"}),
        ("must delete $0", {"or", "required", "optional", "only", "etc"}),
        ("must delete, use $0", {"required", "optional", "only", "etc"}),
        ("collect optional $0", {"only", "etc"}),
        ("collect order for $0", {"etc"}),
        ("collect order keep $0", {"at least", "at most", "until", "while", "forever", "etc"}),
        ("collect order keep at $0", {"least", "most"}),
        ("must delete order within $0", {"etc"}),
        ("never $0", set()),
        ("extend $0", {*KINDS} - {"policy"}),
        ("data x is $0", set()),
        ("rule x { $0 }", {"every", "no", "some"}),
        ("rule x { some $0 }", {*KINDS, "may", "must", "should", "never"} - {"policy"}),
        ("rule x { every collect order needs $0 }", {*CLAUSES, "some"}),
        ("rule x { every collect order needs for $0 }", {*CLAUSES, "etc", "every", "no", "some"} - {"for"}),
        ('test "x" { $0 }', {"allows", "forbids", "undeclared"}),
        ('test "x" { allows $0 }', set()),
        ("rule x { suppressible: $0 }", {"yes", "no"}),
        ("action x { takes: $0 }", {*KINDS, "etc"}),
        ("subject x { age: $0 }", {"under", "at least", "at most"}),
        ("party x { place: $0 }", {"etc"}),
        ("party x { place: EU, $0 }", {"etc"}),
        ("rule x { level: $0 }", set()),
    ],
)
def test_words_that_may_follow(text: str, expected: set[str]) -> None:
    assert words(text) == expected


def test_clause_words_that_the_sentence_has_not() -> None:
    here = "collect order for dispatch under contract $0 keep 3 days"
    assert words(here) & {*CLAUSES} == {*CLAUSES} - {"for", "under", "keep"}
    assert words("collect order fo$0 under contract") & {*CLAUSES} == {*CLAUSES} - {"under"}
    assert words("collect order with $0\n  for dispatch\n") & {*CLAUSES} == set()


def test_a_prohibition_lasts_for_ever() -> None:
    assert words("never sell order $0") & {*CLAUSES, "only"} == {*CLAUSES} - {"keep", "within"}


def test_a_question_names_an_act() -> None:
    assert words('test "x" { allows collect order $0 }') & {*CLAUSES, "only"} == {*CLAUSES} - {"unless", "without"}


def test_objects_are_not_joined_and_a_clause_is() -> None:
    assert "and" not in words("collect order $0")
    assert "and" in words("collect order under contract $0")


def test_a_sentence_goes_on_first_where_it_is_indented_deeper() -> None:
    assert labels("collect order\n  $0")[0] == "from"
    assert labels("collect order $0")[0] == "from"
    assert labels("collect order\n$0")[0] == "collect"


def test_words_in_broken_text() -> None:
    assert "for" in words("collect order und contract $0")
    assert {"from", "for"} <= words('section "A" {\n  party {}\n  collect for dispatch\n  collect order $0')
    assert words("collect ; order for $0") == {"etc"}


# ── Terms ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("collect $0", {"data"}),
        ("grant $0", {"right"}),
        ("notify $0", {"subject", "party"}),
        ("collect order from $0", {"subject", "party"}),
        ("collect order for dispatch, $0", {"purpose"}),
        ("collect order under contract and $0", {"basis"}),
        ("collect order via $0", {"permission", "channel"}),
        ("collect order in $0", {"place"}),
        ("collect order with $0", {"safeguard"}),
        ("collect order keep until $0", {"basis", "exception", "event"}),
        ("collect order keep 3 years after $0", {"basis", "exception", "event"}),
        ("must delete order within 3 days of $0", {"basis", "exception", "event"}),
        ("data x is $0", {"data"}),
        ("data x { y is $0 }", {"data"}),
        ("event x is $0", {"basis", "exception", "event"}),
        ("party x { place: EU, $0 }", {"place"}),
        ("right x { fallback: $0 }", {"channel", "party"}),
        ("never $0", {"action"}),
        ("must delete or $0", {"action"}),
        ("extend safeguard $0", {"safeguard"}),
        ("rule x { some right $0 }", {"right"}),
        ("rule x { every collect order needs under $0 }", {"basis"}),
        ('test "x" { allows $0 }', {"action"}),
        ("collect order for dispatch { on_behalf_of: $0 }", {"party"}),
        ('section "A" { audience: $0 }', {"subject", "party"}),
    ],
)
def test_terms_of_the_kinds_that_fit(text: str, kinds: set[str]) -> None:
    assert {each.key.split()[1] for each in offered(text).items if each.key.startswith("term ")} == kinds


def test_actions_begin_a_sentence_and_do_not_stand_behind_one() -> None:
    assert "share" in terms("$0")
    assert "share" in terms('section "A" { $0 }')
    assert terms("collect order $0") == []
    assert terms("collect order\n  $0\n  for dispatch") == []


def test_nothing_where_a_name_is_new() -> None:
    assert labels("data $0") == []
    assert labels("rule $0") == []
    assert terms("data x { $0 }") == []


def test_ones_own_then_what_is_used_there_then_the_nearer() -> None:
    found = offered("collect order for $0").items
    first, second, *others = [each.label for each in found]
    assert (first, second) == ("dispatch", "accounting")
    where = [each.description for each in found if each.key.startswith("term ") and each.label != "dispatch"]
    assert where.index("core") < next(at for at, each in enumerate(where) if each.startswith("import "))
    assert [each.sort for each in found] == sorted(each.sort for each in found)
    assert "accounting" not in others


def test_of_imported_modules_before_core() -> None:
    found = [each.description for each in offered("collect order under $0").items if each.key.startswith("term ")]
    assert list(dict.fromkeys(found))[:2] == ["cn.pipl", "core"]
    assert found.index("import eu.gdpr") > max(at for at, each in enumerate(found) if each == "core")


def test_all_of_a_name_is_replaced() -> None:
    assert taken("collect ord$0", "order") == "collect order"
    assert taken("collect de$0lay for dispatch", "device") == "collect device for dispatch"
    assert taken("collect core.em$0ail for dispatch", "email") == "collect core.email for dispatch"
    assert taken("collect de$0v.email for dispatch", "device") == "collect device for dispatch"


def test_a_term_of_a_module_that_is_not_imported() -> None:
    one = item("collect order via $0", "CAMERA")
    assert one.description == "permission, import android"
    assert taken("collect order via $0", "CAMERA") == "import cn.pipl, android\ncollect order via CAMERA"


def test_an_import_is_made_where_there_is_none() -> None:
    at = read("# About this.\n\ndata x\ncollect x via CAM$0")
    one = next(each for each in complete(at.workspace, at.path, at.offset, False).items if each.label == "CAMERA")
    changed = apply_edits(at.text, [Edit(one.span, one.insert), *one.edits])
    assert changed == "# About this.\n\nimport android\ndata x\ncollect x via CAMERA\n"
    # What would be changed twice at one place is not offered.
    assert not [each for each in complete(Workspace({"a": Source("a", "")}), "a", 0, True).items if each.edits]


def test_nothing_twice_in_a_list() -> None:
    assert "order" not in terms("collect order, $0")
    assert "order" not in terms("collect $0, order")
    assert "contract" not in terms("collect device under contract and $0")
    assert "IE" not in terms("party x { place: IE, $0 }")
    assert "cn.pipl" not in labels("import $0")


def test_no_term_below_itself() -> None:
    text = "data a is b\ndata b is device\ndata c is $0 { d }\ndata e is d\n"
    assert {"c", "d", "e"}.isdisjoint(terms(text))
    assert {"a", "b", "order"} <= {*terms(text)}
    # The term around a child is above it as it is.
    assert "f" not in terms("data f { g is $0 }")


def test_no_circle_by_way_of_the_library() -> None:
    text = "data a is $0\ndata b is a\nextend data precise_location is b\n"
    assert {"a", "b", "precise_location", "gps_coordinates"}.isdisjoint(terms(text))
    assert "order" in terms(text)


def test_a_closed_exception_takes_no_more() -> None:
    text = "exception closed { a is crime }\nexception open\nexception x is $0\n"
    assert "open" in terms(text)
    assert "closed" not in terms(text)
    assert "closed" not in terms("exception closed { a is $0 }")


def test_an_extension_puts_the_terms_of_others_below_ones_own() -> None:
    assert "order" not in terms("extend data $0")
    assert {*terms("extend data email is $0")} == {"device", "brand", "order"}


def test_a_right_lifts_only_what_grants_rights() -> None:
    here = [each.key.split()[1] for each in offered("collect order unless acc$0").items if each.key]
    there = [each.key.split()[1] for each in offered("grant access unless acc$0").items if each.key]
    assert "right" not in here
    assert "right" in there


def test_names_that_are_ambiguous_are_told_apart() -> None:
    two = "data phone { maker }\ndata car { maker }\n"
    assert {"phone.maker", "car.maker"} <= {*terms(f"{two}collect $0")}
    assert "maker" not in terms(f"{two}collect $0")
    assert {"data.email", "channel.email"} <= {*terms("notify customer unless email$0")}
    assert "brand" in terms("collect $0")


def test_paths() -> None:
    assert terms("collect device.$0") == ["brand"]
    assert "email" in terms("collect core.em$0")
    assert "order" not in terms("collect core.$0")
    assert {"legal_duty", "individual_consent"} <= {*terms("collect order under cn.pipl.$0")}
    assert {"pipl", "minors"} <= {*labels("collect order with cn.$0", "module")}
    assert taken("collect order with cn.minors.$0", "anti_addiction_system").startswith("import cn.pipl, cn.minors\n")
    assert "email" in terms("notify customer via channel.$0")


def test_a_file_of_ones_own() -> None:
    at = read('import "house.policy"\nshare email to $0\n--- house.policy\nparty carrier is third_party "Carrier"\n')
    found = complete(at.workspace, at.path, at.offset, True).items
    assert [(each.label, each.description) for each in found if each.label == "carrier"] == [
        ("carrier", "party, house.policy")
    ]


def test_titles_in_any_language_are_found() -> None:
    assert [each.label for each in offered("collect 邮箱$0").items] == ["email"]
    assert item("collect 邮箱$0", "email").filter.startswith("邮箱")
    # Editors look for the beginnings of words: each character is one.
    assert "电 子 邮 件" in item("notify customer via $0", "email").filter
    assert "device" in terms("collect 设备$0")
    assert "email" in terms("collect mail$0")


def test_titles_are_shown() -> None:
    one = item("collect $0", "device")
    assert (one.detail, one.description, one.kind) == ("Your device · 您的设备", "", "variable")


def test_very_many() -> None:
    found = offered("collect order unless $0")
    assert len(found.items) == MOST
    assert found.is_incomplete
    typed = offered("collect order unless gua$0")
    assert typed.is_incomplete
    assert {"guardian", "GT"} <= {each.label for each in typed.items}
    assert not offered("collect order for $0").is_incomplete
    assert len(offered("# policyspec: allow $0\nnever sell order").items) == MOST
    # The grammar's words are few.
    assert "optional" in words("collect $0")


# ── Fields and values ───────────────────────────────────────────────────────────────────────────────


def test_fields_that_the_block_lacks() -> None:
    found = labels('party x { place: IE  $0  contact: "a" }', "property")
    assert found[0] == "on_behalf_of"
    assert {"place", "contact"}.isdisjoint(found)
    assert "root" not in found
    assert labels("collect order { $0 }", "property")[:2] == ["source", "note"]
    assert "audience" in labels('section "A" {\n  $0\n  collect order }', "property")
    assert labels('section "A" {\n  collect order\n  $0 }', "property") == []


def test_a_field_comes_with_its_value() -> None:
    assert taken("party x { con$0 }", "contact") == 'party x { contact: "$1" }'
    assert taken("party x { con$0 }", "contact", snippets=False) == "party x { contact:  }"
    assert taken("party x { con$0tact: 3 }", "place") == "party x { place: 3 }"
    assert taken("rule x { $0 }", "level") == "rule x { level: ${1|error,warning,info|} }"
    one = item("party x { $0 }", "place")
    assert (one.detail, one.description) == ("where it is established", "a place")


def test_only_fields_stand_before_a_colon() -> None:
    assert {each.kind for each in offered('section "A" { so$0: "x" }').items} == {"property"}


def test_values() -> None:
    assert labels("rule x { level: $0 }") == ["error", "warning", "info"]
    assert labels("rule x { since: $0 }") == ["YYYY-MM-DD"]
    assert labels("party x { website: $0 }") == ['"…"', "etc"]
    text = "collect order { effort: best }\ncollect order { effort: $0 }"
    assert "best" in labels(text, "enum_member")
    assert labels("party x { nonsense: $0 }") == []


# ── Periods, titles, imports ────────────────────────────────────────────────────────────────────────


def test_periods() -> None:
    assert labels("collect order keep $0")[:2] == ["3 years", "3 years after transaction"]
    assert labels("must delete order within $0")[:2] == ["3 years", "3 years of transaction"]
    assert taken("collect order keep $0", "3 years after transaction").endswith("|} after ${3:transaction}")
    assert labels("collect order keep 10$0")[0] == "10 years"
    assert labels("collect order keep 10 d$0")[:2] == ["years", "months"]
    assert taken("collect order keep 10 d$0", "working days") == "collect order keep 10 working days"
    assert "1 month" in labels("collect order keep $0", snippets=False)


def test_language_tags() -> None:
    assert labels('data x "Title"$0')[:2] == ["@en", "@zh"]
    assert taken('data x "Title"@$0', "@zh") == 'data x "Title"@zh'
    assert taken('data x "Title"@e$0n', "@zh") == 'data x "Title"@zh'
    assert "@en" not in labels('data x "Title" $0')
    assert labels("data x @$0") == []


def test_imports() -> None:
    found = offered("import $0").items
    assert {each.label for each in found} == {*library.names()} - {"core", "cn.pipl"}
    assert next(each.detail for each in found if each.label == "cn.minors").startswith("China: ")
    assert taken("import cn.m$0", "cn.minors") == "import cn.minors"
    assert "android" not in labels("import android, $0")


FILES = """\
import "$0"
--- shop/house.policy
party carrier
--- words.policy
import "shop/shop.policy"
--- other.policy
policy other "Other" {}
--- more/terms.policy
data x
"""


def test_files_to_import() -> None:
    at = read(FILES.replace('import "$0"\n', '--- shop/shop.policy\nimport "$0"\ndata y\n'))
    assert at.path == "shop/shop.policy"
    found = complete(at.workspace, at.path, at.offset, True).items
    # Neither another policy, nor what imports this file.
    assert [each.label for each in found] == ["house.policy", "../more/terms.policy"]
    assert {at.text[each.span.start : each.span.end] for each in found} == {""}
    bare = complete(at.workspace, at.path, at.offset - 1, True).items
    assert [each.label for each in bare if each.kind == "file"] == ['"house.policy"', '"../more/terms.policy"']


def test_nothing_in_strings_and_texts() -> None:
    assert labels('data x "A $0"') == []
    assert labels('data x "A $0') == []
    assert labels('"""A $0 b"""') == []
    assert labels("data x is order # a comment $0") == []


# ── Suppressions ────────────────────────────────────────────────────────────────────────────────────


def _found(text: str, *rules: str) -> tuple[Diagnostic, ...]:
    """Findings in the last line of a text."""
    at = read(SHOP + plain(text))
    start = at.text.rstrip().rfind("\n") + 1
    return tuple(Diagnostic(rule, Severity.WARNING, "", at.path, Span(start, start + 3)) for rule in rules)


def test_rules_in_a_suppression() -> None:
    text = "# policyspec: allow $0\nnever sell order"
    found = offered(text, found=_found(text, "vague_term", "cn.pipl.change_not_told"))
    assert [each.label for each in found.items[:2]] == ["vague_term", "cn.pipl.change_not_told"]
    assert "contradiction" in {each.label for each in found.items}
    text = "# policyspec: allow vague_term, contra$0 -- why\nnever sell order"
    assert "vague_term" not in labels(text)
    assert taken(text, "contradiction").startswith("# policyspec: allow vague_term, contradiction -- why")


def test_what_follows_in_a_suppression() -> None:
    assert labels("# policyspec: allow vague_term $0\nnever sell order") == ["-- …", "until …"]
    assert labels("# policyspec: allow vague_term until $0\nnever sell order") == ["YYYY-MM-DD"]
    assert labels("# policyspec: allow vague_term until 2027-01-01 $0\nnever sell order") == ["-- …"]
    assert labels("# policyspec: allow vague_term -- as $0\nnever sell order") == []


def test_a_suppression_from_its_beginning() -> None:
    assert labels("# $0") == ["policyspec: allow …"]
    text = "# pol$0\nnever sell order"
    found = offered(text, found=_found(text, "vague_term"))
    assert [each.label for each in found.items] == ["policyspec: allow vague_term", "policyspec: allow …"]
    assert labels("# Our data: $0") == []


def test_rules_of_ones_own_may_be_suppressed() -> None:
    assert "no_sale" in labels("rule no_sale { no sell personal }\n# policyspec: allow no$0\nnever sell order")


# ── Snippets ────────────────────────────────────────────────────────────────────────────────────────


def _filled(body: str) -> str:
    """What a snippet says when nothing is changed in it: the first of every choice, and what stands in its places."""
    text = re.sub(r"\$\{\d+\|([^,|]*)[^}]*\|\}", r"\1", body)
    while (filled := re.sub(r"(?<!\\)\$\{\w+:((?:[^${}\\]|\\.)*)\}", r"\1", text)) != text:
        text = filled
    return re.sub(r"\\([\\$}])", r"\1", re.sub(r"(?<!\\)\$\d+", "", text))


def test_snippets_are_whole_items() -> None:
    found = [each for each in offered("$0").items if each.is_snippet]
    assert {f"{kind} …" for kind in KINDS} - {each.label for each in found} == {"policy …"}
    assert {"collect … from … for … under … keep …", "section …", "rule …", "test …"} <= {each.label for each in found}
    for each in found:
        text = _filled(each.insert)
        assert parse(text).faults == (), text
        assert "$" not in text


def test_every_snippet_parses_where_it_is_offered() -> None:
    for text in ("rule x { $0 }", "collect order keep $0", "collect order $0", "party x { $0 }", "right x { $0 }"):
        at = read(SHOP + plain(text))
        for each in offered(text).items:
            if each.is_snippet and each.kind == "snippet":
                changed = apply_edits(at.text, [Edit(each.span, _filled(each.insert))])
                assert parse(changed).faults == (), changed.removeprefix(SHOP)


def test_a_policy_is_offered_where_there_is_none() -> None:
    at = read("$0")
    found = complete(at.workspace, at.path, 0, True).items
    (policy,) = [each for each in found if each.label == "policy …"]
    assert parse(_filled(policy.insert)).faults == ()
    assert "  effective: ${5:${CURRENT_YEAR" in policy.insert


def test_whole_practices_of_the_actions_that_the_policy_uses() -> None:
    text = "store order for dispatch\nstore order for accounting\nstore order for dispatch\n$0"
    found = [each for each in labels(text, "snippet") if each.endswith("keep …")]
    assert found[0].startswith("store … ")


def test_no_snippets_for_editors_that_have_none() -> None:
    for text in ("$0", "collect order keep $0", "party x { $0 }", "rule x { $0 }", "# $0", "rule x { since: $0 }"):
        for each in offered(text, snippets=False).items:
            assert not each.is_snippet
            assert "$" not in each.insert


def test_escapes_in_snippets() -> None:
    assert snippets.escaped("a$b}c\\d") == "a\\$b\\}c\\\\d"
    assert snippets.choice(1, ("a,b", "c|d", "e")) == "${1|a\\,b,c\\|d,e|}"


# ── What is said of it ──────────────────────────────────────────────────────────────────────────────


def test_documentation() -> None:
    at = read(SHOP + "collect $0\n")

    def said(label: str, language: str = "en", text: str = "collect $0") -> str:
        return documentation(at.workspace, at.path, item(text, label).key, language)

    assert said("email") == (
        "**Email address** `data email`\n\n电子邮箱地址\n\n"
        "dpv: <https://w3id.org/dpv/pd#EmailAddress>  \nfideslang: `user.contact.email`"
    )
    assert said("device", "zh-cn").startswith("**您的设备** `data device`\n\nYour device")
    assert "Law: PIPL art. 13" in said("individual_consent", text="collect order under $0")
    assert said("for", text="collect order $0") == "What it is done for.\n\nTakes a purpose."
    assert said("place", text="party x { $0 }") == "Where it is established.\n\nTakes a place."
    assert said("cn.minors", text="import $0").startswith("`cn.minors`\n\nChina: ")
    assert said("contradiction", text="# policyspec: allow $0\nnever sell order").startswith("**")
    for key in (
        "",
        "term data email",
        "term data email nowhere",
        "term x",
        "field party nonsense",
        "word xyz",
        "rule x",
    ):
        assert documentation(at.workspace, at.path, key, "en") == ""


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _example(name: str) -> str:
    return (EXAMPLES / name / f"{name}.policy").read_text("utf-8")


def _states(text: str, states: list[int] | None = None) -> list[int] | None:
    """The grammar's states behind a text, and behind what was before, by its tables alone; None if it is refused."""
    language = grammar.load()
    states = [language.start] if states is None else [*states]
    for token in lexer.tokens(text)[0][:-1]:
        while (action := language.actions[states[-1]].get(token.type)) is not None and action < 0:
            name, length = language.rules[~action]
            del states[len(states) - length :]
            states.append(language.actions[states[-1]][name])
        if action is None:
            return None
        states.append(action)
    return states


@pytest.mark.parametrize("number", range(25))
def test_anywhere_in_broken_text(number: int) -> None:
    """It raises nowhere, and replaces what is at the cursor."""
    text = [*broken()][number] if number < len([*broken()]) else SAMPLE
    workspace = Workspace({"a.policy": Source("a.policy", text)})
    for offset in offsets(text, 25):
        for each in complete(workspace, "a.policy", offset, offset % 2 == 0).items:
            assert each.span.start <= offset <= each.span.end
            assert not re.search(r"[\r\n]", text[each.span.start : each.span.end])


@pytest.mark.parametrize(
    "text", ["", " ", "\ufeff", '"', "{" * 90, "}" * 90, "a, " * 300, "a." * 300, "@", "#", "3 ", "é"]
)
def test_in_hostile_text(text: str) -> None:
    workspace = Workspace({"a.policy": Source("a.policy", text)})
    for offset in (0, len(text) // 2, len(text)):
        complete(workspace, "a.policy", offset, True)


@given(st.data())
@settings(max_examples=60)
def test_damaged_text(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([SAMPLE, _example("web_shop")]))
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", "{", "}", '"', ",", ":", "for ", "is ", "§", " 3 ", '"""', "#", "\n", "\r"]))
    text = text[:at] + put + text[at + data.draw(st.integers(0, 9)) :]
    offset = data.draw(st.one_of(st.just(min(at + len(put), len(text))), st.integers(0, len(text))))
    complete(Workspace({"a.policy": Source("a.policy", text)}), "a.policy", offset, True)


def _law_texts() -> list[str]:
    return [_example("web_shop"), SAMPLE, _example("cloud_phone_sdk")]


@pytest.mark.parametrize("number", range(3))
def test_every_word_that_is_offered_may_stand_there(number: int) -> None:
    text = _law_texts()[number]
    workspace = Workspace({"a.policy": Source("a.policy", text)})
    for offset in offsets(text, 50):
        words = [each for each in complete(workspace, "a.policy", offset, False).items if each.kind == "keyword"]
        states = _states(text[: words[0].span.start]) if words else None
        for each in words if states is not None else ():
            assert _states(f" {each.insert} ", states) is not None, (text[offset - 40 : offset], each.insert)


_OF_NAMES = {
    "unknown_name", "wrong_kind", "ambiguous_name", "taxonomy_cycle", "closed_exception", "idle_lift",
    "extends_own_term", "extends_under_foreign_term", "module_not_imported", "repeated_import", "missing_module",
}  # fmt: skip


@pytest.mark.parametrize("number", range(2))
def test_every_term_that_is_offered_means_something_there(number: int) -> None:
    """Whole texts, and texts that end at the cursor."""
    random = Random(number)
    text = _law_texts()[number]
    for offset in offsets(text, 35):
        for here in (text, text[:offset]):
            _check_terms(here, offset, random)


def _check_terms(text: str, offset: int, random: Random) -> None:
    workspace = Workspace({"a.policy": Source("a.policy", text)})
    items = [each for each in complete(workspace, "a.policy", offset, True).items if each.key.startswith("term ")]
    before = {(each.rule, each.message) for each in workspace.resolution("a.policy").diagnostics}
    for each in random.sample(items, min(3, len(items))):
        changed = apply_edits(text, [Edit(each.span, each.insert), *each.edits])
        start = each.span.start + sum(len(edit.text) for edit in each.edits if edit.span.start < each.span.start)
        found = [
            finding
            for finding in workspace.with_source(Source("a.policy", changed)).resolution("a.policy").diagnostics
            if finding.rule in _OF_NAMES and (finding.rule, finding.message) not in before
            # A circle is reported at a declaration.
            if finding.rule == "taxonomy_cycle"
            or finding.span.start < start + len(each.insert) > start < finding.span.end
        ]
        assert not found, (changed[max(start - 40, 0) : start + 40], found[0].message)


@pytest.mark.parametrize("module", library.names())
def test_in_the_files_of_the_library(module: str) -> None:
    workspace = Workspace({})
    for source in library.sources(module):
        for offset in offsets(source.text, 4):
            complete(workspace, source.path, offset, True)


def test_no_more_is_read_than_the_item(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'section "A" {\n' + "  collect email for delivery under contract\n" * 500 + "}\n"
    read = []
    monkeypatch.setattr(reading, "read", lambda stack, token, ahead: read.append(token))
    workspace = Workspace({"a.policy": Source("a.policy", text)})
    complete(workspace, "a.policy", len(text) - 10, True)
    assert 0 < len(read) < 15


def test_names_are_asked_once() -> None:
    """The names of a file are kept with the workspace."""
    at = read(SHOP + "collect $0\n")
    complete(at.workspace, at.path, at.offset, True)
    assert isinstance(at.workspace.once("names", at.path, lambda: None), Names)
