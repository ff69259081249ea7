"""A pytest plugin that makes our dialect known to SQLAlchemy's and writes every test's outcome to a file.

Loaded with `-p`, before SQLAlchemy's own plugin, so that a normal run of our own tests sees neither.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from madoguchi.app.server import odbc

pytest.register_assert_rewrite("sqlalchemy.testing.assertions")
odbc.register()

# Tells SQLAlchemy how to prepare a PostgreSQL: it looks for one beside the dialect's module; ours has none.
# Below the line above because it must find the assertions rewritten.
from sqlalchemy.dialects.postgresql import provision  # noqa: E402, F401

_outcomes: dict[str, dict[str, str]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the outcomes go."""
    parser.addoption("--outcomes", type=Path, required=True, help="the JSON file to write every outcome to")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the worst outcome of a test's three phases, and why."""
    if report.failed:
        outcome = "failed" if report.when == "call" else "error"
    elif report.skipped:
        outcome = "xfailed" if hasattr(report, "wasxfail") else "skipped"
    elif report.when == "call":
        outcome = "passed"
    else:
        return
    if _outcomes.get(report.nodeid, {}).get("outcome") not in {"failed", "error"}:
        _outcomes[report.nodeid] = {"outcome": outcome, "reason": _reason(report)}


def _reason(report: pytest.TestReport) -> str:
    if report.passed:
        return ""
    detail: Any = report.longrepr
    if isinstance(detail, tuple):
        return str(detail[2])
    crash = getattr(detail, "reprcrash", None)
    return str(crash.message if crash else detail)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the outcomes."""
    path: Path = session.config.getoption("--outcomes")
    path.write_text(json.dumps(_outcomes, indent=1), encoding="utf-8")
