"""What the parts of a grant must be to each other, told where they are not."""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.domain.columns import PHASES
from hrbudget.domain.grant import Grant, Held
from hrbudget.domain.grant_account import NO_HEADING, TOTAL
from hrbudget.ingest.grant_money import Amounts


def check(grant: Grant, amounts: Amounts) -> None:
    """Tell all that does not fit together in a grant."""
    _check_agreement(grant, amounts)
    _check_headings(grant, amounts)
    _check_budgets(grant, amounts)
    _check_years(grant, amounts)
    has_chain = grant.movements.transfers or grant.movements.spent
    if has_chain and not grant.method_source:
        amounts.blame(
            (),
            "no method, and money that was forwarded or spent in other currencies",
            "method: {name: first_in_first_out or weighted_average, source: who says}",
            "say how spent foreign money is costed, and where that is laid down",
        )


def _check_agreement(grant: Grant, amounts: Amounts) -> None:
    stated = grant.agreement
    if stated.ends < stated.begins:
        amounts.blame(
            ("agreement", "ends"),
            str(stated.ends),
            f"a day not before it begins, {stated.begins}",
            "correct one of the two",
        )
    if stated.rate and stated.rate.rate <= 0:
        amounts.blame(
            ("agreement", "rate", "rate"),
            str(stated.rate.rate),
            "a rate above zero",
            f"state how much {grant.currency} one {stated.currency} is",
        )


def _check_headings(grant: Grant, amounts: Amounts) -> None:
    """No line may fall under two headings, and no heading be called as ours are."""
    where = ("donor", "own_headings")
    seen: set[str] = set()
    for place, each in enumerate(grant.donor.headings):
        if each.id in {*seen, NO_HEADING, TOTAL}:
            expected = f"an id of its own, not {NO_HEADING} or {TOTAL}"
            amounts.blame((*where, place, "id"), repr(each.id), expected, "rename it")
        seen.add(each.id)
        for other in grant.donor.headings[:place]:
            shared = set(each.cost_categories) & set(other.cost_categories)
            if shared and (
                not each.party or not other.party or each.party == other.party
            ):
                amounts.blame(
                    (*where, place, "cost_categories"),
                    f"{', '.join(sorted(shared))}, which {other.id} has too",
                    "each cost category of a party under one heading",
                    "take it out of one of them, or give both a party",
                )


def _check_budgets(grant: Grant, amounts: Amounts) -> None:
    known = [each.id for each in grant.donor.headings]
    seen: set[tuple[int, object]] = set()
    for place, each in enumerate(grant.budgets):
        for name in each.amounts:
            if name not in known:
                amounts.blame(
                    ("budgets", place, "amounts", name),
                    f"the heading {name!r}",
                    f"one of {', '.join(known)}",
                    "use the donor's headings",
                )
        if (each.year, each.on) in seen:
            amounts.blame(
                ("budgets", place, "on"),
                f"a second budget of {each.year} approved on {each.on}",
                "one approval a day",
                "delete one, or correct its day",
            )
        seen.add((each.year, each.on))
    for place, one in enumerate(grant.explained):
        if one.heading not in (*known, NO_HEADING, TOTAL):
            amounts.blame(
                ("explained", place, "heading"),
                repr(one.heading),
                f"one of {', '.join((*known, NO_HEADING, TOTAL))}",
                "use the donor's headings",
            )


def _check_years(grant: Grant, amounts: Amounts) -> None:
    """Years are of the agreement, or such that money came or went in them."""
    years = grant.years
    if not years:
        return
    expected = f"a year from {years[0]} to {years[-1]}"
    for where, year in _stated_years(grant):
        if year not in years:
            advice = "correct it, or the days of the agreement"
            amounts.blame(where, str(year), expected, advice)
    for year, chosen in grant.chosen.items():
        if chosen.budget and grant.approved(year):
            amounts.blame(
                ("chosen", str(year), "budget"),
                f"a budget of {year} here and among budgets",
                "one of the two",
                "delete one",
            )
        for kind, held in (("budget", chosen.budget), ("outcome", chosen.outcome)):
            _check_phase(("chosen", str(year), kind, "phase"), held, amounts)


def _check_phase(where: tuple[str, ...], held: Held | None, amounts: Amounts) -> None:
    if held and held.phase not in PHASES:
        expected = f"one of {', '.join(PHASES)}"
        amounts.blame(where, repr(held.phase), expected, "correct it")


def _stated_years(grant: Grant) -> Iterator[tuple[tuple[int | str, ...], int]]:
    for place, each in enumerate(grant.budgets):
        yield ("budgets", place, "year"), each.year
    for place, one in enumerate(grant.explained):
        yield ("explained", place, "year"), one.year
    for name in ("chosen", "declared"):
        for year in getattr(grant, name):
            yield (name, str(year)), year
