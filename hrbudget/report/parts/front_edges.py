"""The way between corners of a front: what is paid for what, and what stops it."""

from __future__ import annotations

from hrbudget.domain.front import Edge, Front, Tight
from hrbudget.domain.phrase import N_, Origin, Phrase, Title, Value
from hrbudget.domain.proposal import MOVED_TOTAL
from hrbudget.report.blocks import Cell, Column, Table
from hrbudget.report.charts import front as chart
from hrbudget.report.figures import number
from hrbudget.report.front_record import Dilemma

#: How lines that reach a bound are told.
_BOUNDS = {
    "most": N_("{lines}: no more may be added"),
    "least": N_("{lines}: no more may be taken"),
    "start": N_("{lines}: back at what they start with"),
}
_CHANGES = N_(
    "The change from one corner to the next, per unit of the first objective that "
    "changes."
)


def table(about: Dilemma, front: Front, name: str) -> Table:
    """The edges of a front of two or three objectives.

    Args:
        about: the budget it is of.
        front: the front.
        name: as figures of it are called.
    """
    return Table(
        id=f"{name.replace('/', '-')}-edges",
        caption=Phrase(
            N_("What is paid for what: {objectives}"),
            {"objectives": chart.objectives(front)},
        ),
        columns=(
            Column(Phrase(N_("From"))),
            Column(Phrase(N_("To"))),
            Column(Phrase(N_("Price"))),
            Column(Phrase(N_("What becomes tight at the end"))),
        ),
        rows=tuple(_row(about, front, each, name) for each in front.edges),
    )


def _row(about: Dilemma, front: Front, edge: Edge, name: str) -> tuple[Cell, ...]:
    place = f"{name}/{edge.start + 1}-{edge.end + 1}"
    return (
        chart.corner(edge.start),
        chart.corner(edge.end),
        rate(front, edge, name),
        tuple(
            binding(about, each, f"{place}/{number}")
            for number, each in enumerate(edge.binding, 1)
        ),
    )


def rate(front: Front, edge: Edge, name: str) -> Cell:
    """What is paid for what along an edge; of three objectives, all changes."""
    titles = [chart.titled(each) for each in front.objectives]
    if len(titles) == 3:
        place = f"{name}/{edge.start + 1}-{edge.end + 1}/rate"
        return tuple(
            Phrase(
                "{title}: {change}",
                {
                    "title": title,
                    "change": number(
                        f"{place}/{objective.name}", change, Origin(Phrase(_CHANGES))
                    ),
                },
            )
            for title, objective, change in zip(
                titles, front.objectives, edge.rates, strict=True
            )
            if change
        )
    pattern = N_("One more of “{first}” is paid with {rate} of “{second}”.")
    if front.objectives[0].sign > 0:
        pattern = N_("One less of “{first}” is paid with {rate} of “{second}”.")
    values: dict[str, Value] = {
        "first": titles[0],
        "second": titles[1],
        "rate": chart.slope(name, edge),
    }
    return Phrase(pattern, values)


def binding(about: Dilemma, tight: Tight, name: str) -> Phrase:
    """What becomes tight at the end of an edge."""
    if tight.rule == MOVED_TOTAL:
        return Phrase(N_("no more may be moved between lines"))
    if tight.rule:
        header = tight.header
        title = Title(header.title, header.title_sv) if header else Title(tight.rule)
        pattern = N_("the rule starts to bind: {title} ({rule})")
        return Phrase(pattern, {"title": title, "rule": tight.rule})
    first, more = tight.lines[0], len(tight.lines) - 1
    told: Value = line(about, first)
    if more:
        says = Phrase(N_("The lines that are not named are counted."))
        count = number(f"{name}/more", more, Origin(says))
        pattern = N_("{line} and {count} more lines that no rule tells apart")
        told = Phrase(pattern, {"line": told, "count": count})
    return Phrase(_BOUNDS[tight.at or "start"], {"lines": told})


def line(about: Dilemma, position: int) -> str:
    """A line's description and unit, where it has any, and its id."""
    row = about.ledger.lines.row(position, named=True)
    words = [row.get("description"), row.get("administrative_unit")]
    told = ", ".join(str(each) for each in words if each)
    return f"{told} ({row['line_id']})" if told else str(row["line_id"])
