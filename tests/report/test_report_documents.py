"""The report's files: the same bytes for the same input, nothing left in English."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from hrbudget.check import check
from hrbudget.errors import CallRefused
from hrbudget.report.blocks import Kind
from hrbudget.report.documents import FORMATS, documents
from hrbudget.report.formats import html
from hrbudget.report.formats.sources import Sources
from hrbudget.report.kinds import every
from hrbudget.report.language import Language
from hrbudget.report.subject import Subject
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book, rule


@pytest.fixture(scope="module")
def proposal(answered: Workspace) -> Subject:
    """The demo's proposal."""
    return reported.subject(answered, Picked("fund_the_plan"))


def page(subject: Subject, kind: Kind | None = None) -> str:
    return documents(subject, "en", kind, ("html",))["report.html"].decode("utf-8")


def test_the_same_input_makes_the_same_bytes(proposal: Subject) -> None:
    one, other = (documents(proposal, "sv", "summary") for _ in range(2))
    assert one == other
    assert [*one] == [f"report.{each}" for each in FORMATS]


def test_the_json_is_the_same_in_both_languages_and_of_every_kind(
    proposal: Subject,
) -> None:
    one = documents(proposal, "en", None, ("json",))
    assert documents(proposal, "sv", "summary", ("json",)) == one


@dataclass(frozen=True)
class Listening(Language):
    """A Swedish reader who hears which sentences nobody has translated."""

    heard: set[str] = field(default_factory=set, compare=False)

    def translate(self, pattern: str) -> str:
        said = super().translate(pattern)
        if said == pattern and any(each.isalpha() for each in pattern):
            self.heard.add(pattern)
        return said


#: Words that are the same in both languages.
SAME = {"Budget", "Plan", "Scenario", "Version"}


@pytest.mark.parametrize(
    "name", ["exempelby_2024", "exempelby_2026", "fund_the_plan", "grant_within_bounds"]
)
def test_every_sentence_of_every_kind_is_said_in_swedish(
    answered: Workspace, name: str
) -> None:
    reader = Listening("sv", "SEK")
    subject = reported.subject(answered, Picked(name))
    for report in every.reports(subject).values():
        html.page(report, reader, Sources())
    # Ids of facts and units of the plan's indicators are the data's own words.
    ours = {each for each in reader.heard if bare(each)[:1].isupper() or " " in each}
    assert {each for each in ours if any(map(str.islower, bare(each)))} <= SAME


def bare(pattern: str) -> str:
    """A pattern without what stands in its braces."""
    while "{" in pattern:
        before, _, rest = pattern.partition("{")
        pattern = before + rest.partition("}")[2]
    return pattern


def test_the_json_has_every_finding_and_adds_up(proposal: Subject) -> None:
    document = json.loads(documents(proposal, "en", None, ("json",))["report.json"])
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
    written = page(checked_book("<script>alert(1)</script>"))
    assert "<script>" not in written
    assert "&lt;script&gt;" in written


def test_a_budget_without_tags_or_rules_still_has_a_report() -> None:
    on = book([{"line_id": "a", "amount": "5"}])
    subject = Subject(on, check(on, ()), "2026-01-01", (), "Nowhere")
    assert "No rule was checked." in page(subject)
    assert every.kinds(subject) == ("compliance", "summary")


def test_a_kind_that_a_subject_has_not_is_refused_with_the_way_to_it() -> None:
    on = book([{"line_id": "a", "amount": "5"}])
    subject = Subject(on, check(on, ()), "2026-01-01", (), "Nowhere")
    lacks: dict[Kind, str] = {
        "donor": "grants.yaml",
        "follow_up": "plan.yaml",
        "proposal": "hrbudget optimize",
    }
    for kind, way in lacks.items():
        with pytest.raises(CallRefused, match=way):
            page(subject, kind)


def test_an_infeasible_proposal_names_the_rules_that_collide(
    answered: Workspace,
) -> None:
    done = answered.proposal("grant_within_bounds")
    assert done.answer.status == "infeasible"
    subject = reported.subject(answered, Picked("grant_within_bounds"))
    written = documents(subject, "sv", None, ("html",))["report.html"].decode()
    assert "icld.costs.international_wages" in written
    assert "Den internationella partens löner betalas inte med bidraget" in written
