"""Check the numbers of an evidence pack: lines, totals, requirements, figures.

``verify_pack.py`` runs this, 3.9 or newer, with verify_certificate.py beside it. Money
is whole minor units, shares and coefficients are whole millionths, all else fractions.
"""  # noqa: INP001  (a program, not a module)

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any, Callable, Iterator, NoReturn  # noqa: UP035  (of Python 3.9)

LINES = (
    "id line_id fiscal_year phase direction entity administrative_unit district"
    " function function_scheme economic_class cost_category programme project fund"
    " party description amount currency amount_min amount_max movable sheet file_row"
    " extra file"
)
TAGS = (
    "id line_id right groups share share_low share_high effect basis objective"
    " evidence author state criterion set_by"
)
NUMBER = re.compile(r"(-?[0-9]{1,18})(?:\.([0-9]{1,6}))?")
CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\n]*))([,\n])')
# A text that a spreadsheet would run has an apostrophe in front, and in front of what
# it would take for a cell of its own inside.
ESCAPED = re.compile(r"^'('*\s*[=+\-@\t\r])")
INSIDE = re.compile(r"""([;\t\r\n])'('*(?:["]|[^\S\t\r\n])*[=+\-@])""")


def load(name: str) -> Any:  # noqa: ANN401  (a module)
    """The script of that name beside this one; Python's -I would not look there."""
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).resolve().with_name(f"{name}.py")
    )
    if spec is None or spec.loader is None:
        raise FileNotFoundError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


proof = load("verify_certificate")
refuse: Callable[..., NoReturn] = proof.refuse
plain: Callable[[str], str] = proof.plain


def sha256(content: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def parsed(content: bytes) -> Any:  # noqa: ANN401  (JSON)
    """A JSON document in which no field stands twice and each number is whole."""
    hooks: dict[str, Any] = {
        f"parse_{x}": proof.whole for x in ("int", "float", "constant")
    }
    text = content.decode("utf-8", "surrogatepass")
    return json.loads(text, object_pairs_hook=proof.once, **hooks)


def table(content: bytes, names: str) -> list[list[str | None]]:
    """The rows of a CSV file of those columns; None: nothing, "": empty text."""
    rows: list[list[str | None]] = []
    row: list[str | None] = []
    text, at = content.decode("utf-8"), 0
    while at < len(text):
        found = CELL.match(text, at)
        if found is None:
            refuse("is no CSV file of a pack", f"row {len(rows) + 1}")
        quoted, bare, end = found.groups()
        cell = bare or None if quoted is None else quoted.replace('""', '"')
        if cell and "'" in cell:
            cell = ESCAPED.sub(r"\1", INSIDE.sub(r"\1\2", cell))
        row.append(cell)
        if end == "\n":
            rows.append(row)
            row = []
        at = found.end()
    if row or not rows or any(len(each) != len(rows[0]) for each in rows):
        refuse("has rows of unlike lengths, or does not end")
    if rows[0] != names.split():
        refuse(f"has not the columns {names}")
    return rows[1:]


def whole(text: str | None, places: int) -> int:
    """A decimal text as a whole number of its last place."""
    found = NUMBER.fullmatch(text or "")
    if found is None or len(found[2] or "") != places:
        refuse(f"{plain(str(text)[:60])} is no number of {places} decimals")
    return int(found[1] + (found[2] or ""))


def places_of(currency: str) -> int:
    """Decimals of a currency."""
    return next((n for n, x in proof.PLACES.items() if currency in x.split()), 2)


def decimal(minor: Fraction, currency: str) -> str:
    """Minor units as decimal text, exact to a millionth of one."""
    places = places_of(currency)
    above, below = divmod(abs(round(minor * 10**6)), 10 ** (places + 6))
    part = f"{below:0{places + 6}}".rstrip("0").ljust(places, "0")
    sign = "-" if round(minor * 10**6) < 0 else ""
    return f"{sign}{above}{'.' * bool(part)}{part}"


def digest(rows: list[list[object]]) -> str:
    """SHA-256 of rows as CSV, in the form in which the log has it."""

    def cell(value: object) -> str:
        if not isinstance(value, str):
            return "" if value is None else str(value)
        marked = value == "" or any(sign in value for sign in ',"\r\n')
        return '"' + value.replace('"', '""') + '"' if marked else value

    return sha256("".join(",".join(map(cell, row)) + "\n" for row in rows).encode())


class Counted:
    """The members of a pack that hold numbers; each check yields what it has found."""

    def __init__(self, members: dict[str, bytes]) -> None:
        self.members = members
        self.slices: list[dict[str, Any]] = []
        self.lines: dict[str, list[list[Any]]] = {}
        self.tags: dict[str, list[list[Any]]] = {}

    def json(self, name: str) -> Any:  # noqa: ANN401  (JSON)
        """A JSON member."""
        if name not in self.members:
            refuse("is not in the pack", name)
        return parsed(self.members[name])

    def read(self) -> Iterator[str]:
        """Lines and tags can be read, and the lines add up to what is stated."""
        for each in self.json("budgets/index.json"):
            folder, places = each["folder"], places_of(each["currency"])
            self.slices.append(each)
            lines: list[list[Any]] = table(self.members[f"{folder}/lines.csv"], LINES)
            for row in lines:
                if row[2:4] != [str(each["fiscal_year"]), each["phase"]]:
                    refuse("has a line of another year or phase", folder, str(row[1]))
                row[17] = whole(row[17], places)
                for n in (19, 20):
                    row[n] = None if row[n] is None else whole(row[n], places)
            for kind in ("tags", "readings"):
                tags: list[list[Any]] = table(
                    self.members[f"{folder}/{kind}.csv"], TAGS
                )
                for row in tags:
                    row[4:7] = [x if x is None else whole(x, 6) for x in row[4:7]]
                self.tags[f"{folder}/{kind}"] = tags
            self.lines[folder] = lines
            spent = sum(row[17] for row in lines if row[4] == "expenditure")
            right = [len(lines), decimal(Fraction(spent), each["currency"])]
            if [each["lines"], each["expenditure"]] != right:
                refuse("the lines are not as many, or come to another sum", folder)
        count = sum(map(len, self.lines.values()))
        yield f"{count:,} lines of {len(self.slices)} budgets add up to their totals"

    def subject(self, told: dict[str, Any]) -> None:
        """What the pack is said to be about is what its report and lines are of."""
        every = self.json("budgets/index.json")
        held = [each for each in every if each["role"] == "held"]
        first = min(held, key=lambda each: int(each["fiscal_year"]))
        report = self.json("report.json")
        name = report["scenario"]["id"] if "scenario" in report else first["budget"]
        for source, found, names in (
            ("budgets/index.json", first, "budget fiscal_year phase currency"),
            ("report.json", report, "entity fiscal_year phase"),
            ("report.json", report["check"], "budget currency packs"),
            ("report.json", {"day": report["check"]["on"], "name": name}, "day name"),
        ):
            for each in names.split():
                if told[each] != found[each]:
                    refuse(f"is not what {source} says", "subject.json", each)

    def totals(self) -> Iterator[str]:
        """Totals come out of lines and tags; rights add up to what is tagged."""
        told = self.json("findings.json")
        if self.json("report.json")["check"] != told:
            refuse("is not what findings.json says", "report.json", "check")
        for name, amounts in self._amounts():
            yield self._totals(name, amounts)

    def _totals(self, name: str, amounts: dict[str, int]) -> str:
        told = self.json(name)
        unit, totals = told["currency"], told["totals"]
        right, spent = self._by_right(amounts)
        tagged = sum(each for key, each in right.items() if key[0] == "supports")
        sums = {"ledger": spent, "tagged": tagged, "untagged": spent - tagged}
        new = len(amounts) - sum(len(self.lines[x["folder"]]) for x in self._held())
        for key, each in ({"ledger": spent} if new else sums).items():
            if totals[key] != decimal(Fraction(each), unit):
                refuse(f"is {decimal(Fraction(each), unit)}", name, "totals", key)
        if new:
            return f"{name}: {totals['ledger']} {unit} in all, {new} lines are new"
        zero = Fraction(0)
        for effect, kind in (("supports", "by_right"), ("restricts", "restricts")):
            mine = {key[1]: x for key, x in right.items() if key[0] == effect}
            for key in sorted({*mine, *totals[kind]}):
                value = decimal(mine.get(key, zero), unit)
                if totals[kind].get(key, decimal(zero, unit)) != value:
                    refuse(f"is {value}", name, "totals", kind, key)
        return f"{name}: totals of {totals['ledger']} {unit} come out of lines and tags"

    def _by_right(
        self, amounts: dict[str, int]
    ) -> tuple[dict[tuple[str, str], Fraction], int]:
        """Money by effect and right, and all expenditure; new lines are of it."""
        right: dict[tuple[str, str], Fraction] = {}
        spent = dict(amounts)
        for each in self._held():
            front, folder = self._front(each), each["folder"]
            for row in self.lines[folder]:
                if row[4] != "expenditure":
                    del spent[front + row[1]]
            for row in self.tags[f"{folder}/tags"]:
                key, money = (row[7], row[2] or ""), spent.get(front + row[1], 0)
                right[key] = right.get(key, Fraction(0)) + Fraction(row[4] * money)
        return {key: each / 10**6 for key, each in right.items()}, sum(spent.values())

    def requirements(self) -> Iterator[str]:
        """Measured, required, shortfall and verdict come out of the coefficients."""
        for name, amounts in self._amounts():
            yield from self._findings(name, amounts)

    def proposed(self, currency: str) -> dict[str, int]:
        """Amounts that are proposed, by line id."""
        rows = table(self.members["amounts.csv"], "line_id start amount because")
        places = places_of(currency)
        return {str(row[0]): whole(row[2], places) for row in rows}

    def _held(self) -> list[dict[str, Any]]:
        return [each for each in self.slices if each["role"] == "held"]

    def _front(self, each: dict[str, Any]) -> str:
        """What ids begin with where several years are planned together."""
        return f"{each['fiscal_year']}/" if len(self._held()) > 1 else ""

    def _amounts(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each file of findings, and the amounts that they are of, by line id."""
        before = {
            self._front(each) + row[1]: row[17]
            for each in self._held()
            for row in self.lines[each["folder"]]
        }
        yield "findings.json", before
        if "findings_after.json" in self.members:
            unit = self.json("findings.json")["currency"]
            yield "findings_after.json", {**before, **self.proposed(unit)}

    def _findings(self, name: str, amounts: dict[str, int]) -> Iterator[str]:
        told, asked = self.json(name), self.json("requirements/index.json")
        keys = {each.get(side) for each in asked for side in ("measure", "of")}
        sums = {key: self._sum(key, amounts) for key in keys}
        if len(told["findings"]) != len(asked):
            refuse("are not as many as there are requirements", name, "findings")
        count = 0
        for found, each in zip(told["findings"], asked):  # noqa: B905  (3.9 has none)
            at = (name, each["id"])
            for field in ("rule", "version", "scope", "effect", "sense"):
                if found[field] != each[field]:
                    refuse("is not that of the requirement", *at, field)
            if each["kind"] == "requirement" and not each["missing"]:
                right = outcome(each, sums, told["currency"])
                right["lines"] = sums[each["measure"]][1]
                for field, value in right.items():
                    if found[field] != value:
                        refuse("is not what comes out", *at, field)
                count += 1
        yield f"{count} of {len(asked)} findings of {name} come out of their lines"

    def _sum(
        self, key: str | None, amounts: dict[str, int]
    ) -> tuple[list[Fraction], list[str]]:
        """Least, stated and most money of a set of coefficients, and its lines."""
        ends, names = [0, 0, 0], []
        columns = "line_id coefficient low high"
        for row in table(self.members[key], columns) if key else []:
            stated, low, high = (whole(cell, 0) for cell in row[1:])
            line = str(row[0])
            amount = amounts.get(line, 0)
            both = sorted(
                (min(stated, low, high) * amount, max(stated, low, high) * amount)
            )
            for n, value in enumerate((both[0], stated * amount, both[1])):
                ends[n] += value
            names.append(line)
        return [Fraction(each, 10**6) for each in ends], names

    def figures(self) -> Iterator[str]:
        """Figures of totals and findings say what findings.json says."""
        figures, told = self.json("figures.json")["figures"], self.json("findings.json")
        known = {
            f"total/{x}": told["totals"][x] for x in ("ledger", "tagged", "untagged")
        }
        for each in told["findings"]:
            scope = f"[{each['scope']}]" if each["scope"] else ""
            for field in ("measured", "required", "shortfall"):
                known[f"finding/{each['rule']}{scope}/{field}"] = each[field]
        same = [name for name, value in known.items() if name in figures and value]
        for name in same:
            if figures[name]["value"] != known[name]:
                refuse(f"is {known[name]}", "figures.json", name)
        yield f"{len(same)} of {len(figures)} figures are those of the findings"


def outcome(
    each: dict[str, Any],
    sums: dict[str | None, tuple[list[Fraction], list[str]]],
    unit: str,
) -> dict[str, Any]:
    """What a requirement comes to: the fields of its finding that are numbers."""
    measured, of = sums[each["measure"]][0], sums[each["of"]][0]
    factor, bound = proof.number(each["factor"]), each["bound"]
    ends = [proof.number(end) for end in bound]
    if len(ends) != len(measured):
        refuse("has not three ends", each["id"], "bound")
    if ends != sorted(ends):
        refuse("has ends in no order", each["id"], "bound")
    turned = of if factor >= 0 else of[::-1]
    required = [ends[n] + factor * turned[n] for n in range(3)]
    gap = [measured[n] - required[2 - n] for n in range(3)]
    lacks, sense = -gap[1], each["sense"]
    if sense == "at_most":
        gap, lacks = [-value for value in gap[::-1]], gap[1]
    verdict = "met" if gap[0] >= 0 else "not_met" if gap[2] < 0 else "cannot_tell"
    if sense == "equal":
        lacks, exact = abs(gap[1]), gap[0] == gap[2]
        missed = gap[0] > 0 or gap[2] < 0
        verdict = "not_met" if missed else "met" if exact else "cannot_tell"
    short = max(Fraction(0), lacks) if verdict != "met" else Fraction(0)
    known = measured[0] == measured[2]
    return {
        "verdict": verdict,
        "measured": decimal(measured[1], unit),
        "required": decimal(required[1], unit),
        "shortfall": decimal(short, unit),
        "low": None if known else decimal(measured[0], unit),
        "high": None if known else decimal(measured[2], unit),
    }
