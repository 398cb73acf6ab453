"""The money of a proposed mapping: how it is written and in which columns."""

from __future__ import annotations

from collections.abc import Mapping as Pairs

from hrbudget.ingest.mapping import Mapping
from hrbudget.ingest.proposing import header_words as words
from hrbudget.ingest.proposing.number_marks import Marks
from hrbudget.ingest.proposing.proposed_columns import Choice, Evidence, plain
from hrbudget.ingest.proposing.yaml_text import flow, quoted

_SIGNS = {".": "point", ",": "comma", " ": "space", "'": "apostrophe"}
_PHASES = "proposed, approved, adjusted or executed"


def numbers(marks: Marks) -> list[str]:
    """Decimal mark and separator where they are proven, else the question."""
    if marks.doubt:
        return _question(marks)
    lines = []
    if marks.decimal and (marks.decimal != "." or marks.thousands):
        sign = _SIGNS[marks.decimal]
        lines.append(
            f"decimal: {quoted(marks.decimal)}  # {sign}; proven by {plain(marks.why)}"
        )
    if marks.thousands:
        sign = _SIGNS[marks.thousands]
        stated = f"thousands: {quoted(marks.thousands)}"
        lines.append(f"{stated}  # {sign}; proven by {plain(marks.why)}")
    return lines or ['# decimal: "."  # nothing but digits and points was found']


def _question(marks: Marks) -> list[str]:
    """Both readings of the cells in doubt, spelled out; neither is in use."""
    lines = ["# QUESTION: how are the amounts written? Uncomment one answer, and then"]
    lines.append("# fill in the amount below.")
    for cell in marks.doubt[:3]:
        text = plain(cell)
        for sign, other in ((".", ","), (",", ".")):
            if sign in cell:
                whole, _, rest = text.partition(sign)
                joined = text.replace(sign, "")
                lines += [
                    f"#   {text} is {whole} {_SIGNS[sign]} {rest}:",
                    f"# decimal: {quoted(sign)}",
                    f"#   {text} is {joined}, the {_SIGNS[sign]} parts thousands:",
                    f"# decimal: {quoted(other)}",
                    f"# thousands: {quoted(sign)}",
                ]
    return lines


def unit(amounts: tuple[str, ...]) -> list[str]:
    """What one in the column is worth, where its header says it."""
    units = {words.hinted(each, words.UNITS) for each in amounts}
    found = units.pop() if len(units) == 1 else ""
    if found:
        return [f'unit: "{found}"  # the header {plain(amounts[0])} says so']
    return ['# unit: "1000"  # where the amounts are in thousands']


def amount(
    seen: Evidence, amounts: tuple[str, ...], stated: Mapping, *, asked: bool
) -> list[str]:
    """The column of money; no header while a question about it is open."""
    if stated.columns.get("amount", "") in seen.headers:
        return []
    if len(amounts) != 1:
        return _which(seen, amounts)
    if asked:
        return [f"  amount:  # {quoted(amounts[0])}, when the question is answered"]
    if amounts[0] == "amount":
        return []
    why = f"the column of money; cells such as {seen.sample(amounts[0])}"
    return [f"  amount: {quoted(amounts[0])}  # {why}"]


def _which(seen: Evidence, amounts: tuple[str, ...]) -> list[str]:
    """Ask which of several columns of numbers is the amount."""
    lines = ["  # QUESTION: which column is the amount? Write its header after amount:"]
    for each in amounts or seen.headers:
        phase = words.phase(each)
        hint = f"; it may be what was {phase}" if phase else ""
        lines.append(f"  #   {quoted(each)}: cells such as {seen.sample(each)}{hint}")
    return [*lines, "  amount:"]


def side_by_side(
    amounts: tuple[str, ...], choices: list[Choice], stated: Mapping, *, asked: bool
) -> list[str]:
    """Columns of money side by side: a line for each, of its year and phase."""
    if not amounts:
        return []
    lines = ["amounts:  # each row becomes a line for each of these columns"]
    known = {each.name for each in choices} | {*stated.values}
    told = {} if "phase" in known else {each: words.phase(each) for each in amounts}
    some = any(told.values())
    years: dict[tuple[str, str], str] = {}
    for each in amounts:
        if each in stated.amounts:
            values = stated.amounts[each]
            years[values.get("fiscal_year", ""), values.get("phase", "")] = each
            lines.append(f"  {quoted(each)}: {flow(values)}")
            continue
        year, phase = words.year(each), told.get(each, "")
        twin = years.setdefault((year, phase), each)
        values, why = _of(year, phase if some else None)
        if asked:
            values, why = {"fiscal_year": ""}, "its year, when the question is answered"
        elif twin != each:
            values = {"fiscal_year": "", "phase": ""}
            why = f"QUESTION: of which year and phase, if not those of {plain(twin)}?"
        lines.append(f"  {quoted(each)}: {_open(values)}  # {why}")
    silent = [each for each in amounts if "phase" not in stated.amounts.get(each, {})]
    if told and silent and not some:
        lines += [
            "# QUESTION: are all of these years of one phase? Then say --phase; else",
            f"# write it for each, {{…, phase: …}}: {_PHASES}",
        ]
    elif some:
        lines.append("# Each column has its own phase; --phase does not change it.")
    return lines


def _of(year: str, phase: str | None) -> tuple[dict[str, str], str]:
    """What a column of money says of its lines, and why; "" is a question."""
    if phase is None:
        return {"fiscal_year": year}, "the header says so"
    why = "the header says so" if phase else f"QUESTION: which phase? {_PHASES}"
    return {"fiscal_year": year, "phase": phase}, why


def _open(values: Pairs[str, str]) -> str:
    """Values on one line; an empty one stays open, so that it must be answered."""
    pairs = (
        f"{name}: {quoted(value) if name == 'fiscal_year' and value else value}"
        for name, value in values.items()
    )
    return "{" + ", ".join(pairs) + "}"
