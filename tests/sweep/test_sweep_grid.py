"""What a grid combines, and what a variant of a scenario says."""

from __future__ import annotations

from pathlib import Path

import pytest

from hrbudget.errors import CallRefused, InputRefused
from hrbudget.workspace.sweep import grid
from hrbudget.workspace.sweep.grid import Grid
from hrbudget.workspace.sweep.variants import steps, variant_name, varied
from hrbudget.yamlfile import document
from tests.sweep.running import CUT

# -- the grid


def test_a_grid_is_every_combination_in_the_order_it_is_written() -> None:
    made = Grid(("s", "t"), ("w",), ("b", "c"), {"round_to": ("2", "1", "2")})
    assert [
        (each.scenario, each.budget, each.varied[0][1]) for each in made.cells()
    ] == [
        (scenario, budget, value)
        for scenario in "st"
        for budget in "bc"
        for value in ("2", "1")
    ]


def test_a_grid_file_adds_to_the_call_and_looks_beside_itself(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(CUT, encoding="utf-8")
    path = tmp_path / "grid.yaml"
    path.write_text(
        "scenarios: [own.yaml, known]\nworkspaces: [towns/ale]\nbudgets: [b]\n",
        encoding="utf-8",
    )
    made = grid.joined(["first", "known"], ["w/../v", "v"], ["a"], grid.read(path))
    assert made.scenarios == ("first", "known", str(tmp_path / "own.yaml"))
    assert made.workspaces == ("v", str(tmp_path / "towns" / "ale"))
    assert made.budgets == ("a", "b")


def test_without_a_workspace_it_is_the_current_folder() -> None:
    assert grid.joined(["s"], (), (), None).workspaces == (".",)


def test_a_grid_without_a_scenario_is_refused() -> None:
    with pytest.raises(CallRefused, match="name a scenario, or a grid file"):
        grid.joined((), (), (), None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vari: {}\n", "unknown key 'vari'; expected one of scenarios, workspaces"),
        ("vary: {envelop.change: ['1']}\n", "'envelop.change' begins with no key"),
        ("vary: {envelope.: ['1']}\n", "ends before the value"),
        ("vary: {priorities: ['1']}\n", "ends before the value"),
        ("vary: {round_to: []}\n", "at least 1 item"),
    ],
)
def test_a_wrong_grid_file_is_refused_at_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "grid.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        grid.read(path)
    assert str(refused.value).startswith("grid.yaml:1:")
    assert said in str(refused.value)


# -- variants


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("round_to", ("round_to",)),
        ("envelope.change", ("envelope", "change")),
        ("adjust.0.change", ("adjust", "0", "change")),
        ("priorities.icescr.health", ("priorities", "icescr.health")),
        (
            "rule_values.icescr.health.share.at_least",
            ("rule_values", "icescr.health.share", "at_least"),
        ),
    ],
)
def test_ids_of_rules_are_one_key_of_a_dotted_path(
    path: str, keys: tuple[str, ...]
) -> None:
    assert steps(path) == keys


def test_without_a_change_the_file_stays_as_it_is() -> None:
    assert varied(CUT.encode(), "cut", None, ()) == CUT.encode()


def test_a_variant_has_the_values_where_they_were_asked_for() -> None:
    content = 'title: "Å\\x85\\u2028 \\\\ ö"\nadjust: [{where: x, change: "0"}]\n'
    text = varied(
        content.encode(),
        "cut",
        "other",
        (
            ("adjust.0.change", "-0.5"),
            ("rule_values.a.b.at_least", None),
            ("limits.line_up", "0.1"),
        ),
    )
    assert document(text, "v.yaml").plain == {
        "title": "Å\x85\u2028 \\ ö",
        "adjust": [{"where": "x", "change": "-0.5"}],
        "baseline": {"budget": "other"},
        "rule_values": {"a.b": {"at_least": None}},
        "limits": {"line_up": "0.1"},
    }


@pytest.mark.parametrize("path", ["adjust.1.change", "adjust.x.change", "title.a"])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    content = b"title: a\nadjust: [{where: x}]\n"
    with pytest.raises(CallRefused, match="cannot be varied"):
        varied(content, "cut", None, ((path, "1"),))


def test_a_variants_name_is_fit_for_a_file_and_no_other_variants() -> None:
    plain = variant_name("cut", None, (("envelope.change", "-0.05"),))
    assert plain == "cut+envelope.change=-0.05"
    assert variant_name("cut", None, ()) == "cut"
    assert variant_name("cut", "b", ()) == "cut+budget=b"
    wild = [
        variant_name("cut", None, (("protected.0", value),))
        for value in ("../a", "__/a", "x" * 300, "x" * 301, "a\n")
    ]
    assert len(set(wild)) == 5
    assert all(len(name) < 140 and not set("/\n") & set(name) for name in wild)
