"""How long data are kept is said in words that give no period.

“As long as necessary” is what every law demands anyway, and tells no reader when the data are gone. Say a period, or
the event that ends it; or say what decides: `keep until contract_end`, `keep 3 years after last_use`.

What another sentence says of the same data is enough, be it a period, or a deadline for deleting them.

Bad:

    store email for newsletter under consent keep "as long as necessary"

Good:

    store email for newsletter under consent keep until withdrawal

Good:

    store email for newsletter under consent keep "as long as necessary"
    must delete email within 10 days of withdrawal
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.lint.wording import spoken
from policyspec.statements import Sentence

LEVEL = Severity.WARNING
HELP = "say a period, or the event that ends it"

# Events that may never come, and the end of the very period that is not stated.
_UNKNOWN_WHEN = (
    "retention_end", "request", "unlawful_processing", "accidental_collection", "minor_data_found", "backup_update",
)  # fmt: skip


def check(policy: Facts) -> Iterator[Finding]:
    known: int | None = None
    for sentence in sets.sentences(policy, sets.promises(policy) & sets.having(policy, "keep")):
        says = sentence.says
        if "keep" not in says.is_open and not any(each.form == "quoted" for each in says.periods["keep"]):
            continue
        for each in spoken(sentence, "keep"):
            if known is None:
                known = _stated(policy)
            open_ = [term for term in says.objects if not policy.order.above(term) & known]
            if open_:
                said, verb = f"“{each.text}”" if each.text else "`etc`", "is" if len(open_) == 1 else "are"
                message = f"{said} does not say how long {shown(*open_)} {verb} kept"
                yield policy.of_sentence(sentence, message, each.span)


def _stated(policy: Facts) -> int:
    """The data for which a sentence gives a period, or a deadline for deleting them, as a set without what is below."""
    found = 0
    for sentence in policy.sentences:
        says = sentence.says
        keeps = [each.form in ("lasting", "until", "while") for each in says.periods.get("keep", ())]
        if says.modality != "never" and ((keeps and all(keeps)) or _is_deleted(policy, sentence)):
            found |= policy.order.bits(says.objects)
    return found


def _is_deleted(policy: Facts, sentence: Sentence) -> bool:
    """Whether it gives a deadline for deleting data, counted from an event that says when that will be."""
    says = sentence.says
    return any(policy.is_a(each, "action", "delete", "anonymise") for each in says.actions) and any(
        each.form == "lasting" and each.event is not None and not policy.is_a(each.event, "event", *_UNKNOWN_WHEN)
        for each in says.periods.get("within", ())
    )
