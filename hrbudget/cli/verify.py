"""``hrbudget verify``: check proofs and evidence packs anew, without the solver."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from hrbudget.cli import options
from hrbudget.cli.output import as_json

if TYPE_CHECKING:
    from hrbudget.workspace.workspace import Workspace


class _Saved(NamedTuple):
    """A saved proposal: its status, and amounts in minor units by line id."""

    status: str
    amounts: dict[str, int]


class _Asked(NamedTuple):
    """One certificate, and the proposal that it should be of; None: a file alone."""

    name: str
    content: bytes
    saved: _Saved | None


@click.command()
@click.argument("names", metavar="FILE|PROPOSAL...", nargs=-1, required=True)
@click.option(
    "--manifest",
    "printed",
    default="",
    metavar="HASH",
    help="SHA-256 of the manifest of a pack, as a report printed it.",
)
@click.option(
    "--trust",
    type=options.FILE,
    help="PEM file of certificates that you trust; a signature must lead to one.",
)
@options.workspace_option
@options.two_formats(
    "Sentences, or records whose money is exact fractions of minor units."
)
def verify(
    names: tuple[str, ...], printed: str, trust: Path | None, folder: Path, style: str
) -> None:
    """Check evidence packs, signatures, and certificates of files or saved proposals.

    Of an evidence pack (a .zip) every byte is checked, and all that its reports say is
    computed again from it alone: no workspace and no database is asked. Python alone
    can do the first, with verify_pack.py that lies in the pack. Whether somebody has
    made another whole pack, only --manifest or a signature can tell.

    Of a PDF and of a signature beside a file (FILE.p7s) it says who signed, when, and
    whether the file was changed since (`hrbudget sign`). One that lies beside a pack is
    looked at as well.

    A certificate proves in exact fractions that a proposal keeps all bounds and every
    row that must hold, and how far each level's shortfall and the movement are from
    the least there can be; or that no allocation exists. The amounts of a saved
    proposal must be those of its certificate. What runs is one file that needs only
    Python, so anybody can run it elsewhere: data/proof/verify_certificate.py.

    Exit codes: 0 all hold; 1 one is refused; 2 the call is wrong, or a file is no
    JSON document.
    """
    from hrbudget.cli import verified_pack, verified_signature

    packs = {name for name in names if verified_pack.is_pack(name)}
    verified_pack.refuse_manifest(printed, packs, names)
    names = verified_signature.with_those_beside(names, packs)
    signed = {name for name in names if verified_signature.is_signed(name)}
    verified_signature.refuse_trust(trust, signed)
    asked = {name: _read(name, folder) for name in names if name not in packs | signed}

    def outcome(name: str) -> tuple[dict[str, Any], int]:
        if name in packs:
            return verified_pack.outcome(name, printed)
        if name in signed:
            return verified_signature.outcome(name, trust)
        return _outcome(asked[name])

    outcomes = [outcome(name) for name in names]
    if style == "json":
        as_json([record for record, _ in outcomes])
    else:
        for record, _ in outcomes:
            lines = [record["reason"] or "holds", *record["sentences"]]
            click.echo("\n  ".join([f"{record['name']}: {lines[0]}", *lines[1:]]))
    sys.exit(max(code for _, code in outcomes))


def checker() -> ModuleType:
    """The stand-alone script as a module: there is one checker and not two."""
    from hrbudget.evidence import archive

    proof: ModuleType = archive.script().proof
    return proof


def _read(name: str, folder: Path) -> _Asked:
    """What is asked for: a file of that path, or else a proposal of that name.

    Raises:
        CallRefused: the name is that of a proposal without a certificate.
        NotFound: there is neither.
    """
    from hrbudget.errors import CallRefused, NotFound

    if Path(name).is_file():
        return _Asked(name, Path(name).read_bytes(), None)
    kind = "file or proposal with a certificate"
    if not (folder / "hrbudget.toml").is_file():
        raise NotFound(kind, name, [])
    workspace = options.open_workspace(folder)
    known = workspace.store.proposal_names()
    if name not in known:
        raise NotFound(kind, name, known)
    content = _certificate(workspace, name)
    if content is None:
        message = (
            f"Proposal {name!r} has no certificate: run `hrbudget optimize` on its "
            "scenario again."
        )
        raise CallRefused(message)
    stored = workspace.store.proposal(name)
    amounts = stored.lines.select("line_id", "amount")
    saved = _Saved(stored.result["status"], dict(amounts.iter_rows()))
    return _Asked(name, content, saved)


def _certificate(workspace: Workspace, name: str) -> bytes | None:
    """The copy in the workspace's folder, where it is there: it is what people hand on.

    One that the store does not hold is checked like any other, so it is refused where
    it is not of the proposal.
    """
    from hrbudget.workspace import proofs

    copy = proofs.path(workspace.folder, name)
    if copy.is_file():
        return copy.read_bytes()
    return workspace.store.evidence(name).get(proofs.CERTIFICATE)


def _outcome(asked: _Asked) -> tuple[dict[str, Any], int]:
    """What is proved, as a record, and the exit code that goes with it."""
    script = checker()
    record: dict[str, Any] = {
        "name": script.plain(asked.name),
        "holds": False,
        "reason": None,
        "sentences": [],
    }
    try:
        told = script.verify(asked.content)
        if asked.saved is not None:
            _agree(told, asked.saved)
    except script.Refused as error:
        return {**record, "reason": f"REFUSED: {error}"}, 1
    except (ValueError, RecursionError) as error:
        return {**record, "reason": f"cannot be read: {error}"}, 2
    head = ("status", "scenario", "budget", "currency")
    proved = ("level", "achieved", "bound", "gap")
    return {
        **record,
        "holds": True,
        **{name: told[name] for name in head},
        "proofs": [
            {name: proof.get(name) for name in proved} for proof in told["proofs"]
        ],
        "sentences": script.sentences(told),
    }, 0


def _agree(told: dict[str, Any], saved: _Saved) -> None:
    """Refuse a certificate that is true of something else than what is saved."""
    refuse = checker().refuse
    if told["status"] != saved.status:
        text = f"is {told['status']}, and the saved proposal is {saved.status}"
        refuse(text, "status")
    for place, line in enumerate(told["lines"] if saved.status == "optimal" else ()):
        amount = saved.amounts.get(line["line_id"])
        if amount != line["amount"]:
            here = "has no such line" if amount is None else f"says {amount}"
            text = f"is {line['amount']}, and the saved proposal {here}"
            refuse(text, "lines", place, "amount")
