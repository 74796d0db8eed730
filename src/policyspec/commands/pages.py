"""What there is to read: the pages and the list of rules, and the vocabulary."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import TYPE_CHECKING

from policyspec import console
from policyspec.arguments import Failure
from policyspec.console import OK

if TYPE_CHECKING:
    from policyspec.scope import Definition
    from policyspec.vocabulary import Vocabulary


def explain_rule(args: argparse.Namespace) -> int:
    from policyspec import formats
    from policyspec.lint import registry

    known = registry.known_rules()
    found = [rule for name, rule in known.items() if name == args.rule or name.rpartition(".")[2] == args.rule]
    if not found:
        guess = console.did_you_mean(args.rule, [*(name.rpartition(".")[2] for name in known), *known])
        raise Failure(f"there is no rule `{args.rule}`{guess}", "policyspec rules lists them")
    color = console.is_colored(args.color, sys.stdout)
    console.write("\n".join(formats.explain(rule, color=color, width=console.page_width()) for rule in found))
    return OK


def list_rules(args: argparse.Namespace) -> int:
    from policyspec import formats
    from policyspec.lint import registry

    rules = list(registry.known_rules().values())
    if args.pack:
        packs = sorted({each.pack for each in rules})
        rules = [each for each in rules if f"{each.pack}.".startswith(f"{args.pack}.")]
        if not rules:
            guess = console.did_you_mean(args.pack, packs)
            raise Failure(f"no pack is named `{args.pack}`{guess}", f"there are {', '.join(packs)}")
    if args.output_format == "json":
        console.write(console.as_json(formats.rules_json(rules)))
    else:
        console.write(formats.rules_table(rules))
    return OK


def look_up(args: argparse.Namespace) -> int:
    from policyspec import library, vocabulary
    from policyspec.library import compiled

    known = vocabulary.gather([compiled.resolution(name) for name in library.names()])
    terms = _chosen(known, args)
    is_overview = {args.term, args.kind, args.module, args.search} == {None}
    if args.output_format == "json":
        data = {"terms": [vocabulary.as_json(known, each) for each in terms]}
        console.write(console.as_json(vocabulary.counts(terms) if is_overview else data))
    elif is_overview:
        console.show(*vocabulary.overview(terms))
    elif args.term is not None:
        console.show("\n\n".join("\n".join(vocabulary.about(known, each, console.page_width())) for each in terms))
    else:
        console.show(*(vocabulary.tree(known, terms) if args.search is None else vocabulary.flat(terms)))
    return OK


def _chosen(known: Vocabulary, args: argparse.Namespace) -> list[Definition]:
    """The terms asked for; raises Failure where there are none."""
    from policyspec import library
    from policyspec.kinds import KINDS

    for what, given, all_ in (("kind", args.kind, KINDS), ("module", args.module, library.names())):
        if given is not None and given not in all_:
            guess = console.did_you_mean(given, all_)
            raise Failure(f"there is no {what} `{given}`{guess}", f"there are {', '.join(all_)}")
    terms = known.terms if args.term is None else known.named(args.term)
    if not terms:
        guess = console.did_you_mean(args.term, (name for each in known.terms for name in (each.path, each.qualified)))
        is_found = known.search(args.term, known.terms)
        hint = f"policyspec vocabulary --search {shlex.quote(args.term)}" if is_found else ""
        raise Failure(f"there is no term `{args.term}`{guess}", hint)
    terms = [each for each in terms if args.kind in (None, each.kind) and args.module in (None, each.module)]
    if args.search is not None:
        terms = known.search(args.search, terms)
    if not terms:
        raise Failure("nothing is found", "policyspec vocabulary lists modules and kinds")
    return terms
