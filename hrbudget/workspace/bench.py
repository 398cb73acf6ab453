"""The finance officer's bench: the ways to tag a budget of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hrbudget.pipeline import tagging
from hrbudget.pipeline.tagging import Book, Tagged
from hrbudget.workspace.workspace import Picked, Workspace


class Bench:
    """Tags what the workspace keeps.

    With ``preview`` everything is worked out and nothing is stored.
    """

    def __init__(self, workspace: Workspace, *, preview: bool = False) -> None:
        self._workspace = workspace
        self._preview = preview

    def by_crosswalk(self, picked: Picked, scheme: str) -> Tagged:
        """Tag a budget by its function codes."""
        return self._set(picked, lambda book: tagging.by_crosswalk(book, scheme))

    def by_file(self, picked: Picked, file: Path, *, replace: bool) -> Tagged:
        """Set the tags that a ``tags.csv`` holds for lines of a budget."""
        named = file.read_bytes(), file.name
        plan = self._workspace.plan

        def way(book: Book) -> Tagged:
            return tagging.by_file(book, named, plan, replace=replace)

        return self._set(picked, way)

    def export(self, picked: Picked) -> bytes:
        """All tags of a budget as ``tags.csv``."""
        return tagging.export(self._book(picked).tags)

    def _book(self, picked: Picked) -> Book:
        where = self._workspace.slice(picked)
        store = self._workspace.store
        return Book(store.lines(where), store.tags(where))

    def _set(self, picked: Picked, way: Callable[[Book], Tagged]) -> Tagged:
        book = self._book(picked)
        done = way(book)
        if not self._preview:
            where = self._workspace.slice(picked)
            self._workspace.store.set_tags(where, done.merged.tags, book.tags)
        return done
