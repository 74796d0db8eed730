"""What says no more than something else is found, however many sentences there are to compare."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_texts import SAMPLE, generated
from policyspec import index
from policyspec.lint import redundancy
from policyspec.lint.facts import Facts
from policyspec.review import facts
from policyspec.source import Source
from policyspec.workspace import Workspace

PATH = "shop.policy"
HOUSE = Source("house.policy", "data parcel is email\npurpose wrapping\nshare parcel to partner\n")
FRAME = """\
policy shop { provider: us  audience: user }
party us is controller
party printer is processor
subject user is end_user
subject child is minor
data lid is email
"""
CLAUSES = (
    "", "for delivery", "for delivery, analytics", "under consent", "under consent, contract", "to partner",
    "to printer", "via email", "with encryption", "from child", "unless legal_duty", "unless legal_duty, crime",
    "when breach", "when breach, request", "when breach and request", "without consent when crime", "in CN",
    "keep 3 days", "by printer", "only for delivery", "keep forever",
)  # fmt: skip
sentences = st.tuples(
    st.sampled_from(("use", "process", "share", "must delete", "should delete", "never share", "never disclose")),
    st.sampled_from(("email", "contact_information", "lid", "lid, email", "personal", "device_info")),
    st.lists(st.sampled_from(CLAUSES), max_size=3, unique_by=lambda clause: clause.partition(" ")[0]),
).map(lambda found: " ".join((found[0], found[1], *found[2])))


def policy(text: str) -> Facts | None:
    return facts(Workspace({PATH: Source(PATH, text), HOUSE.path: HOUSE}), PATH)


@given(st.one_of(st.lists(sentences, min_size=2, max_size=8).map(lambda found: FRAME + "\n".join(found)), generated()))
@example(SAMPLE)
@settings(max_examples=300)
def test_sentences_that_may_say_more(text: str) -> None:
    made = policy(text)
    for one in made.sentences if made is not None else ():
        near = {*index.numbers(redundancy._near(made, one))}
        for number, other in enumerate(made.sentences):
            if (one.says.modality == "never") == (other.says.modality == "never"):
                assert number in near or not redundancy.says_no_more(made, one, other)


def test_one_among_many() -> None:
    """The broader sentence is found among others about the same, wherever it stands."""
    many = [f"use email for p{number} under consent" for number in range(30)]
    terms = "\n".join(f"purpose p{number} is analytics" for number in range(30))
    lines = [*many[:20], "use email, lid for analytics under consent", *many[20:]]
    made = policy(f"{FRAME}{terms}\n" + "\n".join(lines))
    assert made is not None
    found = {
        (made.sentences.index(one), made.sentences.index(other)) for one, other in redundancy.weaker(made, {"": ("",)})
    }
    assert found == {(number, 20) for number in (*range(20), *range(21, 31))}
