"""The finance officer's bench: the ways to tag one slice of a budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.errors import InputRefused
from hrbudget.pipeline import tagging, workbooks
from hrbudget.pipeline.tagging import Tagged
from hrbudget.pipeline.workbooks import Returned
from hrbudget.tag import portable, preview
from hrbudget.tag.review import states
from hrbudget.tag.suggest import learned, near, suggestions
from hrbudget.tag.ways import written
from hrbudget.tag.ways.forward import Book
from hrbudget.tag.ways.schemes import Scheme
from hrbudget.tag.workbook.about import Words
from hrbudget.workspace.opened import opened
from hrbudget.workspace.workspace import Picked, Workspace


class Bench:
    """Tags what the workspace keeps.

    Attributes:
        preview: everything is worked out and nothing is stored.
        author: in whose name tags are set.
        currency: of the budget.
    """

    def __init__(
        self,
        workspace: Workspace,
        picked: Picked,
        *,
        preview: bool = False,
        author: str = written.AUTHOR,
    ) -> None:
        self._workspace = workspace
        found = opened(workspace, picked)
        self._where, self._about = found.where, found.about
        self._book = Book(found.where.budget, found.lines, found.tags)
        self.currency = found.currency
        self.preview = preview
        self.author = author

    # -- ways to tag

    def by_crosswalk(self, scheme: str) -> Tagged:
        """Tag lines by their function codes."""
        return self._set(tagging.by_crosswalk(self._book, scheme, self.author))

    def by_rules(self, file: Path) -> Tagged:
        """Tag lines by a file of rules over codes, words and columns."""
        plan = self._workspace.plan
        return self._set(tagging.by_rules(self._book, _read(file), plan, self.author))

    def by_marker(self, scheme: Scheme, on: date | None) -> Tagged:
        """Tag lines by a donor's marks, with the weights of a day."""
        day = on or date(self._where.fiscal_year, 1, 1)
        return self._set(tagging.by_marker(self._book, scheme, day, self.author))

    def by_transfers(self, file: Path, receiver: str | None) -> Tagged:
        """Tag transfers by where their money is spent, maybe in another budget."""
        other = _book(self._workspace, Picked(receiver)) if receiver else None
        made = tagging.by_transfers(self._book, _read(file), other, self.author)
        return self._set(made)

    def by_overhead(self, file: Path) -> Tagged:
        """Spread overhead over what it makes possible."""
        return self._set(tagging.by_overhead(self._book, _read(file), self.author))

    def by_last_year(
        self, last: Picked, codes: Path | None, key: Sequence[str]
    ) -> Tagged:
        """Carry the tags of another year's lines to these."""
        before = _book(self._workspace, last)
        changes = _read(codes) if codes else None
        made = tagging.by_last_year(self._book, before, changes, key, self.author)
        return self._set(made)

    def by_file(self, file: Path, *, replace: bool) -> Tagged:
        """Set the tags that a ``tags.csv`` holds."""
        plan = self._workspace.plan
        made = tagging.by_file(self._book, _read(file), plan, replace=replace)
        return self._set(made)

    def suggest(self, top: int, *, learn: bool) -> pl.DataFrame:
        """Rights and groups that the texts of expenditure lines speak of, ranked.

        Lines with the most money come first. ``learn`` lets the tags that people have
        read or approved here teach the model. Nothing is stored.

        Raises:
            CallRefused: there is nothing to learn from, or nothing to learn with.
        """
        spent = self._book.lines.filter(EXPENDITURE)
        if learn:
            taught = learned.learn(spent, self._book.tags)
            found = learned.suggest(spent, taught, top)
        elif near.available():
            found = near.suggest(spent, top=top)
        else:
            found = suggestions.suggest(spent, top=top)
        money = spent.select("line_id", "amount", "description")
        return found.join(money, on="line_id").sort(
            ["amount", "line_id", "kind", "rank"],
            descending=[True, False, False, False],
        )

    def suggested_tags(self, found: pl.DataFrame) -> bytes:
        """Suggestions as a ``tags.csv`` for people to read, change and import."""
        return portable.write(suggestions.as_tags(found, self._book.lines))

    # -- workbooks

    def export_workbook(self, words: Words) -> bytes:
        """All lines and tags as a workbook to edit offline."""
        return workbooks.export(self._book, self._about, words)

    def by_workbook(self, file: Path, words: Words) -> Returned:
        """Bring what a workbook changed into the tags that are there now."""
        found = workbooks.by_workbook(
            self._book, _read(file), self._about, words, self.author
        )
        self._set(found.done)
        return found

    def by_decisions(self, file: Path, words: Words) -> Returned:
        """Carry out what was decided about the conflicts of a workbook."""
        found = workbooks.by_decisions(
            self._book, _read(file), self._about, words, self.author
        )
        self._set(found.done)
        return found

    # -- what is there

    def export(self) -> tuple[bytes, bytes]:
        """All tags as ``tags.csv``, and the manifest by which they can be verified."""
        content = portable.write(self._book.tags)
        return content, portable.manifest(content, self._where.budget, self._book.lines)

    def moved(self, done: Tagged) -> pl.DataFrame:
        """Money by right before and after; see ``tag.preview``."""
        return preview.moved(self._book.lines, self._book.tags, done.merged.tags)

    def _set(self, done: Tagged) -> Tagged:
        locked = states.guard(self._book.tags, done.merged.tags)
        if locked:
            raise InputRefused(locked)
        if not self.preview:
            tags = done.merged.tags
            self._workspace.store.set_tags(self._where, tags, self._book.tags)
        return done


def _book(workspace: Workspace, picked: Picked) -> Book:
    found = opened(workspace, picked)
    return Book(found.where.budget, found.lines, found.tags)


def _read(file: Path) -> tagging.File:
    return file.read_bytes(), file.name
