"""How far a tag has come: proposed, read, approved, locked; each by other eyes.

A line's tags go together. They are *read* when somebody else read the line blind and
says the same, or the dispute was settled; *approved* by somebody who did not write
them; *locked* after that, and locked tags never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget.domain import columns
from hrbudget.errors import CallRefused, DataIssue, NotFound
from hrbudget.tag import order
from hrbudget.tag.review.readings import apart

#: A state, and those from which a line's tags may come to it.
_FROM = {
    "read": ("proposed",),
    "approved": ("read",),
    "locked": ("approved",),
    "proposed": ("read", "approved"),
}

_FILE = "tags"


@dataclass(frozen=True)
class Advanced:
    """The outcome of moving tags from one state to another.

    Attributes:
        tags: all tags afterwards.
        lines: ids of the lines whose tags moved.
        refused: one issue for each line that was asked about and did not.
    """

    tags: pl.DataFrame
    lines: tuple[str, ...]
    refused: tuple[DataIssue, ...]


@dataclass(frozen=True)
class Step:
    """A change of state that somebody asks for.

    Attributes:
        to: the state; ``proposed`` takes tags back.
        by: who asks.
        reason: why; needed to take tags back.
    """

    to: str
    by: str
    reason: str = ""


def advance(
    tags: pl.DataFrame,
    readings: pl.DataFrame,
    step: Step,
    line_ids: Sequence[str] | None = None,
) -> Advanced:
    """Move the tags of lines to another state, where that may be.

    Args:
        tags: all tags of the budget (``columns.TAGS``).
        readings: second readings, likewise, with the reader as author.
        step: the state, who asks and why.
        line_ids: the lines; None: all whose tags are in a state to come from.

    Raises:
        NotFound: there is no such state.
        CallRefused: nobody is named, or tags are taken back without a reason.
    """
    if step.to not in _FROM:
        raise NotFound("state", step.to, _FROM)
    if not step.by.strip():
        message = "Say who moves the tags."
        raise CallRefused(message)
    if step.to == "proposed" and not step.reason.strip():
        message = "Say why the tags are taken back."
        raise CallRefused(message)
    asked = _asked(tags, step, line_ids).join(
        _agreeing(tags, readings, step), on="line_id", how="left"
    )
    moved = asked.filter(pl.col("ready") & ~_lacking(step))["line_id"].to_list()
    chosen = pl.col("line_id").is_in(moved)
    state = pl.when(chosen).then(pl.lit(step.to)).otherwise(pl.col("state"))
    refused = [_refusal(row, step) for row in _left(asked, moved)]
    if line_ids is not None:
        known = set(tags["line_id"].unique().to_list())
        refused += [_untagged(line) for line in sorted({*line_ids} - known)]
    return Advanced(tags.with_columns(state=state), tuple(moved), tuple(refused))


def guard(before: pl.DataFrame, after: pl.DataFrame) -> tuple[DataIssue, ...]:
    """One issue for each line with locked tags whose tags would change.

    Every way of tagging asks it before it sets anything.
    """
    locked = before.filter(pl.col("state") == "locked").select("line_id").unique()
    was, now = (_signature(tags, locked) for tags in (before, after))
    same = was.join(now, on=["line_id", "tags"], how="inner").select("line_id")
    changed = locked.join(same, on="line_id", how="anti").sort("line_id")
    return tuple(
        DataIssue(
            _FILE,
            f"other tags of line {line} than its locked ones",
            "the tags that are locked",
            "leave the line out; what is locked never changes",
            column="state",
        )
        for line in changed["line_id"]
    )


def _signature(tags: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """All tags of each of the lines as one text, whatever the order of rows."""
    cells = tags.join(lines, on="line_id", how="semi").select(columns.TAG_NAMES)
    sorted_ = order.sort(cells.with_columns(pl.col("groups").fill_null([]).list.sort()))
    whole = pl.struct(pl.exclude("line_id")).struct.json_encode().alias("tags")
    texts = sorted_.select("line_id", whole)
    return texts.group_by("line_id", maintain_order=True).agg(
        pl.col("tags").str.join("\n")
    )


def _asked(
    tags: pl.DataFrame, step: Step, line_ids: Sequence[str] | None
) -> pl.DataFrame:
    """line_id, states, ``ready`` (all its tags may come), ``own`` (by the author)."""
    lines = tags.group_by("line_id").agg(
        states=pl.col("state").unique().sort().str.join(", "),
        ready=pl.col("state").is_in(list(_FROM[step.to])).all(),
        own=(pl.col("author") == step.by).fill_null(value=False).any(),
    )
    if line_ids is None:
        return lines.filter("ready").sort("line_id")
    return lines.filter(pl.col("line_id").is_in(list(line_ids))).sort("line_id")


def _agreeing(tags: pl.DataFrame, readings: pl.DataFrame, step: Step) -> pl.DataFrame:
    """``line_id`` and ``agrees``: whether this person read what stands there."""
    mine = readings.filter(pl.col("author") == step.by)
    same = (pl.col("by_right") == 0) & (pl.col("by_group") == 0)
    return apart(tags, mine).select("line_id", agrees=same)


def _lacking(step: Step) -> pl.Expr:
    """Whether other eyes are missing."""
    if step.to == "read":
        return pl.col("own") | ~pl.col("agrees").fill_null(value=False)
    return pl.col("own") if step.to == "approved" else pl.lit(value=False)


def _left(asked: pl.DataFrame, moved: list[str]) -> list[dict[str, object]]:
    return asked.filter(~pl.col("line_id").is_in(moved)).to_dicts()


def _refusal(row: dict[str, object], step: Step) -> DataIssue:
    line = row["line_id"]
    if not row["ready"]:
        found = f"line {line} with tags in state {row['states']}"
        expected = "tags in state " + " or ".join(_FROM[step.to])
        advice = (
            "what is locked never changes" if "locked" in str(row["states"]) else ""
        )
    elif row["own"]:
        found = f"{step.by}, who wrote tags of line {line}"
        expected, advice = "somebody else", "ask another person"
    elif row["agrees"] is None:
        found = f"no reading of line {line} by {step.by}"
        expected, advice = "a second reading that says the same", "read it first"
    else:
        found = f"a reading of line {line} by {step.by} that says something else"
        expected, advice = "a second reading that says the same", "settle the dispute"
    return DataIssue(_FILE, found, expected, advice, column="state")


def _untagged(line: str) -> DataIssue:
    return DataIssue(
        _FILE, f"line {line}", "a line with tags", "tag it first", column="line_id"
    )
