"""The page of a policy: what stands on it, that it is sound HTML, and that nothing on it is alive."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from time import perf_counter

import pytest

from ide.marked import EXAMPLES, PATH, broken, read
from policyspec import library
from policyspec.ide import preview as module
from policyspec.ide.labels import LABELS, PLURALS
from policyspec.ide.preview import Page, preview
from policyspec.kinds import CLAUSES, KINDS, fields_of
from policyspec.source import Source, Span
from policyspec.workspace import Workspace

SHOP = """
policy shop "Our policy"@en "我们的政策"@zh {
  provider: books  audience: customer  effective: 2026-01-01  product: "The shop"  contact: "a@b.example"
}
party books is controller "Books Ltd" { place: IE }
"""
VOID = {"br"}


class Checker(HTMLParser):
    """Whether tags are balanced, ids are unique, headings in order, and spans in the text and in one another."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        self.open: list[tuple[str, Span | None]] = []
        self.ids: set[str] = set()
        self.headings: list[int] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert set(given) <= {"id", "class", "lang", "scope", "role", "data-start", "data-end"}, given
        self.tags.add(tag)
        if "id" in given:
            assert given["id"] not in self.ids, given["id"]
            self.ids.add(given["id"])
        span = Span(int(given["data-start"]), int(given["data-end"])) if "data-start" in given else None
        if span is not None:
            assert 0 <= span.start <= span.end <= self.length
        if re.fullmatch(r"h[1-6]", tag):
            level = int(tag[1])
            assert level == 1 if not self.headings else level <= self.headings[-1] + 1
            self.headings.append(level)
        if tag == "th":
            assert given["scope"] == "col"
        if tag not in VOID:
            self.open.append((tag, span))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def close(self) -> None:
        super().close()
        assert self.open == []


def page(text: str, language: str = "en") -> Page:
    at = read(text)
    found = preview(at.workspace, at.path, language)
    check(found, len(at.text))
    return found


def check(found: Page, length: int) -> Checker:
    checker = Checker(length)
    checker.feed(found.html)
    checker.close()
    assert not checker.tags & {"script", "style", "link", "img", "a", "iframe", "form", "object"}
    return checker


def plain(html: str) -> list[str]:
    """The words on a page, block by block."""
    text = re.sub(r"<(?!/?(?:span|em|strong|small|code)\b)[^>]*>", "\n", html)
    lines = unescape(re.sub(r"<[^>]*>", "", text)).splitlines()
    return [line.strip() for line in lines if line.strip()]


def shown(text: str, language: str = "en") -> list[str]:
    return plain(page(text, language).html)


# ── What stands on it ────────────────────────────────────────────────────────────────────────────


def test_the_header() -> None:
    assert shown(SHOP)[:11] == [
        "Our policy", "Provider", "Books Ltd", "Product", "The shop", "Addressed to", "Customer", "In force from",
        "1 January 2026", "Contact", "a@b.example",
    ]  # fmt: skip
    found = page(SHOP, "zh-tw")
    assert (found.title, found.language) == ("我们的政策", "zh")
    assert found.html.startswith('<article class="policy" lang="zh" id="page-0" data-start="0"')
    assert plain(found.html)[1:3] == ["提供者", "Books Ltd"]
    assert "2026 年 1 月 1 日" in found.html


def test_sections_and_prose() -> None:
    text = """
    section "First"@en "第一"@zh {
      product: "The app"
      \"\"\"Some <b>words</b>.

      - one
      - two
      \"\"\"
      section "Inner" { never sell email }
    }
    """
    assert shown(SHOP + text)[11:18] == [
        "First", "Product: The app", "Some <b>words</b>.", "one", "two", "Inner",
        "Books Ltd must never sell the email address.",
    ]  # fmt: skip
    html = page(SHOP + text, "zh").html
    assert re.search(r'<h2 id="heading-\d+" data-start="\d+" data-end="\d+">第一</h2>', html)
    assert re.search(r'<h3 id="[^>]*>Inner</h3>', html)
    assert re.search(r'<div class="prose" lang="en"', html)


def test_several_sentences_of_one_action_are_a_table() -> None:
    text = """
    collect required name, email for delivery under contract
    never sell email
    collect optional only email for newsletter under consent keep 3 years { refusal: "No letter" }
    share email to carrier
    collect ip_address from website_visitor for security
    """
    words = shown(SHOP + 'party carrier "Carrier Inc"\n' + text)
    assert words[11:47] == [
        "Books Ltd collects:",
        "Data", "Of whom", "Purpose", "Legal basis", "How long it is kept", "Remarks",
        "Name", "Email address", "(must be provided)", "Customer", "Delivery of goods", "Contract with the person",
        "–", "–",
        "only Email address (need not be provided)", "Customer", "Newsletter", "Consent", "for 3 years",
        "If it is not provided: No letter",
        "IP address", "Visitor of a website", "Security", "–", "–", "–",
        "Books Ltd must never sell the email address.",
        "Books Ltd shares the email address with Carrier Inc.",
        "What the words mean", "Parties", "Name", "Role", "Place", "Books Ltd", "Controller",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "collect email for delivery\nuse email for delivery",
        "collect email for delivery\ncollect name when breach",
        "collect email for delivery\nmay collect name",
        "collect email for delivery\ncollect name by customer",
        "must delete email\nmust delete name",
    ],
)
def test_sentences_that_differ_in_more_are_a_list(text: str) -> None:
    html = page(SHOP + text).html
    assert html.count('<li class="') == 2
    assert "<caption>" not in html


def test_a_section_has_an_audience() -> None:
    text = 'section "V" { audience: visitor\n collect email for delivery\n collect name from customer }'
    words = shown(SHOP + text)
    assert "Addressed to: Visitor" in words
    assert [words[words.index(each) + 1] for each in ("Email address", "Name")] == ["Visitor", "Customer"]


def test_remarks_of_sentences() -> None:
    text = 'collect email { interest: "To see"@en "看"@zh  imposed_by: books  hedge: "currently" }'
    assert shown(SHOP + text)[11:13] == [
        "Books Ltd collects the email address.",
        "Interest pursued: To see",
    ]
    assert "所追求的利益：看" in shown(SHOP + text, "zh")


def test_declarations_of_a_section_stand_where_they_are() -> None:
    text = """
    import android
    section "Rights" {
      right mine "Mine" { channel: email  within: 1 month  see is access "To see" }
      permission CAM is android.CAMERA "Camera"
      exception free "Free" { a "One"  b "Two" }
    }
    """
    assert shown(SHOP + text)[11:29] == [
        "Rights", "Mine", "How to exercise it: Email", "Answered within: 1 month", "Including:", "To see",
        "Name", "Name in the system", "Gives access to", "Camera", "CAMERA", "Camera image, Photo, Video",
        "Free", "That is:", "One", "Two", "What the words mean", "Parties",
    ]  # fmt: skip


def test_the_glossary() -> None:
    text = """
    subject kid is minor "A kid"@en "儿童"@zh { age: under 14 years }
    data device "Your device" { definition: "What you hold"  screen "Screen" { width "Width" } }
    data plain_one "Nothing more is said"
    channel letters is letter "Letters" { contact: "1 Street" }
    """
    words = shown(SHOP + text)
    at = words.index("People")
    assert words[at:] == [
        "People", "A kid", "Age: under 14 years", "Data", "Your device", "What you hold", "Including:", "Screen",
        "Width", "Channels", "Letters", "Contact: 1 Street",
    ]  # fmt: skip
    assert "年龄：不满 14 岁" in shown(SHOP + text, "zh")


def test_rules_and_tests() -> None:
    text = """
    rule boxes "Boxes are sold" { no sell email  some right portability }
    test "none" { forbids sell email }
    """
    words = shown(SHOP + text)
    assert words[11:17] == [
        "Rule: Boxes are sold",
        "No statement may say that the provider sells the email address.",
        "The policy must declare a right covered by “Portability”.",
        "Test: none",
        "The policy forbids this: Books Ltd sells the email address.",
        "What the words mean",
    ]


def test_a_module_has_a_page() -> None:
    found = page('--- house/words.policy\nparty carrier is processor "Carrier"\nnever sell email$0')
    assert found.title == "words"
    words = plain(found.html)
    assert words[:2] == ["Module words", "The provider must never sell the email address."]
    assert "Carrier" in words
    assert shown("") == ["Module shop", "There is nothing here yet."]


def test_a_library_file_has_a_page() -> None:
    for name in ("cn.sdk", "core"):
        for source in library.sources(name):
            check(preview(Workspace({}), source.path, "zh"), len(source.text))


# ── Broken and hostile texts ─────────────────────────────────────────────────────────────────────


def test_what_is_broken_is_shown_as_it_stands() -> None:
    words = shown(SHOP + 'section "S" {\n collect email\n )( & junk\n collect nobody_knows_this\n never sell email\n}')
    assert "Books Ltd collects the email address." in words
    assert "A word in this is not known: collect nobody_knows_this" in words
    assert "Books Ltd must never sell the email address." in words


def test_damage_is_a_note() -> None:
    html = page(SHOP + "\n} ] <x> }\nnever sell email").html
    assert "must never sell" in html
    assert re.search(
        r'<p class="damage" role="note" id="damage-\d+"[^>]*><strong>This could not be read:</strong>', html
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_text_has_a_page(language: str) -> None:
    for text in broken():
        workspace = Workspace({PATH: Source(PATH, text)})
        check(preview(workspace, PATH, language), len(text))


def test_nothing_is_alive() -> None:
    evil = "<script>alert(1)</script> & <img src=x onerror=y> '"
    text = f"""
    policy shop "{evil}" {{ provider: us  product: "{evil}"  contact: "{evil}" }}
    party us "{evil}" {{ contact: "{evil}"  address: "{evil}" }}
    data box "{evil}"@de {{ definition: "{evil}"  inner "{evil}" }}
    section "{evil}" {{
      \"\"\"{evil}\"\"\"
      collect box for delivery {{ interest: "{evil}" }}
      collect box for security {{ refusal: "{evil}" }}
      never sell box {{ hedge: "{evil}" }}
      right r "{evil}" {{ definition: "{evil}" }}
    }}
    rule r "{evil}" {{ no sell box }}
    test "{evil}" {{ forbids sell box }}
    """
    for language in ("en", "zh"):
        found = page(text, language)
        assert found.html.count("&lt;script&gt;") > 12
        assert found.title == evil


# ── The tables, the examples, the time ───────────────────────────────────────────────────────────


def test_labels_are_complete() -> None:
    words = [*module.HEADER, *module.PARTY, *module.RIGHT, *module.REMARKS, *module.TABLED, "required", "optional"]
    assert set(words) <= set(LABELS)
    assert all(all(texts) for texts in (*LABELS.values(), *PLURALS.values()))
    assert set(PLURALS) == set(module.GLOSSARY) == set(KINDS) - {"policy"}
    assert set(module.HEADER) <= set(fields_of("policy"))
    assert set(module.PARTY) <= set(fields_of("party"))
    assert set(module.RIGHT) <= set(fields_of("right"))
    assert set(module.REMARKS) <= set(fields_of("practice"))
    assert set(module.TABLED) <= {"", *CLAUSES}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["web_shop", "cloud_phone_sdk"])
def test_examples(name: str, language: str) -> None:
    path = f"{name}.policy"
    text = (EXAMPLES / name / path).read_text("utf-8")
    workspace = Workspace({path: Source(path, text)})
    workspace.resolution(path)
    begun = perf_counter()
    found = preview(workspace, path, language)
    first = perf_counter() - begun
    check(found, len(text))
    assert not re.search(r">[^<]*\b[a-z]+_[a-z_]+\b[^<]*<", re.sub(r"<code>.*?</code>", "", found.html))
    assert first < 0.5
    begun = perf_counter()
    for _ in range(5):
        preview(workspace, path, language)
    assert (perf_counter() - begun) / 5 < 0.06


def test_blocks_follow_the_text() -> None:
    """What an editor follows: the innermost of the blocks around a sentence is the sentence itself."""
    at = read(SHOP + 'section "S" {\n collect email for delivery\n collect na$0me for delivery\n never sell email\n}')
    html = preview(at.workspace, at.path, "en").html
    spans = re.findall(r'id="(\w+)-\d+" data-start="(\d+)" data-end="(\d+)"', html)
    around = [(int(end) - int(start), name) for name, start, end in spans if int(start) <= at.offset <= int(end)]
    assert min(around)[1] == "sentence"
