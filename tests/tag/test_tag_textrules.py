"""Rules over codes, words and filters: the first that fits a line tags it."""

from __future__ import annotations

import unicodedata
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget.domain import columns
from hrbudget.domain.taxonomy import DATA
from hrbudget.errors import CallRefused, InputRefused
from hrbudget.tag.ways import tagrules, textrules, words
from hrbudget.tag.ways.textrules import Ruled

HEALTH = "tags: [{right: health, share: '0.5'}]"
BLANK = {
    "direction": "expenditure",
    "function": None,
    "fund": None,
    "programme": None,
    "description": None,
    "amount": 100,
    "currency": "SEK",
}


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    """Lines a, b, … with these fields."""
    named = [
        {"line_id": chr(ord("a") + number), **BLANK, **row}
        for number, row in enumerate(rows)
    ]
    texts = {"line_id", *BLANK} - {"amount"}
    return pl.DataFrame(named, schema_overrides=dict.fromkeys(texts, pl.String))


def rules(*parts: str, language: str = "sv", name: str = "town.yaml") -> Any:  # noqa: ANN401
    """A file of rules r0, r1, … with these conditions and a tag each."""
    stated = [
        f"  - {{id: r{number}, {part}{'' if 'tags:' in part else ', ' + HEALTH}}}"
        for number, part in enumerate(parts)
    ]
    text = "\n".join(["title: Rules", f"language: {language}", "rules:", *stated])
    return tagrules.parse(text.encode(), name)


def ruled(frame: pl.DataFrame, *parts: str, **options: str) -> Ruled:
    return textrules.apply(frame, rules(*parts, **options))


def fits(condition: str, *descriptions: str | None, language: str = "sv") -> list[bool]:
    """Which of these texts a condition fits."""
    frame = lines(*({"description": text} for text in descriptions))
    found = set(ruled(frame, condition, language=language).tags["line_id"])
    return [line in found for line in frame["line_id"]]


def test_a_phrase_is_found_as_words_in_its_order() -> None:
    texts = ("Agenda 2030, resor", "AGENDA – 2030", "agendan 2030", "2030 agenda")
    assert fits("phrases: [agenda 2030]", *texts) == [True, True, False, False]


def test_a_word_is_found_whole_whatever_stands_around_it() -> None:
    texts = ("Skola", "(skola)", "för-skola/hem", "förskola", "skolan", "skola2")
    assert fits("words: [SKOLA]", *texts) == [True, True, True, False, False, False]


def test_a_stem_is_a_word_that_begins_so() -> None:
    texts = ("skolskjuts", "Skolor", "förskola")
    assert fits("stems: [skol]", *texts) == [True, True, False]


@pytest.mark.parametrize(
    ("language", "stem", "yes", "no"),
    [
        ("sv", "skol", "skolornas", "skolskjuts"),
        ("en", "child", "childs", "childcare"),
        ("es", "escuel", "escuelas", "escuelita"),
        ("fr", "écol", "écoles", "écologie"),
    ],
)
def test_forms_are_the_stem_with_the_endings_of_its_language(
    language: str, stem: str, yes: str, no: str
) -> None:
    assert fits(f"forms: [{stem}]", yes, stem, no, language=language) == [
        True,
        True,
        False,
    ]


def test_a_rule_may_have_a_language_of_its_own() -> None:
    condition = "language: es, forms: [escuel]"
    assert fits(condition, "Las escuelas", language="sv") == [True]


def test_letters_with_marks_are_letters_however_they_are_composed() -> None:
    composed = "Vårdboende på Åland"
    texts = (composed, unicodedata.normalize("NFD", composed), "Vardboende pa Aland")
    assert fits("words: [åland]", *texts) == [True, True, False]
    decomposed = unicodedata.normalize("NFD", "åland")
    assert fits(f"words: [{decomposed}]", *texts) == [True, True, False]


def test_any_of_a_list_and_all_of_the_lists_must_hold() -> None:
    condition = "words: [skola, kök], stems: [hyr]"
    texts = ("skola hyra", "kök, hyrda", "skola", "hyra")
    assert fits(condition, *texts) == [True, True, False, False]


def test_words_that_must_not_be_there_keep_a_line_out() -> None:
    condition = "stems: [förskol], not_words: [avgift, fria platser]"
    texts = ("Förskola", "Förskola, avgift", "Förskola, fria platser", "platser fria")
    assert fits(condition, *texts) == [True, False, False, False]


def test_words_are_looked_for_in_the_columns_that_are_named() -> None:
    frame = lines({"programme": "Skola"}, {"description": "Skola"}, {"fund": "skola"})
    done = ruled(frame, "words: [skola], in: [programme, description]")
    assert done.tags["line_id"].to_list() == ["a", "b"]


def test_codes_are_whole_or_beginnings_that_end_in_a_star() -> None:
    codes = ("407", "4071", "41", "415", "0407")
    frame = lines(*({"function": code} for code in codes))
    done = ruled(frame, "codes: {function: ['407', '41*']}")
    assert done.tags["line_id"].to_list() == ["a", "c", "d"]


def test_money_in_a_filter_is_in_whole_units() -> None:
    frame = lines({"amount": 100_00}, {"amount": 100_01})
    done = ruled(frame, "where: 'amount > 100'")
    assert done.tags["line_id"].to_list() == ["b"]


def test_the_first_rule_that_fits_tags_and_later_ones_show_what_they_would_fit() -> (
    None
):
    frame = lines({"description": "skola kök"}, {"description": "kök"}, {})
    done = ruled(frame, "words: [skola]", "words: [kök]", "words: [skola]")
    assert [each.split(".")[2][:2] for each in done.tags["criterion"]] == ["r0", "r1"]
    assert done.per_rule.rows() == [
        ("r0", 1, 100, 0, 1),
        ("r1", 1, 100, 1, 1),
        ("r2", 0, 0, 1, 1),
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "where: \"fund = 'sida'\"",
        "codes: {function: ['4*']}",
        "words: [skola]",
        "where: 'amount > 0', not_words: [skola]",
    ],
)
def test_an_empty_cell_that_decides_is_not_a_match_and_is_counted(
    condition: str,
) -> None:
    done = ruled(lines({}), condition)
    assert done.tags.is_empty()
    assert done.per_rule["cannot_tell"].to_list() == [1]


def test_an_empty_cell_does_not_matter_where_another_condition_fails() -> None:
    done = ruled(lines({"fund": "eu"}), "where: \"fund = 'sida'\", words: [skola]")
    assert done.per_rule["cannot_tell"].to_list() == [0]


def test_revenue_is_not_tagged() -> None:
    frame = lines({"description": "skola", "direction": "revenue"})
    assert ruled(frame, "words: [skola]").tags.is_empty()


def test_a_tag_says_its_rule_and_the_version_of_the_file() -> None:
    stated = "tags: [{right: education, groups: [children], share: '0.5', "
    stated += "share_low: '0.25', objective: schools}, {right: health, share: '0.5'}]"
    done = ruled(lines({"description": "skola"}), f"words: [skola], {stated}")
    assert done.tags.schema == columns.schema(columns.TAGS)
    tag = done.tags.row(0, named=True)
    assert tag["criterion"].startswith("text_rule.town.r0@")
    assert (tag["basis"], tag["state"]) == ("text_rule", "proposed")
    assert (tag["share"], tag["share_low"], tag["share_high"]) == (
        500_000,
        250_000,
        None,
    )
    assert (tag["objective"], tag["groups"]) == ("schools", ["children"])


def test_the_version_changes_with_the_file_and_keeps_what_it_says_of_itself() -> None:
    text = f"title: A\nversion: '2026'\nrules: [{{id: a, words: [b], {HEALTH}}}]"
    one, other = (
        tagrules.parse(each.encode(), "a.yaml").version
        for each in (text, text.replace("[b]", "[c]"))
    )
    assert one != other
    assert one.startswith("2026-")
    assert len(one) == len("2026-") + 12


def test_the_order_of_lines_makes_no_difference() -> None:
    frame = lines(*({"description": f"skola {n}", "amount": n} for n in range(9)))
    one = ruled(frame, "words: [skola]")
    other = ruled(frame.reverse(), "words: [skola]")
    assert one.tags.equals(other.tags.sort("line_id"))
    assert one.per_rule.equals(other.per_rule)


def test_no_lines_make_no_tags() -> None:
    done = ruled(lines({}).clear(), "words: [skola]", "where: 'amount > 1'")
    assert (done.tags.height, done.per_rule["lines"].sum()) == (0, 0)


@pytest.mark.parametrize(
    ("part", "found", "expected"),
    [
        ("words: [a], tags: [{right: healt}]", "healt", "near it are health"),
        ("words: [a], tags: [{right: health, groups: [kids]}]", "kids", "groups"),
        ("words: [a], tags: [{right: health, share: '1.5'}]", "1.5", "from 0 to 1"),
        ("words: [a], tags: [{right: health}, {right: work}]", "this", "more than 1"),
        ("words: [a], tags: [{effect: neutral, right: work}]", "this", "neither"),
        ("words: [a], tags: [{share: '1'}]", "this", "a right is needed"),
        ("words: ['–']", "–", "at least one letter"),
        ("codes: {function: ['4*7']}", "4*7", "its beginning"),
        ("where: 'sum(amount) > 3'", "sum", "filter"),
        ("not_words: [a]", "this", "which lines"),
        ("wörds: [a]", "unknown key", "words"),
    ],
)
def test_a_defect_is_told_at_its_line_and_column(
    part: str, found: str, expected: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        rules("words: [b]", part)
    issue = refused.value.issues[0]
    assert (issue.row, issue.file) == (5, "town.yaml")
    assert issue.position is not None
    assert issue.position > 1
    assert found in issue.found
    assert expected in issue.expected


def test_two_rules_of_one_name_are_refused() -> None:
    rule = f"{{id: a, words: [b], {HEALTH}}}"
    text = f"title: A\nrules: [{rule}, {rule}]"
    with pytest.raises(InputRefused, match="a stands twice"):
        tagrules.parse(text.encode(), "a.yaml")


def test_a_column_that_lines_do_not_have_is_told_with_those_they_have() -> None:
    with pytest.raises(InputRefused) as refused:
        ruled(lines({}), "words: [a], in: [note]", "where: \"kind = 'x'\"")
    assert [each.found for each in refused.value.issues] == [
        "the column 'note' in rule r0",
        "the column 'kind' in rule r1",
    ]
    assert "description" in refused.value.issues[0].expected


def test_lines_of_two_currencies_are_refused() -> None:
    frame = lines({"currency": "EUR"}, {})
    with pytest.raises(CallRefused, match="EUR"):
        ruled(frame, "where: 'amount > 1'")


letters = st.text("aåÅ\u030aéÉbß 2-", max_size=6)


@given(st.lists(letters, max_size=5), st.lists(letters, min_size=1, max_size=4))
def test_all_words_at_once_are_found_as_one_by_one(
    texts: list[str], asked: list[str]
) -> None:
    wanted = [text for text in asked if words.of(text)]
    patterns = words.sought("words", wanted, "sv") + words.sought("stems", wanted, "sv")
    found = set(words.hits(pl.Series(texts, dtype=pl.String), patterns).iter_rows())
    expected = {
        (row, pattern)
        for row, text in enumerate(texts)
        for pattern in patterns
        if pattern in f" {words.of(text)} "
    }
    assert found == expected


def test_the_rules_of_exempelby_tag_its_budget() -> None:
    town = DATA / "exempelby" / "lines_2026_proposed.csv"
    frame = pl.read_csv(town, infer_schema=False).with_columns(
        pl.col("amount").cast(pl.Int64) * 100
    )
    path = DATA / "tag_rules" / "exempelby.yaml"
    done = textrules.apply(frame, tagrules.parse(path.read_bytes(), path.name))
    counts = {row["rule"]: row for row in done.per_rule.iter_rows(named=True)}
    assert counts["shelter"]["amount"] == 1_220_000_00
    assert counts["preschool"]["also_fits"] == counts["finnish_preschool"]["lines"] == 1
    assert min(row["lines"] for row in counts.values()) == 1
