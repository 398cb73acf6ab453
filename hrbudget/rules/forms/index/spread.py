"""Indices over districts or groups: how unequal, how concentrated, who bears a cut.

``q`` is a member's share of the people (``weigh: population``) or of their need, ``s``
its share of the measured money, or of an ``outcome`` such as deaths or places.

    gini, theil_t, theil_l, hoover, cov, min_max, concentration      (domain/indices)
    cut_incidence   ((A_g0 - A_g1) / (A_0 - A_1)) / (N_g / N)

A concentration index is ranked worst off first: as listed, or by an outcome. With
``against`` the index's change since that year and phase is held against the bound (a
trend, R17). The money of a district is that of the lines whose ``district`` column is
it; what lies in no district is left out, and said. Groups may overlap: an index over
groups means something only where the rule names groups that do not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

import polars as pl

from hrbudget import money
from hrbudget.domain.indices import exact
from hrbudget.domain.indices.unequal import INEQUALITY, Member, why_not
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Ratio, once
from hrbudget.domain.requirement import ZERO, Interval, evaluate
from hrbudget.domain.rule import Datum
from hrbudget.rules.context import Context
from hrbudget.rules.forms.index.figure import Figure, Prepared, lacking
from hrbudget.rules.forms.index.keys import IndexKeys, Ranked
from hrbudget.rules.forms.index.known import Known, look_up
from hrbudget.rules.measure import budget_name, select
from hrbudget.rules.people import Counted, Who, count, year_of
from hrbudget.rules.reference import datum, reference

Amounts = dict[str, Interval]


@dataclass(frozen=True)
class _Spread:
    """Members with their weights, and how their amounts are read from lines."""

    names: tuple[str, ...]
    weights: dict[str, Fraction]
    amounts: Callable[[pl.DataFrame], Amounts]
    lines: pl.Series | None
    data: tuple[Datum, ...] = ()
    missing: tuple[Phrase, ...] = ()

    def members(self, amounts: Amounts) -> list[Member]:
        """The members with these amounts."""
        return [
            Member(name, amounts.get(name, ZERO), self.weights[name])
            for name in self.names
        ]


def inequality(keys: IndexKeys, context: Context) -> list[Prepared]:
    """An index of unequal shares, or its change since another year."""
    now = _spread(keys, context, context.ledger)
    data, missing, before = now.data, now.missing, None
    if keys.against is not None:
        found = reference(context, keys.against)
        if isinstance(found, Phrase):
            missing = (*missing, found)
        else:
            before = _spread(keys, context, found)
            data = (*data, *datum(context, found), *before.data)
            missing = (*missing, *before.missing)
            before_lines = found.lines

    def read(lines: pl.DataFrame) -> Figure:
        figure = _figure(keys, now, lines)
        if before is None or figure.number is None:
            return figure
        then = _figure(keys, before, before_lines)
        if then.number is None:
            return then
        was_and_is = Phrase(
            N_("It was {before} and is {now}."),
            {"before": Ratio(then.number.middle), "now": Ratio(figure.number.middle)},
        )
        basis = (was_and_is, *figure.basis)
        return replace(figure, number=figure.number - then.number, basis=basis)

    return [Prepared(read, data, once(missing))]


def cut_incidence(keys: IndexKeys, context: Context) -> list[Prepared]:
    """Who bears a cut: each member's part of it over its part of the people (R40)."""
    now = _spread(keys, context, context.ledger, whole=True)
    found = reference(context, keys.against) if keys.against else context.ledger
    if isinstance(found, Phrase):
        return [Prepared(lambda _: lacking(), missing=once((*now.missing, found)))]
    then, _, _, more = _of_money(keys, replace(context, ledger=found), now.names)
    missing = once((*now.missing, *more))
    data = (*now.data, *datum(context, found))

    def reader(name: str) -> Callable[[pl.DataFrame], Figure]:
        return lambda lines: _borne(name, then(found.lines), now.amounts(lines), now)

    several = len(now.names) > 1
    return [
        Prepared(reader(name), data, missing, name if several else "")
        for name in now.names or ("",)
    ]


def _borne(name: str, then: Amounts, now: Amounts, spread: _Spread) -> Figure:
    """One member's part of the cut, per head against all."""
    cut = then.get(name, ZERO) - now.get(name, ZERO)
    whole = then.get("", ZERO) - now.get("", ZERO)
    values: dict[str, str | Fraction | Ratio | Phrase] = {
        "who": name,
        "cut": cut.middle,
        "whole": whole.middle,
    }
    if whole.high <= 0 and cut.high <= 0:
        said = Phrase(N_("Nothing was cut."))
        return Figure(ZERO, (said,), lines=spread.lines, nothing_asked=True)
    if whole.low <= 0:
        return lacking(
            Phrase(N_("the whole was not cut, and {who} lost {cut} of it"), values)
            if whole.exact and cut.exact
            else Phrase(N_("whether the whole was cut depends on uncertain tags"))
        )
    part = exact.quotient(cut, whole)
    weight = spread.weights[name] / spread.weights[""]
    basis = Phrase(N_("{who} bears {cut} of the {whole} cut."), values)
    return Figure(part.times(1 / weight), (basis,), lines=spread.lines)


def _figure(keys: IndexKeys, spread: _Spread, lines: pl.DataFrame) -> Figure:
    amounts = spread.amounts(lines)
    members = spread.members(amounts)
    reason = why_not(keys.index, members)
    if reason:
        return lacking(Phrase(_WHY_NOT[reason]))
    number = INEQUALITY[keys.index](members)
    basis = [_heads(members, money_is_meant=keys.outcome is None)]
    outside = amounts.get(_NOWHERE, ZERO)
    if outside.middle:
        left = {"money": outside.middle}
        basis.append(Phrase(N_("{money} lies in none of them and is left out."), left))
    return Figure(number, tuple(basis), lines=spread.lines)


_WHY_NOT = {
    "alone": N_("an index needs two districts or groups, or more"),
    "nobody": N_("a district or group has nobody"),
    "negative": N_("a district or group may have less than nothing"),
    "nothing": N_("there is, or may be, nothing to spread"),
    "without": N_("the index needs every district or group to have something"),
}


def _heads(members: list[Member], *, money_is_meant: bool) -> Phrase:
    """What a head has where it has least and where it has most."""
    ordered = sorted(members, key=lambda each: each.amount.middle / each.weight)
    values: dict[str, str | Fraction | Ratio | Phrase] = {}
    for end, each in (("least", ordered[0]), ("most", ordered[-1])):
        head = each.amount.middle / each.weight
        values[end] = head if money_is_meant else Ratio(head)
        values[f"who_{end}"] = each.name
    pattern = N_("A head has from {least} ({who_least}) to {most} ({who_most}).")
    return Phrase(pattern, values)


#: Name of the money of lines that are in no member.
_NOWHERE = "\0"


def _spread(
    keys: IndexKeys, context: Context, ledger: Ledger, *, whole: bool = False
) -> _Spread:
    """The members on one ledger; with ``whole``, also "" for all of them together."""
    there = replace(context, ledger=ledger)
    names = _names(keys, there)
    counted = _weights(keys, there, (*names, "") if whole else names)
    money_of = _of_outcome if keys.outcome else _of_money
    amounts, lines, more, missing = money_of(keys, there, names)
    ranked, order, why = _ranked(keys, there, names)
    numbers = {
        name: each.number for name, each in counted.items() if isinstance(each, Counted)
    }
    known = [each for each in counted.values() if isinstance(each, Counted)]
    data = (*(one for each in known for one in each.data), *more, *order)
    absent = [each for each in counted.values() if isinstance(each, Phrase)]
    if not names:
        budget = {"budget": budget_name(ledger)}
        absent.append(Phrase(N_("no line of {budget} has a district"), budget))
    year = context.ledger.fiscal_year
    dated = tuple(replace(each, age=year - each.year) for each in data)
    reasons = once((*missing, *absent, *why))
    return _Spread(ranked, numbers, amounts, lines, dated, reasons)


def _names(keys: IndexKeys, context: Context) -> tuple[str, ...]:
    """The members; ``each`` is every district that a line has or where people live."""
    over = keys.over
    if over is None or over.names != ("each",):
        return over.names if over else ()
    ledger, group = context.ledger, _group(keys)
    rows: pl.DataFrame = getattr(context.facts, keys.weigh)
    mine = (pl.col("group") == group) & (pl.col("fiscal_year") <= ledger.fiscal_year)
    known = rows.filter(mine)
    year = known["fiscal_year"].max()
    if keys.persons.year == "budget":
        year = ledger.fiscal_year
    there = known.filter(pl.col("fiscal_year") == year)["district"]
    spent = ledger.lines.filter(pl.col("direction") == keys.applies_to.direction)
    every = {*there.unique().to_list(), *spent["district"].unique().to_list()}
    return tuple(sorted(name for name in every if name))


def _group(keys: IndexKeys) -> str:
    """Of districts, the group whose number counts."""
    if "persons" in keys.model_fields_set:
        return keys.persons.group
    return keys.measure.group or "all"


def _who(keys: IndexKeys, name: str) -> Who:
    if keys.over is not None and keys.over.group:
        return Who(name or "all", keys.persons.district)
    return Who(_group(keys), name)


def _weights(
    keys: IndexKeys, context: Context, names: tuple[str, ...]
) -> dict[str, Counted | Phrase]:
    everyone = {name: _who(keys, name) for name in names}
    every = list(everyone.values())
    year = year_of(context, keys.weigh, every, keys.persons.year)
    return {
        name: count(context, keys.weigh, who, year) for name, who in everyone.items()
    }


_Money = tuple[
    Callable[[pl.DataFrame], Amounts],
    pl.Series | None,
    tuple[Datum, ...],
    tuple[Phrase, ...],
]


def _of_outcome(keys: IndexKeys, context: Context, names: tuple[str, ...]) -> _Money:
    """Amounts that are figures of what people have, which no line changes."""
    found = {
        name: look_up(context, str(keys.outcome), _who(keys, name), keys.persons.year)
        for name in names
    }
    amounts = {
        name: Interval.exactly(each.value)
        for name, each in found.items()
        if isinstance(each, Known)
    }
    data = [each.data for each in found.values() if isinstance(each, Known)]
    missing = tuple(each for each in found.values() if isinstance(each, Phrase))
    return lambda _: amounts, None, reduce(tuple.__add__, data, ()), missing


def _of_money(keys: IndexKeys, context: Context, names: tuple[str, ...]) -> _Money:
    """Amounts of the measured money; "" is all of it."""
    ledger, applies = context.ledger, keys.applies_to
    if keys.over is not None and keys.over.group:
        narrowed = [keys.measure.model_copy(update={"group": name}) for name in names]
        chosen = {
            name: select(ledger, applies, measure)
            for name, measure in zip(names, narrowed, strict=True)
        }
        chosen[""] = select(ledger, applies, keys.measure)
        every = [each.coefficients["line"] for each in chosen.values()]
        return (
            lambda lines: {
                name: evaluate(each.coefficients, lines)
                for name, each in chosen.items()
            },
            pl.concat(every[:-1]).unique() if names else None,
            (),
            once(part for each in chosen.values() for part in each.missing),
        )
    found = select(ledger, applies, keys.measure)
    place = pl.when(pl.col("district").is_in(list(names))).then("district")
    places = ledger.lines.select(
        "line", district=place.otherwise(pl.lit(_NOWHERE)).fill_null(_NOWHERE)
    )
    placed = found.coefficients.join(places, on="line")
    inside = placed.filter(pl.col("district") != _NOWHERE)
    return (
        lambda lines: _by_district(placed, lines),
        inside["line"],
        (),
        found.missing,
    )


def _by_district(placed: pl.DataFrame, lines: pl.DataFrame) -> Amounts:
    """Money by district; "" is that of all districts together."""
    wide = {
        name: pl.col(name).cast(pl.Int128) * pl.col("amount")
        for name in ("low", "coefficient", "high")
    }
    each = placed.join(lines.select("line", "amount"), on="line")
    sums = each.group_by("district").agg(
        least=pl.min_horizontal(*wide.values()).sum(),
        stated=wide["coefficient"].sum(),
        most=pl.max_horizontal(*wide.values()).sum(),
    )
    amounts = {
        str(name): Interval(
            Fraction(int(least), money.WHOLE),
            Fraction(int(stated), money.WHOLE),
            Fraction(int(most), money.WHOLE),
        )
        for name, least, stated, most in sums.iter_rows()
    }
    inside = [amount for name, amount in amounts.items() if name != _NOWHERE]
    return {**amounts, "": sum(inside, ZERO)}


def _ranked(
    keys: IndexKeys, context: Context, names: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Datum, ...], tuple[Phrase, ...]]:
    """The members in the order that the index asks for, worst off first."""
    if keys.ranked is None:
        return names, (), ()
    if not isinstance(keys.ranked, Ranked):
        strange = sorted({*keys.ranked} ^ {*names})
        phrase = N_("{who} is either not ranked, or not among those that are compared")
        return (
            keys.ranked,
            (),
            tuple(Phrase(phrase, {"who": name}) for name in strange),
        )
    by, sign = keys.ranked, 1 if keys.ranked.worst == "lowest" else -1
    found = {
        name: look_up(context, by.outcome, _who(keys, name), keys.persons.year)
        for name in names
    }
    known = {name: each for name, each in found.items() if isinstance(each, Known)}
    missing = tuple(each for each in found.values() if isinstance(each, Phrase))
    ordered = sorted(known, key=lambda name: (sign * known[name].value, name))
    data = tuple(one for each in known.values() for one in each.data)
    return tuple(ordered), data, missing
