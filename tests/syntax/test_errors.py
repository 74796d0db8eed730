"""Broken policies: what is said of each, and where.

There is one message for each fault, at the place to be changed, in the words of somebody who writes policies.
"""

from __future__ import annotations

import pytest

from policyspec.diagnostic import Edit, apply_edits
from policyspec.source import Span
from policyspec.syntax.nodes import Declaration, Field
from policyspec.syntax.parser import parse
from support import check_syntax, marked

CLAUSE_WORDS_LEFT_EMPTY = """
collect device from
               ^^^^ expected a subject or party after `from`
---
collect device by
               ^^ expected a party after `by`
---
share device to
             ^^ expected a recipient after `to`
---
collect device for
               ^^^ expected a purpose after `for`
store device keep forever
---
collect device under
               ^^^^^ expected a legal basis after `under`
---
collect device without
               ^^^^^^^ expected a legal basis after `without`
---
collect device unless
               ^^^^^^ expected a term such as `required_by_law` after `unless`
---
collect device when
               ^^^^ expected an exception, event or basis after `when`
---
collect device via
               ^^^ expected a permission or channel after `via`
---
store device in
             ^^ expected a place after `in`
---
store device with
             ^^^^ expected a safeguard after `with`
---
store device keep
             ^^^^ expected a period such as `30 days`, `until service_end` or a quoted phrase after `keep`
---
must delete device within
                   ^^^^^^ expected a deadline such as `72 hours` or a quoted phrase after `within`
---
collect device for under consent
               ^^^ expected a purpose after `for`
---
collect device for streaming under
                             ^^^^^ expected a legal basis after `under`
  keep 30 days
---
section "A" {
  collect device for
                 ^^^ expected a purpose after `for`
  share email to partner
  collect device keep
                 ^^^^ expected a period such as `30 days`, `until service_end` or a quoted phrase after `keep`
  share email to partner
}
---
collect device under consent only when
                                  ^^^^ expected an exception, event or basis after `when`
---
collect only only device
        ^^^^ expected a clause or an object after `only`
---
rule r { every collect personal needs }
                                ^^^^^ expected a clause such as `under consent` after `needs`
"""

LISTS = """
collect device for streaming,
                            ^ expected another purpose after `,`
collect email for streaming
---
collect device for streaming and
                             ^^^ expected another purpose after `and`
---
share email to partner unless consent,
                                     ^ expected another term after `,`
  under contract
---
section A {
        ^ a title stands in quotation marks: `"A"`
  collect device for
                 ^^^ expected a purpose after `for`
  share email to partner
}
---
must delete or
            ^^ expected another action after `or`
---
collect device,, email
              ^ expected another name after `,`
---
collect device ip_address for streaming
               ^^^^^^^^^^ missing `,` between `device` and `ip_address`
---
collect device
  ip_address for streaming
  ^^^^^^^^^^ missing `,` between `device` and `ip_address`
---
collect device for streaming delivery
                             ^^^^^^^^ missing `,` between `streaming` and `delivery`
---
collect device
  for streaming
  under consent contract
                ^^^^^^^^ missing `,` between `consent` and `contract`
---
data x is a, b c "T"
               ^ missing `,` between `b` and `c`
---
import cn.pipl android
               ^^^^^^^ missing `,` between `cn.pipl` and `android`
---
import cn.pipl,
              ^ expected another module's name after `,`
collect device
---
data x {
  alias: "a" "b"
             ^^^ missing `,` between `"a"` and `"b"`
}
---
data x {
  alias: "a",
            ^ expected another value after `,`
}
---
collect device or email
               ^^ `or` joins the actions of a duty only; did you mean `,`?
---
collect device under consent or contract
                             ^^ `or` joins the actions of a duty only; did you mean `,`?
---
collect and use device
        ^^^ `and` joins what holds jointly; did you mean `,`?
---
collect device for streaming; share device to partner
                            ^ unexpected `;`: a sentence ends by itself
---
collect device;
              ^ unexpected `;`: a sentence ends by itself
share email to partner；
                      ^^ unexpected `；`: a sentence ends by itself
---
collect device for streaming, under consent
                            ^ unexpected `,`: clauses follow each other without one
"""

ITEMS_NOT_SET_APART_BY_INDENTATION = """
section "S" {
collect email,
name
for delivery or payment
             ^^ `or` joins the actions of a duty only; did you mean `,`?
under contract
}
---
collect email,
phone, name
for delivery or payment
             ^^ `or` joins the actions of a duty only; did you mean `,`?
under contract
share device to partner
---
collect email
name
^^^^ missing `,` between `email` and `name`
for delivery or payment
             ^^ `or` joins the actions of a duty only; did you mean `,`?
under contract
share device to partner
---
section "S" {
collect email
name
^^^^ missing `,` between `email` and `name`
for delivery
under contract
share email to partner
}
---
section "S" {
collect email for delivery
share name to
           ^^ expected a recipient after `to`
never share email to partner
}
"""

BRACES = """
data device "D" {
                ^ unclosed `{`
  brand "B"
  cpu "C"

data position "P"
collect device
---
data device {
  cpu "C" {
          ^ unclosed `{`
    freq "F"
  mem "M"
}
collect device
---
section "A" {
            ^ unclosed `{`
  collect device
  share email to partner

section "B" {
  collect email
}
---
section "A" {
  data x {
         ^ unclosed `{`
    brand "B"

  collect device
}
share email to partner
---
section "A" {
  section "B" {
              ^ unclosed `{`
    collect device
  share email to partner
}
collect device
---
rule r "R" {
           ^ unclosed `{`
  every collect personal needs keep
  level: error

collect device
---
test "x" {
         ^ unclosed `{`
  allows collect device
---
collect device {
               ^ unclosed `{`
  note: "x"
share email to partner
---
}
^ unexpected `}`: no `{` is open here
collect device
---
collect device }
               ^ unexpected `}`: no `{` is open here
share device to partner
---
data x {
  brand
}}
 ^ unexpected `}`: no `{` is open here
collect device
---
data x {
       ^ expected a name after `{`
  { brand }
}
---
section "A"
        ^^^ missing `{` after `"A"`
  collect device
  share email to partner
}
collect device
---
data x
     ^ missing `{` after `x`
  brand "B"
}
collect device
---
rule r no use personal
     ^ missing `{` after `r`
---
policy p "P"
         ^^^ missing `{` after `"P"`
  provider: minical
  product: "x"
}
collect device
"""

QUOTATION_MARKS = '''
data device "Device
            ^ unclosed `"`
collect device
---
data device "Device {
            ^ unclosed `"`
  cpu "C"
}
collect device
---
data x { brand "Brand }
               ^ unclosed `"`
collect device
---
import "house.policy
       ^ unclosed `"`
collect device
---
store device keep "as long as needed
                  ^ unclosed `"`
must delete device
---
"""We cannot guarantee
^^^ unclosed `"""`
collect device
---
collect device {
  note: """It is
        ^^^ unclosed `"""`
}
data x "X"
---
"""We cannot guarantee
^^^ unclosed `"""`

data x "X"
collect x
---
data x “Title”
       ^^^^^^^ quotation marks are `"`, not `“`
---
data x "Title” {
             ^ unexpected `”`; did you mean `"`?
  brand
}
---
data 设备 「设备信息」
          ^^^^^^^^^^^^ quotation marks are `"`, not `「`
---
collect 'device' for streaming
        ^^^^^^^^ a name stands without quotation marks: `device`
---
collect "email" for streaming
        ^^^^^^^ a name stands without quotation marks: `email`
---
collect device for "marketing purposes" under consent
                   ^^^^^^^^^^^^^^^^^^^^ expected a name, not the quoted text `"marketing purposes"`
---
data x "a "quoted" word"
       ^^^^^^^^^^^^^^^^^ a `"` inside of a text is written `\\"`
collect device
---
data x "say "hi"" {
       ^^^^^^^^^^ a `"` inside of a text is written `\\"`
  brand
}
---
"We keep data safe."
^^^^^^^^^^^^^^^^^^^^ a text that stands by itself is written `"""…"""`
---
section A {
        ^ a title stands in quotation marks: `"A"`
  collect device
}
---
party p { contact: info@example.com }
                   ^^^^^^^^^^^^^^^^ `info@example.com` has to stand in quotation marks
---
party p { contact: https://example.com/a?b=c }
                   ^^^^^^^^^^^^^^^^^^^^^^^^^ `https://example.com/a?b=c` has to stand in quotation marks
'''

WORDS_OF_THE_LANGUAGE_AS_NAMES = """
data data "Data"
     ^^^^ `data` is a word of the language, so it cannot be a name here
---
data for "Data"
     ^^^ `for` is a word of the language, so it cannot be a name here
---
purpose policy is service_provision
        ^^^^^^ `policy` is a word of the language, so it cannot be a name here
---
collect from for streaming
        ^^^^ `from` is a word of the language, so it cannot be a name here
---
data x is for
          ^^^ `for` is a word of the language, so it cannot be a name here
---
data x {
  for "For"
  ^^^ `for` is a word of the language, so it cannot be a name here
}
"""

MISSPELT_WORDS = """
dta device "Device"
^^^ `dta` is not a kind of declaration; did you mean `data`?
---
polcy x "X"
^^^^^ `polcy` is not a kind of declaration; did you mean `policy`?
---
nevr share device
^^^^ `nevr` is not a word of the language; did you mean `never`?
---
shuld delete device
^^^^^ `shuld` is not a word of the language; did you mean `should`?
---
shall delete device
^^^^^ `shall` is not a word of the language; did you mean `must`?
---
not collect device
^^^ `not` is not a word of the language; did you mean `never`?
---
secton "A" {
^^^^^^ `secton` is not a word of the language; did you mean `section`?
  collect device
}
---
section "A" {
  exeption e "E" { a "A" }
  ^^^^^^^^ `exeption` is not a kind of declaration; did you mean `exception`?
  collect device
}
---
extned data x is y
^^^^^^ `extned` is not a word of the language; did you mean `extend`?
---
rul r "R" { every collect personal needs keep }
^^^ `rul` is not a word of the language; did you mean `rule`?
---
test "x" { allow collect device }
           ^^^^^ `allow` is not a word of the language; did you mean `allows`?
---
must delete personal within 15 dayz
                               ^^^^ `dayz` is not a unit of time; did you mean `days`?
---
store personal keep 3 ms
                      ^^ `ms` is not a unit of time such as `days`
---
store personal keep 3 fortnights
                      ^^^^^^^^^^ `fortnights` is not a unit of time such as `days`
---
store personal keep 3fortnights
                     ^^^^^^^^^^ `fortnights` is not a unit of time such as `days`
"""

PERIODS_IN_OTHER_WORDS = """
store device keep for 30 days
                  ^^^^^^^^^^^ unexpected `for 30 days`; did you mean `30 days`?
collect device
---
store device keep up to 2 years
                  ^^^^^^^^^^^^^ unexpected `up to 2 years`; did you mean `at most 2 years`?
---
store device keep no longer than 2 years after account_closure
                  ^^^^^^^^^^^^^^^^^^^^^^ unexpected `no longer than 2 years`; did you mean `at most 2 years`?
---
store device keep for not less than two years, 1 month, 3 yrs
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ unexpected `for not less than two years`; did you mean `at least 2 years`?
                                                        ^^^^^ unexpected `3 yrs`; did you mean `3 years`?
---
store device for 30 days
             ^^^^^^^^^^^ unexpected `for 30 days`; did you mean `keep 30 days`?
collect device
---
store device for at most 2 years
             ^^^^^^^^^^^^^^^^^^^ unexpected `for at most 2 years`; did you mean `keep at most 2 years`?
collect device
---
store device for up to one year
             ^^^^^^^^^^^^^^^^^^ unexpected `for up to one year`; did you mean `keep at most 1 year`?
---
store device keep one month
                  ^^^^^^^^^ unexpected `one month`; did you mean `1 month`?
collect device
---
store device keep a year and a half
                  ^^^^^^^^^^^^^^^^^ put the policy's own words in quotation marks
---
must notify end_user within 24h
                            ^^^ unexpected `24h`; did you mean `24 hours`?
  when breach
---
must notify end_user within 24 hrs of breach
                            ^^^^^^ unexpected `24 hrs`; did you mean `24 hours`?
---
must notify end_user within no more than three (3) days
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ a deadline is an upper limit already: `3 days`
---
must delete device within 15 天
                          ^^^^^ unexpected `15 天`; did you mean `15 days`?
---
must delete device within 15天内
                          ^^^^^^ unexpected `15天内`; did you mean `15 days`?
---
must delete device within 7 个工作日 of breach
                          ^^^^^^^^^^ unexpected `7 个工作日`; did you mean `7 working days`?
---
must delete device within ３０ days
                          ^^^^^^^^^ unexpected `３０ days`; did you mean `30 days`?
---
policy p { effective: ２０２５-０３-０４ }
                      ^^^^^^^^^^^^^^^^^^ `２０２５-０３-０４` is not a date: write a date as `2025-03-04`
---
data x { size: ３.５, 4 }
               ^^^^^ unexpected `３.５`; did you mean `3.5`?
---
collect device from under 13 years for streaming
                    ^^^^^^^^^^^^^^ an age stands in a subject's `age:`
---
collect device from under 13 for streaming
                    ^^^^^^^^ an age stands in a subject's `age:`
---
collect device from children under 13 years
                             ^^^^^^^^^^^^^^ an age stands in a subject's `age:`
collect device
"""

FULL_WIDTH_PUNCTUATION = """
collect device，ip_address for streaming
              ^^ unexpected `，`; did you mean `,`?
---
collect device、ip_address for streaming
              ^^ unexpected `、`; did you mean `,`?
---
party p is processor {
  contact： "x"
         ^^ unexpected `：`; did you mean `:`?
}
---
data x ｛
       ^^ unexpected `｛`; did you mean `{`?
  brand
｝
^^ unexpected `｝`; did you mean `}`?
---
collect 设备 for 服务。
                     ^^ unexpected `。`: a sentence ends without a full stop
---
collect device; email
              ^ unexpected `;`; did you mean `,`?
---
collect device & email for streaming
               ^ unexpected `&`; did you mean `and`?
---
collect device / email
               ^ unexpected `/`; did you mean `,`?
---
collect (device) for streaming
        ^ unexpected `(` after `collect`
               ^ unexpected `)` after `device`
---
data x = hardware
       ^ unexpected `=`; did you mean `is`?
---
data x: hardware
      ^ unexpected `:`; did you mean `is`?
---
data x "标题"＠zh
             ^^ unexpected `＠`; did you mean `@`?
---
// a comment
^^ a comment begins with `#`, not `//`
collect device
---
collect device for streaming -- why
                             ^^ a comment begins with `#`, not `--`
---
collect device \0
               ^^^^ unexpected character U+0000
"""

DECLARATIONS = """
data
^^^^ expected a name after `data`
---
data "Device"
^^^^ expected a name after `data`
---
data x is
       ^^ expected a parent after `is`
---
data x hardware_model "Device"
       ^^^^^^^^^^^^^^ missing `is` between `x` and `hardware_model`
---
device is hardware "Device"
^^^^^^ expected a kind such as `data` before `device`
---
extend data x
            ^ expected `is` and a parent after `x`
collect device
---
extend data a, b is c
             ^ unexpected `,` after `a`
---
data x under consent
       ^^^^^ unexpected `under` after `x`
collect device
---
data x. y
      ^ unexpected `.`: a sentence ends without a full stop
---
extend x is y
^^^^^^ expected a kind such as `data` after `extend`
---
data a-b "X"
     ^^^ `a-b` is not a name: a name has letters, digits and `_`, and no digit first
---
data 3d "X"
     ^^ `3d` is not a name: a name has letters, digits and `_`, and no digit first
---
collect a..b
        ^^^^ `a..b` is not a name: a name has letters, digits and `_`, and no digit first
---
section {
^^^^^^^ expected a quoted title after `section`
  collect device
}
---
import 5
       ^ expected a module's name or a quoted path after `import`, not `5`
---
rule "R" { no use personal }
^^^^ expected a name after `rule`
"""

FIELDS = """
effective: 2025-03-04
^^^^^^^^^ `effective:` is a field, and stands in the braces of an item
collect device
---
policy p "P"
provider: minical
^^^^^^^^ `provider:` is a field, and stands in the braces of an item
product: "Cloud"
collect device
---
collect device note: "x"
               ^^^^ `note:` is a field, and stands in the braces of an item
---
collect device for streaming
  source: "4.1"
  ^^^^^^ `source:` is a field, and stands in the braces of an item
share email to partner
---
data x {
  brand:
  ^^^^^ expected a value after `brand:`
  cpu "C"
}
---
data x { alias "a", "b" }
         ^^^^^ missing `:` after `alias`
---
policy p { effective 2025-03-04 }
           ^^^^^^^^^ missing `:` after `effective`
---
policy p { effective: 2025-3-4 }
                      ^^^^^^^^ `2025-3-4` is not a date: write a date as `2025-03-04`
---
policy p { effective: 04/03/2025 }
                      ^^^^^^^^^^ `04/03/2025` is not a date: write a date as `2025-03-04`
---
subject child is minor { age: under 14 }
                                    ^^ expected a unit such as `years` after `14`
---
subject child is minor { age: under ten years }
                                    ^^^^^^^^^ unexpected `ten years`; did you mean `10 years`?
---
policy p {
  provider # who
  : minical
  ^ `:` stands right behind a field's name: `provider:`
}
---
collect device {
  note # why
  : "x"
  ^ `:` stands right behind a field's name: `note:`
}
---
subject child is minor { age: at 14 years }
                              ^^ expected `least` or `most` after `at`
---
policy p { effective: 1 January 2025 }
                      ^^^^^^^^^^^^^^ `1 January 2025` is not a date: write a date as `2025-01-01`
---
policy p { effective: Jan. 2nd, 2025  released: 2025/1/31 }
                      ^^^^^^^^^^^^^^ `Jan. 2nd, 2025` is not a date: write a date as `2025-01-02`
                                                ^^^^^^^^^ `2025/1/31` is not a date: write a date as `2025-01-31`
---
store device keep until 31 December 2027
                        ^^^^^^^^^^^^^^^^ `31 December 2027` is not a date: write a date as `2027-12-31`
collect device
---
collect device for streaming {0A
                              ^ unexpected `0` after `{`
                               ^ missing `:` after `A`
                               ^ expected a value after `A:`
"""

PRACTICES = """
share
^^^^^ expected an object (data, a party or a right, say) after `share`
---
never
^^^^^ expected an action after `never`
---
collect required
        ^^^^^^^^ expected an object (data, say) after `required`
---
must delete or anonymise
               ^^^^^^^^^ expected an object (data, a party or a right, say) after `anonymise`
---
only collect device for streaming
^^^^ `only` stands before the clause or the objects that it limits, not before the action
share x to y
---
collect 5 for streaming
        ^ expected an object (data, a party or a right, say) after `collect`, not `5`
---
collect device "for"
               ^^^^^ unexpected `"for"` after `device`
---
collect device.
              ^ unexpected `.`: a sentence ends without a full stop
---
store device keep 30
                  ^^ expected a unit such as `days` after `30`
---
store device keep 30days
                  ^^^^^^ unexpected `30days`; did you mean `30 days`?
---
store device keep until
                  ^^^^^ expected an event or a date after `until`
---
store device keep 6 months after
                           ^^^^^ expected an event after `after`
---
store device keep 6 months of service_end
                           ^^ unexpected `of service_end`; did you mean `after service_end`?
---
must delete device within 15 days of
                                  ^^ expected an event after `of`
---
collect device for streaming until service_end
                             ^^^^^ missing `keep` before `until`
"""

PROSE = '''
We never sell personal
^^ a sentence begins with its action, or with `may`, `must`, `should` or `never`; who does it stands after `by`
---
we may share device to partner
^^ a sentence begins with its action, or with `may`, `must`, `should` or `never`; who does it stands after `by`
collect device
---
users have the right to access
^^^^^ a sentence begins with its action, or with `may`, `must`, `should` or `never`; who does it stands after `by`
---
We may collect your data.
^^^^^^^^^^^^^^^^^^^^^^^^^ prose stands in `"""…"""`
collect device
---
section "A" {
  We take measures to protect your information, such as encryption.
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ prose stands in `"""…"""`
  collect device
}
---
never sell personal data
                    ^^^^ `data` is a word of the language, so it cannot be a name here: `personal` is all personal data
---
collect personal data, email for streaming
                 ^^^^ `data` is a word of the language, so it cannot be a name here: `personal` is all personal data
---
share data with encryption
      ^^^^ `data` is a word of the language, so it cannot be a name here: `personal` is all personal data
---
sell data to partner
     ^^^^ `data` is a word of the language, so it cannot be a name here: `personal` is all personal data
---
must notify end_user within as soon as possible
                            ^^^^^^^^^^^^^^^^^^^ put the policy's own words in quotation marks
  when breach
---
store device keep as long as necessary
                  ^^^^^^^^^^^^^^^^^^^^ put the policy's own words in quotation marks
collect device
---
store device keep only for the period necessary { note: "x" }
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ put the policy's own words in quotation marks
---
must delete personal after 30 days
                     ^^^^^ unexpected `after 30 days`; did you mean `within 30 days`?
---
must notify end_user after breach
                     ^^^^^ unexpected `after breach`; did you mean `when breach`?
---
must notify end_user within at most 3 hours of breach
                            ^^^^^^^^^^^^^^^ a deadline is an upper limit already: `3 hours`
---
must never share device
^^^^ `never` stands by itself: leave out `must`
collect device
---
verify identity of user for streaming
                ^^ unexpected `of user`; did you mean `from user`?
---
collect device (optional) for streaming
               ^^^^^^^^^^ a remark stands in `note: "…"`, or after `#`
---
collect device for streaming （非必填）
                             ^^^^^^^^^^ a remark stands in `note: "…"`, or after `#`
share device to partner
---
collect IP address for streaming
           ^^^^^^^ missing `,` between `IP` and `address`
'''

RULES_AND_TESTS = """
rule r "R" { every collect personal }
                           ^^^^^^^^ expected `needs` and a clause after `personal`
---
rule r "R" { every collect personal keep }
                                    ^^^^ missing `needs` between `personal` and `keep`
---
rule r "R" { collect personal needs keep }
             ^^^^^^^ expected `every`, `no` or `some` before `collect`
---
rule r { every }
         ^^^^^ expected a pattern such as `collect personal` after `every`
---
rule r "R" { every needs keep }
             ^^^^^ expected a pattern such as `collect personal` after `every`
---
rule r "R" {
  no
  ^^ expected a pattern such as `collect personal` after `no`
  level: error
}
---
rule r "R" { some }
             ^^^^ expected a pattern or a kind such as `right` after `some`
---
rule r "R" { every collect personal needs keep  level error }
                                                ^^^^^ missing `:` after `level`
---
rule r { every use personal needs basis }
                                  ^^^^^ unexpected `basis`; did you mean `under`?
---
rule r { every use personal needs purpose  level: error }
                                  ^^^^^^^ unexpected `purpose`; did you mean `for`?
---
rule r { every use personal needs for, under }
                                     ^ unexpected `,`: clauses follow each other without one
---
rule r { never sell personal }
         ^^^^^ expected `every`, `no` or `some` before `never`: `some never …` asks for a sentence, `no …` forbids it
---
rule r { must delete personal  level: error }
         ^^^^ expected `every`, `no` or `some` before `must`: `some must …` asks for a sentence, `no …` forbids it
---
every collect personal needs keep
^^^^^ `every` stands in the braces of a `rule`
---
test "x" { collect device }
           ^^^^^^^ expected `allows`, `forbids` or `undeclared` before `collect`
---
test "x" {
  forbids
  ^^^^^^^ expected a question such as `share email to partner` after `forbids`
  allows collect device
}
---
test { allows collect device }
^^^^ expected a quoted title after `test`
---
allows collect device
^^^^^^ `allows` stands in the braces of a `test`
"""

CASES = [
    pytest.param(case, id=f"{number} {case.strip().splitlines()[0]}")
    for number, case in enumerate(
        "---\n".join(
            [
                CLAUSE_WORDS_LEFT_EMPTY,
                LISTS,
                ITEMS_NOT_SET_APART_BY_INDENTATION,
                BRACES,
                QUOTATION_MARKS,
                WORDS_OF_THE_LANGUAGE_AS_NAMES,
                MISSPELT_WORDS,
                PERIODS_IN_OTHER_WORDS,
                FULL_WIDTH_PUNCTUATION,
                DECLARATIONS,
                FIELDS,
                PRACTICES,
                PROSE,
                RULES_AND_TESTS,
            ]
        ).split("---\n")
    )
]


@pytest.mark.parametrize("case", CASES)
def test_message_and_place(case: str) -> None:
    check_syntax(case)


@pytest.mark.parametrize("case", CASES)
def test_the_fix_mends_the_text(case: str) -> None:
    text = marked(case)
    faults = parse(text).faults
    if faults and all(fault.fix for fault in faults):
        edits = [Edit(fault.fix[1], fault.fix[2]) for fault in faults if fault.fix]
        assert parse(apply_edits(text, edits)).faults == ()


def test_a_full_width_colon_ends_the_name_before_it() -> None:
    (item,) = parse("policy p { provider： us }").items
    assert isinstance(item.node, Declaration)
    (field,) = item.node.members
    assert isinstance(field, Field)
    assert (field.name.text, field.name.span) == ("provider", Span(11, 19))
