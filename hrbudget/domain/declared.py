"""What the entity or a project declares: a fact, its day, the document that shows it.

    - id: icld.audit_certificate
      value: "true"
      on: 2026-02-14
      scope: north_south
      document: Dnr 2026-118

A day with the prefix ``deadline:`` is no fact but a day that an agreement sets; it is
declared in the same way (``id: "deadline:final_report"``) and may lie ahead.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from hrbudget import money
from hrbudget.domain.facts import ANSWERS, Declared
from hrbudget.yamlfile import FileModel

_ID = re.compile(r"(deadline:)?[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


def _fact_id(name: str) -> str:
    if not _ID.fullmatch(name):
        message = "lower-case words parted by points, such as icld.audit_certificate"
        raise ValueError(message)
    return name


def _value(text: str) -> str:
    if text in ("true", "false", *ANSWERS):
        return text
    try:
        money.to_fraction(text)
    except ValueError as error:
        message = "true, false, a decimal number, or an answer from a to e"
        raise ValueError(message) from error
    return text


#: Id of a declared fact.
FactId = Annotated[str, AfterValidator(_fact_id)]

#: What may be declared.
FactValue = Annotated[str, AfterValidator(_value)]


class DeclaredFact(FileModel):
    """One entry of ``facts.yaml`` and of a case's ``declared``."""

    id: FactId
    value: FactValue
    on: date
    scope: str = ""
    document: str = ""

    def fact(self) -> Declared:
        """What it declares."""
        return Declared(self.id, self.value, self.on, self.scope, self.document)
