"""Words that headers and cells of budgets are made of, in five languages.

English, Swedish, Spanish, German and French; all without case and accents. A mapping
that is proposed from them is read by a person before it is used.
"""

from __future__ import annotations

import re
import unicodedata

#: Canonical column → words of headers that mean it, the surest first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "line_id": ("line id", "id", "lineid", "radid", "rad id", "zeile"),
    "fiscal_year": (
        *("fiscal year", "budget year", "financial year", "year", "ar", "budgetar"),
        *("ano", "anio", "ejercicio", "jahr", "haushaltsjahr", "exercice", "annee"),
    ),
    "phase": (
        "phase",
        "skede",
        "fase",
        "etapa",
        "stage",
        "amount type",
        "amount type code",
    ),
    "direction": (
        *("direction", "account type", "side", "type", "tipo", "kontotyp", "typ"),
        *("einnahmen ausgaben", "sens", "gasto ingreso", "expense revenue"),
    ),
    "entity": (
        *("entity", "municipality", "kommun", "municipio", "gemeinde", "commune"),
        *("region", "land", "stad", "stadt", "city", "huvudman", "demarcation code"),
    ),
    "administrative_unit": (
        *(
            "administrative unit",
            "department",
            "department agency",
            "agency",
            "ministry",
        ),
        *("namnd", "forvaltning", "seccion", "descripcion seccion", "organismo", "amt"),
        *("einzelplan", "ministere", "direction", "enhet", "unit", "portfolio"),
        *("einzelplan bezeichnung", "division", "ansvar", "area"),
    ),
    "district": ("district", "distrito", "bezirk", "stadsdel", "quartier", "barrio"),
    "function": (
        *("function", "cofog", "function code", "verksamhet", "verksamhet kod"),
        *("verksamhetskod", "funcion", "funktion", "funktions bezeichnung", "fonction"),
        *("programa", "verksamhetsomrade", "politica de gasto", "aufgabenbereich"),
    ),
    "economic_class": (
        *("economic class", "account", "konto", "kontogrupp", "economico", "compte"),
        *("account category", "concepto", "titel", "titel bezeichnung", "objeto"),
        *("nature", "item", "item code", "category", "kostnadsslag", "expense type"),
    ),
    "cost_category": ("cost category", "cost heading", "kostnadskategori"),
    "programme": ("programme", "program", "programa", "programm", "delprogram"),
    "project": ("project", "projekt", "proyecto", "projet", "project code"),
    "fund": ("fund", "fund code", "fond", "fondo", "fonds", "finansiering"),
    "party": ("party", "part"),
    "description": (
        *("description", "beskrivning", "benamning", "descripcion", "bezeichnung"),
        *("libelle", "text", "account description", "descripcion economico", "name"),
        *("titel bezeichnung", "kontobenamning", "verksamhetsomrade", "intitule"),
    ),
    "currency": ("currency", "valuta", "moneda", "wahrung", "devise", "monnaie"),
}

#: Words of headers over money.
MONEY = (
    *("amount", "belopp", "importe", "betrag", "montant", "amt", "summa", "suma"),
    *("budget", "presupuesto", "nettokostnad", "kostnad", "utgift", "ausgaben"),
    *("gasto", "depense", "credito", "cred", "obl", "utfall", "actual", "ansatz"),
    *("ist", "soll", "value", "cost", "expenditure", "plan", "c"),
)

#: Words of headers over codes, which may be numbers and are no money.
CODES = ("id", "kod", "code", "codigo", "nr", "no", "number", "nummer", "num", "org")

#: Headers over money → the phase they speak of; told, never set.
PHASES: dict[str, tuple[str, ...]] = {
    "proposed": (
        "proposed",
        "forslag",
        "entwurf",
        "proyecto",
        "propose",
        "tabled",
        "tabb",
        "proposal",
        "draft",
        "plan",
        "budgetforslag",
    ),
    "approved": (
        *(
            "approved",
            "adopted",
            "antagen",
            "beslutad",
            "inicial",
            "original",
            "aprobado",
        ),
        *("ansatz", "vote", "budget", "orgb", "original budget", "approved budget"),
        *("presupuesto", "beslutat", "antaget"),
    ),
    "adjusted": (
        *("adjusted", "revised", "definitivo", "justerad", "reviderad", "midcycle"),
        *("nachtrag", "rectifie", "adjb", "adjusted budget", "prognos", "forecast"),
        *("helarsprognos", "reviderat", "justerat"),
    ),
    "executed": (
        *("executed", "actual", "utfall", "ejecutado", "reconoc", "realise", "ist"),
        *("spent", "outturn", "bokslut", "auda", "audited actual", "nettokostnad"),
        *("actuals", "resultat", "ejecutadas", "obligaciones"),
    ),
}

#: Words of a phase that other words make another: "Budget proposal", "Revised budget".
_ALSO = {"budget", "presupuesto", "plan", "nettokostnad"}

#: Cells that say a side.
SIDES: dict[str, tuple[str, ...]] = {
    "expenditure": (
        *("expenditure", "expense", "expenses", "exp", "e", "utgift", "utgifter"),
        *("kostnad", "kostnader", "gasto", "gastos", "ausgabe", "ausgaben", "g"),
        *("depense", "depenses", "aufwand", "aufwendungen"),
    ),
    "revenue": (
        *("revenue", "revenues", "rev", "income", "r", "inkomst", "inkomster", "i"),
        *("intakt", "intakter", "ingreso", "ingresos", "einnahme", "einnahmen"),
        *("recette", "recettes", "ertrag", "ertrage"),
    ),
}

#: Words of headers → what one in the column is worth.
UNITS: dict[str, tuple[str, ...]] = {
    "1000": (
        *("tkr", "kkr", "ksek", "tsek", "teur", "keur", "thousand", "thousands"),
        *("tusental", "tusentals", "tausend", "miles", "milliers", "000"),
    ),
    "1000000": (
        *("mkr", "mnkr", "msek", "meur", "million", "millions", "mio", "miljoner"),
        *("millones", "millionen"),
    ),
}

#: Currencies that stand in headers; other codes may be words (ALL, TOP, TRY).
CURRENCIES = (
    "EUR",
    "SEK",
    "NOK",
    "DKK",
    "USD",
    "GBP",
    "CHF",
    "PLN",
    "AUD",
    "CAD",
    "ZAR",
)

#: A year, or the two years of a financial year, inside other text.
YEAR = re.compile(
    r"(?<!\d)((?:19|20|21)\d\d)(?:\s?[-/–]\s?(?:(?:19|20|21)?\d\d))?(?!\d)"
)
_SHORT = re.compile(r"(?i)^FY\s?(\d\d)(?:\s?[-/–]\s?\d\d)?$")


def folded(text: str) -> str:
    """Words without case, accents and signs, parted by one space each."""
    parted = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", text)
    plain = unicodedata.normalize("NFKD", parted).casefold()
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(re.findall(r"[^\W_]+", kept))


def year(text: str) -> str:
    """The year a cell or header names, a financial year by its first; else ""."""
    found = YEAR.findall(text)
    if len(found) == 1 or (found and re.fullmatch(r"\d{4}-\d\d-\d\d.*", text)):
        return str(found[0])
    short = _SHORT.match(text.strip())
    return f"20{short[1]}" if short else ""


def meant(text: str, words: dict[str, tuple[str, ...]]) -> str:
    """The key whose words a text is; "" where none or several."""
    plain = folded(text)
    found = [key for key, known in words.items() if plain in known]
    return found[0] if len(found) == 1 else ""


def hinted(text: str, words: dict[str, tuple[str, ...]]) -> str:
    """The key one of whose words stands in a text; "" where none or several."""
    tokens = set(folded(text).split())
    found = [key for key, known in words.items() if tokens & set(known)]
    return found[0] if len(found) == 1 else ""


def phase(header: str) -> str:
    """The phase that a header over money speaks of; "" where none or several."""
    tokens = set(folded(header).split())
    for said in (tokens - _ALSO, tokens):
        found = [key for key, known in PHASES.items() if said & set(known)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
