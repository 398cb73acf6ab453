"""Printing: results on standard output, progress and notes on standard error."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click


def note(text: str) -> None:
    """Say something that is no result."""
    click.echo(text, err=True)


def write_new(file: Path, content: bytes, *, force: bool) -> None:
    """Write a file that is not there, or says just this; a colleague may work in it.

    Raises:
        CallRefused: another file of that name is there and ``--force`` was not said.
    """
    from hrbudget.errors import CallRefused

    if file.exists() and not force and file.read_bytes() != content:
        message = (
            f"{file} is there already, and somebody may have worked in it. Nothing was "
            "written: name another file, or say --force."
        )
        raise CallRefused(message)
    file.write_bytes(content)


def as_json(record: object) -> None:
    """Print a record as JSON."""
    click.echo(json.dumps(record, indent=1, ensure_ascii=False))


def as_csv(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows as CSV; text that a spreadsheet would run as a formula is escaped."""
    for row in (headers, *rows):
        click.echo(_csv_row([_safe(cell) for cell in row]))


def as_rows(headers: Sequence[str], rows: Sequence[Sequence[str]], style: str) -> None:
    """Print rows in the style asked for: records as JSON, CSV, or a table."""
    if style == "json":
        as_json([dict(zip(headers, row, strict=True)) for row in rows])
    elif style == "csv":
        as_csv(headers, rows)
    else:
        as_table("", headers, rows)


def as_table(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[str]], right: str = ""
) -> None:
    """Print rows as a table; ``right`` marks columns set to the right with ``>``."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for position, header in enumerate(headers):
        to_the_right = right[position : position + 1] == ">"
        table.add_column(
            header,
            justify="right" if to_the_right else "left",
            no_wrap=to_the_right,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    console.print(table)


def amount(text: str | None, currency: str) -> str:
    """Decimal text of a record for people: ``1,234,567 SEK``."""
    if text is None:
        return ""
    from hrbudget.money import to_minor
    from hrbudget.report.language import of

    return of("en", currency).money(to_minor(text, currency)).replace("\u00a0", " ")


def _csv_row(cells: Sequence[object]) -> str:
    """One row without its end."""
    # With rows that end in \r\n the writer quotes cells that hold either sign.
    row = io.StringIO()
    csv.writer(row, lineterminator="\r\n").writerow(cells)
    return row.getvalue().removesuffix("\r\n")


def _safe(cell: object) -> object:
    """Numbers as they are; other text never a formula."""
    from hrbudget.domain import formula

    return formula.safe(cell) if isinstance(cell, str) else cell
