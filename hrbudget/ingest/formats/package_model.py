"""What a Fiscal Data Package says of its columns: measures and dimensions.

https://fiscal.datapackage.org: a measure is a column of money with its currency,
factor, direction and phase; a dimension is one or several columns of one meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hrbudget.domain import columns
from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import package_years
from hrbudget.ingest.mapping import Mapping
from hrbudget.yamlfile import Plain

#: Kind or name of a dimension → the column of lines that it is.
_MEANING = {
    "administrative": "administrative_unit",
    "entity": "administrative_unit",
    "functional": "function",
    "function": "function",
    "economic": "economic_class",
    "activity": "programme",
    "program": "programme",
    "programme": "programme",
    "project": "project",
    "fund": "fund",
    "location": "district",
    "description": "description",
}

#: Whose label makes the description of a line, where nothing is called so.
_DESCRIBES = ("programme", "function", "economic_class")

_UNITS = ("1", "1000", "1000000")

_ADVICE = "state it in a mapping file of your own, which wins over the package"


@dataclass(frozen=True)
class Measure:
    """A column of money: its header, and the canonical values of its lines."""

    source: str
    values: dict[str, str]
    unit: str


@dataclass(frozen=True)
class Model:
    """Measures and dimensions.

    Attributes:
        resource: the resource that the measures name, or "".
        measures: columns of money.
        columns: canonical name → header.
        values: canonical name → the same for every line.
        year: header of the year or date, or ""; ``begins``, month in which a financial
            year begins.
    """

    resource: str
    measures: tuple[Measure, ...]
    columns: dict[str, str]
    values: dict[str, str]
    year: str
    begins: int

    @property
    def sources(self) -> tuple[str, ...]:
        """The headers of money."""
        return tuple(each.source for each in self.measures)


def read(package: dict[str, Plain], name: str) -> Model | DataIssue:
    """The measures and dimensions of a descriptor; ``name`` is used in messages."""
    model = package.get("mapping") or package.get("model")
    stated = _objects(model.get("measures") if isinstance(model, dict) else None)
    if not isinstance(model, dict) or not stated:
        return DataIssue(
            name,
            "no measures under mapping",
            "a Fiscal Data Package that says which column holds money",
            "ingest the data file itself with a mapping: `columns: {amount: …}`",
        )
    measures = tuple(_measure(key, each) for key, each in stated)
    wrong = [each.unit for each in measures if each.unit not in _UNITS]
    units = {each.unit for each in measures}
    if wrong or len(units) > 1:
        found = f"the factors {', '.join(sorted(units))}"
        expected = "one factor of 1, 1000 or 1000000"
        return DataIssue(name, found, expected, _ADVICE, column="factor")
    period = package.get("fiscalPeriod")
    start = str(period.get("start") or "") if isinstance(period, dict) else ""
    end = str(period.get("end") or "") if isinstance(period, dict) else ""
    found_columns, values, year = _dimensions(_objects(model.get("dimensions")))
    if not year and start and start[:4] == end[:4] and "fiscal_year" not in values:
        values["fiscal_year"] = start[:4]
    resources = [str(each.get("resource") or "") for _, each in stated]
    month = start[5:7]
    begins = int(month) if re.fullmatch("0[1-9]|1[0-2]", month) else 1
    return Model(resources[0], measures, found_columns, values, year, begins)


def mapping(model: Model, data: Path, own: Mapping) -> dict[str, object] | DataIssue:
    """The keys of a mapping that a package states, for what the caller leaves open."""
    found = {
        name: header
        for name, header in model.columns.items()
        if name not in own.columns and name not in own.values
    }
    values = {k: v for k, v in model.values.items() if k not in {*found, *own.columns}}
    stated: dict[str, object] = {"unit": model.measures[0].unit, "columns": found}
    if model.year and "fiscal_year" not in {*own.columns, *own.values, *own.translate}:
        found["fiscal_year"] = model.year
        years = package_years.translations(data, model.year, model.begins)
        stated["translate"] = {"fiscal_year": years} if years else {}
    chosen = bool(own.amounts) or "amount" in own.columns
    if len(model.measures) == 1 and not own.amounts:
        (measure,) = model.measures
        found |= {} if chosen else {"amount": measure.source}
        values |= {k: v for k, v in measure.values.items() if k not in own.columns}
    elif not chosen:
        problem = _alike(model.measures)
        if problem:
            return problem
        stated["amounts"] = {each.source: dict(each.values) for each in model.measures}
    stated["values"] = values
    return stated


def _measure(key: str, stated: dict[str, Plain]) -> Measure:
    source = str(stated.get("source") or key)
    values = {
        name: str(stated[name])
        for name in ("currency", "direction", "phase")
        if stated.get(name)
    }
    # A column whose name is a year and nothing else holds that year's money.
    year = package_years.first(source) or package_years.first(key)
    if year:
        values["fiscal_year"] = year
    return Measure(source, values, str(stated.get("factor") or "1"))


def _alike(measures: tuple[Measure, ...]) -> DataIssue | None:
    """Columns of money that nothing tells apart would be added up as one."""
    seen: dict[tuple[tuple[str, str], ...], str] = {}
    for each in measures:
        key = tuple(sorted(each.values.items()))
        if key in seen:
            return DataIssue(
                "datapackage.json",
                f"the measures {seen[key]} and {each.source} of one year and phase",
                "measures that differ in year, phase or direction",
                "say in a mapping file which is the amount: `columns: {amount: …}`, or "
                "what each of them is: `amounts:`",
                column="measures",
            )
        seen[key] = each.source
    return None


def _dimensions(
    stated: list[tuple[str, dict[str, Plain]]],
) -> tuple[dict[str, str], dict[str, str], str]:
    """Columns, constants and the header of the year."""
    found: dict[str, str] = {}
    labels: dict[str, str] = {}
    values: dict[str, str] = {}
    year = ""
    for key, dimension in stated:
        attributes = _objects(dimension.get("attributes"))
        code, label = _finest(attributes)
        name = _canonical(key, dimension)
        if name == "fiscal_year":
            constant = [each.get("constant") for _, each in attributes]
            if constant and constant[0]:
                values["fiscal_year"] = str(constant[0])[:4]
            year = year or code
        elif name and name not in found and code:
            # A name says who spends; codes of units are often unique in a unit only.
            found[name] = label if name == "administrative_unit" and label else code
            labels |= {name: label} if label else {}
    for name in _DESCRIBES:
        if "description" not in found and name in labels:
            found["description"] = labels[name]
    return found, values, year


def _canonical(key: str, dimension: dict[str, Plain]) -> str:
    """The column of lines that a dimension is."""
    kind = str(dimension.get("dimensionType") or "").lower()
    classification = str(dimension.get("classificationType") or "").lower()
    words = (classification, kind, *re.split(r"[^a-z]+", key.lower()))
    if kind in ("datetime", "date") or words[2] in ("date", "year", "fiscal"):
        return "fiscal_year"
    known = [_MEANING[word] for word in words if word in _MEANING]
    known += [word for word in (key.lower(),) if word in columns.LINE_NAMES]
    return known[0] if known else ""


def _finest(attributes: list[tuple[str, dict[str, Plain]]]) -> tuple[str, str]:
    """The headers of the lowest level's code and of its label."""
    codes = [
        (key, str(each.get("source") or ""))
        for key, each in attributes
        if not each.get("labelfor")
    ]
    parents = {str(each.get("parent")) for _, each in attributes if each.get("parent")}
    lowest = [each for each in codes if each[0] not in parents] or codes
    if not lowest:
        return "", ""
    key, code = lowest[-1] if parents else lowest[0]
    labels = [str(a.get("source")) for _, a in attributes if a.get("labelfor") == key]
    return code, labels[0] if labels else ""


def _objects(value: Plain) -> list[tuple[str, dict[str, Plain]]]:
    """The members of an object (or named members of a list) that are objects."""
    return list(_members(value))


def _members(value: Plain) -> Iterator[tuple[str, dict[str, Plain]]]:
    if isinstance(value, dict):
        for key, each in value.items():
            if isinstance(each, dict):
                yield key, each
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict):
                yield str(each.get("name") or ""), each
