"""Shipped packs load, their cases hold, and a bad rule file is told line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.errors import CallRefused, InputRefused
from hrbudget.pipeline import cases
from hrbudget.rules import pack
from hrbudget.rules.cases import Example
from hrbudget.workspace import places
from hrbudget.workspace.lookup import load_pack
from tests.rules.packs import shipped_examples, shipped_pack

PACKS = {name: shipped_pack(name) for name in places.pack_folders(None)}
EXAMPLES = shipped_examples()


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{each.rule}: {each.case.name}" for each in EXAMPLES]
)
def test_a_case_holds(example: Example) -> None:
    name = example.rule.partition(".")[0]
    loaded = load_pack(name, None, example.plan) if example.plan else PACKS[name]
    result = cases.run_case(example, loaded)
    assert result.differences == ()


def test_every_rule_has_cases_met_not_met_and_at_the_bound() -> None:
    for loaded in PACKS.values():
        for each in loaded.rules:
            mine = [x.case.output for x in EXAMPLES if x.rule == each.rule.id]
            if each.rule.obligation == "plan_objective":
                continue  # the plan's rules are one form; its cases stand for all
            verdicts = {output.verdict for output in mine}
            assert {"met", "not_met"} <= verdicts, each.rule.id
            assert len(mine) >= 3, each.rule.id


def test_every_rule_has_a_source_and_a_swedish_title() -> None:
    for loaded in PACKS.values():
        for each in loaded.rules:
            assert each.rule.reference[0].title, each.rule.id
            assert each.rule.title_sv, each.rule.id


def test_the_path_of_a_file_is_the_id_of_its_rule() -> None:
    icescr = PACKS["icescr"]
    for path in pack.rule_files(icescr.folder):
        inside = path.relative_to(icescr.folder).with_suffix("")
        assert pack.rule_id(icescr.folder, path) == ".".join(("icescr", *inside.parts))


BAD = """\
title: A rule
obligation: minimum_core
effect: immediate
reference: [{title: A source}]
description: ""
form: amount
measure: {rigth: health}
at_least: {2020-13-01: "1"}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "bad").mkdir()
    (folder / "bad" / "pack.yaml").write_text("title: Bad\ndescription: Bad\n")
    (folder / "bad" / "rule.yaml").write_text(text)
    return folder / "bad"


def test_every_defect_of_a_rule_file_is_told_with_line_and_column(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputRefused) as refused:
        pack.load(write(tmp_path, BAD), None)
    first, second = sorted(map(str, refused.value.issues), reverse=True)
    assert first.startswith("bad/rule.yaml:8:")
    assert second.startswith(
        "bad/rule.yaml:7:11: measure.rigth: found unknown key 'rigth'; "
        "expected one of right, group, objective, where"
    )


@pytest.mark.parametrize("form", ["form: templating", "form: [amount]", ""])
def test_an_unknown_form_is_refused_with_the_list_of_forms(
    tmp_path: Path, form: str
) -> None:
    with pytest.raises(InputRefused, match="one of amount, share"):
        pack.load(write(tmp_path, BAD.replace("form: amount", form)), None)


def test_a_pack_of_the_plan_needs_a_plan() -> None:
    with pytest.raises(CallRefused, match=r"plan\.yaml"):
        pack.load(PACKS["plan"].folder, None)
