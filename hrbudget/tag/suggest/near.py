"""The extra ``[suggest]``: how near a text stands to the words of a group.

The vectors of word pieces lie in the wheel of ``wordllama`` (MIT) and are read from
there; nothing is fetched. A text is the mean of its pieces, a group the mean of its
sure words. How near they are is weighed with what the lexicon says, by the tables
``near_*.csv`` that ``benchmarks/suggest_near.py`` makes. Where that did
worse than the lexicon on departments it had not seen, and in every language but English
(worse in French, not measured in the others), the lexicon speaks alone.

Vectors are rounded to whole numbers before they are added and multiplied, so the same
text gives the same bytes on any machine.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget.errors import CallRefused
from hrbudget.money import WHOLE
from hrbudget.tag.suggest import features, lexicon, model, suggestions, text
from hrbudget.tag.suggest.language import languages
from hrbudget.tag.suggest.lexicon import Lexicon
from hrbudget.tag.suggest.model import Model

KIND = "group"
LANGUAGES = ("en",)
#: So many pieces are read of a text; beyond them whole numbers could grow too large.
LONGEST = 5000

#: What is weighed: whether and how strongly the lexicon speaks of it (thousandths), how
#: near the text is, and how near the unit's other texts are (millionths).
NAMES = ("worded", "words", "near", "unit_near")

_VECTORS = "weights/l2_supercat_256.safetensors"
_PIECES = "tokenizers/l2_supercat_tokenizer_config.json"
#: Their content, with which the weights were made (wordllama 0.4.0).
_MADE_WITH = "4d243a4b2daee65802d68699e288b9347fd45097303dc232205a660a82b5171e"
#: A piece's vector in steps of 1/4096, a text's of length one in steps of 1/2^20.
_STEP, _UNIT = 2**12, 2**20


@dataclass(frozen=True)
class Near:
    """The lexicon's model with what nearness adds.

    Attributes:
        model: the model that is asked about everything else.
        weights: ``feature, weight, everybody`` in thousandths of a log-odds; the start
            is the feature "".
        offsets: ``concept, offset, cut, believed``: of the groups that were labelled;
            ``believed`` is 0 where the lexicon speaks alone.
        calibration: ``score, probability, low`` as the model's.
    """

    model: Model
    weights: pl.DataFrame
    offsets: pl.DataFrame
    calibration: pl.DataFrame

    @property
    def criterion(self) -> str:
        """What a tag made from a suggestion names: ``suggest.near@version``."""
        return f"suggest.near@{self.model.lexicon.version}"


def available() -> bool:
    """Whether the vectors are installed, and are those the weights were made with."""
    try:
        _vectors()
    except CallRefused:
        return False
    return True


def default() -> Near:
    """The model that ships for the extra.

    Raises:
        CallRefused: ``wordllama`` is not installed, or has other vectors.
    """
    _vectors()
    return _shipped()


@cache
def _shipped() -> Near:
    tables = {
        name: pl.read_csv(lexicon.DATA / f"near_{name}.csv", infer_schema=False)
        .fill_null("")
        .with_columns(pl.exclude("feature", "concept").cast(pl.Int64))
        for name in ("weights", "offsets", "calibration")
    }
    return Near(model.default(), **tables)


def suggest(
    lines: pl.DataFrame, near: Near | None = None, top: int = 5
) -> pl.DataFrame:
    """``suggestions.suggest``, with nearness where it is believed."""
    near = near or default()
    distinct, of_lines = text.cases(lines)
    plain = model.scored(model.counts(distinct, near.model.lexicon), near.model)
    both = _both(distinct, plain, near)
    order = ["case", "kind", "probability", "id"]
    ranked = (
        model.as_ids(both, near.model)
        .sort(order, descending=[False, False, True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("case", "kind"))
        .filter(pl.col("rank") <= top)
    )
    return suggestions.shown(of_lines.join(ranked, on="case"))


def _both(distinct: pl.DataFrame, plain: pl.DataFrame, near: Near) -> pl.DataFrame:
    """The model's concepts, with those that nearness speaks for in their place."""
    here = plain.with_columns(criterion=pl.lit(near.model.criterion))
    believed = near.offsets.filter(pl.col("believed") == 1)
    measured = measure(distinct, near.model.lexicon, near.offsets["concept"].to_list())
    told = scored(beside(measured, plain), near).join(
        believed.select("concept"), on="concept", how="semi"
    )
    why = plain.select("case", "kind", "concept", "because")
    told = told.with_columns(kind=pl.lit(KIND), criterion=pl.lit(near.criterion))
    told = told.join(why, on=["case", "kind", "concept"])
    rest = here.join(told, on=["case", "kind", "concept"], how="anti")
    return pl.concat([rest.select(model.TOLD), told.select(model.TOLD)])


def measure(
    distinct: pl.DataFrame, words: Lexicon, concepts: list[str]
) -> pl.DataFrame:
    """How near cases are to concepts, more than to the concepts at the mean.

    Args:
        distinct: of ``text.cases``; those not in ``LANGUAGES`` are left out.
        words: whose sure words stand for the concepts.
        concepts: to compare with.

    Returns:
        ``case, concept, near, unit_near`` in millionths: ``near`` is the cosine less
        its mean over the concepts, ``unit_near`` the sum of it over the unit's other
        cases by one more than their number.
    """
    parts = [_measured(distinct, words, concepts, each) for each in LANGUAGES]
    spoken = languages(distinct, words)
    every = pl.concat(parts).join(spoken, on=["case", "language"], how="semi")
    told = every.group_by("case", "concept", maintain_order=True).agg(
        pl.col("near").max()
    )
    units = told.join(distinct.select("case", "unit"), on="case")
    sums = pl.col("near").sum().over("unit", "concept") - pl.col("near")
    shared = sums // (pl.len().over("unit", "concept").cast(pl.Int64) + 1)
    return units.select(
        "case",
        "concept",
        "near",
        unit_near=pl.when(pl.col("unit") == "").then(0).otherwise(shared),
    ).sort("case", "concept")


def beside(
    measured: pl.DataFrame, plain: pl.DataFrame, nearest: int = 0
) -> pl.DataFrame:
    """``case, concept`` and ``NAMES`` of concepts with words.

    Args:
        measured: of ``measure``.
        plain: ``case, kind, concept, score`` of ``model.scored``.
        nearest: so many of the nearest concepts as well. Weights are made with them,
            for they show what nearness without words is worth: nobody need be told.
    """
    words = plain.filter(pl.col("kind") == KIND).select("case", "concept", "score")
    place = pl.col("near").rank("ordinal", descending=True).over("case")
    return (
        measured.with_columns(place=place)
        .join(words, on=["case", "concept"], how="left")
        .filter(pl.col("score").is_not_null() | (pl.col("place") <= nearest))
        .select(
            "case",
            "concept",
            pl.col("score").is_not_null().cast(pl.Int64).alias("worded"),
            pl.col("score").fill_null(0).alias("words"),
            "near",
            "unit_near",
        )
        .sort("case", "concept")
    )


def scored(rows: pl.DataFrame, near: Near) -> pl.DataFrame:
    """Rows of ``beside`` with ``score, probability, low`` and ``likely``."""
    special = pl.col("concept") == features.EVERYBODY
    total = pl.lit(0, pl.Int64)
    for name, weight, everybody in near.weights.iter_rows():
        each = pl.when(special).then(everybody).otherwise(weight)
        if name == "":
            total += each
        elif name == "worded":
            total += pl.col(name) * each
        else:
            total += pl.col(name) * each // (1000 if name == "words" else WHOLE)
    return (
        rows.join(near.offsets, on="concept")
        .with_columns(score=total + pl.col("offset"))
        .with_columns(likely=pl.col("score") >= pl.col("cut"))
        .drop("offset", "cut", "believed")
        .sort("score", "case", "concept")
        .join_asof(near.calibration.sort("score"), on="score")
        .with_columns(pl.col("probability", "low").fill_null(0))
        .sort("case", "concept")
    )


def vectors_of(texts: list[str]) -> Any:  # noqa: ANN401  # numpy is there or not
    """A whole-numbered vector of length one (2^20) for each text."""
    numpy, (vectors, pieces) = _extra("numpy"), _vectors()
    sums = numpy.zeros((len(texts), vectors.shape[1]), dtype="int64")
    batch = pieces.encode_batch(
        [each.strip() for each in texts], add_special_tokens=False
    )
    for row, each in enumerate(batch):
        if each.ids:
            sums[row] = vectors[each.ids[:LONGEST]].sum(axis=0)
    return _length_one(sums)


def _measured(
    distinct: pl.DataFrame, words: Lexicon, concepts: list[str], language: str
) -> pl.DataFrame:
    """``case, concept, language, near`` by the words of one language."""
    anchors = _anchors(words, concepts, language)
    texts = (distinct["title"] + distinct["body"]).to_list()
    cosines = (vectors_of(texts) @ anchors.T) * WHOLE // (_UNIT * _UNIT)
    above = cosines - cosines.sum(axis=1, keepdims=True) // len(concepts)
    wide = pl.DataFrame(
        {name: above[:, place] for place, name in enumerate(concepts)},
        schema=dict.fromkeys(concepts, pl.Int64),
    )
    return (
        wide.with_columns(case=distinct["case"])
        .unpivot(index="case", variable_name="concept", value_name="near")
        .with_columns(language=pl.lit(language))
        .select("case", "concept", "language", "near")
    )


def _anchors(words: Lexicon, concepts: list[str], language: str) -> Any:  # noqa: ANN401
    """One vector for each concept: the mean of its sure words of a language."""
    sure = words.phrases.filter(
        (pl.col("kind") == KIND)
        & (pl.col("language") == language)
        & (pl.col("strength") == "sure")
    )
    numpy = _extra("numpy")
    sums = []
    for concept in concepts:
        phrases = sure.filter(pl.col("concept") == concept)["phrase"].to_list()
        sums.append(vectors_of(phrases).sum(axis=0))
    return _length_one(numpy.array(sums))


def _length_one(sums: Any) -> Any:  # noqa: ANN401
    """Whole vectors divided by their lengths; a vector of nothing stays so.

    The square is a whole number, and root, division and rounding of one number are the
    same everywhere, so nothing hangs on the order of a sum.
    """
    numpy = _extra("numpy")
    lengths = numpy.sqrt((sums * sums).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1
    return numpy.rint(sums / lengths * _UNIT).astype("int64")


def _vectors() -> tuple[Any, Any]:
    """The vectors of pieces in whole steps, and what cuts a text into pieces."""
    found = importlib.util.find_spec("wordllama")
    if found is None or found.origin is None:
        raise CallRefused(_MISSING)
    return _read(Path(found.origin).parent)


@cache
def _read(folder: Path) -> tuple[Any, Any]:
    content = (folder / _VECTORS).read_bytes()
    pieces = (folder / _PIECES).read_bytes()
    if hashlib.sha256(content + pieces).hexdigest() != _MADE_WITH:
        message = "wordllama is there in a version the weights were not made with."
        raise CallRefused(message)
    table = _extra("safetensors.numpy").load(content)["embedding.weight"]
    cut = _extra("tokenizers").Tokenizer.from_str(pieces.decode())
    cut.no_padding()
    cut.no_truncation()
    whole = _extra("numpy").rint(table.astype("f8") * _STEP).astype("int64")
    return whole, cut


_MISSING = "Nearness needs wordllama: install hrbudget[suggest]."


def _extra(name: str) -> Any:  # noqa: ANN401
    """A module of the extra, imported only when it is asked for."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        raise CallRefused(_MISSING) from missing
