"""New tags meet those that are there; what a person set is never lost unseen."""

from __future__ import annotations

from polars.testing import assert_frame_equal

from hrbudget.tag import merge
from tests.tag.tagging import tag, tags

MANUAL = tag(line_id="a", right="health", basis="manual")
MADE = tag(line_id="b", right="food", basis="crosswalk")


def test_a_crosswalk_never_touches_a_line_a_person_tagged() -> None:
    new = tags(
        tag(line_id="a", right="food", basis="crosswalk"),
        tag(line_id="c", right="food", basis="crosswalk"),
    )
    merged = merge.fill_in(tags(MANUAL), new)
    kept = merged.tags.filter(merged.tags["line_id"] == "a")
    assert_frame_equal(kept, tags(MANUAL))
    assert (merged.set_lines, merged.kept_lines, merged.disputed) == (1, 1, ())


def test_a_crosswalk_run_again_replaces_its_own_tags() -> None:
    new = tags(tag(line_id="b", right="health", basis="crosswalk"))
    merged = merge.fill_in(tags(MANUAL, MADE), new)
    assert merged.tags["right"].to_list() == ["health", "health"]
    assert (merged.set_lines, merged.kept_lines) == (1, 0)


def test_a_crosswalk_run_twice_changes_nothing() -> None:
    merged = merge.fill_in(tags(MANUAL, MADE), tags(MADE))
    assert_frame_equal(merged.tags, tags(MANUAL, MADE))
    assert (merged.set_lines, merged.same_lines) == (0, 1)


def test_a_crosswalk_that_knows_no_code_changes_nothing() -> None:
    merged = merge.fill_in(tags(MANUAL, MADE), tags())
    assert_frame_equal(merged.tags, tags(MANUAL, MADE))


def test_the_tags_of_a_line_are_set_as_a_whole() -> None:
    before = tags(tag(right="health", share=1), tag(right="food", share=2))
    merged = merge.replace(before, tags(tag(right="water", share=3)))
    assert merged.tags["right"].to_list() == ["water"]


def test_lines_the_new_tags_do_not_name_keep_theirs() -> None:
    merged = merge.replace(tags(MANUAL, MADE), tags(tag(line_id="c")))
    assert merged.tags["line_id"].to_list() == ["a", "b", "c"]


def test_lines_with_the_same_tags_are_neither_set_nor_disputed() -> None:
    merged = merge.replace(tags(MANUAL, MADE), tags(MADE, MANUAL))
    assert (merged.set_lines, merged.same_lines, merged.disputed) == (0, 2, ())


def test_the_order_of_tags_and_groups_makes_no_difference() -> None:
    health = tag(right="health", groups=["women", "men"])
    food = tag(right="food")
    turned = tag(right="health", groups=["men", "women"])
    merged = merge.replace(tags(health, food), tags(food, turned))
    assert (merged.set_lines, merged.same_lines) == (0, 1)


def test_a_persons_tags_that_would_change_are_disputed() -> None:
    merged = merge.replace(
        tags(MANUAL, MADE),
        tags(tag(line_id="a", right="food"), tag(line_id="b", right="health")),
    )
    assert (merged.set_lines, merged.disputed) == (2, ("a",))


def test_every_field_of_a_tag_counts_as_a_change() -> None:
    changes = (
        {"share": 1},
        {"share_low": 1},
        {"share_high": 900_000},
        {"effect": "restricts"},
        {"evidence": "x"},
        {"author": "x"},
        {"objective": "x"},
        {"state": "locked"},
        {"groups": ["women"]},
    )
    merged = [merge.replace(tags(MANUAL), tags({**MANUAL, **c})) for c in changes]
    assert [each.disputed for each in merged] == [("a",)] * len(changes)


def test_a_line_with_tags_of_both_kinds_belongs_to_the_person() -> None:
    both = tags(tag(right="food", basis="crosswalk"), tag(right="health"))
    new = tags(tag(right="water", basis="crosswalk"))
    assert_frame_equal(merge.fill_in(both, new).tags, both)


def test_tags_that_differ_in_evidence_alone_are_the_same_in_any_order() -> None:
    one, other = tag(evidence="x", share=1), tag(evidence="y", share=1)
    merged = merge.replace(tags(one, other), tags(other, one))
    assert (merged.set_lines, merged.same_lines, merged.disputed) == (0, 1, ())


def test_a_rule_written_for_these_lines_replaces_a_table_of_codes() -> None:
    new = tags(tag(line_id="b", right="health", basis="text_rule"))
    assert_frame_equal(merge.fill_in(tags(MADE), new).tags, new)
    back = merge.fill_in(new, tags(MADE))
    assert_frame_equal(back.tags, new)
    assert back.kept_lines == 1


def test_a_proposal_that_somebody_has_read_is_not_made_anew() -> None:
    for state in ("read", "approved", "locked"):
        there = tags({**MADE, "state": state})
        new = tags(tag(line_id="b", right="health", basis="text_rule"))
        assert_frame_equal(merge.fill_in(there, new).tags, there)
        assert merge.replace(there, new).disputed == ("b",)


def test_a_mark_takes_its_share_and_the_codes_share_what_is_left() -> None:
    codes = tags(
        tag(right="education", share=700_000, share_low=500_000, basis="crosswalk"),
        tag(right="food", share=300_000, basis="crosswalk"),
    )
    mark = tags(tag(right="equality", share=400_001, basis="donor_marker"))
    once = merge.beside(codes, mark)
    assert dict(once.tags.select("right", "share").iter_rows()) == {
        "education": 419_999,  # 700,000 × 0.599999, rounded down
        "food": 179_999,
        "equality": 400_001,
    }
    assert once.tags["share_low"].to_list()[0] == 299_999
    assert_frame_equal(merge.beside(once.tags, mark).tags, once.tags)


def test_a_mark_leaves_a_line_that_a_person_tagged() -> None:
    mark = tags(tag(line_id="a", right="equality", share=1, basis="donor_marker"))
    merged = merge.beside(tags(MANUAL), mark)
    assert_frame_equal(merged.tags, tags(MANUAL))
    assert (merged.set_lines, merged.kept_lines) == (0, 1)


def test_codes_keep_their_shares_where_a_mark_fits_beside_them() -> None:
    codes = tags(tag(right="education", share=500_000, basis="crosswalk"))
    mark = tags(tag(right="equality", share=400_000, basis="donor_marker"))
    shares = merge.beside(codes, mark).tags["share"].to_list()
    assert shares == [500_000, 400_000]


def test_rules_of_another_file_are_not_undone() -> None:
    mine = tags(tag(basis="text_rule", criterion="text_rule.mine.a@1"))
    again = tags(tag(right="health", basis="text_rule", criterion="text_rule.mine.b@2"))
    other = tags(
        tag(right="health", basis="text_rule", criterion="text_rule.other.a@1")
    )
    assert_frame_equal(merge.fill_in(mine, again).tags, again)
    assert_frame_equal(merge.fill_in(mine, other).tags, mine)


def test_a_transfer_that_is_followed_is_not_tagged_by_its_code_again() -> None:
    code = tags(tag(basis="crosswalk", criterion="crosswalk.cofog@1"))
    seen = tags(tag(right="health", basis="crosswalk", criterion="transfer.town.x@1"))
    assert_frame_equal(merge.fill_in(code, seen).tags, seen)
    assert_frame_equal(merge.fill_in(seen, code).tags, seen)


def mark(right: str, share: int, scheme: str) -> dict[str, object]:
    """A tag that a donor's mark made."""
    return tag(
        right=right,
        share=share,
        basis="donor_marker",
        criterion=f"donor_marker.{scheme}",
    )


def test_marks_of_two_donors_stand_beside_each_other() -> None:
    code = tag(right="education", share=1_000_000, basis="crosswalk")
    gender, climate = (
        mark("equality", 400_000, "g@1"),
        mark("environment", 400_000, "c@1"),
    )
    once = merge.beside(tags(code), tags(gender)).tags
    twice = merge.beside(once, tags(climate)).tags
    shares = dict(twice.select("right", "share").iter_rows())
    assert shares == {"education": 200_000, "equality": 400_000, "environment": 400_000}
    assert_frame_equal(merge.beside(twice, tags(gender)).tags, twice)
    later = merge.beside(twice, tags(mark("equality", 300_000, "g@2"))).tags
    assert later.filter(later["right"] == "equality")["share"].to_list() == [300_000]


def test_marks_that_together_exceed_the_line_leave_it_as_it_was() -> None:
    gender, climate = (
        mark("equality", 600_000, "g@1"),
        mark("environment", 600_000, "c@1"),
    )
    merged = merge.beside(tags(gender), tags(climate))
    assert_frame_equal(merged.tags, tags(gender))
    assert (merged.set_lines, merged.kept_lines) == (0, 1)
