"""A report as a PDF for archives (PDF/A-3a) that people who cannot see can read (UA-1).

What people wrote reaches the template as JSON and is set as text, never as markup.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hrbudget.domain.phrase import N_
from hrbudget.report.blocks import Block, Card, Folded, Report
from hrbudget.report.formats.entries import entries
from hrbudget.report.formats.pdf_blocks import Setter, turned
from hrbudget.report.formats.pdf_letters import displayable, plain
from hrbudget.report.formats.pdf_origins import ABOUT, LINES_TITLE, TITLE, Origins
from hrbudget.report.formats.pdf_text import Piece, Typist, code, flat
from hrbudget.report.formats.pdf_typeset import typeset
from hrbudget.report.formats.sources import Sources
from hrbudget.report.language import Language

_TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "document.typ"

Record = dict[str, Any]

_CONTENTS = N_("Contents")
_ROUNDED = N_(
    "Amounts are rounded to the minor unit for reading; each figure's entry has every "
    "digit."
)
_LETTERS = N_(
    "Letters that the fonts of this document lack are written as their numbers in "
    "Unicode, in brackets."
)
_MADE_BY = N_("Made by")
_PACK = N_("Evidence pack, from which all of this can be computed again")
_MANIFEST = N_("Hash of its manifest")
_ATTACHED = N_("A file of the evidence pack that belongs to this report.")

#: Figures of a report whose entries still have a line for each thing said.
_MANY = 1000

#: What an attachment is, by the end of its name.
_TYPES = {".json": "application/json", ".csv": "text/csv", ".xml": "application/xml"}


def document(
    report: Report, reader: Language, sources: Sources, attached: Mapping[str, bytes]
) -> bytes:
    """The report in one language; the same bytes on any machine and day.

    Args:
        report: what it says.
        reader: the language, and how figures are written.
        sources: where the reader finds what it was made of.
        attached: files that the PDF carries, by name, such as the pack's manifest.

    Raises:
        ValueError: two figures of the report have one id and are not the same.
    """
    cards = {name: number for number, name in enumerate(_cards(report), 1)}
    setter = Setter(Typist(reader, entries(report, reader)), cards)
    record = _record(report, setter, sources)
    record["pictures"] = list(map(plain, setter.pictures))
    record["attached"] = [_attachment(name, reader) for name in attached]
    shown = displayable(record)
    if shown is not record:
        shown["closing"].append(reader.translate(_LETTERS))
    pictures = {
        f"picture-{number}.svg": picture.encode()
        for number, picture in enumerate(shown.pop("pictures"), 1)
    }
    files = {
        f"attached-{number}": content
        for number, content in enumerate(attached.values(), 1)
    }
    main = {"main.typ": _TEMPLATE.read_bytes(), "content.json": _json(shown)}
    return typeset(main | pictures | files)


def _json(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


def _record(report: Report, setter: Setter, sources: Sources) -> Record:
    """What the template sets, in the order in which it stands on the pages."""
    typist = setter.typist
    t = typist.reader.translate
    title = typist.pieces(report.title)
    about = typist.running(report.about)
    said: Record = {
        "language": typist.reader.code,
        "name": " – ".join(filter(None, (flat(title), flat(about)))),
        "kind": report.kind,
        "version": sources.version,
        "title": title,
        "about": about,
        "facts": setter.block(report.facts),
        "notice": typist.pieces(report.notice),
        "contents": t(_CONTENTS) if report.kind != "summary" else "",
        "sections": [],
        "closing": [t(_ROUNDED)],
        "sources": _sources(sources, typist),
    }
    for each in report.sections:
        heading = typist.repeated(each.title)  # the contents have it as well
        blocks = setter.blocks(each.blocks)
        side = any(map(turned, blocks))
        said["sections"].append({"title": heading, "blocks": blocks, "turned": side})
    said["origins"] = _origins(typist, setter.cards)
    return said


def _origins(typist: Typist, cards: Mapping[str, int]) -> Record:
    """The last section, whose entries come before the lines that they share."""
    t = typist.reader.translate
    known = Origins(typist, cards)
    return {
        "title": t(TITLE),
        "about": t(ABOUT),
        "brief": len(typist.entries) > _MANY,
        "entries": known.entries(),
        "lines": t(LINES_TITLE),
        "selections": known.selections(),
    }


def _sources(sources: Sources, typist: Typist) -> Record:
    """Where a reader of the document alone finds the rest."""
    t = typist.reader.translate
    rows: list[tuple[str, Piece]] = [(_MADE_BY, plain(f"hrbudget {sources.version}"))]
    if sources.pack:
        rows.append((_PACK, code(sources.pack)))
    if sources.manifest:
        rows.append((_MANIFEST, code(sources.manifest)))
    told = [{"term": [t(term)], "lines": [[what]]} for term, what in rows]
    return {"b": "facts", "rows": told}


def _attachment(name: str, reader: Language) -> Record:
    return {
        "name": plain(name),
        "type": _TYPES.get(Path(name).suffix, "application/octet-stream"),
        "says": reader.translate(_ATTACHED),
    }


def _cards(report: Report) -> Iterator[str]:
    for section in report.sections:
        yield from _cards_in(section.blocks)


def _cards_in(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Card):
            yield block.id
        if isinstance(block, (Card, Folded)):
            yield from _cards_in(block.blocks)
