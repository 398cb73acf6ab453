"""Tags from codes: each function code stands for rights with shares that add up to 1.

The crosswalks are the project's own expert starting values, not statistics; a tag made
from one says so, with the crosswalk's version. Codes are text and are matched whole:
Swedish RS codes per level (municipal and regional codes overlap), COFOG by class where
a class differs from its group, else by group. General transfers between levels are no
right's money yet: they are left for a look-through to whoever spends them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

import polars as pl

from hrbudget.domain.taxonomy import DATA
from hrbudget.errors import NotFound
from hrbudget.tag import shares
from hrbudget.tag.ways import written


@dataclass(frozen=True)
class _Source:
    file: str
    code: str
    level: str = ""


_SOURCES = {
    "rs_kommun": _Source("crosswalk_rs_rights.csv", "rs_code", "kommun"),
    "rs_region": _Source("crosswalk_rs_rights.csv", "rs_code", "region"),
    "cofog": _Source("crosswalk_cofog_rights.csv", "cofog_code"),
    "mscoa": _Source("crosswalk_mscoa_rights.csv", "mscoa_function"),
}
_OVERRIDES = _Source("crosswalk_cofog_class_overrides.csv", "cofog_class")

SCHEMES = tuple(_SOURCES)

#: Codes of general transfers, with all classes below them. RS has none: accounts in RS
#: show what is spent, wherever the money came from.
TRANSFERS = {"cofog": ("01.8",), "mscoa": ("3110",)}


@dataclass(frozen=True)
class Crosswalked:
    """What a crosswalk makes of lines.

    Attributes:
        tags: the columns of ``columns.TAGS``.
        unmatched: ``function``, ``lines``: codes the crosswalk lacks.
        elsewhere: lines left alone because their codes are of another scheme.
        transfers: ``function``, ``lines``: general transfers, which are not tagged.
    """

    tags: pl.DataFrame
    unmatched: pl.DataFrame
    elsewhere: int
    transfers: pl.DataFrame


def crosswalk(
    lines: pl.DataFrame, scheme: str, author: str = written.AUTHOR
) -> Crosswalked:
    """Tag expenditure lines by their function code.

    Lines whose ``function_scheme`` names another scheme are left alone; a line that
    names none is read in the scheme asked for.

    Raises:
        NotFound: there is no crosswalk for the scheme.
    """
    if scheme not in _SOURCES:
        raise NotFound("crosswalk", scheme, SCHEMES)
    table, version = load(scheme)
    spent = lines.filter(pl.col("direction") == "expenditure")
    of_scheme = pl.col("function_scheme").fill_null(scheme) == scheme
    candidates = spent.filter(of_scheme).with_columns(
        code=_known_code(pl.col("function"), table, scheme)
    )
    apart = is_transfer(pl.col("function"), scheme)
    coded = candidates.filter(~apart.fill_null(value=False))
    matched = coded.select("line_id", "code").join(
        table, on="code", maintain_order="left_right"
    )
    tags = written.completed(
        matched.with_columns(evidence=pl.format(f"{scheme} {{}}", "code")),
        effect="supports",
        basis="crosswalk",
        author=author,
        state="proposed",
        criterion=f"crosswalk.{scheme}@{version}",
    )
    unmatched = coded.join(table.select("code").unique(), on="code", how="anti")
    return Crosswalked(
        tags,
        _by_function(unmatched),
        spent.height - candidates.height,
        _by_function(candidates.filter(apart)),
    )


def is_transfer(function: pl.Expr, scheme: str) -> pl.Expr:
    """Whether a code is that of a general transfer."""
    codes = TRANSFERS.get(scheme, ())
    below = [function.str.starts_with(f"{code}.") for code in codes]
    return pl.any_horizontal(function.is_in(codes), *below)


def _by_function(lines: pl.DataFrame) -> pl.DataFrame:
    counted = lines.group_by("function").agg(pl.len().alias("lines"))
    return counted.sort("function")


@cache
def load(scheme: str) -> tuple[pl.DataFrame, str]:
    """A crosswalk (``code``, ``right``, ``groups``, ``share``) and its version."""
    table, version = _read(_SOURCES[scheme])
    if scheme == "cofog":
        overrides, _ = _read(_OVERRIDES)
        by_group = table.group_by("code").agg(pl.col("groups").first())
        overrides = overrides.drop("groups").join(
            by_group.rename({"code": "group"}),
            left_on=pl.col("code").str.extract(r"^(\d+\.\d+)"),
            right_on="group",
            how="left",
        )
        table = pl.concat([table, overrides.select(table.columns)])
    return table, version


def _read(source: _Source) -> tuple[pl.DataFrame, str]:
    content = (DATA / "taxonomies" / source.file).read_bytes()
    frame = pl.read_csv(content, infer_schema=False)
    if source.level:
        frame = frame.filter(pl.col("level") == source.level)
    groups = pl.col("groups") if "groups" in frame.columns else pl.lit(None, pl.String)
    table = frame.select(
        pl.col(source.code).alias("code"),
        pl.col("right_id").alias("right"),
        groups.str.split(";").alias("groups"),
        shares.read(pl.col("share")).alias("share"),
    )
    return table, hashlib.sha256(content).hexdigest()[:12]


def _known_code(function: pl.Expr, table: pl.DataFrame, scheme: str) -> pl.Expr:
    """The code to look up: the function itself, or the COFOG group of its class."""
    if scheme != "cofog":
        return function
    known = function.is_in(table["code"].unique().to_list())
    return pl.when(known).then(function).otherwise(function.str.extract(r"^(\d+\.\d+)"))
