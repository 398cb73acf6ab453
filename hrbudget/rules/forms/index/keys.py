"""The keys of the form ``index``: which an index needs and which it may have."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from hrbudget import money
from hrbudget.domain.declared import FactId
from hrbudget.domain.indices.outturn import GRADES, Band, points
from hrbudget.domain.written import Filter, Number
from hrbudget.rules.forms.parity import Compared, With
from hrbudget.rules.measure import Measure
from hrbudget.rules.people import Persons, Table
from hrbudget.rules.reference import Against
from hrbudget.rules.rulefile import ValueRule
from hrbudget.yamlfile import FileModel

Name = Annotated[str, Field(min_length=1)]


def _bound(text: str) -> str:
    if text not in GRADES:
        money.to_fraction(text)
    return text


#: A number, or a score from A to D.
Bound = Annotated[str, AfterValidator(_bound)]
Bounds = Annotated[dict[date, Bound | None], Field(min_length=1)]


class Ranked(FileModel):
    """The order of a concentration index: by an outcome, the worst off first."""

    outcome: Name
    worst: Literal["lowest", "highest"] = "lowest"


class Limits(FileModel):
    """Where a figure earns a score of PEFA; a ratio, so that 5 % is 0.05."""

    at_least: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @property
    def band(self) -> Band:
        """The same as numbers."""
        ends = (self.at_least, self.at_most, self.below)
        return Band(*(None if end is None else Fraction(end) for end in ends))


#: Scores that have a band; D is the rest.
Letter = Literal["A", "B", "C"]
Scores = Annotated[dict[Letter, Limits], Field(min_length=1)]

#: Columns whose codes are heads of a budget.
Heads = Literal[
    "function", "administrative_unit", "programme", "economic_class", "cost_category"
]


class Dimension(FileModel):
    """One dimension of PEFA's PI-2."""

    index: Literal["pefa_pi2_1", "pefa_pi2_2", "pefa_pi2_3"]
    scores: Scores
    heads: Heads | None = None
    digits: Annotated[int, Field(ge=1)] | None = None
    without: Filter | None = None
    contingency: Filter | None = None

    @model_validator(mode="after")
    def _complete(self) -> Dimension:
        needed = "contingency" if self.index == "pefa_pi2_3" else "heads"
        if getattr(self, needed) is None:
            message = f"{self.index} needs {needed}"
            raise ValueError(message)
        return self


class Achieved(FileModel):
    """One indicator relative to means, or the mean of several.

    ``floor``, ``frontier``, ``income`` and ``peak_income`` are numbers, or names of
    outcomes where they change from year to year.
    """

    mean: Annotated[tuple[Achieved, ...], Field(min_length=1)] | None = None
    outcome: Name | None = None
    floor: Name = "0"
    frontier: Name = "100"
    income: Name | None = None
    peak_income: Name | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Achieved:
        if (self.mean is None) == (self.outcome is None):
            message = "either an outcome or a mean of several is needed"
            raise ValueError(message)
        if (self.income is None) != (self.peak_income is None):
            message = "income and peak_income belong together"
            raise ValueError(message)
        return self


class Point(FileModel):
    """A figure of a year, as a plan states it."""

    value: Number
    year: int


def _same(one: Point, other: Point) -> bool:
    return Fraction(one.value) == Fraction(other.value)


Index = Literal[
    "gini",
    "theil_t",
    "theil_l",
    "hoover",
    "cov",
    "min_max",
    "concentration",
    "cut_incidence",
    "tag_coverage",
    "execution_rate",
    "execution_gap",
    "pefa_pi1",
    "pefa_pi2_1",
    "pefa_pi2_2",
    "pefa_pi2_3",
    "pefa_pi2",
    "serf",
    "open_budget",
    "progressive_path",
    "gap_closing",
    "access_parity",
]

_SPREAD = ({"over"}, {"measure", "outcome", "persons", "weigh", "against"})
_HEADS = ({"years", "heads", "scores"}, {"enough", "digits", "without"})

#: Index → the keys it needs and those it may have beside them.
KEYS: dict[str, tuple[set[str], set[str]]] = {
    **dict.fromkeys(("gini", "theil_t", "theil_l", "hoover"), _SPREAD),
    **dict.fromkeys(("cov", "min_max"), _SPREAD),
    "concentration": ({"over", "ranked"}, _SPREAD[1]),
    "cut_incidence": ({"over", "against"}, {"measure", "persons", "weigh"}),
    "tag_coverage": (set(), set()),
    "execution_rate": (set(), {"measure", "years"}),
    "execution_gap": ({"measure"}, {"of", "years"}),
    "pefa_pi1": ({"years", "scores"}, {"enough", "without"}),
    "pefa_pi2_1": _HEADS,
    "pefa_pi2_2": _HEADS,
    "pefa_pi2_3": ({"years", "contingency", "scores"}, set()),
    "pefa_pi2": ({"years", "dimensions"}, {"enough"}),
    "serf": ({"achieved"}, {"persons"}),
    "open_budget": ({"answers"}, set()),
    "progressive_path": ({"outcome", "baseline", "target"}, {"persons"}),
    "gap_closing": ({"outcome", "over", "with", "against"}, {"persons", "better"}),
    "access_parity": ({"outcome", "persons", "with"}, set()),
}

GRADED = frozenset(name for name in KEYS if name.startswith("pefa"))


class IndexKeys(ValueRule):
    """Keys of the form.

    ``over`` names the districts or groups; ``persons`` whose number, or whose outcome,
    counts (of districts: which group; ``year: latest`` where the budget's is not out).
    """

    model_config = ConfigDict(populate_by_name=True)

    form: Literal["index"]
    index: Index
    at_least: Bounds | None = None
    at_most: Bounds | None = None
    equal: Bounds | None = None
    measure: Measure = Measure()
    of: Measure = Measure()
    outcome: Name | None = None
    over: Compared | None = None
    persons: Persons = Persons()
    weigh: Table = "population"
    ranked: tuple[Name, ...] | Ranked | None = None
    with_: With | None = Field(None, alias="with")
    against: Against | None = None
    years: Annotated[tuple[int, ...], Field(min_length=1)] = (0,)
    enough: Annotated[int, Field(ge=1)] = 2
    heads: Heads | None = None
    digits: Annotated[int, Field(ge=1)] | None = None
    without: Filter | None = None
    contingency: Filter | None = None
    scores: Scores | None = None
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)] | None = None
    achieved: Achieved | None = None
    answers: Annotated[tuple[FactId, ...], Field(min_length=1)] | None = None
    baseline: Point | None = None
    target: Point | None = None
    better: Literal["higher", "lower"] = "higher"

    @model_validator(mode="after")
    def _keys_of_the_index(self) -> IndexKeys:
        needed, more = KEYS[self.index]
        mine = set(IndexKeys.model_fields) - set(ValueRule.model_fields)
        stated = {name.rstrip("_") for name in self.model_fields_set & mine}
        absent = sorted(needed - stated)
        strange = sorted(stated - needed - more - {"form", "index"})
        if absent or strange:
            without = f" without {', '.join(strange)}" if strange else ""
            with_ = f" with {', '.join(absent)}" if absent else ""
            message = f"an index {self.index}{with_}{without}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _values_fit(self) -> IndexKeys:
        if self.index in ("execution_rate", "execution_gap") and len(self.years) != 1:
            message = "one year is executed at a time; state one in years"
            raise ValueError(message)
        if self.outcome and "measure" in self.model_fields_set:
            message = "either money (measure) or an outcome is spread, not both"
            raise ValueError(message)
        if self.baseline and self.target and self.target.year <= self.baseline.year:
            message = "the target lies after the baseline"
            raise ValueError(message)
        if self.baseline and self.target and _same(self.baseline, self.target):
            message = "the target is the baseline, so no way leads to it"
            raise ValueError(message)
        names = self.over.names if self.over else ()
        listed = names != ("each",) and isinstance(self.ranked, tuple)
        if listed and set(self.ranked or ()) != set(names):
            message = "ranked names each district or group of over once"
            raise ValueError(message)
        return self

    def read(self, text: str) -> Fraction:
        """The number that a bound states; of a score, 4 for A to 1 for D.

        Raises:
            ValueError: a score where a number is needed.
        """
        if text not in GRADES:
            return super().read(text)
        if self.index not in GRADED:
            message = f"{text!r} is a score of PEFA; {self.index} is a number"
            raise ValueError(message)
        return Fraction(points(text))
