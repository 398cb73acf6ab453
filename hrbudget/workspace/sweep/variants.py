"""Variants of a scenario: values put in place of those at dotted paths of its YAML."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from hrbudget import yamlfile
from hrbudget.domain.scenario import Scenario
from hrbudget.errors import CallRefused
from hrbudget.scenario.read import ScenarioFile, parse
from hrbudget.yamlfile import Plain

Varied = Sequence[tuple[str, str | None]]

#: Keys whose own keys are ids of rules, which have dots; how many steps follow an id.
_IDS = {"rule_values": 1, "priorities": 0, "weights": 0}

#: Longest name of a variant; files of answers may be called by it.
_LONGEST = 120


def steps(path: str) -> tuple[str, ...]:
    """The keys that a dotted path such as ``envelope.change`` goes through.

    Ids of rules are one key: ``rule_values.icescr.health.share.at_least`` is
    ``rule_values``, ``icescr.health.share``, ``at_least``. Places of lists are numbers
    from 0: ``adjust.0.change``.

    Raises:
        ValueError: no scenario has such a key.
    """
    parts = path.split(".")
    if parts[0] not in ScenarioFile.model_fields:
        known = ", ".join(ScenarioFile.model_fields)
        message = f"{path!r} begins with no key of a scenario, which are {known}"
        raise ValueError(message)
    after = _IDS.get(parts[0])
    if not all(parts) or (after is not None and len(parts) < after + 2):
        message = f"{path!r} ends before the value that is to be varied"
        raise ValueError(message)
    if after is None:
        return tuple(parts)
    end = len(parts) - after
    return (parts[0], ".".join(parts[1:end]), *parts[end:])


def varied(content: bytes, name: str, budget: str | None, changes: Varied) -> bytes:
    """The scenario with another budget and other values; as it is without any.

    Another budget takes the place of the whole baseline, whose year and phase were
    those of the first; ``baseline.phase`` may be varied.

    Raises:
        InputRefused: the file is no YAML.
        CallRefused: a path leads through what is no mapping, or past a list's end.
    """
    if budget is None and not changes:
        return content
    plain = yamlfile.document(content, f"{name}.yaml").plain
    if not isinstance(plain, dict):
        return content  # no scenario, as its reader says
    if budget is not None:
        plain["baseline"] = {"budget": budget}
    for path, value in changes:
        _put(plain, path, value)
    return (_yaml(plain) + "\n").encode()


def read(content: bytes, name: str, folder: Path) -> Scenario:
    """The scenario in some bytes; files that it names lie in a folder.

    Raises:
        InputRefused: with every defect at its line and column.
    """
    return parse(content, name, lambda file: (folder / file).read_bytes())


def variant_name(name: str, budget: str | None, changes: Varied) -> str:
    """A name that spells what was varied, fit for a file on any system."""
    parts = [name, *([] if budget is None else [f"budget={budget}"])]
    parts += [f"{path}={'' if value is None else value}" for path, value in changes]
    spelt = "+".join(parts)
    if len(parts) == 1:
        return name
    safe = re.sub(r"[^\w.=+-]", "_", spelt)
    if safe == spelt and len(spelt) <= _LONGEST:
        return spelt
    # What is cut or replaced must not make two variants one.
    return f"{safe[:_LONGEST]}~{hashlib.sha256(spelt.encode()).hexdigest()[:8]}"


def _put(plain: dict[str, Plain], path: str, value: str | None) -> None:
    """Set the value at a path; mappings on the way are made where there are none."""
    *way, last = steps(path)
    place: Plain = plain
    for step in way:
        if isinstance(place, list):
            place = place[_index(place, step, path)]
        elif isinstance(place, dict):
            if place.get(step) is None:
                place[step] = {}
            place = place[step]
    if isinstance(place, list):
        place[_index(place, last, path)] = value
    elif isinstance(place, dict):
        place[last] = value
    else:
        message = f"{path} cannot be varied: there is no mapping to put {last!r} into."
        raise CallRefused(message)


def _index(found: list[Plain], step: str, path: str) -> int:
    if not (step.isascii() and step.isdigit() and int(step) < len(found)):
        message = (
            f"{path} cannot be varied: {step!r} is no place of a list of {len(found)}, "
            "counted from 0."
        )
        raise CallRefused(message)
    return int(step)


#: What JSON writes as it is and YAML does not read.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _yaml(plain: Mapping[str, Plain]) -> str:
    """JSON, which is YAML: every text in quotation marks, nothing where nothing was."""
    text = json.dumps(plain, indent=1, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
