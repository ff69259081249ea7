"""The statements behind what is shown of one patron, the same on PostgreSQL and on SQLite."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.server import tables as t

_today = sa.func.library_day(0, type_=sa.Date)
_patron_id = sa.bindparam("patron_id", type_=sa.BigInteger)
_open = (t.loan.c.patron_id == t.patron.c.id, t.loan.c.returned_at.is_(None))


def _count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count()).select_from(table).where(*conditions).correlate(t.patron).scalar_subquery()
    )


FILE = (
    sa.select(
        t.patron.c.id.label("patron_id"),
        sa.select(t.card.c.number)
        .where(t.card.c.patron_id == t.patron.c.id, t.card.c.state == "active")
        .correlate(t.patron)
        .scalar_subquery()
        .label("card_number"),
        t.patron.c.name,
        t.patron.c.kana,
        t.patron.c.category,
        t.patron_category.c.name.label("category_name"),
        t.patron.c.notice_by,
        t.patron.c.registered_on,
        t.patron.c.last_used_on,
        t.policy.c.card_idle_years,
        _today.label("today"),
        t.patron.c.version,
        _count(t.loan, *_open).label("open_loans"),
        _count(t.loan, *_open, t.loan.c.due_on < _today).label("overdue_items"),
        _count(
            t.reservation, t.reservation.c.patron_id == t.patron.c.id, t.reservation.c.state != "lent"
        ).label("reservations"),
        _count(t.card, t.card.c.patron_id == t.patron.c.id, t.card.c.state == "lost").label("lost_cards"),
    )
    .select_from(t.patron)
    .join(t.patron_category, t.patron_category.c.code == t.patron.c.category)
    .join(t.policy, t.policy.c.id == 1)
    .where(t.patron.c.id == _patron_id)
)
"""A patron as shown when opened: nothing of where they live or how to reach them."""

PERSON = sa.select(
    t.patron.c.name,
    t.patron.c.kana,
    t.patron.c.birth_date,
    t.patron.c.category,
    t.patron.c.postal_code,
    t.patron.c.address,
    t.patron.c.telephone,
    t.patron.c.email,
    t.patron.c.notice_by,
    t.patron.c.proof,
).where(t.patron.c.id == _patron_id)
"""What is kept of a person."""

_terms = (
    sa.select(t.loan_term.c.category)
    .where(
        t.loan_term.c.category == t.patron_category.c.code,
        t.loan_term.c.loan_group == t.material_kind.c.loan_group,
    )
    .correlate(t.patron_category, t.material_kind)
)
_kind_without_terms = sa.select(t.material_kind.c.code).where(~_terms.exists()).correlate(t.patron_category)

USABLE_CATEGORIES = (
    sa.select(t.patron_category.c.code, t.patron_category.c.name)
    .where(~_kind_without_terms.exists())
    .order_by(t.patron_category.c.code)
)
"""The categories that everything can be lent by."""
