"""The closed list of forms: one file each, stating its inequality and its source."""

from hrbudget.rules.forms.amount import AmountRule
from hrbudget.rules.forms.eligible import EligibleRule
from hrbudget.rules.forms.fact import FactRule
from hrbudget.rules.forms.growth import GrowthRule
from hrbudget.rules.forms.index import IndexRule
from hrbudget.rules.forms.movement import MovementRule
from hrbudget.rules.forms.parity import ParityRule
from hrbudget.rules.forms.per_person import PerPersonRule
from hrbudget.rules.forms.share import ShareRule
from hrbudget.rules.forms.unit_cost import UnitCostRule
from hrbudget.rules.rulefile import RuleFile

FORMS: dict[str, type[RuleFile]] = {
    "amount": AmountRule,
    "share": ShareRule,
    "per_person": PerPersonRule,
    "growth": GrowthRule,
    "parity": ParityRule,
    "unit_cost": UnitCostRule,
    "eligible": EligibleRule,
    "movement": MovementRule,
    "fact": FactRule,
    "index": IndexRule,
}
