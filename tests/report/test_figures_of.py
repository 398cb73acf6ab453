"""Figures lead back: what a total says of its lines and its computation adds up."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from hrbudget.check import check, with_amounts
from hrbudget.domain import taxonomy
from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.domain.phrase import Figure
from hrbudget.report import language
from hrbudget.report.parts.figures_of import of_finding, of_totals
from hrbudget.report.parts.tagged_lines import family
from hrbudget.report.subject import Subject
from hrbudget.workspace import reported
from hrbudget.workspace.workspace import Picked, Workspace
from tests.make import book, rule

ENGLISH = language.of("en", "SEK")


@pytest.fixture(scope="module")
def subject(answered: Workspace) -> Subject:
    return reported.subject(answered, Picked("fund_the_plan"))


def says(figure: Figure) -> str:
    return figure.origin.says.say(ENGLISH).replace("\u00a0", " ")


def of_lines(
    subject: Subject, figure: Figure, effect: str = "supports"
) -> pl.DataFrame:
    """Tags of one effect on the lines that a figure names, with their money."""
    assert figure.origin.lines is not None
    named = pl.DataFrame({"line_id": list(figure.origin.lines.ids)})
    lines = subject.ledger.lines.filter(EXPENDITURE).select("line_id", "amount")
    tags = subject.ledger.tags.filter(pl.col("effect") == effect)
    found = tags.join(named.join(lines, on="line_id"), on="line_id")
    assert set(found["line_id"]) == set(named["line_id"])  # each stands behind it
    return found


def money(tags: pl.DataFrame) -> Fraction:
    product = pl.col("share").cast(pl.Int128) * pl.col("amount")
    return Fraction(int(tags.select(product.sum()).item() or 0), 10**6)


def test_each_total_is_the_sum_over_the_lines_it_names(subject: Subject) -> None:
    figures = of_totals(subject.checked.totals, subject.ledger)
    within = taxonomy.groups().within
    for key, figure in figures.items():
        kind, _, name = key.partition("/")
        if kind == "total":
            continue
        name, _, side = name.partition("/")
        tags = of_lines(subject, figure, side or "supports")
        if kind == "right":
            tags = tags.filter(pl.col("right") == name)
        elif kind == "family":
            mine = [each for each in tags["right"].unique() if family(each) == name]
            tags = tags.filter(pl.col("right").is_in(mine))
        else:
            members = pl.col("groups").list.eval(pl.element().is_in(list(within(name))))
            tags = tags.filter(members.list.any())
        assert money(tags) == figure.value, key
    assert {key.partition("/")[0] for key in figures} == {
        *("total", "right", "family", "group")
    }


def test_the_whole_is_its_lines_and_what_is_tagged_leaves_the_rest(
    subject: Subject,
) -> None:
    figures = of_totals(subject.checked.totals, subject.ledger)
    ledger, tagged, untagged = (
        figures[f"total/{name}"] for name in ("ledger", "tagged", "untagged")
    )
    assert ledger.origin.lines is not None
    spent = subject.ledger.lines.filter(EXPENDITURE)
    assert ledger.origin.lines.ids == tuple(spent["line_id"])
    assert ledger.value == spent["amount"].sum()
    assert untagged.value == ledger.value - tagged.value
    assert untagged.origin.made_of == ("total/ledger", "total/tagged")
    assert says(untagged).startswith("All expenditure, 2,058,119,000 SEK, less")


def test_what_is_after_has_its_own_ids_and_the_same_keys(subject: Subject) -> None:
    assert subject.proposal is not None
    before = of_totals(subject.checked.totals, subject.ledger)
    after = of_totals(subject.proposal[2].totals, subject.ledger, "after/")
    assert after.keys() == before.keys()
    assert {each.id for each in after.values()} == {f"after/{key}" for key in after}


#: 300 kr of 1,000, and 100 that are uncertain.
TOWN = book(
    [{"line_id": "a", "amount": "400"}, {"line_id": "b", "amount": "600"}],
    [
        {
            "line_id": "a",
            "right": "health",
            "share": "0.75",
            "share_low": "0.75",
            "share_high": "1",
        },
        {"line_id": "b", "right": "education", "share": "1"},
    ],
)


def finding(**keys: object) -> dict[str, Figure]:
    (found,) = check(TOWN, rule(TOWN, **keys)).findings  # type: ignore[arg-type]  # keys of a rule's file
    return of_finding(found)


def test_a_share_says_what_it_is_a_part_of() -> None:
    made = finding(form="share", measure={"right": "education"}, of={}, at_least="0.75")
    assert {key: each.value for key, each in made.items()} == {
        "measured": 600_00,
        "required": 750_00,
        "shortfall": 150_00,
    }
    assert says(made["required"]) == (
        "It is 0.75 times 1,000 SEK, the money it is a part of."
    )
    assert made["required"].origin.lines is not None
    assert made["required"].origin.lines.ids == ("a", "b")
    assert says(made["shortfall"]) == (
        "What is required, 750 SEK, less what is measured, 600 SEK."
    )
    assert made["shortfall"].id == "finding/test.rule/shortfall"
    assert made["shortfall"].origin.made_of == (
        "finding/test.rule/measured",
        "finding/test.rule/required",
    )
    assert (made["measured"].origin.rule, made["measured"].origin.version) == (
        "test.rule",
        "v1",
    )
    assert made["measured"].origin.lines is not None
    assert made["measured"].origin.lines.ids == ("b",)


def test_what_is_uncertain_has_both_its_ends() -> None:
    made = finding(form="amount", measure={"right": "health"}, at_least="350")
    ends = {key: made[key].value for key in ("measured", "low", "high", "shortfall")}
    assert ends == {
        "measured": 300_00,
        "low": 300_00,
        "high": 400_00,
        "shortfall": 50_00,
    }
    assert (made["measured"].low, made["measured"].high) == (300_00, 400_00)


def test_a_limit_that_is_kept_says_that_nothing_is_lacking() -> None:
    made = finding(form="amount", measure={"right": "education"}, at_most="700")
    assert says(made["shortfall"]) == "Nothing is lacking: 600 SEK meets 700 SEK."


def test_what_could_not_be_assessed_has_no_figures(subject: Subject) -> None:
    every = subject.checked.findings
    assert {each.verdict for each in every} >= {"not_assessed", "met", "not_met"}
    for each in every:
        made = of_finding(each)
        if each.verdict == "not_assessed" or not each.unit:
            assert made == {}
        else:
            assert made["measured"].value == each.measured.middle
            assert ("shortfall" in made) <= (each.unit == "money")


def test_lines_behind_a_total_do_not_change_with_the_amounts() -> None:
    amounts = pl.DataFrame(
        {"line": [0], "amount": [0]}, schema={"line": pl.UInt32, "amount": pl.Int64}
    )
    after = check(with_amounts(TOWN, amounts), [])
    figure = of_totals(after.totals, TOWN, "after/")["family/health"]
    assert figure.value == 0
    assert figure.origin.lines is not None
    assert figure.origin.lines.ids == ("a",)
