"""Write the budgets, people, needs, prices, outcomes and tags of the town Exempelby.

Run `python hrbudget/data/exempelby/make.py`. What was decided by hand stands in
`town.toml`; here it becomes files, with the same bytes on any machine: money is counted
in whole öre, and all variation is hashed from the line's id.
"""

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TOWN: dict[str, Any] = tomllib.loads((HERE / "town.toml").read_text(encoding="utf-8"))

# Net cost of each activity (RS code) in kr per inhabitant: rounded, derived from SCB
# RS 2024 (Riket), own processing; within 1xx, 2xx, 3xx, 6xx and 8xx only the total of
# the area is derived, its split is invented.
NET_COST = """
100:480 110:50 120:45 130:235 215:800 220:330 225:40 230:130 249:1700 250:330 261:130
263:150 267:10 270:950 275:340 300:420 310:60 315:480 320:530 330:330 340:1350 350:260
400:57 407:7760 412:83 415:29 425:1760 435:840 440:13700 443:835 450:4840 453:370
470:141 472:300 474:27 475:52 476:286 478:17 505:244 510:13390 513:6730 520:1500
530:260 559:820 569:2960 571:310 575:1390 585:115 600:110 610:500 800:20 810:5 815:25
832:140 865:35 870:15
"""
EXECUTED = 2024
PHASES = {EXECUTED: "executed", 2025: "approved", 2026: "proposed"}
GROWTH_2025 = 34  # per mille
GROWTH_FINANCE = 20  # per mille, 2026
SURPLUS = {EXECUTED: 12, 2025: 10, 2026: 8}  # per mille of what tax and grants cover
THOUSAND = 100_000  # SEK 1 000 in öre
SPREAD = {True: 50, False: 10}  # per mille in 2024: lines of a district, central lines
SMALLEST = {True: 80 * THOUSAND, False: 40 * THOUSAND}  # left out below, the same two
REVENUE_ACCOUNTS = {"30", "31", "34", "35", "80", "82", "84"}
FIXED_ACCOUNTS = {"57", "79", "80", "82", "83", "84", "85"}
LINE_COLUMNS = (
    "line_id fiscal_year phase direction entity administrative_unit district function"
    " function_scheme economic_class cost_category programme project fund party"
    " description amount currency amount_min amount_max movable"
    " project_phase region parties variant country project_year"
    " incurred_on agreement_from agreement_to"
)
NEED_YEARS = (2025, 2026)
SOURCE = "invented for Exempelby"
TAG_COLUMNS = (
    "line_id right groups share share_low share_high effect basis objective evidence"
    " author state"
)


def shares(text: str) -> dict[str, int]:
    """Read `50:40 51:5` into a mapping."""
    return {key: int(n) for key, n in (item.split(":") for item in text.split())}


def nearest(number: int, divisor: int) -> int:
    """Divide and round half up."""
    return (2 * number + divisor) // (2 * divisor)


def vary(line_id: str, step: str, spread: int) -> int:
    """Return a number within ±spread, always the same for the line and step."""
    digest = hashlib.sha256(f"{line_id} {step}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2 * spread + 1) - spread


def grown(line_id: str, ore: int, growth: int) -> dict[int, int]:
    """Carry 2024's öre on to 2025 and 2026 in whole thousands of SEK."""
    rate_2025 = 10_000 + 10 * GROWTH_2025 + vary(line_id, "2025", 80)
    ore_2025 = nearest(ore * rate_2025, 10_000 * THOUSAND) * THOUSAND
    rate_2026 = 10_000 + 10 * growth + vary(line_id, "2026", 30)
    ore_2026 = nearest(ore_2025 * rate_2026, 10_000 * THOUSAND) * THOUSAND
    return {EXECUTED: ore, 2025: ore_2025, 2026: ore_2026}


def whole(year: int, ore: int) -> int:
    """Round budgets to thousands of SEK; what was executed keeps its öre."""
    return ore if year == EXECUTED else nearest(ore, THOUSAND) * THOUSAND


@dataclass(frozen=True)
class Line:
    """A budget line with its öre of each year; the id holds board, RS code, account."""

    line_id: str
    description: str
    amounts: Mapping[int, int]
    fund: str = "own"
    extra: Mapping[str, str] = field(default_factory=dict)
    planned: str = ""  # month and day of what an agreement pays for

    @property
    def account(self) -> str:
        """The account group."""
        return self.line_id.split("-")[3]

    @property
    def is_revenue(self) -> bool:
        """Whether the line brings money in."""
        return self.account in REVENUE_ACCOUNTS

    def row(self, year: int) -> dict[str, str]:
        """Return the line's row of lines.csv; executed amounts show their öre."""
        board, function, _, account, *district = self.line_id.split("-")
        kronor, ore = divmod(self.amounts[year], 100)
        return {
            "line_id": self.line_id,
            "fiscal_year": str(year),
            "phase": PHASES[year],
            "direction": "revenue" if self.is_revenue else "expenditure",
            "entity": "Exempelby",
            "administrative_unit": TOWN["boards"][board],
            "district": TOWN["districts"][district[0]] if district else "",
            "function": function if function.isdigit() else "",
            "function_scheme": "rs_kommun" if function.isdigit() else "",
            "economic_class": account,
            "fund": self.fund,
            "description": self.description,
            "amount": f"{kronor}.{ore:02d}" if year == EXECUTED else str(kronor),
            "currency": "SEK",
            "movable": "false" if account in FIXED_ACCOUNTS else "",
            **self.extra,
            **(in_agreement(year, self.planned) if self.planned else {}),
        }


def in_agreement(year: int, month_and_day: str) -> dict[str, str]:
    """Return which year of the project it is, and the day a cost is planned for."""
    began = int(TOWN["agreement"]["agreement_from"][:4])
    return {
        "project_year": str(year - began + 1),
        "incurred_on": f"{year}-{month_and_day}",
    }


@dataclass(frozen=True)
class Service:
    """A part of an activity, budgeted by account and, where shared, by district."""

    prefix: str  # of its lines' ids: board and RS code
    slug: str
    description: str
    fund: str
    group: str  # whose numbers share it among the districts, or "-"
    profile: str
    weight: int  # persons x kr per inhabitant x per cent of the activity
    growth: int

    def lines(self) -> Iterator[Line]:
        """Spread the net cost over accounts and districts, and add the revenue."""
        costs, income = map(shares, TOWN["profiles"][self.profile].split("|"))
        net_percent = 100 - sum(income.values())
        for account, percent in (costs | income).items():
            for suffix, persons, of_all in self.places():
                line_id = f"{self.prefix}-{self.slug}-{account}{suffix}"
                ore = self.weight * percent * persons // (of_all * net_percent)
                spread = SPREAD[bool(suffix)]
                ore = ore * (1_000 + vary(line_id, "2024", spread)) // 1_000
                if ore >= SMALLEST[bool(suffix)]:
                    yield self.line(line_id, account, grown(line_id, ore, self.growth))

    def places(self) -> list[tuple[str, int, int]]:
        """Return the id's ending, the persons there and the persons in all."""
        if self.group == "-":
            return [("", 1, 1)]
        count = people(EXECUTED)
        of_all = count["", self.group]
        return [(f"-{d}", count[d, self.group], of_all) for d in TOWN["districts"]]

    def line(self, line_id: str, account: str, amounts: Mapping[int, int]) -> Line:
        """Make a line; grants received are earmarked, other income is the town's."""
        fund = self.fund
        if account in REVENUE_ACCOUNTS:
            grant = "state_grant" if fund == "own" else fund
            fund = grant if account == "35" else "own"
        extra = {"programme": "ESF+", "project": "EXB-JOBB"} if fund == "eu" else {}
        name = f"{self.description}, {TOWN['accounts'][account]}"
        return Line(line_id, name, amounts, fund, extra)


@cache
def people(year: int) -> dict[tuple[str, str], int]:
    """Count the persons of each (district, group); the district "" is the whole."""
    count: dict[tuple[str, str], int] = {}
    first, *others = TOWN["districts"]
    for group, text in TOWN["population"].items():
        numbers = [int(n) for n in text.split()]
        total = count["", group] = numbers[year - EXECUTED]
        parts = [nearest(total * percent, 100) for percent in numbers[4:]]
        count[first, group] = total - sum(parts)
        count |= {(d, group): part for d, part in zip(others, parts, strict=True)}
    for district in ("", first, *others):
        count[district, "men"] = count[district, "all"] - count[district, "women"]
    return count


def services() -> Iterator[Service]:
    """Read the activities."""
    net_cost = shares(NET_COST)
    for code, (head, *rows) in TOWN["activities"].items():
        board, growth = head.split()
        for row in rows:
            percent, group, profile, slug, description = row.split(maxsplit=4)
            slug, _, fund = slug.partition("/")
            yield Service(
                prefix=f"{board}-{code}",
                slug=slug,
                description=description,
                fund=fund or "own",
                group=group,
                profile=profile,
                weight=people(EXECUTED)["", "all"] * net_cost[code] * int(percent),
                growth=int(growth),
            )


def partnership_lines() -> Iterator[Line]:
    """Read the partnership's lines; ICLD repays them in arrears."""
    for line_id, text in TOWN["partnership"].items():
        planned, party, category, *money, name = text.split(maxsplit=6)
        ore = [int(amount.replace(".", "")) for amount in money]
        extra = {"programme": "ICLD", "project": "EXB-MV"}
        extra |= {"party": party, "cost_category": category, **TOWN["agreement"]}
        if (party, category) == ("international", "wages"):
            extra["amount_min"] = "0"
        amounts = dict(zip(PHASES, ore, strict=True))
        yield Line(line_id, name, amounts, "sida", extra, planned)
    repaid = dict.fromkeys(PHASES, 500 * THOUSAND)
    yield Line("ks-130-icld-35", "Ersättning i efterskott från ICLD", repaid)


def dedicated_lines() -> Iterator[Line]:
    """Read the lines made for the plan, which begin in 2025."""
    for item in TOWN["tagged"]:
        if "line" in item:
            fund, first, second, most, name = item["line"].split(maxsplit=4)
            amounts = {2025: int(first) * THOUSAND, 2026: int(second) * THOUSAND}
            extra = {"amount_min": "0"} if second == "0" else {}
            if most != "-":
                extra |= {"programme": "MR-plan 2025-2028", "amount_max": f"{most}000"}
            yield Line(item["line_id"], name, amounts, fund, extra)


def finance_lines(others: Sequence[Line]) -> Iterator[Line]:
    """Add financial lines, then grants and tax for the net cost and a small surplus."""
    money: list[Line] = []
    for line_id, text in TOWN["finance"].items():
        kr, name = text.split(maxsplit=1)
        ore = int(kr) * people(EXECUTED)["", "all"] * 100 + vary(line_id, "2024", 9_999)
        money.append(Line(line_id, name, grown(line_id, ore, GROWTH_FINANCE)))
    net_cost = {year: -result([*others, *money], year) for year in PHASES}
    left = needed = {y: net_cost[y] * (1_000 + SURPLUS[y]) // 1_000 for y in PHASES}
    yield from money
    for line_id, text in TOWN["grants"].items():
        per_mille, name = text.split(maxsplit=1)
        part = {y: whole(y, needed[y] * int(per_mille) // 1_000) for y in PHASES}
        left = {y: left[y] - part[y] for y in PHASES}
        yield Line(line_id, name, part)
    tax = {y: whole(y, left[y]) for y in PHASES}
    yield Line("ks-fin-skatt-80", "Kommunalskatt", tax)


def result(lines: Iterable[Line], year: int) -> int:
    """Return revenue less expenditure in öre."""
    signed = ((1 if line.is_revenue else -1, line.amounts) for line in lines)
    return sum(sign * amounts.get(year, 0) for sign, amounts in signed)


def budget() -> list[Line]:
    """Return all lines by id."""
    lines = [line for service in services() for line in service.lines()]
    lines += [*partnership_lines(), *dedicated_lines()]
    lines += finance_lines(lines)
    return sorted(lines, key=lambda line: line.line_id)


def tag_rows() -> Iterator[dict[str, str]]:
    """Return the tags set by hand; a share without a range is certain."""
    for item in TOWN["tagged"]:
        for tag in item["tags"]:
            yield {
                "line_id": item["line_id"],
                "share_low": tag["share"],
                "share_high": tag["share"],
                "effect": "supports",
                "basis": "manual",
                "author": "anna.finance",
                **tag,
            }


def population_rows() -> Iterator[dict[str, str]]:
    """Return the persons of each year, district and group."""
    names = {"": "", **TOWN["districts"]}
    for year in PHASES:
        for (district, group), persons in sorted(people(year).items()):
            yield {
                "fiscal_year": str(year),
                "district": names[district],
                "group": group,
                "persons": str(persons),
                "source": TOWN["sources"].get(group, "Exempelby, invented"),
            }


def need_rows() -> Iterator[dict[str, str]]:
    """Return the persons of each year, district and group, weighted by their need."""
    for year in NEED_YEARS:
        for group, text in sorted(TOWN["need"].items()):
            of_years, of_districts = (
                map(int, part.split()) for part in text.split("|")
            )
            of_year = dict(zip(NEED_YEARS, of_years, strict=True))[year]
            weights = dict(zip(TOWN["districts"], of_districts, strict=True))
            need = {
                TOWN["districts"][district]: people(year)[district, group]
                * of_year
                * of
                for district, of in weights.items()
            }
            for district, number in {"": sum(need.values()), **need}.items():
                yield {
                    "fiscal_year": str(year),
                    "district": district,
                    "group": group,
                    "need": f"{number // 10_000}.{number % 10_000:04d}",
                    "source": SOURCE,
                }


def outcome_rows() -> Iterator[dict[str, str]]:
    """Return what people have: by district, or by group of the whole."""
    for name, places in TOWN["outcomes"].items():
        for place, values in places.items():
            district = TOWN["districts"].get(place, "")
            for year, value in zip(NEED_YEARS, values.split(), strict=False):
                yield {
                    "name": name,
                    "fiscal_year": str(year),
                    "district": district,
                    "group": "all" if district else place,
                    "value": value,
                    "source": SOURCE,
                }


def deflator_rows() -> Iterator[dict[str, str]]:
    """Return the price index of municipal activity."""
    source = "Exempelby, invented; modelled on SKR's PKV"
    for year, index in TOWN["deflators"].items():
        yield {"name": "pkv", "fiscal_year": year, "index": index, "source": source}


def write(name: str, columns: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a CSV file beside this program."""
    with (HERE / name).open("w", encoding="utf-8", newline="\n") as file:
        writer = csv.DictWriter(file, columns.split(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write all files."""
    lines = budget()
    for year, phase in PHASES.items():
        rows = [line.row(year) for line in lines if year in line.amounts]
        write(f"lines_{year}_{phase}.csv", LINE_COLUMNS, rows)
    people_columns = "fiscal_year district group persons source"
    write("population.csv", people_columns, population_rows())
    write("deflators.csv", "name fiscal_year index source", deflator_rows())
    write("need.csv", "fiscal_year district group need source", need_rows())
    outcome_columns = "name fiscal_year district group value source"
    write("outcomes.csv", outcome_columns, outcome_rows())
    write("tags.csv", TAG_COLUMNS, tag_rows())


if __name__ == "__main__":
    main()
