"""Another year or phase of the same budget, which a rule holds this one against."""

from __future__ import annotations

from typing import Literal

from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.domain.rule import Datum
from hrbudget.rules.context import Context
from hrbudget.yamlfile import FileModel


class Against(FileModel):
    """The reference: years from the budget's own, and phase (the same if not said)."""

    fiscal_year: int
    phase: Literal["proposed", "approved", "adjusted", "executed"] | None = None


def reference(context: Context, against: Against) -> Ledger | Phrase:
    """The ledger of that year and phase; or why there is none to compare with."""
    ledger = context.ledger
    year = ledger.fiscal_year + against.fiscal_year
    phase = against.phase or ledger.phase
    if (year, phase) == (ledger.fiscal_year, ledger.phase):
        return ledger
    found = context.reference(year, phase)
    if found is None:
        return Phrase(
            N_("no budget, or more than one, holds {year} {phase}"),
            {"year": str(year), "phase": Phrase(phase)},
        )
    if found.currency != ledger.currency:
        values = {"one": found.currency, "other": ledger.currency}
        return Phrase(N_("{one} cannot be compared with {other}"), values)
    return found


def datum(context: Context, found: Ledger) -> tuple[Datum, ...]:
    """Where the reference amounts come from; none where it is the budget itself."""
    if found is context.ledger:
        return ()
    age = context.ledger.fiscal_year - found.fiscal_year
    return (Datum(f"budget {found.phase}", found.fiscal_year, found.budget, age),)
