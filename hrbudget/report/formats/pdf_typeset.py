"""The one place that knows typst: from source files in memory to the bytes of a PDF."""

from __future__ import annotations

from collections.abc import Mapping

import typst
from typst import TypstError

from hrbudget.report.formats.pdf_ends import clear

__all__ = ["TypstError", "typeset"]

#: For archives with attachments, and for readers who hear a page instead of seeing it.
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]

#: Where a PDF says when it was made: reports know no clock. 1 January 1980.
_MADE = 315_532_800


def typeset(files: Mapping[str, bytes]) -> bytes:
    """The PDF that ``main.typ`` makes of the other files, by typst's own fonts alone.

    Raises:
        TypstError: the source is wrong, or breaks one of the standards.
    """
    # Its types leave files in memory out.
    made: bytes = typst.compile(  # type: ignore[call-overload]  # see above
        dict(files),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=_STANDARDS,
        timestamp=_MADE,
    )
    return clear(made)
