"""What the form of a registration asks of the server, or what is to be put right before it does. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from madoguchi.app.patrons.answers import NotDone, Registered, SamePerson
from madoguchi.app.patrons.applications import confirm_application
from madoguchi.app.patrons.cards import printed_rule, register_with_printed_card
from madoguchi.app.patrons.form import PatronField, check_patron
from madoguchi.app.patrons.registering import NewPatron, register
from madoguchi.barcode.symbology import CodePlan
from madoguchi.widgets import card_words
from madoguchi.widgets import register_form as words
from madoguchi.widgets.look.views import StripView
from madoguchi.widgets.registration import Asked

Answer = Registered | SamePerson | NotDone
Act = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Wrong:
    """Nothing is sent.

    Attributes:
        errors: what is right for each line that is wrong.
        message: what is said of all of it.
        strip: what the strip says; None: nothing.
    """

    errors: Mapping[str, str]
    message: str = ""
    strip: StripView | None = None


@dataclass(frozen=True, slots=True)
class OpenInstead:
    """The clerk has answered that it is this patron: nobody is registered."""

    patron_id: int


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody to be registered.

    Attributes:
        as_new: it was answered that they are somebody else than who has their kana and birth date.
        printed: their card is printed here.
        about: the kana and birth date that were typed.
    """

    new: NewPatron = field(repr=False)
    as_new: bool
    printed: bool
    about: tuple[str, str] = field(repr=False)


def request(
    values: dict[str, str], asked: Asked, plan: CodePlan, today: dt.date
) -> Request | OpenInstead | Wrong:
    """What the form asks as it is filled in; the values are untrusted."""
    printed = values.get(card_words.PRINT) == card_words.PRINTED
    checked = check_patron(values, plan=plan, today=today, card_needed=not printed)
    if printed and values.get(PatronField.CARD_NUMBER.value, "").strip():
        wrong = words.errors(checked) if isinstance(checked, dict) else {}
        two = {PatronField.CARD_NUMBER.value: "", card_words.PRINT: card_words.one_card()}
        return Wrong(wrong | two)
    if isinstance(checked, dict):
        return Wrong(words.errors(checked), words.summary(checked), words.wrong_strip(checked))
    new = NewPatron(*checked, family_of=asked.family_of)
    about = (values[PatronField.KANA.value], values[PatronField.BIRTH_DATE.value])
    # an answer about somebody else is none
    chosen = values.get(words.SAME, "") if about == asked.same else ""
    if about == asked.same and not chosen:
        return Wrong({words.SAME: words.which_one()}, words.same_person())
    if chosen not in ("", words.NEW):
        return OpenInstead(int(chosen))
    return Request(new, chosen == words.NEW, printed, about)


def act_of(asked: Asked, plan: CodePlan, *, printed: bool) -> Act:
    """The use case that registers them: with it an application is confirmed, or a card's number allotted."""
    act: Act = partial(confirm_application, number=asked.application) if asked.application else register
    rule = printed_rule(plan)
    if not printed or rule is None:
        return act
    printing: Act = register_with_printed_card
    return partial(printing, act=act, card=asked.card, rule=rule)
