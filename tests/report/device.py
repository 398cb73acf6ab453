"""A device that keeps a key, reached by PKCS#11: SoftHSM, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.report.keyring import Holder

#: Where packages put it; another folder, such as ``/usr``, may be named.
_FOLDERS = (os.environ.get("HRBUDGET_SOFTHSM", ""), "/usr", "/usr/local")
_MODULES = ("lib/softhsm/libsofthsm2.so", "lib/*/softhsm/libsofthsm2.so")

LABEL, PIN = "exempelby", "4711-0042"


@dataclass(frozen=True)
class Device:
    """A token called ``LABEL``, and the key in it."""

    module: str
    key: str


def plugged_in(
    folder: Path, environment: pytest.MonkeyPatch, holder: Holder, key: str
) -> Device:
    """A device with a key of that label; the test is skipped where none can be had."""
    module = next(
        (
            found
            for place in _FOLDERS
            if place
            for pattern in _MODULES
            for found in sorted(Path(place).glob(pattern))
        ),
        None,
    )
    places = os.pathsep.join(
        [*(f"{place}/bin" for place in _FOLDERS if place), os.environ["PATH"]]
    )
    program = shutil.which("softhsm2-util", path=places)
    if module is None or program is None:
        pytest.skip("SoftHSM (package softhsm2) is not installed")
    tokens = folder / "tokens"
    tokens.mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tokens}\n", encoding="utf-8")
    environment.setenv("SOFTHSM2_CONF", str(settings))
    (folder / "key.pem").write_bytes(holder.key())
    common = [program, "--module", str(module)]
    new = ["--init-token", "--free", "--label", LABEL, "--so-pin", PIN, "--pin", PIN]
    kept = ["--import", str(folder / "key.pem"), "--token", LABEL, "--label", key]
    for words in (new, [*kept, "--id", "01", "--pin", PIN]):
        subprocess.run([*common, *words], check=True, capture_output=True)
    return Device(str(module), key)
