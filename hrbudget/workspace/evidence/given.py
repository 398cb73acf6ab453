"""What a pack holds that is not computed: all that the rest is computed from.

Everything is a member of the pack as its bytes, so that a pack can be made again of
another pack just as of a workspace.
"""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from importlib import metadata
from typing import Any

from hrbudget import __version__
from hrbudget.domain.event import Event, Sealed, sealed
from hrbudget.domain.taxonomy import DATA
from hrbudget.errors import CallRefused
from hrbudget.evidence import archive
from hrbudget.store.kept import Kept

Members = dict[str, bytes]

#: Members by which the others are found.
SUBJECT = "subject.json"
TEXTS = "texts.json"
LOG = "log.jsonl"
VERSIONS = "versions.json"

#: Of a proposal.
SCENARIO = "scenario.yaml"
ANSWER = "answer.json"
AMOUNTS = "amounts.csv"
CERTIFICATE = "certificate.json"

#: Folders: the workspace's texts, packs of rules, and the report it is held against.
OWN = "workspace/"
PACKS = "packs/"
EARLIER = "earlier/"

#: Kinds of texts whose changes the log tells of.
_TOLD = ("setting", "override", "plan", "facts", "scenario", "pack")

#: Events of no entity that a verifier needs: which parts and texts there were.
_OF_THE_STORE = ("log.begun", *(f"{kind}.changed" for kind in _TOLD))

#: What events about people begin with: what they may do, did, and were refused.
_OF_USERS = ("user", "session", "token", "password", "role", "refused")

#: What came with the program, and is the same in every pack that a version makes.
_SHIPPED = {
    **{name: f"proof/{name}" for name in archive.SCRIPTS},
    "README.txt": "proof/README.txt",
    "locale/sv.po": "locale/sv.po",
    "taxonomies/groups.csv": "taxonomies/groups.csv",
    "taxonomies/rights.csv": "taxonomies/rights.csv",
}


def shipped() -> Members:
    """How to verify the pack, and the words and ids that it is written in."""
    return {name: (DATA / path).read_bytes() for name, path in _SHIPPED.items()}


def versions() -> Members:
    """What the pack was made with; of another version, other figures may come out."""
    needed = metadata.requires("hrbudget") or []
    names = sorted(
        {re.split(r"[^A-Za-z0-9._-]", each)[0] for each in needed if ";" not in each}
    )
    told = {
        "hrbudget": __version__,
        "python": platform.python_version(),
        "dependencies": {name: metadata.version(name) for name in names},
    }
    return {VERSIONS: archive.as_json(told)}


def to_be_seen(
    events: Sequence[Event | Sealed], owners: Collection[str]
) -> list[Event | Sealed]:
    """The log as anybody may see it; of all else, no more than its links.

    Args:
        events: the whole chain.
        owners: entities whose budgets are in the pack.
    """
    return [
        each
        if isinstance(each, Sealed) or _is_told(each, owners)
        else sealed(each, lambda _: False)
        for each in events
    ]


def _is_told(event: Event, owners: Collection[str]) -> bool:
    """Whether a pack tells of an event; of the whole store's, what a verifier needs."""
    if not event.entity:
        return event.kind in _OF_THE_STORE
    about = event.kind.partition(".")[0]
    return event.entity in owners and about not in _OF_USERS


def log(events: Sequence[Event | Sealed], head: str) -> Members:
    """The log up to an event, an event a line; of those hidden, their place in it.

    Raises:
        CallRefused: there is no such event.
    """
    rows, last = [], ""
    for each in events:
        if last == head:
            break
        text = json.dumps(asdict(each), ensure_ascii=False, separators=(",", ":"))
        rows.append(f"{text}\n")
        last = each.hash
    if last != head:
        message = f"The log has no event {head}: make the report again."
        raise CallRefused(message)
    return {LOG: "".join(rows).encode("utf-8", "surrogatepass")}


def refuse_changed(
    events: Sequence[Event | Sealed], head: str, every: Sequence[Kept]
) -> None:
    """Go on if nobody has changed slices since the event that their reader saw last.

    Raises:
        CallRefused: somebody has.
    """
    parts = {f"source/{each.source.number}" for each in every}
    for each in every:
        where = f"{each.where.budget}/{each.where.fiscal_year}/{each.where.phase}"
        parts |= {f"tag/{where}", f"reading/{where}"}
    hashes = [each.hash for each in events]
    later = events[hashes.index(head) + 1 :] if head in hashes else events
    for event in later:
        if isinstance(event, Event) and parts & json.loads(event.digests).keys():
            message = (
                f"{event.actor} has changed {event.subject} while the report was being "
                "made. Nothing was written: make it again."
            )
            raise CallRefused(message)


def head(members: Members) -> str:
    """Hash of the last event of a pack's log; empty: it has none."""
    last = members[LOG].rstrip(b"\n").rpartition(b"\n")[2]
    return str(json.loads(last)["hash"]) if last else ""


def texts(own: Mapping[str, bytes], events: Sequence[Event | Sealed]) -> Members:
    """Texts of the workspace, each with the event of the log that saw it last.

    Args:
        own: by the file's name in the workspace.
        events: of the log.
    """
    seen: dict[str, tuple[int, str]] = {}
    for each in events:
        if isinstance(each, Event) and each.kind.removesuffix(".changed") in _TOLD:
            new = json.loads(each.new)["sha256"] if each.new else ""
            seen[each.subject] = (each.id, new)
    index: dict[str, dict[str, Any]] = {}
    for name, content in sorted(own.items()):
        event, logged = seen.get(name, (0, ""))
        forms = (content, b"base64:" + base64.b64encode(content))
        same = logged in [hashlib.sha256(form).hexdigest() for form in forms]
        index[name] = {"event": event, "logged": logged, "same": same}
    made = {f"{OWN}{name}": content for name, content in own.items()}
    return {**made, TEXTS: archive.as_json(index)}
