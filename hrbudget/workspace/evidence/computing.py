"""What a pack holds that is computed: from its materials, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from hrbudget.domain.finding import Checked
from hrbudget.domain.phrase import Figure
from hrbudget.evidence import archive
from hrbudget.evidence.asked import FOLDER, Asked
from hrbudget.report import documents, figure_record, figures, language, records
from hrbudget.report.blocks import Kind, Report
from hrbudget.report.kinds import every
from hrbudget.report.proposed import answer
from hrbudget.report.subject import Subject
from hrbudget.workspace.evidence.given import Members

FINDINGS = "findings.json"
AFTER = "findings_after.json"
PROPOSAL = "proposal.json"
REQUIREMENTS = f"{FOLDER}/index.json"
FIGURES = "figures.json"
REPORT = "report.json"


def computed(subject: Subject) -> Members:
    """Requirements, findings, figures and the report, as members of a pack."""
    subject = _without_proof(subject)
    book, currency = subject.ledger, subject.ledger.currency
    english = language.of("en", currency)
    asked = Asked(book.line_ids, lambda phrase: phrase.say(english))
    index = asked.records(each.requirement for each in subject.checked.findings)
    reports = every.reports(subject)
    found = figures.joined(reports.values()).values()
    told = {
        FINDINGS: _checked(subject, subject.checked),
        REQUIREMENTS: archive.as_json(index),
        FIGURES: _figures(reports, found, currency),
        REPORT: archive.as_json(documents.record(subject, found)),
        **asked.members,
    }
    if subject.proposal is not None:
        _, answered, after, _ = subject.proposal
        record = answer(answered, subject.checked, after, book.lines, currency)
        told[PROPOSAL] = archive.as_json(record)
        if answered.status == "optimal":
            told[AFTER] = _checked(subject, after)
    return told


def _without_proof(subject: Subject) -> Subject:
    """The subject as it comes out of a pack, where the proof is a member of its own."""
    if subject.proposal is None:
        return subject
    what, found, after, comparison = subject.proposal
    bare = replace(found, certificate=None)
    return replace(subject, proposal=(what, bare, after, comparison))


def _checked(subject: Subject, found: Checked) -> bytes:
    """Findings and totals as ``hrbudget check`` prints them."""
    book, day = subject.ledger, date.fromisoformat(subject.on)
    told = records.checked(found, book.budget, day, subject.packs, book.currency)
    return archive.as_json(told)


def _figures(
    reports: Mapping[Kind, Report], found: Iterable[Figure], currency: str
) -> bytes:
    """Every figure of every kind of report, by its link id."""
    told = figure_record.records(found, currency)
    told["kinds"] = {
        kind: sorted(figures.of(report)) for kind, report in reports.items()
    }
    return archive.as_json(told)
