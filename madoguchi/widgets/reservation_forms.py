"""Forms about reservations: how the next ones are made, what is changed of one, its place. Pure wording."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from madoguchi.app.catalogue.search import Branch
from madoguchi.app.reservations.queues import FOUND, InQueue, OwnReservation, State
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind

translate = QCoreApplication.translate

PICKUP, COPY, WAIT, RESUME, PLACE, REASON = "pickup", "copy", "wait", "resume", "place", "reason"
ONLY = "only"
PAUSE = "pause"


def way_form(branches: Sequence[Branch], pickup: int) -> FormView:
    """How the next ones are reserved."""
    return FormView(
        heading=translate("Counter", "予約のしかた"),
        note=translate("Counter", "この利用者の、次の予約から効きます。"),
        lines=(
            FormLine(
                COPY,
                translate("Counter", "予約する資料"),
                LineKind.SOME_OF,
                choices=((ONLY, translate("Counter", "読み取った資料だけ（全集の1冊など）")),),
            ),
            _pickup_line(branches, pickup),
        ),
        submit=translate("Counter", "決める"),
    )


def change_form(reservation: OwnReservation | InQueue, title: str, branches: Sequence[Branch]) -> FormView:
    """What is changed of a reservation; nothing but its end, where a copy was found for it."""
    heading = translate("Counter", "予約の変更")
    note = f"{title}  {who_waits(reservation)}" if isinstance(reservation, InQueue) else title
    if reservation.state in FOUND:
        return FormView(
            heading=heading,
            note=f"{note}\n{translate('Counter', '資料が決まっています。できるのは取り消しだけです。')}",
            lines=(),
            submit=translate("Counter", "閉じる"),
        )
    resume_on = reservation.resume_on
    return FormView(
        heading=heading,
        note=note,
        lines=(
            FormLine(
                RESUME,
                translate("Counter", "再開する日（その日まで一時停止）"),
                LineKind.NUMBER,
                resume_on.strftime("%Y/%m/%d") if resume_on is not None else "",
                hint=translate("Counter", "月日4桁（例 1203）。順番は残り、資料は次の人へ行きます"),
            ),
            FormLine(
                WAIT,
                translate("Counter", "日を決めない一時停止"),
                LineKind.SOME_OF,
                PAUSE if reservation.state is State.SUSPENDED and resume_on is None else "",
                choices=((PAUSE, translate("Counter", "申し出があるまで一時停止")),),
            ),
            # the longest list comes last: the others are seen without scrolling
            _pickup_line(branches, reservation.pickup_branch_id),
        ),
        submit=translate("Counter", "変更する"),
    )


def who_waits(row: InQueue) -> str:
    """Which row of a queue is meant, as the queue itself says it."""
    where = {
        State.READY: translate("Counter", "取置中"),
        State.IN_TRANSIT: translate("Counter", "配送中"),
    }.get(row.state, place_words(row.place))
    return " ".join(part for part in (where, f"…{row.number_end}", row.kana_initial) if part)


def place_words(place: int) -> str:
    """A place in the queue."""
    return translate("Counter", "{place}番目").format(place=place)


def cancel_reasons() -> tuple[tuple[str, str], ...]:
    """Why somebody is taken out of a queue who need not be at the counter."""
    return (("asked_for", translate("Counter", "本人の申し出")), *move_reasons())


def move_form(row: InQueue, title: str) -> FormView:
    """Another place in the queue, with a reason that goes on record."""
    return FormView(
        heading=translate("Counter", "順番を変える"),
        note=f"{title}  {who_waits(row)}",
        lines=(
            FormLine(
                PLACE,
                translate("Counter", "新しい順番"),
                LineKind.NUMBER,
                "",
                required=True,
                hint=translate("Counter", "1 がいちばん先です"),
            ),
            FormLine(
                REASON,
                translate("Counter", "理由"),
                LineKind.ONE_OF,
                "",
                required=True,
                choices=move_reasons(),
            ),
        ),
        submit=translate("Counter", "順番を変える"),
    )


def move_reasons() -> tuple[tuple[str, str], ...]:
    """Why a place is changed. The key goes on record: the same in every language, and nobody in it."""
    return (
        ("taken_down_wrong", translate("Counter", "受付のまちがい")),
        ("copy_was_faulty", translate("Counter", "渡した資料の不備")),
        ("decided", translate("Counter", "責任者の判断")),
    )


def _pickup_line(branches: Sequence[Branch], chosen: int) -> FormLine:
    return FormLine(
        PICKUP,
        translate("Counter", "受取館"),
        LineKind.ONE_OF,
        str(chosen),
        required=True,
        choices=tuple((str(branch.branch_id), branch.name) for branch in branches),
    )


def no_day() -> str:
    """What is right for the day."""
    return translate("Counter", "明日からの日を、月日4桁（例 1203）で入れてください")


def no_place() -> str:
    """What is right for the place."""
    return translate("Counter", "1 からの数字を入れてください")


def reason_needed() -> str:
    """A reason is missing."""
    return translate("Counter", "理由を選んでください")


def outage() -> str:
    """What holds while the line is down."""
    return translate(
        "Counter",
        "まだ変更していません。回線がつながりしだい変更します。\nここを閉じても、結果は下の帯に出ます。",
    )


def fault() -> str:
    """A bug was met."""
    return translate("Counter", "変更できたかどうか分かりません。予約を開きなおして確かめてください。")
