"""Two budgets or proposals of a workspace side by side."""

from __future__ import annotations

from hrbudget.domain.comparison import Comparison
from hrbudget.errors import CallRefused
from hrbudget.pipeline import deciding
from hrbudget.pipeline.deciding import Side
from hrbudget.workspace.workspace import Picked, Workspace


def side_by_side(
    workspace: Workspace, one: Picked, other: Picked
) -> tuple[Comparison, str]:
    """Two budgets or proposals side by side; the currency.

    A proposal is read under its scenario's packs and values, and so is the baseline
    it is compared with; budgets under all packs.

    Raises:
        CallRefused: they are kept in different currencies.
    """
    before, after = _side(workspace, one, other), _side(workspace, other, one)
    if before.ledger.currency != after.ledger.currency:
        kept = f"{before.ledger.currency} and {after.ledger.currency}"
        message = f"The two are kept in {kept}; they cannot be compared."
        raise CallRefused(message)
    return deciding.side_by_side(before, after), before.ledger.currency


def _side(workspace: Workspace, picked: Picked, beside: Picked) -> Side:
    """One of two sides; a proposal's baseline as the proposal saw it."""
    proposals = workspace.store.proposal_names()
    if picked.budget in proposals:
        done = workspace.proposal(picked.budget)
        return Side(picked.budget, done.proposal, done.after)
    if beside.budget in proposals and _is_baseline(workspace, picked, beside.budget):
        done = workspace.proposal(beside.budget)
        return Side(picked.budget, done.baseline, done.before)
    book, _, checked = workspace.check(picked, (), None)
    return Side(picked.budget, book, checked)


def _is_baseline(workspace: Workspace, picked: Picked, name: str) -> bool:
    """Whether a proposal was made on this budget."""
    stored = workspace.store.proposal(name)
    where, planned = stored.where, stored.fiscal_years
    if picked.budget != where.budget:
        return False
    if planned and picked.fiscal_year is not None:
        message = (
            f"{name} plans {', '.join(map(str, planned))} together: compare it "
            f"with {picked.budget} without --year."
        )
        raise CallRefused(message)
    return picked.fiscal_year in (None, where.fiscal_year) and picked.phase in (
        None,
        where.phase,
    )
