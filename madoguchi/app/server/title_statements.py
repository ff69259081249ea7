"""The statements behind the catalogue's reads: titles that were found, and one with its copies and its queue.

No person is in them. Which titles a search finds is for each database's own index to say (``search_plan`` on
PostgreSQL, ``embedded_search`` on SQLite); what is said of them is said by the same statements.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from madoguchi.app.catalogue.search import Place
from madoguchi.app.server import tables as t

MOST_COPIES = 300
"""Copies of one title that are shown; a periodical has more than anybody reads."""

_title_id = sa.bindparam("title_id", type_=sa.BigInteger)
_branch_id = sa.bindparam("branch_id", type_=sa.SmallInteger)

# written out: with a parameter in its place SQLite does not see that a partial index would do
WAITING = sa.literal_column("'waiting'", sa.String)
TRAPPED = (sa.literal_column("'in_transit'", sa.String), sa.literal_column("'ready'", sa.String))

_loan = t.loan.alias("open_loan")
_trap = t.reservation.alias("trap")

_lent = sa.exists().where(_loan.c.item_id == t.item.c.id, _loan.c.returned_at.is_(None)).correlate(t.item)
_sent = sa.exists().where(t.transit.c.item_id == t.item.c.id).correlate(t.item)
_trapped = (
    sa.exists().where(_trap.c.trapped_item_id == t.item.c.id, _trap.c.state.in_(TRAPPED)).correlate(t.item)
)
_leftover = sa.exists().where(t.shelf_leftover.c.item_id == t.item.c.id).correlate(t.item)
# nor is one that was looked for in vain too often, or still lies on a reservation shelf for nobody
on_shelf = sa.and_(~_lent, ~_sent, ~_trapped, ~_leftover, t.item.c.missing_since.is_(None))


def _copies(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(t.item)
        .where(t.item.c.title_id == t.title.c.id, *where)
        .correlate(t.title)
        .scalar_subquery()
    )


def _found(wanted: sa.FromClause) -> sa.Select[tuple[object, ...]]:
    """Titles in the order they were found in; ``wanted`` has ``title_id`` and ``place``."""
    return (
        sa.select(
            t.title.c.id.label("title_id"),
            t.title.c.title,
            t.title.c.volume,
            t.title.c.statement,
            t.title.c.publisher,
            t.title.c.year,
            sa.select(sa.func.min(t.item.c.kind))
            .where(t.item.c.title_id == t.title.c.id)
            .correlate(t.title)
            .scalar_subquery()
            .label("kind"),
            _copies().label("copies"),
            _copies(on_shelf, t.item.c.home_branch_id == _branch_id).label("here"),
            _copies(on_shelf).label("on_shelf"),
            sa.select(sa.func.count())
            .select_from(t.reservation)
            .where(t.reservation.c.title_id == t.title.c.id, t.reservation.c.state == WAITING)
            .correlate(t.title)
            .scalar_subquery()
            .label("waiting"),
        )
        .select_from(wanted.join(t.title, t.title.c.id == wanted.c.title_id))
        .order_by(wanted.c.place)
    )


TITLES_BY_ARRAY = _found(
    sa.func.unnest(sa.bindparam("title_ids", type_=ARRAY(sa.BigInteger)))
    .table_valued("title_id", with_ordinality="place", name="wanted")
    .render_derived()
)
_each = sa.func.json_each(sa.bindparam("title_ids", type_=sa.String)).table_valued("key", "value")
TITLES_BY_JSON = _found(sa.select(_each.c.value.label("title_id"), _each.c.key.label("place")).subquery())

# the day it was added at a counter is for whoever catalogues
TITLE = sa.select(*(column for column in t.title.c if column.name != "quick_added_on")).where(
    t.title.c.id == _title_id
)

_home = t.branch.alias("home")
_pickup = t.branch.alias("pickup")
_to = t.branch.alias("to_branch")
_kept = t.branch.alias("kept")

COPIES = (
    sa.select(
        t.item.c.number,
        t.item.c.kind,
        t.item.c.reference_only,
        t.item.c.borrowed_from,
        _home.c.short_name.label("home"),
        sa.case(
            (_loan.c.id.is_not(None), Place.LENT.value),
            (t.transit.c.item_id.is_not(None), Place.TRANSIT.value),
            (_trap.c.id.is_not(None), Place.RESERVATION_SHELF.value),
            (t.shelf_leftover.c.item_id.is_not(None), Place.RESERVATION_SHELF.value),
            (t.item.c.missing_since.is_not(None), Place.MISSING.value),
            else_=Place.SHELF.value,
        ).label("place"),
        sa.case(
            (_loan.c.id.is_not(None), ""),
            (t.transit.c.item_id.is_not(None), _to.c.short_name),
            (_trap.c.id.is_not(None), _pickup.c.short_name),
            (t.shelf_leftover.c.item_id.is_not(None), _kept.c.short_name),
            else_=_home.c.short_name,
        ).label("at"),
        _loan.c.due_on,
        sa.and_(t.item.c.home_branch_id == _branch_id, on_shelf).label("here"),
    )
    .select_from(
        t.item.join(_home, _home.c.id == t.item.c.home_branch_id)
        .outerjoin(_loan, sa.and_(_loan.c.item_id == t.item.c.id, _loan.c.returned_at.is_(None)))
        .outerjoin(
            _trap,
            sa.and_(_trap.c.trapped_item_id == t.item.c.id, _trap.c.state.in_(TRAPPED)),
        )
        .outerjoin(_pickup, _pickup.c.id == _trap.c.pickup_branch_id)
        .outerjoin(t.transit, t.transit.c.item_id == t.item.c.id)
        .outerjoin(_to, _to.c.id == t.transit.c.to_branch_id)
        .outerjoin(t.shelf_leftover, t.shelf_leftover.c.item_id == t.item.c.id)
        .outerjoin(_kept, _kept.c.id == t.shelf_leftover.c.branch_id)
    )
    .where(t.item.c.title_id == _title_id)
    .order_by((t.item.c.home_branch_id != _branch_id), t.item.c.home_branch_id, t.item.c.number)
    .limit(MOST_COPIES)
)

BRANCHES = sa.select(t.branch.c.id, t.branch.c.name).order_by(t.branch.c.id)

QUEUE = (
    sa.select(t.branch.c.name.label("branch"), sa.func.count().label("waiting"))
    .select_from(t.reservation.join(t.branch, t.branch.c.id == t.reservation.c.pickup_branch_id))
    .where(t.reservation.c.title_id == _title_id, t.reservation.c.state == WAITING)
    .group_by(t.branch.c.id, t.branch.c.name)
    .order_by(t.branch.c.id)
)
