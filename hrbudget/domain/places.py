"""Some lines of a ledger, named when somebody asks for their names."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, eq=False)
class Places:
    """Some lines of a ledger: ``names`` of all its lines, ``positions`` of these."""

    names: pl.Series
    positions: pl.Series

    @property
    def ids(self) -> tuple[str, ...]:
        """Their ids, in order."""
        return tuple(self.names.gather(self.positions.sort()).to_list())
