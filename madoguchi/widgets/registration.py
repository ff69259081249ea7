"""What the form of a registration knows of the act that it makes, and of whom it has registered last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from madoguchi.app.patrons.registering import NewPatron


@dataclass(slots=True)
class Asked:
    """One registration, and under which operation it is repeated.

    Attributes:
        family_of: the patron whose family they are of.
        application: the number of the provisional application that is confirmed with it; empty: none is.
        member: the how-manieth of the family that is registered in one go.
        sent: what went out under the operation; anything else is another act.
        same: what was typed when somebody with that kana and birth date turned out to be there.
        begun: what was taken over from the one before.
        card: the operation that allots the number of a card to be printed.
        under: what was typed when it went out, or may have; None: it has not.
        warned: it was said that what is typed will be lost.
    """

    operation: UUID
    family_of: int | None = None
    application: str = field(default="", repr=False)
    member: int | None = None
    visit: UUID = field(default_factory=uuid4)
    sent: tuple[NewPatron, bool] | None = field(default=None, repr=False)
    same: tuple[str, str] | None = field(default=None, repr=False)
    begun: Mapping[str, str] = field(default_factory=dict, repr=False)
    card: UUID = field(default_factory=uuid4)
    under: Mapping[str, str] | None = field(default=None, repr=False)
    warned: bool = False

    def renew_if_edited(self, typed: Mapping[str, str]) -> None:
        """What was edited since it went out, or may have, is another act."""
        if self.under not in (None, typed):
            self.operation, self.under = uuid4(), None

    def goes_out(self, sent: tuple[NewPatron, bool], typed: Mapping[str, str]) -> None:
        """It is on its way, as it was typed; anything else than what went out before is another act."""
        self.renew_if_edited(typed)
        if self.sent not in (None, sent):
            self.operation = uuid4()
        self.sent, self.under = sent, typed


@dataclass(frozen=True, slots=True)
class Done:
    """Who has just been registered, for the next of their family."""

    card: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    family_of: int
    member: int
