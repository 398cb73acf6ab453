"""What a signature says when somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

#: known: the certificate leads to one that the reader trusts; unknown: to none of
#: those, or the reader named none.
Trust = Literal["known", "unknown"]


@dataclass(frozen=True)
class Signed:
    """One signature of a file.

    Attributes:
        by: the signer, as its certificate calls them.
        issuer: who issued the certificate.
        certificate: its SHA-256, hexadecimal.
        at: when it was signed, as the signer's own clock said; None: it does not say.
        holds: whether the file is what was signed, and nobody changed it since.
        trust: whether the certificate leads to one that the reader trusts.
        reason: what does not hold, or why the certificate is unknown; empty: nothing.
    """

    by: str
    issuer: str
    certificate: str
    at: datetime | None
    holds: bool
    trust: Trust
    reason: str = ""

    def sentences(self) -> Iterator[str]:
        """What people are told of it."""
        when = f" at {self.at.isoformat()}, as its clock said" if self.at else ""
        if self.holds:
            yield f"signed by {self.by}{when}; not changed since"
        else:
            yield f"REFUSED: the signature of {self.by}{when} does not hold"
        known = {
            "known": f"certificate {self.certificate}, issued by {self.issuer}, leads "
            "to one that is trusted",
            "unknown": f"certificate {self.certificate}, issued by {self.issuer}, is "
            "not known: anybody may call themselves so",
        }
        yield known[self.trust]
        if self.reason:
            yield self.reason

    def record(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "by": self.by,
            "issuer": self.issuer,
            "certificate": self.certificate,
            "at": self.at.isoformat() if self.at else None,
            "holds": self.holds,
            "trust": self.trust,
            "reason": self.reason or None,
        }
