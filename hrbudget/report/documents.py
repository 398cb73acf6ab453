"""The stage's door: a subject becomes the files of a report, byte for byte the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pydantic_core import to_json

from hrbudget import __version__, money
from hrbudget.domain.phrase import Figure
from hrbudget.report import figure_record, language, proposed, records
from hrbudget.report.blocks import Kind, Report
from hrbudget.report.earlier import Compared, Earlier, Was, compared
from hrbudget.report.figures import joined
from hrbudget.report.formats import html, pdf, xlsx
from hrbudget.report.formats.sources import Sources
from hrbudget.report.kinds import every
from hrbudget.report.language import Code, Language
from hrbudget.report.records import Record
from hrbudget.report.subject import Subject

Format = Literal["html", "pdf", "xlsx", "json"]

FORMATS: tuple[Format, ...] = ("html", "pdf", "xlsx", "json")

#: What takes longest is begun first.
_FIRST = ("pdf", "xlsx", "html", "json").index


@dataclass(frozen=True)
class Sealed:
    """The evidence pack that a report belongs to.

    Attributes:
        sources: what the report says of it.
        manifest: its manifest, which the PDF carries; empty: there is no pack.
        record: the ``report.json`` in it; empty: it is made here.
    """

    sources: Sources = field(default_factory=Sources)
    manifest: bytes = b""
    record: bytes = b""


_NOT_SEALED = Sealed()


def documents(
    subject: Subject,
    code: Code,
    kind: Kind | None = None,
    formats: Sequence[Format] = FORMATS,
    sealed: Sealed = _NOT_SEALED,
) -> dict[str, bytes]:
    """The files of a report in one language, by name: ``report.html`` and so on.

    Args:
        subject: what it is about.
        code: its language.
        kind: which report; None: the one that the subject is for.
        formats: which files.
        sealed: the evidence pack that it belongs to.

    Raises:
        CallRefused: the subject has no report of that kind.
    """
    report = every.report(subject, kind)
    reader = language.of(code, subject.ledger.currency)
    made: Mapping[Format, Callable[[], bytes]] = {
        "html": lambda: html.page(report, reader, sealed.sources).encode("utf-8"),
        "pdf": lambda: _pdf(report, reader, sealed),
        "xlsx": lambda: xlsx.workbook(report, subject, reader, sealed.sources),
        "json": lambda: sealed.record or json_of(record(subject)),
    }
    # The PDF is typeset outside Python, on another core while the rest is written.
    with ThreadPoolExecutor(max_workers=2) as pool:
        work = {each: pool.submit(made[each]) for each in sorted(formats, key=_FIRST)}
        return {f"report.{each}": work[each].result() for each in formats}


def _pdf(report: Report, reader: Language, sealed: Sealed) -> bytes:
    attached = {"manifest.json": sealed.manifest} if sealed.manifest else {}
    return pdf.document(report, reader, sealed.sources, attached)


def json_of(told: Record) -> bytes:
    """A record as the bytes of its file."""
    return to_json(told, indent=1) + b"\n"


def every_figure(subject: Subject) -> list[Figure]:
    """The figures of all reports on a subject, each once.

    Raises:
        ValueError: two figures have one id and are not the same.
    """
    return list(joined(every.reports(subject).values()).values())


def record(subject: Subject, figures: Iterable[Figure] | None = None) -> Record:
    """The report's JSON document, the same whatever kind was asked for.

    Args:
        subject: what it is about.
        figures: those of all reports on it; None: they are made here.
    """
    book = subject.ledger
    on = date.fromisoformat(subject.on)
    document: Record = {
        "hrbudget": __version__,
        "log_head": subject.log_head,
        "entity": subject.entity,
        "fiscal_year": book.fiscal_year,
        "phase": book.phase,
        "check": records.checked(
            subject.checked, book.budget, on, subject.packs, book.currency
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
    if subject.earlier:
        document["against"] = _against(subject, subject.earlier)
    told = figure_record.records(
        every_figure(subject) if figures is None else figures, book.currency
    )
    document["figures"] = told["figures"]
    return document


def _against(subject: Subject, earlier: Earlier) -> Record:
    """What became of an earlier report's findings."""
    currency = subject.ledger.currency
    return {
        "file": earlier.name,
        "sha256": earlier.sha256,
        "budget": earlier.budget,
        "fiscal_year": earlier.fiscal_year,
        "phase": earlier.phase,
        "log_head": earlier.log_head,
        "findings": [
            {
                "id": each.id,
                "change": each.change,
                "before": each.was and _then(each.was, currency),
                "after": _now(each, currency),
            }
            for each in compared(earlier, subject.ledger, subject.checked)
        ],
    }


def _then(was: Was, currency: str) -> Record:
    lacked = was.shortfall
    return {
        "verdict": was.verdict,
        "shortfall": None if lacked is None else money.to_text(lacked, currency),
        "version": was.version,
    }


def _now(each: Compared, currency: str) -> Record | None:
    if each.now is None:
        return None
    told = records.finding(each.now, currency)
    lacks = told["shortfall"] if told["unit"] == "money" else None
    return {"verdict": told["verdict"], "shortfall": lacks, "version": told["version"]}
