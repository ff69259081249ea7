"""Which numbering a terminal works with; what cannot be used is passed over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from madoguchi.app.office.numbering import RuleGone, rule_of, with_rule, without_rule
from madoguchi.app.staff.cards import StaffCards
from madoguchi.app.staff.numbering import Unreadable, plan_in_force
from madoguchi.barcode.check_digits import CheckDigit
from madoguchi.barcode.code_plan import (
    MOST_RULES,
    TRAINING_PLAN,
    CodePlan,
    CodeRule,
    Meaning,
    PlanError,
    PlanProblem,
    Symbology,
    plan_text,
)

OTHER = CodePlan((CodeRule(Meaning.ITEM, Symbology.CODE39, "F", 9, CheckDigit.MODULUS_43),))


def test_the_terminals_own_goes_before_the_librarys() -> None:
    own = json.loads(plan_text(OTHER))
    assert plan_in_force(own, plan_text(TRAINING_PLAN), "FGHJKMNP") == OTHER
    assert plan_in_force(None, plan_text(TRAINING_PLAN), "FGHJKMNP") == TRAINING_PLAN
    assert plan_in_force(None, "", "FGHJKMNP") is None


@pytest.mark.parametrize("own", ["training", {"prefix": "a"}, [1], {"rules": []}, 7])
def test_what_cannot_be_read_is_passed_over(own: object, caplog: pytest.LogCaptureFixture) -> None:
    assert plan_in_force(own, plan_text(TRAINING_PLAN), "FGHJKMNP") == TRAINING_PLAN
    assert "passed over" in caplog.text


def test_a_plan_whose_numbers_begin_as_a_command_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    in_the_way = CodePlan((CodeRule(Meaning.ITEM, Symbology.CODE39, "FGHJKMNP", 12, CheckDigit.NONE),))
    assert plan_in_force(None, plan_text(in_the_way), "FGHJKMNP") is Unreadable.PLAN
    assert "FGHJ" not in caplog.text
    assert plan_in_force(None, plan_text(in_the_way), "TGHJKMNP") == in_the_way


def test_what_a_terminal_was_told_it_knows_when_it_starts_again(tmp_path: Path) -> None:
    file = tmp_path / "home" / "staff_cards.json"
    first = StaffCards(file)
    first.learn("hana", "90000019")
    first.learn_plan(OTHER)
    first.close()
    again = StaffCards(file)
    again.close()
    assert (again.plan, again.login_of("90000019")) == (OTHER, "hana")
    again = StaffCards(file)
    again.learn_plan(None)
    again.close()
    assert StaffCards(file).plan is None
    assert "numbering" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("numbering", [None, 7, "", "{}", "[" * 10_000, {"rules": []}])
def test_a_damaged_plan_costs_no_card(tmp_path: Path, numbering: object) -> None:
    file = tmp_path / "staff_cards.json"
    file.write_text(json.dumps({"staff_cards": [["90000019", "hana"]], "numbering": numbering}))
    cards = StaffCards(file)
    cards.close()
    assert (cards.plan, cards.login_of("90000019")) == (None, "hana")


TYPED = {
    "means": "item",
    "symbology": "nw-7",
    "prefix": "３",
    "length": "１０",
    "check": "7dr",
    "start": "b",
    "stop": "c",
    "letters": "own",
}


def test_a_rule_is_what_is_typed() -> None:
    rule = rule_of(TYPED)
    assert (rule.prefix, rule.length, rule.start, rule.stop) == ("3", 10, "B", "C")
    assert with_rule(TRAINING_PLAN, rule).rules[-1] is rule
    assert with_rule(TRAINING_PLAN, rule, TRAINING_PLAN.rules[0]).rules == (rule, *TRAINING_PLAN.rules[1:])
    assert without_rule(TRAINING_PLAN, TRAINING_PLAN.rules[1]).rules == (
        TRAINING_PLAN.rules[0],
        TRAINING_PLAN.rules[2],
    )


def test_a_rule_that_a_colleague_has_taken_away_is_not_another_at_its_place() -> None:
    (gone,) = OTHER.rules
    with pytest.raises(RuleGone):
        with_rule(TRAINING_PLAN, TRAINING_PLAN.rules[0], gone)
    with pytest.raises(RuleGone):
        without_rule(TRAINING_PLAN, gone)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"length": ""}, PlanProblem.LENGTH),
        ({"length": "-3"}, PlanProblem.LENGTH),
        ({"length": "1e3"}, PlanProblem.LENGTH),
        ({"length": "9999"}, PlanProblem.LENGTH),
        ({"length": "2"}, PlanProblem.LENGTH),
        # longer than what the databases keep
        ({"length": "21"}, PlanProblem.LENGTH),
        ({"prefix": "あ"}, PlanProblem.PREFIX),
        ({"start": ""}, PlanProblem.LETTER),
        ({"check": "modulus-43"}, PlanProblem.MODULUS_43),
        ({"check": "ean-13"}, PlanProblem.CHECK),
        ({"symbology": "ean-13"}, PlanProblem.EAN_13),
        ({"symbology": "code-39", "check": "modulus-16"}, PlanProblem.MODULUS_16),
    ],
)
def test_a_rule_that_cannot_be_says_what_is_wrong(changes: dict[str, str], problem: PlanProblem) -> None:
    with pytest.raises(PlanError) as found:
        rule_of(TYPED | changes)
    assert found.value.problem is problem


def test_a_plan_keeps_at_least_one_rule_and_has_no_end_of_them() -> None:
    with pytest.raises(PlanError):
        without_rule(OTHER, OTHER.rules[0])
    plan = CodePlan(tuple(_beginning(n) for n in range(MOST_RULES)))
    with pytest.raises(PlanError, match="at most"):
        with_rule(plan, _beginning(50))


def _beginning(number: int) -> CodeRule:
    return CodeRule(Meaning.ITEM, Symbology.NW7, f"{number:02}", 10, CheckDigit.NONE)
