"""A Fiscal Data Package of one year and phase: its lines, its tags, and what they mean.

The descriptor follows version 0.3 (measures and dimensions, whose JSON schema is
published and which most programs read) and says of each column what it is in the
budget taxonomy of 1.0. `hrbudget ingest datapackage.json` reads the same lines back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain import columns, formula, taxonomy
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import N_, Phrase, Value
from hrbudget.report.language import of
from hrbudget.report.open_data import fields
from hrbudget.report.open_data.described import Publisher
from hrbudget.report.open_data.fields import Field
from hrbudget.report.open_data.flows import days_of
from hrbudget.report.parts.head import PHASE_NAMES

DESCRIPTOR = "datapackage.json"
LINES, TAGS, RIGHTS, GROUPS = "lines.csv", "tags.csv", "rights.csv", "groups.csv"

#: For the reader of this program: text that a spreadsheet would run has an apostrophe
#: in front, and every row is a line, even one that is called a total.
_FOR_OURSELVES = {"formulas": "apostrophe", "totals": "none"}

#: Keys of the tables: what a row is known by, and what its cells refer to.
_LINE_KEYS: dict[str, object] = {"primaryKey": ["line_id"]}
_NAME_KEYS: dict[str, object] = {"primaryKey": ["id"]}
_TAG_KEYS: dict[str, object] = {
    "foreignKeys": [
        {
            "fields": ["line_id"],
            "reference": {"resource": "lines", "fields": ["line_id"]},
        },
        {"fields": ["right"], "reference": {"resource": "rights", "fields": ["id"]}},
    ]
}

#: Where a line came from, under names that no reader takes for its own file and row.
_PLACES = {"file": "source_file", "sheet": "source_sheet", "file_row": "source_row"}
CAME_FROM = tuple(_PLACES.values())

#: Columns that a line cannot be read without.
NEEDED = ("line_id", "fiscal_year", "phase", "direction", "amount", "currency")


@dataclass(frozen=True)
class Told:
    """What a package is made of.

    Attributes:
        ledger: the budget.
        tags: ``tags.csv``, as it is exchanged everywhere.
        publisher: who publishes; None: nobody is named, and no licence given.
        created: when, ISO 8601 with a time.
        left_out: columns of lines that are not published.
    """

    ledger: Ledger
    tags: bytes
    publisher: Publisher | None
    created: str
    left_out: tuple[str, ...] = ()


def files(told: Told) -> dict[str, bytes]:
    """The files of the package by name; the same budget makes the same bytes."""
    lines = _lines(told)
    written = {
        LINES: _csv(lines, told.ledger.currency),
        TAGS: told.tags,
        RIGHTS: _names(taxonomy.rights()),
        GROUPS: _names(taxonomy.groups()),
    }
    descriptor = _descriptor(told, lines, written)
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    return {DESCRIPTOR: f"{text}\n".encode(), **written}


def _lines(told: Told) -> pl.DataFrame:
    """The columns that are published, in order; none that is empty throughout."""
    lines = told.ledger.lines.drop("line")
    # A package of a package keeps the places of the first.
    came_from = {old: new for old, new in _PLACES.items() if new not in lines.columns}
    doubled = [each for each in _PLACES if each not in came_from]
    renamed = lines.drop(doubled, strict=False).rename(came_from, strict=False)
    known = [each.name for each in fields.LINES]
    extras = sorted(name for name in renamed.columns if name not in known)
    kept = [
        name
        for name in (*known, *extras)
        if name in renamed.columns
        and name not in told.left_out
        and (name in NEEDED or renamed[name].null_count() < renamed.height)
    ]
    return renamed[kept]


def _csv(lines: pl.DataFrame, currency: str) -> bytes:
    """Lines as CSV (UTF-8, comma): money in units, and no text that is a formula."""
    places = money.decimals(currency)
    cells = [
        _cells(lines[name], places if name in columns.MONEY else None).alias(header)
        for name, header in zip(lines.columns, _headers(lines.columns), strict=True)
    ]
    return pl.DataFrame(cells).write_csv().encode("utf-8")


def _cells(column: pl.Series, places: int | None) -> pl.Series:
    frame, cell = column.to_frame("cell"), pl.col("cell")
    if places is not None:
        return frame.select(money.decimal_texts(cell, places)).to_series()
    if column.dtype == pl.String:
        return frame.select(formula.escaped(cell)).to_series()
    return column


def _headers(names: Sequence[str]) -> list[str]:
    """Headers, of which those of the publisher's own file may be anything."""
    frame = pl.DataFrame({"name": names}, schema={"name": pl.String})
    return frame.select(formula.escaped(pl.col("name"))).to_series().to_list()


def _names(listed: taxonomy.Taxonomy) -> bytes:
    """A taxonomy: what a code in ``tags.csv`` is called, and what includes it."""
    rows = [
        (name, english, swedish, listed.parents[name] or None)
        for name, (english, swedish) in listed.titles.items()
    ]
    names = [each.name for each in fields.NAMES]
    return pl.DataFrame(rows, schema=names, orient="row").write_csv().encode("utf-8")


def _descriptor(
    told: Told, lines: pl.DataFrame, written: dict[str, bytes]
) -> dict[str, object]:
    book = told.ledger
    begins = told.publisher.fiscal_year_begins if told.publisher else 1
    first, last = days_of(book.fiscal_year, begins)
    title = _title(book)
    english, swedish = (title.say(of(code, book.currency)) for code in ("en", "sv"))
    tag_names = told.tags.partition(b"\n")[0].decode().split(",")
    names = [each.name for each in fields.NAMES]
    headers = _headers(lines.columns)
    return {
        "profile": "tabular-data-package",
        "name": _slug(f"{book.budget}-{book.fiscal_year}-{book.phase}"),
        "title": english,
        "titles": {"en": english, "sv": swedish},
        "created": told.created,
        **_who(told.publisher),
        "sources": _sources(lines),
        "granularity": "aggregated",
        "fiscalPeriod": {"start": str(first), "end": str(last)},
        "resources": [
            _resource(LINES, written[LINES], headers, fields.LINES, _LINE_KEYS),
            _resource(TAGS, written[TAGS], tag_names, fields.TAGS, _TAG_KEYS),
            _resource(RIGHTS, written[RIGHTS], names, fields.NAMES, _NAME_KEYS),
            _resource(GROUPS, written[GROUPS], names, fields.NAMES, _NAME_KEYS),
        ],
        "model": {
            "measures": {"amount": _measure(book)},
            "dimensions": fields.dimensions(lines.columns),
        },
    }


def _title(book: Ledger) -> Phrase:
    stage, year = Phrase(PHASE_NAMES[book.phase]), str(book.fiscal_year)
    if book.entity:
        whose: dict[str, Value] = {"entity": book.entity, "year": year, "stage": stage}
        return Phrase(N_("Budget of {entity}, {year}, {stage}"), whose)
    which: dict[str, Value] = {"budget": book.budget, "year": year, "stage": stage}
    return Phrase(N_("Budget {budget}, {year}, {stage}"), which)


def _slug(text: str) -> str:
    """A name that an address can hold."""
    plain = re.sub("[^a-z0-9._-]+", "-", text.lower()).strip("-")
    return plain or "budget"


def _who(publisher: Publisher | None) -> dict[str, object]:
    """Publisher, licence and homepage, as far as they are stated."""
    if publisher is None:
        return {}
    found: dict[str, object] = {}
    licence, mine = publisher.licence, publisher.organization
    if licence:
        stated = {"name": licence.name, "title": licence.title, "path": licence.path}
        found["licenses"] = [{key: each for key, each in stated.items() if each}]
    if publisher.homepage:
        found["homepage"] = publisher.homepage
    name = mine.name.en or mine.name.sv
    found["contributors"] = [{"title": name, "role": "publisher"}]
    found["publisher"] = {"ref": mine.ref, "names": mine.name.model_dump()}
    if re.match("[A-WYZ]", mine.ref):  # XM and XI are registers of no country
        found["countryCode"] = mine.ref[:2]
    return found


def _sources(lines: pl.DataFrame) -> list[dict[str, str]]:
    """The files that the lines were read from, where that is published."""
    if "source_file" not in lines.columns:
        return []
    names = lines["source_file"].drop_nulls().unique().sort().to_list()
    return [{"title": str(name)} for name in names]


def _measure(book: Ledger) -> dict[str, object]:
    found: dict[str, object] = {
        "source": "amount",
        "resource": "lines",
        "currency": book.currency,
        "factor": 1,
        "phase": book.phase,
    }
    sides = book.lines["direction"].unique().to_list()
    return {**found, "direction": sides[0]} if len(sides) == 1 else found


def _resource(
    path: str,
    content: bytes,
    names: Sequence[str],
    known: Sequence[Field],
    keys: dict[str, object],
) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": path.partition(".")[0],
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\n"},
        "hrbudget": _FOR_OURSELVES,
        "schema": {
            "fields": fields.described(names, known),
            "missingValues": [""],
            **keys,
        },
    }
