"""What is said on the page of reservations under way: rows of scans, strips, why not. Pure wording."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import CheckedIn, Notice, Route
from madoguchi.app.patrons.person import NoticeBy
from madoguchi.app.reservations.answers import CircleRefusal, Cleared, Done
from madoguchi.app.reservations.rounds import OnShelf
from madoguchi.app.reservations.telling import Outcome
from madoguchi.widgets import checkin_views, wording
from madoguchi.widgets.look.views import AnswerView, QuestionView, RailItem, Sign, StripView, Tone
from madoguchi.widgets.way_views import WayList
from madoguchi.widgets.wording import Words

translate = QCoreApplication.translate


def idle_strip(which: WayList) -> StripView:
    """The strip while nothing has been read."""
    words = {
        WayList.PULL: translate("Way", "棚から持ってきた資料を読み取ってください"),
        WayList.MOVES: translate("Way", "届いた資料を読み取ってください"),
        WayList.SHELF: translate("Way", "片付ける資料を読み取ってください"),
        WayList.TELL: translate("Way", "連絡する人を選んでください"),
    }[which]
    return StripView(Tone.IDLE, words)


def next_words(which: WayList) -> str:
    """What is awaited next, where the next scan will stand."""
    if which is WayList.SHELF:
        return translate("Way", "取置棚から取った資料を読み取ってください")
    return translate("Way", "次の資料を読み取ってください")


def refused(refusal: CircleRefusal) -> Words:
    """Why nothing was done, or nothing is shown."""
    words = {
        CircleRefusal.UNKNOWN_CARD: (
            translate("Way", "登録のない利用者"),
            translate("Way", "利用者カードを読み直してください"),
        ),
        CircleRefusal.CARD_LOST: (
            translate("Way", "紛失届のあるカード"),
            translate("Way", "新しいカードを読み取ってください"),
        ),
        CircleRefusal.UNKNOWN_TITLE: (
            translate("Way", "登録のない書誌"),
            translate("Way", "もう一度検索してください"),
        ),
        CircleRefusal.UNKNOWN_RESERVATION: (
            translate("Way", "予約がなくなっています"),
            translate("Way", "取り消されたか、貸し出されました"),
        ),
        CircleRefusal.UNKNOWN_ITEM: (
            translate("Way", "登録のない資料"),
            translate("Way", "番号を確かめてください"),
        ),
        CircleRefusal.ON_LOAN: (
            translate("Way", "貸出中の資料"),
            translate("Way", "返却（F2）で受けてください"),
        ),
        CircleRefusal.NOT_HERE: (
            translate("Way", "このリストの資料ではありません"),
            translate("Way", "返却（F2）で読み取ると、行き先が分かります"),
        ),
        CircleRefusal.NOT_WAITING: (
            translate("Way", "もう資料が決まっています"),
            translate("Way", "待っている予約だけにできることです"),
        ),
        CircleRefusal.NOT_EXPIRED: (
            translate("Way", "まだ取り置き中です"),
            translate("Way", "取置棚に戻してください"),
        ),
        CircleRefusal.REASON_NEEDED: (
            translate("Way", "理由が要ります"),
            translate("Way", "理由を入力してください"),
        ),
        CircleRefusal.TOO_MANY_VIEWS: (
            translate("Way", "利用者情報の表示回数が上限を超えました"),
            translate("Way", "同僚に代わるか、セキュリティ責任者に連絡してください"),
        ),
        CircleRefusal.CHANGED: (
            translate("Way", "ほかの端末で処理中"),
            translate("Way", "もう一度行ってください"),
        ),
        CircleRefusal.NOT_ALLOWED: (
            translate("Way", "権限がありません"),
            translate("Way", "この操作は許可されていません"),
        ),
        CircleRefusal.CANCELLED: (
            translate("Way", "取りやめ済み"),
            translate("Way", "この操作は取りやめられました"),
        ),
        CircleRefusal.ANSWER_ERASED: (
            translate("Way", "処理済み"),
            translate("Way", "記録はすでに消去されています"),
        ),
    }[refusal]
    return Words(*words)


def refused_strip(refusal: CircleRefusal, title: str = "") -> StripView:
    """The same, at the bottom."""
    words = refused(refusal)
    return StripView(
        Tone.REFUSED,
        words.state,
        title,
        translate("Way", "記録していません"),
        side_first=words.detail,
    )


# -- scans -------------------------------------------------------------------------------------------


def undone_words(*, clears: bool) -> Words:
    """What is not done while the line is down, and what not to do meanwhile."""
    if clears:
        return Words(translate("Way", "未処理"), translate("Way", "取置棚に戻しておいてください"))
    return Words(translate("Way", "未返却"), translate("Way", "棚に戻さないでください"))


def arrived_words(answer: CheckedIn) -> Words:
    """What a copy that was read is, by where it goes; of one that was on loan that it is so no more.

    A patron's book that is read here by mistake is returned, and cannot be undone here.
    """
    if Notice.NOT_ON_LOAN not in answer.notices:
        returned = checkin_views.returned_words(answer)
        details = [translate("Way", "貸出中の資料でした。返却しました"), returned.detail]
        return Words(returned.state, translate("Way", "・").join(filter(None, details)))
    said = [
        text
        for notice, text in (
            (Notice.ATTACHMENTS, answer.item.attachments),
            (Notice.ITEM_NOTE, answer.item.note),
        )
        if notice in answer.notices
    ]
    if Notice.WRONG_BRANCH in answer.notices:
        state = translate("Counter", "{branch}あての資料").format(branch=answer.expected_at)
        said.insert(0, translate("Counter", "この館から配送に出し直してください"))
    elif answer.route is Route.RESERVATION_SHELF:
        state = translate("Way", "予約あり")
    elif answer.route is Route.TRANSIT:
        state = translate("Way", "他館へ配送")
    else:
        state = translate("Way", "待っている人はいません")
    return Words(state, translate("Way", "・").join(said))


def arrived_sign(answer: CheckedIn) -> Sign:
    """The sign of that row."""
    if answer.route is Route.SHELF:
        return Sign.NOTICE
    return checkin_views.returned_sign(answer)


def arrived_strip(answer: CheckedIn, words: Words) -> StripView:
    """Where it goes, large."""
    plain = answer.route is Route.SHELF
    return StripView(
        Tone.NOTICE if plain else Tone.ROUTE,
        checkin_views.destination_of(answer),
        answer.item.title,
        words.state,
        side_first=words.detail,
        side_second=checkin_views.kept_words(answer),
        sign=None if plain else checkin_views.ROUTE_SIGNS[answer.route],
    )


def cleared_destination(answer: Cleared) -> str:
    """Where a copy goes that was taken off the shelf."""
    return {
        Route.SHELF: translate("Way", "書架へ"),
        Route.RESERVATION_SHELF: translate("Way", "取置棚へ"),
        Route.TRANSIT: translate("Way", "{branch}へ").format(branch=answer.to_branch),
    }[answer.route]


def cleared_words(answer: Cleared) -> Words:
    """What became of it."""
    if answer.route is Route.RESERVATION_SHELF:
        return Words(translate("Way", "次の人へ"), translate("Way", "新しい取置票に替えて棚に戻します"))
    return Words(translate("Way", "片付け"), translate("Way", "取置票を外してください"))


def cleared_kept(answer: Cleared) -> str:
    """Until when it stays for the next one, if it stays."""
    if answer.keep_until is None:
        return ""
    return translate("Way", "{day} まで取置").format(day=wording.day(answer.keep_until))


def cleared_sign(answer: Cleared) -> Sign:
    """The sign of that row."""
    return Sign.DONE if answer.route is Route.SHELF else checkin_views.ROUTE_SIGNS[answer.route]


def cleared_strip(answer: Cleared) -> StripView:
    """Where it goes, large."""
    words, plain = cleared_words(answer), answer.route is Route.SHELF
    return StripView(
        Tone.DONE if plain else Tone.ROUTE,
        cleared_destination(answer),
        answer.title,
        words.state,
        side_first=words.detail,
        side_second=cleared_kept(answer),
        sign=None if plain else checkin_views.ROUTE_SIGNS[answer.route],
    )


def still_kept(copy: OnShelf | None) -> str:
    """For whom a copy is kept, and until when; as its slip says it."""
    if copy is None or copy.keep_until is None:
        return ""
    day = wording.day(copy.keep_until)
    return translate("Way", "{label} の方・{day} まで").format(label=copy.label or "—", day=day)


def nothing_done_strip(said: Words, title: str, *, same: bool) -> StripView:
    """A scan that changed nothing, and why."""
    return StripView(
        Tone.NOTICE if same else Tone.REFUSED,
        said.state,
        title,
        said.detail,
        side_first=translate("Way", "何も変わっていません"),
    )


def cleared_already_words(answer: Cleared) -> Words:
    """It was read a moment ago."""
    return Words(translate("Way", "同じ資料"), cleared_destination(answer))


# -- acts on what is selected --------------------------------------------------------------------------


def doing_strip() -> StripView:
    """It is on its way."""
    return StripView(Tone.PENDING, translate("Way", "記録中"))


def outage_strip() -> StripView:
    """The line is down."""
    return StripView(
        Tone.OUTAGE,
        translate("Way", "未記録"),
        translate("Way", "回線が戻ると自動で記録します"),
        side_first=translate("Way", "回線断"),
    )


def fault_strip() -> StripView:
    """A bug was met."""
    return StripView(
        Tone.REFUSED,
        translate("Way", "処理できませんでした"),
        translate("Way", "リストを読み直して確かめてください"),
    )


def of_this_page() -> str:
    """Where it was asked for, said to whoever has gone to another page."""
    return translate("Way", "取置・配送（F7）")


def not_found_strip(title: str, answer: Done) -> StripView:
    """What happens next to what was not found."""
    if answer.missing:
        return StripView(
            Tone.NOTICE,
            translate("Way", "所在不明にしました"),
            title,
            translate("Way", "見つかったら読み取る"),
            side_first=translate("Way", "リストからは外れます"),
            side_second=translate("Way", "予約は別の資料で続きます"),
        )
    return StripView(
        Tone.NOTICE,
        translate("Way", "見つからない"),
        title,
        translate("Way", "別の資料か別の館で探します"),
        side_first=translate("Way", "予約の順番は変わりません"),
    )


def sent_strip(copies: int, branch: str) -> StripView:
    """The crate is on the van."""
    return StripView(
        Tone.DONE,
        translate("Way", "配送に出しました"),
        branch,
        translate("Way", "{n}点").format(n=copies),
    )


def send_question(copies: int, branch: str) -> QuestionView:
    """A crate that leaves is asked about once: each copy would have to be read to take it back."""
    return QuestionView(
        translate("Way", "この便で出しますか"),
        translate("Way", "{branch}へ {n}点を、今日出したことにします。").format(branch=branch, n=copies),
        AnswerView(translate("Way", "やめる")),
        AnswerView(translate("Way", "出す"), translate("Way", "配送中になります")),
        sign=Sign.TO_TRANSIT,
    )


def every_branch() -> str:
    """All destinations together."""
    return translate("Way", "すべての館")


def outcome(which: Outcome) -> str:
    """What came of telling somebody."""
    return {
        Outcome.REACHED: translate("Way", "つながった"),
        Outcome.NO_ANSWER: translate("Way", "出ない"),
        Outcome.MESSAGE_LEFT: translate("Way", "伝言を残した"),
        Outcome.POSTED: translate("Way", "はがきを出した"),
    }[which]


OUTCOMES = {
    NoticeBy.TELEPHONE: {9: Outcome.NO_ANSWER, 10: Outcome.REACHED, 11: Outcome.MESSAGE_LEFT},
    NoticeBy.POST_CARD: {10: Outcome.POSTED},
    NoticeBy.MAIL: {10: Outcome.REACHED},
    NoticeBy.NOT_AT_ALL: {},
}
"""What came of it, by the way somebody is told and the key that says so."""


def outcome_key(way: NoticeBy, key: int) -> RailItem:
    """A key that says what came of it; off where that cannot come of this way."""
    which = OUTCOMES[way].get(key)
    if which is None:
        return RailItem(key, "—", enabled=False)
    return RailItem(key, outcome(which), _short(which), offered=key == 10)


def _short(which: Outcome) -> str:
    return {
        Outcome.REACHED: translate("Way", "出た"),
        Outcome.NO_ANSWER: translate("Way", "出ない"),
        Outcome.MESSAGE_LEFT: translate("Way", "伝言"),
        Outcome.POSTED: translate("Way", "出した"),
    }[which]


def told_strip(which: Outcome) -> StripView:
    """It is on record; nobody is named."""
    stays = which is Outcome.NO_ANSWER
    return StripView(
        Tone.NOTICE if stays else Tone.DONE,
        translate("Way", "連絡を記録しました"),
        outcome(which),
        translate("Way", "リストに残ります") if stays else "",
    )


def printing_strip() -> StripView:
    """F9 was pressed."""
    return StripView(Tone.PENDING, translate("Way", "印刷しています"))


def printed_strip(where: str, *, file: bool) -> StripView:
    """It is on paper, or in a file where there is no printer."""
    if file:
        return StripView(
            Tone.NOTICE, translate("Way", "プリンターがないので PDF にしました"), side_first=where
        )
    return StripView(Tone.DONE, translate("Way", "印刷しました"), side_first=where)


def not_printed_strip(why: str) -> StripView:
    """Neither could be done."""
    return StripView(Tone.REFUSED, translate("Way", "印刷できません"), side_first=why)


# -- keys --------------------------------------------------------------------------------------------


def key_of(number: int, which: WayList, *, enabled: bool = True, by_label: bool = False) -> RailItem:
    """What a key does on a list."""
    words = {
        (9, WayList.PULL): (translate("Way", "リストを印刷"), translate("Way", "印刷")),
        (10, WayList.PULL): (translate("Way", "見つからない"), translate("Way", "なし")),
        (9, WayList.MOVES): (translate("Way", "行き先を選ぶ"), translate("Way", "行き先")),
        (10, WayList.MOVES): (translate("Way", "この便で出す"), translate("Way", "出す")),
        (9, WayList.SHELF): (
            (translate("Way", "期限の順に"), translate("Way", "期限順"))
            if by_label
            else (translate("Way", "札の順に"), translate("Way", "札順"))
        ),
        (10, WayList.TELL): (translate("Way", "連絡先を見る"), translate("Way", "連絡先")),
    }
    if number == 11:
        return RailItem(11, translate("Way", "読み直す"), translate("Way", "更新"), enabled)
    word = words.get((number, which))
    return RailItem(number, *word, enabled) if word is not None else RailItem(number, "—", enabled=False)


def line_down_words() -> str:
    """What holds on this page while the line is down."""
    return translate(
        "Way", "自動でやり直しています。行に「未返却」「未処理」とある資料は棚に置かないでください"
    )
