"""From counts to a probability: small tables of whole numbers, made once and shipped.

``weights.csv`` holds what a count adds to a score, ``offsets.csv`` what a concept adds,
both in thousandths of a natural log-odds; ``calibration.csv`` says how often a
suggestion of such a score was right on texts the weights had not seen. They are made by
``benchmarks/suggest_train.py`` from the sources named in ``provenance.csv``.

Nothing here is a floating-point number, so the same text gives the same bytes anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from hrbudget.tag.suggest import features, lexicon, text
from hrbudget.tag.suggest.found import find
from hrbudget.tag.suggest.lexicon import Lexicon

#: Score of a suggestion with no count at all, by kind: the offset named "".
_EVERY = ""

#: Whether a sure word of the concept stands anywhere in the text.
NAMED = pl.max_horizontal("sure_title", "sure_first", "sure_rest") == 1

#: What is told of a concept in a case.
TOLD = [
    "case",
    "kind",
    "concept",
    "score",
    "probability",
    "low",
    "likely",
    "because",
    "criterion",
]


@dataclass(frozen=True)
class Model:
    """Words, what they weigh and how far they can be trusted.

    Attributes:
        lexicon: the words.
        weights: ``kind, feature, weight, everybody``: the latter for the concept that
            stands for all people.
        offsets: ``kind, concept, offset, cut, named``: from the score ``cut`` on a
            suggestion is likely; where ``named`` is 1, also wherever one of its sure
            words stands. The concept "" stands for those not listed.
        calibration: ``kind, score, probability, low``: from this score on a suggestion
            is right so often, and at least so often, in millionths.
    """

    lexicon: Lexicon
    weights: pl.DataFrame
    offsets: pl.DataFrame
    calibration: pl.DataFrame

    @property
    def criterion(self) -> str:
        """What a tag made from a suggestion names: ``suggest.lexicon@version``."""
        return f"suggest.lexicon@{self.lexicon.version}"


@cache
def default() -> Model:
    """The model that ships with the program and needs no other library."""
    tables = {name: _whole(name) for name in ("weights", "offsets", "calibration")}
    return Model(
        lexicon=lexicon.load(),
        weights=tables["weights"],
        offsets=tables["offsets"],
        calibration=tables["calibration"].sort("kind", "score"),
    )


def _whole(name: str) -> pl.DataFrame:
    """A table of the shipped model, its numbers whole."""
    frame = pl.read_csv(lexicon.DATA / f"{name}.csv", infer_schema=False).fill_null("")
    words = ("kind", "feature", "concept")
    return frame.with_columns(pl.exclude(words).cast(pl.Int64))


def counts(distinct: pl.DataFrame, words: Lexicon) -> pl.DataFrame:
    """``features.count`` of what the lexicon finds in these cases."""
    return features.count(find(distinct, words), distinct)


def scored(counted: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Counts with ``score``, ``probability``, ``low`` (millionths) and ``likely``."""
    special = pl.col("concept") == features.EVERYBODY
    parts = [
        frame.with_columns(score=_sum(model, kind, special))
        for (kind,), frame in counted.group_by("kind", maintain_order=True)
    ]
    if not parts:
        zero = [pl.lit(0, pl.Int64).alias(n) for n in ("score", "probability", "low")]
        return counted.with_columns(*zero, likely=pl.lit(value=False))
    own = model.offsets.filter(pl.col("concept") != _EVERY)
    rest = model.offsets.filter(pl.col("concept") == _EVERY).select("kind", rest="cut")
    return (
        pl.concat(parts)
        .join(own, on=["kind", "concept"], how="left")
        .join(rest, on="kind", how="left")
        .with_columns(score=pl.col("score") + pl.col("offset").fill_null(0))
        .with_columns(
            likely=(pl.col("score") >= pl.coalesce("cut", "rest"))
            | ((pl.col("named") == 1) & NAMED).fill_null(value=False)
        )
        .drop("offset", "cut", "named", "rest")
        .sort("score")
        .join_asof(
            model.calibration.sort("score"),
            on="score",
            by="kind",
            check_sortedness=False,
        )
        .with_columns(pl.col("probability", "low").fill_null(0))
    )


def _sum(model: Model, kind: str, special: pl.Expr) -> pl.Expr:
    """The score of a concept of this kind; counts of units are thousandths."""
    of_kind = model.weights.filter(pl.col("kind") == kind)
    every = model.offsets.filter(
        (pl.col("kind") == kind) & (pl.col("concept") == _EVERY)
    )
    total = pl.lit(every["offset"].sum(), pl.Int64)
    for name, weight, everybody in of_kind.select(
        "feature", "weight", "everybody"
    ).iter_rows():
        part = pl.col(name) * pl.when(special).then(everybody).otherwise(weight)
        total += part // 1000 if name.startswith("unit_") else part
    return total


def as_ids(told: pl.DataFrame, model: Model) -> pl.DataFrame:
    """The best concept of each id that a taxonomy has, with ``id``, by case.

    Args:
        told: ``TOLD``.
        model: whose lexicon says what a concept is suggested as.
    """
    suggests = pl.DataFrame(
        {
            "concept": list(model.lexicon.suggests),
            "id": list(model.lexicon.suggests.values()),
        },
        schema={"concept": pl.String, "id": pl.String},
    )
    order = ["case", "kind", "id", "score", "concept"]
    return (
        told.select(TOLD)
        .join(suggests.filter(pl.col("id") != ""), on="concept")
        .sort(order, descending=[False, False, False, True, False])
        .unique(["case", "kind", "id"], keep="first", maintain_order=True)
    )


def candidates(lines: pl.DataFrame, model: Model) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every right and group that a text has words for.

    Returns:
        ``TOLD`` and ``id``, one row for each id, and ``line_id, case``.
    """
    distinct, of_lines = text.cases(lines)
    told = scored(counts(distinct, model.lexicon), model)
    told = told.with_columns(criterion=pl.lit(model.criterion))
    return as_ids(told, model), of_lines
