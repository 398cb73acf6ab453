"""The page for residents: its sums, its plain language, and what may be missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from pypdf import PdfReader

from hrbudget.domain.phrase import Figure, Origin, Phrase
from hrbudget.domain.plan import Objective, Plan
from hrbudget.report import figures, language
from hrbudget.report.blocks import (
    Block,
    Card,
    Cell,
    Facts,
    Folded,
    Paragraph,
    Report,
    Table,
)
from hrbudget.report.formats.pdf import document
from hrbudget.report.formats.sources import Sources
from hrbudget.report.kinds.summary import report
from hrbudget.report.language import Code
from hrbudget.report.parts.summary_amounts import Part, about, of_hundred
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book, known
from tests.report.followed import DAY, phrases, said, subject, values, written

SUBJECTS = ("exempelby_2026", "exempelby_2024", "fund_the_plan", "grant_within_bounds")


@pytest.fixture(scope="module")
def pages(answered: Workspace) -> dict[str, Report]:
    """Of a proposed and an executed budget, a proposal, and one that cannot be."""
    return {name: report(reported.subject(answered, Picked(name))) for name in SUBJECTS}


# -- what it says


def test_amounts_of_the_example_are_rounded_and_lead_back(
    pages: dict[str, Report],
) -> None:
    """Of 2 058 119 000 kronor for 24 180 residents."""
    page = pages["exempelby_2026"]
    text = said(page)
    assert "The budget spends about 2,058 million kronor." in text
    assert "That is about 85,000 kronor for each resident." in text
    made = figures.of(page)
    assert made["total/ledger"].value == 205_811_900_000
    assert made["residents/each"].value == Fraction(205_811_900_000, 24_180)
    assert made["about/total/ledger"].origin.made_of == ("total/ledger",)
    grounds = {name for each in made.values() for name in each.origin.made_of}
    assert grounds - made.keys() == set()


def test_of_every_hundred_kronor_none_is_lost(pages: dict[str, Report]) -> None:
    for page in pages.values():
        found = {
            name.removeprefix("hundred/"): int(value)
            for name, value in values(page).items()
            if name.startswith("hundred/")
        }
        assert sum(found.values()) == 100
        assert found.keys() >= {"education", "older.care", "other", "untagged"}


def test_what_rounding_leaves_goes_to_the_largest_remainders() -> None:
    """2/3 and 1/6 of it, twice: 66.67, 16.67 and 16.67 are cut to 66, 16 and 16."""
    ledger = Figure("total/ledger", Fraction(600), Origin(Phrase("")))
    parts = [Part(name, Fraction(value), ()) for name, value in parted.items()]
    assert [each.value for each in of_hundred(parts, ledger)] == [67, 17, 16]


parted = {"one": 400, "two": 100, "three": 100}


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (205_811_900_000, "2,058 million kronor"),
        (120_000_000, "1.2 million kronor"),
        (99_949_900, "999,000 kronor"),
        (13_623_321, "136,000 kronor"),
        (123_456, "1,235 kronor"),
        (40, "0.40\u00a0SEK"),
        (0, "0\u00a0SEK"),
    ],
)
def test_amounts_are_said_as_people_say_them(minor: int, text: str) -> None:
    exact = Figure("x", Fraction(minor), Origin(Phrase("")))
    assert about(exact, "SEK").say(language.of("en", "SEK")) == text


def test_the_gravest_come_first_and_rules_that_must_hold_before_all(
    pages: dict[str, Report],
) -> None:
    (rules,) = [each for each in pages["fund_the_plan"].sections if each.id == "rules"]
    (rows,) = [each.rows for each in rules.blocks if isinstance(each, Facts)]
    told = [(written(title)[0], said(cell)[0]) for title, cell in rows]
    assert told == [
        (
            "Wages of the international partner are not paid with the grant",
            "about 120,000 kronor too much",
        ),
        (
            "Money for adult education does not fall in real terms per inhabitant",
            "about 2.1 million kronor is missing",
        ),
    ]


def test_a_proposal_says_who_gains_and_who_pays(pages: dict[str, Report]) -> None:
    found = values(pages["fund_the_plan"])
    assert found["proposal/added"] == found["proposal/taken"]
    assert found["count/not_met"] == "10"
    assert found["after/count/not_met"] == "5"
    made = figures.of(pages["fund_the_plan"])
    for name, figure in made.items():
        if name.endswith("/change") and not name.startswith("about/"):
            stem = name.removesuffix("/change")
            side = f"{stem}/supports" if stem.startswith("right/") else stem
            assert figure.value == abs(made[f"after/{side}"].value - made[side].value)
    text = said(pages["fund_the_plan"])
    for row in ("More for these rights", "Less for these rights"):
        assert row in text
    impossible = said(pages["grant_within_bounds"])
    assert "What is asked for cannot all be had at once." in impossible


# -- plain language


def texts(page: Report) -> Iterator[Phrase]:
    """The sentences of the page: not the origins of its figures, nor table cells."""
    yield page.notice
    for section in page.sections:
        yield section.title
        for block in section.blocks:
            yield from in_block(block)


def in_block(block: Block) -> Iterator[Phrase]:
    match block:
        case Paragraph():
            yield from in_cell(block.texts)
        case Facts():
            for row in block.rows:
                for cell in row:
                    yield from in_cell(cell)
        case Table():
            yield from in_cell(block.caption)
            for line in block.rows:
                yield from in_cell(line[0])
        case Card() | Folded():
            for each in block.blocks:
                yield from in_block(each)


def in_cell(cell: Cell) -> Iterator[Phrase]:
    for each in cell if isinstance(cell, tuple) else (cell,):
        if isinstance(each, Phrase):
            yield each


WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d[\d.,\u00a0]*")


def sentences(page: Report, code: Code) -> list[list[str]]:
    """Words by sentence, of our own text; what the data says is one word, X."""
    reader = language.of(code, page.currency)
    found: list[list[str]] = []
    for phrase in texts(page):
        ours = "".join(
            piece.text if piece.ours or piece.figure else "X"
            for piece in phrase.pieces(reader)
        )
        for sentence in re.split(r"(?<=[.:?!])\s+(?=[A-ZÅÄÖ(])", ours):
            words = WORD.findall(sentence)
            if words:
                found.append(words)
    return found


def lix(text: list[list[str]]) -> Fraction:
    """Björnsson's readability index (1968): below 40 is easy, from 50 on difficult."""
    words = [word for sentence in text for word in sentence]
    long = sum(len(word) > 6 for word in words)
    return Fraction(len(words), len(text)) + Fraction(100 * long, len(words))


def test_the_readability_index_is_that_of_the_book() -> None:
    """Two sentences of five words, three of the ten longer than six letters."""
    text = [
        ["Detta", "är", "en", "kort", "mening"],
        ["Förvaltningen", "beslutar", "om", "budgeten", "nu"],
    ]
    assert lix(text) == 5 + 30


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("name", SUBJECTS)
def test_the_page_is_short_and_plain(
    pages: dict[str, Report], name: str, code: Code
) -> None:
    text = sentences(pages[name], code)
    # Titles and labels are short by nature; what is read as a text is plain as well.
    running = [each for each in text if len(each) > 3]
    assert lix(text) < 40
    assert lix(running) < 40
    assert [each for each in text if len(each) > 25] == []
    assert sum(map(len, text)) <= 400


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("name", ["exempelby_2026", "fund_the_plan"])
def test_in_print_the_page_has_one_side(
    pages: dict[str, Report], name: str, code: Code
) -> None:
    """Only where the figures come from stands on the sides after it."""
    printed = document(pages[name], language.of(code, "SEK"), Sources(), {})
    first = PdfReader(BytesIO(printed)).pages[0].extract_text()
    *_, last = texts(pages[name])
    words = last.say(language.of(code, "SEK")).split()
    assert " ".join(words) in " ".join(first.split())


@pytest.mark.parametrize("name", SUBJECTS)
def test_no_word_of_the_trade_is_left_unexplained(
    pages: dict[str, Report], name: str
) -> None:
    text = " ".join(
        phrase.say(language.of("en", "SEK")) for phrase in texts(pages[name])
    )
    assert text.index("is called a tag") < text.index("has no tag yet")
    assert "is called a finding" in text
    for word in ("ledger", "progressive", "shadow price", "duty-bearer", "baseline"):
        assert word not in text.lower()


@pytest.mark.parametrize("name", SUBJECTS)
def test_both_languages_of_the_page_say_the_same_figures(
    pages: dict[str, Report], name: str
) -> None:
    told = {
        code: sorted(
            piece.figure.id
            for phrase in phrases(pages[name])
            for piece in phrase.pieces(language.of(code, "SEK"))
            if piece.figure
        )
        for code in language.LANGUAGES
    }
    assert told["en"] == told["sv"]
    patterns = {re.sub(r"\{\w+\}", "", each.pattern) for each in phrases(pages[name])}
    assert [each for each in patterns if any(sign.isdigit() for sign in each)] == []


# -- what may be missing


LINE = [{"line_id": "a", "amount": 1000}]


def test_without_tags_packs_plan_and_people_it_says_so() -> None:
    page = report(subject(book(LINE)))
    text = said(page)
    assert "The budget spends about 1,000 kronor." in text
    assert "No money is linked to a right yet. So we cannot say where it goes." in text
    assert "The budget was not held against any rule." in text
    assert not [each for each in text if "resident" in each or "plan for" in each]
    assert not [name for name in figures.of(page) if name.startswith("hundred/")]


def test_a_number_of_residents_that_is_too_small_to_show_is_not_given_away() -> None:
    rows = [{"fiscal_year": 2026, "group": "all", "persons": 4}]
    shown = known(rows)
    hidden = type(shown)(shown.population, shown.deflators, least_cell=5)
    assert "residents" in figures.of(report(subject(book(LINE), known=shown)))
    assert "residents" not in figures.of(report(subject(book(LINE), known=hidden)))


def test_residents_of_a_later_year_are_not_used() -> None:
    rows = [
        {"fiscal_year": year, "group": "all", "persons": persons}
        for year, persons in ((2024, 10), (2027, 99))
    ]
    page = report(subject(book(LINE), known=known(rows)))
    assert "(10 residents in 2024; source: test.)" in said(page)
    assert values(page)["residents/each"] == "100.00"


def test_a_plan_whose_money_is_not_known_is_not_said_to_be_paid_for() -> None:
    costed = Objective("one", "One", costed_need={date(2026, 1, 1): "900"})
    plan = Plan("The plan", "", None, (costed,), "v1")
    text = said(report(subject(book(LINE), plan)))
    assert "We cannot tell whether there is money for them." in text
    tags = [{"line_id": "a", "right": "equality", "share": "1", "objective": "one"}]
    paid = said(report(subject(book(LINE, tags), plan)))
    assert "Each goal that has a price gets its money." in paid


def test_a_budget_in_another_currency_has_no_kronor() -> None:
    tags = [{"line_id": "a", "right": "equality", "share": "1"}]
    page = report(subject(book(LINE, tags, currency="ZAR")))
    text = said(page)
    assert "The budget spends about 1,000 ZAR." in text
    assert "Of every hundred ZAR" in text
    assert not [each for each in text if "kronor" in each]


def test_money_below_zero_is_not_cut_into_hundredths() -> None:
    lines = [*LINE, {"line_id": "b", "amount": -200}]
    tags = [
        {"line_id": "a", "right": "equality", "share": "1"},
        {"line_id": "b", "right": "education.primary", "share": "1"},
    ]
    made = figures.of(report(subject(book(lines, tags))))
    assert made["total/ledger"].value == 80_000
    assert not [name for name in made if name.startswith("hundred/")]


def test_names_of_the_data_are_never_part_of_a_sentence_of_ours() -> None:
    hostile = "<b>{entity}</b> =cmd|' /C calc'!A0"
    tags = [{"line_id": "a", "right": "equality", "share": "1", "objective": "one"}]
    rows = [{"fiscal_year": 2026, "group": "all", "persons": 4, "source": hostile}]
    plan = Plan(hostile, "", None, (Objective("one", hostile),), "v1")
    about_it = subject(
        book(LINE, tags), plan, known=known(rows), packs=("plan",), on=DAY
    )
    page = report(about_it)
    assert any(hostile in each for each in said(page))
    assert hostile not in "\n".join(each.pattern for each in phrases(page))
    values(page)
