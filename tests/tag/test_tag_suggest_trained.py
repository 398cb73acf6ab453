"""What suggestions ship with was made only from texts that may be looked at."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from hrbudget.tag.suggest import lexicon

_PARTS = (
    "labelled",
    "baselines",
    "measures",
    "suggest_cuts",
    "suggest_train",
    "suggest_near",
)
BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"


@pytest.fixture
def labelled(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """``benchmarks/labelled.py``, which is a program's part and not installed."""
    return load(monkeypatch, "labelled")


def load(monkeypatch: pytest.MonkeyPatch, name: str) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def provenance(what: str) -> set[str]:
    rows = pl.read_csv(lexicon.DATA / "provenance.csv", infer_schema=False)
    listed = rows.filter(pl.col("what") == what)["value"].item()
    return set(listed.split(";"))


def test_the_weights_name_developed_departments_only(labelled: ModuleType) -> None:
    departments = provenance("group developed on")
    assert departments
    assert all(labelled.developed(each) for each in departments)
    assert all(labelled.developed(each) for each in provenance("goal developed on"))


def test_departments_developed_on_and_held_back_share_no_programme(
    labelled: ModuleType, shared_data: Path
) -> None:
    lines = labelled.canada(shared_data / "labelled")
    seen = provenance("group developed on")
    fresh = lines.filter(~pl.col("developed"))
    assert not fresh.is_empty()
    assert set(fresh["administrative_unit"]).isdisjoint(seen)
    assert set(lines.filter("developed")["administrative_unit"]) >= seen


def test_training_again_gives_the_same_files(
    monkeypatch: pytest.MonkeyPatch, shared_data: Path, tmp_path: Path
) -> None:
    for name in ("labelled", "suggest_cuts"):
        load(monkeypatch, name)
    train = load(monkeypatch, "suggest_train")
    train.make(shared_data / "labelled", tmp_path)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert set(made) == {
        "weights.csv",
        "offsets.csv",
        "calibration.csv",
        "provenance.csv",
    }
    shipped = {name: (lexicon.DATA / name).read_bytes() for name in made}
    assert made == shipped


def test_accuracy_says_so_when_there_are_no_labelled_texts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in _PARTS:
        load(monkeypatch, name)
    load(monkeypatch, "accuracy").main(tmp_path)
    assert capsys.readouterr().out == f"data not found: {tmp_path}\n"
