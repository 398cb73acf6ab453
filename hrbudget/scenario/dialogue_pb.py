"""A vote in the file format of participatory budgeting, PaBuLib's ``.pb``.

Three sections (META, PROJECTS, VOTES), each a title line, a header line and rows of
cells divided by semicolons, as https://pabulib.org/format describes them. A project is
about the rule that its column ``rule`` names (``none``: about no rule), or, without
that column, about the rule that is its ``project_id``. Projects about one rule count
together.

Votes are counted from the VOTES section, by META's ``vote_type``:

    approval, choose-1     1 for each project named
    cumulative, scoring    the points of each project named, the others default_score
    ordinal                Borda as PaBuLib counts it: of k projects named, the first
                           gets k points, the last gets 1

and must agree with the columns ``votes`` (ballots that name the project) and ``score``
(its points) where they are there, and with ``num_votes`` and ``num_projects``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from hrbudget.scenario.dialogue_file import NO_RULE, Issues, Told, period, quoted, rows

_SECTIONS = ("META", "PROJECTS", "VOTES")
_NEEDED = {
    "META": ("key", "value"),
    "PROJECTS": ("project_id",),
    "VOTES": ("voter_id", "vote"),
}
_AGAIN = "export the file again"
_ONE_EACH = ("approval", "choose-1")
_POINTS = ("cumulative", "scoring")
_TYPES = (*_ONE_EACH, *_POINTS, "ordinal")


@dataclass(frozen=True)
class _Section:
    row: int
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]


@dataclass(frozen=True)
class _Meta:
    """META: key → the row and the value."""

    cells: dict[str, tuple[int, str]]

    def get(self, key: str) -> str:
        return self.cells[key][1] if key in self.cells else ""

    def row(self, key: str) -> int | None:
        return self.cells[key][0] if key in self.cells else None


def read(text: str, name: str) -> Told:
    """The vote of a file.

    Raises:
        InputRefused: with every defect at its row, section and column.
    """
    issues = Issues(name)
    sections = _sections(text, name, issues)
    issues.refuse()
    meta = _meta(sections["META"], issues)
    rules = _rules(sections["PROJECTS"], issues)
    when = _when(meta, issues)
    issues.refuse()
    count = _Count(issues, meta, rules)
    for row, cells in sections["VOTES"].rows:
        count.add(row, cells)
    count.compare(sections["PROJECTS"])
    issues.refuse()
    counts: dict[str, Fraction] = {}
    for project, rule in rules.items():
        if rule != NO_RULE:
            counts[rule] = counts.get(rule, Fraction(0)) + count.points(project)
    place = ", ".join(filter(None, map(meta.get, ("subunit", "unit", "country"))))
    who, people = meta.get("who"), len(count.voters)
    return Told("votes", counts, who, when, people, meta.get("description") or place)


def _sections(text: str, name: str, issues: Issues) -> dict[str, _Section]:
    """META, PROJECTS and VOTES, each with all its rows as wide as its header."""
    sections: dict[str, _Section] = {}
    for title, table in _titled(text, name, issues).items():
        if not table:
            issues.add(f"nothing in {title}", "a header", _AGAIN, None)
            continue
        (first, header), *below = table
        columns = [cell.lower() for cell in header]
        _check_columns(title, columns, first, issues)
        for row, cells in below:
            if len(cells) != len(columns):
                expected = f"{len(columns)}, as the header of {title} has"
                advice = "quote a cell that holds a semicolon"
                issues.add(f"{len(cells)} cells", expected, advice, row, title)
        placed = [
            (row, dict(zip(columns, cells, strict=False))) for row, cells in below
        ]
        sections[title] = _Section(first, columns, placed)
    for title in _SECTIONS:
        if title not in sections and not issues.found:
            expected = ", ".join(_SECTIONS)
            issues.add(f"no section {title}", expected, _AGAIN, None)
    return sections


def _titled(
    text: str, name: str, issues: Issues
) -> dict[str, list[tuple[int, list[str]]]]:
    """Rows by the title of their section."""
    tables: dict[str, list[tuple[int, list[str]]]] = {}
    table: list[tuple[int, list[str]]] | None = None
    for row, cells in rows(text, ";", name):
        title = cells[0] if not any(cells[1:]) else ""
        if title in tables:
            issues.add(f"the section {title} twice", "it once", "keep one", row)
        elif title in _SECTIONS:
            table = tables[title] = []
        elif (title.isupper() and title.isalpha()) or table is None:
            known = f"one of the sections {', '.join(_SECTIONS)}"
            advice = "delete it, or correct its title"
            issues.add(quoted(";".join(cells)), known, advice, row)
            table = []
        else:
            table.append((row, cells))
    return tables


def _check_columns(title: str, columns: list[str], row: int, issues: Issues) -> None:
    for column in _NEEDED[title]:
        if column not in columns:
            advice = "put it in the header"
            found = f"no column {column} in {title}"
            issues.add(found, f"at least {', '.join(_NEEDED[title])}", advice, row)
    if len(set(columns)) != len(columns):
        advice = "keep one column of each name"
        issues.add(f"a column of {title} twice", "it once", advice, row)


def _meta(section: _Section, issues: Issues) -> _Meta:
    cells: dict[str, tuple[int, str]] = {}
    for row, each in section.rows:
        key = each["key"].lower()
        if key in cells:
            advice = "keep one of them"
            issues.add(f"{quoted(key)} a second time", "it once", advice, row, "META")
        cells[key] = row, each["value"]
    meta = _Meta(cells)
    for key in ("vote_type", "num_projects", "num_votes"):
        if key not in cells:
            advice = "add the row"
            issues.add(f"no {key} in META", "it to be there", advice, section.row)
    if "vote_type" in cells and meta.get("vote_type") not in _TYPES:
        found, known = quoted(meta.get("vote_type")), f"one of {', '.join(_TYPES)}"
        place = meta.row("vote_type")
        issues.add(found, known, "correct it", place, "META.vote_type")
    if meta.get("scoring_fn").lower() not in {"", "borda"}:
        found, place = quoted(meta.get("scoring_fn")), meta.row("scoring_fn")
        advice = "count the votes yourself and give them as CSV"
        issues.add(found, "Borda, or nothing", advice, place, "META.scoring_fn")
    return meta


def _rules(section: _Section, issues: Issues) -> dict[str, str]:
    """project_id → the rule it is about, or none."""
    rules: dict[str, str] = {}
    column = "rule" if "rule" in section.columns else "project_id"
    for row, cells in section.rows:
        project = cells["project_id"]
        if not project or project in rules:
            found = f"{quoted(project)} a second time" if project else "no project_id"
            expected, advice = "an id of its own for each project", "correct the cell"
            issues.add(found, expected, advice, row, "PROJECTS.project_id")
        rules[project] = NO_RULE
        if column == "rule" and cells["rule"] == NO_RULE:
            continue
        found_rule = issues.rule(cells[column], row, f"PROJECTS.{column}")
        rules[project] = found_rule or NO_RULE
    return rules


def _when(meta: _Meta, issues: Issues) -> str:
    """The days of the vote as ISO 8601, ``first/last`` where there are several."""
    days: list[str] = []
    for key in ("date_begin", "date_end"):
        stated, row = meta.get(key), meta.row(key)
        # PaBuLib writes dd.mm.yyyy, or just the year.
        day = "-".join(reversed(stated.split(".")))
        if stated and period(day) is None:
            expected = "a day such as 04.03.2026, or a year"
            issues.add(quoted(stated), expected, "correct it", row, f"META.{key}")
        elif stated:
            days.append(day)
    when = "/".join(dict.fromkeys(days))
    if days and period(when) is None:
        row, found = meta.row("date_end"), quoted(meta.get("date_end"))
        expected = f"no day before {meta.get('date_begin')}"
        issues.add(found, expected, "correct one of them", row, "META.date_end")
    return when


class _Count:
    """Votes that were counted so far."""

    def __init__(self, issues: Issues, meta: _Meta, rules: dict[str, str]) -> None:
        self.voters: set[str] = set()
        self._issues, self._meta, self._rules = issues, meta, rules
        self._type = meta.get("vote_type")
        self._named = Counter[str]()
        self._points = dict.fromkeys(rules, Fraction(0))
        self._default = self._limit("default_score") or Fraction(0)
        self._limits = {
            what: (self._limit(f"min_{what}"), self._limit(f"max_{what}"))
            for what in ("length", "points", "sum_points")
        }

    def points(self, project: str) -> Fraction:
        """Its votes or points, with those of ballots that do not name it."""
        silent = len(self.voters) - self._named[project]
        return self._points[project] + silent * self._default

    def add(self, row: int, cells: dict[str, str]) -> None:
        """Count one ballot; issues where it has a defect."""
        voter = cells["voter_id"]
        if not voter or voter in self.voters:
            found = f"the voter {quoted(voter)} twice" if voter else "no voter_id"
            advice = "keep one row for each voter"
            column = "VOTES.voter_id"
            self._issues.add(found, "each voter once", advice, row, column)
        self.voters.add(voter)
        projects = [each.strip() for each in cells["vote"].split(",") if each.strip()]
        for place, project in enumerate(projects):
            if project not in self._rules or project in projects[:place]:
                twice = " a second time" if project in self._rules else ""
                expected = "each project of PROJECTS at most once"
                found, advice = f"{quoted(project)}{twice}", "correct the vote"
                self._issues.add(found, expected, advice, row, "VOTES.vote")
                return
        given = self._given(projects, cells, row)
        if given is None:
            return
        self._hold("length", Fraction(len(projects)), row, "VOTES.vote")
        for project, points in zip(projects, given, strict=True):
            self._named[project] += 1
            self._points[project] += points

    def _given(
        self, projects: list[str], cells: dict[str, str], row: int
    ) -> list[Fraction] | None:
        """Points of each project of a ballot; None and an issue where they are none."""
        if self._type == "choose-1" and len(projects) > 1:
            found, advice = f"{len(projects)} projects", "correct the vote"
            self._issues.add(found, "one project", advice, row, "VOTES.vote")
            return None
        if self._type == "ordinal":
            return [Fraction(len(projects) - place) for place in range(len(projects))]
        if self._type in _ONE_EACH:
            return [Fraction(1) for _ in projects]
        column = "VOTES.points"
        texts = [each.strip() for each in cells.get("points", "").split(",")]
        texts = texts if any(texts) else []
        if len(texts) != len(projects):
            found, advice = f"{len(texts)} points", "correct vote or points"
            expected = f"{len(projects)}, one for each project of vote"
            self._issues.add(found, expected, advice, row, column)
            return None
        numbers = [self._issues.number(each, row, column) for each in texts]
        given = [each for each in numbers if each is not None]
        for points in given:
            self._hold("points", points, row, column)
        self._hold("sum_points", sum(given, Fraction(0)), row, column)
        return given if len(given) == len(numbers) else None

    def compare(self, projects: _Section) -> None:
        """What was counted agrees with what the file says of it."""
        counted = {"num_votes": len(self.voters), "num_projects": len(self._rules)}
        for key, number in counted.items():
            row, column = self._meta.row(key) or 0, f"META.{key}"
            stated = self._issues.whole(self._meta.get(key), row, column)
            if stated not in {None, number}:
                section = key.removeprefix("num_").upper()
                expected = f"{number}, the rows of {section}"
                self._issues.add(f"{stated}", expected, _MISCOUNT, row, column)
        for row, cells in projects.rows:
            project = cells["project_id"]
            self._agree(row, cells, "votes", {Fraction(self._named[project])})
            # Whether a score has the default of those who were silent is not said.
            both = {self._points[project], self.points(project)}
            self._agree(row, cells, "score", both)

    def _agree(
        self, row: int, cells: dict[str, str], column: str, counted: set[Fraction]
    ) -> None:
        if not cells.get(column):
            return
        place = f"PROJECTS.{column}"
        stated = self._issues.number(cells[column], row, place)
        if stated is not None and stated not in counted:
            expected = f"{min(counted)}, counted from VOTES"
            self._issues.add(cells[column], expected, _MISCOUNT, row, place)

    def _limit(self, key: str) -> Fraction | None:
        text = self._meta.get(key)
        if not text:
            return None
        return self._issues.number(text, self._meta.row(key) or 0, f"META.{key}")

    def _hold(self, what: str, number: Fraction, row: int, column: str) -> None:
        low, high = self._limits[what]
        said = what.replace("_", " ")
        if low is not None and number < low:
            found, expected = f"a {said} of {number}", f"at least min_{what}, {low}"
            self._issues.add(found, expected, _SPOILT, row, column)
        if high is not None and number > high:
            found, expected = f"a {said} of {number}", f"at most max_{what}, {high}"
            self._issues.add(found, expected, _SPOILT, row, column)


_MISCOUNT = "export the file again, or correct the number"
_SPOILT = "leave out votes that do not count, or correct META"
