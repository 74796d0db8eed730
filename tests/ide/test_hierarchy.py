"""What is above and below a term, and where data come from and go."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ide.marked import broken, offsets, plain, read, same
from policyspec.ide.hierarchy import (
    Flow,
    Item,
    flows_at,
    incoming,
    outgoing,
    subtypes,
    supertypes,
    types_at,
)
from policyspec.source import Source
from policyspec.workspace import Workspace


def names(items: Iterable[Item]) -> list[str]:
    return [each.name for each in items]


def type_at(text: str) -> tuple[Workspace, Item]:
    made = read(text)
    (found,) = types_at(*made)
    return made.workspace, found


# ── Types ────────────────────────────────────────────────────────────────────────────────────────


def test_a_term_is_an_item() -> None:
    _, found = type_at('data device "Your device" { screen }\ncollect dev$0ice.screen')
    assert found[:3] == ("device", "Your device", "variable")
    assert (found.path, found.span, found.name_span) == ("shop.policy", (0, 36), (5, 11))
    _, found = type_at("collect em$0ail")
    assert (found.detail, found.key) == ("core · Email address", "data:core:email")


def test_above_are_parents_by_declaration_and_by_extension() -> None:
    workspace, found = type_at(
        """
        data secret
        extend data email is secret
        data addr$0ess is email, contacts
        """
    )
    above = supertypes(workspace, found)
    assert names(above) == ["email", "contacts"]
    assert names(supertypes(workspace, above[0])) == ["contact_information", "identifying", "secret"]
    assert names(supertypes(workspace, supertypes(workspace, above[0])[2])) == ["personal"]


def test_below_are_children_of_all_files_and_of_the_library() -> None:
    workspace, found = type_at(
        """
        import "house.policy"
        data device is dev$0ice_info { screen { width } }
        extend data email is device
        --- house.policy
        data gadget is device_info
        """
    )
    below = names(subtypes(workspace, found))
    assert {*below[:2]} == {"gadget", "device"}
    assert {"hardware_info", "software_info"} <= {*below[2:]}
    assert "device.screen" not in below
    device = next(each for each in subtypes(workspace, found) if each.name == "device")
    assert names(subtypes(workspace, device)) == ["device.screen", "email"]


@pytest.mark.parametrize("is_imported", [False, True])
def test_modules_that_nobody_imports_are_not_looked_into(is_imported: bool) -> None:
    workspace, found = type_at("import cn.pipl\n" * is_imported + "collect email under cons$0ent")
    assert ("individual_consent" in names(subtypes(workspace, found))) is is_imported


def test_a_file_of_the_library_has_its_own_view() -> None:
    workspace, path = Workspace({}), "policyspec:cn/pipl.policy"
    offset = workspace.source(path).text.index("individual_consent")
    (found,) = types_at(workspace, path, offset)
    assert names(supertypes(workspace, found)) == ["consent"]


def test_the_same_key_is_found_after_an_edit() -> None:
    workspace, found = type_at("data or$0der\ndata deal is order")
    moved = workspace.with_source(Source("shop.policy", "# x\ndata deal is order\ndata order { number }"))
    assert names(subtypes(moved, found)) == ["deal", "order.number"]


@pytest.mark.parametrize(
    "key",
    ["", "data", "data:shop.policy:gone", "data:gone.policy:order", "party:shop.policy:order", "sentence:x", ":::"],
)
def test_a_key_of_what_is_gone_has_nothing(key: str) -> None:
    workspace, found = type_at("data or$0der\ncollect order")
    gone = found._replace(key=key)
    for each in (supertypes, subtypes, incoming, outgoing):
        assert each(workspace, gone) == ()


@pytest.mark.parametrize("text", ["", "da$0ta order", "collect $0", "# emai$0l"])
def test_elsewhere_there_is_no_type(text: str) -> None:
    assert types_at(*read(text)) == ()


# ── Flows ────────────────────────────────────────────────────────────────────────────────────────

SHOP = """
policy shop { provider: acme  audience: customer }
party acme is controller
party host is cloud_provider, processor
party carrier is logistics_provider, third_party
data order is purchase_information { number }
collect order.number, email for delivery
receive order from carrier
share order to carrier for delivery
entrust personal to host
share name
store order keep 1 year
never sell personal
use order for security
"""


def check(at: str, wanted: str) -> None:
    """What flows to and from the item at a place of the shop: a line for each, with the text that says so."""
    made = read(SHOP.replace(at, at[:1] + "$0" + at[1:], 1))
    (found,) = flows_at(*made)
    same("".join(shown(made.workspace, found)), plain(wanted))


def shown(workspace: Workspace, item: Item) -> Iterable[str]:
    for sign, flows in (("<-", incoming(workspace, item)), ("->", outgoing(workspace, item))):
        for each in flows:
            yield f"{sign} {each.item.name} ({', '.join(said(workspace, sign, item, each))})\n"


def said(workspace: Workspace, sign: str, item: Item, flow: Flow) -> list[str]:
    """The text of a flow's spans, which are in the file of what data come from."""
    text = workspace.source(flow.item.path if sign == "<-" else item.path).text
    return [text[span.start : span.end] for span in flow.spans]


def test_data_come_by_what_collects_them_and_go_by_what_gives_them_away() -> None:
    check(
        "order to carrier",
        """
        <- collect order.number, email (order.number)
        <- receive order (order)
        -> share order (order)
        -> entrust personal (personal)
        """,
    )


def test_a_sentence_stands_between_who_gives_and_who_gets() -> None:
    check("collect", "<- customer (customer)\n-> acme (collect)\n")
    check("receive", "<- carrier (carrier)\n-> acme (receive)\n")
    check("share order", "<- acme (share)\n-> carrier (carrier)\n")


def test_what_an_action_says_of_its_recipient_counts() -> None:
    check("share name", "<- acme (share)\n-> third_party (share)\n")


def test_a_person_receives_and_passes_on() -> None:
    check(
        "carrier is",
        """
        <- share order (carrier)
        <- share name (share)
        -> receive order (carrier)
        """,
    )
    check("host is", "<- entrust personal (host)\n")
    check(
        "acme is",
        """
        <- collect order.number, email (collect)
        <- receive order (receive)
        -> share order (share)
        -> entrust personal (entrust)
        -> share name (share)
        """,
    )


def test_of_whom_data_are_they_come() -> None:
    check("customer", "-> collect order.number, email (customer)\n")


@pytest.mark.parametrize("at", ["store order", "never", "use order", "policy", "delivery\nreceive"])
def test_elsewhere_nothing_flows(at: str) -> None:
    made = read(SHOP.replace(at, at[:1] + "$0" + at[1:], 1))
    assert all(each.kind == "method" for each in flows_at(*made))
    assert at == "delivery\nreceive" or flows_at(*made) == ()


def test_policies_know_nothing_of_one_another() -> None:
    text = 'import "house.policy"\npolicy a { provider: us }\nparty us\ncollect ord$0er\n'
    made = read(
        f"{text}--- house.policy\ndata order\nshare personal to partner\n--- b.policy\nshare personal to partner\n"
    )
    (found,) = flows_at(*made)
    assert [each.item.path for each in outgoing(made.workspace, found)] == ["house.policy"]


def test_a_module_speaks_for_the_policy_that_imports_it() -> None:
    text = 'import "house.policy"\npolicy a { provider: us }\nparty us\n--- house.policy\nsh$0are email to partner\n'
    made = read(text)
    (found,) = flows_at(*made)
    assert [each.item.name for each in incoming(made.workspace, found)] == ["us"]


def test_a_sentence_is_found_again_by_its_words() -> None:
    made = read("share email to partner\nsh$0are  email to partner\n")
    (found,) = flows_at(*made)
    assert [each.spans for each in outgoing(made.workspace, found)] == [((39, 46),)]
    above = made.workspace.with_source(Source("shop.policy", f"data order\n{made.text}"))
    assert [each.spans for each in outgoing(above, found)] == [((50, 57),)]
    gone = made.workspace.with_source(Source("shop.policy", "share email to partner\n"))
    assert outgoing(gone, found) == ()


def test_any_place_of_any_text_has_items_in_it() -> None:
    for text in broken():
        workspace = Workspace({"a.policy": Source("a.policy", text)})
        for offset in offsets(text, 20):
            for each in types_at(workspace, "a.policy", offset):
                for item in (each, *supertypes(workspace, each), *subtypes(workspace, each)):
                    check_item(workspace, item)
            for each in flows_at(workspace, "a.policy", offset):
                for is_incoming, flows in ((True, incoming(workspace, each)), (False, outgoing(workspace, each))):
                    for flow in flows:
                        check_item(workspace, flow.item)
                        length = len(workspace.source(flow.item.path if is_incoming else each.path).text)
                        assert flow.spans
                        assert all(0 <= span.start < span.end <= length for span in flow.spans)


def check_item(workspace: Workspace, item: Item) -> None:
    assert item.name
    assert 0 <= item.span.start <= item.name_span.start < item.name_span.end <= item.span.end
    assert item.span.end <= len(workspace.source(item.path).text)
