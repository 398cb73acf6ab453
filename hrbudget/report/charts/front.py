"""The chart of a dilemma: its picture, what it finds in words, and its corners."""

from __future__ import annotations

from hrbudget.domain.front import Edge, Front, Objective, Vertex
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.report.blocks import Chart, Column, Table, Written
from hrbudget.report.charts.corners import Corners
from hrbudget.report.figures import money, number


def front(about: Front) -> Chart | None:
    """A front of two or three objectives; None where no budget can be."""
    if not about.vertices:
        return None
    return Chart(
        id="front",
        title=Phrase(N_("The way from one objective to the other")),
        says=says(about),
        drawing=Corners(about),
        table=corners(about, "front"),
    )


def says(about: Front) -> tuple[Phrase, ...]:
    """What the picture shows, in words."""
    count = number(
        "front/corners",
        len(about.vertices),
        Origin(Phrase(N_("The corners of the front are counted."))),
    )
    sentences = [
        Phrase(
            N_("“{objective}” goes from {least} to {most} along {corners} corners."),
            {
                "objective": titled(objective),
                "least": min(values, key=lambda each: each.value),
                "most": max(values, key=lambda each: each.value),
                "corners": count,
            },
        )
        for place, objective in enumerate(about.objectives)
        for values in [
            [value(about, "front", each, place) for each in range(len(about.vertices))]
        ]
    ]
    if len(about.vertices) == 1:
        best = N_(
            "One budget is the best for all of them; there is nothing to give up."
        )
        sentences.append(Phrase(best))
    elif len(about.objectives) == 2:
        sentences.append(_steepest(about))
    return tuple(sentences)


def titled(objective: Objective) -> Title:
    """What an objective is called."""
    return Title(objective.title, objective.title_sv)


def value(about: Front, name: str, vertex: int, place: int) -> Figure:
    """The value of an objective at a corner.

    Args:
        about: the front.
        name: of the front: ``front``, or of a pair of three objectives.
        vertex: number of the corner, from 0.
        place: which objective.
    """
    corner = about.vertices[vertex]
    says = Phrase(_PROVEN if corner.gap == 0 else _WITHIN, _gap(name, vertex, corner))
    key = f"{name}/{vertex + 1}/{about.objectives[place].name}"
    return money(key, corner.values[place], Origin(says))


_PROVEN = N_(
    "The optimizer found it; exact arithmetic proves that no budget is better in all "
    "objectives."
)
_WITHIN = N_(
    "The optimizer found it; exact arithmetic proves that no budget is better by more "
    "than {gap}."
)


def _gap(name: str, vertex: int, corner: Vertex) -> dict[str, Value]:
    if corner.gap == 0:
        return {}
    says = Phrase(N_("The proven bound less what was found."))
    return {"gap": money(f"{name}/{vertex + 1}/gap", corner.gap, Origin(says))}


def corners(about: Front, name: str) -> Table:
    """Every corner with its values.

    Args:
        about: the front.
        name: as figures of it are called.
    """
    return Table(
        id=f"{name.replace('/', '-')}-corners",
        caption=Phrase(N_("Corners: {objectives}"), {"objectives": objectives(about)}),
        columns=(
            Column(Phrase(N_("Corner"))),
            *(
                Column(Written(each.title, "en", each.title_sv), figures=True)
                for each in about.objectives
            ),
        ),
        rows=tuple(
            (
                corner(vertex),
                *(
                    value(about, name, vertex, place)
                    for place in range(len(about.objectives))
                ),
            )
            for vertex in range(len(about.vertices))
        ),
    )


def corner(vertex: int) -> Phrase:
    """A corner's number, which is its name."""
    return Phrase(N_("Corner {number}"), {"number": str(vertex + 1)})


def objectives(about: Front) -> Phrase:
    """The objectives beside each other."""
    names = [titled(each) for each in about.objectives]
    pattern = " – ".join(f"{{{place}}}" for place in "abc"[: len(names)])
    return Phrase(pattern, dict(zip("abc", names, strict=False)))


def _steepest(about: Front) -> Phrase:
    """The range of rates along a front of two."""
    ordered = sorted(about.edges, key=lambda each: abs(each.slope))
    first, second = (titled(each) for each in about.objectives)
    pattern = N_("One more of “{first}” is paid with {least} to {most} of “{second}”.")
    if about.objectives[0].sign > 0:
        pattern = N_(
            "One less of “{first}” is paid with {least} to {most} of “{second}”."
        )
    values: dict[str, Value] = {
        "first": first,
        "second": second,
        "least": slope("front", ordered[0]),
        "most": slope("front", ordered[-1]),
    }
    return Phrase(pattern, values)


def slope(name: str, edge: Edge) -> Figure:
    """What is paid along an edge of two objectives for one of the first."""
    says = Phrase(
        N_(
            "The change of the second objective from one corner to the next, divided "
            "by the change of the first."
        )
    )
    key = f"{name}/{edge.start + 1}-{edge.end + 1}/rate"
    return number(key, abs(edge.slope), Origin(says))
