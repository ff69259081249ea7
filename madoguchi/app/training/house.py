"""The training library's house rules: branches, calendars, kinds, categories, loan terms and policy."""

from __future__ import annotations

import datetime as dt
from typing import Final

import sqlalchemy as sa

from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from madoguchi.app.server import tables as t
from madoguchi.app.training.branches import BRANCHES, training_calendar
from madoguchi.barcode.commands import new_prefix

CALENDAR_YEARS: Final = 3

CATEGORIES: Final = (
    ("resident", "一般・市内在住"),
    ("child", "児童・市内在住"),
    ("wide_area", "広域利用"),
    ("commuter", "市内在勤・在学"),
    ("group", "団体"),
)

# DOMAIN, "Loans". A group's limit is not published; one for each of ten members is this library's example.
TERMS: Final = {LoanGroup.PRINT: (10, 14), LoanGroup.AUDIO: (5, 14), LoanGroup.VIDEO: (2, 14)}
GROUP_PRINT_LIMIT: Final = 100

_DAY: Final = dt.timedelta(days=1)


def fill_rules(connection: sa.Connection, today: dt.date) -> None:
    """Branches, calendars, kinds, categories, loan terms and policy."""
    ids = branch_ids()
    connection.execute(
        t.branch.insert(),
        [
            {
                "id": ids[seed.code],
                "code": seed.code,
                "name": seed.name,
                "short_name": seed.short_name,
                "kind": seed.kind.value,
            }
            for seed in BRANCHES
        ],
    )
    first = today - 60 * _DAY
    last = today.replace(month=12, day=31, year=today.year + CALENDAR_YEARS)
    connection.execute(
        t.closed_day.insert(),
        [
            {"branch_id": ids[seed.code], "day": day, "reason": reason.value}
            for seed in BRANCHES
            for day, reason in training_calendar(seed, first, last).items()
        ],
    )
    connection.execute(
        t.material_kind.insert(),
        [{"code": kind.value, "loan_group": group_of(kind).value} for kind in MaterialKind],
    )
    connection.execute(
        t.patron_category.insert(), [{"code": code, "name": name} for code, name in CATEGORIES]
    )
    connection.execute(
        t.loan_term.insert(),
        [
            {
                "category": code,
                "loan_group": group.value,
                "max_loans": GROUP_PRINT_LIMIT if (code, group) == ("group", LoanGroup.PRINT) else limit,
                "loan_days": days,
            }
            for code, _ in CATEGORIES
            for group, (limit, days) in TERMS.items()
        ],
    )
    connection.execute(
        t.policy.insert().values(
            id=1,
            time_zone="Asia/Tokyo",
            overdue_block_days=30,
            card_idle_years=3,
            max_renewals=1,
            due_on_open_day=True,
            undo_minutes=10,
            shelf_open_days=7,
            backdate_days=7,
            max_reservations=6,
            command_prefix=new_prefix(),
        )
    )


def branch_ids() -> dict[str, int]:
    """The key of each branch, by its code."""
    return {seed.code: place for place, seed in enumerate(BRANCHES, start=1)}
