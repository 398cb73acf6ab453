"""No tampered certificate holds, unless what it then says is true all the same."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import pytest

from hrbudget.cli.verify import checker
from tests.proof.making import (
    Document,
    as_bytes,
    gap_of,
    levels_of,
    moves,
    objective,
    short,
)
from tests.proof.tampering import resealed, tampered, tampered_bytes
from tests.proof.worked import EVERY, OPTIMAL

CHECK = checker()
NAMES = list(EVERY)


def holds(content: bytes) -> bool:
    """Whether the checker lets a file pass."""
    try:
        CHECK.verify(content)
    except (CHECK.Refused, ValueError):
        return False
    return True


@pytest.mark.parametrize("seed", range(200))
def test_what_was_tampered_with_is_refused(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    told = EVERY[NAMES[seed % len(NAMES)]].document()
    assert holds(as_bytes(told))
    assert not holds(as_bytes(tampered(told, rng)))
    assert not holds(tampered_bytes(as_bytes(told), rng))


@pytest.mark.parametrize("name", EVERY)
def test_with_a_digest_of_its_own_it_is_refused_or_true(name: str) -> None:
    rng = random.Random(name)  # noqa: S311
    told = EVERY[name].document()
    verdicts: Counter[bool] = Counter()
    for _ in range(80):
        other = resealed(told, rng)
        verdicts[holds(as_bytes(other))] += 1
        if holds(as_bytes(other)):
            assert is_true(other), other
    # Names and what no amount depends on may change, so both must have been seen.
    assert verdicts[False] >= 20
    assert verdicts[True] >= 1


def is_true(told: Document) -> bool:
    """Whether what a certificate states is so, by trying every allocation."""
    if told["status"] == "infeasible":
        return not any(keeps(told, each) for each in allocations(told))
    amounts = {line["line_id"]: line["amount"] for line in told["lines"]}
    within = all(x["low"] <= x["amount"] <= x["high"] for x in told["lines"])
    odd = [x for x in told["lines"] if (x["amount"] - x["origin"]) % x["step"]]
    if not (within and keeps(told, amounts) and len(odd) <= told["odd_lines"]):
        return False
    reached = {
        level: objective(told, level, amounts) for level in [*levels_of(told), None]
    }
    stated = [(x["level"], Fraction(x["achieved"])) for x in told["proofs"]]
    return stated == list(reached.items()) and all(
        bounds_hold(told, reached, each)
        for each in allocations(told)
        if keeps(told, each)
    )


def bounds_hold(
    told: Document, reached: dict[int | None, Fraction], amounts: dict[str, int]
) -> bool:
    """Whether an allocation has no less of a level, or has more of one before."""
    for proof in told["proofs"]:
        has = objective(told, proof["level"], amounts)
        if has < Fraction(proof["bound"]):
            return False
        if has > reached[proof["level"]]:
            return True
    return True


def keeps(told: Document, amounts: dict[str, int]) -> bool:
    """Whether every row that must hold does, and the limit on moves."""
    limit = told["moved_limit"]
    return (limit is None or moves(told, amounts) <= Fraction(limit)) and all(
        short(told, row, amounts) == 0 for row in told["rows"] if row["level"] is None
    )


def allocations(told: Document) -> Iterator[dict[str, int]]:
    """Every allocation of whole numbers; of wide bounds those near their ends."""
    lines = told["lines"]
    for each in itertools.product(*(tried(line) for line in lines)):
        yield dict(zip((line["line_id"] for line in lines), each, strict=True))


def tried(line: Document) -> list[int]:
    """Amounts of a line that are tried."""
    low, high = int(line["low"]), int(line["high"])
    if high - low <= 20:
        return list(range(low, high + 1))
    ends = (low, high, int(line["start"]), int(line.get("amount", low)))
    near = {end + n for end in ends for n in range(-6, 7)}
    return sorted(x for x in near if low <= x <= high)


def test_what_is_tried_can_tell_truth_from_falsehood() -> None:
    """The judge of the tamperings is no rubber stamp."""
    for case in EVERY.values():
        assert is_true(case.document())
    for name in OPTIMAL:
        told = EVERY[name].document()
        for place in range(len(told["proofs"])):
            other = EVERY[name].document()
            proof = other["proofs"][place]
            proof["bound"] = str(Fraction(proof["achieved"]) + 1)
            assert not is_true(other)
    possible = EVERY["too much asked"].document()
    possible["rows"][0]["bound"] = "22"
    assert not is_true(possible)
    assert gap_of(possible, possible["rows"][0], {"a": 13, "b": 9}) == 0
