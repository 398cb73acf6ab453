"""Ends of streams that cannot be read in two ways.

A stream's bytes are followed by an end of line and ``endstream``. Where the bytes end
in a carriage return themselves, that and the line feed after them look like one end of
line, and a strict reader finds the stream a byte shorter than it says it is. There the
end of line is written as both signs, which changes no stream, only where things stand.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

_TABLE = re.compile(rb"xref\n0 (\d+)\n")
_ENTRY = 20
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")
_UNCLEAR = b"\r\nendstream\nendobj"


def clear(pdf: bytes) -> bytes:
    """The same PDF with clear ends; one without a plain table of objects as it is.

    Args:
        pdf: as typst writes it: one table of objects, at the end.
    """
    start = _START.search(pdf)
    table = _TABLE.match(pdf, int(start[1])) if start else None
    if start is None or table is None:
        return pdf
    rows = range(table.end(), table.end() + int(table[1]) * _ENTRY, _ENTRY)
    entries = [pdf[row : row + _ENTRY] for row in rows]
    offsets = sorted({int(each[:10]) for each in entries if each[17:18] == b"n"})
    ends = [*offsets[1:], table.start()]
    unclear = [
        pdf.rindex(_UNCLEAR, first, end)
        for first, end in zip(offsets, ends, strict=True)
        if pdf[first:end].rstrip(b"\n").endswith(_UNCLEAR)
    ]
    places = [0, *(each + 1 for each in unclear), table.start()]
    told = b"\r".join(pdf[first:end] for first, end in pairwise(places))
    moved = [_moved(each, unclear) for each in entries]
    rest = pdf[rows.stop : start.start(1)]
    head = pdf[table.start() : table.end()]
    last = b"%d%s" % (len(told), pdf[start.end(1) :])
    return b"".join([told, head, *moved, rest, last])


def _moved(entry: bytes, unclear: list[int]) -> bytes:
    """A row of the table, moved by as many signs as were put in before it."""
    if entry[17:18] != b"n":
        return entry
    offset = int(entry[:10])
    return b"%010d%s" % (offset + bisect_left(unclear, offset), entry[10:])
