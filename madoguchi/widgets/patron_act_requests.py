"""What an act's form asks of the server, or what is right for each of its lines that is wrong. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from madoguchi.app.lending.facts import Desk
from madoguchi.app.patrons.answers import Done, NotDone
from madoguchi.app.patrons.cards import (
    printed_rule,
    renew_card,
    replace_card,
    replace_with_printed_card,
    report_lost,
    withdraw,
)
from madoguchi.app.patrons.form import check_patron
from madoguchi.app.patrons.person import Proof
from madoguchi.app.patrons.registering import change
from madoguchi.app.patrons.ties import (
    LONGEST_NOTE,
    add_note,
    end_note,
    end_pick_up,
    leave_family,
    let_pick_up,
    link_family,
)
from madoguchi.app.patrons.web_password import WebPassword, issue_web_password
from madoguchi.barcode.symbology import CodePlan, PatronCode, parse
from madoguchi.widgets import card_words, register_form
from madoguchi.widgets import patron_act_forms as forms
from madoguchi.widgets import patron_views as rows
from madoguchi.widgets.typed_day import coming_day

if TYPE_CHECKING:
    # heavy, and first needed once the window is there
    from madoguchi.app.server.gateway import Act

    Answer = Done | WebPassword | NotDone | None
    Send = Callable[[UUID], Act[Answer]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An act about a patron, with what is known where it is wanted.

    Attributes:
        about: the note or the person it is about, if any.
        version: of the patron's record, as it was when the form was opened.
        card: the operation that allots the number of a card to be printed.
    """

    act: str
    about: str
    patron_id: int
    version: int
    card: UUID
    plan: CodePlan
    today: dt.date
    desk: Desk


def request(wanted: Wanted, values: dict[str, str]) -> Send | dict[str, str]:
    """What is to be asked of the server under an operation's id, or what is right for each wrong line."""
    patron, desk = wanted.patron_id, wanted.desk
    match wanted.act:
        case rows.CHANGE:
            return _change(wanted, values)
        case rows.CARD:
            return _card(wanted, values)
        case rows.RENEW:
            return _renewal(wanted, values)
        case rows.ADD_NOTE:
            return _note(wanted, values)
        case rows.TIE:
            return _tie(wanted, values)
        case rows.END_NOTE:
            note = UUID(wanted.about)
            return lambda operation: partial(end_note, operation=operation, note_id=note, desk=desk)
        case rows.END_PICK_UP:
            other = int(wanted.about)
            return lambda operation: partial(
                end_pick_up, operation=operation, patron_id=patron, other_id=other, desk=desk
            )
        case rows.WEB_PASSWORD:
            return lambda operation: partial(
                issue_web_password, operation=operation, patron_id=patron, desk=desk
            )
        case rows.LEAVE_FAMILY:
            return lambda operation: partial(leave_family, operation=operation, patron_id=patron, desk=desk)
    if values.get(forms.SURE) != forms.SAID:
        return {forms.SURE: forms.be_sure()}
    return lambda operation: partial(withdraw, operation=operation, patron_id=patron, desk=desk)


def _number(wanted: Wanted, values: dict[str, str]) -> str | None:
    code = parse(values.get(forms.CARD, ""), wanted.plan)
    return code.number if isinstance(code, PatronCode) else None


def _change(wanted: Wanted, values: dict[str, str]) -> Send | dict[str, str]:
    checked = check_patron(
        values, plan=wanted.plan, today=wanted.today, card_needed=False, proof_needed=False
    )
    if not isinstance(checked, tuple):
        return register_form.errors(checked)
    person, _ = checked
    return lambda operation: partial(
        change,
        operation=operation,
        patron_id=wanted.patron_id,
        version=wanted.version,
        person=person,
        desk=wanted.desk,
    )


def _card(wanted: Wanted, values: dict[str, str]) -> Send | dict[str, str]:
    patron, desk = wanted.patron_id, wanted.desk
    if values.get(forms.WHAT) == forms.ONLY_LOST:
        return lambda operation: partial(report_lost, operation=operation, patron_id=patron, desk=desk)
    rule = printed_rule(wanted.plan)
    if values.get(forms.WHAT) == forms.PRINT_NEW and rule is not None:
        if values.get(forms.CARD, "").strip():
            return {forms.CARD: card_words.one_card()}
        return lambda operation: partial(
            replace_with_printed_card,
            operation=operation,
            card=wanted.card,
            patron_id=patron,
            rule=rule,
            desk=desk,
        )
    number = _number(wanted, values)
    if number is None:
        return {forms.CARD: forms.card_needed()}
    return lambda operation: partial(
        replace_card, operation=operation, patron_id=patron, card_number=number, desk=desk
    )


def _renewal(wanted: Wanted, values: dict[str, str]) -> Send | dict[str, str]:
    kind = values.get(forms.PROOF, "")
    if not kind:
        return {forms.PROOF: forms.choose_one()}
    return lambda operation: partial(
        renew_card, operation=operation, patron_id=wanted.patron_id, proof=Proof(kind), desk=wanted.desk
    )


def _note(wanted: Wanted, values: dict[str, str]) -> Send | dict[str, str]:
    problems = {}
    text = " ".join(values.get(forms.TEXT, "").split())
    if not text:
        problems[forms.TEXT] = forms.text_needed()
    elif len(text) > LONGEST_NOTE:
        problems[forms.TEXT] = forms.text_too_long(LONGEST_NOTE)
    typed = values.get(forms.ENDS_ON, "").strip()
    ends_on = coming_day(typed, wanted.today) if typed else None
    if typed and ends_on is None:
        problems[forms.ENDS_ON] = forms.no_day()
    if problems:
        return problems
    return lambda operation: partial(
        add_note,
        operation=operation,
        patron_id=wanted.patron_id,
        text=text,
        blocks=values.get(forms.KIND) == forms.BLOCK,
        ends_on=ends_on,
        desk=wanted.desk,
    )


def _tie(wanted: Wanted, values: dict[str, str]) -> Send | dict[str, str]:
    number = _number(wanted, values)
    if number is None:
        return {forms.CARD: forms.card_needed()}
    tie = let_pick_up if values.get(forms.KIND) == forms.PICK_UP else link_family
    return lambda operation: partial(
        tie, operation=operation, patron_id=wanted.patron_id, card_number=number, desk=wanted.desk
    )
