"""A client of the language server that sends and reads plain JSON, as an editor does over pipes."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src"


class Client:
    """A server process, and what has come from it. Requests block until they are answered."""

    def __init__(self, *arguments: str, command: list[str] | None = None, capabilities: Any = None, **more: Any):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])}
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "policyspec", "lsp", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
        )  # fmt: skip
        self.messages: queue.Queue[Any] = queue.Queue()
        self.diagnostics: dict[str, Any] = {}
        self.notifications: list[Any] = []
        self.requests: list[Any] = []
        self.errors = b""
        self.answers: dict[Any, Any] = {}
        self._ids = itertools.count(1)
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._read, self._read_errors)]
        for each in self._threads:
            each.start()
        self.capabilities = {} if capabilities is None else capabilities
        self.more = more

    # ── Messages ──

    def _read(self) -> None:
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line or not length:
                break
            self.messages.put((time.perf_counter(), json.loads(stream.read(length))))
        self.messages.put((0.0, None))

    def _read_errors(self) -> None:
        for line in self.process.stderr:
            self.errors += line

    def send(self, message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params if params is not None else {}})

    def ask(self, method: str, params: Any = None) -> int:
        """Send a request, and do not wait for the answer."""
        number = next(self._ids)
        self.send({"id": number, "method": method, "params": params})
        return number

    def take(self, timeout: float = 20.0) -> Any:
        """The next message, after what every client does with it."""
        at, message = self.messages.get(timeout=timeout)
        if message is None:
            raise ConnectionError(f"the server is gone: {self.errors.decode(errors='replace')}")
        self.at = at
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]
        elif method and "id" in message:
            self.requests.append(message)
            self.send({"id": message["id"], "result": self.answer(method, message.get("params"))})
        elif method:
            self.notifications.append(message)
        else:
            self.answers[message["id"]] = message
        return message

    def answer(self, method: str, params: Any) -> Any:
        if method == "workspace/configuration":
            return [self.more.get("settings") for _ in params["items"]]
        return None

    def wait_for(self, number: int, timeout: float = 20.0) -> Any:
        """The answer to a request, its result or its error."""
        until = time.monotonic() + timeout
        while number not in self.answers:
            self.take(max(until - time.monotonic(), 0.001))
        return self.answers.pop(number)

    def request(self, method: str, params: Any = None, timeout: float = 20.0) -> Any:
        answer = self.wait_for(self.ask(method, params), timeout)
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        return answer.get("result")

    # ── What an editor does ──

    def start(self, *folders: Path | str, options: Any = None, locale: str | None = None) -> Any:
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": None,
                "capabilities": self.capabilities,
                "locale": locale,
                "workspaceFolders": [{"uri": Path(each).as_uri(), "name": Path(each).name} for each in folders],
                "initializationOptions": options,
            },
        )
        self.notify("initialized")
        return result

    def open(self, uri: str, text: str, version: int = 1) -> None:
        document = {"uri": uri, "languageId": "policy", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, text: str, version: int) -> None:
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def findings(self, uri: str, version: int | None = None, timeout: float = 20.0) -> list[Any]:
        """What is published for a document, or will be, for a version of it or without one."""
        until = time.monotonic() + timeout
        while uri not in self.diagnostics or (version and self.diagnostics[uri].get("version") != version):
            self.take(max(until - time.monotonic(), 0.001))
        return self.diagnostics[uri]["diagnostics"]

    def stop(self) -> int:
        """Shut the server down; its exit code."""
        if self.process.poll() is None:
            self.request("shutdown")
            self.notify("exit")
        code = self.process.wait(10)
        for each in (self.process.stdin, self.process.stdout, self.process.stderr):
            each.close()
        return code

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: Any) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
