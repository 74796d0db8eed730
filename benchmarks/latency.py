"""How long an author waits for the editor: from a key to its findings, and for completion and hover while typing.

    python benchmarks/latency.py [--quick] [--output FILE]

A client types into documents over the server's standard streams, as an editor does, and waits for each answer. The same
keys are typed into `floor.py`, a server that does nothing: below its times no server made with pygls can be.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

import generate

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from lsp_client import Client  # noqa: E402

RESULTS = HERE / "LATENCY.md"
EXAMPLE = HERE.parent / "examples" / "cloud_phone_sdk" / "cloud_phone_sdk.policy"
FLOOR = [sys.executable, str(HERE / "floor.py")]
# What is typed, key by key, at the end of some line of a sentence, and taken away again.
WORDS = (", device_info", " for analytics", " # a note", ", ", " keep 3 years")
CAPABILITIES = {"textDocument": {"completion": {"completionItem": {"snippetSupport": True}}}}


class Row(NamedTuple):
    what: str
    p50: str
    p95: str
    floor: str
    aim: str


class Times(NamedTuple):
    findings: list[float]
    completion: list[float]
    hover: list[float]


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


# ── Typing ──────────────────────────────────────────────────────────────────────────────────────


def keys(text: str, count: int) -> Iterator[tuple[str, int, int]]:
    """Texts as they come about while somebody types, each with the line and the column of the cursor."""
    chosen = random.Random(7)
    lines = text.split("\n")
    places = [number for number, line in enumerate(lines) if re.match(r"\s*(collect|use|share|store|disclose)\b", line)]
    typed = 0
    while True:
        number, word = chosen.choice(places), chosen.choice(WORDS)
        line = lines[number].split("#")[0].rstrip().removesuffix("{").rstrip()
        rest = lines[number][len(line) :]
        for end in [*range(1, len(word) + 1), *range(len(word) - 1, -1, -1)]:
            changed = [*lines]
            changed[number] = line + word[:end] + rest
            yield "\n".join(changed), number, len(line) + end
            typed += 1
            if typed >= count:
                return


def type_into(client: Client, file: Path, count: int, version: int) -> Times:
    """Type, and wait for the findings of each key; at every third one, ask for completion and hover as well."""
    uri, text = file.as_uri(), file.read_text("utf-8")
    times = Times([], [], [])
    for changed, line, column in keys(text, count):
        version += 1
        begun = perf_counter()
        client.change(uri, changed, version)
        if version % 3 == 0:
            where = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
            for method, into in (("completion", times.completion), ("hover", times.hover)):
                begun = perf_counter()
                client.wait_for(client.ask(f"textDocument/{method}", where))
                into.append(client.at - begun)
            client.findings(uri, version)
        else:
            client.findings(uri, version)
            times.findings.append(client.at - begun)
        # Nobody types without a pause.
        sleep(0.005)
    client.change(uri, text, version + 1)
    client.findings(uri, version + 1)
    return times


def memory(client: Client) -> float:
    """The memory of the server in MB."""
    try:
        status = Path(f"/proc/{client.process.pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def measure(folder: Path, file: Path, count: int, command: list[str] | None = None) -> tuple[Times, float]:
    with Client(command=command, capabilities=CAPABILITIES) as client:
        client.start(folder)
        client.open(file.as_uri(), file.read_text("utf-8"))
        client.findings(file.as_uri(), 1)
        if command is None:
            # What else there is, is looked at first.
            client.request("workspace/symbol", {"query": "x"})
            sleep(1.0 + len(list(folder.glob("**/*.policy"))) * 0.05)
        type_into(client, file, 12, 1)
        times = type_into(client, file, count, 1000)
        used = memory(client)
        client.stop()
        return times, used


def start(folder: Path, file: Path, command: list[str] | None = None) -> float:
    """From the start of the process to the first findings."""
    text = file.read_text("utf-8")
    begun = perf_counter()
    with Client(command=command, capabilities=CAPABILITIES) as client:
        client.start(folder)
        client.open(file.as_uri(), text)
        client.findings(file.as_uri(), 1)
        taken = client.at - begun
        client.stop()
        return taken


# ── The report ──────────────────────────────────────────────────────────────────────────────────


def inputs(folder: Path) -> dict[str, tuple[Path, Path, str, str]]:
    """By name: a folder, the file in it that is typed into, the aim for findings, and what it is."""
    example = folder / "example" / EXAMPLE.name
    example.parent.mkdir()
    shutil.copy(EXAMPLE, example)
    made = {"example": (example.parent, example, "16", "the example")}
    long = folder / "long"
    generate.write(long, generate.workspace(generate.content(140, 1)))
    file = max(long.rglob("*.policy"), key=lambda each: each.stat().st_size)
    made["long"] = (long, file, "50", "one long file")
    many = folder / "many"
    generate.write(many, generate.workspace(generate.content(700, 10)))
    file = max(many.rglob("*.policy"), key=lambda each: each.stat().st_size)
    made["many"] = (many, file, "100", "a workspace")
    for path in many.rglob("*.policy"):
        assert path.is_file()
    return made


def size(folder: Path) -> str:
    files = [*folder.rglob("*.policy")]
    lines = sum(each.read_text("utf-8").count("\n") for each in files)
    return f"{lines:,} lines in {len(files)} file{'s' if len(files) > 1 else ''}"


def rows(count: int) -> list[Row]:
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        used = 0.0
        for key, (folder, file, aim, what) in inputs(Path(name)).items():
            ours, memory_ = measure(folder, file, count)
            floor, _ = measure(folder, file, count, FLOOR)
            where = f"{what}: {size(folder)}"
            kinds = [("key to findings", ours.findings, floor.findings, f"p95 < {aim} ms")]
            kinds += [
                ("completion while typing", ours.completion, floor.completion, "p95 < 20 ms"),
                ("hover while typing", ours.hover, floor.hover, "p95 < 20 ms"),
            ]
            for kind, times, least, goal in kinds:
                median, most = percentile(times, 0.5), percentile(times, 0.95)
                below = f"{ms(percentile(least, 0.5))}, {ms(percentile(least, 0.95))}"
                found.append(Row(f"{where}: {kind}", ms(median), ms(most), below, goal))
            if key == "example":
                begun = [start(folder, file) for _ in range(5)]
                least = [start(folder, file, FLOOR) for _ in range(5)]
                below = f"{ms(percentile(least, 0.5))}, {ms(max(least))}"
                found.append(
                    Row(
                        f"{where}: start to first findings",
                        ms(percentile(begun, 0.5)),
                        ms(max(begun)),
                        below,
                        "< 800 ms",
                    )
                )
            used = memory_
        found.append(Row("memory with that workspace", f"{used:.0f} MB", "", "", "< 150 MB"))
    return found


def report(found: list[Row]) -> str:
    head = [Row("what", "p50", "p95", "floor: p50, p95", "aim"), Row("---", "---:", "---:", "---:", "---")]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [*head, *found])
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return f"""# Latency of the language server

{datetime.date.today()}, {machine}; `python benchmarks/latency.py`

The floor is what a server with pygls takes that finds nothing and knows nothing, asked the same in the same run.

{table}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long an author waits for the language server.")
    parser.add_argument("--quick", action="store_true", help="fewer keys; writes no file by itself")
    parser.add_argument("--output", type=Path, help="where to write the report (default: LATENCY.md beside this file)")
    options = parser.parse_args()
    made = report(rows(60 if options.quick else 300))
    print(made)
    output = options.output or (None if options.quick else RESULTS)
    if output:
        output.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
