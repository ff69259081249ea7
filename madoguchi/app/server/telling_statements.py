"""The statements behind who is to be told and what a shelf's slip says, the same on both databases.

Of how somebody can be reached they read the one way that is to be used, and no other.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.telling import Outcome, SlipName
from madoguchi.app.server import tables as t
from madoguchi.app.server.tables.columns import UtcDateTime

_branch_id = sa.bindparam("branch_id", type_=sa.SmallInteger)
_item_number = sa.bindparam("item_number", type_=sa.String)
_today = sa.func.library_day(0, type_=sa.Date)
_midnight = sa.func.library_midnight(type_=UtcDateTime)

_patron, _reservation = t.patron.c, t.reservation.c


def _plain(text: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{text}'", sa.String)


def _told(*where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(t.telling.c.reservation_id == _reservation.id, *where).correlate(t.reservation)


def _mail(*where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(t.outbox.c.reservation_id == _reservation.id, *where).correlate(t.reservation)


def _no_answer(amount: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    return (
        sa.select(amount)
        .select_from(t.telling)
        .where(
            t.telling.c.reservation_id == _reservation.id, t.telling.c.outcome == _plain(Outcome.NO_ANSWER)
        )
        .correlate(t.reservation)
        .scalar_subquery()
    )


_is_said = _told(t.telling.c.outcome != _plain(Outcome.NO_ANSWER))
_is_sent = _mail(t.outbox.c.sent_at.is_not(None))
_waits_to_be_sent = sa.and_(t.outbox.c.sent_at.is_(None), t.outbox.c.failed_at.is_(None))

IS_TOLD: sa.ColumnElement[bool] = sa.or_(_is_said, _is_sent)
"""Of a row of ``reservation`` that is ready: whoever waits for it has been told, or a message was left."""

_mail_goes = _mail(_waits_to_be_sent, t.outbox.c.made_at >= _midnight)
# one that was still there when its day was over counts as one that failed: nobody seems to send
_mail_failed = _mail(
    sa.or_(t.outbox.c.failed_at.is_not(None), sa.and_(_waits_to_be_sent, t.outbox.c.made_at < _midnight))
)

_can_call = _patron.telephone != _plain("")
_can_post = _patron.address != _plain("")
_by_post = sa.and_(_can_post, sa.or_(_patron.notice_by == _plain(NoticeBy.POST_CARD), ~_can_call))

TO_TELL = (
    sa.select(
        _patron.id.label("patron_id"),
        _patron.name,
        _patron.kana,
        sa.case(
            (_by_post, _plain(NoticeBy.POST_CARD)),
            (_can_call, _plain(NoticeBy.TELEPHONE)),
            else_=_patron.notice_by,
        ).label("way"),
        sa.case((_by_post, _patron.postal_code), else_=_plain("")).label("postal_code"),
        sa.case(
            (_by_post, _patron.address),
            (_can_call, _patron.telephone),
            (_patron.notice_by == _plain(NoticeBy.MAIL), _patron.email),
            else_=_plain(""),
        ).label("reach"),
        _reservation.id.label("reservation_id"),
        _reservation.keep_until,
        _no_answer(sa.func.count()).label("tries"),
        sa.type_coerce(_no_answer(sa.func.max(t.telling.c.told_on)), sa.Date).label("last_try"),
        _mail_failed.label("mail_failed"),
    )
    .select_from(t.reservation)
    .join(t.patron, _patron.id == _reservation.patron_id)
    .where(
        _reservation.state == _plain("ready"),
        _reservation.pickup_branch_id == _branch_id,
        # whoever comes too late is not called to come
        _reservation.keep_until >= _today,
        _patron.notice_by != _plain(NoticeBy.NOT_AT_ALL),
        ~IS_TOLD,
        ~_mail_goes,
    )
    .order_by(_reservation.keep_until, _patron.id, _reservation.id)
)
"""A row for each reservation that somebody is to be told of at a branch; the shortest time left first."""

_length = sa.func.length(t.card.c.number)
_kana_initial = sa.func.substr(_patron.kana, 1, 1)
# a number below nought begins elsewhere on either database
_number_end = sa.func.substr(t.card.c.number, sa.case((_length > 4, _length - 3), else_=1))

LABEL: sa.ColumnElement[str] = sa.case(
    (t.policy.c.slip_name == _plain(SlipName.FULL), _patron.name),
    # whoever has no card that works is said by their kana
    (t.policy.c.slip_name == _plain(SlipName.NUMBER_END), sa.func.coalesce(_number_end, _kana_initial)),
    else_=_kana_initial,
)
"""Who a copy on the reservation shelf is for, as the library says it there; of ``policy``, ``patron`` and the
``card`` of theirs that works."""

SHELF_SLIP = (
    sa.select(
        t.item.c.number.label("item_number"),
        t.title.c.title,
        t.title.c.volume,
        LABEL.label("label"),
        t.branch.c.name.label("branch"),
        _reservation.keep_until,
    )
    .select_from(t.item)
    .join(t.title, t.title.c.id == t.item.c.title_id)
    .join(t.policy, t.policy.c.id == 1)
    .join(t.branch, t.branch.c.id == _branch_id)
    .outerjoin(
        t.reservation,
        sa.and_(
            _reservation.trapped_item_id == t.item.c.id,
            _reservation.state == _plain("ready"),
            _reservation.pickup_branch_id == _branch_id,
        ),
    )
    .outerjoin(t.patron, _patron.id == _reservation.patron_id)
    .outerjoin(t.card, sa.and_(t.card.c.patron_id == _patron.id, t.card.c.state == _plain("active")))
    .where(t.item.c.number == _item_number)
)
"""A copy, and who it lies ready for at a branch: without a ``keep_until`` it does not."""
