"""The smallest sets with a member of each conflict, against all sets there are."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.optimize.conflict import hitting
from hrbudget.optimize.conflict.hitting import Names, TooMany, enough, smallest

NAMES = "abcdef"

conflicts = st.lists(
    st.frozensets(st.sampled_from(NAMES), min_size=1), min_size=1, max_size=8
)


def hitting_sets(given_ones: list[Names]) -> list[Names]:
    """All sets with a member of each, none of which can be spared."""
    every = chain.from_iterable(combinations(NAMES, size) for size in range(1, 7))
    found: list[Names] = []
    for some in map(frozenset, every):
        hits = all(some & each for each in given_ones)
        if hits and not any(each <= some for each in found):
            found.append(some)
    return found


@given(conflicts)
def test_no_smaller_set_has_a_member_of_each(given_ones: list[Names]) -> None:
    found = smallest(given_ones, [], NAMES)
    assert found in hitting_sets(given_ones)
    assert len(found or ()) == len(hitting_sets(given_ones)[0])


@given(conflicts)
def test_all_sets_that_are_enough_are_found_in_rising_size(
    hidden: list[Names],
) -> None:
    """Conflicts are asked for one by one, as a solver would tell them."""

    def conflict(without: Names) -> Names | None:
        return next((each for each in hidden if not each & without), None)

    found = enough(conflict, NAMES, 1000, 1000)
    assert [len(each) for each in found] == sorted(map(len, found))
    assert set(found) == set(hitting_sets(hidden))


def test_early_names_are_preferred() -> None:
    assert smallest([frozenset("ab"), frozenset("bc")], [], "cab") == {"b"}
    assert smallest([frozenset("ab")], [], "ba") == {"b"}
    assert smallest([frozenset("ab")], [frozenset("a")], "ab") == {"b"}
    assert smallest([frozenset("a")], [frozenset("a")], "ab") is None


def test_a_search_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hitting, "_MOST_TRIED", 3)
    hidden = [frozenset("ab"), frozenset("cd"), frozenset("ef")]
    with pytest.raises(TooMany):
        smallest(hidden, [], NAMES)
    assert (
        enough(
            lambda chosen: next((x for x in hidden if not x & chosen), None),
            NAMES,
            99,
            9,
        )
        == []
    )
