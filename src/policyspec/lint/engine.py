"""Runs the rules over a policy.

What a rule finds becomes a diagnostic here: it gets the rule's name and level, and the level is lowered where the law
behind it is not in force on the policy's effective date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from policyspec.diagnostic import Diagnostic, Severity
from policyspec.lint import patterns, registry
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.patterns import PatternRule
from policyspec.lint.rule import NOT_ASSESSED_RULE, RULE_FAILED_RULE, Rule
from policyspec.memory import uncollected
from policyspec.order import Order
from policyspec.scope import Definition, Resolution
from policyspec.source import Source
from policyspec.statements import sentences

# To so many other places a finding points.
_MOST_RELATED = 8


def facts(
    path: str,
    header: Definition,
    sources: Mapping[str, Source],
    resolutions: Mapping[str, Resolution],
    is_whole: bool = True,
) -> Facts:
    """What the rules read of a policy: `sources` are its files, itself first, `resolutions` of these and of the
    library.
    """
    fields = resolutions[header.file].fields.get(header, {})
    by, from_ = fields.get("provider", ()), fields.get("audience", ())
    found = [each for file in sources for each in sentences(resolutions[file], file, by, from_)]
    return Facts(path, header, sources, resolutions, Order(resolutions), tuple(found), is_whole)


@uncollected
def check(policy: Facts) -> list[Diagnostic]:
    """Everything that the rules find in a policy, each thing once."""
    found: list[Diagnostic] = []
    # By the rules that would have found something, the circumstances that the policy does not speak of.
    unsure: dict[str, Sequence[Definition]] = {}
    effective = policy.policy_fields.get("effective")
    for each in registry.python_rules(policy.imports):
        unsaid = _unsaid(policy, _given(policy, each))
        if unsaid is None or (each.is_about_absence and not policy.is_whole):
            continue
        try:
            findings = list(each.check(policy))
        except Exception as error:
            found.append(_failed(policy, each.rule.name, error))
            continue
        if unsaid and findings:
            unsure[each.rule.name] = unsaid
        elif not unsaid:
            found += [_diagnostic(each.rule, finding, effective) for finding in findings]
    chosen, unknown = _assessed(policy, _pattern_rules(policy))
    for rule, finding in _of_patterns(policy, [*chosen, *unknown], found):
        if rule in unknown:
            unsure.setdefault(rule.rule.name, unknown[rule])
        else:
            found.append(_diagnostic(rule.rule, finding, effective))
    found += [_diagnostic(NOT_ASSESSED_RULE, finding, None) for finding in _not_assessed(policy, unsure)]
    return _joined(found)


def _joined(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each thing once: findings that differ only in what else they point at are one, which points at all of it."""
    same: dict[Any, list[Diagnostic]] = {}
    for each in found:
        key = (
            each.rule,
            each.severity,
            each.message,
            each.path,
            each.span,
            each.help,
            each.fixes,
            each.cite,
            each.pack,
        )
        same.setdefault(key, []).append(each)
    return [_one(those) for those in same.values()]


def _one(those: Sequence[Diagnostic]) -> Diagnostic:
    related = tuple(islice(dict.fromkeys(other for each in those for other in each.related), _MOST_RELATED))
    return those[0] if related == those[0].related else replace(those[0], related=related)


def _of_patterns(policy: Facts, rules: list[PatternRule], found: list[Diagnostic]) -> list[tuple[PatternRule, Finding]]:
    """What the rules in the language find; where they cannot be run together, by one of them, each by itself."""
    try:
        return list(patterns.check(policy, rules))
    except Exception:
        findings: list[tuple[PatternRule, Finding]] = []
        for rule in rules:
            try:
                findings += list(patterns.check(policy, [rule]))
            except Exception as error:
                found.append(_failed(policy, rule.rule.name, error))
        return findings


def _failed(policy: Facts, name: str, error: Exception) -> Diagnostic:
    """A rule never raises. One that does all the same must not take the others' findings with it."""
    message = f"the rule `{name}` failed: {type(error).__name__}: {error}; please report"
    return _diagnostic(RULE_FAILED_RULE, policy.of_policy(message), None)


def profile(policy: Facts, clock: Callable[[], float]) -> dict[str, float]:
    """The seconds that each rule takes by itself; what all of them need is computed before."""
    times: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> None:
        begin = clock()
        work()
        times[name] = times.get(name, 0.0) + clock() - begin

    timed("(what sentences mean)", lambda: (policy.acts.clashes, policy.mentions, policy.items, policy.declarations))
    for each in registry.python_rules(policy.imports):
        timed(each.rule.name, lambda each=each: list(each.check(policy)))  # type: ignore[misc]
    for rule in _pattern_rules(policy):
        timed(rule.rule.name, lambda rule=rule: list(patterns.check(policy, [rule])))  # type: ignore[misc]
    return times


def _given(policy: Facts, rule: registry.PythonRule) -> list[Definition]:
    terms = (policy.term(kind, path, module) for kind, path, module in rule.given)
    return [each for each in terms if each is not None]


def _pattern_rules(policy: Facts) -> list[PatternRule]:
    own = [each for file in policy.sources for each in registry.own_rules(policy.resolutions[file])]
    return [*(each for module in sorted(policy.imports) for each in registry.library_rules(module)), *own]


# ── Rules that depend on circumstances ───────────────────────────────────────────────────────────


def _assessed(
    policy: Facts, rules: Iterable[PatternRule]
) -> tuple[list[PatternRule], dict[PatternRule, Sequence[Definition]]]:
    """The rules whose circumstances hold, and those of whose circumstances the policy does not say, with these."""
    chosen: list[PatternRule] = []
    unknown: dict[PatternRule, Sequence[Definition]] = {}
    for rule in rules:
        unsaid = _unsaid(policy, rule.given)
        if unsaid:
            unknown[rule] = unsaid
        elif unsaid is not None:
            chosen.append(rule)
    return chosen, unknown


def _unsaid(policy: Facts, given: Sequence[Definition]) -> list[Definition] | None:
    """The circumstances of which the policy does not say whether they hold; None if one of them does not."""
    if not given:
        return []
    holds, holds_not = (policy.policy_fields.get(name, ()) for name in ("holds", "holds_not"))
    if any(policy.order.covers(each, term) for term in given for each in holds_not):
        return None
    return [term for term in given if not any(policy.order.covers(term, each) for each in holds)]


def _not_assessed(policy: Facts, unsure: Mapping[str, Sequence[Definition]]) -> list[Finding]:
    """One finding for each circumstance. Rules that would have found nothing whatever is so are not spoken of."""
    rules: dict[Definition, list[str]] = {}
    for name, unsaid in unsure.items():
        for term in unsaid:
            rules.setdefault(term, []).append(name)
    found = []
    for term, names in rules.items():
        listed = ", ".join(f"`{name}`" for name in names[:3]) + (", …" if len(names) > 3 else "")
        title = next((text for text, language in term.titles if language in (None, "en")), term.name)
        message = f"not assessed: {listed}, which {'depends' if len(names) == 1 else 'depend'} on “{title}”"
        help = f"say `holds: {term.qualified}` in the policy's header if it is so, else `holds_not: {term.qualified}`"
        found.append(policy.of_policy(message, help=help))
    return found


def _diagnostic(rule: Rule, finding: Finding, effective: Any) -> Diagnostic:
    is_out_of_force = effective and ((rule.since and effective < rule.since) or (rule.until and effective > rule.until))
    return Diagnostic(
        rule.name,
        Severity.INFO if rule.status in ("future", "draft") or is_out_of_force else finding.level or rule.level,
        finding.message,
        finding.path,
        finding.span,
        finding.related,
        finding.help or rule.help,
        finding.fixes,
        rule.cite,
        rule.pack,
    )
