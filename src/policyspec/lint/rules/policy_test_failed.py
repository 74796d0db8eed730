"""A test of the policy does not hold.

A `test` says what is to stay true, whatever is changed: what the policy `allows`, what it `forbids`, and what it leaves
`undeclared`. A question may ask for several acts at once; the answer has to be the same for all of them. The sentences
that decided it are shown with it.

Change the sentence that decided it. Or, if it is right, the test.

Bad:

    share ip_address to partner for security under contract
    test "partners learn nothing of you" { forbids share ip_address to partner }

Good:

    never share personal to third_party
    test "partners learn nothing of you" { forbids share ip_address to partner }

Bad:

    collect email for newsletter under consent
    test "we know your friends" { allows collect contacts }

Good:

    collect email for newsletter under consent
    test "we do not know your friends" { undeclared collect contacts }
"""

from collections.abc import Iterator, Mapping

from policyspec.diagnostic import Severity
from policyspec.lint.facts import Facts, Finding, Placed
from policyspec.lint.texts import of_type
from policyspec.scope import Definition
from policyspec.statements import statement
from policyspec.syntax import nodes

LEVEL = Severity.ERROR
HELP = "change the sentence that decided it or, if that is right, the test"
ABSENCE = True

_EXPECTED = {"allows": "permitted", "forbids": "forbidden", "undeclared": "undeclared"}
_MOST_RELATED = 4


def check(policy: Facts) -> Iterator[Finding]:
    for placed in of_type(policy, nodes.Test):
        if type(placed.node) is nodes.Test:
            for each in placed.node.members:
                if type(each) is nodes.Question:
                    yield from _answered(policy, placed, each)


def _answered(policy: Facts, placed: Placed, question: nodes.Question) -> Iterator[Finding]:
    references = policy.resolutions[placed.path].references.get(placed.path, {})
    asked = statement(question.pattern, placed.base, references)
    expected = _EXPECTED.get(question.verdict.text)
    if asked is None or expected is None:
        return
    answer = policy.acts.ask(asked, policy.provider, _audience(policy, placed))
    if answer.verdict == expected:
        return
    message, help = f"this is {answer.verdict}, not {expected}", ""
    if answer.verdict == "mixed":
        message, help = f"not all of this is {expected}", "ask for each of them by itself"
    elif not asked.terms("from"):
        of_some = policy.acts.ask(asked, policy.provider, ())
        if of_some.verdict == expected:
            answer, help = of_some, "say with `from` whose data you mean: it is so for some people only"
    related = tuple(policy.see(each, "this decided it") for each in answer.sentences[:_MOST_RELATED])
    yield Finding(message, placed.path, placed.span(question.pattern.span), related, help=help)


def _bases(policy: Facts) -> Mapping[int, int]:
    """What the spans of each section count from; of sections that are alike, those of the first."""
    return policy.once(
        "bases of sections", lambda: {id(each.node): each.base for each in reversed(of_type(policy, nodes.Section))}
    )


def _audience(policy: Facts, placed: Placed) -> tuple[Definition, ...]:
    """Whose data a question is about: the audience of the innermost section that has one, else of the policy."""
    references = policy.resolutions[placed.path].references.get(placed.path, {})
    for section in reversed(placed.sections):
        base = _bases(policy)[id(section)]
        names = [
            value
            for field in section.fields
            if field.name.text == "audience"
            for value in field.values
            if type(value) is nodes.Name
        ]
        found = [references.get(name.span.start + base) for name in names]
        if names and None not in found:
            return tuple(each.definition for each in found if each is not None)
    audience: tuple[Definition, ...] = policy.policy_fields.get("audience", ())
    return audience
