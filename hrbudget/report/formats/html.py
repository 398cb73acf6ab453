"""A report as one self-contained HTML file: no script, nothing fetched."""

from __future__ import annotations

from functools import cache

from jinja2 import Template

from hrbudget.report.blocks import Block, Report
from hrbudget.report.formats.entries import entries
from hrbudget.report.formats.html_text import Writer, anchor
from hrbudget.report.formats.pictures import own_ids
from hrbudget.report.formats.sources import Sources
from hrbudget.report.language import Language
from hrbudget.report.pages import environment

#: Figures whose origins are still worth their paper; on the screen there are all.
_MOST_ON_PAPER = 600


def page(report: Report, reader: Language, sources: Sources) -> str:
    """The report in one language.

    Every figure is a link to its entry at the end of the page, which says where it
    comes from; ``data-figure`` has its link id in full.

    Raises:
        ValueError: two figures of the report have one id and are not the same.
    """
    known = entries(report, reader)
    return _template(reader).render(
        language=reader.code,
        write=Writer(reader, known),
        report=report,
        title=report.title.say(reader),
        sources=sources,
        entries=known.values(),
        on_paper=len(known) <= _MOST_ON_PAPER,
    )


@cache
def _template(reader: Language) -> Template:
    """The page's template, which takes longer to compile than a short page to write."""
    templates = environment(reader)
    templates.globals.update(
        t=reader.translate, anchor=anchor, kind=kind, own_ids=own_ids
    )
    return templates.get_template("document.html.j2")


def kind(block: Block) -> str:
    """The name of a block's kind, which is that of the macro that writes it."""
    return type(block).__name__.lower()
