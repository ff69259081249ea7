"""What the library answers about patrons. An answer is a value, also *no*."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from madoguchi.app.patrons.person import Category, NoticeBy


class PatronRefusal(StrEnum):
    """Why something about a patron was not done or not shown. The value is what the server answers, too."""

    UNKNOWN_CARD = "unknown_card"
    UNKNOWN_PATRON = "unknown_patron"
    CARD_LOST = "card_lost"
    CARD_TAKEN = "card_taken"
    """The number is somebody's already, or was: a card is given once."""
    NUMBERS_USED_UP = "numbers_used_up"
    """There is no number left for a card that the library prints itself."""
    SEARCH_TOO_WIDE = "search_too_wide"
    TOO_MANY_VIEWS = "too_many_views"
    OPEN_LOANS = "open_loans"
    CHANGED = "changed"
    """Somebody else has changed it meanwhile."""
    WRONG_CATEGORY = "wrong_category"
    PROOF_NEEDED = "proof_needed"
    """They have left junior high school: where they live is proved."""
    NOT_ALLOWED = "not_allowed"
    CANCELLED = "cancelled"
    UNKNOWN_APPLICATION = "unknown_application"
    """Nobody applied under this number, or it was confirmed, rejected or erased."""
    MADE_ALREADY = "made_already"
    """A one-time password was made and said once; another one must be made."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing was written, or nothing may be shown, and why."""

    refusal: PatronRefusal


@dataclass(frozen=True, slots=True)
class PatronFound:
    """One of those who were found: just what tells them from the others.

    Attributes:
        number_end: the last four digits of their card; empty: they have none.
        birth_date: only where another one found has the same kana and year of birth.
    """

    patron_id: int
    name: str = field(repr=False)
    kana: str = field(repr=False)
    number_end: str = field(repr=False)
    birth_year: int = field(repr=False)
    birth_date: dt.date | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PatronsFound:
    """The first fifty in the order of their kana, and whether there are more."""

    patrons: tuple[PatronFound, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What staff should know of a patron, or why they may not borrow (``blocks``).

    Attributes:
        author: who wrote it: the name of a member of staff, or their login where they have left.
        ends_on: the last day on which it holds; None: until somebody ends it.
    """

    id: UUID
    text: str = field(repr=False)
    blocks: bool
    author: str
    made_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the family, or who may pick up: who, and nothing of what they borrow or where they live."""

    patron_id: int
    name: str = field(repr=False)
    kana: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PatronFile:
    """A patron as shown when opened. Where they live and how to reach them is not in it (``details``).

    Attributes:
        card_number: of their active card; empty: they have none.
        valid_until: the last day the card works without proof (DOMAIN, "Cards").
        version: changes whenever the person is changed; a change says which one it began with.
        may_pick_up: those who may pick up for them.
    """

    patron_id: int
    card_number: str = field(repr=False)
    name: str = field(repr=False)
    kana: str = field(repr=False)
    category: Category
    category_name: str
    notice_by: NoticeBy
    registered_on: dt.date
    last_used_on: dt.date
    valid_until: dt.date
    today: dt.date
    version: int
    open_loans: int
    overdue_items: int
    reservations: int
    lost_cards: int
    notes: tuple[Note, ...] = ()
    family: tuple[Relative, ...] = ()
    may_pick_up: tuple[Relative, ...] = ()

    @property
    def idle(self) -> bool:
        """Whether the card stopped working for want of use."""
        return self.today > self.valid_until


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody is registered and their card works."""

    operation: UUID
    patron_id: int
    card_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Nothing was written: somebody with this kana and birth date is there, the oldest first.

    The clerk opens one of them, or says that it is another person (``as_new``).
    """

    patron_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """It is so now.

    Attributes:
        kept: of a withdrawal: how many copies stood ready or were on their way for whoever withdrew. They are
            for the next who wait, or for the shelf: to be scanned as returned.
        card_number: of the card that is to be printed for them; empty: none is.
    """

    operation: UUID
    kept: int = 0
    card_number: str = field(default="", repr=False)
