"""Every published data set at hand: what was read, what was left out, and its own sum.

The own sum is made in this file from the bytes of the source, with exact decimals and
with nothing of ours. `pytest -rP` shows the table; it is also kept in build/.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from hrbudget import money, yamlfile
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import first_look
from hrbudget.ingest.proposing.first_look import Look
from hrbudget.ingest.read import Ingested, ingest
from hrbudget.ingest.table import ROW
from hrbudget.workspace import places

BUILD = Path(__file__).resolve().parent.parent.parent / "build"

Own = Callable[[bytes], Decimal]


@dataclass(frozen=True)
class DataSet:
    """A source and what must come of it.

    ``own`` adds up all money of the source; ``left_out`` are the numbers of rows that
    became no lines, for each reason that the mapping states.
    """

    file: str
    mapping: str
    own: Own
    lines: int
    year: int | None = None
    left_out: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.mapping}-{Path(self.file).parent.name}-{Path(self.file).stem}"


def rows(
    raw: bytes, delimiter: str, encoding: str = "utf-8-sig"
) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(raw.decode(encoding)), delimiter=delimiter)


def madrid(header: str) -> Own:
    def own(raw: bytes) -> Decimal:
        table = rows(raw, ";", "iso-8859-1")
        return sum((Decimal(row[header].replace(",", ".")) for row in table), Decimal())

    return own


def plain(header: str, delimiter: str = ",", factor: int = 1) -> Own:
    def own(raw: bytes) -> Decimal:
        cells = (row[header] for row in rows(raw, delimiter) if row[header])
        return factor * sum(map(Decimal, cells), Decimal())

    return own


def berlin(raw: bytes) -> Decimal:
    records = json.loads(raw, parse_int=Decimal, parse_float=Decimal)
    return sum((record["betrag"] for record in records), Decimal())


def australia(raw: bytes) -> Decimal:
    years = ("2014-15", "2015-16", "2016-17", "2017-18", "2018-19")
    cells = (row[year].strip() for row in rows(raw, ",") for year in years)
    known = (cell.replace(",", "") for cell in cells if cell not in ("", "-", "nfp"))
    return 1000 * sum(map(Decimal, known), Decimal())


def midcycle(raw: bytes) -> Decimal:
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r'<c r="X\d+"(?![^>]*t="s")[^>]*><v>([^<]*)</v>', sheet)
    return sum(map(Decimal, cells), Decimal())


def sie(label: str) -> Own:
    """Costs as written, revenue with its sign turned, from the records themselves."""

    def own(raw: bytes) -> Decimal:
        total = Decimal()
        for row in raw.decode("latin-1").splitlines():
            fields = row.replace("{}", "").split()
            if fields and fields[0] == f"#{label}":
                account = fields[2 if label == "RES" else 3]
                amount = Decimal(fields[3 if label == "RES" else 4])
                # Companies keep financial revenue in 80 to 83.
                financial = account[:2] in ("80", "81", "82", "83")
                is_revenue = account[0] == "3" or financial
                total += -amount if is_revenue else amount
        return total

    return own


MACEDONIA = "openspending-macedonia/MFBudzetIRebalansNaRMmk-MK.csv"
AUSTRALIA = "au-budget/data/201505181230budget1516.csv"
CASTILLA = "madrid-municipal-gastos/data/gastos_v40_2012-2015.csv"
BLBLOV = "formats/sie/BLBLOV_SIE3.SE"
BLBLOV_8 = "formats/sie/BLBLOV_SIE3_UTF_8_with_vouchers.SE"
MIDCYCLE = "budgets/oakland/BudgetData for Public Adopted FY2016-17 Midcycle.xlsx"
DATA_SETS = [
    *(
        DataSet(f"budgets/madrid/{year}/gastos.csv", name, madrid(header), count, year)
        for year, count in ((2020, 7184), (2021, 7811), (2025, 7291))
        for name, header in (
            ("madrid", "CRED_INICIAL"),
            ("madrid_executed", "OBL_RECONOC"),
        )
    ),
    *(
        DataSet(f"budgets/oakland/FY{fy}__adopted.csv", "oakland", plain("amount"), n)
        for fy, n in (("19-20", 19456), ("20-21", 19233))
    ),
    DataSet(MIDCYCLE, "oakland_midcycle", midcycle, 11231),
    *(
        DataSet(f"budgets/berlin_2026/{part}.json", "berlin_2026", berlin, count)
        for part, count in (("03", 937), ("07", 1129), ("09", 1126), ("10", 1043))
    ),
    DataSet(
        "budgets/sweden_scb_rs_2024/rs_2024_nettokostnad_tkr_SAMPLE.csv",
        "scb_rs_2024",
        plain("nettokostnad_tkr", ";", 1000),
        672,
        left_out=(32,),
    ),
    DataSet(
        "budgets/za_mscoa/income_expenditure_facts_v1.csv",
        "za_mscoa_v1",
        plain("amount"),
        330,
    ),
    DataSet(
        "budgets/za_mscoa/income_expenditure_facts_v2.csv",
        "za_mscoa_v2",
        plain("amount"),
        378,
    ),
    DataSet(
        f"fiscal_data_packages/{MACEDONIA}", "fdp_macedonia", plain("Буџет", ";"), 10153
    ),
    DataSet(f"fiscal_data_packages/{CASTILLA}", "fdp_madrid", plain("IMPORTE"), 20217),
    DataSet(
        f"fiscal_data_packages/{AUSTRALIA}",
        "fdp_australia",
        australia,
        7987,
        left_out=(4,),
    ),
    DataSet(
        BLBLOV,
        "sie_budget",
        sie("PBUDGET"),
        144,
        left_out=(132,),
    ),
    DataSet(
        BLBLOV,
        "sie_outcome",
        sie("PSALDO"),
        240,
        left_out=(252,),
    ),
    DataSet(BLBLOV, "sie_outcome_year", sie("RES"), 20),
    DataSet(
        BLBLOV_8,
        "sie_budget",
        sie("PBUDGET"),
        144,
        left_out=(132,),
    ),
    DataSet(BLBLOV_8, "sie_outcome_year", sie("RES"), 20),
    DataSet(
        "formats/sie/Arousells_Visning_AB.SE",
        "sie_outcome_year",
        sie("RES"),
        73,
        left_out=(1, 2),
    ),
    DataSet("formats/sie/CC2-foretaget.SE", "sie_outcome_year", sie("RES"), 3),
]

#: Files beside the budgets that hold no lines of one, and what they are.
NO_LEDGER = {
    "budgets/madrid/2025/objetivos.csv": "objectives: plan texts, no money",
    "budgets/madrid/2025/indicadores.csv": "indicators: counts of things, no money",
    "budgets/sweden_scb_rs_2024/rs_verksamhetsomraden_codes.csv": "a list of codes",
    "budgets/za_mscoa/scorecard_geography.csv": "municipalities and populations",
    "formats/sie/CC3.SI": "a chart of accounts, no amounts",
    "formats/sie/Quotes_test.si": "vouchers only, neither budget nor outcome",
    "formats/iati/activity-standard-example-annotated.xml": "an aid activity (IATI)",
    "formats/pabulib/Poland_Gdansk_2020_Letnica.pb": "votes on projects",
    "formats/pabulib/Poland_Gdansk_2020_Rudniki.pb": "votes on projects",
}


@functools.cache
def done(shared: Path, each: DataSet) -> Ingested:
    """The data set, read through the mapping we ship for it."""
    path = shared / each.file
    if each.file.startswith("fiscal_data_packages"):
        folder = shared / "fiscal_data_packages" / Path(each.file).parts[1]
        path = folder / "datapackage.json"
    stated = yamlfile.read(places.find("mappings", each.mapping, None), Mapping)
    return ingest(path, stated, Defaults(each.year))


def amount(minor: int, currency: str) -> Decimal:
    return Decimal(money.to_text(minor, currency))


@pytest.mark.parametrize("each", DATA_SETS, ids=str)
def test_a_data_set_comes_in_whole_through_its_mapping(
    shared_data: Path, each: DataSet
) -> None:
    read = done(shared_data, each)
    assert read.issues == ()
    assert read.height == each.lines == read.lines.collect().height
    assert tuple(left.rows for left in read.left_out) == each.left_out


@pytest.mark.parametrize("each", DATA_SETS, ids=str)
def test_lines_and_what_was_left_out_are_the_sources_own_sum(
    shared_data: Path, each: DataSet
) -> None:
    read = done(shared_data, each)
    left_out = sum(left.total for left in read.left_out)
    own = each.own((shared_data / each.file).read_bytes())
    assert amount(read.total + left_out, read.currency) == own != 0


@pytest.mark.parametrize("each", DATA_SETS, ids=str)
def test_the_headers_of_a_shipped_mapping_are_those_of_its_file(
    shared_data: Path, each: DataSet
) -> None:
    path = places.find("mappings", each.mapping, None)
    stated = yamlfile.read(path, Mapping).headers
    read = done(shared_data, each).mapping
    seen = first_look.look(shared_data / each.file, read)
    assert isinstance(seen, Look)
    first = seen.table
    if stated or not each.mapping.startswith("sie"):
        assert stated == tuple(name for name in first.cells.columns if name != ROW)


@pytest.mark.parametrize("name", places.known("mappings", None))
def test_every_shipped_mapping_loads_and_says_what_it_is_for(name: str) -> None:
    stated = yamlfile.read(places.find("mappings", name, None), Mapping)
    assert stated.title
    assert stated.source
    assert stated.version


def test_numbers_of_mscoa_facts_are_the_rows_of_the_treasurys_lists(
    shared_data: Path,
) -> None:
    words = yamlfile.read(places.find("mappings", "za_mscoa_v2", None), Mapping)
    for name, file, count in (
        ("function", "za_mscoa_functions_v2.csv", 99),
        ("economic_class", "za_mscoa_income_expenditure_items_v2.csv", 32),
    ):
        codes = rows((shared_data / "taxonomies" / file).read_bytes(), ",")
        numbered = {str(n): row["code"] for n, row in enumerate(codes, start=1)}
        stated = words.translate[name]
        assert len(stated) == count
        assert stated.items() <= numbered.items()


@pytest.mark.parametrize("file", NO_LEDGER)
def test_a_file_that_is_no_ledger_makes_no_lines(shared_data: Path, file: str) -> None:
    stated = Defaults(2025, "approved", "EUR")
    read = ingest(shared_data / file, Mapping(), stated)
    assert read.issues
    assert read.height == 0


def test_every_file_of_the_budgets_is_in_the_table(shared_data: Path) -> None:
    told = {each.file for each in DATA_SETS} | set(NO_LEDGER)
    folders = ("budgets", "fiscal_data_packages", "formats")
    there = {
        path.relative_to(shared_data).as_posix()
        for folder in folders
        for path in (shared_data / folder).rglob("*")
        if path.is_file() and path.name not in ("README.md", "datapackage.json")
    }
    assert there == told


def test_the_table_of_data_sets(shared_data: Path) -> None:
    text = "\n".join(table(shared_data)) + "\n"
    print(text)  # noqa: T201
    BUILD.mkdir(exist_ok=True)
    (BUILD / "data_sets.txt").write_text(text, encoding="utf-8")
    assert text.count(" equal\n") == len(DATA_SETS)


def table(shared: Path) -> Iterator[str]:
    """A row for each data set, its widths fixed so that any terminal shows it."""
    yield (
        f"{'file (mapping)':<58} {'lines':>6} {'total':>20} {'left out':>16} "
        f"{'own sum':>20} difference"
    )
    for each in DATA_SETS:
        read = done(shared, each)
        left_out = sum(left.total for left in read.left_out)
        own = each.own((shared / each.file).read_bytes())
        total, out = (amount(part, read.currency) for part in (read.total, left_out))
        difference = total + out - own
        path = Path(each.file)
        name = f"{path.parent.name}/{path.name[:24]} ({each.mapping})"
        verdict = "equal" if difference == 0 else f"{difference:f}"
        yield (
            f"{name[:58]:<58} {read.height:>6} {total:>20} {out:>16} "
            f"{own:>20.2f} {verdict}"
        )
        for left in read.left_out:
            yield f"    left out: {left.rows} row(s), {left.why}"
    for file, what in NO_LEDGER.items():
        yield f"{file:<58} no budget ledger: {what}"
