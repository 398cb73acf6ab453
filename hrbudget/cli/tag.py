"""``hrbudget tag``: link lines to rights and groups."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_rows, note, write_new

if TYPE_CHECKING:
    from hrbudget.pipeline.tagging import Tagged
    from hrbudget.workspace.bench import Bench

#: Each is a way to tag or to look at tags; a call names exactly one.
_WAYS = (
    "crosswalk",
    "rules",
    "marker",
    "look_through",
    "overhead",
    "carry_from",
    "source",
    "resolve",
    "suggest",
    "target",
)


@click.command()
@click.argument("budget", required=False)
@click.option(
    "--crosswalk",
    type=click.Choice(["rs_kommun", "rs_region", "cofog", "mscoa"]),
    help="Tag by function code; what looks closer at a line is left alone.",
)
@click.option(
    "--rules",
    type=options.FILE,
    help="Tag by a file of rules: codes, phrases, words, stems, filters.",
)
@click.option(
    "--marker",
    metavar="NAME",
    help="Tag by a donor's marks on the lines: a shipped marker, or a file.",
)
@click.option("--column", metavar="NAME", help="Where the marks stand.")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="MARK=SHARE",
    help="Your own weight of a mark; may be repeated.",
)
@click.option("--on", type=options.Day(), help="Day whose weights are in force.")
@click.option(
    "--look-through",
    type=options.FILE,
    help="Tag transfers by a file that says where their money is spent.",
)
@click.option("--receiver", metavar="BUDGET", help="The budget that receives them.")
@click.option(
    "--overhead",
    type=options.FILE,
    help="Spread overhead by a file of keys over what it makes possible.",
)
@click.option(
    "--carry-from", metavar="BUDGET", help="Carry another year's tags to these lines."
)
@click.option("--from-year", type=click.IntRange(1900, 2199), help="That year.")
@click.option("--from-phase", type=click.Choice(options.PHASES), help="That phase.")
@click.option(
    "--codes", type=options.FILE, help="CSV with old, new, share: codes that changed."
)
@click.option(
    "--key",
    default="line_id",
    show_default=True,
    metavar="COLUMN,…",
    help="What tells lines of both years apart.",
)
@click.option(
    "--import",
    "source",
    type=options.FILE,
    help="Set the tags of a tags.csv, each line's as a whole; or merge a workbook.",
)
@click.option(
    "--resolve", type=options.FILE, help="Carry out decisions about conflicts."
)
@click.option(
    "--conflicts",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where conflicts are written.  [default: beside the workbook]",
)
@click.option("--replace", is_flag=True, help="Let --import undo tags set by people.")
@click.option(
    "--export",
    "target",
    metavar="FILE",
    help="Write a workbook (.xlsx), or tags.csv with its manifest; - to print tags.",
)
@options.force_option
@options.language_option
@click.option(
    "--taxonomy",
    type=click.Choice(["rights", "groups"]),
    help="List the ids that tags may name.",
)
@click.option(
    "--suggest",
    is_flag=True,
    flag_value=True,
    default=None,
    help="Propose rights and groups from the texts of lines; none is applied.",
)
@click.option(
    "--top",
    type=click.IntRange(1, 50),
    default=3,
    show_default=True,
    help="At most so many rights and groups for a line.",
)
@click.option(
    "--learn", is_flag=True, help="Learn from tags that were read or approved here."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write likely suggestions as a tags.csv to read, change and --import.",
)
@click.option("--preview", is_flag=True, help="Show the money moved; store nothing.")
@click.option(
    "--by",
    metavar="NAME",
    envvar="HRBUDGET_BY",
    show_envvar=True,
    help="In whose name.  [default: hrbudget]",
)
@options.slice_options
@options.workspace_option
@options.format_option
def tag(
    budget: str | None,
    taxonomy: str | None,
    year: int | None,
    phase: str | None,
    folder: Path,
    by: str | None,
    style: str,
    *,
    preview: bool,
    **asked: Any,  # noqa: ANN401  (what belongs to one way of tagging)
) -> None:
    """Link the lines of BUDGET to rights and rights-holder groups.

    Every tag says what it rests on and the version of its criterion. What a person set
    outranks rules and marks, and those outrank codes; locked tags never change.
    """
    if taxonomy:
        _list(taxonomy, style)
        return
    chosen = [name for name in _WAYS if asked[name] is not None]
    if budget is None or len(chosen) != 1:
        message = (
            "Say a BUDGET and one of --crosswalk, --rules, --marker, --look-through, "
            "--overhead, --carry-from, --import, --resolve, --suggest and --export."
        )
        raise click.UsageError(message)
    from hrbudget.cli.tagged import say
    from hrbudget.tag.ways.written import AUTHOR
    from hrbudget.workspace.bench import Bench
    from hrbudget.workspace.workspace import Picked

    workspace = options.open_workspace(folder)
    picked = Picked(budget, year, phase)
    author = workspace.signed(by) if by else AUTHOR
    bench = Bench(workspace, picked, preview=preview, author=author)
    if asked["suggest"]:
        from hrbudget.cli.suggested import print_suggestions

        print_suggestions(bench, asked, style)
        return
    if asked["target"] is not None:
        _export(bench, asked)
        return
    say(_tag(bench, chosen[0], asked), bench, style)


def _tag(bench: Bench, way: str, asked: dict[str, Any]) -> Tagged:
    """Tag by the one way that was asked for."""
    ways: dict[str, Callable[[], Tagged]] = {
        "crosswalk": lambda: bench.by_crosswalk(asked["crosswalk"]),
        "rules": lambda: bench.by_rules(asked["rules"]),
        "marker": lambda: _mark(bench, asked),
        "look_through": lambda: bench.by_transfers(
            asked["look_through"], asked["receiver"]
        ),
        "overhead": lambda: bench.by_overhead(asked["overhead"]),
        "carry_from": lambda: _carry(bench, asked),
        "source": lambda: _import(bench, asked),
        "resolve": lambda: _return(bench, asked["resolve"], asked),
    }
    return ways[way]()


def _import(bench: Bench, asked: dict[str, Any]) -> Tagged:
    file: Path = asked["source"]
    if file.read_bytes()[:2] == b"PK":
        return _return(bench, file, asked)
    return bench.by_file(file, replace=asked["replace"])


def _return(bench: Bench, file: Path, asked: dict[str, Any]) -> Tagged:
    """Merge a workbook, or carry out decisions; what is open is written out again."""
    from hrbudget.errors import CallRefused
    from hrbudget.tag.ways.written import AUTHOR

    if bench.author == AUTHOR:
        message = "Say --by NAME: edits in a workbook are somebody's."
        raise CallRefused(message)
    if asked["conflicts"] is not None and asked["conflicts"].exists():
        message = f"{asked['conflicts']} is there already: name another file."
        raise CallRefused(message)
    words = options.words(asked["language"])
    way = bench.by_decisions if asked["resolve"] else bench.by_workbook
    found = way(file, words)
    for text in found.notes:
        note(f"{file.name}: {text}")
    if found.conflicts is not None and not bench.preview:
        target: Path = asked["conflicts"] or _beside(file)
        target.write_bytes(found.conflicts)
        note(
            f"Conflicts are in {target}: choose there what is to stand, then "
            f"`hrbudget tag … --resolve {target}`. They are left as they are here."
        )
    return found.done


def _mark(bench: Bench, asked: dict[str, Any]) -> Tagged:
    from hrbudget.tag.ways import schemes

    pairs = [each.partition("=") for each in asked["weights"]]
    own = {mark: share for mark, _, share in pairs}
    file = Path(asked["marker"])
    found = (
        schemes.parse(file.read_bytes(), file.name)
        if file.is_file()
        else schemes.load(asked["marker"])
    )
    scheme = found.entered(asked["column"] or "", own)
    on: date | None = asked["on"]
    return bench.by_marker(scheme, on)


def _carry(bench: Bench, asked: dict[str, Any]) -> Tagged:
    from hrbudget.workspace.workspace import Picked

    last = Picked(asked["carry_from"], asked["from_year"], asked["from_phase"])
    key = [name.strip() for name in asked["key"].split(",")]
    return bench.by_last_year(last, asked["codes"], key)


def _beside(file: Path) -> Path:
    """A name beside the workbook that no file has."""
    stem = file.stem.partition(".conflicts")[0]
    names = (f"{stem}.conflicts{n}.xlsx" for n in ("", *range(2, 10_000)))
    return next(path for path in map(file.with_name, names) if not path.exists())


def _export(bench: Bench, asked: dict[str, Any]) -> None:
    target, force = str(asked["target"]), bool(asked["force"])
    file = Path(target)
    if file.suffix.lower() == ".xlsx":
        content = bench.export_workbook(options.words(asked["language"]))
        write_new(file, content, force=force)
        note(f"Wrote the workbook {file}. Bring it back with --import.")
        return
    content, manifest = bench.export()
    if target == "-":
        sys.stdout.buffer.write(content)
        return
    import json

    write_new(file, content, force=force)
    write_new(file.with_suffix(".json"), manifest, force=force)
    rows = json.loads(manifest)["rows"]
    note(f"Wrote {rows:,} tags to {target}.")
    note(f"Wrote their manifest to {file.with_suffix('.json')}.")


def _list(name: str, style: str) -> None:
    from hrbudget.domain import taxonomy

    known = taxonomy.rights() if name == "rights" else taxonomy.groups()
    rows = [
        (each, english, swedish, known.parents[each])
        for each, (english, swedish) in known.titles.items()
    ]
    headers = ("id", "english", "swedish", "parent")
    as_rows(headers, rows, style)
