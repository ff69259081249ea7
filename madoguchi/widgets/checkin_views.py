"""What return shows: answers made into the views of the look. Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.app.lending.answers import CheckedIn, Notice, Refused, ReturnUndone, Route
from madoguchi.app.reservations.answers import Cleared
from madoguchi.widgets import wording
from madoguchi.widgets.look.views import (
    BannerTone,
    BannerView,
    FlagView,
    Sign,
    SortRow,
    SortView,
    StripView,
    Tone,
)

translate = QCoreApplication.translate

SAME_ITEM: Final = dt.timedelta(minutes=5)
"""An item read again within this time is the same pile of books, read twice."""

ROUTE_SIGNS = {
    Route.SHELF: Sign.TO_OPEN_SHELF,
    Route.TRANSIT: Sign.TO_TRANSIT,
    Route.RESERVATION_SHELF: Sign.TO_RESERVATION_SHELF,
}


def drop_banner(day: dt.date) -> BannerView:
    """The book drop's items are taken back, for an earlier day."""
    return BannerView(
        BannerTone.CLERK,
        Sign.BOOK_DROP,
        translate("Counter", "返却ポスト処理中  返却日 {day}").format(day=wording.day(day)),
        translate("Counter", "すべての返却をこの日付で記録します"),
        "F11",
        translate("Counter", "今日に戻す"),
    )


def no_drop_day_strip(digits: str) -> StripView:
    """What was typed is no day of the book drop."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "返却日にできません"),
        digits,
        side_first=translate("Counter", "今日までの7日間から選べます"),
    )


def returned_sign(answer: CheckedIn) -> Sign:
    """The sign of a row: where it goes, if not to its shelf, else what is unusual about it."""
    if answer.route is not Route.SHELF:
        return ROUTE_SIGNS[answer.route]
    if Notice.OVERDUE in answer.notices:
        return Sign.OVERDUE
    return Sign.NOTICE if answer.notices else Sign.DONE


def returned_words(answer: CheckedIn) -> wording.Words:
    """The state and detail of a return: the most unusual in a word, all there is beside it.

    What must be looked at before the item is put away stands before what needs only be known.
    """
    states, looked_at, known = [], [], []
    if Notice.WRONG_BRANCH in answer.notices:
        states.append(translate("Counter", "{branch}あての資料").format(branch=answer.expected_at))
        looked_at.append(translate("Counter", "この館から配送に出し直してください"))
    if Notice.NOT_ON_LOAN in answer.notices:
        states.append(translate("Counter", "貸出中ではありません"))
        known.append(translate("Counter", "行き先のとおりに置いてください"))
    if Notice.OVERDUE in answer.notices and answer.due_on is not None:
        states.append(translate("Counter", "延滞 {n}日").format(n=answer.overdue_days))
        known.append(translate("Counter", "期限 {day}").format(day=wording.day(answer.due_on)))
    if Notice.ATTACHMENTS in answer.notices:
        states.append(translate("Counter", "付録あり"))
        looked_at.append(answer.item.attachments)
    if Notice.ITEM_NOTE in answer.notices:
        states.append(translate("Counter", "資料メモ"))
        looked_at.append(answer.item.note)
    if not states:
        states.append(_route_word(answer.route))
    return wording.Words(states[0], translate("Counter", "・").join((*looked_at, *known)))


def _route_word(route: Route) -> str:
    return {
        Route.SHELF: translate("Counter", "返却"),
        Route.RESERVATION_SHELF: translate("Counter", "予約あり"),
        Route.TRANSIT: translate("Counter", "他館へ配送"),
    }[route]


def returned_strip(answer: CheckedIn) -> StripView:
    """What became of a scan that was returned."""
    state, destination = returned_words(answer).state, destination_of(answer)
    plain = answer.route is Route.SHELF
    first, second, strong = translate("Counter", "返却日"), wording.day(answer.returned_on), 2
    looked_at = [
        text
        for notice, text in (
            (Notice.ATTACHMENTS, answer.item.attachments),
            (Notice.ITEM_NOTE, answer.item.note),
        )
        if notice in answer.notices
    ]
    if looked_at:
        # to be read before the item is put away; the day of a book drop stands on its banner, too
        first, strong = looked_at[0], 1
        second = looked_at[1] if len(looked_at) > 1 else f"{translate('Counter', '返却日')} {second}"
    return StripView(
        (Tone.NOTICE if answer.notices else Tone.DONE) if plain else Tone.ROUTE,
        state if plain else destination,
        answer.item.title,
        destination if plain else state,
        side_first=first,
        side_second=second,
        strong_side=strong,
        sign=None if plain else ROUTE_SIGNS[answer.route],
    )


def goes_as_before(before: CheckedIn | Cleared, answer: CheckedIn) -> bool:
    """Whether a copy that was not on loan goes where the last scan of it said: read twice, nothing is new.

    What somebody reserved in between, and what came back from the van, goes somewhere and is told anew.
    """
    astray = Notice.WRONG_BRANCH in answer.notices
    if isinstance(before, CheckedIn) and Notice.WRONG_BRANCH in before.notices:
        astray = False
    same = (before.route, before.to_branch) == (answer.route, answer.to_branch)
    return Notice.NOT_ON_LOAN in answer.notices and same and not astray


def same_item_words(number: int, *, returned: bool) -> wording.Words:
    """The item was read a moment ago; ``number`` is its row's, ``returned``: it was on loan until then."""
    if not number:
        detail = translate("Counter", "先ほど返却済み") if returned else ""
    elif returned:
        detail = translate("Counter", "{n}行目で返却済み").format(n=number)
    else:
        detail = translate("Counter", "{n}行目で読み取り済み").format(n=number)
    return wording.Words(translate("Counter", "同じ資料"), detail)


def same_item_strip(answer: CheckedIn, words: wording.Words) -> StripView:
    """The same, at the bottom; where the item goes is so as before."""
    return StripView(
        Tone.NOTICE, words.state, answer.item.title, destination_of(answer), side_first=words.detail
    )


def destination_of(answer: CheckedIn) -> str:
    """Where the item is put."""
    return _pile_words(answer.route, answer.to_branch)


def kept_words(answer: CheckedIn) -> str:
    """Until when it stays on the reservation shelf, if it goes there."""
    if answer.keep_until is None:
        return ""
    return translate("Counter", "{day} まで取置").format(day=wording.day(answer.keep_until))


def sort_view(piles: Mapping[tuple[Route, str], int], overdue: int) -> SortView:
    """The piles, and how many items were late."""
    rows = tuple(
        SortRow(ROUTE_SIGNS[route], _pile_words(route, branch), count)
        for (route, branch), count in sorted(piles.items())
        if count
    )
    flags = (FlagView(Sign.OVERDUE, translate("Counter", "延滞 {n}点").format(n=overdue)),) if overdue else ()
    return SortView(rows, flags, note=translate("Counter", "利用者の名前はここに出しません。"))


def _pile_words(route: Route, branch: str) -> str:
    return {
        Route.SHELF: translate("Counter", "書架へ"),
        Route.RESERVATION_SHELF: translate("Counter", "取置棚へ"),
        Route.TRANSIT: translate("Counter", "{branch}へ").format(branch=branch),
    }[route]


# -- undo ------------------------------------------------------------------------------------------


def undo_asked_strip(title: str) -> StripView:
    """F9 was pressed."""
    return StripView(
        Tone.PENDING,
        translate("Counter", "照会中"),
        title,
        side_first=translate("Counter", "返却取消"),
    )


def undo_not_now_strip() -> StripView:
    """F9 was pressed while returns are on their way: which is the last one is not known yet."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "照会中の返却があります"),
        side_first=translate("Counter", "取り消していません"),
        side_second=translate("Counter", "答えが出てから F9"),
    )


def not_undone_words() -> wording.Words:
    """The line is down: nobody knows whether the return was undone."""
    return wording.Words(translate("Counter", "未取消"), translate("Counter", "まだ取り消せていません"))


def undo_refused_strip(title: str, refused: Refused) -> StripView:
    """The return stands."""
    words = wording.refused(refused)
    return StripView(
        Tone.REFUSED,
        words.state,
        title,
        translate("Counter", "取り消していません"),
        side_first=words.detail,
    )


def undone_strip(title: str, answer: ReturnUndone) -> StripView:
    """The item is on loan again."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "返却取消"),
        title,
        wording.day(answer.due_on),
        translate("Counter", "まで貸出中"),
    )
