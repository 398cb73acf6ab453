"""A mapping proposed for an unknown table: YAML with a reason on each line.

A person reads it, answers its questions and keeps it. Where a decimal mark, a separator
or the column of money cannot be proven from the table, the mapping says so and cannot
be loaded until it is answered: a wrong guess would be a wrong number.
"""

from __future__ import annotations

import polars as pl

from hrbudget.ingest.leaving.words import says_total
from hrbudget.ingest.proposing import header_words as words
from hrbudget.ingest.proposing import number_marks
from hrbudget.ingest.proposing import proposed_columns as found_columns
from hrbudget.ingest.proposing.number_marks import Marks
from hrbudget.ingest.proposing.proposed_columns import Choice, Evidence, plain
from hrbudget.ingest.table import ROW, Table

#: Rows that may be totals are named up to so many.
_NAMED = 8

_SIGNS = {".": "point", ",": "comma", " ": "space", "'": "apostrophe"}


#: An accounting file has the columns that its reader gives it.
_ACCOUNTING = """\
# Proposed for {name}, an accounting file (SIE).
format: sie
sie: {kind}  # PBUDGET is the budget, PSALDO the outcome by period, RES that of the year
columns:
  direction: side  # by class of account: 3 revenue, 4 to 7 costs
  economic_class: account
  description: account_name
  amount: amount_by_side  # revenue positive; `amount` has it negative, as SIE writes it
line_id: [account, period, objects]
leave_out:
  - where: "side in ('balance', 'result', 'internal')"
    why: accounts that are neither costs nor revenue
  - where: "level = 'part'"
    why: parts by object of an amount that stands whole on the account's own row
# phase: say --phase, or state it under values:
"""


def propose(table: Table, name: str) -> str:
    """A mapping for a table, as commented YAML.

    Args:
        table: as it was read without a mapping, or with one that says where its header
            stands.
        name: of the file, for the comments.

    Returns:
        Text of a mapping file. Without a line that begins with "# QUESTION" it reads
        the file as it is, once year, phase and currency are stated.
    """
    if "amount_by_side" in table.cells.columns:
        return _ACCOUNTING.format(name=plain(name), kind=table.cells["record"][0])
    seen = found_columns.evidence(table.cells)
    amounts = found_columns.money_columns(seen)
    wide = len(amounts) > 1 and all(words.year(each) for each in amounts)
    choices = found_columns.choose(seen, amounts)
    cells = sorted({cell for each in amounts for cell in seen.distinct(each)})
    marks = number_marks.find(cells)
    asked = bool(marks.doubt) or not amounts or (len(amounts) > 1 and not wide)
    lines = [
        f"# Proposed for {plain(name)}.",
        "# Read each line: what is wrong here makes wrong figures later. What follows",
        "# a # is a reason, or a key that is not in use.",
        *_place(table),
        *_numbers(marks),
        *_unit(amounts),
        *_columns(choices, [] if wide else _amount(seen, amounts, asked=asked)),
        *_wide(amounts if wide else (), asked=asked),
        *_values(choices, amounts, name, wide=wide),
        *_translate(choices),
        *_rows_without(seen, amounts if wide or len(amounts) == 1 else (), marks),
        *_totals(seen, amounts),
        *_headers(seen),
    ]
    return "\n".join(lines) + "\n"


def _place(table: Table) -> list[str]:
    lines = []
    if table.sheet:
        lines.append(f"sheet: {_text(table.sheet)}  # the sheet this was read from")
    if table.header_row > 1:
        lines.append(f"header_row: {table.header_row}  # the row the headers stand in")
    return lines


def _numbers(marks: Marks) -> list[str]:
    """Decimal mark and separator where they are proven, else the question."""
    if marks.doubt:
        return _question(marks)
    lines = []
    if marks.decimal and (marks.decimal != "." or marks.thousands):
        sign = _SIGNS[marks.decimal]
        lines.append(
            f"decimal: {_text(marks.decimal)}  # {sign}; proven by {plain(marks.why)}"
        )
    if marks.thousands:
        sign = _SIGNS[marks.thousands]
        stated = f"thousands: {_text(marks.thousands)}"
        lines.append(f"{stated}  # {sign}; proven by {plain(marks.why)}")
    return lines or ['# decimal: "."  # nothing but digits and points was found']


def _question(marks: Marks) -> list[str]:
    """Both readings of the cells in doubt, spelled out; neither is in use."""
    lines = ["# QUESTION: how are the amounts written? Uncomment one answer, and then"]
    lines.append("# fill in the amount below.")
    for cell in marks.doubt[:3]:
        quoted = plain(cell)
        for sign, other in ((".", ","), (",", ".")):
            if sign in cell:
                whole, _, rest = quoted.partition(sign)
                joined = quoted.replace(sign, "")
                lines += [
                    f"#   {quoted} is {whole} {_SIGNS[sign]} {rest}:",
                    f"# decimal: {_text(sign)}",
                    f"#   {quoted} is {joined}, the {_SIGNS[sign]} parts thousands:",
                    f"# decimal: {_text(other)}",
                    f"# thousands: {_text(sign)}",
                ]
    return lines


def _unit(amounts: tuple[str, ...]) -> list[str]:
    units = {words.hinted(each, words.UNITS) for each in amounts}
    unit = units.pop() if len(units) == 1 else ""
    if unit:
        return [f'unit: "{unit}"  # the header {plain(amounts[0])} says so']
    return ['# unit: "1000"  # where the amounts are in thousands']


def _columns(choices: list[Choice], amount: list[str]) -> list[str]:
    lines = [
        f"  {each.name}: {_text(each.header)}  # {each.why}"
        for each in choices
        if each.name != each.header
    ]
    return ["columns:", *lines, *amount] if lines or amount else []


def _amount(seen: Evidence, amounts: tuple[str, ...], *, asked: bool) -> list[str]:
    """The column of money; no header while a question about it is open."""
    if len(amounts) != 1:
        return _which(seen, amounts)
    if asked:
        return [f"  amount:  # {_text(amounts[0])}, when the question is answered"]
    if amounts[0] == "amount":
        return []
    why = f"the column of money; cells such as {seen.sample(amounts[0])}"
    return [f"  amount: {_text(amounts[0])}  # {why}"]


def _which(seen: Evidence, amounts: tuple[str, ...]) -> list[str]:
    """Ask which of several columns of numbers is the amount."""
    lines = ["  # QUESTION: which column is the amount? Write its header after amount:"]
    for each in amounts or seen.headers:
        phase = words.hinted(each, words.PHASES)
        hint = f"; it may be what was {phase}" if phase else ""
        lines.append(f"  #   {_text(each)}: cells such as {seen.sample(each)}{hint}")
    return [*lines, "  amount:"]


def _wide(amounts: tuple[str, ...], *, asked: bool) -> list[str]:
    """Years side by side: a line for each of them."""
    if not amounts:
        return []
    lines = ["amounts:  # years side by side: each row becomes a line for each of them"]
    for each in amounts:
        year = "" if asked else f'"{words.year(each)}"'
        note = "  # its year, when the question is answered" if asked else ""
        lines.append(f"  {_text(each)}: {{fiscal_year: {year}}}{note}")
    return lines


def _values(
    choices: list[Choice], amounts: tuple[str, ...], name: str, *, wide: bool
) -> list[str]:
    """What holds for every line; phase and year are the caller's to say."""
    known = {each.name for each in choices} | ({"fiscal_year"} if wide else set())
    heads = " ".join(amounts)
    tokens = set(heads.replace("(", " ").replace(")", " ").split())
    codes = [each for each in words.CURRENCIES if each in tokens]
    lines = []
    if "currency" not in known and len(codes) == 1:
        lines.append(f"  currency: {codes[0]}  # it stands in the header of the amount")
    stated = ["values:", *lines] if lines else []
    if "phase" not in known:
        spoken = [words.hinted(each, words.PHASES) for each in (*amounts[:1], name)]
        hint = next((each for each in spoken if each), "")
        seems = f"it may be {hint}; " if hint else ""
        stated.append(f"# phase: {seems}say --phase, or state it under values:")
    if "fiscal_year" not in known:
        year = words.year(name)
        seems = f"the file's name says {year}; " if year else ""
        stated.append(f"# fiscal_year: {seems}say --year, or state it under values:")
    return stated


def _translate(choices: list[Choice]) -> list[str]:
    lines = []
    for each in choices:
        if each.translate:
            lines.append(f"  {each.name}:")
            lines += [
                f"    {_text(cell)}: {_text(word)}"
                for cell, word in sorted(each.translate.items())
            ]
    return (
        ["translate:  # words of the file → words of budgets", *lines] if lines else []
    )


def _rows_without(seen: Evidence, amounts: tuple[str, ...], marks: Marks) -> list[str]:
    """Cells of money that hold none: refused until the mapping says what they are."""
    lines = []
    for each in amounts if len(amounts) == 1 else ():  # an empty year makes no line
        empty = seen.cells[each].null_count()
        if empty:
            lines.append(
                f"# QUESTION: {empty} rows have no {plain(each)}. If they are no lines:"
            )
            lines.append("# leave_out:")
            where = _text(f'"{each}" is null')
            lines.append(f"#   - {{where: {where}, why: no amount}}")
    if marks.no_numbers and amounts:
        told = ", ".join(repr(plain(each)) for each in marks.no_numbers[:5])
        lines.append(
            f"# QUESTION: amounts that are no numbers ({told}): say what they mean, by"
        )
        lines.append('# translate: {amount: {"-": "0"}}, or leave their rows out')
    return lines


def _totals(seen: Evidence, amounts: tuple[str, ...]) -> list[str]:
    """Name rows that say total; whether they are is proven when they are read."""
    texts = [
        each
        for each in seen.headers
        if each not in amounts and seen.numbers[each] < 50 and seen.lengths[each] < 60
    ]
    if not texts:
        return []
    says = pl.DataFrame([says_total(seen.cells[each]) for each in texts])
    rows = seen.cells.filter(says.select(pl.any_horizontal(pl.all())).to_series())
    if rows.is_empty():
        return []
    lines = [
        f"# {rows.height} rows say that they are totals; where they add up others:"
    ]
    for row, *cells in rows.head(_NAMED)[[ROW, *texts]].iter_rows():
        words_of = pl.Series(cells, dtype=pl.String)
        said = words_of.filter(says_total(words_of))[0]
        lines.append(f"#   row {row}: {plain(said)}")
    lines.append(f"# totals: {{code: {_text(texts[0])}, how: above}}")
    return lines


def _headers(seen: Evidence) -> list[str]:
    """All headers, so that a change next year is told by name."""
    return [
        "headers:  # of this file; a file with others is told what was renamed",
        *(f"  - {_text(each)}" for each in seen.headers),
    ]


def _text(text: str) -> str:
    """Text as YAML reads it back, whatever it holds."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    signs = (each if each.isprintable() else f"\\U{ord(each):08X}" for each in escaped)
    return '"' + "".join(signs) + '"'
