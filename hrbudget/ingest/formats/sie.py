"""SIE 3 and 4, the files of Swedish accounting programs, become a table of text cells.

Read are the records of one kind, by `sie:` of the mapping: #PBUDGET (the budget by
period), #PSALDO (the outcome by period) or #RES (the outcome of the year). A record
becomes a row with the columns of ``COLUMNS`` and two for each dimension (#DIM): the
object under "1 Kostnadsställe", its name under "1 Kostnadsställe name".

In SIE debit is positive and credit negative, so costs are positive and revenue is
negative. ``amount`` is what the file says: its sum is the net cost, the way Swedish
municipalities grant money. ``amount_by_side`` has the sign of the revenue accounts
turned, so that budgeted fees of 100 are 100 in revenue, as in any table of a budget; a
correction on the other side stays negative. ``side`` says which accounts are revenue
and which are no part of a budget of costs and revenue (balance, result).
"""

from __future__ import annotations

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import sie_text
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.table import ROW, Table

#: What a row has, whatever the file; ``side`` must be read as direction.
COLUMNS = (
    "record",
    "fiscal_year",
    "period",
    "account",
    "account_name",
    "kind",
    "account_group",
    "side",
    "objects",
    "level",
    "occurrence",
    "amount",
    "amount_by_side",
    "currency",
    "entity",
)

_MEANING = {
    "PBUDGET": "the budget by period",
    "PSALDO": "the outcome by period",
    "RES": "the outcome of the year",
}

#: Records → the mapping for them that comes with the program.
SHIPPED = {
    "PBUDGET": "sie_budget",
    "PSALDO": "sie_outcome",
    "RES": "sie_outcome_year",
}

#: Dimensions that the standard names itself.
_RESERVED = {
    "1": "Kostnadsställe",
    "2": "Kostnadsbärare",
    "6": "Projekt",
    "7": "Anställd",
    "8": "Kund",
    "9": "Leverantör",
    "10": "Faktura",
}

#: Class, or two digits of class 8, of an account → its side. Class 8 differs between
#: the charts: municipalities keep taxes and grants there, companies their finances.
_SIDES = {
    "1": "balance",
    "2": "balance",
    "3": "revenue",
    "4": "expenditure",
    "5": "expenditure",
    "6": "expenditure",
    "7": "expenditure",
    "9": "internal",
    "89": "result",
}
_MUNICIPAL = {
    "80": "revenue",
    "82": "revenue",
    "83": "expenditure",
    "84": "revenue",
    "85": "expenditure",
    "87": "revenue",
    "88": "expenditure",
}
_COMPANY = {
    "80": "revenue",
    "81": "revenue",
    "82": "revenue",
    "83": "revenue",
    "84": "expenditure",
}

_KEY = ("fiscal_year", "period", "account", "objects")


def read(content: bytes, name: str, mapping: Mapping) -> Table | DataIssue:
    """The records of the kind that ``mapping.sie`` names, as a table.

    Args:
        content: the bytes of the file, in whatever character set they are.
        name: of the file, for messages.
        mapping: says which records, and the character set where it is known.

    Returns:
        Text columns ``COLUMNS`` and two for each dimension, with ``ROW`` = line of the
        file; or an issue where the file holds no such records, the character set
        cannot be told, or an amount would be counted twice.
    """
    text = sie_text.read(content, name, mapping.encoding)
    if isinstance(text, DataIssue):
        return text
    wanted = mapping.sie
    records = text.records(wanted)
    if records.is_empty():
        return _none(text, name, wanted)
    cells = _amounts(_named(_repeated(records), text, wanted))
    issue = _counted_twice(cells, name, mapping)
    if issue:
        return issue
    cells = cells.select(ROW, *COLUMNS, *_dimensions(cells, text))
    text_cells = pl.exclude(ROW)
    cells = cells.with_columns(pl.when(text_cells != "").then(text_cells))
    notes = [*text.notes, *_notes(text, wanted, cells)]
    return Table(cells, "", 1, tuple(notes))


def _none(text: sie_text.SieText, name: str, wanted: str) -> DataIssue:
    """There is no record of the kind; say which kinds there are."""
    counts = {label: text.counts.get(label, 0) for label in _MEANING}
    others = [label for label, count in counts.items() if count]
    told = [f"{counts[label]} #{label} ({_MEANING[label]})" for label in others]
    if not told and text.counts.get("TRANS"):
        told = [f"vouchers only ({text.counts['TRANS']} #TRANS)"]
    advice = (
        "say "
        + " or ".join(f"--mapping {SHIPPED[label]}" for label in others)
        + ", which comes with the program, or sie: in a mapping file of your own"
        if others
        else "export it from the accounting program again, as SIE type 3 or 4 with "
        "period budgets"
    )
    found = ", ".join(told) or "neither budget nor outcome"
    return DataIssue(
        name, f"no #{wanted}; {found}", f"#{wanted} ({_MEANING[wanted]})", advice
    )


def _repeated(records: pl.DataFrame) -> pl.DataFrame:
    """Say of each record the how-manieth of its key it is, and whose part it is."""
    key = ["year", "period", "account"]
    whole = pl.col("objects") == ""
    return records.with_columns(
        occurrence=pl.col(ROW).rank("ordinal").over(*key, "objects").cast(pl.String),
        level=pl.when(whole)
        .then(pl.lit("account"))
        .when(whole.any().over(key))
        .then(pl.lit("part"))
        .otherwise(pl.lit("object")),
    )


def _named(records: pl.DataFrame, text: sie_text.SieText, wanted: str) -> pl.DataFrame:
    """Years, names of accounts and what else the file's head says of every record."""
    sides = _SIDES | (_MUNICIPAL if "KOMMUN" in text.chart.upper() else _COMPANY)
    kind, group = pl.col("account").str.head(1), pl.col("account").str.head(2)
    by_group = group.replace_strict(sides, default=None, return_dtype=pl.String)
    by_kind = kind.replace_strict(sides, default=None, return_dtype=pl.String)
    return records.with_columns(
        record=pl.lit(wanted),
        fiscal_year=_looked_up("year", text.years),
        account_name=_looked_up("account", text.accounts),
        kind=kind,
        account_group=group,
        side=pl.coalesce(by_group, by_kind, pl.lit("unclear")),
        currency=pl.lit(text.currency),
        entity=pl.lit(text.entity or None, pl.String),
    )


def _looked_up(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, default=None, return_dtype=pl.String)


def _amounts(cells: pl.DataFrame) -> pl.DataFrame:
    """The amount as it stands, and with the sign of revenue turned."""
    amount = pl.col("amount")
    zero = amount.str.contains(r"^[-+]?0*\.?0*$")
    turned = (
        pl.when(zero)
        .then(amount.str.strip_prefix("-"))
        .when(amount.str.starts_with("-"))
        .then(amount.str.strip_prefix("-"))
        .otherwise(pl.lit("-") + amount.str.strip_prefix("+"))
    )
    by_side = pl.when(pl.col("side") == "revenue").then(turned).otherwise(amount)
    return cells.with_columns(amount_by_side=by_side)


def _counted_twice(
    cells: pl.DataFrame, name: str, mapping: Mapping
) -> DataIssue | None:
    """An issue where an amount stands twice and the mapping does not say what to do."""
    said = " ".join(
        [each.where for each in mapping.leave_out]
        + [*mapping.line_id, *mapping.columns.values()]
    )
    parts = cells.filter(level="part")
    if parts.height and "level" not in said:
        return DataIssue(
            name,
            f"{parts.height} #{mapping.sie} by object beside one of the whole account",
            "each amount once",
            "say in a mapping file which to leave out: `leave_out: [{where: "
            "\"level = 'part'\", why: …}]` (or level = 'account' where the objects "
            "hold all of it)",
            row=parts[ROW][0],
        )
    # A record that could not be read has no account, and is told with its amount.
    again = cells.filter(pl.col("occurrence") != "1", pl.col("account").is_not_null())
    if again.height and "occurrence" not in said:
        first = cells.filter(pl.col(ROW) < again[ROW][0]).join(
            again.head(1), on=_KEY, how="semi", nulls_equal=True
        )
        return DataIssue(
            name,
            f"#{mapping.sie} of the same year, period, account and objects a second "
            f"time (first in row {first[ROW][0]}); {again.height} rows in all",
            "each amount once",
            "say in a mapping file `leave_out: [{where: \"occurrence <> '1'\", why: "
            "…}]` where a later one repeats it, or `line_id: [account, period, "
            "objects, occurrence]` where both count",
            row=again[ROW][0],
        )
    return None


def _dimensions(cells: pl.DataFrame, text: sie_text.SieText) -> list[pl.Series]:
    """For each dimension the object of every record, and the object's name."""
    lists = {each: sie_text.objects(each) for each in cells["objects"].unique()}
    used = {number for pairs in lists.values() for number in pairs}
    numbers = sorted({*text.dimensions, *used}, key=lambda each: (len(each), each))
    columns = []
    for number in numbers:
        title = text.dimensions.get(number, _RESERVED.get(number, "dimension"))
        held = {each: pairs.get(number) for each, pairs in lists.items()}
        names = {
            each: text.objects.get((number, code)) if code else None
            for each, code in held.items()
        }
        header = f"{number} {title}"
        for head, words in ((header, held), (f"{header} name", names)):
            column = cells["objects"].replace_strict(words, return_dtype=pl.String)
            columns.append(column.alias(head))
    return columns


def _notes(text: sie_text.SieText, wanted: str, cells: pl.DataFrame) -> list[str]:
    """What was read, what was not, and how its signs are to be understood."""
    notes = [f"{cells.height} #{wanted} ({_MEANING[wanted]}) read"]
    others = [
        f"{text.counts[label]} #{label}"
        for label in (*_MEANING, "TRANS", "IB", "UB")
        if label != wanted and label in text.counts
    ]
    if others:
        notes.append("not read: " + ", ".join(others))
    sides = cells["side"].value_counts(sort=True).sort("side")
    counted = ", ".join(f"{count} {side}" for side, count in sides.iter_rows())
    notes.append(
        f"sides of the accounts: {counted}; amount is as written (revenue negative), "
        "amount_by_side has revenue positive"
    )
    return notes
