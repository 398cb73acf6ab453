"""One page in plain language for residents: money, rights, what is not sure.

Sentences are short and explain their words. Amounts are rounded, and lead back to the
exact ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from hrbudget.domain.phrase import N_, Figure, Origin, Phrase, Title, Value
from hrbudget.report.blocks import (
    Block,
    Column,
    Facts,
    Paragraph,
    Report,
    Section,
    Table,
    Text,
    Written,
)
from hrbudget.report.figures import money, number
from hrbudget.report.parts import head, summary_checked, summary_proposal
from hrbudget.report.parts.figures_of import of_totals
from hrbudget.report.parts.follow_figures import of_objective, of_plan
from hrbudget.report.parts.summary_amounts import about, currency, of_hundred, shares
from hrbudget.report.subject import Subject

#: Rights that get a row of their own; the page has one side.
_MOST_RIGHTS, _MOST_BESIDE_A_PROPOSAL = 5, 3

_NOTICE = N_(
    "A computer has made this page from figures and links. It asks questions. It "
    "judges nobody and gives no legal advice."
)
_STAGES = {
    "proposed": N_("The budget is a proposal. It is not decided yet."),
    "approved": N_("The budget is decided."),
    "adjusted": N_("The budget was decided, and has been changed during the year."),
    "executed": N_("The year is over. The sums are what was really spent."),
}


def report(subject: Subject) -> Report:
    """What a resident needs to know of a budget, or of a proposal."""
    proposal: tuple[Section, ...] = ()
    if subject.proposal:
        title = Phrase(N_("What the proposal changes"))
        proposal = (Section("proposal", title, summary_proposal.blocks(subject)),)
    return Report(
        kind="summary",
        title=Phrase(N_("The budget and your rights")),
        about=head.about(subject),
        facts=_facts(subject),
        notice=Phrase(_NOTICE),
        sections=(
            Section("money", Phrase(N_("Where the money goes")), _money(subject)),
            Section(
                "rules",
                Phrase(N_("What the budget meets, and what not")),
                (*summary_checked.blocks(subject), *_plan(subject)),
            ),
            *proposal,
            Section("sure", Phrase(N_("How sure this is")), _sure(subject)),
            Section("act", Phrase(N_("What you can do")), _act(subject)),
        ),
        currency=subject.ledger.currency,
    )


def _facts(subject: Subject) -> Facts:
    return Facts(((Phrase(N_("As of")), Written(subject.on)),))


def _what(subject: Subject) -> tuple[Text, ...]:
    """What the page is about, and how far the budget has come."""
    values: dict[str, Value] = {
        "entity": Title(subject.entity),
        "year": subject.ledger.years,
    }
    about_all = N_(
        "Human rights are for everyone: a home, school, care, a say. They cost money."
    )
    shows = N_("This page shows what the budget of {entity} for {year} does for them.")
    stage = Phrase(_STAGES[subject.ledger.phase])
    return (Phrase(about_all), Phrase(shows, values), stage)


# -- where the money goes


def _money(subject: Subject) -> tuple[Block, ...]:
    ledger, totals = subject.ledger, subject.checked.totals
    made = of_totals(totals, ledger)
    spent = made["total/ledger"]
    values = {"amount": about(spent, ledger.currency)}
    said: list[Text] = [Phrase(N_("The budget spends about {amount}."), values)]
    said += _each(subject, spent)
    if not totals.tagged:
        nothing = N_(
            "No money is linked to a right yet. So we cannot say where it goes."
        )
        said.append(Phrase(nothing))
    most = _MOST_BESIDE_A_PROPOSAL if subject.proposal else _MOST_RIGHTS
    parts = shares(totals, made, most) if totals.tagged else []
    intro = (Paragraph(_what(subject)), Paragraph(tuple(said)))
    if not parts:
        return intro
    figures = of_hundred(parts, spent)
    rows = tuple(
        (summary_checked.right(part.name), figure)
        for part, figure in zip(parts, figures, strict=True)
    )
    kronor: dict[str, Value] = {"currency": currency(ledger.currency)}
    table = Table(
        "hundred",
        Phrase(N_("Of every hundred {currency}"), kronor),
        (
            Column(Phrase(N_("Goes to"))),
            Column(Phrase(N_("How many {currency}"), kronor), figures=True),
        ),
        rows,
    )
    return (*intro, table)


def _each(subject: Subject, spent: Figure) -> Iterator[Text]:
    """What that is for each resident, where the number of them is known."""
    ledger, facts = subject.ledger, subject.facts
    known = facts.population["fiscal_year"].unique().sort(descending=True).to_list()
    year = next((each for each in known if each <= ledger.fiscal_year), None)
    count = None if year is None else facts.persons(year)
    if not count or year is None or (year, "", "all") in facts.hidden:
        return
    if ledger.years != str(ledger.fiscal_year):
        return
    datum = facts.datum(
        "population", year, ledger.fiscal_year, group="all", district=""
    )
    source = datum[0].source if datum else ""
    stands = Phrase(
        N_("It is the number of all residents in {year}."), {"year": str(year)}
    )
    persons = number("residents", count, Origin(stands, source=source))
    says = Phrase(
        N_("{spent} divided by {persons}."), {"spent": spent, "persons": persons}
    )
    origin = Origin(says, made_of=(spent.id, persons.id))
    each = money("residents/each", spent.value / count, origin)
    values: dict[str, Value] = {
        "amount": about(each, ledger.currency),
        "persons": persons,
        "year": str(year),
    }
    yield Phrase(N_("That is about {amount} for each resident."), values)
    kept = {**values, "source": source}
    yield Phrase(
        N_("({persons} residents in {year}; source: {source}.)")
        if source
        else N_("({persons} residents in {year}.)"),
        kept,
    )


# -- the plan, what is not sure, what to do


def _plan(subject: Subject) -> tuple[Block, ...]:
    """How many goals of the plan lack money."""
    follow = subject.followed
    if follow is None:
        return ()
    sums = of_plan(follow, [of_objective(follow, each) for each in follow.objectives])
    says = [
        Phrase(N_("There is a plan for human rights with {objectives} goals."), sums)
    ]
    if "lacking" not in sums:
        says.append(Phrase(N_("We cannot tell whether there is money for them.")))
    elif sums["short"].value:
        lacking = about(sums["lacking"], subject.ledger.currency)
        values: dict[str, Value] = {**sums, "lacking": lacking}
        says.append(
            Phrase(
                N_("{short} of them get too little: about {lacking} is missing."),
                values,
            )
        )
    else:
        says.append(Phrase(N_("Each goal that has a price gets its money.")))
    return (Paragraph(tuple(says)),)


def _sure(subject: Subject) -> tuple[Block, ...]:
    """What is not linked, estimated, not read by a second person, or missing."""
    totals = subject.checked.totals
    made = of_totals(totals, subject.ledger)
    says = [
        Phrase(
            N_(
                "Each line of the budget can be linked to the rights it pays for. Such "
                "a link is called a tag."
            )
        )
    ]
    if totals.untagged > 0 and totals.tagged:
        rest = {"amount": about(made["total/untagged"], subject.ledger.currency)}
        says.append(Phrase(N_("About {amount} has no tag yet."), rest))
    ranges = totals.ranges
    if not all(each.exact for each in (ranges.tagged, *ranges.by_right.values())):
        says.append(Phrase(N_("Some tags are estimates. Those sums may change.")))
    unread = int((subject.ledger.tags["state"] == "proposed").sum())
    if unread:
        says.append(_unread(subject, unread))
    if subject.checked.count("not_assessed"):
        says.append(Phrase(N_("A rule without facts never counts as met.")))
    return (Paragraph(tuple(says)),)


def _unread(subject: Subject, count: int) -> Phrase:
    """How many tags only one person, or a table, has set."""
    stands = Origin(Phrase(N_("The tags that only one person has seen are counted.")))
    every = Origin(Phrase(N_("All tags of the budget are counted.")))
    values = {
        "count": number("tags/unread", count, stands),
        "all": number("tags", subject.ledger.tags.height, every),
    }
    pattern = N_("Of {all} tags, {count} have not been read by a second person.")
    return Phrase(pattern, values)


#: What the full report is called: on a budget, and on a proposal.
_FULL = {False: N_("Compliance report"), True: N_("Proposal for a reallocation")}


def _act(subject: Subject) -> tuple[Block, ...]:
    entity = {"entity": Title(subject.entity)}
    return (
        Paragraph(
            (
                Phrase(N_("Ask your politicians what they will do about this.")),
                Phrase(N_("Ask which lines of the budget stand behind a sum.")),
                Phrase(N_("Tell {entity} if a right or a group is missing."), entity),
            )
        ),
        Paragraph(
            (
                Phrase(
                    N_("All of it stands in the full report, “{name}”."),
                    {"name": Phrase(_FULL[subject.proposal is not None])},
                ),
                Phrase(
                    N_(
                        "With its file of evidence anyone can work out every number "
                        "again."
                    )
                ),
            )
        ),
    )
