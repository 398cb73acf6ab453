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

#: Those that end a label: "Socialnämnden totalt". A sum that ends one may be a line
#: ("lump sum"), unless a sign parts it from what it adds up: "Socialnämnden, summa".
_LAST = (
    *("totalt", "total", "totals", "totale", "totaal", "insgesamt", "i alt"),
    *("yhteensä", "razem", "ukupno", "вкупно", "укупно", "всего", "итого"),
    *("összesen", "celkem", "spolu", "kokku", "toplam"),
)

#: Characters of the longest label; what is longer is a sentence and marks nothing.
_LABEL = 120

_ANY = "|".join(_WORDS)
_SAYS = (
    rf"(?i)^\W*(?:{_ANY})(?:[\s:;,/()–—-]|\W*$)"
    rf"|\W(?:{'|'.join(_LAST)})\W*$"
    rf"|[,;:–—]\W*(?:{_ANY})\W*$"
)
_IS = rf"(?i)^\W*(?:{_ANY})\W*$"


def says_total(cells: pl.Series) -> pl.Series:
    """True where such a word begins or ends a label: "SUMMA 510", "Kultur, totalt"."""
    short = cells.str.len_chars() <= _LABEL
    return (short & cells.str.contains(_SAYS)).fill_null(value=False)


def is_total(cells: pl.Series) -> pl.Series:
    """True where a cell is such a word and nothing else."""
    return cells.str.contains(_IS).fill_null(value=False)
