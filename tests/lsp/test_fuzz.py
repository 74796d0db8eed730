"""Somebody types, asks and takes back at random: the server lives, has the same texts, and answers from these.

POLICYSPEC_FUZZ_STEPS and POLICYSPEC_FUZZ_SEED make it longer, or another one.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from lsp_client import Client
from policyspec.diagnostic import Edit, apply_edits
from policyspec.format import format_source
from policyspec.ide import folding, tokens
from policyspec.lsp import convert, state
from policyspec.lsp.convert import Lines
from policyspec.lsp.documents import path_of
from policyspec.lsp.state import State
from policyspec.source import Position, Source, Span
from policyspec.syntax.parser import parse
from policyspec.workspace import Workspace

STEPS = int(os.environ.get("POLICYSPEC_FUZZ_STEPS", "150"))
SEEDS = [int(each) for each in os.environ.get("POLICYSPEC_FUZZ_SEED", "1,2").split(",")]
EXAMPLES = Path(__file__).parents[2] / "examples"
TYPED = (
    "\n", "\r\n", "\r", " ", ", ", "{", "}", '"', '"""', "# ", "😀", "é\u0301", "\u2028", "\x0c", "\u3000", "\ufeff",
    "never ", "collect email", " for delivery", " keep 3 years", "import ", "party x is y", " under consent", ".", ":",
    "\ud83d", "section \"A\" {\n", "# policyspec: allow contradiction -- why\n", "@en", "至", "data d is email { }\n",
)  # fmt: skip
AT = ("hover", "completion", "definition", "references", "documentHighlight", "signatureHelp", "prepareRename",
      "prepareTypeHierarchy", "prepareCallHierarchy", "implementation", "typeDefinition", "declaration")  # fmt: skip
OF = ("foldingRange", "semanticTokens/full", "formatting", "documentSymbol", "codeLens", "documentLink")
# The text may have changed in ways that such a request does not live through: these say so.
REFUSALS = {-32800, -32801, -32803}


class Session:
    def __init__(self, client: Client, folder: Path, seed: int) -> None:
        self.client, self.chosen = client, random.Random(seed)
        self.texts = {file.as_uri(): file.read_bytes().decode() for file in folder.glob("*.policy")}
        self.versions = dict.fromkeys(self.texts, 1)
        self.folder = folder
        # The request, and what all texts were when it was sent.
        self.asked: dict[int, tuple[str, str, dict[str, str]]] = {}
        self.cancelled: set[int] = set()

    def edit(self) -> None:
        uri = self.chosen.choice([*self.texts])
        text = self.texts[uri]
        at = self.chosen.randint(0, len(text))
        typed = "".join(self.chosen.choices(TYPED, k=self.chosen.randint(0, 2)))
        text = text[:at] + typed + text[at + self.chosen.choice((0, 0, 1, 3, 40)) :]
        self.texts[uri], self.versions[uri] = text, self.versions[uri] + 1
        self.client.change(uri, text, self.versions[uri])

    def ask(self) -> None:
        uri = self.chosen.choice([*self.texts])
        document = {"textDocument": {"uri": uri}}
        if self.chosen.random() < 0.5:
            method = self.chosen.choice(AT)
            line = self.chosen.randint(0, self.texts[uri].count("\n") + 2)
            params = {**document, "position": {"line": line, "character": self.chosen.randint(0, 90)}}
            if method == "references":
                params["context"] = {"includeDeclaration": True}
        else:
            method = self.chosen.choice(OF)
            params = (
                {**document, "options": {"tabSize": 2, "insertSpaces": True}} if method == "formatting" else document
            )
        number = self.client.ask(f"textDocument/{method}", params)
        self.asked[number] = (method, uri, {**self.texts})

    def cancel(self) -> None:
        if waiting := [each for each in self.asked if each not in self.client.answers]:
            number = self.chosen.choice(waiting)
            self.cancelled.add(number)
            self.client.notify("$/cancelRequest", {"id": number})

    def reopen(self) -> None:
        uri = self.chosen.choice([*self.texts])
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self.versions[uri] += 1
        self.client.open(uri, self.texts[uri], self.versions[uri])

    def settle(self) -> None:
        for number, (method, uri, texts) in self.asked.items():
            answer = self.client.wait_for(number, 30)
            if "error" in answer:
                assert answer["error"]["code"] in REFUSALS, (method, answer)
            else:
                self.check(method, uri, texts, answer["result"])
        self.asked.clear()
        for uri, text in self.texts.items():
            said = self.client.request("policyspec/text", {"uri": uri})
            assert said == {"text": text, "version": self.versions[uri]}

    def check(self, method: str, uri: str, texts: dict[str, str], result: Any) -> None:
        """The answer is what the text that was there when it was asked for gives."""
        path = path_of(uri)
        lines = Lines(Source(path, texts[uri]), "utf-16")
        match method:
            case "foldingRange":
                folds = folding.folds(parse(texts[uri]))
                assert [each["startLine"] for each in result] == [
                    lines.position(each.span.start)["line"] for each in folds
                ]
            case "semanticTokens/full":
                workspace = Workspace({path_of(each): Source(path_of(each), texts[each]) for each in texts})
                found = tokens.tokens(workspace, path, None)
                assert result["data"] == convert.tokens(found, lines, tokens.TYPES, tokens.MODIFIERS)
            case "formatting":
                edits = [Edit(_span(lines, each["range"]), each["newText"]) for each in result]
                wanted = format_source(lines.source)
                assert apply_edits(texts[uri], edits) == (texts[uri] if wanted is None else wanted)

    def findings(self) -> None:
        """What has been sent for the last version of each document is what a fresh look at its text finds."""
        now = state.indexed(State(), (self.folder.as_posix(),), state.read([self.folder.as_posix()]))
        for uri, text in self.texts.items():
            now = state.opened(now, Source(path_of(uri), text))
        while (stale := state.next_stale(now)) is not None:
            now = state.looked_at(now, *stale)
        self.client.request("policyspec/settled")
        for uri, version in self.versions.items():
            shown = self.client.findings(uri, version)
            found = state.findings(now, [path_of(uri)])[path_of(uri)].kept
            assert [each["code"] for each in shown] == [each.rule for each in found]
            lines = Lines(Source(uri, self.texts[uri]), "utf-16")
            assert [each["range"] for each in shown] == [lines.range(each.span) for each in found]


def _span(lines: Lines, range: Any) -> Span:
    start, end = (
        lines.source.utf16_offset(Position(each["line"], each["character"])) for each in (range["start"], range["end"])
    )
    return Span(start, end)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_session_at_random(seed, tmp_path):
    shop = (EXAMPLES / "web_shop" / "web_shop.policy").read_text("utf-8")
    (tmp_path / "shop.policy").write_bytes(f'import "house.policy", eu.gdpr\r\n{shop}'.encode())
    (tmp_path / "house.policy").write_text('party adnet is advertiser "Ad Network Ltd"\n# 😀\n', "utf-8")
    with Client() as client:
        client.start(tmp_path)
        session = Session(client, tmp_path, seed)
        for uri, text in session.texts.items():
            client.open(uri, text)
        steps = (session.edit, session.ask, session.cancel, session.reopen)
        for step in range(STEPS):
            (step_of,) = session.chosen.choices(steps, weights=(50, 40, 8, 2))
            step_of()
            if step % 15 == 14:
                session.settle()
        session.settle()
        session.findings()
        assert client.stop() == 0
        assert b"Traceback" not in client.errors, client.errors.decode()
