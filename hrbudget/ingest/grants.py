"""Grants from ``grants.yaml``, and the headings of donors that are shipped.

A file that is not there states no grant. Whatever cannot stand is told with its place:
an amount finer than its currency, a heading that the donor has not, a year that the
agreement has no day of.
"""

from __future__ import annotations

from pathlib import Path

from hrbudget import yamlfile
from hrbudget.domain.grant import (
    Agreement,
    Approved,
    Balances,
    Chosen,
    Donor,
    Explained,
    Grant,
    Heading,
    Held,
    Note,
    Rate,
    Signers,
    Tolerance,
)
from hrbudget.domain.phrase import Title
from hrbudget.domain.rule import Reference
from hrbudget.domain.taxonomy import DATA
from hrbudget.errors import DataIssue, InputRefused
from hrbudget.ingest.grant_checks import check
from hrbudget.ingest.grant_file import (
    DonorEntry,
    DonorFile,
    GrantEntry,
    GrantsFile,
    HeadingEntry,
    HeldEntry,
)
from hrbudget.ingest.grant_money import Amounts, movements
from hrbudget.money import to_fraction

FILE = "grants.yaml"
DONORS = DATA / "donors"


def read(folder: Path) -> tuple[Grant, ...]:
    """The grants of a workspace, in the order of the file.

    Raises:
        InputRefused: with one issue for each entry that cannot stand.
    """
    path = folder / FILE
    return parse(path.read_bytes(), FILE) if path.is_file() else ()


def parse(content: bytes, name: str = FILE) -> tuple[Grant, ...]:
    """The grants that a text states.

    Args:
        content: the text, UTF-8.
        name: of the file, for messages.

    Raises:
        InputRefused: with one issue for each entry that cannot stand.
    """
    document = yamlfile.document(content, name)
    entries = document.read_as(GrantsFile).root
    issues: list[DataIssue] = []
    grants: list[Grant] = []
    for place, entry in enumerate(entries):
        amounts = Amounts(document, (place,), issues)
        headings = _headings(entry.donor, amounts)
        if headings is None:
            continue
        grant = _grant(entry, headings, amounts)
        check(grant, amounts)
        if grant.id in (each.id for each in grants):
            amounts.blame(
                ("id",) if entry.id else ("project",),
                f"the grant {grant.id!r} a second time",
                "each grant once",
                "give one of them an id of its own",
            )
        grants.append(grant)
    if issues:
        raise InputRefused(issues)
    return tuple(grants)


def shipped() -> tuple[str, ...]:
    """Names of the lists of headings that are shipped."""
    return tuple(sorted(path.stem for path in DONORS.glob("*.yaml")))


def _headings(entry: DonorEntry, amounts: Amounts) -> Donor | None:
    """The donor with the headings it is told in; None where there are none."""
    name = Title(entry.name, entry.name_sv)
    if bool(entry.headings) == bool(entry.own_headings):
        both = "both headings and own_headings" if entry.headings else "no headings"
        amounts.blame(
            ("donor",), both, "headings, or own_headings", "keep or add one of the two"
        )
        return None
    if entry.own_headings:
        own = tuple(map(_heading, entry.own_headings))
        return Donor(name, name, own, entry.packs or ())
    if entry.headings not in shipped():
        amounts.blame(
            ("donor", "headings"),
            repr(entry.headings),
            f"one of {', '.join(shipped())}",
            "choose one of them, or write own_headings",
        )
        return None
    stated = yamlfile.read(DONORS / f"{entry.headings}.yaml", DonorFile)
    return Donor(
        name,
        Title(stated.form, stated.form_sv),
        tuple(map(_heading, stated.headings)),
        stated.packs if entry.packs is None else entry.packs,
        tuple(Reference(*each) for each in _sources(stated)),
    )


def _sources(stated: DonorFile) -> list[tuple[str, str, str]]:
    return [(each.title, each.paragraph, each.href) for each in stated.sources]


def _heading(entry: HeadingEntry) -> Heading:
    title = Title(entry.title, entry.title_sv)
    return Heading(entry.id, title, entry.cost_categories, entry.party)


def _grant(entry: GrantEntry, donor: Donor, amounts: Amounts) -> Grant:
    method = entry.method
    return Grant(
        id=entry.id or entry.project,
        project=entry.project,
        fund=entry.fund,
        title=Title(entry.title, entry.title_sv),
        donor=donor,
        agreement=_agreement(entry, amounts),
        currency=entry.currency,
        method=method.name if method else "first_in_first_out",
        method_source=method.source if method else "",
        opening=amounts.minor(
            ("opening", "amount"), entry.opening.amount, entry.currency
        ),
        opening_document=entry.opening.document,
        movements=movements(entry, amounts),
        budgets=_budgets(entry, amounts),
        chosen={
            year: Chosen(_held(each.budget), _held(each.outcome))
            for year, each in entry.chosen.items()
        },
        declared=_declared(entry, amounts),
        explained=tuple(
            Explained(each.year, each.heading, Title(each.says, each.says_sv))
            for each in entry.explained
        ),
        notes=tuple(
            Note(each.about, Title(each.says, each.says_sv)) for each in entry.notes
        ),
        signers=Signers(**entry.signers.model_dump()),
    )


def _agreement(entry: GrantEntry, amounts: Amounts) -> Agreement:
    stated = entry.agreement
    currency = stated.currency or entry.currency
    limit, rate = stated.tolerance, stated.rate
    return Agreement(
        number=stated.number,
        signed=stated.signed,
        begins=stated.begins,
        ends=stated.ends,
        currency=currency,
        amount=None
        if stated.amount is None
        else amounts.positive(("agreement", "amount"), stated.amount, currency),
        tolerance=Tolerance(to_fraction(limit.share), limit.source) if limit else None,
        rate=Rate(to_fraction(rate.rate), rate.source) if rate else None,
    )


def _budgets(entry: GrantEntry, amounts: Amounts) -> tuple[Approved, ...]:
    return tuple(
        Approved(
            each.year,
            each.on,
            each.document,
            {
                name: amounts.minor(
                    ("budgets", place, "amounts", name), text, entry.currency
                )
                for name, text in each.amounts.items()
            },
        )
        for place, each in enumerate(entry.budgets)
    )


def _declared(entry: GrantEntry, amounts: Amounts) -> dict[int, Balances]:
    def minor(year: int, key: str, text: str | None) -> int | None:
        if text is None:
            return None
        return amounts.minor(("declared", str(year), key), text, entry.currency)

    return {
        year: Balances(
            each.document,
            minor(year, "opening", each.opening),
            minor(year, "closing", each.closing),
            each.audited,
        )
        for year, each in entry.declared.items()
    }


def _held(entry: HeldEntry | None) -> Held | None:
    return Held(entry.budget, entry.phase) if entry else None
