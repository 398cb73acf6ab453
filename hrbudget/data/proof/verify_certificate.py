"""Verify certificates of optimality or of infeasibility; exit 1: one does not hold.

Run `python verify_certificate.py FILE...`, 3.9 or newer, without a solver; exit 2: a
file cannot be read. Row i: (sum of terms times money of classes) - bound is >= 0, <= 0
or = 0; its multiplier y_i >= 0 for at_least, <= 0 for at_most; of a row of a level, at
most its weight times the level's mu, which is 1 for the level in question; nu >= 0: of
the limit on moves. Then no allocation x within bounds has less of the level than
  sum of y_i * bound_i - sum of mu_j * achieved_j over earlier levels - nu * limit
  + sum over lines of the least, from low to high, of
    (nu, and 1 more for movement) * abs(x - start) - (sum of y_i * terms_i) * x
which is at low, at high, or next to start. If it is above 0 of no level, no x exists.
A digest shows accidents; who has the budget can tell if lines and rows are its own.
"""  # noqa: INP001  (a program, not a module)

from __future__ import annotations

import hashlib
import json
import math
import re
import sys
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

TOP = "format scenario budget currency status lines odd_lines rows moved_limit proofs"
LINE = "line_id class start origin low high step"
ROW = "id sense level weight bound terms"
FORMAT = "hrbudget certificate 1"
SENSES = {"at_least": -1, "at_most": 1, "equal": 0}  # on which side of 0 y is not
Object = dict[Any, Any]
WHOLE = re.compile(r"0|-?[1-9][0-9]{0,199}")
FRACTION = re.compile(rf"(?:{WHOLE.pattern})(?:/[1-9][0-9]{{0,199}})?")
PLACES = {  # decimals of currencies that have not two, as Unicode CLDR counts them
    0: "ADP AFN ALL BIF BYR CLP DJF ESP GNF IQD IRR ISK ITL JPY KMF KPW KRW LAK LBP LUF"
    " MGA MGF MMK MRO PYG RSD RWF SLL SOS STD SYP TMM TRL UGX UYI VND VUV XAF XOF XPF"
    " YER ZMK ZWD",
    3: "BHD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}


class Refused(Exception):
    """The certificate does not hold; the text names the field."""


def refuse(why: str, *at: object) -> NoReturn:
    """Say what does not hold, and in which field."""
    parts = (f"[{x}]" if isinstance(x, int) else f".{str(x)[:60]}" for x in at)
    raise Refused(": ".join(filter(None, [plain("".join(parts).lstrip(".")), why])))


def plain(text: str) -> str:
    """A text that no terminal acts upon."""
    return text if text.isprintable() else ascii(text)


def typed(value: object, kind: type, *at: object) -> Any:  # noqa: ANN401  (JSON)
    """The value, if it is of just this type (true is no number) and no empty text."""
    if type(value) is not kind or value == "":
        names = {str: "text", list: "list", dict: "object", int: "whole number"}
        refuse(f"is no {names[kind]}", *at)
    return value


def fields(value: object, names: str, *at: object) -> Object:
    """The value, if it is an object with just these fields."""
    found: Object = typed(value, dict, *at)
    for name in sorted(found.keys() ^ set(names.split())):
        refuse("is unknown" if name in found else "is missing", *at, name)
    return found


@lru_cache(maxsize=1 << 16)
def fraction(text: str) -> Fraction | None:
    """The number that a text such as ``-7`` or ``1/3`` states in lowest terms."""
    found = Fraction(*map(int, text.split("/"))) if FRACTION.fullmatch(text) else None
    return found if str(found) == text else None


def number(value: object, *at: object) -> Fraction:
    """The value as an exact fraction."""
    found = fraction(value) if isinstance(value, str) else None
    if found is None:
        refuse('is no text of a fraction such as "-7" or "1/3", to 200 digits', *at)
    return found


def keyed(value: object, known: Any, *at: object) -> dict[int, Fraction]:  # noqa: ANN401  (JSON)
    """The value, if it is an object from known whole numbers to fractions."""
    found = {}
    for name, each in typed(value, dict, *at).items():
        if not WHOLE.fullmatch(name) or int(name) not in known:
            refuse("stands for nothing that is there", *at, name)
        found[int(name)] = number(each, *at, name)
    return found


def common(numbers: list[Fraction], *at: object) -> int:
    """The least common denominator, unless it may be endless."""
    found = {number.denominator for number in numbers}
    if sum(each.bit_length() for each in found) > 200_000:
        refuse("the common denominator is too long", *at)
    return math.lcm(*found)


def once(pairs: list[tuple[str, Any]]) -> Object:
    """An object of JSON, which names each field once."""
    found: Object = {}
    for name, value in pairs:
        if name in found:
            refuse("stands twice in one object", name)
        found[name] = value
    return found


def whole(text: str) -> int:
    """A number of JSON: a whole one of up to 200 digits."""
    return int(text) if WHOLE.fullmatch(text) else refuse("is no whole number", text)


def load(content: bytes) -> Object:
    """The document in a file's bytes, if it is the one that its digest was made for."""
    hooks: dict[str, Any] = {f"parse_{x}": whole for x in ("int", "float", "constant")}
    read = json.loads(content.decode("utf-8"), object_pairs_hook=once, **hooks)
    digest = fields(read, f"{TOP} digest").pop("digest")
    form = json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if digest != hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest():
        refuse("the rest of the file is not what it was made for", "digest")
    return dict(read)


def read_lines(told: Object, *, answered: bool) -> dict[int, list[int]]:
    """By class: sums of amount, low, high, next to start; then of how far each is."""
    sums: dict[int, list[int]] = {}
    names, odd = set(), 0
    for place, raw in enumerate(typed(told["lines"], list, "lines")):
        at = ("lines", place)
        line = fields(raw, LINE + " amount" * answered, *at)
        names.add(typed(line["line_id"], str, *at, "line_id"))
        if len(names) <= place:
            refuse("names a line that is there already", *at, "line_id")
        numbers = [typed(line[x], int, *at, x) for x in LINE.split()[1:]]
        kind, start, origin, low, high, step = numbers
        amount = typed(line["amount"], int, *at, "amount") if answered else low
        if step < 1:
            refuse("is below 1", *at, "step")
        if not low <= amount <= high:
            refuse("is not from low to high", *at, "amount" if answered else "low")
        odd += answered and (amount - origin) % step != 0
        each = sums.setdefault(kind, [0] * 8)
        for n, x in enumerate((amount, low, high, min(max(start, low), high))):
            each[n] += x
            each[n + 4] += abs(x - start)
    if odd > typed(told["odd_lines"], int, "odd_lines"):
        refuse(f"{odd} lines move by what is no whole number of steps", "odd_lines")
    return sums


def read_row(sums: dict[int, list[int]], place: int, raw: object) -> Object:
    """One row; bound and terms are whole numbers: the true ones times ``scale``."""
    at, row = ("rows", place), fields(raw, ROW, "rows", place)
    typed(row["id"], str, *at, "id")
    if row["level"] is not None:
        typed(row["level"], int, *at, "level")
    weight, bound = (number(row[x], *at, x) for x in ("weight", "bound"))
    if row["sense"] not in list(SENSES) or weight < 0:
        refuse(f"weight is below 0, or sense none of {', '.join(SENSES)}", *at)
    terms = keyed(row["terms"], sums, *at, "terms")
    scale = common([bound, *terms.values()], *at, "terms")
    inside = {n: x.numerator * (scale // x.denominator) for n, x in terms.items()}
    new = {"weight": weight, "bound": int(bound * scale), "terms": inside}
    return {**row, **new, "scale": scale}


def achieved(rows: list[Any], sums: dict[int, list[int]]) -> Object:
    """What the amounts lack by level; refused if a row that must hold does not."""
    found = {x: Fraction(0) for x in sorted({row["level"] for row in rows} - {None})}
    for place, row in enumerate(rows):
        left = sum(factor * sums[n][0] for n, factor in row["terms"].items())
        over = Fraction(left - row["bound"], row["scale"])
        lacks = abs(over) if over * (SENSES[row["sense"]] or over) > 0 else Fraction(0)
        if row["level"] is not None:
            found[row["level"]] += row["weight"] * lacks
        elif lacks:
            refuse("must hold, and the amounts do not hold it", "rows", place)
    return found


def lower(proof: Object, case: list[Any], before: Object, at: list[Any]) -> Fraction:
    """The bound that a proof's multipliers give; ``before``: achieved earlier."""
    (sums, rows, limit), level = case, proof["level"]
    mu, nu = keyed(proof["mu"], before, *at, "mu"), number(proof["nu"], *at, "nu")
    if min([nu, *mu.values()]) < 0 or (nu and limit is None):
        refuse("mu or nu is below 0, or nu is that of no limit", *at)
    bound: Fraction = -nu * (limit or 0) - sum(mu[n] * before[n] for n in mu)
    prices = keyed(proof["y"], range(len(rows)), *at, "y")
    for n, y in prices.items():
        row = rows[n]
        most = row["weight"] * (1 if row["level"] == level else mu.get(row["level"], 0))
        if y * SENSES[row["sense"]] > 0 or (row["level"] is not None and abs(y) > most):
            refuse("is on the wrong side of 0, or above its row's weight", *at, "y", n)
        prices[n] = y / row["scale"]
        bound += prices[n] * row["bound"]
    scale = common([nu, *prices.values()], *at, "y")
    far = int((nu + ("gap" in proof and level is None)) * scale)
    pulls = dict.fromkeys(sums, 0)
    for n, price in prices.items():
        times = int(price * scale)
        for kind, factor in rows[n]["terms"].items():
            pulls[kind] += times * factor
    # Which of the three is least depends on pull and far alone, so it is the same for
    # all lines of a class: the least of the sums is the sum of the least.
    for kind, each in sums.items():
        pulls[kind] = min(far * each[n + 4] - pulls[kind] * each[n] for n in (1, 2, 3))
    return bound + Fraction(sum(pulls.values()), scale)


def verify(content: bytes) -> Object:
    """The certificate in a file's bytes, if it holds; ValueError: it is no JSON."""
    told = load(content)
    for name in ("format", "scenario", "budget", "currency", "status"):
        typed(told[name], str, name)
    answered = told["status"] == "optimal"
    if told["format"] != FORMAT or told["status"] not in ("optimal", "infeasible"):
        refuse(f"is not {FORMAT}, or status neither optimal nor infeasible", "format")
    sums = read_lines(told, answered=answered)
    rows = [read_row(sums, *x) for x in enumerate(typed(told["rows"], list, "rows"))]
    limit, moved = told["moved_limit"], Fraction(sum(each[4] for each in sums.values()))
    limit = None if limit is None else number(limit, "moved_limit")
    if answered and limit is not None and moved > limit:
        refuse("is less than what the amounts move", "moved_limit")
    done = {**(achieved(rows, sums) if answered else {}), None: moved}
    if len(typed(told["proofs"], list, "proofs")) != len(done):
        refuse(f"are not {len(done)}: one for each level, and the last", "proofs")
    for n, level in enumerate(done):
        at, more = ["proofs", n], ["achieved", "gap"] * answered
        proof = fields(told["proofs"][n], " ".join(["level bound y mu nu", *more]), *at)
        if type(proof["level"]) is not type(level) or proof["level"] != level:
            refuse(f"is not {json.dumps(level)}, whose turn it is", *at, "level")
        before = {x: done[x] for x in list(done)[:n]}
        bound = lower(proof, [sums, rows, limit], before, at)
        right = {"bound": bound, "achieved": done[level], "gap": done[level] - bound}
        proves = right["gap"] >= 0 if answered else bound > 0
        for name in ("bound", *more):
            if number(proof[name], *at, name) != right[name] or not proves:
                refuse("is not what comes out, or proves nothing", *at, name)
    return told


def money(proof: Object, name: str, unit: str) -> str:
    """Minor units as money; what few decimals cannot state is rounded, a bound down."""
    digits = next((n for n, names in PLACES.items() if unit in names.split()), 2)
    minor, rounded = Fraction(proof[name]), math.floor if name == "bound" else math.ceil
    exact = [n for n in range(9) if (minor * 10**n).denominator == 1][:1]
    digits += sum(exact)
    above, below = divmod(abs(rounded(minor * 10 ** sum(exact))), 10**digits)
    part = f".{below:0{digits}}" if below else ""
    return f"{'about ' * (not exact)}{'-' * (minor < 0)}{above:,}{part} {plain(unit)}"


def sentences(told: Object) -> list[str]:
    """What a certificate that holds proves, for people."""
    head = f"scenario {plain(told['scenario'])} on budget {plain(told['budget'])}"
    unit, proofs = told["currency"], told["proofs"]
    if told["status"] == "infeasible":
        prices, rows = proofs[0]["y"].items(), told["rows"]
        used = {plain(rows[int(n)]["id"]) for n, y in prices if y != "0"}
        keeps = sorted(used) + ["moved_total"] * (proofs[0]["nu"] != "0")
        of_all = f"the bounds of lines and all of {', '.join(keeps)}"
        return [f"{head}: no allocation exists that keeps {of_all}"]
    said = [f"{head}: the proposal keeps all bounds and every row that must hold"]
    for proof in proofs:
        where = "movement" if proof["level"] is None else f"level {proof['level']}"
        verb = "moves" if proof["level"] is None else "lacks"
        size, least, gap = (money(proof, x, unit) for x in ("achieved", "bound", "gap"))
        less = f"no allocation{' as good in all above' * (len(said) > 1)} {verb} less"
        said.append(f"{where}: it {verb} {size}; {less} than {least}; gap {gap}")
    return said


def main(files: list[str]) -> int:
    """Verify files and print what they prove; the exit code."""
    code = 0 if files else 2
    for file in files:
        try:
            said = ["holds", *sentences(verify(Path(file).read_bytes()))]
        except Refused as error:
            code, said = max(code, 1), [f"REFUSED: {error}"]
        except (OSError, ValueError, RecursionError) as error:
            code, said = 2, [f"cannot be read: {error}"]
        sys.stdout.write("\n  ".join([f"{plain(file)}: {said[0]}", *said[1:]]) + "\n")
    return code


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a stream
    sys.exit(main(sys.argv[1:]))
