"""Hands and eyes for the search at the real window."""

from __future__ import annotations

import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.widgets.look.form_panel import FormPanel
from madoguchi.widgets.look.search_panel import SearchPanel
from madoguchi.widgets.look.title_panel import TitlePanel
from madoguchi.widgets.search_page import SEARCH, SearchPage
from tests.counter.harness import Counter, CounterLibrary


def search_page(counter: Counter) -> SearchPage:
    page = counter.window.page
    assert isinstance(page, SearchPage)
    return page


def panel(counter: Counter) -> SearchPanel:
    centre = search_page(counter).centre()
    assert isinstance(centre, SearchPanel)
    return centre


def found(counter: Counter) -> list[str]:
    """The titles that are painted, from the top."""
    return [record.cells[0] for record in panel(counter).results.view().records]


def shown(counter: Counter) -> str:
    """The title at the left."""
    left = search_page(counter).left()
    assert isinstance(left, TitlePanel)
    view = left.view()
    return view.title if view is not None else ""


def look_for(counter: Counter, text: str) -> None:
    counter.f(SEARCH)
    counter.type(text, enter=False)


def look_until_found(counter: Counter, text: str, title: str) -> None:
    """Looks for a text until this title is open, and can be reserved."""
    look_for(counter, text)
    counter.until(lambda: shown(counter) == title and 10 in counter.live_keys())


def open_reservation(counter: Counter, text: str, title: str) -> None:
    """The form of a reservation is open for this title."""
    look_until_found(counter, text, title)
    counter.f(10)
    counter.until(lambda: form_is_open(counter))


def form(counter: Counter) -> FormPanel:
    """The form that is open."""
    centre = search_page(counter).centre()
    assert isinstance(centre, FormPanel)
    return centre


def form_is_open(counter: Counter) -> bool:
    """Whether the search is in sight, with a form over it."""
    page = counter.window.page
    return isinstance(page, SearchPage) and isinstance(page.centre(), FormPanel)


def waiting(library: CounterLibrary, card: str) -> list[tuple[int, int]]:
    """Title and pick-up branch of what a patron waits for."""
    own = t.reservation.c.patron_id == library.id_of_patron(card)
    rows = library.rows(sa.select(t.reservation.c.title_id, t.reservation.c.pickup_branch_id).where(own))
    return [(row["title_id"], row["pickup_branch_id"]) for row in rows]
