"""How far totals may be from what the tags state, where shares are uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hrbudget.domain import taxonomy
from hrbudget.domain.phrase import N_, Figure, Phrase, Title, Value
from hrbudget.report.blocks import Cell, Chart, Column, Table, Written
from hrbudget.report.charts.amounts import unit
from hrbudget.report.charts.bars import called
from hrbudget.report.charts.canvas import (
    DARK,
    LIGHT,
    LINE,
    Box,
    Canvas,
    Dot,
    Drawn,
    Stroke,
    Words,
    paragraph,
    wrapped,
)
from hrbudget.report.charts.places import titled, totals_of
from hrbudget.report.figures import money
from hrbudget.report.language import Language
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.subject import Subject

#: Totals that are drawn; the table has all that are uncertain.
_MOST_ROWS = 15
#: Columns in points, and the height of a range.
_NAMES, _RANGES, _AMOUNTS = 270, 300, 150
_WIDTH = _NAMES + _RANGES + _AMOUNTS
_HEAD, _GAP, _THICK = 56, 12, 14


@dataclass(frozen=True)
class Uncertain:
    """A total, and how far it may be from what is stated."""

    name: Title | Phrase
    figure: Figure

    @property
    def down(self) -> Fraction:
        """By how much it may be less."""
        return self.figure.value - (self.figure.low or Fraction(0))

    @property
    def up(self) -> Fraction:
        """By how much it may be more."""
        return (self.figure.high or Fraction(0)) - self.figure.value


def intervals(subject: Subject, *, after: bool = False) -> Chart | None:
    """How far totals may be from what is stated; None where all are exact.

    Args:
        subject: what the report is about.
        after: whether of the proposal's amounts, else of the budget's.
    """
    found = _uncertain(subject, after=after)
    if not found:
        return None
    prefix = "after-" if after else ""
    return Chart(
        id=f"{prefix}intervals",
        title=Phrase(N_("How certain the totals are")),
        says=_says(found),
        drawing=Ranges(tuple(found[:_MOST_ROWS])),
        table=_table(f"{prefix}intervals-table", found),
    )


def _uncertain(subject: Subject, *, after: bool) -> list[Uncertain]:
    """What is tagged and what is not, then the widest range first."""
    figures = of_totals(
        totals_of(subject, after=after), subject.ledger, "after/" if after else ""
    )
    whole = {
        "total/tagged": Phrase(N_("Tagged to rights")),
        "total/untagged": Phrase(N_("Not tagged to any right")),
    }
    kinds = (("family/", taxonomy.rights()), ("group/", taxonomy.groups()))
    named = [
        Uncertain(titled(known, key.removeprefix(kind)), each)
        for kind, known in kinds
        for key, each in figures.items()
        if key.startswith(kind) and not each.exact
    ]
    first = [
        Uncertain(name, figures[key])
        for key, name in whole.items()
        if not figures[key].exact
    ]
    return first + sorted(
        named, key=lambda each: (-(each.down + each.up), each.figure.id)
    )


def _says(found: Sequence[Uncertain]) -> tuple[Phrase, ...]:
    """The widest range among the totals by name, or else what is tagged."""
    widest = max(found, key=lambda each: each.down + each.up)
    name = widest.name
    values: dict[str, Value] = {"name": name, "amount": widest.figure}
    return (
        Phrase(N_("The widest range is that of “{name}”: {amount}."), values),
        Phrase(
            N_(
                "Amounts in brackets are the least and the most that the uncertain "
                "shares of tags leave open; totals that are not named are exact."
            )
        ),
    )


@dataclass(frozen=True)
class Ranges:
    """Ranges around what is stated, which all stand on one line."""

    rows: tuple[Uncertain, ...]

    def svg(self, reader: Language) -> str:
        """The picture."""
        return self.canvas(reader).svg()

    def canvas(self, reader: Language) -> Canvas:
        """What is drawn."""
        reach = max(max(each.down, each.up) for each in self.rows)
        told = unit([reach], reader)
        zero = _NAMES + _RANGES // 2
        drawn: list[Drawn] = [
            Words(_NAMES, 12, told.called),
            Words(zero, 36, reader.translate(N_("as stated")), "center"),
        ]
        y = _HEAD
        for each in self.rows:
            lines = wrapped(called(each.name, reader), _NAMES - 12)
            height = max(len(lines) * LINE, _THICK) + _GAP
            middle = y + height // 2
            half = _RANGES // 2
            left, right = (round(side * half / reach) for side in (each.down, each.up))
            top = middle - _THICK // 2
            ends = f"−{told.said(each.down)} … +{told.said(each.up)}"
            drawn += [
                *paragraph(lines, _NAMES - 10, middle, "right"),
                Box(zero - left, top, left + right, _THICK, LIGHT),
                Dot(zero, middle, DARK, "diamond"),
                Words(_NAMES + _RANGES + 8, middle, ends),
            ]
            y += height
        drawn.append(Stroke(((zero, _HEAD - 8), (zero, y)), 1, (3, 3)))
        return Canvas(_WIDTH, y + 4, tuple(drawn))


_ENDS = {
    "low": N_(
        "What is stated, {stated}, less what the lows of uncertain tags take off."
    ),
    "high": N_("What is stated, {stated}, and what the highs of uncertain tags add."),
}


def _row(each: Uncertain) -> tuple[Cell, ...]:
    """The total as it is stated, and both its ends by themselves."""
    figure, name = each.figure, each.name
    stated = money(f"{figure.id}/stated", figure.value, figure.origin)
    ends = [
        money(
            f"{figure.id}/{end}",
            amount,
            replace(
                figure.origin,
                says=Phrase(_ENDS[end], {"stated": stated}),
                made_of=(figure.id,),
            ),
        )
        for end, amount in (("low", figure.low), ("high", figure.high))
        if amount is not None
    ]
    told = Written(name.text, "en", name.swedish) if isinstance(name, Title) else name
    return (told, stated, *ends)


def _table(name: str, found: Sequence[Uncertain]) -> Table:
    return Table(
        id=name,
        caption=Phrase(N_("Totals that uncertain shares of tags leave open")),
        columns=(
            Column(Phrase(N_("Total"))),
            Column(Phrase(N_("As stated")), figures=True),
            Column(Phrase(N_("At least")), figures=True),
            Column(Phrase(N_("At most")), figures=True),
        ),
        rows=tuple(_row(each) for each in found),
    )
