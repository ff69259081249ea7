"""The statements behind the counter's reads: one for each, the same on PostgreSQL and on SQLite.

``library_clock()`` and ``library_day(n)`` are functions of the database on PostgreSQL and of the
connection on SQLite: the server's own clock says what day it is.
"""

from __future__ import annotations

import dataclasses

import sqlalchemy as sa

from madoguchi.app.lending.facts import CountedAct
from madoguchi.app.lending.rules import Policy
from madoguchi.app.server import tables as t
from madoguchi.app.server.title_statements import on_shelf

# Far enough for the longest loan and the shelf's open days over the longest closure.
HORIZON_DAYS = 120

NOTES_APART = "／"
"""What stands between a patron's notes where they are shown in one line."""

_today = sa.func.library_day(0, type_=sa.Date)

_card_number = sa.bindparam("card_number", type_=sa.String)
_item_number = sa.bindparam("item_number", type_=sa.String)
_branch_id = sa.bindparam("branch_id", type_=sa.SmallInteger)
_operation = sa.bindparam("operation", type_=sa.Uuid)
_visit = sa.bindparam("visit", type_=sa.Uuid)
_title_id = sa.bindparam("title_id", type_=sa.BigInteger)
_pickup_branch_id = sa.bindparam("pickup_branch_id", type_=sa.BigInteger)
_login = sa.bindparam("login", type_=sa.String)

_closed_days = (
    sa.select(sa.func.aggregate_strings(sa.cast(t.closed_day.c.day, sa.Text), ","))
    .where(
        t.closed_day.c.branch_id == _branch_id,
        t.closed_day.c.day.between(
            sa.func.library_day(-31, type_=sa.Date), sa.func.library_day(HORIZON_DAYS, type_=sa.Date)
        ),
    )
    .scalar_subquery()
)

# the settings that a rule of lending is told: the fields of rules.Policy
_POLICY = frozenset(field.name for field in dataclasses.fields(Policy))


def awake(queued: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether a reservation that waits is not passed over (一時停止) today."""
    return sa.or_(sa.not_(queued.c.suspended), sa.func.coalesce(queued.c.resume_on <= _today, sa.false()))


_day_columns = [
    _today.label("today"),
    *(column.label(f"policy_{column.name}") for column in t.policy.c if column.name in _POLICY),
    _closed_days.label("closed_days"),
]

_note = t.patron_note.alias("note")
_note_holds = sa.and_(
    _note.c.patron_id == t.patron.c.id, sa.or_(_note.c.ends_on.is_(None), _note.c.ends_on >= _today)
)
# what blocks comes first, then the older ones
_notes_in_order = (
    sa.select(_note.c.text)
    .where(_note_holds)
    .order_by(_note.c.blocks.desc(), _note.c.made_on, _note.c.id)
    .correlate(t.patron)
    .subquery("held")
)

_patron_columns = [
    t.card.c.number.label("card_number"),
    t.card.c.state.label("card_state"),
    t.patron.c.id.label("patron_id"),
    t.patron.c.last_used_on.label("last_used_on"),
    sa.exists().where(_note_holds, _note.c.blocks).correlate(t.patron).label("blocked"),
]

# who they are: shown when the card is scanned, and in no other read
_person_columns = [
    t.patron.c.name.label("patron_name"),
    t.patron.c.kana.label("patron_kana"),
    t.patron_category.c.name.label("category_name"),
    sa.select(sa.func.aggregate_strings(_notes_in_order.c.text, NOTES_APART))
    .scalar_subquery()
    .label("patron_note"),
]

_open_loan = t.loan.alias("open_loan")
_own_item = t.item.alias("own_item")
_own_kind = t.material_kind.alias("own_kind")


def _open_loans_in(loan_group: sa.ColumnElement[str]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(
            _open_loan.join(_own_item, _own_item.c.id == _open_loan.c.item_id).join(
                _own_kind, _own_kind.c.code == _own_item.c.kind
            )
        )
        .where(
            _open_loan.c.patron_id == t.patron.c.id,
            _open_loan.c.returned_at.is_(None),
            _own_kind.c.loan_group == loan_group,
        )
        .correlate(t.patron, t.material_kind, t.loan_term)
        .scalar_subquery()
    )


_oldest_due_on = (
    sa.select(sa.func.min(_open_loan.c.due_on))
    .where(_open_loan.c.patron_id == t.patron.c.id, _open_loan.c.returned_at.is_(None))
    .correlate(t.patron)
    .scalar_subquery()
)

# what lies ready at other branches: how many at each, by whichever is read as it is written here
_elsewhere = (
    sa.select((sa.cast(sa.func.count(), sa.Text) + "," + t.branch.c.name).label("text"))
    .select_from(t.reservation.join(t.branch, t.branch.c.id == t.reservation.c.pickup_branch_id))
    .where(
        t.reservation.c.patron_id == t.patron.c.id,
        t.reservation.c.state == "ready",
        t.reservation.c.pickup_branch_id != _branch_id,
    )
    .group_by(t.branch.c.id, t.branch.c.name)
    .order_by(t.branch.c.id)
    .correlate(t.patron)
    .subquery("elsewhere")
)

PATRON = (
    sa.select(
        *_day_columns,
        *_patron_columns,
        *_person_columns,
        t.loan_term.c.loan_group,
        t.loan_term.c.max_loans,
        _open_loans_in(t.loan_term.c.loan_group).label("open_loans"),
        _oldest_due_on.label("oldest_due_on"),
        sa.select(sa.func.count())
        .where(
            _open_loan.c.patron_id == t.patron.c.id,
            _open_loan.c.returned_at.is_(None),
            _open_loan.c.due_on < _today,
        )
        .correlate(t.patron)
        .scalar_subquery()
        .label("overdue_items"),
        sa.select(sa.func.count())
        .where(
            t.reservation.c.patron_id == t.patron.c.id,
            t.reservation.c.state == "ready",
            t.reservation.c.pickup_branch_id == _branch_id,
        )
        .correlate(t.patron)
        .scalar_subquery()
        .label("ready_reservations"),
        sa.select(sa.func.count())
        .where(t.reservation.c.patron_id == t.patron.c.id, t.reservation.c.state == "in_transit")
        .correlate(t.patron)
        .scalar_subquery()
        .label("travelling_reservations"),
        sa.select(sa.func.aggregate_strings(_elsewhere.c.text, NOTES_APART))
        .scalar_subquery()
        .label("ready_elsewhere"),
    )
    .select_from(
        t.card.join(t.patron, t.patron.c.id == t.card.c.patron_id)
        .join(t.patron_category, t.patron_category.c.code == t.patron.c.category)
        .join(t.loan_term, t.loan_term.c.category == t.patron.c.category)
        .join(t.policy, sa.true())
    )
    .where(t.card.c.number == _card_number)
)

# --- an item, its open loan, and the reservation it is meant for -------------------------------

_borrower = t.patron.alias("borrower")
_loan_term = t.loan_term.alias("borrower_term")
_home = t.branch.alias("home")
_pickup = t.branch.alias("pickup")
_head = t.reservation.alias("head")
_queued = t.reservation.alias("queued")

# those that are passed over today are in nobody's way, and a copy that is not lent answers none
_in_queue = sa.and_(
    sa.not_(t.item.c.reference_only),
    _queued.c.title_id == t.item.c.title_id,
    _queued.c.state == "waiting",
    awake(_queued),
    sa.or_(_queued.c.item_id.is_(None), _queued.c.item_id == t.item.c.id),
)

_head_id = sa.func.coalesce(
    sa.select(_queued.c.id)
    .where(_queued.c.trapped_item_id == t.item.c.id, _queued.c.state.in_(("in_transit", "ready")))
    .correlate(t.item)
    .scalar_subquery(),
    sa.select(_queued.c.id)
    .where(_in_queue)
    .order_by(_queued.c.placed_at, _queued.c.id)
    .limit(1)
    .correlate(t.item)
    .scalar_subquery(),
)

_item_columns = [
    t.item.c.number.label("item_number"),
    t.item.c.kind,
    t.item.c.reference_only,
    t.item.c.borrowed_from,
    t.item.c.attachments,
    t.item.c.note.label("item_note"),
    t.item.c.home_branch_id,
    _home.c.name.label("home_branch"),
    t.title.c.title,
    t.title.c.volume,
    t.title.c.statement,
    t.material_kind.c.loan_group,
    t.loan.c.id.label("loan_id"),
    t.loan.c.patron_id.label("loan_patron_id"),
    t.loan.c.lent_on,
    t.loan.c.due_on,
    t.loan.c.renewals,
    _loan_term.c.max_loans.label("loan_max_loans"),
    _loan_term.c.loan_days.label("loan_days"),
    _head.c.id.label("head_id"),
    _head.c.patron_id.label("head_patron_id"),
    _head.c.pickup_branch_id.label("head_pickup_branch_id"),
    _pickup.c.name.label("head_pickup_branch"),
    _head.c.state.label("head_state"),
    sa.select(sa.func.count())
    .select_from(_queued)
    .where(_in_queue)
    .correlate(t.item)
    .scalar_subquery()
    .label("waiting"),
    sa.select(sa.func.count())
    .select_from(_queued)
    .where(_in_queue, _queued.c.patron_id != t.loan.c.patron_id)
    .correlate(t.item, t.loan)
    .scalar_subquery()
    .label("others_waiting"),
]

_earlier_columns = [
    sa.select(t.operation.c.act).where(t.operation.c.id == _operation).scalar_subquery().label("earlier_act"),
    sa.select(t.operation.c.answer)
    .where(t.operation.c.id == _operation)
    .scalar_subquery()
    .label("earlier_answer"),
]


def _with_item(base: sa.FromClause) -> sa.FromClause:
    """``base`` and, if the number is known, the item with all that surrounds it."""
    return (
        base.outerjoin(t.item, t.item.c.number == _item_number)
        .outerjoin(t.title, t.title.c.id == t.item.c.title_id)
        .outerjoin(_home, _home.c.id == t.item.c.home_branch_id)
        .outerjoin(t.material_kind, t.material_kind.c.code == t.item.c.kind)
        .outerjoin(t.loan, sa.and_(t.loan.c.item_id == t.item.c.id, t.loan.c.returned_at.is_(None)))
        .outerjoin(_borrower, _borrower.c.id == t.loan.c.patron_id)
        .outerjoin(
            _loan_term,
            sa.and_(
                _loan_term.c.category == _borrower.c.category,
                _loan_term.c.loan_group == t.material_kind.c.loan_group,
            ),
        )
        .outerjoin(_head, _head.c.id == _head_id)
        .outerjoin(_pickup, _pickup.c.id == _head.c.pickup_branch_id)
    )


ITEM = sa.select(*_day_columns, *_item_columns, *_earlier_columns).select_from(_with_item(t.policy))

_own_place = t.reservation.alias("own_place")
_own_is_earlier = (
    sa.exists()
    .where(
        _own_place.c.title_id == t.item.c.title_id,
        _own_place.c.state == "waiting",
        awake(_own_place),
        _own_place.c.patron_id == t.patron.c.id,
        # a place in the queue for another copy is none in the queue for this one
        sa.or_(_own_place.c.item_id.is_(None), _own_place.c.item_id == t.item.c.id),
        sa.or_(
            _own_place.c.placed_at < _queued.c.placed_at,
            sa.and_(_own_place.c.placed_at == _queued.c.placed_at, _own_place.c.id < _queued.c.id),
        ),
    )
    # said aloud: two levels down SQLAlchemy would take every item and patron anew
    .correlate(t.item, t.patron, _queued)
)

CHECKOUT = sa.select(
    *_day_columns,
    *_patron_columns,
    *_item_columns,
    *_earlier_columns,
    t.loan_term.c.max_loans,
    t.loan_term.c.loan_days.label("term_days"),
    _open_loans_in(t.material_kind.c.loan_group).label("open_loans"),
    _oldest_due_on.label("oldest_due_on"),
    sa.select(sa.func.count())
    .select_from(_queued)
    .where(_in_queue, _queued.c.patron_id != t.patron.c.id, ~_own_is_earlier)
    .correlate(t.item, t.patron)
    .scalar_subquery()
    .label("others_ahead"),
    sa.select(sa.func.aggregate_strings(t.loan_override.c.refusal, ","))
    .where(
        t.loan_override.c.visit_id == _visit,
        t.loan_override.c.patron_id == t.patron.c.id,
        t.loan_override.c.login == _login,
        sa.or_(
            t.loan_override.c.item_id == t.item.c.id,
            # about the patron; one whose item was erased holds for no item any more
            sa.and_(t.loan_override.c.item_id.is_(None), sa.not_(t.loan_override.c.item_erased)),
        ),
    )
    .correlate(t.patron, t.item)
    .scalar_subquery()
    .label("overrides"),
).select_from(
    _with_item(
        t.policy.outerjoin(t.card, t.card.c.number == _card_number).outerjoin(
            t.patron, t.patron.c.id == t.card.c.patron_id
        )
    ).outerjoin(
        t.loan_term,
        sa.and_(
            t.loan_term.c.category == t.patron.c.category,
            t.loan_term.c.loan_group == t.material_kind.c.loan_group,
        ),
    )
)

# --- a title that a patron wants, or one copy of it ---------------------------------------------

_copy = t.item.alias("copy")
_own = t.reservation.alias("own")
_first_copy = t.item.alias("first_copy")
_first_kind = t.material_kind.alias("first_kind")
_own_active = sa.and_(_own.c.patron_id == t.patron.c.id, _own.c.state.in_(("waiting", "in_transit", "ready")))


def _copies_to_lend(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(t.item)
        .where(
            t.item.c.title_id == t.title.c.id,
            sa.not_(t.item.c.reference_only),
            sa.or_(_item_number.is_(None), t.item.c.number == _item_number),
            *where,
        )
        .correlate(t.title)
        .scalar_subquery()
    )


def _group_of_first_copy(*where: sa.ColumnElement[bool], of: sa.FromClause) -> sa.ScalarSelect[str]:
    """The loan group that a reservation counts in: that of its copy, or of the title's first that is lent."""
    return (
        sa.select(_first_kind.c.loan_group)
        .select_from(_first_copy.join(_first_kind, _first_kind.c.code == _first_copy.c.kind))
        .where(sa.not_(_first_copy.c.reference_only), *where)
        .order_by(_first_copy.c.id)
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def _waiting(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(_queued)
        .where(
            _queued.c.title_id == t.title.c.id,
            _queued.c.state == "waiting",
            sa.or_(_item_number.is_(None), _queued.c.item_id.is_(None), _queued.c.item_id == _copy.c.id),
            *where,
        )
        .correlate(t.title, _copy)
        .scalar_subquery()
    )


RESERVATION = sa.select(
    *_day_columns,
    t.policy.c.max_reservations,
    *_patron_columns,
    _oldest_due_on.label("oldest_due_on"),
    sa.select(sa.func.count())
    .select_from(_own)
    .where(_own_active)
    .correlate(t.patron)
    .scalar_subquery()
    .label("reservations"),
    t.loan_term.c.max_reservations.label("max_of_group"),
    sa.select(sa.func.count())
    .select_from(_own)
    .where(
        _own_active,
        t.loan_term.c.loan_group
        == _group_of_first_copy(
            _first_copy.c.title_id == _own.c.title_id,
            sa.or_(_own.c.item_id.is_(None), _first_copy.c.id == _own.c.item_id),
            of=_own,
        ),
    )
    .correlate(t.patron, t.loan_term)
    .scalar_subquery()
    .label("reservations_of_group"),
    t.title.c.id.label("title_id"),
    t.title.c.title,
    t.title.c.volume,
    sa.exists()
    .where(_own_active, _own.c.title_id == t.title.c.id)
    .correlate(t.patron, t.title)
    .label("reserved_by_patron"),
    sa.select(sa.func.min(_open_loan.c.due_on))
    .select_from(_open_loan.join(_own_item, _own_item.c.id == _open_loan.c.item_id))
    .where(
        _open_loan.c.patron_id == t.patron.c.id,
        _open_loan.c.returned_at.is_(None),
        _own_item.c.title_id == t.title.c.id,
    )
    .correlate(t.patron, t.title)
    .scalar_subquery()
    .label("due_on"),
    _copies_to_lend().label("copies_to_lend"),
    _copies_to_lend(on_shelf).label("on_shelf"),
    _waiting().label("waiting"),
    _waiting(sa.not_(awake(_queued))).label("passed_over"),
    _copy.c.number.label("copy_number"),
    _copy.c.reference_only.label("copy_reference_only"),
    _pickup.c.name.label("pickup_branch"),
    *_earlier_columns,
).select_from(
    t.policy.outerjoin(t.card, t.card.c.number == _card_number)
    .outerjoin(t.patron, t.patron.c.id == t.card.c.patron_id)
    .outerjoin(t.title, t.title.c.id == _title_id)
    .outerjoin(_copy, sa.and_(_copy.c.number == _item_number, _copy.c.title_id == t.title.c.id))
    .outerjoin(_pickup, _pickup.c.id == _pickup_branch_id)
    .outerjoin(
        t.loan_term,
        sa.and_(
            t.loan_term.c.category == t.patron.c.category,
            t.loan_term.c.loan_group
            == _group_of_first_copy(
                _first_copy.c.title_id == t.title.c.id,
                sa.or_(_item_number.is_(None), _first_copy.c.number == _item_number),
                of=t.title,
            ),
        ),
    )
)

TODAY_AT_COUNTER = (
    sa.select(t.statistic.c.hour, t.statistic.c.act, sa.func.sum(t.statistic.c.amount).label("amount"))
    .where(
        t.statistic.c.day == _today,
        t.statistic.c.branch_id == _branch_id,
        t.statistic.c.act.in_([act.value for act in CountedAct]),
    )
    .group_by(t.statistic.c.hour, t.statistic.c.act)
    .order_by(t.statistic.c.hour, t.statistic.c.act)
)
