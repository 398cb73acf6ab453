"""The extra: what is learnt from approved tags, and when it is believed."""

from __future__ import annotations

import sys

import polars as pl
import pytest

from hrbudget.domain import columns
from hrbudget.errors import CallRefused
from hrbudget.tag.suggest import learned, model, suggestions

UNIT = "Kommunstyrelsen"


def budget(number: int = 30) -> pl.DataFrame:
    """Lines of a word no lexicon knows, and of others."""
    texts = [
        f"Grönkulla {each}" if each % 2 else f"Byggnad {each}" for each in range(number)
    ]
    return pl.DataFrame(
        {
            "line_id": [f"{each:03}" for each in range(number)],
            "direction": "expenditure",
            "administrative_unit": UNIT,
            "description": [each.replace(" ", " plan ") for each in texts],
        }
    )


def approved(lines: pl.DataFrame, state: str = "approved") -> pl.DataFrame:
    """Grönkulla is culture for children, the others are screened and none."""
    grand = pl.col("description").str.starts_with("Grönkulla")
    nothing = [
        pl.lit(None, each.dtype).alias(each.name)
        for each in columns.TAGS
        if each.name in {"share_low", "share_high", "objective", "evidence", "author"}
        or each.name == "criterion"
    ]
    return lines.select(
        "line_id",
        pl.when(grand).then(pl.lit("culture")).alias("right"),
        pl.when(grand).then(["children"]).otherwise([]).alias("groups"),
        pl.lit(0, pl.Int64).alias("share"),
        pl.when(grand)
        .then(pl.lit("supports"))
        .otherwise(pl.lit("neutral"))
        .alias("effect"),
        pl.lit("manual").alias("basis"),
        pl.lit(state).alias("state"),
        *nothing,
    ).select(pl.col(each.name).cast(each.dtype) for each in columns.TAGS)


def test_without_the_extra_the_refusal_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(CallRefused, match=r"hrbudget\[suggest\]"):
        learned.learn(budget(), approved(budget()))


def test_a_word_of_the_entitys_own_is_learnt_and_named() -> None:
    pytest.importorskip("sklearn")
    taught = learned.learn(budget(), approved(budget()))
    assert {(each.kind, each.id) for each in taught.taught} == {
        ("right", "culture"),
        ("group", "children"),
    }
    fresh = budget(2).with_columns(
        line_id=pl.lit("new ") + pl.col("line_id"),
        description=pl.Series(["Byggnad plan ny", "Grönkulla plan ny"]),
    )
    told = learned.suggest(fresh, taught)
    assert told.schema == suggestions.SUGGESTED
    assert told.filter(pl.col("id") == "culture")["line_id"].to_list() == ["new 001"]
    assert "grönkulla" in told["because"].to_list()[0]
    assert set(told["criterion"]) == {f"suggest.learned@{taught.version}"}
    tags = suggestions.as_tags(told, fresh)
    assert tags.select("line_id", "right").rows() == [("new 001", "culture")]


def test_other_units_stay_with_the_lexicon() -> None:
    pytest.importorskip("sklearn")
    taught = learned.learn(budget(), approved(budget()), model.default())
    elsewhere = budget().with_columns(administrative_unit=pl.lit("Hemtjänsten"))
    plain = suggestions.suggest(elsewhere)
    assert learned.suggest(elsewhere, taught).equals(plain)


def test_where_the_lexicon_is_as_good_nothing_is_learnt() -> None:
    pytest.importorskip("sklearn")
    known = budget().with_columns(
        pl.col("description").str.replace("Grönkulla", "Bibliotek för barn")
    )
    taught = learned.learn(known, approved(budget()))
    assert all(each.ours > each.lexicon for each in taught.taught)
    assert ("right", "culture") not in {(each.kind, each.id) for each in taught.taught}


def test_proposed_tags_teach_nothing() -> None:
    pytest.importorskip("sklearn")
    with pytest.raises(CallRefused, match="approved"):
        learned.learn(budget(), approved(budget(), "proposed"))


def test_learning_twice_says_the_same() -> None:
    pytest.importorskip("sklearn")
    told = [
        learned.suggest(budget(), learned.learn(budget(), approved(budget())))
        for _ in range(2)
    ]
    assert told[0].equals(told[1])
