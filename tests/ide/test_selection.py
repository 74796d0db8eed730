"""What a selection grows to, step by step."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ide.marked import broken, offsets, read
from policy_texts import generated, mutated
from policyspec.ide.selection import ranges
from policyspec.syntax.parser import parse


def steps(text: str) -> list[str]:
    """What is selected, step by step, but for the last one, which is all."""
    made = read(text)
    found = [made.text[span.start : span.end] for span in ranges(parse(made.text), made.offset)]
    assert found[-1] == made.text
    return found[:-1]


def test_a_name_its_list_its_clause_its_sentence() -> None:
    assert steps("collect email, na$0me for delivery, security and returns under contract\nuse name") == [
        "name",
        "email, name",
        "collect email, name for delivery, security and returns under contract",
    ]
    assert steps("collect email for delivery, secu$0rity and returns under contract\nuse name") == [
        "security",
        "security and returns",
        "delivery, security and returns",
        "for delivery, security and returns",
        "for delivery, security and returns under contract",
        "collect email for delivery, security and returns under contract",
    ]


def test_a_part_of_a_dotted_name() -> None:
    assert steps("collect device.scr$0een.width\nuse name")[:2] == ["screen", "device.screen.width"]


def test_a_word_its_text_its_field_the_braces_the_item() -> None:
    assert steps('data email "Your e-ma$0il"@en { note: "x" }\nuse name') == [
        "mail",
        "Your e-mail",
        '"Your e-mail"',
        '"Your e-mail"@en',
        'data email "Your e-mail"@en { note: "x" }',
    ]
    assert steps('collect email { note: "x", "a wo$0rd"\n}\nuse name') == [
        "word",
        "a word",
        '"a word"',
        '"x", "a word"',
        'note: "x", "a word"',
        '{ note: "x", "a word"\n}',
        'collect email { note: "x", "a word"\n}',
    ]


def test_a_text_of_several_lines() -> None:
    assert steps('"""No system\nis $0secure."""\nuse name') == [
        "secure",
        "No system\nis secure.",
        '"""No system\nis secure."""',
    ]


def test_a_section_and_its_body() -> None:
    text = 'section "A" {\n  source: "1"\n\n  section "B" {\n    use em$0ail\n  }\n  use name\n}\nuse phone'
    inner = 'section "B" {\n    use email\n  }'
    assert steps(text) == [
        "email",
        "use email",
        "{\n    use email\n  }",
        inner,
        f'source: "1"\n\n  {inner}\n  use name',
        f'{{\n  source: "1"\n\n  {inner}\n  use name\n}}',
        f'section "A" {{\n  source: "1"\n\n  {inner}\n  use name\n}}',
    ]


def test_an_item_has_its_comments() -> None:
    assert steps("use name\n\n# one\n  # two\nuse em$0ail  # three\n# four\n") == [
        "email",
        "use email",
        "# one\n  # two\nuse email  # three",
    ]


def test_from_a_comment_to_what_it_is_about() -> None:
    assert steps("use name\n\n# one wo$0rd\n# two\nuse email\n") == [
        "word",
        "one word",
        "# one word",
        "# one word\n# two",
        "# one word\n# two\nuse email",
    ]
    assert steps("use email  # one wo$0rd\nuse name") == ["word", "one word", "# one word", "use email  # one word"]


@pytest.mark.parametrize("text", ["$0", " $0 ", "use name\n\n$0\n\nuse email"])
def test_elsewhere_all_is_selected(text: str) -> None:
    assert steps(text) == []


def check_law(text: str) -> None:
    """Each is inside of the next one and smaller; the last one is all."""
    tree = parse(text)
    for offset in offsets(text):
        found = ranges(tree, offset)
        assert found[-1] == (0, len(text))
        assert all(span.start <= offset <= span.end for span in found)
        for inner, outer in pairwise(found):
            assert outer.start <= inner.start <= inner.end <= outer.end
            assert inner != outer


@settings(max_examples=40)
@given(st.one_of(generated(), mutated()))
def test_each_step_is_larger(text: str) -> None:
    check_law(text)


def test_each_step_is_larger_in_broken_texts() -> None:
    for text in broken(pieces=8):
        check_law(text)
