"""The cases of rule packs: examples with their answers, compared to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hrbudget import money
from hrbudget.check import check
from hrbudget.domain.finding import Finding
from hrbudget.pipeline.deciding import Surroundings, asked
from hrbudget.rules.cases import Example, examples
from hrbudget.rules.pack import Pack

#: Decimals to which a figure that is no money is compared.
_PLACES = 10


@dataclass(frozen=True)
class CaseResult:
    """The outcome of one case: what differs from what it says, or nothing."""

    example: Example
    differences: tuple[str, ...]


def run_cases(
    packs: Iterable[Pack], load: Callable[[Example], Pack]
) -> list[CaseResult]:
    """Run the cases of packs.

    Args:
        packs: the packs.
        load: gives the pack of a case, with the case's own plan where it has one.
    """
    return [
        run_case(example, load(example))
        for pack in packs
        for example in examples(pack.folder)
    ]


def run_case(example: Example, pack: Pack) -> CaseResult:
    """Check one case and compare what it says, to the last digit."""
    ledger = example.ledgers[0]
    mine = tuple(each for each in pack.rules if each.rule.id == example.rule)
    only = (replace(pack, rules=mine),)
    around = Surroundings(only, example.facts, example.reference, example.case.on)
    values = {example.rule: example.case.input.rule_values}
    checked = check(ledger, asked(ledger, around, values))
    expected = example.case.output
    found = [
        finding
        for finding in checked.findings
        if finding.rule.id == example.rule
        and finding.requirement.scope == expected.scope
    ]
    if len(found) != 1:
        scope = f" in scope {expected.scope!r}" if expected.scope else ""
        message = f"{len(found)} findings of {example.rule}{scope}, not one"
        return CaseResult(example, (message,))
    return CaseResult(example, _differences(example, found[0], ledger.currency))


def _differences(example: Example, finding: Finding, currency: str) -> tuple[str, ...]:
    expected = example.case.output
    parts: list[tuple[str, str, str]] = [("verdict", expected.verdict, finding.verdict)]
    figures = {
        "measured": finding.measured.middle,
        "required": finding.required.middle,
        "shortfall": finding.shortfall,
    }
    for name, figure in figures.items():
        stated = getattr(expected, name)
        if stated is not None and finding.unit == "money":
            exact = money.to_text(money.to_minor(stated, currency), currency)
            parts.append((name, exact, money.to_text(figure, currency)))
        elif stated is not None:
            number = money.number_text(money.to_fraction(stated), _PLACES)
            parts.append((name, number, money.number_text(figure, _PLACES)))
    return tuple(
        f"{name} is {found}, the case says {said}"
        for name, said, found in parts
        if said != found
    )
