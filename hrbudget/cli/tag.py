"""``hrbudget tag``: link lines to rights and groups."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_csv, as_json, as_rows, as_table, note

if TYPE_CHECKING:
    from hrbudget.pipeline.tagging import Tagged


@click.command()
@click.argument("budget", required=False)
@click.option(
    "--crosswalk",
    type=click.Choice(["rs_kommun", "rs_region", "cofog", "mscoa"]),
    help="Tag by function code; tags set otherwise are left alone.",
)
@click.option(
    "--import",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Set the tags of a tags.csv; each line's as a whole.",
)
@click.option("--replace", is_flag=True, help="Let --import undo tags set by people.")
@click.option(
    "--export", "target", metavar="FILE", help="Write tags.csv; - to print it."
)
@click.option(
    "--taxonomy",
    type=click.Choice(["rights", "groups"]),
    help="List the ids that tags may name.",
)
@options.slice_options
@options.workspace_option
@options.format_option
def tag(
    budget: str | None,
    crosswalk: str | None,
    source: Path | None,
    replace: bool,
    target: str | None,
    taxonomy: str | None,
    year: int | None,
    phase: str | None,
    folder: Path,
    style: str,
) -> None:
    """Link the lines of BUDGET to rights and rights-holder groups."""
    if taxonomy:
        _list(taxonomy, style)
        return
    chosen = [each for each in (crosswalk, source, target) if each is not None]
    if budget is None or len(chosen) != 1:
        message = "Say a BUDGET and one of --crosswalk, --import and --export."
        raise click.UsageError(message)
    from hrbudget.workspace.bench import Bench
    from hrbudget.workspace.workspace import Picked

    bench = Bench(options.open_workspace(folder))
    picked = Picked(budget, year, phase)
    if target is not None:
        _export(bench.export(picked), target)
        return
    if crosswalk is not None:
        done = bench.by_crosswalk(picked, crosswalk)
    elif source is not None:
        done = bench.by_file(picked, source, replace=replace)
    _say(done, style)


def _export(content: bytes, target: str) -> None:
    if target == "-":
        sys.stdout.buffer.write(content)
        return
    import polars as pl

    Path(target).write_bytes(content)
    rows = pl.read_csv(content, infer_schema=False).height
    note(f"Wrote {rows:,} tags to {target}.")


def _say(done: Tagged, style: str) -> None:
    merged = done.merged
    record: dict[str, Any] = {
        "tags": merged.tags.height,
        "lines_set": merged.set_lines,
        "lines_same": merged.same_lines,
        "lines_left_alone": merged.kept_lines,
        "lines_of_another_scheme": done.counts.get("lines_of_another_scheme", 0),
        "unmatched": done.left["unmatched"].to_dicts() if done.left else [],
    }
    if style == "json":
        as_json(record)
        return
    names = [name for name in record if name != "unmatched"]
    if style == "csv":
        as_csv(names, [[record[name] for name in names]])
        return
    as_table("", ("tags", ""), [(name, f"{record[name]:,}") for name in names])
    for each in record["unmatched"]:
        code = each["function"] or "(no function)"
        note(f"No right for function {code}: {each['lines']:,} lines stay untagged.")


def _list(name: str, style: str) -> None:
    from hrbudget.domain import taxonomy

    known = taxonomy.rights() if name == "rights" else taxonomy.groups()
    rows = [
        (each, english, swedish, known.parents[each])
        for each, (english, swedish) in known.titles.items()
    ]
    headers = ("id", "english", "swedish", "parent")
    as_rows(headers, rows, style)
