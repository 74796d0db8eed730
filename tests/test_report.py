"""What people and tools read of diagnostics."""

from __future__ import annotations

import json
import unicodedata
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyspec import report
from policyspec.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from policyspec.source import Source, Span

SHOP = 'data x "X"\n\ndata device "Device"\nshare email\n\n\n\n\n\n\n\ncolect device for streaming\n'
SOURCES = {"shop.policy": Source("shop.policy", SHOP), "law.policy": Source("law.policy", "# law\nrule r { no it }\n")}


def at(word: str, path: str = "shop.policy") -> Span:
    start = SOURCES[path].text.index(word)
    return Span(start, start + len(word))


def found(span: Span, message: str = "it is wrong", **more: object) -> Diagnostic:
    kind = {"rule": "unknown_name", "severity": Severity.ERROR, "path": "shop.policy", **more}
    return Diagnostic(message=message, span=span, **kind)  # type: ignore[arg-type]


def one(text: str, span: Span, **more: object) -> str:
    """The report of one finding in a text of its own."""
    width = more.pop("width", None)
    source = Source("x.policy", text)
    return report.text([found(span, path="x.policy", **more)], {"x.policy": source}, width=width)  # type: ignore[arg-type]


def excerpt(text: str, span: Span, width: int | None = None) -> list[str]:
    """The source line and the marks, as shown."""
    return [line.split(" | ", 1)[1] for line in one(text, span, width=width).splitlines() if " | " in line]


FULL = found(
    at("colect"),
    "`colect` is not an action; did you mean `collect`?",
    related=(
        Related("law.policy", at("no it", "law.policy"), "asked for here"),
        Related("shop.policy", at("device for streaming")._replace(end=at("device for").end - 4), "of this"),
        Related("shop.policy", at("device"), "declared here first"),
    ),
    help="Actions are declared\n  in modules.",
    cite=("GDPR art. 5(1)(a)", "PIPL art. 7"),
    fixes=(
        Fix("change to `collect`", (Edit(at("colect"), "collect"),), safe=True),
        Fix("remove it", (Edit(at("colect"), ""),)),
    ),
)


def test_all_that_a_finding_may_have() -> None:
    assert report.text([FULL], SOURCES) == dedent(
        """\
        error[unknown_name]: `colect` is not an action; did you mean `collect`?
          --> shop.policy:12:1
           |
        12 | colect device for streaming
           | ^^^^^^
           |        ------ of this
           |
          ::: law.policy:2:10
           |
         2 | rule r { no it }
           |          ----- asked for here
           |
          ::: shop.policy:3:6
           |
         3 | data device "Device"
           |      ------ declared here first
           |
           = law: GDPR art. 5(1)(a); PIPL art. 7
           = help: Actions are declared
                   in modules.
           = fix: change to `collect`
           = fix: remove it
        """
    )


def test_colors_are_added_and_nothing_else() -> None:
    colored = report.text([FULL], SOURCES, color=True)
    assert "\x1b[1;31merror[unknown_name]\x1b[0m" in colored
    assert "\x1b[1;31m^^^^^^\x1b[0m" in colored
    for code in ("1;31", "36", "1", "0"):
        colored = colored.replace(f"\x1b[{code}m", "")
    assert colored == report.text([FULL], SOURCES)


def test_a_file_that_is_not_at_hand() -> None:
    far = found(Span(3, 4), path="gone.policy", related=(Related("gone.policy", Span(0, 1), "there"),))
    assert report.text([far], {}) == dedent(
        """\
        error[unknown_name]: it is wrong
         --> gone.policy
          |
         ::: gone.policy
          = there
        """
    )
    assert report.as_json([far], {}, 0)["diagnostics"][0]["range"] is None


def test_blocks_are_parted_and_sorted() -> None:
    later, sooner = found(at("streaming"), "b"), found(at("data x"), "a", severity=Severity.INFO, rule="z")
    other = found(Span(0, 1), "c", path="law.policy", severity=Severity.WARNING)
    heads = [block.splitlines()[0] for block in report.text([later, sooner, other], SOURCES).split("\n\n")]
    assert heads == ["warning[unknown_name]: c", "info[z]: a", "error[unknown_name]: b"]
    assert report.text([], SOURCES) == ""


@pytest.mark.parametrize(
    ("text", "span", "marks"),
    [
        ("collect x\n", Span(8, 9), "        ^"),
        ("collect x\n", Span(9, 9), "         ^"),
        ("collect x\n", Span(9, 10), "         ^"),
        ("collect x", Span(9, 10), "         ^"),
        ("", Span(0, 0), "^"),
        ("data x {\n  y\n}\n", Span(7, 14), "       ^…"),
        ("data x {\r\n  y\r\n}\r\n", Span(0, 18), "^^^^^^^^…"),
        ("中文 x", Span(3, 4), "     ^"),
        ("中文 x", Span(0, 2), "^^^^"),
        ("😀x", Span(1, 2), "  ^"),
        ("e\u0301x", Span(2, 3), " ^"),
        ("\tx\ty", Span(3, 4), "         ^"),
        ("\x1bx", Span(1, 2), "    ^"),
        ("\u202ex", Span(1, 2), "        ^"),
    ],
)
def test_marks_stand_below_what_they_mark(text: str, span: Span, marks: str) -> None:
    assert excerpt(text, span)[-1] == marks


@pytest.mark.parametrize(
    ("char", "shown"),
    [
        ("\x1b", "\\x1b"), ("\0", "\\x00"), ("\x7f", "\\x7f"), ("\x9b", "\\x9b"), ("\u202e", "<U+202E>"),
        ("\u2066", "<U+2066>"), ("\u200b", "<U+200B>"), ("\u200d", "<U+200D>"), ("\ufeff", "<U+FEFF>"),
        ("\u2028", "<U+2028>"), ("\ud800", "<U+D800>"), ("\U000e0041", "<U+E0041>"),
    ],
)  # fmt: skip
def test_what_could_drive_a_terminal_is_escaped(char: str, shown: str) -> None:
    text = report.text(
        [
            found(
                Span(0, 1),
                f"m{char}",
                rule=f"r{char}",
                path=f"p{char}",
                help=f"h{char}x",
                cite=(f"c{char}x",),
                related=(Related(f"p{char}", Span(2, 3), f"r{char}"),),
                fixes=(Fix(f"f{char}x", ()),),
            )
        ],
        {f"p{char}": Source("", f"ab{char}\n")},
    )
    assert char not in text
    assert text.count(shown) >= 8


@given(st.text(), st.text(), st.integers(0, 30), st.integers(0, 30), st.integers(1, 40))
def test_any_text_is_shown_harmlessly(text: str, message: str, start: int, length: int, width: int) -> None:
    shown = one(text, Span(start, start + length), width=width, help=message, rule=message, cite=(message,))
    harmless = ("Zs", "Co")
    assert all(char.isprintable() or char == "\n" or unicodedata.category(char) in harmless for char in shown)
    marks = [line for line in shown.splitlines() if line.strip(" |^…") == "" and "^" in line]
    assert len(marks) == 1


def test_long_lines_are_cut_around_the_span() -> None:
    text = "a" * 1000 + "TARGET" + "b" * 1000
    line, marks = excerpt(text, Span(1000, 1006), width=20)
    assert (line, marks) == ("…aaaaaaTARGETbbbbbb…", "       ^^^^^^")
    line, marks = excerpt(text, Span(0, 3), width=20)
    assert (line, marks) == ("aaaaaaaaaaaaaaaaaa…", "^^^")
    line, marks = excerpt(text, Span(2004, 2006), width=20)
    assert (line, marks) == ("…bbbbbbbbbbbbbbbbbb", "                 ^^")
    line, marks = excerpt(text, Span(100, 900), width=20)
    assert (line, marks) == ("…aaaaaaaaaaaaaaaaaa…", " ^^^^^^^^^^^^^^^^^^…")
    line, marks = excerpt("中" * 100, Span(50, 51), width=20)
    assert report.columns(line) <= 20
    assert line[report.columns(marks[: marks.index("^")]) // 2] == "中"


@pytest.mark.parametrize(
    ("severities", "files", "summary"),
    [
        ("", 1, "no findings in 1 file checked"),
        ("", 0, "no findings in 0 files checked"),
        ("e", 1, "1 error in 1 file checked"),
        ("wew e", 3, "2 errors, 2 warnings in 3 files checked"),
        ("iiw", 2, "1 warning, 2 infos in 2 files checked"),
    ],
)
def test_summary(severities: str, files: int, summary: str) -> None:
    kinds = {"e": Severity.ERROR, "w": Severity.WARNING, "i": Severity.INFO}
    all_found = [found(Span(0, 1), severity=kinds[letter]) for letter in severities if letter != " "]
    assert report.summary(all_found, files) == summary


def test_json() -> None:
    data = report.as_json([FULL], SOURCES, 2)
    assert json.loads(json.dumps(data)) == data
    (diagnostic,) = data["diagnostics"]
    at_colect = {"start": {"line": 12, "column": 1, "offset": 52}, "end": {"line": 12, "column": 7, "offset": 58}}
    assert diagnostic["range"] == at_colect
    assert diagnostic["related"][0] == {
        "path": "law.policy",
        "range": {"start": {"line": 2, "column": 10, "offset": 15}, "end": {"line": 2, "column": 15, "offset": 20}},
        "message": "asked for here",
    }
    assert [(fix["title"], fix["safe"]) for fix in diagnostic["fixes"]] == [
        ("change to `collect`", True),
        ("remove it", False),
    ]
    assert diagnostic["fixes"][0]["edits"] == [{"range": diagnostic["range"], "text": "collect"}]
    assert (diagnostic["cite"], diagnostic["url"]) == (["GDPR art. 5(1)(a)", "PIPL art. 7"], report.rule_url(FULL.rule))
    assert set(diagnostic) == {
        *("rule", "severity", "message", "path", "range", "help", "cite", "url", "related", "fixes")
    }
    assert data["summary"] == {"files": 2, "errors": 1, "warnings": 0, "infos": 0}


def test_json_columns_are_code_points() -> None:
    source = Source("x", "😀中x")
    (diagnostic,) = report.as_json([found(Span(2, 3), path="x")], {"x": source}, 1)["diagnostics"]
    assert diagnostic["range"]["start"] == {"line": 1, "column": 3, "offset": 2}


def test_json_places_are_within_the_text() -> None:
    (diagnostic,) = report.as_json([found(Span(1, 9), path="x")], {"x": Source("x", "ab")}, 1)["diagnostics"]
    assert diagnostic["range"]["end"] == {"line": 1, "column": 3, "offset": 2}


@pytest.mark.parametrize(
    ("name", "anchor"),
    [("cn.pipl.Not_Stated", "cnpiplnot_stated"), ("us.coppa-2", "uscoppa-2"), ("规则 x", "规则x")],
)
def test_rules_have_the_anchors_that_their_headings_get(name: str, anchor: str) -> None:
    assert report.anchor(name) == anchor


@given(
    st.permutations(
        [
            found(Span(n % 3, 5), rule=rule, path=path)
            for n, rule, path in zip(range(6), "bababa", "xxyyxx", strict=True)
        ]
    )
)
def test_the_order_is_stable(shuffled: list[Diagnostic]) -> None:
    keys = [(each.path, each.span.start, each.rule) for each in report.sort(shuffled)]
    assert keys == sorted(keys)
    assert report.as_json(shuffled, {}, 2) == report.as_json(report.sort(shuffled), {}, 2)
