"""What the look's components show: frozen values, worded and translated by the pages.

A component takes one of these through ``set_view`` and paints it. No rule, no database and no clock
stands behind them, so a page can be tested by the values it makes and a component by the pixels it paints.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Sign(enum.Enum):
    """A state that has its own sign (shape), word and only then colour."""

    DONE = "done"
    PENDING = "pending"
    NOTICE = "notice"
    REFUSED = "refused"
    OUTAGE = "outage"
    """Nothing was written because the line is down: the book stays at the counter."""
    SAME_ITEM = "same"
    RECORDED = "recorded"
    TO_OPEN_SHELF = "toOpenShelf"
    TO_RESERVATION_SHELF = "toReservationShelf"
    TO_TRANSIT = "toTransit"
    OVERDUE = "overdue"
    BOOK_DROP = "bookDrop"
    PRINTER = "printer"
    INFORMATION = "information"
    EARLIER = "earlier"


class Tone(enum.Enum):
    """The colouring of the outcome strip."""

    IDLE = "idle"
    DONE = "done"
    PENDING = "pending"
    NOTICE = "notice"
    ROUTE = "route"
    RECORDED = "recorded"
    REFUSED = "refused"
    OUTAGE = "outage"


class BannerTone(enum.Enum):
    """Who brought the mode about: the system (near-black) or the clerk (accent)."""

    SYSTEM = "system"
    CLERK = "clerk"


class Answer(enum.Enum):
    """The three answers a question can have; the value is the number of the function key."""

    STOP = 9
    OFFERED = 10
    UNUSUAL = 11


class RightColumn(enum.Enum):
    """What the last column of the scan list holds."""

    DATE = "date"
    """Right-aligned: a due date, or the action a refusal waits for."""
    DESTINATION = "destination"
    """Left-aligned: where a returned item goes."""


# Top bar ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """A state of the terminal. While ``ok`` it reads "label word"; otherwise ``word`` alone, loudly.

    ``short`` is the word where there is no room for it (``word`` if empty). ``told``: the banner says it,
    too, so that a bar in which the banner is folded need not.
    """

    label: str
    word: str
    ok: bool = True
    short: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class TopBarView:
    """Where we are, who is signed in, how the line and the USB ports stand, and the time.

    ``branch_short`` is used when the window is narrow. ``staff`` is empty when nobody is signed in.
    """

    branch: str
    terminal: str
    staff: str
    line: IndicatorView
    usb: IndicatorView
    date: str
    time: str
    branch_short: str = ""


# Task rail ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RailItem:
    """One function key. ``key`` is 1..12. ``short`` is the word for a narrow rail (``word`` if empty).

    ``offered`` marks a key whose meaning is an answer or a way out of a mode at this moment.
    ``badge`` above zero is shown as a count (open refusals, on F10).
    """

    key: int
    word: str
    short: str = ""
    enabled: bool = True
    offered: bool = False
    badge: int = 0


@dataclass(frozen=True, slots=True)
class RailView:
    """The twelve keys. ``current`` is the task shown, 0 if none.

    While ``asking``, F1-F8 lose their caps and do nothing.
    """

    items: tuple[RailItem, ...]
    current: int = 0
    asking: bool = False


# Left panel ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoanMeter:
    """Loans of one kind against its limit: ``used_before`` this visit and ``used_now`` in it.

    ``words`` replaces the component's own words (how many now, how many left) when not empty.
    ``limit`` 0 means that there is none: only the number is shown.
    """

    label: str
    used_before: int
    used_now: int
    limit: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class FlagView:
    """A thing to notice: sign, words ("延滞 1点") and a detail at the right ("最長 5日")."""

    sign: Sign
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PatronView:
    """The patron of the open visit. ``as_of`` says when the data was true, if that is not now.

    With ``as_of`` the data comes from a replica, which holds no name: kana, name and note are neither shown
    nor spoken then, whatever they are.
    """

    kana: str
    name: str
    number: str
    category: str
    valid_until: str
    meters: tuple[LoanMeter, ...] = ()
    flags: tuple[FlagView, ...] = ()
    note: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class SortRow:
    """One pile of returned items and how many lie on it. ``short`` is for the narrow band."""

    sign: Sign
    label: str
    count: int
    short: str = ""


@dataclass(frozen=True, slots=True)
class SortView:
    """The return page's left column: the piles, what to take care of, the printer, a remark."""

    rows: tuple[SortRow, ...]
    flags: tuple[FlagView, ...] = ()
    printer: str = ""
    note: str = ""


# Scan list ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowView:
    """One scan and what became of it.

    ``key`` is unique within the list and stays with the scan; ``number`` is what the clerk sees.
    ``right`` is a date, a destination or a word; ``action`` ("F10 対応") takes its place when not empty.
    ``under`` is cut at its end when it does not fit, so write the item number first, the creator last.
    A refused or outage row stays in sight until it is ``answered``.
    """

    key: int
    number: int
    sign: Sign
    title: str
    under: str
    state: str
    detail: str
    right: str
    right_detail: str = ""
    action: str = ""
    answered: bool = False

    @property
    def pinned(self) -> bool:
        """Whether the row waits for somebody and so may not leave the view."""
        return self.sign in (Sign.REFUSED, Sign.OUTAGE) and not self.answered


@dataclass(frozen=True, slots=True)
class HeaderNote:
    """A count in the list's header: "要対応 1"."""

    sign: Sign
    text: str


@dataclass(frozen=True, slots=True)
class ListHeader:
    """The line above the scan list: "今回の貸出 5 点" and the counts at its right."""

    title: str
    count: int
    unit: str
    notes: tuple[HeaderNote, ...] = ()


# Strip, banner, question --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StripView:
    """What became of the last scan. ``right`` is painted large (a date, a shelf, a sentence).

    ``strong_side`` says which of the two lines at the far right is bold: 1 or 2.
    ``sign`` replaces the tone's own sign (route: to the reservation shelf or into transit).
    """

    tone: Tone
    word: str
    title: str = ""
    right: str = ""
    right_suffix: str = ""
    side_first: str = ""
    side_second: str = ""
    strong_side: int = 1
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class BannerView:
    """A mode that holds while it is true. ``key`` ("F11") and ``key_word`` name its end, or are empty."""

    tone: BannerTone
    sign: Sign
    word: str
    detail: str = ""
    key: str = ""
    key_word: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer: what it does, and what follows from it."""

    word: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason that can be chosen for the unusual answer. ``key`` goes back to the page."""

    key: str
    word: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question about one row. With ``reasons``, the unusual answer counts only with one of them chosen.

    ``row_key`` is the key of that row: the list says there that an answer is awaited.
    """

    title: str
    detail: str
    stop: AnswerView
    offered: AnswerView | None = None
    unusual: AnswerView | None = None
    reasons: tuple[ReasonView, ...] = ()
    sign: Sign = Sign.REFUSED
    hint: str = ""
    row_key: int | None = None


# Forms and sign-in --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldView:
    """A form field: ``error`` says what is right, not what is wrong; empty when there is none."""

    label: str
    required: bool = False
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SignInView:
    """The sign-in panel: heading, the place, the message line and the last sign-in.

    ``message`` may be of several lines, a sentence each. ``message_sign`` REFUSED paints it as an error,
    anything else as a remark. While ``busy`` nothing can be sent again.
    """

    heading: str
    place: str = ""
    message: str = ""
    message_sign: Sign = Sign.REFUSED
    last_sign_in: str = ""
    note: str = ""
    busy: bool = False
