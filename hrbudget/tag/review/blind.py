"""Lines for a second reader, who must not see what the first one said."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from hrbudget.tag.review.draw import draw, population

#: What a reader may see of a line: what the budget says, and nothing from tags or from
#: columns of its own, where somebody may have noted a marker.
SHOWN = (
    "line_id",
    "fiscal_year",
    "phase",
    "direction",
    "administrative_unit",
    "district",
    "function",
    "function_scheme",
    "economic_class",
    "cost_category",
    "programme",
    "project",
    "fund",
    "party",
    "description",
    "amount",
    "currency",
)


def blind(
    lines: pl.DataFrame,
    tags: pl.DataFrame,
    reader: str,
    criteria: Sequence[str] = (),
    *,
    size: int | None = None,
    seed: str = "",
) -> pl.DataFrame:
    """The lines a second reader is to read, in the order of their ids.

    Args:
        lines: the budget's lines (``columns.LINES``).
        tags: the first reader's; lines without any, and those that the second reader
            tagged, are left out.
        reader: the second reader.
        criteria: ids of the criteria to read by; the same for every line, since the
            one that the first reader used would give the answer away.
        size: how many units of money to draw; None: all lines.
        seed: of the draw.

    Returns:
        The columns of ``SHOWN``, ``criteria`` as ``;``-separated text.
    """
    own = tags.filter(pl.col("author") == reader)
    open_ = tags.join(own, on="line_id", how="anti")
    chosen = lines.join(open_, on="line_id", how="semi")
    if size is not None:
        frame = population(chosen, open_).lines
        drawn = draw(frame, max(1, int(frame["amount"].sum()) // max(1, size)), seed)
        ids = pl.concat(
            [drawn.whole.select("line_id"), drawn.sampled.select("line_id")]
        )
        chosen = chosen.join(ids, on="line_id", how="semi")
    asked = pl.lit(";".join(criteria)).alias("criteria")
    return chosen.select(*SHOWN, asked).sort("line_id")
