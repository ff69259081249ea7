"""What stands on the training sheet: a bar for each situation, and what to expect of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa

from madoguchi.app.clock import LibraryClock
from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.server import tables as t
from madoguchi.app.training.sheet_item_words import ITEMS as ITEM_WORDS
from madoguchi.app.training.sheet_item_words import TROUBLES as TROUBLE_WORDS
from madoguchi.app.training.sheet_words import BEFORE, WALK, Outcome, SectionWords, Step
from madoguchi.app.training.sheet_words import PATRONS as PATRON_WORDS
from madoguchi.app.training.sheet_words import STAFF as STAFF_WORDS
from madoguchi.app.training.situations import (
    REPLACED_CARD_SERIAL,
    STAFF,
    TRAINING_PASSWORD,
    Case,
    ItemCase,
    case_number,
    item_number,
    patron_number,
    patrons,
    staff_number,
)
from madoguchi.barcode.symbology import Symbology

CREDIT: Final = "国立国会図書館サーチ"
OLD_CARD: Final = "old_card"


class NotTheTrainingLibrary(Exception):
    """The library lacks the cards or items of the situations: a sheet for it would be of no use."""


@dataclass(frozen=True, slots=True)
class Card:
    """One bar to read.

    ``mark`` ("B3") is how other cards name it. ``heading``, the situation, and ``expect``, what happens
    after the last step, are sources for translation; ``subject``, a name or a title, is as in the library.
    """

    key: str
    mark: str
    symbology: Symbology
    number: str
    heading: str
    subject: str
    steps: tuple[Step, ...]
    outcome: Outcome
    expect: str
    login: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Cards of one kind under a title; title and intro are sources for translation."""

    title: str
    intro: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet. ``before`` and ``walk`` are the lines of the first page, sources for translation."""

    made_on: dt.date
    before: tuple[str, ...]
    walk: tuple[str, ...]
    sections: tuple[Section, ...]
    fill: Mapping[str, str]

    @property
    def cards(self) -> Mapping[str, Card]:
        """Every card by its key."""
        return {card.key: card for section in self.sections for card in section.cards}


def training_sheet(library: sa.Engine | sa.Connection, today: dt.date | None = None) -> Sheet:
    """The sheet of a training library, with the titles and limits it holds; ``today`` is the date upon it.

    Raises:
        NotTheTrainingLibrary: cards or items of the situations are missing.
        sqlalchemy.exc.SQLAlchemyError: the library cannot be read.
    """
    with _connection(library) as connection:
        titles = _titles(connection)
        numbers = _settings(connection)
        _check_cards(connection)
        isbn, isbn_title = _an_isbn(connection)
    sections = (
        _section("A", STAFF_WORDS, _staff_bars(), logins=True),
        _section("B", PATRON_WORDS, _patron_bars()),
        _section("C", ITEM_WORDS, _item_bars(titles)),
        _section("D", TROUBLE_WORDS, _trouble_bars(isbn, isbn_title)),
    )
    marks = {card.key: card.mark for section in sections for card in section.cards}
    return Sheet(
        today or LibraryClock().local().date(),
        BEFORE,
        WALK,
        sections,
        MappingProxyType(numbers | marks | {"password": TRAINING_PASSWORD}),
    )


@contextmanager
def _connection(library: sa.Engine | sa.Connection) -> Iterator[sa.Connection]:
    if isinstance(library, sa.Connection):
        yield library
    else:
        with library.connect() as connection:
            yield connection


def _titles(connection: sa.Connection) -> dict[str, str]:
    numbers = [case.number for case in ItemCase]
    rows = connection.execute(
        sa.select(t.item.c.number, t.title.c.title, t.title.c.volume)
        .join(t.title, t.title.c.id == t.item.c.title_id)
        .where(t.item.c.number.in_(numbers))
    )
    titles = {number: f"{title} {volume}".rstrip() for number, title, volume in rows}
    if len(titles) < len(numbers):
        raise NotTheTrainingLibrary("items of the training situations are missing in this library")
    return titles


def _check_cards(connection: sa.Connection) -> None:
    numbers = [number for _, number, _ in _patron_bars().values()]
    rows = connection.execute(sa.select(t.card.c.number).where(t.card.c.number.in_(numbers)))
    if len(rows.all()) < len(numbers):
        raise NotTheTrainingLibrary("patron cards of the training situations are missing in this library")


def _settings(connection: sa.Connection) -> dict[str, str]:
    policy = connection.execute(sa.select(t.policy)).mappings().one()
    terms = {
        (category, LoanGroup(group)): (limit, days)
        for category, group, limit, days in connection.execute(
            sa.select(
                t.loan_term.c.category,
                t.loan_term.c.loan_group,
                t.loan_term.c.max_loans,
                t.loan_term.c.loan_days,
            )
        )
    }
    found = {
        "print_limit": terms["resident", LoanGroup.PRINT][0],
        "audio_limit": terms["resident", LoanGroup.AUDIO][0],
        "video_limit": terms["resident", LoanGroup.VIDEO][0],
        "group_limit": terms["group", LoanGroup.PRINT][0],
        "loan_days": terms["resident", LoanGroup.PRINT][1],
        "block_days": policy["overdue_block_days"],
        "idle_years": policy["card_idle_years"],
        "undo_minutes": policy["undo_minutes"],
    }
    return {name: str(number) for name, number in found.items()}


def _an_isbn(connection: sa.Connection) -> tuple[str | None, str]:
    """An ISBN that only one title has, and that title; None when the records have no such ISBN."""
    row = connection.execute(
        sa.select(t.title.c.isbn, sa.func.min(t.title.c.title))
        .where(t.title.c.isbn.is_not(None))
        .group_by(t.title.c.isbn)
        .having(sa.func.count() == 1)
        .order_by(sa.func.min(t.title.c.id))
        .limit(1)
    ).one_or_none()
    return (None, "") if row is None else (row[0], row[1])


_Bar = tuple[Symbology, str, str]
"""Symbology, number, and whose it is."""


def _staff_bars() -> dict[str, _Bar]:
    return {seed.login: (Symbology.NW7, staff_number(seed.serial), seed.name) for seed in STAFF}


def _patron_bars() -> dict[str, _Bar]:
    owners = {seed.case: seed for seed in reversed(patrons())}
    found: dict[str, _Bar] = {}
    for case in Case:
        name = f"{owners[case].name}（{owners[case].kana}）"
        found[case.value] = (Symbology.NW7, case_number(case), name)
        if case is Case.REPLACED_CARD:
            found[OLD_CARD] = (Symbology.NW7, patron_number(REPLACED_CARD_SERIAL), name)
    return found


def _item_bars(titles: Mapping[str, str]) -> dict[str, _Bar]:
    return {case.value: (Symbology.NW7, case.number, titles[case.number]) for case in ItemCase}


_UNKNOWN_SERIAL: Final = 99999
# The second row has 192, the C code (3016: a volume on Christianity), the price in yen and a check digit.
_PRICE_ROW: Final = "1923016028006"
_MAGAZINE: Final = "4910000000008"


def _trouble_bars(isbn: str | None, isbn_title: str) -> dict[str, _Bar]:
    right = ItemCase.BOOK_A.number
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    somebody = patrons()[-1]
    return ({} if isbn is None else {"isbn": (Symbology.EAN13, isbn, isbn_title)}) | {
        "price_row": (Symbology.EAN13, _PRICE_ROW, ""),
        "magazine": (Symbology.EAN13, _MAGAZINE, ""),
        "wrong_check_digit": (Symbology.NW7, wrong, ""),
        "wrong_length": (Symbology.NW7, right[:7], ""),
        "unknown_item": (Symbology.NW7, item_number(_UNKNOWN_SERIAL), ""),
        "unknown_card": (Symbology.NW7, patron_number(_UNKNOWN_SERIAL), ""),
        "card_for_item": (Symbology.NW7, patron_number(somebody.serial), somebody.name),
        "not_a_code": (Symbology.CODE128, "HELLO-123", ""),
    }


def _section(letter: str, words: SectionWords, bars: Mapping[str, _Bar], *, logins: bool = False) -> Section:
    cards = []
    for place, (key, (symbology, number, subject)) in enumerate(bars.items(), start=1):
        said = words.cards[key]
        cards.append(
            Card(
                key=key,
                mark=f"{letter}{place}",
                symbology=symbology,
                number=number,
                heading=said.heading,
                subject=subject,
                steps=said.steps,
                outcome=said.outcome,
                expect=said.expect,
                login=key if logins else "",
            )
        )
    return Section(words.title, words.intro, tuple(cards))
