"""What the counter says: answers and refusals as words, in the clerk's language.

Japanese is the source language; every sentence goes through Qt's translation at the moment it is said.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import Refused
from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.lending.rules import Refusal
from madoguchi.barcode.symbology import (
    CommandCode,
    Isbn,
    Issn,
    ItemCode,
    Magazine,
    Meaning,
    ParsedCode,
    PatronCode,
    StaffCode,
    Unknown,
    UnknownReason,
)

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Words:
    """A state in a word, and a line that says more."""

    state: str
    detail: str


def day(date: dt.date) -> str:
    """A date as the counter writes it: 12/5(土)."""
    weekday = (
        translate("Counter", "月"),
        translate("Counter", "火"),
        translate("Counter", "水"),
        translate("Counter", "木"),
        translate("Counter", "金"),
        translate("Counter", "土"),
        translate("Counter", "日"),
    )[date.weekday()]
    return f"{date.month}/{date.day}({weekday})"


def moment(at: dt.datetime, now: dt.datetime) -> str:
    """A moment as the counter writes it, in the zone of ``now``; the year only where it is another."""
    local = at.astimezone(now.tzinfo)
    year = "" if local.year == now.year else f"{local.year}/"
    return f"{year}{day(local.date())} {local:%H:%M}"


def group(loan_group: LoanGroup) -> str:
    """The name of a group of kinds on the patron's panel."""
    return {
        LoanGroup.PRINT: translate("Counter", "図書・雑誌"),
        LoanGroup.AUDIO: translate("Counter", "CD"),
        LoanGroup.VIDEO: translate("Counter", "DVD"),
    }[loan_group]


def card_refused(refused: Refused) -> Words:
    """Why a card opens no visit."""
    if refused.refusal is Refusal.CARD_LOST:
        return Words(
            translate("Counter", "紛失届のあるカード"),
            translate("Counter", "このカードは使えません。新しいカードを読み取ってください。"),
        )
    if refused.refusal is Refusal.TOO_MANY_VIEWS:
        return Words(
            translate("Counter", "利用者情報の表示回数が上限を超えました"),
            translate("Counter", "同僚に代わるか、セキュリティ責任者に連絡してください。"),
        )
    return Words(
        translate("Counter", "登録のない利用者番号"),
        translate("Counter", "カードを確かめて、もう一度読み取ってください。"),
    )


def refused(answer: Refused) -> Words:
    """Why an item was not lent, returned or renewed, or a title not reserved."""
    due = day(answer.due_on) if answer.due_on else ""
    refusal = answer.refusal
    words = {
        Refusal.UNKNOWN_CARD: (
            translate("Counter", "登録のない利用者"),
            translate("Counter", "利用者カードを読み直してください"),
        ),
        Refusal.CARD_LOST: (
            translate("Counter", "紛失届のあるカード"),
            translate("Counter", "新しいカードを読み取ってください"),
        ),
        Refusal.CARD_IDLE: (
            translate("Counter", "カード期限切れ"),
            translate("Counter", "長く利用なし・住所確認が必要"),
        ),
        Refusal.OVERDUE_BLOCK: (
            translate("Counter", "長期延滞あり"),
            translate("Counter", "長く延滞中の資料の返却が先"),
        ),
        Refusal.BLOCKED: (
            translate("Counter", "利用停止"),
            translate("Counter", "理由は職員メモにあります"),
        ),
        Refusal.OVER_LIMIT: (
            translate("Counter", "貸出上限"),
            translate("Counter", "上限{limit}点に達しています").format(limit=answer.limit),
        ),
        Refusal.UNKNOWN_ITEM: (
            translate("Counter", "登録のない資料"),
            translate("Counter", "資料番号を確かめてください"),
        ),
        Refusal.REFERENCE_ONLY: (
            translate("Counter", "禁帯出"),
            translate("Counter", "館内でのみ利用できる資料"),
        ),
        Refusal.RESERVED: (
            translate("Counter", "予約者あり"),
            translate("Counter", "{waiting}人待ち").format(waiting=answer.waiting)
            if answer.waiting
            else translate("Counter", "別の利用者の取置"),
        ),
        Refusal.ON_LOAN_TO_PATRON: (
            translate("Counter", "この利用者が貸出中"),
            translate("Counter", "期限 {due}").format(due=due),
        ),
        Refusal.ON_LOAN_TO_OTHER: (
            translate("Counter", "別の利用者が貸出中"),
            translate("Counter", "先に返却が必要"),
        ),
        Refusal.DUE_IN_PAST: (
            translate("Counter", "過ぎた日付"),
            translate("Counter", "今日より前の日にはできません"),
        ),
        Refusal.DUE_TOO_LATE: (
            translate("Counter", "期限が長すぎます"),
            translate("Counter", "決まりより後の返却期限"),
        ),
        Refusal.NOT_ON_LOAN: (
            translate("Counter", "貸出中ではありません"),
            translate("Counter", "延長するものがありません"),
        ),
        Refusal.RENEWED_ALREADY: (
            translate("Counter", "延長済み"),
            translate("Counter", "延長は1回まで・期限 {due}").format(due=due),
        ),
        Refusal.BORROWED_ELSEWHERE: (
            translate("Counter", "相互貸借の資料"),
            translate("Counter", "他館から借りた資料は延長不可"),
        ),
        Refusal.OVERDUE: (
            translate("Counter", "延滞中"),
            translate("Counter", "期限 {due} を過ぎています").format(due=due),
        ),
        Refusal.UNDO_EXPIRED: (
            translate("Counter", "取り消せません"),
            translate("Counter", "返却から時間がたっています"),
        ),
        Refusal.LENT_AGAIN: (
            translate("Counter", "取り消せません"),
            translate("Counter", "すでに貸出中です"),
        ),
        Refusal.NOT_ALLOWED: (
            translate("Counter", "権限がありません"),
            translate("Counter", "この操作は許可されていません"),
        ),
        Refusal.CANCELLED: (
            translate("Counter", "取りやめ済み"),
            translate("Counter", "この操作は取りやめられました"),
        ),
        Refusal.ANSWER_ERASED: (
            translate("Counter", "処理済み"),
            translate("Counter", "記録はすでに消去されています"),
        ),
        Refusal.UNKNOWN_TITLE: (
            translate("Counter", "登録のない書誌"),
            translate("Counter", "もう一度検索してください"),
        ),
        Refusal.RESERVED_ALREADY: (
            translate("Counter", "予約済み"),
            translate("Counter", "この利用者はもう予約しています"),
        ),
        Refusal.NO_COPY_TO_LEND: (
            translate("Counter", "予約できない書誌"),
            translate("Counter", "貸し出せる資料がありません"),
        ),
        Refusal.RESERVATION_LIMIT: (
            translate("Counter", "予約上限"),
            translate("Counter", "上限{limit}件に達しています").format(limit=answer.limit),
        ),
        Refusal.KIND_LIMIT: (
            translate("Counter", "予約上限"),
            translate("Counter", "この種類は上限{limit}件に達しています").format(limit=answer.limit),
        ),
        Refusal.TOO_MANY_VIEWS: (
            translate("Counter", "1時間の表示上限"),
            translate("Counter", "同僚に代わるか、責任者に連絡"),
        ),
        Refusal.CHANGED: (
            translate("Counter", "ほかの端末で処理中"),
            translate("Counter", "もう一度読み取ってください"),
        ),
    }[refusal]
    return Words(*words)


def not_an_item(code: ParsedCode) -> Words:
    """Why what was scanned is no item of ours, each reason in its own sentence."""
    match code:
        case Isbn():
            return Words(
                translate("Counter", "ISBNです"),
                translate("Counter", "図書館の資料番号のバーコードを読み取ってください"),
            )
        case Magazine():
            return Words(
                translate("Counter", "雑誌の市販バーコードです"),
                translate("Counter", "図書館の資料番号のバーコードを読み取ってください"),
            )
        case Issn():
            return Words(
                translate("Counter", "ISSN（雑誌の番号）です"),
                translate("Counter", "図書館の資料番号のバーコードを読み取ってください"),
            )
        case StaffCode():
            return Words(
                translate("Counter", "職員カードです"),
                translate("Counter", "ここでは使えません"),
            )
        case PatronCode():
            return Words(
                translate("Counter", "利用者カードです"),
                translate("Counter", "資料のバーコードを読み取ってください（貸出は F1）"),
            )
        case CommandCode():
            return Words(
                translate("Counter", "使えない操作コードです"),
                translate("Counter", "この画面にはない操作です"),
            )
        case ItemCode():
            return Words(
                translate("Counter", "利用者カードが先です"),
                translate("Counter", "利用者カードを読み取ってから、もう一度読み取ってください"),
            )
    return _unknown(code)


def _unknown(code: Unknown) -> Words:
    reason = code.reason
    words = {
        UnknownReason.EMPTY: (
            translate("Counter", "読み取れませんでした"),
            translate("Counter", "もう一度読み取ってください"),
        ),
        UnknownReason.TOO_LONG: (
            translate("Counter", "長すぎる文字列です"),
            translate("Counter", "資料番号ではありません"),
        ),
        UnknownReason.CONTROL_CHARACTERS: (
            translate("Counter", "制御文字を含んでいます"),
            translate("Counter", "図書館のバーコードではありません"),
        ),
        UnknownReason.DIRECTION_MARKS: (
            translate("Counter", "見えない文字を含んでいます"),
            translate("Counter", "図書館のバーコードではありません"),
        ),
        UnknownReason.WRONG_CHECK_DIGIT: (
            translate("Counter", "検査数字が違います"),
            translate("Counter", "読み誤りです。もう一度読み取ってください"),
        ),
        UnknownReason.WRONG_LENGTH: (
            translate("Counter", "桁数が違います"),
            translate("Counter", "途中で切れています。もう一度読み取ってください"),
        ),
        UnknownReason.LETTERS: (
            translate("Counter", "前後の文字が違います"),
            translate("Counter", "この図書館の番号のスタート・ストップ文字ではありません"),
        ),
        UnknownReason.PRICE_ROW: (
            translate("Counter", "価格のバーコードです"),
            translate("Counter", "図書館の資料番号のバーコードを読み取ってください"),
        ),
        UnknownReason.NOT_A_CODE: (
            translate("Counter", "番号ではありません"),
            translate("Counter", "図書館のバーコードを読み取ってください"),
        ),
    }[reason]
    if reason is UnknownReason.WRONG_CHECK_DIGIT and code.looked_like is Meaning.PATRON:
        return Words(words[0], translate("Counter", "利用者番号の読み誤りです。もう一度読み取ってください"))
    return Words(*words)


def shown_text(code: ParsedCode) -> str:
    """What was scanned, safe to show as plain text; whose card it is stands nowhere but at their visit."""
    match code:
        case PatronCode():
            return "—"
        case ItemCode(number) | StaffCode(number):
            return number
        case Isbn(isbn13):
            return isbn13
        case Magazine():
            return translate("Counter", "雑誌 {code}").format(code=code.written)
        case Issn(issn):
            return f"ISSN {issn}"
        case CommandCode(name):
            return name
    return code.shown or "—"
