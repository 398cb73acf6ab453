"""Form ``index``: a published index or score, held against a bound: reported only.

    index(amounts, people, outcomes, reference years)   ≥ | ≤ | =   bound

No index is linear in the amounts, so the optimizer never sees one; ``parity`` and
``share`` say the same with lines that it can move. The bound may be ``null``: the index
is then told and not assessed. One file a family: ``spread`` (inequality, R14, R16-R18,
R40), ``outturn`` (execution and PEFA, R19-R22, R26), ``outcome`` (R03, R37-R39, R42,
R43). The numbers' arithmetic is ``hrbudget.domain.indices``; their keys are ``keys``.
"""

from hrbudget.rules.forms.index.rule import IndexRule

__all__ = ["IndexRule"]
