"""What a person is asked at the point of tagging: steps and examples, with a version.

The steps gather what the tagging systems of donors and governments ask, each with its
source. A tag set by hand names the version it was set by, so that it can be read again
when the criteria have changed.
"""

from __future__ import annotations

from functools import cache

from hrbudget import yamlfile
from hrbudget.domain.taxonomy import DATA
from hrbudget.yamlfile import FileModel


class Step(FileModel):
    """One question of the decision, in English and Swedish, with its source."""

    id: str
    en: str
    sv: str
    source: str


class Sample(FileModel):
    """A line as it may stand in a budget, how it is tagged, and by which step."""

    text: str
    text_en: str
    right: str
    groups: str
    share: str
    step: str


class Criteria(FileModel):
    """The steps in the order they are taken, and examples."""

    title: str
    title_sv: str
    version: str
    steps: tuple[Step, ...]
    examples: tuple[Sample, ...]

    @property
    def name(self) -> str:
        """What a tag set by these names as its criterion."""
        return f"tagging@{self.version}"


@cache
def shipped() -> Criteria:
    """The criteria that this version ships."""
    return yamlfile.read(DATA / "criteria" / "tagging.yaml", Criteria)
