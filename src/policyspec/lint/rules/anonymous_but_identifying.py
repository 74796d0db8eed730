"""Data are said to be anonymous, or about nobody, and tell who someone is.

A policy puts a term of its own below anonymous or non-personal data, and what it lists there is personal: an IP
address, a device identifier, a location. Policies do so often, and it is the definition that misleads: promises about
personal data then do not reach these data, and whoever reads it believes that nobody can be identified.

Put the data where they belong, and say `statistics` or `anonymous_data` only of what remains when nobody can be told
from it any more.

Bad:

    data technical_data is non_personal "Non-personal information" {
      address is ip_address "IP address"
      browser is user_agent "Browser"
    }
    collect technical_data for analytics

Bad:

    data device_profile is anonymous_data, device_id "Anonymous device profile"
    collect device_profile for analytics

Good:

    data technical_data "Technical information" {
      address is ip_address "IP address"
      browser is user_agent "Browser"
    }
    data visits is statistics "Numbers of visits"
    collect technical_data for analytics under consent
    use visits for analytics
"""

from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition

LEVEL = Severity.ERROR
HELP = "put the data where they belong, and call anonymous only what nobody can be told from"


def check(policy: Facts) -> Iterator[Finding]:
    order = policy.order
    non_personal, personal = policy.term("data", "non_personal"), policy.term("data", "personal")
    if non_personal is None or personal is None:
        return
    both = order.bits(
        each for each in sets.own(policy, "data", "non_personal") if order.above(each) & order.bit(personal)
    )
    # What stands below such a term has it from there.
    for term in order.highest(both):
        if not term.name:
            continue
        said, found = _lowest(policy, term, non_personal), _lowest(policy, term, personal)
        message = f"{shown(term)} is {shown(found)}, which is about people, and is said to be {shown(said)}"
        related = tuple(
            policy.see_term(each, f"{shown(each)} is {shown(_lowest(policy, each, non_personal))}")
            for each in order.of(order.above(term) & order.below(non_personal) & order.own & ~order.bit(term))
        )
        # Some data are personal in most hands only; what identifies is so in all.
        is_sure = policy.is_a(term, "data", "identifying", "sensitive")
        yield policy.of_term(term, message, related=related, level=None if is_sure else Severity.WARNING)


def _lowest(policy: Facts, term: Definition, upper: Definition) -> Definition:
    """The nearest term of the library through which a term is below another."""
    order = policy.order
    between = order.above(term) & order.below(upper) & ~order.own
    return next((each for each in order.of(between) if not order.below(each) & between & ~order.bit(each)), upper)
