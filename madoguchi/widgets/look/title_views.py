"""What the search shows of titles: frozen values, as those in ``views.py``. All texts are plain."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.widgets.look.record_views import TableView
from madoguchi.widgets.look.views import Sign


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One copy, or several alike: the branch, what is with it, and how many."""

    sign: Sign
    branch: str
    state: str


@dataclass(frozen=True, slots=True)
class TitleView:
    """A title with its copies.

    ``facts`` are a line each: creators, publisher and year, numbers. ``queue`` says how many wait, and where.
    ``short`` is what is said of copies and queue where there is no room for more than a line.
    """

    title: str
    kana: str
    facts: tuple[str, ...]
    queue: str
    short: str
    copies: tuple[CopyLine, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """The search: with ``by_field`` the fields are open, else there is one box."""

    results: TableView
    by_field: bool = False
