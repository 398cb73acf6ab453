"""How pages are made of templates: what people wrote is never read as markup."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hrbudget.report.language import Language

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def environment(reader: Language) -> Environment:
    """Templates with the reader's money and numbers as filters."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["money"] = reader.money
    made.filters["number"] = reader.number
    return made
