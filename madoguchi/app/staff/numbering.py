"""Which plan of numbers a terminal works with: its own, else the library's, else what it knows by itself."""

from __future__ import annotations

import json
import logging

from madoguchi.barcode.code_plan import CodePlan, PlanError, read_plan

_log = logging.getLogger(__name__)


def plan_in_force(own_untrusted: object, library_untrusted: str, command_prefix: str) -> CodePlan | None:
    """The plan that the server's settings say; None: they say none that could be used.

    ``own_untrusted`` is this terminal's own (an object of JSON), ``library_untrusted`` the library's setting.
    A plan that cannot be read, or in which a number could begin as a command does, is passed over with a line
    in the log: a counter that reads nothing would be worse.
    """
    texts = {
        "this terminal's": json.dumps(own_untrusted) if own_untrusted else "",
        "the library's": library_untrusted,
    }
    for whose, text in texts.items():
        if not text:
            continue
        try:
            plan = read_plan(text)
            CodePlan(plan.rules, command_prefix)
        except PlanError as error:
            _log.warning("%s numbering is passed over: %s", whose, error.problem.value)
        else:
            return plan
    return None
