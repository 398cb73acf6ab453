"""The IATI standard 2.03 as its own library ships it: schema, code lists, rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import files
from pathlib import Path
from re import fullmatch
from typing import Any

from lxml import etree

#: Codes that IATI's lists have since then (the library is of 2019).
LATER = {
    "Sector": {"12340", "16070", "15190", "43060", "43072"},
    "TagVocabulary": {"2", "3"},
    "PolicyMarker": {"10", "11", "12"},
}

#: Where codes of a list stand.
CODED = {
    "reporting-org/@type": "OrganisationType",
    "participating-org/@type": "OrganisationType",
    "participating-org/@role": "OrganisationRole",
    "activity-status/@code": "ActivityStatus",
    "activity-date/@type": "ActivityDateType",
    "activity-scope/@code": "ActivityScope",
    "recipient-country/@code": "Country",
    "recipient-region/@code": "Region",
    "sector/@vocabulary": "SectorVocabulary",
    "sector[@vocabulary='1']/@code": "Sector",
    "tag/@vocabulary": "TagVocabulary",
    "policy-marker/@vocabulary": "PolicyMarkerVocabulary",
    "policy-marker/@code": "PolicyMarker",
    "policy-marker/@significance": "PolicySignificance",
    "default-flow-type/@code": "FlowType",
    "default-finance-type/@code": "FinanceType",
    "default-aid-type/@code": "AidType",
    "default-tied-status/@code": "TiedStatus",
    "budget/@type": "BudgetType",
    "budget/@status": "BudgetStatus",
    "transaction/transaction-type/@code": "TransactionType",
    "*//@currency": "Currency",
}


def parse(content: bytes) -> Any:  # noqa: ANN401  (lxml's tree has no types)
    """A file as a tree; nothing is fetched and no entity is resolved."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(content, parser)


@cache
def _standard() -> Path:
    found = [
        Path(str(each.locate()))
        for each in files("pyIATI") or ()
        if str(each).endswith("2-03/schemas/iati-activities-schema.xsd")
    ]
    return found[0].parent.parent


def schema_errors(content: bytes) -> list[str]:
    """What the schema finds wrong with an activity file."""
    path = _standard() / "schemas" / "iati-activities-schema.xsd"
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    schema = etree.XMLSchema(etree.parse(str(path), parser))
    schema.validate(parse(content))
    return [str(each) for each in schema.error_log]


@cache
def codes(codelist: str) -> frozenset[str]:
    """The codes of a list."""
    path = _standard() / "codelists" / f"{codelist}.xml"
    tree = parse(path.read_bytes())
    return frozenset(tree.xpath("//code/text()")) | LATER.get(codelist, set())


def unknown_codes(content: bytes) -> list[str]:
    """Codes in an activity file that their list does not have."""
    tree = parse(content)
    return [
        f"{where}: {code}"
        for where, codelist in CODED.items()
        for code in tree.xpath(f"/iati-activities/iati-activity/{where}")
        if code not in codes(codelist)
    ]


def broken_rules(content: bytes) -> list[str]:
    """Rules of the standard's own ruleset that an activity file breaks."""
    text = (_standard() / "rulesets" / "standard_ruleset.json").read_text("utf-8")
    tree = parse(content)
    today = date.fromisoformat(tree.get("generated-datetime")[:10])
    return [
        f"{where}: {name} {case}"
        for where, rules in json.loads(text).items()
        for node in tree.xpath(where)
        for name, stated in rules.items()
        for case in stated["cases"]
        if not _holds(name, case, node, today)
    ]


def _holds(name: str, case: dict[str, Any], node: Any, today: date) -> bool:  # noqa: ANN401  (as above)
    found = [each for path in case.get("paths", ()) for each in node.xpath(path)]
    if name == "atleast_one":
        return bool(found)
    if name == "no_more_than_one":
        return len(found) <= 1
    if name == "sum":
        return sum(map(Decimal, found)) in (0, case["sum"])
    if name == "regex_matches":
        texts = [each if isinstance(each, str) else each.text for each in found]
        return all(fullmatch(case["regex"], each) for each in texts)
    assert name == "date_order"
    less, more = (list(_days(case[end], node, today)) for end in ("less", "more"))
    return all(one <= other for one in less for other in more)


def _days(path: str, node: Any, today: date) -> Iterator[date]:  # noqa: ANN401  (as above)
    if path == "NOW":
        yield today
    else:
        yield from (date.fromisoformat(each) for each in node.xpath(path))


def sector_sums(content: bytes) -> set[Decimal]:
    """The sums of the percentages of each activity and vocabulary of sectors."""
    sums = set()
    for activity in parse(content).iterfind("iati-activity"):
        for vocabulary in set(activity.xpath("sector/@vocabulary")):
            path = f"sector[@vocabulary='{vocabulary}']/@percentage"
            sums.add(sum(map(Decimal, activity.xpath(path)), Decimal(0)))
    return sums
