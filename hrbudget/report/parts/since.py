"""What became of an earlier report's findings."""

from __future__ import annotations

from collections.abc import Sequence

from hrbudget.domain.finding import Finding
from hrbudget.domain.phrase import N_, Figure, Origin, Phrase
from hrbudget.report.blocks import (
    Cell,
    Code,
    Column,
    Counts,
    Facts,
    Mark,
    Section,
    Table,
    Written,
)
from hrbudget.report.earlier import Change, Compared, Earlier, Was, compared
from hrbudget.report.figures import money, number
from hrbudget.report.parts.figures_of import of_finding
from hrbudget.report.subject import Subject

CHANGE_NAMES: dict[Change, str] = {
    "worse": N_("Worse"),
    "more": N_("More is lacking"),
    "new": N_("New"),
    "gone": N_("Gone"),
    "changed": N_("Another verdict"),
    "better": N_("Better"),
    "less": N_("Less is lacking"),
    "unassessed": N_("No longer assessed"),
    "assessed": N_("Assessed for the first time"),
    "same": N_("As before"),
}


def section(subject: Subject, earlier: Earlier) -> Section:
    """Findings then and now: how many of each change, and all that changed."""
    found = compared(earlier, subject.ledger, subject.checked)
    columns = (
        Column(Phrase(N_("Finding"))),
        Column(Phrase(N_("What became of it"))),
        Column(Phrase(N_("Then"))),
        Column(Phrase(N_("Now"))),
        Column(Phrase(N_("Lacking then")), figures=True),
        Column(Phrase(N_("Lacking now")), figures=True),
    )
    changed = [each for each in found if each.change != "same"]
    table = Table(
        "since",
        Phrase(N_("Findings that are not as they were; ids stay from year to year")),
        columns,
        tuple(_row(each, earlier) for each in changed),
    )
    return Section(
        "since",
        Phrase(N_("Since the earlier report")),
        (_about(earlier), _counts(found), *([table] if changed else [])),
    )


def _about(earlier: Earlier) -> Facts:
    return Facts(
        (
            (
                Phrase(N_("Held against")),
                Written(f"{earlier.budget}, {earlier.fiscal_year}"),
            ),
            (Phrase(N_("File")), Code(earlier.name)),
            (Phrase(N_("Hash of the file")), Code(earlier.sha256)),
            (Phrase(N_("Last event of the log")), Code(earlier.log_head or "–")),
        )
    )


def _counts(found: Sequence[Compared]) -> Counts:
    says = Phrase(
        N_("The findings that became so since the earlier report are counted.")
    )
    many = {name: sum(each.change == name for each in found) for name in CHANGE_NAMES}
    return Counts(
        tuple(
            (number(f"since/count/{name}", many[name], Origin(says)), Phrase(title))
            for name, title in CHANGE_NAMES.items()
            if many[name]
        )
    )


def _row(each: Compared, earlier: Earlier) -> tuple[Cell, ...]:
    return (
        (_title(each), Code(each.id)),
        Phrase(CHANGE_NAMES[each.change]),
        Mark(each.was.verdict) if each.was else None,
        Mark(each.now.verdict) if each.now else None,
        _lacked(each.id, each.was, earlier),
        _lacks(each.now),
    )


def _title(each: Compared) -> Written:
    if each.now:
        rule = each.now.rule
        return Written(rule.title, "en", rule.title_sv)
    was = each.was
    return Written(was.title, "en", was.title_sv) if was else Written("")


def _lacked(name: str, was: Was | None, earlier: Earlier) -> Figure | None:
    if was is None or was.shortfall is None:
        return None
    says = Phrase(N_("It stands in the earlier report."))
    origin = Origin(says, was.rule, was.version, source=earlier.name)
    return money(f"since/{name}/shortfall", was.shortfall, origin)


def _lacks(now: Finding | None) -> Figure | None:
    return of_finding(now).get("shortfall") if now else None
