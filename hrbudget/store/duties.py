"""Which duties a change of tags takes, and that whoever tags does not approve.

=====================================  ===============================================
what happens to a tag                  who may do it
=====================================  ===============================================
it is set, changed or taken away       finance officer; an approver, if it is approved
it is settled between two readers      second reader
it is read                             second reader who has not set it
it is approved                         approver who has not set it
it is locked                           approver
it is taken back to ``proposed``       whoever may bring it to the state it had
=====================================  ===============================================
"""

from __future__ import annotations

import polars as pl

from hrbudget.domain.actor import Action
from hrbudget.errors import NotAllowed
from hrbudget.store.chain import digests
from hrbudget.store.change import Change

#: All that says what a tag is, but not how far it has come nor who stored it.
CONTENT = [name for name in digests.LINK_COLUMNS if name not in ("state", "set_by")]

#: Who brings a tag to a state.
_TO = {
    "proposed": Action.TAG,
    "read": Action.READ,
    "approved": Action.APPROVE,
    "locked": Action.LOCK,
}

_FIRM = ("approved", "locked")


def require_any(change: Change, where: str, entity: str) -> None:
    """Go on if the actor may change tags in some way.

    Raises:
        NotAllowed: the actor may not, whatever the change is.
    """
    if not any(change.actor.may(action, entity) for action in _TO.values()):
        change.require(Action.TAG, where, entity)


def require(
    change: Change, before: pl.DataFrame, fresh: pl.DataFrame, of: tuple[str, str]
) -> None:
    """Go on if the actor may make these tags of those.

    Args:
        change: an open change.
        before: the tags of the lines that change (``digests.LINK_COLUMNS``).
        fresh: what they are to be; ``set_by`` says who has set each.
        of: the slice, and the entity it belongs to.

    Raises:
        NotAllowed: the actor has no such duty, or the tags are the actor's own.
    """
    where, entity = of
    for action in sorted(_actions(before, fresh)):
        change.require(action, where, entity)
    actor = change.actor
    own = _come(before, fresh).filter(
        pl.col("state").is_in(["read", "approved"]), pl.col("set_by") == actor.name
    )
    settled = pl.col("line_id").is_in(_settled(before, fresh).implode())
    own = own.filter(~(settled & (pl.col("state") == "read")))
    if actor.is_known and not own.is_empty():
        state, line = own["state"][0], own["line_id"][0]
        text = (
            f"{actor.name} has set tags of line {line} in {where}, so somebody else "
            f"must bring them to the state {state!r}. Nothing was changed; the refusal "
            "is in the log."
        )
        raise NotAllowed(text, _TO[state], where, entity)


def _actions(before: pl.DataFrame, fresh: pl.DataFrame) -> set[Action]:
    come = _come(before, fresh)
    new = come.join(before, on=CONTENT, how="anti", nulls_equal=True)
    moved = come.join(before, on=CONTENT, nulls_equal=True, suffix="_before")
    taken_back = pl.col("state") == "proposed"
    states = pl.concat(
        [
            new["state"],
            moved.filter(~taken_back)["state"],
            moved.filter(taken_back)["state_before"],
        ]
    )
    gone = before.join(fresh, on=CONTENT, how="anti", nulls_equal=True)
    settled = pl.col("line_id").is_in(_settled(before, fresh).implode())
    gone = gone.filter(~(settled & taken_back))
    # Tags that were read begin anew when they are changed; approved ones are the
    # approver's to take back.
    undone = {
        _TO[state] if state in _FIRM else Action.TAG for state in gone["state"].unique()
    }
    return {_TO[state] for state in states.unique()} | undone


def _come(before: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """Tags that were not there in this state."""
    return fresh.join(before, on=[*CONTENT, "state"], how="anti", nulls_equal=True)


def _settled(before: pl.DataFrame, fresh: pl.DataFrame) -> pl.Series:
    """Ids of lines whose tags were settled: they are read, and say something new."""
    new = fresh.filter(pl.col("state") == "read").join(
        before, on=CONTENT, how="anti", nulls_equal=True
    )
    both = new.join(before, on="line_id", how="semi")
    return both["line_id"].unique()
