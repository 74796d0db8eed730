"""How fast policyspec is, against the tools next to it.

    python benchmarks/bench.py [--quick] [--output FILE]

A round measures everything that is compared once, one after the other, so that a machine that is busy for a while is so
for both sides. A time is the median of the rounds, a ratio the median of the rounds' ratios: the ratios are the result.
The input is made by `generate.py`. What needs PyYAML and fideslang is left out where they are not installed.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

import generate

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
EXAMPLE = HERE.parent / "examples" / "cloud_phone_sdk"
NO_FIDESLANG = "left out: `pip install pyyaml fideslang`"

Round = dict[str, float]


class Row(NamedTuple):
    """A line of the table. A ratio is of the first time to the second."""

    what: str
    ours: str
    other: str = ""
    ratio: str = ""
    aim: str = ""


# ── Measuring ────────────────────────────────────────────────────────────────────────────────────


def timed(run: Callable[[], Any]) -> float:
    """The seconds that a call takes, the garbage of those before it collected."""
    gc.collect()
    start = perf_counter()
    run()
    return perf_counter() - start


def time_of(rounds: list[Round], name: str) -> str:
    seconds = median(each[name] for each in rounds)
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def ratio(rounds: list[Round], ours: str, other: str) -> str:
    return f"{median(each[ours] / each[other] for each in rounds):.2f}"


def has_fideslang() -> bool:
    return all(importlib.util.find_spec(name) for name in ("yaml", "fideslang"))


# ── What is measured ─────────────────────────────────────────────────────────────────────────────


def is_current() -> bool:
    """Whether the grammar and the library are as when their tables were made."""
    code = """if True:
        import sys
        from policyspec.library import compiled
        from policyspec.syntax import grammar
        grammar.load()
        sys.exit(not compiled._lines() or "lark" in sys.modules)
    """
    return subprocess.run([sys.executable, "-c", code]).returncode == 0


def forget() -> None:
    """Drop every parsed text."""
    from policyspec import workspace
    from policyspec.syntax import parser

    parser._parse_piece.cache_clear()
    workspace.parsed.cache_clear()


def compile_all(files: dict[str, str]) -> Round:
    """Parse, resolve and compile a workspace from nothing; how long each took."""
    from policyspec.library import compiled
    from policyspec.source import Source
    from policyspec.workspace import Workspace

    compiled.resolution("core")
    forget()
    workspace = Workspace({path: Source(path, text) for path, text in files.items()})
    parse = timed(lambda: [workspace.tree(path) for path in files])
    resolve = timed(lambda: [workspace.diagnostics(path) for path in files])
    policies = [path for path in files if workspace.is_policy(path)]
    compile_ = timed(lambda: [workspace.policy(path) for path in policies])
    return {"parse": parse, "resolve": resolve, "compile": compile_, "policyspec": parse + resolve + compile_}


def read_library(from_source: bool = False) -> None:
    """What the first use of the vocabulary costs a process; from source: while it is being edited."""
    from policyspec import library
    from policyspec.library import compiled

    forget()
    for each in (library.names, library.sources, compiled._lines, compiled.resolution, compiled.from_source):
        each.cache_clear()
    (compiled.from_source if from_source else compiled.resolution)("core")


def load_fideslang(manifest: str, fast: bool = False) -> None:
    """YAML → fideslang's models, by fideslang's own loader."""
    import yaml
    from fideslang.parse import load_manifests_into_taxonomy

    load_manifests_into_taxonomy(yaml.load(manifest, yaml.CSafeLoader if fast else yaml.SafeLoader))


def loading(practices: int, policies: int, count: int) -> list[Row]:
    """A workspace, against a fideslang manifest of the like content."""
    made = generate.content(practices, policies)
    files, manifest = generate.workspace(made), generate.fideslang(made)
    rounds = []
    for _ in range(count):
        each = compile_all(files)
        each["library"] = timed(read_library)
        each["source"] = timed(lambda: read_library(from_source=True))
        if has_fideslang():
            each["yaml"] = timed(lambda: load_fideslang(manifest))
            each["fast yaml"] = timed(lambda: load_fideslang(manifest, fast=True))
        rounds.append(each)
    text = "".join(files.values())
    lines, size = text.count("\n"), len(text.encode())
    ours = f"{practices:,} practices ({lines:,} lines, {size / 1000:,.0f} kB): parse, resolve, compile"
    theirs = f"{generate.declarations(made):,} declarations ({len(manifest.encode()) / 1000:,.0f} kB)"
    rows = []
    for name, loader in (("yaml", "PyYAML"), ("fast yaml", "PyYAML's C loader")):
        aim = "< 1.0" if name == "yaml" else ""
        what = f"{ours}, against {loader} + fideslang, {theirs}"
        if has_fideslang():
            rows.append(
                Row(what, time_of(rounds, "policyspec"), time_of(rounds, name), ratio(rounds, "policyspec", name), aim)
            )
        else:
            rows.append(Row(what, time_of(rounds, "policyspec"), NO_FIDESLANG, "", aim))
    rows += [Row(f"— of it: {name}", time_of(rounds, name)) for name in ("parse", "resolve", "compile")]
    return [
        *rows,
        Row("— not in it, once in a process: the vocabulary `core`", time_of(rounds, "library")),
        Row("— the same parsed and resolved from its text", time_of(rounds, "source")),
    ]


def with_packs(files: dict[str, str]) -> dict[str, str]:
    """The files, each policy importing every pack of rules that there is."""
    from policyspec import library

    line = f"import {', '.join(name for name in library.names() if name != 'core')}\n"
    return {path: line + text if path != generate.VOCABULARY else text for path, text in files.items()}


def lint_all(files: dict[str, str]) -> Round:
    """Every rule over every policy; the rules themselves have been read."""
    from policyspec import review
    from policyspec.lint import engine
    from policyspec.source import Source
    from policyspec.workspace import Workspace

    forget()
    workspace = Workspace({path: Source(path, text) for path, text in files.items()})
    parse = timed(lambda: [workspace.tree(path) for path in files])
    for path in files:
        workspace.diagnostics(path)
    found: list[int] = []

    def lint() -> None:
        for path in files:
            policy = review.facts(workspace, path)
            found.append(len(engine.check(policy)) if policy else 0)

    return {"parse": parse, "lint": timed(lint), "found": float(sum(found))}


def linting(practices: int, policies: int, count: int) -> list[Row]:
    """The rules of all packs, against parsing, against fideslang's own loading, and ten times the text."""
    from policyspec.lint import registry

    made = generate.content(practices, policies)
    files, manifest = with_packs(generate.workspace(made)), generate.fideslang(made)
    ten = with_packs(generate.workspace(generate.content(practices * 10, policies * 10)))
    rules = len(registry.known_rules())
    gc.disable()
    lint_all(files)
    rounds = [lint_all(files) for _ in range(count)]
    grown = [{"ten": lint_all(ten)["lint"], "once": lint_all(files)["lint"]} for _ in range(min(count, 2))]
    gc.enable()
    found = int(rounds[0]["found"])
    rows = [
        Row(
            f"lint: all {rules} rules on {practices:,} practices ({found:,} findings), against parsing the same",
            time_of(rounds, "lint"), time_of(rounds, "parse"), ratio(rounds, "lint", "parse"), "≤ 1.0",
        ),
        Row("— 10 × the files", time_of(grown, "ten"), time_of(grown, "once"), ratio(grown, "ten", "once"), "≤ 11"),
    ]  # fmt: skip
    return [*rows, *checking(files, manifest, count), *against_spectral(files, manifest, count)]


def check_process(folder: Path, cache: Path, *options: str) -> float:
    """One whole `policyspec check` of a folder, from the start of the process to its end."""
    environment = {**os.environ, "POLICYSPEC_CACHE_DIR": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "policyspec", "check", ".", "-q", "--output-format", "jsonl", *options]
    done = []
    seconds = timed(lambda: done.append(subprocess.run(command, env=environment, cwd=folder, capture_output=True)))
    if done[0].returncode not in (0, 1):
        raise RuntimeError(done[0].stderr.decode())
    return seconds


def checking(files: dict[str, str], manifest: str, count: int) -> list[Row]:
    """Whole processes over all files, first with nothing kept from before, then again."""
    rounds = []
    with tempfile.TemporaryDirectory() as at:
        folder, cache = Path(at) / "policies", Path(at) / "cache"
        generate.write(folder, files)
        check_process(folder, cache, "--no-cache")
        for _ in range(count):
            shutil.rmtree(cache, ignore_errors=True)
            each = {"one": check_process(folder, cache, "--no-cache", "--jobs", "1")}
            each["cold"] = check_process(folder, cache)
            each["warm"] = check_process(folder, cache)
            if has_fideslang():
                each["yaml"] = timed(lambda: load_fideslang(manifest))
            rounds.append(each)
    rows = []
    for name, what, aim in (
        ("cold", "check: the whole process, all rules, nothing kept", "≤ 1.5"),
        ("one", "— in one process", ""),
        ("warm", "— again, with what was kept", "≤ 0.15"),
    ):
        against = "against PyYAML + fideslang loading the like content, in process"
        if has_fideslang():
            row = Row(
                f"{what}, {against}", time_of(rounds, name), time_of(rounds, "yaml"), ratio(rounds, name, "yaml"), aim
            )
        else:
            row = Row(f"{what}, {against}", time_of(rounds, name), NO_FIDESLANG, "", aim)
        rows.append(row)
    return rows


_RULESET = """\
extends: []
rules:
  purpose-stated: {given: "$.system[*].privacy_declarations[*]", then: {field: data_use, function: truthy}}
  data-listed:
    given: "$.system[*].privacy_declarations[*].data_categories"
    then: {function: length, functionOptions: {min: 1}}
  names: {given: "$.system[*]", then: {field: fides_key, function: pattern, functionOptions: {match: "^[a-z0-9_.-]+$"}}}
"""


def against_spectral(files: dict[str, str], manifest: str, count: int) -> list[Row]:
    """Spectral with three rules on the like content in YAML; `SPECTRAL` names its program, which npm installs."""
    program = os.environ.get("SPECTRAL") or shutil.which("spectral")
    what = "check: the whole process, all rules, against Spectral with three rules on the like content"
    if not program:
        return [Row(what, "", "no `spectral` found", "", "< 1.0")]
    rounds = []
    with tempfile.TemporaryDirectory() as at:
        folder, cache, other = Path(at) / "policies", Path(at) / "cache", Path(at) / "yaml"
        generate.write(folder, files)
        generate.write(other, {"content.yml": manifest, "ruleset.yml": _RULESET})
        command = [program, "lint", "content.yml", "--ruleset", "ruleset.yml", "--format", "json", "--quiet"]
        for _ in range(count):
            shutil.rmtree(cache, ignore_errors=True)
            seconds = timed(lambda: subprocess.run(command, cwd=other, capture_output=True, check=False))
            rounds.append({"ours": check_process(folder, cache), "spectral": seconds})
    return [Row(what, time_of(rounds, "ours"), time_of(rounds, "spectral"), ratio(rounds, "ours", "spectral"), "< 1.0")]


def linearity(practices: int, policies: int, count: int) -> list[Row]:
    """Ten times the text: ten times as many files, and one file that is ten times as long.

    The garbage collector is off, as in the command line: what it costs grows with all that is alive.
    """
    rows = []
    gc.disable()
    for what, once, ten in (
        ("10 × the files", (practices, policies), (practices * 10, policies * 10)),
        ("10 × the length of one file", (practices, 1), (practices * 10, 1)),
    ):
        small, large = generate.workspace(generate.content(*once)), generate.workspace(generate.content(*ten))
        rounds = []
        for _ in range(count):
            rounds.append({"ten": compile_all(large)["policyspec"], "once": compile_all(small)["policyspec"]})
        rows.append(Row(what, time_of(rounds, "ten"), time_of(rounds, "once"), ratio(rounds, "ten", "once"), "≤ 11"))
    gc.enable()
    return rows


def editing(practices: int, count: int) -> list[Row]:
    """A name in the middle of a file is changed."""
    rows = []
    for what, wrapped in (("many small items", False), ("four sections", True)):
        files = generate.workspace(generate.content(practices, 1, in_section=practices // 4 + 1), wrapped)
        rounds = [one_edit(files, number) for number in range(count)]
        text = list(files.values())[-1]
        name = f"one edit in {text.count(chr(10)):,} lines of {what}: parse again, against with no cache"
        times = time_of(rounds, "edit"), time_of(rounds, "whole"), ratio(rounds, "edit", "whole")
        rows += [Row(name, *times, "< 10 ms"), Row("— and report anew", time_of(rounds, "report"))]
    return rows


def one_edit(files: dict[str, str], number: int) -> Round:
    """A text is parsed with no cache, then with a name changed; then another is changed, and all findings made anew."""
    from policyspec.source import Source
    from policyspec.syntax.parser import parse
    from policyspec.workspace import Workspace

    path, text = list(files.items())[-1]
    at = text.index(",", text.index("collect", len(text) // 2))
    edited, again = (f"{text[:at]}_{word}_{number}{text[at:]}" for word in ("edited", "again"))
    forget()
    whole = timed(lambda: parse(text))
    edit = timed(lambda: parse(edited))
    workspace = Workspace({name: Source(name, each) for name, each in files.items()})
    workspace.diagnostics(path)
    report = timed(lambda: workspace.with_source(Source(path, again)).diagnostics(path))
    return {"whole": whole, "edit": edit, "report": report}


def processes(count: int) -> list[Row]:
    """Whole processes, their bytecode cached."""
    ours = ["-m", "policyspec", "check", str(EXAMPLE)]
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment["POLICYSPEC_CACHE_DIR"] = os.path.join(cache, "found")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def run(*arguments: str) -> float:
            command = [sys.executable, *arguments]
            done = []
            seconds = timed(lambda: done.append(subprocess.run(command, env=environment, capture_output=True)))
            # 1 is findings.
            if done[0].returncode not in (0, 1):
                raise RuntimeError(done[0].stderr.decode())
            return seconds

        rounds = []
        for _ in range(count + 1):
            each = {"first": run(*ours, "--no-cache"), "check": run(*ours)}
            rounds.append({**each, "lark": run("-c", "import lark"), "python": run("-c", "pass")})
    del rounds[0]
    what = "process: `policyspec check` of the example, against `import lark`"
    return [
        Row(
            f"{what}: nothing kept",
            time_of(rounds, "first"),
            time_of(rounds, "lark"),
            ratio(rounds, "first", "lark"),
            "≤ 3.0",
        ),
        Row(
            "— again, with what was kept",
            time_of(rounds, "check"),
            time_of(rounds, "lark"),
            ratio(rounds, "check", "lark"),
            "≤ 3.0",
        ),
        Row("— of each: `python -c pass`", time_of(rounds, "python"), time_of(rounds, "python")),
    ]


def memory(practices: int, policies: int) -> list[Row]:
    """The peak of a process. To be measured first: a child's peak is no less than its parent's size."""
    made = generate.content(practices, policies)
    with tempfile.TemporaryDirectory() as folder:
        generate.write(Path(folder), {**generate.workspace(made), generate.MANIFEST: generate.fideslang(made)})

        def peak(code: str) -> float:
            setup = "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); folder = Path(sys.argv[2])"
            line = f"{setup}; import bench; {code}; print(bench.peak())"
            done = subprocess.run(
                [sys.executable, "-c", line, HERE, folder], capture_output=True, text=True, check=True
            )
            return float(done.stdout.split()[-1])

        ours = peak(
            "bench.compile_all({each.as_posix(): each.read_text('utf-8') for each in folder.rglob('*.policy')})"
        )
        what = "peak memory of the first measure"
        if not has_fideslang():
            return [Row(what, f"{ours:.0f} MB", NO_FIDESLANG)]
        theirs = peak(f"bench.load_fideslang((folder / {generate.MANIFEST!r}).read_text('utf-8'))")
        return [Row(what, f"{ours:.0f} MB", f"{theirs:.0f} MB", f"{ours / theirs:.2f}")]


def peak() -> float:
    """The most memory that this process had, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


# ── The report ───────────────────────────────────────────────────────────────────────────────────


def table(rows: list[Row]) -> str:
    head = [Row("measure", "policyspec", "compared", "ratio", "aim"), Row("---", "---:", "---:", "---:", "---")]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*head, *rows])


def report(rows: list[Row], command: str) -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return f"""# Benchmark results

{datetime.date.today()}, {machine}; `{command}`

Times are medians and depend on the machine; the ratios, medians of interleaved rounds, are the result. `bench.py` says
what is measured, `generate.py` what the input is.

{table(rows)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure policyspec against the tools next to it.")
    parser.add_argument(
        "--quick", action="store_true", help="a smaller input and fewer rounds; writes no file by itself"
    )
    parser.add_argument("--output", type=Path, help="where to write the report (default: RESULTS.md beside this file)")
    options = parser.parse_args()
    if not is_current():
        print(
            "the committed tables are not current, so every process makes them anew: `make generate`", file=sys.stderr
        )
    practices, policies, count = (200, 4, 3) if options.quick else (generate.PRACTICES, generate.POLICIES, 5)
    last = memory(practices, policies)
    rows = [
        *loading(practices, policies, count),
        *linting(practices, policies, count),
        *linearity(practices, policies, min(count, 3)),
        *editing(140, count * 2),
        *processes(count * 2),
        *last,
    ]
    print(table(rows))
    output = options.output or (None if options.quick else RESULTS)
    if output:
        command = f"python benchmarks/bench.py{' --quick' if options.quick else ''}"
        output.write_text(report(rows, command), encoding="utf-8")


if __name__ == "__main__":
    main()
