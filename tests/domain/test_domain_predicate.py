"""Filters over lines: three-valued, one line at a time, and nothing else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        "fund = 'a';",
        "read_csv('/etc/passwd') = 'x'",
        "exists (select 1 from read_csv('/etc/passwd'))",
        "exists (from read_csv('/etc/passwd'))",
        "with t as (select 1) select 1",
        "fund = 'a' union select 1",
        "line.fund = 'a'",
        "fund = any(select fund from line)",
        "sum(amount) over (partition by fund) > 1",
        "regexp_like(fund, 'a|b')",
        "fund ~ '^s'",
        "fund rlike '.*'",
        "upper(fund, 'x') = 'a'",
        "random() > 0",
        "frobnicate(fund) = 'a'",
        "fund = 'a' -- and amount > 5",
        "fund /* own */ = 'a'",
        "amount % 2 = 0",
        "amount > 1e5",
        "not fund",
        "'a' = (fund = null)",
        "`fund` = 'a'",
        "fund = $1",
        "fund = 'a",
    ],
)
def test_what_is_no_filter_over_one_line_at_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"filter|which lines"):
        Predicate(text)


def test_a_column_that_is_not_there_is_named() -> None:
    assert Predicate("colour = 'red' and fund = 'own'").missing(LINES) == ("colour",)


def test_a_filter_that_names_a_file_never_opens_it(tmp_path: Path) -> None:
    """To parse a subquery, Polars opens its files: such text is not parsed at all."""
    for name in ("there", "not_there"):
        path = tmp_path / name
        if name == "there":
            path.write_text("a\n1\n")
        quoted = f"'{path}'"
        for text in (
            "exists (select 1 from read_csv({}))",
            "fund in (\u017felect a from read_csv({}))",
            "'\\' = ' or exists (select 1 from read_csv({})) or fund = '",
            "fund = '' or exists(table read_csv({}))",
        ):
            with pytest.raises(ValueError, match=r"has no|quotation mark"):
                Predicate(text.format(quoted))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fund in (select 1)", "no subquery or table"),
        ("coalesce(fund, 'own') = 'own'", "no function that fills empty cells"),
        ("case when fund = 'own' then true else false end", "no case"),
        ("fund = 'a'; drop table line", "no second statement"),
        ("line.fund = 'a'", "no table's name"),
        ("amount > avg(amount)", "no figure of many lines"),
        ("max(amount) over () > 5", "has no"),
        ("fund ~ 'a'", "no regular expression"),
        ("frobnicate(fund) = 'a'", "unsupported function 'frobnicate'"),
        ("cast(fund as int) > 5", "no conversion"),
        ("amount / 2 > 1", "no division"),
        ("1 = 1", "does not say which lines"),
    ],
)
def test_a_refusal_says_what_a_filter_has_not(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Predicate(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("extra like 'a%'", [True, False, None]),
        ("extra ilike 'A'", [True, False, None]),
        ("function like '_1%'", [True, True, False]),
        ("fund is distinct from 'own'", [False, True, True]),
        ("fund = 'it''s select -- from; [x]'", [False, False, None]),
        ("\"fund\" = 'own'", [True, False, None]),
        ("fiscal_year * 2000000 > 0", [True, True, True]),
    ],
)
def test_what_is_quoted_is_text_and_small_numbers_do_not_wrap(
    text: str, expected: list[bool | None]
) -> None:
    assert Predicate(text).holds(LINES, "SEK").to_list() == expected


COLUMNS = st.sampled_from(["fund", "function", "amount", "fiscal_year", "extra"])
CONSTANTS = st.sampled_from(
    ["'a'", "'own'", "''", "1", "0", "-1", "2.5", "null", "true", "1000000000000"]
)
WORDS = st.sampled_from(
    [
        *("fund", "amount", "'sida'", "'%a_'", "1", "2.5", "null", "(", ")", ",", "="),
        *("<>", "<", "+", "*", "/", "%", "||", "and", "or", "not", "in", "like", "is"),
        *("is null", "between", "case", "when", "then", "else", "end", "upper(", "~"),
        *("left(", "coalesce(", "select", "from", "line", "read_csv('/etc/passwd')"),
        *(
            "exists",
            "sum(",
            "count(*)",
            "over",
            ";",
            "--",
            "/*",
            "$1",
            "::int",
            "[",
            "]",
        ),
        *(
            "fund.x",
            "now()",
            "columns('.*')",
            "unnest(",
            "union",
            "with",
            "values",
            "#",
        ),
    ]
)
PAIRS = ("=", "<>", "<", "+", "-", "*", "/", "and", "or", "like", "~", "in", "||")
ONES = ("upper", "abs", "length", "not", "sum", "first", "reverse", "unnest", "-")
TWOS = ("left", "substr", "coalesce", "nullif", "regexp_like", "mod", "concat")


def _larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def said(pattern: str, *words: tuple[str, ...]) -> st.SearchStrategy[str]:
        parts = [st.sampled_from(choice) for choice in words]
        holes = pattern.count("{}") - len(parts)
        order = st.tuples(*parts, *[part] * holes)
        return order.map(lambda found: pattern.format(*found))

    return st.one_of(
        st.tuples(part, st.sampled_from(PAIRS), part).map(lambda t: f"({' '.join(t)})"),
        said("{}({})", ONES),
        said("{}({}, {})", TWOS),
        said("{} between {} and {}"),
        said("{} in ({}, {})"),
        said("case when {} then {} else {} end"),
        said("{} is null"),
    )


@given(
    st.one_of(
        st.recursive(st.one_of(COLUMNS, CONSTANTS), _larger, max_leaves=7),
        st.lists(WORDS, min_size=1, max_size=9).map(" ".join),
        st.text(max_size=20),
    )
)
def test_whatever_is_written_reaches_one_line_and_nothing_else(text: str) -> None:
    """It is refused, or says true, false or unknown of each line for itself."""
    try:
        predicate = Predicate(text)
        together = predicate.holds(LINES, "SEK")
        alone = [predicate.holds(LINES[row : row + 1], "SEK")[0] for row in range(3)]
    except ValueError:
        return
    assert set(predicate.names) <= set(LINES.columns)
    assert together.dtype == pl.Boolean
    assert together.to_list() == alone
