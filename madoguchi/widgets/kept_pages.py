"""What the pages keep while their clerk is away, as values that can be written down and read again.

Nothing of it is shown before the same person has signed in again, and what they are then shown of a patron
the server is asked for anew. What was on its way about a patron or a reservation is kept with its operation,
and asked for again under it. What is told to whoever signs in next (a return) is not among it, nor a loan
that was not confirmed, which is called off.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from madoguchi import __version__
from madoguchi.app.lending.answers import CheckedIn, Refused, Route
from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.reservations.placing import Wanted
from madoguchi.widgets.look.views import RowView

if TYPE_CHECKING:
    from cattrs.preconf.json import JsonConverter


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row, and what its answers need. ``of_visit``: it belongs to the patron who is at the counter."""

    row: RowView
    item_number: str
    operation: UUID
    refused: Refused | None = None
    of_visit: bool = False


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """The patron at the counter, as far as the clerk's work knows them: by the number of their card."""

    card_number: str
    id: UUID
    lent_items: dict[str, LoanGroup]
    due_on: dt.date | None
    overridden: bool


@dataclass(frozen=True, slots=True)
class KeptReturn:
    """An item that was taken back: by the place of its row."""

    row: int
    answer: CheckedIn
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class KeptList:
    """The rows of a page, the oldest first, and the number that the last one had."""

    rows: list[KeptRow] = field(default_factory=list)
    last_number: int = 0


@dataclass(frozen=True, slots=True)
class KeptCheckout:
    """The page of checkouts."""

    scans: KeptList = field(default_factory=KeptList)
    visit: KeptVisit | None = None
    choosing_day: bool = False


@dataclass(frozen=True, slots=True)
class KeptCheckin:
    """The page of returns; ``last`` is the place, among ``taken``, of the one that can be undone."""

    scans: KeptList = field(default_factory=KeptList)
    piles: list[tuple[Route, str, int]] = field(default_factory=list)
    overdue: int = 0
    taken: list[KeptReturn] = field(default_factory=list)
    last: int | None = None
    drop_day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class KeptRenewal:
    """The page of renewals."""

    scans: KeptList = field(default_factory=KeptList)
    renewed: int = 0


@dataclass(frozen=True, slots=True)
class KeptWay:
    """The page of reservations under way: which list was open, and how the shelf was sorted."""

    scans: KeptList = field(default_factory=KeptList)
    which: str = "pull"
    by_label: bool = False
    done: int = 0


@dataclass(frozen=True, slots=True)
class KeptPlacing:
    """A reservation from the search that was on its way.

    Attributes:
        operation: under which it may have been sent already.
        visit: in which the card belongs to whoever it is for.
    """

    operation: UUID
    visit: UUID
    card_number: str = field(repr=False)
    title_id: int
    title: str = field(repr=False)
    pickup_branch_id: int


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """What was looked for, by field, the form of an item that is half added, what was on its way.

    Attributes:
        operation: under which it may have been sent already.
        for_visit: the visit that waits for the item.
    """

    values: dict[str, str] = field(default_factory=dict)
    by_field: bool = False
    adding: dict[str, str] = field(default_factory=dict)
    operation: UUID | None = None
    for_visit: UUID | None = None
    placing: list[KeptPlacing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KeptWish:
    """A title that is to be reserved for whoever is at the counter, or comes to it.

    Attributes:
        operation: under which it may have been sent already.
        visit: whose it is, with the number of their card: they may have left already; None: it waits.
    """

    wanted: Wanted
    operation: UUID
    pickup_branch_id: int
    only_copy: bool
    visit: UUID | None = None
    card_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KeptChange:
    """A change, a move or the end of a reservation that was on its way, as it goes to the server.

    Attributes:
        title: of what; empty where whoever it is about has left.
        operation: under which it may have been sent already.
    """

    kind: str
    reservation_id: int
    title: str = field(repr=False)
    operation: UUID
    pickup_branch_id: int = 0
    suspended: bool = False
    resume_on: dt.date | None = None
    place: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeptReservations:
    """The page of reservations: what was refused, what is not confirmed, and how the next ones are made.

    What the patron waits for is asked for anew; so is, under its operation, what was not confirmed.
    """

    scans: KeptList = field(default_factory=KeptList)
    wishes: list[KeptWish] = field(default_factory=list)
    pickup_branch_id: int | None = None
    only_copy: bool = False
    changes: list[KeptChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KeptRegistration:
    """Somebody who is half registered.

    Attributes:
        operation: under which it may have been sent already.
        family_of: the patron whose family they are of.
        application: the number of the provisional application that it began with, if any.
        card: under which operation the number of a card to be printed may have been allotted.
    """

    values: dict[str, str] = field(repr=False)
    operation: UUID
    family_of: int | None = None
    application: str = field(default="", repr=False)
    card: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptAct:
    """A form about a patron that is half filled in, or that was on its way.

    Attributes:
        about: the note or the person it is about, if any.
        version: of the patron's record, as it was when the form was opened.
        begun: what stood in the form when it was opened.
        operation: under which it may have been sent already.
        card: under which the number of a card to be printed may have been allotted.
        proof_needed: they have left junior high school.
        under_way: it was sent, and nobody knows what came of it.
    """

    act: str
    about: str
    patron_id: int
    version: int
    values: dict[str, str] = field(repr=False)
    begun: dict[str, str] = field(repr=False)
    operation: UUID
    card: UUID
    proof_needed: bool
    under_way: bool


@dataclass(frozen=True, slots=True)
class KeptPatrons:
    """What was typed to find somebody, whose record was open, who is half registered, what was being done."""

    values: dict[str, str] = field(default_factory=dict, repr=False)
    patron_id: int | None = None
    registration: KeptRegistration | None = None
    act: KeptAct | None = None


@dataclass(frozen=True, slots=True)
class KeptLabel:
    """A number that was collected to be printed, and what was known of it."""

    number: str
    state: str


@dataclass(frozen=True, slots=True)
class KeptLabels:
    """The page of labels. What items' labels say is asked for anew.

    Attributes:
        values: what was chosen for printing.
        asked: what stood in the form of new numbers.
        operation: under which it may have been sent already.
    """

    rows: list[KeptLabel] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    operation: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptCounter:
    """Everything: ``current`` is the key of the page in sight, ``typed`` what was half typed.

    ``report`` is what stood in the form of an incident.
    """

    checkout: KeptCheckout
    checkin: KeptCheckin
    renewal: KeptRenewal
    current: int = 1
    typed: str = ""
    report: dict[str, str] = field(default_factory=dict)
    search: KeptSearch = field(default_factory=KeptSearch)
    patrons: KeptPatrons = field(default_factory=KeptPatrons)
    way: KeptWay = field(default_factory=KeptWay)
    reservations: KeptReservations = field(default_factory=KeptReservations)
    labels: KeptLabels = field(default_factory=KeptLabels)
    version: str = __version__

    def is_empty(self) -> bool:
        """Whether there is nothing to come back to."""
        lists = (self.checkout, self.checkin, self.renewal)
        texts = (
            self.typed,
            self.report,
            self.search.values,
            self.search.adding,
            self.search.placing,
            self.labels.rows,
            self.labels.operation,
        )
        nothing = (
            KeptCheckout(), KeptCheckin(), KeptRenewal(), KeptPatrons(), KeptReservations(), KeptWay(),
        )  # fmt: skip
        return (*lists, self.patrons, self.reservations, self.way) == nothing and not any(texts)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form of the office that is half filled in: on which page, which, about what, and what is typed."""

    page: int
    name: str
    target: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class KeptOffice:
    """What somebody in the office was at: the page in sight, and the forms. What was listed is asked anew."""

    current: int
    forms: list[KeptForm] = field(default_factory=list)
    report: dict[str, str] = field(default_factory=dict)
    version: str = __version__

    def is_empty(self) -> bool:
        """Whether there is nothing to come back to."""
        return not self.forms and not self.report


@dataclass(frozen=True, slots=True)
class _Written:
    """What is written down: one of the two."""

    counter: KeptCounter | None = None
    office: KeptOffice | None = None


@cache
def _converter() -> JsonConverter:
    # first needed when somebody leaves: not before the first paint
    from cattrs.preconf.json import make_converter

    made = make_converter()
    made.register_unstructure_hook(UUID, str)
    made.register_structure_hook(UUID, lambda text, _: UUID(text))
    return made


def as_text(kept: KeptCounter | KeptOffice) -> str:
    """As JSON."""
    written = _Written(counter=kept) if isinstance(kept, KeptCounter) else _Written(office=kept)
    text: str = _converter().dumps(written)
    return text


def from_text(text: str) -> KeptCounter | KeptOffice | None:
    """From JSON; None where another version of the program wrote it, whose rows may be other ones."""
    from cattrs.errors import BaseValidationError

    try:
        written = _converter().loads(text, _Written)
    except (BaseValidationError, ValueError, KeyError, TypeError):
        return None
    kept = written.counter or written.office
    return kept if kept is not None and kept.version == __version__ else None
