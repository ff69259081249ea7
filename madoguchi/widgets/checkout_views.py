"""What checkout shows: answers made into the views of the look. Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import CheckedOut, Notice, Refused, Renewed, VisitOpened
from madoguchi.app.lending.facts import GroupUse
from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.lending.rules import ABOUT_THE_ITEM, Refusal
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
    if opened.patron.blocked:
        flags.append(
            FlagView(Sign.REFUSED, translate("Counter", "利用停止"), translate("Counter", "職員メモ"))
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
    if opened.patron.travelling_reservations:
        flags.append(
            FlagView(
                Sign.TO_TRANSIT,
                translate("Counter", "配送中 {n}点").format(n=opened.patron.travelling_reservations),
            )
        )
    for other in opened.patron.ready_elsewhere:
        flags.append(
            FlagView(
                Sign.TO_RESERVATION_SHELF,
                translate("Counter", "他館で取置 {n}点").format(n=other.count),
                other.branch,
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
    if patron.blocked:
        stops.append(translate("Counter", "利用停止"))
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


def at_counter_strip(opened: VisitOpened) -> StripView:
    """Who is at the counter, when the page comes back into sight: no outcome of anything."""
    strip = opened_strip(opened)
    if strip.tone is Tone.NOTICE:
        return strip
    return StripView(
        Tone.IDLE,
        translate("Counter", "資料を読み取ってください"),
        opened.patron.name,
        side_second=translate("Counter", "次の利用者カードで終了"),
    )


def swapped_strip(opened: VisitOpened) -> StripView:
    """The last patron is back; the one before them was finished. Nobody is named who has left."""
    return replace(
        opened_strip(opened),
        side_first=translate("Counter", "その前の利用者は終了"),
        side_second=translate("Counter", "F8 で戻れます"),
    )


def not_swapped_strip(name: str) -> StripView:
    """F8 was pressed while something of this patron's would be lost by it."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "この利用者は途中です"),
        name,
        side_first=translate("Counter", "交代していません"),
        side_second=translate("Counter", "終わるには F11"),
    )


def card_awaited_strip(card_number: str, *, stalled: bool) -> StripView:
    """A card was read, its answer is on its way, or waits for the line."""
    if not stalled:
        return StripView(Tone.PENDING, translate("Counter", "照会中"), card_number)
    return StripView(
        Tone.OUTAGE,
        translate("Counter", "回線断"),
        card_number,
        side_first=translate("Counter", "利用者を確認できていません"),
        side_second=translate("Counter", "回線が戻ると照会します"),
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


def due_banner(day: dt.date, today: dt.date) -> BannerView:
    """The clerk has chosen a due date, which holds for this visit."""
    year = "" if day.year == today.year else f"{day.year}/"
    return BannerView(
        BannerTone.CLERK,
        Sign.INFORMATION,
        translate("Counter", "期限指定 {day}").format(day=year + wording.day(day)),
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


def past_day_strip(day: dt.date) -> StripView:
    """What was typed is a day that has gone by."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "過ぎた日付"),
        wording.day(day),
        side_first=translate("Counter", "今日より前の日にはできません"),
    )


def day_first() -> wording.Words:
    """An item was read while the clerk was choosing a due date."""
    return wording.Words(
        translate("Counter", "返却期限が先です"),
        translate("Counter", "決めてから、もう一度読み取ってください"),
    )


def day_first_strip(item_number: str) -> StripView:
    """It is not lent: until which day is not decided yet."""
    return StripView(
        Tone.REFUSED,
        day_first().state,
        item_number,
        translate("Counter", "貸出していません"),
        side_first=translate("Counter", "月日4桁（例 1203）"),
        side_second=translate("Counter", "やめるには F9"),
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
    """The state and detail of a loan that was made: the most unusual in a word, all there is beside it."""
    parts = [
        (Notice.ATTACHMENTS, translate("Counter", "付録あり"), answer.item.attachments),
        (Notice.ITEM_NOTE, translate("Counter", "資料メモ"), answer.item.note),
        (Notice.WAS_RESERVED, translate("Counter", "貸出"), translate("Counter", "予約していた資料")),
    ]
    said = [(state, detail) for notice, state, detail in parts if notice in answer.notices]
    if not said:
        return translate("Counter", "貸出"), ""
    return said[0][0], translate("Counter", "・").join(detail for _, detail in said)


def lent_strip(answer: CheckedOut, lent_this_visit: int) -> StripView:
    """What became of a scan that was lent."""
    state, detail = lent_words(answer)
    side = translate("Counter", "今回 {n}点").format(n=lent_this_visit), detail
    if Notice.ATTACHMENTS in answer.notices and Notice.ITEM_NOTE in answer.notices:
        # both must be read before the item goes over the counter; the count is above the list as well
        side = answer.item.attachments, answer.item.note
    return StripView(
        Tone.NOTICE if answer.notices else Tone.DONE,
        state,
        answer.item.title,
        wording.day(answer.due_on),
        translate("Counter", "まで"),
        side_first=side[0],
        side_second=side[1] or translate("Counter", "次の利用者カードで終了"),
    )


def same_item_strip(title: str, detail: str) -> StripView:
    """The item had been read in this visit already."""
    return StripView(Tone.NOTICE, translate("Counter", "同じ資料"), title, side_first=detail)


def not_lent_strip(title: str, waiting: int) -> StripView:
    """The clerk has dealt with a refusal: nothing is lent; ``waiting`` rows are still to be dealt with."""
    return StripView(
        Tone.IDLE,
        translate("Counter", "対応済み"),
        title,
        translate("Counter", "貸出していません"),
        side_first=translate("Counter", "要対応 {n}").format(n=waiting) if waiting else "",
        side_second=translate("Counter", "次の読み取りができます"),
    )


def given_up_strip(item_number: str) -> StripView:
    """The clerk has given up a loan that waits for the line."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "取りやめ"),
        item_number,
        translate("Counter", "貸出していません"),
        side_first=translate("Counter", "回線が戻ると確定します"),
    )


def not_overridden_strip(title: str, refused: Refused) -> StripView:
    """The server did not grant an override: the refusal stands."""
    words = wording.refused(refused)
    return StripView(
        Tone.REFUSED,
        words.state,
        title,
        translate("Counter", "貸出していません"),
        side_first=words.detail,
        side_second=translate("Counter", "対応は F10"),
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
    elif present and refused.refusal is Refusal.UNKNOWN_ITEM:
        offered = AnswerView(
            translate("Counter", "簡易登録"), translate("Counter", "登録するとそのまま貸し出します")
        )
    if present and refused.may_override and may_override:
        lasts = (
            translate("Counter", "この資料の今回だけ有効")
            if refused.refusal in ABOUT_THE_ITEM
            else translate("Counter", "この利用者の来館中だけ有効")
        )
        unusual = AnswerView(translate("Counter", "理由をつけて貸す"), lasts)
        reasons = _reasons()
    return QuestionView(
        translate("Counter", "{state}。どうしますか").format(state=words.state),
        "  ".join((str(row.number), row.title, words.detail)[0 if row.number else 1 :]),
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
