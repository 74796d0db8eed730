"""Settings: what is read, what is reported, and which rules they leave on."""

from __future__ import annotations

import json
import re
from textwrap import dedent
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyspec.config import (
    KEYS,
    LEVELS,
    Override,
    Settings,
    check_names,
    dead_globs,
    has_settings,
    is_excluded,
    level_of,
    matches,
    parse,
    schema,
)
from policyspec.diagnostic import Severity, apply_edits
from support import draw

WARNING = Severity.WARNING


def settings(text: str) -> Settings:
    """The settings of a text with which nothing is wrong."""
    read, found = parse(text, "policyspec.toml")
    assert found == ()
    return read


def check(text: str, path: str = "policyspec.toml") -> None:
    """What is found in the text is what is marked in it: see `support`; a mark ends with the rule's name."""
    expected = dedent(text).removeprefix("\n").rstrip() + "\n"
    bare = "".join(line for line in expected.splitlines(keepends=True) if not line.lstrip().startswith("^"))
    _, found = parse(bare, path)
    assert draw(bare, [(each.span, f"{each.message} [{each.rule}]") for each in found]) == expected
    assert {each.path for each in found} <= {path}


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────

ALL = """
import = ["cn.pipl", "../house.policy"]
select = ["logic", "cn"]
ignore = ["cn.pipl.minor", "overlap"]
exclude = ["drafts/**", "*.draft.policy"]
fail-level = "warning"
baseline = "known.json"

[rules]
contradiction = "warning"
"cn.pipl" = "error"
cn.gbt35273.late = "off"

[[overrides]]
paths = ["sdk"]
select = ["cn"]
ignore = ["cn.pipl.late"]
rules = { overlap = "error" }
"""


def test_all_settings() -> None:
    read = settings(ALL)
    assert read == Settings(
        imports=("cn.pipl", "../house.policy"),
        select=("logic", "cn"),
        ignore=("cn.pipl.minor", "overlap"),
        levels={"contradiction": "warning", "cn.pipl": "error", "cn.gbt35273.late": "off"},
        overrides=(Override(("sdk",), ("cn",), ("cn.pipl.late",), {"overlap": "error"}),),
        exclude=("drafts/**", "*.draft.policy"),
        fail_level="warning",
        baseline="known.json",
    )
    mentioned = {(each.what, each.text): ALL[each.span.start : each.span.end] for each in read.mentions}
    assert mentioned["import", "../house.policy"] == '"../house.policy"'
    assert mentioned["rule", "cn.gbt35273.late"] == "late"
    assert mentioned["file", "known.json"] == '"known.json"'


def test_no_settings() -> None:
    assert settings("") == settings("# none\n") == Settings()
    assert parse("", "pyproject.toml") == parse("[tool.ruff]\nselect = 1\n", "a/pyproject.toml") == (Settings(), ())


def test_the_table_in_pyproject() -> None:
    text = '[project]\nname = "x"\n[tool.policyspec]\nselect = ["cn"]\n[tool.policyspec.rules]\na = "off"\n'
    assert parse(text, "sub/pyproject.toml") == (Settings(select=("cn",), levels={"a": "off"}), ())
    check(
        """
        [tool.policyspec]
        selct = ["cn"]
        ^^^^^ no setting is named `selct`; did you mean `select`? [unknown_setting]
        [tool.policyspec.rules]
        late = "warn"
               ^^^^^^ expected one of "error", "warning", "info", "off"; did you mean `warning`? [invalid_setting]
        """,
        "pyproject.toml",
    )
    check("tool.policyspec = 1\n                  ^ expected a table [invalid_setting]\n", "pyproject.toml")
    check("tool = []\n       ^^ expected a table [invalid_setting]\n", "pyproject.toml")


def test_whether_there_are_settings() -> None:
    assert has_settings("", "policyspec.toml")
    assert has_settings("[tool.policyspec]", "a/pyproject.toml")
    assert has_settings("[tool]\npolicyspec.select = []", "pyproject.toml")
    assert has_settings("[[tool.policyspec.overrides]]\n[", "pyproject.toml")
    assert not has_settings("", "pyproject.toml")
    assert not has_settings('[project]\ndependencies = ["policyspec"]', "pyproject.toml")
    assert not has_settings("[tool.ruff]\npolicyspec = [", "pyproject.toml")
    assert not has_settings("tool = 'policyspec'", "pyproject.toml")


# ── What is reported ────────────────────────────────────────────────────────────────────────────────


def test_what_is_wrong_with_keys() -> None:
    check(
        """
        fail_level = "never"
        ^^^^^^^^^^ no setting is named `fail_level`; did you mean `fail-level`? [unknown_setting]
        colour = true
        ^^^^^^ no setting is named `colour` [unknown_setting]
        [[overrides]]
          ^^^^^^^^^ an override needs `paths` [invalid_setting]
        exclude = ["x"]
        ^^^^^^^ no setting is named `exclude` [unknown_setting]
        [[overrides]]
          ^^^^^^^^^ an override needs one of `select`, `ignore`, `rules` [invalid_setting]
        paths = ["x"]
        [tool.policyspec]
         ^^^^ no setting is named `tool`; in policyspec.toml settings stand without `tool.policyspec` [unknown_setting]
        select = ["x"]
        """
    )


def test_what_is_wrong_with_values() -> None:
    check(
        """
        import = ["house/x.toml", "a b", 3]
                  ^^^^^^^^^^^^^^ expected a module of the library, or a .policy file [invalid_setting]
                                  ^^^^^ expected a module of the library, or a .policy file [invalid_setting]
                                         ^ expected a module of the library, or a .policy file [invalid_setting]
        select = []
                 ^^ an empty `select` is of nothing; leave it out [invalid_setting]
        ignore = "late"
                 ^^^^^^ expected a list of strings [invalid_setting]
        exclude = ["a\\\\b", "../x", ".."]
                   ^^^^^^ expected a path below this folder, with `/`, `*`, `**` and `?` [invalid_setting]
                           ^^^^^^ expected a path below this folder, with `/`, `*`, `**` and `?` [invalid_setting]
                                   ^^^^ expected a path below this folder, with `/`, `*`, `**` and `?` [invalid_setting]
        fail-level = "errs"
                     ^^^^^^ expected one of "error", "warning", "info", "never" [invalid_setting]
        baseline = true
                   ^^^^ expected a path with `/` between folders [invalid_setting]
        overrides = 1
                    ^ expected tables, each with the heading `[[overrides]]` [invalid_setting]
        """
    )
    check(
        """
        [rules]
        "a b" = "off"
        ^^^^^ expected the name of a rule or a pack before the `=` [invalid_setting]
        late = false
               ^^^^^ expected one of "error", "warning", "info", "off"; did you mean `off`? [invalid_setting]
        cn.pipl.late = 3
                       ^ expected one of "error", "warning", "info", "off" [invalid_setting]
        """
    )
    check('rules = 1\n        ^ expected a table of levels, such as `contradiction = "warning"` [invalid_setting]\n')


def test_what_is_no_toml() -> None:
    read, (found,) = parse("exclude = ['x']\nselect = 1-\n", "policyspec.toml")
    assert read == Settings()
    assert found.rule == "invalid_setting"
    assert found.message.startswith("not TOML: ")
    assert found.span == (26, 27)
    _, (found,) = parse("[rules]\ncn = 'off'\ncn.pipl = 'off'\n", "policyspec.toml")
    assert found.message.endswith("put both into quotation marks")


def test_fixes() -> None:
    text = 'selct = "late"\nignore = "late"\nfail-level = "warn"\n'
    read, found = parse(text, "policyspec.toml")
    edits = [edit for each in found for fix in each.fixes for edit in fix.edits]
    fixed = 'select = "late"\nignore = ["late"]\nfail-level = "warning"\n'
    assert apply_edits(text, edits) == fixed
    assert read == Settings()


def test_too_much_is_not_read() -> None:
    read, found = parse(f"exclude = {json.dumps(['x'] * 1500)}\nbaseline = '{'x' * 300}'", "policyspec.toml")
    assert len(read.exclude) == 1000
    assert [each.message for each in found] == [
        "more than 1000 items: the rest is not read",
        "expected a path with `/` between folders, of 200 characters at most",
    ]
    read, found = parse("[rules]\n" + "".join(f"r{n} = 'off'\n" for n in range(1500)), "policyspec.toml")
    assert len(read.levels) == 1000
    assert [each.message for each in found] == ["more than 1000 rules: the rest is not read"]


NAMES = ("contradiction", "logic", "cn.pipl.late", "cn.pipl.consent_not_separate", "eu.gdpr.late")


def test_names_of_rules() -> None:
    text = """\
select = ["logic", "cn", "cn.pipl", "late", "lat", "pipl", "cn.gdpr"]
[rules]
contradicton = "off"
cn.pipl.lte = "off"
"""
    found = check_names(settings(text), NAMES)
    assert [(each.rule, each.severity, each.message) for each in found] == [
        ("unknown_rule", WARNING, "no rule is named `lat`; did you mean `late`?"),
        ("unknown_rule", WARNING, "no rule is named `pipl`"),
        ("unknown_rule", WARNING, "no rule is named `cn.gdpr`; did you mean `eu.gdpr`?"),
        ("unknown_rule", WARNING, "no rule is named `contradicton`; did you mean `contradiction`?"),
        ("unknown_rule", WARNING, "no rule is named `cn.pipl.lte`; did you mean `cn.pipl.late`?"),
    ]
    assert apply_edits(text, found[0].fixes[0].edits) == text.replace('"lat"', '"late"')
    assert apply_edits(text, found[3].fixes[0].edits) == text.replace("contradicton", '"contradiction"')
    # The name is in several places, each of which may be the right one.
    assert not found[4].fixes
    assert not check_names(settings(text), [*NAMES, "lat", "x.pipl", "cn.gdpr.x", "contradicton", "cn.pipl.lte"])


def test_globs_that_match_nothing() -> None:
    text = 'exclude = ["drafts", "build", "*.old"]\n[[overrides]]\npaths = ["sdk/**", "sdks/"]\nignore = ["late"]\n'
    found = dead_globs(settings(text), ["a.policy", "drafts/b.policy", "sdk/c.policy"])
    assert [(each.rule, each.severity, each.message) for each in found] == [
        ("unused_glob", WARNING, "`build` matches no file"),
        ("unused_glob", WARNING, "`*.old` matches no file"),
        ("unused_glob", WARNING, "`sdks/` matches no file; did you mean `sdk`?"),
    ]
    (found,) = dead_globs(settings('exclude = ["draft"]'), ["drafts/b.policy"])
    assert found.message == "`draft` matches no file; did you mean `drafts`?"


# ── What settings mean ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "rule", "level"),
    [
        ("", "cn.pipl.late", "warning"),
        ('select = ["cn"]', "cn.pipl.late", "warning"),
        ('select = ["cn.pipl.late"]', "cn.pipl.late", "warning"),
        ('select = ["late"]', "cn.pipl.late", "warning"),
        ('select = ["cn.pipl.lat", "cn.p", "pipl", "pipl.late"]', "cn.pipl.late", None),
        ('select = ["cn"]', "contradiction", None),
        ('select = ["logic"]', "contradiction", "warning"),
        ('select = ["contradiction"]', "contradiction", "warning"),
        ('ignore = ["logic"]', "contradiction", None),
        ('ignore = ["cn"]', "cn.pipl.late", None),
        ('ignore = ["eu"]', "cn.pipl.late", "warning"),
        ('select = ["cn"]\nignore = ["cn.pipl"]', "cn.pipl.late", None),
        ('select = ["cn.pipl"]\nignore = ["cn"]', "cn.pipl.late", "warning"),
        ('select = ["cn"]\nignore = ["late"]', "cn.pipl.late", None),
        ('select = ["late"]\nignore = ["late"]', "cn.pipl.late", None),
        ('rules = { late = "error" }', "cn.pipl.late", "error"),
        ('rules = { "cn" = "info", "cn.pipl" = "error" }', "cn.pipl.late", "error"),
        ('rules = { "cn" = "info", "cn.pipl" = "error" }', "cn.gb.late", "info"),
        ('rules = { "cn" = "off", "cn.pipl" = "error" }', "cn.pipl.late", "error"),
        ('rules = { "cn" = "error", "cn.pipl" = "off" }', "cn.pipl.late", None),
        ('rules = { "late" = "error", "cn.pipl.late" = "info" }', "cn.pipl.late", "info"),
        ('ignore = ["cn"]\nrules = { "late" = "error" }', "cn.pipl.late", "error"),
        ('select = ["cn.pipl.late"]\nrules = { "cn" = "error" }', "cn.pipl.late", "error"),
        ('select = ["eu"]\nrules = { "late" = "error" }', "cn.pipl.late", None),
    ],
)
def test_levels(text: str, rule: str, level: str | None) -> None:
    found = level_of(settings(text), rule, "shop.policy", WARNING, "" if "." in rule else "logic")
    assert (found.value if found else None) == level


def test_overrides() -> None:
    read = settings(
        """
        select = ["cn"]
        ignore = ["cn.pipl.minor"]
        rules = { "cn.pipl.late" = "info" }
        [[overrides]]
        paths = ["sdk"]
        ignore = ["cn"]
        [[overrides]]
        paths = ["sdk/b.policy", "*.old.policy"]
        rules = { "cn.pipl.late" = "error", "eu.gdpr.late" = "warning" }
        [[overrides]]
        paths = ["other.policy"]
        select = ["eu"]
        """
    )

    def levels(path: str) -> list[str | None]:
        rules = ("cn.pipl.late", "cn.pipl.minor", "cn.pipl.x", "eu.gdpr.late")
        found = [level_of(read, rule, path, WARNING) for rule in rules]
        return [each.value if each else None for each in found]

    assert levels("shop.policy") == ["info", None, "warning", None]
    assert levels("sdk/a.policy") == [None, None, None, None]
    assert levels("sdk/b.policy") == ["error", None, None, "warning"]
    assert levels("x/a.old.policy") == ["error", None, "warning", "warning"]
    assert levels("other.policy") == [None, None, None, "warning"]


def test_exclusion() -> None:
    read = settings('exclude = ["drafts", "/old.policy", "*.tmp.policy"]')
    excluded = ("drafts/a.policy", "x/drafts/y/a.policy", "old.policy", "./old.policy", "x/a.tmp.policy")
    assert all(is_excluded(read, path) for path in excluded)
    assert not any(is_excluded(read, path) for path in ("a.policy", "x/old.policy", "drafts.policy", "a.tmp.policy.x"))


# ── Globs ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("a", "a", True),
        ("a", "b/a/c", True),
        ("a/", "b/a/c", True),
        ("a/b", "a/b/c", True),
        ("a/b", "x/a/b", False),
        ("./a/b", "a/b", True),
        ("/a", "b/a", False),
        ("*.x", "a.x", True),
        ("*.x", "b/a.x", True),
        ("b/*.x", "b/c/a.x", False),
        ("b/*/a.x", "b/c/a.x", True),
        ("**/a", "a", True),
        ("**/a", "b/c/a", True),
        ("b/**", "b/c/a", True),
        ("b/**/a", "b/a", True),
        ("b/**/a", "b/c/d/a", True),
        ("b/**/c/**/a", "b/c/c/x/a", True),
        ("b/**/c/**/a", "b/x/a", False),
        ("?.x", "ab.x", False),
        ("a?", "a/", False),
        ("??.x", "设备.x", True),
        ("a*b*c", "aXbXbc", True),
        ("a*b*c", "aXcXb", False),
        ("a.b", "axb", False),
        ("[ab]", "a", False),
        ("**", "a/b", True),
    ],
)
def test_matching(glob: str, path: str, expected: bool) -> None:
    assert matches(glob, path) is expected


@given(st.text("a*", max_size=8), st.text("ab", max_size=8))
def test_stars_are_those_of_regular_expressions(glob: str, text: str) -> None:
    pattern = re.sub(r"\*+", ".*", glob)
    assert matches(f"x/{glob}y/z", f"x/{text}y/z") == bool(re.fullmatch(f"{pattern}y", f"{text}y"))


@pytest.mark.parametrize("glob", ["*a" * 100, "**/a/" * 40, "**/*a*a*a/" * 20, "?*" * 100])
def test_matching_takes_no_longer_for_hostile_globs(glob: str) -> None:
    for path in ("a" * 4000, "a/" * 2000, "aaaa/" * 800 + "b", "a" * 10_000):
        matches(glob, path)


# ── The schema ──────────────────────────────────────────────────────────────────────────────────────

SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_has_every_setting() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(KEYS)


_texts = st.sampled_from(
    ("late", "cn.pipl", "a b", "", ".", "house.policy", "../x", "drafts/**", "off", "never", "a\\\\b")
)
_scalars = st.one_of(_texts, _texts, st.sampled_from(LEVELS), st.integers(0, 9), st.booleans())
_lists = st.lists(_scalars, max_size=3)
_levels = st.recursive(_scalars, lambda inner: st.dictionaries(_texts, inner, max_size=3), max_leaves=4)


def _tables(keys: tuple[str, ...], inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), st.one_of(_scalars, _lists, _lists, _levels, inner), max_size=4)


_overrides = st.lists(_tables(("paths", "paths", "select", "ignore", "rules"), _lists), max_size=2)
_files = _tables((*KEYS, "selct"), _overrides)


def _toml(value: Any) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + " }"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value)


@given(_files)
def test_the_schema_allows_what_is_read(data: dict[str, Any]) -> None:
    text = "".join(f"{key} = {_toml(value)}\n" for key, value in data.items())
    _, found = parse(text, "policyspec.toml")
    assert (found == ()) == VALIDATOR.is_valid(data), text


@given(st.text(max_size=40), st.sampled_from(("policyspec.toml", "pyproject.toml")))
def test_no_text_is_too_bad(text: str, path: str) -> None:
    for each in parse(text, path)[1]:
        assert 0 <= each.span.start <= each.span.end <= len(text)
