"""Which lines stand behind a total: by right, by family of rights, by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from hrbudget.domain import taxonomy
from hrbudget.domain.ledger import EXPENDITURE, Ledger
from hrbudget.domain.places import Places

#: Rights that lines support or restrict; supported rights with all below them; groups.
Side = Literal["supports", "restricts", "family", "group"]


@dataclass(frozen=True)
class TaggedLines:
    """The lines of expenditure behind each total of a ledger.

    Attributes:
        spent: all of them.
        tagged: those that support a right.
        named: side → name → positions of lines, in order.
    """

    spent: Places
    tagged: Places
    named: Mapping[str, Mapping[str, pl.Series]]

    def places(self, side: str, name: str) -> Places:
        """Lines behind a total; none where no line is tagged so."""
        none = self.spent.positions.clear()
        return Places(self.spent.names, self.named[side].get(name, none))


def tagged_lines(ledger: Ledger) -> TaggedLines:
    """The lines behind each total, worked out once for a ledger."""
    return ledger.once("tagged_lines", lambda: _tagged_lines(ledger))


def _tagged_lines(ledger: Ledger) -> TaggedLines:
    spent = ledger.lines.filter(EXPENDITURE)["line"]
    chosen = ledger.tags.join(spent.to_frame(), on="line", how="semi")
    tags = chosen.select("line", "right", "groups", "effect")
    supports = tags.filter(pl.col("effect") == "supports")
    restricts = tags.filter(pl.col("effect") == "restricts")
    tops = pl.col("right").replace(taxonomy.rights().tops)
    groups = supports.select("line", member="groups").explode("member")
    named = {
        "supports": supports.select("line", name="right"),
        "restricts": restricts.select("line", name="right"),
        "family": supports.select("line", name=tops),
        "group": groups.join(taxonomy.groups().includes, on="member").select(
            "line", "name"
        ),
    }
    names = ledger.line_ids
    return TaggedLines(
        Places(names, spent),
        Places(names, supports["line"].unique().sort()),
        {side: _by_name(frame) for side, frame in named.items()},
    )


def _by_name(frame: pl.DataFrame) -> dict[str, pl.Series]:
    """Name → positions, each once and in order."""
    found = frame.drop_nulls().unique().sort("name", "line")
    grouped = found.group_by("name", maintain_order=True).agg("line")
    return dict(zip(grouped["name"].to_list(), grouped["line"], strict=True))


def family(right: str) -> str:
    """The topmost right that this one is part of; itself where there is none."""
    return taxonomy.rights().tops.get(right, right)
