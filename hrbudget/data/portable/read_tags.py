"""Verify tags.csv and tags.json of FOLDER, print money by right; exit 1: broken."""  # noqa: INP001  (a program)

import csv  # needs tags.schema.json beside it and Python 3.11, nothing else
import hashlib
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal, getcontext
from pathlib import Path
from typing import Any

getcontext().prec = 80  # money times shares, and sums of it, are exact
csv.field_size_limit(10**9)  # a text may be as long as a tag's evidence
SCHEMA = json.loads(Path(__file__).with_name("tags.schema.json").read_bytes())["$defs"]
SPENT = "expenditure"
KINDS: dict[str, Any] = {"object": dict, "array": list, "integer": int}
ESCAPED = re.compile(r"^'('*[^\S\x1c-\x1f]*[=+\-@\t\r])")  # no spreadsheet runs it
INSIDE = re.compile(r"""([;\t\r\n])'('*(?:["]|[^\S\t\r\n\x1c-\x1f])*[=+\-@])""")


def wrong(value: Any, schema: dict[str, Any], at: str) -> list[str]:  # noqa: ANN401  (JSON)
    """What a value breaks of a schema, as sentences."""
    schema = {**schema, **SCHEMA.get(schema.get("$ref", "")[8:], {})}
    if type(value) is not KINDS.get(schema.get("type", ""), str):
        return [f"{at}: {value!r} is no {schema.get('type', 'string')}"]
    if value not in schema.get("enum", [schema.get("const", value)]):
        return [f"{at}: {value!r} is not one of the values that are known"]
    if not re.search(schema.get("pattern", "").replace("$", r"\Z"), str(value)):
        return [f"{at}: {value!r} is not of the form {schema['pattern']}"]
    found = [f"{at}: no {x}" for x in schema.get("required", ()) if x not in value]
    fields, items = schema.get("properties", {}), schema.get("items")
    found += [f"{at}: {x} is unknown" for x in fields and value if x not in fields]
    inside = [(value[name], fields[name], name) for name in fields if name in value]
    inside += [(each, items, n) for n, each in enumerate(value if items else (), 1)]
    return found + [s for part, of, x in inside for s in wrong(part, of, f"{at}, {x}")]


def read(content: bytes) -> list[dict[str, str]]:
    """The rows of tags.csv as objects of their filled cells."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    tags = ({n: INSIDE.sub(r"\1\2", str(x)) for n, x in t.items() if x} for t in rows)
    return [{n: ESCAPED.sub(r"\1", x) for n, x in t.items()} for t in tags]


def check(manifest: Any, content: bytes, tags: list[dict[str, str]]) -> list[str]:  # noqa: ANN401  (JSON)
    """Everything that does not hold, as sentences."""
    found = wrong(manifest, SCHEMA["manifest"], "tags.json")
    found += wrong(tags, {"type": "array", "items": SCHEMA["tag"]}, "tags.csv, tag")
    if found:
        return found
    spent = [Decimal(x["amount"]) for x in manifest["lines"] if x["direction"] == SPENT]
    are = (hashlib.sha256(content).hexdigest(), len(tags), sum(spent))
    stated = (manifest["sha256"], manifest["rows"], Decimal(manifest[SPENT]))
    found = [f"sha256, tags, expenditure: {are}; tags.json: {stated}"] * (are != stated)
    return found + list(broken(tags, {line["line_id"] for line in manifest["lines"]}))


def broken(tags: list[dict[str, str]], lines: set[str]) -> Iterator[str]:
    """Tags that cannot stand beside the lines and beside each other."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row, tag in enumerate(tags, 1):
        share, line = Decimal(tag["share"]), tag["line_id"]
        low, high = (Decimal(tag.get(f"share_{x}", share)) for x in ("low", "high"))
        if not low <= share <= high:
            yield f"tags.csv, tag, {row}: {share} is not from {low} to {high}"
        if line not in lines or not ("right" in tag or tag["effect"] == "neutral"):
            yield f"tags.csv, tag, {row}: no line called {line!r}, or no right"
        sums[line, tag["effect"]] += share
    for (line, effect), total in sums.items():
        if total > 1 and effect != "neutral":
            yield f"tags.csv: the shares of line {line} exceed 1"


def report(manifest: Any, tags: list[dict[str, str]]) -> str:  # noqa: ANN401  (JSON)
    """Expenditure by right, exactly; tagged and untagged add up to all of it."""
    lines = {x["line_id"]: x for x in manifest["lines"] if x["direction"] == SPENT}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for tag in (tag for tag in tags if tag["line_id"] in lines and "right" in tag):
        part = Decimal(lines[tag["line_id"]]["amount"]) * Decimal(tag["share"])
        sums[f"{tag['effect']} {tag['right']}"] += part
        sums["tagged"] += part * (tag["effect"] == "supports")
    sums["untagged"] = Decimal(manifest[SPENT]) - sums["tagged"]
    rows = (f"{n}\t{x.normalize():f} {manifest['currency']}" for n, x in sums.items())
    return "\n".join([*sorted(rows), ""])


def main(folder: Path) -> list[str]:
    """Verify and print; what does not hold."""
    content, told = (folder / "tags.csv").read_bytes(), (folder / "tags.json")
    manifest, tags = json.loads(told.read_bytes()), read(content)
    found = check(manifest, content, tags)
    sys.stdout.write("\n".join(found) + "\n" if found else report(manifest, tags))
    return found


if __name__ == "__main__":
    sys.exit(bool(main(Path(sys.argv[1]))))
