"""Looking at signatures: who signed, what, when, and whether anything changed since.

The certificate is judged at the time that the signer's clock said, so that the answer
is the same in ten years; only a certificate that the reader trusts vouches for it.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from asn1crypto import cms, pem, x509  # type: ignore[import-untyped]  # has no types
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.generic_cms import (
    async_validate_detached_cms,
    extract_certs_for_validation,
    extract_self_reported_ts,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    StandardCMSSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from hrbudget.errors import CallRefused
from hrbudget.report.signature import keys
from hrbudget.report.signature.signed import Signed

# What does not hold is told to the reader, once; libraries need not say it as well.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_PEM = b"-----BEGIN "

#: A certificate for signing documents has one of these, where it says what it is for.
_USAGE = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)

Read = TypeVar("Read")


def pdf(content: bytes, trusted: bytes) -> tuple[Signed, ...]:
    """The signatures of a PDF (see ``door.verify_pdf``)."""
    roots = _roots(trusted)

    def look() -> tuple[Signed, ...]:
        reader = PdfFileReader(io.BytesIO(content))
        found = tuple(
            _embedded(each, roots) for each in reader.embedded_regular_signatures
        )
        return found if _ends_signed(reader) else tuple(map(_overtaken, found))

    return _readable(look, "its signatures")


def detached(content: bytes, signature: bytes, trusted: bytes) -> Signed:
    """The signature of a file (see ``door.verify_detached``)."""
    roots = _roots(trusted)

    def look() -> Signed:
        der = pem.unarmor(signature)[2] if _PEM in signature else signature
        info = cms.ContentInfo.load(der, strict=True)
        if info["content_type"].native != "signed_data":
            message = "it is no signature"
            raise ValueError(message)
        data = info["content"]
        signer = extract_certs_for_validation(data).signer_cert
        at = _said(extract_self_reported_ts(data["signer_infos"][0]))
        work = async_validate_detached_cms(
            content, data, _context(roots, signer, at), key_usage_settings=_USAGE
        )
        status = asyncio.run(work)
        holds = bool(status.intact and status.valid)
        reason = "" if holds else "the file is not the one that was signed"
        return _signed(signer, at, status, roots, reason)

    return _readable(look, "the signature")


def _ends_signed(reader: PdfFileReader) -> bool:
    """Whether a signature covers the whole file, and none covers a page.

    What was added after the last one nobody has signed; a later signature may have a
    picture that is laid over what an earlier one signed (ours have none).
    """
    every = reader.embedded_signatures
    if not every:
        return True
    last = every[-1].evaluate_signature_coverage()
    return last == SignatureCoverageLevel.ENTIRE_FILE and not any(
        _has_area(each) for each in every[1:]
    )


def _has_area(each: EmbeddedPdfSignature) -> bool:
    """Whether a signature's field stands somewhere on a page."""
    box = list(each.sig_field.get("/Rect", ()))
    return "/AP" in each.sig_field and len(box) == 4 and box[0] != box[2]


def _overtaken(each: Signed) -> Signed:
    """A signature of a document that something was laid over."""
    why = "the document was changed after it was signed"
    return replace(each, holds=False, trust="unknown", reason=each.reason or why)


def _readable(look: Callable[[], Read], what: str) -> Read:
    """What somebody sees who looks.

    Raises:
        CallRefused: it cannot be read.
    """
    try:
        return look()
    except Exception as error:  # a damaged file may fail anywhere
        message = f"The file is damaged, or {what} cannot be read: {error}."
        raise CallRefused(message) from error


def _embedded(each: EmbeddedPdfSignature, roots: Sequence[x509.Certificate]) -> Signed:
    at = _said(each.self_reported_timestamp)
    status = validate_pdf_signature(
        each, _context(roots, each.signer_cert, at), key_usage_settings=_USAGE
    )
    return _signed(each.signer_cert, at, status, roots, _changed(status))


def _changed(status: PdfSignatureStatus) -> str:
    """What is not as it was signed; empty: only further signatures came after it."""
    if not (status.intact and status.valid):
        return "the document is not the one that was signed"
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return ""
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return "the signature does not cover all of the document"
    if status.modification_level in _FURTHER:
        return ""
    return "the document was changed after it was signed"


#: What may come after a signature: another one.
_FURTHER = (
    ModificationLevel.NONE,
    ModificationLevel.LTA_UPDATES,
    ModificationLevel.FORM_FILLING,
)


def _signed(
    signer: x509.Certificate,
    at: datetime | None,
    status: PdfSignatureStatus | StandardCMSSignatureStatus,
    roots: Sequence[x509.Certificate],
    changed: str,
) -> Signed:
    path = status.trust_problem_indic is None and status.validation_path is not None
    # Whom a reader trusts by name is not asked for the time by the library.
    known = path and at is not None and _valid(signer, at)
    problem = status.trust_problem_indic
    reason = changed
    if roots and not known and not changed:
        why = "no path to one"
        if problem:
            why = problem.standard_name.lower().replace("_", " ")
        elif path:
            why = "it was not valid when the signer's clock said it was signed"
            why = why if at else "the signature does not say when it was made"
        reason = f"no trusted certificate vouches for it: {why}"
    return Signed(
        by=signer.subject.human_friendly,
        issuer=signer.issuer.human_friendly,
        certificate=signer.sha256.hex(),
        at=at,
        holds=not changed,
        trust="known" if known and not changed else "unknown",
        reason=reason,
    )


def _valid(signer: x509.Certificate, at: datetime) -> bool:
    return bool(signer.not_valid_before <= at <= signer.not_valid_after)


def _said(at: datetime | None) -> datetime | None:
    """A time with its zone; where none is said, UTC."""
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def _context(
    roots: Sequence[x509.Certificate], signer: x509.Certificate, at: datetime | None
) -> ValidationContext:
    """What certificates are judged by: nothing is fetched, no clock is asked."""
    moment = signer.not_valid_before if at is None else at
    return ValidationContext(
        trust_roots=list(roots), moment=moment, allow_fetching=False
    )


def _roots(trusted: bytes) -> list[x509.Certificate]:
    if not trusted:
        return []
    return [
        x509.Certificate.load(each.public_bytes(serialization.Encoding.DER))
        for each in keys.certificates(trusted, "--trust")
    ]
