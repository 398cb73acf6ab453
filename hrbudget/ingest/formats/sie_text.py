"""The text of a SIE file: its character set, its records and what its head names.

A record is a row that begins with # and a label; its fields are parted by spaces or
tabs, may stand in quotes (a backslash before a quote inside) and one of them may be a
list of dimensions and objects in braces.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import polars as pl

from hrbudget.errors import DataIssue
from hrbudget.ingest.table import ROW

#: A field, with its quotes.
_FIELD = r'"(?:[^"\\]|\\.)*"|[^\s"{}]+'

#: What stands after the label: fields, and perhaps objects, before the amount.
_BY_PERIOD = (
    rf"^\s*({_FIELD})\s+({_FIELD})\s+({_FIELD})\s*"
    r'(?:\{((?:"(?:[^"\\]|\\.)*"|[^"}])*)\}\s*|\s)'
    rf"({_FIELD})(?:\s+(?:{_FIELD}))*\s*$"
)
_BY_YEAR = rf"^\s*({_FIELD})\s+()({_FIELD})()\s+({_FIELD})(?:\s+(?:{_FIELD}))*\s*$"

#: Letters that tell Swedish text from another reading of its bytes.
_LETTERS = frozenset("åäöÅÄÖéÉüÜ")

#: Words in which an earlier program put a sign where it could not read a letter.
_LOST = re.compile(r"\w*(?:\ufffd|[^\W\d_]\?(?=[^\W\d_]))[\w?\ufffd]*")

#: Character sets in use, and the letters for people.
_SETS = {"cp437": "PC8 (CP437)", "cp1252": "CP1252", "iso-8859-15": "ISO-8859-15"}


@dataclass(frozen=True)
class SieText:
    """A SIE file taken apart.

    Attributes:
        rows: ``ROW``, ``label`` (upper case, without #) and ``rest`` of each record.
        counts: records by label.
        years: index of a financial year ("0", "-1") → the year it begins in.
        accounts: number → name.
        dimensions: number → title; ``objects``: (dimension, object) → name.
        entity: the name of the body; "" where it is not said.
        currency: ISO 4217; SEK where the file names none, as the standard has it.
        chart: kind of the chart of accounts (#KPTYP), or "".
        notes: what was found out.
    """

    rows: pl.DataFrame
    counts: dict[str, int]
    years: dict[str, str]
    accounts: dict[str, str]
    dimensions: dict[str, str]
    objects: dict[tuple[str, str], str]
    entity: str
    currency: str
    chart: str
    notes: tuple[str, ...]

    def records(self, label: str) -> pl.DataFrame:
        """Records of a kind: ROW, year, period, account, objects and amount as text.

        A record that does not have these fields keeps its whole text as its amount,
        so that it is told as no amount, with its row.
        """
        chosen = self.rows.filter(label=label)
        pattern = _BY_YEAR if label == "RES" else _BY_PERIOD
        names = ["year", "period", "account", "objects", "amount"]
        groups = pl.col("rest").str.extract_groups(pattern).struct.rename_fields(names)
        fields = chosen.select(ROW, "rest", fields=groups).unnest("fields")
        return fields.select(
            ROW,
            *(_unquoted(name) for name in names[:3]),
            pl.col("objects").str.strip_chars().fill_null(""),
            pl.coalesce(_unquoted("amount"), "rest").alias("amount"),
        )


def read(content: bytes, name: str, stated: str | None) -> SieText | DataIssue:
    """Take a SIE file apart.

    Args:
        content: its bytes.
        name: of the file, for messages.
        stated: the character set that the mapping says, which wins.
    """
    if b"\0" in content:
        advice = "export it from the accounting program again"
        return DataIssue(name, "a zero byte", "the text of a SIE file", advice)
    decoded = _decoded(content, name, stated)
    if isinstance(decoded, DataIssue):
        return decoded
    text, notes = decoded
    rows = _rows(text)
    counts = dict(rows["label"].value_counts().sort("label").iter_rows())
    if not counts:
        return DataIssue(
            name,
            "no record that begins with #",
            "a SIE file of type 1 to 4",
            "check that it is the export, and not SIE 5 (XML)",
        )
    fields = {
        label: [_fields(rest) for rest in rows.filter(label=label)["rest"]]
        for label in ("RAR", "KONTO", "DIM", "UNDERDIM", "OBJEKT", "VALUTA", "KPTYP")
    }
    years = {each[0]: each[1][:4] for each in fields["RAR"] if len(each) > 1}
    broken = [each for each in fields["RAR"] if each[1:] and each[1][4:6] != "01"]
    if broken:
        notes.append("financial years are called by the year they begin in")
    dimensions = fields["DIM"] + fields["UNDERDIM"]
    return SieText(
        rows,
        counts,
        years,
        _pairs(fields["KONTO"]),
        _pairs(dimensions),
        {(each[0], each[1]): each[2] for each in fields["OBJEKT"] if len(each) > 2},
        " ".join(_first(rows, "FNAMN")),
        (_first(rows, "VALUTA") or ["SEK"])[0].upper(),
        (_first(rows, "KPTYP") or [""])[0],
        tuple(notes),
    )


def objects(text: str) -> dict[str, str]:
    """Dimension → object of a list such as ``1 "0123" 6 P1``."""
    fields = _fields(text)
    return dict(zip(fields[0::2], fields[1::2], strict=False))


def _rows(text: str) -> pl.DataFrame:
    lines = pl.Series(
        "text", text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    frame = pl.DataFrame(lines).with_row_index(ROW, offset=1)
    label = pl.col("text").str.extract(r"^\s*#([A-Za-z]+)(?:\s|$)")
    return frame.select(
        ROW,
        label=label.str.to_uppercase(),
        rest=pl.col("text").str.replace(r"^\s*#[A-Za-z]+\s*", ""),
    ).filter(pl.col("label").is_not_null())


def _fields(rest: str) -> list[str]:
    return [
        each[1:-1].replace('\\"', '"') if each.startswith('"') else each
        for each in re.findall(_FIELD, rest)
    ]


def _first(rows: pl.DataFrame, label: str) -> list[str]:
    """The fields of the first record of a kind; none where there is none."""
    found = rows.filter(label=label)["rest"]
    return _fields(found[0]) if found.len() else []


def _pairs(fields: list[list[str]]) -> dict[str, str]:
    return {each[0]: each[1] for each in fields if len(each) > 1}


def _unquoted(name: str) -> pl.Expr:
    field = pl.col(name)
    inner = field.str.extract(r'^"(.*)"$').str.replace_all('\\"', '"', literal=True)
    return pl.coalesce(inner, field).alias(name)


def _decoded(
    content: bytes, name: str, stated: str | None
) -> tuple[str, list[str]] | DataIssue:
    """The text and what is to be said of its character set."""
    if content.startswith(codecs.BOM_UTF8):
        content, stated = content.removeprefix(codecs.BOM_UTF8), "utf-8"
    encoding = stated or _guess(content)
    if not encoding:
        return DataIssue(
            name,
            "letters that are Swedish in no character set, or in two",
            "PC8 (CP437), CP1252, ISO-8859-15 or UTF-8",
            "say encoding: in a mapping file",
        )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        return DataIssue(
            name,
            f"byte 0x{error.object[error.start]:02X}",
            f"text in {encoding.upper()}",
            "correct encoding in the mapping, or leave it out to have it found",
            row=row,
        )
    if content.isascii():
        return text, ["character set: only ASCII"]
    said = _SETS.get(encoding, encoding.upper())
    claim = re.search(r"^\s*#FORMAT\s+(\S+)", text, re.MULTILINE)
    wrong = claim and claim[1].upper() == "PC8" and encoding != "cp437"
    claimed = "; the file says PC8, which its letters are not" if wrong else ""
    why = "as the mapping says" if stated else "which its letters show"
    notes = [f"character set {said}, {why}{claimed}"]
    lost = _LOST.findall(text)
    if lost:
        notes.append(f"{len(lost)} words lost letters before this file: {lost[0]!r}, …")
    return text, notes


def _guess(content: bytes) -> str | None:
    """UTF-8 where it fits, else the set in which more bytes are letters of Swedish."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    high = bytes(byte for byte in content if byte >= 0x80)
    has_c1 = any(byte < 0xA0 for byte in high)
    dos = sum(letter in _LETTERS for letter in high.decode("cp437"))
    windows = sum(letter in _LETTERS for letter in high.decode("iso-8859-15"))
    if dos == windows:
        return None
    if dos > windows:
        return "cp437"
    return "cp1252" if has_c1 else "iso-8859-15"
