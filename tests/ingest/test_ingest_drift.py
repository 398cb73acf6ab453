"""Headers that changed since a mapping was written are told by name, never guessed."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from hrbudget.ingest import drift

MADRID = ("Centro", "Descripción Sección", "Programa", "CRED_INICIAL", "OBL_RECONOC")

headers = st.lists(st.text(min_size=1, max_size=12), max_size=8, unique=True)


def test_the_same_headers_in_another_order_are_no_drift() -> None:
    assert not drift.compare(MADRID, MADRID[::-1])


def test_case_accents_and_signs_make_a_header_renamed() -> None:
    found = ["CENTRO", "Descripcion seccion", "Programa", "cred inicial", "OBL_RECONOC"]
    assert drift.compare(MADRID, found) == drift.Drift(
        (
            ("Centro", "CENTRO"),
            ("Descripción Sección", "Descripcion seccion"),
            ("CRED_INICIAL", "cred inicial"),
        ),
        (),
        (),
    )


def test_a_letter_more_or_less_makes_a_header_renamed() -> None:
    told = drift.compare(["Verksamhetskod", "Belopp"], ["Verksamhetskoder", "Belopp"])
    assert told.renamed == (("Verksamhetskod", "Verksamhetskoder"),)


def test_a_column_of_another_year_is_missing_and_new_not_renamed() -> None:
    told = drift.compare(["Konto", "Budget 2025"], ["Konto", "Budget 2026"])
    assert told == drift.Drift((), ("Budget 2025",), ("Budget 2026",))


def test_another_word_for_the_same_is_missing_and_new_not_renamed() -> None:
    told = drift.compare(["Kostnad", "Konto"], ["Utfall", "Konto", "Not"])
    assert told == drift.Drift((), ("Kostnad",), ("Utfall", "Not"))


def test_two_headers_as_near_as_each_other_are_not_chosen_between() -> None:
    told = drift.compare(["Beskrivning"], ["Beskrivning A", "Beskrivning B"])
    assert told == drift.Drift((), ("Beskrivning",), ("Beskrivning A", "Beskrivning B"))


def test_two_headers_that_fold_to_one_are_not_chosen_between() -> None:
    told = drift.compare(["Konto"], ["KONTO", "konto"])
    assert told.renamed == ()
    assert told.new == ("KONTO", "konto")


def test_headers_of_signs_alone_are_never_renamed() -> None:
    assert drift.compare(["%"], ["#"]) == drift.Drift((), ("%",), ("#",))


@given(headers, headers)
def test_every_header_is_told_once_and_no_pair_twice(
    expected: list[str], found: list[str]
) -> None:
    told = drift.compare(expected, found)
    gone = [one for one, _ in told.renamed] + list(told.missing)
    come = [two for _, two in told.renamed] + list(told.new)
    assert sorted(gone) == sorted(set(expected) - set(found))
    assert sorted(come) == sorted(set(found) - set(expected))


@given(headers, headers, st.integers(0, 1000))
def test_the_order_of_the_file_changes_no_pair(
    expected: list[str], found: list[str], seed: int
) -> None:
    mixed = found.copy()
    random.Random(seed).shuffle(mixed)  # noqa: S311
    assert (
        drift.compare(expected, found).renamed == drift.compare(expected, mixed).renamed
    )
