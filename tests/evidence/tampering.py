"""Tampering with packs at random: what somebody, or a bad disk, might do to one.

Zips are written here with Python's own library and not with the packs' writer.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import zipfile
from collections.abc import Callable

Members = list[tuple[str, bytes]]
Tamper = Callable[[bytes, random.Random], bytes]

MANIFEST = "manifest.json"


def members(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def zipped(found: Members) -> bytes:
    """A zip that is right in itself, in the form of packs, of whatever members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in found:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_version = info.extract_version = 20
            info.create_system, info.external_attr = 3, 0o100644 << 16
            info.flag_bits = 0x800
            archive.writestr(info, content)
    return _in_utf8(file.getvalue())


def _in_utf8(content: bytes) -> bytes:
    """The library says that a name is UTF-8 where it is not ASCII; packs always do."""
    made = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at, infos = archive.start_dir, archive.infolist()
    for info in infos:
        made[info.header_offset + 7] |= 8
        made[at + 9] |= 8
        at += 46 + len(info.filename.encode())
    return bytes(made)


def repaired(found: Members) -> bytes:
    """A zip whose manifest states the members as they are now."""
    told = json.loads(dict(found)[MANIFEST])
    told["members"] = [
        {
            "name": name,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in found
        if name != MANIFEST
    ]
    text = (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
    return zipped([(n, text if n == MANIFEST else c) for n, c in found])


def edited(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """One place of a member changed, and the manifest repaired."""
    found = members(content)
    assert old in dict(found)[name], name
    return repaired([(n, c.replace(old, new, 1) if n == name else c) for n, c in found])


# -- at random


def flip(content: bytes, rng: random.Random) -> bytes:
    """One bit of one byte, in headers as likely as anywhere."""
    made = bytearray(content)
    made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
    return bytes(made)


def flip_header(content: bytes, rng: random.Random) -> bytes:
    """One bit where no content is: in a header, the directory, or the end."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at, infos = archive.start_dir, archive.infolist()
    places = [info.header_offset + n for info in infos for n in range(30)]
    places += range(at, len(content))
    made = bytearray(content)
    made[rng.choice(places)] ^= 1 << rng.randrange(8)
    return bytes(made)


def ends(content: bytes, rng: random.Random) -> bytes:
    """Bytes before, bytes behind, or an end that is cut off."""
    some = rng.randbytes(rng.randint(1, 40))
    cut = rng.randint(1, len(content) - 1)
    return rng.choice((some + content, content + some, content[:cut]))


def drop(content: bytes, rng: random.Random) -> bytes:
    """A member less; half of the time the manifest does not name it either."""
    found = members(content)
    gone = rng.choice([name for name, _ in found if name != MANIFEST])
    rest = [each for each in found if each[0] != gone]
    return rng.choice((zipped, repaired))(rest)


def add(content: bytes, rng: random.Random) -> bytes:
    """A member more, where it belongs by its name or at an end."""
    name = rng.choice(("notes.txt", "budgets/x.csv", "inputs/new", "zz/x", "../x"))
    new = (name, rng.randbytes(rng.randint(0, 50)))
    found = members(content)
    manifest = found.pop()
    put = sorted([*found, new])
    return rng.choice((zipped, repaired))([*put, manifest])


def reorder(content: bytes, rng: random.Random) -> bytes:
    """Two members in each other's place."""
    found = members(content)
    one, other = rng.sample(range(len(found)), 2)
    found[one], found[other] = found[other], found[one]
    return zipped(found)


def duplicate(content: bytes, rng: random.Random) -> bytes:
    """A member twice, as it is or otherwise; Python warns of it, and others do not."""
    found = members(content)
    name, first = rng.choice(found)
    twin = (f"{name[:-1]}\x7f", rng.choice((first, first + b" ")))
    found.insert(rng.randrange(len(found) + 1), twin)
    return zipped(found).replace(twin[0].encode(), name.encode())


def edit(content: bytes, rng: random.Random) -> bytes:
    """A byte of a member, with the checksums of the zip made right."""
    found = members(content)
    place = rng.choice([n for n, (_, each) in enumerate(found) if each])
    name, each = found[place]
    found[place] = (name, flip(each, rng))
    return zipped(found)


#: Members of which every figure is held by something else, and where one stands in it.
HELD = {
    r"budgets/.*/lines\.csv": rb",-?([0-9]+)\.[0-9]{2},SEK",
    r"budgets/.*/tags\.csv": rb",([01]\.[0-9]{6}),",
    r"budgets/.*/readings\.csv": rb",([01]\.[0-9]{6}),",
    r"budgets/index\.json": rb'"(?:lines|fiscal_year)": ([0-9]+)',
    r"inputs/.*\.csv": rb";-?([0-9]+)",
    r"inputs/index\.json": rb'"sha256": "([0-9a-f]{64})"',
    r"mappings/.*": rb"(decimal)",
    r"log\.jsonl": rb'"at":"([0-9]+)',
    r"findings(_after)?\.json": rb'"(?:measured|required|shortfall|ledger)": "([0-9]+)',
    r"requirements/[0-9]+\.csv": rb"\n[^,]+,([1-9][0-9]*),",
    r"requirements/index\.json": rb'"bound": \[\s+"[0-9]+",\s+"([0-9]+)"',
    r"amounts\.csv": rb",([0-9]+)\.[0-9]{2},?[^,]*\n",
    r"certificate\.json": rb'"amount": ([0-9]+)',
    r"report\.json": rb'"log_head": "([0-9a-f]+)"',
    r"texts\.json": rb'"event": ([0-9]+)',
    r"workspace/(population|overrides).*": rb"([0-9]+)",
    r"packs/.*": rb'"([0-9.]+)"',
}


def forge(content: bytes, rng: random.Random) -> bytes:
    """A number that something else holds, with all hashes of the pack made right."""
    found = members(content)
    while True:
        place = rng.randrange(len(found))
        name, each = found[place]
        fits = [form for key, form in HELD.items() if re.fullmatch(key, name)]
        hits = list(re.finditer(fits[0], each)) if fits else []
        if hits:
            break
    at = rng.randrange(*rng.choice(hits).span(1))
    other = bytes([each[at] + (-1 if each[at] in b"9fz" else 1)])
    found[place] = (name, each[:at] + other + each[at + 1 :])
    return repaired(found)
