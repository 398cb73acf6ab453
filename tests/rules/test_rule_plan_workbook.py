"""A plan leaves as a workbook and comes back as the same plan."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from string import printable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrbudget.domain.plan import (
    Activity,
    Comparator,
    Consultation,
    Indicator,
    Justification,
    Link,
    MinimumCore,
    NothingAdverse,
    Objective,
    Observation,
    People,
    Plan,
    Point,
)
from hrbudget.errors import CallRefused, InputRefused
from hrbudget.rules import plan
from hrbudget.rules.plan import workbook, workbook_write
from hrbudget.rules.plan.file import to_yaml, versioned
from hrbudget.rules.plan.sheets import SHEETS
from hrbudget.workspace import places
from tests.tag.workbooks import Spreadsheet, through_libreoffice

DEMO = plan.read(places.DEMO / "plan.yaml")
TEMPLATE = plan.read(places.known("plans", None)["swedish_municipality"])

# What a person may type, formulas and all; a cell keeps no line of spaces alone.
SIGNS = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n="
)
TEXT = st.text(SIGNS, max_size=12).filter(lambda text: not text or text.strip())
NEEDED = TEXT.filter(bool)
DISTRICT = st.sampled_from(["", "Norr", "Söder i dalen"])
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
DAY = st.none() | DAYS
NUMBER = st.decimals(-999, 999, places=2).map(str)
VALUES = st.dictionaries(DAYS, st.none() | NUMBER, max_size=3)
STATUS = st.sampled_from(["planned", "ongoing", "delayed", "done", "dropped"])
GROUP = st.sampled_from(["", "women", "homeless"])
OBSERVED = st.builds(
    Observation, st.integers(1990, 2090), NUMBER, GROUP, DISTRICT, TEXT
)
PAIR = st.tuples(st.none() | st.just("0.8"), st.none() | st.just("1.25"))
INDICATORS = st.builds(
    Indicator,
    id=st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True),
    kind=st.sampled_from(["structural", "process", "outcome"]),
    name=NEEDED,
    unit=TEXT,
    direction=st.just("up"),
    baseline=st.none() | st.just(Point("1.50", 2024)),
    target=st.none() | st.just(Point("20", 2030)),
    disaggregation=st.sampled_from([(), ("sex",), ("age", "residence")]),
    comparator=st.none()
    | st.builds(
        Comparator,
        group=st.just("women"),
        between=st.dictionaries(DAYS, PAIR, max_size=2),
    ),
    source=TEXT,
    observations=st.lists(
        OBSERVED, max_size=3, unique_by=lambda each: (each.year, each.group)
    ).map(tuple),
)
OBJECTIVES = st.builds(
    Objective,
    id=st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True),
    title=NEEDED,
    right=st.sampled_from(["", "health", "living.housing"]),
    groups=st.sampled_from([(), ("women",), ("women", "homeless")]),
    duty_bearer=TEXT,
    deadline=DAY,
    costed_need=VALUES,
    title_sv=TEXT,
    description=TEXT,
    rights=st.sampled_from([(), ("education",)]),
    districts=st.sampled_from([(), ("Norr", "Söder i dalen")]),
    obligation=st.sampled_from([None, "respect", "protect", "fulfil"]),
    review=DAY,
    status=STATUS,
    minimum_core=st.none()
    | st.builds(
        MinimumCore,
        st.builds(People, st.just("homeless"), DISTRICT),
        st.dictionaries(DAYS, st.just("10"), min_size=1, max_size=2),
        st.dictionaries(DAYS, st.none() | st.just("0.9"), max_size=2),
        TEXT,
        TEXT,
    ),
    activities=st.lists(
        st.builds(Activity, NEEDED, end=DAY, owner=TEXT, status=STATUS), max_size=2
    ).map(tuple),
    indicators=st.lists(INDICATORS, max_size=2, unique_by=lambda each: each.id).map(
        tuple
    ),
    lines=st.sampled_from([(), (Link("a-1", "0.1"), Link("=b", "0.000001"))]),
    participation=st.lists(
        st.builds(Consultation, NEEDED, DAY, TEXT, TEXT), max_size=2
    ).map(tuple),
    justification=st.none()
    | st.builds(Justification, TEXT, TEXT, participation=TEXT, until=DAY),
)
PLANS = st.builds(
    Plan,
    title=NEEDED,
    entity=TEXT,
    adopted=DAY,
    objectives=st.lists(
        OBJECTIVES, min_size=1, max_size=3, unique_by=lambda each: each.id
    ).map(tuple),
    version=st.just(""),
    currency=st.sampled_from([None, "SEK", "EUR"]),
    nothing_adverse=st.none() | st.builds(NothingAdverse, NEEDED, NEEDED, DAYS),
    unplanned_at_most=st.dictionaries(DAYS, st.none() | st.just("0.25"), max_size=2),
).map(versioned)


@settings(max_examples=50)
@given(PLANS)
def test_every_plan_survives_both_formats(stated: Plan) -> None:
    assert workbook.read(workbook_write.write(stated), "plan.xlsx") == stated
    assert plan.parse(to_yaml(stated).encode(), "plan.yaml") == stated


@pytest.mark.parametrize("stated", [DEMO, TEMPLATE], ids=["exempelby", "template"])
def test_a_workbook_of_a_plan_is_the_same_plan_and_the_same_bytes(stated: Plan) -> None:
    content = workbook_write.write(stated)
    assert workbook.read(content, "plan.xlsx") == stated
    assert workbook_write.write(stated) == content


def test_a_workbook_that_was_saved_by_libreoffice_is_the_same_plan(
    tmp_path: Path,
) -> None:
    saved = through_libreoffice(workbook_write.write(DEMO), tmp_path)
    assert workbook.read(saved, "plan.xlsx") == DEMO


CONTENT = workbook_write.write(DEMO)
PLACES = [each.name for each in SHEETS]


def edited(sheet: str) -> Spreadsheet:
    return Spreadsheet(CONTENT, PLACES.index(sheet) + 1, header=2)


def test_ids_are_protected_and_choices_are_lists() -> None:
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as parts:
        page = parts.read("xl/worksheets/sheet2.xml").decode()
        looks = parts.read("xl/styles.xml").decode()
    assert '<sheetProtection sheet="1"' in page
    assert "respect,protect,fulfil" in page
    assert "lists!$A$2:$A$" in page
    cells = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", looks.partition("<cellXfs")[2])
    sheet = edited("objectives")

    def free(style: str | None) -> bool:
        return 'locked="0"' in cells[int(style or "0")]

    assert not free(sheet.cell("id", 3).get("s"))
    assert free(sheet.cell("title", 3).get("s"))
    below = re.findall(r'<col min="1" [^>]*style="(\d+)"', page)
    assert free(below[0])


def test_days_and_numbers_typed_into_cells_are_read() -> None:
    sheet = edited("indicators")
    sheet.number("target_year", 3, "2027")
    sheet.number("target_value", 3, "24")
    assert workbook.read(sheet.saved(), "plan.xlsx") == DEMO
    sheet = edited("objectives")
    sheet.put("deadline", 3, "2027-12-31 00:00:00")
    assert workbook.read(sheet.saved(), "plan.xlsx") == DEMO


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("objectives 3 right", "living.hausing", "is no right of the taxonomy"),
        ("objectives 4 deadline", "2027-13-01", "found '2027-13-01'"),
        ("objectives 5 title", None, "found an empty cell"),
        ("activities 3 objective", "nobody", "expected an objective: housing_first"),
        ("indicators 3 baseline_year", "20244", "less than or equal to 2199"),
        ("observations 3 indicator", "none", "expected an indicator of the objective"),
        ("values 3 from", "2026-01-32", "found '2026-01-32'"),
        ("values 3 value", "1,5", "is not a decimal number"),
        ("values 3 what", "cost", "expected one of costed_need, unit_cost"),
        ("justification 3 until", "soon", "is no day such as 2026-12-31"),
        ("participation 3 who", None, "found an empty cell"),
        ("plan 3 currency", "KRON", "is no currency"),
    ],
)
def test_what_is_wrong_is_told_at_its_sheet_row_and_column(
    place: str, value: str | None, said: str
) -> None:
    name, row, column = place.split()
    sheet = edited(name)
    sheet.put(column, int(row), value)
    with pytest.raises(InputRefused) as refused:
        workbook.read(sheet.saved(), "plan.xlsx")
    told = [str(each) for each in refused.value.issues]
    where = f"plan.xlsx, sheet {name}, row {row}, column {column}: "
    assert any(each.startswith(where) and said in each for each in told), told


def test_a_workbook_without_a_sheet_or_a_column_is_refused() -> None:
    sheet = edited("links")
    sheet.rename("links", "something")
    with pytest.raises(InputRefused, match="a sheet links"):
        workbook.read(sheet.saved(), "plan.xlsx")
    sheet = edited("links")
    sheet.put("share", 2, "part")
    with pytest.raises(InputRefused, match="the column share once"):
        workbook.read(sheet.saved(), "plan.xlsx")


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(InputRefused, match=r"an \.xlsx file"):
        workbook.read(printable.encode(), "plan.xlsx")


def test_a_text_that_no_cell_holds_is_refused() -> None:
    objective = Objective("a", "A", description="x" * 32_768)
    with pytest.raises(CallRefused, match="column description"):
        workbook_write.write(Plan("A", "", None, (objective,), ""))
