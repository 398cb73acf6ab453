"""Blocks of a report as records that the PDF's template sets, ``b`` says which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hrbudget.domain.phrase import N_, Phrase
from hrbudget.report.blocks import (
    Block,
    Card,
    Chart,
    Column,
    Counts,
    Facts,
    Folded,
    Paragraph,
    Table,
)
from hrbudget.report.formats.html_text import VERDICTS
from hrbudget.report.formats.pdf_columns import Fit, Lines, abreast, fitted, whole
from hrbudget.report.formats.pdf_text import Typist, code, flat

Record = dict[str, Any]

_TOTAL = N_("Total")


class Setter:
    """Makes the records of one document's blocks, its pictures beside them."""

    def __init__(self, typist: Typist, cards: dict[str, int]) -> None:
        """Begin.

        Args:
            typist: says the texts.
            cards: number of each finding's card, by its id.
        """
        self.typist = typist
        self.cards = cards
        self.pictures: list[str] = []
        self._placed: set[str] = set()

    def blocks(self, blocks: Iterable[Block], depth: int = 0) -> list[Record]:
        """Blocks one after another; ``depth`` is that of the cards around them."""
        return [self.block(each, depth) for each in blocks]

    def block(self, block: Block, depth: int = 0) -> Record:
        """One block."""
        match block:
            case Paragraph() | Facts() | Counts():
                return self._told(block)
            case Table():
                return self._table(block, depth)
            case Chart():
                return self._chart(block, depth)
            case Folded():
                summary = self.typist.pieces(block.summary)
                inside = self.blocks(block.blocks, depth)
                return {"b": "folded", "summary": summary, "blocks": inside}
            case Card():
                return self._card(block, depth)

    def _told(self, block: Paragraph | Facts | Counts) -> Record:
        say = self.typist
        match block:
            case Paragraph():
                return {"b": "p", "t": say.running(block.texts), "soft": block.soft}
            case Facts():
                rows = [
                    {"term": say.pieces(term), "lines": say.told(cell)}
                    for term, cell in block.rows
                ]
                return {"b": "facts", "rows": rows}
            case Counts():
                items = [[say.pieces(each) for each in item] for item in block.items]
                return {"b": "counts", "items": items, "abreast": abreast(items)}

    def _card(self, card: Card, depth: int) -> Record:
        name, sign = VERDICTS[card.verdict]
        title = self.typist.pieces(card.title)
        # What leads to a finding that has several cards leads to the first.
        number = 0 if card.id in self._placed else self.cards[card.id]
        self._placed.add(card.id)
        return {
            "b": "card",
            "card": number,
            "title": title if flat(title).strip() else [code(card.id)],
            "verdict": card.verdict,
            "sign": sign,
            "word": self.typist.reader.translate(name),
            "blocks": self.blocks(card.blocks, depth + 1),
        }

    def _chart(self, chart: Chart, depth: int) -> Record:
        say = self.typist
        title = say.pieces(chart.title)
        says = say.running(chart.says)
        picture = chart.drawing.svg(say.reader)
        if picture:
            self.pictures.append(picture)
        return {
            "b": "chart",
            "title": title,
            "says": says,
            "alt": f"{flat(title)}. {flat(says)}",
            "picture": len(self.pictures) if picture else 0,
            "table": self._table(chart.table, depth),
        }

    def _table(self, table: Table, depth: int) -> Record:
        say = self.typist
        caption = say.pieces(table.caption)
        header = [[say.repeated(each.title)] for each in table.columns]
        rows = [[say.lines(cell) for cell in row] for row in table.rows]
        sums = self._sums(table.columns)
        fit = fitted([header, *rows, *sums], depth)
        return {
            "b": "table",
            "caption": caption,
            "header": header,
            "rows": rows,
            "sums": sums,
            "whole": whole(rows),
            "right": [each.figures for each in table.columns],
            "left_out": say.pieces(table.left_out) if table.left_out else [],
            **_fit(fit),
        }

    def _sums(self, columns: tuple[Column, ...]) -> list[list[Lines]]:
        """The row below the table, where a column has a sum."""
        if not any(each.total for each in columns):
            return []
        sums = [self.typist.lines(each.total) for each in columns]
        sums[0] = [self.typist.pieces(Phrase(_TOTAL)), *sums[0]]
        return [sums]


def _fit(fit: Fit) -> Record:
    return {"widths": list(fit.widths), "size": fit.size, "turned": fit.turned}


def turned(record: Record) -> bool:
    """Whether a table in the block needs a page that lies on its side."""
    if record["b"] == "chart":
        return turned(record["table"])
    if record["b"] == "table":
        return bool(record["turned"])
    return any(map(turned, record.get("blocks", ())))
