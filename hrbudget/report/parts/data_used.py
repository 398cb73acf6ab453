"""Figures from beside the budget that rules needed: whose they are and how old."""

from __future__ import annotations

from fractions import Fraction

from hrbudget.domain import taxonomy
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.domain.rule import Datum
from hrbudget.report.blocks import Cell, Column, Section, Table, Written
from hrbudget.report.figures import number
from hrbudget.report.subject import Subject


def data_used(subject: Subject) -> tuple[Section, ...]:
    """A table of them, the oldest first; nothing where no rule needed any."""
    used = {
        datum: None
        for finding in subject.checked.findings
        for datum in finding.requirement.data
    }
    if not used:
        return ()
    ordered = sorted(used, key=lambda each: (-each.age, each.name, each.year))
    table = Table(
        "data-used",
        Phrase(N_("Figures from beside the budget that rules needed")),
        (
            Column(Phrase(N_("Figure"))),
            Column(Phrase(N_("Year")), figures=True),
            Column(Phrase(N_("Years older than the budget")), figures=True),
            Column(Phrase(N_("Source"))),
        ),
        tuple(_row(each) for each in ordered),
    )
    return (Section("data", Phrase(N_("How old the data is")), (table,)),)


#: Tables beside the budget, as figures from them are called.
_TABLES = {
    "budget": N_("budget"),
    "population": N_("population"),
    "need": N_("need"),
    "deflators": N_("deflators"),
    "outcomes": N_("outcomes"),
}


def named(each: Datum) -> Phrase:
    """What a figure is of: its table, and which phase, group or name of it."""
    table, _, of = each.name.partition(" ")
    first = Phrase(_TABLES.get(table, table))
    if not of:
        return first
    groups = taxonomy.groups()
    which: Value = of
    if table == "budget":
        which = Phrase(of)
    elif of in groups.titles:
        which = Title(groups.title(of), groups.title(of, "sv"))
    return Phrase("{table}: {of}", {"table": first, "of": which})


def _row(each: Datum) -> tuple[Cell, ...]:
    return (
        named(each),
        _figure(each, "year", N_("It is the year that the figure speaks of.")),
        _figure(
            each,
            "age",
            N_("The budget's year less the year that the figure speaks of."),
        ),
        Written(each.source or "–"),
    )


def _figure(each: Datum, part: str, says: str) -> Figure:
    """The year of a figure, or its age in years."""
    name = f"data/{each.name}/{each.year}/{each.source}/{part}"
    origin = Origin(Phrase(says), source=each.source)
    if part == "year":
        return Figure(name, Fraction(each.year), origin, "year")
    return number(name, each.age, origin)
