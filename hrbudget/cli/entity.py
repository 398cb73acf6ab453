"""``hrbudget entity``: whose budgets there are, and projects that several share."""

from __future__ import annotations

from pathlib import Path

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_json, as_rows, note


@click.group()
def entity() -> None:
    """List or add entities (municipalities, regions) and their shared projects.

    An entity's users see its own budgets and those of the projects that it takes part
    in, and no others.
    """


@entity.command(name="list")
@options.workspace_option
@options.format_option
def list_entities(folder: Path, style: str) -> None:
    """List the entities and projects that you may see."""
    found = options.open_workspace(folder).store.partners.listing()
    if style == "json":
        as_json(
            [
                {"name": each.name, "kind": each.kind, "members": each.members}
                for each in found
            ]
        )
        return
    rows = [(each.name, each.kind, ", ".join(each.members)) for each in found]
    as_rows(("name", "kind", "members"), rows, style)


@entity.command()
@click.argument("name")
@options.workspace_option
def add(name: str, folder: Path) -> None:
    """Add an entity, such as a partner municipality."""
    options.open_workspace(folder).store.partners.add(name)
    note(f"Added the entity {name}.")


@entity.command()
@click.argument("name")
@click.option(
    "--member",
    "members",
    multiple=True,
    required=True,
    metavar="ENTITY",
    help="Who takes part; may be repeated.",
)
@options.workspace_option
def project(name: str, members: tuple[str, ...], folder: Path) -> None:
    """Add a project: whoever takes part sees its budgets."""
    from hrbudget.workspace import signing

    workspace = options.open_workspace(folder)
    signing.make_own_entity(workspace.store, workspace.settings, *members)
    workspace.store.partners.add_project(name, members)
    note(f"Added the project {name} of {', '.join(members)}.")
