"""Signing: PAdES inside a PDF, detached CMS beside any other file."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import (
    InvisSigSettings,
    SigFieldSpec,
    SigSeedSubFilter,
    enumerate_sig_fields,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_cms import (
    PdfCMSSignedAttributes,
    select_suitable_signing_md,
)
from pyhanko.sign.signers.pdf_signer import (
    PdfSignatureMetadata,
    PdfSigner,
    PdfSigningSession,
)

from hrbudget.errors import CallRefused
from hrbudget.report.signature import keys
from hrbudget.report.signature.key import Key

#: A signature that nobody sees lies outside of the page, where readers for the blind
#: (PDF/UA-1) pass it by; archives (PDF/A-3) allow no hidden one.
_UNSEEN = InvisSigSettings(
    set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True
)


class _Writer(IncrementalPdfFileWriter):
    """Adds a signature and leaves what the document says of itself as it was.

    Its own way writes the day into the metadata, in a form that archives do not take.
    """

    def _update_meta(self) -> None:
        """Nothing is changed."""


class _Signer(PdfSigner):
    """Signs at a time that is said, and not at that of a clock of its own."""

    at: datetime

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002  (pyHanko's own)
    ) -> PdfSigningSession:
        """A session at that time."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session

    def register_extensions(
        self, pdf_out: BasePdfFileWriter, *, md_algorithm: str
    ) -> None:
        """Say that there is a signature of ETSI's kind; archives take no PDF 2.0."""
        del md_algorithm
        pdf_out.register_extension(ESIC_EXTENSION_1)


def pdf(content: bytes, key: Key, at: datetime) -> bytes:
    """A PDF with one more signature (see ``door.sign_pdf``)."""
    with keys.signer(key, at) as signer:
        try:
            # What is added must begin on a line of its own.
            end = b"" if content.endswith((b"\n", b"\r")) else b"\n"
            writer = _Writer(io.BytesIO(content + end))
            number = len(list(enumerate_sig_fields(writer.prev))) + 1
            name = f"Signature{number}"
            made = _Signer(
                PdfSignatureMetadata(field_name=name, subfilter=SigSeedSubFilter.PADES),
                signer,
                new_field_spec=SigFieldSpec(
                    name,
                    invis_sig_settings=_UNSEEN,
                    readable_field_name=f"Signature {number}",
                ),
            )
            made.at = at
            signed: io.BytesIO = made.sign_pdf(writer)
        except (PdfError, SigningError) as error:
            message = f"This cannot be signed as a PDF: {error}."
            raise CallRefused(message) from error
    return signed.getvalue()


def detached(content: bytes, key: Key, at: datetime) -> bytes:
    """The signature of a file (see ``door.sign_detached``)."""
    with keys.signer(key, at) as signer:
        certificate = signer.signing_cert
        assert certificate is not None  # noqa: S101  (keys.signer refuses it)
        work = signer.async_sign_general_data(
            content,
            select_suitable_signing_md(certificate.public_key),
            use_cades=True,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
        )
        made: bytes = asyncio.run(work).dump()
    return made
