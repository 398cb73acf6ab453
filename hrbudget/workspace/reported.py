"""What a workspace has to report on, and all that such a report rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
    workspace: Workspace, picked: Picked, packs: Sequence[str] = ()
) -> Materials:
    """All that a report on a budget or a proposal rests on.

    Raises:
        NotFound: there is no such budget or proposal.
    """
    if picked.budget in workspace.store.proposal_names():
        return of_proposal(workspace, workspace.proposal(picked.budget))
    return _materials(workspace, [workspace.slice(picked)], packs)


def of_proposal(workspace: Workspace, done: Proposed) -> Materials:
    """All that a report on a proposal that is at hand rests on."""
    what = done.scenario
    return _materials(workspace, workspace.slices(what), what.packs, done)


def _materials(
    workspace: Workspace,
    held: Sequence[Slice],
    packs: Sequence[str],
    done: Proposed | None = None,
) -> Materials:
    # What changes while the ledgers are read comes after this event.
    head = workspace.store.head()
    mine = [workspace.ledger(each) for each in held]
    others = tuple(
        workspace.ledger(each)
        for each in workspace.store.slices()
        if each.entity == held[0].entity and each not in held
    )
    around = workspace.surroundings(packs, None)
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
