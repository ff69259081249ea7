"""What both databases answer about patrons, read into values. Plain functions."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from madoguchi.app.lending.rules import Policy, card_valid_until
from madoguchi.app.patrons.answers import PatronFile, PatronFound, PatronsFound
from madoguchi.app.patrons.finding import PatronQuery
from madoguchi.app.patrons.likeness import Compared, Match
from madoguchi.app.patrons.person import Category, NoticeBy, Person, Proof
from madoguchi.app.server.ties import read_ties

FIRST: Final = 50
"""As many patrons as a list shows."""

LONGEST_WORDS: Final = 200

MOST_COMPARED: Final = 200

Row = Mapping[Any, Any]

_TELEPHONE_END: Final = re.compile("([0-9]{4})?")
_IN_ORDER: Final = {category.value: place for place, category in enumerate(Category)}


def plain_end(query: PatronQuery) -> str:
    """The end of a telephone in plain digits, as asked for."""
    return sendable(unicodedata.normalize("NFKC", query.telephone_end)).strip()


def sendable(text: str) -> str:
    """A text without what no database takes: half letters, and the letter zero."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def can_be_asked(words: str, telephone_end: str) -> bool:
    """Whether it is a question at all, however many it would find."""
    return len(words) <= LONGEST_WORDS and _TELEPHONE_END.fullmatch(telephone_end) is not None


def read_found(rows: Iterable[Row], *, more: bool) -> PatronsFound:
    """Those who were found."""
    return PatronsFound(
        tuple(
            PatronFound(
                patron_id=row["patron_id"],
                name=row["name"],
                kana=row["kana"],
                number_end=row["number_end"],
                birth_year=row["birth_year"],
                birth_date=_day(row["birth_date"]),
            )
            for row in rows
        ),
        more,
    )


def read_file(row: Row) -> PatronFile:
    """A patron as shown when opened."""
    ties = read_ties(row)
    last_used_on, today = _sure(row["last_used_on"]), _sure(row["today"])
    return PatronFile(
        patron_id=row["patron_id"],
        card_number=row["card_number"] or "",
        name=row["name"],
        kana=row["kana"],
        category=Category(row["category"]),
        category_name=row["category_name"],
        notice_by=NoticeBy(row["notice_by"]),
        registered_on=_sure(row["registered_on"]),
        last_used_on=last_used_on,
        valid_until=card_valid_until(last_used_on, Policy(card_idle_years=row["card_idle_years"])),
        today=today,
        version=row["version"],
        open_loans=row["open_loans"],
        overdue_items=row["overdue_items"],
        reservations=row["reservations"],
        lost_cards=row["lost_cards"],
        notes=ties.notes,
        family=ties.family,
        may_pick_up=ties.may_pick_up,
    )


def read_person(row: Row) -> Person:
    """What is kept of a person."""
    return Person(
        name=row["name"],
        kana=row["kana"],
        birth_date=_sure(row["birth_date"]),
        category=Category(row["category"]),
        postal_code=row["postal_code"],
        address=row["address"],
        telephone=row["telephone"],
        email=row["email"],
        notice_by=NoticeBy(row["notice_by"]),
        proof=None if row["proof"] is None else Proof(row["proof"]),
    )


def read_compared(row: Row) -> Compared:
    """Somebody who was compared with what is typed."""
    return Compared(
        patron_id=row["patron_id"],
        name=row["name"],
        kana=row["kana"],
        number_end=row["number_end"],
        name_match=Match(row["name_match"]),
        kana_match=Match(row["kana_match"]),
        birth_match=Match(row["birth_match"]),
        telephone_match=Match(row["telephone_match"]),
        address_match=Match(row["address_match"]),
    )


def worth_telling(who: Compared) -> bool:
    """Whether somebody is alike in two things, in one of them exactly: of strangers nothing is told."""
    things = (
        max(who.name_match, who.kana_match),
        who.birth_match,
        who.telephone_match,
        who.address_match,
    )
    return sum(match >= Match.NEAR for match in things) >= 2 and Match.SAME in things


def read_categories(rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    """Key and name of each, in the order of ``Category``."""
    pairs = [(row["code"], row["name"]) for row in rows]
    return tuple(sorted(pairs, key=lambda pair: (_IN_ORDER.get(pair[0], len(_IN_ORDER)), pair[0])))


def _day(value: dt.date | str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _sure(value: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
