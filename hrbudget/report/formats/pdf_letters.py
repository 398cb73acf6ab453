"""Letters that the PDF's fonts have; the others are written as their numbers.

The fonts are those that typst brings, so that the same report is the same bytes on any
machine. They have the Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian and Georgian
letters and the signs of mathematics. An archival PDF may hold no letter that it cannot
show: a name in another script is written as ``[U+4F60][U+597D]``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from hrbudget.report.formats import pdf_typeset

#: Signs that are not seen and change how others are read; these join or part letters.
_UNSEEN = "\u00ad\u200c\u200d"
_NEVER = ("Cc", "Cf", "Co", "Cn", "Cs")
_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

#: Below it stand the letters of the languages of Europe, which the fonts have.
_UNUSUAL = "\u0180"

_PROBE = b"""#set document(title: "letters")
#for each in json("letters.json") { par(text("x") + h(1em) + text(each)) }
"""
_NAMED = re.compile(r'the text `"(?:\\u\{([0-9a-f]+)\}|([^"\\]))"` could not')


def plain(text: str) -> str:
    """A text without what no page shows.

    Tabs become spaces; ends of lines are one sign; control signs, signs that turn the
    direction of what follows and codes that nobody assigned become their numbers.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, _ENDS.sub("\n", text).replace("\t", " ")))


def _shown(letter: str) -> str:
    if letter == "\n" or letter in _UNSEEN:
        return letter
    return _spelled(letter) if unicodedata.category(letter) in _NEVER else letter


def _spelled(letters: str) -> str:
    return "".join(f"[U+{ord(each):04X}]" for each in letters)


def displayable(record: Any) -> Any:  # noqa: ANN401  (JSON)
    """The record with all its texts such that the fonts can show them.

    Args:
        record: lists, dictionaries and texts made ``plain``.
    """
    texts = list(_texts(record))
    letters = {each for each in set().union(*texts) if each >= _UNUSUAL}
    if not letters:
        return record
    marks = "".join(sorted(filter(_is_mark, letters)))
    together = f".?[{re.escape(marks)}]+" if marks else "(?!)"
    marked = {
        found for text in texts for found in re.findall(together, text, re.DOTALL)
    }
    lacking = _lacking(sorted(letters - set(marks))) | _lacking(sorted(marked))
    if not lacking:
        return record
    # What has marks comes first: without them it may be another letter.
    ordered = sorted(lacking, key=lambda each: (-len(each), each))
    return _mapped(record, re.compile("|".join(map(re.escape, ordered))))


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M")


def _texts(record: Any) -> Iterator[str]:  # noqa: ANN401  (JSON)
    if isinstance(record, str):
        yield record
    elif isinstance(record, dict):
        for each in record.values():
            yield from _texts(each)
    elif isinstance(record, list):
        for each in record:
            yield from _texts(each)


def _mapped(record: Any, lacking: re.Pattern[str]) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(record, str):
        return lacking.sub(lambda found: _spelled(found.group()), record)
    if isinstance(record, dict):
        return {key: _mapped(each, lacking) for key, each in record.items()}
    if isinstance(record, list):
        return [_mapped(each, lacking) for each in record]
    return record


def _lacking(letters: list[str]) -> set[str]:
    """Those of some letters, alone or with marks, that the fonts do not have."""
    refused = _refused(letters) if letters else ""
    if not refused:
        return set()
    if len(letters) == 1:
        return set(letters)
    named = _named(refused) if max(map(len, letters)) == 1 else set()
    if found := named.intersection(letters):
        return found | _lacking([each for each in letters if each not in found])
    half = len(letters) // 2
    return _lacking(letters[:half]) | _lacking(letters[half:])


def _refused(letters: Iterable[str]) -> str:
    """What typst says of letters that it cannot show; empty: it can show all."""
    files = {"main.typ": _PROBE, "letters.json": json.dumps(letters).encode()}
    try:
        pdf_typeset.typeset(files)
    except pdf_typeset.TypstError as error:
        return str(error.diagnostic)
    return ""


def _named(refused: str) -> set[str]:
    return {
        chr(int(number, 16)) if number else letter
        for number, letter in _NAMED.findall(refused)
    }
