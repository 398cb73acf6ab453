"""The report: the same bytes for the same input, the same figures in both languages."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import polars as pl
import pytest

from hrbudget.check import check
from hrbudget.domain.finding import Checked
from hrbudget.report.documents import documents
from hrbudget.report.language import LANGUAGES
from hrbudget.report.subject import Subject
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book, rule


@pytest.fixture(scope="module")
def proposal(answered: Workspace) -> Subject:
    """The demo's proposal."""
    return reported.subject(answered, Picked("fund_the_plan"))


class Page(HTMLParser):
    """What of a page matters here: its elements, its text, its language."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def digits(html: bytes) -> list[str]:
    """The figures of a page, without the marks that languages differ in."""
    body = html.decode("utf-8").partition("<main>")[2]
    body = re.sub(r"<svg.*?</svg>", "", body, flags=re.DOTALL)
    words = unescape(re.sub(r"<[^>]*>", "|", body))
    return re.findall(r"\d+", re.sub(r"(?<=\d)[\s,.\u00a0\u202f](?=\d)", "", words))


def test_the_same_input_makes_the_same_bytes(proposal: Subject) -> None:
    assert documents(proposal, "sv") == documents(proposal, "sv")


def test_both_languages_have_the_same_figures(proposal: Subject) -> None:
    english, swedish = (documents(proposal, code) for code in LANGUAGES)
    assert digits(english["report.html"]) == digits(swedish["report.html"])
    assert english["report.json"] == swedish["report.json"]


def test_the_page_says_its_language_and_nothing_of_ours_is_left_in_english(
    proposal: Subject,
) -> None:
    html = documents(proposal, "sv")["report.html"]
    assert Page(html).all("html")[0]["lang"] == "sv"
    # A rule's description is its author's text, and says that it is English.
    ours = re.sub(rb'<p lang="en">.*?</p>', b"", html, flags=re.DOTALL)
    text = " ".join(Page(ours).text)
    for english in ("Findings", "Not met", "falls", "required", "Baseline", "approved"):
        assert not re.search(rf"\b{english}\b", text), english


def test_the_page_fetches_nothing_and_runs_nothing(proposal: Subject) -> None:
    html = documents(proposal, "en")["report.html"]
    page = Page(html)
    assert page.all("script", "link", "img", "iframe") == []
    assert b"@import" not in html
    assert b"url(" not in html.partition(b"<svg")[0]


def test_headings_follow_each_other_and_tables_name_their_headers(
    proposal: Subject,
) -> None:
    page = Page(documents(proposal, "en")["report.html"])
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(each.get("scope") in ("col", "row") for each in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    for each in page.all("div"):
        if each.get("class") == "scroll":
            assert each["tabindex"] == "0"
            assert each["role"] == "region"
            assert each["aria-labelledby"]


def test_the_chart_has_a_text_and_a_table_with_its_figures(proposal: Subject) -> None:
    page = Page(documents(proposal, "en")["report.html"])
    (figure,) = page.all("figure")
    assert figure["role"] == "img"
    assert "The table below has the same figures." in str(figure["aria-label"])
    assert len(page.all("svg")) == 1


def test_ids_are_used_once_and_labels_lead_somewhere(proposal: Subject) -> None:
    page = Page(documents(proposal, "en")["report.html"])
    ids = [each["id"] for _, each in page.elements if each.get("id")]
    svg_free = [each for each in ids if not str(each).startswith("clip")]
    assert len(svg_free) == len(set(svg_free))
    for _, each in page.elements:
        for name in ("aria-labelledby",):
            assert each.get(name) is None or each[name] in ids


def test_the_json_has_every_finding_and_adds_up(proposal: Subject) -> None:
    document = json.loads(documents(proposal, "en")["report.json"])
    totals = document["check"]["totals"]
    by_right = sum(map(Decimal, totals["by_right"].values()))
    assert by_right == Decimal(totals["tagged"])
    assert by_right + Decimal(totals["untagged"]) == Decimal(totals["ledger"])
    assert len(document["check"]["findings"]) == len(proposal.checked.findings)
    moves = document["proposal"]["moves"]
    assert sum(Decimal(each["to"]) - Decimal(each["from"]) for each in moves) == 0
    moved = sum(abs(Decimal(each["to"]) - Decimal(each["from"])) for each in moves)
    assert moved == Decimal(document["proposal"]["movement"])
    assert all(each["because"] for each in moves)


def checked_book(description: str) -> Subject:
    lines = [
        {"line_id": description, "amount": "5", "administrative_unit": description}
    ]
    tags = [{"line_id": description, "right": "health", "share": "1"}]
    on = book(lines, tags)
    floor = rule(on, "x.y", form="amount", measure={"right": "health"}, at_least="9")
    return Subject(on, check(on, floor), "2026-01-01", (), description)


def test_users_text_is_text_and_never_markup() -> None:
    html = documents(checked_book("<script>alert(1)</script>"), "en")["report.html"]
    assert b"<script>" not in html
    assert b"&lt;script&gt;" in html


def test_a_budget_without_tags_or_rules_still_has_a_report() -> None:
    on = book([{"line_id": "a", "amount": "5"}])
    checked: Checked = check(on, ())
    subject = Subject(on, checked, "2026-01-01", (), "Nowhere")
    text = documents(subject, "en")["report.html"].decode()
    assert "No line is tagged to a right yet." in text
    assert "No rule was checked." in text


def test_an_infeasible_proposal_names_the_rules_that_collide(
    answered: Workspace,
) -> None:
    done = answered.proposal("grant_within_bounds")
    assert done.answer.status == "infeasible"
    html = documents(reported.subject(answered, Picked("grant_within_bounds")), "sv")[
        "report.html"
    ]
    page = " ".join(Page(html).text)
    assert "icld.costs.international_wages" in page
    assert "Den internationella partens löner betalas inte med bidraget" in page
    assert isinstance(done.proposal.lines, pl.DataFrame)
