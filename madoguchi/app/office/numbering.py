"""A library's numbering as it is edited: a rule from what is typed, and the plan with it or without. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from madoguchi.app.office.checks import tidy
from madoguchi.barcode.check_digits import CheckDigit
from madoguchi.barcode.code_plan import (
    MOST_RULES,
    CodePlan,
    CodeRule,
    Letters,
    Meaning,
    PlanError,
    PlanProblem,
    Symbology,
)


def rule_of(typed: Mapping[str, str]) -> CodeRule:
    """The rule that ``means``, ``symbology``, ``prefix``, ``length``, ``check``, ``start``, ``stop`` and
    ``letters`` say.

    Raises:
        PlanError: no number could be like that.
    """
    length = tidy(typed["length"])
    if not (length.isascii() and length.isdigit() and len(length) <= 3):
        raise PlanError(PlanProblem.LENGTH, "the length is no number")
    return CodeRule(
        Meaning(typed["means"]),
        Symbology(typed["symbology"]),
        tidy(typed["prefix"]).upper(),
        int(length),
        CheckDigit(typed["check"]),
        tidy(typed["start"]).upper(),
        tidy(typed["stop"]).upper(),
        Letters(typed["letters"]),
    )


class RuleGone(Exception):
    """The rule that is to be changed is in the plan no more."""


def with_rule(plan: CodePlan, rule: CodeRule, changed: CodeRule | None = None) -> CodePlan:
    """The plan with this rule, at the end or in place of another.

    Raises:
        RuleGone: the other is not in the plan.
        PlanError: the plan could not tell codes apart any more, or has too many rules.
    """
    rules = list(plan.rules)
    if changed is None:
        rules.append(rule)
    else:
        rules[_place_of(changed, plan)] = rule
    if len(rules) > MOST_RULES:
        raise PlanError(PlanProblem.NO_PLAN, f"a plan has at most {MOST_RULES} rules")
    return CodePlan(tuple(rules), plan.command_prefix)


def without_rule(plan: CodePlan, rule: CodeRule) -> CodePlan:
    """The plan without one of its rules.

    Raises:
        RuleGone: it is not in the plan.
        PlanError: it is the only one: without any number nothing could be lent.
    """
    place = _place_of(rule, plan)
    rules = plan.rules[:place] + plan.rules[place + 1 :]
    if not rules:
        raise PlanError(PlanProblem.NO_PLAN, "a plan has at least one rule")
    return CodePlan(rules, plan.command_prefix)


def _place_of(rule: CodeRule, plan: CodePlan) -> int:
    if rule not in plan.rules:
        raise RuleGone("a colleague has changed it or taken it away")
    return plan.rules.index(rule)
