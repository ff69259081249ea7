"""What every page of scans shows of a scan: rows and strips. Pure: values in, values out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from madoguchi.barcode.symbology import Meaning, ParsedCode, PatronCode, Unknown
from madoguchi.widgets import wording
from madoguchi.widgets.look.views import HeaderNote, RowView, Sign, StripView, Tone

translate = QCoreApplication.translate


def pending_row(item_number: str) -> RowView:
    """A scan whose answer is on its way."""
    return RowView(
        key=0,
        number=0,
        sign=Sign.PENDING,
        title=item_number,
        under=translate("Counter", "書名を照会中"),
        state=translate("Counter", "照会中"),
        detail="",
        right="—",
    )


def not_an_item_row(code: ParsedCode) -> RowView:
    """A scan that is no item; it waits for nobody."""
    words = wording.not_an_item(code)
    return RowView(
        key=0,
        number=0,
        sign=Sign.REFUSED,
        title=wording.shown_text(code),
        under="",
        state=words.state,
        detail=words.detail,
        right="",
        answered=True,
    )


def not_an_item_strip(code: ParsedCode) -> StripView:
    """The same, at the bottom."""
    words = wording.not_an_item(code)
    return StripView(
        Tone.REFUSED,
        words.state,
        wording.shown_text(code),
        translate("Counter", "処理していません"),
        side_first=words.detail,
        side_second=translate("Counter", "次の読み取りができます"),
    )


def asked_strip(row: RowView) -> StripView:
    """The row that a question is open about."""
    return StripView(
        Tone.OUTAGE if row.sign is Sign.OUTAGE else Tone.REFUSED,
        row.state,
        row.title,
        side_first=row.detail,
        side_second=translate("Counter", "回答を待っています"),
    )


def is_a_persons(code: ParsedCode) -> bool:
    """Whether it is a patron's card, or was one before the scanner misread it."""
    misread = isinstance(code, Unknown) and code.looked_like is Meaning.PATRON
    return misread or isinstance(code, PatronCode)


def refused_strip(words: wording.Words, title: str, undone: str, *, asks: bool) -> StripView:
    """``undone`` says what was not done; ``asks``: the row waits for the clerk's answer."""
    return StripView(
        Tone.REFUSED,
        words.state,
        title,
        undone,
        side_first=translate("Counter", "対応は F10") if asks else words.detail,
        side_second=translate("Counter", "脇に置いて続けられます")
        if asks
        else translate("Counter", "次の読み取りができます"),
    )


def outage_strip(undone: str, title: str, keep: str) -> StripView:
    """Not done because the line is down; ``keep`` says what not to do meanwhile."""
    return StripView(
        Tone.OUTAGE,
        undone,
        title,
        keep,
        side_first=translate("Counter", "回線断"),
        side_second=translate("Counter", "自動でやり直しています"),
    )


def waiting_strip(title: str) -> StripView:
    """An answer takes its time."""
    return StripView(Tone.PENDING, translate("Counter", "照会中"), title)


def header_notes(refusals: int, pending: int) -> tuple[HeaderNote, ...]:
    """The counts at the right of the list's header."""
    notes = []
    if refusals:
        notes.append(HeaderNote(Sign.REFUSED, translate("Counter", "要対応 {n}").format(n=refusals)))
    if pending:
        notes.append(HeaderNote(Sign.PENDING, translate("Counter", "照会中 {n}").format(n=pending)))
    return tuple(notes)


def typed_words(text: str) -> str:
    """What the clerk is typing, where the next scan will stand."""
    return translate("Counter", "手入力 {text}   Enter で決定・Delete で消去").format(text=text)
