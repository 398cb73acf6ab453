"""What ``hrbudget optimize --sample`` says of a real proposal under doubt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hrbudget.cli import robust
from hrbudget.pipeline.deciding import propose
from hrbudget.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def told(exempelby: Workspace) -> dict[str, Any]:
    what = exempelby.scenario("five_per_cent_cut")
    around = exempelby.surroundings(what.packs, None)
    done = propose(exempelby.baseline(what), what, around)
    return robust.record(exempelby, done, 200, 1)


def test_the_record_is_json_and_its_counts_belong_together(
    told: dict[str, Any],
) -> None:
    assert json.loads(json.dumps(told)) == told
    drawn = told["sample"]
    assert (drawn["number"], drawn["seed"]) == (200, 1)
    assert drawn["shares_drawn"] > 0
    must = [each["holds_in"] for each in drawn["rules"] if each["must_hold"]]
    assert drawn["all_that_must_hold"] <= min(must)
    times = {each["rule"]: each["holds_in"] for each in drawn["rules"]}
    for each in told["readings"]:
        if each["holds"] != "depends":
            expected = 200 if each["holds"] == "always" else 0
            assert times[each["rule"]] == expected, each


def test_people_read_what_depends_and_what_fails_in_some_draws(
    told: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    robust.show(told)
    out, err = capsys.readouterr()
    depends = [each for each in told["readings"] if each["holds"] == "depends"]
    assert depends
    assert all(each["rule"] in out for each in depends)
    assert "draws." in out
    assert "seed 1." in err
