"""What ``hrbudget tag`` says of what it did."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hrbudget.cli.output import as_csv, as_json, as_table, note

if TYPE_CHECKING:
    import polars as pl

    from hrbudget.pipeline.tagging import Tagged
    from hrbudget.workspace.bench import Bench

#: Columns of money in minor units, and of shares in millionths.
_MONEY = ("amount", "tagged", "before", "after", "change", "key_amount")
_SHARES = ("untraced", "served", "less", "more", "share")

#: Rows of a table that a screen shows; ``--format json`` has them all.
_MOST_ROWS = 20

#: One sentence a row.
_SENTENCES = {
    "unmatched": "No right for function {function}: {lines} lines stay untagged.",
    "transfers": "{lines} lines of function {function} are transfers: --look-through.",
}

_SAID = {
    "rules": "Rules",
    "without_a_weight": "Marks without a weight in force; enter one with --weight",
    "not_screened": "Lines without a mark: nobody has screened them",
    "not_followed": "Transfers that could not be followed",
    "overhead": "Overhead by key, and how far each answer is from the first",
    "overhead_by_right": "What each key gives each right",
    "overhead_left": "Overhead that nothing carries",
    "not_carried": "Tags that could not be carried, with their money",
    "changed": "Lines whose code or name is another",
    "without_tags": "Lines that got no tag",
    "unknown_codes": "Old codes that the other budget does not have",
    "changes": "What was taken over from the workbook",
    "conflicts": "Conflicts, left as they are here",
}


def say(done: Tagged, bench: Bench, style: str) -> None:
    """Print the outcome of tagging; in a preview, the money it would move."""
    told = {name: _cells(rows, bench) for name, rows in done.told.items()}
    moved = _cells(bench.moved(done), bench) if bench.preview else []
    record = _record(done)
    if style == "json":
        stored = {"stored": not bench.preview}
        as_json({**record, **stored, **told, **({"moved": moved} if moved else {})})
    elif style == "csv" and moved:
        as_csv(list(moved[0]), [list(row.values()) for row in moved])
    elif style == "csv":
        as_csv(list(record), [list(record.values())])
    else:
        _table(record, told, moved)


def _record(done: Tagged) -> dict[str, Any]:
    merged = done.merged
    return {
        "tags": merged.tags.height,
        "lines_set": merged.set_lines,
        "lines_same": merged.same_lines,
        "lines_left_alone": merged.kept_lines,
        **done.counts,
    }


def _table(
    record: dict[str, Any],
    told: dict[str, list[dict[str, str]]],
    moved: list[dict[str, str]],
) -> None:
    as_table("", ("tags", ""), [(name, f"{record[name]:,}") for name in record])
    for name, rows in told.items():
        for row in rows if name in _SENTENCES else ():
            filled = {key: cell or f"(no {key})" for key, cell in row.items()}
            note(_SENTENCES[name].format(**filled))
        if rows and name not in _SENTENCES:
            _say_rows(_SAID.get(name, name), rows)
    shown = [row for row in moved if row["change"].strip("-0.") or not row["right"]]
    if moved:
        note("Nothing was stored. It would move:")
        as_table("", list(moved[0]), [list(row.values()) for row in shown], "  >>>>>")


def _say_rows(title: str, rows: list[dict[str, str]]) -> None:
    """A few rows as notes; results stay alone on standard output."""
    note(f"{title}:")
    for row in rows[:_MOST_ROWS]:
        note("  " + ", ".join(f"{name} {cell}" for name, cell in row.items() if cell))
    if len(rows) > _MOST_ROWS:
        note(f"  … and {len(rows) - _MOST_ROWS:,} more (--format json has them all)")


def _cells(rows: pl.DataFrame, bench: Bench) -> list[dict[str, str]]:
    """Rows as text: money as decimals, shares as decimals, lists with semicolons."""
    return [
        {name: _text(name, cell, bench.currency) for name, cell in row.items()}
        for row in rows.iter_rows(named=True)
    ]


def _text(name: str, cell: Any, currency: str) -> str:  # noqa: ANN401  (any column)
    from hrbudget import money

    if cell is None:
        return ""
    if name in _MONEY:
        return money.to_text(Fraction(cell), currency)
    if name in _SHARES:
        return money.number_text(Fraction(cell, money.WHOLE), money.SHARE_DECIMALS)
    return ";".join(cell) if isinstance(cell, list) else str(cell)
