"""What the window itself says, apart from its pages. Pure: values in, values out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from madoguchi.widgets import wording
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

translate = QCoreApplication.translate


def top_bar(place: Place, staff: str, *, line_up: bool) -> TopBarView:
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
        usb=IndicatorView(translate("Counter", "USB"), translate("Counter", "管理なし"), ok=True),
        date=wording.day(now.date()),
        time=f"{now:%H:%M}",
    )


def outage_banner() -> BannerView:
    """The line is down."""
    return BannerView(
        BannerTone.SYSTEM,
        Sign.OUTAGE,
        translate("Counter", "回線断：貸出・返却はまだ記録されていません"),
        translate("Counter", "自動でやり直しています。行に「未貸出」とある資料は渡さないでください"),
    )


def veil_banner() -> BannerView:
    """The privacy key was pressed."""
    return BannerView(
        BannerTone.CLERK,
        Sign.INFORMATION,
        translate("Counter", "画面を隠しています"),
        translate("Counter", "読み取りは続けられます"),
        "Esc",
        translate("Counter", "表示に戻す"),
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
