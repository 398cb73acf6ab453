"""``hrbudget audit``: a sample of money shows how far the tags can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_json, as_rows, note, write_new

if TYPE_CHECKING:
    from hrbudget.tag.review.evaluate import Estimate, Evaluation
    from hrbudget.tag.review.plan import Plan
    from hrbudget.workspace.desk import Asked, Desk


@click.group()
def audit() -> None:
    """Draw krona by krona, tag afresh, and see how wrong the tags may be.

    Every krona of the tagged lines has the same chance to be drawn, so large lines are
    looked at more often. The same options draw the same sample again.
    """


def _share(text: str) -> Fraction:
    from hrbudget.money import to_fraction

    try:
        found = to_fraction(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if not 0 <= found < 1:
        message = f"{text} is no part of a whole: say a decimal from 0 to 1."
        raise click.BadParameter(message)
    return found


def _plan_options(command: Callable[..., None]) -> Callable[..., None]:
    """What the audit is to show; the same for drawing and evaluating."""

    @wraps(command)
    def planned(
        tolerable: Fraction,
        expected: Fraction,
        confidence: Fraction,
        seed: str,
        **rest: object,
    ) -> None:
        from hrbudget.workspace.desk import Asked

        command(asked=Asked(tolerable, expected, confidence, seed), **rest)

    shares: list[tuple[str, str, str]] = [
        ("--tolerable", "0.05", "Part of the tagged money that may be wrong."),
        ("--expected", "0.01", "Part of it that is thought to be wrong."),
        ("--confidence", "0.95", "How sure the answer is to be."),
    ]
    for name, default, meaning in shares:
        option = click.option(
            name,
            default=default,
            show_default=True,
            metavar="SHARE",
            callback=lambda _, __, text: _share(text),
            help=meaning,
        )
        planned = option(planned)
    return click.option(
        "--seed", required=True, help="Of the draw; any text, part of the record."
    )(planned)


@audit.command()
@options.on_desk
@_plan_options
@options.out_option("The workbook to write (.xlsx), for the auditor to tag afresh.")
@options.language_option
@options.force_option
@options.format_option
def sample(
    desk: Desk,
    target: Path,
    language: str,
    style: str,
    *,
    force: bool,
    asked: Asked,
) -> None:
    """Draw a money-unit sample of tagged lines."""
    planned, drawn = desk.drawn(asked)
    write_new(target, desk.sample(drawn, options.words(language)), force=force)
    rows = [*_planned(planned, desk), ("units_hit", str(drawn.size))]
    rows += [
        ("lines_looked_at_whole", str(drawn.whole.height)),
        ("lines_sampled", str(drawn.sampled.height)),
    ]
    _print(rows, style)
    note(f"Wrote {target}. Tag its lines afresh, then `hrbudget audit evaluate`.")


@audit.command()
@options.on_desk
@click.argument("file", type=options.FILE)
@_plan_options
@options.format_option
def evaluate(
    desk: Desk,
    file: Path,
    style: str,
    asked: Asked,
) -> None:
    """Project the auditor's tags of the sample to all tagged money.

    Say the same options as for the sample: it is drawn again from them.
    """
    planned, found = desk.evaluate(asked, file)
    from hrbudget import money

    if style == "json":
        as_json(_record(planned, found, desk))
        return
    rows = [
        (name, right, str(each.errors), *_estimate(each, desk))
        for name, right, each in _estimates(found)
    ]
    headers = ("error", "right", "errors", "known", "likely", "limit", "limit_poisson")
    as_rows(headers, rows, style)
    fits = "within" if found.acceptable(planned.tolerable) else "not within"
    limit, tolerable = (
        _money(figure, desk) for figure in (found.misplaced.limit, planned.tolerable)
    )
    sure = f"{money.number_text(found.confidence * 100, 3)} %"
    note(
        f"With {sure} confidence at most {limit} {desk.currency} is tagged otherwise "
        f"than the auditor would, {fits} the tolerable {tolerable} {desk.currency}."
    )


def _money(minor: Fraction | int, desk: Desk) -> str:
    """An amount to the minor unit; a projection has no finer meaning."""
    from hrbudget import money

    return money.to_text(round(minor), desk.currency)


def _planned(planned: Plan, desk: Desk) -> list[tuple[str, str]]:
    from hrbudget.money import number_text

    return [
        ("tagged_money", _money(planned.book, desk)),
        ("tolerable_error", _money(planned.tolerable, desk)),
        ("expected_error", _money(planned.expected, desk)),
        ("confidence", number_text(planned.confidence, 6)),
        ("units_planned", str(planned.size)),
        ("interval", _money(planned.interval, desk)),
    ]


def _estimates(found: Evaluation) -> list[tuple[str, str, Estimate]]:
    return [
        ("misplaced", "", found.misplaced),
        *(("over", right, each) for right, each in found.over.items()),
        *(("under", right, each) for right, each in found.under.items()),
    ]


def _estimate(each: Estimate, desk: Desk) -> tuple[str, ...]:
    figures = (each.known, each.likely, each.limit, each.limit_poisson)
    return tuple(_money(figure, desk) for figure in figures)


def _record(planned: Plan, found: Evaluation, desk: Desk) -> dict[str, Any]:
    names = ("known", "likely", "limit", "limit_poisson")
    return {
        **dict(_planned(planned, desk)),
        "currency": desk.currency,
        "size": found.size,
        "looked_at_whole": found.whole,
        "acceptable": found.acceptable(planned.tolerable),
        "errors": [
            {
                "error": name,
                "right": right,
                "errors": each.errors,
                **dict(zip(names, _estimate(each, desk), strict=True)),
            }
            for name, right, each in _estimates(found)
        ],
    }


def _print(rows: list[tuple[str, str]], style: str) -> None:
    if style == "json":
        as_json(dict(rows))
    else:
        as_rows(("", "sample") if style == "table" else ("name", "value"), rows, style)
