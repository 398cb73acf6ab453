"""Last year's tags on this year's lines; what cannot be carried is listed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.errors import CallRefused
from hrbudget.tag.ways import forward, links
from hrbudget.tag.ways.forward import Carried
from tests.tag.tagging import tag, tags


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    """Lines with the columns that carrying reads."""
    blank: dict[str, Any] = {"direction": "expenditure", "function": None}
    blank |= {"unit": None, "description": None, "amount": 100}
    texts = {"line_id", *blank} - {"amount"}
    return pl.DataFrame(
        [{**blank, **row} for row in rows],
        schema={**dict.fromkeys(sorted(texts), pl.String), "amount": pl.Int64},
    )


def of(*ids: str) -> pl.DataFrame:
    """Lines of 100 each with these ids."""
    return lines(*({"line_id": line_id} for line_id in ids))


def changed(text: str) -> pl.DataFrame:
    """Code changes such as ``a b 0.5, c d 1``."""
    rows = "".join(",".join(each.split()) + "\n" for each in text.split(",") if each)
    read, issues = links.read(f"old,new,share\n{rows}".encode(), "codes.csv")
    assert issues == ()
    return read


def carried(
    now: pl.DataFrame, before: pl.DataFrame, said: pl.DataFrame, changes: str = ""
) -> Carried:
    book = forward.Book("town_2025", before, said)
    return forward.carry(now, book, changed(changes) if changes else links.none())


def test_a_line_that_stays_keeps_its_tags_as_a_proposal() -> None:
    said = tag(
        line_id="a",
        groups=["women", "children"],
        share_low=1,
        share_high=600_000,
        basis="donor_marker",
        objective="schools",
        evidence="the contract",
        author="anna",
        state="locked",
        criterion="x@1",
    )
    done = carried(of("a"), of("a"), tags(said))
    (made,) = done.tags.iter_rows(named=True)
    assert made == {
        **said,
        "groups": ["children", "women"],
        "evidence": "carried from town_2025 a: the contract",
        "author": "hrbudget",
        "state": "proposed",
    }
    assert done.tags.schema == columns.schema(columns.TAGS)
    assert (done.not_carried.height, done.untouched.height, done.changed.height) == (
        0,
        0,
        0,
    )


def test_a_split_line_gives_its_tags_to_all_its_parts() -> None:
    done = carried(of("x", "y"), of("a"), tags(tag()), "a x 0.6, a y 0.4")
    assert done.tags.select("line_id", "share").rows() == [
        ("x", 500_000),
        ("y", 500_000),
    ]
    assert done.changed.rows() == [("x", "a", "split"), ("y", "a", "split")]


def test_merged_lines_share_by_their_money_and_span_what_they_say() -> None:
    before = lines({"line_id": "a", "amount": 100}, {"line_id": "b", "amount": 200})
    said = tags(tag(line_id="a", share=500_000), tag(line_id="b", right="work"))
    done = carried(of("m"), before, said, "a m 1, b m 1")
    shares = done.tags.select("right", "share_low", "share", "share_high").rows()
    assert shares == [("health", 0, 166_666, 500_000), ("work", 0, 333_333, 500_000)]
    assert "weighted by amount, rounded down" in done.tags["evidence"][0]
    assert done.changed.rows() == [("m", "a, b", "merged")]


def test_merged_lines_that_say_the_same_are_exact() -> None:
    said = tags(tag(line_id="a"), tag(line_id="b"))
    done = carried(of("m"), of("a", "b"), said, "a m 1, b m 1")
    shares = done.tags.select("share_low", "share", "share_high").rows()
    assert shares == [(None, 500_000, None)]


def test_merged_lines_without_money_count_alike() -> None:
    before = lines({"line_id": "a", "amount": 0}, {"line_id": "b", "amount": 0})
    done = carried(of("m"), before, tags(tag(line_id="a")), "a m 1, b m 1")
    assert done.tags["share"].to_list() == [250_000]


def test_a_merged_line_was_screened_only_where_all_its_parts_were() -> None:
    none = {"right": None, "share": 0, "effect": "neutral"}
    alone = tags(tag(line_id="a", **none))
    both = tags(tag(line_id="a", **none), tag(line_id="b", **none))
    made = [
        carried(of("m"), of("a", "b"), said, "a m 1, b m 1").tags.height
        for said in (alone, both)
    ]
    assert made == [0, 1]


def test_a_share_of_nothing_carries_nothing() -> None:
    done = carried(of("x"), of("a"), tags(tag()), "a x 0")
    assert (done.tags.height, done.untouched.height) == (0, 1)
    assert [str(each) for each in done.not_carried["tagged"]] == ["50.000000000000"]


def test_a_line_may_move_to_another_id() -> None:
    done = carried(of("x"), of("a"), tags(tag()), "a x 1")
    assert done.changed.rows() == [("x", "a", "moved")]
    assert done.tags["line_id"].to_list() == ["x"]


def test_a_line_with_another_text_is_carried_and_shown() -> None:
    now = lines({"line_id": "a", "description": "Schools"})
    before = lines({"line_id": "a", "description": "School"})
    done = carried(now, before, tags(tag()))
    assert done.tags.height == 1
    assert done.changed.rows() == [("a", "a", "renamed")]


def test_money_that_went_nowhere_is_listed() -> None:
    before = of("a", "b", "c", "d")
    said = tags(*(tag(line_id=line) for line in "abc"))
    done = carried(of("b", "x"), before, said, "b x 0.75, c y 1")
    assert [tuple(map(str, row[1:])) for row in done.not_carried.rows()] == [
        ("a", "100.000000", "50.000000000000", "not there this year: a"),
        ("b", "25.000000", "12.500000000000", "its shares add up to less than 1"),
        ("c", "100.000000", "50.000000000000", "not there this year: y"),
    ]
    assert done.untouched.rows() == [("b", 100)]


def test_changes_of_codes_that_last_year_did_not_have_are_told() -> None:
    assert carried(of("a"), of("a"), tags(tag()), "z a 1").unknown == ("z",)


def test_lines_may_be_told_apart_by_several_codes() -> None:
    place = {"function": "407", "unit": "BUN"}
    before = lines({"line_id": "a", **place, "amount": 300}, {"line_id": "b", **place})
    now = lines(
        {"line_id": "p", "function": "411", "unit": "BUN"},
        {"line_id": "q", "function": "411", "unit": "BUN"},
        {"line_id": "r", **place},
        {"line_id": "s", **place, "direction": "revenue"},
    )
    book = forward.Book("b", before, tags(tag(line_id="a", share=1_000_000)))
    changes = changed("407|BUN 411|BUN 1")
    done = forward.carry(now, book, changes, ("function", "unit"), "anna")
    assert done.tags.select("line_id", "share", "author").rows() == [
        ("p", 750_000, "anna"),
        ("q", 750_000, "anna"),
    ]
    assert done.untouched["line_id"].to_list() == ["r", "s"]


def test_a_line_without_the_code_is_not_carried() -> None:
    book = forward.Book("b", of("a"), tags(tag()))
    done = forward.carry(of("a"), book, links.none(), ("function",))
    assert done.tags.is_empty()
    assert done.not_carried.select("old", "why").rows() == [(None, "no function")]


def test_a_key_that_the_lines_do_not_have_is_refused() -> None:
    with pytest.raises(CallRefused, match="no column 'kind'"):
        forward.carry(
            of("a"), forward.Book("b", of("a"), tags()), links.none(), ("kind",)
        )


@st.composite
def years(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, str]:
    """Last year's lines and tags, any code changes, and lines for them to go to."""
    ids = draw(st.lists(st.sampled_from("abcde"), min_size=1, unique=True))
    rows, said, changes = [], [], []
    for line in ids:
        rows.append({"line_id": line, "amount": draw(st.integers(0, 10**12))})
        left = money.WHOLE
        for right in ("health", "work"):
            share = draw(st.integers(0, left))
            left -= share
            said.append(tag(line_id=line, right=right, share=share))
        left = money.WHOLE
        for new in draw(st.lists(st.sampled_from("xyz"), unique=True)):
            share = draw(st.integers(0, left))
            left -= share
            part = money.number_text(Fraction(share, money.WHOLE), 6)
            changes.append(f"{line} {new} {part}")
    there = draw(st.lists(st.sampled_from("abxyz"), unique=True))
    return of(*there), lines(*rows), tags(*said), ", ".join(changes)


@given(years())
def test_no_line_gets_more_than_its_whole(
    drawn: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, str],
) -> None:
    done = carried(*drawn)
    sums = done.tags.group_by("line_id").agg(pl.col("share").sum())
    assert all(share <= money.WHOLE for share in sums["share"])
    low, high = done.tags["share_low"], done.tags["share_high"]
    assert (low <= done.tags["share"]).all()
    assert (high >= done.tags["share"]).all()


@given(years())
def test_carried_money_and_listed_money_are_last_years(
    drawn: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, str],
) -> None:
    now, before, said, changes = drawn
    done = carried(now, before, said, changes)
    amounts = dict(before.select("line_id", "amount").iter_rows())
    tagged: dict[str, Fraction] = {}
    for line, share in said.select("line_id", "share").iter_rows():
        part = Fraction(share, money.WHOLE) * amounts[line]
        tagged[line] = tagged.get(line, Fraction(0)) + part
    got: dict[str, Fraction] = {}
    paths = [tuple(each.split()) for each in changes.split(", ") if each]
    stated = {old for old, _, _ in paths}
    paths += [(line, line, "1") for line in amounts if line not in stated]
    for old, new, part in paths:
        if new in now["line_id"]:
            got[new] = got.get(new, Fraction(0)) + Fraction(part) * amounts[old]
    shares = dict(done.tags.group_by("line_id").agg(pl.col("share").sum()).iter_rows())
    landed = sum(
        (
            Fraction(shares.get(line, 0), money.WHOLE) * part
            for line, part in got.items()
        ),
        Fraction(0),
    )
    listed = sum(map(Fraction, done.not_carried["tagged"]), Fraction(0))
    lost = sum(tagged.values()) - landed - listed
    merged = sum(part for part in got.values())
    assert 0 <= lost <= 2 * Fraction(merged, money.WHOLE)
    if len({new for _, new, _ in paths}) == len(paths):
        assert lost == 0  # nothing was merged, so nothing was rounded


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("old,new\na,x\na,x\n", "'x'", "each change once"),
        ("old,new,share\n,x,1\n", "an empty cell", "a code"),
        ("old,new,share\na,,1\n", "an empty cell", "a code"),
        ("old,new,share\na,x,2\n", "'2'", "a share from 0 to 1"),
        ("old,new\na,x\na,y\n", "shares of a that add up to 2", "at most 1"),
        ("from,to\na,x\n", "from, to", "headers old, new, share"),
    ],
)
def test_a_defect_of_the_changes_is_told(text: str, found: str, expected: str) -> None:
    _, issues = links.read(text.encode(), "codes.csv")
    assert (found, expected) in [(each.found, each.expected) for each in issues]


def test_changes_may_be_written_as_swedish_spreadsheets_write_them() -> None:
    read, issues = links.read("\ufeffold;new;share\na;x;0,5\n".encode(), "codes.csv")
    assert (read.rows(), issues) == ([("a", "x", 500_000)], ())
