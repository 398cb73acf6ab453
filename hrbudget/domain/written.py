"""Types of what people write in YAML files, shared by rules and scenarios."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.predicate import Predicate


def _number(text: str) -> str:
    money.to_fraction(text)
    return text


def _filter(text: str) -> str:
    Predicate(text)
    return text


def _known(name: str, known: taxonomy.Taxonomy, kind: str) -> str:
    if name not in known.titles:
        near = difflib.get_close_matches(name, known.titles, n=3)
        hint = f"near it are {', '.join(near)}; " if near else ""
        message = (
            f"{name!r} is no id of the {kind} taxonomy; {hint}"
            f"`hrbudget tag --taxonomy {kind}` lists all {len(known.titles)}"
        )
        raise ValueError(message)
    return name


def _right(name: str) -> str:
    return _known(name, taxonomy.rights(), "rights")


def _group(name: str) -> str:
    return _known(name, taxonomy.groups(), "groups")


def _share(text: str) -> str:
    millionths(text)
    return text


def millionths(text: str) -> int:
    """Millionths of a share such as ``0.35``.

    Raises:
        ValueError: it is no decimal text from 0 to 1 with at most six decimals.
    """
    part = money.to_fraction(text) * money.WHOLE
    if part.denominator != 1 or not 0 <= part <= money.WHOLE:
        message = f"a share from 0 to 1 with at most {money.SHARE_DECIMALS} decimals"
        raise ValueError(message)
    return int(part)


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> date:
    """A number such as 20260101 would else be seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    message = f"{value!r} is no day of the calendar such as 2026-01-31"
    raise ValueError(message)


#: A day as ISO 8601.
Day = Annotated[date, BeforeValidator(_day)]

#: Decimal text; quoted or not, it is never read as a binary number.
Number = Annotated[str, AfterValidator(_number)]

#: A filter over lines, as text that ``Predicate`` has accepted.
Filter = Annotated[str, AfterValidator(_filter)]

#: Id of the rights taxonomy; id of the groups taxonomy; share as decimal text.
RightId = Annotated[str, AfterValidator(_right)]
GroupId = Annotated[str, AfterValidator(_group)]
Share = Annotated[str, AfterValidator(_share)]
