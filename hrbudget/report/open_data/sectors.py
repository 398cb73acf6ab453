"""What an activity is about, from the tags of its lines: purposes, rights, goals.

Shares are shares of expenditure over all budgets that the file holds of the activity.
A right leads to the purpose code of the DAC that ``data/open_data/rights_purposes.csv``
gives (the project's own work, a reason beside each); money without a tag is 99810,
sectors not specified. Only ``supports`` counts, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

import polars as pl

from hrbudget.domain import taxonomy
from hrbudget.report.open_data import codes, shares
from hrbudget.report.open_data.weighed import Weighed

#: Money that no tag speaks for; as a purpose of the DAC, and among the rights.
NOT_SPECIFIED, UNTAGGED = "99810", "_untagged"


@cache
def purposes() -> dict[str, str]:
    """Right → purpose code."""
    frame = pl.read_csv(codes.OPEN_DATA / "rights_purposes.csv", infer_schema=False)
    return dict(frame.select("right", "purpose").iter_rows())


def by_right(parts: Iterable[Weighed]) -> dict[str, Fraction]:
    """Expenditure by right, in minor units, with what is untagged."""
    found: dict[str, Fraction] = {}
    for part in parts:
        tagged = part.tags.filter(pl.col("effect") == "supports")
        rest = part.spent
        for (right,), mine in tagged.group_by("right", maintain_order=True):
            money_of = part.money_of(mine)
            rest -= money_of
            name = str(right or UNTAGGED)
            found[name] = found.get(name, Fraction(0)) + money_of
        found[UNTAGGED] = found.get(UNTAGGED, Fraction(0)) + rest
    return found


def of_rights(money_by: dict[str, Fraction]) -> dict[str, str]:
    """Right → per cent; all of it untagged where there is no money."""
    return _shares(money_by, UNTAGGED)


def of_purposes(money_by: dict[str, Fraction]) -> dict[str, str]:
    """Purpose code of the DAC → per cent."""
    found: dict[str, Fraction] = {}
    for right, amount in money_by.items():
        code = purposes().get(right, NOT_SPECIFIED)
        found[code] = found.get(code, Fraction(0)) + amount
    return _shares(found, NOT_SPECIFIED)


def _shares(money_by: dict[str, Fraction], otherwise: str) -> dict[str, str]:
    if not any(each > 0 for each in money_by.values()):
        return {otherwise: "100"}
    return shares.percentages(money_by)


def rights(parts: Iterable[Weighed]) -> list[str]:
    """Rights that are supported, in order; without the pseudo rights."""
    found = (_names(part.tags, "right") for part in parts)
    return sorted({each for names in found for each in names if each[0] != "_"})


def groups(parts: Iterable[Weighed]) -> list[str]:
    """Groups whose rights are supported, in order; not everybody."""
    found = (_names(part.tags.explode("groups"), "groups") for part in parts)
    return sorted({each for names in found for each in names} - {"all"})


def _names(tags: pl.DataFrame, column: str) -> list[str]:
    supports = tags.filter((pl.col("effect") == "supports") & (pl.col("share") > 0))
    return [str(each) for each in supports[column].drop_nulls().unique().to_list()]


def goals(named: Iterable[str], targets: Iterable[str]) -> list[str]:
    """Numbers of the sustainable development goals, without shares of money.

    The goals of the targets that a publisher states, and of each right all of whose
    main targets (``sdg_targets_primary`` of ``rights.csv``) lie in one goal. A right
    that serves many goals tells none of them.
    """
    found = {each.partition(".")[0] for each in targets}
    for right in named:
        mine = _goals_of_rights().get(right, frozenset())
        found |= mine if len(mine) == 1 else frozenset()
    return sorted(found, key=int)


@cache
def _goals_of_rights() -> dict[str, frozenset[str]]:
    path = taxonomy.DATA / "taxonomies" / "rights.csv"
    frame = pl.read_csv(path, infer_schema=False).with_columns(pl.all().fill_null(""))
    pairs = frame.select("id", "sdg_targets_primary").iter_rows()
    return {
        name: frozenset(each.partition(".")[0] for each in text.split(";") if each)
        for name, text in pairs
    }
