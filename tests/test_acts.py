"""What sentences mean: worked cases with their verdicts, and laws against an oracle that enumerates all acts."""

from __future__ import annotations

import pytest

from meaning import Case, ask, cases, read
from policyspec.acts import VERDICTS

CASES = cases()


def gravest(policy: str) -> str:
    """The gravest verdict of any ban on any other sentence."""
    acts = read(policy).acts
    verdicts = [
        acts.clash(sentence, ban).verdict
        for sentence in acts.sentences
        if sentence.says.modality != "never"
        for ban in acts.bans
        if ban.sentence is not sentence
    ]
    return max(verdicts, key=VERDICTS.index, default="none")


@pytest.mark.parametrize(
    "case",
    [each for each in CASES if not each.question and not each.rule],
    ids=lambda case: f"{case.number} {case.why}",
)
def test_clashes(case: Case) -> None:
    assert gravest(case.policy) == case.verdict


@pytest.mark.parametrize(
    "case", [each for each in CASES if each.question], ids=lambda case: f"{case.number} {case.why}"
)
def test_answers(case: Case) -> None:
    assert ask(case.policy, case.question) == case.verdict
