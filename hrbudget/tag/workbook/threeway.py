"""Three states of the tags become one, and no change of either side is lost silently.

    base      the tags as the workbook left with them
    theirs    the tags as the workbook came back
    current   the tags as they are now

What only one side changed is taken over, cell by cell. What both changed differently,
what one took away and the other edited, what has been approved or locked since, and
what would make a line more than whole stays as it is now and is a conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from hrbudget.domain import columns
from hrbudget.domain.phrase import N_
from hrbudget.tag import order
from hrbudget.tag.workbook import tagged
from hrbudget.tag.workbook.about import EDITABLE_NAMES, TAG_ID
from hrbudget.tag.workbook.tagged import Tag

#: Why an edit is not taken over, as it is said to people.
REASONS = {
    "cell": N_("both changed this cell"),
    "edited": N_("taken away in the workbook, edited meanwhile"),
    "removed": N_("edited in the workbook, taken away meanwhile"),
    "approved": N_("read or approved meanwhile, so an edit needs a decision"),
    "since": N_("the tag was changed again since this was decided"),
    "locked": N_("the tag is locked; unlock it first"),
    "sum": N_("together the shares of the line would exceed 1"),
    "range": N_("together the share would lie outside its range"),
    "right": N_("together the tag would have no right"),
}


@dataclass(frozen=True)
class Edit:
    """What a workbook did to one tag.

    Attributes:
        line_id: the line.
        key: the tag's ``tag_id``; "" for a new tag.
        row: the row of the workbook, where there is one.
        was: the tag it left with; None: it is new.
        theirs: the tag it came back with; None: it was taken away.
        columns: the fields that differ; none where the whole tag is new or gone.
    """

    line_id: str
    key: str
    row: int | None
    was: Tag | None
    theirs: Tag | None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """An edit, or one cell of it, that somebody must decide.

    Attributes:
        edit: what the workbook did.
        columns: the fields in conflict; none: the whole tag.
        why: a key of ``REASONS``.
        current: the tag as it is now; None: there is none.
    """

    edit: Edit
    columns: tuple[str, ...]
    why: str
    current: Tag | None


@dataclass(frozen=True)
class Change:
    """An edit that was taken over: the tag as it was just now, and as it is."""

    edit: Edit
    columns: tuple[str, ...]
    before: Tag | None
    after: Tag | None


@dataclass(frozen=True)
class Merge:
    """The outcome: every edit is in exactly one of the three lists, field by field.

    Attributes:
        tags: all tags afterwards, the columns of ``columns.TAGS``.
        changes: what was taken over.
        conflicts: what was not.
        already: what was so already.
    """

    tags: pl.DataFrame
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    already: tuple[Edit, ...]


@dataclass(frozen=True)
class Hand:
    """Who imports, and by which criterion (``id@version``) the tags were set."""

    author: str
    criterion: str | None


def merge(
    base: pl.DataFrame, theirs: pl.DataFrame, current: pl.DataFrame, hand: Hand
) -> Merge:
    """Bring what ``theirs`` did to ``base`` into ``current``.

    Args:
        base: ``columns.TAGS`` and ``tag_id``.
        theirs: the same, ``tag_id`` null where a tag is new, and ``row``.
        current: ``columns.TAGS``.
        hand: in whose name an edited tag stands from now on.
    """
    found = edits(base, theirs)
    lines = {each.line_id for each in found}
    known: dict[str, dict[str, Tag]] = defaultdict(dict)
    for tag in _of_lines(base, lines).iter_rows(named=True):
        known[tag["line_id"]][tag[TAG_ID]] = _fields(tag)
    return apply(found, known, current, hand)


def edits(base: pl.DataFrame, theirs: pl.DataFrame) -> tuple[Edit, ...]:
    """Everything that ``theirs`` did to ``base``, in the order of lines and rows."""
    keys = [TAG_ID, "line_id", *EDITABLE_NAMES]
    was, now = _comparable(base), _comparable(theirs)
    touched = now.join(was, on=keys, how="anti", nulls_equal=True)
    moved = was.join(now, on=keys, how="anti", nulls_equal=True)
    left = {
        tag[TAG_ID]: _fields(tag)
        for tag in base.join(moved, on=TAG_ID, how="semi").iter_rows(named=True)
    }
    found = []
    back = set()
    at = touched.select("row")
    for tag in theirs.join(at, on="row", how="semi").iter_rows(named=True):
        key = tag[TAG_ID] or ""
        back.add(key)
        was_tag, now_tag = left.get(key), _fields(tag)
        changed = tagged.differing(was_tag, now_tag) if was_tag else ()
        found.append(Edit(tag["line_id"], key, tag["row"], was_tag, now_tag, changed))
    for key, was_tag in left.items():
        if key not in back:
            found.append(Edit(was_tag["line_id"], key, None, was_tag, None))
    return tuple(
        sorted(found, key=lambda each: (each.line_id, each.row or 0, each.key))
    )


def apply(
    found: Sequence[Edit],
    known: Mapping[str, Mapping[str, Tag]],
    current: pl.DataFrame,
    hand: Hand,
    *,
    whole: bool = False,
) -> Merge:
    """Take edits over into the tags that are there now.

    Args:
        found: edits, at most one for each tag.
        known: line → key of the edit → the tag it is an edit of; all tags of the line
            that are known, so that those that were not edited claim their own.
        current: ``columns.TAGS``.
        hand: in whose name an edited tag stands from now on.
        whole: take over nothing into a tag that differs in any field from what it is
            an edit of.
    """
    of_line: dict[str, list[Edit]] = defaultdict(list)
    for edit in found:
        of_line[edit.line_id].append(edit)
    present: dict[str, list[Tag]] = defaultdict(list)
    for tag in tagged.of_frame(order.sort(_of_lines(current, of_line))):
        present[tag["line_id"]].append(tag)
    desks = []
    for line, of_this in of_line.items():
        desk = _Desk(present[line], hand, whole)
        desk.work(of_this, known.get(line, {}))
        desks.append(desk)
    rest = current.filter(~pl.col("line_id").is_in(list(of_line)))
    left = (tag for desk in desks for tag in desk.tags if tag is not None)
    together = pl.concat([rest.select(columns.TAG_NAMES), tagged.to_frame(left)])
    return Merge(
        order.sort(together),
        tuple(each for desk in desks for each in desk.changes),
        tuple(each for desk in desks for each in desk.conflicts),
        tuple(each for desk in desks for each in desk.already),
    )


@dataclass
class _Desk:
    """One line's tags while edits are laid on them."""

    before: list[Tag]
    hand: Hand
    whole: bool
    tags: list[Tag | None] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    already: list[Edit] = field(default_factory=list)

    def work(self, found: Sequence[Edit], known: Mapping[str, Tag]) -> None:
        """Lay all edits of the line; if they cannot stand together, none."""
        self.tags = list(self.before)
        keys = list(known)
        places = tagged.match([known[key] for key in keys], self.before)
        at = {keys[one]: place for one, place in places.items()}
        for edit in found:
            if edit.was is not None:
                self._lay(edit, at.get(edit.key))
        for edit in found:
            if edit.was is None:
                self._add(edit)
        why = tagged.problem([tag for tag in self.tags if tag is not None])
        if why and self.changes:
            self._undo(why)

    def _lay(self, edit: Edit, at: int | None) -> None:
        here = None if at is None else self.before[at]
        if at is None or here is None:
            self._lay_on_nothing(edit)
        elif edit.theirs is None:
            why = _may_go(edit, here)
            if why:
                self.conflicts.append(Conflict(edit, (), why, here))
            else:
                self.tags[at] = None
                self.changes.append(Change(edit, (), here, None))
        else:
            self._set(edit, at, here)

    def _lay_on_nothing(self, edit: Edit) -> None:
        """The tag is not there any more."""
        theirs = edit.theirs
        if theirs is None or any(tagged.same(theirs, each) for each in self.before):
            self.already.append(edit)
        else:
            self.conflicts.append(Conflict(edit, edit.columns, "removed", None))

    def _set(self, edit: Edit, at: int, here: Tag) -> None:
        """Take over the fields that nobody else changed."""
        theirs = edit.theirs or {}
        verdicts = {name: _may_change(edit, here, name) for name in edit.columns}
        if self.whole and not tagged.same(edit.was or {}, here):
            open_to = [name for name, why in verdicts.items() if why in (None, "cell")]
            verdicts |= dict.fromkeys(open_to, "since")
        taken = tuple(name for name, why in verdicts.items() if why is None)
        same = tuple(name for name, why in verdicts.items() if why == "")
        if same:
            self.already.append(replace(edit, columns=same))
        for name, why in verdicts.items():
            if why:
                self._refuse(edit, (name,), why, here)
        if taken:
            after = self._stamped({**here, **{name: theirs[name] for name in taken}})
            self.tags[at] = after
            self.changes.append(Change(edit, taken, here, after))

    def _add(self, edit: Edit) -> None:
        new = edit.theirs or {}
        if any(tagged.same(new, tag) for tag in self.tags if tag is not None):
            self.already.append(edit)
            return
        after = self._stamped(new)
        self.tags.append(after)
        self.changes.append(Change(edit, (), None, after))

    def _undo(self, why: str) -> None:
        """The edits cannot stand together with what is there: all are conflicts."""
        self.tags = list(self.before)
        undone, self.changes = self.changes, []
        for change in undone:
            self._refuse(change.edit, change.columns, why, change.before)
        for edit in list(self.already):  # so only beside a new tag that is undone
            new = edit.theirs if edit.was is None else None
            if new and not any(tagged.same(new, each) for each in self.before):
                self.already.remove(edit)
                self._refuse(edit, (), why, None)

    def _refuse(
        self, edit: Edit, names: tuple[str, ...], why: str, here: Tag | None
    ) -> None:
        """One conflict for each field, or one for the whole tag."""
        if not names:
            self.conflicts.append(Conflict(edit, (), why, here))
        for name in names:
            self.conflicts.append(Conflict(edit, (name,), why, here))

    def _stamped(self, tag: Tag) -> Tag:
        """Whoever imports answers for it, and somebody has to read it again."""
        return {
            **tag,
            "basis": "manual",
            "author": self.hand.author,
            "state": "proposed",
            "criterion": self.hand.criterion,
        }


def _may_go(edit: Edit, here: Tag) -> str:
    """Why a tag that the workbook took away has to stay; "" if it goes."""
    was = edit.was or {}
    guarded = _guarded(was, here)
    return guarded or ("" if tagged.same(was, here) else "edited")


def _may_change(edit: Edit, here: Tag, name: str) -> str | None:
    """Why a field cannot be taken over; "" if it is so already, None if it can."""
    was, theirs = edit.was or {}, edit.theirs or {}
    if tagged.same(here, theirs, (name,)):
        return ""
    guarded = _guarded(was, here)
    if guarded:
        return guarded
    return None if tagged.same(here, was, (name,)) else "cell"


def _guarded(was: Tag, here: Tag) -> str:
    """Whether somebody has locked or approved the tag since."""
    if here["state"] == "locked":
        return "locked"
    rank = columns.STATES.index
    return "approved" if rank(here["state"]) > rank(was["state"]) else ""


def _of_lines(frame: pl.DataFrame, lines: Iterable[str]) -> pl.DataFrame:
    return frame.filter(pl.col("line_id").is_in(list(lines)))


def _fields(tag: Tag) -> Tag:
    return {name: tag[name] for name in columns.TAG_NAMES}


def _comparable(frame: pl.DataFrame) -> pl.DataFrame:
    """Tags whose groups can be compared whatever their order."""
    return frame.with_columns(pl.col("groups").fill_null([]).list.sort().list.join(";"))
