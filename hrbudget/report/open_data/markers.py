"""Policy markers of the DAC from tags: only what a person has judged makes one.

A marker says what an activity is *for*, on three steps: 2, the policy is why it was
made at all; 1, it is a deliberate aim beside others; 0, it was looked at and is none
(OECD DAC, Converged statistical reporting directives, policy markers; the handbooks on
the gender and the disability marker ask a person to screen each activity). Money does
not say that, so the rule is narrow:

* What ``publisher.yaml`` says wins.
* Otherwise only tags count that a person read or set, or that a donor's mark made. A
  code crosswalk or a text rule is no screening.
* 2: all money of the activity supports the marker's rights. 1: some of it does.
* 0: of every line a person said ``neutral`` (screened, and nothing found), or a
  donor's mark said 0.
* Else there is no marker: not screened is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import polars as pl

from hrbudget.domain import taxonomy
from hrbudget.report.open_data import codes
from hrbudget.report.open_data.weighed import Weighed

#: States of a tag that somebody has read.
_READ = ("read", "approved", "locked")


@dataclass(frozen=True)
class Marker:
    """A marker of the DAC.

    Attributes:
        name: in ``publisher.yaml``.
        code: of IATI's list PolicyMarker.
        rights: whose support it asks about; none: tags cannot tell.
        scheme: of ours whose marks are this marker's; or empty.
    """

    name: str
    code: str
    rights: frozenset[str]
    scheme: str


@cache
def markers() -> dict[str, Marker]:
    """The twelve markers by name (``data/open_data/policy_markers.csv``)."""
    path = codes.OPEN_DATA / "policy_markers.csv"
    frame = pl.read_csv(path, infer_schema=False).with_columns(pl.all().fill_null(""))
    found = {}
    for row in frame.iter_rows(named=True):
        tops = [each for each in row["rights"].split(";") if each]
        rights = frozenset().union(*(taxonomy.rights().within(top) for top in tops))
        found[row["name"]] = Marker(row["name"], row["code"], rights, row["scheme"])
    return found


def derived(parts: Iterable[Weighed]) -> dict[str, str]:
    """Name of a marker → significance, where the tags of an activity tell it.

    Args:
        parts: the lines of each budget that the activity is made of.
    """
    held = list(parts)
    found = {name: _significance(each, held) for name, each in markers().items()}
    return {name: each for name, each in found.items() if each}


def _significance(marker: Marker, parts: list[Weighed]) -> str:
    """Code of significance, or "" where it was not screened."""
    if not marker.rights:
        return ""
    whole = supported = Fraction(0)
    screened = True
    for part in parts:
        judged = part.tags.filter(_judged(marker))
        supports = judged.filter(
            (pl.col("effect") == "supports")
            & pl.col("right").is_in(sorted(marker.rights))
        )
        whole += part.spent
        supported += part.money_of(supports)
        neutral = judged.filter(pl.col("effect") == "neutral")
        screened = screened and part.covered_by(neutral)
    if supported > 0:
        return codes.SIGNIFICANCE["principal" if supported >= whole else "significant"]
    return codes.SIGNIFICANCE["not_targeted"] if screened and parts else ""


def _judged(marker: Marker) -> pl.Expr:
    """Tags that a person stands for; a donor's mark, on this marker alone."""
    by_mark = pl.col("basis") == "donor_marker"
    scheme = pl.lit(f"donor_marker.{marker.scheme}@")
    of_this = pl.col("criterion").fill_null("").str.starts_with(scheme)
    mark = by_mark & of_this if marker.scheme else pl.lit(value=False)
    read = ~by_mark & pl.col("state").is_in(_READ)
    return mark | read
