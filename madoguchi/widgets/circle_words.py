"""Why nothing was done about a reservation, in words. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from madoguchi.app.reservations.answers import CircleRefusal
from madoguchi.widgets.wording import Words

translate = QCoreApplication.translate


def circle_refused(refusal: CircleRefusal) -> Words:
    """The refusal in a word, and what is right."""
    words = {
        CircleRefusal.UNKNOWN_CARD: (
            translate("Counter", "登録のない利用者"),
            translate("Counter", "利用者カードを読み直してください"),
        ),
        CircleRefusal.CARD_LOST: (
            translate("Counter", "紛失届のあるカード"),
            translate("Counter", "新しいカードを読み取ってください"),
        ),
        CircleRefusal.UNKNOWN_TITLE: (
            translate("Counter", "登録のない書誌"),
            translate("Counter", "もう一度検索してください"),
        ),
        CircleRefusal.UNKNOWN_RESERVATION: (
            translate("Counter", "もうない予約"),
            translate("Counter", "取り消されたか、貸出で終わりました"),
        ),
        CircleRefusal.UNKNOWN_ITEM: (
            translate("Counter", "登録のない資料"),
            translate("Counter", "資料番号を確かめてください"),
        ),
        CircleRefusal.ON_LOAN: (
            translate("Counter", "貸出中の資料"),
            translate("Counter", "先に返却が必要"),
        ),
        CircleRefusal.NOT_HERE: (
            translate("Counter", "ここにない資料"),
            translate("Counter", "この館の棚にも配送にもありません"),
        ),
        CircleRefusal.NOT_WAITING: (
            translate("Counter", "資料が決まった予約"),
            translate("Counter", "順番待ちの予約だけが変えられます"),
        ),
        CircleRefusal.NOT_EXPIRED: (
            translate("Counter", "まだ取置中"),
            translate("Counter", "取置の期限がまだ来ていません"),
        ),
        CircleRefusal.REASON_NEEDED: (
            translate("Counter", "理由が必要です"),
            translate("Counter", "理由を選んでください"),
        ),
        CircleRefusal.TOO_MANY_VIEWS: (
            translate("Counter", "1時間の表示上限"),
            translate("Counter", "同僚に代わるか、責任者に連絡"),
        ),
        CircleRefusal.CHANGED: (
            translate("Counter", "ほかの端末で処理中"),
            translate("Counter", "もう一度行ってください"),
        ),
        CircleRefusal.NOT_ALLOWED: (
            translate("Counter", "権限がありません"),
            translate("Counter", "この操作は許可されていません"),
        ),
        CircleRefusal.CANCELLED: (
            translate("Counter", "取りやめ済み"),
            translate("Counter", "この操作は取りやめられました"),
        ),
        CircleRefusal.ANSWER_ERASED: (
            translate("Counter", "処理済み"),
            translate("Counter", "記録はすでに消去されています"),
        ),
    }[refusal]
    return Words(*words)
