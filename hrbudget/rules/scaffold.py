"""The start of a new rule: a file that loads, and cases that fail until filled in."""

from __future__ import annotations

import re
from pathlib import Path

from hrbudget.errors import CallRefused, NotFound
from hrbudget.rules.forms import FORMS
from hrbudget.rules.pack import HEAD

_WORD = re.compile(r"[a-z0-9][a-z0-9_]*")

_PACK = """\
title: "Fill in: what the pack is"
description: |
  Fill in what its rules ask, and where they come from.
"""

_RULE = """\
title: "Fill in: one sentence that says what is asked"
title_sv: "Fyll i: samma mening på svenska"
obligation: fiscal_limit
effect: progressive
reference:
  - {title: "Fill in the source", paragraph: "", href: ""}
description: |
  Fill in what is counted, what the source says, and what the rule does not say.
applies_to: {direction: expenditure}
"""

#: The keys of each form. null: no source sets the number, so the entity must enter it;
#: the date is the day from which the value is in force.
_KEYS = {
    "amount": """\
form: amount
measure: {where: "function = 'fill in'"}
at_least: {2000-01-01: null}
""",
    "share": """\
form: share
measure: {where: "function = 'fill in'"}
of: {}
at_least: {2000-01-01: null}
""",
    "per_person": """\
form: per_person
measure: {where: "function = 'fill in'"}
persons: {group: all}
at_least: {2000-01-01: null}
""",
    "growth": """\
form: growth
measure: {where: "function = 'fill in'"}
against: {fiscal_year: -1, phase: approved}
at_least: {2000-01-01: null}
""",
    "parity": """\
form: parity
measure: {where: "function = 'fill in'"}
compare: {group: women}
weigh: population
between: {2000-01-01: [null, null]}
""",
    "unit_cost": """\
form: unit_cost
measure: {where: "function = 'fill in'"}
entitled: {group: all}
unit_cost: {2000-01-01: null}
standard: {2000-01-01: "1"}
""",
    "eligible": """\
form: eligible
require: "cost_category in ('fill in')"
""",
    "movement": """\
form: movement
against: {fiscal_year: 0, phase: approved}
per: budget
at_most: {2000-01-01: null}
""",
    "fact": """\
form: fact
require: {fact: fill.in, equals: "true"}
by: 2000-01-01
scope: entity
""",
    "index": """\
form: index
index: gini
over: {district: each}
weigh: population
at_most: {2000-01-01: null}
""",
}

#: A case that is not filled in says a figure that no check gives.
_CASES = """\
# Fill in the lines, tags and facts of each case and what the check must say of them;
# `rules test` runs them. population, need, outcomes, deflators and declared facts
# stand beside lines where the rule needs them, rule_values where its value is null.
- name: "Fill in: met, with room to spare"
  input:
    lines:
      - {line_id: a, amount: "0"}
  output: {verdict: met, measured: "0.01", required: "0", shortfall: "0"}
- name: "Fill in: not met"
  input:
    lines:
      - {line_id: a, amount: "0"}
  output: {verdict: not_met, measured: "0", required: "0.01", shortfall: "0.01"}
- name: "Fill in: exactly at the bound"
  input:
    lines:
      - {line_id: a, amount: "0"}
  output: {verdict: met, measured: "0.01", required: "0.01", shortfall: "0"}
- name: "Fill in: data is missing"
  input:
    lines:
      - {line_id: a, amount: "0"}
  output: {verdict: not_assessed}
"""


def write(folder: Path, name: str, form: str) -> tuple[Path, ...]:
    """Write the start of a rule and of its cases; the files that were written.

    Args:
        folder: of the pack; made where it is not there.
        name: id of the rule, whose first word is the pack.
        form: one of ``FORMS``.

    Raises:
        NotFound: there is no such form.
        CallRefused: the name cannot be a rule's, or is taken.
    """
    if form not in FORMS:
        raise NotFound("form", form, FORMS)
    words = name.split(".")
    if len(words) < 2 or not all(map(_WORD.fullmatch, words)) or "tests" in words:
        message = (
            f"{name!r} is no id of a rule. An id is the pack and the path in it, such "
            "as town.housing.floor: small letters, digits and _."
        )
        raise CallRefused(message)
    inside = Path(*words[1:]).with_suffix(".yaml")
    files = {folder / inside: _RULE + _KEYS[form], folder / "tests" / inside: _CASES}
    for path in files:
        if path.exists():
            message = f"{path} is there already."
            raise CallRefused(message)
    if not (folder / HEAD).is_file():
        files = {folder / HEAD: _PACK, **files}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(files)
