"""What is said about patrons: names of values, why something is not done, strips. Pure wording."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QCoreApplication, QLocale

from madoguchi.app.patrons.answers import PatronRefusal
from madoguchi.app.patrons.birth_dates import BirthDateProblem, in_eras
from madoguchi.app.patrons.person import NoticeBy, Proof
from madoguchi.widgets.look.views import StripView, Tone
from madoguchi.widgets.wording import Words

translate = QCoreApplication.translate


def day(date: dt.date) -> str:
    """A day far from today: 2031/04/01."""
    return date.strftime("%Y/%m/%d")


def born(date: dt.date) -> str:
    """A date of birth: 昭和55年4月1日 (1980), in English without the era."""
    if translate("Patrons", "元号") == "元号":
        return in_eras(date)
    month = QLocale(QLocale.Language.English).monthName(date.month)
    return f"{date.day} {month} {date.year}"


def birth_problem(problem: BirthDateProblem) -> str:
    """What is right for a day of birth."""
    return {
        BirthDateProblem.EMPTY: translate("Patrons", "生年月日を入力してください"),
        BirthDateProblem.NOT_A_DATE: translate("Patrons", "S55.4.1 や 1980/4/1 のように入力してください"),
        BirthDateProblem.ERA_MISSING: translate("Patrons", "元号をつけるか、西暦4桁で入力してください"),
        BirthDateProblem.NO_SUCH_DAY: translate("Patrons", "暦にある日を入力してください"),
        BirthDateProblem.NOT_IN_ERA: translate("Patrons", "その元号にある日を入力してください"),
        BirthDateProblem.IN_FUTURE: translate("Patrons", "今日までの日を入力してください"),
        BirthDateProblem.TOO_OLD: translate("Patrons", "130年前より後の日を入力してください"),
    }[problem]


def notice_by(how: NoticeBy) -> str:
    """How somebody wants to hear that a reservation is ready."""
    return {
        NoticeBy.TELEPHONE: translate("Patrons", "電話"),
        NoticeBy.MAIL: translate("Patrons", "メール"),
        NoticeBy.POST_CARD: translate("Patrons", "はがき"),
        NoticeBy.NOT_AT_ALL: translate("Patrons", "連絡しない"),
    }[how]


def proof(kind: Proof) -> str:
    """By what an address was proved."""
    return {
        Proof.NOT_NEEDED: translate("Patrons", "不要（中学生以下）"),
        Proof.LICENCE: translate("Patrons", "運転免許証"),
        Proof.MY_NUMBER_CARD: translate("Patrons", "マイナンバーカード"),
        Proof.HEALTH_INSURANCE: translate("Patrons", "健康保険の資格確認書"),
        Proof.RESIDENCE_CARD: translate("Patrons", "在留カード"),
        Proof.STUDENT_CARD: translate("Patrons", "学生証"),
        Proof.EMPLOYEE_CARD: translate("Patrons", "社員証"),
        Proof.MAIL: translate("Patrons", "届いた郵便物"),
        Proof.OTHER: translate("Patrons", "その他"),
    }[kind]


def refused(refusal: PatronRefusal) -> Words:
    """Why something about a patron is not done or not shown."""
    words = {
        PatronRefusal.UNKNOWN_CARD: (
            translate("Patrons", "登録のない利用者番号"),
            translate("Patrons", "カードを確かめて、もう一度読み取ってください"),
        ),
        PatronRefusal.UNKNOWN_PATRON: (
            translate("Patrons", "登録がなくなっています"),
            translate("Patrons", "もう一度検索してください"),
        ),
        PatronRefusal.CARD_LOST: (
            translate("Patrons", "紛失届のあるカード"),
            translate("Patrons", "このカードは使えません。名前で検索し、本人か確かめてください"),
        ),
        PatronRefusal.CARD_TAKEN: (
            translate("Patrons", "使われている利用者番号"),
            translate("Patrons", "一度使った番号は使えません。別のカードを読み取ってください"),
        ),
        PatronRefusal.NUMBERS_USED_UP: (
            translate("Patrons", "印刷するカードの番号がなくなりました"),
            translate("Patrons", "印刷済みのカードを読み取り、システム担当に連絡してください"),
        ),
        PatronRefusal.SEARCH_TOO_WIDE: (
            translate("Patrons", "文字が足りません"),
            translate("Patrons", "2文字以上か、電話の下4桁か、生年月日を入れてください"),
        ),
        PatronRefusal.TOO_MANY_VIEWS: (
            translate("Patrons", "利用者情報の表示回数が上限を超えました"),
            translate("Patrons", "同僚に代わるか、セキュリティ責任者に連絡してください"),
        ),
        PatronRefusal.OPEN_LOANS: (
            translate("Patrons", "貸出中の資料があります"),
            translate("Patrons", "すべて返却されてから退会できます"),
        ),
        PatronRefusal.CHANGED: (
            translate("Patrons", "ほかの端末で変更されました"),
            translate("Patrons", "いまの内容を開きなおしました。確かめて、もう一度変更してください"),
        ),
        PatronRefusal.WRONG_CATEGORY: (
            translate("Patrons", "選べない区分です"),
            translate("Patrons", "区分を選びなおしてください"),
        ),
        PatronRefusal.PROOF_NEEDED: (
            translate("Patrons", "年齢から、確認書類が必要です"),
            translate("Patrons", "住所の分かる書類を確かめて、その種類を選んでください"),
        ),
        PatronRefusal.NOT_ALLOWED: (
            translate("Patrons", "権限がありません"),
            translate("Patrons", "この操作は許可されていません"),
        ),
        PatronRefusal.CANCELLED: (
            translate("Patrons", "取りやめ済み"),
            translate("Patrons", "この操作は取りやめられました。もう一度行ってください"),
        ),
        PatronRefusal.UNKNOWN_APPLICATION: (
            translate("Patrons", "申請がなくなっています"),
            translate("Patrons", "登録済みか、却下されたか、期限が過ぎました"),
        ),
        PatronRefusal.MADE_ALREADY: (
            translate("Patrons", "仮パスワードが届いていません"),
            translate("Patrons", "もう一度発行してください。前のものは使えなくなります"),
        ),
    }[refusal]
    return Words(*words)


def refused_strip(refusal: PatronRefusal) -> StripView:
    """It is not shown; whom it was about stands nowhere."""
    words = refused(refusal)
    return StripView(Tone.REFUSED, words.state, words.detail)


def idle_strip() -> StripView:
    """The strip while nothing has happened."""
    return StripView(
        Tone.IDLE, translate("Patrons", "利用者カードを読み取るか、名前を入れて Enter を押してください")
    )


def looking_strip() -> StripView:
    """A card was read; whose it is is being asked."""
    return StripView(Tone.PENDING, translate("Patrons", "照会中"))


def opened_strip(name: str) -> StripView:
    """A record is open."""
    return StripView(Tone.DONE, translate("Patrons", "利用者を確認"), name)


def opened_idle_strip(name: str) -> StripView:
    """A record is open, and nothing has happened."""
    return StripView(Tone.IDLE, translate("Patrons", "手続きを選ぶか、次のカードを読み取ってください"), name)


def item_strip(number: str) -> StripView:
    """An item was read, and nobody is at the counter who could borrow it."""
    return StripView(
        Tone.NOTICE,
        translate("Patrons", "資料のバーコードです"),
        number,
        side_first=translate("Patrons", "貸出は F1、返却は F2"),
    )


def not_here_strip(text: str) -> StripView:
    """A scan that is nobody's."""
    return StripView(Tone.NOTICE, translate("Patrons", "利用者番号ではありません"), text)


def check_digit_strip() -> StripView:
    """A card that was misread, or typed wrongly."""
    return StripView(
        Tone.NOTICE,
        translate("Patrons", "検査数字が合いません"),
        translate("Patrons", "読み取りなおしてください"),
    )


def half_filled_strip() -> StripView:
    """A form is half filled in: one after the other."""
    return StripView(
        Tone.NOTICE,
        translate("Patrons", "書きかけがあります"),
        side_first=translate("Patrons", "F10 で決定、Esc でやめる"),
    )


def form_strip() -> StripView:
    """A form is open, and nothing has happened."""
    return StripView(Tone.IDLE, translate("Patrons", "F10 で決定、Esc でやめる"))


def dropped_strip() -> StripView:
    """A form that was half filled in went with the visit."""
    return StripView(
        Tone.NOTICE,
        translate("Patrons", "書きかけを閉じました"),
        side_first=translate("Patrons", "来館が始まったか終わったためです。記録はしていません"),
    )


def half_registered_strip() -> StripView:
    """A registration is half typed: one after the other."""
    return StripView(
        Tone.NOTICE,
        translate("Patrons", "書きかけの登録があります"),
        side_first=translate("Patrons", "F9 で登録に戻る"),
    )


def outage_strip() -> StripView:
    """What is asked for comes once the line is back."""
    return StripView(
        Tone.OUTAGE,
        translate("Patrons", "回線断"),
        side_first=translate("Patrons", "回線が戻ると照会します"),
    )


def no_card_strip(name: str) -> StripView:
    """Nothing can be lent to whoever has no card."""
    return StripView(
        Tone.REFUSED,
        translate("Patrons", "使えるカードがありません"),
        name,
        side_first=translate("Patrons", "カード再発行を先に行ってください"),
    )
