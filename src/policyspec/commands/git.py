"""What has changed since a git revision."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from policyspec.arguments import Failure


def changed_since(revision: str) -> Callable[[str], bool]:
    """Says of a path whether the file there has changed since a revision, is new, or is gone; raises Failure."""
    if not revision or revision.startswith("-"):
        raise Failure(f"--changed-since: `{revision}` is no revision")
    top = _git(revision, "rev-parse", "--show-toplevel").removesuffix("\n")
    # A file of another name is a new one; and how the user likes to read differences is none of our business.
    plain = ("--name-only", "--no-renames", "--no-ext-diff", "--no-relative", "-z")
    changed = _git(revision, "-C", top, "diff", *plain, revision, "--")
    new = _git(revision, "-C", top, "ls-files", "--others", "--exclude-standard", "-z")
    names = {os.path.join(os.path.realpath(top), each) for each in (changed + new).split("\0") if each}

    def has_changed(path: str) -> bool:
        folder, name = os.path.split(os.path.abspath(path))
        # By its name, which may be a link's, or by what that leads to.
        return os.path.join(os.path.realpath(folder), name) in names or os.path.realpath(path) in names

    return has_changed


def _git(revision: str, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except OSError:
        raise Failure("--changed-since needs git") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise Failure(f"--changed-since {revision}: {lines[0]}")
    return os.fsdecode(done.stdout)
