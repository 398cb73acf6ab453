"""Execution, PEFA's budget reliability, and how much of a budget has been screened.

``E`` is money of the phase executed, ``B`` of the phase approved, of the same year.

    execution_rate  E / B of the measured money                               (R19)
    execution_gap   E / B of the measured money - E / B of ``of``             (R19b)
    pefa_pi1        Σ E / Σ B of a year, scored over the years                (R20)
    pefa_pi2_1      Σ |E_i - f B_i| / Σ f B_i over heads, f = Σ E / Σ B       (R21)
    pefa_pi2_2      the same over economic classes
    pefa_pi2_3      mean over the years of contingency spent / Σ B            (R22)
    pefa_pi2        the weakest of its dimensions (PEFA's method M1)
    tag_coverage    Σ |x| of the screened lines / Σ |x|                       (R26)

``years`` counts from the budget's own. A score is the best that ``enough`` of the years
earn (PEFA 2016: two of the last three); its bands are the rule's ``scores``, its number
4 for A to 1 for D. ``without`` takes lines out: contingency, and for PI-2.1 interest.
Of more than twenty heads the largest are compared, as PEFA says. A line whose place
cannot be told (an empty cell) makes the score not assessed: PEFA's D*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.indices import exact, outturn
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio, Value, once
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.requirement import Interval, evaluate
from hrbudget.domain.rule import Datum
from hrbudget.rules.context import Context
from hrbudget.rules.forms.index.figure import LISTED, Figure, Prepared, joined, lacking
from hrbudget.rules.forms.index.keys import Dimension, IndexKeys, Letter, Limits
from hrbudget.rules.measure import Measure, budget_name, placed_by, select
from hrbudget.rules.reference import Against, datum, reference


@dataclass(frozen=True)
class _Book:
    """A ledger of a year, its lines that count, and what is missing of it."""

    ledger: Ledger | None
    is_own: bool = False
    counted: pl.DataFrame = field(default_factory=pl.DataFrame)
    missing: tuple[Phrase, ...] = ()
    data: tuple[Datum, ...] = ()

    def amounts(self, lines: pl.DataFrame) -> pl.DataFrame:
        """``line``, ``amount``, ``head``; the budget that is checked has its own."""
        held = lines if self.is_own or self.ledger is None else self.ledger.lines
        return self.counted.join(held.select("line", "amount"), on="line")


@dataclass(frozen=True)
class _Year:
    """Original budget and actual expenditure of one year."""

    name: str
    planned: _Book
    spent: _Book


# -- execution


def execution(keys: IndexKeys, context: Context) -> list[Prepared]:
    """The execution rate of the measured money, or its distance from that of ``of``."""
    found = [
        reference(context, Against(fiscal_year=keys.years[0], phase=phase))
        for phase in ("executed", "approved")
    ]
    books = [each for each in found if isinstance(each, Ledger)]
    missing = [each for each in found if isinstance(each, Phrase)]
    measures = [keys.measure] + ([keys.of] if keys.index == "execution_gap" else [])
    chosen = [
        [select(book, keys.applies_to, measure) for book in books]
        for measure in measures
    ]
    missing += [part for pair in chosen for each in pair for part in each.missing]
    data = tuple(one for book in books for one in datum(context, book))

    def read(lines: pl.DataFrame) -> Figure:
        held = [lines if book is context.ledger else book.lines for book in books]
        rates = []
        for pair in chosen:
            spent, planned = (
                evaluate(each.coefficients, amounts)
                for each, amounts in zip(pair, held, strict=True)
            )
            if planned.low <= 0:
                values = {"budget": budget_name(books[1])}
                return lacking(Phrase(_NOTHING_PLANNED, values))
            rates.append(exact.quotient(spent, planned))
        own = books[0] is context.ledger
        looked_at = chosen[0][0].coefficients["line"] if own else None
        if len(rates) == 1:
            return Figure(rates[0], lines=looked_at)
        basis = Phrase(
            N_("The rate is {one}, and that of the whole {other}."),
            {"one": Ratio(rates[0].middle), "other": Ratio(rates[1].middle)},
        )
        return Figure(rates[0] - rates[1], (basis,), lines=looked_at)

    return [Prepared(read, data, once(missing))]


_NOTHING_PLANNED = N_("{budget} plans, or may plan, no money that counts")


def coverage(keys: IndexKeys, context: Context) -> list[Prepared]:
    """The part of the money that somebody has tagged or found to have no right.

    A refund is money too: amounts count by their size, so that none hides another.
    """
    found = select(context.ledger, keys.applies_to, Measure())
    unscreened = context.ledger.unscreened

    def read(lines: pl.DataFrame) -> Figure:
        size = lines.select("line", pl.col("amount").abs())
        whole = evaluate(found.coefficients, size)
        left = found.coefficients.join(unscreened, on="line", how="semi")
        screened = whole - evaluate(left, size)
        if whole.low <= 0:
            values = {"budget": budget_name(context.ledger)}
            return lacking(Phrase(_NOTHING_PLANNED, values))
        rate = exact.quotient(screened, whole)
        open_ = Interval(
            max(rate.low, Fraction(0)), rate.middle, min(rate.high, Fraction(1))
        )
        return Figure(open_, lines=left["line"])

    return [Prepared(read, (), found.missing)]


# -- PEFA


def pefa(keys: IndexKeys, context: Context) -> list[Prepared]:
    """The score of one indicator or dimension."""
    return [_dimension(keys, keys, context)]


def pefa_pi2(keys: IndexKeys, context: Context) -> list[Prepared]:
    """The score of the weakest dimension."""
    made = [_dimension(keys, each, context) for each in keys.dimensions or ()]
    names = [each.index for each in keys.dimensions or ()]

    def read(lines: pl.DataFrame) -> Figure:
        figures = [each.read(lines) for each in made]
        missing = tuple(part for each in figures for part in each.missing)
        numbers = [each.number for each in figures if each.number is not None]
        if missing:
            return lacking(*once(missing))
        lowest = min(numbers, key=lambda each: each.middle)
        grades = [
            Phrase(
                N_("{dimension}: {score}"),
                {
                    "dimension": "PI-" + name.removeprefix("pefa_pi").replace("_", "."),
                    "score": outturn.grade(int(number.middle)),
                },
            )
            for name, number in zip(names, numbers, strict=True)
        ]
        basis = Phrase(N_("The scores are {list}."), {"list": joined(grades, LISTED)})
        return Figure(lowest, (basis,))

    data = dict.fromkeys(one for each in made for one in each.data)
    missing = once(part for each in made for part in each.missing)
    return [Prepared(read, tuple(data), missing)]


def _dimension(
    keys: IndexKeys, what: IndexKeys | Dimension, context: Context
) -> Prepared:
    years = [_year(keys, what, context, offset) for offset in sorted(keys.years)]
    books = [book for year in years for book in (year.planned, year.spent)]
    data = tuple(one for book in books for one in book.data)
    missing = once(part for book in books for part in book.missing)
    if missing:
        return Prepared(lambda _: lacking(*missing), data, missing)
    figures_of = _FIGURES[what.index]
    scores = what.scores or {}
    # The mean of the years is one figure, so one figure is enough.
    enough = 1 if what.index == "pefa_pi2_3" else keys.enough
    return Prepared(_scored(years, figures_of, scores, enough, what), data)


def _scored(
    years: Sequence[_Year],
    figures_of: Callable[[_Year, pl.DataFrame], Fraction | Phrase],
    scores: Mapping[Letter, Limits],
    enough: int,
    what: IndexKeys | Dimension,
) -> Callable[[pl.DataFrame], Figure]:
    bands: dict[str, outturn.Band] = {
        letter: limits.band for letter, limits in scores.items()
    }

    def read(lines: pl.DataFrame) -> Figure:
        found = [figures_of(year, lines) for year in years]
        missing = [each for each in found if isinstance(each, Phrase)]
        figures = [each for each in found if isinstance(each, Fraction)]
        if missing:
            return lacking(*once(missing))
        told = [
            Phrase(
                N_("{year}: {percent} %"),
                {"year": year.name, "percent": Ratio(figure * 100)},
            )
            for year, figure in zip(years, figures, strict=True)
        ]
        basis = Phrase(N_("The years are {list}."), {"list": joined(told, LISTED)})
        if what.index == "pefa_pi2_3":
            figures = [sum(figures, Fraction(0)) / len(figures)]
        letter = outturn.score(figures, bands, enough)
        number = Interval.exactly(outturn.points(letter))
        return Figure(number, (basis,))

    return read


def _year(
    keys: IndexKeys, what: IndexKeys | Dimension, context: Context, offset: int
) -> _Year:
    """The two ledgers of a year, each with the lines that count."""
    planned, spent = (
        _book(keys, what, context, Against(fiscal_year=offset, phase=phase))
        for phase in ("approved", "executed")
    )
    return _Year(str(context.ledger.fiscal_year + offset), planned, spent)


def _book(
    keys: IndexKeys, what: IndexKeys | Dimension, context: Context, against: Against
) -> _Book:
    ledger = reference(context, against)
    if isinstance(ledger, Phrase):
        return _Book(None, missing=(ledger,))
    found = select(ledger, keys.applies_to, Measure())
    missing = list(found.missing)
    exactly = found.coefficients.filter(pl.col("low") == pl.col("high"))
    known = exactly.height == found.coefficients.height
    counted = ledger.lines.join(exactly, on="line", how="semi")
    if what.without:
        outside = placed_by(ledger, counted, Predicate(what.without))
        if isinstance(outside, Phrase):
            missing.append(outside)
        else:
            known = known and outside.null_count() == 0
            counted = counted.filter(~outside.fill_null(value=False))
    flagged = pl.repeat(value=False, n=counted.height, eager=True)
    if what.contingency:
        inside = placed_by(ledger, counted, Predicate(what.contingency))
        if isinstance(inside, Phrase):
            missing.append(inside)
        else:
            known = known and inside.null_count() == 0
            flagged = inside.fill_null(value=False)
    heads = _head(what)
    values: dict[str, Value] = {"budget": budget_name(ledger)}
    if what.heads and counted.select(heads.is_null().any()).item():
        heading = {**values, "column": str(what.heads)}
        missing.append(Phrase(N_("{column} is empty on lines of {budget}"), heading))
    if not known:
        missing.append(
            Phrase(N_("cells that say which lines count are empty in {budget}"), values)
        )
    return _Book(
        ledger,
        ledger is context.ledger,
        counted.select("line", head=heads, contingency=flagged),
        tuple(missing),
        datum(context, ledger),
    )


def _head(what: IndexKeys | Dimension) -> pl.Expr:
    """The head of a line: its code, or the first digits of it."""
    if what.heads is None:
        return pl.lit("")
    code = pl.col(what.heads)
    return code.str.slice(0, what.digits) if what.digits else code


def _total(book: _Book, lines: pl.DataFrame) -> Fraction:
    return Fraction(money.total(book.amounts(lines), pl.col("amount")))


def _aggregate(year: _Year, lines: pl.DataFrame) -> Fraction | Phrase:
    planned = _total(year.planned, lines)
    if planned <= 0:
        return _nothing(year.planned)
    return _total(year.spent, lines) / planned


def _composition(year: _Year, lines: pl.DataFrame) -> Fraction | Phrase:
    by_head = [
        dict(
            book.amounts(lines)
            .group_by("head")
            .agg(pl.col("amount").cast(pl.Int128).sum())
            .iter_rows()
        )
        for book in (year.planned, year.spent)
    ]
    names = sorted({*by_head[0], *by_head[1]})
    heads = [
        (Fraction(int(by_head[0].get(name, 0))), Fraction(int(by_head[1].get(name, 0))))
        for name in names
    ]
    for place, book in enumerate((year.planned, year.spent)):
        if sum(each[place] for each in heads) <= 0:
            return _nothing(book)
    return outturn.variance(outturn.largest(heads))


def _contingency(year: _Year, lines: pl.DataFrame) -> Fraction | Phrase:
    planned = _total(year.planned, lines)
    if planned <= 0:
        return _nothing(year.planned)
    charged = year.spent.amounts(lines).filter(pl.col("contingency"))
    return Fraction(money.total(charged, pl.col("amount"))) / planned


def _nothing(book: _Book) -> Phrase:
    name = budget_name(book.ledger) if book.ledger else ""
    return Phrase(_NOTHING_PLANNED, {"budget": name})


_FIGURES: dict[str, Callable[[_Year, pl.DataFrame], Fraction | Phrase]] = {
    "pefa_pi1": _aggregate,
    "pefa_pi2_1": _composition,
    "pefa_pi2_2": _composition,
    "pefa_pi2_3": _contingency,
}
