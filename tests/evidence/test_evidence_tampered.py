"""Three hundred packs that somebody has tampered with; both verifiers find them all."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hrbudget.workspace.evidence import verifying
from tests.evidence import tampering
from tests.evidence.standing_alone import ran
from tests.evidence.tampering import Tamper

#: How often each is done; three hundred times in all.
KINDS: dict[Tamper, int] = {
    tampering.flip: 90,
    tampering.flip_header: 60,
    tampering.ends: 20,
    tampering.drop: 25,
    tampering.add: 20,
    tampering.reorder: 20,
    tampering.duplicate: 15,
    tampering.edit: 15,
    tampering.forge: 35,
}

pytestmark = pytest.mark.sqlite("what it tampers with is a file")


def tampered(kind: Tamper, content: bytes, count: int) -> list[bytes]:
    rng = random.Random(f"a pack, {kind.__name__}")  # noqa: S311  (no secret)
    return [kind(content, rng) for _ in range(count)]


def test_there_are_three_hundred() -> None:
    assert sum(KINDS.values()) == 300


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_both_verifiers_find_every_one(
    kind: Tamper, small: bytes, tmp_path: Path
) -> None:
    made = tampered(kind, small, KINDS[kind])
    assert small not in made
    said = ran(tmp_path, made)
    assert [number for number, each in enumerate(said) if each[0] != 1] == []
    missed = [n for n, each in enumerate(made) if not verifying.verify(each).wrong]
    assert missed == []


def test_the_pack_they_were_made_of_is_whole(small: bytes, tmp_path: Path) -> None:
    again = tampering.repaired(tampering.members(small))
    assert again == small
    assert [code for code, _ in ran(tmp_path, [small])] == [0]
    assert verifying.verify(small).wrong == ()
