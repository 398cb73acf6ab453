"""``hrbudget.toml``: what a workspace says of itself."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

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
        database: address without a password; a relative SQLite file lies in the
            folder.
        small_cells: numbers of persons below it are not shown, nor what would give
            them away; official practice is 3 to 10. 0: all are shown.
        packs: packs of rules that are used where a command names none; without any,
            those that ask to be, and the workspace's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

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
        if database.address(url).password is not None:
            # Nothing of it is repeated: what is refused is shown and kept in logs.
            message = (
                "the address holds a password, and settings are copied and mailed: "
                "leave it out, and put it into ~/.pgpass, or into a file that the "
                "environment variable PGPASSFILE names"
            )
            raise ValueError(message)
        return url

    @field_validator("currency")
    @classmethod
    def _known(cls, code: str) -> str:
        if not money.is_currency(code):
            message = f"{code!r} is no currency of ISO 4217, such as SEK"
            raise ValueError(message)
        return code


class OpenID(BaseModel):
    """The ``[openid]`` table: who vouches for users by OpenID Connect.

    Attributes:
        issuer: the provider, as its own documents call it.
        client_id: as which this program is registered there: a native application
            without a secret, whose redirect is http://127.0.0.1/callback, any port.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    issuer: Annotated[str, Field(min_length=1)]
    client_id: Annotated[str, Field(min_length=1)]


Stated = TypeVar("Stated", bound=BaseModel)


def read(folder: Path) -> Settings:
    """The settings of a workspace.

    Raises:
        CallRefused: the folder is no workspace.
        InputRefused: the file has defects.
    """
    tables = _tables(folder)
    _openid(tables)
    return _stated(Settings, tables.get("workspace", {}), "workspace")


def openid(folder: Path) -> OpenID:
    """Who vouches for the users of a workspace.

    Raises:
        CallRefused: nobody does, or the folder is no workspace.
        InputRefused: the file has defects.
    """
    found = _openid(_tables(folder))
    if found is None:
        message = (
            f"{FILE} names nobody who vouches for users: add a table [openid] with "
            "issuer and client_id, or sign in by a password."
        )
        raise CallRefused(message)
    return found


def _openid(tables: dict[str, object]) -> OpenID | None:
    table = tables.get("openid")
    return None if table is None else _stated(OpenID, table, "openid")


def _tables(folder: Path) -> dict[str, object]:
    path = folder / FILE
    if not path.is_file():
        message = (
            f"{folder} is no workspace (it has no {FILE}). Make one with "
            "`hrbudget init DIR`, or name one with --workspace."
        )
        raise CallRefused(message)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputRefused([DataIssue(FILE, str(error), "TOML in UTF-8")]) from error
    _check_tables(tables)
    return tables


def _stated(model: type[Stated], table: object, name: str) -> Stated:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise InputRefused(
            [
                DataIssue(
                    FILE,
                    _found(each["input"], each["loc"]),
                    each["msg"].removeprefix("Value error, ").rstrip("."),
                    f"correct it under [{name}]",
                    column=".".join(str(step) for step in each["loc"]),
                )
                for each in error.errors()
            ]
        ) from error


def _found(stated: object, where: tuple[int | str, ...]) -> str:
    """What stands there; of an address no password."""
    if where == ("database",) and isinstance(stated, str):
        return repr(database.readable(stated))
    return repr(stated)


def _check_tables(table: dict[str, object]) -> None:
    """There is nothing beside the tables we know, such as a misspelt one."""
    issues = [
        DataIssue(
            FILE,
            f"{name!r} beside [workspace]",
            "[workspace] alone",
            "put the keys under [workspace], or delete it",
        )
        for name in table
        if name not in ("workspace", "openid")
    ]
    if issues:
        raise InputRefused(issues)


def write(folder: Path, settings: Settings) -> None:
    """Write the settings of a new workspace."""
    (folder / FILE).write_text(text(settings), encoding="utf-8")


def text(settings: Settings, *, without: tuple[str, ...] = ()) -> str:
    """Settings as the file has them; ``without`` names those that are left out."""
    lines = ["# A workspace of hrbudget.", "[workspace]"]
    lines += [
        f"{name} = {_value(value)}"
        for name, value in settings
        if value != () and name not in without
    ]
    return "\n".join(lines) + "\n"


def _value(value: str | int | tuple[str, ...]) -> str:
    """A setting as a TOML value."""
    if isinstance(value, tuple):
        return f"[{', '.join(_string(each) for each in value)}]"
    return _string(value) if isinstance(value, str) else str(value)


def _string(text: str) -> str:
    """Text as a TOML string: a JSON string of all signs but DEL, which TOML forbids."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
