"""Endings of words: the forms that a stem takes in Swedish, English, Spanish, French.

Light stemming, turned around: instead of cutting endings off every word of every line,
the forms of the few words that rules name are written out. ``skol`` stands for skola,
skolan, skolor, skolornas …; not for skolskjuts, which begins so (``stems`` finds it).
The lists are our own, of regular endings of nouns, adjectives and common verbs.
"""

from __future__ import annotations

from typing import Literal

Language = Literal["sv", "en", "es", "fr"]

_ENDINGS: dict[Language, str] = {
    "sv": "a an ans ar are aren arna arnas ars as e en ens er erna ernas ers es et ets "
    "n na nas ns or orna ornas ors r rna rnas s t ts ad ade ades at ande andet ig iga "
    "igt",
    "en": "e ed er ers es ies ing ings s y",
    "es": "a as ado ada ados adas ar ción ciones e es o os",
    "fr": "aux e ée ées és é er es s x",
}

LANGUAGES = tuple(_ENDINGS)


def forms(stem: str, language: Language) -> list[str]:
    """The stem, alone and with each ending of the language."""
    return [stem, *(stem + ending for ending in _ENDINGS[language].split())]
