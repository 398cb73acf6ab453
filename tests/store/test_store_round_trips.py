"""What goes into the store comes out of it, to the last unit, or did not go in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sqlalchemy.exc import IntegrityError

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.errors import CallRefused, NotFound
from hrbudget.store.lines import File
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from tests.ingest.reading import lines as read_lines
from tests.postgres import workspaces
from tests.tag.tagging import tag, tags

WHERE = Slice("town", 2026, "approved")
FILE = (
    "line_id,amount,direction,function,amount_min,amount_max,movable,Ansvar,extra\n"
    'a,1.50,,0701,1,2.25,true,007,"say ""hi"", å\n2"\n'
    "b,-3,revenue,,,,,,\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store.open(workspaces.address(tmp_path), tmp_path)


def put(store: Store, lines: pl.DataFrame, budget: str = "town") -> None:
    """Store lines, whatever file they came from."""
    store.add_lines(budget, lines, File("0" * 64))


def simple(**fields: Any) -> pl.DataFrame:  # noqa: ANN401
    """A single line ``a``."""
    made = read_lines("line_id,amount\na,1\n")
    changed = {name: pl.lit(value) for name, value in fields.items()}
    return made.with_columns(**changed).cast(made.schema)


def test_lines_come_back_exactly_with_types_and_extras(store: Store) -> None:
    made = read_lines(FILE)
    put(store, made)
    back = store.lines(WHERE)
    assert_frame_equal(back, made, check_column_order=False)
    assert back["Ansvar"].to_list() == ["007", None]
    assert back["extra"].to_list() == ['say "hi", å\n2', None]


def test_extras_come_back_whatever_their_headers_are(store: Store) -> None:
    names = ["*", "^.*$", "id", "file", "row", "a.b", 'say "hi"']
    quoted = ",".join('"{}"'.format(name.replace('"', '""')) for name in names)
    made = read_lines(f"line_id,amount,{quoted}\na,1,1,2,3,4,5,6,7\n")
    put(store, made)
    assert_frame_equal(store.lines(WHERE), made, check_column_order=False)
    assert made["*"].to_list() == ["1"]


def test_lines_come_back_in_the_order_of_the_file(store: Store) -> None:
    put(store, read_lines("line_id,amount\nz,1\na,2\nm,3\n"))
    assert store.lines(WHERE)["line_id"].to_list() == ["z", "a", "m"]


#: All that Unicode has but NUL, which PostgreSQL's text cannot hold.
WORDS = st.characters(codec="utf-8", exclude_characters="\0")
money_range = st.integers(1 - money.MAX_MINOR, money.MAX_MINOR - 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.lists(money_range, min_size=1, max_size=20),
    st.lists(st.text(WORDS, max_size=8), min_size=1, max_size=5),
)
def test_any_amount_and_any_text_survive(
    store: Store, amounts: list[int], words: list[str]
) -> None:
    budget = f"town{len(store.slices())}"
    first = simple()
    made = pl.concat([first] * len(amounts)).with_columns(
        line_id=pl.Series([f"l{n}" for n in range(len(amounts))]),
        amount=pl.Series(amounts, dtype=pl.Int64),
        description=pl.Series([words[n % len(words)] for n in range(len(amounts))]),
    )
    made = made.with_columns(pl.col("description").alias("Fri text"))
    put(store, made, budget)
    back = store.lines(Slice(budget, 2026, "approved"))
    assert_frame_equal(back, made, check_column_order=False)


@pytest.mark.parametrize("amount", [money.MAX_MINOR - 1, 1 - money.MAX_MINOR, 0])
def test_the_largest_amounts_survive(store: Store, amount: int) -> None:
    put(store, simple(amount=amount))
    assert store.lines(WHERE)["amount"].to_list() == [amount]


def test_a_slice_holds_only_its_own_lines(store: Store) -> None:
    put(
        store, pl.concat([simple(), simple(fiscal_year=2025), simple(phase="adjusted")])
    )
    put(store, simple(), "other")
    assert [str(each) for each in store.slices()] == [
        "other (2026 approved)",
        "town (2025 approved)",
        "town (2026 adjusted)",
        "town (2026 approved)",
    ]
    assert store.lines(WHERE).height == 1


def test_one_bad_line_leaves_nothing_of_its_file(store: Store) -> None:
    bad = pl.concat([simple(), simple(line_id="b", amount=money.MAX_MINOR)])
    with pytest.raises(IntegrityError):
        put(store, bad)
    assert store.slices() == []
    put(store, simple(currency="EUR"))  # not even the budget's currency was kept


def test_a_year_and_phase_is_never_overwritten(store: Store) -> None:
    put(store, simple())
    with pytest.raises(CallRefused, match="already holds 1 lines of 2026 approved"):
        put(store, pl.concat([simple(fiscal_year=2025), simple(line_id="b")]))
    assert [each.fiscal_year for each in store.slices()] == [2026]


def test_a_budget_is_kept_in_one_currency(store: Store) -> None:
    put(store, simple())
    with pytest.raises(CallRefused, match="kept in SEK, the file is in EUR"):
        put(store, simple(currency="EUR", fiscal_year=2025))


TAGS = tags(
    tag(groups=["women", "men"], share_low=1, share_high=999_999, evidence="å\n=1"),
    tag(right=None, share=0, effect="neutral"),
    tag(line_id="b", objective="o", author="anna", state="locked", basis="imported"),
)


def test_tags_come_back_exactly_with_types(store: Store) -> None:
    put(store, pl.concat([simple(), simple(line_id="b")]))
    store.set_tags(WHERE, TAGS)
    assert store.tags(WHERE).schema == columns.schema(columns.TAGS)
    assert_frame_equal(store.tags(WHERE), TAGS, check_row_order=False)


def test_setting_tags_replaces_those_of_the_slice_alone(store: Store) -> None:
    put(store, simple())
    put(store, simple(), "other")
    there = Slice("other", 2026, "approved")
    store.set_tags(there, tags(tag()))
    store.set_tags(WHERE, tags(tag()))
    store.set_tags(WHERE, tags())
    assert (store.tags(WHERE).height, store.tags(there).height) == (0, 1)


def test_one_bad_tag_leaves_all_tags_as_they_were(store: Store) -> None:
    put(store, simple())
    store.set_tags(WHERE, tags(tag()))
    with pytest.raises(IntegrityError):
        store.set_tags(WHERE, tags(tag(share=1), tag(share=1_000_001)))
    assert_frame_equal(store.tags(WHERE), tags(tag()))


def test_tags_that_somebody_else_changed_meanwhile_are_not_overwritten(
    store: Store,
) -> None:
    put(store, simple())
    seen = store.tags(WHERE)
    store.set_tags(WHERE, tags(tag(author="bo")), seen)
    with pytest.raises(CallRefused, match="Somebody else has changed tags"):
        store.set_tags(WHERE, tags(tag(author="anna")), seen)
    assert store.tags(WHERE)["author"].to_list() == ["bo"]


def test_readings_are_kept_apart_from_tags(store: Store) -> None:
    put(store, simple())
    store.set_tags(WHERE, tags(tag()))
    read = tags(tag(right="education", author="bo"))
    store.set_readings(WHERE, read)
    assert_frame_equal(store.readings(WHERE), read)
    assert_frame_equal(store.tags(WHERE), tags(tag()))


def test_a_reading_without_a_reader_is_refused(store: Store) -> None:
    put(store, simple())
    with pytest.raises(IntegrityError, match="reader_named"):
        store.set_readings(WHERE, tags(tag(author=None)))


def test_slices_count_lines_and_tagged_lines(store: Store) -> None:
    put(store, pl.concat([simple(), simple(line_id="b")]))
    store.set_tags(WHERE, tags(tag(right="health"), tag(right="education")))
    (only,) = store.slices()
    assert (only.lines, only.tagged_lines) == (2, 1)


def proposal(**fields: Any) -> StoredProposal:  # noqa: ANN401
    """A proposal on the line ``a`` and ``b``."""
    schema: dict[str, Any] = {
        "line_id": pl.String,
        "start": pl.Int64,
        "amount": pl.Int64,
        "because": pl.List(pl.String),
    }
    most = money.MAX_MINOR - 1
    rows = [("a", 100, most, ["icescr.x", "plan.y"]), ("b", 5, 5, [])]
    lines = pl.DataFrame(rows, schema=schema, orient="row")
    result = {"status": "optimal", "levels": [[1, "1/3", "0"]], "conflict": []}
    made: dict[str, Any] = {
        "name": "cut",
        "where": WHERE,
        "scenario": "title: Skär\n",
        "result": result,
        "lines": lines,
    }
    return StoredProposal(**{**made, **fields})


def test_a_proposal_comes_back_exactly(store: Store) -> None:
    put(store, pl.concat([simple(), simple(line_id="b")]))
    made = proposal()
    assert store.save_proposal(made) is False
    back = store.proposal("cut")
    assert (back.name, back.where, back.scenario) == ("cut", WHERE, made.scenario)
    assert back.result == made.result
    assert_frame_equal(back.lines, made.lines)


def test_a_proposal_of_the_same_name_takes_its_place(store: Store) -> None:
    put(store, pl.concat([simple(), simple(line_id="b")]))
    store.save_proposal(proposal())
    again = proposal(result={"status": "infeasible"}, lines=proposal().lines.head(1))
    assert store.save_proposal(again) is True
    assert store.proposal("cut").lines["line_id"].to_list() == ["a"]
    assert store.proposal_names() == ["cut"]


def test_a_proposal_cannot_have_the_name_of_a_budget(store: Store) -> None:
    put(store, simple())
    with pytest.raises(CallRefused, match="A budget is called 'town'"):
        store.save_proposal(proposal(name="town"))


def test_a_proposal_that_is_not_there_is_refused_with_the_nearest(store: Store) -> None:
    put(store, simple())
    store.save_proposal(proposal())
    with pytest.raises(NotFound, match="Did you mean cut"):
        store.proposal("cutt")
