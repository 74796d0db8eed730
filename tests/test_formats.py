"""What other programs read of findings: well-formed whatever is in them, and true to them."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from policyspec import formats, report
from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity, apply_edits
from policyspec.formats import FORMATS, Report
from policyspec.formats.given import placed, shown_path
from policyspec.lint import registry
from policyspec.lint.rule import Rule
from policyspec.source import Position, Source, Span

ROOT = Path(__file__).parents[1]
SARIF = Draft4Validator(json.loads((ROOT / "tests" / "data" / "sarif-2.1.0.schema.json").read_text("utf-8")))

SHOP = 'data device "Device"\ncolect device for streaming\n'
LIBRARY = "policyspec:core/data.policy"
SOURCES = {
    "shop.policy": Source("shop.policy", SHOP),
    "modules/house.policy": Source("modules/house.policy", "rule r { no it }\n"),
    LIBRARY: Source(LIBRARY, "data device\n"),
}
CONSENT = Rule(
    "cn.pipl.consent_not_separate",
    Severity.ERROR,
    "Sensitive personal information needs separate consent",
    "Some data may be handled **only** with `separate_consent`, see [the law](https://law.example).\n\nMore of it.",
    "cn.pipl",
    ("PIPL art. 29",),
    "Ask for it on its own",
    "safe",
    "in_force",
    datetime.date(2021, 11, 1),
    bad=("collect health under consent",),
    good=("collect health under separate_consent",),
)
OWN = Rule("no_idfa", Severity.WARNING, "No advertising | ever", pack="house", suppressible=False)
RULES = {rule.name: rule for rule in (CONSENT, OWN)}


def at(word: str, path: str = "shop.policy") -> Span:
    start = SOURCES[path].text.index(word)
    return Span(start, start + len(word))


def found(span: Span, message: str = "it is wrong", **more: Any) -> Diagnostic:
    return Diagnostic(
        **{"rule": "unknown_name", "severity": Severity.ERROR, "path": "shop.policy", **more},
        message=message,
        span=span,
    )


NAME = found(
    at("colect"),
    "`colect` is not an action; did you mean `collect`?",
    related=(Related(LIBRARY, Span(0, 4), "declared here"),),
    fixes=(
        Fix("change to `collect`", (Edit(at("colect"), "collect"),), safe=True),
        Fix("remove it", (Edit(at("colect"), ""),)),
    ),
)
LAW = found(at("device"), "no separate consent", rule=CONSENT.name, help=CONSENT.help, cite=CONSENT.cite)
HOUSE = found(Span(0, 4), "never", rule=OWN.name, severity=Severity.WARNING, path="modules/house.policy")
NOTE = found(Span(0, len(SHOP)), "a remark", rule=OWN.name, severity=Severity.INFO)
ALL = (NOTE, HOUSE, LAW, NAME)


def made(*diagnostics: Diagnostic, **more: Any) -> Report:
    return Report(**{"diagnostics": diagnostics, "sources": SOURCES, "files": 2, "rules": RULES, **more})


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "DOCUMENTATION", "https://policyspec.example/")


# ── Whatever is in it ────────────────────────────────────────────────────────────────────────────

NASTY = st.sampled_from(
    [
        *("%0A::error::x", "]]>", "<![CDATA[", "</details>", "<script>", "\r\n", "\n\n# x", "{0}", "${{ x }}"),
        *("\u2028", "\x85", "\x1b[31m", "\u202e", "\0", "\ufffe", "\ud800", "\udc80", "😀", "中文，中"),
        *("|", "`|`", "\\|", "`a\\|", "[x](http://e.example)"),
    ]
)
TEXT = st.lists(st.text(st.characters(exclude_categories=()), max_size=8) | NASTY, max_size=4).map("".join)
PATH = st.sampled_from(["a.policy", "./b c.policy", "/root/d/é.policy", "C:/x.policy", LIBRARY]) | TEXT
SPAN = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(min(pair), max(pair)))
LEVEL = st.sampled_from(Severity)
FIX = st.builds(Fix, TEXT, st.lists(st.builds(Edit, SPAN, TEXT), max_size=1).map(tuple), st.booleans())
DIAGNOSTIC = st.builds(
    Diagnostic,
    TEXT,
    LEVEL,
    TEXT,
    PATH,
    SPAN,
    st.lists(st.builds(Related, PATH, SPAN, TEXT), max_size=2).map(tuple),
    TEXT,
    st.lists(FIX, max_size=2).map(tuple),
    st.lists(TEXT, max_size=2).map(tuple),
)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
RULE = st.builds(Rule, TEXT, LEVEL, TEXT, TEXT, TEXT, TEXTS, TEXT, bad=TEXTS, good=TEXTS, suppressible=st.booleans())


@st.composite
def reports(draw: st.DrawFn) -> Report:
    groups = [draw(st.lists(DIAGNOSTIC, max_size=size)) for size in (4, 2, 2)]
    paths = {each.path for group in groups for each in group}
    texts = {path: draw(TEXT) for path in sorted(paths) if draw(st.integers(0, 3))}
    rules = {rule.name: rule for rule in draw(st.lists(RULE, max_size=3))}
    sources = {path: Source(path, text) for path, text in texts.items()}
    reasons = {each: draw(TEXT) for each in groups[1]}
    return Report(
        groups[0], sources, 3, rules, groups[1], groups[2], draw(st.sampled_from(["", "/root", "."])), reasons
    )


def harmless(text: str) -> bool:
    return all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn") for char in text if char != "\n")


@settings(max_examples=80)
@given(reports())
def test_json_says_all(anything: Report) -> None:
    text = FORMATS["json"](anything)
    text.encode("utf-8")
    data = json.loads(text)
    # Two escapes may be halves of one character.
    expected = json.loads(json.dumps([[each.message, each.path] for each in placed(anything).diagnostics]))
    assert [[each["message"], each["path"]] for each in data["diagnostics"]] == expected
    assert (len(data["suppressed"]), len(data["known"])) == (len(anything.suppressed), len(anything.known))
    lines = FORMATS["jsonl"](anything).splitlines()
    assert [json.loads(line) for line in lines] == data["diagnostics"]


# Validating takes long.
@settings(max_examples=40)
@given(reports())
def test_sarif_is_valid(anything: Report) -> None:
    text = FORMATS["sarif"](anything)
    text.encode("utf-8")
    log = json.loads(text)
    SARIF.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(anything.diagnostics) + len(anything.suppressed) + len(anything.known)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert ("baselineState" in result) == bool(anything.known)
    for each in rules:
        assert all(each[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
    for name, value in walk(log):
        if name == "uri":
            assert re.fullmatch(r"(?:file:///(?:[A-Za-z]:)?)?(?:[\w.~/-]|%[0-9A-F]{2})*", value, re.ASCII), value
        if name in ("text", "markdown", "justification"):
            assert value
        if name in ("startLine", "startColumn", "endLine", "endColumn"):
            assert value >= 1


def walk(data: Any, name: str = "") -> Any:
    """Every value with its name; texts that are put into policies are as they are, and left out."""
    yield name, data
    children = (
        data.items() if isinstance(data, dict) else ((name, each) for each in data) if isinstance(data, list) else ()
    )
    for key, value in children:
        if key != "insertedContent":
            yield from walk(value, key)


@settings(max_examples=80)
@given(reports())
def test_github_commands_are_read_as_they_are_meant(anything: Report) -> None:
    text = FORMATS["github"](anything)
    lines = re.split(r"\r\n|\r|\n", text)[:-1]
    assert len(lines) == len(anything.diagnostics)
    assert harmless(text)
    ranks = []
    for line in lines:
        command, values, message = runner(line)
        ranks.append(["error", "warning", "notice"].index(command))
        assert {*values} <= {"file", "line", "endLine", "col", "title"}
        assert not ("col" in values and values["line"] != values["endLine"])
        assert harmless(message)
    assert ranks == sorted(ranks)


def runner(line: str) -> tuple[str, dict[str, str], str]:
    """A command as GitHub's runner takes it apart."""
    end = line.index("::", 2)
    command, _, rest = line[2:end].partition(" ")
    values = dict(pair.split("=", 1) for pair in rest.split(",") if pair)
    return command, {name: unescaped(value) for name, value in values.items() if value}, unescaped(line[end + 2 :])


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


@settings(max_examples=80)
@given(reports())
def test_gitlab_has_what_it_documents(anything: Report) -> None:
    issues = json.loads(FORMATS["gitlab"](anything).encode("utf-8"))
    assert len(issues) == len(anything.diagnostics)
    assert len({each["fingerprint"] for each in issues}) == len({*placed(anything).diagnostics})
    for issue in issues:
        assert {*issue} == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert 1 <= issue["location"]["lines"]["begin"] <= issue["location"]["lines"]["end"]
        assert harmless(issue["description"] + issue["location"]["path"])


@settings(max_examples=80)
@given(reports())
def test_junit_parses(anything: Report) -> None:
    suites = ElementTree.fromstring(FORMATS["junit"](anything).encode("utf-8"))
    cases = suites.findall("testsuite/testcase")
    failed = sum(each.severity is not Severity.INFO for each in anything.diagnostics)
    assert (int(suites.get("tests", "")), int(suites.get("failures", ""))) == (len(cases), failed)
    assert len(suites.findall("*/*/failure")) == failed
    assert len({(each.get("classname"), each.get("name")) for each in cases}) == len(cases)
    for suite in suites:
        counts = (len(suite), len(suite.findall("*/failure")), len(suite.findall("*/skipped")))
        assert counts == tuple(int(suite.get(name, "")) for name in ("tests", "failures", "skipped"))
    for each in suites.iter():
        assert harmless((each.text or "") + "".join(each.attrib.values()))


@settings(max_examples=80)
@given(reports())
def test_the_page_of_a_step_keeps_its_form(anything: Report) -> None:
    page = formats.github_summary(anything)
    assert harmless(page)
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert all(len(re.findall(r"(?<!\\)\|", re.sub(r"\\\\", "", row))) == 5 for row in rows)
    assert page.count("<") - page.count("\\<") - in_code(page, "<") == (4 if anything.diagnostics else 0)
    items = [line for line in page.splitlines() if line.startswith("- **")]
    assert len(items) == len(anything.diagnostics)


def in_code(page: str, char: str) -> int:
    """How often a character stands in code, without a backslash before it."""
    spans = re.findall(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", page)
    return sum(len(re.findall(rf"(?<!\\){char}", text)) for _, text in spans)


@settings(max_examples=80)
@given(RULE, st.integers(0, 100))
def test_any_page_is_shown_harmlessly(rule: Rule, width: int) -> None:
    page = formats.explain(rule, width=width)
    assert harmless(page)
    assert re.sub(r"\x1b\[[\d;]+m", "", formats.explain(rule, color=True, width=width)) == page
    assert harmless(formats.rules_table([rule]) + formats.statistics(made(found(Span(0, 1), rule=rule.name))))


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────


def test_json_has_places_fixes_and_law(published: None) -> None:
    data = json.loads(FORMATS["json"](made(LAW, NAME, suppressed=[NOTE], known=[HOUSE], reasons={NOTE: "agreed"})))
    law, name = data["diagnostics"]
    assert (law["cite"], law["help"]) == (["PIPL art. 29"], "Ask for it on its own")
    assert law["url"] == "https://policyspec.example/docs/rules.md#cnpiplconsent_not_separate"
    (edit,) = name["fixes"][0]["edits"]
    assert edit["range"] == {
        "start": {"line": 2, "column": 1, "offset": 21},
        "end": {"line": 2, "column": 7, "offset": 27},
    }
    assert (data["suppressed"][0]["reason"], data["known"][0]["rule"]) == ("agreed", "no_idfa")
    assert data["summary"] == {"files": 2, "errors": 2, "warnings": 0, "infos": 0}


def test_json_is_utf8_and_shows_what_it_has() -> None:
    strange = found(Span(0, 1), "中\u202e\u2028\udc80")
    assert '"中\\u202e\\u2028\\udc80"' in FORMATS["jsonl"](made(strange))


# ── Paths and addresses ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "root", "shown"),
    [
        ("shop.policy", "", "shop.policy"),
        ("./shop.policy", "", "shop.policy"),
        ("/work/a/shop.policy", "/work", "a/shop.policy"),
        ("/work/a/shop.policy", "/work/", "a/shop.policy"),
        ("/worker/shop.policy", "/work", "/worker/shop.policy"),
        ("legal/shop.policy", "legal", "shop.policy"),
        ("../shop.policy", "", "../shop.policy"),
        (LIBRARY, "policyspec:core", LIBRARY),
    ],
)
def test_paths_are_shown_from_the_root(path: str, root: str, shown: str) -> None:
    assert shown_path(path, root) == shown
    related = found(Span(0, 1), path=path, related=(Related(path, Span(0, 1), "there"),))
    data = json.loads(FORMATS["json"](made(related, sources={path: Source(path, "x")}, root=root)))
    (diagnostic,) = data["diagnostics"]
    assert (diagnostic["path"], diagnostic["related"][0]["path"]) == (shown, shown)
    assert diagnostic["range"] is not None


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("sub dir/ä:b%.policy", {"uri": "sub%20dir/%C3%A4%3Ab%25.policy", "uriBaseId": "%SRCROOT%"}),
        ("/abs/x.policy", {"uri": "file:///abs/x.policy"}),
        ("C:/abs/x y.policy", {"uri": "file:///C:/abs/x%20y.policy"}),
        (LIBRARY, {"uri": "core/data.policy", "uriBaseId": "POLICYSPEC"}),
        ("<stdin>", {"uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%"}),
        # A byte that is not UTF-8, and what no byte stands for.
        ("\udcff\ud800", {"uri": "%FF%EF%BF%BD", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_addresses(path: str, address: dict[str, str]) -> None:
    log = json.loads(FORMATS["sarif"](made(found(Span(0, 1), path=path))))
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == address
    if "\udcff" not in path and "uriBaseId" in address and path != LIBRARY:
        assert unquote(address["uri"]) == path


def test_pages_of_rules_have_addresses(published: None) -> None:
    assert report.rule_url("a.b_c") == "https://policyspec.example/docs/rules.md#ab_c"
    assert made().url(CONSENT.name) == report.rule_url(CONSENT.name)
    assert made().url("unknown_name") == report.rule_url("unknown_name")
    assert made().url(OWN.name) is None, "the manual does not know the rules of a policy's own files"
    assert all(Report((), {}, 0, registry.known_rules()).url(name) for name in registry.known_rules())


def test_the_manual_is_where_the_project_says() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"].get("urls", {})
    assert urls.get("Documentation", "") == report.DOCUMENTATION
    assert bool(report.rule_url("x")) == bool(report.DOCUMENTATION)


# ── SARIF ────────────────────────────────────────────────────────────────────────────────────────


def results(given: Report) -> list[dict[str, Any]]:
    log = json.loads(FORMATS["sarif"](given))
    SARIF.validate(log)
    return log["runs"][0]["results"]  # type: ignore[no-any-return]


def test_sarif_describes_rules(published: None) -> None:
    log = json.loads(FORMATS["sarif"](made(NAME)))
    consent, own, name = log["runs"][0]["tool"]["driver"]["rules"]
    assert consent["id"] == "cn.pipl.consent_not_separate"
    assert consent["shortDescription"] == {"text": "Sensitive personal information needs separate consent"}
    assert consent["fullDescription"] == {
        "text": "Some data may be handled only with 'separate_consent', see the law (https://law.example)."
    }
    assert consent["helpUri"].endswith("#cnpiplconsent_not_separate")
    assert "```policy\ncollect health under consent\n```" in consent["help"]["markdown"]
    assert "collect health under separate_consent" in consent["help"]["text"]
    assert consent["defaultConfiguration"] == {"level": "error"}
    assert consent["properties"]["tags"] == ["privacy", "cn.pipl", "PIPL art. 29"]
    assert consent["properties"]["problem.severity"] == "error"
    assert "helpUri" not in own
    assert (name["id"], name["shortDescription"]["text"]) == ("unknown_name", "Unknown name")


def test_sarif_results() -> None:
    note, law, name = results(made(NAME, LAW, NOTE))
    assert (note["level"], law["level"]) == ("note", "error")
    assert law["message"]["text"] == "no separate consent\nLaw: PIPL art. 29\nHelp: Ask for it on its own"
    assert name["message"]["text"] == "'colect' is not an action; did you mean 'collect'?"
    assert name["message"]["markdown"] == "`colect` is not an action; did you mean `collect`?"
    (related,) = name["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (1, "declared here")
    assert related["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 5}
    change, remove = name["fixes"]
    assert (change["properties"], remove["properties"]) == ({"safe": True}, {"safe": False})
    (replacement,) = change["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 7},
        "insertedContent": {"text": "collect"},
    }
    assert "baselineState" not in name
    assert "suppressions" not in name


def test_sarif_tells_new_known_and_suppressed_apart() -> None:
    new, known, suppressed = results(
        made(NAME, known=[HOUSE], suppressed=[NOTE], reasons={NOTE: "agreed\nwith counsel"})
    )
    assert [each["baselineState"] for each in (new, known, suppressed)] == ["new", "unchanged", "new"]
    assert suppressed["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "agreed with counsel"}
    ]
    (silent,) = results(made(suppressed=[NOTE]))
    assert silent["suppressions"] == [{"kind": "inSource", "status": "accepted"}]


def test_text_of_a_policy_is_no_link_and_no_tag() -> None:
    (result,) = results(made(found(Span(0, 1), "see [x](http://evil.example) <b> www.evil.example")))
    assert "](" not in result["message"]["text"].replace("\\](", "")
    assert result["message"]["markdown"] == "see \\[x\\](http\\://evil.example) \\<b\\> www\\.evil.example"
    rule = Rule("r", Severity.INFO, "x", "a <b> `<c>` <https://e.example>\n\n```\n<d>\n```\n\n    <e>\n")
    log = json.loads(FORMATS["sarif"](made(rules={"r": rule})))
    help_text = log["runs"][0]["tool"]["driver"]["rules"][0]["help"]["markdown"]
    assert help_text.startswith("a &lt;b> `<c>` <https://e.example>\n\n```\n<d>\n```\n\n    <e>\n")


def test_sarif_columns_count_code_points_and_no_byte_order_mark() -> None:
    log = json.loads(FORMATS["sarif"](made(NAME)))
    assert log["runs"][0]["columnKind"] == "unicodeCodePoints"
    for text, span, region in (
        ("😀中x", Span(2, 3), (1, 3, 1, 4)),
        ("\ufeff😀中x", Span(3, 4), (1, 3, 1, 4)),
        ("\ufeffa\r\nb\rc", Span(0, 6), (1, 1, 3, 1)),
        ("ab\n", Span(0, 3), (1, 1, 2, 1)),
        ("ab", Span(2, 9), (1, 3, 1, 3)),
    ):
        (result,) = results(made(found(span), sources={"shop.policy": Source("", text)}))
        assert tuple(result["locations"][0]["physicalLocation"]["region"].values()) == region


@given(st.text("a中😀\r\n \u2028", max_size=20), st.lists(st.integers(0, 20), min_size=4, max_size=4), TEXT)
def test_the_fixes_of_sarif_make_the_same_text(text: str, places: list[int], new: str) -> None:
    new = re.sub("[\ud800-\udfff]", "", new)
    a, b, c, d = sorted(min(place, len(text)) for place in places)
    fix = Fix("it", (Edit(Span(c, d), new), Edit(Span(a, b), "x")))
    (result,) = results(made(found(Span(0, 1), fixes=(fix,)), sources={"shop.policy": Source("", text)}))
    source = Source("", text)
    edits = []
    for each in result["fixes"][0]["artifactChanges"][0]["replacements"]:
        region = each["deletedRegion"]
        ends = [source.line_starts[region[f"{end}Line"] - 1] + region[f"{end}Column"] - 1 for end in ("start", "end")]
        edits.append(Edit(Span(*ends), each.get("insertedContent", {}).get("text", "")))
    assert apply_edits(text, edits) == apply_edits(text, fix.edits)
    assert source.position(a) == Position(*source.position(a))


def test_fingerprints_outlive_other_edits() -> None:
    def marks(text: str, *more: Diagnostic) -> list[str]:
        spans = [Span(each.start(), each.end()) for each in re.finditer("colect", text)]
        given = made(*(found(span) for span in spans), *more, sources={"shop.policy": Source("", text)})
        return [
            each["fingerprint"] for each in json.loads(FORMATS["gitlab"](given)) if each["check_name"] == "unknown_name"
        ]

    before = marks("colect x\ncolect y\ncolect x\n")
    assert len({*before}) == 3
    assert marks("# new\n\ncolect x\n  colect y\n# and\ncolect x\n") == before
    assert marks("colect x\ncolect y\ncolect x\n", HOUSE) == before
    assert marks("colect x\ncolect z\ncolect x\n")[1] != before[1]
    first, second = results(made(NAME, suppressed=[LAW])), results(made(NAME, LAW))
    prints = [{each["ruleId"]: each["partialFingerprints"] for each in group} for group in (first, second)]
    assert prints[0] == prints[1]


# ── GitHub, GitLab, JUnit ────────────────────────────────────────────────────────────────────────


def test_github_commands(published: None) -> None:
    assert FORMATS["github"](made(*ALL)) == dedent(
        """\
        ::error file=shop.policy,line=1,endLine=1,col=6,title=cn.pipl.consent_not_separate::no separate consent%0Alaw: PIPL art. 29%0Ahelp: Ask for it on its own%0Ahttps://policyspec.example/docs/rules.md#cnpiplconsent_not_separate
        ::error file=shop.policy,line=2,endLine=2,col=1,title=unknown_name::`colect` is not an action; did you mean `collect`?%0Ahttps://policyspec.example/docs/rules.md#unknown_name
        ::warning file=modules/house.policy,line=1,endLine=1,col=1,title=no_idfa::never
        ::notice file=shop.policy,line=1,endLine=2,title=no_idfa::a remark
        """  # noqa: E501
    )
    assert FORMATS["github"](made(known=[NAME], suppressed=[LAW])) == ""


def test_github_commands_are_escaped() -> None:
    strange = found(Span(0, 1), "100%\n::error::", path="a,b:c%.policy", rule="x,y::z")
    assert FORMATS["github"](made(strange)) == (
        "::error file=a%2Cb%3Ac%25.policy,title=x%2Cy%3A%3Az::100%25 ::error::\n"
    )


def test_github_summary(published: None) -> None:
    assert formats.github_summary(made(*ALL, suppressed=[NAME], known=[LAW])) == dedent(
        """\
        ## policyspec

        2 errors, 1 warning, 1 info in 2 files checked, besides 1 suppressed and 1 known from before.

        | Count | Level | Rule | What it is about |
        | ---: | --- | --- | --- |
        | 1 | error | [`cn.pipl.consent_not_separate`](https://policyspec.example/docs/rules.md#cnpiplconsent_not_separate) | Sensitive personal information needs separate consent |
        | 1 | error | [`unknown_name`](https://policyspec.example/docs/rules.md#unknown_name) | Unknown name |
        | 1 | warning | `no_idfa` | No advertising \\| ever |
        | 1 | info | `no_idfa` | No advertising \\| ever |

        <details><summary>All findings</summary>

        `modules/house.policy`

        - **warning** `no_idfa` line 1: never

        `shop.policy`

        - **info** `no_idfa` line 1: a remark
        - **error** [`cn.pipl.consent_not_separate`](https://policyspec.example/docs/rules.md#cnpiplconsent_not_separate) line 1: no separate consent
          - law: PIPL art. 29
          - help: Ask for it on its own
        - **error** [`unknown_name`](https://policyspec.example/docs/rules.md#unknown_name) line 2: `colect` is not an action; did you mean `collect`?

        </details>
        """  # noqa: E501
    )
    assert formats.github_summary(made()) == "## policyspec\n\nno findings in 2 files checked.\n"


def test_github_summary_is_cut_before_github_drops_it() -> None:
    many = [found(Span(0, 1), f"{number} {'中' * 1000}", rule=f"{number}_{'x' * 1000}") for number in range(2000)]
    page = formats.github_summary(made(*many))
    assert 990_000 < len(page.encode("utf-8")) <= 1_000_000
    assert re.search(r"\n… and \d+ more\.\n\n</details>\n$", page)
    assert "… and 1000 more rules." in page


def test_gitlab() -> None:
    law, _ = json.loads(FORMATS["gitlab"](made(LAW, NAME, suppressed=[NOTE], known=[HOUSE])))
    assert re.fullmatch("[0-9a-f]{32}", law.pop("fingerprint"))
    assert law == {
        "description": "cn.pipl.consent_not_separate: no separate consent",
        "check_name": "cn.pipl.consent_not_separate",
        "severity": "major",
        "location": {"path": "shop.policy", "lines": {"begin": 1, "end": 1}},
    }
    severities = [each["severity"] for each in json.loads(FORMATS["gitlab"](made(*ALL)))]
    assert severities == ["minor", "info", "major", "major"]


def test_junit() -> None:
    clean = {**SOURCES, "clean.policy": Source("clean.policy", "")}
    text = FORMATS["junit"](made(HOUSE, NOTE, sources=clean, suppressed=[HOUSE], known=[NAME], reasons={HOUSE: "ok"}))
    suites = {suite.get("name"): suite for suite in ElementTree.fromstring(text)}
    assert {*suites} == {"clean.policy", "modules/house.policy", "shop.policy"}, "the library is not checked"
    (passed,) = suites["clean.policy"]
    assert (passed.get("name"), len(passed)) == ("no findings", 0)
    failed, suppressed = suites["modules/house.policy"]
    assert [case.get("name") for case in (failed, suppressed)] == ["no_idfa at 1:1", "no_idfa at 1:1 (2)"]
    assert (failed[0].tag, failed[0].get("type"), failed[0].get("message")) == ("failure", "warning", "never")
    assert failed[0].text == report.text([HOUSE], SOURCES)
    assert (suppressed[0].tag, suppressed[0].get("message")) == ("skipped", "suppressed: ok: never")
    assert [case[0].get("message") for case in suites["shop.policy"]] == [
        "info: a remark",
        "known: `colect` is not an action; did you mean `collect`?",
    ]


def test_where_a_source_is_not_at_hand() -> None:
    bare = made(NAME, sources={})
    assert FORMATS["github"](bare).startswith("::error file=shop.policy,title=unknown_name::")
    assert json.loads(FORMATS["gitlab"](bare))[0]["location"]["lines"]["begin"] == 1
    (result,) = results(bare)
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert "fixes" not in result
    assert "line" not in formats.github_summary(bare)
    (case,) = ElementTree.fromstring(FORMATS["junit"](bare)).findall("*/testcase")
    assert case.get("name") == "unknown_name"


# ── Tables and pages ─────────────────────────────────────────────────────────────────────────────


def test_statistics() -> None:
    given = made(*ALL, found(Span(0, 1)))
    assert formats.statistics(given) == dedent(
        """\
        2  unknown_name                  error    Unknown name
        1  cn.pipl.consent_not_separate  error    Sensitive personal information needs separate consent
        1  no_idfa                       info     No advertising | ever
        1  no_idfa                       warning  No advertising | ever
        """
    )
    assert formats.statistics_json(given)[0] == {
        "count": 2,
        "rule": "unknown_name",
        "level": "error",
        "summary": "Unknown name",
    }
    assert (formats.statistics(made()), formats.statistics_json(made())) == ("", [])


def test_rules_are_listed_by_pack() -> None:
    logic = Rule("unused_term", Severity.INFO, "A term that nothing uses", fix="unsafe")
    assert formats.rules_table([OWN, CONSENT, logic]) == dedent(
        """\
        logic
          unused_term                   info     unsafe fix  A term that nothing uses

        cn.pipl
          cn.pipl.consent_not_separate  error    safe fix    Sensitive personal information needs separate consent

        house
          no_idfa                       warning              No advertising | ever

        3 rules
        """
    )
    assert formats.rules_table([]) == "0 rules\n"
    assert formats.rules_json([OWN, CONSENT])[0] == {
        "name": "cn.pipl.consent_not_separate",
        "level": "error",
        "pack": "cn.pipl",
        "cite": ["PIPL art. 29"],
        "summary": "Sensitive personal information needs separate consent",
        "fix": "safe",
    }


def test_explain() -> None:
    assert formats.explain(CONSENT, width=50) == dedent(
        """\
        cn.pipl.consent_not_separate
          Sensitive personal information needs separate
          consent

          level   error
          pack    cn.pipl
          law     PIPL art. 29
          status  in force, since 2021-11-01
          fix     safe

        Some data may be handled only with
        `separate_consent`, see the law
        (https://law.example).

        More of it.

        What to do

        Ask for it on its own

        Bad

            collect health under consent

        Good

            collect health under separate_consent

        Law

        - PIPL art. 29

        To allow it in one place

        At the end of the item's first line, or on the
        line above it:

            # policyspec: allow cn.pipl.consent_not_separate -- the reason why
        """
    )
    assert formats.explain(OWN).endswith("To allow it in one place\n\nThis rule allows no exceptions.\n")
    assert "a draft, so its findings are info" in formats.explain(Rule("r", Severity.INFO, "x", status="draft"))
    assert "\x1b[36m`separate_consent`\x1b[0m," in formats.explain(CONSENT, color=True)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("# Head #\ntext\nmore", "Head\n\ntext more"),
        (
            "- one two three four five six\n- b\n  goes on\n\n1. c",
            "- one two three four\n  five six\n- b goes on\n\n1. c",
        ),
        (
            "a\n\n    code  here that is not folded\n\n      more\n\nb",
            "a\n\n    code  here that is not folded\n\n      more\n\nb",
        ),
        ("```policy\ncollect  x\n\n# y\n```\nb", "    collect  x\n\n    # y\n\nb"),
        ("**bold** \\* <https://e.example> [a](b) [b](b)", "bold *\nhttps://e.example a\n(b) b"),
        ("处理敏感个人信息应当取得，单独同意", "处理敏感个人信息应当\n取得，单独同意"),
        ("open ```", "open ```"),
    ],
)
def test_markdown_in_a_terminal(page: str, shown: str) -> None:
    text = formats.explain(Rule("r", Severity.INFO, "x", page), width=20)
    start = text.index("info\n\n") + 6
    assert text[start : text.index("\n\nTo allow it in one")] == shown


def test_hostile_markdown_costs_little() -> None:
    for text in (
        "`" * 50_000,
        "[" * 50_000,
        "**" * 25_000,
        "[a](" * 12_000,
        "<https://" * 5_000,
        "中" * 50_000,
        "- " * 25_000,
    ):
        rule = Rule("r", Severity.INFO, "x", text, help=text)
        assert formats.explain(rule)
        assert FORMATS["sarif"](made(rules={"r": rule}))


def test_importing_the_formats_costs_little() -> None:
    program = "import sys; before = {*sys.modules}; import policyspec.formats; print(*{*sys.modules} - before)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {*done.stdout.split()}
    assert not loaded & {
        "json",
        "xml",
        "html",
        "hashlib",
        "lark",
        "pydantic",
        "policyspec.syntax",
        "policyspec.workspace",
    }
