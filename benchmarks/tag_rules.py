"""How tagging by rules compares with reading the lines and with pandas, in one run.

A million lines, two hundred rules: a hundred beginnings of codes, sixty lists of words
and phrases, forty filters. Prints seconds of reading the same columns from Parquet, of
our rules and of a straightforward pandas version, and their ratios; the two must give
every line the same tags. Needs pandas and pyarrow (``pip install pandas pyarrow``).

    python benchmarks/tag_rules.py [LINES]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget.domain import taxonomy
from hrbudget.tag.ways import tagrules, textrules
from hrbudget.tag.ways.tagrules import TagRules

RIGHTS = [name for name in taxonomy.rights().titles if "." in name]
FUNDS = [f"fund{number:02}" for number in range(20)]
CATEGORIES = [f"category{number:02}" for number in range(25)]
SYLLABLES = ("för", "sko", "la", "vår", "dom", "sorg", "ti", "rum", "kök", "nä", "re")
READ = ["line_id", "direction", "function", "fund", "cost_category"]
READ += ["description", "amount", "currency"]
RUNS = 3


def words(chance: random.Random, count: int) -> list[str]:
    """Different invented words of two to four syllables."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(found)


def lines(size: int, chance: random.Random, known: list[str]) -> pl.DataFrame:
    """Lines whose texts are all different, as ledgers' texts seldom are."""
    texts = zip(*(chance.choices(known, k=size) for _ in range(4)), strict=True)
    return pl.DataFrame(
        {
            "line_id": [f"l{number:07}" for number in range(size)],
            "direction": ["expenditure"] * size,
            "function": [f"{chance.randrange(100, 1000)}" for _ in range(size)],
            "fund": chance.choices(FUNDS, k=size),
            "cost_category": chance.choices(CATEGORIES, k=size),
            "description": [
                f"{a.capitalize()} {b}, {c}-{d} {number}"
                for number, (a, b, c, d) in enumerate(texts)
            ],
            "amount": [chance.randrange(10**9) for _ in range(size)],
            "currency": ["SEK"] * size,
        }
    )


def conditions(chance: random.Random, known: list[str]) -> list[dict[str, Any]]:
    """Two hundred conditions, the three kinds mixed."""
    made: list[dict[str, Any]] = [
        {"start": f"{chance.randrange(10, 1000)}"} for _ in range(100)
    ]
    for _ in range(60):
        pair = " ".join(chance.sample(known, 2))
        made.append({"words": [pair, *chance.sample(known, 2)]})
    for _ in range(40):
        filters = chance.choice(FUNDS), chance.choice(CATEGORIES)
        made.append({"fund": filters[0], "category": filters[1]})
    chance.shuffle(made)
    return [{**each, "right": chance.choice(RIGHTS)} for each in made]


def as_file(made: list[dict[str, Any]]) -> TagRules:
    """The conditions as a tag-rule file."""
    text = ["title: Benchmark", "language: sv", "rules:"]
    for number, each in enumerate(made):
        text.append(f"  - id: r{number}")
        if "start" in each:
            text.append(f"    codes: {{function: ['{each['start']}*']}}")
        elif "words" in each:
            text.append(f"    words: {each['words']}")
        else:
            where = f"fund = '{each['fund']}' and cost_category = '{each['category']}'"
            text.append(f'    where: "{where} and amount > 1000"')
        text.append(f"    tags: [{{right: {each['right']}, share: '0.5'}}]")
    return tagrules.parse("\n".join(text).encode(), "bench.yaml")


def by_pandas(frame: Any, made: list[dict[str, Any]]) -> Any:  # noqa: ANN401
    """The ordinary way: one mask after another over the column it reads."""
    import pandas as pd  # noqa: PLC0415

    texts = frame["description"].str.lower()
    texts = " " + texts.str.replace(r"\W+", " ", regex=True) + " "
    parts, free = [], pd.Series(data=True, index=frame.index)
    for each in made:
        if "start" in each:
            mask = frame["function"].str.startswith(each["start"])
        elif "words" in each:
            mask = pd.Series(data=False, index=frame.index)
            for word in each["words"]:
                mask |= texts.str.contains(f" {word} ", regex=False)
        else:
            mask = (
                (frame["fund"] == each["fund"])
                & (frame["cost_category"] == each["category"])
                & (frame["amount"] > 100_000)
            )
        found = frame.loc[mask & free, ["line_id"]]
        parts.append(found.assign(right=each["right"], share=500_000))
        free &= ~mask
    return pd.concat(parts)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median seconds of a few runs, and what the last gave."""
    seconds, result = [], None
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def main() -> None:
    """Measure the three in one run and assert that both ways say the same."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    chance = random.Random(20261121)  # noqa: S311  (fixed lines, not a secret)
    known = words(chance, 1_000)
    made = conditions(chance, known)
    rules = as_file(made)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.parquet"
        lines(size, chance, known).write_parquet(path)
        reading, frame = timed(lambda: pl.read_parquet(path, columns=READ))
    ours, ruled = timed(lambda: textrules.apply(frame, rules))
    print(f"{size:,} lines, {len(made)} rules, {ruled.tags.height:,} tags")
    print(f"reading the columns from Parquet {reading:8.2f} s")
    print(f"our rules                        {ours:8.2f} s")
    print(f"ratio to reading                 {ours / reading:8.1f}")
    try:
        table = frame.to_pandas()
    except ModuleNotFoundError:
        print("no pandas here: pip install pandas pyarrow, to compare with it")
        return
    peer, tags = timed(lambda: by_pandas(table, made))
    print(f"pandas                           {peer:8.2f} s")
    print(f"ratio to pandas                  {ours / peer:8.2f}")
    other = pl.from_pandas(tags).select("line_id", "right", "share")
    mine = ruled.tags.select("line_id", "right", "share")
    if not mine.sort("line_id").equals(other.sort("line_id")):
        sys.exit("the two ways differ")
    print("both give every line the same tags")


if __name__ == "__main__":
    main()
