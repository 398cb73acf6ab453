"""Words by which people mark the sum of other rows."""

from __future__ import annotations

import polars as pl

#: "Total", "Summa", "Gesamt" and their kin, as budgets of many countries print them.
_WORDS = (
    *("totalt", "totalsumma", "total", "totals", "totale", "totaal", "totalen"),
    *("subtotal", "sub-total", "sub total", "grand total", "delsumma", "slutsumma"),
    *("summa", "summe", "summan", "sum", "sums", "suma", "somme", "soma", "samtals"),
    *("gesamt", "gesamtsumme", "insgesamt", "zusammen", "i alt", "yhteensä", "razem"),
    *("ukupno", "svega", "вкупно", "укупно", "всего", "итого", "усього", "разом"),
    *("toplam", "összesen", "celkem", "spolu", "kokku", "kopā", "iš viso", "σύνολο"),
    *("jumla", "الإجمالي", "合计", "総計"),
)
_BEGINS = rf"(?i)^\W*(?:{'|'.join(_WORDS)})(?:\W|$)"
_IS = rf"(?i)^\W*(?:{'|'.join(_WORDS)})\W*$"


def says_total(cells: pl.Series) -> pl.Series:
    """True where a cell begins with such a word: "Total expenditure", "SUMMA 510"."""
    return cells.str.contains(_BEGINS).fill_null(value=False)


def is_total(cells: pl.Series) -> pl.Series:
    """True where a cell is such a word and nothing else."""
    return cells.str.contains(_IS).fill_null(value=False)
