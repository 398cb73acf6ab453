"""The desk of the second reader and the auditor: tags of a workspace under review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import polars as pl

from hrbudget.errors import CallRefused, InputRefused
from hrbudget.tag import choices, portable
from hrbudget.tag.criteria import shipped
from hrbudget.tag.review import draw, evaluate, plan
from hrbudget.tag.review.agreement import Agreements, agreement
from hrbudget.tag.review.blind import blind
from hrbudget.tag.review.disputes import Disputes, disputes
from hrbudget.tag.review.draw import Drawn
from hrbudget.tag.review.evaluate import Evaluation
from hrbudget.tag.review.plan import Plan
from hrbudget.tag.review.settle import settle
from hrbudget.tag.review.states import Advanced, Step, advance
from hrbudget.tag.workbook import read as workbook_read
from hrbudget.tag.workbook import write as workbook_write
from hrbudget.tag.workbook.about import Purpose, Words
from hrbudget.workspace.opened import opened
from hrbudget.workspace.workspace import Picked, Workspace


@dataclass(frozen=True)
class Asked:
    """What an audit is to show.

    Attributes:
        tolerable: part of the tagged money that may be wrong, from 0 to 1.
        expected: part of it that is thought to be wrong.
        confidence: how sure the answer is to be, such as 95/100.
        seed: of the draw, any text.
    """

    tolerable: Fraction
    expected: Fraction
    confidence: Fraction
    seed: str


class Desk:
    """Reviews the tags of one slice of a budget."""

    def __init__(self, workspace: Workspace, picked: Picked) -> None:
        found = opened(workspace, picked)
        self._where, self._about = found.where, found.about
        self._store = workspace.store
        self.lines, self.tags = found.lines, found.tags
        self.readings = self._store.readings(self._where)
        self.budget, self.currency = found.where.budget, found.currency

    # -- two readers

    def blind(self, reader: str, words: Words, units: int | None, seed: str) -> bytes:
        """A workbook of the lines to read, without anybody's tags."""
        chosen = blind(self.lines, self.tags, reader, size=units, seed=seed)
        return self._sheet(chosen["line_id"].to_list(), words, "reading")

    def keep_reading(self, file: Path, by: str) -> int:
        """Keep what a second person found; how many lines that is.

        A later reading of a line by the same person takes the place of the earlier one.

        Raises:
            InputRefused: the file has issues.
        """
        read = self._read(file, "reading").with_columns(
            author=pl.lit(by), state=pl.lit("proposed")
        )
        lines = read["line_id"].unique().to_list()
        mine = (pl.col("author") == by) & (pl.col("state") == "proposed")
        again = mine & pl.col("line_id").is_in(lines)
        kept = pl.concat([self.readings.filter(~again), read])
        self._store.set_readings(self._where, kept, self.readings)
        return read["line_id"].n_unique()

    def agreement(self, reader: str | None) -> Agreements:
        """How far two readers agree, per right, family and group."""
        return agreement(self._first, self._second, self.lines, reader)

    def disputes(self, reader: str | None) -> Disputes:
        """Where they do not and nobody has settled it, the most money first."""
        unsettled = self.tags.filter(pl.col("state") == "proposed")
        return disputes(unsettled, self._second, self.lines, reader)

    def settle(self, file: Path, by: str, reader: str | None) -> Advanced:
        """Settle disputes by a file of choices."""
        chosen = choices.read(file.read_bytes(), file.name)
        done = settle(self.tags, self._second, chosen, by, reader)
        if done.refused:
            raise InputRefused(done.refused)
        self._keep_first(done.lines)
        return self._advanced(done)

    def _keep_first(self, line_ids: Sequence[str]) -> None:
        """Keep what the first reader said, so that agreement can still be told.

        Among the readings it has the state ``read``; second readings are ``proposed``.
        """
        first = self.tags.filter(pl.col("line_id").is_in(list(line_ids)))
        named = first.with_columns(
            author=pl.col("author").fill_null("?"), state=pl.lit("read")
        )
        kept = pl.concat([self.readings, named.select(self.readings.columns)])
        self._store.set_readings(self._where, kept, self.readings)
        self.readings = kept

    @property
    def _first(self) -> pl.DataFrame:
        """The tags as the first reader set them, before disputes were settled."""
        kept = self.readings.filter(pl.col("state") == "read")
        others = self.tags.join(kept, on="line_id", how="anti")
        return pl.concat([others, kept.select(others.columns)])

    @property
    def _second(self) -> pl.DataFrame:
        return self.readings.filter(pl.col("state") == "proposed")

    def advance(self, step: Step, line_ids: Sequence[str] | None) -> Advanced:
        """Move tags to another state."""
        done = advance(self.tags, self._second, step, line_ids)
        if line_ids is not None and done.refused:
            raise InputRefused(done.refused)
        return self._advanced(done)

    def _advanced(self, done: Advanced) -> Advanced:
        if done.lines:
            self._store.set_tags(self._where, done.tags, self.tags)
        return done

    # -- the audit

    def drawn(self, asked: Asked) -> tuple[Plan, Drawn]:
        """The sample that an audit looks at; the same whenever it is drawn."""
        frame = draw.population(self.lines, self.tags)
        book = frame.book
        planned = plan.plan(
            book,
            int(asked.tolerable * book),
            int(asked.expected * book),
            asked.confidence,
        )
        return planned, draw.draw(frame.lines, planned.interval, asked.seed)

    def sample(self, drawn: Drawn, words: Words) -> bytes:
        """A workbook of the sample's lines, for the auditor to tag afresh."""
        chosen = [*drawn.whole["line_id"], *drawn.sampled["line_id"]]
        return self._sheet(chosen, words, "audit")

    def evaluate(self, asked: Asked, file: Path) -> tuple[Plan, Evaluation]:
        """What the auditor's tags of the sample say of all tagged money."""
        planned, drawn = self.drawn(asked)
        audited = self._read(file, "audit")
        asked_of = pl.concat([drawn.whole["line_id"], drawn.sampled["line_id"]])
        others = audited.filter(~pl.col("line_id").is_in(asked_of.to_list()))
        if not others.is_empty():
            line = others["line_id"].sort()[0]
            message = (
                f"{file.name} speaks of line {line}, which is not in the sample that "
                f"these options draw from the tags of today. Say the options of "
                "`audit sample`, its --seed first of all; or draw a new sample."
            )
            raise CallRefused(message)
        return planned, evaluate.evaluate(drawn, self.tags, audited, asked.confidence)

    # -- files

    def _sheet(self, line_ids: Sequence[str], words: Words, purpose: Purpose) -> bytes:
        shown = self.lines.filter(pl.col("line_id").is_in(list(line_ids)))
        nothing = self.tags.clear()
        about = replace(self._about, purpose=purpose)
        return workbook_write.write(shown, nothing, about, shipped(), words)

    def _read(self, file: Path, purpose: Purpose) -> pl.DataFrame:
        """Tags of a workbook or a ``tags.csv``, on lines that are there."""
        content, name = file.read_bytes(), file.name
        if content.startswith(b"PK"):
            about = replace(self._about, purpose=purpose)
            book, issues = workbook_read.read(content, name, about)
            tags = book.theirs.select(self.tags.columns) if book else self.tags.clear()
        else:
            tags, issues = portable.read(content, name)
            issues += portable.strangers(tags, self.lines, name)
        if issues:
            raise InputRefused(issues)
        return tags
