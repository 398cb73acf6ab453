"""Where a grant's outcome differs from its budget, and what was said about it.

Neither ICLD nor Sida is known to let a share differ freely; how far it may stands in an
agreement, and only what an agreement says is held against the outcome here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from hrbudget.domain.grant import Grant, Tolerance
from hrbudget.domain.grant_account import TOTAL, GrantAccount, GrantYear
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase
from hrbudget.report.blocks import Block, Cell, Column, Paragraph, Table, Text
from hrbudget.report.parts.donor_budget import title
from hrbudget.report.parts.donor_figures import SOURCE, Making, headings, written

_NO_LIMIT = N_(
    "The agreement in grants.yaml states no share by which an outcome may differ from "
    "its budget, so none is marked. What the packs of rules say stands among the "
    "findings."
)
_LIMIT = N_(
    "The agreement lets the outcome of a heading differ from its budget by {share} "
    "({source})."
)
_BEYOND = N_("more than the {share} that the agreement allows")
_NOTHING_BUDGETED = N_("nothing was budgeted")
_NOT_EXPLAINED = N_("No explanation is given.")
_NONE = N_("Where both are known, no outcome differs from its budget.")


def blocks(account: GrantAccount, place: int) -> Iterator[Block]:
    """What may differ, and what does."""
    grant = account.grant
    limit = grant.agreement.tolerance
    yield Paragraph((_said(grant, limit),))
    rows = [
        row
        for year in account.years
        for name in headings(grant)
        for row in _row(grant, year, name)
    ]
    if not rows:
        yield Paragraph((Phrase(_NONE),))
        return
    names = (N_("Heading of the donor"), N_("Year"), N_("Budget less outcome"))
    yield Table(
        f"grant-{place}-differences-table",
        Phrase(N_("Differences and their explanations")),
        (
            Column(Phrase(names[0])),
            Column(Phrase(names[1])),
            Column(Phrase(names[2]), figures=True),
            Column(Phrase(N_("Of the budget")), figures=True),
            Column(Phrase(N_("Explanation"))),
        ),
        tuple(rows),
    )


def _said(grant: Grant, limit: Tolerance | None) -> Phrase:
    if limit is None:
        return Phrase(_NO_LIMIT)
    return Phrase(_LIMIT, {"share": _share(grant, limit), "source": limit.source})


def _share(grant: Grant, limit: Tolerance) -> Figure:
    says = Phrase(N_("The agreement says so: {source}."), {"source": limit.source})
    origin = Origin(says, source=SOURCE)
    return Figure(f"grant/{grant.id}/tolerance", limit.share, origin, "share")


def _row(grant: Grant, year: GrantYear, name: str) -> Iterator[tuple[Cell, ...]]:
    """One difference; none where there is none, or it is not known."""
    make = Making(grant)
    budget, outcome = make.side(year, "budget", name), make.side(year, "outcome", name)
    left, part = make.difference(f"{year.year}/{name}", budget, outcome)
    if left is None or not left.value:
        return
    share: Cell = part if part is not None else Phrase(_NOTHING_BUDGETED)
    yield (
        title(grant, name),
        Phrase("{year}", {"year": str(year.year)}),
        left,
        share,
        (*_explained(grant, year, name), *_beyond(grant, part)),
    )


def _explained(grant: Grant, year: GrantYear, name: str) -> tuple[Text, ...]:
    found = [
        written(each.says)
        for each in grant.explained
        if each.year == year.year and each.heading in (name, TOTAL)
    ]
    return tuple(found) or (Phrase(_NOT_EXPLAINED),)


def _beyond(grant: Grant, part: Figure | None) -> tuple[Text, ...]:
    """Whether the agreement's limit is passed; any cost is more than none budgeted."""
    limit = grant.agreement.tolerance
    if limit is None:
        return ()
    far = part is None or abs(part.value) > Fraction(limit.share)
    return (Phrase(_BEYOND, {"share": _share(grant, limit)}),) if far else ()
