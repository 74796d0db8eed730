"""Generate library/core/places.policy: every country and territory of ISO 3166-1.

    pip install babel pycountry
    python tests/generate_places.py > src/policyspec/library/core/places.policy

Codes come from pycountry, English and Chinese names from the CLDR data in Babel; membership of the
European Union and the European Economic Area is stated here. The same versions give the same text.
"""

from collections.abc import Iterator

import pycountry
from babel import Locale
from babel.core import get_cldr_version

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
EEA_ONLY = frozenset({"IS", "LI", "NO"})  # every place in the EU is also in the EEA
ALIASES = {"AE": "UAE", "GB": "UK", "US": "USA"}

HEAD = """\
# Places: the countries and territories of ISO 3166-1, each named by its alpha-2 code.
#
# Generated; do not edit by hand. Names are those of the Unicode CLDR, version {cldr}, unchanged
# (Copyright © 2004-2025 Unicode, Inc., Unicode License v3).
# A territory with a code of its own is below no other country.

# ── Groups ──

place world "World"@en "世界"@zh {{ root: yes  definition: "Everywhere" }}
place EEA is world "European Economic Area"@en "欧洲经济区"@zh
place EU is EEA "European Union"@en "欧盟"@zh

# ── Countries and territories ──

"""


def generate() -> str:
    """The whole text of places.policy."""
    return HEAD.format(cldr=get_cldr_version()) + "".join(countries())


def countries() -> Iterator[str]:
    """One declaration for each country, in the order of the codes."""
    english, chinese = Locale("en").territories, Locale("zh").territories
    for code in sorted(country.alpha_2 for country in pycountry.countries):
        yield f'place {code} is {parent(code)} "{english[code]}"@en "{chinese[code]}"@zh {body(code)}\n'


def parent(code: str) -> str:
    """The smallest group that the country is in."""
    return "EU" if code in EU else "EEA" if code in EEA_ONLY else "world"


def body(code: str) -> str:
    """The country's fields."""
    if code in ALIASES:
        return f'{{\n  iso:   "{code}"\n  alias: "{ALIASES[code]}"\n}}'
    return f'{{ iso: "{code}" }}'


if __name__ == "__main__":
    print(generate(), end="")
