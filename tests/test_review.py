"""All that is found in a file, in one place."""

from __future__ import annotations

from cli_support import BAD, CONTRADICTION, GOOD, MODULE
from policyspec.diagnostic import Severity
from policyspec.review import facts, findings, review
from policyspec.source import Source
from policyspec.workspace import Workspace

HOUSE = f'{MODULE}section "Later" {{\n}}\n'
SHOP = f'import "house.policy"\n{CONTRADICTION}collect badge for delivery under contract keep 1 year\n'


def workspace(**texts: str) -> Workspace:
    return Workspace({f"{name}.policy": Source(f"{name}.policy", text) for name, text in texts.items()})


def test_text_names_and_rules() -> None:
    made = workspace(shop=f"{BAD}never collect name\ncollect name for delivery\ncollect email for\n", good=GOOD)
    found = review(made, "shop.policy")
    assert {"unknown_name", "syntax_error", "contradiction"} <= {each.rule for each in found}
    assert [each.span for each in found] == sorted(each.span for each in found)
    assert review(made, "good.policy") == ()


def test_what_rules_find_in_a_module_is_found_for_a_policy() -> None:
    made = workspace(shop=SHOP, house=HOUSE)
    assert facts(made, "house.policy") is None
    assert findings(made, "house.policy") == review(made, "house.policy") == ()
    found = {(each.path, each.rule) for each in findings(made, "shop.policy")}
    assert found == {("house.policy", "empty_section"), ("shop.policy", "contradiction")}


def test_names_of_a_module_are_its_own() -> None:
    made = workspace(shop=SHOP, house="data badge is nowhere\n")
    assert {each.path for each in review(made, "shop.policy") if not each.pack} == set()
    assert [each.rule for each in review(made, "house.policy")] == ["unknown_name"]


def test_nothing_is_said_of_what_is_missing_where_something_is_broken() -> None:
    whole = workspace(shop='policy shop "Shop" { provider: us }\nparty us\n')
    assert "contact_missing" in {each.rule for each in findings(whole, "shop.policy")}
    broken = workspace(shop='policy shop "Shop" { provider: us }\nparty us\ncollect {\n')
    assert "contact_missing" not in {each.rule for each in findings(broken, "shop.policy")}
    facts_ = facts(broken, "shop.policy")
    assert facts_ is not None
    assert not facts_.is_whole
    imports = workspace(
        shop='import "house.policy"\npolicy shop "Shop" { provider: us }\nparty us\n', house="collect {"
    )
    assert "contact_missing" not in {each.rule for each in findings(imports, "shop.policy")}


def test_it_is_found_once_for_a_workspace_and_anew_after_an_edit() -> None:
    made = workspace(shop=SHOP, house=HOUSE)
    assert findings(made, "shop.policy") is findings(made, "shop.policy")
    changed = made.with_source(Source("house.policy", MODULE))
    assert {each.rule for each in findings(changed, "shop.policy")} == {"contradiction"}
    assert all(each.severity is Severity.ERROR for each in findings(changed, "shop.policy"))
    assert {each.rule for each in findings(made, "shop.policy")} == {"contradiction", "empty_section"}
