"""What stands above every report: what it is of, how it was made, what to mind."""

from __future__ import annotations

from collections.abc import Iterable

from hrbudget import __version__
from hrbudget.domain.phrase import N_, Phrase
from hrbudget.report.blocks import (
    Cell,
    Code,
    Facts,
    Kind,
    Report,
    Section,
    Text,
    Written,
)
from hrbudget.report.subject import Subject

PHASE_NAMES = {
    "proposed": N_("proposed"),
    "approved": N_("approved"),
    "adjusted": N_("adjusted"),
    "executed": N_("executed"),
}

NOTICE = Phrase(
    N_(
        "A finding is what a model reads out of figures and tags. It is a question to "
        "answer, not a verdict on anybody, and not legal advice."
    )
)


def report(
    subject: Subject,
    kind: Kind,
    title: Phrase,
    sections: Iterable[Section],
    stated: Facts | None = None,
) -> Report:
    """A report under the head that all on a budget or a proposal have.

    Args:
        subject: what it is about.
        kind: which report it is.
        title: its heading.
        sections: what it says.
        stated: what stands above them; None: what ``facts`` tells.
    """
    return Report(
        kind=kind,
        title=title,
        about=about(subject),
        facts=stated or facts(subject),
        notice=NOTICE,
        sections=tuple(sections),
        currency=subject.ledger.currency,
    )


def about(subject: Subject) -> tuple[Text, ...]:
    """The line below the title: whose budget, which, of when."""
    book = subject.ledger
    said: tuple[Text, ...] = (
        Written(f"{subject.entity}: {book.budget}, {book.years}"),
    )
    if subject.proposal:
        said += (Written(f"– {subject.proposal[0].title}"),)
    return said


def facts(subject: Subject) -> Facts:
    """Phase, packs, day, files, program and the head of the log."""
    book = subject.ledger
    rows: list[tuple[Text, Cell]] = [
        (Phrase(N_("Phase")), Phrase(PHASE_NAMES[book.phase])),
        (Phrase(N_("Packs of rules")), Written(", ".join(subject.packs) or "–")),
        (Phrase(N_("Values in force on")), Written(subject.on)),
    ]
    sources = files(subject)
    if sources:
        rows.append((Phrase(N_("Files read")), tuple(map(Code, sources))))
    rows.append((Phrase(N_("Made by")), Written(f"hrbudget {__version__}")))
    if subject.log_head:
        rows.append((Phrase(N_("Last event of the log")), Code(subject.log_head)))
    return Facts(tuple(rows))


def files(subject: Subject) -> tuple[str, ...]:
    """Files that the budget's lines were read from."""
    lines = subject.ledger.lines
    if "file" not in lines.columns:
        return ()
    return tuple(str(name) for name in lines["file"].drop_nulls().unique().sort())
