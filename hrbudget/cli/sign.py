"""``hrbudget sign``: sign reports and evidence packs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hrbudget.cli import options
from hrbudget.cli.output import note

if TYPE_CHECKING:
    from hrbudget.report.signature.key import Key, KeyFile

#: What a signed file is called: a PDF has its signature inside, others beside.
_INSIDE, _BESIDE = ".signed.pdf", ".p7s"

#: Names the variable that a passphrase or a PIN may be in.
_VARIABLE = "HRBUDGET_PASSPHRASE"


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=options.FILE)
@click.option(
    "--key",
    "key_file",
    type=options.FILE,
    help="File with the private key: PKCS#12 (.p12, .pfx) or PEM.",
)
@click.option(
    "--certificate",
    type=options.FILE,
    help="PEM file with the certificate of the key, where the key's file has none, and "
    "those that lead from it to a trusted one.",
)
@click.option(
    "--pkcs11",
    "module",
    metavar="MODULE",
    help="Library of a device that keeps the key, instead of --key.",
)
@click.option("--token", metavar="LABEL", help="Which token of the device.")
@click.option("--key-label", metavar="LABEL", help="Which key of the token.")
@click.option(
    "--passphrase-file",
    type=options.FILE,
    help="File whose first line is the passphrase of the key or the PIN of the token; "
    f"else the environment variable {_VARIABLE} has it, or it is asked for.",
)
@click.option(
    "--out",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where one file's signature goes. Unless said, a PDF is written once more as "
    "NAME.signed.pdf with its signature inside, and any other file's signature is "
    "written beside it as NAME.p7s.",
)
@options.force_option
def sign(
    files: tuple[Path, ...],
    key_file: Path | None,
    certificate: Path | None,
    module: str | None,
    token: str | None,
    key_label: str | None,
    passphrase_file: Path | None,
    target: Path | None,
    force: bool,
) -> None:
    """Sign reports and evidence packs with a key of yours; needs hrbudget[sign].

    Nothing is taken away: a signed PDF begins with the bytes of the unsigned one, and
    a pack stays as it is. The time of signing is that of this machine's clock.
    `hrbudget verify FILE` looks at signatures.
    """
    targets = _targets(files, target, force=force)
    key = _key(key_file, certificate, (module, token, key_label), passphrase_file)
    from hrbudget.report.signature import door

    at = datetime.now(UTC).replace(microsecond=0)
    signed = [
        (door.sign_pdf if _is_pdf(file) else door.sign_detached)(
            file.read_bytes(), key, at
        )
        for file in files
    ]
    for place, content in zip(targets, signed, strict=True):
        place.write_bytes(content)
        note(f"Wrote {place}")


def _is_pdf(file: Path) -> bool:
    return file.suffix.lower() == ".pdf"


def _targets(
    files: tuple[Path, ...], target: Path | None, *, force: bool
) -> list[Path]:
    """Where each file's signature goes.

    Raises:
        UsageError: ``--out`` is for one file.
        CallRefused: a file is there already, or would be written over itself.
    """
    from hrbudget.errors import CallRefused

    if target is not None and len(files) > 1:
        message = f"--out is for one file, and there are {len(files)}."
        raise click.UsageError(message)
    places = [target] if target else [_beside(file) for file in files]
    mine = {each.resolve() for each in files}
    for place in places:
        if place.resolve() in mine:
            message = f"{place} would be written over what is signed: name another."
            raise CallRefused(message)
        if place.exists() and not force:
            message = f"{place} is there already: move it, or add --force."
            raise CallRefused(message)
    if len({place.resolve() for place in places}) < len(places):
        message = "Two files would be written to one place: sign them one by one."
        raise CallRefused(message)
    return places


def _beside(file: Path) -> Path:
    if _is_pdf(file):
        return file.with_name(f"{file.stem}{_INSIDE}")
    return file.with_name(f"{file.name}{_BESIDE}")


def _key(
    key_file: Path | None,
    certificate: Path | None,
    device: tuple[str | None, str | None, str | None],
    passphrase_file: Path | None,
) -> Key:
    """The key that is named, with what opens it.

    Raises:
        UsageError: not exactly one key is named.
    """
    from hrbudget.report.signature.key import KeyFile, Token

    module, token, label = device
    if (key_file is None) == (module is None):
        message = "Name one key: --key FILE, or --pkcs11 MODULE --token --key-label."
        raise click.UsageError(message)
    chain = certificate.read_bytes() if certificate else b""
    said = _passphrase(passphrase_file)
    if key_file is not None:
        if token or label:
            message = "--token and --key-label are of a device: see --pkcs11."
            raise click.UsageError(message)
        return _opened(KeyFile(key_file.name, key_file.read_bytes(), chain, said or ""))
    if not (module and token and label):
        message = "--pkcs11 needs --token LABEL and --key-label LABEL."
        raise click.UsageError(message)
    return Token(module, token, label, chain, said or _asked("PIN"))


def _opened(key: KeyFile) -> KeyFile:
    """A key with the passphrase that somebody types, where it needs one."""
    from hrbudget.report.signature import door

    if key.passphrase or not door.needs_passphrase(key):
        return key
    return replace(key, passphrase=_asked(f"Passphrase of {key.name}"))


def _passphrase(file: Path | None) -> str | None:
    """From a file or the environment; no argument ever holds it."""
    import os

    if file is None:
        return os.environ.get(_VARIABLE)
    return next(iter(file.read_text(encoding="utf-8").splitlines()), "")


def _asked(what: str) -> str:
    from hrbudget.cli import passwords

    return passwords.ask(what, from_stdin=False)
