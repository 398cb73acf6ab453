"""Types of what people write in YAML files, shared by rules and scenarios."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from hrbudget import money
from hrbudget.domain.predicate import Predicate


def _number(text: str) -> str:
    money.to_fraction(text)
    return text


def _filter(text: str) -> str:
    Predicate(text)
    return text


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
