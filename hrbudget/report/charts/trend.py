"""Money by right over the years, in real terms and per inhabitant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hrbudget.domain import taxonomy
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.domain.requirement import ZERO, Interval
from hrbudget.domain.trend import Point, Trend
from hrbudget.report.blocks import Cell, Chart, Column, Table, Text, Written
from hrbudget.report.charts.panels import Panel, Panels, Spot
from hrbudget.report.charts.places import titled
from hrbudget.report.figures import figured, money, number
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.subject import Subject

#: Families that are drawn; the table has all.
_MOST_PANELS = 6

_PER_HEAD = N_(
    "{amount} of {year}, times {base} and divided by {prices} for prices, and divided "
    "by {people} inhabitants."
)


def trend(subject: Subject) -> Chart | None:
    """Families of rights over the years; None where there is no second year to show.

    Amounts are in the prices of the report's year and per inhabitant. Years are joined
    only where they follow on each other and are both planned or both spent.
    """
    years = subject.trend
    if years is None or len(years.shown) < 2:
        return None
    told = _Told(subject, years)
    rows = told.rows()
    return Chart(
        id="trend",
        title=Phrase(
            N_("Money per inhabitant over the years, in prices of {year}"),
            {"year": str(years.base)},
        ),
        says=(*told.says(rows[1:]), *told.means(), *missing(years)),
        drawing=Panels(
            tuple(told.panel(each) for each in rows[1 : _MOST_PANELS + 1]),
            tuple((each.year, each.kind) for each in years.shown),
            tuple(
                tuple(years.shown.index(each) for each in run) for run in years.runs()
            ),
        ),
        table=told.table(rows),
    )


def missing(years: Trend) -> tuple[Phrase, ...]:
    """What is not shown, and why."""
    if not years.missing:
        return ()
    origin = Origin(Phrase(N_("The budgets of that year and phase are counted.")))
    said = tuple(
        figured(each, f"trend/missing/{place}", origin)
        for place, each in enumerate(years.missing, 1)
    )
    left = N_("Not shown: {what}.")
    return tuple(Phrase(left, {"what": each}) for each in said)


@dataclass(frozen=True)
class _Row:
    """A family of rights, or all expenditure, with a figure for each year."""

    name: Title | Phrase
    figures: tuple[Figure, ...]


class _Told:
    """What is said of the years of one entity."""

    def __init__(self, subject: Subject, years: Trend) -> None:
        self._years = years
        self._nominal = [self._amounts(subject, point) for point in years.shown]
        self._factors = [self._factor(point) for point in years.shown]

    def rows(self) -> list[_Row]:
        """All expenditure first, then families by their money in the last year."""
        known = taxonomy.rights()
        names = {
            key.removeprefix("family/")
            for amounts in self._nominal
            for key in amounts
            if key.startswith("family/")
        }
        families = [
            _Row(titled(known, name), self._over_years(f"family/{name}"))
            for name in names
        ]
        ordered = sorted(
            families, key=lambda each: (-each.figures[-1].value, each.figures[-1].id)
        )
        whole = _Row(Phrase(N_("All expenditure")), self._over_years("total/ledger"))
        return [whole, *ordered]

    def panel(self, row: _Row) -> Panel:
        """One right's picture."""
        spots = tuple(
            Spot(point.year, point.kind, figure)
            for point, figure in zip(self._years.shown, row.figures, strict=True)
        )
        return Panel(row.name, spots)

    def says(self, rows: Sequence[_Row]) -> tuple[Phrase, ...]:
        """What falls most and what grows most to the report's own year."""
        last = self._last()
        if last is None:
            nothing = N_(
                "No two years that follow on each other can be held against each other."
            )
            return (Phrase(nothing),)
        one, other = last

        def change(row: _Row) -> Fraction:
            return row.figures[other].value - row.figures[one].value

        least = min(rows, key=change)
        most = max(rows, key=change)
        said = []
        if change(least) < 0:
            falls = N_(
                "From {first} to {last} “{name}” falls most: from {before} to {after}."
            )
            said.append(self._said(falls, least, last))
        if change(most) > 0:
            grows = N_(
                "From {first} to {last} “{name}” grows most: from {before} to {after}."
            )
            said.append(self._said(grows, most, last))
        return tuple(said) or (Phrase(N_("Nothing changes here.")),)

    def means(self) -> tuple[Phrase, ...]:
        """In what it is told, and what is joined."""
        return (
            Phrase(
                N_(
                    "Amounts are per inhabitant and in prices of {year} (deflator "
                    "{name})."
                ),
                {"year": str(self._years.base), "name": self._years.deflator},
            ),
            Phrase(
                N_(
                    "What is planned is held only against what is planned, and what "
                    "is spent against what is spent."
                )
            ),
        )

    def table(self, rows: Sequence[_Row]) -> Table:
        """Every row, and how much of each year's money is tagged."""
        heads = [
            Column(
                Phrase(
                    N_("{year}, {phase}"),
                    {"year": str(each.year), "phase": Phrase(each.ledger.phase)},
                ),
                figures=True,
            )
            for each in self._years.shown
        ]
        cells: list[tuple[Cell, ...]] = [
            (_text(each.name), *each.figures) for each in rows
        ]
        tagged = Phrase(N_("Share of the money that is tagged to rights"))
        cells.append((tagged, *map(self._tagged, range(len(heads)))))
        return Table(
            id="trend-table",
            caption=Phrase(
                N_("Money per inhabitant by family of rights, in prices of {year}"),
                {"year": str(self._years.base)},
            ),
            columns=(Column(Phrase(N_("Right"))), *heads),
            rows=tuple(cells),
        )

    def _last(self) -> tuple[int, int] | None:
        """Places of the last two years that are joined."""
        shown = self._years.shown
        runs = [each for each in self._years.runs() if len(each) > 1]
        if not runs:
            return None
        run = max(runs, key=lambda each: (each[-1].year, each[-1].kind == "planned"))
        return shown.index(run[-2]), shown.index(run[-1])

    def _said(self, pattern: str, row: _Row, last: tuple[int, int]) -> Phrase:
        one, other = last
        values: dict[str, Value] = {
            "first": str(self._years.shown[one].year),
            "last": str(self._years.shown[other].year),
            "name": row.name,
            "before": row.figures[one],
            "after": row.figures[other],
        }
        return Phrase(pattern, values)

    def _amounts(self, subject: Subject, point: Point) -> dict[str, Figure]:
        """A year's own figures; of the report's year they are those of the report."""
        mine = point.ledger is subject.ledger
        prefix = "" if mine else f"trend/{point.year}/{point.ledger.phase}/"
        return of_totals(point.totals, point.ledger, prefix)

    def _factor(self, point: Point) -> dict[str, Value]:
        """Prices and inhabitants by which a year's money is told anew."""
        prices, people, base = point.prices, point.people, self._years.prices
        if prices is None or people is None or base is None:
            raise ValueError(point.year)  # such a year is not shown
        name, deflator = f"trend/{point.year}", self._years.deflator
        index = Phrase(N_("The deflator {name}."), {"name": deflator})
        counted = Phrase(N_("All inhabitants, as the table of population has them."))
        return {
            "year": str(point.year),
            "base": number(
                "trend/base/prices", base.value, Origin(index, source=base.source)
            ),
            "prices": number(
                f"{name}/prices", prices.value, Origin(index, source=prices.source)
            ),
            "people": number(
                f"{name}/people", people.value, Origin(counted, source=people.source)
            ),
        }

    def _over_years(self, key: str) -> tuple[Figure, ...]:
        """One row's figure for each year; 0 where no line of the year is tagged so."""
        return tuple(
            self._figure(key, place) for place in range(len(self._years.shown))
        )

    def _figure(self, key: str, place: int) -> Figure:
        point = self._years.shown[place]
        name = f"trend/{point.year}/{point.ledger.phase}/{key}"
        nominal = self._nominal[place].get(key)
        if nominal is None:
            nothing = Phrase(N_("No line of the year is tagged so."))
            nominal = money(f"{name}/none", 0, Origin(nothing))
        real = self._years.real_per_head(point, _interval(nominal)) or ZERO
        factors = self._factors[place]
        made_of = [each.id for each in factors.values() if isinstance(each, Figure)]
        says = Phrase(_PER_HEAD, {"amount": nominal, **factors})
        origin = replace(
            nominal.origin, says=says, made_of=(nominal.id, *made_of), rule=""
        )
        return money(f"{name}/real_per_head", real, origin)

    def _tagged(self, place: int) -> Figure:
        """How much of a year's money is tagged: years differ in that as well."""
        point, amounts = self._years.shown[place], self._nominal[place]
        part, whole = amounts["total/tagged"], amounts["total/ledger"]
        share = part.value / whole.value if whole.value else Fraction(0)
        says = Phrase(N_("{part} of {whole}."), {"part": part, "whole": whole})
        origin = Origin(says, lines=part.origin.lines, made_of=(part.id, whole.id))
        name = f"trend/{point.year}/{point.ledger.phase}/tagged_share"
        return Figure(name, share, origin, "share")


def _interval(figure: Figure) -> Interval:
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    return Interval(low, figure.value, high)


def _text(name: Title | Phrase) -> Text:
    return Written(name.text, "en", name.swedish) if isinstance(name, Title) else name
