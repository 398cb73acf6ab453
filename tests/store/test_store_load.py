"""Twenty people who write and fifty who read at once lose nothing and see no halves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.store.faults import load, small
from tests.store.faults.reckoning import figures, reckon

pytestmark = pytest.mark.sqlite("it goes to both databases by itself")

#: A minute where nobody waits for it.
_IN_CI = "CI" in os.environ or os.environ.get("HRBUDGET_CI") == "1"
SECONDS = float(os.environ.get("HRBUDGET_LOAD_SECONDS", "60" if _IN_CI else "5"))


def test_nothing_is_lost_and_nothing_half_seen_under_load(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = small.address("postgresql", request)
    load.prepare(url, tmp_path)
    done = load.run(url, tmp_path, SECONDS)
    print(f"\n{load.WRITERS} writers, {load.READERS} readers, {SECONDS:g} seconds:")  # noqa: T201  (figures that were asked for)
    for figure in figures(done):
        print(figure)  # noqa: T201  (the same)
    store = small.opened(url, tmp_path)
    reckon(store, done)
    store.close()
    stored = {each.kind for each in done if each.said == "stored"}
    assert stored == {"tag", "approve", "ingest", "propose"}
    assert len({each.who for each in done if each.marker}) == load.WRITERS
