"""A Fiscal Data Package becomes the path of its data file and how to read that file.

`datapackage.json` says which header holds money (measures) and what the others mean
(dimensions). What a mapping of the caller's own states wins over what the package says.
Nothing is fetched: a resource at an address is an issue, as is one outside the folder.
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from hrbudget.errors import DataIssue
from hrbudget.ingest.formats import package_model
from hrbudget.ingest.mapping import Mapping
from hrbudget.yamlfile import Plain

#: A descriptor is a page of text; one of this size is none.
_MOST_BYTES = 10_000_000

_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}


def resolve(path: Path, mapping: Mapping) -> tuple[Path, Mapping] | DataIssue:
    """Where the data of a package lies, and how it is to be read.

    Args:
        path: the `datapackage.json`, beside its data.
        mapping: of the caller; its keys win, and in `columns`, `values` and `translate`
            each of its entries.

    Returns:
        The data file and the whole mapping; or what stands in the way.
    """
    name = path.name
    package = _descriptor(path)
    if isinstance(package, DataIssue):
        return package
    model = package_model.read(package, name)
    if isinstance(model, DataIssue):
        return model
    resource = _resource(package, model.resource, name)
    if isinstance(resource, DataIssue):
        return resource
    data = _file(path.parent, resource, name)
    if isinstance(data, DataIssue):
        return data
    stated = package_model.mapping(model, data, mapping)
    if isinstance(stated, DataIssue):
        return stated
    stated |= _dialect(resource, model.sources)
    return _together(data, stated, package, mapping, name)


def _descriptor(path: Path) -> dict[str, Plain] | DataIssue:
    """The descriptor; its numbers stay text."""
    expected = "the JSON of a Fiscal Data Package"
    if path.stat().st_size > _MOST_BYTES:
        return DataIssue(path.name, "more than 10 MB", expected)
    try:
        read: Plain = json.loads(path.read_bytes(), parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        return DataIssue(path.name, str(error).partition("\n")[0], expected)
    if not isinstance(read, dict):
        return DataIssue(path.name, "no object", expected)
    return read


def _resource(
    package: dict[str, Plain], wanted: str, name: str
) -> dict[str, Plain] | DataIssue:
    """The one resource that holds the measures."""
    listed = package.get("resources")
    resources = [each for each in _list(listed) if isinstance(each, dict)]
    chosen = [each for each in resources if each.get("name") == wanted] or resources
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(str(each.get("name")) for each in resources)
    return DataIssue(
        name,
        f"the resources {names}" if resources else "no resources",
        "one resource that the measures name",
        "add `resource` to the measures in datapackage.json, or ingest the data file "
        "itself with a mapping",
        column="resources",
    )


def _file(folder: Path, resource: dict[str, Plain], name: str) -> Path | DataIssue:
    """The data file beside the descriptor; never an address, never outside."""
    stated = resource.get("path") or resource.get("url")
    paths = [stated] if isinstance(stated, str) else _list(stated)
    if len(paths) != 1 or not isinstance(paths[0], str):
        advice = "join the files into one and name it"
        found = f"{len(paths)} paths" if paths else "no path"
        return DataIssue(name, found, "one path", advice, column="resources.path")
    text = paths[0]
    if "://" in text or text.startswith("//"):
        return DataIssue(
            name,
            f"the address {text}",
            "a file beside datapackage.json",
            "download it, put it beside datapackage.json and write its name as path; "
            "nothing is fetched from the network",
            column="resources.path",
        )
    parts = PurePosixPath(text.replace("\\", "/"))
    data = folder / parts
    inside = data.resolve().is_relative_to(folder.resolve())
    if parts.is_absolute() or ".." in parts.parts or ":" in text or not inside:
        return DataIssue(
            name,
            f"the path {text}",
            "a path inside the folder of datapackage.json",
            "put the data file beside datapackage.json",
            column="resources.path",
        )
    if not data.is_file():
        found = f"the path {text}, where no file is"
        advice = "put the data file there, or correct path"
        expected = "a data file"
        return DataIssue(name, found, expected, advice, column="resources.path")
    return data


def _dialect(resource: dict[str, Plain], sources: tuple[str, ...]) -> dict[str, object]:
    """Character set, delimiter and marks of numbers, where the package states them.

    The marks are those of the fields that are measures; a field without them says none,
    since many packages leave out what their files do have.
    """
    stated: dict[str, object] = {}
    encoding = str(resource.get("encoding") or "").lower()
    if encoding in _ENCODINGS:
        stated["encoding"] = _ENCODINGS[encoding]
    dialect = resource.get("dialect")
    if isinstance(dialect, dict) and dialect.get("delimiter") in (",", ";", "\t", "|"):
        stated["delimiter"] = dialect["delimiter"]
    ours = resource.get("hrbudget")
    if isinstance(ours, dict):  # it was written by this program
        stated["escaped"] = ours.get("formulas") == "apostrophe"
        stated |= {"totals": "none"} if ours.get("totals") == "none" else {}
    schema = resource.get("schema")
    fields = _list(schema.get("fields")) if isinstance(schema, dict) else []
    for field in fields:
        if isinstance(field, dict) and field.get("name") in sources:
            if field.get("decimalChar"):
                stated["decimal"] = field["decimalChar"]
            if field.get("groupChar"):
                stated["thousands"] = field["groupChar"]
    return stated


def _together(
    data: Path,
    stated: dict[str, object],
    package: dict[str, Plain],
    mapping: Mapping,
    name: str,
) -> tuple[Path, Mapping] | DataIssue:
    """The package's mapping under the caller's."""
    title = str(package.get("title") or package.get("name") or "")
    source = str(package.get("homepage") or "")
    merged: dict[str, object] = {"title": title, "source": source, **stated}
    own = mapping.model_dump(exclude_unset=True)
    for key, value in own.items():
        theirs = merged.get(key)
        both = isinstance(value, dict) and isinstance(theirs, dict)
        merged[key] = {**theirs, **value} if both else value  # type: ignore[dict-item]  # both are
    try:
        return data, Mapping.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        return DataIssue(
            name,
            f"what makes this mapping: {first['msg']}",
            "a package that can be read",
            "state this key in a mapping file of your own",
            column=field,
        )


def _list(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []
