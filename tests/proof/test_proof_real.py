"""What the optimizer hands out holds, and says what the budget and its rules say.

A certificate proves something of the rows that it states. That those are the budget's
own is held here against the check, which knows neither solver nor certificate.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from hrbudget.check import check, with_amounts
from hrbudget.cli.verify import checker
from hrbudget.domain.proposal import Answer
from hrbudget.domain.requirement import Requirement
from hrbudget.optimize.certificate import sealed
from hrbudget.optimize.run import optimize
from hrbudget.scenario.apply import apply
from tests.optimize.random_cases import case
from tests.proof.making import Document, as_bytes
from tests.proof.tampering import tampered, tampered_bytes
from tests.strategies import Problem, problems

CHECK = checker()
HEAD = {"scenario": "random", "budget": "random", "currency": "SEK"}


def certificate(answer: Answer) -> Document:
    """The certificate of an answer, sealed and through a file."""
    assert answer.certificate is not None, answer.unproved
    told: Document = json.loads(as_bytes(sealed(answer.certificate, **HEAD)))
    return told


def proved(told: Document) -> Document:
    """What a certificate proves."""
    verified: Document = CHECK.verify(as_bytes(told))
    return verified


@settings(max_examples=60, derandomize=True)
@given(problem=problems())
def test_certificates_hold_and_state_the_shortfalls_of_the_check(
    problem: Problem,
) -> None:
    book = problem.ledger()
    asked = problem.requirements(book)
    what_if = apply(problem.scenario(), book, asked)
    answer = optimize(what_if, asked, explain=True)
    if answer.certificate is None:  # only the size of moves is in the way
        assert (answer.status, len(answer.conflict)) == ("infeasible", 1)
        return
    told = proved(certificate(answer))
    assert told["status"] == answer.status
    if answer.status == "infeasible":
        return
    ids = dict(book.lines.select("line_id", "line").iter_rows())
    amounts = dict(answer.amounts.select("line", "amount").iter_rows())
    starts = dict(answer.amounts.select("line", "start").iter_rows())
    lines = [(ids[x["line_id"]], x["amount"], x["start"]) for x in told["lines"]]
    assert lines == [(x, amounts[x], starts[x]) for x, _, _ in lines]
    *levels, movement = [Fraction(x["achieved"]) for x in told["proofs"]]
    checked = check(with_amounts(book, answer.amounts), asked).findings
    found: dict[int, Fraction] = {}
    for each in checked:
        if not each.requirement.hard:
            level = what_if.levels[each.id]
            found[level] = found.get(level, Fraction(0)) + each.shortfall
    assert dict(zip([x["level"] for x in told["proofs"]], levels, strict=False)) == {
        level: size for level, size in found.items() if level in _stated(told)
    }
    assert movement == answer.movement
    assert _rows(told) >= {each.id for each in asked if each.hard and _counts(each)}


def _stated(told: Document) -> set[int]:
    return {x["level"] for x in told["rows"]} - {None}


def _rows(told: Document) -> set[str]:
    return {x["id"] for x in told["rows"] if x["level"] is None}


def _counts(requirement: Requirement) -> bool:
    """Whether a requirement asks something of lines that have money or may get some."""
    return requirement.measure.height > 0


def answers(numbers: Iterable[int]) -> list[Document]:
    """Certificates of what-ifs of all kinds."""
    found = []
    for number in numbers:
        made = case("2026", number)
        book = made.ledger()
        asked = made.requirements(book)
        answer = optimize(apply(made.what(), book, asked), asked, explain=True)
        if answer.certificate is not None:
            found.append(certificate(answer))
    return found


@pytest.fixture(scope="module")
def real() -> list[Document]:
    return answers(range(30))


def test_certificates_of_what_ifs_of_all_kinds_hold(real: list[Document]) -> None:
    kinds = [proved(told)["status"] for told in real]
    assert len(kinds) >= 25
    assert set(kinds) == {"optimal", "infeasible"}


def test_two_hundred_tamperings_with_them_are_all_refused(real: list[Document]) -> None:
    held: list[Any] = []
    for seed in range(200):
        rng = random.Random(seed)  # noqa: S311
        told = real[seed % len(real)]
        changed = as_bytes(tampered(told, rng))
        for content in (changed, tampered_bytes(as_bytes(told), rng)):
            try:
                held.append((seed, CHECK.verify(content)))
            except (CHECK.Refused, ValueError):
                continue
    assert held == []
