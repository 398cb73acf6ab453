"""Code lists of IATI: the codes alone, so that a wrong one is refused where it stands.

``data/open_data/iati_codes.csv`` holds the codes in force in June 2026 of the lists
that a publisher may name. What they mean stands at
https://iatistandard.org/en/iati-standard/203/codelists/.
"""

from __future__ import annotations

from functools import cache

import polars as pl
from babel.core import Locale

from hrbudget.domain.taxonomy import DATA

OPEN_DATA = DATA / "open_data"

#: Words of ``publisher.yaml`` → code of IATI.
STATUS = {
    "pipeline": "1",
    "implementation": "2",
    "finalisation": "3",
    "closed": "4",
    "cancelled": "5",
    "suspended": "6",
}
ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
SIGNIFICANCE = {"not_targeted": "0", "significant": "1", "principal": "2"}
TRANSACTIONS = {
    "incoming_funds": "1",
    "outgoing_commitment": "2",
    "disbursement": "3",
    "expenditure": "4",
    "interest_payment": "5",
    "reimbursement": "7",
    "incoming_commitment": "11",
    "outgoing_pledge": "12",
    "incoming_pledge": "13",
}


@cache
def known(codelist: str) -> frozenset[str]:
    """The codes of a list, such as ``OrganisationType``."""
    frame = pl.read_csv(OPEN_DATA / "iati_codes.csv", infer_schema=False)
    return frozenset(frame.filter(pl.col("list") == codelist)["code"].to_list())


def require(codelist: str, code: str) -> str:
    """The code, where the list has it.

    Raises:
        ValueError: the list has none like it.
    """
    if code not in known(codelist):
        message = f"{code!r} is no code of IATI's list {codelist}"
        raise ValueError(message)
    return code


def require_country(code: str) -> str:
    """The code, where ISO 3166-1 has it (as CLDR carries it).

    Raises:
        ValueError: it is no country.
    """
    territories = Locale("en").territories
    if len(code) != 2 or not code.isalpha() or code not in territories or code == "ZZ":
        message = f"{code!r} is no country of ISO 3166-1, such as SE"
        raise ValueError(message)
    return code
