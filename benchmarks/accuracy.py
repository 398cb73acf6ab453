"""How right suggestions are, on texts that neither the words nor the weights saw.

Run: python benchmarks/accuracy.py [folder of labelled texts]
(default: ../shared/data/labelled beside the checkout; it says so where that is absent)

*Held back* are the departments that ``provenance.csv`` does not list: their texts were
never read and never fitted to. *Cross-validated* are all departments, each judged by
weights fitted without it; the words were written with the listed departments in view,
so that table is a little too kind. The keyword list and the majority are baselines.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import baselines
import labelled
import measures
import polars as pl
import suggest_near
import suggest_train
from baselines import Pairs
from measures import show, title

from hrbudget.domain import columns
from hrbudget.errors import CallRefused
from hrbudget.tag.suggest import learned, lexicon, model, near, suggestions
from hrbudget.tag.suggest.model import Model
from hrbudget.tag.suggest.near import Near

FOLDS = 10


def main(folder: Path) -> None:
    """Print every table."""
    if not (folder / "canada").is_dir():
        print(f"data not found: {folder}")
        return
    lines = labelled.canada(folder)
    seen = developed("group")
    fresh = lines.filter(~pl.col("administrative_unit").is_in(seen))
    known = lines.filter(pl.col("administrative_unit").is_in(seen))
    groups = labelled.scored(lines)
    print(
        f"{lines.height} programmes of {units(lines)} departments say whom they help; "
        f"{fresh.height} of {units(fresh)} departments are held back. Scored: "
        f"{len(groups)} person groups with {labelled.EXAMPLES} or more examples."
    )
    held_back(known, fresh, groups)
    crossed(folder, lines, groups)
    french(folder, seen, groups)
    own_tags(lines, groups)
    print_calibration(fresh)
    goals(folder)
    functions()
    title("Languages")
    print("English, French: above. Swedish: names of functions against our own")
    print("crosswalk only. Spanish: not measured.")


def developed(kind: str) -> list[str]:
    """The departments (of groups) or snippets (of goals) that were fitted to."""
    rows = pl.read_csv(lexicon.DATA / "provenance.csv", infer_schema=False)
    listed = rows.filter(pl.col("what") == f"{kind} developed on")["value"].item()
    return str(listed).split(";")


def units(lines: pl.DataFrame) -> int:
    """How many departments."""
    return lines["administrative_unit"].n_unique()


def every_concept(known: Model) -> Model:
    """The model with concepts suggested that no taxonomy of ours has."""
    names = {name: name for name in known.lexicon.suggests}
    return replace(known, lexicon=replace(known.lexicon, suggests=names))


def found(lines: pl.DataFrame, known: Model) -> Pairs:
    """Line and group of every suggestion that would be shown as likely."""
    told = suggestions.suggest(lines, every_concept(known), top=100)
    return likely(told)


def found_near(lines: pl.DataFrame, known: Near) -> Pairs:
    """The same with nearness."""
    known = replace(known, model=every_concept(known.model))
    return likely(near.suggest(lines, known, top=100))


def unseen_near(lines: pl.DataFrame) -> Pairs | None:
    """What the extra finds, where it is installed."""
    return found_near(lines, near.default()) if near.available() else None


def likely(told: pl.DataFrame) -> Pairs:
    """Groups of suggestions that reach the threshold."""
    hits = suggestions.likely(told).filter(pl.col("kind") == "group")
    return set(hits.select("line_id", "id").iter_rows())


def held_back(known: pl.DataFrame, fresh: pl.DataFrame, groups: list[str]) -> None:
    """The departments that nobody looked at."""
    title("Who is helped: departments held back, English")
    columns_ = {
        "keywords": baselines.keywords(fresh),
        "majority": baselines.majority(fresh),
        "tf-idf": baselines.tfidf(known, fresh),
        "default": found(fresh, model.default()),
        "[suggest]": unseen_near(fresh),
    }
    show(fresh, groups, columns_)
    some = fresh.filter(pl.col("groups").list.len() > 0)
    print("\nOf programmes that help persons only (others left out):")
    show(some, groups, columns_, rows=False)


def crossed(folder: Path, lines: pl.DataFrame, groups: list[str]) -> None:
    """Every department by weights fitted without it."""
    title(f"Who is helped: {FOLDS} folds of departments, each unseen, English")
    pairs = suggest_train.groups(folder)
    nearness = suggest_near.measured(lines) if near.available() else None
    fold = {
        unit: baselines.fold(unit, FOLDS)
        for unit in lines["administrative_unit"].unique().to_list()
    }
    of_pairs = pl.col("administrative_unit").replace_strict(fold)
    columns_: dict[str, Pairs | None] = {
        "keywords": baselines.keywords(lines),
        "majority": baselines.majority(lines),
        "tf-idf": set(),
        "default": set(),
        "[suggest]": None if nearness is None else set(),
    }
    for each in range(FOLDS):
        asked, known = lines.filter(of_pairs == each), lines.filter(of_pairs != each)
        if asked.is_empty():
            continue
        others = pairs.filter(of_pairs != each)
        if nearness is None:
            plain, both = suggest_train.people(others, known)[0], None
        else:
            seen = nearness.join(known, on="line_id", how="semi")
            plain, both = suggest_near.train(known, others, seen)
        more = {
            "tf-idf": baselines.tfidf(known, asked),
            "default": found(asked, plain),
            "[suggest]": None if both is None else found_near(asked, both),
        }
        for name, pairs_found in more.items():
            before = columns_[name]
            missing = before is None or pairs_found is None
            columns_[name] = None if missing else before | pairs_found
    show(lines, groups, columns_)
    some = lines.filter(pl.col("groups").list.len() > 0)
    print("\nOf programmes that help persons only (others left out):")
    show(some, groups, columns_, rows=False)


def french(folder: Path, seen: list[str], groups: list[str]) -> None:
    """The same programmes by their French texts."""
    title("Who is helped: departments held back, French")
    lines = labelled.canada(folder, "fr")
    fresh = lines.filter(~pl.col("administrative_unit").is_in(seen))
    columns_ = {
        "majority": baselines.majority(fresh),
        "default": found(fresh, model.default()),
    }
    show(fresh, groups, columns_)
    print("[suggest] leaves French to the default: nearness did worse there.")


def with_extra(known: pl.DataFrame, fresh: pl.DataFrame) -> Pairs | None:
    """What the extra finds after learning from the tags of known lines."""
    try:
        shipped: Model | Near = every_concept(model.default())
        if near.available():
            shipped = replace(near.default(), model=shipped)
        taught = learned.learn(known, as_tags(known), shipped)
    except CallRefused:
        return None
    return likely(learned.suggest(fresh, taught, top=100))


def own_tags(lines: pl.DataFrame, groups: list[str]) -> None:
    """What the extra is for: half of the entity's own programmes are tagged."""
    title("Who is helped: half of each department's own programmes tagged, English")
    half = pl.col("line_id").map_elements(
        lambda line: baselines.fold(line, 2) == 0, return_dtype=pl.Boolean
    )
    known, asked = lines.filter(half), lines.filter(~half)
    columns_ = {
        "keywords": baselines.keywords(asked),
        "tf-idf": baselines.tfidf(known, asked),
        "default": found(asked, model.default()),
        "[suggest]": with_extra(known, asked),
    }
    show(asked, groups, columns_)


def as_tags(lines: pl.DataFrame) -> pl.DataFrame:
    """The true groups of lines, as approved tags."""
    fixed = {
        "share": pl.lit(0, pl.Int64),
        "effect": pl.lit("supports"),
        "basis": pl.lit("imported"),
        "state": pl.lit("approved"),
    }
    rest = [
        pl.lit(None, each.dtype).alias(each.name)
        for each in columns.TAGS
        if each.name not in {"line_id", "groups", *fixed}
    ]
    return lines.select("line_id", "groups", *rest, **fixed).select(columns.TAG_NAMES)


def print_calibration(fresh: pl.DataFrame) -> None:
    """Whether a stated probability is what is observed on departments held back."""
    title("Calibration: departments held back, English")
    told = suggestions.suggest(fresh, every_concept(model.default()), top=100)
    persons = set(labelled.PERSONS.values())
    told = told.filter((pl.col("kind") == "group") & pl.col("id").is_in(persons))
    true = told.join(fresh.select("line_id", "groups"), on="line_id").select(
        "probability", true=pl.col("groups").list.contains(pl.col("id"))
    )
    measures.calibration(true)


def goals(folder: Path) -> None:
    """Snippets held back: by the words of goals, and by the rights that serve them."""
    if not (folder / "sdg").is_dir():
        print(f"data not found: {folder / 'sdg'}")
        return
    snippets = labelled.sdg(folder).filter(~pl.col("line_id").is_in(developed("goal")))
    told = suggestions.suggest(snippets, every_concept(model.default()), top=100)
    told = suggestions.likely(told)
    named = told.filter(pl.col("kind") == "goal").select(
        "line_id", "probability", goal=pl.col("id").str.slice(5).cast(pl.Int64)
    )
    right = told.filter(pl.col("kind") == "right").join(
        labelled.goals(), left_on="id", right_on="right"
    )
    ways = {"goals' own words": named, "rights that serve them": right}
    for way, rows in ways.items():
        title(f"Sustainable Development Goals by {way}: snippets held back, English")
        best = rows.group_by("line_id", "goal").agg(pl.col("probability").max())
        judged = snippets.join(best, on=["line_id", "goal"], how="left").with_columns(
            found=pl.col("probability").is_not_null(),
            keyword=baselines.goal_named(),
        )
        measures.goals(judged)


def functions() -> None:
    """Names of functions held back, against the project's own crosswalks."""
    title(
        "Rights of functions' names held back, against our own crosswalk (not labels)"
    )
    for language in ("en", "sv"):
        rows = labelled.titles().filter(
            ~pl.col("developed") & (pl.col("language") == language)
        )
        told = suggestions.suggest(rows, model.default(), top=3)
        measures.families(language, rows, told.filter(pl.col("kind") == "right"))


if __name__ == "__main__":
    beside = Path(__file__).resolve().parent.parent.parent / "shared/data/labelled"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else beside)
