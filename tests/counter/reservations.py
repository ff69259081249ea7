"""Hands and eyes for the page of reservations at the real window."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.record_table import RecordTable
from madoguchi.widgets.look.views import RowView
from madoguchi.widgets.reservations_page import RESERVATIONS, ReservationsPage
from tests.counter.harness import Counter, CounterLibrary
from tests.support.library import MINAMI, TODAY

DUE = TODAY + dt.timedelta(days=14)


def page(counter: Counter) -> ReservationsPage:
    """The page, which is in sight."""
    shown = counter.window.page
    assert isinstance(shown, ReservationsPage)
    return shown


def open_page(counter: Counter, card: str, rows: int) -> None:
    """F4, a card is read; so many rows are there."""
    counter.f(RESERVATIONS)
    counter.scan(card)
    counter.until(lambda: card in counter.left_text() and len(counter.rows()) == rows)
    counter.settled()


def said(row: RowView) -> tuple[str, str]:
    """State and detail of a row."""
    return row.state, row.detail


def form(counter: Counter) -> FormPanel:
    """The form that is open."""
    centre = page(counter).centre()
    assert isinstance(centre, FormPanel)
    return centre


def queue(counter: Counter) -> list[tuple[str, ...]]:
    """The rows of the queue in sight; none where there is no queue."""
    centre = page(counter).centre()
    return [record.cells for record in centre.view().records] if isinstance(centre, RecordTable) else []


def read(counter: Counter, code: str, state: str) -> RowView:
    """Reads a code; waits for what its row says then."""
    before = len(counter.rows())
    counter.scan(code)
    counter.until(lambda: len(counter.rows()) == before + 1 and counter.rows()[-1].state == state)
    counter.settled()
    return counter.rows()[-1]


def send(counter: Counter, **values: str) -> None:
    """Fills in the form that is open, and sends it."""
    form(counter).set_values(values)
    counter.f(10)


def ready(library: CounterLibrary, card: str, item: str, **changes: object) -> int:
    """A copy lies ready for a patron."""
    trapped = {"state": "ready", "trapped_item_id": library.id_of_item(item), "keep_until": DUE}
    return library.reserved(card, item, **trapped | changes)


def travelling(library: CounterLibrary, card: str, item: str) -> int:
    """A copy is on its way to 南 for a patron."""
    with library.engine.connect() as connection:
        connection.execute(
            t.transit.insert().values(item_id=library.id_of_item(item), to_branch_id=MINAMI, since=TODAY)
        )
    trapped = {"state": "in_transit", "trapped_item_id": library.id_of_item(item)}
    return library.reserved(card, item, pickup_branch_id=MINAMI, **trapped)


def waits_for(library: CounterLibrary, card: str) -> list[dict[str, object]]:
    """A patron's reservations, in the order in which they were made."""
    r = t.reservation.c
    columns = r.title_id, r.item_id, r.pickup_branch_id, r.state, r.suspended, r.resume_on
    own = r.patron_id == library.id_of_patron(card)
    return library.rows(sa.select(*columns).where(own).order_by(r.id))
