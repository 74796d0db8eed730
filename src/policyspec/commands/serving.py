"""`policyspec lsp`: the language server for editors."""

from __future__ import annotations

import argparse
import sys

from policyspec.arguments import Failure
from policyspec.console import OK


def serve(args: argparse.Namespace) -> int:
    """Serve an editor until it goes."""
    tcp, ws = (_address(each) if each is not None else None for each in (args.tcp, args.ws))
    if tcp is None and ws is None and sys.stdin.isatty():
        raise Failure(
            "an editor starts this command and speaks to it; there is nothing to type",
            "docs/editors.md says how to set up an editor; --tcp and --ws listen at a port",
        )
    from policyspec.lsp import lifecycle

    lifecycle.serve(tcp, ws, args.client_process_id)
    return OK


def _address(text: str) -> tuple[str, int]:
    """`PORT` or `HOST:PORT`."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise Failure(f"`{text}` is not a port, nor an address with one", "for example --tcp 2087")
    # What a policy says is nobody else's business unless they are asked in.
    return host or "127.0.0.1", int(port)
