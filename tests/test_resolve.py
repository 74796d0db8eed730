"""Names and what they mean within one file; imports are in `test_modules`."""

# ruff: noqa: E501  (a message stands on one line)

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from policy_texts import mutated
from policyspec import library
from policyspec.diagnostic import Severity, apply_edits
from policyspec.kinds import CLAUSES, STANDS_AFTER
from policyspec.library import compiled
from policyspec.resolve import resolve
from policyspec.scope import Context, index
from policyspec.source import Source, Span
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace
from resolve_support import PATH, check, diagnostics, workspace
from resolve_support import compiled as compiled_policy

# ── Scopes ─────────────────────────────────────────────────────────────────────────────────────────


def test_child_by_its_bare_name() -> None:
    check("""
        data device { brand  cpu { frequency } }
        collect brand, frequency, cpu.frequency, device.cpu.frequency, device
    """)


def test_bare_name_of_two_children() -> None:
    check("""
        data device { brand }
        data car { brand }
        collect brand
                ^^^^^ `brand` may be `device.brand` or `car.brand`: write which one
        collect car.brand
    """)


def test_child_of_the_same_block_is_nearer() -> None:
    check("""
        data device { model  base is hardware_info { model } }
        permission LOOK { gives: device.model }
        data car { model  engine is model }
    """)


def test_block_is_nearer_than_file() -> None:
    check("""
        data brand
        right one { email  two { channel: email } }
        channel email
        data device { brand  copy is brand }
    """)


def test_own_term_is_nearer_than_core() -> None:
    check("""
        data email is name
        collect email, core.email
    """)


def test_core_by_its_full_path() -> None:
    check("""
        collect core.email, email
        share core.email to core.partner for core.analytics
    """)


def test_kinds_that_a_place_admits() -> None:
    check("""
        notify end_user via email
        collect email
        collect name unless email
                            ^^^^^ `email` may be `data.core.email` or `channel.core.email`: write which one
    """)


def test_kind_in_front_of_a_name() -> None:
    check("""
        collect data.email
        notify end_user via channel.email
        collect name unless channel.email, data.email, data.core.email
    """)


def test_wrong_kind_in_front_of_a_name() -> None:
    check("""
        collect channel.email
                ^^^^^^^^^^^^^ `channel.email` is a channel; `collect` takes data: a channel stands after `via`
        collect email for data.android.CAMERA
                          ^^^^^^^^^^^^^^^^^^^ `data.android.CAMERA` is data; `for` takes a purpose
    """)


def test_two_kinds_of_one_name() -> None:
    check("""
        right x
        subject x
        charge x
               ^ `x` may be `right.x` or `subject.x`: write which one
        charge right.x, subject.x
    """)


def test_no_more_than_some_are_listed() -> None:
    check("""
        data a { x }
        data b { x }
        data c { x }
        data d { x }
        data e { x }
        data f { x }
        collect x
                ^ `x` may be `a.x` or `b.x` or `c.x` or `d.x` or another: write which one
    """)


def test_names_before_their_declaration() -> None:
    check("""
        collect parcel for wrapping
        purpose wrapping is delivery
        data parcel is delivery_information
    """)


def test_name_composed_or_not() -> None:
    check("""
        data café
        collect café, CAFE
                      ^^^^ no data is named `CAFE`; did you mean `café`?
    """)


def test_chinese_names() -> None:
    check("""
        data 设备信息 is device_info { 品牌 "设备品牌" }
        purpose 数据流传输 is service_provision
        collect 品牌, 设备信息.品牌 for 数据流传输
        collect 设备 for 数据流传
                ^^^^ no data is named `设备`
                         ^^^^^^^^ no purpose is named `数据流传`; did you mean `数据流传输`?
    """)


# ── Aliases ────────────────────────────────────────────────────────────────────────────────────────


def test_alias_is_a_name() -> None:
    check("""
        data parcel { alias: "shipment", "the parcel" }
        party acme { alias: "we" }
        collect shipment by we
        collect the
                ^^^ no data is named `the`
    """)


def test_alias_of_a_library_term() -> None:
    check("""
        gather email under authorization
        must erase email within 3 days
    """)


def test_alias_composed_or_not() -> None:
    check("""
        data cafe { alias: "café" }
        collect café
    """)


def test_alias_that_is_the_name_itself() -> None:
    check("""
        data device { brand { alias: "brand", "device.brand", "brand" } }
        collect brand
    """)


def test_alias_of_two() -> None:
    check("""
        data parcel { alias: "box" }
        data carton { alias: "box" }
        collect box
                ^^^ `box` may be `parcel` or `carton`: write which one
    """)


def test_name_is_nearer_than_alias() -> None:
    check("""
        data parcel { alias: "box" }
        data box
        collect box
    """)


def test_an_alias_hides_no_name() -> None:
    check("""
        data parcel { alias: "name", "box"  inner { alias: "frequency" } }
        data device { cpu { frequency } }
        data carton is name { box }
        extend data email is name
                             ^^^^ `name` is not this module's own, so no term of another can be put below it
        extend data email is box, frequency
    """)


def test_alias_of_an_action() -> None:
    check("""
        action snoop is collect { alias: "peek" }
        peek email
    """)


# ── Taxonomies ─────────────────────────────────────────────────────────────────────────────────────


def test_cycle() -> None:
    check("""
        data a is b
        data b is c
        data c is a
             ^ a term cannot be below itself: `a` is `b` is `c` is `a`
        data d is a
    """)


def test_cycle_through_a_child() -> None:
    check("""
        data a is b { b }
                      ^ a term cannot be below itself: `a` is `a.b` is `a`
    """)


def test_term_below_itself() -> None:
    check("""
        data parcel is parcel
                       ^^^^^^ there is no other `parcel`, and a term cannot be below itself: leave out `is`
    """)


def test_term_below_the_core_term_of_its_name() -> None:
    check("""
        data email is email
        basis consent is consent
        collect email under consent
    """)


def test_parent_of_another_kind() -> None:
    check("""
        data parcel is email, analytics, collect
                              ^^^^^^^^^ `analytics` is a purpose; this place takes data
                                         ^^^^^^^ `collect` is an action; this place takes data
        purpose p is email
                     ^^^^^ `email` is data; this place takes a purpose
    """)


def test_families() -> None:
    check("""
        basis b is national_security, breach
        exception e is consent
        event v is consent, crime
        party p is minor
        subject s is partner
        safeguard g is push
                       ^^^^ `push` is a channel; this place takes a safeguard
    """)


def test_same_parent_twice() -> None:
    check("""
        data parcel is email, email { box is parcel }
    """)


def test_a_closed_exception_is_its_members() -> None:
    check("""
        exception spared { duty is legal_duty { inner is spared }  safety is duty, spared }
                                                                             ^^^^ `spared.duty` is exactly what is declared in its braces; declare `safety` there
        exception other is spared
                           ^^^^^^ `spared` is exactly what is declared in its braces; declare `other` there
        event moved is other, spared.safety, duty
                                             ^^^^ `spared.duty` is exactly what is declared in its braces; declare `moved` there
        extend event breach is spared, other
                               ^^^^^^ `spared` is exactly what is declared in its braces; declare `breach` there
        basis form { written }
        basis letter is form
    """)


def test_a_closed_exception_of_another_file() -> None:
    files = {"house.policy": "exception spared { duty }\n"}
    check(
        """
        import "house.policy"
        exception mine is spared, duty
                          ^^^^^^ `spared` is exactly what is declared in its braces; declare `mine` there
    """,
        files,
    )


# ── Kinds by place ─────────────────────────────────────────────────────────────────────────────────


def test_wrong_kind_in_each_clause() -> None:
    check("""
        collect analytics
                ^^^^^^^^^ `analytics` is a purpose; `collect` takes data: a purpose stands after `for`
        collect email from analytics
                           ^^^^^^^^^ `analytics` is a purpose; `from` takes a subject or party: a purpose stands after `for`
        collect email by analytics
                         ^^^^^^^^^ `analytics` is a purpose; `by` takes a party: a purpose stands after `for`
        share email to analytics
                       ^^^^^^^^^ `analytics` is a purpose; `to` takes a recipient: a purpose stands after `for`
        collect email for partner
                          ^^^^^^^ `partner` is a party; `for` takes a purpose: a party stands after `to`, `by` or `from`
        collect email under analytics
                            ^^^^^^^^^ `analytics` is a purpose; `under` takes a legal basis: a purpose stands after `for`
        collect email without analytics
                              ^^^^^^^^^ `analytics` is a purpose; `without` takes a legal basis: a purpose stands after `for`
        collect email unless collect
                             ^^^^^^^ `collect` is an action; `unless` takes a term of any kind
        collect email when analytics
                           ^^^^^^^^^ `analytics` is a purpose; `when` takes an exception, event or basis: a purpose stands after `for`
        collect email via analytics
                          ^^^^^^^^^ `analytics` is a purpose; `via` takes a permission or channel: a purpose stands after `for`
        collect email in analytics
                         ^^^^^^^^^ `analytics` is a purpose; `in` takes a place: a purpose stands after `for`
        collect email with analytics
                           ^^^^^^^^^ `analytics` is a purpose; `with` takes a safeguard: a purpose stands after `for`
        must delete email keep until analytics
                                     ^^^^^^^^^ `analytics` is a purpose; `until` takes an event: a purpose stands after `for`
        must delete email keep while analytics
                                     ^^^^^^^^^ `analytics` is a purpose; `while` takes an event: a purpose stands after `for`
        must delete email keep 3 days after analytics
                                            ^^^^^^^^^ `analytics` is a purpose; `after` takes an event: a purpose stands after `for`
        must delete email within 3 days of analytics
                                           ^^^^^^^^^ `analytics` is a purpose; `of` takes an event: a purpose stands after `for`
    """)


def test_a_kind_names_the_clause_that_takes_it() -> None:
    check("""
        collect email with consent
                           ^^^^^^^ `consent` is a basis; `with` takes a safeguard: a legal basis stands after `under`
        collect email via encryption, sms
                          ^^^^^^^^^^ `encryption` is a safeguard; `via` takes a permission or channel: a safeguard stands after `with`
        collect sms with minor, CN, breach
                ^^^ `sms` is a channel; `collect` takes data: a channel stands after `via`
                         ^^^^^ `minor` is a subject; `with` takes a safeguard: a subject stands after `from`
                                ^^ `CN` is a place; `with` takes a safeguard: a place stands after `in`
                                    ^^^^^^ `breach` is an event; `with` takes a safeguard: an event stands after `when`
        collect email for share
                          ^^^^^ `share` is an action; `for` takes a purpose
    """)


@pytest.mark.parametrize(
    "text",
    [
        "collect email with consent under contract",  # there is an `under`
        "collect email with encryption, consent",  # not all of it may stand after `under`
        "collect email for partner",  # more than one clause takes a party
        "collect consent",  # this is no clause
        "transfer email from EEA",  # that says something else
    ],
)
def test_no_fix_to_another_clause(text: str) -> None:
    (found,) = diagnostics(text)
    assert found.rule == "wrong_kind"
    assert found.fixes == ()


def test_the_clauses_that_kinds_stand_after() -> None:
    for kind, words in STANDS_AFTER.items():
        assert all(kind in CLAUSES[word].kinds for word in words), kind


def test_every_kind_that_a_clause_takes() -> None:
    check("""
        collect email from minor by partner for analytics under consent unless data.email, partner
        share email from partner to minor, partner, CN by minor
        collect email without consent when crime, breach, consent unless crime, CN, sms, encryption, minor
        collect email via sms, pop_up in CN with encryption keep until breach within 3 days of crime
    """)


def test_object_as_the_action_takes_it() -> None:
    check("""
        notify email
               ^^^^^ `email` is data; `notify` takes a subject or a party
        notify end_user, partner
        collect partner
                ^^^^^^^ `partner` is a party; `collect` takes data: a party stands after `to`, `by` or `from`
        grant access
        grant email
              ^^^^^ `email` is data; `grant` takes a right
        apply encryption
        obtain guardian_consent
        policy mine
        publish_policy mine
    """)


def test_action_takes_what_the_one_above_it_takes() -> None:
    check("""
        tell_all end_user
        hint end_user
        hint email
             ^^^^^ `email` is data; `hint` takes a subject or a party
        action tell_all is notify { hint }
    """)


def test_objects_of_several_actions() -> None:
    check("""
        protect, verify email, end_user, consent
        protect partner
                ^^^^^^^ `partner` is a party; `protect` takes data, a subject or a right: a party stands after `to`, `by` or `from`
    """)


def test_unknown_action() -> None:
    check("""
        colect emial, email, analytics for streeming
        ^^^^^^ `colect` is not an action; did you mean `collect`?
               ^^^^^ nothing is named `emial`; did you mean `email`?
                                           ^^^^^^^^^ no purpose is named `streeming`; did you mean `streaming`?
    """)


def test_not_an_action() -> None:
    check("""
        email email
        ^^^^^ `email` is data; this place takes an action
    """)


# ── Unknown names ──────────────────────────────────────────────────────────────────────────────────


def test_did_you_mean() -> None:
    check("""
        collect emial for analitics under consnt
                ^^^^^ no data is named `emial`; did you mean `email`?
                          ^^^^^^^^^ no purpose is named `analitics`; did you mean `analytics`?
                                          ^^^^^^ no legal basis is named `consnt`; did you mean `consent`?
        share email to partnr via emial with encription in CNN when braech
                       ^^^^^^ no recipient is named `partnr`; did you mean `partner`?
                                  ^^^^^ no permission or channel is named `emial`; did you mean `email`?
                                             ^^^^^^^^^^ no safeguard is named `encription`; did you mean `encryption`?
                                                           ^^^ no place is named `CNN`; did you mean `CN`?
                                                                    ^^^^^^ no exception, event or basis is named `braech`; did you mean `breach`?
    """)


def test_did_you_mean_one_of_its_own() -> None:
    check("""
        data zygote
        collect zigote
                ^^^^^^ no data is named `zigote`; did you mean `zygote`?
    """)


def test_nothing_is_like_it() -> None:
    check("""
        collect zzzzzzzzzz
                ^^^^^^^^^^ no data is named `zzzzzzzzzz`
        collect email for qqqqqqqq via wwwwwwwww
                          ^^^^^^^^ no purpose is named `qqqqqqqq`
                                       ^^^^^^^^^ no permission or channel is named `wwwwwwwww`
    """)


def test_unknown_in_a_library_module() -> None:
    check("""
        import android
        collect email via android.MICROPHONE, android.CAMRA, android.CAMERA
                          ^^^^^^^^^^^^^^^^^^ warning: module `android` has no term `MICROPHONE`
                                              ^^^^^^^^^^^^^ warning: module `android` has no term `CAMRA`; did you mean `android.CAMERA`?
    """)


def test_unknown_in_core() -> None:
    check("""
        collect core.emial for core.analitics
                ^^^^^^^^^^ warning: module `core` has no data `emial`; did you mean `core.email`?
                               ^^^^^^^^^^^^^^ warning: module `core` has no purpose `analitics`; did you mean `core.analytics`?
    """)


def test_module_that_is_not_imported() -> None:
    check("""
        # first
        collect email via android.CAMERA when cn.pipl.legal_duty
                          ^^^^^^^^^^^^^^ module `android` is not imported
                                              ^^^^^^^^^^^^^^^^^^ module `cn.pipl` is not imported
    """)


def test_unknown_in_an_event() -> None:
    check("""
        must delete email within 3 days of braech
                                           ^^^^^^ no event is named `braech`; did you mean `breach`?
        store email keep until braech
    """)


def test_a_title_is_looked_up() -> None:
    check("""
        data parcel "Your box"@en "您的包裹"@zh
        store email in Germany
                       ^^^^^^^ no place is named `Germany`; did you mean `DE`?
        store name in 德国
                      ^^^^ no place is named `德国`; did you mean `DE`?
        collect Your_box, 您的包裹
                ^^^^^^^^ no data is named `Your_box`; did you mean `parcel`?
                          ^^^^^^^^ no data is named `您的包裹`; did you mean `parcel`?
        store email with Germany
                         ^^^^^^^ no safeguard is named `Germany`; did you mean `in DE`?
        store email in United Kingdom
                       ^^^^^^^^^^^^^^ missing `,` between `United` and `Kingdom`; did you mean `GB`?
    """)


def test_a_title_of_a_term_whose_name_is_taken() -> None:
    check("""
        place DE is world "Delaware"
        store email in Germany
                       ^^^^^^^ no place is named `Germany`; did you mean `core.DE`?
    """)


def test_a_name_that_another_clause_takes_is_not_guessed_by_its_letters() -> None:
    check("""
        safeguard whetting
        collect email for whettin
                          ^^^^^^^ no purpose is named `whettin`
        collect email with partners
                           ^^^^^^^^ no safeguard is named `partners`
        collect anlytics
                ^^^^^^^^ no data is named `anlytics`
        collect email unless anlytcs
                             ^^^^^^^ nothing is named `anlytcs`
    """)


def test_a_term_is_not_offered_below_itself() -> None:
    check("""
        safeguard zia is zygote_impact_assessment "Zygote impact assessment"
                         ^^^^^^^^^^^^^^^^^^^^^^^^ no safeguard is named `zygote_impact_assessment`
        data zygote is zigote { zygotes is zygot }
                       ^^^^^^ no data is named `zigote`
                                           ^^^^^ no data is named `zygot`; did you mean `zygote`?
    """)
    (found,) = diagnostics("data my_zygote is zygote\n")
    assert found.help == 'declare it: `data zygote "…"`'


def test_one_name_in_several_words() -> None:
    check("""
        collect email, IP address
                       ^^^^^^^^^^ missing `,` between `IP` and `address`; did you mean `ip_address`?
        collect email for service provision
                          ^^^^^^^^^^^^^^^^^ missing `,` between `service` and `provision`; did you mean `service_provision`?
        collect name under explicit consent
                           ^^^^^^^^^^^^^^^^ missing `,` between `explicit` and `consent`; did you mean `explicit_consent`?
        collect email phone number under consent
                      ^^^^^^^^^^^^ missing `,` between `email` and `phone`; did you mean `phone_number`?
        collect email name
                      ^^^^ missing `,` between `email` and `name`
    """)


def test_one_name_in_two_words_of_which_one_went_astray() -> None:
    check("""
        collect email
        collect MAC address, name
                ^^^^^^^^^^^ missing `,` between `MAC` and `address`; did you mean `mac_address`?
    """)


def test_who_does_it_stands_after_by() -> None:
    check("""
        party acme
        they use nothing for nothing
        ^^^^ a sentence begins with its action; who does it stands after `by`
        our partners use email for analytics
        ^^^ a sentence begins with its action; who does it stands after `by`
        Users nonsense for nothing
        ^^^^^ a sentence begins with its action; who does it stands after `by`
        acme email
        ^^^^ a sentence begins with its action; who does it stands after `by`
        they share your email with nothing
        ^^^^ a sentence begins with its action; who does it stands after `by`
    """)


def test_what_english_says_before_an_action() -> None:
    check("""
        we collect email
        ^^ a sentence begins with its action: leave out `we`
        We share your email with nothing
        ^^ a sentence begins with its action: leave out `We`
        do not sell email
        ^^^^^^ a prohibition is written `never sell …`
        must not share email to partner
        ^^^^^^^^ a prohibition is written `never share …`
        may not share email, name for nothing
        ^^^^^^^ a prohibition is written `never share …`
        we do not share email
        ^^^^^^^^^ a prohibition is written `never share …`
        collect email
    """)


def test_what_english_says_before_a_name() -> None:
    check("""
        store email in the EEA
                       ^^^ a name stands by itself: leave out `the`
        share email to the United States
                       ^^^ a name stands by itself: leave out `the`
        collect your email for analytics
                ^^^^ a name stands by itself: leave out `your`
        collect email, all personal
                       ^^^ a name stands by itself: leave out `all`
        share all your email to partner
              ^^^^^^^^ a name stands by itself: leave out `all your`
        collect all for analytics
                ^^^ no data is named `all`
        party acme is a controller
                      ^ a name stands by itself: leave out `a`
    """)


def test_what_english_says_between_clauses() -> None:
    check("""
        collect email for analytics if consent
                                    ^^ `if` is not a word of the language; did you mean `when`?
        collect email for analytics
          if consent, nothing
          ^^ `if` is not a word of the language; did you mean `when`?
                      ^^^^^^^ nothing is named `nothing`
        collect email about minor
                      ^^^^^ `about` is not a word of the language; did you mean `from`?
        collect email because legal_duty
                      ^^^^^^^ `because` is not a word of the language; did you mean `under`?
        collect email except name
                      ^^^^^^ `except` is not a word of the language; did you mean `unless`?
        collect email except when breach
                      ^^^^^^^^^^^ `except when` is not a word of the language; did you mean `unless`?
        must delete email before account_closure
                          ^^^^^^ `before` is not a word of the language: put the time in quotation marks after `within`
    """)


def test_what_english_says_of_when_and_how() -> None:
    check("""
        must delete email promptly
                          ^^^^^^^^ `promptly` is not a name; did you mean `within "promptly"`?
        should delete email, name promptly when account_closure
                                  ^^^^^^^^ `promptly` is not a name; did you mean `within "promptly"`?
        must delete email securely
                          ^^^^^^^^ `securely` is not a name: by when a thing is done stands after `within`, how after `with` or `via`
        must delete email promptly within 3 days
                          ^^^^^^^^ `promptly` is not a name: by when a thing is done stands after `within`, how after `with` or `via`
        collect email promptly
                      ^^^^^^^^ `promptly` is not a name: by when a thing is done stands after `within`, how after `with` or `via`
    """)


def test_words_of_english_may_be_names() -> None:
    check("""
        data securely
        data your
        action if is use { do }
        collect email
        if email
        do email
        must delete email, securely, your
    """)


def test_who_receives_stands_after_to() -> None:
    check("""
        must grant end_user access, copy
                   ^^^^^^^^^^^^^^^ who receives it stands after `to`: `grant access to end_user`
        grant access to end_user
    """)


def test_a_right_like_an_action() -> None:
    check("""
        grant delete, correct, sell
              ^^^^^^ `delete` is an action; `grant` takes a right; did you mean `deletion`?
                      ^^^^^^^ `correct` is an action; `grant` takes a right; did you mean `correction`?
                               ^^^^ `sell` is an action; `grant` takes a right
    """)


def test_a_right_lifts_nothing() -> None:
    check("""
        never sell email unless opt_out, consent, right.account_closure and deletion, posthumous_exercise
                                ^^^^^^^ warning: an act has no right in it, so `unless opt_out` never applies; did you mean the event `opted_out`?
                                                  ^^^^^^^^^^^^^^^^^^^^^ warning: an act has no right in it, so `unless right.account_closure` never applies; did you mean the event `event.account_closure`?
                                                                            ^^^^^^^^ warning: an act has no right in it, so `unless deletion` never applies; did you mean the event `deletion_request`?
                                                                                      ^^^^^^^^^^^^^^^^^^^ warning: an act has no right in it, so `unless posthumous_exercise` never applies
        never grant access unless copy
    """)


def test_an_action_may_be_called_like_a_person() -> None:
    check("""
        action partner is share
        partner email to affiliate
    """)


def test_no_meaning_inside_of_broken_text() -> None:
    check("""
        collect emial naem
                ^^^^^ no data is named `emial`; did you mean `email`?
                      ^^^^ missing `,` between `emial` and `naem`
        collect name 2025-02-30
                     ^^^^^^^^^^ unexpected `2025-02-30` after `name`
    """)


def test_an_unknown_name_is_reported_once() -> None:
    (found,) = diagnostics("share name to acmee by acmee\n" + "collect email by acmee\n" * 5)
    assert (found.span, [each.message for each in found.related]) == (
        Span(14, 19),
        ["also here", "also here", "also here", "also here, and in 2 more places"],
    )
    assert found.related[0].span == Span(23, 28)
    for_other_kinds = diagnostics("collect zzzzz for zzzzz\n")
    assert [each.message for each in for_other_kinds] == ["no data is named `zzzzz`", "no purpose is named `zzzzz`"]


def test_a_missing_term_of_the_library_is_one() -> None:
    text = "policy shop\nimport android\ncollect email via android.GONE\npermission mine is android.GONE\n"
    made = workspace(text)
    (found,) = made.diagnostics(PATH)
    assert [each.message for each in found.related] == ["also here"]
    missing = {each.definition for each in made.resolution(PATH).references[PATH].values()}
    assert sum(not each.is_defined for each in missing) == 1
    assert made.policy(PATH).term("mine").parents == ("permission:android.GONE",)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        (
            "share zzzzz\ndata zzzzz_of_mine\ndata sharp_zzzzz",
            'like names: `sharp_zzzzz`, `zzzzz_of_mine`; declare it: `data zzzzz "…"`',
        ),
        ("grant nomina", 'declare it: `right nomina "…"`; `policyspec vocabulary --search nomina` looks further'),
        ("subject zz is zzzzz", 'declare it: `subject zzzzz "…"`'),
        ("basis zz is zzzzz", 'declare it: `basis zzzzz "…"`'),
        ("collect email via zzzzz", 'declare it: `channel zzzzz "…"`'),
        ("share name to zzzzz", 'declare it: `party zzzzz "…"`'),
        (
            "must delete email keep until zzzzz",
            'declare it: `event zzzzz "…"`',
        ),
        (
            "must delete email when zzzzz",
            'declare it: `event zzzzz "…"`',
        ),
        (
            "policy p { audience: zzzzz }",
            'declare it: `subject zzzzz "…"`',
        ),
        ("collect email unless zzzzz", ""),
        ("collect a.zzzzz", ""),
        ("zzzzz email", "`policyspec vocabulary --kind action` lists the actions"),
        ("collect email via CAMERA", "`android` has it: import it"),
        ("collect emial", ""),
        (
            'party a { zzzzz: "x" }',
            "its fields: on_behalf_of, contact, address, place, website, representative, data_protection_officer, "
            "alias, definition, note, source, cite, dpv, fideslang, status, since, until",
        ),
    ],
)
def test_help(text: str, help: str) -> None:
    (found,) = diagnostics(text)
    assert found.help == help


def test_an_import_is_offered_once() -> None:
    found = diagnostics("collect email via android.CAMERA, android.BLUETOOTH when cn.pipl.legal_duty\n")
    assert [[fix.title for fix in each.fixes] for each in found] == [["import `android`"], [], ["import `cn.pipl`"]]


# ── Duplicates ─────────────────────────────────────────────────────────────────────────────────────


def test_declared_twice() -> None:
    check("""
        data parcel
        data parcel
             ^^^^^^ `parcel` is declared twice
        purpose parcel
    """)


def test_declared_twice_in_a_family() -> None:
    check("""
        basis yes_please
        event yes_please
              ^^^^^^^^^^ `yes_please` is declared twice
        party kid
        subject kid
                ^^^ `kid` is declared twice
    """)


def test_child_declared_twice() -> None:
    check("""
        data parcel { weight  weight }
                              ^^^^^^ `parcel.weight` is declared twice
        data other { weight }
        collect parcel.weight
    """)


def test_rule_declared_twice() -> None:
    check("""
        rule a { no collect email }
        rule a { no collect name }
             ^ rule `a` is declared twice
    """)


def test_policy_twice() -> None:
    check("""
        policy one
        policy two
               ^^^ a file has one policy
    """)


# ── Fields ─────────────────────────────────────────────────────────────────────────────────────────


def test_unknown_field() -> None:
    check('''
        party acme { contct: "x"  zzz: 1 }
                     ^^^^^^ a party has no field `contct`; did you mean `contact`?
                                  ^^^ a party has no field `zzz`
        data parcel { age: 3 days }
                      ^^^ data has no field `age`
        collect email { hege: currently }
                        ^^^^ a practice has no field `hege`; did you mean `hedge`?
        section "S" { audence: end_user }
                      ^^^^^^^ a section has no field `audence`; did you mean `audience`?
        rule r { levle: error  no collect email }
                 ^^^^^ a rule has no field `levle`; did you mean `level`?
        """Prose""" { contact: "x" }
                      ^^^^^^^ prose has no field `contact`
        test "t" { level: error  allows collect email }
                   ^^^^^ a test has no field `level`
    ''')


def test_field_by_another_name() -> None:
    check("""
        party acme { email: "x"  name: "Acme"  homepage: "x" }
                     ^^^^^ a party has no field `email`; did you mean `contact`?
                                 ^^^^ a party has no field `name`: a title stands in quotation marks in front of the braces
                                               ^^^^^^^^ a party has no field `homepage`; did you mean `website`?
        data parcel { description: "x"  retention: 3 days }
                      ^^^^^^^^^^^ data has no field `description`; did you mean `definition`?
                                        ^^^^^^^^^ data has no field `retention`: say `keep …` in a sentence
        collect email { retention: 3 days  purpose: x }
                        ^^^^^^^^^ a practice has no field `retention`: say `keep …` in its sentence
                                           ^^^^^^^ a practice has no field `purpose`: say `for …` in its sentence
        rule r { description: "x"  no collect email }
                 ^^^^^^^^^^^ a rule has no field `description`; did you mean `help`?
    """)


def test_field_without_its_colon() -> None:
    check("""
        data order { definition "What you buy"  contact "x"  note }
                     ^^^^^^^^^^ `definition` is a field: write `definition: …`
                                                             ^^^^ `note` is a field: write `note: …`
        party us is controller { contact "x@y.example"  source is us  website { front } }
                                 ^^^^^^^ `contact` is a field: write `contact: …`
        policy shop { version "3"  other }
                      ^^^^^^^ `version` is a field: write `version: …`
                                   ^^^^^ a policy has no parts; put what it has into sections
    """)


def test_field_of_the_library() -> None:
    check("""
        data parcel { root: yes }
                      ^^^^ `root:` is for the terms of the library
    """)


def test_field_twice() -> None:
    check("""
        party acme { contact: "x"  contact: "y" }
                                   ^^^^^^^ `contact:` twice: list its values with a comma
    """)


def test_text() -> None:
    check('''
        data parcel { definition: yes }
                                  ^^^ expected a quoted text
        data box { definition: "a", "b"@en, """c"""@zh }
    ''')


def test_strings() -> None:
    check("""
        party acme { contact: 0086138, 1.10, 2025-01-02, "x" }
        party other { contact: acme, 3 days, yes, data, under 3 days }
                               ^^^^ expected a quoted string
    """)


def test_terms() -> None:
    check("""
        policy p { provider: end_user, acme  audience: "x"  place: emial }
                             ^^^^^^^^ `end_user` is a subject; `provider:` takes a party
                                                       ^^^ expected a name: a subject or a party
                                                                   ^^^^^ no place is named `emial`
        party acme { on_behalf_of: controller, processor, etc }
    """)


def test_date() -> None:
    check("""
        policy p { released: 2025-02-30  effective: "now" }
                             ^^^^^^^^^^ there is no such day
                                                    ^^^^^ expected a date such as 2025-03-04
    """)


def test_dates_that_do_not_exist() -> None:
    check("""
        policy p { released: 2025-13-01  version: 2025-02-30 }
                             ^^^^^^^^^^ there is no such day
                                                  ^^^^^^^^^^ there is no such day
        store email keep until 2023-02-29
                               ^^^^^^^^^^ there is no such day
        store name keep until 2024-02-29
    """)


def test_period() -> None:
    check("""
        subject child { age: under 14 years }
        subject teen { age: 14 }
                            ^^ expected a period such as `30 days` or `under 14 years`
        subject old { age: at least 65 years }
        subject any { age: under 14 years, at least 65 years }
                                           ^^^^^^^^^^^^^^^^^ `age:` takes one value
        right r { within: "soon" }
                          ^^^^^^ expected a period such as `30 days` or `under 14 years`
    """)


def test_flag() -> None:
    check("""
        rule a { suppressible: maybe  no collect email }
                               ^^^^^ expected `yes` or `no`
        rule b { suppressible: no  no collect email }
    """)


def test_word() -> None:
    check("""
        collect email { hedge: currently  effort: "as best we can" }
        collect name { hedge: 3 days }
                              ^^^^^^ expected a word or a quoted string
    """)


def test_choice() -> None:
    check("""
        rule a { level: eror  no collect email }
                        ^^^^ expected one of error, warning, info; did you mean `error`?
        rule b { level: "error"  no collect email }
                        ^^^^^^^ expected a word
        data parcel { status: in_force }
    """)


def test_kinds() -> None:
    check("""
        action look is use { takes: data, right }
        action see is use { takes: email }
                                   ^^^^^ expected a kind such as `data`
    """)


def test_one_value() -> None:
    check("""
        policy p { released: 2025-01-01, 2025-01-02  effective: etc }
                                         ^^^^^^^^^^ `released:` takes one value
                                                                ^^^ `effective:` takes one value
    """)


def test_etc_in_a_list() -> None:
    check("""
        party acme { contact: "x", etc  on_behalf_of: etc  alias: etc }
    """)


def test_names_of_fields_are_looked_up_from_their_block() -> None:
    check("""
        permission CAM { gives: picture  alias: "cam" }
        data picture
        right ask { channel: email  by: partner  fallback: sms, partner  grounds: breach, crime, consent }
        right bid { channel: end_user  grounds: email }
                             ^^^^^^^^ `end_user` is a subject; `channel:` takes a channel
                                                ^^^^^ `email` is data; `grounds:` takes an exception, an event or a basis
    """)


# ── Sentences ──────────────────────────────────────────────────────────────────────────────────────


def test_clause_twice() -> None:
    check("""
        collect email for analytics for security
                                    ^^^ `for` twice in one sentence: list alternatives with a comma, join with `and`
        rule r { every collect email needs keep under consent keep }
                                                              ^^^^ `keep` twice in one sentence: list alternatives with a comma, join with `and`
    """)


def test_or_is_for_duties() -> None:
    check("""
        may share or sell email
                     ^^^^ `or` leaves a choice, so it is for duties: `must a or b`; a comma lists what is all meant
        share or sell email
                 ^^^^ `or` leaves a choice, so it is for duties: `must a or b`; a comma lists what is all meant
        must delete or anonymise email
        should delete or anonymise email
        never share or sell email
                       ^^^^ `or` leaves a choice, so it is for duties: `must a or b`; a comma lists what is all meant
        must delete or anonymise, correct email
                       ^^^^^^^^^ `,` and `or` between the same actions: write two sentences
    """)


def test_and_between_objects() -> None:
    check("""
        collect email and name
                ^^^^^^^^^^^^^^ objects are all meant: join them with a comma
        collect email and # for a reason
                ^^^^^^^^^^^^^^^^^^^^^^^^… objects are all meant: join them with a comma
          name
    """)


def test_only_in_a_prohibition() -> None:
    check("""
        never collect only email
                      ^^^^ a prohibition has no `only`: leave out `never`, or write `unless`
        never share email only to partner
                          ^^^^ a prohibition has no `only`: leave out `never`, or write `unless`
    """)


def test_only_in_a_sentence() -> None:
    check("""
        collect only email only from end_user only for analytics
        must delete email only when breach
    """)


def test_periods_in_a_prohibition() -> None:
    check("""
        never store email keep 3 days
                          ^^^^ a prohibition has no `keep`: say `only keep …` in the practice, or state a duty
        never delete email within 3 days
                           ^^^^^^ a prohibition has no `within`: say `only within …` in the practice, or state a duty
    """)


def test_comma_missing_on_a_line() -> None:
    check("""
        data sensor
        collect email name for analytics
                      ^^^^ missing `,` between `email` and `name`
        collect email for analytics security
                                    ^^^^^^^^ missing `,` between `analytics` and `security`
    """)


def test_comma_missing_before_a_line_of_its_own() -> None:
    check("""
        collect email
          name
          ^^^^ missing `,` between `email` and `name`
    """)


def test_clause_word_misspelt() -> None:
    check("""
        collect email fro end_user
                      ^^^ `fro` is not a word of the language; did you mean `from`?
    """)


def test_next_sentence_on_the_same_line() -> None:
    check("""
        collect email  collect name  must delete email
    """)


def test_no_modality_in_a_question() -> None:
    check("""
        test "t" {
          allows may collect email
                 ^^^ a question names an act: it has no modality
          forbids collect email unless consent
                                ^^^^^^ a question names an act: it has no `unless`
          allows collect email without consent
                               ^^^^^^^ a question names an act: it has no `without`
          undeclared share email only to partner
                                 ^^^^ a question names an act: it has no `only`
          allows collect only email
                         ^^^^ a question names an act: it has no `only`
        }
    """)


def test_empty_rule_and_test() -> None:
    check("""
        rule r { level: error }
             ^ a rule needs a judgement: `every … needs …`, `no …` or `some …`
        test "t" { note: "x" }
             ^^^ a test needs a question: `allows …`, `forbids …` or `undeclared …`
    """)


def test_pattern_with_a_wrong_kind() -> None:
    check("""
        rule r { every collect analytics for email needs under email  no use email by email  some right email  some collect nothing }
                               ^^^^^^^^^ `analytics` is a purpose; `collect` takes data: a purpose stands after `for`
                                             ^^^^^ `email` is data; `for` takes a purpose
                                                               ^^^^^ `email` is data; `under` takes a legal basis
                                                                                      ^^^^^ `email` is data; `by` takes a party
                                                                                                        ^^^^^ `email` is data; this place takes a right
                                                                                                                            ^^^^^^^ no data is named `nothing`
    """)


# ── Declarations ───────────────────────────────────────────────────────────────────────────────────


def test_dotted_name() -> None:
    check("""
        data a.b
             ^^^ `a.b` has a dot: a name is declared inside of what it is part of
        rule x.y { no collect email }
             ^^^ `x.y` has a dot: a rule's name is one word
    """)


def test_name_of_the_language() -> None:
    check("""
        data core
             ^^^^ `core` is a name of the language's own
        party data2
        right policy_x
    """)


def test_parts_of_a_policy() -> None:
    check("""
        policy p { part }
                   ^^^^ a policy has no parts; put what it has into sections
        policy q is p
               ^ a file has one policy
                    ^ a policy is not below another term
    """)


# ── Extensions ─────────────────────────────────────────────────────────────────────────────────────


def test_extend() -> None:
    check("""
        import cn.pipl
        data delicate is personal
        extend data core.precise_location is delicate
        extend data home_address is delicate, email
                                              ^^^^^ `email` is not this module's own, so no term of another can be put below it
        extend data delicate is sensitive
                    ^^^^^^^^ `delicate` is this module's own: give it the parent where it is declared
        extend data emial is delicate
                    ^^^^^ no data is named `emial`; did you mean `email`?
        extend data email is sms
                             ^^^ `sms` is a channel; this place takes data
    """)


def test_extend_a_ground() -> None:
    check("""
        exception mine
        extend basis contract is mine
        extend event contract is mine
                     ^^^^^^^^ `contract` is a basis; this place takes an event
    """)


def test_extend_what_a_library_module_lacks() -> None:
    check("""
        import android
        permission mine
        extend permission android.MICROPHONE is mine
                          ^^^^^^^^^^^^^^^^^^ warning: module `android` has no permission `MICROPHONE`
    """)


def test_cycle_through_an_extension() -> None:
    check("""
        data mine is email
        extend data contact_information is mine
                                           ^^^^ a term cannot be below itself: `mine` is `email` is `contact_information` is `mine`
    """)


# ── What goes with a finding ─────────────────────────────────────────────────────────────────────


def test_a_duplicate_points_at_the_first() -> None:
    (found,) = diagnostics("data parcel\npurpose x\ndata parcel\n")
    assert found.rule == "duplicate_name"
    assert [(each.path, each.span, each.message) for each in found.related] == [
        (PATH, Span(5, 11), "declared here first"),
    ]


def test_an_ambiguous_name_points_at_each() -> None:
    (found,) = diagnostics("data a { x }\ndata b { x }\ncollect x\n")
    assert [each.span for each in found.related] == [Span(9, 10), Span(22, 23)]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("collect emial", "collect email"),
        ("collect email fro end_user", "collect email from end_user"),
        ("collect email name", "collect email, name"),
        ("collect email and name and phone_number", "collect email, name, phone_number"),
        ("import cn.pilp", "import cn.pipl"),
        ("# x\n\ncollect email via android.CAMERA", "# x\n\nimport android\ncollect email via android.CAMERA"),
        ("import android\ncollect email via android.CAMRA", "import android\ncollect email via android.CAMERA"),
        ("party a { contct: yes }", "party a { contact: yes }"),
        ("collect core.emial", "collect core.email"),
        ('section "S" { collect emial }', 'section "S" { collect email }'),
        ("collect email with consent", "collect email under consent"),
        ("we collect email", "collect email"),
        ("we do not sell email", "never sell email"),
        ("must not sell email", "never sell email"),
        ("collect email if consent", "collect email when consent"),
        ("collect email except when breach", "collect email unless breach"),
        ("share all your email to partner", "share email to partner"),
        ("store email in the EEA", "store email in EEA"),
        ("must delete email promptly when breach", 'must delete email within "promptly" when breach'),
        ("grant end_user access via email", "grant access to end_user via email"),
        ("grant delete", "grant deletion"),
        ("purpose zz is zz { yy }", "purpose zz { yy }"),
        ('data box { definition "x" }', 'data box { definition: "x" }'),
        ("permission look { gives email }", "permission look { gives: email }"),
        ("never sell email unless opt_out", "never sell email unless opted_out"),
        ("import house.policy", 'import "house.policy"'),
        ('import "cn.pipl"', "import cn.pipl"),
        ("store email in Germany", "store email in DE"),
        ("collect IP address for delivery", "collect ip_address for delivery"),
        ("collect email under explicit consent", "collect email under explicit_consent"),
        ("collect email phone number under consent", "collect email, phone_number under consent"),
        ("collect email fro delivery", "collect email for delivery"),
        ('party a { email: "x" }', 'party a { contact: "x" }'),
        ("share name to acmee by acmee\nparty acme", "share name to acme by acme\nparty acme"),
        ("collect email via CAMERA", "import android\ncollect email via CAMERA"),
    ],
)
def test_fixes(text: str, mended: str) -> None:
    (found,) = diagnostics(text)
    (fix,) = found.fixes
    assert apply_edits(text, fix.edits) == mended


@pytest.mark.parametrize("text", ["purpose zz is zz, analytics", "data box { note }", "acme sells email\nparty acme"])
def test_no_fix(text: str) -> None:
    assert [each.fixes for each in diagnostics(text)] == [()]


def test_no_fix_where_a_comment_would_be_lost() -> None:
    (found,) = diagnostics("collect email and # for a reason\n  name")
    assert found.fixes == ()


def test_an_unknown_name_of_a_library_module_compiles() -> None:
    made = workspace("policy shop\nimport android\ncollect email via android.MICROPHONE\n")
    (found,) = made.diagnostics(PATH)
    assert found.severity is Severity.WARNING
    policy = made.policy(PATH)
    assert not policy.term("permission:android.MICROPHONE").is_defined
    assert policy.term("email").is_defined


def test_an_extension_may_not_change_what_earlier_terms_cover() -> None:
    def found(text: str) -> list[str]:
        module = index("pack", {"pack.policy": parse(text)}, is_library=True)
        core = compiled.resolution("core")
        resolution = resolve(module, Context({}, core.module, library.names(), {"core": core}))
        return [f"{each.rule} {text[slice(*each.span)]}: {each.message}" for each in resolution.diagnostics]

    assert found("data mine is personal\nextend data precise_location is mine\n") == []
    assert found("data mine is sensitive\nextend data precise_location is mine, also\ndata also is personal\n") == [
        "extension_changes_meaning mine: this puts `core.precise_location` below `core.sensitive`: "
        "an extension may not change what earlier terms cover"
    ]
    detour = "data mine is between\ndata between is core.sensitive\nextend data core.precise_location is mine\n"
    assert [each.partition(":")[0] for each in found(detour)] == ["extension_changes_meaning mine"]
    # What a policy's own files say of terms may do so.
    assert diagnostics("data mine is sensitive\nextend data precise_location is mine\n") == ()


# ── Large and deep ───────────────────────────────────────────────────────────────────────────────


def test_a_very_long_name() -> None:
    name, other = "a" * 100_000, "a" * 99_999 + "b"
    found = diagnostics(f"data {name}\ncollect {name}, {other}\n")
    assert [each.rule for each in found] == ["unknown_name"]


def test_many_declarations_take_linear_time() -> None:
    def seconds(count: int, line: str) -> float:
        text = "action note is use\n" + "".join(line.format(each) for each in range(count))
        tree = workspace(text)
        tree.module(PATH)
        start = time.process_time()
        tree.diagnostics(PATH)
        return time.process_time() - start

    for line in ("data d{0}\nnote d{0}\n", "data d{0} {{ x }}\ncollect x\n", "collect unknown_{0}\n"):
        seconds(100, line)
        assert seconds(10_000, line) < 40 * max(seconds(1_000, line), 0.05), line


def test_a_long_taxonomy() -> None:
    chain = "policy shop\ndata d0\n" + "".join(f"data d{each} is d{each - 1}\n" for each in range(1, 5000))
    policy = compiled_policy(chain + "collect d4999\n")
    assert policy.covers("d0", "d4999")
    assert policy.covers("personal", "d4999")
    assert not policy.covers("d4999", "d0")
    assert policy.practices_with(data="d0") == policy.practices
    (found,) = diagnostics(chain.replace("data d0\n", "data d0 is d4999\n"))
    assert found.rule == "taxonomy_cycle"
    assert len(found.message) < 200
    assert len(found.related) < 10


def test_a_long_chain_of_aliases() -> None:
    links = [f'data d{each} is a{each - 1} {{ alias: "a{each}" }}\n' for each in range(1, 500)]
    policy = compiled_policy('policy shop\ndata d0 { alias: "a0" }\n' + "".join(links) + "collect a499\n")
    assert policy.practices[0].objects == ("data:d499",)
    assert policy.covers("d0", "d499")


# ── On any text ──────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60)
@given(mutated())
def test_resolving_never_fails(text: str) -> None:
    made = workspace(text, {"house.policy": "data parcel { weight }\n"})
    assert all(each.message for each in made.diagnostics(PATH))
    found = [each for each in made.diagnostics(PATH) if each.rule != "syntax_error"]
    assert all(0 <= each.span.start <= each.span.end <= len(text) for each in found)
    assert {each.path for each in made.diagnostics(PATH)} <= {PATH}


@settings(max_examples=30)
@given(mutated())
def test_edited_equals_made_anew(text: str) -> None:
    files = {"house.policy": "data parcel\n", "other.policy": 'import "house.policy"\n'}
    start = workspace('policy shop\nimport "house.policy"\ncollect parcel\n', files)
    for path in start.sources:
        start.diagnostics(path)
    for path in ("house.policy", PATH):
        edited = start.with_source(Source(path, text))
        fresh = Workspace({**start.sources, path: Source(path, text)})
        for each in edited.sources:
            assert edited.diagnostics(each) == fresh.diagnostics(each)
