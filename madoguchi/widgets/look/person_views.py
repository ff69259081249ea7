"""What the page of patrons shows: frozen values, as those in ``views.py``. All texts are plain."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.widgets.look.record_views import TableView


@dataclass(frozen=True, slots=True)
class FinderView:
    """Those who were found. ``errors`` say what is right, by the name of the field."""

    results: TableView
    errors: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One thing that is kept of a person; a ``value`` may be empty. A ``long`` one has a row for itself."""

    label: str
    value: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """Where somebody lives and how to reach them.

    ``shown`` False: nothing but the labels can be seen or heard, whatever the values are. ``hint`` says how
    to see it.
    """

    heading: str
    hint: str
    lines: tuple[PersonLine, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """One patron's record: what is masked, and below it what is on record and what can be done."""

    person: PersonView
    table: TableView
