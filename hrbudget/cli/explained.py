"""Rules for people to read: as text, and on one budget as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from hrbudget.cli.output import as_csv, as_json, as_table

if TYPE_CHECKING:
    from hrbudget.domain.finding import Finding
    from hrbudget.domain.ledger import Ledger
    from hrbudget.report.language import Language
    from hrbudget.rules.explain import Explained
    from hrbudget.rules.overrides import Decision
    from hrbudget.rules.pack import LoadedRule

Record = dict[str, Any]

#: Columns of a requirement's terms.
TERMS = (
    *("line_id", "description", "amount", "coefficient", "low", "high", "counts"),
    *("of_coefficient", "of_counts"),
)


def described(loaded: LoadedRule, decisions: Sequence[Decision]) -> Record:
    """A rule as a record: what it says, from when, and what the entity decided."""
    from hrbudget.rules.difference import flat
    from hrbudget.rules.explain import inequality
    from hrbudget.rules.overrides import values_of

    rule, body = loaded.rule, loaded.body
    keys = body.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    header = ("title", "title_sv", "obligation", "effect", "reference", "description")
    for name in (*header, *values_of(body)):
        keys.pop(name, None)
    return {
        "rule": rule.id,
        "version": rule.version,
        "title": rule.title,
        "title_sv": rule.title_sv,
        "obligation": rule.obligation,
        "effect": rule.effect,
        "asks": inequality(body),
        "keys": flat(keys),
        "values": [
            {"value": name, "since": _since(day), "is": value}
            for name, dated in values_of(body).items()
            for day, value in dated.items()
        ],
        "overrides": [
            {
                "value": each.sense,
                "since": each.override.on.isoformat(),
                "is": each.override.value,
                "withdrawn": each.withdrawn,
                "reason": each.override.reason,
                "by": each.override.by,
            }
            for each in decisions
            if each.rule == rule.id
        ],
        "reference": [vars(each) for each in rule.reference],
        "description": rule.description,
    }


def _since(day: date) -> str:
    """A day; empty where the value was there from the first."""
    return "" if day == date.min else day.isoformat()


def print_rule(record: Record) -> None:
    """A rule as text."""
    click.echo(f"{record['rule']}  (version {record['version']})")
    for name in ("title", "title_sv"):
        click.echo(f"  {record[name]}")
    click.echo(f"\n{record['obligation']}, {record['effect']}")
    click.echo(f"  {record['asks']}")
    for key, text in record["keys"].items():
        click.echo(f"  {key}: {text}")
    click.echo("\nvalues")
    for each in record["values"]:
        since = f" from {each['since']}" if each["since"] else ""
        click.echo(f"  {each['value']}{since}: {_open(each['is'])}")
    if not record["values"]:
        click.echo("  none")
    for each in record["overrides"]:
        what = "the rule's own again" if each["withdrawn"] else _open(each["is"])
        own = f"the entity's own, {each['by']}: {each['reason']}"
        click.echo(f"  {each['value']} from {each['since']}: {what} ({own})")
    click.echo("\nsources")
    for each in record["reference"]:
        parts = (each["title"], each["paragraph"], each["href"])
        click.echo("  " + ", ".join(part for part in parts if part))
    click.echo(f"\n{record['description'].rstrip()}")


def _open(value: str | None) -> str:
    return "for the entity to enter" if value is None else value


class OnBudget:
    """One rule on one budget: lines × coefficients → measured → required."""

    def __init__(self, book: Ledger, findings: Sequence[Finding], on: str) -> None:
        from hrbudget.rules.explain import explain

        self._book, self._on = book, on
        self._explained = [
            (each, explain(each.requirement, book.lines)) for each in findings
        ]

    def show(self, style: str, most: int) -> None:
        """Print it; a table holds the ``most`` lines that weigh most."""
        if style == "json":
            as_json(self._record())
        elif style == "csv":
            headers = ("scope", *TERMS)
            rows = [
                [finding.requirement.scope, *term.values()]
                for finding, explained in self._explained
                for term in self._terms(explained)
            ]
            as_csv(headers, rows)
        else:
            for finding, explained in self._explained:
                self._print(finding, explained, most)

    def _record(self) -> Record:
        from hrbudget import money
        from hrbudget.report import records

        currency = self._book.currency
        return {
            "budget": self._book.budget,
            "fiscal_year": self._book.fiscal_year,
            "phase": self._book.phase,
            "on": self._on,
            "currency": currency,
            "requirements": [
                {
                    **records.finding(finding, currency),
                    "terms": self._terms(explained),
                    "bound": money.to_text(explained.bound, currency),
                    "factor": str(explained.factor),
                    "whole": money.to_text(explained.whole, currency),
                }
                for finding, explained in self._explained
            ],
        }

    def _terms(self, explained: Explained) -> list[Record]:
        """The terms as decimal text, every digit of them."""
        from hrbudget import money

        def text(minor: Fraction | int) -> str:
            return money.to_text(minor, self._book.currency)

        def part(share: Fraction) -> str:
            return money.number_text(share, money.SHARE_DECIMALS)

        return [
            {
                "line_id": each.line_id,
                "description": each.description,
                "amount": text(each.amount),
                "coefficient": part(each.coefficient),
                "low": part(each.low),
                "high": part(each.high),
                "counts": text(each.counts),
                "of_coefficient": part(each.of_coefficient),
                "of_counts": text(each.of_counts),
            }
            for each in explained.terms
        ]

    def _print(self, finding: Finding, explained: Explained, most: int) -> None:
        from hrbudget.domain.finding import sentence
        from hrbudget.report import language

        english = language.of("en", self._book.currency)
        scope = finding.requirement.scope
        title = f"{finding.rule.id}{f' [{scope}]' if scope else ''}: {finding.verdict}"
        click.echo(title)
        if explained.terms:
            self._print_terms(explained, english, most)
        if finding.verdict != "not_assessed" and finding.unit == "money":
            for name in ("measured", "required", "shortfall"):
                figure = getattr(finding, name)
                middle = figure if isinstance(figure, Fraction) else figure.middle
                click.echo(f"  {name:<10}{_plain(english.money(middle))}")
        click.echo(f"  {_plain(sentence(finding, english))}\n")

    def _print_terms(self, explained: Explained, english: Language, most: int) -> None:
        shown = explained.terms[:most]
        both = explained.right_side
        rows = [
            (
                each.line_id,
                each.description,
                _plain(english.money(Fraction(each.amount))),
                _plain(english.number(each.coefficient)),
                _plain(english.money(each.counts)),
                *([_plain(english.money(each.of_counts))] if both else []),
            )
            for each in shown
        ]
        rest = explained.terms[most:]
        if rest:
            name = f"… {len(rest):,} more lines"
            sums = (sum(t.counts for t in rest), sum(t.of_counts for t in rest))
            rows.append(("", name, "", "", *self._money(english, sums, both=both)))
        sums = (explained.measured, explained.whole)
        rows.append(("", "all lines", "", "", *self._money(english, sums, both=both)))
        headers = ("line", "description", "amount", "× share", "= counts")
        as_table("", (*headers, *(["of"] if both else [])), rows, "  >>>>")

    def _money(
        self, english: Language, sums: Sequence[Fraction | int], *, both: bool
    ) -> list[str]:
        texts = [_plain(english.money(Fraction(each))) for each in sums]
        return texts if both else texts[:1]


def _plain(text: str) -> str:
    """Without spaces that a terminal cannot break at."""
    return text.replace("\u00a0", " ")
