"""The statements behind the lists of a branch: what is looked for, what travels, what lies on the shelf.

The same on PostgreSQL and on SQLite. No person is in them but on the reservation shelf, as a setting lets it
be said. The rows are put in order by ``rounds``: letters stand alike on both.
"""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.reservations.telling import Outcome, SlipName
from madoguchi.app.server import tables as t
from madoguchi.app.server.statements import awake
from madoguchi.app.server.tables.columns import BigId
from madoguchi.app.server.title_statements import TRAPPED, WAITING, on_shelf

_branch_id = sa.bindparam("branch_id", type_=sa.SmallInteger)
_slip_name = sa.bindparam("slip_name", type_=sa.String)
_today = sa.func.library_day(0, type_=sa.Date)

_IN_TRANSIT, _READY = TRAPPED

# --- what is looked for ---------------------------------------------------------------------------------
# Who waits for any copy is served in the order of the queue, as many as there are copies on shelves. Each
# gets one of the branch they pick it up at, where one stands that was never looked for in vain; the others
# get the copies that are left. Who waits for one copy gets that one.

_queued = t.reservation.alias("queued")
_waits = sa.and_(_queued.c.state == WAITING, awake(_queued))

_stands = sa.and_(
    on_shelf,
    sa.not_(t.item.c.reference_only),
    sa.or_(t.item.c.not_found_on.is_(None), t.item.c.not_found_on < _today),
)

# the waiting titles by the index of the queue, and of these the ones with a copy on this branch's shelves:
# what most people wait for is on loan, and all else is of no interest to the branch
_waited_for = sa.select(_queued.c.title_id).where(_queued.c.state == WAITING).distinct().cte("waited_for")
_titles_here = (
    sa.select(_waited_for.c.title_id)
    .where(
        sa.exists()
        .where(t.item.c.title_id == _waited_for.c.title_id, t.item.c.home_branch_id == _branch_id, _stands)
        .correlate(_waited_for)
    )
    .cte("titles_here")
)

_asked_for = sa.exists().where(
    _waits, _queued.c.item_id == t.item.c.id, _queued.c.title_id == t.item.c.title_id
)
_copies = (
    sa.select(
        t.item.c.id.label("item_id"),
        t.item.c.title_id,
        t.item.c.home_branch_id,
        t.item.c.number,
        t.item.c.not_found,
        sa.case((_asked_for.correlate(t.item), 1), else_=0).label("asked_for"),
    )
    .select_from(_titles_here.join(t.item, t.item.c.title_id == _titles_here.c.title_id))
    .where(_stands)
    .cte("copies")
)
_how_many = (
    sa.select(_copies.c.title_id, sa.func.count().label("n")).group_by(_copies.c.title_id).cte("how_many")
)
_in_order = (
    sa.select(
        _queued.c.id,
        _queued.c.title_id,
        _queued.c.pickup_branch_id,
        _queued.c.placed_at,
        _how_many.c.n,
        sa.func.row_number()
        .over(partition_by=_queued.c.title_id, order_by=(_queued.c.placed_at, _queued.c.id))
        .label("place"),
    )
    .select_from(_how_many.join(_queued, _queued.c.title_id == _how_many.c.title_id))
    .where(_waits, _queued.c.item_id.is_(None))
    .cte("in_order")
)
_wanted = (
    sa.select(
        _in_order,
        sa.func.row_number()
        .over(partition_by=(_in_order.c.title_id, _in_order.c.pickup_branch_id), order_by=_in_order.c.place)
        .label("place_here"),
    )
    .where(_in_order.c.place <= _in_order.c.n)
    .cte("wanted")
)
_never_in_vain = (
    sa.select(
        _copies.c.item_id,
        _copies.c.title_id,
        _copies.c.home_branch_id,
        sa.func.row_number()
        .over(
            partition_by=(_copies.c.title_id, _copies.c.home_branch_id),
            order_by=(_copies.c.asked_for, _copies.c.number),
        )
        .label("place_here"),
    )
    .where(_copies.c.not_found == 0)
    .cte("never_in_vain")
)


def _paired(
    copies: sa.FromClause, wanted: sa.FromClause, keys: list[tuple[str, str]]
) -> sa.Select[tuple[object, ...]]:
    """The so-manieth copy and the so-manieth who waits: those that agree in all keys.

    Sorted together rather than joined: neither database has an index to join these by, and SQLite would try
    each with each.
    """
    both = sa.union_all(
        sa.select(
            *(copies.c[key].label(f"key_{n}") for n, (key, _) in enumerate(keys)),
            copies.c.item_id,
            sa.cast(sa.null(), BigId).label("id"),
        ),
        sa.select(*(wanted.c[key] for _, key in keys), sa.cast(sa.null(), BigId), wanted.c.id),
    ).subquery("both")
    item_id, reservation_id = sa.func.max(both.c.item_id), sa.func.max(both.c.id)
    return (
        sa.select(item_id.label("item_id"), reservation_id.label("id"))
        .group_by(*(both.c[f"key_{n}"] for n in range(len(keys))))
        .having(item_id.is_not(None), reservation_id.is_not(None))
    )


_near = _paired(
    _never_in_vain,
    _wanted,
    [("title_id", "title_id"), ("home_branch_id", "pickup_branch_id"), ("place_here", "place_here")],
).cte("near")
_still_wanted = (
    sa.select(
        _wanted.c.id,
        _wanted.c.title_id,
        sa.func.row_number().over(partition_by=_wanted.c.title_id, order_by=_wanted.c.place).label("place"),
    )
    .where(_wanted.c.id.not_in(sa.select(_near.c.id)))
    .cte("still_wanted")
)
_left_over = (
    sa.select(
        _copies.c.item_id,
        _copies.c.title_id,
        sa.func.row_number()
        .over(
            partition_by=_copies.c.title_id,
            order_by=(_copies.c.asked_for, _copies.c.not_found, _copies.c.number),
        )
        .label("place"),
    )
    .where(_copies.c.item_id.not_in(sa.select(_near.c.item_id)))
    .cte("copies_left")
)
_far = _paired(_left_over, _still_wanted, [("title_id", "title_id"), ("place", "place")]).cte("far")
_this_one = (
    sa.select(_copies.c.item_id, _queued.c.id)
    .select_from(
        _copies.join(
            _queued, sa.and_(_queued.c.title_id == _copies.c.title_id, _queued.c.item_id == _copies.c.item_id)
        )
    )
    .where(_copies.c.asked_for == 1, _waits)
    .cte("this_one")
)
_matched = sa.union_all(*(sa.select(each) for each in (_near, _far, _this_one))).cte("matched")
_asked = t.reservation.alias("asked")
# whoever comes first of those it would do for
_first = (
    sa.select(
        _matched.c.item_id,
        _asked.c.pickup_branch_id,
        _asked.c.placed_at,
        _asked.c.asked_on,
        sa.func.row_number()
        .over(partition_by=_matched.c.item_id, order_by=(_asked.c.placed_at, _asked.c.id))
        .label("place"),
    )
    .select_from(_matched.join(_asked, _asked.c.id == _matched.c.id))
    .subquery("first")
)

_pickup = t.branch.alias("pickup")


def _first_letter(text: sa.ColumnElement[str]) -> sa.ColumnElement[str | None]:
    return sa.func.nullif(sa.func.substr(text, 1, 1), "")


_author_letter = (
    sa.select(_first_letter(t.title_creator.c.reading))
    .where(t.title_creator.c.title_id == t.title.c.id)
    .order_by(t.title_creator.c.position)
    .limit(1)
    .correlate(t.title)
    .scalar_subquery()
)

# what an item is in order of, after its class (図書記号): its own mark, or a letter
AUTHOR_MARK = sa.func.coalesce(
    sa.func.nullif(t.item.c.author_mark, ""), _author_letter, _first_letter(t.title.c.title_kana), ""
).label("author_mark")

TO_LOOK_FOR = (
    sa.select(
        t.item.c.number,
        t.title.c.ndc,
        AUTHOR_MARK,
        t.title.c.title,
        t.title.c.volume,
        t.title.c.statement,
        _pickup.c.short_name.label("pickup_branch"),
        _first.c.placed_at,
        _first.c.asked_on,
        t.policy.c.time_zone,
        t.item.c.not_found,
    )
    .select_from(
        _first.join(t.item, t.item.c.id == _first.c.item_id)
        .join(t.title, t.title.c.id == t.item.c.title_id)
        .join(_pickup, _pickup.c.id == _first.c.pickup_branch_id)
        .join(t.policy, sa.true())
    )
    .where(_first.c.place == 1, t.item.c.home_branch_id == _branch_id)
)

# --- what travels ----------------------------------------------------------------------------------------

_from = t.branch.alias("from_branch")
_to = t.branch.alias("to_branch")
_trap = t.reservation.alias("trap")

TRANSITS = sa.select(
    _today.label("today"),
    t.item.c.number,
    t.title.c.title,
    t.title.c.volume,
    t.transit.c.from_branch_id,
    _from.c.short_name.label("from_branch"),
    t.transit.c.to_branch_id,
    _to.c.short_name.label("to_branch"),
    t.transit.c.since,
    t.transit.c.sent_on,
    sa.exists()
    .where(_trap.c.trapped_item_id == t.transit.c.item_id, _trap.c.state == _IN_TRANSIT)
    .correlate(t.transit)
    .label("reserved"),
    t.policy.c.transit_days,
).select_from(
    t.policy.outerjoin(
        t.transit,
        sa.or_(t.transit.c.from_branch_id == _branch_id, t.transit.c.to_branch_id == _branch_id),
    )
    .outerjoin(t.item, t.item.c.id == t.transit.c.item_id)
    .outerjoin(t.title, t.title.c.id == t.item.c.title_id)
    .outerjoin(_from, _from.c.id == t.transit.c.from_branch_id)
    .outerjoin(_to, _to.c.id == t.transit.c.to_branch_id)
)
"""A row for each; where nothing travels one without a number, which says what day it is."""

# --- what lies on the reservation shelf ------------------------------------------------------------------

_kana_initial = sa.func.substr(t.patron.c.kana, 1, 1)
_number_end = sa.case(
    (
        sa.func.length(t.card.c.number) > 4,
        sa.func.substr(t.card.c.number, sa.func.length(t.card.c.number) - 3, 4),
    ),
    else_=t.card.c.number,
)
# whoever has no card that works is said by their kana
LABEL = sa.case(
    (_slip_name == SlipName.FULL.value, t.patron.c.name),
    (_slip_name == SlipName.NUMBER_END.value, sa.func.coalesce(_number_end, _kana_initial)),
    else_=_kana_initial,
)
_TOLD = (Outcome.REACHED, Outcome.MESSAGE_LEFT, Outcome.POSTED)
_told = sa.or_(
    sa.exists()
    .where(
        t.telling.c.reservation_id == t.reservation.c.id,
        t.telling.c.outcome.in_([told.value for told in _TOLD]),
    )
    .correlate(t.reservation),
    sa.exists()
    .where(t.outbox.c.reservation_id == t.reservation.c.id, t.outbox.c.sent_at.is_not(None))
    .correlate(t.reservation),
)
_none = sa.null()

SHELF = sa.union_all(
    sa.select(
        t.item.c.number,
        t.title.c.title,
        t.title.c.volume,
        LABEL.label("label"),
        t.reservation.c.ready_on,
        t.reservation.c.keep_until,
        (t.reservation.c.keep_until < _today).label("expired"),
        _told.label("told"),
    )
    .select_from(
        t.reservation.join(t.item, t.item.c.id == t.reservation.c.trapped_item_id)
        .join(t.title, t.title.c.id == t.item.c.title_id)
        .join(t.patron, t.patron.c.id == t.reservation.c.patron_id)
        .outerjoin(t.card, sa.and_(t.card.c.patron_id == t.patron.c.id, t.card.c.state == "active"))
    )
    .where(t.reservation.c.state == _READY, t.reservation.c.pickup_branch_id == _branch_id),
    sa.select(
        t.item.c.number,
        t.title.c.title,
        t.title.c.volume,
        sa.literal_column("''", sa.String),
        sa.cast(_none, sa.Date),
        sa.cast(_none, sa.Date),
        sa.false(),
        sa.false(),
    )
    .select_from(
        t.shelf_leftover.join(t.item, t.item.c.id == t.shelf_leftover.c.item_id).join(
            t.title, t.title.c.id == t.item.c.title_id
        )
    )
    .where(t.shelf_leftover.c.branch_id == _branch_id),
)
