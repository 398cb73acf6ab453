"""Nothing that this program writes for a spreadsheet is run by one."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Iterator

import click
import pytest

from hrbudget.cli.main import COMMANDS
from hrbudget.workspace.workspace import Workspace
from tests.cli.spreadsheet import HOSTILE, MARK, formulas, run_of, texts
from tests.cli.test_pins import RULE, SCENARIO
from tests.conftest import Ran, Run

#: Every command that prints CSV, as it is said to a town of hostile texts.
PRINTING = {
    "ingest": "ingest lines.csv --budget again --dry-run",
    "tag": "tag town --import more.csv --by =Anna --preview",
    "review agreement": "review agreement town",
    "review disputes": "review disputes town",
    "audit sample": "audit sample town --seed 1 --out sample.xlsx",
    "audit evaluate": "audit evaluate town right.csv --seed 1 --tolerable 0.5",
    "check": "check town --pack own",
    "optimize": "optimize fund",
    "sweep": "sweep fund --workspace . --out out/swept --workers 1",
    "compare": "compare town fund",
    "rules compare": "rules compare own own",
    "rules list": "rules list own",
    "rules show": "rules show own.clinic",
    "rules test": "rules test own",
    "plan check": "plan check",
    "plan sdg": "plan sdg",
    "scenario list": "scenario list",
    "scenario pin": "scenario pin fund {admin} 450 --reason =why --by =Anna",
    "budget list": "budget list",
    "entity list": "entity list",
    "user list": "user list",
    "log list": "log list",
    "log show": "log show {tagged}",
}

#: Every file that it writes for people to open, as it is said to the same town.
WRITING = {
    "tags.csv": "tag town --export out/tags.csv",
    "tags.xlsx": "tag town --export out/tags.xlsx",
    "blind.xlsx": "review blind town --out out/blind.xlsx --by =Bo",
    "sample.xlsx": "audit sample town --seed 1 --out out/sample.xlsx",
    "plan.xlsx": "plan export --out out/plan.xlsx",
    "package": "export package town --out out/package --with-authors",
    "front": "optimize fund own.clinic own.school --tradeoff --out out/front",
    "report": "report town --pack own --out out/report --format xlsx",
}

PLAN = """\
title: "{text}"
entity: Exempelby
currency: SEK
adopted: 2025-01-01
objectives:
  - id: one
    title: "{text}"
    right: health
    groups: [all]
    obligation: fulfil
    duty_bearer: "{text}"
    deadline: 2026-12-31
    costed_need: {{2026-01-01: "5"}}
    activities: [{{text: "{text}"}}]
"""

#: What each of the first lines is for, and its whole kronor; as in ``test_pins``.
_MONEY = (("510", 600), ("440", 300), ("249", 600), ("100", 500))


def _csv(*rows: tuple[object, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _lines() -> str:
    head = ("line_id", "fiscal_year", "phase", "function", "administrative_unit")
    rows: list[tuple[object, ...]] = [
        (*head, "description", "fund", "amount", HOSTILE[0], "incurred_on")
    ]
    for place, text in enumerate(HOSTILE):
        function, amount = _MONEY[place] if place < len(_MONEY) else ("999", 10)
        stated = (text, 2026, "proposed", function, text, text, "own", amount)
        rows.append((*stated, text, ""))
    return _csv(*rows)


def _tags(*rights: str) -> str:
    rows = (
        (text, right, 1, text)
        for text, right in zip(HOSTILE, rights, strict=False)
        if right
    )
    return _csv(("line_id", "right", "share", "evidence"), *rows)


def _quoted(text: str) -> str:
    """A text between the double quotation marks of YAML."""
    kept = text.replace("\\", "\\\\").replace('"', '\\"')
    return kept.replace("\n", "\\n").replace("\t", "\\t")


class Town:
    """A town all of whose texts are hostile."""

    def __init__(self, workspace: Workspace, cli: Run) -> None:
        self.folder, self.store, self._cli = workspace.folder, workspace.store, cli
        for name, text in self._files().items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        for words in (
            ("ingest", "lines.csv", "--budget", "town"),
            ("tag", "town", "--import", "tags.csv", "--by", HOSTILE[0]),
            ("review", "keep", "town", "reading.csv", "--by", HOSTILE[1]),
            ("optimize", "fund"),
            ("entity", "add", HOSTILE[5]),
        ):
            ran = self.run(*words)
            assert (ran.code, words) == (0, words), ran.err
        events = self.store.events()
        self.tagged = next(each.id for each in events if each.kind == "tag.changed")

    @staticmethod
    def _files() -> dict[str, str]:
        rule = {"title": f'"{_quoted(HOSTILE[6])}"', "effect": "progressive"}
        title = f'title: "{_quoted(HOSTILE[7])}"'
        return {
            "lines.csv": _lines(),
            "tags.csv": _tags("health", "education", "", "participation"),
            "more.csv": _tags("", "", "health"),
            "reading.csv": _tags("health", "work"),
            "right.csv": _tags("health", "education", "", "participation"),
            "rules/own/pack.yaml": f"{title}\ndescription: Own\ndefault: false\n",
            "rules/own/clinic.yaml": RULE.format(**rule, function="510", least=700),
            "rules/own/school.yaml": RULE.format(**rule, function="440", least=400),
            "rules/own/tests/clinic.yaml": CASES,
            "scenarios/fund.yaml": SCENARIO.replace(
                "title: Fund clinic and school", title
            ),
            "plan.yaml": PLAN.format(text=_quoted(HOSTILE[5])),
        }

    def run(self, *words: object) -> Ran:
        """``hrbudget …`` in the town's folder."""
        return self._cli(*words)

    def say(self, words: str, *more: str) -> Ran:
        """The same, of words with a space between them."""
        filled = (
            each.format(admin=HOSTILE[3], tagged=self.tagged) for each in words.split()
        )
        return self.run(*filled, *more)


CASES = """\
- name: "=ABS(666)"
  input:
    lines: [{line_id: a, function: "510", amount: "700"}]
  output: {verdict: met, measured: "700", required: "700", shortfall: "0"}
"""


@pytest.fixture
def town(workspace: Workspace, cli: Run, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.chdir(workspace.folder)
    return Town(workspace, cli)


def printing() -> Iterator[str]:
    """Every command that can print CSV."""
    for name in COMMANDS:
        found = getattr(importlib.import_module(f"hrbudget.cli.{name}"), name)
        yield from _printing(found, name)


def _printing(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner, each in command.commands.items():
            yield from _printing(each, f"{name} {inner}")
    for option in command.params:
        if isinstance(option.type, click.Choice) and "csv" in option.type.choices:
            yield name


def test_the_commands_that_print_csv_are_all_asked() -> None:
    assert set(PRINTING) == set(printing())


def test_no_cell_that_is_written_is_run(town: Town, subtests: pytest.Subtests) -> None:
    out = town.folder / "out"
    out.mkdir()
    marked = set()
    for name, words in PRINTING.items():
        with subtests.test(name):
            ran = town.say(words, "--format", "csv")
            assert ran.out, ran.err
            assert run_of(ran.out) == []
            marked |= {name} if MARK in ran.out else set()
    # The others print numbers and names of ours alone.
    assert {"compare", "log show", "review disputes", "rules list"} <= marked
    for name, words in WRITING.items():
        with subtests.test(name):
            ran = town.say(words)
            assert ran.code == 0, ran.err
    tables = sorted(out.rglob("*.csv"))
    names = {"lines.csv", "tags.csv", "front.csv", "sweep.csv"}
    assert names <= {path.name for path in tables}
    for path in tables:
        with subtests.test(str(path)):
            assert run_of(path.read_bytes().decode("utf-8")) == []
    books = sorted(out.rglob("*.xlsx"))
    assert len(books) >= 5
    for path in books:
        with subtests.test(str(path)):
            content = path.read_bytes()
            assert MARK in texts(content)
            assert [each for each in formulas(content) if MARK in each] == []
