"""What the page of reservations shows of them: rows, the queue's table, strips and questions. Pure."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import Refused, Reserved
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.reservations.answers import CircleRefusal
from madoguchi.app.reservations.placing import NotMeant
from madoguchi.app.reservations.queues import InQueue, OwnReservation, State, TitleQueue
from madoguchi.widgets import wording
from madoguchi.widgets.circle_words import circle_refused
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.views import (
    AnswerView,
    BannerTone,
    BannerView,
    QuestionView,
    ReasonView,
    RowView,
    Sign,
    StripView,
    Tone,
)
from madoguchi.widgets.reservation_forms import cancel_reasons, place_words, who_waits

translate = QCoreApplication.translate


# -- what somebody waits for -------------------------------------------------------------------------------


def reservation_row(reservation: OwnReservation, today: dt.date) -> RowView:
    """One of a patron's reservations; number and key are the list's."""
    state, detail = _own_words(reservation, today)
    under = translate("Counter", "受取 {branch}").format(branch=reservation.pickup_branch)
    if reservation.item_number:
        # the one copy that is asked for, whatever else there is of the title
        only = translate("Counter", "この資料だけ {number}").format(number=reservation.item_number)
        under = f"{under}  {only}"
    return RowView(
        key=0,
        number=0,
        sign=_sign(reservation),
        title=reservation.title,
        under=f"{under}  {reservation.creators}".rstrip(),
        state=state,
        detail=detail,
        right="",
        action=translate("Counter", "変更・取消"),
    )


def _sign(reservation: OwnReservation) -> Sign:
    if reservation.state is State.READY:
        return Sign.TO_RESERVATION_SHELF if reservation.here else Sign.INFORMATION
    return {
        State.IN_TRANSIT: Sign.TO_TRANSIT,
        State.WAITING: Sign.RECORDED,
        State.SUSPENDED: Sign.EARLIER,
    }[reservation.state]


def _own_words(reservation: OwnReservation, today: dt.date) -> tuple[str, str]:
    match reservation.state:
        case State.READY:
            state = translate("Counter", "取置中（他館）")
            if reservation.here:
                state = translate("Counter", "取置中（この館）")
            return state, kept_words(reservation.keep_until, today)
        case State.IN_TRANSIT:
            return translate("Counter", "配送中"), ""
        case State.SUSPENDED:
            return translate("Counter", "一時停止"), resume_words(reservation.resume_on)
    return (
        translate("Counter", "順番待ち {place}番目").format(place=reservation.place),
        translate("Counter", "{waiting}人待ち").format(waiting=reservation.waiting),
    )


def kept_words(keep_until: dt.date | None, today: dt.date) -> str:
    """Until when a copy is kept, or that this is over."""
    if keep_until is None:
        return ""
    if keep_until < today:
        return translate("Counter", "期限切れ {day}").format(day=wording.day(keep_until))
    return translate("Counter", "{day} まで取置").format(day=wording.day(keep_until))


def resume_words(resume_on: dt.date | None) -> str:
    """When a reservation that is suspended waits again."""
    if resume_on is None:
        return translate("Counter", "申し出があるまで")
    return translate("Counter", "{day} から再開").format(day=wording.day(resume_on))


# -- what was read -----------------------------------------------------------------------------------------


def waiting_for_card() -> wording.Words:
    """A title was read before the card."""
    return wording.Words(
        translate("Counter", "利用者カード待ち"), translate("Counter", "カードを読み取ると予約します")
    )


def no_card_read() -> wording.Words:
    """A title waited for a card, and none came: it is not reserved."""
    return wording.Words(
        translate("Counter", "予約していません"), translate("Counter", "カードを読み取りませんでした")
    )


def waiting_for_card_strip(title: str) -> StripView:
    """The same, at the bottom."""
    words = waiting_for_card()
    return StripView(Tone.PENDING, words.state, title, side_first=words.detail)


def reserved_words(answer: Reserved) -> wording.Words:
    """It is reserved."""
    return wording.Words(
        translate("Counter", "予約しました"),
        translate("Counter", "{place}番目").format(place=answer.place),
    )


def not_meant_words(answer: NotMeant) -> wording.Words:
    """What was read is no title, or several."""
    if answer.several:
        return wording.Words(
            translate("Counter", "書誌が1つに決まりません"),
            translate("Counter", "資料を読み取るか、F6 で選んでください"),
        )
    return wording.refused(Refused(Refusal.UNKNOWN_ITEM))


def not_reserved_strip(words: wording.Words, title: str) -> StripView:
    """It is not reserved, and why."""
    return StripView(
        Tone.REFUSED,
        words.state,
        title,
        translate("Counter", "予約していません"),
        side_first=words.detail,
        side_second=translate("Counter", "次の読み取りができます"),
    )


def not_shown_strip(refusal: CircleRefusal) -> StripView:
    """What somebody waits for is not shown, and why."""
    words = circle_refused(refusal)
    return StripView(Tone.REFUSED, words.state, "", side_first=words.detail)


def not_changed_strip(refusal: CircleRefusal) -> StripView:
    """Nothing was changed, and why."""
    words = circle_refused(refusal)
    return StripView(
        Tone.REFUSED, words.state, "", translate("Counter", "変更していません"), side_first=words.detail
    )


def changed_strip(word: str, title: str, *, place: int = 0, to_clear: bool = False) -> StripView:
    """It is so now; ``to_clear``: a copy lies on the reservation shelf that nobody waits for."""
    return StripView(
        Tone.NOTICE if to_clear else Tone.DONE,
        word,
        title,
        place_words(place) if place else "",
        side_first=translate("Counter", "取置棚から片づけます") if to_clear else "",
        side_second=translate("Counter", "取置・配送の一覧に出ます") if to_clear else "",
    )


def form_first_strip(heading: str) -> StripView:
    """F8 was pressed over a form, which would have been lost by it."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "入力の途中です"),
        heading,
        side_first=translate("Counter", "交代していません"),
        side_second=translate("Counter", "Esc で閉じてから、もう一度"),
    )


def not_cancelled_yet_strip(title: str) -> StripView:
    """The line is down: it will be cancelled when it is back."""
    return StripView(
        Tone.OUTAGE,
        translate("Counter", "回線断"),
        title,
        translate("Counter", "まだ取り消していません"),
        side_second=translate("Counter", "自動でやり直しています"),
    )


def not_changed_yet_strip(title: str) -> StripView:
    """The line is down: it will be changed when it is back."""
    return StripView(
        Tone.OUTAGE,
        translate("Counter", "回線断"),
        title,
        translate("Counter", "まだ変更していません"),
        side_second=translate("Counter", "自動でやり直しています"),
    )


def idle_strip() -> StripView:
    """Nobody is at the counter."""
    return StripView(
        Tone.IDLE,
        translate("Counter", "利用者カードか、予約する資料を読み取ってください"),
        side_first=translate("Counter", "ISBN でも予約できます"),
    )


def at_counter_strip(name: str) -> StripView:
    """Somebody is, and what they wait for is in sight."""
    return StripView(
        Tone.IDLE,
        translate("Counter", "予約する資料を読み取ってください"),
        name,
        side_first=translate("Counter", "ISBN でも予約できます"),
        side_second=translate("Counter", "次の利用者カードで終了"),
    )


def way_first_strip(text: str) -> StripView:
    """Something was read while the clerk chooses how to reserve."""
    return StripView(
        Tone.REFUSED,
        translate("Counter", "予約のしかたが先です"),
        text,
        translate("Counter", "予約していません"),
        side_first=translate("Counter", "F10 で決めてから、もう一度読み取ってください"),
    )


def way_banner(pickup: str, *, only_copy: bool) -> BannerView:
    """The clerk has chosen where the next ones are picked up, or that one copy alone will do."""
    parts = [translate("Counter", "受取 {branch}").format(branch=pickup)] if pickup else []
    if only_copy:
        parts.append(translate("Counter", "読み取った資料だけ"))
    return BannerView(
        BannerTone.CLERK,
        Sign.INFORMATION,
        translate("Counter", "・").join(parts),
        translate("Counter", "この利用者の次の予約から、こう予約します"),
        "F9",
        translate("Counter", "元に戻す"),
    )


def cancel_question(
    title: str, *, found: bool, row_key: int | None, waits: InQueue | None = None
) -> QuestionView:
    """Asked once; ``found``: a copy lies ready for it or is on its way.

    ``waits``: it was chosen in the title's queue, and is somebody's who need not be here: why goes on record.
    """
    lost = translate("Counter", "順番はなくなります。元には戻せません")
    if found:
        lost = translate("Counter", "用意した資料は、次の人か元の棚へ")
    return QuestionView(
        translate("Counter", "予約を取り消しますか"),
        f"{title}  {who_waits(waits)}" if waits is not None else title,
        AnswerView(translate("Counter", "取り消さない"), translate("Counter", "予約はそのまま")),
        None,
        AnswerView(translate("Counter", "予約を取り消す"), lost),
        tuple(ReasonView(*each) for each in cancel_reasons()) if waits is not None else (),
        sign=Sign.NOTICE,
        row_key=row_key,
    )


# -- a title's queue -----------------------------------------------------------------------------------------


def queue_table(queue: TitleQueue | None, *, line_up: bool) -> TableView:
    """The queue in its order; None while it is on its way."""
    empty = translate("Counter", "予約の列を照会しています。")
    if not line_up:
        empty = translate("Counter", "回線が切れています。つながりしだい照会します。")
    elif queue is not None:
        empty = translate("Counter", "予約している人はいません。")
    return TableView(
        heading=queue.title if queue is not None else translate("Counter", "予約の列"),
        note=translate("Counter", "↑↓ で選び、F10 で変更・取消、F9 で順番を変えます。Esc で戻ります。"),
        columns=(
            Column("place", translate("Counter", "順番"), 5),
            Column("who", translate("Counter", "利用者"), 5),
            Column("pickup", translate("Counter", "受取館"), 7),
            Column("placed", translate("Counter", "予約日"), 4),
            Column("item", translate("Counter", "資料番号"), 4, number=True, spare=True),
        ),
        records=tuple(_queue_record(row, queue.today) for row in queue.rows) if queue is not None else (),
        empty=empty,
        count=translate("Counter", "{count}人").format(count=len(queue.rows)) if queue is not None else "",
    )


def _queue_record(row: InQueue, today: dt.date) -> Record:
    marks = {
        State.READY: Mark.GOOD,
        State.IN_TRANSIT: Mark.NOTICE,
        State.SUSPENDED: Mark.OFF,
        State.WAITING: Mark.NONE,
    }
    return Record(
        key=str(row.reservation_id),
        cells=(
            _place_words(row, today),
            " ".join(part for part in (f"…{row.number_end}", row.kana_initial) if part),
            row.pickup_branch,
            wording.day(row.placed_on),
            row.item_number,
        ),
        mark=marks[row.state],
        quiet=row.state is State.SUSPENDED,
    )


def _place_words(row: InQueue, today: dt.date) -> str:
    if row.state is State.READY:
        return " ".join((translate("Counter", "取置中"), kept_words(row.keep_until, today))).rstrip()
    if row.state is State.IN_TRANSIT:
        return translate("Counter", "配送中")
    place = place_words(row.place)
    if row.state is State.SUSPENDED:
        return f"{place} {translate('Counter', '一時停止')}"
    return place


def form_strip(title: str) -> StripView:
    """The form of one reservation is open."""
    return StripView(Tone.IDLE, translate("Counter", "予約の変更"), title)


def queue_strip(title: str) -> StripView:
    """A title's queue is in sight."""
    return StripView(Tone.IDLE, translate("Counter", "予約の列"), title)
