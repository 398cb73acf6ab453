"""From a workspace to an evidence pack: everything that its reports rest on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from hrbudget.evidence import archive, tables
from hrbudget.pipeline import reporting
from hrbudget.pipeline.deciding import Proposed
from hrbudget.pipeline.reporting import Materials
from hrbudget.report.subject import Subject
from hrbudget.store.kept import Kept
from hrbudget.store.rows import Slice
from hrbudget.workspace import answers, originals, proofs, recorded, settings
from hrbudget.workspace.evidence import computing, given, given_budgets
from hrbudget.workspace.evidence.given import Members
from hrbudget.workspace.workspace import Picked, Workspace

#: What a workspace says of itself and of where its database is; others need not know.
_NOT_TOLD = ("database",)


@dataclass(frozen=True)
class Pack:
    """An evidence pack.

    Attributes:
        content: the bytes of ``evidence.zip``.
        manifest: those of its manifest, which a PDF has attached.
        record: those of the ``report.json`` in it.
    """

    content: bytes
    manifest: bytes
    record: bytes

    @property
    def sha256(self) -> str:
        """Of the manifest, by which the pack is known from any other."""
        return hashlib.sha256(self.manifest).hexdigest()


def pack(
    workspace: Workspace, stuff: Materials, subject: Subject | None = None
) -> Pack:
    """The evidence pack of a budget or proposal: the same for all kinds and languages.

    Args:
        workspace: where the materials are from.
        stuff: all that its reports are computed from.
        subject: what was computed from them; None: it is computed here.

    Raises:
        CallRefused: it is more than a pack holds, or somebody has changed lines or tags
            since the materials were read.
    """
    found = computing.computed(subject or reporting.subject(stuff))
    return sealed_again(members(workspace, stuff), found)


def sealed_again(members: Members, computed: Members) -> Pack:
    """The pack of what is given and of what was computed from it.

    Raises:
        CallRefused: it is more than a pack holds.
    """
    whole = {**members, **computed}
    told = {"events": members[given.LOG].count(b"\n"), "head": given.head(members)}
    subject = json.loads(members[given.SUBJECT])
    manifest = archive.manifest(whole, subject, told)
    return Pack(archive.sealed(whole, manifest), manifest, whole[computing.REPORT])


def members(workspace: Workspace, stuff: Materials) -> Members:
    """What a pack holds that is not computed."""
    held = [workspace.store.kept(where) for where in _held(workspace, stuff)]
    others = [
        workspace.store.kept(Slice(each.budget, each.fiscal_year, each.phase))
        for each in stuff.others
    ]
    every = [*held, *others]
    owners = {stuff.entity, *(each.owner for each in every)}
    log = workspace.store.extract()
    given.refuse_changed(log, stuff.log_head, every)
    events = given.to_be_seen(log, owners)
    files = {each.source.number: _file(workspace, each) for each in every}
    made = {
        **given.shipped(),
        **given.versions(),
        **given.log(events, stuff.log_head),
        **given_budgets.budgets(held, others),
        **given_budgets.inputs(every, files),
        **given.texts(_own(workspace.folder), events),
        **_packs(workspace, stuff),
        given.SUBJECT: archive.as_json(subject_of(stuff)),
    }
    toml = settings.text(workspace.settings, without=_NOT_TOLD)
    made[f"{given.OWN}{settings.FILE}"] = toml.encode()
    if stuff.earlier is not None:
        name, content = stuff.earlier
        made[given.EARLIER + given_budgets.as_name(name)] = content
    if stuff.proposed is not None:
        made |= _proposal(workspace, stuff.proposed)
    return made


def _held(workspace: Workspace, stuff: Materials) -> list[Slice]:
    """The year and phase in question; of a proposal, all that are planned together."""
    if stuff.proposed is not None:
        return workspace.slices(stuff.proposed.scenario)
    book = stuff.ledger
    return [workspace.slice(Picked(book.budget, book.fiscal_year, book.phase))]


def _file(workspace: Workspace, each: Kept) -> bytes | str:
    """The bytes of the file that lines come from, or why they are not there."""
    source = each.source
    path = originals.path(workspace.folder, source.sha256, source.file)
    if not path.is_file():
        return "the workspace holds no copy: it was ingested by an older version"
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != source.sha256:
        return "the copy in the workspace was changed since"
    return content


def _own(folder: Path) -> dict[str, bytes]:
    """Texts of the workspace but its settings, which name the database."""
    return {
        each.name: (folder / each.name).read_bytes()
        for each in recorded.texts(folder)
        if each.name != settings.FILE and each.kind != "pack"
    }


def _packs(workspace: Workspace, stuff: Materials) -> Members:
    """The rules in force, and those that the entity has decided on, without cases."""
    decided = {each.rule.partition(".")[0] for each in stuff.around.overrides}
    every = {each.name: each for each in stuff.around.packs}
    every |= {name: workspace.pack(name) for name in sorted(decided - every.keys())}
    made: Members = {}
    for name, each in every.items():
        for path in sorted(each.folder.rglob("*.yaml")):
            inside = path.relative_to(each.folder)
            if "tests" not in inside.parts:
                made[f"{given.PACKS}{name}/{inside.as_posix()}"] = path.read_bytes()
    return made


def subject_of(stuff: Materials) -> dict[str, Any]:
    """What the pack is about, and what its reports were asked for with."""
    book, done, on = stuff.ledger, stuff.proposed, stuff.around.on
    return {
        "kind": "proposal" if done else "budget",
        "name": done.scenario.id if done else book.budget,
        "budget": book.budget,
        "fiscal_year": book.fiscal_year,
        "phase": book.phase,
        "entity": stuff.entity,
        "currency": book.currency,
        "on": on and on.isoformat(),
        "day": stuff.around.day(book).isoformat(),
        "packs": list(stuff.around.names),
        "earlier": stuff.earlier and stuff.earlier[0],
    }


def _proposal(workspace: Workspace, done: Proposed) -> Members:
    """The scenario, the optimizer's answer to it, and the proof."""
    what, answer = done.scenario, done.answer
    told = {
        **answers.to_json(answer),
        "dialogue": answers.dialogue_to_json(what.dialogue),
    }
    lines = answers.lines(answer, done.baseline)
    because = [json.dumps(ids) if ids else None for ids in lines["because"].to_list()]
    rows = lines.with_columns(because=pl.Series(because, dtype=pl.String))
    made = {
        given.SCENARIO: what.text.encode(),
        given.ANSWER: archive.as_json(told),
        given.AMOUNTS: tables.write(rows, tables.places(done.baseline.currency)),
    }
    proved = proofs.evidence(done) or _stored(workspace, what.id)
    if proofs.CERTIFICATE in proved:
        made[given.CERTIFICATE] = proved[proofs.CERTIFICATE]
    return made


def _stored(workspace: Workspace, name: str) -> dict[str, bytes]:
    """What proves a proposal that is not of this moment."""
    known = workspace.store.proposal_names()
    return workspace.store.evidence(name) if name in known else {}
