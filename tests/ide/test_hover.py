"""What is shown of the place under the pointer: the cursor `$0` in a text, and the Markdown that it gives."""

from __future__ import annotations

import re
from textwrap import dedent
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ide.marked import EXAMPLES, broken, offsets, read
from policyspec import library
from policyspec.diagnostic import Diagnostic, Severity
from policyspec.ide import hover as module
from policyspec.ide.hover import WORDS, code, escaped, hover, prose
from policyspec.kinds import CLAUSES
from policyspec.review import review
from policyspec.source import Source, Span
from policyspec.syntax import grammar
from policyspec.workspace import Workspace

SHOP = 'policy shop "Shop" { provider: books }\nparty books "Books Ltd"\n'


def shown(text: str, language: str = "en", found: tuple[Diagnostic, ...] = ()) -> str:
    """What is shown at the cursor; empty for nothing."""
    at = read(text)
    given = hover(at.workspace, at.path, at.offset, found, language)
    if given is not None:
        assert given.span.start <= at.offset <= given.span.end
    return given.text if given is not None else ""


def expect(text: str, wanted: str, language: str = "en") -> None:
    assert shown(text, language) == dedent(wanted).strip()


# ── Terms ────────────────────────────────────────────────────────────────────────────────────────


def test_a_term_of_the_library() -> None:
    expect(
        "collect em$0ail\ncollect, use email",
        r"""
        `data` `email` **Email address** · 电子邮箱地址

        `email` › `contact_information` › `personal`  
        `email` › `identifying` › `personal`

        - dpv: [EmailAddress](https://w3id.org/dpv/pd#EmailAddress)
        - fideslang: `user.contact.email`

        declared in `core` · in 2 sentences
        """,  # noqa: W291
    )


def test_the_title_in_ones_own_language_comes_first() -> None:
    assert shown("collect em$0ail", "zh-cn").startswith("`data` `email` **电子邮箱地址** · Email address\n")


def test_a_term_of_ones_own() -> None:
    expect(
        """
        subject ki$0d is customer, minor "A kid"@en "Ein Kind"@de {
          definition: "Who is young"
          alias: "child", "youngster"
          age: under 14 years
          note: "See chapter 3"
          cite: "House rules 3"
        }
        subject toddler is kid
        collect email from kid
        """,
        """
        `subject` `kid` **A kid** · Ein Kind

        Who is young

        `kid` › `customer` › `data_subject`  
        `kid` › `minor` › `vulnerable_person` › `data_subject`

        - covers 1 term: `toddler`
        - law: House rules 3
        - `alias`: child; youngster
        - `age`: under 14 years
        - note: See chapter 3

        declared in this file · in 1 sentence
        """,  # noqa: W291
    )


def test_fields_of_a_kind() -> None:
    text = shown(
        """
        party mailer is processor "Mailer" { on_behalf_of: books  contact: "a@b.example"  place: IE }
        party books
        entrust email to mai$0ler
        """
    )
    assert "- `on_behalf_of`: `books`\n- `contact`: a\\@b.example\n- `place`: `IE`" in text
    assert "- `iso`: IE" in shown("store email in I$0E")
    assert "- `takes`: `data`\n- `to`: `third_party`" in shown("shar$0e email")
    assert "- `within`: 1 month" in shown("right se$0e is access { within: 1 month }")


def test_what_a_term_covers_is_counted_and_cut() -> None:
    text = shown("collect pers$0onal")
    (line,) = re.findall(r"covers (\d+) terms: (.*)", text)
    assert int(line[0]) > line[1].count("`") // 2 == module.MOST_TERMS
    assert line[1].endswith(", …")


def test_uses_are_sentences_in_all_files() -> None:
    text = """
    import "house.policy"
    collect box, box for delivery
    never sell bo$0x
    --- house.policy
    data box "Box"
    store box
    rule boxes "Boxes" { no sell box }
    """
    assert shown(text).endswith("declared in `house.policy` · in 3 sentences")


def test_in_a_library_file() -> None:
    workspace = Workspace({})
    (source,) = library.sources("cn.pipl")
    offset = source.text.index("basis contract_necessity") + 8
    found = hover(workspace, source.path, offset, (), "zh")
    assert found is not None
    assert found.text.startswith("`basis` `cn.pipl.contract_necessity` **订立、履行个人作为一方当事人的合同所必需**")
    assert source.text[found.span.start : found.span.end] == "contract_necessity"
    assert "declared in this file · in 0 sentences" in found.text


# ── Words, fields, modules ───────────────────────────────────────────────────────────────────────


def test_every_word_has_its_line() -> None:
    assert set(WORDS) == set(grammar.load().words)
    assert all(text and text[-1] not in ".:" for text in WORDS.values())
    assert all(WORDS[word] == clause.says for word, clause in CLAUSES.items())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("collect email fo$0r delivery", "clause `for`: what it is done for. Takes a purpose."),
        ("nev$0er sell email", "word `never`: a prohibition."),
        ("da$0ta box", "kind `data`: a category of data."),
        ("data box i$0s email", "word `is`: puts a term below others: what is said of these is said of it."),
        ("subject kid { age: und$0er 14 years }", "clause `under`: less than this."),
        ("collect email keep unt$0il withdrawal", "word `until`: the period ends with this event or on this day."),
        ("imp$0ort android", "word `import`: brings the names of a module of the library, or of a file, into scope."),
        ("sec$0tion", "word `section`: a part of the policy, with a title."),
        ('"""for a wh$0ile"""', ""),
        ('section "for a wh$0ile" {}', ""),
        ("collect nothing_known$0", ""),
        ("$0", ""),
    ],
)
def test_words(text: str, wanted: str) -> None:
    assert shown(text).partition("\n")[0] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("party a { web$0site: 1 }", "`website`: its website or privacy policy. Takes strings."),
        (
            "right a { b { wit$0hin: 1 month } }",
            "`within`: the time in which it is answered. Takes a period or a limit.",
        ),
        (
            'collect email { hed$0ge: "x" }',
            "`hedge`: a word that weakens it, such as `currently`. Takes a word or a string.",
        ),
        ("policy a { provi$0der: b }", "`provider`: whose policy it is: `we`. Takes a party."),
        ("rule a { le$0vel: error }", "`level`: how grave a finding of it is. Takes one of error, warning, info."),
        ("party a { fo$0r: 1 }", ""),
    ],
)
def test_fields(text: str, wanted: str) -> None:
    assert shown(text).replace("\n\n", " ") == (f"field {wanted}" if wanted else "")


def test_modules() -> None:
    assert re.fullmatch(r"`module cn\.pipl` .+\n\n\d+ terms, \d+ rules", shown("import cn.pi$0pl"))
    text = """
    import "hou$0se.policy"
    --- house.policy
    # What all our policies say of [boxes](https://evil.example).
    data box
    rule boxes "Boxes" { no sell box }
    """
    assert shown(text) == (
        "`house.policy` What all our policies say of \\[boxes\\](https\\://evil.example).\n\n1 term, 1 rule"
    )
    assert shown('import "not_th$0ere.policy"') == ""


# ── Sentences, rules, tests ──────────────────────────────────────────────────────────────────────


def test_an_action_begins_a_sentence() -> None:
    text = shown(SHOP + "coll$0ect email from customer")
    assert text.startswith("Books Ltd collects the email address of customers.\n\n---\n\n`action` `collect`")


def test_a_word_of_a_sentence_has_the_sentence() -> None:
    assert shown(SHOP + "mu$0st delete email") == (
        "word `must`: a duty: it is owed.\n\nBooks Ltd must delete the email address."
    )
    assert shown(SHOP + "must delete email with$0in 30 days", "zh").endswith(
        "\n\nBooks Ltd 必须在 30 日内删除电子邮箱地址。"
    )
    assert (
        shown(SHOP + "must delete email within 3$00 days") == "Books Ltd must delete the email address within 30 days."
    )


def test_a_sentence_in_a_module_is_of_the_provider() -> None:
    assert shown("ne$0ver sell email").endswith("The provider must never sell the email address.")


def test_a_demand() -> None:
    text = "rule boxes { eve$0ry collect personal needs keep\n no sell email }"
    assert shown(text).endswith(
        "\n\nWhere the policy says that the provider collects personal data, it must also say how long the data are "
        "kept."
    )


def test_a_rule() -> None:
    text = """
    rule box$0es "Boxes are sold" {
      no sell email
      some right portability
      level: error  cite: "House 1"  help: "Use `never`"
    }
    """
    expect(
        text,
        """
        `rule` `boxes` **Boxes are sold**

        - No statement may say that the provider sells the email address.
        - The policy must declare a right covered by “Portability”.

        level: error

        cite: House 1

        help: Use `never`
        """,
    )


def test_a_question() -> None:
    text = SHOP + 'test "none" { forb$0ids sell email }'
    assert shown(text).endswith("\n\nThe policy forbids this: Books Ltd sells the email address.")


# ── Findings and suppressions ────────────────────────────────────────────────────────────────────


def test_findings_are_behind_what_is_known() -> None:
    at = read(SHOP + "never sell per$0sonal\nsell email")
    found = (
        Diagnostic(
            "contradiction", Severity.ERROR, "contradicts `sell email`", at.path, Span(62, 81), cite=("GDPR 5",)
        ),
        Diagnostic("other", Severity.INFO, "elsewhere", at.path, Span(0, 3)),
        Diagnostic("own_rule", Severity.WARNING, "of *my* own", at.path, Span(70, 81), help="Write `x`"),
    )
    given = hover(at.workspace, at.path, at.offset, found, "en")
    assert given is not None
    term, first, second = given.text.split("\n\n---\n\n")
    assert term.startswith("`data` `personal`")
    assert first == "**warning** `own_rule`\n\nof \\*my\\* own\n\nhelp: Write `x`"
    severity, message, summary, *_ = second.split("\n\n")
    assert (severity, message) == ("**error** `contradiction` · GDPR 5", "contradicts `sell email`")
    assert summary.endswith(".")


def test_a_finding_where_nothing_is_known() -> None:
    at = read("collect nobo$0dy_knows")
    (found,) = at.workspace.diagnostics(at.path)
    given = hover(at.workspace, at.path, at.offset, (found,), "en")
    assert given is not None
    assert given.span == found.span
    assert given.text.startswith("**error** `unknown_name`\n\nno data is named `nobody_knows`\n\nhelp: declare it: ")


@pytest.mark.parametrize(
    ("comment", "wanted"),
    [
        ("# policyspec: allow contradiction until 2027-03-01 -- as agreed",
         "Allows `contradiction` here, until 2027-03-01, that day included.\n\nas agreed\n\n`contradiction`: "),
        ("# policyspec: allow contradiction -- agreed", "Allows `contradiction` here, without an end.\n\nagreed\n\n"),
        ("# policyspec: allow no_right_of_access -- x", "Allows `no_right_of_access` here, without an end.\n\nx"),
        ("# policyspec: allow", "This allows nothing: "),
        ("# a comment", ""),
    ],
)  # fmt: skip
def test_suppressions(comment: str, wanted: str) -> None:
    text = shown(f"{comment[:5]}$0{comment[5:]}\nnever sell email")
    assert text.startswith(wanted) if wanted else text == ""


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────

ACTIVE = "[a](https://x.example) ![i](j) <b>&amp; `c` *d* _e_ | # ~~f~~ www.x.example a@x.example $(icon) http://y"


def test_nothing_comes_alive() -> None:
    assert escaped(ACTIVE) == (
        "\\[a\\](https\\://x.example) \\!\\[i\\](j) &lt;b&gt;&amp;amp; \\`c\\` \\*d\\* \\_e\\_ \\| \\# \\~\\~f\\~\\~ "
        "www\\.x.example a\\@x.example \\$(icon) http\\://y"
    )
    assert [escaped(text) for text in ("1. a", "2) b", "- c", "+ d", "== e", "a\n\n# b", "a \\ b")] == [
        "1\\. a", "2\\) b", "\\- c", "\\+ d", "\\== e", "a \\# b", "a \\\\ b",
    ]  # fmt: skip


@given(st.text(st.sampled_from("ab `\n|<") | st.characters(codec="utf-8")))
def test_code_holds_its_text(text: str) -> None:
    found = code(text)
    line = " ".join(text.split())
    if not line:
        assert found == ""
        return
    fence = re.match(r"`+", found)
    assert fence is not None
    inner = found[len(fence[0]) : -len(fence[0])]
    assert inner.strip(" ") == line or inner == line
    assert fence[0] not in re.findall(r"`+", inner)


def test_prose_has_code() -> None:
    assert prose("use `a*b` *now*") == "use `a*b` \\*now\\*"
    assert prose("an odd ` one") == "an odd \\` one"


def test_titles_are_escaped_everywhere() -> None:
    title = ACTIVE.replace('"', "")
    text = f"""
    data box "{title}" {{ definition: "{title}"  note: "{title}"  alias: "{title}"  dpv: "javascript:x" "https://x" }}
    collect box$0
    collect box
    """
    for place in ("collect box$0", "coll$0ect box"):
        found = re.sub(r"(`+).*?\1", "", shown(text.replace("collect box$0", place)))
        assert "\\[a\\](https\\://x.example)" in found
        assert not re.search(r"(?<!\\)\[(?!\w+\]\(https://w3id)|<|(?<!\\)://(?!w3id)|\]\(javascript", found)


def test_a_long_definition_is_cut() -> None:
    text = shown(f'data bo$0x {{ definition: "{"word " * 1000}" }}')
    assert "…" in text
    assert len(text) < module.MOST_LETTERS + 300


# ── Any text, any place ──────────────────────────────────────────────────────────────────────────


def test_any_place_of_any_text() -> None:
    for text in broken():
        workspace = Workspace({"shop.policy": Source("shop.policy", text)})
        found = workspace.diagnostics("shop.policy")
        for offset in offsets(text):
            given = hover(workspace, "shop.policy", offset, found, "zh-cn")
            assert given is None or given.span.start <= offset <= given.span.end
            assert given is None or given.text.strip() == given.text != ""


@pytest.mark.parametrize("name", ["android", "eu.gdpr"])
def test_any_place_of_the_library(name: str) -> None:
    for source in library.sources(name):
        for offset in offsets(source.text, 60):
            hover(Workspace({}), source.path, offset, (), "en")


def test_it_takes_no_time() -> None:
    path = str(EXAMPLES / "cloud_phone_sdk" / "cloud_phone_sdk.policy")
    text = (EXAMPLES / "cloud_phone_sdk" / "cloud_phone_sdk.policy").read_text("utf-8")
    workspace = Workspace({path: Source(path, text)})
    found = review(workspace, path)
    places = offsets(text, 100)
    for each in (1, 2):
        begun = perf_counter()
        for offset in places:
            hover(workspace, path, offset, found, "en")
        taken = (perf_counter() - begun) / len(places)
        assert each == 1 or taken < 0.005
