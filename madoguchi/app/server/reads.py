"""The reads of the counter: one statement each, the same on PostgreSQL and on SQLite.

Each brings everything its act is decided on, so that a scan costs one trip to read and one to
write.  The server's own clock says what day it is: ``library_clock()`` and ``library_day(n)`` are
functions of the database on PostgreSQL and of the connection on SQLite.
"""

from __future__ import annotations

import datetime as dt
import json
from uuid import UUID

import sqlalchemy as sa

from madoguchi.app.lending.calendar import ClosedDays
from madoguchi.app.lending.facts import (
    CheckoutFacts,
    Desk,
    GroupUse,
    ItemFacts,
    ItemOnlyFacts,
    ItemShown,
    LoanFacts,
    PatronFacts,
    QueueHead,
    Today,
    Verdict,
)
from madoguchi.app.lending.materials import LoanGroup, MaterialKind
from madoguchi.app.lending.rules import LoanTerm, Policy, Refusal
from madoguchi.app.server import tables as t

# Far enough for the longest loan and the shelf's open days over the longest closure.
HORIZON_DAYS = 120

Row = sa.RowMapping

_today = sa.func.library_day(0, type_=sa.Date)

_card_number = sa.bindparam("card_number", type_=sa.String)
_item_number = sa.bindparam("item_number", type_=sa.String)
_branch_id = sa.bindparam("branch_id", type_=sa.SmallInteger)
_operation = sa.bindparam("operation", type_=sa.Uuid)
_visit = sa.bindparam("visit", type_=sa.Uuid)

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

_day_columns = [
    _today.label("today"),
    *(
        column.label(f"policy_{column.name}")
        for column in t.policy.c
        if column.name not in ("id", "time_zone")
    ),
    _closed_days.label("closed_days"),
]

_patron_columns = [
    t.card.c.number.label("card_number"),
    t.card.c.state.label("card_state"),
    t.patron.c.id.label("patron_id"),
    t.patron.c.name.label("patron_name"),
    t.patron.c.kana.label("patron_kana"),
    t.patron_category.c.name.label("category_name"),
    t.patron.c.note.label("patron_note"),
    t.patron.c.last_used_on.label("last_used_on"),
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

_PATRON = (
    sa.select(
        *_day_columns,
        *_patron_columns,
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

_in_queue = sa.and_(
    _queued.c.title_id == t.item.c.title_id,
    _queued.c.state == "waiting",
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


_ITEM = sa.select(*_day_columns, *_item_columns, *_earlier_columns).select_from(_with_item(t.policy))

_own_place = t.reservation.alias("own_place")
_own_is_earlier = (
    sa.exists()
    .where(
        _own_place.c.title_id == t.item.c.title_id,
        _own_place.c.state == "waiting",
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

_CHECKOUT = sa.select(
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
    .where(t.loan_override.c.visit_id == _visit, t.loan_override.c.patron_id == t.patron.c.id)
    .correlate(t.patron)
    .scalar_subquery()
    .label("overrides"),
).select_from(
    _with_item(
        t.policy.outerjoin(t.card, t.card.c.number == _card_number)
        .outerjoin(t.patron, t.patron.c.id == t.card.c.patron_id)
        .outerjoin(t.patron_category, t.patron_category.c.code == t.patron.c.category)
    ).outerjoin(
        t.loan_term,
        sa.and_(
            t.loan_term.c.category == t.patron.c.category,
            t.loan_term.c.loan_group == t.material_kind.c.loan_group,
        ),
    )
)


class SqlReads:
    """The reads over one open connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def prepare(self) -> None:
        """Has the driver learn the columns of every read, so that no scan pays for it.

        psqlodbc asks for a table's columns once a connection, a round trip each (measured: six before
        the first checkout); no option of the driver switches that off.
        """
        nowhere = Desk(branch_id=0, terminal="", login="")
        self.patron("", nowhere)
        self.checkout(UUID(int=0), UUID(int=0), "", "", nowhere)
        self.item(UUID(int=0), "", nowhere)

    def patron(self, card_number: str, desk: Desk) -> PatronFacts | None:
        """The patron a card belongs to, or None if no card has the number."""
        rows = (
            self._connection.execute(_PATRON, {"card_number": card_number, "branch_id": desk.branch_id})
            .mappings()
            .all()
        )
        if not rows:
            return None
        uses = {
            LoanGroup(row["loan_group"]): GroupUse(
                LoanGroup(row["loan_group"]), row["open_loans"], row["max_loans"]
            )
            for row in rows
        }
        row = rows[0]
        return _patron(
            row,
            _read_today(row),
            uses=tuple(uses[group] for group in LoanGroup if group in uses),
            overdue_items=row["overdue_items"],
            ready_reservations=row["ready_reservations"],
        )

    def checkout(
        self, operation: UUID, visit: UUID, card_number: str, item_number: str, desk: Desk
    ) -> CheckoutFacts:
        """All a checkout is decided on."""
        row = (
            self._connection.execute(
                _CHECKOUT,
                {
                    "operation": operation,
                    "visit": visit,
                    "card_number": card_number,
                    "item_number": item_number,
                    "branch_id": desk.branch_id,
                },
            )
            .mappings()
            .one()
        )
        today = _read_today(row)
        known = row["patron_id"] is not None and row["item_number"] is not None
        return CheckoutFacts(
            today=today,
            patron=None
            if row["patron_id"] is None
            else _patron(
                row,
                today,
                uses=(GroupUse(LoanGroup(row["loan_group"]), row["open_loans"], row["max_loans"]),)
                if known
                else (),
            ),
            item=_read_item(row),
            term=LoanTerm(row["max_loans"], row["term_days"]) if known else None,
            overrides=frozenset(Refusal(name) for name in (row["overrides"] or "").split(",") if name),
            others_ahead=row["others_ahead"] or 0,
            earlier=read_earlier(row["earlier_act"], row["earlier_answer"]),
        )

    def item(self, operation: UUID, item_number: str, desk: Desk) -> ItemOnlyFacts:
        """All a return, or a renewal by item, is decided on."""
        row = (
            self._connection.execute(
                _ITEM, {"operation": operation, "item_number": item_number, "branch_id": desk.branch_id}
            )
            .mappings()
            .one()
        )
        return ItemOnlyFacts(
            today=_read_today(row),
            item=_read_item(row),
            earlier=read_earlier(row["earlier_act"], row["earlier_answer"]),
        )


def read_earlier(act: str | None, answer: str | None) -> Verdict | None:
    """The verdict an operation already got; its values are gone once its loan is erased."""
    if act is None:
        return None
    if act == "cancelled":
        return Verdict(Refusal.CANCELLED)
    if answer is None:
        return Verdict(Refusal.ANSWER_ERASED)
    return parse_verdict(answer)


def parse_verdict(answer: str) -> Verdict:
    """A verdict from the JSON text that every guarded write answers and remembers."""
    values = json.loads(answer)
    refusal = values.pop("refusal")
    return Verdict(None if refusal is None else Refusal(refusal), values)


def _read_today(row: Row) -> Today:
    day: dt.date = row["today"]
    closed = (dt.date.fromisoformat(text) for text in (row["closed_days"] or "").split(",") if text)
    return Today(
        day=day,
        policy=Policy(
            overdue_block_days=row["policy_overdue_block_days"],
            card_idle_years=row["policy_card_idle_years"],
            max_renewals=row["policy_max_renewals"],
            due_on_open_day=row["policy_due_on_open_day"],
            undo_minutes=row["policy_undo_minutes"],
            shelf_open_days=row["policy_shelf_open_days"],
            backdate_days=row["policy_backdate_days"],
        ),
        calendar=ClosedDays.of(
            closed,
            first=day - dt.timedelta(days=31),
            last=day + dt.timedelta(days=HORIZON_DAYS),
        ),
    )


def _patron(
    row: Row,
    today: Today,
    *,
    uses: tuple[GroupUse, ...],
    overdue_items: int = 0,
    ready_reservations: int = 0,
) -> PatronFacts:
    return PatronFacts(
        patron_id=row["patron_id"],
        number=row["card_number"],
        lost=row["card_state"] == "lost",
        name=row["patron_name"],
        kana=row["patron_kana"],
        category=row["category_name"],
        note=row["patron_note"],
        last_used_on=row["last_used_on"],
        uses=uses,
        overdue_items=overdue_items,
        oldest_due_on=row["oldest_due_on"],
        ready_reservations=ready_reservations,
        today=today,
    )


def _read_item(row: Row) -> ItemFacts | None:
    if row["item_number"] is None:
        return None
    return ItemFacts(
        shown=ItemShown(
            number=row["item_number"],
            title=" ".join(part for part in (row["title"], row["volume"]) if part),
            creators=row["statement"],
            kind=MaterialKind(row["kind"]),
            attachments=row["attachments"],
            note=row["item_note"],
        ),
        group=LoanGroup(row["loan_group"]),
        reference_only=row["reference_only"],
        borrowed_from=row["borrowed_from"],
        home_branch_id=row["home_branch_id"],
        home_branch=row["home_branch"],
        loan=None
        if row["loan_id"] is None
        else LoanFacts(
            loan_id=row["loan_id"],
            patron_id=row["loan_patron_id"],
            lent_on=row["lent_on"],
            due_on=row["due_on"],
            renewals=row["renewals"],
            term=LoanTerm(row["loan_max_loans"], row["loan_days"]),
        ),
        head=None
        if row["head_id"] is None
        else QueueHead(
            reservation_id=row["head_id"],
            patron_id=row["head_patron_id"],
            pickup_branch_id=row["head_pickup_branch_id"],
            pickup_branch=row["head_pickup_branch"],
            state=row["head_state"],
        ),
        waiting=row["waiting"],
        others_waiting=row["others_waiting"],
    )
