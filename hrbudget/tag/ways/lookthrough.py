"""Look-through of transfers: money is tagged where it is spent, once.

    title: Where Exempelby's transfers go
    transfers:
      - id: rescue
        where: "function = '01.8'"
        to:
          - {administrative_unit: Räddningstjänsten, share: "0.7"}
          - {function: "03.2", function_scheme: cofog, share: "0.3"}

A transfer itself serves no right. What goes to a unit whose lines are in the same
budget is counted there, and here marked neutral. What goes to a function is tagged as
that function is. What goes to a unit of another budget is tagged as its lines are, in
proportion to their money. The rest stays untagged and is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any

import polars as pl
from pydantic import Field, model_validator

from hrbudget import money, yamlfile
from hrbudget.domain import columns
from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.domain.written import Filter, Share, millionths
from hrbudget.errors import InputRefused
from hrbudget.tag.ways import filters, written
from hrbudget.tag.ways.crosswalk import SCHEMES, crosswalk, is_transfer
from hrbudget.tag.ways.written import Name
from hrbudget.yamlfile import FileModel


class Receiver(FileModel):
    """Who or what gets a share of a transfer: a unit, or a purpose by its code."""

    administrative_unit: str | None = None
    function: str | None = None
    function_scheme: str | None = None
    share: Share = "1"

    @model_validator(mode="after")
    def _consistent(self) -> Receiver:
        if (self.administrative_unit is None) == (self.function is None):
            message = "either an administrative_unit or a function"
            raise ValueError(message)
        if self.function is not None and self.function_scheme not in SCHEMES:
            message = f"with a function, function_scheme: one of {', '.join(SCHEMES)}"
            raise ValueError(message)
        return self


class Transfer(FileModel):
    """Which lines are a transfer, and where its money goes."""

    id: Name
    where: Filter
    to: Annotated[tuple[Receiver, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _consistent(self) -> Transfer:
        if sum(millionths(each.share) for each in self.to) > money.WHOLE:
            message = "the shares of receivers add up to at most 1"
            raise ValueError(message)
        return self


class TransfersFile(FileModel):
    """The entity's transfers; of several that fit a line, the first counts."""

    title: str
    version: str = ""
    transfers: Annotated[tuple[Transfer, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Transfers:
    """A file of transfers that was read: id, file, version and what it says."""

    id: str
    file: str
    version: str
    body: TransfersFile


@dataclass(frozen=True)
class LookedThrough:
    """What is known of transfers.

    Attributes:
        tags: the columns of ``columns.TAGS``.
        left: ``line_id``, ``amount`` (minor units), ``untraced`` (millionths of the
            line), ``why``: transfers that are untagged, wholly or in part.
    """

    tags: pl.DataFrame
    left: pl.DataFrame


def parse(content: bytes, name: str) -> Transfers:
    """Read a file of transfers; ``name`` is used in messages and in criteria.

    Raises:
        InputRefused: with one issue per defect, each at its line and column.
    """
    body = yamlfile.parse(content, name, TransfersFile)
    version = written.version(content, body.version)
    return Transfers(PurePath(name).stem, name, version, body)


def look_through(
    lines: pl.DataFrame,
    transfers: Transfers,
    elsewhere: tuple[pl.DataFrame, pl.DataFrame] | None = None,
    author: str = written.AUTHOR,
) -> LookedThrough:
    """Tag transfers by where their money is spent.

    Args:
        lines: of the budget that pays.
        transfers: where the money goes.
        elsewhere: lines and tags of the budget that receives, where it is known.
        author: who tags.

    Raises:
        InputRefused: a filter reads what the lines do not have.
    """
    spent = lines.filter(EXPENDITURE)
    placed = spent.with_columns(
        transfer=_first(spent, transfers), by_code=_is_transfer_by_code()
    )
    ours = placed.filter(pl.col("transfer").is_null() & ~pl.col("by_code"))
    units = ours["administrative_unit"].unique().drop_nulls().to_list()
    rows: list[dict[str, object]] = []
    traced = []
    for number, transfer in enumerate(transfers.body.transfers):
        said, share = _follow(transfer, units, elsewhere)
        criterion = f"transfer.{transfers.id}.{transfer.id}@{transfers.version}"
        rows += [{"transfer": number, "criterion": criterion, **row} for row in said]
        traced.append(share)
    schema = columns.schema(columns.TAGS)
    known = pl.DataFrame(
        rows, {"transfer": pl.Int64, **{name: schema[name] for name in _SAID}}
    )
    made = placed.select("line_id", "transfer").join(
        known, on="transfer", maintain_order="left_right"
    )
    tags = written.completed(made, basis="crosswalk", author=author, state="proposed")
    return LookedThrough(tags, _left(placed, traced))


_TAG = ("right", "groups", "share", "share_low", "share_high", "effect", "objective")
_SAID = ("criterion", "evidence", *_TAG)


def _first(lines: pl.DataFrame, transfers: Transfers) -> pl.Series:
    """The number of the first transfer whose filter holds, for each line."""
    issues = []
    first = pl.repeat(None, lines.height, dtype=pl.Int64, eager=True)
    for number, transfer in enumerate(transfers.body.transfers):
        place = transfers.file, f"transfer {transfer.id}"
        missing = filters.absent(lines, transfer.where, (), place)
        issues += missing
        if not missing:
            holds = filters.holds(lines, transfer.where, filters.currency(lines), place)
            fits = holds.fill_null(value=False) & first.is_null()
            first = first.scatter(fits.arg_true(), number)
    if issues:
        raise InputRefused(issues)
    return first


def _is_transfer_by_code() -> pl.Expr:
    """Whether a line's own code says that it is a general transfer."""
    function, scheme = pl.col("function"), pl.col("function_scheme")
    said = [(scheme == name) & is_transfer(function, name) for name in SCHEMES]
    return pl.any_horizontal(said).fill_null(value=False)


def _follow(
    transfer: Transfer,
    units: list[str],
    elsewhere: tuple[pl.DataFrame, pl.DataFrame] | None,
) -> tuple[list[dict[str, object]], int]:
    """The tags of a transfer's lines, and how much of it could be followed."""
    rows: list[dict[str, object]] = []
    traced = 0
    for each in transfer.to:
        share = millionths(each.share)
        unit = each.administrative_unit
        if unit in units:
            note = "internal transfer, counted at the unit that spends it"
            evidence = f"{note}: {each.share} to {unit}"
            rows.append({"effect": "neutral", "share": 0, "evidence": evidence})
            traced += share
            continue
        if unit is None:
            found = _of_function(each)
            evidence = f"{each.share} of a transfer to {each.function_scheme} "
            evidence += str(each.function)
        else:
            found = _of_unit(unit, elsewhere)
            evidence = f"{each.share} of a transfer to {unit}, as its lines are tagged"
        rows += [_part(row, share, evidence) for row in found.iter_rows(named=True)]
        traced += share if found.height else 0
    return rows, traced


def _part(row: dict[str, Any], share: int, evidence: str) -> dict[str, object]:
    """A receiver's tag, for a share of the line; rounded down to a millionth."""
    shares = {
        name: row[name] * share // money.WHOLE
        for name in ("share", "share_low", "share_high")
        if row[name] is not None
    }
    return {**row, **shares, "evidence": evidence}


def _of_function(receiver: Receiver) -> pl.DataFrame:
    """The tags that the crosswalk gives to a function."""
    asked = {
        "line_id": "receiver",
        "direction": "expenditure",
        "function": receiver.function,
        "function_scheme": receiver.function_scheme,
    }
    made = crosswalk(pl.DataFrame([asked]), str(receiver.function_scheme))
    return made.tags.select(_TAG)


def _of_unit(
    unit: str, elsewhere: tuple[pl.DataFrame, pl.DataFrame] | None
) -> pl.DataFrame:
    """The tags of a unit's lines as shares of all its money, rounded down."""
    if elsewhere is None:
        return columns.empty(columns.TAGS).select(_TAG)
    lines, tags = elsewhere
    of_unit = EXPENDITURE & (pl.col("administrative_unit") == unit)
    money_of = lines.filter(of_unit).select(
        "line_id", weight=pl.col("amount").cast(pl.Int128).abs()
    )
    whole = money.total(money_of, pl.col("weight"))
    counted = tags.filter(pl.col("effect") != "neutral").join(money_of, on="line_id")
    if not whole:
        return counted.clear().select(_TAG)

    def part(name: str) -> pl.Expr:
        stated = pl.col(name).fill_null(pl.col("share"))
        return ((stated * pl.col("weight")).sum() // whole).cast(pl.Int64).alias(name)

    named = counted.with_columns(pl.col("groups").list.sort().list.join(";"))
    keys = ("right", "groups", "effect", "objective")
    shares = named.group_by(keys).agg(
        part("share"), part("share_low"), part("share_high")
    )
    return shares.sort(keys).with_columns(_groups_again()).select(_TAG)


def _groups_again() -> pl.Expr:
    """Groups as a list, from their text."""
    named = pl.col("groups").str.split(";")
    return named.list.eval(pl.element().filter(pl.element() != "")).alias("groups")


def _left(placed: pl.DataFrame, traced: list[int]) -> pl.DataFrame:
    """Transfers of which no tag and no unit of the budget speaks, at least in part."""
    shares = pl.DataFrame(
        {"transfer": range(len(traced)), "traced": traced},
        schema={"transfer": pl.Int64, "traced": pl.Int64},
    )
    apart = placed.filter(pl.col("transfer").is_not_null() | pl.col("by_code"))
    untraced = money.WHOLE - pl.col("traced").fill_null(0)
    unknown = pl.col("transfer").is_null()
    why = pl.when(unknown).then(pl.lit("nobody says where it goes"))
    return (
        apart.join(shares, on="transfer", how="left", maintain_order="left")
        .with_columns(
            untraced=untraced,
            why=why.otherwise(pl.lit("the receiver's lines or code are not known")),
        )
        .filter(pl.col("untraced") > 0)
        .select("line_id", "amount", "untraced", "why")
    )
