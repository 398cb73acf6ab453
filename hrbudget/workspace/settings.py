"""``hrbudget.toml``: what a workspace says of itself."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hrbudget import money
from hrbudget.errors import CallRefused, DataIssue, InputRefused
from hrbudget.store import database

FILE = "hrbudget.toml"
DATABASE = "sqlite:///hrbudget.sqlite"


class Settings(BaseModel):
    """The ``[workspace]`` table.

    Attributes:
        entity: the municipality, region or partnership.
        currency: of files that do not say theirs.
        database: address; a relative SQLite file lies in the folder.
        small_cells: numbers of persons below it are not shown, nor what would give
            them away; official practice is 3 to 10. 0: all are shown.
        packs: packs of rules that are used where a command names none; without any,
            those that ask to be, and the workspace's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entity: str
    currency: str
    database: str = DATABASE
    small_cells: Annotated[int, Field(ge=0, le=1000)] = 5
    packs: tuple[str, ...] = ()

    @field_validator("entity")
    @classmethod
    def _writable(cls, name: str) -> str:
        if any("\ud800" <= sign <= "\udfff" for sign in name):
            # Bytes of an argument that the terminal's character set does not have.
            message = f"{name!r} is no text in UTF-8"
            raise ValueError(message)
        return name

    @field_validator("database")
    @classmethod
    def _usable(cls, url: str) -> str:
        database.file_of(url)
        return url

    @field_validator("currency")
    @classmethod
    def _known(cls, code: str) -> str:
        if not money.is_currency(code):
            message = f"{code!r} is no currency of ISO 4217, such as SEK"
            raise ValueError(message)
        return code


def read(folder: Path) -> Settings:
    """The settings of a workspace.

    Raises:
        CallRefused: the folder is no workspace.
        InputRefused: the file has defects.
    """
    path = folder / FILE
    if not path.is_file():
        message = (
            f"{folder} is no workspace (it has no {FILE}). Make one with "
            "`hrbudget init DIR`, or name one with --workspace."
        )
        raise CallRefused(message)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRefused([DataIssue(FILE, str(error), "TOML in UTF-8")]) from error
    _check_tables(table)
    try:
        return Settings.model_validate(table.get("workspace", {}))
    except ValidationError as error:
        raise InputRefused(
            [
                DataIssue(
                    FILE,
                    repr(each["input"]),
                    each["msg"].removeprefix("Value error, ").rstrip("."),
                    "correct it under [workspace]",
                    column=".".join(str(step) for step in each["loc"]),
                )
                for each in error.errors()
            ]
        ) from error


def _check_tables(table: dict[str, object]) -> None:
    """There is nothing beside ``[workspace]``, such as a misspelt table."""
    issues = [
        DataIssue(
            FILE,
            f"{name!r} beside [workspace]",
            "[workspace] alone",
            "put the keys under [workspace], or delete it",
        )
        for name in table
        if name != "workspace"
    ]
    if issues:
        raise InputRefused(issues)


def write(folder: Path, settings: Settings) -> None:
    """Write the settings of a new workspace."""
    lines = ["# A workspace of hrbudget.", "[workspace]"]
    lines += [f"{name} = {_value(value)}" for name, value in settings if value != ()]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _value(value: str | int | tuple[str, ...]) -> str:
    """A setting as a TOML value."""
    if isinstance(value, tuple):
        return f"[{', '.join(_string(each) for each in value)}]"
    return _string(value) if isinstance(value, str) else str(value)


def _string(text: str) -> str:
    """Text as a TOML string: a JSON string of all signs but DEL, which TOML forbids."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
