"""Provisional applications as the page of patrons shows them. Pure wording."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from madoguchi.app.patrons.applications import Application, ApplicationFound, ApplicationsFound, RejectReason
from madoguchi.app.patrons.form import PatronField
from madoguchi.widgets import patron_words as words
from madoguchi.widgets.look.record_views import Column, FormLine, FormView, LineKind, Record, TableView
from madoguchi.widgets.look.views import RailItem, StripView, Tone

translate = QCoreApplication.translate

REASON = "reason"
REJECT_KEY, QUEUE_KEY = 9, 11


def table(found: ApplicationsFound | None, *, empty: str) -> TableView:
    """Those who wait; ``empty`` is what is said where there is nobody."""
    applications = found.applications if found is not None else ()
    more = found is not None and found.more
    note = translate("Patrons", "番号・氏名・かな・生年月日でしぼれます。Enter で開き、F9 で却下します。")
    if more:
        note = translate("Patrons", "古いほうから50件です。番号か氏名か生年月日でしぼれます。")
    return TableView(
        heading=translate("Patrons", "仮登録申請"),
        note=note,
        columns=(
            Column("number", translate("Patrons", "申請番号"), 4),
            Column("name", translate("Patrons", "氏名"), 5),
            Column("kana", translate("Patrons", "かな"), 5),
            Column("birth", translate("Patrons", "生年"), 2, number=True),
            Column("applied", translate("Patrons", "申請日"), 3, number=True),
        ),
        records=tuple(_row(each) for each in applications),
        empty=empty,
        count=translate("Patrons", "50件以上") if more else "",
    )


def _row(found: ApplicationFound) -> Record:
    cells = found.number, found.name, found.kana, str(found.birth_year), words.day(found.applied_on)
    return Record(found.number, cells)


def nobody_words() -> str:
    """Nobody waits who is asked for."""
    return translate("Patrons", "申請がありません。番号を確かめてください。")


def contractor_words() -> str:
    """Contract staff have nothing listed."""
    return translate("Patrons", "申請番号を入れて Enter を押してください。")


def queue_key(*, on: bool, enabled: bool) -> RailItem:
    """What F11 does while no record is open."""
    if on:
        word, short = translate("Patrons", "利用者の検索へ"), translate("Patrons", "検索へ")
    else:
        word, short = translate("Patrons", "仮登録申請"), translate("Patrons", "申請")
    return RailItem(QUEUE_KEY, word, short, enabled)


def reject_key(*, enabled: bool) -> RailItem:
    """What F9 does in the queue."""
    return RailItem(REJECT_KEY, translate("Patrons", "申請を却下"), translate("Patrons", "却下"), enabled)


def reject_form(found: ApplicationFound) -> FormView:
    """Why an application becomes no patron."""
    reasons = {
        RejectReason.NO_PROOF: translate("Patrons", "住所を確かめられない"),
        RejectReason.NOT_ENTITLED: translate("Patrons", "登録の対象ではない"),
        RejectReason.PATRON_ALREADY: translate("Patrons", "すでに登録がある"),
        RejectReason.TAKEN_BACK: translate("Patrons", "本人が取り下げた"),
    }
    return FormView(
        heading=translate("Patrons", "申請を却下"),
        note=translate("Patrons", "{number} {name} の申請を消去します。元には戻せません。").format(
            number=found.number, name=found.name
        ),
        lines=(
            FormLine(
                REASON,
                translate("Patrons", "理由"),
                LineKind.ONE_OF,
                required=True,
                choices=tuple((reason.value, word) for reason, word in reasons.items()),
            ),
        ),
        submit=translate("Patrons", "却下する"),
    )


def values(application: Application) -> dict[str, str]:
    """What the form of a registration begins with."""
    person = application.person
    return {
        PatronField.NAME.value: person.name,
        PatronField.KANA.value: person.kana,
        PatronField.BIRTH_DATE.value: words.day(person.birth_date),
        PatronField.POSTAL_CODE.value: person.postal_code,
        PatronField.ADDRESS.value: person.address,
        PatronField.TELEPHONE.value: person.telephone,
        PatronField.EMAIL.value: person.email,
        PatronField.CATEGORY.value: person.category.value,
    }


def compare(number: str) -> str:
    """Above the form of a registration that began with an application."""
    return translate(
        "Patrons", "申請 {number} の内容です。見せてもらった書類と見比べ、直してから登録してください。"
    ).format(number=number)


def rejected_strip(number: str) -> StripView:
    """It is gone."""
    return StripView(Tone.DONE, translate("Patrons", "申請を却下しました"), number)
