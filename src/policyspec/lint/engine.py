"""Runs the rules over a policy.

What a rule finds becomes a diagnostic here: it gets the rule's name and level, and the level is lowered where the law
behind it is not in force on the policy's effective date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policyspec.diagnostic import Diagnostic, Related, Severity
from policyspec.lint import patterns, registry
from policyspec.lint.facts import Facts, Finding
from policyspec.lint.patterns import PatternRule
from policyspec.lint.rule import Rule
from policyspec.memory import uncollected
from policyspec.order import Order
from policyspec.scope import CORE, Definition, Resolution
from policyspec.source import Source
from policyspec.statements import sentences

NOT_ASSESSED = "not_assessed"


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
def check(policy: Facts, clock: Any = None, times: dict[str, float] | None = None) -> list[Diagnostic]:
    """Everything that the rules find in a policy. With a `clock`, `times` gets the seconds that each rule takes."""
    found: list[Diagnostic] = []
    effective = policy.policy_fields.get("effective")
    begin = clock() if clock else 0.0
    for each in registry.python_rules():
        rule = each.rule
        if rule.pack not in ("logic", *policy.imports) or (each.is_about_absence and not policy.is_whole):
            continue
        found += [_diagnostic(rule, finding, effective) for finding in each.check(policy)]
        if clock and times is not None:
            begin, before = clock(), begin
            times[rule.name] = times.get(rule.name, 0.0) + begin - before
    chosen, unknown = _assessed(policy, _pattern_rules(policy))
    found += [_diagnostic(rule.rule, finding, effective) for rule, finding in patterns.check(policy, chosen)]
    if clock and times is not None:
        times["rules in the language"] = times.get("rules in the language", 0.0) + clock() - begin
    found += [_diagnostic(NOT_ASSESSED_RULE, finding, None) for finding in _not_assessed(policy, unknown)]
    return list(dict.fromkeys(found))


def _pattern_rules(policy: Facts) -> list[PatternRule]:
    own = [each for file in policy.sources for each in registry.own_rules(policy.resolutions[file])]
    return [*(each for module in sorted(policy.imports) for each in registry.library_rules(module)), *own]


# ── Rules that depend on circumstances ───────────────────────────────────────────────────────────

NOT_ASSESSED_RULE = Rule(
    NOT_ASSESSED,
    Severity.INFO,
    "Whether a rule applies depends on something that the policy does not state",
    "Some demands hold only for some: for those who handle the data of very many people, say. Whether that is so\n"
    "does not follow from a policy's sentences. Where its header does not say, the rules that depend on it are not\n"
    "assessed, which is not the same as kept.\n\n"
    "Say `holds: NAME` in the policy's header if it is so, and `holds_not: NAME` if it is not.",
)


def _assessed(
    policy: Facts, rules: Iterable[PatternRule]
) -> tuple[list[PatternRule], dict[Definition, list[PatternRule]]]:
    """The rules whose circumstances hold, and by circumstance those of which the policy does not say."""
    holds, holds_not = (policy.policy_fields.get(name, ()) for name in ("holds", "holds_not"))
    chosen: list[PatternRule] = []
    unknown: dict[Definition, list[PatternRule]] = {}
    for rule in rules:
        if any(policy.order.covers(each, given) for given in rule.given for each in holds_not):
            continue
        unsaid = [given for given in rule.given if not any(policy.order.covers(given, each) for each in holds)]
        if not unsaid:
            chosen.append(rule)
        for given in unsaid:
            unknown.setdefault(given, []).append(rule)
    return chosen, unknown


def _not_assessed(policy: Facts, unknown: Mapping[Definition, Sequence[PatternRule]]) -> list[Finding]:
    found = []
    for given, rules in unknown.items():
        names = ", ".join(f"`{each.rule.name}`" for each in rules[:3]) + (", …" if len(rules) > 3 else "")
        title = next((text for text, language in given.titles if language in (None, "en")), given.name)
        message = f"not assessed: {names}, which {'depends' if len(rules) == 1 else 'depend'} on “{title}”"
        help = f"say `holds: {given.qualified}` in the policy's header if it is so, else `holds_not: {given.qualified}`"
        found.append(policy.of_policy(message, help=help))
    return found


def _diagnostic(rule: Rule, finding: Finding, effective: Any) -> Diagnostic:
    level, help = finding.level or rule.level, finding.help or rule.help
    message = finding.message
    if rule.status in ("future", "draft") or (effective and rule.since and effective < rule.since):
        level = Severity.INFO
    if effective and rule.until and effective > rule.until:
        level = Severity.INFO
    related: tuple[Related, ...] = finding.related
    return Diagnostic(rule.name, level, message, finding.path, finding.span, related, help, finding.fixes, rule.cite)


__all__ = ["CORE", "check", "facts"]
