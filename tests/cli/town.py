"""A workspace with one small budget, tagged and reviewed through the command line."""

from __future__ import annotations

from hrbudget.store.rows import Slice
from hrbudget.workspace.workspace import Workspace
from tests.conftest import Ran, Run

WHERE = Slice("town", 2026, "approved")
LINES = (
    "line_id,fiscal_year,phase,function,description,amount\n"
    "a,2026,approved,100,Council,5\n"
    "b,2026,approved,110,Parties,6\n"
    "c,2026,approved,999,Clinic,7\n"
)
HEAD = "line_id,right,share\n"


class Town:
    """A workspace with one budget that a test tags."""

    def __init__(self, workspace: Workspace, run: Run) -> None:
        self.folder, self.store, self._run = workspace.folder, workspace.store, run
        assert (
            self.run("ingest", self.file("lines.csv", LINES), "--budget", "town").code
            == 0
        )

    def file(self, name: str, text: str) -> str:
        """A file in the workspace."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, *words: object) -> Ran:
        """``hrbudget …`` in this workspace."""
        return self._run(*words, "--workspace", self.folder)

    def tag(self, *words: object) -> Ran:
        """``hrbudget tag town …``."""
        return self.run("tag", "town", *words)

    def review(self, command: str, *words: object) -> Ran:
        """``hrbudget review COMMAND town …``."""
        return self.run("review", command, "town", *words)

    def load(self, text: str, *more: str) -> Ran:
        """Import tags."""
        return self.tag("--import", self.file("tags.csv", HEAD + text), *more)

    def rights(self, line_id: str) -> list[str]:
        """Rights that a line is tagged with."""
        tags = self.store.tags(WHERE)
        return tags.filter(tags["line_id"] == line_id)["right"].sort().to_list()

    def states(self) -> dict[str, str]:
        """line_id → state of its tags."""
        return dict(self.store.tags(WHERE).select("line_id", "state").iter_rows())
