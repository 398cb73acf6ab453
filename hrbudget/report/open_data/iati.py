"""An activity file of IATI 2.03.

https://iatistandard.org/en/iati-standard/203/activity-standard/. The order of elements
is the schema's. Texts become nodes of a tree and never markup. No text of a line is in
the file: what a line says may name a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from xml.etree import ElementTree as ET

from hrbudget import money
from hrbudget.domain import taxonomy
from hrbudget.domain.phrase import N_
from hrbudget.report.language import translator
from hrbudget.report.open_data import codes, markers, shares
from hrbudget.report.open_data.activity import Activity
from hrbudget.report.open_data.described import Publisher
from hrbudget.report.open_data.flows import Transaction
from hrbudget.report.open_data.publisher import Organization, Words
from hrbudget.report.open_data.sectors import UNTAGGED

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: Vocabularies of sectors and of tags that IATI has a number for.
_DAC, _OWN = "1", "99"
_GOALS, _TARGETS = "2", "3"


def write(
    publisher: Publisher, activities: Iterable[Activity], generated: str
) -> bytes:
    """The file.

    Args:
        publisher: whose it is.
        activities: in the order in which they are written.
        generated: when, ISO 8601 with a time; also when each was last changed.
    """
    root = ET.Element(
        "iati-activities", {"version": "2.03", "generated-datetime": generated}
    )
    for each in activities:
        _Writer(publisher, each, generated).write(root)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


class _Writer:
    """One activity of a publisher."""

    def __init__(
        self, publisher: Publisher, activity: Activity, generated: str
    ) -> None:
        self.publisher = publisher
        self.activity = activity
        self.node = ET.Element(
            "iati-activity",
            {
                _LANG: publisher.language,
                "default-currency": activity.currency,
                "last-updated-datetime": generated,
                "hierarchy": "1",
            },
        )

    def write(self, root: ET.Element) -> None:
        """Add the activity to a file."""
        says, about = self.activity.says, self.activity.about
        self._add("iati-identifier").text = self.activity.identifier
        self._reporting()
        self._narratives(self._add("title"), says.title)
        self._narratives(self._add("description", type="1"), says.description)
        for each in says.organizations:
            role = codes.ROLES[each.role]
            self._organization(self._add("participating-org", role=role), each)
        self._add("activity-status", code=self.activity.status)
        for code, day in self.activity.days:
            self._add("activity-date", {"iso-date": str(day)}, type=code)
        self._coded("activity-scope", says.scope)
        self._places()
        self._sectors()
        self._tags()
        for name, significance in sorted(
            about.markers.items(), key=lambda each: int(markers.markers()[each[0]].code)
        ):
            code = markers.markers()[name].code
            stated = {"vocabulary": "1", "code": code, "significance": significance}
            self._add("policy-marker", stated)
        self._coded("collaboration-type", says.collaboration)
        self._coded("default-flow-type", says.flow)
        self._coded("default-finance-type", says.finance)
        self._coded("default-aid-type", says.aid)
        self._coded("default-tied-status", says.tied)
        self._budgets()
        for moved in self.activity.transactions:
            self._transaction(moved)
        root.append(self.node)

    # -- parts

    def _reporting(self) -> None:
        mine = self.publisher.organization
        node = self._add("reporting-org", ref=mine.ref, type=mine.type)
        self._narratives(node, mine.name)

    def _places(self) -> None:
        says = self.activity.says
        for code, share in says.countries.items():
            self._add("recipient-country", code=code, percentage=_per_cent(share))
        for code, share in says.regions.items():
            stated = {"code": code, "vocabulary": "1", "percentage": _per_cent(share)}
            self._add("recipient-region", stated)

    def _sectors(self) -> None:
        for code, share in self.activity.about.purposes.items():
            stated = {"vocabulary": _DAC, "code": code, "percentage": _per_cent(share)}
            self._add("sector", stated)
        uri = self.publisher.rights_page
        for right, share in self.activity.about.rights.items():
            stated = {"vocabulary": _OWN, "vocabulary-uri": uri}
            node = self._add("sector", stated, code=right, percentage=share)
            self._narratives(node, _title(taxonomy.rights(), right))

    def _tags(self) -> None:
        about = self.activity.about
        for goal in about.goals:
            self._add("tag", vocabulary=_GOALS, code=goal)
        for target in about.targets:
            self._add("tag", vocabulary=_TARGETS, code=target)
        for uri, listed, names in (
            (self.publisher.rights_page, taxonomy.rights(), about.supported),
            (self.publisher.groups_page, taxonomy.groups(), about.groups),
        ):
            for name in names:
                stated = {"vocabulary": _OWN, "vocabulary-uri": uri}
                node = self._add("tag", stated, code=name)
                self._narratives(node, _title(listed, name))

    def _budgets(self) -> None:
        for each in self.activity.budgets:
            node = self._add("budget", type=each.type, status=each.status)
            first, last = str(each.first), str(each.last)
            self._add("period-start", {"iso-date": first}, within=node)
            self._add("period-end", {"iso-date": last}, within=node)
            self._value(node, each.value, each.currency, first)

    def _transaction(self, moved: Transaction) -> None:
        node = self._add("transaction")
        day = str(moved.day)
        self._add("transaction-type", within=node, code=moved.type)
        self._add("transaction-date", {"iso-date": day}, within=node)
        self._value(node, moved.value, moved.currency, day)
        if moved.organization:
            side = "provider-org" if moved.incoming else "receiver-org"
            self._organization(self._add(side, within=node), moved.organization)

    # -- pieces

    def _value(
        self, node: ET.Element, value: Fraction, currency: str, day: str
    ) -> None:
        stated = {"currency": currency, "value-date": day}
        amount = self._add("value", stated, within=node)
        amount.text = money.to_text(value, currency)

    def _organization(self, node: ET.Element, who: Organization) -> None:
        stated = {"ref": who.ref, "type": who.type}
        node.attrib.update({key: each for key, each in stated.items() if each})
        self._narratives(node, who.name)

    def _coded(self, element: str, code: str | None) -> None:
        if code is not None:
            self._add(element, code=code)

    def _narratives(self, node: ET.Element, said: Words) -> None:
        """A text in the publisher's language first, then in the other if it differs."""
        mine = self.publisher.language
        both = {"en": said.en, "sv": said.sv}
        for language in sorted(both, key=lambda each: each != mine):
            again = language != mine and both[language] == both[mine]
            if both[language].strip() and not again:
                narrative = ET.SubElement(node, "narrative")
                narrative.text = both[language]
                if language != mine:
                    narrative.set(_LANG, language)

    def _add(
        self,
        element: str,
        stated: dict[str, str] | None = None,
        within: ET.Element | None = None,
        **more: str,
    ) -> ET.Element:
        parent = self.node if within is None else within
        return ET.SubElement(parent, element, {**(stated or {}), **more})


def _title(listed: taxonomy.Taxonomy, name: str) -> Words:
    """A right or a group in both languages."""
    if name == UNTAGGED:
        pattern = N_("Untagged")
        return Words(en=pattern, sv=translator("sv")(pattern))
    return Words(en=listed.title(name), sv=listed.title(name, "sv"))


def _per_cent(share: str) -> str:
    """A percentage as people wrote it, in its shortest form."""
    exact = money.to_fraction(share) * 100
    return shares.text(int(exact)) if exact.denominator == 1 else share
