"""Grants for tests: written as grants.yaml has them, everything else by default."""

from __future__ import annotations

from collections.abc import Sequence

from hrbudget.domain.grant import Grant
from hrbudget.domain.ledger import Ledger
from hrbudget.ingest import grants
from tests.make import Row, book

AGREED = """
- project: P
  fund: sida
  title: Open decisions
  title_sv: Öppna beslut
  donor: {name: ICLD, headings: icld}
  agreement: {number: "1", signed: 2024-01-01, begins: 2024-01-01, ends: 2025-12-31}
  currency: SEK
  method: {name: first_in_first_out, source: instruction}
  opening: {amount: "0", document: ledger of 2023}
"""


def stated(more: str = "", agreed: str = AGREED) -> Grant:
    """A grant with more keys, each line of which is written from the left edge."""
    lines = [f"  {line}" for line in more.strip("\n").splitlines()]
    return grants.parse("\n".join([agreed.rstrip(), *lines]).encode())[0]


def budget(lines: Sequence[Row], year: int = 2024, phase: str = "executed") -> Ledger:
    """A budget of the project; ``amount`` is whole kronor or decimal text."""
    common: Row = {"project": "P", "fund": "sida", "party": "swedish"}
    return book([{**common, **each} for each in lines], fiscal_year=year, phase=phase)
