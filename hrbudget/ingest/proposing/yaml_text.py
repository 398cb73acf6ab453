"""Text and small lists as YAML reads them back, whatever they hold."""

from __future__ import annotations

from collections.abc import Mapping


def quoted(text: str) -> str:
    """Text in double quotation marks."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    signs = (each if each.isprintable() else f"\\U{ord(each):08X}" for each in escaped)
    return '"' + "".join(signs) + '"'


def flow(value: object) -> str:
    """Text, lists and mappings of them on one line."""
    if isinstance(value, Mapping):
        pairs = (f"{_key(str(key))}: {flow(each)}" for key, each in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return quoted(str(value))


def _key(text: str) -> str:
    """Our own keys are plain words; those of a file are quoted."""
    plain = text.isascii() and text.replace("_", "a").isalpha() and text.islower()
    return text if plain else quoted(text)
