"""Reports for tests of what becomes of a plan, and of the page for residents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date

from hrbudget.domain import facts
from hrbudget.domain.facts import Facts
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.phrase import Phrase
from hrbudget.domain.plan import Plan
from hrbudget.pipeline import reporting
from hrbudget.pipeline.deciding import Surroundings
from hrbudget.pipeline.reporting import Materials
from hrbudget.report import figure_record, figures, language
from hrbudget.report.blocks import Report, Written
from hrbudget.report.language import Code
from hrbudget.report.subject import Subject
from hrbudget.workspace.lookup import load_pack

DAY = date(2026, 1, 1)


def subject(
    ledger: Ledger,
    plan: Plan | None = None,
    *,
    known: Facts | None = None,
    packs: tuple[str, ...] = (),
    on: date = DAY,
) -> Subject:
    """What a report on a small budget is about."""
    around = Surroundings(
        tuple(load_pack(name, None, plan) for name in packs),
        known or facts.none(),
        lambda *_: None,
        on,
    )
    return reporting.subject(Materials(ledger, around, "Exempelby", plan=plan))


def phrases(part: object) -> Iterator[Phrase]:
    """Every phrase of a report, those within others as well."""
    if isinstance(part, Phrase):
        yield part
        for value in part.values.values():
            yield from phrases(value)
    elif isinstance(part, (list, tuple)):
        for each in part:
            yield from phrases(each)
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            yield from phrases(getattr(part, field.name))


def said(part: object, code: Code = "en") -> list[str]:
    """Every phrase and every text of the data, as it is said in a language."""
    reader = language.of(code, "SEK")
    return [each.say(reader) for each in phrases(part)] + written(part)


def written(part: object) -> list[str]:
    """Every text of the data that stands by itself."""
    if isinstance(part, Written):
        return [part.text]
    if isinstance(part, (list, tuple)):
        return [text for each in part for text in written(each)]
    if is_dataclass(part) and not isinstance(part, type):
        inside = [getattr(part, field.name) for field in fields(part)]
        return written(inside)
    return []


def values(report: Report) -> dict[str, str]:
    """Every figure of a report by its link id, as the evidence pack writes it."""
    found = figures.of(report)
    told = figure_record.records(found.values(), report.currency)["figures"]
    return {name: each["value"] for name, each in told.items()}
