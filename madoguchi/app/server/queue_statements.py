"""The statements behind what a patron waits for and a title's queue: the same on PostgreSQL and on SQLite.

A place in a queue counts all who wait before it, those that are passed over (一時停止) with them.
"""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.app.server.statements import awake
from madoguchi.app.server.title_statements import TRAPPED, WAITING

_today = sa.func.library_day(0, type_=sa.Date)

_card_number = sa.bindparam("card_number", type_=sa.String)
_branch_id = sa.bindparam("branch_id", type_=sa.SmallInteger)
_patron_id = sa.bindparam("patron_id", type_=sa.BigInteger)
_title_id = sa.bindparam("title_id", type_=sa.BigInteger)
_login = sa.bindparam("login", type_=sa.String)

_one = t.reservation.alias("one")
_other = t.reservation.alias("other")
_asked = t.item.alias("asked")
_pickup = t.branch.alias("pickup")

_in_its_queue = sa.and_(_other.c.title_id == _one.c.title_id, _other.c.state == WAITING)
_not_after_it = sa.or_(
    _other.c.placed_at < _one.c.placed_at,
    sa.and_(_other.c.placed_at == _one.c.placed_at, _other.c.id <= _one.c.id),
)


def _count(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(_other).where(*where).correlate(_one).scalar_subquery()


# first what lies ready, then what is on its way
_by_state = sa.case((_one.c.state == "ready", 0), (_one.c.state == "in_transit", 1), else_=2)
_in_order = (_by_state, _one.c.placed_at, _one.c.id)

_state = sa.case(
    (sa.and_(_one.c.state == "waiting", sa.not_(awake(_one))), "suspended"), else_=_one.c.state
).label("state")

_columns = [
    _one.c.id.label("reservation_id"),
    _asked.c.number.label("item_number"),
    _one.c.pickup_branch_id,
    _pickup.c.name.label("pickup_branch"),
    _one.c.placed_at,
    _one.c.asked_on,
    _state,
    _one.c.resume_on,
    _one.c.keep_until,
]
_of_reservation = _one.join(_pickup, _pickup.c.id == _one.c.pickup_branch_id).outerjoin(
    _asked, _asked.c.id == _one.c.item_id
)

WAITER = (
    sa.select(
        t.patron.c.id.label("patron_id"),
        t.patron.c.name,
        t.card.c.number.label("card_number"),
        _today.label("today"),
        t.policy.c.time_zone,
        t.policy.c.max_reservations,
    )
    .select_from(
        t.card.join(t.patron, t.patron.c.id == t.card.c.patron_id).join(t.policy, t.policy.c.id == 1)
    )
    .where(t.card.c.number == _card_number)
)

WAITED_FOR = (
    sa.select(
        *_columns,
        _one.c.title_id,
        t.title.c.title,
        t.title.c.volume,
        t.title.c.statement,
        sa.case((_one.c.state == "waiting", _count(_in_its_queue, _not_after_it)), else_=0).label("place"),
        _count(_in_its_queue).label("waiting"),
        (_one.c.pickup_branch_id == _branch_id).label("here"),
    )
    .select_from(_of_reservation.join(t.title, t.title.c.id == _one.c.title_id))
    .where(_one.c.patron_id == _patron_id, _one.c.state != "lent")
    .order_by(*_in_order)
)

QUEUED_TITLE = (
    sa.select(
        t.title.c.id.label("title_id"),
        t.title.c.title,
        t.title.c.volume,
        _today.label("today"),
        t.policy.c.time_zone,
    )
    .select_from(t.title.join(t.policy, t.policy.c.id == 1))
    .where(t.title.c.id == _title_id)
)

_whole = t.card.c.number
# to contract staff positions are shared, and whose they are of the patrons of their branches alone
_told = sa.or_(
    ~sa.exists().where(t.staff.c.login == _login, t.staff.c.role == "contract_staff"),
    sa.exists()
    .where(t.staff_branch.c.login == _login, t.staff_branch.c.branch_id == t.patron.c.branch_id)
    .correlate(t.patron),
)

WHO_WAITS = (
    sa.select(
        *_columns,
        sa.case(
            (sa.not_(_told), ""),
            (sa.func.length(_whole) > 4, sa.func.substr(_whole, sa.func.length(_whole) - 3)),
            else_=sa.func.coalesce(_whole, ""),
        ).label("number_end"),
        sa.case((_told, sa.func.substr(t.patron.c.kana, 1, 1)), else_="").label("kana_initial"),
    )
    .select_from(
        _of_reservation.join(t.patron, t.patron.c.id == _one.c.patron_id).outerjoin(
            t.card, sa.and_(t.card.c.patron_id == t.patron.c.id, t.card.c.state == "active")
        )
    )
    # so that each half finds its own index
    .where(
        sa.or_(
            sa.and_(_one.c.title_id == _title_id, _one.c.state == WAITING),
            sa.and_(_one.c.title_id == _title_id, _one.c.state.in_(TRAPPED)),
        )
    )
    .order_by(*_in_order)
)
