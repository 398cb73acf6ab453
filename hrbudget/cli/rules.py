"""``hrbudget rules``: look at packs of rules, decide on values, and write new ones."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_json, as_rows, note

if TYPE_CHECKING:
    from hrbudget.rules.overrides import Decision
    from hrbudget.rules.pack import LoadedRule


@click.group()
def rules() -> None:
    """Look at packs of rules, decide on their values, and write rules of your own."""


def _here(folder: Path) -> Path | None:
    """The workspace, where there is one; shipped packs need none."""
    return folder if (folder / "hrbudget.toml").is_file() else None


def _decisions(folder: Path) -> tuple[Decision, ...]:
    """The entity's decisions, where there is a workspace."""
    from hrbudget.workspace import rulebook

    here = _here(folder)
    return rulebook.decisions(here, rulebook.listed(here)) if here else ()


@rules.command(name="list")
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@click.option(
    "--on", type=options.Day(), help="Show the values of this day, not the latest."
)
@options.workspace_option
@options.format_option
def list_rules(
    packs: tuple[str, ...], on: date | None, folder: Path, style: str
) -> None:
    """List the rules of packs, with their values, obligations and sources."""
    from hrbudget.workspace import places
    from hrbudget.workspace.lookup import listed_pack

    here = _here(folder)
    names = packs or tuple(places.pack_folders(here))
    loaded = [each for name in names for each in listed_pack(name, here).rules]
    decided = _decisions(folder)
    headers = ("rule", "effect", "value", "title", "obligation", "pack", "reference")
    rows = [
        (
            each.rule.id,
            each.rule.effect,
            _value(each, decided, on),
            each.rule.title,
            each.rule.obligation,
            each.rule.id.partition(".")[0],
            str(each.rule.reference[0]),
        )
        for each in loaded
    ]
    # A table is for a screen: the sources are in the other styles.
    shown = 4 if style == "table" else len(headers)
    as_rows(headers[:shown], [row[:shown] for row in rows], style)


def _value(loaded: LoadedRule, decided: tuple[Decision, ...], on: date | None) -> str:
    """The values in force on a day, or the latest: ``at_least 0.15 (2015-11-04)``."""
    from hrbudget.rules import overrides

    day = on or date.max
    own = overrides.in_force(decided, day).get(loaded.rule.id, {})
    texts = []
    for name, dated in overrides.values_of(loaded.body).items():
        past = {since: value for since, value in dated.items() if since <= day}
        if name in own:
            texts.append(f"{name} {own[name].value or '–'} ({own[name].on}, own)")
        elif past:
            since = max(past)
            day_of = f" ({since})" if since > date.min else ""
            texts.append(f"{name} {past[since] or '–'}{day_of}")
        else:
            texts.append(f"{name} from {min(dated)}")
    return "; ".join(texts)


@rules.command()
@click.argument("rule")
@click.argument("budget", required=False)
@click.option("--on", type=options.Day(), help="Day whose values are in force.")
@options.slice_options
@click.option(
    "--lines",
    "most",
    type=click.IntRange(min=1),
    default=15,
    show_default=True,
    help="Lines of a table; json and csv have all.",
)
@options.workspace_option
@options.format_option
def show(
    rule: str,
    budget: str | None,
    on: date | None,
    year: int | None,
    phase: str | None,
    most: int,
    folder: Path,
    style: str,
) -> None:
    """Show RULE as text or, with BUDGET, as numbers: lines × shares, and their sums."""
    from hrbudget.cli.explained import OnBudget, described, print_rule
    from hrbudget.workspace import rulebook

    if budget is not None:
        from hrbudget.workspace.workspace import Picked

        workspace = options.open_workspace(folder)
        picked = Picked(budget, year, phase)
        book, around, done = rulebook.explained(workspace, rule, picked, on)
        day = around.day(book).isoformat()
        OnBudget(book, done.findings, day).show(style, most)
        return
    found = rulebook.find(rule, rulebook.listed(_here(folder)))
    record = described(found, _decisions(folder))
    if style == "json":
        as_json(record)
    elif style == "csv":
        headers = ("value", "since", "is")
        rows = [[each[name] or "" for name in headers] for each in record["values"]]
        as_rows(headers, rows, style)
    else:
        print_rule(record)


@rules.command()
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@options.workspace_option
@options.format_option
def test(packs: tuple[str, ...], folder: Path, style: str) -> None:
    """Run the cases beside the rules of packs, or of all."""
    from hrbudget.workspace.lookup import run_cases

    results = run_cases(packs, _here(folder))
    headers = ("rule", "case", "outcome")
    rows = [
        (
            each.example.rule,
            each.example.case.name,
            "; ".join(each.differences) or "as said",
        )
        for each in results
    ]
    failed = [row for row, each in zip(rows, results, strict=True) if each.differences]
    if style != "table" or failed:
        as_rows(headers, failed if style == "table" else rows, style)
    note(f"{len(results) - len(failed):,} cases as said, {len(failed):,} not.")
    if failed:
        sys.exit(1)


@rules.command()
@click.argument("rule")
@click.option("--at-least", metavar="VALUE", help="The least that is asked for.")
@click.option("--at-most", metavar="VALUE", help="The most that is allowed.")
@click.option("--equal", metavar="VALUE", help="What is asked for exactly.")
@click.option("--unit-cost", metavar="VALUE", help="Money for each person entitled.")
@click.option("--standard", metavar="VALUE", help="The part that is the minimum.")
@click.option("--withdraw", metavar="NAME", help="Take back an own value: at_least, …")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@options.by_option
@click.option("--on", type=options.Day(), help="From when; today unless said.")
@options.workspace_option
def override(
    rule: str,
    reason: str,
    by: str | None,
    on: date | None,
    folder: Path,
    **values: str | None,
) -> None:
    """Put a value of your own in place of RULE's, with the reason, from a day on.

    It is added to overrides.yaml; what stands there stays. "none" as a value says that
    there is none, and the rule is then not assessed.
    """
    from hrbudget.workspace import rulebook

    workspace = options.open_workspace(folder)
    day = on or datetime.now(tz=UTC).date()
    stated = {
        name: None if value == "none" else value
        for name, value in values.items()
        if value is not None
    }
    workspace.change_texts(rule)
    signed = workspace.signed(by)
    entry = rulebook.decide(
        folder,
        workspace.pack,
        {"rule": rule, **stated, "reason": reason, "by": signed, "on": day},
    )
    workspace.record(reason)
    note(f"{rule}: decided on {entry.sense}, in force from {day.isoformat()}.")
    note("A budget is checked as on the first day of its year unless --on says.")


@rules.command()
@click.argument("rule", metavar="PACK.PATH")
@click.option("--form", required=True, help="Form of the rule: amount, share, …")
@options.workspace_option
def new(rule: str, form: str, folder: Path) -> None:
    """Write a rule and its cases as a start, in a pack of the workspace.

    The rule loads, and its cases fail until they are filled in.
    """
    from hrbudget.workspace import rulebook

    workspace = options.open_workspace(folder)
    workspace.change_texts(rule)
    for path in rulebook.start(folder, rule, form):
        note(f"wrote {path}")
    workspace.record()
    pack = rule.partition(".")[0]
    note(f"Fill them in, then run `hrbudget rules test {pack}`.")


@rules.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B", required=False)
@options.workspace_option
@options.format_option
def compare(one: str, other: str | None, folder: Path, style: str) -> None:
    """Compare two versions of a pack: folders, or names of packs.

    With one name: the pack that is shipped, and the workspace's own of that name.
    """
    from hrbudget.workspace import rulebook

    found = rulebook.compared(one, other, _here(folder))
    headers = ("rule", "change", "key", "old", "new")
    rows = [tuple(getattr(each, name) for name in headers) for each in found]
    if rows or style != "table":
        as_rows(headers, rows, style)
    touched = len({each.rule for each in found})
    note(f"{touched:,} rules differ." if touched else "The two are the same.")


@rules.command()
@click.argument("kind")
def schema(kind: str) -> None:
    """Print the JSON Schema of a kind of file.

    rule, plan, scenario, mapping, tag_rules and grants are files that people write;
    report is report.json.
    """
    from hrbudget.errors import NotFound
    from hrbudget.pipeline import schema as schemas

    if kind not in schemas.KINDS:
        what = "kind of file"
        raise NotFound(what, kind, schemas.KINDS)
    as_json(schemas.schema(kind))
