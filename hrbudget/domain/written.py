"""Types of what people write in YAML files, shared by rules and scenarios."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from hrbudget import money
from hrbudget.domain.predicate import Predicate


def _number(text: str) -> str:
    money.to_fraction(text)
    return text


def _filter(text: str) -> str:
    Predicate(text)
    return text


#: Decimal text; quoted or not, it is never read as a binary number.
Number = Annotated[str, AfterValidator(_number)]

#: A filter over lines, as text that ``Predicate`` has accepted.
Filter = Annotated[str, AfterValidator(_filter)]
