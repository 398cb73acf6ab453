"""What the plan's own checks share: how they are asked, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from pydantic import SkipValidation

from hrbudget.domain.phrase import Phrase, Ratio
from hrbudget.domain.plan import Objective, Plan
from hrbudget.domain.rule import Rule
from hrbudget.domain.statement import Statement
from hrbudget.rules.context import Context
from hrbudget.rules.rulefile import RuleFile, Source

Ask = Callable[[Rule, Context], Sequence[Statement]]

#: What stands in the braces of a phrase.
Words = dict[str, str | Fraction | Ratio | Phrase]

#: Sources of the methods (``R…`` are the numbers of the method notes).
HANDBOOK = Source(
    title="OHCHR, Handbook on National Human Rights Plans of Action (2002)",
    paragraph="figure 11",
)
INDICATORS = Source(
    title="OHCHR, Human Rights Indicators (2012)", paragraph="HR/PUB/12/5"
)
BUDGETS = Source(
    title="OHCHR and IBP, Realizing Human Rights through Government Budgets (2017)",
    paragraph="HR/PUB/17/3",
)
SYSTEMATIC = Source(
    title="Council of Europe Commissioner, Systematic work for human rights",
    paragraph="CommDH(2009)3, 4.4",
)
RESOURCES = Source(
    title="CESCR, Maximum of available resources", paragraph="E/C.12/2007/1, 3-6"
)
AUSTERITY = Source(title="OHCHR, report on austerity", paragraph="E/2013/82")
CORE = Source(title="CESCR, General Comment 3", paragraph="10")
EQUALITY = Source(title="CESCR, General Comment 20")
TIMEFRAME = Source(title="European Committee of Social Rights", paragraph="13/2002")
MARKER = Source(
    title="OECD DAC, gender equality policy marker: minimum criteria (2016)"
)
GREEN = Source(title="France, green budget: unfavourable spending is told beside")


class Told(RuleFile):
    """A rule of the plan that is a statement, not an inequality over lines.

    Attributes:
        ask: makes the statements of a rule on one budget; none: nothing to say today.
        needs_budget: whether it looks at lines, tags or facts at all.
    """

    ask: SkipValidation[Ask]
    needs_budget: bool = True

    def requirements(
        self, rule: Rule, context: Context, values: Mapping[str, str | None]
    ) -> Sequence[Statement]:
        """What it asks."""
        del values
        return self.ask(rule, context)


def of_plan(stated: Plan, paragraph: str = "") -> Source:
    """The plan as a source."""
    return Source(title=stated.title, paragraph=paragraph)


def about(objective: Objective, english: str, swedish: str) -> dict[str, str]:
    """A rule's titles: what is asked of the objective, and the objective's own."""
    other = objective.title_sv
    return {
        "title": f"{english}: {objective.title}",
        "title_sv": f"{swedish}: {other}" if other else "",
        "description": objective.description,
    }


def listed(parts: Sequence[Phrase | str], sign: str = "; ") -> Phrase:
    """Several phrases as one."""
    values: Words = {f"part{n}": part for n, part in enumerate(parts)}
    return Phrase(sign.join(f"{{{name}}}" for name in values), values)
