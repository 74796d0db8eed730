"""Nothing is said of deleting information when it is no longer needed.

The handler itself deletes information, without being asked, when the purpose is achieved or out of reach, the
service or the period of retention ends, or consent is withdrawn. A duty to delete or anonymise counts, and so does a
period after which information is no longer kept. A right to ask for deletion is not enough: people may use it where
the handler has not deleted what it should have.

Bad:

    collect email for newsletter under consent
    grant deletion via email

Good:

    collect email for newsletter under consent
    must delete personal when purpose_achieved, withdrawal, service_end

Good:

    collect email for newsletter under consent
    store email keep 2 years after last_contact
"""

import datetime
from collections.abc import Iterator

from policyspec.diagnostic import Severity
from policyspec.lint import sets
from policyspec.lint.facts import Facts, Finding
from policyspec.statements import OBJECTS

PACK = "cn.pipl"
LEVEL = Severity.WARNING
CITE = ("PIPL art. 47(1)", "Network data regulations (2024) art. 21(1)(3)")
HELP = "say when it is deleted or anonymised, as in `must delete personal when purpose_achieved, withdrawal`"
STATUS = "in_force"
SINCE = datetime.date(2021, 11, 1)
ABSENCE = True


def check(policy: Facts) -> Iterator[Finding]:
    kept = sets.doing(policy, "collect", "store") & sets.writing(policy, OBJECTS, "data", "personal")
    if not kept & sets.practices(policy):
        return
    ended = sets.doing(policy, "delete", "anonymise") | sets.keeping(policy, "lasting", "until", "while")
    if ended & sets.promises(policy):
        return
    yield policy.of_policy("nothing is said of deleting information that is no longer needed")
