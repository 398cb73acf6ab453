"""Reports as they leave a workspace: their files, and the evidence they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hrbudget.errors import CallRefused
from hrbudget.evidence import archive
from hrbudget.pipeline import reporting
from hrbudget.pipeline.reporting import Materials
from hrbudget.report.blocks import Kind
from hrbudget.report.documents import FORMATS, Format, Sealed, documents
from hrbudget.report.formats.sources import Sources
from hrbudget.report.kinds import every
from hrbudget.report.language import Code
from hrbudget.workspace.evidence import packing
from hrbudget.workspace.reported import materials
from hrbudget.workspace.workspace import Picked, Workspace


@dataclass(frozen=True)
class Asked:
    """What is asked of a report.

    Attributes:
        kind: which; None: the one that the budget or proposal is for.
        language: of HTML, PDF and XLSX.
        formats: which files.
        against: file of the earlier report that it is held against; None: none.
        evidence: whether its evidence pack is made.
        on: the day whose values are in force; None: the first of the year.
    """

    kind: Kind | None = None
    language: Code = "en"
    formats: tuple[Format, ...] = FORMATS
    against: Path | None = None
    evidence: bool = True
    on: date | None = None


#: What the evidence pack is called beside the report.
PACK = "evidence.zip"


def files(
    workspace: Workspace, picked: Picked, packs: Sequence[str], asked: Asked
) -> dict[str, bytes]:
    """The files of a report and its evidence pack, by name.

    Raises:
        NotFound: there is no such budget or proposal.
        CallRefused: it has no report of that kind, or the earlier report is none.
    """
    stuff = materials(workspace, picked, packs, asked.on)
    return files_of(workspace, replace(stuff, earlier=_earlier(asked.against)), asked)


def files_of(workspace: Workspace, stuff: Materials, asked: Asked) -> dict[str, bytes]:
    """The files of a report whose materials are at hand."""
    about = reporting.subject(stuff)
    every.require(about, asked.kind)
    if not asked.evidence:
        return documents(about, asked.language, asked.kind, asked.formats)
    packed = packing.pack(workspace, stuff, about)
    sources = Sources(manifest=packed.sha256, pack=PACK)
    sealed = Sealed(sources, packed.manifest, packed.record)
    made = documents(about, asked.language, asked.kind, asked.formats, sealed)
    return {**made, PACK: packed.content}


def _earlier(file: Path | None) -> tuple[str, bytes] | None:
    """The report.json that is named, or the one in the evidence pack that is."""
    if file is None:
        return None
    content = file.read_bytes()
    if content.startswith(b"PK"):
        members = archive.opened(content)
        if "report.json" not in members:
            message = f"{file.name} has no report.json: name an evidence pack."
            raise CallRefused(message)
        content = members["report.json"]
    return file.name, content
