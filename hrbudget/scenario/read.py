"""``scenarios/<id>.yaml``: what a planner writes, read strictly.

A scenario with all that it may say (any part but title and baseline may be left out)::

    title: A five per cent cut that leaves the minimum core whole
    baseline: {budget: exempelby, fiscal_years: [2026, 2027], phase: proposed}
    carry_over: "0.10"                        # of a year's envelope, to the next one
    adjust:                                   # before optimizing, in order
      - {where: "function = '510'", change: "-0.05"}
      - {where: "economic_class = '60'", price: "0.08"}     # dearer, same envelope
      - {where: "fund = 'state_grant'", revenue: "-0.03"}   # of revenue lines
      - {new_line: {line_id: shelter, fiscal_year: 2026, amount_max: "500000"},
         tags: [{right: living.housing, groups: [women]}]}
      - {grant: {line_id: eu1, fiscal_year: 2027, fund: eu, amount: "500000"}}
    envelope: {change: "-0.05", fund: own}
    limits:
      {line_down: "0.20", line_up: "0.25", moved_total: "0.05",
       units: {down: "0.10"}, programmes: {up: "0.20"},
       bounds: [{where: "project = 'p1'", at_most: "900000"}]}
    funds: {open: [[own, state_grant]]}       # or: all
    ring_fenced: ["project = 'p1'"]
    co_financed: [{where: "project = 'p1'", fund: own, at_least: "0.25"}]
    protected: ["economic_class = '24'"]
    posts: [{where: "economic_class = '50'", cost: "650000"}]
    pins: [{line: a, amount: "100", reason: Signed, by: Anna, on: 2026-01-31}]
    packs: [icescr, plan]
    priorities: {plan: 1}
    weights: {plan.housing: "3"}
    dialogue: {file: vote.pb, who: Residents, when: "2026-03", as: weights}
    rule_values: {icescr.health.share: {at_least: "0.12"}}
    assumptions: [{where: "fund = 'eu'", low: "-0.03", high: "0.05"}]
    round_to: "1000"
    fewest: true
    robust: true
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from hrbudget import money, yamlfile
from hrbudget.domain import scenario as domain
from hrbudget.domain.predicate import Predicate
from hrbudget.domain.written import Filter, Number
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.scenario import dialogue, parts
from hrbudget.scenario.parts import Part, Share
from hrbudget.yamlfile import FileModel

#: A file beside the scenario, by its name.
Beside = Callable[[str], bytes]

#: All funds share one purse: a purse that names none of them.
ALL_FUNDS: tuple[tuple[str, ...], ...] = ((),)


class ScenarioFile(FileModel):
    """``scenarios/<id>.yaml``."""

    title: str
    author: str = ""
    description: str = ""
    baseline: parts.Baseline
    carry_over: Part = "0"
    adjust: tuple[parts.Adjust, ...] = ()
    envelope: parts.Envelope = parts.Envelope(change="0")
    packs: tuple[str, ...] = ()
    limits: parts.Limits = parts.Limits()
    funds: parts.Funds | None = None
    ring_fenced: tuple[Filter, ...] = ()
    co_financed: tuple[parts.CoFinanced, ...] = ()
    protected: tuple[Filter, ...] = ()
    posts: tuple[parts.Posts, ...] = ()
    pins: tuple[parts.Pin, ...] = ()
    priorities: dict[str, int] = {}
    weights: dict[str, Share] = {}
    dialogue: parts.Dialogue | None = None
    rule_values: dict[
        str, dict[Literal["at_least", "at_most", "equal"], Number | None]
    ] = {}
    assumptions: tuple[parts.Assumption, ...] = ()
    round_to: Share | None = None
    fewest: bool = False
    robust: bool = False

    @model_validator(mode="after")
    def _years(self) -> ScenarioFile:
        several = len(self.baseline.fiscal_years) > 1
        if not several and money.to_fraction(self.carry_over):
            message = "carry_over is from year to year; name baseline.fiscal_years"
            raise ValueError(message)
        if several and self.envelope.amount is not None:
            message = (
                "the envelope of several years is stated by change; bounds with "
                "per: fiscal_year say what each year may have"
            )
            raise ValueError(message)
        return self


def parse(
    content: bytes,
    name: str,
    beside: Beside | None = None,
    heard: domain.Dialogue | None = None,
) -> domain.Scenario:
    """The scenario in a file's bytes; its id is the file's name without ending.

    Args:
        content: the file.
        name: its name without ending.
        beside: reads a file beside it, for a dialogue.
        heard: the dialogue, where it has been read before.

    Raises:
        InputRefused: with every defect at its line and column.
    """
    file = yamlfile.parse(content, f"{name}.yaml", ScenarioFile)
    years = sorted(file.baseline.fiscal_years)
    begun = domain.Scenario(
        id=name,
        title=file.title,
        text=content.decode("utf-8"),
        budget=file.baseline.budget,
        fiscal_year=years[0] if years else file.baseline.fiscal_year,
        fiscal_years=tuple(years) if len(years) > 1 else (),
        phase=file.baseline.phase,
        author=file.author,
        description=file.description,
        adjust=_adjustments(file),
        new_lines=_new_lines(file),
        packs=file.packs,
        priorities=dict(file.priorities),
        weights={rule: _fraction(text) for rule, text in file.weights.items()},
        dialogue=heard or _heard(file, name, beside),
        rule_values={
            rule: dict(each.items()) for rule, each in file.rule_values.items()
        },
        assumptions=tuple(
            domain.Assumption(
                Predicate(each.where), _fraction(each.low), _fraction(each.high)
            )
            for each in file.assumptions
        ),
        round_to=file.round_to,
        fewest=file.fewest,
        robust=file.robust,
    )
    return _with_lines(_with_money(begun, file), file)


_fraction = money.to_fraction


def _with_money(what: domain.Scenario, file: ScenarioFile) -> domain.Scenario:
    """What there is to share out, and which money may go where."""
    return replace(
        what,
        carry_over=_fraction(file.carry_over),
        envelope_change=_fraction(file.envelope.change or "0"),
        envelope_amount=file.envelope.amount,
        envelope_fund=file.envelope.fund,
        open_funds=_open_funds(file),
        ring_fenced=_filters(file.ring_fenced),
        co_financed=tuple(
            domain.CoFinanced(
                Predicate(each.where), each.fund, _fraction(each.at_least)
            )
            for each in file.co_financed
        ),
    )


def _with_lines(what: domain.Scenario, file: ScenarioFile) -> domain.Scenario:
    """How far lines may go, alone and together."""
    return replace(
        what,
        line_down=_fraction(file.limits.line_down),
        line_up=_fraction(file.limits.line_up),
        moved_total=_maybe(file.limits.moved_total),
        bounds=_bounds(file.limits),
        protected=_filters(file.protected),
        posts=tuple(
            domain.Posts(Predicate(each.where), each.cost) for each in file.posts
        ),
        pins=tuple(
            domain.Pin(each.line, each.amount, each.reason, each.by, each.on)
            for each in file.pins
        ),
    )


def read_scenario(path: Path) -> domain.Scenario:
    """The scenario in a file, with what it names beside it.

    Raises:
        InputRefused: with every defect at its line and column.
    """

    def beside(name: str) -> bytes:
        return (path.parent / name).read_bytes()

    return parse(path.read_bytes(), path.stem, beside)


def _filters(texts: tuple[str, ...]) -> tuple[Predicate, ...]:
    return tuple(Predicate(text) for text in texts)


def _adjustments(file: ScenarioFile) -> tuple[domain.Adjustment, ...]:
    kinds: tuple[domain.Shock, ...] = ("change", "price", "revenue")
    return tuple(
        domain.Adjustment(
            Predicate(each.where), money.to_fraction(getattr(each, kind)), kind
        )
        for each in file.adjust
        for kind in kinds
        if each.where is not None and getattr(each, kind) is not None
    )


def _new_lines(file: ScenarioFile) -> tuple[domain.NewLine, ...]:
    return tuple(
        domain.NewLine(
            stated.cells(),
            tuple(tag.cells() for tag in each.tags),
            stated.amount,
            None if each.grant is None else each.grant.amount,
        )
        for each in file.adjust
        for stated in (each.grant or each.new_line,)
        if stated is not None
    )


def _open_funds(file: ScenarioFile) -> tuple[tuple[str, ...], ...]:
    if file.funds is None:
        return ()
    stated = file.funds.open
    return ALL_FUNDS if isinstance(stated, str) else stated


def _bounds(limits: parts.Limits) -> tuple[domain.Bound, ...]:
    """Limits of units and of programmes are bounds for each of them."""
    ranges = (("administrative_unit", limits.units), ("programme", limits.programmes))
    return (
        *(
            domain.Bound(None, per, _maybe(each.down), _maybe(each.up))
            for per, each in ranges
            if each is not None
        ),
        *(
            domain.Bound(
                Predicate(each.where) if each.where else None,
                each.per,
                _maybe(each.down),
                _maybe(each.up),
                each.at_least,
                each.at_most,
                each.fiscal_year,
            )
            for each in limits.bounds
        ),
    )


def _maybe(text: str | None) -> Fraction | None:
    return None if text is None else money.to_fraction(text)


def _heard(
    file: ScenarioFile, name: str, beside: Beside | None
) -> domain.Dialogue | None:
    """What people gave in the file that the scenario names."""
    stated = file.dialogue
    if stated is None:
        return None
    try:
        content = None if beside is None else beside(stated.file)
    except OSError:
        content = None
    if content is None:
        expected = "a file beside the scenario"
        advice = "put it into the same folder"
        raise InputRefused(
            [
                DataIssue(
                    f"{name}.yaml",
                    f"the file {stated.file!r}, which is not there",
                    expected,
                    advice,
                    column="dialogue.file",
                )
            ]
        )
    return dialogue.read(content, stated.file, _stated(stated))


def _stated(given: parts.Dialogue) -> dialogue.Stated:
    return dialogue.Stated(given.who, given.when, given.people, given.given)
