"""Filters over lines: three-valued, one line at a time, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from hrbudget.domain.predicate import Predicate

LINES = pl.DataFrame(
    {
        "fund": ["own", "sida", None],
        "function": ["510", "51", "0510"],
        "amount": [10000, 10050, -1],
        "fiscal_year": [2026, 2026, 2026],
        "extra": ["a", "b", None],
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fund = 'sida'", [False, True, None]),
        ("fund <> 'sida'", [True, False, None]),
        ("not (fund = 'sida')", [True, False, None]),
        ("fund in ('own', 'eu')", [True, False, None]),
        ("fund not in ('own')", [False, True, None]),
        ("fund is null", [False, False, True]),
        ("fund is null or fund = 'own'", [True, False, True]),
        ("fund = 'own' and amount > 5", [True, False, False]),
        ("function = '510'", [True, False, False]),
        ("function like '51%'", [True, True, False]),
        ("left(function, 2) = '51'", [True, True, False]),
        ("upper(fund) = 'SIDA'", [False, True, None]),
        ("amount > 100", [False, True, False]),
        ("amount = 100.5", [False, True, False]),
        ("amount between 100 and 100.50", [True, True, False]),
        ("amount * 2 > 200", [False, True, False]),
        ("fiscal_year = 2026", [True, True, True]),
        ("extra = 'a'", [True, False, None]),
        ("case when fund = 'own' then true else false end", [True, False, False]),
    ],
)
def test_a_filter_is_true_false_or_unknown_for_each_line(
    text: str, expected: list[bool | None]
) -> None:
    assert Predicate(text).holds(LINES, "SEK").to_list() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fund = ",
        "fund",
        "1 = 1",
        "5",
        "(select 1) = 1",
        "fund in (select fund from self)",
        "amount > avg(amount)",
        "max(amount) > 5",
        "first(fund) = 'sida'",
        "row_number() over (order by amount) > 1",
        "COLUMNS('fu.*') = 'x'",
        "cast(fund as int) > 5",
        "amount / 0 > 1",
        "amount = '100'",
        "fiscal_year = '2026'",
        "fund = 'a'; drop table line",
        "read_csv('/etc/passwd') = 'x'",
    ],
)
def test_what_is_no_filter_over_one_line_at_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"filter|which lines"):
        Predicate(text)


def test_a_column_that_is_not_there_is_named() -> None:
    assert Predicate("colour = 'red' and fund = 'own'").missing(LINES) == ("colour",)
