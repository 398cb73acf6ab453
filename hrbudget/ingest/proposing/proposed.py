"""A mapping proposed for an unknown table: YAML with a reason on each line.

A person reads it, answers its questions and keeps it. Where a decimal mark, a separator
or the column of money cannot be proven from the table, the mapping says so and cannot
be loaded until it is answered: a wrong guess would be a wrong number.
"""

from __future__ import annotations

from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import (
    first_look,
    number_marks,
    proposed_money,
    proposed_rows,
)
from hrbudget.ingest.proposing import header_words as words
from hrbudget.ingest.proposing import proposed_columns as found_columns
from hrbudget.ingest.proposing.first_look import Look
from hrbudget.ingest.proposing.number_marks import Marks
from hrbudget.ingest.proposing.proposed_columns import Choice, Evidence, plain
from hrbudget.ingest.proposing.yaml_text import flow, quoted

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


def propose(look: Look) -> str:
    """A mapping for a table, as commented YAML.

    Args:
        look: the first rows of a file, and what is stated of it already: by a data
            package, or by a person in a mapping. It is kept, and the rest proposed.

    Returns:
        Text of a mapping file. Without a line that begins with "# QUESTION" it reads
        the file as it is, once year, phase and currency are stated.
    """
    table, stated, by = look.table, look.mapping, look.stated_by
    if "amount_by_side" in table.cells.columns:
        name, kind = plain(look.name), table.cells["record"][0]
        return _ACCOUNTING.format(name=name, kind=kind)
    seen = found_columns.evidence(table.cells)
    amounts = _amounts(seen, look)
    wide = bool(stated.amounts) or (
        len(amounts) > 1 and all(words.year(each) for each in amounts)
    )
    choices = found_columns.choose(seen, amounts, stated)
    marks = _marks(seen, amounts, stated)
    asked = bool(marks.doubt) or not amounts or (len(amounts) > 1 and not wide)
    rows = proposed_rows.Rows(seen, amounts, marks, choices)
    amount = []
    if not wide:
        amount = proposed_money.amount(seen, amounts, stated, asked=asked)
    one_sum = wide or len(amounts) == 1
    columns_of_money = amounts if wide else ()
    lines = [
        f"# Proposed for {plain(look.name)}.",
        "# Read each line: what is wrong here makes wrong figures later. What follows",
        "# a # is a reason, or a key that is not in use.",
        *_place(look),
        *_numbers(marks, amounts, stated, by),
        *_columns(seen, choices, amount, look),
        *_which_code(seen, choices, amounts),
        *proposed_money.side_by_side(columns_of_money, choices, stated, asked=asked),
        *_values(look, rows, wide=wide),
        *_translate(choices, stated),
        *(proposed_rows.without_amount(rows) if one_sum else ()),
        *_rows(rows, stated, by, one_sum=one_sum),
        *_headers(seen),
    ]
    return "\n".join(lines) + "\n"


def _amounts(seen: Evidence, look: Look) -> tuple[str, ...]:
    """The columns of money: those that are stated, or those that seem to be.

    Beside the years of an earlier mapping stand those that are new in this file.
    """
    stated, found = look.mapping, found_columns.money_columns(seen)
    known = tuple(stated.amounts) or (stated.columns.get("amount", ""),)
    there = [each for each in known if each in seen.headers]
    if there and stated.amounts and look.stated_by == first_look.GIVEN:
        there += [each for each in found if each not in there and words.year(each)]
    return tuple(there) or found


def _marks(seen: Evidence, amounts: tuple[str, ...], stated: Mapping) -> Marks:
    """How amounts are written: as it is stated, or as their cells prove."""
    if {"decimal", "thousands"} & stated.model_fields_set:
        return Marks(stated.decimal, stated.thousands)
    return number_marks.find(
        sorted({cell for each in amounts for cell in seen.distinct(each)})
    )


#: Keys of a mapping that are stated as they are, before and after the columns.
_FIRST = ("title", "source", "version", "format", "encoding", "delimiter", "sheet")
_LAST = ("line_id", "fill_down", "leave_out", "totals", "no_totals", "revenue")


def _place(look: Look) -> list[str]:
    """What the file is and where its header stands."""
    table, stated = look.table, look.mapping
    lines = _kept(stated, _FIRST, look.stated_by)
    if stated.records:
        lines.append(f"records: {quoted(stated.records)}  # the way to the records")
    if table.sheet and not stated.sheet:
        lines.append(f"sheet: {quoted(table.sheet)}  # the sheet this was read from")
    row = table.header_row - stated.header_rows + 1
    if row > 1:
        lines.append(f"header_row: {row}  # the row the headers stand in")
    if table.header_row and stated.header_rows > 1:
        lines.append(
            f"header_rows: {stated.header_rows}  # group headings and headers, joined"
        )
    return lines


def _kept(stated: Mapping, keys: tuple[str, ...], by: str) -> list[str]:
    """Keys that were stated, as they were."""
    plain_keys = stated.model_dump(mode="json", exclude_defaults=True)
    return [
        f"{key}: {flow(plain_keys[key])}  # {by} says so"
        for key in keys
        if key in plain_keys
    ]


def _numbers(
    marks: Marks, amounts: tuple[str, ...], stated: Mapping, by: str
) -> list[str]:
    given = stated.model_fields_set
    lines = proposed_money.numbers(marks)
    if {"decimal", "thousands"} & given:
        lines = [
            f"{key}: {quoted(getattr(stated, key))}  # {by} says so"
            for key in ("decimal", "thousands")
            if key in given
        ]
    if "unit" in given and stated.unit == "1":
        return lines
    if "unit" in given:
        return [*lines, f"unit: {quoted(stated.unit)}  # {by} says so"]
    return [*lines, *proposed_money.unit(amounts)]


def _columns(
    seen: Evidence, choices: list[Choice], amount: list[str], look: Look
) -> list[str]:
    stated, by = look.mapping, look.stated_by
    given = [
        f"  {name}: {quoted(header)}  # {by} says so"
        if header in seen.headers
        else f"  # {name}: {quoted(header)} is no header of this file, though {by} says"
        for name, header in stated.columns.items()
    ]
    lines = [
        f"  {each.name}: {quoted(each.header)}  # {each.why}"
        for each in choices
        if each.name != each.header and each.why != "stated"
    ]
    return ["columns:", *given, *lines, *amount] if given or lines or amount else []


def _which_code(
    seen: Evidence, choices: list[Choice], amounts: tuple[str, ...]
) -> list[str]:
    """Ask what a column of codes is that nothing but "code" is said of."""
    taken = {each.header for each in choices} | {*amounts}
    lines: list[str] = []
    if any(each.name == "function" for each in choices):
        return lines
    for each in seen.headers:
        tokens = words.folded(each).split()
        if each in taken or not tokens or tokens[-1] not in words.CODES[1:4]:
            continue
        sample = seen.sample(each)
        lines += [
            f"# QUESTION: what do the codes of {plain(each)} tell, such as {sample}?",
            "# Write one of these under columns:",
            f"#   function: {quoted(each)}",
            f"#   economic_class: {quoted(each)}",
            f"#   programme: {quoted(each)}",
        ]
    return lines


def _values(look: Look, rows: proposed_rows.Rows, *, wide: bool) -> list[str]:
    """What holds for every line; phase and year are the caller's to say."""
    stated, name = look.mapping, look.name
    seen, choices, amounts = rows.seen, rows.choices, rows.amounts
    known = {each.name for each in choices} | {*stated.columns, *stated.values}
    heads = " ".join(amounts)
    tokens = set(heads.replace("(", " ").replace(")", " ").split())
    codes = [each for each in words.CURRENCIES if each in tokens]
    lines = [
        f"  {key}: {quoted(value)}  # {look.stated_by} says so"
        for key, value in stated.values.items()
    ]
    if "currency" not in known and len(codes) == 1:
        lines.append(f"  currency: {codes[0]}  # it stands in the header of the amount")
    lines = ["values:", *lines] if lines else []
    codes = [each.header for each in choices if each.name == "function"]
    swedish = any(found_columns.swedish(seen, each) for each in codes)
    if swedish and "function_scheme" not in known:
        lines.append("# function_scheme: rs_kommun, under values:, where the codes are")
        lines.append("# those of Swedish municipalities (räkenskapssammandraget)")
    if "phase" not in known and not wide:
        spoken = [words.phase(each) for each in (*amounts[:1], name)]
        hint = next((each for each in spoken if each), "")
        seems = f"it may be {hint}; " if hint else ""
        lines.append(f"# phase: {seems}say --phase, or state it under values:")
    if "fiscal_year" not in known and not wide:
        year = words.year(name)
        seems = f"the file's name says {year}; " if year else ""
        lines.append(f"# fiscal_year: {seems}say --year, or state it under values:")
    return lines


def _translate(choices: list[Choice], stated: Mapping) -> list[str]:
    words_of = {each.name: each.translate for each in choices} | stated.translate
    lines = []
    for name, translated in words_of.items():
        if translated:
            lines.append(f"  {name}:")
            lines += [
                f"    {quoted(cell)}: {quoted(word)}"
                for cell, word in sorted(translated.items())
            ]
    return (
        ["translate:  # words of the file → words of budgets", *lines] if lines else []
    )


def _rows(
    rows: proposed_rows.Rows, stated: Mapping, by: str, *, one_sum: bool
) -> list[str]:
    """Totals, merged cells and revenue, unless it is stated what they are."""
    lines = _kept(stated, _LAST, by)
    if stated.totals is None:
        lines += proposed_rows.sums(rows)
    if stated.revenue is None and one_sum and "direction" not in stated.values:
        lines += proposed_rows.revenue(rows)
    return lines


def _headers(seen: Evidence) -> list[str]:
    """All headers, so that a change next year is told by name."""
    return [
        "headers:  # of this file; a file with others is told what was renamed",
        *(f"  - {quoted(each)}" for each in seen.headers),
    ]
