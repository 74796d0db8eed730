"""A permission has a name that Android does not have.

Permission lists often name a group in place of a permission (`MICROPHONE`, `LOCATION`, `STORAGE`), or write a name
from memory. The name of a permission is what an app declares, what its store shows and what people find in the
settings; under another name nobody can tell which one it is. Recording, for example, needs `RECORD_AUDIO`:
`MICROPHONE` is the group that it is in.

Bad:

    collect microphone_audio for streaming under consent via android.MICROPHONE

Good:

    collect microphone_audio for streaming under consent via android.RECORD_AUDIO

Bad:

    permission mic is android.MICROPHONE "Microphone"
    collect microphone_audio for streaming under consent via mic
"""

from collections.abc import Iterator

from policyspec.diagnostic import Edit, Fix, Severity
from policyspec.lint import permissions
from policyspec.lint.facts import Facts, Finding, shown
from policyspec.scope import Definition
from policyspec.source import Span

PACK = "android"
LEVEL = Severity.WARNING
CITE = ("Android: Manifest.permission",)
HELP = "write the permission's own name"
FIX = "safe"


def check(policy: Facts) -> Iterator[Finding]:
    names = permissions.other_names(policy)
    for path in policy.sources:
        for reference in policy.resolutions[path].references.get(path, {}).values():
            term = reference.definition
            if term.is_defined or term.module != permissions.ANDROID:
                continue
            meant = permissions.behind(term, names)
            if meant:
                wanted = " or ".join(map(shown, meant))
                message = f"Android has no permission `{term.path}`: {wanted} is probably meant"
                # Which permission of a group is meant, only the author knows.
                fixes = tuple(_change(reference.span, each, is_safe=len(meant) == 1) for each in meant)
                yield Finding(message, path, reference.span, fixes=fixes)


def _change(span: Span, to: Definition, is_safe: bool) -> Fix:
    return Fix(f"change to `{to.qualified}`", (Edit(span, to.qualified),), safe=is_safe)
