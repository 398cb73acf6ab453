"""The extra ``[suggest]``: learn from the entity's own approved tags (scikit-learn).

For every right and group with enough tagged texts, a logistic regression is learnt over
weighted words (TF-IDF), the unit's name among them, and what the model that ships says
(``near`` where it is installed, else the lexicon's). It is believed only where it found
the tags of texts it had not seen better (F1) than that model did, and only for units
whose tags it has seen; all else stays as it was. So what comes out is never knowingly
worse than without the extra.
"""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from hrbudget.errors import CallRefused
from hrbudget.money import WHOLE
from hrbudget.tag.suggest import calibration, model, near, suggestions, text
from hrbudget.tag.suggest.model import Model
from hrbudget.tag.suggest.near import Near

#: Fewer tagged texts than this teach nothing about a right or group.
EXAMPLES = 5
FOLDS = 5
#: The fewest texts a step of probability rests on.
STEP = 20

#: Tags that a person stands behind.
TRUSTED = ("read", "approved", "locked")

_Key = tuple[str, str]  # kind and id


@dataclass(frozen=True)
class Taught:
    """What was learnt about one right or group.

    Attributes:
        kind: right or group; ``id`` its id.
        ours: F1 on unseen texts, beside the ``lexicon``'s, exactly.
        regression: the fitted scikit-learn model.
        steps: how often a score was right on unseen texts.
    """

    kind: str
    id: str
    ours: Fraction
    lexicon: Fraction
    regression: Any
    steps: tuple[calibration.Step, ...]


@dataclass(frozen=True)
class Learned:
    """The lexicon's model with what an entity's own tags taught.

    Attributes:
        model: the model that is asked about everything else.
        words: the fitted TF-IDF of scikit-learn.
        taught: only what beat the lexicon.
        units: the units whose tags were learnt from.
        version: twelve hexadecimal digits of a hash over what it was learnt from.
    """

    model: Model | Near
    words: Any
    taught: tuple[Taught, ...]
    units: frozenset[str]
    version: str


def learn(
    lines: pl.DataFrame, tags: pl.DataFrame, shipped: Model | Near | None = None
) -> Learned:
    """Learn from lines and the tags that people read or approved.

    Args:
        lines: as for ``suggestions.suggest``; tagged ones only are learnt from.
        tags: ``columns.TAGS``; ``read``, ``approved`` and ``locked`` count.
        shipped: what to beat; the model that ships if not given, with nearness where
            it is installed.

    Raises:
        CallRefused: scikit-learn is not installed, or nothing is approved.
    """
    words = _words()
    shipped = shipped or (near.default() if near.available() else model.default())
    trusted = tags.filter(pl.col("state").is_in(TRUSTED))
    told = lines.join(trusted.select("line_id").unique(), on="line_id", how="semi")
    distinct, of_lines = text.cases(told)
    if distinct.is_empty():
        message = "No line with a text has tags that somebody read or approved."
        raise CallRefused(message)
    texts = (distinct["title"] + distinct["body"]).to_list()
    table = words.fit_transform(texts)
    truth = _truth(trusted, of_lines)
    rival = _shipped(told, shipped).join(of_lines, on="line_id")
    found, said = _pairs(suggestions.likely(rival)), _said(rival)
    folds = [
        int(hashlib.sha256(each.encode()).hexdigest(), 16) % FOLDS for each in texts
    ]
    taught = [
        _teach(
            key,
            (truth[key], found.get(key, frozenset())),
            _beside(table, range(distinct.height), said.get(key, {})),
            folds,
        )
        for key in sorted(truth)
        if EXAMPLES <= len(truth[key]) < distinct.height
    ]
    sets = sorted((key, sorted(cases)) for key, cases in truth.items())
    digest = hashlib.sha256("\n".join([*texts, str(sets)]).encode())
    return Learned(
        model=shipped,
        words=words,
        taught=tuple(each for each in taught if each.ours > each.lexicon),
        units=frozenset(distinct["unit"]),
        version=digest.hexdigest()[:12],
    )


def suggest(lines: pl.DataFrame, learned: Learned, top: int = 5) -> pl.DataFrame:
    """``suggestions.suggest``, with what was learnt in the lexicon's place."""
    plain = _shipped(lines, learned.model)
    distinct, of_lines = text.cases(lines)
    covered = distinct.filter(pl.col("unit").is_in(sorted(learned.units)))
    if covered.is_empty() or not learned.taught:
        return plain.filter(pl.col("rank") <= top)
    table = learned.words.transform((covered["title"] + covered["body"]).to_list())
    told = plain.join(of_lines, on="line_id")
    said, cases = _said(told), covered["case"].to_list()
    parts = [
        _told(each, _beside(table, cases, said.get((each.kind, each.id), {})), learned)
        for each in learned.taught
    ]
    own = of_lines.join(
        pl.concat(
            part.with_columns(case=covered["case"].gather(part["row"]))
            for part in parts
        ),
        on="case",
    )
    ids = pl.DataFrame(
        [(each.kind, each.id) for each in learned.taught],
        schema={"kind": pl.String, "id": pl.String},
        orient="row",
    )
    theirs = told.join(covered.select("case"), on="case", how="semi")
    replaced = theirs.join(ids, on=["kind", "id"], how="semi").select(
        "line_id", "kind", "id"
    )
    rest = plain.join(replaced, on=["line_id", "kind", "id"], how="anti")
    order = ["line_id", "kind", "probability", "id"]
    rank = pl.int_range(1, pl.len() + 1).over("line_id", "kind").cast(pl.Int64)
    return (
        pl.concat([rest, own.select(list(suggestions.SUGGESTED))])
        .sort(order, descending=[False, False, True, False])
        .with_columns(rank=rank)
        .filter(pl.col("rank") <= top)
    )


def _shipped(lines: pl.DataFrame, shipped: Model | Near) -> pl.DataFrame:
    """Everything that the model that ships suggests."""
    if isinstance(shipped, Near):
        return near.suggest(lines, shipped, top=1000)
    return suggestions.suggest(lines, shipped, top=1000)


def _words() -> Any:  # noqa: ANN401  # scikit-learn is there or not
    letters = r"[^\W\d_]{2,}"
    return _extra("sklearn.feature_extraction.text").TfidfVectorizer(
        sublinear_tf=True, token_pattern=letters
    )


def _regression() -> Any:  # noqa: ANN401
    return _extra("sklearn.linear_model").LogisticRegression(
        C=10, class_weight="balanced", max_iter=1000
    )


def _extra(name: str) -> Any:  # noqa: ANN401
    """A module of the extra, imported only when it is asked for."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        message = "Learning needs scikit-learn: install hrbudget[suggest]."
        raise CallRefused(message) from missing


def _beside(table: Any, cases: Any, said: dict[int, int]) -> Any:  # noqa: ANN401
    """The words with one more column: what the lexicon says, from 0 to 1."""
    sparse = _extra("scipy.sparse")
    column = sparse.csr_matrix([[said.get(case, 0)] for case in cases]) / WHOLE
    return sparse.hstack([table, column]).tocsr()


def _said(rows: pl.DataFrame) -> dict[_Key, dict[int, int]]:
    """Kind and id → case → the lexicon's probability, in millionths."""
    found: dict[_Key, dict[int, int]] = {}
    wanted = rows.select("kind", "id", "case", "probability").unique().sort(pl.all())
    for kind, name, case, probability in wanted.iter_rows():
        found.setdefault((kind, name), {})[case] = probability
    return found


def _truth(tags: pl.DataFrame, of_lines: pl.DataFrame) -> dict[_Key, frozenset[int]]:
    """Kind and id → the cases that have it."""
    supports = tags.filter(pl.col("effect") == "supports").join(of_lines, on="line_id")
    rights = supports.select("case", pl.lit("right").alias("kind"), id="right")
    groups = supports.select("case", pl.lit("group").alias("kind"), id="groups")
    return _pairs(pl.concat([rights, groups.explode("id")]).drop_nulls("id"))


def _pairs(rows: pl.DataFrame) -> dict[_Key, frozenset[int]]:
    grouped = rows.group_by("kind", "id").agg(pl.col("case").unique())
    return {
        (kind, name): frozenset(cases)
        for kind, name, cases in grouped.select("kind", "id", "case").iter_rows()
    }


def _teach(
    key: _Key,
    true_and_rival: tuple[frozenset[int], frozenset[int]],
    table: Any,  # noqa: ANN401  # a sparse matrix of scipy
    folds: list[int],
) -> Taught:
    """Learn one right or group, and see how it does on folds it had not seen."""
    cases, rival = true_and_rival
    true = [int(case in cases) for case in range(len(folds))]
    scores = [calibration.LOWEST] * len(folds)
    for fold in range(FOLDS):
        known = [case for case, each in enumerate(folds) if each != fold]
        asked = [case for case, each in enumerate(folds) if each == fold]
        if not asked or len({true[case] for case in known}) < 2:
            continue
        fitted = _regression().fit(table[known], [true[case] for case in known])
        for case, score in zip(asked, _scores(fitted, table[asked]), strict=True):
            scores[case] = score
    hits = frozenset(case for case, score in enumerate(scores) if score > 0)
    seen = zip(scores, true, strict=True)
    return Taught(
        kind=key[0],
        id=key[1],
        ours=_f1(hits, cases),
        lexicon=_f1(rival, cases),
        regression=_regression().fit(table, true),
        steps=tuple(calibration.steps(seen, STEP)),
    )


def _scores(fitted: Any, table: Any) -> list[int]:  # noqa: ANN401
    """Log-odds in thousandths, as the lexicon's scores."""
    odds = fitted.decision_function(table) * 1000
    scores: list[int] = odds.round().astype("int64").tolist()
    return scores


def _f1(found: frozenset[int], true: frozenset[int]) -> Fraction:
    return Fraction(2 * len(found & true), max(1, len(found) + len(true)))


def _told(each: Taught, table: Any, learned: Learned) -> pl.DataFrame:  # noqa: ANN401
    """What was learnt about one right or group, said of every text it speaks for.

    Returns:
        ``row`` of the table and the columns of ``suggestions.SUGGESTED`` but the line.
    """
    steps = pl.DataFrame(
        [(step.score, step.probability, step.low) for step in each.steps],
        schema={"at": pl.Int64, "probability": pl.Int64, "low": pl.Int64},
        orient="row",
    )
    scores = pl.DataFrame({"score": pl.Series(_scores(each.regression, table))})
    said = scores.with_row_index("row").filter(pl.col("score") > 0).sort("score", "row")
    said = said.join_asof(steps.sort("at"), left_on="score", right_on="at")
    names = [*learned.words.get_feature_names_out(), "(lexicon)"]
    because = [_because(each, table[row], names) for row in said["row"].to_list()]
    return said.select(
        "row",
        pl.lit(each.kind).alias("kind"),
        pl.lit(each.id).alias("id"),
        "probability",
        "low",
        pl.lit(value=True).alias("likely"),
        pl.Series("because", because, pl.List(pl.String)),
        pl.lit(0, pl.Int64).alias("rank"),
        pl.lit(f"suggest.learned@{learned.version}").alias("criterion"),
    )


def _because(each: Taught, row: Any, names: list[str]) -> list[str]:  # noqa: ANN401
    """The five words that spoke most for it; the lexicon counts as one."""
    weights = each.regression.coef_[0]
    parts = [(row[0, at] * weights[at], str(names[at])) for at in row.indices]
    best = sorted((part for part in parts if part[0] > 0), key=lambda p: (-p[0], p[1]))
    return [word for _, word in best[:5]]
