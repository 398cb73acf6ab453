"""Rows that are no lines are left out with a statement, and only where it is proven."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrbudget import yamlfile
from hrbudget.errors import InputRefused
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.reading import LeftOut
from tests.ingest.reading import issue, lines, places, read


def mapping(text: str) -> Mapping:
    return yamlfile.parse(text.encode(), "town.yaml", Mapping)


PREFIX = mapping("totals: {code: function, how: prefix}\n")
ABOVE = mapping("totals: {code: function, how: above}\n")
BELOW = mapping("totals: {code: function, how: below}\n")
PROVEN = "totals of other rows, proven by adding them up"


def test_rows_that_the_mapping_names_are_left_out_counted_and_added_up() -> None:
    stated = mapping(
        "leave_out:\n"
        "  - {where: '\"Konto nr\" is null', why: footnotes}\n"
        "  - {where: \"amount = 'x'\", why: crossed out}\n"
    )
    text = "Konto nr,amount\n1,5\n,7\n,8.50\n2,x\n"
    done = read(text, stated)
    assert done.issues == ()
    assert done.lines["file_row"].to_list() == [2]
    assert done.left_out == (
        LeftOut(2, "footnotes", 1550),
        LeftOut(1, "crossed out", 0, 1),
    )
    assert "2 rows left out (footnotes), adding up to 15.50" in done.notes


def test_a_row_that_a_filter_cannot_tell_of_stays() -> None:
    stated = mapping("leave_out: [{where: \"function = '1'\", why: x}]\n")
    done = lines("function,amount\n,5\n1,6\n", stated)
    assert done["amount"].to_list() == [500]


@pytest.mark.parametrize("where", ["amount > 5", "sum(amount) = '1'", "delete"])
def test_a_filter_that_is_none_is_refused_in_the_mapping(where: str) -> None:
    with pytest.raises(InputRefused) as refused:
        mapping(f'leave_out: [{{where: "{where}", why: x}}]\n')
    assert str(refused.value).startswith("town.yaml:1:21: leave_out.0.where: ")


def test_a_filter_over_a_header_that_is_not_there_is_refused() -> None:
    stated = mapping("leave_out: [{where: \"Kont = '1'\", why: x}]\n")
    found = issue("Konto,amount\n1,5\n", stated)
    assert found.advice == "did you mean 'Konto'?"


def test_codes_that_begin_others_are_totals_when_they_add_up() -> None:
    text = "function,amount\n4,10\n41,7\n410,3\n411,4\n42,3\n5,1\n"
    done = read(text, PREFIX)
    assert done.lines["function"].to_list() == ["410", "411", "42", "5"]
    assert done.left_out == (LeftOut(2, PROVEN, 1700),)


def test_a_total_that_does_not_add_up_is_told_with_the_difference() -> None:
    found = issue("function,amount\n4,11\n41,7\n42,3\n", PREFIX)
    assert (found.row, found.column) == (2, "amount")
    assert found.found == "the total 11.00 of '4' (difference 1.00)"
    assert found.expected == "10.00, the sum of 2 rows"


def test_totals_hold_within_a_group() -> None:
    stated = mapping("totals: {code: function, by: [entity], how: prefix}\n")
    text = "entity,function,amount\nA,4,3\nA,41,1\nA,42,2\nB,4,5\nC,41,9\n"
    done = lines(text, stated)
    kept = done.select("entity", "function").rows()
    assert kept == [("A", "41"), ("A", "42"), ("B", "4"), ("C", "41")]


def test_subtotals_and_a_grand_total_below_their_rows_are_left_out() -> None:
    text = "function,amount\n1,5\n2,6\nSumma,11\n3,7\n4,8\nSumma nämnd,15\nTotalt,26\n"
    done = read(text, ABOVE)
    assert done.issues == ()
    assert done.lines["function"].to_list() == ["1", "2", "3", "4"]
    assert done.left_out == (LeftOut(3, PROVEN, 5200),)


def test_totals_above_their_rows_are_left_out() -> None:
    text = "function,amount\nTotal,26\n,11\n1,5\n2,6\n,15\n3,7\n4,8\n"
    done = read(text, BELOW)
    assert done.issues == ()
    assert done.lines["function"].to_list() == ["1", "2", "3", "4"]


def test_listed_codes_are_totals_although_they_look_like_others() -> None:
    stated = mapping("totals: {code: function, how: above, codes: ['190']}\n")
    done = read("function,amount\n100,5\n110,6\n190,11\n200,1\n", stated)
    assert done.lines["function"].to_list() == ["100", "110", "200"]


def test_a_listed_total_whose_parts_are_not_there_is_never_dropped() -> None:
    stated = mapping("totals: {code: function, codes: ['190', '290']}\n")
    done = read("function,amount\n190,5\n290,7\n", stated)
    assert [each.row for each in done.issues] == [2, 3]
    assert done.issues[0].expected == "rows that it is the sum of"
    assert "take it out of totals in the mapping" in done.issues[0].advice


def test_totals_of_rounded_figures_may_differ_by_halves_and_it_is_said() -> None:
    stated = mapping("unit: 1000\ntotals: {code: function, codes: ['190']}\n")
    done = read("function,amount\n100,5\n110,6\n190,12\n", stated)
    assert done.issues == ()
    assert done.left_out[0].why == f"{PROVEN}; rounded figures differ by up to 1000.00"


def test_a_larger_difference_than_rounding_makes_is_told() -> None:
    stated = mapping("unit: 1000\ntotals: {code: function, codes: ['190']}\n")
    found = issue("function,amount\n100,5\n110,6\n190,13\n", stated)
    assert found.found == "the total 13000.00 of '190' (difference 2000.00)"


def test_figures_in_thousands_with_decimals_are_rounded_at_their_last_digit() -> None:
    stated = mapping("unit: 1000\ntotals: {code: function, codes: ['190']}\n")
    found = issue("function,amount\n100,5.5\n110,6.2\n190,12\n", stated)
    assert "(difference 300.00)" in found.found


def test_a_total_must_hold_in_every_column_of_money() -> None:
    stated = mapping(
        "totals: {code: function, how: prefix}\n"
        'amounts: {"2025": {fiscal_year: "2025"}, "2026": {fiscal_year: "2026"}}\n'
    )
    text = "function,2025,2026\n4,3,30\n41,1,10\n42,2,21\n"
    found = issue(text, stated)
    assert (found.row, found.column) == (2, "2026")
    done = read(text.replace("21", "20"), stated)
    assert done.left_out == (LeftOut(1, PROVEN, 3300),)


@given(
    st.lists(
        st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_left_out_and_what_stays_is_the_whole_file(
    blocks: list[list[int]],
) -> None:
    rows, total, nr = [], 0, 0
    for block in blocks:
        for amount in block:
            nr += 1
            rows.append(f"{nr},{amount}")
        rows.append(f"Summa,{sum(block)}")
        total += 2 * sum(block)
    done = read("function,amount\n" + "\n".join(rows) + "\n", ABOVE)
    assert done.issues == ()
    assert done.lines.height == nr
    left = sum(each.total for each in done.left_out)
    assert Fraction(done.total + left, 100) == total


@pytest.mark.parametrize(
    "row", ["Summa,11", "Total expenditure,11", "TOTALT:,11", "Ukupno,11", "Всего,11"]
)
def test_a_total_that_nobody_spoke_of_is_told_and_never_dropped(row: str) -> None:
    found = issue(f"description,amount\nSchools,5\nCare,6\n{row}\n")
    assert (found.row, found.column) == (4, "amount")
    assert "the sum of the 2 rows above it" in found.found
    assert "totals: or leave_out:" in found.advice


def test_every_subtotal_and_the_grand_total_are_told() -> None:
    text = "description,amount\na,5\nb,6\nSumma,11\nc,7\nd,1\nSumma,8\nTotalt,19\n"
    assert places(read(text).issues) == [(4, "amount"), (7, "amount"), (8, "amount")]


@pytest.mark.parametrize(
    "rows",
    [
        "Totalförsvar,5\nSummer school,6\nSummary of the year,7\n",
        "Schools,5\nThe total of all schools,5\n",
        "SUM.MAT.ELEC.,5\nTotalisator,10\nLump sum,15\n",
        "Schools,5\nSubtotals are in another file,5\nTotality,10\n",
    ],
)
def test_a_text_that_only_has_such_letters_is_a_line(rows: str) -> None:
    assert lines(f"description,amount\n{rows}").height == rows.count("\n")


SEVERAL = (
    "unit,description,amount\n"
    "School,Teachers,5\nSchool,Rooms,6\nSumma School,,11\n"
    "Care,Homes,7\nSumma Care,,7\n"
    "Totalt,,18\n"
)


def test_every_row_that_says_total_is_asked_about_and_what_it_adds_up_is_told() -> None:
    done = read(SEVERAL)
    assert places(done.issues) == [(4, "amount"), (6, "amount"), (7, "amount")]
    assert [each.found for each in done.issues] == [
        "'Summa School' with 11.00, the sum of the 2 rows above it",
        "'Summa Care' with 7.00, the sum of the 1 row above it",
        "'Totalt' with 18.00, the sum of the 2 totals above it",
    ]


@given(st.sets(st.sampled_from(["Summa School", "Summa Care", "Totalt"]), max_size=2))
def test_to_leave_out_some_totals_is_not_to_leave_out_the_others(
    named: set[str],
) -> None:
    where = " or ".join(f"unit = '{each}'" for each in sorted(named)) or "unit = '-'"
    done = read(SEVERAL, mapping(f'leave_out: [{{where: "{where}", why: sums}}]\n'))
    assert len(done.issues) == 3 - len(named)
    assert done.lines.is_empty()


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            "a,5\nb,6\nSumma,12\n",
            "'Summa' with 12.00, where the 2 rows above it add up to 11.00 (differ",
        ),
        ("Totalt,12\na,5\n", "'Totalt' with 12.00, and no line above it"),
        ("a,5\nKultur totalt,5\n", "'Kultur totalt' with 5.00, the sum of the 1 row"),
        ("a,5\nKultur: summa,5\n", "'Kultur: summa' with 5.00, the sum of the 1 row"),
        ("a,5\nTotal Gas & Power,6\n", "'Total Gas & Power' with 6.00, where the 1"),
        ("Schools,0\nTotal,0\n", "'Total' with 0.00, the sum of the 1 row above it"),
        ("a,9\nb,5\nSumma b,5\n", "'Summa b' with 5.00, the sum of the 1 row above"),
    ],
)
def test_a_row_that_says_total_is_asked_about_whatever_it_adds_up_to(
    rows: str, found: str
) -> None:
    assert issue(f"description,amount\n{rows}").found.startswith(found)


def test_a_total_is_asked_about_once_though_its_years_stand_side_by_side() -> None:
    stated = mapping(
        'amounts: {"2025": {fiscal_year: "2025"}, "2026": {fiscal_year: "2026"}}\n'
    )
    found = issue("description,2025,2026\na,5,7\nb,6,8\nSumma,11,16\n", stated)
    assert (found.row, found.column) == (4, "2026")
    assert found.found.endswith("add up to 15.00 (difference 1.00)")


def test_a_total_that_its_mapping_speaks_of_and_does_not_add_up_is_told_once() -> None:
    found = issue("function,amount\n1,5\n2,6\nSumma,12\n", ABOVE)
    assert "(difference 1.00)" in found.found


def test_a_total_that_stands_in_another_column_than_its_mapping_says_is_told() -> None:
    text = "function,description,amount\n1,a,5\n2,b,6\n3,Summa,11\n"
    assert issue(text, ABOVE).found.startswith("'Summa' with 11.00")


def test_more_totals_than_fit_are_counted() -> None:
    rows = "Total Gas,1\n" * 1000
    done = read(f"description,amount\n{rows}")
    assert len(done.issues) == 200
    assert done.done.untold[0].found == "800 more like these"


def test_rows_that_say_total_are_lines_where_the_mapping_says_so() -> None:
    text = "description,amount\nSchools,5\nTotal  Gas,6\nTotalt,11\n"
    assert lines(text, mapping("totals: none\n"))["amount"].sum() == 2200
    found = issue(text, mapping("no_totals: [Total Gas]\n"))
    assert found.row == 4


def test_an_identifier_that_begins_like_a_total_is_none() -> None:
    assert lines("line_id,amount\nsum-1,5\ntotal:2,6\n").height == 2
    assert issue("line_id,amount\na,5\nTotal,5\n").row == 3


@pytest.mark.parametrize("word", ["nonne", "all", "''"])
def test_a_word_for_totals_is_none_or_refused(word: str) -> None:
    with pytest.raises(InputRefused) as refused:
        mapping(f"totals: {word}\n")
    assert str(refused.value).startswith("town.yaml:1:9: totals: found ")
    assert len(refused.value.issues) == 1
