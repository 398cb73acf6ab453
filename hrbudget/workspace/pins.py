"""Lines that a planner holds by hand: what it costs, and where it is written down."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from hrbudget import money
from hrbudget.domain.comparison import Comparison
from hrbudget.domain.finding import Finding
from hrbudget.domain.scenario import Pin, Scenario
from hrbudget.errors import CallRefused
from hrbudget.pipeline import deciding
from hrbudget.pipeline.deciding import Proposed, Side
from hrbudget.workspace import pin_text, places
from hrbudget.workspace.workspace import Workspace


@dataclass(frozen=True)
class Cost:
    """A figure without the pin and with it, in minor units; None: no proposal."""

    without: Fraction | None
    pinned: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """What the pin costs of it."""
        if self.without is None or self.pinned is None:
            return None
        return self.pinned - self.without


@dataclass(frozen=True)
class Named:
    """The cost of a pin in a right, a line, or the shortfall of a requirement.

    ``was`` and ``now`` are a requirement's verdicts without the pin and with it; what
    it asks is money, or its cost is not told.
    """

    name: str
    cost: Cost
    was: str = ""
    now: str = ""


@dataclass(frozen=True)
class Tried:
    """A scenario answered without a pin of a line, and with it.

    Attributes:
        pin: what was tried.
        replaces: the pin of that line that the scenario has already.
        without: the answer without either; ``pinned`` with the new one.
        comparison: the two proposals side by side; None: one of them is none.
    """

    pin: Pin
    replaces: Pin | None
    without: Proposed
    pinned: Proposed
    comparison: Comparison | None

    @property
    def levels(self) -> dict[int, Cost]:
        """Shortfall by priority level."""
        one, other = (
            {each.priority: each.shortfall for each in done.answer.levels}
            for done in (self.without, self.pinned)
        )
        return {
            level: Cost(one.get(level), other.get(level))
            for level in sorted({*one, *other})
        }

    @property
    def movement(self) -> Cost:
        """Sum of all moves."""
        return Cost(*(_moved(done) for done in (self.without, self.pinned)))

    @property
    def rights(self) -> tuple[Named, ...]:
        """Money by right."""
        changes = self.comparison.rights if self.comparison else ()
        return tuple(
            Named(each.name, Cost(each.before, each.after)) for each in changes
        )

    @property
    def requirements(self) -> tuple[Named, ...]:
        """Requirements whose shortfall or verdict changes."""
        pairs = self.comparison.findings if self.comparison else ()
        both = [(one, other) for one, other in pairs if one and other]
        return tuple(
            Named(one.id, _shortfalls(one, other), one.verdict, other.verdict)
            for one, other in both
            if (one.verdict, one.shortfall) != (other.verdict, other.shortfall)
        )

    @property
    def lines(self) -> tuple[Named, ...]:
        """Lines whose amounts differ."""
        if self.comparison is None:
            return ()
        rows = self.comparison.lines.select("line_id", "before", "after").iter_rows()
        return tuple(
            Named(line, Cost(Fraction(one), Fraction(other)))
            for line, one, other in rows
        )

    @property
    def possible(self) -> bool:
        """Whether the rules can be met together with the pin."""
        return _is_optimal(self.pinned)


@dataclass(frozen=True)
class Written:
    """Where a scenario's pins were written.

    Attributes:
        path: the workspace's own file of the scenario.
        copied_from: the file that it was made from, if it was not there.
    """

    path: Path
    copied_from: Path | None


def tried(workspace: Workspace, name: str, pin: Pin) -> Tried:
    """What a pin costs; nothing is stored.

    Args:
        workspace: whose budget it is.
        name: of the scenario, or its path.
        pin: the line, its amount and why; it takes the place of one of that line.

    Raises:
        NotFound: there is no such scenario or line.
        CallRefused: the line cannot be held there, or the pin is not whole.
    """
    _check(pin)
    what = workspace.scenario(name)
    others = tuple(each for each in what.pins if each.line_id != pin.line_id)
    replaces = next((each for each in what.pins if each not in others), None)
    pinned = _proposed(workspace, replace(what, pins=(*others, pin)))
    without = _proposed(workspace, replace(what, pins=others))
    comparison = None
    if _is_optimal(without) and _is_optimal(pinned):
        comparison = deciding.side_by_side(
            Side("without", without.proposal, without.after),
            Side("pinned", pinned.proposal, pinned.after),
        )
    return Tried(pin, replaces, without, pinned, comparison)


def save(workspace: Workspace, name: str, pin: Pin) -> Written:
    """Write a pin into the workspace's own file of a scenario, which is made if needed.

    Raises:
        NotAllowed: the user is no planner of the workspace's entity.
        CallRefused: another scenario of that name is there, or the file is written so
            that nothing can be put into it.
    """
    source, target = _files(workspace, name)
    workspace.change_texts(source.stem)
    content = pin_text.put(source.read_bytes(), target.name, pin)
    written = _write(workspace, source, target, content)
    workspace.record(pin.reason)
    return written


def remove(workspace: Workspace, name: str, line_id: str) -> Written:
    """Take the pin of a line out of a scenario.

    Raises:
        NotFound: the scenario does not pin the line.
        CallRefused: another scenario of that name is there, or the file is written so
            that nothing can be taken out of it.
    """
    source, target = _files(workspace, name)
    workspace.change_texts(source.stem)
    content = pin_text.take(source.read_bytes(), target.name, line_id)
    written = _write(workspace, source, target, content)
    workspace.record()
    return written


def _check(pin: Pin) -> None:
    """The pin is whole: its amount a sum of money, who and why are said."""
    for name, text in (("line", pin.line_id), ("reason", pin.reason), ("by", pin.by)):
        if not text.strip() or any("\ud800" <= sign <= "\udfff" for sign in text):
            message = f"The pin has no {name} that is text in UTF-8; say one."
            raise CallRefused(message)
    try:
        below = money.to_fraction(pin.amount) < 0
    except ValueError as error:
        message = f"The pin's amount: {error}; write it as 1500000 or 1500000.50."
        raise CallRefused(message) from error
    if below:
        message = f"The pin's amount {pin.amount} is below zero; a line holds no less."
        raise CallRefused(message)


def _proposed(workspace: Workspace, what: Scenario) -> Proposed:
    around = workspace.surroundings(what.packs, None)
    return deciding.propose(workspace.baseline(what), what, around)


def _shortfalls(one: Finding, other: Finding) -> Cost:
    if one.unit != "money":
        return Cost(None, None)
    return Cost(one.shortfall, other.shortfall)


def _is_optimal(done: Proposed) -> bool:
    return done.answer.status == "optimal"


def _moved(done: Proposed) -> Fraction | None:
    return Fraction(done.answer.movement) if _is_optimal(done) else None


def _files(workspace: Workspace, name: str) -> tuple[Path, Path]:
    """The file of a scenario, and the one in the workspace that is written."""
    source = places.find("scenarios", name, workspace.folder)
    target = workspace.folder / "scenarios" / f"{source.stem}.yaml"
    if target.exists() and not target.samefile(source):
        message = (
            f"The workspace has another scenario called {source.stem}, {target}: name "
            f"that one, or give {source} another name."
        )
        raise CallRefused(message)
    return source, target


def _write(workspace: Workspace, source: Path, target: Path, content: bytes) -> Written:
    """Write the file at once: it is the old one or the new one, never a part."""
    is_new = not target.exists()
    target.parent.mkdir(exist_ok=True)
    if is_new:
        _copy_dialogue(workspace.scenario(str(source)), source.parent, target.parent)
    path = target.resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not is_new:
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return Written(target, source if is_new else None)


def _copy_dialogue(what: Scenario, source: Path, target: Path) -> None:
    """The file of a dialogue goes with the scenario that names it."""
    if what.dialogue is None:
        return
    content = (source / what.dialogue.file).read_bytes()
    copy = target / what.dialogue.file
    if copy.exists() and copy.read_bytes() != content:
        message = (
            f"{copy} is there and is not the dialogue of {what.id}; rename one of the "
            "files."
        )
        raise CallRefused(message)
    copy.write_bytes(content)
