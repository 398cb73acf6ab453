"""tags.csv and its manifest are verified by a script that knows nothing of us."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from hrbudget.domain import columns, taxonomy
from hrbudget.tag import portable
from tests.tag.tagging import tag, tags

SHIPPED = taxonomy.DATA / "portable"
SCHEMA: dict[str, Any] = json.loads((SHIPPED / "tags.schema.json").read_bytes())
LINES = pl.DataFrame(
    [
        {"line_id": line, "amount": amount, "direction": direction}
        for line, amount, direction in (
            ("=a", 100_001, "expenditure"),
            ("b", 50, "expenditure"),
            ("c", 999, "revenue"),
        )
    ]
).with_columns(
    fiscal_year=pl.lit(2026, pl.Int32),
    phase=pl.lit("approved"),
    currency=pl.lit("SEK"),
)
TAGS = tags(
    tag(line_id="=a", share=350_000, groups=["women", "men"], evidence="one\ntwo"),
    tag(line_id="=a", right="work", share=650_000, share_low=1, criterion="c@1"),
    tag(line_id="b", share=333_333, effect="restricts"),
    tag(line_id="c", right=None, share=0, effect="neutral"),
)


def export(folder: Path) -> Path:
    content = portable.write(TAGS)
    (folder / "tags.csv").write_bytes(content)
    stated = portable.manifest(content, "town", LINES)
    (folder / "tags.json").write_bytes(stated)
    return folder


def ran(folder: Path) -> tuple[int, list[str]]:
    """The script alone, as anybody would run it; no package of ours can be seen."""
    command = [sys.executable, "-I", str(SHIPPED / "read_tags.py"), str(folder)]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, cwd=folder
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_the_script_prints_exact_money_by_right_and_what_is_left(
    tmp_path: Path,
) -> None:
    code, said = ran(export(tmp_path))
    assert code == 0
    assert said == [
        "restricts health\t0.1666665 SEK",
        "supports health\t350.0035 SEK",
        "supports work\t650.0065 SEK",
        "tagged\t1000.01 SEK",
        "untagged\t0.5 SEK",
    ]


def test_the_script_is_short_and_stands_on_the_standard_library_alone() -> None:
    text = (SHIPPED / "read_tags.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    imported = re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
    assert set(imported) <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("tags.csv", "0.35,", "0.36,", "sha256"),
        ("tags.csv", "0.35,", "1e-1,", "share: '1e-1' is not of the form"),
        ("tags.csv", "0.35,", "1.35,", "share: '1.35' is not of the form"),
        ("tags.csv", "0.35,", "0.99,", "the shares of line =a exceed 1"),
        ("tags.csv", "0.000001", "0.7", "0.65 is not from 0.7 to 0.65"),
        ("tags.csv", "supports", "helps", "effect: 'helps' is not one of"),
        ("tags.csv", "manual", "guess", "basis: 'guess' is not one of"),
        ("tags.csv", "proposed", "done", "state: 'done' is not one of"),
        ("tags.csv", "\nb,health", "\nb,", "no line called 'b', or no right"),
        ("tags.csv", "\nb,", "\nz,", "no line called 'z'"),
        ("tags.csv", "women;men", "women men", "groups: 'women men' is not of"),
        ("tags.csv", "state", "status", "status is unknown"),
        ("tags.json", '"rows": 4', '"rows": 5', "tags, expenditure"),
        ("tags.json", '"1000.01"', '"1000.02"', "tags, expenditure"),
        ("tags.json", '"rows": 4', '"rows": "4"', "rows: '4' is no integer"),
        ("tags.json", "urn:hrbudget:tags:1", "urn:other", "schema: 'urn:other'"),
        ("tags.json", '"phase"', '"stage"', "no phase"),
        ("tags.json", '"revenue"', '"income"', "direction: 'income' is not one of"),
    ],
)
def test_what_does_not_hold_together_is_told(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    path = export(tmp_path) / file
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())
    code, lines = ran(tmp_path)
    assert code == 1
    assert [line for line in lines if said in line] != []


def test_the_manifest_states_the_budget_its_lines_and_the_hash() -> None:
    content = portable.write(TAGS)
    stated = json.loads(portable.manifest(content, "town", LINES))
    assert stated["lines"][1] == {
        "line_id": "b",
        "direction": "expenditure",
        "amount": "0.50",
    }
    assert (stated["rows"], stated["expenditure"]) == (4, "1000.51")
    assert set(stated) == set(SCHEMA["$defs"]["manifest"]["required"])


def test_a_manifest_is_of_one_slice() -> None:
    with pytest.raises(ValueError, match="one year"):
        portable.manifest(b"line_id\n", "town", LINES.clear())


def test_the_schema_has_the_columns_and_the_words_of_tags() -> None:
    stated = SCHEMA["$defs"]["tag"]["properties"]
    assert list(stated) == list(columns.TAG_NAMES)
    listed = {c.name: list(c.allowed) for c in columns.TAGS if c.allowed}
    assert {n: part["enum"] for n, part in stated.items() if "enum" in part} == listed
    phases = SCHEMA["$defs"]["manifest"]["properties"]["phase"]["enum"]
    assert phases == list(columns.PHASES)
    assert SCHEMA["$id"] == portable.SCHEMA


def test_every_id_of_the_taxonomies_fits_the_schema() -> None:
    stated = SCHEMA["$defs"]["tag"]["properties"]
    for name, known in (("right", taxonomy.rights()), ("groups", taxonomy.groups())):
        odd = [x for x in known.titles if not re.search(stated[name]["pattern"], x)]
        assert odd == []
