"""The open workspace: it knows where things lie and hands them on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from hrbudget import yamlfile
from hrbudget.domain import ledger
from hrbudget.domain.actor import Action
from hrbudget.domain.facts import Facts
from hrbudget.domain.finding import Checked
from hrbudget.domain.ledger import Ledger
from hrbudget.domain.plan import Plan
from hrbudget.domain.scenario import Scenario
from hrbudget.errors import CallRefused, NotFound
from hrbudget.ingest import facts
from hrbudget.ingest.lines import Defaults
from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.read import Ingested, ingest
from hrbudget.pipeline import deciding, years
from hrbudget.pipeline.deciding import Proposed, Surroundings
from hrbudget.rules.pack import Pack
from hrbudget.scenario.read import parse, read_scenario
from hrbudget.store.documents import Document
from hrbudget.store.findings import KeptFindings
from hrbudget.store.lines import File
from hrbudget.store.proposals import StoredProposal
from hrbudget.store.rows import Slice
from hrbudget.store.store import Store
from hrbudget.workspace import (
    answers,
    lookup,
    originals,
    places,
    proofs,
    recorded,
    rulebook,
    settings,
    signing,
)
from hrbudget.workspace.settings import Settings


@dataclass(frozen=True)
class Picked:
    """Which year and phase of a budget is meant; None: the only one there is."""

    budget: str
    fiscal_year: int | None = None
    phase: str | None = None


def create(folder: Path, stated: Settings) -> Workspace:
    """Make a workspace in a folder that holds none.

    Raises:
        CallRefused: the folder is a workspace already.
    """
    if (folder / settings.FILE).exists():
        message = f"{folder} is a workspace already."
        raise CallRefused(message)
    was_there = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    # Who may use it is asked when it is opened: to sign in, there must be a workspace.
    try:
        store = signing.as_nobody(stated, folder)
    except CallRefused:
        if not was_there:
            with suppress(OSError):  # something lies in it
                folder.rmdir()
        raise
    store = store.as_actor(store.users.actor_of(None))
    settings.write(folder, stated)
    return Workspace(folder, stated, store)


def open_at(folder: Path) -> Workspace:
    """Open the workspace in a folder, for whoever shows a token (see ``signing``).

    Raises:
        CallRefused: there is none.
        NotAllowed: the token opens nothing; the refusal is in the log.
    """
    stated = settings.read(folder)
    return Workspace(folder, stated, signing.opened(stated, folder))


class Workspace:
    """One folder with its database, packs, scenarios, plan and facts."""

    def __init__(self, folder: Path, stated: Settings, store: Store) -> None:
        self.folder = folder
        self.settings = stated
        self.store = store
        self._packs: dict[str, Pack] = {}

    # -- ingest

    def ingest(
        self, file: Path, budget: str, mapping: str | None, picked: Defaults
    ) -> Ingested:
        """Read a file into lines; nothing is stored yet (see ``keep``)."""
        known = Mapping() if mapping is None else self.mapping(mapping)
        if budget in self.store.proposal_names():
            message = f"A proposal is called {budget!r}; choose another name."
            raise CallRefused(message)
        currency = picked.currency or self.settings.currency
        defaults = Defaults(picked.fiscal_year, picked.phase, currency)
        return ingest(file, known, defaults)

    def keep(
        self,
        budget: str,
        ingested: Ingested,
        mapping: str | None,
        entity: str | None = None,
    ) -> None:
        """Store the lines of a file that has no issues, with how they were read.

        Args:
            budget: its name.
            ingested: what was read.
            mapping: by which it was read.
            entity: whose a new budget is; None: the workspace's own.

        Raises:
            NotFound: no entity or project is called that.
            CallRefused: the file has changed since it was read, or no copy of it can
                be laid into the workspace.
        """
        whose = signing.known_entity(self.store, self.settings, entity)
        stated = ingested.mapping.model_dump(mode="json", exclude_defaults=True)
        text = json.dumps(stated, ensure_ascii=False) if stated else ""
        if mapping is not None and ingested.mapping == self.mapping(mapping):
            # What a person wrote; a data package's own words are kept as they are read.
            path = places.find("mappings", mapping, self.folder)
            text = path.read_text(encoding="utf-8")
        originals.keep(self.folder, ingested)
        batches = ingested.lines.batches()
        file = File(ingested.sha256, text, mapping or "")
        self.store.add_lines(budget, batches, file, whose)

    def mapping(self, name: str) -> Mapping:
        """A mapping by its name or path."""
        path = places.find("mappings", name, self.folder)
        return yamlfile.read(path, Mapping)

    # -- check, optimize, compare

    def keep_findings(
        self, picked: Picked, packs: Sequence[str], told: dict[str, Any], reason: str
    ) -> int:
        """Keep what a check found, as the published JSON has it; the event's number."""
        kept = KeptFindings(
            self.slice(picked),
            told["on"],
            tuple(told["packs"]),
            told["findings"],
            self.texts(packs),
        )
        return self.store.keep_findings(kept, reason)

    def check(
        self, picked: Picked, packs: Sequence[str], on: date | None
    ) -> tuple[Ledger, Surroundings, Checked]:
        """A budget's findings under some packs, or under all there are."""
        book = self.ledger(self.slice(picked))
        around = self.surroundings(packs, on)
        return book, around, deciding.check_budget(book, around)

    def optimize(self, name: str) -> tuple[Proposed, bool]:
        """Answer a scenario and save the proposal; true where it replaced one."""
        what = self.scenario(name)
        around = self.surroundings(what.packs, None)
        done = deciding.propose(self.baseline(what), what, around, explain=True)
        return done, self.save(done)

    def save(self, done: Proposed) -> bool:
        """Save a proposal and its proof; true where it took an earlier one's place."""
        what = done.scenario
        proved = proofs.evidence(done)
        stored = StoredProposal(
            what.id,
            self.slices(what)[0],
            what.text,
            {
                **answers.to_json(done.answer),
                "dialogue": answers.dialogue_to_json(what.dialogue),
            },
            answers.lines(done.answer, done.baseline),
            what.fiscal_years,
            evidence=proved,
            under=self.texts(what.packs),
        )
        replaced = self.store.save_proposal(stored)
        proofs.copy(self.folder, what.id, proved)
        return replaced

    def texts(self, packs: Sequence[str] = ()) -> list[Document]:
        """Texts of the workspace, and the packs of ours that are in force."""
        names = self._pack_names(packs)
        return recorded.texts(self.folder) + recorded.shipped(names, self.folder)

    def signed(self, by: str | None) -> str:
        """In whose name something is done: the user's own, where users are kept.

        Raises:
            CallRefused: somebody else's name was given, or none where it is needed.
        """
        actor = self.store.actor
        if not actor.is_known:
            if by:
                return by
            message = "Say --by NAME: in whose name this is done."
            raise CallRefused(message)
        if by not in (None, actor.name):
            message = (
                f"You are signed in as {actor.name}, and --by says {by}: leave --by "
                "out, or sign in as whoever does this."
            )
            raise CallRefused(message)
        return actor.name

    def change_texts(self, subject: str) -> None:
        """Go on if the user may change what the workspace's folder holds.

        Raises:
            NotAllowed: no role lets them; the refusal is in the log.
        """
        self.store.require(Action.PLAN, subject, self.settings.entity)

    def record(self, reason: str = "") -> None:
        """Say in the log which texts of the workspace have changed."""
        texts = recorded.texts(self.folder)
        self.store.record(texts, self.settings.entity, reason)

    def proposal(self, name: str) -> Proposed:
        """A saved proposal with its checks, as it was computed."""
        stored = self.store.proposal(name)
        heard = answers.dialogue_from_json(stored.result.get("dialogue"))
        what = parse(stored.scenario.encode(), name, heard=heard)
        planned = stored.fiscal_years or (stored.where.fiscal_year,)
        where = [replace(stored.where, fiscal_year=year) for year in planned]
        book = deciding.extended(self._joined(where), what)
        answer = answers.from_json(stored.result, stored.lines, book)
        around = self.surroundings(what.packs, None)
        rows = deciding.asked(book, around, what.rule_values)
        return deciding.proposed(book, what, rows, answer)

    def slices(self, what: Scenario) -> list[Slice]:
        """The years and phase of a budget that a scenario starts from, in order."""
        planned = what.fiscal_years or (what.fiscal_year,)
        return [self.slice(Picked(what.budget, year, what.phase)) for year in planned]

    def baseline(self, what: Scenario) -> Ledger:
        """What a scenario starts from: a year, or those that are planned together.

        Raises:
            NotFound: there is no such budget.
            CallRefused: it holds no such year, or its years are of several phases.
        """
        return self._joined(self.slices(what))

    def _joined(self, where: Sequence[Slice]) -> Ledger:
        return years.joined([self.ledger(each) for each in where])

    # -- what lies where

    def slice(self, picked: Picked) -> Slice:
        """The one year and phase of a budget that is meant.

        Raises:
            NotFound: there is no such budget.
            CallRefused: it holds several years or phases, or not the one asked for.
        """
        slices = self.store.slices()
        mine = [each for each in slices if each.budget == picked.budget]
        if not mine:
            known = {*self.store.proposal_names(), *(each.budget for each in slices)}
            if picked.budget in self.store.proposal_names():
                message = (
                    f"{picked.budget} is a proposal: `hrbudget report` shows its "
                    "findings, `hrbudget compare` what it changes."
                )
                raise CallRefused(message)
            kind = "budget or proposal"
            raise NotFound(kind, picked.budget, known)
        fits = [
            each
            for each in mine
            if picked.fiscal_year in (None, each.fiscal_year)
            and picked.phase in (None, each.phase)
        ]
        if not fits:
            held = ", ".join(f"{each.fiscal_year} {each.phase}" for each in mine)
            message = f"{picked.budget} holds {held}, and not what was asked for."
            raise CallRefused(message)
        if len(fits) != 1:
            held = ", ".join(f"{each.fiscal_year} {each.phase}" for each in mine)
            message = (
                f"{picked.budget} holds {held}: say which with --year and --phase."
            )
            raise CallRefused(message)
        return fits[0]

    def ledger(self, where: Slice) -> Ledger:
        """The lines and tags of one slice."""
        return ledger.of(where.budget, self.store.lines(where), self.store.tags(where))

    def surroundings(self, packs: Sequence[str], on: date | None) -> Surroundings:
        """The packs named (or all), the facts, and the way to other years."""
        return Surroundings(
            tuple(self.pack(name) for name in self._pack_names(packs)),
            self.facts,
            cache(self._reference),  # many rules ask for the same year
            on,
            rulebook.decisions(self.folder, self.pack),
        )

    def _pack_names(self, packs: Sequence[str]) -> list[str]:
        stated = tuple(packs) or self.settings.packs
        return list(dict.fromkeys(stated)) or lookup.usable_packs(
            self.folder, self.plan
        )

    @cached_property
    def facts(self) -> Facts:
        """What is known of the entity beside its budgets; read once."""
        return facts.read(self.folder, self.settings.small_cells)

    @cached_property
    def plan(self) -> Plan | None:
        """The entity's plan, where the workspace has one; read once.

        Raises:
            CallRefused: the plan is another entity's.
        """
        found = lookup.read_plan(self.folder)
        if found is not None and found.entity != self.settings.entity:
            message = (
                f"The plan is of {found.entity or 'no entity'}, the workspace is of "
                f"{self.settings.entity}; put the right plan there."
            )
            raise CallRefused(message)
        return found

    @property
    def objectives(self) -> tuple[str, ...]:
        """Ids of the plan's objectives; none without a plan."""
        return tuple(each.id for each in self.plan.objectives) if self.plan else ()

    def pack(self, name: str) -> Pack:
        """A pack by its name, the workspace's own first; read once."""
        if name not in self._packs:
            self._packs[name] = lookup.load_pack(name, self.folder, self.plan)
        return self._packs[name]

    def scenario(self, name: str) -> Scenario:
        """A scenario by its name or path."""
        return read_scenario(places.find("scenarios", name, self.folder))

    def _reference(self, entity: str, year: int, phase: str) -> Ledger | None:
        """The entity's ledger of another year, where exactly one budget holds it."""
        found = [
            each
            for each in self.store.slices()
            if (each.entity, each.fiscal_year, each.phase) == (entity, year, phase)
        ]
        return self.ledger(found[0]) if len(found) == 1 else None
