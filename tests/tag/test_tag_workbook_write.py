"""What a colleague finds in the workbook: locked ids, lists, criteria, a language."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from babel.messages.pofile import read_po

from hrbudget.domain import taxonomy
from hrbudget.tag import criteria
from hrbudget.tag.workbook import write
from hrbudget.tag.workbook.about import COLUMNS, EDITABLE_NAMES, ENGLISH, Shown, Words
from tests.tag.test_tag_workbook_read import ABOUT, LINES, TAGS, book
from tests.tag.workbooks import Spreadsheet


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def swedish() -> bytes:
    with (taxonomy.DATA / "locale" / "sv.po").open("rb") as file:
        said = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    words = Words("sv", lambda pattern: said[pattern])
    return write.write(LINES, TAGS, ABOUT, criteria.shipped(), words)


def test_the_header_is_frozen_filtered_and_the_sheet_protected() -> None:
    sheet = parts(book())["xl/worksheets/sheet1.xml"]
    assert (
        'ySplit="3" topLeftCell="C4" activePane="bottomRight" state="frozen"' in sheet
    )
    assert re.search(r'<autoFilter ref="A3:U\d+"', sheet)
    protection = re.search(r"<sheetProtection[^>]*>", sheet)
    assert protection is not None
    assert 'sheet="1"' in protection[0]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_ids_and_what_the_import_sets_are_locked_and_fields_are_not(
    column: Shown,
) -> None:
    sheet = Spreadsheet(book())
    styles = parts(book())["xl/styles.xml"]
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.partition("<cellXfs")[2])
    look = looks[int(sheet.cell(column.name, 4).get("s", "0"))]
    unlocked = '<protection locked="0"/>' in look
    assert unlocked == (column.name in (*EDITABLE_NAMES, "remove"))


def test_rights_groups_effects_and_objectives_are_chosen_from_lists() -> None:
    sheet = parts(book())["xl/worksheets/sheet1.xml"]
    rules = re.findall(r"<dataValidation .*?</dataValidation>", sheet)
    lists = [each for each in rules if 'type="list"' in each and "<formula1>" in each]
    sources = re.findall(r"<formula1>(.*?)</formula1>", "".join(lists))
    rights = len(taxonomy.rights().titles)
    assert f"'Rights'!$A$2:$A${rights + 1}" in sources
    assert '"supports,restricts,neutral"' in sources
    assert "'Objectives'!$A$2:$A$2" in sources
    (groups,) = [each for each in rules if "'Groups'" in each]
    assert 'errorStyle="warning"' in groups


def test_the_base_state_stands_on_a_sheet_that_nobody_sees() -> None:
    book_part = parts(book())["xl/workbook.xml"]
    assert re.search(r'<sheet name="_base"[^>]*state="veryHidden"', book_part)


def test_every_step_and_example_of_the_criteria_is_there_with_the_version() -> None:
    texts = Spreadsheet(book()).strings
    known = criteria.shipped()
    assert known.name in texts
    assert [step.id for step in known.steps if step.en not in texts] == []
    assert [each.text for each in known.examples if each.text_en not in texts] == []


def test_no_cell_is_a_formula_and_no_text_a_link() -> None:
    for name, part in parts(book()).items():
        if name.startswith("xl/worksheets/"):
            assert re.search(r"<f[ />]|<hyperlink", part) is None


def test_the_workbook_speaks_swedish() -> None:
    content = swedish()
    names = re.findall(r'<sheet name="([^"]*)"', parts(content)["xl/workbook.xml"])
    assert names[:3] == ["Taggar", "Så gör du", "Kriterier"]
    texts = Spreadsheet(content).strings
    assert criteria.shipped().steps[0].sv in texts
    assert [each.name for each in COLUMNS if each.name not in texts] == []


def test_the_two_languages_hold_the_same_base_state() -> None:
    hidden = [
        [text for text in Spreadsheet(each).strings if text.startswith((":", '{"bud'))]
        for each in (book(), swedish())
    ]
    assert hidden[0] == hidden[1] != []
    assert ENGLISH.language == "en"
