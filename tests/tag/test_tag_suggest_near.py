"""The extra's nearness: what it adds, where it keeps silent, and where it came from."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from hrbudget.errors import CallRefused
from hrbudget.tag.suggest import learned, lexicon, model, near, suggestions, text
from hrbudget.tag.suggest.near import Near
from tests.tag.test_tag_suggest import lines
from tests.tag.test_tag_suggest_trained import load

needs_vectors = pytest.mark.skipif(
    not near.available(), reason="wordllama of the extra [suggest] is not installed"
)

TEXTS = (
    "Support for crop growers and dairy holdings after drought",
    "Counting of the ballots at the polling stations",
    "Pensions for those who served in the wars, and for their widows",
    "Schools, pupils and the training of the teachers",
)


def cosine(one: str, other: str) -> int:
    """Of two texts, in millionths."""
    first, second = near.vectors_of([one, other]).tolist()
    return int(sum(a * b for a, b in zip(first, second, strict=True)) >> 20)


def test_without_the_extra_the_refusal_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "wordllama", None)
    assert not near.available()
    with pytest.raises(CallRefused, match=r"hrbudget\[suggest\]"):
        near.suggest(lines("Home help"))


def test_other_vectors_than_the_weights_were_made_with_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("weights/l2_supercat_256.safetensors", "__init__.py"):
        (tmp_path / "wordllama" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "wordllama" / name).write_bytes(b"")
    pieces = tmp_path / "wordllama/tokenizers/l2_supercat_tokenizer_config.json"
    pieces.parent.mkdir()
    pieces.write_bytes(b"{}")
    monkeypatch.delitem(sys.modules, "wordllama", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(CallRefused, match="version"):
        near.suggest(lines("Home help"))


@needs_vectors
def test_what_means_the_same_is_nearer_than_what_does_not() -> None:
    assert cosine("the farmer milks cows", "dairy agriculture") > cosine(
        "the farmer milks cows", "railway signals"
    )
    assert cosine("Elections", "Elections") == pytest.approx(2**20, abs=2**8)
    assert cosine("", "Elections") == 0


@needs_vectors
def test_a_text_about_a_matter_is_likelier_than_one_that_only_has_the_word() -> None:
    told = near.suggest(
        lines(
            "Advice to consumers about complaints, refunds and the prices in the shops",
            "The consumer electronics of the naval radar and of the weather stations",
        )
    )
    rows = told.filter(pl.col("id") == "consumers").sort("line_id")
    first, second = rows["probability"].to_list()
    assert first > second


@needs_vectors
def test_nearness_names_itself_and_the_words_of_the_text() -> None:
    budget = lines(*TEXTS)
    normal = budget.select("line_id", text=text.normal(pl.col("description")))
    told = near.suggest(budget)
    assert told.schema == suggestions.SUGGESTED
    ours = told.filter(pl.col("criterion") == near.default().criterion)
    assert {"small_producers", "voters"} <= set(ours["id"])
    assert set(ours["kind"]) == {"group"}
    each = ours.explode("because").join(normal, on="line_id")
    assert all(
        word in whole for word, whole in each.select("because", "text").iter_rows()
    )
    tags = suggestions.as_tags(told, budget)
    assert tags["criterion"].to_list() == [model.default().criterion] * tags.height


@needs_vectors
def test_rights_and_groups_it_is_not_believed_for_stay_the_lexicons() -> None:
    budget = lines(*TEXTS, "Refugees and families with their children; prison inmates")
    shipped = near.default()
    believed = shipped.offsets.filter(pl.col("believed") == 1)["concept"]
    silent = shipped.offsets.filter(pl.col("believed") == 0)["concept"]
    assert len(believed) > 0
    key = ["line_id", "kind", "id"]
    spoken_for = [shipped.model.lexicon.suggests[each] for each in believed]
    both = suggestions.suggest(budget, top=100).filter(~pl.col("id").is_in(spoken_for))
    ours = near.suggest(budget, top=100).join(both, on=key, how="semi")
    assert {"parents", "migrants"} <= set(silent)
    assert ours.drop("rank").sort(key).equals(both.drop("rank").sort(key))


@needs_vectors
def test_languages_it_was_not_measured_in_are_left_to_the_lexicon() -> None:
    budget = lines(
        "Stöd till konsumenter och till jordbrukare",
        "Information aux consommateurs et aux agriculteurs",
        "Ayuda a los consumidores y a los agricultores",
    )
    told = near.suggest(budget, top=100)
    assert not told.is_empty()
    assert set(told["criterion"]) == {model.default().criterion}


@needs_vectors
def test_the_same_lines_in_any_order_give_the_same_bytes() -> None:
    budget = lines(*TEXTS, *TEXTS, unit="A")
    shuffled = budget.sort("description", "line_id", descending=True)
    once, again = near.suggest(budget), near.suggest(shuffled)
    assert once.write_ipc(None).getvalue() == again.write_ipc(None).getvalue()


@needs_vectors
def test_texts_without_words_and_budgets_without_texts_have_no_row() -> None:
    assert near.suggest(lines("4711", "", "xyzzy")).is_empty()
    assert near.suggest(lines()).schema == suggestions.SUGGESTED


@needs_vectors
def test_what_is_learnt_here_has_nearness_to_beat() -> None:
    pytest.importorskip("sklearn")
    from tests.tag.test_tag_suggest_learned import approved, budget  # noqa: PLC0415

    taught = learned.learn(budget(), approved(budget()))
    assert isinstance(taught.model, Near)
    elsewhere = lines(*TEXTS, unit="Hemtjänsten")
    assert learned.suggest(elsewhere, taught).equals(near.suggest(elsewhere))


@needs_vectors
def test_making_the_weights_again_gives_the_same_files(
    monkeypatch: pytest.MonkeyPatch, shared_data: Path, tmp_path: Path
) -> None:
    for name in ("labelled", "suggest_cuts", "suggest_train"):
        load(monkeypatch, name)
    load(monkeypatch, "suggest_near").make(shared_data / "labelled", tmp_path)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert sorted(made) == [
        "near_calibration.csv",
        "near_offsets.csv",
        "near_weights.csv",
    ]
    assert made == {name: (lexicon.DATA / name).read_bytes() for name in made}
