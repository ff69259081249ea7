"""What a clerk asks of the catalogue. Nothing here changes anything."""

from __future__ import annotations

from typing import Protocol

from madoguchi.app.catalogue.search import Branch, Found, SearchPlan, TitleCard, TitleQuery, plan_of
from madoguchi.app.lending.facts import Desk


class Catalogue(Protocol):
    """The catalogue, on whichever database."""

    def search(self, plan: SearchPlan, desk: Desk) -> Found: ...

    def title(self, title_id: int, desk: Desk) -> TitleCard | None: ...

    def branches(self, desk: Desk) -> tuple[Branch, ...]: ...


class HasCatalogue(Protocol):
    """A connection that has one."""

    @property
    def catalogue(self) -> Catalogue: ...


def search(connected: HasCatalogue, *, query: TitleQuery, desk: Desk) -> Found:
    """The titles that a query finds; none for one that holds nothing to look for."""
    plan = plan_of(query)
    return Found() if plan.is_empty() else connected.catalogue.search(plan, desk)


def open_title(connected: HasCatalogue, *, title_id: int, desk: Desk) -> TitleCard | None:
    """A title with where its copies are and who waits, by number; None where it is gone."""
    return connected.catalogue.title(title_id, desk)


def branches(connected: HasCatalogue, *, desk: Desk) -> tuple[Branch, ...]:
    """Where a reservation can be picked up."""
    return connected.catalogue.branches(desk)
