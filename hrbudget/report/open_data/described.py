"""The activities of ``publisher.yaml``, and the file as a whole."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from hrbudget import money
from hrbudget.domain.predicate import Predicate
from hrbudget.report.open_data import codes, markers
from hrbudget.report.open_data.publisher import (
    Dates,
    Licence,
    Movement,
    Participant,
    Reporting,
    Shares,
    Text,
    Words,
    check_keys,
)
from hrbudget.yamlfile import FileModel

#: Where the taxonomies are, if the publisher names no page that shows them.
RIGHTS, GROUPS = "urn:hrbudget:rights:1", "urn:hrbudget:groups:1"

#: Keys of an activity that hold a code → the code list of IATI.
_CODED = {
    "scope": "ActivityScope",
    "collaboration": "CollaborationType",
    "flow": "FlowType",
    "finance": "FinanceType",
    "aid": "AidType",
    "tied": "TiedStatus",
}

_Target = Annotated[str, Field(pattern=r"^(1[0-7]|[1-9])\.([0-9]{1,2}|[a-d])$")]
_Status = Literal[
    "pipeline", "implementation", "finalisation", "closed", "cancelled", "suspended"
]
_Judged = Literal["principal", "significant", "not_targeted"]


class Described(FileModel):
    """One activity: what a publisher says of it that no line can say.

    Attributes:
        where: a filter over lines; or ``objective``, of the plan; or neither.
        status: left out, it follows from the dates.
        countries: code of ISO 3166 → per cent; with ``regions`` (DAC) they are 100.
        sectors: purpose code of DAC → per cent; left out, they follow from the tags.
        markers: what a person judged; those left out follow from the tags.
        sdg_targets: such as 16.7.
        scope: code of IATI's list; likewise ``collaboration``, ``flow``, ``finance``,
            ``aid`` and ``tied``. They are written where they are known, and only there.
        transactions: money that is in no line.
        grant: id of a grant of the workspace, whose payments are transactions, too.
    """

    title: Words
    description: Words
    where: str = ""
    objective: str = ""
    organizations: Annotated[tuple[Participant, ...], Field(min_length=1)]
    status: _Status | None = None
    dates: Dates = Dates()
    countries: dict[str, str] = {}
    regions: dict[str, str] = {}
    sectors: Shares = {}
    markers: dict[str, _Judged] = {}
    sdg_targets: tuple[_Target, ...] = ()
    scope: str | None = None
    collaboration: str | None = None
    flow: str | None = None
    finance: str | None = None
    aid: str | None = None
    tied: str | None = None
    transactions: tuple[Movement, ...] = ()
    grant: str = ""

    @field_validator("where")
    @classmethod
    def _filters(cls, text: str) -> str:
        return Predicate(text).text if text else text

    @field_validator(*_CODED)
    @classmethod
    def _coded(cls, code: str | None, info: ValidationInfo) -> str | None:
        listed = _CODED[str(info.field_name)]
        return None if code is None else codes.require(listed, code)

    @field_validator("sectors")
    @classmethod
    def _purposes(cls, parts: dict[str, str]) -> dict[str, str]:
        for code in parts:
            codes.require("Sector", code)
        return parts

    @field_validator("markers")
    @classmethod
    def _known_markers(cls, judged: dict[str, _Judged]) -> dict[str, _Judged]:
        for name in judged:
            if name not in markers.markers():
                known = ", ".join(markers.markers())
                message = f"{name!r} is none of the markers {known}"
                raise ValueError(message)
        return judged

    @model_validator(mode="after")
    def _whole(self) -> Described:
        if self.where and self.objective:
            message = "an activity is made of lines (where) or of an objective"
            raise ValueError(message)
        for code in self.countries:
            codes.require_country(code)
        for code in self.regions:
            codes.require("Region", code)
        parts = (*self.countries.values(), *self.regions.values())
        whole = sum(money.to_fraction(each) for each in parts)
        if whole != 100 or any(money.to_fraction(each) <= 0 for each in parts):
            message = f"countries and regions are {whole} per cent together, not 100"
            raise ValueError(message)
        return self


class Publisher(FileModel):
    """The whole of ``publisher.yaml``.

    Attributes:
        language: of texts that are said in one language alone.
        homepage: where the publisher shows its budget.
        fiscal_year_begins: month, 1 to 12.
        rights_page: where the publisher shows the taxonomy of rights; ``groups_page``,
            of groups.
        activities: what ends the identifier of an activity → the activity.
    """

    organization: Reporting
    language: Literal["en", "sv"] = "en"
    licence: Licence | None = None
    homepage: Annotated[Text, Field(pattern=r"^(https?://\S+)?$")] = ""
    fiscal_year_begins: Annotated[int, Field(ge=1, le=12)] = 1
    rights_page: Annotated[Text, Field(pattern=r"^(https?|urn):\S+$")] = RIGHTS
    groups_page: Annotated[Text, Field(pattern=r"^(https?|urn):\S+$")] = GROUPS
    activities: dict[str, Described] = {}

    @field_validator("activities")
    @classmethod
    def _named(cls, found: dict[str, Described]) -> dict[str, Described]:
        check_keys(found)
        return found
