"""Findings of a baseline and a proposal side by side: what gets worse or better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hrbudget.domain.comparison import Comparison
from hrbudget.domain.finding import VERDICTS, Finding
from hrbudget.domain.phrase import N_, Figure, Phrase
from hrbudget.report.blocks import Cell, Code, Column, Mark, Table
from hrbudget.report.parts.figures_of import of_finding
from hrbudget.report.parts.findings import title


@dataclass(frozen=True)
class _Pair:
    """A requirement's findings; None where one side has none."""

    before: Finding | None
    after: Finding | None

    @property
    def either(self) -> Finding:
        """The finding it is named by."""
        found = self.after or self.before
        if found is None:
            raise ValueError(self)
        return found

    @property
    def shortfalls(self) -> tuple[Figure | None, Figure | None]:
        """Money lacking; None where it is no money, or could not be assessed."""
        return _short(self.before, ""), _short(self.after, "after/")

    @property
    def turn(self) -> int:
        """Below 0 where it gets worse, above where better, 0 where neither."""
        if self.before is None or self.after is None:
            return 0
        ranks = [VERDICTS.index(each.verdict) for each in (self.before, self.after)]
        if ranks[0] != ranks[1]:
            return ranks[1] - ranks[0]
        was, now = self.shortfalls
        if was is None or now is None or was.value == now.value:
            return 0
        return 1 if now.value < was.value else -1


def _short(finding: Finding | None, prefix: str) -> Figure | None:
    if finding is None or finding.unit != "money":
        return None
    return of_finding(finding, prefix).get("shortfall")


def worse(comparison: Comparison) -> Table | None:
    """Findings that the proposal makes worse; None: there is none."""
    found = [each for each in _pairs(comparison) if each.turn < 0]
    caption = Phrase(N_("Findings that get worse"))
    return _table("worse", caption, found) if found else None


def better(comparison: Comparison) -> Table | None:
    """Findings that the proposal makes better; None: there is none."""
    found = [each for each in _pairs(comparison) if each.turn > 0]
    caption = Phrase(N_("Findings that get better"))
    return _table("better", caption, found) if found else None


def every(comparison: Comparison) -> Table:
    """All findings, those that change first."""
    found = sorted(
        _pairs(comparison), key=lambda each: (each.turn == 0, each.either.id)
    )
    return _table("verdicts", Phrase(N_("Findings before and after")), found)


def _pairs(comparison: Comparison) -> list[_Pair]:
    return [
        _Pair(before, after)
        for before, after in comparison.findings
        if before is not None or after is not None
    ]


def _table(name: str, caption: Phrase, pairs: Iterable[_Pair]) -> Table:
    return Table(
        id=name,
        caption=caption,
        columns=(
            Column(Phrase(N_("Rule"))),
            Column(Phrase(N_("Baseline"))),
            Column(Phrase(N_("Proposal"))),
            Column(Phrase(N_("Shortfall before")), figures=True),
            Column(Phrase(N_("Shortfall after")), figures=True),
        ),
        rows=tuple(_row(each) for each in pairs),
    )


def _row(pair: _Pair) -> tuple[Cell, ...]:
    name = pair.either
    marks = [Mark(each.verdict) if each else None for each in (pair.before, pair.after)]
    return ((title(name), Code(name.id)), *marks, *pair.shortfalls)
