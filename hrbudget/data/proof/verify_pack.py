"""Verify an evidence pack without hrbudget; exit 1: it is not as it was made.

Run `python verify_pack.py PACK.zip... [--manifest HASH]`, 3.9 or newer, with the files
verify_figures.py and verify_certificate.py beside it; exit 2: no such file. What is
checked, a line each: the zip, byte by byte, against the one form it may have; size and
SHA-256 of each member; the chain of the log, and that it vouches for lines, tags and
texts; totals from lines and tags; what each requirement comes to, from its coefficients
and the amounts; the figures; the certificate. All in whole numbers and exact fractions.

Whoever can make a pack can make another of other data, with hashes, log and all. Only
what was kept elsewhere tells them apart: the SHA-256 of the manifest (--manifest), the
head of the log that a report has printed, or the signature of either.
"""  # noqa: INP001  (a program, not a module)

from __future__ import annotations

import base64
import importlib.util
import json
import struct
import sys
import zlib
from pathlib import Path
from typing import Any, Callable, Iterator  # noqa: UP035  (of Python 3.9)
from urllib.parse import quote

FORMAT = "hrbudget evidence pack 1"
MANIFEST = "manifest.json"
MOST = 2**32 - 2**24  # bytes: a zip without its extension for large ones
LOCAL, CENTRAL, END = "<4s5H3L2H", "<4s6H3L5H2L", "<4s4H2LH"
WRONG = (
    *(ArithmeticError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError),
)
TEXTS = ("setting", "override", "plan", "facts", "scenario", "pack")
FIXED = (
    "README.txt budgets/index.json figures.json findings.json inputs/index.json"
    " locale/sv.po log.jsonl report.json requirements/index.json subject.json"
    " taxonomies/groups.csv taxonomies/rights.csv texts.json verify_certificate.py"
    " verify_figures.py verify_pack.py versions.json workspace/hrbudget.toml"
)
PROPOSED = "amounts.csv answer.json proposal.json scenario.yaml"
UNVOUCHED = (
    "the log does not vouch for what is proposed: only the manifest's hash, printed"
    " elsewhere, or a signature tells whether it is the proposal that was made"
)
EVENT = "id at actor entity kind subject old new reason digests previous hash"


def beside(name: str) -> Any:  # noqa: ANN401  (a module)
    """The script of that name beside this one; Python's -I would not look there."""
    file = Path(__file__).resolve().with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


figures = beside("verify_figures")
proof, sha256, parsed = figures.proof, figures.sha256, figures.parsed
Refused, refuse, plain = proof.Refused, proof.refuse, proof.plain


def zipped(members: dict[str, bytes]) -> bytes:
    """The one form of a pack: by name, the manifest last, neither packed nor dated."""
    body, index, at = [], [], 0
    for name in sorted(members, key=lambda each: (each == MANIFEST, each)):
        raw, content = name.encode(), members[name]
        facts = (0x0800, 0, 0, 0x21, zlib.crc32(content), len(content), len(content))
        head = struct.pack(LOCAL, b"PK\3\4", 20, *facts, len(raw), 0) + raw
        entry = (b"PK\1\2", 0x0314, 20, *facts, len(raw), 0, 0, 0, 0)
        index.append(struct.pack(CENTRAL, *entry, 0o100644 << 16, at) + raw)
        body += [head, content]
        at += len(head) + len(content)
    size, count = sum(map(len, index)), len(index)
    if at + size > MOST or count >= 2**16 - 1:
        refuse(f"{at + size:,} bytes in {count:,} members are more than a pack holds")
    end = struct.pack(END, b"PK\5\6", 0, 0, count, count, size, at, 0)
    return b"".join([*body, *index, end])


def unzipped(content: bytes) -> dict[str, bytes]:
    """The members of a pack, if not one byte of it could be another."""
    members: dict[str, bytes] = {}
    at, size = 0, struct.calcsize(LOCAL)
    while content[at : at + 4] == b"PK\3\4" and len(content) >= at + size:
        fields = struct.unpack_from(LOCAL, content, at)
        start = at + size + fields[9]
        raw = content[at + size : start]
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            refuse("a name is no text in UTF-8", "zip", f"byte {at}")
        if name in members or not is_safe(name):
            refuse("stands twice, or is no name of a file in a folder", "zip", name)
        members[name] = content[start : start + fields[8]]
        at = start + fields[8]
    if MANIFEST not in members:
        refuse(f"has no {MANIFEST}, or is damaged before it", "zip")
    right = zipped(members)
    if right != content:
        first = parted(right, content)
        refuse(f"is not in the form of a pack: look at byte {first}", "zip")
    return members


def parted(one: bytes, other: bytes) -> int:
    """The first byte where two contents differ."""
    at, step = 0, 4096
    while at < len(one) and one[at : at + step] == other[at : at + step]:
        at += step
    pairs = zip(one[at : at + step], other[at : at + step])  # noqa: B905  (of 3.10)
    same = [a == b for a, b in pairs]
    return at + (same.index(False) if False in same else len(same))


def is_safe(name: str) -> bool:
    """Whether a member of that name stays in the folder it is unpacked into."""
    steps = name.split("/")
    return name.isprintable() and "\\" not in name and not {"", ".", ".."} & {*steps}


def as_name(text: str) -> str:
    """A text as the name of a file anywhere."""
    name = quote(text, safe=" ")
    return name.replace(".", "%2E") if not name.strip(".") else name


def of_values(*values: object) -> str:
    """SHA-256 of values, as the log computes it."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return str(sha256(text.encode("utf-8", "surrogatepass")))


class Pack:
    """The members of a pack, and the checks of them; each yields what it has found."""

    def __init__(self, members: dict[str, bytes], printed: str) -> None:
        self.members, self.printed = members, printed
        self.counted = figures.Counted(members)
        self.json = self.counted.json
        self.digests: dict[str, str | None] = {}
        self.texts: dict[str, tuple[int, str]] = {}
        self.budgets: dict[str, str] = {}

    def manifest(self) -> Iterator[str]:
        """Every member is the one that the manifest states, and nothing else is."""
        content = self.members[MANIFEST]
        told = proof.fields(parsed(content), "format subject languages log members")
        if told["format"] != FORMAT or told["languages"] != ["en", "sv"]:
            refuse(f"is not of the {FORMAT}", MANIFEST)
        if (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode() != content:
            refuse("is not written as a manifest is", MANIFEST)
        others = sorted({*self.members} - {MANIFEST})
        if [each.get("name") for each in told["members"]] != others:
            refuse("does not name the members that there are", MANIFEST)
        for each in told["members"]:
            found = self.members[each["name"]]
            right = {"name": each["name"], "size": len(found), "sha256": sha256(found)}
            if each != right:
                refuse("is not what the manifest states", each["name"])
        if told["subject"] != self.json("subject.json"):
            refuse("is not that of subject.json", MANIFEST, "subject")
        yield f"{len(others)} members have the sizes and hashes of the manifest"
        found_hash = sha256(content)
        if self.printed and self.printed != found_hash:
            refuse(f"has the SHA-256 {found_hash}, not the one given", MANIFEST)
        given = " as given" if self.printed else "; compare it with a printed one"
        yield f"the manifest's SHA-256 is {found_hash}{given}"

    def complete(self) -> Iterator[str]:
        """All members that belong to the pack are there, and no others."""
        needed = {*FIXED.split()}
        for each in self.json("budgets/index.json"):
            kinds = ("lines", "tags", "readings")
            needed |= {f"{each['folder']}/{kind}.csv" for kind in kinds}
        for each in self.json("inputs/index.json"):
            needed |= {each["member"], each["mapping"]}
        for each in self.json("requirements/index.json"):
            needed |= {each.get("measure"), each.get("of")}
        needed |= {f"workspace/{name}" for name in self.json("texts.json")}
        subject = self.json("subject.json")
        needed |= {f"packs/{name}/pack.yaml" for name in subject["packs"]}
        if subject["kind"] == "proposal":
            told = self.json("proposal.json")
            needed |= {*PROPOSED.split()}
            needed |= {"findings_after.json"} if told["status"] == "optimal" else set()
            needed |= {"certificate.json"} if told["unproved"] is None else set()
        if subject["earlier"] is not None:
            needed |= {f"earlier/{as_name(subject['earlier'])}"}
        free = {x for x in self.members if self._is_rule(x, subject["packs"])}
        odd = (needed - {None}) ^ (
            {*self.members} - free - {MANIFEST} | (free & needed)
        )
        for name in sorted(odd):
            found = "belongs to no pack" if name in self.members else "is not there"
            refuse(found, name)
        for name in self.members:
            if name.endswith(".json"):
                self.json(name)
        self._rules()
        self.counted.subject(subject)
        yield "every member belongs to the pack, and none is missing"

    def _is_rule(self, name: str, packs: list[str]) -> bool:
        """Whether it is a file of a pack in force, or of one that was decided on."""
        folder, _, rest = name.partition("/")
        pack = rest.partition("/")[0]
        decided = self.members.get("workspace/overrides.yaml", b"")
        known = pack in packs or f"{pack}.".encode() in decided
        return folder == "packs" and name.endswith(".yaml") and bool(pack) and known

    def _rules(self) -> None:
        """Versions of rules are those of their files; those of a plan have none."""
        for each in self.json("requirements/index.json"):
            name = f"packs/{each['rule'].replace('.', '/')}.yaml"
            content = self.members.get(name)
            if content is not None and sha256(content)[:12] != each["version"]:
                refuse("is not the version that findings name", name)

    def chain(self) -> Iterator[str]:
        """The log is one chain, and ends in the head that manifest and report name."""
        last, hidden, names = "0" * 64, 0, EVENT.split()
        rows = self.members.get("log.jsonl", b"").split(b"\n")
        for number, row in enumerate(rows[:-1], 1):
            event, at = parsed(row), ("log.jsonl", number)
            if event.keys() == {"id", "previous", "hash"}:
                hidden += 1
            else:
                proof.fields(event, EVENT, *at)
                if of_values(*(event[name] for name in names[:-1])) != event["hash"]:
                    refuse("its hash is not that of what it says", *at)
                self._heard(event)
            if event["id"] != number or event["previous"] != last:
                refuse("does not follow the one before", *at)
            last = proof.typed(event["hash"], str, *at)
        count = len(rows) - 1
        head = {"events": count, "head": last if count else ""}
        if rows[-1] or self.json(MANIFEST)["log"] != head:
            refuse("does not end where the manifest says", "log.jsonl")
        if self.json("report.json")["log_head"] != head["head"]:
            refuse("is not the head of the log", "report.json", "log_head")
        yield f"{count} events of the log are one chain ({hidden} are hidden); {last}"

    def _heard(self, event: dict[str, Any]) -> None:
        self.digests.update(parsed(event["digests"].encode()) or {})
        kind, _, done = event["kind"].rpartition(".")
        if done == "changed" and kind in TEXTS:
            said = parsed(event["new"].encode())["sha256"] if event["new"] else ""
            self.texts[event["subject"]] = (event["id"], said)
        if event["kind"] == "budget.ingested":
            parts = parsed(event["digests"].encode())
            self.budgets.update(dict.fromkeys(parts, event["subject"]))

    def vouched(self) -> Iterator[str]:
        """What the log says of lines, tags, files and texts is so."""
        sources = self.json("inputs/index.json")
        theirs = sorted(folder for each in sources for folder in each["folders"])
        if theirs != sorted(each["folder"] for each in self.counted.slices):
            refuse("does not name the folders of all budgets", "inputs/index.json")
        for each in sources:
            self._source(each)
        for each in self.counted.slices:
            where = f"{each['budget']}/{each['fiscal_year']}/{each['phase']}"
            for kind, part in (("tags", "tag"), ("readings", "reading")):
                rows = self.counted.tags[f"{each['folder']}/{kind}"]
                right = figures.digest(rows) if rows else None
                if self.digests.get(f"{part}/{where}") != right:
                    refuse("are not those that the log knows", each["folder"], kind)
        files = f"all lines of {len(sources)} files"
        yield f"the log vouches for {files}, and for all tags and readings"
        yield f"the log vouches for {self._texts()}"

    def _source(self, told: dict[str, Any]) -> None:
        """The log knows the lines of a file; a pack has all of them or is none."""
        for name in ("member", "mapping"):
            if told[name] and told[name] not in self.members:
                refuse("is not in the pack", told[name])
        if told["member"] and sha256(self.members[told["member"]]) != told["sha256"]:
            refuse("is not the file that was ingested", told["member"])
        lines = self.counted.lines
        rows = [row for folder in told["folders"] for row in lines[folder]]
        rows.sort(key=lambda row: int(row[0]))
        if any(row[-1] != told["file"] for row in rows):
            refuse("is not the file that its lines name", "inputs", told["file"])
        where = f"source/{told['number']}"
        for each in self.counted.slices:
            stated = self.budgets.get(where, each["budget"])
            if each["folder"] in told["folders"] and each["budget"] != stated:
                refuse("is not the budget that the log names", each["folder"])
        mapping = sha256(self.members[told["mapping"]]) if told["mapping"] else ""
        found = figures.digest([row[1:-1] for row in rows])
        found = of_values(told["file"], told["sha256"], mapping, found)
        if self.digests.get(where) != found:
            refuse("has other lines than the log knows", "inputs", told["file"])
        if told["whole"] is not True:
            refuse("is not there with all its lines", "inputs", told["file"], "whole")

    def _texts(self) -> str:
        """How many texts of the workspace are as the log saw them last."""
        told, ours = self.json("texts.json"), "workspace/"
        mine = {each[len(ours) :] for each in self.members if each.startswith(ours)}
        if mine != {*told, "hrbudget.toml"}:
            refuse("does not name the texts that there are", "texts.json")
        for name, stated in told.items():
            event, logged = self.texts.get(name, (0, ""))
            content = self.members[ours + name]
            forms = (content, b"base64:" + base64.b64encode(content))
            same = logged in map(sha256, forms)
            if stated != {"event": event, "logged": logged, "same": same}:
                refuse("is not the text that is stated", "texts.json", name)
        known = sum(each["same"] for each in told.values())
        return f"{known} of {len(told)} texts of the workspace, as it saw them last"

    def certificate(self) -> Iterator[str]:
        """The proof of a proposal holds, and is of the amounts that are proposed."""
        if "amounts.csv" in self.members:
            yield UNVOUCHED
        if "certificate.json" not in self.members:
            return
        told = proof.verify(self.members["certificate.json"])
        right = self.counted.proposed(told["currency"])
        if told["status"] != self.json("proposal.json")["status"]:
            refuse("is not the status of the proposal", "certificate.json")
        for line in told["lines"] if told["status"] == "optimal" else ():
            if right.get(line["line_id"]) != line["amount"]:
                refuse("is not what amounts.csv says", "lines", line["line_id"])
        yield from proof.sentences(told)


def verify(content: bytes, printed: str = "") -> tuple[list[str], list[str]]:
    """What holds of a pack, and what does not, in sentences."""
    holds, wrong = [], []
    try:
        pack = Pack(unzipped(content), printed.strip().lower())
        holds.append(f"all {len(content):,} bytes of the zip are as they must be")
    except Refused as error:
        return holds, [str(error)]
    counted = pack.counted
    checks: list[Callable[[], Iterator[str]]] = [pack.manifest, pack.complete]
    checks += [
        pack.chain,
        counted.read,
        pack.vouched,
        counted.totals,
        counted.requirements,
    ]
    for check in [*checks, counted.figures, pack.certificate]:
        try:
            holds += check()
        except Refused as error:
            wrong.append(f"{check.__name__}: {error}")
        except WRONG as error:
            said = plain(f"{type(error).__name__} {str(error)[:200]}")
            wrong.append(f"{check.__name__}: a member is not as it must be: {said}")
    return holds, wrong


def main(arguments: list[str]) -> int:
    """Verify packs and print what was found; the exit code."""
    given = arguments[-2:-1] == ["--manifest"]
    files, printed = (arguments[:-2], arguments[-1]) if given else (arguments, "")
    if not files or any(each.startswith("--") for each in [*files, printed]):
        sys.stdout.write("usage: verify_pack.py PACK.zip... [--manifest HASH]\n")
        return 2
    return max(told(Path(each), printed) for each in files)


def told(file: Path, printed: str) -> int:
    """Verify a pack and print what was found; the exit code."""
    name = plain(str(file))
    try:
        holds, wrong = verify(file.read_bytes(), printed)
    except OSError as error:
        sys.stdout.write(f"{name}: cannot be read: {error}\n")
        return 2
    said = [
        f"{'note  ' if each == UNVOUCHED else 'ok    '} {plain(each)}\n"
        for each in holds
    ]
    said += [f"WRONG  {plain(each)}\n" for each in wrong]
    end = "NOT the pack that was made" if wrong else "holds"
    sys.stdout.write("".join([*said, f"{name}: {end}\n"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a stream
    sys.exit(main(sys.argv[1:]))
