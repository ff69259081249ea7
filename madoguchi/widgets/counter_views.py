"""What the window itself says, apart from its pages. Pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from madoguchi.app.staff.session import ServerState
from madoguchi.barcode.safe_text import show
from madoguchi.barcode.sources.source import SourceState
from madoguchi.widgets import wording
from madoguchi.widgets.banner import with_more
from madoguchi.widgets.look.panel_views import NumberPadView
from madoguchi.widgets.look.views import (
    BannerTone,
    BannerView,
    IndicatorView,
    Sign,
    StripView,
    Tone,
    TopBarView,
)
from madoguchi.widgets.place import Place
from madoguchi.widgets.usb_standing import Standing, indicator

translate = QCoreApplication.translate

SLIPS_KEY = "Shift+F9"


def top_bar(place: Place, staff: str, *, line_up: bool, usb: IndicatorView | None = None) -> TopBarView:
    """Where we are, who works here, how the line stands, and the time."""
    now = place.clock.local()
    return TopBarView(
        branch=place.branch,
        terminal=place.terminal,
        staff=staff,
        line=IndicatorView(
            translate("Counter", "回線"),
            translate("Counter", "正常") if line_up else translate("Counter", "回線断"),
            ok=line_up,
        ),
        usb=usb or indicator(Standing()),
        date=wording.day(now.date()),
        time=f"{now:%H:%M}",
    )


def server_words(state: ServerState, now: dt.datetime) -> tuple[str, str]:
    """What is wrong with the server while lending goes on, and what to do about it; empty if nothing is."""
    alone, unwatched = state.alone_since, not state.watched
    tell = translate("Counter", "システム担当に連絡してください")
    if alone is None:
        return (translate("Counter", "サーバーの監視が止まっています"), tell) if unwatched else ("", "")
    since = translate("Counter", "{since} から・貸出は続けられます").format(since=wording.moment(alone, now))
    if not unwatched:
        return translate("Counter", "予備サーバーが止まっています"), since
    both = translate("Counter", "予備サーバーと監視が止まっています")
    return both, translate("Counter", "・").join((since, tell))


def banner(
    mode: BannerView | None,
    *,
    veiled: bool,
    line_up: bool,
    line_down_words: str,
    server: tuple[str, str] = ("", ""),
) -> BannerView | None:
    """The one banner there is room for: whatever holds is named in it, what matters most comes first.

    ``mode`` is the page's own (the book drop, a chosen date), ``line_down_words`` what holds on the page
    while the line is down. ``server`` (``server_words``) gives way to the line, which says more, and stands
    behind a mode, which the clerk has to see.
    """
    comma = translate("Counter", "・")
    if line_up and not veiled:
        if not server[0]:
            return mode
        if mode is None:
            return BannerView(BannerTone.SYSTEM, Sign.NOTICE, *server)
        return replace(mode, detail=comma.join(filter(None, (mode.detail, server[0]))))
    hidden = translate("Counter", "画面を隠しています")
    key = mode.key if mode else "", mode.key_word if mode else ""
    if veiled:
        key = "Esc", translate("Counter", "表示に戻す")
    if not line_up:
        word = translate("Counter", "回線断：貸出・返却はまだ記録されていません")
        if mode is not None:
            # where room is short only the word is painted, and the mode goes on
            word = comma.join((translate("Counter", "回線断"), mode.word))
        detail = comma.join((hidden, line_down_words)) if veiled else line_down_words
        return BannerView(BannerTone.SYSTEM, Sign.OUTAGE, word, detail, *key)
    word = comma.join((mode.word, hidden)) if mode is not None else hidden
    sign = mode.sign if mode is not None else Sign.INFORMATION
    go_on = translate("Counter", "読み取りは続けられます")
    return BannerView(BannerTone.CLERK, sign, word, comma.join(filter(None, (go_on, server[0]))), *key)


def with_slips(banner: BannerView | None, slips: tuple[str, str]) -> BannerView | None:
    """The banner with what was not printed (``slip_words.failed_words``)."""
    return with_more(banner, Sign.PRINTER, slips, (SLIPS_KEY, translate("Counter", "伝票")))


def scanner_words(trouble: Sequence[tuple[str, SourceState]]) -> tuple[str, str]:
    """What the banner says of scanners that are not there or cannot be used; empty if there are none."""
    if not trouble:
        return "", ""
    gone = all(state is SourceState.MISSING for _, state in trouble)
    names = translate("Counter", "、").join(show(name) for name, _ in trouble)
    if gone:
        word = translate("Counter", "スキャナがつながっていません：{names}").format(names=names)
        todo = translate("Counter", "差し直してください。番号は打っても入力できます")
    else:
        word = translate("Counter", "スキャナが使えません：{names}").format(names=names)
        todo = translate("Counter", "システム担当に連絡してください")
    if len(trouble) == 1:
        return word, todo
    # the word is painted whole, whatever the room: names of a whole row of them are not
    many = (
        translate("Counter", "スキャナ {n}台がつながっていません")
        if gone
        else translate("Counter", "スキャナ {n}台が使えません")
    )
    return many.format(n=len(trouble)), translate("Counter", "・").join((names, todo))


def with_scanners(banner: BannerView | None, scanners: tuple[str, str]) -> BannerView | None:
    """The banner with scanners that are not there (``scanner_words``)."""
    return with_more(banner, Sign.NOTICE, scanners)


def office_line_down() -> str:
    """What holds in the office while the line is down."""
    return translate("Counter", "自動でやり直しています。変更は、回線が戻ってから確かめてください")


def countdown_banner(seconds: int) -> BannerView:
    """Nobody seems to be there: so many seconds until nothing can be seen any more."""
    return BannerView(
        BannerTone.SYSTEM,
        Sign.NOTICE,
        translate("Counter", "あと {n}秒で離席にします").format(n=seconds),
        translate("Counter", "どのキーでも、マウスでも続けられます"),
    )


def left_over_strip(returns: int, renewals: int, ways: int, untaken: int) -> StripView:
    """What the session before had on its way when its clerk left, and the scans since that nobody took."""
    said = []
    if returns:
        said.append(translate("Counter", "返却 {n}点（F2）").format(n=returns))
    if renewals:
        said.append(translate("Counter", "延長 {n}点（F3）").format(n=renewals))
    if ways:
        said.append(translate("Counter", "取置・配送 {n}点（F7）").format(n=ways))
    word = translate("Counter", "離席の前の続き")
    if untaken:
        word = word if said else translate("Counter", "離席中の読み取り")
        said.append(translate("Counter", "保留した読み取り {n}件は処理していません").format(n=untaken))
    return StripView(
        Tone.NOTICE,
        word,
        translate("Counter", "・").join(said),
        side_first=translate("Counter", "開いて確かめてください") if returns or renewals or ways else "",
    )


def returns_only_strip() -> StripView:
    """A patron's card was read by a scanner that is there for returns; whose it is stands nowhere."""
    return StripView(
        Tone.REFUSED,
        translate("Counter", "返却専用のスキャナです"),
        translate("Counter", "利用者カードは、ほかのスキャナで読み取ってください"),
        translate("Counter", "処理していません"),
        side_first=translate("Counter", "ここで読み取れるのは返す資料です"),
        side_second=translate("Counter", "次の読み取りができます"),
    )


def fault_strip() -> StripView:
    """The program itself is wrong."""
    return StripView(
        Tone.REFUSED,
        translate("Counter", "プログラムの不具合"),
        translate("Counter", "処理できたか分かりません。資料の状態を確かめてください"),
        side_first=translate("Counter", "システム担当に連絡"),
    )


def unrecorded_strip(waiting: int) -> StripView:
    """The window is about to be closed while the line is down."""
    return StripView(
        Tone.REFUSED,
        translate("Counter", "まだ記録されていません"),
        translate("Counter", "{n}件が回線の復旧を待っています").format(n=waiting),
        side_first=translate("Counter", "閉じると失われます"),
        side_second=translate("Counter", "それでも閉じるには、もう一度"),
    )


def no_command_strip(words: str) -> StripView:
    """A command code that does nothing here."""
    return StripView(Tone.NOTICE, words, side_first=translate("Counter", "何も変わっていません"))


def number_pad(typed: str) -> NumberPadView:
    """The pad for numbers and days; the keyboard writes into the same line."""
    return NumberPadView(
        translate("Counter", "番号または月日を入力"),
        typed,
        translate("Counter", "キーボードでも入力できます"),
    )
