"""Cases of facts and indices: what a case may know beside its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.errors import InputRefused
from hrbudget.pipeline.cases import run_case
from hrbudget.rules import pack
from hrbudget.rules.cases import examples

HEAD = """\
title: A rule
obligation: donor_condition
effect: immediate
reference: [{title: A source}]
description: ""
"""
AUDIT = f"""\
{HEAD}form: fact
require: {{fact: audit}}
by: {{days: 90, after: "deadline:end"}}
"""
SPREAD = f"""\
{HEAD}form: index
index: gini
over: {{district: each}}
weigh: need
at_most: {{2020-01-01: "0.25"}}
"""
PATH = f"""\
{HEAD}form: index
index: serf
achieved: {{outcome: coverage}}
at_least: {{2020-01-01: "50"}}
"""
AUDIT_CASES = """\
- name: An audit ninety days after the end is in time
  input:
    lines: [{line_id: a, amount: "1"}]
    declared:
      - {id: "deadline:end", value: "true", on: 2025-10-02}
      - {id: audit, value: "true", on: 2025-12-31, document: Dnr 1}
  output: {verdict: met}
- name: An audit a day later is late
  input:
    lines: [{line_id: a, amount: "1"}]
    declared:
      - {id: "deadline:end", value: "true", on: 2025-10-02}
      - {id: audit, value: "true", on: 2026-01-01, document: Dnr 1}
  output: {verdict: not_met}
- name: Nobody has declared an audit
  input: {lines: [{line_id: a, amount: "1"}]}
  output: {verdict: not_assessed}
"""
SPREAD_CASES = """\
- name: Money follows half of the need
  input:
    lines:
      - {line_id: a, amount: "1", district: Norr}
      - {line_id: b, amount: "1", district: Öst}
    need:
      - {fiscal_year: "2026", district: Norr, need: "1.5"}
      - {fiscal_year: "2026", district: Öst, need: "0.5"}
  output: {verdict: met}
"""
PATH_CASES = """\
- name: Half of all are covered
  input:
    lines: [{line_id: a, amount: "1"}]
    outcomes: [{name: coverage, fiscal_year: "2026", value: "50"}]
  output: {verdict: met}
"""


def write(folder: Path) -> Path:
    """A pack of three rules and their cases."""
    files = {
        "pack.yaml": "title: A pack\ndescription: A pack\n",
        "audit.yaml": AUDIT,
        "spread.yaml": SPREAD,
        "path.yaml": PATH,
        "tests/audit.yaml": AUDIT_CASES,
        "tests/spread.yaml": SPREAD_CASES,
        "tests/path.yaml": PATH_CASES,
    }
    for name, text in files.items():
        path = folder / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "mine"


def test_a_case_states_need_outcomes_and_declared_facts(tmp_path: Path) -> None:
    folder = write(tmp_path)
    mine = pack.load(folder, None)
    results = [run_case(each, mine) for each in examples(folder)]
    assert [each.differences for each in results] == [()] * 5


def test_a_declared_fact_of_a_case_is_read_as_strictly_as_a_file(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path)
    cases = folder / "tests" / "audit.yaml"
    cases.write_text(AUDIT_CASES.replace('"true", on: 2025-12-31', "sure, on: 2025"))
    with pytest.raises(InputRefused, match=r"audit\.yaml:6:\d+: 0\.input\.declared"):
        examples(folder)


def test_a_bad_key_of_an_index_is_told_with_its_place(tmp_path: Path) -> None:
    folder = write(tmp_path)
    bad = SPREAD.replace("weigh: need", "weigh: needs")
    (folder / "spread.yaml").write_text(bad, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        pack.load(folder, None)
    (issue,) = refused.value.issues
    assert (issue.row, issue.column) == (9, "weigh")
