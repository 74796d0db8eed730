"""The server over pipes: what an editor sees from beginning to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lsp_client import SOURCE, Client
from policy_texts import HOUSE, SHOP

DYNAMIC = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}, "configuration": True}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "house.policy").write_text(HOUSE, "utf-8")
    (tmp_path / "shop.policy").write_text(SHOP, "utf-8")
    return tmp_path


def rules(found: list) -> set[str]:
    return {each["code"] for each in found}


def at(text: str, where: str, after: int = 0) -> dict:
    offset = text.index(where) + after
    line = text.count("\n", 0, offset)
    return {"line": line, "character": offset - (text.rfind("\n", 0, offset) + 1)}


# ── Findings ──


def test_findings_of_a_document_and_of_the_folder(folder):
    uri, other = (folder / "shop.policy").as_uri(), (folder / "house.policy").as_uri()
    with Client() as client:
        client.start(folder)
        client.open(uri, SHOP)
        found = client.findings(uri, 1)
        assert "contradiction" in rules(found)
        (clash,) = [each for each in found if each["code"] == "contradiction"]
        assert clash["source"] == "policyspec"
        assert clash["relatedInformation"]
        # An edit of one file changes what is found in another, which is not open.
        client.open(other, HOUSE)
        client.change(other, HOUSE.replace("advertiser, ", "nonesuch, "), 2)
        assert "unknown_name" in rules(client.findings(other, 2))
        client.change(other, HOUSE, 3)
        assert "unknown_name" not in rules(client.findings(other, 3))
        assert client.stop() == 0


def test_what_is_over_is_cleared(folder):
    uri = (folder / "shop.policy").as_uri()
    with Client() as client:
        client.start(folder)
        client.open(uri, SHOP)
        client.findings(uri, 1)
        client.change(uri, "# nothing", 2)
        assert client.findings(uri, 2) == []
        # Closed, the document is what is saved.
        del client.diagnostics[uri]
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert "contradiction" in rules(client.findings(uri))
        client.stop()


def test_files_change_outside_of_the_editor(folder):
    shop, house = (folder / "shop.policy").as_uri(), (folder / "house.policy").as_uri()
    with Client(capabilities=DYNAMIC) as client:
        client.start(folder)
        client.open(shop, SHOP)
        client.findings(shop, 1)
        while not any(each["method"] == "client/registerCapability" for each in client.requests):
            client.take()

        def changed(uri: str, kind: int) -> None:
            client.diagnostics.clear()
            client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": kind}]})

        (folder / "house.policy").unlink()
        changed(house, 3)
        assert any("no file `house.policy`" in each["message"] for each in client.findings(shop))
        (folder / "house.policy").write_text(HOUSE, "utf-8")
        changed(house, 1)
        assert not any("no file" in each["message"] for each in client.findings(shop))
        (folder / "policyspec.toml").write_text('[rules]\ncontradiction = "warning"\n', "utf-8")
        changed((folder / "policyspec.toml").as_uri(), 1)
        assert {each["severity"] for each in client.findings(shop) if each["code"] == "contradiction"} == {2}
        client.stop()


def test_settings_with_faults_are_reported_where_they_are(folder):
    (folder / "policyspec.toml").write_text('[rules]\nno_such_rule = "off"\n', "utf-8")
    with Client() as client:
        client.start(folder)
        found = client.findings((folder / "policyspec.toml").as_uri())
        assert "no_such_rule" in found[0]["message"]
        assert found[0]["range"]["start"]["line"] == 1
        client.stop()


def test_only_open_documents_where_that_is_wanted(folder):
    shop, house = (folder / "shop.policy").as_uri(), (folder / "house.policy").as_uri()
    (folder / "house.policy").write_text("collect nonesuch", "utf-8")
    with Client(capabilities=DYNAMIC, settings={"diagnostics": {"scope": "openFiles"}}) as client:
        client.start(folder, options={"settings": {"diagnostics": {"scope": "openFiles"}}})
        client.open(shop, SHOP)
        client.findings(shop, 1)
        client.request("workspace/symbol", {"query": ""})
        assert not client.diagnostics.get(house, {}).get("diagnostics")
        client.more["settings"] = {"diagnostics": {"scope": "workspace"}}
        client.diagnostics.pop(house, None)
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        assert "unknown_name" in rules(client.findings(house))
        client.stop()


def test_several_folders_and_one_that_goes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.policy").write_text("collect nonesuch", "utf-8")
    one, two = ((tmp_path / name / "a.policy").as_uri() for name in ("one", "two"))
    with Client() as client:
        client.start(tmp_path / "one", tmp_path / "two")
        assert client.findings(one)
        assert client.findings(two)
        gone = {"uri": (tmp_path / "two").as_uri(), "name": "two"}
        client.diagnostics.clear()
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [gone]}})
        assert client.findings(two) == []
        client.stop()


def test_findings_on_request(folder):
    uri = (folder / "shop.policy").as_uri()
    capabilities = {"textDocument": {"diagnostic": {"dynamicRegistration": False}}}
    with Client(capabilities=capabilities) as client:
        result = client.start(folder)
        assert result["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"] is True
        client.open(uri, SHOP)
        report = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        assert "contradiction" in rules(report["items"])
        again = {"textDocument": {"uri": uri}, "previousResultId": report["resultId"]}
        assert client.request("textDocument/diagnostic", again)["kind"] == "unchanged"
        everything = client.request("workspace/diagnostic", {"previousResultIds": []})["items"]
        assert uri in {each["uri"] for each in everything}
        assert not client.diagnostics
        client.stop()


# ── Texts ──


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_positions_are_in_the_encoding_that_was_agreed_on(encoding, tmp_path):
    text = '# 😀\u2028 é\r\nparty us is "x"\r\nsection "😀é\u2028" { collect nonesuch }'
    line = text.split("\r\n")[2]
    column = len(
        line[: line.index("nonesuch")].encode({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, "utf-8"))
    )
    column //= {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    with Client(capabilities={"general": {"positionEncodings": [encoding]}}) as client:
        assert client.start(tmp_path)["capabilities"]["positionEncoding"] == encoding
        client.open("untitled:a", text)
        (found,) = [each for each in client.findings("untitled:a", 1) if each["code"] == "unknown_name"]
        assert found["range"]["start"] == {"line": 2, "character": column}
        client.stop()


def test_documents_without_a_file_work(tmp_path):
    with Client() as client:
        client.start(tmp_path)
        for uri in ("untitled:Untitled-1", "vscode-vfs://github/x/y/shop.policy"):
            client.open(uri, SHOP.replace('import "house.policy"\n', HOUSE))
            assert "contradiction" in rules(client.findings(uri, 1))
        client.stop()


# ── Requests ──


def test_a_request_in_the_wrong_words_is_answered(tmp_path):
    with Client() as client:
        client.start(tmp_path)
        with pytest.raises(RuntimeError, match="Invalid Params"):
            client.request("textDocument/formatting", {"textDocument": {}})
        client.open("untitled:a", "collect nonesuch")
        assert client.findings("untitled:a", 1)
        client.stop()


def test_requests_for_documents_that_there_are_not(folder):
    uri = "file:///no/such/file.policy"
    with Client() as client:
        client.start(folder)
        place = {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 1}}
        for method in ("hover", "completion", "definition", "documentSymbol", "foldingRange", "codeLens"):
            assert not client.request(f"textDocument/{method}", place)
        client.stop()


def test_positions_beyond_the_text_are_its_end(folder):
    uri = (folder / "shop.policy").as_uri()
    with Client() as client:
        client.start(folder)
        client.open(uri, SHOP)
        for line, character in ((1, 9999), (9999, 0), (0, 0)):
            place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
            for method in ("hover", "completion", "definition", "signatureHelp", "documentHighlight"):
                client.request(f"textDocument/{method}", place)
        assert client.stop() == 0
        assert b"Traceback" not in client.errors, client.errors.decode()


# ── The process ──


def test_it_ends_with_its_input(folder):
    client = Client()
    client.start(folder)
    client.process.stdin.close()
    assert client.process.wait(5) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="processes have no parents there")
def test_it_ends_with_the_editor(tmp_path):
    editor = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    client = Client()
    number = client.ask("initialize", {"processId": editor.pid, "rootUri": None, "capabilities": {}})
    client.wait_for(number)
    editor.send_signal(signal.SIGKILL)
    editor.wait()
    try:
        assert client.process.wait(10) == 1
    finally:
        client.process.kill()


def test_exit_without_shutdown_is_a_failure(tmp_path):
    client = Client()
    client.start(tmp_path)
    client.notify("exit")
    assert client.process.wait(5) == 1


@pytest.mark.parametrize("way", ["--tcp", "--ws"])
def test_it_listens_at_a_port(way, tmp_path):
    import asyncio
    import json
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    server = subprocess.Popen([sys.executable, "-m", "policyspec", "lsp", way, str(port)], env=environment)
    asked = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}}

    async def by_tcp() -> dict:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = json.dumps(asked).encode()
        writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        header = await reader.readuntil(b"\r\n\r\n")
        length = int(header.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        return json.loads(await reader.readexactly(length))

    async def by_ws() -> dict:
        from websockets.asyncio.client import connect

        async with connect(f"ws://127.0.0.1:{port}") as connection:
            await connection.send(json.dumps(asked))
            return json.loads(await connection.recv())

    async def answer() -> dict:
        until = time.monotonic() + 15
        while True:
            try:
                return await (by_tcp() if way == "--tcp" else by_ws())
            except OSError:
                assert time.monotonic() < until
                await asyncio.sleep(0.1)

    try:
        assert asyncio.run(answer())["result"]["serverInfo"]["name"] == "policyspec"
    finally:
        server.kill()
        server.wait()


def test_typing_into_it_says_what_it_is_for(capsys):
    from policyspec import cli

    assert cli.main(["lsp", "--tcp", "nonsense"]) == 2
    assert "is not a port" in capsys.readouterr().err
