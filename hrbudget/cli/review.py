"""``hrbudget review``: a second person reads the tags; states; agreement."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_rows, note, write_new

if TYPE_CHECKING:
    from hrbudget.tag.review.agreement import Agreement
    from hrbudget.tag.review.readings import Pair
    from hrbudget.tag.review.states import Advanced
    from hrbudget.workspace.desk import Desk

_READER = click.option(
    "--reader", metavar="NAME", help="Which second reader, where several read a line."
)


@click.group()
def review() -> None:
    """Two readers: read blind, compare, settle, approve, lock.

    Tags go from proposed to read (another person read the line blind and says the same,
    or the dispute was settled), to approved (by somebody who did not write them), to
    locked. Locked tags never change.
    """


@review.command()
@options.on_desk
@options.by_option
@options.out_option("The workbook to write (.xlsx).")
@click.option(
    "--units",
    type=click.IntRange(1),
    help="Draw the lines by so many units of money; all lines unless said.",
)
@click.option("--seed", default="", help="Of the draw, any text.")
@options.language_option
@options.force_option
def blind(
    desk: Desk,
    by: str,
    target: Path,
    units: int | None,
    seed: str,
    language: str,
    *,
    force: bool,
) -> None:
    """Write the lines for a second reader, without anybody's tags."""
    content = desk.blind(by, options.words(language), units, seed)
    write_new(target, content, force=force)
    back = f"hrbudget review keep {desk.budget} {target}"
    note(f"Wrote {target}. Tag its lines, then `{back}`.")


@review.command()
@options.on_desk
@click.argument("file", type=options.FILE)
@options.by_option
def keep(desk: Desk, file: Path, by: str) -> None:
    """Keep a second person's reading, a workbook or a tags.csv."""
    lines = desk.keep_reading(file, by)
    kept = f"Kept what {by} says of {lines:,} lines of {desk.budget}"
    note(f"{kept}. The tags are untouched.")


@review.command()
@options.on_desk
@_READER
@options.format_option
def agreement(
    desk: Desk,
    reader: str | None,
    style: str,
) -> None:
    """Cohen's κ with its interval of 95 %, per right, family of rights and group."""
    found = desk.agreement(reader)
    rows = [_agreed("all", found.overall)]
    for kind in ("rights", "families", "groups"):
        name = kind.removesuffix("s").replace("familie", "family")
        rows += [_agreed(name, each) for each in getattr(found, kind)]
    as_rows(_AGREED, rows, style)
    _say_unread(found.pair)


_AGREED = ("kind", "id", "lines", "observed", "kappa", "low", "high", "money_agreed")


def _agreed(kind: str, each: Agreement) -> tuple[str, ...]:
    found = each.kappa
    figures = (found.observed, found.value, found.low, found.high, each.money)
    return (kind, each.name, str(each.lines), *map(_decimals, figures))


def _decimals(figure: Fraction | None) -> str:
    from hrbudget.money import number_text

    return "not defined" if figure is None else number_text(figure, 3)


def _say_unread(pair: Pair) -> None:
    parts = {
        "lines have tags and no second reading": pair.first_only,
        "lines have a reading and no tags": pair.second_only,
        "lines were read by the one who tagged them, which is no second reading": (
            pair.same_person
        ),
    }
    for text, lines in parts.items():
        if lines:
            note(f"{len(lines):,} {text}.")


@review.command()
@options.on_desk
@_READER
@options.format_option
def disputes(
    desk: Desk,
    reader: str | None,
    style: str,
) -> None:
    """Where two readers differ, the most money first.

    `--format csv` has an empty column `choice`: fill in first, second or spread, and
    hand the file to `hrbudget review settle`.
    """
    from hrbudget import money

    found = desk.disputes(reader)
    rows = [
        (
            row["line_id"],
            money.to_text(row["amount"], desk.currency),
            money.to_text(Fraction(int(row["money"]), money.WHOLE), desk.currency),
            row["first_author"],
            row["first"],
            row["second_author"],
            row["second"],
            "",
        )
        for row in found.lines.iter_rows(named=True)
    ]
    shown = len(_DISPUTED) - (style == "table")
    as_rows(_DISPUTED[:shown], [row[:shown] for row in rows], style)
    total = money.to_text(found.money, desk.currency)
    note(f"{len(rows):,} lines in dispute, {total} {desk.currency}.")


_DISPUTED = (
    "line_id",
    "amount",
    "in_dispute",
    "first_reader",
    "first",
    "second_reader",
    "second",
    "choice",
)


@review.command()
@options.on_desk
@click.argument("file", type=options.FILE)
@options.by_option
@_READER
def settle(
    desk: Desk,
    file: Path,
    by: str,
    reader: str | None,
) -> None:
    """Settle disputes by a CSV with line_id and choice (first, second or spread).

    `spread` keeps the first reader's shares with the range between both.
    """
    _say(desk.settle(file, by, reader), "read")


@review.command()
@options.on_desk
@click.option(
    "--to",
    required=True,
    type=click.Choice(["read", "approved", "locked", "proposed"]),
    help="The state; proposed takes tags back.",
)
@options.by_option
@click.option("--line", "lines", multiple=True, metavar="ID", help="May be repeated.")
@click.option("--reason", default="", help="Why; needed to take tags back.")
def advance(
    desk: Desk,
    to: str,
    by: str,
    lines: tuple[str, ...],
    reason: str,
) -> None:
    """Move tags to another state: those of the lines named, or all that may go."""
    from hrbudget.tag.review.states import Step

    done = desk.advance(Step(to, by, reason), lines or None)
    _say(done, to)


def _say(done: Advanced, state: str) -> None:
    note(f"{len(done.lines):,} lines are {state} now.")
    if done.refused:
        left = f"{len(done.refused):,} lines stay as they are"
        note(f"{left}; name one with --line to hear why.")
