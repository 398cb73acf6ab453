"""Whatever is wrong with a certificate is refused in one sentence that names the field.

Each certificate here carries the digest of what it says: the digest is not what finds
the fault.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from hrbudget.cli.verify import checker
from tests.proof.making import Document, Multipliers, as_bytes, proofs, sealed
from tests.proof.worked import EVERY

CHECK = checker()
DROP = object()


def why(content: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(CHECK.Refused) as refused:
        CHECK.verify(content)
    text = str(refused.value)
    assert "\n" not in text
    return text


def put(told: Document, path: str, value: Any) -> Document:  # noqa: ANN401
    """A document with another value in one place."""
    *way, last = path.split("/")
    holder: Any = told
    for name in way:
        holder = holder[int(name) if isinstance(holder, list) else name]
    key = int(last) if isinstance(holder, list) else last
    if value is DROP:
        del holder[key]
    else:
        holder[key] = value
    return sealed(told)


LONG = "1" * 201
#: Case, place, what stands there instead, and what is said.
FAULTS: list[tuple[str, str, Any, str]] = [
    ("reached", "format", "hrbudget certificate 2", "format: is not hrbudget"),
    ("reached", "status", "feasible", "format: is not hrbudget certificate 1, or stat"),
    ("reached", "status", "infeasible", "lines[0].amount: is unknown"),
    ("too much asked", "status", "optimal", "lines[0].amount: is missing"),
    ("reached", "scenario", "", "scenario: is no text"),
    ("reached", "budget", 7, "budget: is no text"),
    ("reached", "currency", None, "currency: is no text"),
    ("reached", "lines", {}, "lines: is no list"),
    ("reached", "lines/0", [], "lines[0]: is no object"),
    ("reached", "lines/0/line_id", "b", "lines[1].line_id: names a line that is there"),
    ("reached", "lines/0/line_id", "", "lines[0].line_id: is no text"),
    ("reached", "lines/0/class", "0", "lines[0].class: is no whole number"),
    ("reached", "lines/0/class", 9, "rows[0].terms.0: stands for nothing"),
    ("reached", "lines/0/low", True, "lines[0].low: is no whole number"),
    ("reached", "lines/0/step", 0, "lines[0].step: is below 1"),
    ("reached", "lines/0/step", -4, "lines[0].step: is below 1"),
    ("reached", "lines/0/amount", None, "lines[0].amount: is no whole number"),
    ("reached", "lines/0/low", 8, "lines[0].amount: is not from low to high"),
    ("reached", "lines/1/high", 12, "lines[1].amount: is not from low to high"),
    ("too much asked", "lines/0/low", 16, "lines[0].low: is not from low to high"),
    ("reached", "lines/0/note", 1, "lines[0].note: is unknown"),
    ("reached", "lines/0/origin", DROP, "lines[0].origin: is missing"),
    ("steps", "lines/0/origin", 11, "odd_lines: 1 lines move by what is no whole"),
    ("steps", "lines/0/step", 3, "odd_lines: 1 lines move by what is no whole"),
    ("odd line", "odd_lines", 0, "odd_lines: 1 lines move by what is no whole"),
    ("odd line", "odd_lines", "1", "odd_lines: is no whole number"),
    ("too much asked", "odd_lines", -1, "odd_lines: 0 lines"),
    ("reached", "rows", None, "rows: is no list"),
    ("reached", "rows/0/sense", "above", "rows[0]: weight is below 0, or sense none"),
    ("reached", "rows/0/sense", ["equal"], "rows[0]: weight is below 0, or sense"),
    ("reached", "rows/1/weight", "-1", "rows[1]: weight is below 0, or sense none"),
    ("reached", "rows/0/id", None, "rows[0].id: is no text"),
    ("reached", "rows/0/bound", 20, "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "1/0", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "20.0", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "2e1", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "9e999999999", "rows[0].bound: is no text of a frac"),
    ("reached", "rows/0/bound", "40/2", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "+20", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", " 20", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "20\n", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "٢٠", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", "NaN", "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", LONG, "rows[0].bound: is no text of a fraction"),
    ("reached", "rows/0/bound", f"1/{LONG}", "rows[0].bound: is no text of a fract"),
    ("reached", "rows/0/bound", "21", "rows[0]: must hold, and the amounts do not"),
    ("reached", "rows/0/level", True, "rows[0].level: is no whole number"),
    ("reached", "rows/0/level", "1", "rows[0].level: is no whole number"),
    ("reached", "rows/0/terms", [], "rows[0].terms: is no object"),
    ("reached", "rows/0/terms/2", "1", "rows[0].terms.2: stands for nothing"),
    ("reached", "rows/0/terms/01", "1", "rows[0].terms.01: stands for nothing"),
    ("reached", "rows/0/terms/x", "1", "rows[0].terms.x: stands for nothing"),
    ("reached", "rows/0/terms/1", 1, "rows[0].terms.1: is no text of a fraction"),
    ("reached", "rows/1/level", 2, "proofs[0].level: is not 2, whose turn it is"),
    ("reached", "rows/1/level", None, "proofs: are not 1: one for each level"),
    ("limit on moves", "moved_limit", "3", "moved_limit: is less than what"),
    ("limit on moves", "moved_limit", 4, "moved_limit: is no text of a fraction"),
    ("limit on moves", "moved_limit", None, "proofs[0]: mu or nu is below 0, or nu"),
    ("limit on moves", "moved_limit", "5", "proofs[0].bound: is not what comes out"),
    ("reached", "proofs", {}, "proofs: is no list"),
    ("reached", "proofs/0", DROP, "proofs: are not 2: one for each level"),
    ("reached", "proofs/0/level", None, "proofs[0].level: is not 1, whose turn"),
    ("reached", "proofs/0/level", True, "proofs[0].level: is not 1, whose turn"),
    ("reached", "proofs/1/level", 1, "proofs[1].level: is not null, whose turn"),
    ("reached", "proofs/0/achieved", "1", "proofs[0].achieved: is not what comes out"),
    ("reached", "proofs/0/bound", "1", "proofs[0].bound: is not what comes out"),
    ("reached", "proofs/0/gap", "1", "proofs[0].gap: is not what comes out"),
    ("reached", "proofs/0/y", [], "proofs[0].y: is no object"),
    ("reached", "proofs/0/y/2", "1", "proofs[0].y.2: stands for nothing"),
    ("reached", "proofs/0/y/-1", "1", "proofs[0].y.-1: stands for nothing"),
    ("reached", "proofs/0/y/1", "-1/9", "proofs[0].y[1]: is on the wrong side of 0"),
    ("reached", "proofs/0/y/1", "10/9", "proofs[0].y[1]: is on the wrong side of 0"),
    ("reached", "proofs/1/y/1", "19/9", "proofs[1].y[1]: is on the wrong side of 0"),
    ("ceiling and equal", "proofs/0/y/1", "1", "proofs[0].y[1]: is on the wrong side"),
    ("ceiling and equal", "proofs/0/y/2", "-2", "proofs[0].y[2]: is on the wrong side"),
    ("ceiling and equal", "proofs/0/y/2", "2", "proofs[0].y[2]: is on the wrong side"),
    ("levels and weights", "proofs/0/y/2", "1/9", "proofs[0].y[2]: is on the wrong"),
    ("reached", "proofs/0/mu", {"1": "1"}, "proofs[0].mu.1: stands for nothing"),
    ("reached", "proofs/1/mu/3", "1", "proofs[1].mu.3: stands for nothing"),
    ("reached", "proofs/1/mu/null", "1", "proofs[1].mu.null: stands for nothing"),
    ("reached", "proofs/1/mu/1", "-2", "proofs[1]: mu or nu is below 0"),
    ("reached", "proofs/1/mu/1", None, "proofs[1].mu.1: is no text of a fraction"),
    ("reached", "proofs/1/nu", "1", "proofs[1]: mu or nu is below 0, or nu is that"),
    ("limit on moves", "proofs/1/nu", "-1", "proofs[1]: mu or nu is below 0"),
    ("reached", "proofs/1/nu", 0, "proofs[1].nu: is no text of a fraction"),
    ("too much asked", "proofs/0/achieved", "0", "proofs[0].achieved: is unknown"),
    ("too much asked", "proofs/0/y/3", "1", "proofs[0].y[3]: is on the wrong side"),
    ("too much asked", "proofs/0/mu/1", "1", "proofs[0].mu.1: stands for nothing"),
    ("too much asked", "proofs/0/bound", "1", "proofs[0].bound: is not what comes out"),
    ("too little moved", "moved_limit", "6", "proofs[0].bound: is not what comes out"),
]


@pytest.mark.parametrize(
    ("case", "path", "value", "said"),
    FAULTS,
    ids=[f"{case}-{path}-{n}" for n, (case, path, _, _) in enumerate(FAULTS)],
)
def test_a_fault_is_refused_and_named(
    case: str,
    path: str,
    value: Any,  # noqa: ANN401
    said: str,
) -> None:
    assert why(as_bytes(put(EVERY[case].document(), path, value))).startswith(said)


@pytest.mark.parametrize(
    ("case", "multipliers"),
    [
        ("too much asked", Multipliers(y={1: 1, 2: 1})),  # 22 - 15 - 15
        ("too much asked", Multipliers()),
        ("too little moved", Multipliers(y={0: -1, 1: 1}, nu="1/2")),
    ],
)
def test_a_true_sum_that_is_not_above_zero_proves_nothing(
    case: str, multipliers: Multipliers
) -> None:
    told = EVERY[case].document()
    told["proofs"] = proofs(told, [multipliers])
    said = "proofs[0].bound: is not what comes out, or proves nothing"
    assert why(as_bytes(sealed(told))) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"odd_lines": 0', '"odd_lines": 0.0', "0.0: is no whole number"),
        ('"odd_lines": 0', '"odd_lines": NaN', "NaN: is no whole number"),
        ('"odd_lines": 0', '"odd_lines": -Infinity', "-Infinity: is no whole number"),
        ('"odd_lines": 0', '"odd_lines": 1e5', "1e5: is no whole number"),
        ('"odd_lines": 0', f'"odd_lines": {LONG}', "11111"),
        ('"odd_lines": 0', f'"odd_lines": {"9" * 9999}', "99999"),
        ('"odd_lines": 0', '"odd_lines": 0, "odd_lines": 0', "odd_lines: stands twice"),
        ('"line_id": "a"', '"line_id": "a", "line_id": "a"', "line_id: stands twice"),
        ('"line_id": "a"', '"line_id": "\\ud800"', "digest: the rest of the file"),
        ('"what_if"', '"whatif"', "digest: the rest of the file is not what"),
    ],
)
def test_what_json_lets_through_is_refused(old: str, new: str, said: str) -> None:
    content = EVERY["reached"].content().decode()
    assert old in content
    assert why(content.replace(old, new, 1).encode()).startswith(said)


def test_a_digest_is_asked_for() -> None:
    told = EVERY["reached"].document()
    del told["digest"]
    assert why(as_bytes(told)) == "digest: is missing"
    assert why(as_bytes({**told, "digest": None})).startswith("digest: the rest")


def test_half_a_letter_is_no_question_mark_to_the_digest() -> None:
    told = put(EVERY["reached"].document(), "lines/0/line_id", "?")
    content = as_bytes(told)
    CHECK.verify(content)
    assert why(content.replace(b'"?"', b'"\\ud800"')).startswith("digest: the rest")


@pytest.mark.parametrize("content", ["[]", "1", '"text"', "null"])
def test_a_document_that_is_no_object_is_refused(content: str) -> None:
    assert "no object" in why(content.encode())


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"[" * 100_000, b"{} {}"]
)
def test_what_is_no_json_document_cannot_be_read(content: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        CHECK.verify(content)


def test_denominators_that_have_nothing_in_common_are_refused() -> None:
    told = EVERY["reached"].document()
    line = told["lines"][0]
    told["lines"] += [
        {**line, "line_id": str(n), "class": n, "amount": line["low"]}
        for n in range(10, 700)
    ]
    terms = {str(n): f"1/{10**150 + n}" for n in range(10, 700)}
    told["rows"].append({**told["rows"][0], "level": 1, "terms": terms})
    said = "rows[2].terms: the common denominator is too long"
    assert why(as_bytes(sealed(told))) == said


def test_what_a_terminal_would_act_upon_is_named_harmlessly() -> None:
    told = EVERY["reached"].document()
    told["lines"][0]["\x1b[2J"] = 1
    assert why(as_bytes(sealed(told))) == "'lines[0].\\x1b[2J': is unknown"


def test_the_document_that_is_returned_is_the_one_that_was_read() -> None:
    content = EVERY["reached"].content()
    told = json.loads(content)
    del told["digest"]
    assert CHECK.verify(content) == told
