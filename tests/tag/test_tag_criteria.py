"""What is asked at the point of tagging is complete, sourced and can be followed."""

from __future__ import annotations

from hrbudget.domain import taxonomy
from hrbudget.tag import criteria
from hrbudget.tag.criteria import Step


def test_every_step_is_said_in_both_languages_with_a_source() -> None:
    for step in criteria.shipped().steps:
        assert all(getattr(step, name).strip() for name in Step.model_fields)
        assert step.en != step.sv


def test_examples_name_rights_groups_and_steps_that_there_are() -> None:
    made = criteria.shipped()
    steps = {step.id for step in made.steps}
    for each in made.examples:
        assert each.right in {"", *taxonomy.rights().titles}
        assert each.groups in {"", *taxonomy.groups().titles}
        assert each.step in steps


def test_a_tag_can_name_the_version_it_was_set_by() -> None:
    assert criteria.shipped().name == f"tagging@{criteria.shipped().version}"
