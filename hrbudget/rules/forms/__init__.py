"""The closed list of forms: one file each, stating its inequality and its source."""

from hrbudget.rules.forms.amount import AmountRule
from hrbudget.rules.forms.eligible import EligibleRule
from hrbudget.rules.forms.growth import GrowthRule
from hrbudget.rules.forms.share import ShareRule
from hrbudget.rules.rulefile import RuleFile

FORMS: dict[str, type[RuleFile]] = {
    "amount": AmountRule,
    "share": ShareRule,
    "growth": GrowthRule,
    "eligible": EligibleRule,
}
