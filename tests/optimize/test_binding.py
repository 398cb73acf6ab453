"""Lines held at their bounds gain what is said, confirmed by an exact solver."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction

import pytest

from hrbudget.domain.proposal import Held
from hrbudget.domain.scenario import ENVELOPE
from hrbudget.optimize.sensitivity.binding import MOST, held
from tests.optimize.exact_model import Opened, least, opened

SEED = os.environ.get("HRBUDGET_SEED", "2026")
CASES = min(300, int(os.environ.get("HRBUDGET_CASES", "60")))

Every = list[tuple[Opened, tuple[Held, ...]]]

_SPECK = Fraction(1, 10**8)


@pytest.fixture(scope="module")
def every() -> Every:
    return [
        (each, held(each.session, each.model, each.linear))
        for each in opened(SEED, range(CASES))
    ]


def gain(each: Opened, name: int, side: str) -> tuple[int | None, Fraction] | None:
    """The first level that gains by more room of a class, and how much per krona."""
    step = each.session.scale * _SPECK
    found = [least(each.model, {(name, side): step * times}) for times in (1, 20, 400)]
    one, near, further = (changed or [] for changed in found)
    for place, level in enumerate(each.levels):
        # What ends within a speck cannot be told from nothing.
        at_once = (each.least[place] - one[place]) / step
        later = (near[place] - further[place]) / (380 * step)
        if min(abs(at_once), abs(later)) > Fraction(1, 10**6):
            return level, at_once
    return None


def classes(each: Opened) -> dict[str, int]:
    """Classes of the lines that an envelope counts and no rule emptied."""
    shared = {row.measure for row in each.model.rows if row.rule.id == ENVELOPE}
    terms = each.model.shape.terms
    counted = terms.filter(terms["total"].is_in(list(shared)))["class"].to_list()
    emptied = each.model.grid.because["line"].to_list()
    lines = each.model.shape.members.join(each.model.grid.lines, on="line")
    return {
        line_id: name
        for line, line_id, name in lines.select("line", "line_id", "class").iter_rows()
        if name in counted and line not in emptied
    }


def tried(every: Every) -> Iterator[tuple[Opened, str, int, Held | None, str]]:
    for each, found in every:
        told = {(it.line_id, it.side): it for it in found}
        for line_id, name in classes(each).items():
            for side in ("up", "down"):
                yield each, line_id, name, told.get((line_id, side)), side


def test_a_line_gains_what_is_said_and_others_gain_nothing(every: Every) -> None:
    wrong, gains = [], 0
    for each, line_id, name, told, side in tried(every):
        expected = gain(each, name, side)
        if (told is None) != (expected is None):
            wrong.append((each.name, line_id, side, told, expected))
        elif told is not None and expected is not None:
            gains += 1
            near = abs(told.gain - expected[1]) <= expected[1] / 10**6
            if told.level != expected[0] or not near:
                wrong.append((each.name, line_id, side, told, expected))
    assert wrong == []
    assert gains > 50


def test_only_lines_of_the_envelope_are_held_and_the_largest_come_first(
    every: Every,
) -> None:
    for each, found in every:
        assert {it.line_id for it in found} <= classes(each).keys()
        assert len(found) <= MOST
        places = [(each.levels.index(it.level), -it.gain) for it in found]
        assert places == sorted(places)
        assert all(it.gain > 0 for it in found)
    levels = {it.level for _, found in every for it in found}
    assert None in levels
    assert len(levels) > 2


def test_the_same_lines_are_held_when_a_session_is_kept(every: Every) -> None:
    for each, found in every[:10]:
        assert held(each.session, each.model, each.linear) == found
