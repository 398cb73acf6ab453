"""House rules: what keeps the code readable in an afternoon, held by tests."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hrbudget.rules.cases import Output
from hrbudget.rules.forms import FORMS
from tests.rules.packs import shipped, shipped_examples

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "hrbudget"
CODE = sorted(
    path
    for folder in (PACKAGE, ROOT / "tests", ROOT / "benchmarks")
    for path in folder.rglob("*.py")
)
MODULES = [path for path in CODE if PACKAGE in path.parents]
SOLVER = PACKAGE / "optimize" / "solver"

#: Words of the domain's table that must not be used for the same idea.
NOT_OUR_WORDS = ("violation", "utils", "helpers", "manager")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_file_is_longer_than_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_function_is_longer_than_fifty_lines(path: Path) -> None:
    if "migrations" in path.parts:
        return  # written by alembic, one statement a table
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.body[0].lineno > 50
    ]
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_money_meets_floats_in_the_solvers_folder_only(path: Path) -> None:
    """No float is made, named or written as a number with a point."""
    if SOLVER in path.parents:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    floats = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Attribute) and node.attr in ("Float32", "Float64"))
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and _of_ints(node)
        )
        or _is_less_than_one(node)
    ]
    # A picture's line may be half a point wide; that is no money.
    assert [each for each in floats if (name(path), each) not in _NO_MONEY] == []


_NO_MONEY = {
    ("hrbudget/ingest/headers.py", "0.8"),  # how alike two headers are
    ("hrbudget/ingest/lines.py", "0.8"),
}


def _is_less_than_one(node: ast.AST) -> bool:
    """Whether a plain number is raised to a power below zero: a float, too."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and isinstance(node.left, ast.Constant)
        and isinstance(node.right, ast.UnaryOp)
        and isinstance(node.right.op, ast.USub)
    )


def _of_ints(node: ast.BinOp) -> bool:
    """Whether a division has a plain number of ours on both sides."""
    return all(isinstance(side, ast.Constant) for side in (node.left, node.right))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_opens_with_a_sentence(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].rstrip().endswith((".", ":", ",", ";", ")")) or (
        "\n" in docstring
    )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_one_word_stands_for_one_idea(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert [word for word in NOT_OUR_WORDS if re.search(rf"\b{word}\b", text)] == []
    assert path.stem not in ("utils", "helpers", "common", "core", "base")


def test_every_sentence_people_read_is_there_in_swedish_with_the_same_braces() -> None:
    methods = [("**.py", "python"), ("**.j2", "jinja2")]
    keywords = {"N_": None, "t": None, "translate": None}
    patterns = {
        message if isinstance(message, str) else message[0]
        for _, _, message, _, _ in extract_from_dir(PACKAGE, methods, keywords=keywords)
    }
    with (PACKAGE / "data" / "locale" / "sv.po").open("rb") as file:
        swedish = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    assert patterns == set(swedish)
    braces = re.compile(r"\{\w+\}")
    differ = [
        pattern
        for pattern, text in swedish.items()
        if not text or set(braces.findall(pattern)) != set(braces.findall(text))
    ]
    assert differ == []


#: Forms whose requirement is money against money; the others may have no number.
LINEAR = FORMS.keys() - {"fact", "index"}


def kind(rule: str) -> str:
    """A rule; of those that come from a plan, what it asks of any objective."""
    if not rule.startswith("plan."):
        return rule
    words = rule.split(".")
    return rule if words[1] == "whole" else ".".join(["plan.*", *words[2:]])


#: They read the plan alone: nothing that they need can be missing.
OF_THE_PLAN_ALONE = {
    *("plan.*.complete", "plan.*.deadline"),
    *("plan.whole.disaggregated", "plan.whole.evidence"),
}


def test_every_rule_has_cases_met_not_met_at_the_bound_and_without_data() -> None:
    bodies = {
        kind(each.rule.id): each.body for pack in shipped() for each in pack.rules
    }
    outputs: dict[str, list[Output]] = {name: [] for name in bodies}
    for example in shipped_examples():
        outputs.setdefault(kind(example.rule), []).append(example.case.output)
    lacking = {
        name: lacks(name, getattr(bodies.get(name), "form", ""), found)
        for name, found in outputs.items()
    }
    assert {name: what for name, what in lacking.items() if what} == {}


def lacks(name: str, form: str, outputs: list[Output]) -> set[str]:
    """The cases that a rule should have and has not."""
    verdicts = [output.verdict for output in outputs]
    needed = {"met", "not_met"}
    if name not in OF_THE_PLAN_ALONE:
        needed.add("not_assessed")
    missing: set[str] = needed - set(verdicts)
    if len(verdicts) - verdicts.count("not_assessed") < 3:
        missing.add("a third case")
    has_bound = form in LINEAR or any(output.required for output in outputs)
    if has_bound and not any(at_the_bound(output) for output in outputs):
        missing.add("at the bound")
    return missing


def at_the_bound(output: Output) -> bool:
    """Whether what is measured is exactly what is required, and that is enough."""
    measured, required = output.measured, output.required
    if output.verdict != "met" or measured is None or required is None:
        return False
    return Fraction(measured) == Fraction(required)


def test_lock_files_name_no_registry_and_every_dependency() -> None:
    for file in ("requirements.txt", "requirements-test.txt", "requirements-bench.txt"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_every_dependency_earns_a_line_of_the_readme() -> None:
    import tomllib  # noqa: PLC0415

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [
        re.split(r"[><=\[]", each)[0] for each in settings["project"]["dependencies"]
    ]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [each for each in named if f"`{each}`" not in readme] == []
