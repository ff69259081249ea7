"""A plan as a setting: it reads back as itself, and what is no plan says why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.barcode.check_digits import CheckDigit
from madoguchi.barcode.code_plan import (
    LONGEST_PLAN,
    MOST_RULES,
    PRINTED_BY_US,
    TRAINING_PLAN,
    CodePlan,
    CodeRule,
    Letters,
    Meaning,
    PlanError,
    PlanProblem,
    Symbology,
    plan_text,
    read_plan,
)


@st.composite
def rules(draw: st.DrawFn) -> CodeRule:
    """Any rule that a library can have."""
    symbology = draw(st.sampled_from(Symbology))
    letters = "0123456789" + ("FGH" if symbology in (Symbology.CODE39, Symbology.CODE128) else "")
    try:
        return CodeRule(
            draw(st.sampled_from(PRINTED_BY_US)),
            symbology,
            draw(st.text(letters, max_size=4)),
            draw(st.integers(3, 14)),
            draw(st.sampled_from(CheckDigit)),
            draw(st.sampled_from("ABCD")),
            draw(st.sampled_from("ABCD")),
            draw(st.sampled_from(Letters)),
        )
    except PlanError:
        return TRAINING_PLAN.rules[0]


@given(rule=rules())
def test_a_plan_reads_back_as_itself(rule: CodeRule) -> None:
    # of thirteen digits it could be a book's own, which is another test's
    assume(rule.length != 13)
    plan = CodePlan((rule,))
    assert read_plan(plan_text(plan)) == plan


def test_the_training_plan_and_what_is_left_out_of_it() -> None:
    assert read_plan(plan_text(TRAINING_PLAN)) == TRAINING_PLAN
    assert "FGHJKMNP" not in plan_text(CodePlan(TRAINING_PLAN.rules, "FGHJKMNP"))
    bare = {"means": "item", "symbology": "nw-7", "prefix": "1", "length": 10, "check": "none"}
    (rule,) = read_plan(json.dumps({"rules": [bare]})).rules
    assert (rule.start, rule.stop, rule.letters) == ("A", "A", Letters.ANY)


def _with(**changes: Any) -> str:
    rule = json.loads(plan_text(TRAINING_PLAN))["rules"][0]
    return json.dumps({"rules": [rule | changes]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"rules": []}',
        '{"rules": {}}',
        '{"rules": [1]}',
        '{"rules": ["item"]}',
        '{"prefix": "a"}',
        "[" * 100_000,
        '{"rules": [' + "[" * 3900,
        " " * LONGEST_PLAN + "{}",
        _with(means="loan"),
        _with(symbology="qr"),
        _with(check="modulus-12"),
        _with(length="10"),
        _with(length=True),
        _with(length=None),
        _with(prefix=1),
        _with(start=["A"]),
        _with(letters="some"),
        json.dumps({"rules": json.loads(plan_text(TRAINING_PLAN))["rules"][:1] * (MOST_RULES + 1)}),
    ],
)
def test_what_is_no_plan(text: str) -> None:
    with pytest.raises(PlanError) as found:
        read_plan(text)
    assert found.value.problem is PlanProblem.NO_PLAN


def test_a_plan_that_cannot_tell_codes_apart_names_both_rules() -> None:
    first = TRAINING_PLAN.rules[0]
    second = CodeRule(Meaning.PATRON, Symbology.NW7, "", 10, CheckDigit.NONE)
    with pytest.raises(PlanError) as found:
        CodePlan((first, second))
    assert (found.value.problem, found.value.rules) == (PlanProblem.OVERLAP, (first, second))


def test_no_sentence_repeats_the_command_prefix() -> None:
    with pytest.raises(PlanError) as found:
        CodePlan(TRAINING_PLAN.rules, "１２３secret")
    assert found.value.problem is PlanProblem.COMMAND_PREFIX
    assert "secret" not in str(found.value)
    rule = CodeRule(Meaning.ITEM, Symbology.CODE39, "FGHJKMNP", 12, CheckDigit.NONE)
    with pytest.raises(PlanError) as found:
        CodePlan((rule,), "FGHJKMNP")
    assert found.value.problem is PlanProblem.COMMAND_OVERLAP


@given(text=st.text(max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(PlanError):
        read_plan(text)
