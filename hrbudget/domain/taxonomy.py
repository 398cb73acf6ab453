"""Rights and rights-holder groups: what a tag may name, and what includes what.

The lists are the project's own work from treaty texts (``hrbudget/data/taxonomies``).
A right includes its sub-rights, by its dotted id and by its parent; a group includes
its subgroups. ``_general``, ``_none`` and ``_mar`` are no rights but say that a line is
general state capacity, has no rights content, or serves the duty to raise resources
(ICESCR art. 2(1)).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import polars as pl

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Taxonomy:
    """Ids with their English and Swedish titles and what each includes.

    Attributes:
        titles: id → (English, Swedish).
        parents: id → id of the parent, or "".
    """

    titles: dict[str, tuple[str, str]]
    parents: dict[str, str]

    def within(self, top: str) -> frozenset[str]:
        """The id itself and everything below it."""
        found = {top}
        grown = True
        while grown:
            more = {
                name
                for name, parent in self.parents.items()
                if parent in found or name.rpartition(".")[0] in found
            }
            grown = not more <= found
            found |= more
        return frozenset(found)

    @cached_property
    def tops(self) -> dict[str, str]:
        """Each id with the topmost it is part of; itself where nothing is above."""
        found = {}
        for name in self.parents:
            top = name
            while self.parents.get(top):
                top = self.parents[top]
            found[name] = top
        return found

    @cached_property
    def includes(self) -> pl.DataFrame:
        """``member``, an id, and ``name``, itself or one that includes it."""
        pairs = [
            (member, name)
            for name in self.titles
            for member in sorted(self.within(name))
        ]
        schema = {"member": pl.String, "name": pl.String}
        return pl.DataFrame(pairs, schema=schema, orient="row")

    def title(self, name: str, language: str = "en") -> str:
        """The title in English or Swedish; the id itself where it is not known."""
        english, swedish = self.titles.get(name, (name, name))
        return swedish if language == "sv" else english


@cache
def rights() -> Taxonomy:
    """The human rights a tag may name (93, with treaty and article) and pseudo ids."""
    return _load("rights.csv", "short_title", "short_title_sv")


@cache
def groups() -> Taxonomy:
    """The rights-holder groups a tag may name; they overlap and are never added up."""
    return _load("groups.csv", "title_en", "title_sv")


def _load(file: str, english: str, swedish: str) -> Taxonomy:
    frame = pl.read_csv(DATA / "taxonomies" / file, infer_schema=False)
    frame = frame.with_columns(pl.all().fill_null(""))
    ids = frame["id"].to_list()
    titles = zip(frame[english].to_list(), frame[swedish].to_list(), strict=True)
    return Taxonomy(
        titles=dict(zip(ids, titles, strict=True)),
        parents=dict(zip(ids, frame["parent"].to_list(), strict=True)),
    )
