"""A report made by hand that has every kind of block, unit and awkward text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from hrbudget.domain.phrase import Figure, Listed, Origin, Phrase, Title, Value
from hrbudget.domain.places import Places
from hrbudget.domain.requirement import Interval
from hrbudget.domain.statement import Verdict
from hrbudget.report import figures
from hrbudget.report.blocks import (
    Block,
    Card,
    Chart,
    Code,
    Column,
    Counts,
    Facts,
    Folded,
    Link,
    Mark,
    Paragraph,
    Report,
    Section,
    Table,
    Written,
)
from hrbudget.report.language import Language

#: Texts of the data that each format must show as they are, and never run.
HOSTILE = (
    "<script>alert(1)</script></style></svg>",
    '" onmouseover="alert(1)\' autofocus',
    "&amp; {{ 7 * 7 }} {% raw %} ]]> <!--",
    "=cmd|'/c calc'!A1",
    "+46 8 123 456",
    "-2+3",
    "@SUM(1+1)",
    '#read("/etc/passwd") *not bold* _nor_ $x^2$ @ref <label> \\ // /* `raw`',
    "%s %(name)s {measured} {0} 100 %",
    "two\nlines\tand a tab",
)

#: A word that nobody can break, and a name in another script.
LONG = "Barnrättskonsekvensanalyshandläggarutbildningssamordningsfunktion" * 3
NAMES = ("Sámi giella – Ohcejohka", "Ελλάδα, Київ", "“Åsa” & söner × 2 − 1")

_LINES = pl.Series("line_id", [f"2026-{number:04d}" for number in range(1, 41)])
_SOME = Places(_LINES, pl.Series(range(2, 27)))
_FEW = Places(_LINES, pl.Series([4, 1]))

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def _from(says: str, *made_of: str, lines: Places | None = None) -> Origin:
    return Origin(Phrase(says), lines=lines, made_of=made_of)


LEDGER = figures.money(
    "total/ledger",
    1_234_567_890,
    _from("Amounts of all lines of expenditure are added up.", lines=_SOME),
)
TAGGED = figures.money(
    "total/tagged",
    Interval(Fraction(999_999_950), Fraction(1_000_000_050), Fraction(1_000_000_150)),
    Origin(
        Phrase("Of {ledger}, what tags support.", {"ledger": LEDGER}),
        lines=_SOME,
        made_of=("total/ledger",),
        source="tags.csv",
    ),
)
UNTAGGED = figures.money(
    "total/untagged",
    LEDGER.value - TAGGED.value,
    _from("The first less the second.", "total/ledger", "total/tagged"),
)
_RULE = Origin(
    Phrase(
        "What tags support is compared with a part of {ledger}.", {"ledger": LEDGER}
    ),
    "icescr.health.share",
    "1f2e3d4c5b6a",
    lines=_FEW,
    made_of=("total/ledger", "not/in/this/report"),
)
MEASURED = figures.money("finding/icescr.health.share/measured", 50_000_00, _RULE)
REQUIRED = figures.money(
    "finding/icescr.health.share/required", Fraction(20_000_001, 3), _RULE
)
SHORT = figures.money(
    "finding/icescr.health.share/shortfall",
    REQUIRED.value - MEASURED.value,
    _RULE,
)
SHARE = Figure(
    "share/health",
    Fraction(17, 99),
    _from("A part of the whole.", "total/tagged", "total/ledger"),
    "share",
    Fraction(1, 6),
    Fraction(7, 40),
)
YEAR = Figure("year", Fraction(2026), _from("It stands in the budget."), "year")
PEOPLE = figures.number(
    "population/all",
    12_345,
    Origin(Phrase("It stands in a table."), source="population.csv"),
    "persons",
)
DEFLATOR = figures.number("deflator/2026", Fraction(1028621, 10**6), _from("A price."))
THIRD = figures.number("index/gini", Fraction(1, 3), _from("An index of shares."))
EUROS = Figure("money/euros", Fraction(-123_456), _from("Changed."), currency="EUR")
YEN = Figure("money/yen", Fraction(987_654), _from("It has no sen."), currency="JPY")
NOTHING = figures.money("money/nothing", 0, _from("There was none."))
LARGEST = figures.money("money/largest", 10**15, _from("The largest of all."))
LOSS = figures.money(
    "money/loss",
    -7_05,
    _from("Less than nothing."),
)
VERSUS = "{measured} falls {shortfall} short of the {required} required."


@dataclass(frozen=True)
class Bars:
    """A small picture of two bars with a title in it."""

    title: str

    def svg(self, reader: Language) -> str:
        """Two bars."""
        said = reader.translate(self.title)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="80" '
            'viewBox="0 0 420 80"><defs><clipPath id="clip0"><rect width="400" '
            'height="70"/></clipPath></defs>'
            '<g role="graphics-symbol" clip-path="url(#clip0)">'
            f'<text x="10" y="16" font-size="12">{said} 1,000</text>'
            '<rect x="10" y="24" width="300" height="18" fill="#1f4e79"/>'
            '<rect x="10" y="48" width="180" height="18" fill="#9db7d5"/></g></svg>'
        )


def sample() -> Report:
    """Every kind of block and text, every unit of figure."""
    return Report(
        kind="compliance",
        title=Phrase("Human rights budget report"),
        about=(Written("Exempelby: 2026-A"), YEAR),
        facts=Facts(
            (
                (Phrase("Phase"), Phrase("approved")),
                (Phrase("Made by"), Written("hrbudget 0.4.0")),
                (Phrase("Last event of the log"), Code(HASH)),
                (Phrase("Files read"), (Code("budget 2026.xlsx"), Code("=HYPERLINK"))),
            )
        ),
        notice=Phrase(
            "A finding is what a model reads out of figures and tags. It is a question "
            "to answer, not a verdict on anybody, and not legal advice."
        ),
        sections=(_summary(), _findings(), _tables(), _texts()),
        currency="SEK",
    )


def _summary() -> Section:
    counted = _from("Findings are counted.")
    count = figures.number("count/not_met", 1, counted)
    return Section(
        "summary",
        Phrase("Summary"),
        (
            Counts(((count, Mark("not_met")), (PEOPLE, Phrase("Population")))),
            Facts(
                (
                    (Phrase("Expenditure"), LEDGER),
                    (Phrase("Tagged to rights"), TAGGED),
                    (Phrase("Untagged"), (UNTAGGED, SHARE)),
                )
            ),
            Paragraph((Phrase(VERSUS, _values()), EUROS, YEN), soft=True),
        ),
    )


def _values() -> dict[str, Figure]:
    return {"measured": MEASURED, "required": REQUIRED, "shortfall": SHORT}


def _findings() -> Section:
    verdicts: tuple[Verdict, ...] = ("not_met", "cannot_tell", "not_assessed", "met")
    names = ("icescr.health.share", "a.b[2026 / °]", "c.d", "e.f")
    return Section(
        "findings",
        Phrase("Findings"),
        tuple(
            _card(name, verdict) for name, verdict in zip(names, verdicts, strict=True)
        ),
    )


def _card(name: str, verdict: Verdict) -> Card:
    grounds: tuple[Block, ...] = (
        Paragraph((Written(LONG, "sv"),), soft=True),
        Facts(
            (
                (Phrase("Rule"), (Code(name), Phrase("must hold"))),
                (Phrase("Reference"), (_LINK, _UNSAFE)),
                (Phrase("Value in force"), Phrase("{value} since {date}", _IN_FORCE)),
                (Phrase("Lines to read again"), tuple(map(Code, _SOME.ids[:20]))),
                (Phrase("Source"), None),
            )
        ),
        _table(f"in-{verdict.replace('_', '-')}"),
    )
    says = Phrase("Not assessed: {missing}.", {"missing": _MISSING})
    return Card(
        name,
        Written("At least a share <b>of the budget</b>", "en", "Minst en del"),
        verdict,
        (
            Paragraph((Phrase(VERSUS, _values()),)),
            Paragraph((says,)),
            Folded(Phrase("Source, version and lines"), grounds),
        ),
    )


_LINK = Link("ICESCR, article 12", "https://www.ohchr.org/en/instruments?a=1&b=2")
_UNSAFE = Link("A link that runs", "javascript:alert(1)")
_IN_FORCE: dict[str, Value] = {"value": SHARE, "date": "2001-04-27"}
_MISSING = Listed(
    (
        Phrase("population"),
        Phrase(
            "{name}, {year} ({source})",
            {"name": "barn", "year": "2024", "source": HOSTILE[0]},
        ),
    )
)


def _table(name: str) -> Table:
    rows = ((LEDGER, NOTHING), (TAGGED, LARGEST), (UNTAGGED, LOSS))
    return Table(
        name,
        Phrase("Money by right"),
        (
            Column(Phrase("Right")),
            Column(Phrase("Money"), figures=True),
            Column(Phrase("Change"), figures=True),
        ),
        tuple(
            (Written(f"Right no. {place}"), *row) for place, row in enumerate(rows, 1)
        ),
    )


def _tables() -> Section:
    return Section(
        "rights",
        Phrase("Money by right"),
        (
            Chart(
                "chart-rights",
                Phrase("Money by right"),
                (
                    Phrase(
                        "Most money supports {right}: {amount} of {total} tagged.",
                        {
                            "right": Title("health 24/7", "hälsa dygnet runt"),
                            "amount": MEASURED,
                            "total": TAGGED,
                        },
                    ),
                ),
                Bars("Money by right"),
                _table("rights-table"),
            ),
            Table(
                "wide",
                Phrase("Findings before and after"),
                (
                    Column(Phrase("Rule")),
                    Column(Phrase("Baseline")),
                    Column(Phrase("Proposal")),
                    Column(Phrase("Shortfall before"), figures=True),
                    Column(Phrase("Shortfall after"), figures=True),
                    Column(Written("per head, " + LONG[:80], "sv"), figures=True),
                    Column(Phrase("Because")),
                ),
                (
                    (
                        (Written("A title"), Code("icescr.health.share")),
                        Mark("not_met"),
                        Mark("met"),
                        SHORT,
                        NOTHING,
                        DEFLATOR,
                        (Code("a.b.c"), Code(LONG[:90])),
                    ),
                    (
                        Written("Another"),
                        None,
                        Mark("cannot_tell"),
                        None,
                        EUROS,
                        THIRD,
                        None,
                    ),
                ),
                left_out=Phrase("The JSON document has the rest."),
            ),
            Folded(Phrase("The largest of all: {sum}", {"sum": LARGEST}), ()),
        ),
    )


def _texts() -> Section:
    return Section(
        "texts",
        Phrase("Source"),
        (
            Paragraph(tuple(map(Written, NAMES))),
            Facts(
                tuple(
                    (Written(text), (Code(text), Link(text, text))) for text in HOSTILE
                )
            ),
            Paragraph((Written(LONG), Code(LONG))),
            Table(
                "hostile",
                Written("A caption <i>of people</i>"),
                (Column(Written("=1+1")), Column(Phrase("Description"))),
                tuple((Written(text), Written(text)) for text in HOSTILE),
            ),
        ),
    )


def long(rows: int) -> Report:
    """One table of so many rows with the sums of its columns."""
    ids = pl.Series("line_id", [f"L{number:05d}" for number in range(1, rows + 1)])
    amounts = [Fraction(number * 1_234_57) for number in range(1, rows + 1)]
    made: list[tuple[Code, Written, Figure, Figure]] = []
    for row, amount in enumerate(amounts):
        name = str(ids[row])
        here = Places(ids, pl.Series([row]))
        origin = Origin(Phrase("The line's amount."), lines=here, source="budget.xlsx")
        start = figures.money(f"line/{name}/before", amount, origin)
        end = figures.money(f"line/{name}/after", amount + (row % 3 - 1) * 100, origin)
        made.append((Code(name), Written(f"Line {name} of the town"), start, end))
    everything = Places(ids, pl.Series(range(rows)))
    said = _from("Amounts of all lines are added up.", lines=everything)
    sums = [
        figures.money(name, sum((each.value for each in column), Fraction(0)), said)
        for name, column in (
            ("sum/before", [row[2] for row in made]),
            ("sum/after", [row[3] for row in made]),
        )
    ]
    table = Table(
        "lines",
        Phrase("Lines that move"),
        (
            Column(Phrase("Line")),
            Column(Phrase("Description")),
            Column(Phrase("From"), figures=True, total=sums[0]),
            Column(Phrase("To"), figures=True, total=sums[1]),
        ),
        tuple(made),
    )
    small = sample()
    return Report(
        small.kind,
        small.title,
        small.about,
        small.facts,
        small.notice,
        (Section("lines-moved", Phrase("Lines that move"), (table,)),),
        small.currency,
    )
