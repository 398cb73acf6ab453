"""Transfers are tagged where their money is spent, once, or listed."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from hrbudget.domain import columns
from hrbudget.errors import InputRefused
from hrbudget.tag.ways import lookthrough
from hrbudget.tag.ways.lookthrough import LookedThrough
from tests.tag.tagging import tag, tags

TRANSFER = {"line_id": "t", "function": "01.8", "amount": 1000}


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    """Lines with the columns that a look-through reads."""
    blank = {
        "direction": "expenditure",
        "function": None,
        "function_scheme": "cofog",
        "administrative_unit": None,
        "amount": 100,
        "currency": "SEK",
    }
    texts = {"line_id", *blank} - {"amount"}
    return pl.DataFrame(
        [{**blank, **row} for row in rows],
        schema_overrides=dict.fromkeys(texts, pl.String),
    )


def looked(
    frame: pl.DataFrame,
    to: str,
    elsewhere: tuple[pl.DataFrame, pl.DataFrame] | None = None,
) -> LookedThrough:
    """What becomes of lines when general transfers go there."""
    text = (
        f"title: T\ntransfers: [{{id: all, where: \"function = '01.8'\", to: [{to}]}}]"
    )
    transfers = lookthrough.parse(text.encode(), "town.yaml")
    return lookthrough.look_through(frame, transfers, elsewhere)


def test_money_that_a_unit_of_the_budget_spends_is_counted_there_only() -> None:
    frame = lines(TRANSFER, {"line_id": "s", "administrative_unit": "School"})
    done = looked(frame, "{administrative_unit: School}")
    (made,) = done.tags.iter_rows(named=True)
    assert (made["line_id"], made["effect"], made["share"]) == ("t", "neutral", 0)
    assert made["evidence"].startswith("internal transfer, counted at the unit")
    assert done.left.is_empty()


def test_money_for_a_function_is_tagged_as_the_function_is() -> None:
    done = looked(lines(TRANSFER), '{function: "07.2", function_scheme: cofog}')
    assert done.tags.schema == columns.schema(columns.TAGS)
    assert done.tags["share"].sum() == 1_000_000
    assert set(done.tags["basis"]) == {"crosswalk"}
    assert done.tags["criterion"][0].startswith("transfer.town.all@")
    assert "transfer to cofog 07.2" in done.tags["evidence"][0]
    assert done.left.is_empty()


def test_a_part_that_is_not_stated_stays_untagged_and_is_listed() -> None:
    to = '{function: "07.2", function_scheme: cofog, share: "0.6"}'
    done = looked(lines(TRANSFER), to)
    assert done.tags["share"].sum() == 600_000
    assert done.left.select("line_id", "amount", "untraced").rows() == [
        ("t", 1000, 400_000)
    ]


def test_money_for_a_unit_of_another_budget_is_tagged_as_its_lines_are() -> None:
    unit = {"administrative_unit": "Rescue"}
    theirs = lines(
        {"line_id": "a", "amount": 300, **unit},
        {"line_id": "b", "amount": 100, **unit},
        {"line_id": "c", "amount": 999, "administrative_unit": "Other"},
    )
    said = tags(
        tag(line_id="a", right="life.disaster", share=1_000_000),
        tag(line_id="b", right="health", share=500_000, share_high=1_000_000),
        tag(line_id="c", right="food", share=1_000_000),
    )
    to = '{administrative_unit: Rescue, share: "0.8"}'
    done = looked(lines(TRANSFER), to, (theirs, said))
    shares = done.tags.select("right", "share", "share_low", "share_high").rows()
    assert shares == [
        ("health", 100_000, 100_000, 200_000),
        ("life.disaster", 600_000, 600_000, 600_000),
    ]


def test_a_receiver_of_whom_nothing_is_known_leaves_the_transfer_untagged() -> None:
    done = looked(lines(TRANSFER), "{administrative_unit: Elsewhere}")
    assert done.tags.is_empty()
    assert done.left["why"].to_list() == ["the receiver's lines or code are not known"]


def test_a_transfer_that_nobody_explains_is_listed_by_its_code() -> None:
    frame = lines({"line_id": "u", "function": "01.8.0"}, {"line_id": "v"})
    done = looked(frame, "{administrative_unit: School}")
    assert done.tags.is_empty()
    assert done.left.rows() == [("u", 100, 1_000_000, "nobody says where it goes")]


def test_a_unit_that_only_passes_money_on_does_not_spend_it() -> None:
    frame = lines({**TRANSFER, "administrative_unit": "Board"})
    done = looked(frame, "{administrative_unit: Board}")
    assert done.tags.is_empty()
    assert done.left.height == 1


@pytest.mark.parametrize(
    "to",
    [
        "{share: '1'}",
        "{administrative_unit: A, function: '07.2', function_scheme: cofog}",
        "{function: '07.2', function_scheme: cofgo}",
        "{administrative_unit: A, share: '0.6'}, {administrative_unit: B, share: '1'}",
    ],
)
def test_a_file_that_contradicts_itself_is_refused(to: str) -> None:
    with pytest.raises(InputRefused, match=r"town\.yaml:2:"):
        looked(lines(TRANSFER), to)


def test_a_filter_on_a_column_that_is_not_there_is_told() -> None:
    with pytest.raises(InputRefused, match="the column 'function' in transfer all"):
        looked(lines(TRANSFER).drop("function"), "{administrative_unit: A}")
