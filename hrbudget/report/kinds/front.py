"""The report on a dilemma: how much of one objective is had for how much of another.

No budget is better than its corners in all objectives at once.
"""

from __future__ import annotations

from hrbudget import __version__
from hrbudget.domain.front import Facet, Front
from hrbudget.domain.phrase import N_, Origin, Phrase, Value
from hrbudget.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Facts,
    Link,
    Paragraph,
    Report,
    Section,
    Table,
    Text,
    Written,
)
from hrbudget.report.charts import front as chart
from hrbudget.report.figures import money, number
from hrbudget.report.front_record import Dilemma
from hrbudget.report.parts import front_edges, front_moves
from hrbudget.report.parts.proposal_ways import asks

_NOTICE = N_(
    "No budget is better than these in all of the objectives at once. All that must "
    "hold holds; what progressive rules ask is not counted unless it is an objective. "
    "Amounts are not in whole units here."
)


def report(about: Dilemma) -> Report:
    """A report on a dilemma, or on why there is none."""
    book, what = about.ledger, about.scenario
    return Report(
        kind="front",
        title=Phrase(
            N_("A dilemma: {objectives}"),
            {"objectives": chart.objectives(about.front)},
        ),
        about=(Written(what.title), Written(f"({book.budget}, {book.years})")),
        facts=_facts(about),
        notice=Phrase(_NOTICE),
        sections=_sections(about),
        currency=book.currency,
    )


def _facts(about: Dilemma) -> Facts:
    rows: list[tuple[Text, Cell]] = [
        (Phrase(N_("Scenario")), Code(about.scenario.id)),
        (Phrase(N_("Packs of rules")), Written(", ".join(about.scenario.packs) or "–")),
        (Phrase(N_("Made by")), Written(f"hrbudget {__version__}")),
    ]
    if about.log_head:
        rows.append((Phrase(N_("Last event of the log")), Code(about.log_head)))
    return Facts(tuple(rows))


def _sections(about: Dilemma) -> tuple[Section, ...]:
    front = about.front
    picture = chart.front(front)
    if picture is None:
        title = Phrase(N_("No budget meets these rules together"))
        return (Section("conflict", title, (_conflict(front),)),)
    capped = N_(
        "There may be more corners than were sought: those shown are on the front, but "
        "others between them may be missing."
    )
    more = (Paragraph((Phrase(capped),)),) if front.capped else ()
    return (
        Section("front", Phrase(N_("The front")), (picture, *more)),
        Section(
            "edges",
            Phrase(N_("What is paid for what, and what stops it")),
            _edges(about),
        ),
        Section("moves", Phrase(N_("What moves")), _moves(about)),
    )


def _edges(about: Dilemma) -> tuple[Block, ...]:
    """The edges of the front; of three objectives, those of each pair, and faces."""
    front = about.front
    found: list[Block] = [*_of_one(about, front, "front", whole=True)]
    for (one, other), each in front.pairs:
        found += _of_one(about, each, f"pair/{one + 1}-{other + 1}", whole=False)
    if front.facets:
        found.append(_faces(front))
    return tuple(found)


def _of_one(
    about: Dilemma, front: Front, name: str, *, whole: bool
) -> tuple[Block, ...]:
    """Corners, unless the picture's table has them; edges; how well it is proven."""
    blocks: list[Block] = [] if whole else [chart.corners(front, name)]
    if front.edges:
        blocks.append(front_edges.table(about, front, name))
    return (*blocks, Paragraph((_proven(front, name),)))


def _proven(front: Front, name: str) -> Phrase:
    if front.proven:
        return Phrase(
            N_(
                "Proven in exact arithmetic: no corner is missing, and nothing is "
                "better."
            )
        )
    says = Phrase(N_("The largest gap of a corner, of an edge or between them."))
    gap = money(f"{name}/gap", front.gap, Origin(says))
    return Phrase(
        N_("Proven to within {gap}: nothing is better by more."), {"gap": gap}
    )


def _faces(front: Front) -> Table:
    """Flat faces of the front of three objectives."""
    return Table(
        id="faces",
        caption=Phrase(
            N_("Flat faces between corners, and the rates of exchange on them")
        ),
        columns=(Column(Phrase(N_("Corners"))), Column(Phrase(N_("Price")))),
        rows=tuple(
            (
                Written(", ".join(str(each + 1) for each in facet.vertices)),
                _rates(front, facet, place),
            )
            for place, facet in enumerate(front.facets, 1)
        ),
    )


def _rates(front: Front, facet: Facet, place: int) -> tuple[Text, ...]:
    names = [chart.titled(each) for each in front.objectives]
    says = Phrase(N_("The weights of the face's objectives, one divided by the other."))
    told: list[Text] = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        rate = number(
            f"face/{place}/{one + 1}-{other + 1}", facet.rate(one, other), Origin(says)
        )
        values: dict[str, Value] = {
            "first": names[one],
            "second": names[other],
            "rate": rate,
        }
        pattern = N_("One more of “{first}” changes “{second}” by {rate}.")
        told.append(Phrase(pattern, values))
    return tuple(told)


def _moves(about: Dilemma) -> tuple[Block, ...]:
    """The largest moves of each corner."""
    return tuple(
        front_moves.folded(about, vertex) for vertex in range(len(about.front.vertices))
    )


def _conflict(front: Front) -> Table:
    """The rules that collide."""
    return Table(
        id="conflict",
        caption=Phrase(N_("Without any one of them the others can hold")),
        columns=(
            Column(Phrase(N_("Rule"))),
            Column(Phrase(N_("What it asks"))),
            Column(Phrase(N_("Reference"))),
        ),
        rows=tuple(
            (
                (Written(each.rule.title, "en", each.rule.title_sv), Code(each.id))
                if each.rule
                else Code(each.id),
                asks(each, f"conflict/{each.id}"),
                tuple(Link(str(ref), ref.href) for ref in each.rule.reference)
                if each.rule
                else None,
            )
            for each in front.conflict
        ),
    )
