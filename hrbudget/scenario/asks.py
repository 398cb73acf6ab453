"""What a scenario itself asks for, as requirements over the lines.

    envelope      Σ x = E                            of each year, all that is spent
    carry_over    Σ_{s≤t} E_s - κ E_t ≤ Σ_{s≤t} x_s ≤ Σ_{s≤t} E_s      years together
    fund_wall     Σ x of a purse = what it has       ≤ where there is less to share out
                                                     ≥ where there is more
    ring_fence    Σ x of the lines = what they have
    bound         Σ x of some lines within limits
    co_financed   Σ x paid by a fund ≥ share · Σ x of some lines

All but the last two must hold. A purse is a fund, or several that are open to each
other. With carry-over the money of a purse may wait for another year as the envelope's
may, so walls and fences are of all years together; without, of each year.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget import money
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.requirement import Requirement, Sense
from hrbudget.domain.scenario import ENVELOPE, Scenario
from hrbudget.errors import NotFound
from hrbudget.scenario.asked import Ask, Titles, made
from hrbudget.scenario.bounds import bounds, co_financed
from hrbudget.scenario.starts import Started
from hrbudget.scenario.where import OWN, chosen

#: Ids of all that a scenario may ask for.
IDS = (ENVELOPE, "carry_over", "fund_wall", "ring_fence", "bound", "co_financed")


def asks(scenario: Scenario, ledger: Ledger, begun: Started) -> tuple[Requirement, ...]:
    """All that the scenario asks for beside its rules.

    Raises:
        NotFound: a fund that the scenario names has no line.
        CallRefused: a filter of the scenario is satisfied by no line of expenditure.
    """
    kinds = (
        *_envelopes(scenario, begun),
        *_walls(scenario, begun),
        *_fences(scenario, ledger, begun),
        *bounds(scenario, ledger, begun),
        *co_financed(scenario, ledger, begun),
    )
    return tuple(made(scenario, each) for each in kinds)


def _envelopes(scenario: Scenario, begun: Started) -> list[Ask]:
    years = sorted(begun.envelopes)
    if len(years) == 1:
        title = ("All expenditure is the envelope", "Alla utgifter är lika med ramen")
        return [_sum(ENVELOPE, begun.spent, "equal", begun.envelopes[years[0]], title)]
    if not scenario.carry_over:
        return [
            _sum(
                ENVELOPE,
                begun.spent.filter(pl.col("fiscal_year") == year),
                "equal",
                begun.envelopes[year],
                (
                    f"All expenditure of {year} is its envelope",
                    f"Alla utgifter {year} är lika med årets ram",
                ),
                str(year),
            )
            for year in years
        ]
    return _carried(scenario.carry_over, begun, years)


def _carried(share: Fraction, begun: Started, years: list[int]) -> list[Ask]:
    """Money may wait for the next year, a share of the year's envelope at most."""
    found: list[Ask] = []
    percent = money.number_text(share * 100, 6)
    there, first, last = Fraction(0), years[0], years[-1]
    for year in years[:-1]:
        spent = begun.spent.filter(pl.col("fiscal_year") <= year)
        there += begun.envelopes[year]
        waits = share * begun.envelopes[year]
        no_more = (
            f"Until the end of {year} no more is spent than there is by then",
            f"Till och med {year} används inte mer än vad som då finns",
        )
        no_less = (
            f"At most {percent} % of the envelope of {year} waits for the next year",
            f"Högst {percent} % av ramen för {year} förs över till nästa år",
        )
        found += [
            _sum(ENVELOPE, spent, "at_most", there, no_more, str(year)),
            _sum("carry_over", spent, "at_least", there - waits, no_less, str(year)),
        ]
    whole = (
        f"All expenditure of {first}–{last} is the envelopes of these years",
        f"Alla utgifter {first}–{last} är lika med dessa års ramar",
    )
    every = there + begun.envelopes[last]
    scope = f"{first}-{last}"
    return [*found, _sum(ENVELOPE, begun.spent, "equal", every, whole, scope)]


@dataclass(frozen=True)
class _Span:
    """Years whose money is one: each alone, or all where money may wait.

    Attributes:
        lines: of expenditure, in these years.
        envelope: what there is to share out.
        scope: the year, of several that are planned; else empty.
    """

    lines: pl.DataFrame
    envelope: int
    scope: str

    @property
    def change(self) -> int:
        """How much more there is than the lines have."""
        return self.envelope - money.total(self.lines, pl.col("money"))

    def named(self, name: str) -> str:
        """The scope of a requirement on a part of the span."""
        return f"{self.scope}/{name}" if self.scope else name

    def told(self, english: str, swedish: str) -> Titles:
        """Titles, with the year where there are several."""
        if not self.scope:
            return english, swedish
        return f"{english} in {self.scope}", f"{swedish} {self.scope}"


def _spans(scenario: Scenario, begun: Started) -> list[_Span]:
    years = sorted(begun.envelopes)
    if len(years) == 1 or scenario.carry_over:
        return [_Span(begun.spent, sum(begun.envelopes.values()), "")]
    return [
        _Span(
            begun.spent.filter(pl.col("fiscal_year") == year),
            begun.envelopes[year],
            str(year),
        )
        for year in years
    ]


def _purses(scenario: Scenario, begun: Started) -> list[tuple[str, ...]]:
    """Funds that share their money; a purse for each fund that is not open.

    Raises:
        NotFound: no line of expenditure has a fund that the scenario names.
    """
    funds = begun.spent["fund"].unique().sort().to_list()
    opened = [purse or tuple(funds) for purse in scenario.open_funds]
    for part, named in (
        ("funds", [fund for purse in opened for fund in purse]),
        ("envelope", [scenario.envelope_fund] if scenario.envelope_fund else []),
    ):
        for fund in named:
            if fund not in funds:
                kind = f"fund of the lines ({part})"
                raise NotFound(kind, fund, funds)
    inside = {fund for purse in opened for fund in purse}
    return [*opened, *((fund,) for fund in funds if fund not in inside)]


def _walls(scenario: Scenario, begun: Started) -> list[Ask]:
    """Money of a purse never serves another; a change falls where it is said to.

    Where every purse keeps what it has, the last wall follows from the envelope and the
    others: it is left out, so that one more krona of the envelope is a krona of its
    own. That is the purse of own money, or else the last by name.
    """
    purses = _purses(scenario, begun)
    if len(purses) == 1:
        return []  # the envelope says it
    found: list[Ask] = []
    own = next((purse for purse in purses if OWN in purse), purses[-1])
    for span in _spans(scenario, begun):
        for purse in purses:
            if scenario.envelope_fund in purse:
                continue
            if scenario.envelope_fund is None and not span.change and purse == own:
                continue
            mine = span.lines.filter(pl.col("fund").is_in(purse))
            if mine.is_empty():
                continue
            sense = "equal" if scenario.envelope_fund else _towards(span.change)
            names = "+".join(purse)
            title = span.told(*(text.format(names) for text in _WALLS[sense]))
            has = money.total(mine, pl.col("money"))
            found.append(_sum("fund_wall", mine, sense, has, title, span.named(names)))
    return found


_WALLS: dict[Sense, Titles] = {
    "equal": (
        "Money of {} stays with its own lines",
        "Pengar från {} stannar på sina egna rader",
    ),
    "at_most": (
        "The lines of {} get no money of other funds",
        "Rader finansierade av {} får inga pengar från andra",
    ),
    "at_least": (
        "The lines of {} lose no money to other funds",
        "Rader finansierade av {} förlorar inga pengar till andra",
    ),
}


def _towards(change: int) -> Sense:
    """What a part may still do when there is more or less to share out."""
    if change == 0:
        return "equal"
    return "at_most" if change < 0 else "at_least"


def _fences(scenario: Scenario, ledger: Ledger, begun: Started) -> list[Ask]:
    """Ring-fenced money stays among its lines."""
    found: list[Ask] = []
    for number, predicate in enumerate(scenario.ring_fenced, start=1):
        inside = chosen(
            "ring_fenced", predicate, ledger, begun.lines["spent"], "expenditure"
        )
        lines = begun.lines.filter(inside).select("line")
        for span in _spans(scenario, begun):
            mine = span.lines.join(lines, on="line", how="semi")
            if mine.is_empty():
                continue
            has = money.total(mine, pl.col("money"))
            title = span.told(
                f"Money of the lines where {predicate.text} stays with them",
                f"Pengar på rader där {predicate.text} stannar där",
            )
            scope = span.named(str(number))
            found.append(_sum("ring_fence", mine, "equal", has, title, scope))
    return found


def _sum(
    name: str,
    lines: pl.DataFrame,
    sense: Sense,
    bound: Fraction | int,
    titles: Titles,
    scope: str = "",
) -> Ask:
    """What all the money of some lines together must be."""
    return Ask(name, "immediate", titles, sense, lines["line"], Fraction(bound), scope)
