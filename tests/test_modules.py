"""Imports: of library modules, and of files; what comes from the disk is in `test_files`."""

# ruff: noqa: E501  (a message stands on one line)

from __future__ import annotations

import pytest

from policyspec.scope import import_key
from policyspec.source import Source, Span
from policyspec.syntax import nodes
from resolve_support import PATH, check, diagnostics, workspace

# ── The library ────────────────────────────────────────────────────────────────────────────────────


def test_library_module() -> None:
    check("""
        import android, cn.pipl
        collect camera_image via CAMERA, android.CAMERA when cn.pipl.legal_duty
        collect email when legal_duty
    """)


def test_unknown_module() -> None:
    check("""
        import cn.pilp, androd, zzzzzzz
               ^^^^^^^ no module `cn.pilp`; did you mean `cn.pipl`?
                        ^^^^^^ no module `androd`; did you mean `android`?
                                ^^^^^^^ no module `zzzzzzz`
    """)


def test_imported_twice() -> None:
    check("""
        import android
        import android, cn.pipl
               ^^^^^^^ warning: `android` is imported twice
    """)


def test_core_may_be_imported() -> None:
    check("""
        import core
        collect email
    """)


def test_own_term_is_nearer_than_an_imported_one() -> None:
    check("""
        import android
        permission CAMERA
        collect email via CAMERA
    """)


def test_imported_term_is_nearer_than_one_of_core() -> None:
    check("""
        import cn.gbt35273
        collect email when national_security, core.national_security
    """)


def test_two_modules_with_one_name() -> None:
    files = {"own.policy": "exception crime\n"}
    check(
        """
        import cn.gbt35273, cn.pipl
        import "own.policy"
        collect email when crime
                           ^^^^^ `crime` may be `cn.gbt35273.crime` or `own.crime`: write which one
        collect email when own.crime, cn.gbt35273.crime
    """,
        files,
    )


def test_library_module_without_its_import() -> None:
    check("""
        collect email via CAMERA
                          ^^^^^^ no permission or channel is named `CAMERA`
    """)


def test_a_library_module_that_has_the_name() -> None:
    (found,) = diagnostics("collect email via CAMERA\n")
    assert (found.help, [each.title for each in found.fixes]) == ("`android` has it: import it", ["import `android`"])
    assert diagnostics("import android\ncollect email via CAMERA\n") == ()


# ── Files ──────────────────────────────────────────────────────────────────────────────────────────


def test_file() -> None:
    files = {"house.policy": "data parcel { weight }\npurpose wrapping\n"}
    check(
        """
        import "house.policy"
        collect parcel, house.parcel, weight, parcel.weight, house.parcel.weight for wrapping
    """,
        files,
    )


def test_file_in_another_folder() -> None:
    files = {"sub/house.policy": "data parcel\n"}
    check(
        """
        import "../x.policy", "./sub/house.policy"
               ^^^^^^^^^^^^^ no module `../x.policy`
        collect parcel
    """,
        files,
    )


def test_two_files_with_one_name() -> None:
    files = {"a.policy": "data parcel\n", "sub/b.policy": "data parcel\n"}
    check(
        """
        import "a.policy", "sub/b.policy"
        collect parcel
                ^^^^^^ `parcel` may be `a.parcel` or `b.parcel`: write which one
        collect a.parcel, b.parcel
    """,
        files,
    )


def test_missing_file() -> None:
    check("""
        import "hose.policy"
               ^^^^^^^^^^^^^ no module `hose.policy`
        import ""
               ^^ expected the path of a file
    """)


def test_missing_file_with_a_like_name() -> None:
    files = {"shared.policy": "data parcel\n", "sub/house.policy": "data box\n"}
    check(
        """
        import "shared", "Shared.policy", "sub/hous.policy", "house.policy", "shop"
               ^^^^^^^^ no module `shared`; did you mean `shared.policy`?
                         ^^^^^^^^^^^^^^^ no module `Shared.policy`; did you mean `shared.policy`?
                                          ^^^^^^^^^^^^^^^^^ no module `sub/hous.policy`; did you mean `sub/house.policy`?
                                                             ^^^^^^^^^^^^^^ no module `house.policy`
                                                                             ^^^^^^ no module `shop`
        import shared.policy
               ^^^^^^^^^^^^^ a file's path stands in quotation marks
        import "cn.pipl"
               ^^^^^^^^^ a library module's name stands without quotation marks
    """,
        files,
    )


def test_file_whose_name_is_no_name() -> None:
    names = ("my-terms", "2026", "for", "android", "house")
    check(
        """
        import "my-terms.policy"
               ^^^^^^^^^^^^^^^^^ warning: `my-terms` is not a name, so the terms here cannot be written as `my-terms.…`: rename the file
        import "2026.policy"
               ^^^^^^^^^^^^^ warning: `2026` is not a name, so the terms here cannot be written as `2026.…`: rename the file
        import "for.policy"
               ^^^^^^^^^^^^ warning: `for` is not a name, so the terms here cannot be written as `for.…`: rename the file
        import "android.policy"
               ^^^^^^^^^^^^^^^^ warning: `android` is a module of the library, so the terms here cannot be written as `android.…`: rename the file
        import "house.policy"
    """,
        {f"{name}.policy": "" for name in names},
    )


def test_names_do_not_pass_through_a_module() -> None:
    files = {"a.policy": 'import "b.policy"\ndata box is parcel\n', "b.policy": "data parcel\n"}
    check(
        """
        import "a.policy"
        collect parcel, box
                ^^^^^^ no data is named `parcel`
    """,
        files,
    )


def test_unknown_in_a_file() -> None:
    files = {"house.policy": "data parcel\n"}
    check(
        """
        import "house.policy"
        collect house.parcle
                ^^^^^^^^^^^^ no data is named `house.parcle`; did you mean `house.parcel`?
    """,
        files,
    )


def test_import_cycle() -> None:
    files = {"a.policy": 'import "b.policy"\ndata parcel\n', "b.policy": 'import "shop.policy"\n'}
    check(
        """
        import "a.policy"
               ^^^^^^^^^^ import cycle: `shop.policy` imports `a.policy` imports `b.policy` imports `shop.policy`
        collect parcel
                ^^^^^^ no data is named `parcel`
    """,
        files,
    )


def test_import_of_itself() -> None:
    check("""
        import "shop.policy"
               ^^^^^^^^^^^^^ import cycle: `shop.policy` imports `shop.policy`
        import "../shop.policy"
               ^^^^^^^^^^^^^^^^ no module `../shop.policy`
    """)


def test_cycle_among_others() -> None:
    files = {"a.policy": 'import "b.policy"\ndata parcel\n', "b.policy": 'import "a.policy"\n'}
    check(
        """
        import "a.policy"
        collect parcel
    """,
        files,
    )


def test_policy_imported() -> None:
    files = {"other.policy": "policy other\n"}
    check(
        """
        policy shop
        import "other.policy"
               ^^^^^^^^^^^^^^ `other.policy` is a policy of its own, so it cannot be imported; share a module instead
    """,
        files,
    )


def test_policy_imported_by_a_module() -> None:
    files = {"other.policy": "policy other\n"}
    check(
        """
        import "other.policy"
               ^^^^^^^^^^^^^^ `other.policy` is a policy of its own, so it cannot be imported; share a module instead
    """,
        files,
    )


def test_actions_of_a_file() -> None:
    files = {"house.policy": "action pester is notify { needle }\n"}
    check(
        """
        import "house.policy"
        pester end_user
        pester email
               ^^^^^ `email` is data; `pester` takes a subject or a party
        needle end_user
    """,
        files,
    )


def test_import_inside_of_a_section() -> None:
    check("""
        section "S" { import android  collect email via CAMERA }
                      ^^^^^^^^^^^^^^ an import stands outside of sections
    """)


def test_errors_of_an_imported_file_are_its_own() -> None:
    files = {"house.policy": "data parcel is nonsense\n"}
    check(
        """
        policy shop
        import "house.policy"
        collect parcel
    """,
        files,
    )


# ── Paths that are the same ────────────────────────────────────────────────────────────────────────


def test_own_child_and_term_of_a_file() -> None:
    files = {"house.policy": "data parcel\n"}
    check(
        """
        policy shop
        import "house.policy"
        data house { parcel }
                     ^^^^^^ two terms go by the path `house.parcel`: rename one of them, or its file
        purpose house_ { parcel }
    """,
        files,
    )


def test_own_child_and_term_of_the_library() -> None:
    check("""
        policy shop
        import android
        permission android { CAMERA  MINE }
                             ^^^^^^ two terms go by the path `android.CAMERA`: rename one of them, or its file
    """)


def test_file_named_as_a_library_module() -> None:
    files = {"core.policy": "data email is name\ndata own\n"}
    check(
        """
        policy shop
        import "core.policy"
               ^^^^^^^^^^^^^ two terms go by the path `core.email`: rename one of them, or its file
               ^^^^^^^^^^^^^ warning: `core` is a module of the library, so the terms here cannot be written as `core.…`: rename the file
    """,
        files,
    )


def test_two_files_of_one_name() -> None:
    files = {"a/house.policy": "data parcel\ndata box\n", "b/house.policy": "data box\n"}
    check(
        """
        policy shop
        import "a/house.policy", "b/house.policy"
                                 ^^^^^^^^^^^^^^^^ two terms go by the path `house.box`: rename one of them, or its file
    """,
        files,
    )


def test_files_by_the_paths_that_imports_say() -> None:
    assert import_key("a/b.policy", nodes.Title("c.policy", None, Span(0, 0))) == "a/c.policy"
    assert import_key("a/b.policy", nodes.Title(".././x//c.policy", None, Span(0, 0))) == "x/c.policy"
    assert import_key("b.policy", nodes.Title("../c.policy", None, Span(0, 0))) == "../c.policy"
    assert import_key("../b.policy", nodes.Title("../c.policy", None, Span(0, 0))) == "../../c.policy"
    assert import_key("/a/b.policy", nodes.Title("../c.policy", None, Span(0, 0))) == "/c.policy"


def test_a_file_that_appears_is_found() -> None:
    before = workspace('import "house.policy"\ncollect parcel\n')
    assert [each.rule for each in before.diagnostics(PATH)] == ["missing_module", "unknown_name"]
    after = before.with_source(Source("house.policy", "data parcel\n"))
    assert after.diagnostics(PATH) == ()
    assert [each.rule for each in before.diagnostics(PATH)] == ["missing_module", "unknown_name"]


def test_a_file_that_appears_is_offered() -> None:
    before = workspace('import "house"\n')
    assert [each.fixes for each in before.diagnostics(PATH)] == [()]
    (found,) = before.with_source(Source("house.policy", "")).diagnostics(PATH)
    assert [fix.title for fix in found.fixes] == ['change to `"house.policy"`']


def test_an_edit_keeps_what_it_does_not_touch() -> None:
    before = workspace('import "house.policy"\n', {"house.policy": "data parcel\n", "other.policy": "data box\n"})
    for path in before.sources:
        before.module(path)
    after = before.with_source(Source("house.policy", "data box\n"))
    assert after.module("other.policy") is before.module("other.policy")
    assert after.module("house.policy") is not before.module("house.policy")


def test_a_long_chain_of_imports() -> None:
    last = 1000
    files = {f"f{each}.policy": f'import "f{each + 1}.policy"\n' for each in range(last)} | {f"f{last}.policy": ""}
    assert diagnostics('import "f0.policy"\n', files) == ()


def test_library_files_by_path() -> None:
    made = workspace("")
    for path in ("policyspec:core/data.policy", "policyspec:android.policy", "policyspec:cn/pipl.policy"):
        assert made.source(path).path == path
    for path in ("policyspec:nothing.policy", "policyspec:core/nothing.policy", "nothing.policy"):
        with pytest.raises(KeyError):
            made.source(path)
