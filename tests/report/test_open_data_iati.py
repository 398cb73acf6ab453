"""An activity file of IATI: valid by the standard's own means, and the same money."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from hrbudget import yamlfile
from hrbudget.domain.grant import Grant
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.taxonomy import DATA
from hrbudget.errors import InputRefused
from hrbudget.report.open_data import iati
from hrbudget.report.open_data.activity import Asked, activities
from hrbudget.report.open_data.described import Publisher
from hrbudget.workspace import publishing
from hrbudget.workspace.publishing import Wanted
from hrbudget.workspace.workspace import Workspace
from tests import grants
from tests.make import Row, book
from tests.postgres import workspaces
from tests.report import iati_standard as standard

YEARS = ("exempelby_2024", "exempelby_2025", "exempelby_2026")
STAMP = "2026-11-30T12:00:00Z"

PUBLISHER = """\
organization: {ref: SE-ON-2120009994, type: "11", name: {sv: Byn}}
language: sv
activities:
  all:
    title: {en: Whole, sv: Alltihop}
    description: {sv: Hela budgeten}
    organizations: [{role: implementing, name: {sv: Byn}}]
    countries: {SE: "60", NO: "40"}
"""


def published(
    text: str, *ledgers: Ledger, today: str = "2026-11-30", grant: Grant | None = None
) -> bytes:
    """The activity file of some budgets."""
    stated = yamlfile.parse(text.encode(), "publisher.yaml", Publisher)
    grants = {grant.id: grant} if grant else None
    asked = Asked(ledgers, date.fromisoformat(today), grants=grants)
    made, _ = activities(stated, asked)
    return iati.write(stated, made, f"{today}T12:00:00Z")


def refusal(text: str, *ledgers: Ledger, today: str = "2026-11-30") -> str:
    with pytest.raises(InputRefused) as refused:
        published(text, *ledgers, today=today)
    return str(refused.value)


def valid(content: bytes) -> bytes:
    """The same file, if nothing is wrong with it by the standard's schema and rules."""
    assert standard.schema_errors(content) == []
    assert standard.unknown_codes(content) == []
    assert standard.broken_rules(content) == []
    assert standard.sector_sums(content) == {Decimal(100)}
    return content


def found(content: bytes, path: str) -> list[str]:
    texts = standard.parse(content).xpath(f"iati-activity/{path}")
    return [each if isinstance(each, str) else each.text for each in texts]


@pytest.fixture(scope="module")
def town(exempelby: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Exempelby with its publisher and its grant."""
    made = workspaces.copied(exempelby, tmp_path_factory.mktemp("published") / "town")
    for name in ("publisher.yaml", "grants.yaml"):
        shutil.copy(DATA / "exempelby" / name, made.folder / name)
    return made


def test_exempelbys_file_is_valid_and_the_same_bytes_each_time(town: Workspace) -> None:
    first = publishing.activity_file(town, Wanted(YEARS))
    assert valid(first.content)
    assert publishing.activity_file(town, Wanted(YEARS[::-1])) == first


def test_exempelbys_money_is_that_of_its_lines(town: Workspace) -> None:
    slices = {each.budget: town.ledger(each) for each in town.store.slices()}
    lines = slices["exempelby_2024"].lines
    spent = int(lines.filter(lines["project"] == "EXB-MV")["amount"].sum())
    wanted = Wanted(YEARS, keys=("EXB-MV",), generated=STAMP)
    content = publishing.activity_file(town, wanted).content
    moved = "transaction[transaction-type/@code='{}']/value"
    out = [*found(content, moved.format(3)), *found(content, moved.format(4))]
    assert sum(map(Decimal, out)) == Decimal(spent) / 100
    assert found(content, moved.format(11)) == ["1500000.00"]
    assert found(content, moved.format(1)) == ["379886.00"]
    planned = [
        int(each.lines.filter(each.lines["project"] == "EXB-MV")["amount"].sum())
        for each in (slices["exempelby_2025"], slices["exempelby_2026"])
    ]
    budgets = [Decimal(each) * 100 for each in found(content, "budget/value")]
    assert budgets == planned


def test_no_text_of_a_line_is_published(town: Workspace) -> None:
    content = publishing.activity_file(town, Wanted(YEARS)).content.decode()
    texts = [
        text
        for each in town.store.slices()
        for text in town.store.lines(each)["description"].drop_nulls().to_list()
    ]
    assert [text for text in texts if len(text) > 12 and text in content] == []


def test_stages_of_a_year_are_the_types_and_states_of_its_budget() -> None:
    ledgers = [
        book([{"line_id": "a", "amount": amount}], phase=phase)
        for phase, amount in (("proposed", 1), ("approved", 2), ("adjusted", 3))
    ]
    later = book([{"line_id": "a", "amount": 4}], phase="proposed", fiscal_year=2027)
    content = valid(published(PUBLISHER, *ledgers, later))
    nodes = standard.parse(content).iterfind("iati-activity/budget")
    assert [(n.get("type"), n.get("status"), n.findtext("value")) for n in nodes] == [
        ("1", "2", "2.00"),
        ("2", "2", "3.00"),
        ("1", "1", "4.00"),
    ]


def test_money_that_was_spent_is_one_transaction_a_day() -> None:
    lines: list[Row] = [
        {"line_id": "a", "amount": 10, "party": "swedish"},
        {"line_id": "b", "amount": 20, "party": "swedish"},
        {"line_id": "c", "amount": 5, "party": "international"},
        {"line_id": "d", "amount": 7, "direction": "revenue"},
    ]
    ledger = book(lines, phase="executed", fiscal_year=2025)
    handed = (
        "{role: implementing, name: {sv: Byn}, disbursed: \"party = 'international'\"}"
    )
    text = PUBLISHER.replace("{role: implementing, name: {sv: Byn}}", handed)
    nodes = standard.parse(valid(published(text, ledger))).iterfind("*/transaction")
    assert [
        (
            each.find("transaction-type").get("code"),
            each.find("transaction-date").get("iso-date"),
            each.findtext("value"),
            each.findtext("receiver-org/narrative"),
        )
        for each in nodes
    ] == [
        ("1", "2025-12-31", "7.00", None),
        ("3", "2025-12-31", "5.00", "Byn"),
        ("4", "2025-12-31", "30.00", None),
    ]


def test_what_a_donor_paid_is_incoming_once() -> None:
    mine = {"direction": "revenue", "project": "P", "fund": "sida"}
    lines: list[Row] = [
        {"line_id": "a", "amount": 10},
        {**mine, "line_id": "b", "amount": 500},
        {**mine, "line_id": "c", "amount": 7, "fund": "own"},
        {**mine, "line_id": "d", "amount": 3, "project": None},
    ]
    ledger = book(lines, phase="executed", fiscal_year=2024)
    text = PUBLISHER.replace("    title", "    grant: P\n    title")
    paid = grants.stated('received: [{on: 2024-02-01, amount: "500", document: d}]')
    incoming = "transaction[transaction-type/@code='1']/value"
    content = valid(published(text, ledger, grant=paid))
    assert sorted(found(content, incoming)) == ["10.00", "500.00"]
    unpaid = published(text, ledger, grant=grants.stated())
    assert found(unpaid, incoming) == ["510.00"]


@pytest.mark.parametrize("name", ["type", "place", "day", "weight", "kind"])
def test_a_filter_reads_the_publishers_own_columns(name: str) -> None:
    lines: list[Row] = [{"line_id": each, "amount": 5} for each in "ab"]
    plain = book(lines, phase="executed", fiscal_year=2025)
    own = pl.Series(name, ["grant", "wage"])
    ledger = replace(plain, lines=plain.lines.with_columns(own))
    first = f"{{role: funding, name: {{sv: A}}, disbursed: \"{name} = 'grant'\"}}"
    second = f"{{role: implementing, name: {{sv: B}}, disbursed: \"{name} > 'a'\"}}"
    both = f"{first}, {second}"
    text = PUBLISHER.replace("{role: implementing, name: {sv: Byn}}", both)
    nodes = standard.parse(valid(published(text, ledger))).iterfind("*/transaction")
    assert [
        (each.findtext("value"), each.findtext("receiver-org/narrative"))
        for each in nodes
    ] == [("5.00", "A"), ("5.00", "B")]


def test_an_objectives_lines_may_have_a_column_of_weights() -> None:
    tag = {"line_id": "a", "right": "health", "share": "0.5", "objective": "o"}
    plain = book([{"line_id": "a", "amount": 10}], [tag])
    heavy = plain.lines.with_columns(weight=pl.lit("12 kg"))
    text = PUBLISHER.replace("    title", "    objective: o\n    title")
    content = valid(published(text, replace(plain, lines=heavy)))
    assert found(content, "budget/value") == ["5.00"]


def test_an_objective_is_the_parts_of_lines_that_serve_it() -> None:
    tag = {"line_id": "a", "right": "health", "share": "0.25", "objective": "o"}
    other = {"line_id": "a", "right": "work", "share": "0.5", "objective": "p"}
    ledger = book(
        [{"line_id": "a", "amount": "10.01"}, {"line_id": "b", "amount": 1}],
        [tag, other],
    )
    text = PUBLISHER.replace("    title", "    objective: o\n    title")
    content = valid(published(text, ledger))
    assert found(content, "budget/value") == ["2.5025"]
    assert found(content, "sector[@vocabulary='99']/@code") == ["health"]


def test_untagged_money_is_a_sector_not_specified() -> None:
    tag = {"line_id": "a", "right": "education.primary", "share": "0.333333"}
    content = valid(published(PUBLISHER, book([{"line_id": "a", "amount": 3}], [tag])))
    assert found(content, "sector[@vocabulary='1']/@code") == ["11220", "99810"]
    assert found(content, "sector[@vocabulary='1']/@percentage") == ["33.33", "66.67"]
    assert found(content, "tag[@vocabulary='2']/@code") == ["4"]


GENDER: Row = {"line_id": "a", "right": "equality.gender", "share": "1"}
NEUTRAL: Row = {"line_id": "a", "right": None, "share": "0", "effect": "neutral"}
MARK: Row = {
    "basis": "donor_marker",
    "state": "proposed",
    "criterion": "donor_marker.dac_gender@1",
}


@pytest.mark.parametrize(
    ("tags", "marker"),
    [
        ([{**GENDER, "basis": "crosswalk", "state": "proposed"}], []),
        ([{**GENDER, "state": "proposed"}], []),
        ([{**GENDER, "state": "read"}], ["1", "1"]),
        ([GENDER, {**GENDER, "line_id": "b"}], ["1", "2"]),
        ([{**GENDER, "right": "work"}], []),
        ([{**GENDER, "right": "work", "line_id": line} for line in "ab"], []),
        (
            [{**NEUTRAL, "line_id": line} for line in "ab"],
            ["1", "0", "3", "0", "10", "0", "11", "0", "2", "0"],
        ),
        ([NEUTRAL], []),
        ([{**NEUTRAL, **MARK, "line_id": line} for line in "ab"], ["1", "0"]),
        ([{**GENDER, "effect": "restricts"}], []),
    ],
)
def test_a_marker_is_what_a_person_judged(tags: list[Row], marker: list[str]) -> None:
    lines: list[Row] = [{"line_id": name, "amount": 1} for name in ("a", "b")]
    content = valid(published(PUBLISHER, book(lines, tags)))
    nodes = standard.parse(content).iterfind("*/policy-marker")
    told = {(each.get("code"), each.get("significance")) for each in nodes}
    assert told == set(zip(marker[::2], marker[1::2], strict=True))


def test_what_the_publisher_says_of_a_marker_wins() -> None:
    text = PUBLISHER.replace("    title", "    markers: {gender: principal}\n    title")
    tags = [{**GENDER, "state": "read"}]
    lines: list[Row] = [{"line_id": name, "amount": 1} for name in ("a", "b")]
    content = valid(published(text, book(lines, tags)))
    assert found(content, "policy-marker/@significance") == ["2"]


GIVEN = "{type: disbursement, date: 2024-01-01"


def test_texts_are_never_markup() -> None:
    hostile = "<x>&amp;]]> \"'--><!ENTITY a"
    text = PUBLISHER.replace("en: Whole", "en: '" + hostile.replace("'", "''") + "'")
    content = valid(published(text, book([{"line_id": "a", "amount": 1}])))
    assert found(content, "title/narrative") == ["Alltihop", hostile]
    assert standard.parse(content).xpath("//x") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ref: SE-ON-2120009994, ", "", "publisher.yaml:1:"),
        ("2120009994", "2120009993", "the last follows from the nine before it"),
        ("SE-ON-2120009994", "Byn", "is no identifier of an organization"),
        ('type: "11"', 'type: "12"', "no code of IATI's list OrganisationType"),
        ('NO: "40"', 'NO: "39"', "are 99 per cent together, not 100"),
        ('NO: "40"', 'XX: "40"', "is no country of ISO 3166-1"),
        ("en: Whole", 'en: "a\\x07b"', "the sign U+0007 can stand in no XML file"),
        ("    title", "    sectors: {'11111': '100'}\n    title", "IATI's list Sector"),
        ("    title", "    sectors: {'11220': '99'}\n    title", "not add up to 100"),
        ("    title", "    markers: {sex: principal}\n    title", "of the markers"),
        ("SE-ON-2120009994", '"SE-ABC-\\x01"', "the sign U+0001 can stand in no XML"),
        ("activities:", 'rights_page: "https://x/\\x01"\nactivities:', "sign U+0001"),
        ("activities:", 'groups_page: "urn:\\x01"\nactivities:', "the sign U+0001"),
        (
            "    title",
            '    dates: {planned_start: "86400"}\n    title',
            "'86400' is no day of the calendar",
        ),
        (
            "    title",
            "    transactions: [{type: disbursement, date: 0, amount: 1}]\n    title",
            "is no day of the calendar",
        ),
        (
            "    title",
            f'    transactions: [{GIVEN}, amount: "-0.0000005"}}]\n    title',
            "is no amount of SEK, which has 2 decimals at most",
        ),
        (
            "    title",
            f"    transactions: [{GIVEN}, amount: 1.5, currency: JPY}}]\n    title",
            "is no amount of JPY, which has 0 decimals at most",
        ),
        ("    title", "    where: project\n    title", "which lines"),
        ("    title", "    where: \"nil = 'x'\"\n    title", "no column 'nil'"),
        ("    title", "    grant: g\n    title", "no grant is called 'g'"),
        ("  all:", "  a/b:", "ends an identifier of IATI"),
        (
            "    title",
            "    dates: {actual_start: 2026-02-01, actual_end: 2026-01-31}\n    title",
            "before it starts",
        ),
        (
            "    title",
            "    dates: {actual_start: 2027-02-01}\n    title",
            "2027-02-01 is after the day of the file, 2026-11-30",
        ),
    ],
)
def test_what_does_not_fit_is_said_where_it_stands(
    old: str, new: str, said: str
) -> None:
    told = refusal(PUBLISHER.replace(old, new), book([{"line_id": "a", "amount": 1}]))
    assert said in told
    assert told.startswith("publisher.yaml")


def test_money_is_published_once() -> None:
    again = PUBLISHER.partition("  all:")[2]
    told = refusal(f"{PUBLISHER}  more:{again}", book([{"line_id": "a", "amount": 1}]))
    assert "line a in all and more" in told


def test_money_of_a_day_to_come_is_refused() -> None:
    lines: list[Row] = [{"line_id": "a", "amount": 1}]
    ledger = book(lines, phase="executed", fiscal_year=2025)
    dated = Ledger(
        *(ledger.budget, 2025, "executed", "SEK"),
        lines=ledger.lines.with_columns(incurred_on=pl.lit("2025-12-24")),
        tags=ledger.tags,
    )
    assert "after the day of the file" in refusal(PUBLISHER, dated, today="2025-12-23")
    assert valid(published(PUBLISHER, dated, today="2025-12-24"))


def test_an_activity_follows_its_dates_through_its_states() -> None:
    ledger = book([{"line_id": "a", "amount": 1}])
    states = [
        found(published(PUBLISHER, ledger, today=today), "activity-status/@code")
        for today in ("2025-12-31", "2026-01-01", "2026-12-31", "2027-01-01")
    ]
    assert states == [["1"], ["2"], ["2"], ["3"]]
