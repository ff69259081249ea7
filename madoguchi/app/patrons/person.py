"""What the library keeps of a person, and nothing else (DOMAIN, "Cards and patrons"). Pure values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Category(StrEnum):
    """Why somebody may use the library: where they live, work or study, or that they are a group.

    The values are the keys of ``patron_category``; a library may name them as it likes.
    """

    RESIDENT = "resident"
    CHILD = "child"
    WIDE_AREA = "wide_area"
    COMMUTER = "commuter"
    GROUP = "group"


class Proof(StrEnum):
    """By what an address was proved at the counter: the kind, never its number."""

    NOT_NEEDED = "not_needed"
    """Up to junior high school none is asked for."""
    LICENCE = "licence"
    MY_NUMBER_CARD = "my_number"
    HEALTH_INSURANCE = "insurance"
    RESIDENCE_CARD = "residence"
    STUDENT_CARD = "student"
    EMPLOYEE_CARD = "employee"
    MAIL = "mail"
    """Mail that came to the address: a bill, a public office's letter."""
    OTHER = "other"


class NoticeBy(StrEnum):
    """How somebody wants to hear that a reservation is ready."""

    TELEPHONE = "telephone"
    MAIL = "mail"
    POST_CARD = "post_card"
    NOT_AT_ALL = "none"


@dataclass(frozen=True, slots=True)
class Person:
    """A person, or a group and whoever answers for it.

    Texts are clean and in NFC; nothing of them is shown in a message or a log.

    Attributes:
        kana: katakana, family name and given name with a space between.
        birth_date: of a group: its representative's.
        postal_code: seven digits, or empty.
        telephone: digits with hyphens, or empty.
        email: empty: they want no mail.
        proof: None: it is not known which was seen (they were moved in from an older system).
    """

    name: str = field(repr=False)
    kana: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    category: Category
    postal_code: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    telephone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    notice_by: NoticeBy = NoticeBy.TELEPHONE
    proof: Proof | None = None


LONGEST = {"name": 100, "kana": 100, "address": 200, "telephone": 30, "email": 254}
"""Characters; what the columns hold."""
