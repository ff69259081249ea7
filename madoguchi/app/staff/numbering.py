"""Which plan of numbers a terminal works with: its own, else the library's, else what it knows by itself."""

from __future__ import annotations

import json
import logging
from enum import Enum

from madoguchi.barcode.code_plan import CodePlan, PlanError, read_plan

_log = logging.getLogger(__name__)


class Unreadable(Enum):
    """The server says a plan, and nobody can read it."""

    PLAN = "unreadable"


def plan_in_force(
    own_untrusted: object, library_untrusted: str, command_prefix: str
) -> CodePlan | Unreadable | None:
    """The plan that the server's settings say; None: they say none.

    ``own_untrusted`` is this terminal's own (an object of JSON), ``library_untrusted`` the library's setting.
    A plan that cannot be read, or in which a number could begin as a command does, is passed over with a line
    in the log: a counter that goes on with what it has learned is better than one that reads nothing.
    """
    texts = {
        "this terminal's": json.dumps(own_untrusted) if own_untrusted else "",
        "the library's": library_untrusted,
    }
    there = False
    for whose, text in texts.items():
        if not text:
            continue
        there = True
        try:
            plan = read_plan(text)
            CodePlan(plan.rules, command_prefix)
        except PlanError as error:
            _log.warning("%s numbering is passed over: %s", whose, error.problem.value)
        else:
            return plan
    return Unreadable.PLAN if there else None
