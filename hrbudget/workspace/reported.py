"""What a workspace has to report on, and all that such a report rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hrbudget.errors import CallRefused
from hrbudget.ingest import grants
from hrbudget.pipeline import reporting
from hrbudget.pipeline.deciding import Proposed
from hrbudget.pipeline.reporting import Materials
from hrbudget.report.subject import Subject
from hrbudget.store.rows import Slice
from hrbudget.workspace.workspace import Picked, Workspace


def subject(workspace: Workspace, picked: Picked, packs: Sequence[str] = ()) -> Subject:
    """What a report on a budget or a proposal is about."""
    return reporting.subject(materials(workspace, picked, packs))


def materials(
    workspace: Workspace,
    picked: Picked,
    packs: Sequence[str] = (),
    on: date | None = None,
) -> Materials:
    """All that a report on a budget or a proposal rests on.

    Args:
        workspace: where it is.
        picked: the budget, or the name of the proposal.
        packs: those to check; none: all that the workspace uses.
        on: the day whose values are in force; None: the first of the year.

    Raises:
        NotFound: there is no such budget or proposal.
        CallRefused: packs or a day are named for a proposal, which has its own.
    """
    if picked.budget not in workspace.store.proposal_names():
        return _materials(workspace, [workspace.slice(picked)], packs, on=on)
    if packs or on:
        message = (
            f"{picked.budget} is a proposal: it is read under its scenario's packs, on "
            "the first day of its year. Leave --pack and --on out."
        )
        raise CallRefused(message)
    return of_proposal(workspace, workspace.proposal(picked.budget))


def of_proposal(workspace: Workspace, done: Proposed) -> Materials:
    """All that a report on a proposal that is at hand rests on."""
    what = done.scenario
    return _materials(workspace, workspace.slices(what), what.packs, done)


def _materials(
    workspace: Workspace,
    held: Sequence[Slice],
    packs: Sequence[str],
    done: Proposed | None = None,
    on: date | None = None,
) -> Materials:
    # What changes while the ledgers are read comes after this event.
    head = workspace.store.head()
    mine = [workspace.ledger(each) for each in held]
    others = tuple(
        workspace.ledger(each)
        for each in workspace.store.slices()
        if each.entity == held[0].entity and each not in held
    )
    around = workspace.surroundings(packs, on)
    return Materials(
        ledger=done.baseline if done else mine[0],
        around=replace(around, reference=reporting.among([*mine, *others])),
        entity=workspace.settings.entity,
        others=others,
        plan=workspace.plan,
        grants=grants.read(workspace.folder),
        proposed=done,
        log_head=head,
    )
