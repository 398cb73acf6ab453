"""What a rule file may not say: each refusal names the place and the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hrbudget.check import check
from hrbudget.errors import InputRefused
from hrbudget.report import language
from hrbudget.rules import pack
from tests.make import Row, book, rule
from tests.rules.packs import AMOUNT, SHARE, write

WHERE = 'form: amount\nat_most: {{2000-01-01: "1"}}\nmeasure: {{where: "{}"}}\n'


def refusal(folder: Path, keys: str) -> str:
    """What is said of a rule with these keys; its head has six lines."""
    with pytest.raises(InputRefused) as refused:
        pack.load(write(folder, bad=keys), None)
    return str(refused.value)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (AMOUNT + "per_head: true\n", "9:1: per_head: found unknown key 'per_head'"),
        (AMOUNT + "per: year\n", "9:6: per: found 'year'; expected 'budget', 'fiscal_"),
        (AMOUNT + AMOUNT, "9:1: found the key 'form' a second time; expected each key"),
        (
            AMOUNT.replace("2000-01-01", "2025-02-29"),
            "8:11: at_most.2025-02-29: found the key '2025-02-29'; expected a value",
        ),
        (AMOUNT.replace('"100"', "[1]"), "8:23: at_most.2000-01-01: found this"),
        (
            AMOUNT.replace('"100"', "1,5"),
            "8:25: at_most.5: found the key '5'; expected",
        ),
        (AMOUNT.replace("2000-01-01", "20260101"), "'20260101' is no day of the cal"),
        (AMOUNT.replace("2000-01-01", "2026-1-1"), "'2026-1-1' is no day of the cal"),
        (AMOUNT.replace('"100"', '"1e5"'), "is not a decimal number"),
        (AMOUNT + "measure: {right: helth}\n", "9:18: measure.right: found 'helth'"),
        (
            AMOUNT + "measure: {group: nobody}\n",
            "'nobody' is no id of the groups taxonomy; near it are boys",
        ),
        (AMOUNT + "measure: [right]\n", "9:10: measure: found this; expected a valid"),
        (AMOUNT + "currency: kr\n", "'kr' is no currency of ISO 4217, such as SEK"),
        (
            AMOUNT + "at_least: {2000-01-01: 1}\n",
            "exactly one of at_least, at_most and",
        ),
        (SHARE.replace("0.15", "15"), "'15' is not from 0 to 1; fifteen per cent is"),
        ("form: amuont\n", "found the form 'amuont'; expected one of amount, share"),
    ],
)
def test_a_rule_that_does_not_say_what_it_means_is_told_where_and_what_is_allowed(
    tmp_path: Path, keys: str, said: str
) -> None:
    text = refusal(tmp_path, keys)
    assert text.startswith("town/bad.yaml")
    assert said in text


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("fund in (select fund from line)", "has no subquery or table"),
        ("fund = 'a'; drop table line", "has no second statement"),
        ("frobnicate(fund) = 'a'", "unsupported function 'frobnicate'"),
        ("line.fund = 'a'", "has no table's name"),
        ("with t as (select 1) select 1", "has no subquery or table"),
        ("sum(amount) over () > 5", "a filter looks at one line at a time"),
        ("regexp_like(fund, 'a|b')", "has no regular expression"),
        ("read_csv('/etc/passwd') = 'a'", "has no table or file"),
    ],
)
def test_a_filter_that_reaches_beyond_its_line_is_refused_at_its_place(
    tmp_path: Path, where: str, said: str
) -> None:
    text = refusal(tmp_path, WHERE.format(where))
    assert text.startswith("town/bad.yaml:9:18: measure.where: found ")
    assert said in text


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("extends: town.floor\n", "found unknown key 'extends'; expected one of title"),
        ("include: [../other.yaml]\n", "found unknown key 'include'; expected one of"),
        ("loop: &a [*a]\n", "found an alias (*a); write out what it stands for"),
        ("measure: &m {where: *m}\n", "found an alias (*m); write out what it stands"),
    ],
)
def test_nothing_refers_to_another_rule_so_no_reference_runs_in_a_circle(
    tmp_path: Path, keys: str, said: str
) -> None:
    """Rules, packs and cases stand alone: no key leads from one file to another."""
    assert said in refusal(tmp_path, AMOUNT + keys)


def test_a_pack_that_names_a_pack_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, top=AMOUNT)
    head = folder / "pack.yaml"
    head.write_text(head.read_text() + "includes: [town]\n")
    with pytest.raises(InputRefused, match="unknown key 'includes'"):
        pack.load(folder, None)


def test_a_folder_that_leads_back_to_itself_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, top=AMOUNT)
    (folder / "again").symlink_to(folder, target_is_directory=True)
    with pytest.raises(InputRefused) as refused:
        pack.load(folder, None)
    assert str(refused.value) == (
        "town/again: found a link to a folder; expected the folder itself; "
        "no rule was loaded"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rule.yml", "found the ending .yml; expected the ending .yaml"),
        ("Rule 1.yaml", "found the name 'Rule 1'; expected small letters, digits"),
        ("a.b.yaml", "found the name 'a.b'; expected small letters, digits and _"),
    ],
)
def test_a_file_whose_path_is_no_id_is_refused_and_never_passed_over(
    tmp_path: Path, name: str, said: str
) -> None:
    folder = write(tmp_path, top=AMOUNT)
    (folder / "top.yaml").rename(folder / name)
    with pytest.raises(InputRefused) as refused:
        pack.load(folder, None)
    assert said in str(refused.value)


def test_a_pack_of_the_plan_with_rules_of_its_own_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, top=AMOUNT)
    head = folder / "pack.yaml"
    head.write_text(head.read_text() + "source: plan\n")
    with pytest.raises(InputRefused, match=r"no rules where pack\.yaml has them from"):
        pack.load(folder, None)


LINES: list[Row] = [{"line_id": "a", "amount": "5", "fund": "own"}]


def missing(**keys: Any) -> tuple[str, str]:  # noqa: ANN401
    """Verdict, and what is said to be missing, of a rule on one line."""
    on = book(LINES)
    (finding,) = check(on, rule(on, **keys)).findings
    english = language.of("en", "SEK")
    said = "; ".join(part.say(english) for part in finding.requirement.missing)
    return finding.verdict, said


def test_a_rule_that_names_a_column_no_budget_has_is_not_assessed_and_names_it() -> (
    None
):
    """Any column of a budget's file may be used, so only the budget can tell."""
    assert missing(form="amount", at_most="9", measure={"where": "colour = 'red'"}) == (
        "not_assessed",
        "budget (2026 proposed) has no column colour",
    )
    assert missing(form="eligible", require="colour = 'red'") == (
        "not_assessed",
        "budget (2026 proposed) has no column colour",
    )


def test_a_value_dated_in_the_future_only_is_not_in_force_and_says_from_when() -> None:
    assert missing(form="amount", at_most={"2030-01-01": "9"}) == (
        "not_assessed",
        "the rule is in force only from 2030-01-01",
    )
