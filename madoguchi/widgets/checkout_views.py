"""What checkout shows: answers made into the views of the look. Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import CheckedOut, Notice, Refused, Renewed, VisitOpened
from madoguchi.app.lending.facts import GroupUse
from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.lending.rules import Refusal
from madoguchi.widgets import wording
from madoguchi.widgets.look.views import (
    AnswerView,
    BannerTone,
    BannerView,
    FlagView,
    LoanMeter,
    PatronView,
    QuestionView,
    ReasonView,
    RowView,
    Sign,
    StripView,
    Tone,
)

translate = QCoreApplication.translate


def patron_view(
    opened: VisitOpened, lent: Mapping[LoanGroup, int], open_loans: Mapping[LoanGroup, int]
) -> PatronView:
    """The patron's panel; ``lent`` counts this visit's loans by group, ``open_loans`` all there are."""
    patron = opened.patron
    return PatronView(
        kana=patron.kana,
        name=patron.name,
        number=patron.number,
        category=patron.category,
        valid_until=opened.valid_until.strftime("%Y/%m/%d"),
        meters=tuple(
            _meter(use, lent.get(use.group, 0), open_loans.get(use.group, use.open_loans))
            for use in patron.uses
        ),
        flags=_flags(opened),
        note=patron.note,
    )


def _meter(use: GroupUse, lent: int, open_loans: int) -> LoanMeter:
    # what was lent in this visit may have been returned in it as well
    now = min(lent, open_loans)
    return LoanMeter(wording.group(use.group), open_loans - now, now, use.max_loans)


def _flags(opened: VisitOpened) -> tuple[FlagView, ...]:
    flags = []
    if opened.card_idle:
        flags.append(
            FlagView(Sign.NOTICE, translate("Counter", "期限切れ"), translate("Counter", "住所確認"))
        )
    if opened.patron.overdue_items:
        flags.append(
            FlagView(
                Sign.OVERDUE,
                translate("Counter", "延滞 {n}点").format(n=opened.patron.overdue_items),
                translate("Counter", "最長 {n}日").format(n=opened.overdue_days),
            )
        )
    if opened.patron.ready_reservations:
        flags.append(
            FlagView(
                Sign.TO_RESERVATION_SHELF,
                translate("Counter", "取置 {n}点").format(n=opened.patron.ready_reservations),
            )
        )
    return tuple(flags)


def opened_strip(opened: VisitOpened) -> StripView:
    """Who is at the counter, what stops them from borrowing, and what the staff noted about them."""
    patron = opened.patron
    stops = []
    if opened.card_idle:
        stops.append(translate("Counter", "カード期限切れ"))
    if opened.blocked:
        stops.append(translate("Counter", "長期延滞あり"))
    if patron.note and not stops:
        # a narrow window has no room for it beside the patron
        return StripView(
            Tone.NOTICE,
            translate("Counter", "職員メモ"),
            patron.note,
            side_first=patron.name,
            side_second=translate("Counter", "資料を読み取ってください"),
        )
    if patron.note:
        stops.append(translate("Counter", "職員メモあり"))
    return StripView(
        Tone.NOTICE if stops else Tone.DONE,
        translate("Counter", "・").join(stops) or translate("Counter", "利用者を確認"),
        patron.name,
        side_first=translate("Counter", "資料を読み取ってください"),
        side_second=translate("Counter", "次の利用者カードで終了"),
    )


def card_refused_strip(refused: Refused, card_number: str) -> StripView:
    """Why a card opens no visit."""
    words = wording.card_refused(refused)
    return StripView(
        Tone.REFUSED,
        words.state,
        card_number,
        translate("Counter", "貸出できません"),
        side_first=words.detail,
    )


def due_banner(day: dt.date) -> BannerView:
    """The clerk has chosen a due date, which holds for this visit."""
    return BannerView(
        BannerTone.CLERK,
        Sign.INFORMATION,
        translate("Counter", "期限指定 {day}").format(day=wording.day(day)),
        translate("Counter", "この利用者の次の貸出から、この日を返却期限にします"),
        "F9",
        translate("Counter", "期限を戻す"),
    )


def no_day_strip(digits: str) -> StripView:
    """What was typed is no day."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "日付ではありません"),
        digits,
        side_first=translate("Counter", "月日4桁（例 1203）"),
    )


def renewed_strip(answer: Renewed) -> StripView:
    """What the patron had already was renewed."""
    return StripView(
        Tone.DONE,
        translate("Counter", "延長"),
        answer.item.title,
        wording.day(answer.due_on),
        translate("Counter", "まで"),
    )


def lent_words(answer: CheckedOut) -> tuple[str, str]:
    """The state and detail of a loan that was made."""
    lent = translate("Counter", "貸出")
    if Notice.ATTACHMENTS in answer.notices:
        return translate("Counter", "付録あり"), answer.item.attachments
    if Notice.ITEM_NOTE in answer.notices:
        return translate("Counter", "資料メモ"), answer.item.note
    if Notice.WAS_RESERVED in answer.notices:
        return lent, translate("Counter", "予約していた資料")
    return lent, ""


def lent_strip(answer: CheckedOut, lent_this_visit: int) -> StripView:
    """What became of a scan that was lent."""
    state, detail = lent_words(answer)
    return StripView(
        Tone.NOTICE if answer.notices else Tone.DONE,
        state,
        answer.item.title,
        wording.day(answer.due_on),
        translate("Counter", "まで"),
        side_first=translate("Counter", "今回 {n}点").format(n=lent_this_visit),
        side_second=detail or translate("Counter", "次の利用者カードで終了"),
    )


def outage_question(row: RowView) -> QuestionView:
    """What is asked about a loan that the server has not confirmed."""
    return QuestionView(
        translate("Counter", "回線断のため貸出できていません。どうしますか"),
        row.title,
        AnswerView(translate("Counter", "このまま待つ"), translate("Counter", "回線が戻るとやり直します")),
        offered=AnswerView(
            translate("Counter", "取りやめる"), translate("Counter", "資料は図書館に残ります")
        ),
        sign=Sign.OUTAGE,
        hint=_hint(),
        row_key=row.key,
    )


def refusal_question(row: RowView, refused: Refused, *, present: bool, may_override: bool) -> QuestionView:
    """What is asked about a refusal; ``present``: its patron is still at the counter."""
    words = wording.refused(refused)
    offered = unusual = None
    reasons: tuple[ReasonView, ...] = ()
    if present and refused.refusal is Refusal.ON_LOAN_TO_PATRON:
        offered = AnswerView(translate("Counter", "延長する"), translate("Counter", "今日から数え直します"))
    if present and refused.may_override and may_override:
        unusual = AnswerView(
            translate("Counter", "理由をつけて貸す"), translate("Counter", "この利用者の来館中だけ有効")
        )
        reasons = _reasons()
    return QuestionView(
        translate("Counter", "{state}。どうしますか").format(state=words.state),
        f"{row.number}  {row.title}  {words.detail}",
        AnswerView(translate("Counter", "貸さない"), translate("Counter", "資料は手元に残す")),
        offered,
        unusual,
        reasons,
        hint=_hint(),
        row_key=row.key,
    )


def _reasons() -> tuple[ReasonView, ...]:
    """Reasons for an override. The key goes on record: the same in every language."""
    return (
        ReasonView("seen_at_counter", translate("Counter", "窓口で確認済み")),
        ReasonView("approved", translate("Counter", "責任者の承認")),
        ReasonView("promised_to_return", translate("Counter", "返却の約束あり")),
    )


def _hint() -> str:
    return translate("Counter", "次の読み取りをすると、答えずに残して続けます。")
