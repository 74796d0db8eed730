"""Sentences in plain words, against a table; and what holds for all sentences that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyspec import library, phrasing
from policyspec.kinds import CLAUSES, KINDS
from policyspec.library import compiled
from policyspec.lint import registry
from policyspec.lint.examples import example
from policyspec.phrasing import chinese, english
from policyspec.phrasing.titles import Said, text_in, title
from policyspec.scope import CORE, Definition
from policyspec.source import Source
from policyspec.statements import Sentence, Statement, demands, sentences
from policyspec.syntax import grammar
from policyspec.workspace import Workspace

ROOT = Path(__file__).parents[1]
PATH = "shop.policy"
LANGUAGES = ("en", "zh-cn")
PRELUDE = """
import android
policy shop "Privacy policy"@en "隐私政策"@zh { provider: books }
party books "Example Books Ltd"
party carrier is logistics_provider, third_party "Example Parcels, who delivers"
party host is cloud_provider, processor "Our hosting company"@en "托管公司"@zh
data order_record is purchase_information "What you ordered"@en "您的订单"@zh
data no_title
right see is access "To see your data"@en "查看您的数据"@zh
purpose tracking is analytics "Finding out where you go"@en "追踪"@zh
purpose to_learn "To learn what you like"@en "了解您的喜好"@zh
action email_out is disclose "Send on"@en "转发"@zh
action put_up is apply "Put up"@en "设置"@zh
"""


def cases() -> list[tuple[str, str, str]]:
    text = (ROOT / "tests" / "data" / "phrases.txt").read_text("utf-8").partition("\n\n")[2]
    return [tuple(line.strip() for line in case.splitlines()) for case in text.split("\n\n")]  # type: ignore[misc]


def read(text: str, path: str = PATH) -> list[Sentence]:
    """The sentences of a text, with its provider."""
    workspace = Workspace({path: Source(path, text)})
    resolution, header = workspace.resolution(path), workspace.header(path)
    provider = resolution.fields[header].get("provider", ()) if header else ()
    return [*sentences(resolution, path, tuple(provider))]


def said(text: str, language: str = "en") -> str:
    """The one sentence of a text, with the prelude, in plain words."""
    (found,) = read(PRELUDE + text)
    return phrasing.sentence(found, language)


@pytest.mark.parametrize(("text", "in_english", "in_chinese"), cases(), ids=lambda each: "")
def test_in_plain_words(text: str, in_english: str, in_chinese: str) -> None:
    assert (said(text), said(text, "zh-cn")) == (in_english, in_chinese)


def test_the_table_has_everything() -> None:
    """Every clause, modality, necessity, limit and unit stands in a sentence of the table."""
    text = " ".join(text for text, _, _ in cases())
    words = {*CLAUSES, *english.MODALITIES, "required", "optional", "only", "etc", "and", "or"} - {""}
    words |= {"until", "while", "forever", "at least", "at most", "days", "month", "hours", "years", "working days"}
    assert not [word for word in words if not re.search(rf"\b{word}\b", text)]


# ── The tables ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("of", [english, chinese], ids=["en", "zh"])
def test_tables_are_complete(of: object) -> None:
    words = set(grammar.load().words)
    public = [name for name in dir(of) if name.isupper() and not name.startswith("_")]
    tables = {name: set(getattr(of, name)) for name in public if isinstance(getattr(of, name), dict)}
    assert tables["PHRASES"] == tables["ASKED"] == set(CLAUSES)
    assert tables["KINDS"] == set(KINDS)
    assert tables["MODALITIES"] == {"", "may", "must", "should", "never"}
    assert tables["NECESSITY"] == {"required", "optional"}
    assert tables["LIMITS"] == {"", "at_least", "at_most", "under"}
    assert tables["VERDICTS"] == {"allows", "forbids", "undeclared"}
    assert tables["KEPT"] == tables["DEADLINES"] == {"lasting", "until", "while", "forever", "quoted", "etc"}
    assert {*tables["MODALITIES"], *tables["NECESSITY"], *tables["VERDICTS"], *tables["KINDS"]} - {""} <= words


def test_clauses_have_a_template_for_each_kind() -> None:
    for of in (english, chinese):
        for word, clause in CLAUSES.items():
            templates = of.PHRASES[word]
            grounds = {"basis", "exception", "event"} if of is english else set()
            assert "" in templates or word == "when" or set(clause.kinds) <= {*templates, *grounds}, word


def test_every_unit_has_a_word() -> None:
    (unit,) = re.findall(r"UNIT: (.*)", grammar.grammar_path().read_text("utf-8"))
    units = {*re.findall(r'"(\w+)"', unit)}
    assert units | {"working_day", "business_day"} == set(chinese.UNITS)


# ── English ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shape", "written"),
    [
        ("Account closed", "clause", "the account is closed"),
        ("Data collected by accident", "clause", "the data are collected by accident"),
        ("Account or service no longer used", "clause", "the account or service is no longer used"),
        ("Provider learns of it", "clause", "the provider learns of it"),
        ("A developer transmits the data", "clause", "a developer transmits the data"),
        ("While the account exists", "clause", "the account exists"),
        ("Breach of personal data", "noun", "breach of personal data"),
        ("Manifestly unfounded or excessive request", "noun", "a manifestly unfounded or excessive request"),
        ("Legitimate interests that are not overridden", "noun", "legitimate interests that are not overridden"),
        ("Contract with the person", "noun", "a contract with the person"),
        ("Case in which it may be refused", "case", "a case in which it may be refused"),
        ("Required by law", "predicate", "required by law"),
        ("Technically difficult or impossible", "predicate", "technically difficult or impossible"),
        ("Strictly necessary for the service", "predicate", "strictly necessary for the service"),
        ("To answer a child once", "infinitive", "to answer a child once"),
        ("Only on instructions", "adverbial", "only on instructions"),
        ("Life, health or property", "noun", "“Life, health or property”"),
    ],
)
def test_what_a_title_is(text: str, shape: str, written: str) -> None:
    found = english._shape(text)
    assert (found.shape, found.text) == (shape, written)


@pytest.mark.parametrize(
    ("verb", "third"),
    [("collect", "collects"), ("notify", "notifies"), ("access", "accesses"), ("publish", "publishes"), ("be", "is"),
     ("de-identify", "de-identifies"), ("keep", "keeps"), ("go", "goes"), ("employ", "employs"), ("veto", "vetoes")],
)  # fmt: skip
def test_third_person(verb: str, third: str) -> None:
    assert english.third_person(verb) == third


def actions() -> Iterator[tuple[Definition, str]]:
    """The actions of the library, with each kind that they take."""
    for module in library.names():
        resolution = compiled.resolution(module)
        for action in compiled.module(module).definitions:
            if action.kind == "action":
                for kind in resolution.fields[action].get("takes", ("data",)):
                    yield action, kind


@pytest.mark.parametrize(("action", "kind"), [*actions()], ids=lambda each: getattr(each, "name", each))
def test_every_action_is_a_verb(action: Definition, kind: str) -> None:
    """Its title's first word is inflected, and the object stands behind it."""
    term = next(each for each in compiled.module(CORE).definitions if each.kind in (kind, "data"))
    term = next((each for each in compiled.module(CORE).definitions if each.kind == kind), term)
    for says, who in ((Statement("", (action,), (term,)), "The provider"), (Statement("must", (action,), (term,)), "")):
        text = phrasing.statement(says, "en")
        verb = title(action, "en").split()[0].lower()
        begins = f"The provider {english.third_person(verb)} " if who else f"The provider must {verb} "
        assert text.startswith(begins)
        assert english._term(term).text in text
        assert title(term, "zh") in phrasing.statement(says, "zh")


@pytest.mark.parametrize(
    ("text", "plural"),
    [("Customer", "Customers"), ("Child under 13", "children under 13"), ("Person the data are about",
      "people the data are about"), ("Person who gives a reference", "people who give a reference"), ("A", "A"),
     ("Parent or guardian", "Parents or guardians"), ("Beneficiary", "Beneficiaries"), ("Staff", "Staff")],
)  # fmt: skip
def test_plurals(text: str, plural: str) -> None:
    assert english._plural(text) == plural


# ── Titles ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ([("Name", "en"), ("姓名", "zh")], "zh-cn", "姓名"),
        ([("Name", "en"), ("姓名", "zh-Hans"), ("名稱", "zh-TW")], "zh-tw", "名稱"),
        ([("Name", None), ("姓名", "zh")], "de", "Name"),
        ([("Nom", "fr"), ("Naam", "nl")], "de", "Nom"),
        ([("Nom", "fr"), ("Name", "en-GB")], "zh", "Name"),
        ([], "en", ""),
    ],
)
def test_the_title_in_a_language(texts: list[tuple[str, str | None]], language: str, expected: str) -> None:
    assert text_in(texts, language) == expected


# ── Rules and tests ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "in_english", "in_chinese"),
    [
        (
            "every collect personal needs keep, to",
            "Where the policy says that the provider collects personal data, it must also say who receives it and how "
            "long the data are kept.",
            "政策表述「提供者收集个人信息」的，还必须说明由谁接收、保存多久。",
        ),
        (
            "every use personal for direct_marketing, tracking needs under consent keep at most 1 year",
            "Where the policy says that the provider uses personal data for direct marketing or finding out where you "
            "go, it must also say that it is done on the basis of consent and that the data are kept for at most 1 "
            "year.",
            "政策表述「提供者为直接营销或追踪使用个人信息」的，还必须说明「基于同意」、「保存至多 1 年」。",
        ),
        (
            "no collect, use personal from minor",
            "No statement may say that the provider collects or uses personal data of minors.",
            "政策不得表述「提供者收集或使用未成年人的个人信息」。",
        ),
        (
            "some must notify customer when policy_change",
            "Some statement must say that the provider must notify customers, in the case of the change of the policy.",
            "政策必须表述「提供者在政策变更的情况下，必须告知客户」。",
        ),
        (
            "some right portability",
            "The policy must declare a right covered by “Portability”.",
            "政策必须声明属于“可携带”的权利。",
        ),
        (
            "every collect location needs some safeguard encryption",
            "Where the policy says that the provider collects the location, it must declare a safeguard covered by "
            "“Encryption”.",
            "政策表述「提供者收集位置信息」的，必须声明属于“加密”的措施。",
        ),
    ],
)  # fmt: skip
def test_demands(rule: str, in_english: str, in_chinese: str) -> None:
    text = PRELUDE + f"rule house_rule {{ {rule.replace(', to', ' to')} }}"
    (demand,) = demands(Workspace({PATH: Source(PATH, text)}).resolution(PATH))
    (found,) = demand.judgements
    assert (phrasing.judgement(found, "en"), phrasing.judgement(found, "zh")) == (in_english, in_chinese)


def test_questions() -> None:
    (found,) = read(PRELUDE + "sell email to advertiser")
    assert phrasing.question("forbids", found.says, "en", found.by) == (
        "The policy forbids this: Example Books Ltd sells the email address to an advertiser."
    )
    assert phrasing.question("forbids", found.says, "zh", found.by) == (
        "政策禁止：Example Books Ltd 向广告主出售电子邮箱地址。"
    )


# ── All sentences that there are ─────────────────────────────────────────────────────────────────


def texts() -> Iterator[str]:
    for path in sorted(ROOT.glob("examples/*/*.policy")):
        yield path.read_text("utf-8")
    for rule in registry.known_rules().values():
        for text in (*rule.bad, *rule.good):
            yield example(rule, text, is_pack=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_examples(language: str) -> None:
    for text in texts():
        for each in read(text):
            check(phrasing.sentence(each, language), language, each)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_rules(language: str) -> None:
    for module in library.names():
        for demand in compiled.rules(module):
            for each in demand.judgements:
                check(phrasing.judgement(each, language), language, each)


def check(text: str, language: str, of: object) -> None:
    assert text.endswith("。" if language.startswith("zh") else "."), (text, of)
    assert not re.search(r"  |\s[,.。，]|,,|，，|\.\.|\{|\0|(?<!\w)_|\ban? (?:an?|the)\b|\bthe the\b", text), (text, of)
    assert text[0] == text[0].upper()


def test_no_underscores_where_there_is_a_title() -> None:
    for path in ROOT.glob("examples/*/*.policy"):
        for each in read(path.read_text("utf-8")):
            assert "_" not in "".join(phrasing.sentence(each, language) for language in LANGUAGES)


LETTERS = st.sampled_from('AB ab{}0"(),;:._é信的、（）“”') | st.characters(codec="utf-8")
WORDS = st.text(LETTERS, max_size=12) | st.sampled_from(
    ["A", "The", "While", "To", "Not to", "Only", "by law", "Closed", "Account closed", "of", "who", "Who is", "or"]
)


@settings(max_examples=200)
@given(st.lists(WORDS, min_size=3, max_size=3), st.sampled_from(KINDS), st.sampled_from(["", "en", "zh", "de"]))
def test_any_title_will_do(titles: list[str], kind: str, language: str) -> None:
    """Titles are what people write: no text of one is an error, and none breaks the sentence around it."""
    like = compiled.module(CORE).definitions[0]

    def term(of: str, text: str) -> Definition:
        texts = ((text, language or None),)
        return Definition(of, "own_term", PATH, PATH, like.span, like.name_span, texts)

    action, other = term("action", titles[0]), term(kind, titles[1])
    clauses = {word: ((other,),) for word, clause in CLAUSES.items() if kind in clause.kinds}
    says = Statement("never", (action,), (term("data", titles[2]), other), clauses, any_of=True)
    for each in LANGUAGES:
        check_ended(phrasing.statement(says, each, (other,)), each)


def check_ended(text: str, language: str) -> None:
    assert text.endswith("。" if language.startswith("zh") else ".")
    assert "  " not in text


def test_without_its_text_a_period_is_not_quoted() -> None:
    (found,) = read(PRELUDE + 'store email keep "as long as needed"')
    assert phrasing.sentence(found, "en").endswith("keeps it “as long as needed”.")
    assert phrasing.statement(found.says, "en", found.by).endswith("keeps it “…”.")


@pytest.mark.parametrize("language", ["en-GB", "de", "", "x"])
def test_other_languages_fall_back_to_english(language: str) -> None:
    assert said("never sell personal", language) == said("never sell personal")


def test_lists_and_leads() -> None:
    (found,) = read(PRELUDE + "collect email, etc for delivery under contract and consent, vital_interest keep 3 years")
    says = found.says
    assert [phrasing.listed(word, says, "en") for word in ("", "for", "under", "keep", "to")] == [
        ("Email address", "others"),
        ("Delivery of goods",),
        ("Contract with the person together with Consent", "Vital interests of a person"),
        ("for 3 years",),
        (),
    ]
    assert phrasing.listed("under", says, "zh") == ("与个人的合同兼同意", "个人的重大切身利益")
    assert phrasing.lead(says, "en", found.by) == "Example Books Ltd collects"
    assert phrasing.lead(says, "zh", found.by) == "Example Books Ltd 收集"


def test_lengths() -> None:
    assert phrasing.length(("exactly", 1, "month"), "en") == "1 month"
    assert phrasing.length(("at_least", 3, "working_day"), "en") == "at least 3 working days"
    assert phrasing.length(("at_most", 3, "working_day"), "zh") == "至多 3 个工作日"
    assert phrasing.length(("under", 14, "year"), "zh", is_age=True) == "不满 14 岁"
    assert phrasing.date("2026-03-04", "en") == "4 March 2026"
    assert phrasing.date("2026-03-04", "zh") == "2026 年 3 月 4 日"


def test_said_knows_may() -> None:
    (found,) = read(PRELUDE + "may use email")
    assert Said(found.says, (), found.node.statement).modality == "may"
    assert Said(found.says).modality == ""
