"""Three states of the tags become one: no change is lost, no other is made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.tag.workbook import tagged, threeway
from hrbudget.tag.workbook.about import EDITABLE_NAMES, TAG_ID
from hrbudget.tag.workbook.threeway import Change, Conflict, Hand, Merge
from tests.tag.tagging import DEFAULTS, tag, tags
from tests.tag.workbooks import base_of, theirs_of

HAND = Hand("kim", "tagging@1")
RIGHTS = ("health", "education", "work")
SHARES = (0, 100_000, 200_000, 400_000)

#: What an edit of a cell may write there.
VALUES: dict[str, tuple[Any, ...]] = {
    "right": RIGHTS,
    "groups": ([], ["women"], ["women", "men"], ["men", "women"]),
    "share": SHARES,
    "share_low": (None, 0, 50_000),
    "share_high": (None, 500_000, money.WHOLE),
    "effect": ("supports", "restricts"),
    "objective": (None, "a", "b"),
    "evidence": (None, "x", "y"),
}

Tag = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """What one person made of the base: its tags by key, and new ones."""

    kept: tuple[tuple[str, Tag], ...]
    added: tuple[Tag, ...]

    @property
    def tags(self) -> list[Tag]:
        return [*(tag for _, tag in self.kept), *self.added]


a_tag = st.fixed_dictionaries(
    {
        "line_id": st.sampled_from("ab"),
        **{name: st.sampled_from(VALUES[name]) for name in EDITABLE_NAMES},
        "state": st.sampled_from(("proposed", "proposed", "read", "locked")),
    }
).map(lambda fields: {**DEFAULTS, **fields})


def fits(rows: Sequence[Tag]) -> bool:
    """Whether each line's tags can stand together, as any stored tags do."""
    return all(
        not tagged.problem([row for row in rows if row["line_id"] == line])
        for line in "ab"
    )


@st.composite
def a_side(draw: st.DrawFn, base: tuple[tuple[str, Tag], ...], *, states: bool) -> Side:
    """Cells edited, tags taken away, tags added, rows in another order."""
    kept = []
    for key, was in base:
        what = draw(st.sampled_from(("leave", "leave", "edit", "edit", "remove")))
        now = dict(was)
        if what == "edit":
            for name in draw(st.lists(st.sampled_from(EDITABLE_NAMES), max_size=2)):
                now[name] = draw(st.sampled_from(VALUES[name]))
            if states and draw(st.integers(0, 9)) == 0:
                now["state"] = draw(st.sampled_from(columns.STATES))
        if what != "remove":
            kept.append((key, now))
    added = draw(st.lists(a_tag, max_size=2))
    return Side(tuple(draw(st.permutations(kept))), tuple(added))


@st.composite
def triples(draw: st.DrawFn) -> tuple[tuple[tuple[str, Tag], ...], Side, Side]:
    """A base and what two people made of it, each a state that can be stored."""
    rows = draw(st.lists(a_tag, max_size=4).filter(fits))
    base = tuple((f"t{number:06}", row) for number, row in enumerate(rows, start=1))
    theirs = draw(a_side(base, states=False))
    current = draw(a_side(base, states=True))
    return base, theirs, current


def merged(
    base: tuple[tuple[str, Tag], ...], theirs: Side, current: Side
) -> tuple[Merge, list[Tag]]:
    rows = [*((k, t) for k, t in theirs.kept), *((None, t) for t in theirs.added)]
    now = tags(*current.tags)
    return threeway.merge(base_of(base), theirs_of(rows), now, HAND), current.tags


def frozen(row: tagged.Tag | None) -> str:
    """A tag as something that can be counted; the order of groups is none."""
    if row is None:
        return ""
    groups = sorted(row["groups"] or [])
    return json.dumps({**row, "groups": groups}, sort_keys=True)


def counted(rows: Sequence[tagged.Tag]) -> Counter[str]:
    return Counter(frozen(row) for row in rows)


@seed(20261121)
@settings(max_examples=2_500, derandomize=True, database=None)
@given(triples())
def test_of_random_pairs_of_edits_no_change_is_lost_and_no_other_is_made(
    triple: tuple[tuple[tuple[str, Tag], ...], Side, Side],
) -> None:
    base, theirs, current = triple
    merge, now = merged(base, theirs, current)
    _every_edit_of_theirs_is_somewhere(base, theirs, merge)
    _nothing_of_the_current_is_overwritten(dict(base), merge)
    _the_result_is_the_current_with_the_changes(now, merge)
    _every_line_can_stand(now, merge)


def _every_edit_of_theirs_is_somewhere(
    base: tuple[tuple[str, Tag], ...], theirs: Side, merge: Merge
) -> None:
    """Told apart cell by cell: taken over, in conflict, or so already."""
    outcomes: list[Change | Conflict] = [*merge.changes, *merge.conflicts]
    told = [(each.edit, each.columns or each.edit.columns) for each in outcomes]
    told += [(edit, edit.columns) for edit in merge.already]
    cells = Counter(
        (edit.key, name, frozen(edit.theirs))
        for edit, names in told
        for name in names or ("tag",)
    )
    assert cells == _meant(base, theirs)
    for change in merge.changes:
        after, wanted = change.after, change.edit.theirs
        if wanted is None or after is None:
            assert wanted == after
            continue
        assert tagged.same(after, wanted, change.columns or EDITABLE_NAMES)
        stamp = (after["author"], after["state"], after["basis"])
        assert stamp == ("kim", "proposed", "manual")
    there = tagged.of_frame(merge.tags)
    for edit in merge.already:
        wanted, names = edit.theirs, edit.columns or EDITABLE_NAMES
        assert wanted is None or any(
            tagged.same(wanted, each, names)
            for each in there
            if each["line_id"] == edit.line_id
        )


def _meant(
    base: tuple[tuple[str, Tag], ...], theirs: Side
) -> Counter[tuple[str, str, str]]:
    """What theirs did, found by comparing it with the base by hand."""
    back = dict(theirs.kept)
    meant = [("", "tag", frozen(new)) for new in theirs.added]
    meant += [(key, "tag", frozen(None)) for key, _ in base if key not in back]
    for key, was in base:
        now = back.get(key, was)
        for name in EDITABLE_NAMES:
            one, other = (
                sorted(row[name]) if name == "groups" else row[name]
                for row in (was, now)
            )
            if one != other:
                meant.append((key, name, frozen(now)))
    return Counter(meant)


def _nothing_of_the_current_is_overwritten(base: dict[str, Tag], merge: Merge) -> None:
    """What was changed over was as it had been in the base, and neither locked."""
    for change in merge.changes:
        if change.before is None:
            continue
        was = base[change.edit.key]
        names = change.columns or EDITABLE_NAMES
        assert tagged.same(was, change.before, names)
        assert change.before["state"] != "locked"
        rank = columns.STATES.index
        assert rank(change.before["state"]) <= rank(was["state"])
        if change.after is not None:
            others = [name for name in EDITABLE_NAMES if name not in change.columns]
            assert tagged.same(change.before, change.after, others)


def _the_result_is_the_current_with_the_changes(now: list[Tag], merge: Merge) -> None:
    expected = counted(now)
    expected.subtract(counted([c.before for c in merge.changes if c.before]))
    assert min(expected.values(), default=0) >= 0
    expected.update(counted([c.after for c in merge.changes if c.after]))
    assert counted(tagged.of_frame(merge.tags)) == +expected


def _every_line_can_stand(now: list[Tag], merge: Merge) -> None:
    changed = {change.edit.line_id for change in merge.changes}
    rows = tagged.of_frame(merge.tags)
    for line in changed:
        assert not tagged.problem([row for row in rows if row["line_id"] == line])
    assert changed or counted(rows) == counted(now)


@settings(max_examples=300, derandomize=True, database=None)
@given(triples())
def test_where_nobody_else_changed_anything_the_result_is_theirs(
    triple: tuple[tuple[tuple[str, Tag], ...], Side, Side],
) -> None:
    base, theirs, _ = triple
    free = tuple((key, {**row, "state": "proposed"}) for key, row in base)
    kept = tuple((key, {**row, "state": "proposed"}) for key, row in theirs.kept)
    same = Side(kept, theirs.added)
    merge, _ = merged(free, same, Side(free, ()))
    if any(each.why in ("sum", "range", "right") for each in merge.conflicts):
        return  # theirs cannot stand by itself; reading refuses it
    assert merge.conflicts == ()
    says = [*(row for _, row in kept), *_distinct(theirs.added, kept)]
    key = [json.dumps([sorted(r["groups"]), r["line_id"], *_cells(r)]) for r in says]
    out = tagged.of_frame(merge.tags)
    got = [json.dumps([sorted(r["groups"]), r["line_id"], *_cells(r)]) for r in out]
    assert Counter(got) == Counter(key)


def _cells(row: tagged.Tag) -> list[Any]:
    return [row[name] for name in EDITABLE_NAMES if name != "groups"]


def _distinct(added: Sequence[Tag], kept: Sequence[tuple[str, Tag]]) -> list[Tag]:
    """New tags that say what no other tag of theirs says; the others say it already."""
    said = [row for _, row in kept]
    new = []
    for row in added:
        there = [each for each in said if each["line_id"] == row["line_id"]]
        if not any(tagged.same(row, each) for each in there):
            new.append(row)
            said.append(row)
    return new


@settings(max_examples=300, derandomize=True, database=None)
@given(triples())
def test_a_workbook_that_nobody_edited_changes_nothing(
    triple: tuple[tuple[tuple[str, Tag], ...], Side, Side],
) -> None:
    base, _, current = triple
    merge, now = merged(base, Side(tuple(reversed(base)), ()), current)
    assert (merge.changes, merge.conflicts, merge.already) == ((), (), ())
    assert counted(tagged.of_frame(merge.tags)) == counted(now)


# -- by example


def both(was: Tag, theirs: Tag | None, current: Tag | None) -> Merge:
    """One tag and what each side made of it."""
    base = (("t000001", was),)
    mine = Side(((("t000001", theirs),) if theirs else ()), ())
    here = Side(((("t000001", current),) if current else ()), ())
    return merged(base, mine, here)[0]


def test_changes_to_different_cells_of_one_tag_both_survive() -> None:
    merge = both(tag(), tag(share=300_000), tag(evidence="x"))
    assert merge.conflicts == ()
    expected = tag(
        share=300_000, evidence="x", author="kim", basis="manual", criterion="tagging@1"
    )
    assert merge.tags.rows(named=True) == [expected]


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    merge = both(tag(), tag(share=300_000), tag(share=300_000, author="lo"))
    assert (merge.changes, merge.conflicts) == ((), ())
    assert merge.tags["author"].to_list() == ["lo"]


def test_one_cell_changed_twice_is_a_conflict_and_stays_as_it_is() -> None:
    was, here = tag(share_low=0), tag(share=400_000, share_low=0)
    merge = both(was, tag(share=300_000, share_low=1), here)
    assert [(c.columns, c.why) for c in merge.conflicts] == [(("share",), "cell")]
    assert merge.tags.select("share", "share_low").row(0) == (400_000, 1)


def test_taking_away_what_somebody_edited_is_a_conflict() -> None:
    merge = both(tag(), None, tag(evidence="x"))
    assert [(c.columns, c.why) for c in merge.conflicts] == [((), "edited")]
    assert merge.tags.height == 1


def test_editing_what_somebody_took_away_is_a_conflict() -> None:
    merge = both(tag(), tag(evidence="x", share=1), None)
    (conflict,) = merge.conflicts
    assert (conflict.columns, conflict.why) == (("share", "evidence"), "removed")
    assert merge.tags.is_empty()


def test_a_right_changed_in_a_row_is_an_edit_of_its_tag() -> None:
    merge = both(tag(), tag(right="work"), tag(share=300_000))
    assert merge.conflicts == ()
    assert merge.tags.select("right", "share").row(0) == ("work", 300_000)


def test_a_right_changed_meanwhile_is_found_by_the_rest_of_the_tag() -> None:
    merge = both(tag(evidence="y"), tag(evidence="x"), tag(right="work", evidence="y"))
    assert merge.conflicts == ()
    assert merge.tags.select("right", "evidence").row(0) == ("work", "x")


def test_a_locked_tag_does_not_change() -> None:
    merge = both(tag(), tag(share=1, right="work"), tag(state="locked"))
    assert [c.why for c in merge.conflicts] == ["locked", "locked"]
    assert merge.tags.rows(named=True) == [tag(state="locked")]


def test_an_edit_of_what_was_approved_meanwhile_needs_a_decision() -> None:
    merge = both(tag(), tag(share=1), tag(state="approved"))
    assert [c.why for c in merge.conflicts] == ["approved"]


def test_an_edit_of_an_approved_tag_proposes_it_again() -> None:
    approved = tag(state="approved")
    merge = both(approved, {**approved, "share": 1}, approved)
    assert merge.tags.select("state", "author").row(0) == ("proposed", "kim")


def test_tags_added_on_both_sides_both_stand_where_the_line_has_room() -> None:
    base = (("t000001", tag(share=100_000)),)
    mine = Side(base, (tag(right="work", share=400_000),))
    here = Side(base, (tag(right="education", share=500_000),))
    merge = merged(base, mine, here)[0]
    assert merge.conflicts == ()
    assert sorted(merge.tags["right"]) == ["education", "health", "work"]


def test_tags_added_that_exceed_the_line_are_a_conflict_of_that_line_alone() -> None:
    base = (("t000001", tag()), ("t000002", tag(line_id="b")))
    edited = (("t000001", tag(evidence="x")), ("t000002", tag(line_id="b", share=1)))
    mine = Side(edited, (tag(right="work"),))
    here = Side(base, (tag(right="education"),))
    merge = merged(base, mine, here)[0]
    told = [(c.edit.line_id, c.columns, c.why) for c in merge.conflicts]
    assert sorted(told) == [("a", (), "sum"), ("a", ("evidence",), "sum")]
    assert [c.edit.line_id for c in merge.changes] == ["b"]


def test_the_same_tag_added_on_both_sides_is_there_once() -> None:
    new = tag(right="work")
    merge = merged((), Side((), (new,)), Side((), (new,)))[0]
    assert (merge.changes, len(merge.already)) == ((), 1)
    assert merge.tags.height == 1


def test_a_share_and_its_range_that_no_longer_fit_are_a_conflict() -> None:
    merge = both(tag(), tag(share=200_000), tag(share_low=300_000))
    assert [c.why for c in merge.conflicts] == ["range"]
    assert merge.tags["share"].to_list() == [500_000]


def test_tags_of_lines_that_nobody_edited_are_left_alone() -> None:
    other = tag(line_id="z", state="locked", evidence=" spaced ")
    base = (("t000001", tag()),)
    mine = Side((("t000001", tag(share=1)),), ())
    merge = threeway.merge(
        base_of(base), theirs_of(mine.kept), tags(tag(), other), HAND
    )
    assert merge.tags.filter(pl.col("line_id") == "z").rows(named=True) == [other]


@settings(max_examples=200, derandomize=True, database=None)
@given(st.permutations(range(4)))
@example([3, 2, 1, 0])
def test_the_order_of_the_current_tags_does_not_matter(order: list[int]) -> None:
    rights = (RIGHTS[0], RIGHTS[0], RIGHTS[1], RIGHTS[1])
    groups: tuple[list[str], ...] = ([], ["men"], [], ["men"])
    rows = [
        tag(right=right, share=100_000, groups=each)
        for right, each in zip(rights, groups, strict=True)
    ]
    base = tuple((f"t{n}", row) for n, row in enumerate(rows))
    edited = tuple((key, {**row, "evidence": key}) for key, row in base)
    straight = threeway.merge(base_of(base), theirs_of(edited), tags(*rows), HAND)
    shuffled = tags(*(rows[number] for number in order))
    other = threeway.merge(base_of(base), theirs_of(edited), shuffled, HAND)
    assert straight.tags.equals(other.tags)
    assert straight.tags.height == len(base)
    assert TAG_ID not in straight.tags.columns
