"""Decisions are carried out on the tags as they are now, not as they were then.

A decision is about two values that the decider saw. Where the tag has changed again
since, the decision is not carried out but asked for once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import polars as pl

from hrbudget.tag.workbook.conflicts import Decision
from hrbudget.tag.workbook.tagged import Tag
from hrbudget.tag.workbook.threeway import Edit, Hand, Merge, apply


def settle(current: pl.DataFrame, decisions: Iterable[Decision], hand: Hand) -> Merge:
    """The tags once decisions are carried out.

    Args:
        current: ``columns.TAGS`` as they are now.
        decisions: of one workbook of conflicts.
        hand: in whose name a tag that is changed stands from now on.

    Returns:
        The merge; its conflicts are decisions that could not be carried out.
    """
    edits: dict[tuple[str, str], Edit] = {}
    known: dict[str, dict[str, Tag]] = defaultdict(dict)
    for number, decision in enumerate(decisions):
        conflict = decision.conflict
        seen, line = conflict.current, conflict.edit.line_id
        if decision.keep == "current":
            continue
        if seen is None:
            added = Edit(line, "", conflict.edit.row, None, conflict.edit.theirs)
            edits[line, f"new {number}"] = added
            continue
        key = conflict.edit.key
        known[line][key] = seen
        before = edits.get((line, key))
        edits[line, key] = _joined(before, decision, seen)
    return apply(list(edits.values()), known, current, hand, whole=True)


def _joined(before: Edit | None, decision: Decision, seen: Tag) -> Edit:
    """One edit of a tag for all decisions about its cells."""
    conflict = decision.conflict
    theirs, row = conflict.edit.theirs, conflict.edit.row
    line, key = conflict.edit.line_id, conflict.edit.key
    if theirs is None:
        return Edit(line, key, row, seen, None)
    chosen = {name: theirs[name] for name in conflict.columns}
    if decision.keep == "value":
        chosen = dict.fromkeys(conflict.columns, decision.value)
    earlier = before.theirs if before is not None and before.theirs else seen
    names = (*(before.columns if before else ()), *conflict.columns)
    return Edit(line, key, row, seen, {**earlier, **chosen}, names)
