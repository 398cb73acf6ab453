"""Options that several commands share, and opening the workspace they work on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import click

if TYPE_CHECKING:
    from hrbudget.tag.workbook.about import Words
    from hrbudget.workspace.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])

PHASES = ("proposed", "approved", "adjusted", "executed")


def workspace_option(command: Command) -> Command:
    """``--workspace DIR``: the current folder unless said."""
    return click.option(
        "--workspace",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(),
        show_default="current folder",
        help="Folder of the workspace.",
    )(command)


def format_option(command: Command) -> Command:
    """``--format``: table for people, json and csv for machines, on standard output."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        help="How results are printed.",
    )(command)


def two_formats(meaning: str) -> Callable[[Command], Command]:
    """``--format`` of what is no table of rows: sentences for people, or JSON."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help=meaning,
    )


def slice_options(command: Command) -> Command:
    """``--year`` and ``--phase``: needed where a budget holds several."""
    year = click.option(
        "--year", type=click.IntRange(1900, 2199), help="Fiscal year of the budget."
    )
    phase = click.option(
        "--phase", type=click.Choice(PHASES), help="Stage of the budget cycle."
    )
    return year(phase(command))


def pack_option(command: Command) -> Command:
    """``--pack``: repeated for several; all packs unless said."""
    return click.option(
        "--pack",
        "packs",
        multiple=True,
        metavar="NAME",
        help="A pack of rules; may be repeated. Unless said, those that hrbudget.toml "
        "names, or else the default ones.",
    )(command)


#: A file that is there.
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def review_arguments(command: Command) -> Command:
    """BUDGET, which year and phase of it, and the workspace."""
    return click.argument("budget")(slice_options(workspace_option(command)))


def on_desk(command: Callable[..., None]) -> Callable[..., None]:
    """BUDGET with its year and phase, opened: the command is given its desk."""

    @wraps(command)
    def opened(
        budget: str,
        year: int | None,
        phase: str | None,
        folder: Path,
        **rest: object,
    ) -> None:
        from hrbudget.workspace.desk import Desk
        from hrbudget.workspace.workspace import Picked

        workspace = open_workspace(folder)
        if "by" in rest:
            rest["by"] = workspace.signed(cast("str | None", rest["by"]))
        desk = Desk(workspace, Picked(budget, year, phase))
        command(desk=desk, **rest)

    return review_arguments(opened)


def by_option(command: Command) -> Command:
    """``--by``: in whose name (see ``Workspace.signed``)."""
    return click.option(
        "--by",
        metavar="NAME",
        envvar="HRBUDGET_BY",
        show_envvar=True,
        help="In whose name; needed where nobody is signed in.",
    )(command)


def out_option(meaning: str) -> Callable[[Command], Command]:
    """``--out FILE``."""
    return click.option(
        "--out",
        "target",
        required=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help=meaning,
    )


def force_option(command: Command) -> Command:
    """``--force``: write over a file that is there."""
    return click.option(
        "--force", is_flag=True, help="Write over a file that is there already."
    )(command)


def language_option(command: Command) -> Command:
    """``--language``: of what is written for people."""
    return click.option(
        "--language", type=click.Choice(["en", "sv"]), default="en", show_default=True
    )(command)


class Day(click.ParamType[date]):
    """A date as ISO 8601."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read ``2026-01-31``."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date such as 2026-01-31", param, ctx)


def words(language: str) -> Words:
    """The language of a workbook's reader."""
    from hrbudget.report.language import translator
    from hrbudget.tag.workbook.about import Words

    code: Literal["en", "sv"] = "sv" if language == "sv" else "en"
    return Words(code, translator(code))


def open_workspace(folder: Path) -> Workspace:
    """The workspace in a folder."""
    from hrbudget.workspace.workspace import open_at

    return open_at(folder)
