"""The stage's door: a subject becomes the files of a report, byte for byte the same."""

from __future__ import annotations

import json
from datetime import date

from hrbudget import __version__
from hrbudget.report import html, language, proposed, records
from hrbudget.report.language import Code
from hrbudget.report.records import Record
from hrbudget.report.subject import Subject


def documents(subject: Subject, code: Code) -> dict[str, bytes]:
    """``report.html`` in one language and ``report.json``, by file name."""
    reader = language.of(code, subject.ledger.currency)
    text = json.dumps(record(subject), indent=1, ensure_ascii=False)
    return {
        "report.html": html.page(subject, reader).encode("utf-8"),
        "report.json": (text + "\n").encode("utf-8"),
    }


def record(subject: Subject) -> Record:
    """The report's JSON document."""
    book = subject.ledger
    document: Record = {
        "hrbudget": __version__,
        "log_head": subject.log_head,
        "entity": subject.entity,
        "fiscal_year": book.fiscal_year,
        "phase": book.phase,
        "check": records.checked(
            subject.checked,
            book.budget,
            date.fromisoformat(subject.on),
            subject.packs,
            book.currency,
        ),
    }
    if subject.proposal:
        scenario, answer, after, comparison = subject.proposal
        document["scenario"] = {"id": scenario.id, "text": scenario.text}
        document["proposal"] = proposed.answer(
            answer, subject.checked, after, book.lines, book.currency
        )
        document["totals_after"] = records.totals(after.totals, book.currency)
        document["comparison"] = records.compared(comparison, book.currency)
    return document
