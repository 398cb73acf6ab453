"""Tags from rules over codes, words and columns: the first that fits a line tags it.

Every condition is one expression over all lines, three-valued as in SQL: where a cell
that decides is empty, the rule cannot tell, does not tag, and the line is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from hrbudget import money
from hrbudget.domain import columns
from hrbudget.domain.ledger import EXPENDITURE
from hrbudget.errors import InputRefused
from hrbudget.tag.ways import filters, words, written
from hrbudget.tag.ways.tagrules import KINDS, TagRule, TagRules

#: Number of the rule, column, kind of list → rows whose text holds one of the list.
_Found = Mapping[tuple[int, str, str], pl.Series]


@dataclass(frozen=True)
class Ruled:
    """What rules make of lines.

    Attributes:
        tags: the columns of ``columns.TAGS``.
        per_rule: ``rule``; ``lines`` it tags and their ``amount`` (Int128, minor
            units); ``also_fits``: lines it fits which an earlier rule tags;
            ``cannot_tell``: lines where a cell that decides is empty.
    """

    tags: pl.DataFrame
    per_rule: pl.DataFrame


def apply(lines: pl.DataFrame, rules: TagRules, author: str = written.AUTHOR) -> Ruled:
    """Tag expenditure lines by rules.

    Raises:
        InputRefused: a rule reads a column that the lines do not have, or compares it
            with what it cannot be compared with.
        CallRefused: the lines are of several currencies.
    """
    issues = [
        issue
        for rule in rules.body.rules
        for issue in filters.absent(
            lines, rule.where, rule.columns, (rules.file, f"rule {rule.id}")
        )
    ]
    if issues:
        raise InputRefused(issues)
    spent = lines.filter(EXPENDITURE)
    conditions = _Conditions(spent, rules)
    taken = pl.repeat(value=False, n=spent.height, eager=True)
    counts, owned = [], []
    for number, rule in enumerate(rules.body.rules):
        holds = conditions.hold(number)
        fits = holds.fill_null(value=False)
        own = (fits & ~taken).arg_true()
        amount = money.total(spent.select("amount")[own], pl.col("amount"))
        also = int((fits & taken).sum())
        counts.append((rule.id, own.len(), amount, also, holds.null_count()))
        owned.append(pl.DataFrame({"row": own}).with_columns(rule=pl.lit(number)))
        taken |= fits
    tags = _tags(spent, rules, pl.concat(owned), author)
    return Ruled(tags, pl.DataFrame(counts, schema=_COUNTS, orient="row"))


_COUNTS = {
    "rule": pl.String,
    "lines": pl.Int64,
    "amount": pl.Int128,
    "also_fits": pl.Int64,
    "cannot_tell": pl.Int64,
}


class _Conditions:
    """The conditions of rules on lines; codes and words are read once for all rules."""

    def __init__(self, lines: pl.DataFrame, rules: TagRules) -> None:
        self._lines = lines
        self._rules = rules
        self._currency = filters.currency(lines)
        self._found = _found(lines, rules)
        self._codes: dict[str, tuple[pl.Series, pl.Series]] = {}

    def hold(self, number: int) -> pl.Series:
        """True, false or null for each line: whether all conditions of a rule hold."""
        rule = self._rules.body.rules[number]
        holds = pl.repeat(value=True, n=self._lines.height, eager=True)
        for name, codes in rule.codes.items():
            holds &= self._code(name, codes)
        for kind in KINDS:
            if getattr(rule, kind):
                some = self._some_word(number, kind)
                holds &= ~some if kind == "not_words" else some
        if rule.where is not None:
            place = self._rules.file, f"rule {rule.id}"
            holds &= filters.holds(self._lines, rule.where, self._currency, place)
        return holds

    def _code(self, name: str, codes: tuple[str, ...]) -> pl.Series:
        """Whether each line's code is one of these, or begins as they say."""
        if name not in self._codes:
            cells = self._lines.select(code=pl.col(name))
            known = cells.unique(maintain_order=True).drop_nulls().with_row_index("at")
            places = cells.join(known, on="code", how="left", maintain_order="left")
            self._codes[name] = known["code"], places["at"]
        known_codes, at = self._codes[name]
        code = pl.col("code")
        fits = code.is_in([each for each in codes if not each.endswith("*")])
        for start in codes:
            if start.endswith("*"):
                fits |= code.str.starts_with(start[:-1])
        return known_codes.to_frame().select(fits).to_series().gather(at)

    def _some_word(self, number: int, kind: str) -> pl.Series:
        """Whether a word of the list stands in a line; null where there is no text."""
        columns_read = self._rules.body.rules[number].look_in
        some = pl.repeat(value=False, n=self._lines.height, eager=True)
        for column in columns_read:
            rows = self._found.get((number, column, kind))
            if rows is not None:
                some = some.scatter(rows, values=True)
        silent = pl.all_horizontal(pl.col(*columns_read).is_null())
        told = self._lines.select(silent=silent).with_columns(some=some)
        return told.select(pl.when(~pl.col("silent")).then("some")).to_series()


def _found(lines: pl.DataFrame, rules: TagRules) -> _Found:
    """For each rule, column and list of words: the rows that hold one of them."""
    wanted: dict[str, list[tuple[str, int, str]]] = {}
    for number, rule, kind in _lists(rules):
        language = rule.language or rules.body.language
        patterns = words.sought(kind, getattr(rule, kind), language)
        for column in rule.look_in:
            asked = wanted.setdefault(column, [])
            asked += [(pattern, number, kind) for pattern in patterns]
    found: dict[tuple[int, str, str], pl.Series] = {}
    for column, asked in wanted.items():
        askers = pl.DataFrame(asked, schema=_ASKED, orient="row").unique()
        hits = words.hits(lines[column], askers["pattern"].to_list())
        of_list = hits.join(askers, on="pattern").partition_by(
            "rule", "kind", as_dict=True
        )
        for (number, kind), part in of_list.items():
            found[number, column, kind] = part["row"]
    return found


_ASKED = {"pattern": pl.String, "rule": pl.Int64, "kind": pl.String}


def _lists(rules: TagRules) -> Iterator[tuple[int, TagRule, str]]:
    """Every list of words: number of the rule, the rule, and the kind of list."""
    for number, rule in enumerate(rules.body.rules):
        yield from ((number, rule, kind) for kind in KINDS if getattr(rule, kind))


def _tags(
    lines: pl.DataFrame, rules: TagRules, owned: pl.DataFrame, author: str
) -> pl.DataFrame:
    """The tags of each rule on the lines that it owns (``row``, ``rule``)."""
    said = [
        {
            "rule": number,
            "criterion": rules.criterion(rule),
            "evidence": f"{rules.id}: {rule.title or rule.id}",
            **tag.row(),
        }
        for number, rule in enumerate(rules.body.rules)
        for tag in rule.tags
    ]
    schema = columns.schema(columns.TAGS)
    names = [name for name in said[0] if name != "rule"]
    tags = pl.DataFrame(said, {"rule": pl.Int32, **{n: schema[n] for n in names}})
    made = owned.join(tags, on="rule", maintain_order="left_right")
    named = made.with_columns(line_id=lines["line_id"].gather(made["row"]))
    return written.completed(named, basis="text_rule", author=author, state="proposed")
